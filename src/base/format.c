/* SPDX-License-Identifier: MIT
 * Numbers as people read them: which unit, how many digits, and that rounding neither shows more
 * than the unit has nor turns something into nothing.
 */

#include "base.h"

#define NOTHING "\xE2\x80\x93" /* an en dash: unknown */
#define MICRO "\xC2\xB5"

/* printf that never cuts a character in half. */
static __attribute__((format(printf, 3, 4))) char *put(
	char *out, size_t size, const char *format, ...)
{
	char text[64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	safe_text(out, size, text, strlen(text));
	return out;
}

/* A value >= 0 and below 2^63 / 100 with that many decimals (0 to 2) and its unit ("" is none).
 * Whole numbers alone reach printf: a real one would get the comma of some locales, and tables
 * and recordings must not. */
static char *put_number(char *out, size_t size, double value, int decimals, const char *unit)
{
	static const int64_t powers[] = { 1, 10, 100 };
	int64_t scaled = (int64_t)(value * (double)powers[decimals] + 0.5);
	long long whole = scaled / powers[decimals], part = scaled % powers[decimals];
	const char *blank = *unit ? " " : "";

	if (!decimals)
		return put(out, size, "%lld%s%s", whole, blank, unit);
	return put(out, size, "%lld.%0*lld%s%s", whole, decimals, part, blank, unit);
}

/* A ladder of units, each `step` of the one below. */
struct ladder {
	double step;
	const char *const *units;
	size_t n;
};

/* Climbs from value (in units[0]) while it would be shown as a whole step or more when rounded
 * to a whole number. */
static double climb(const struct ladder *ladder, double value, const char **ret_unit)
{
	size_t unit = 0;

	while (unit + 1 < ladder->n && value >= ladder->step - 0.5) {
		value /= ladder->step;
		unit++;
	}
	*ret_unit = ladder->units[unit];
	return value;
}

char *format_kb(char *out, size_t size, int64_t kb)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB", "ZB" };
	static const struct ladder ladder = { 1024, units, ARRAY_LEN(units) };
	const char *unit;

	if (kb < 0)
		return put(out, size, NOTHING);
	double value = climb(&ladder, (double)kb, &unit);
	return put_number(out, size, value, kb >= 1024 && value < 99.95, unit);
}

char *format_count(char *out, size_t size, int64_t count)
{
	static const char *const units[] = { "k", "M", "G", "T", "P", "E" };
	static const struct ladder ladder = { 1000, units, ARRAY_LEN(units) };
	const char *unit;

	if (count < 0)
		return put(out, size, NOTHING);
	if (count < 1000000)
		return put(out, size, "%lld", (long long)count);
	double value = climb(&ladder, (double)count / 1000, &unit);
	return put_number(out, size, value, value < 9.995 ? 2 : value < 99.95, unit);
}

/* Below ten thousand plain, then in groups of three. value < 999999.5 */
static char *put_grouped(char *out, size_t size, double value)
{
	long whole = (long)(value + 0.5);

	if (whole < 10000)
		return put(out, size, "%ld", whole);
	return put(out, size, "%ld %03ld", whole / 1000, whole % 1000);
}

char *format_exact(char *out, size_t size, int64_t count)
{
	char digits[24], text[40];
	size_t n = 0;

	if (count < 0)
		return put(out, size, NOTHING);
	snprintf(digits, sizeof(digits), "%lld", (long long)count);
	for (const char *at = digits; *at; at++) {
		if (at > digits && strlen(at) % 3 == 0 && count >= 10000)
			text[n++] = ' ';
		text[n++] = *at;
	}
	text[n] = '\0';
	return put(out, size, "%s", text);
}

char *format_rate(char *out, size_t size, double per_s)
{
	static const char *const units[] = { "M", "G", "T", "P", "E" };
	static const struct ladder ladder = { 1000, units, ARRAY_LEN(units) };
	const char *unit;

	if (!isfinite(per_s) || per_s < 0)
		return put(out, size, NOTHING);
	if (per_s == 0)
		return put(out, size, "0");
	if (per_s < 0.05)
		return put(out, size, "<0.1");
	if (per_s < 9.95)
		return put_number(out, size, per_s, 1, "");
	if (per_s < 999999.5)
		return put_grouped(out, size, per_s);
	double value = climb(&ladder, per_s / 1e6, &unit);
	if (value >= 999.5)
		return put(out, size, ">999 E");
	return put_number(out, size, value, value < 99.95, unit);
}

char *format_percent(char *out, size_t size, double value)
{
	if (!isfinite(value) || value < 0)
		return put(out, size, NOTHING);
	if (value == 0)
		return put(out, size, "0");
	if (value < 0.05)
		return put(out, size, "<0.1");
	if (value < 999999.5)
		return put_number(out, size, value, value < 9.95, "");
	return put(out, size, ">999999");
}

/* A minute and more: as a clock shows it, then whole hours, days and years. */
static char *put_long_time(char *out, size_t size, int64_t s)
{
	const int64_t hour = 3600, day = 24 * hour, year = 365 * day;

	if (s < hour)
		return put(out, size, "%lld:%02lld", (long long)(s / 60), (long long)(s % 60));
	if (s < 10 * hour)
		return put(out, size, "%lld:%02lld:%02lld", (long long)(s / hour),
			(long long)(s / 60 % 60), (long long)(s % 60));
	if (s < 4 * day)
		return put(out, size, "%lld h", (long long)(s / hour));
	if (s < 10 * year)
		return put(out, size, "%lld d", (long long)(s / day));
	return put(out, size, "%lld y", (long long)(s / year));
}

char *format_ns(char *out, size_t size, nsec duration)
{
	static const char *const units[] = { "ns", MICRO "s", "ms", "s" };
	static const struct ladder ladder = { 1000, units, ARRAY_LEN(units) };
	const char *unit;

	if (duration < 0)
		return put(out, size, NOTHING);
	if (duration >= 60 * NSEC_PER_SEC)
		return put_long_time(out, size, duration / NSEC_PER_SEC);
	if (duration < 1000)
		return put(out, size, "%lld ns", (long long)duration);
	double value = climb(&ladder, (double)duration, &unit);
	return put_number(out, size, value, value < 9.95, unit);
}

char *format_fine_ns(char *out, size_t size, double ns)
{
	static const char *const units[] = { "ns", MICRO "s", "ms", "s" };
	static const struct ladder ladder = { 1000, units, ARRAY_LEN(units) };
	const char *unit;
	double value = fabs(ns);

	if (isnan(ns) || value > 1e15)
		return put(out, size, NOTHING);
	value = climb(&ladder, value, &unit);
	int decimals = (value < 9.995) + (value < 99.95);
	char number[32];

	put_number(number, sizeof(number), value, decimals, unit);
	return put(out, size, "%s%s", ns < 0 ? "-" : "", number);
}
