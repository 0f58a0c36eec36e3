/* SPDX-License-Identifier: MIT
 * Reads the words of the language of conditions: paths, numbers, quoted words. Each takes what stands at *at and moves it
 * on; what is wrong is told in a clause, and *at stays.
 */

#include "internal.h"

bool token_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool token_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void token_skip(const char **at)
{
	while (**at == ' ' || **at == '\t' || **at == '\n')
		++*at;
}

bool token_take(const char **at, const char *token)
{
	size_t len = strlen(token);

	token_skip(at);
	if (strncmp(*at, token, len) != 0)
		return false;
	*at += len;
	return true;
}

bool token_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	token_skip(at);
	if (strncmp(*at, word, len) != 0)
		return false;
	char after = (*at)[len];
	if (token_is_letter(after) || token_is_digit(after) || after == '.')
		return false;
	*at += len;
	return true;
}

static const char *copy(char *out, size_t size, const char *start, size_t len)
{
	if (len >= size)
		return "this is too long";
	memcpy(out, start, len);
	out[len] = '\0';
	return NULL;
}

const char *token_path(const char **at, char *out, size_t size)
{
	const char *start, *end, *after;

	out[0] = '\0';
	token_skip(at);
	start = end = *at;
	if (*start == '`') {
		end = strchr(++start, '`');
		after = end ? end + 1 : NULL;
	} else {
		while (token_is_letter(*end) ||
			((token_is_digit(*end) || *end == '.') && end > start))
			end++;
		after = end;
	}
	if (!after || end == start)
		return "a fact is wanted here, as left.worker0.pid";
	const char *wrong = copy(out, size, start, (size_t)(end - start));
	*at = wrong ? *at : after;
	return wrong;
}

static const char *take_hex(const char **at, double *ret)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit, *start = *at + 2, *end = start;
	double number = 0;

	for (; *end && (digit = strchr(digits, *end | 0x20)); end++)
		number = number * 16 + (double)(digit - digits);
	if (end == start)
		return "0x wants hexadecimal digits";
	*at = end;
	*ret = number;
	return isfinite(number) ? NULL : "the number is too large";
}

/* By hand: strtod reads what the locale says. */
const char *token_digits(const char **at, double *ret)
{
	double number = 0, place = 1;
	const char *end = *at;

	for (; token_is_digit(*end); end++)
		number = number * 10 + (*end - '0');
	if (end[0] == '.' && token_is_digit(end[1]))
		for (end++; token_is_digit(*end); end++)
			number += (*end - '0') * (place /= 10);
	*at = end;
	*ret = number;
	return isfinite(number) ? NULL : "the number is too large";
}

const char *token_number(const char **at, double *ret)
{
	const char *start = *at;
	const char *wrong =
		start[0] == '0' && start[1] == 'x' ? take_hex(at, ret) : token_digits(at, ret);

	if (!wrong && (token_is_letter(**at) || **at == '.'))
		wrong = "this is no number";
	if (wrong)
		*at = start;
	return wrong;
}

const char *token_words(const char **at, char *out, size_t size)
{
	const char *start = *at + 1, *end = strchr(start, '"');

	if (!end)
		return "the words have no closing '\"'";
	const char *wrong = copy(out, size, start, (size_t)(end - start));
	*at = wrong ? *at : end + 1;
	return wrong;
}
