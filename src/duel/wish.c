/* SPDX-License-Identifier: MIT
 * What users type of a wish: lists of parameters, CPUs and methods, and what is wrong with them.
 */

#include "internal.h"

int duel_refuse(char *why, size_t size, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(why, size, format, args);
	va_end(args);
	return -EINVAL;
}

/* "64", "4k", "1M": letters only for bytes. */
static int parse_amount(const char *text, bool bytes, int64_t *ret)
{
	char digits[24];
	size_t len = strlen(text);
	int64_t factor = 1;
	if (bytes && len && (text[len - 1] == 'k' || text[len - 1] == 'M')) {
		factor = text[len - 1] == 'k' ? 1024 : 1024 * 1024;
		len--;
	}
	if (len >= sizeof(digits))
		return -ERANGE;
	memcpy(digits, text, len);
	digits[len] = '\0';
	int64_t value;
	int error = parse_integer(digits, -1000000000, 1000000000, &value);
	if (!error)
		*ret = value * factor;
	return error;
}

int duel_parse_list(const char *text, enum duel duel, const char *option, struct duel_list *ret,
	char *why, size_t why_size)
{
	const struct duel_info *info = &duel_table[duel];
	struct duel_list list = { 0 };
	char word[32], shown[40];
	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ",");
		snprintf(word, sizeof(word), "%.*s", (int)MIN(len, sizeof(word) - 1), at);
		safe_text(shown, sizeof(shown), word, strlen(word));
		int64_t value = 0;
		int error = parse_amount(word, duel == DUEL_TALK, &value);
		if (error == -EINVAL)
			return duel_refuse(why, why_size,
				"--%s needs whole numbers of %s with commas between, not '%s'",
				option, info->parameter_unit, shown);
		if (error || value < info->min || value > info->max)
			return duel_refuse(why, why_size,
				"--%s %s is out of range: %lld to %lld %s", option, shown,
				(long long)info->min, (long long)info->max, info->parameter_unit);
		if (list.n == DUEL_LIST_MAX)
			return duel_refuse(why, why_size, "--%s takes at most %d numbers", option,
				DUEL_LIST_MAX);
		list.at[list.n++] = value;
		at += len;
		if (!*at)
			break;
	}
	*ret = list;
	return 0;
}

int duel_parse_cpus(const char *text, int *ret_cpu, char *why, size_t why_size)
{
	char first[8] = "";
	const char *comma = strchr(text, ',');
	size_t len = comma ? (size_t)(comma - text) : strlen(text);
	int64_t a = -1, b = -1;
	if (len < sizeof(first))
		memcpy(first, text, len);
	if (parse_integer(first, 0, 4095, &a) || (comma && parse_integer(comma + 1, 0, 4095, &b)))
		return duel_refuse(why, why_size, "--cpus needs one CPU or two, as 0 or 0,1");
	if (a == b)
		return duel_refuse(why, why_size, "--cpus needs two different CPUs");
	ret_cpu[0] = (int)a;
	ret_cpu[1] = (int)b;
	return 0;
}

int duel_parse_methods(const char *text, uint32_t *ret, char *why, size_t why_size)
{
	char word[32], shown[40];
	if (duel_find_methods(text, ret, word, sizeof(word)))
		return 0;
	safe_text(shown, sizeof(shown), word, strlen(word));
	return duel_refuse(
		why, why_size, "there is no method '%s'; 'taskscope list duels' has them", shown);
}
