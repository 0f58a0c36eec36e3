/* SPDX-License-Identifier: MIT
 * Knows alone how the kernel writes stat, status, schedstat, smaps and smaps_rollup. Pure: (text, len) in, struct out.
 * Text may be cut anywhere, so a number counts only when what follows it is there too: a number that is the last thing
 * in the text may be the first half of a larger one. Lines are looked up by their key, so older and newer kernels, with
 * fields missing or added, need no code.
 */
#include <errno.h>
#include <string.h>

#include "source.h"

struct scan {
	const char *at, *end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
		scan->at++;
}

/* One decimal number and the character behind it, which must be there. A value beyond int64_t is UNKNOWN, not an error:
 * the fields behind it are still good. */
static bool take_number(struct scan *scan, int64_t *ret)
{
	uint64_t value = 0;
	bool negative, overflow = false;
	const char *first;

	skip_blanks(scan);
	negative = scan->at < scan->end && *scan->at == '-';
	scan->at += negative;
	first = scan->at;
	for (; scan->at < scan->end && is_digit(*scan->at); scan->at++) {
		overflow |= __builtin_mul_overflow(value, 10u, &value);
		overflow |= __builtin_add_overflow(value, (unsigned)(*scan->at - '0'), &value);
	}
	if (scan->at == first || scan->at == scan->end || !strchr(" \t\r\n", *scan->at))
		return false;
	if (overflow || value > INT64_MAX)
		*ret = UNKNOWN;
	else
		*ret = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One number in the given base that ends at `stop`, which is passed over. */
static bool take_until(struct scan *scan, unsigned base, char stop, uint64_t *ret)
{
	const char *first = scan->at;
	uint64_t value = 0;

	for (; scan->at < scan->end && *scan->at != stop; scan->at++) {
		int digit = hex_value(*scan->at);
		if (digit < 0 || digit >= (int)base ||
			__builtin_mul_overflow(value, base, &value) ||
			__builtin_add_overflow(value, (unsigned)digit, &value))
			return false;
	}
	if (scan->at == first || scan->at == scan->end)
		return false;
	scan->at++;
	*ret = value;
	return true;
}

/* The next complete line, without its newline (and carriage return). */
static bool take_line(struct scan *scan, struct scan *ret)
{
	const char *newline = scan->at < scan->end
				      ? memchr(scan->at, '\n', (size_t)(scan->end - scan->at))
				      : NULL;

	if (!newline)
		return false;
	*ret = (struct scan) { scan->at, newline };
	if (ret->end > ret->at && ret->end[-1] == '\r')
		ret->end--;
	scan->at = newline + 1;
	return true;
}

/* A line "Key:   NUMBER ..." whose number goes to a member of a struct. */
struct key {
	const char *name;
	size_t offset;
};

/* Stores the line's first number where the table says; false: no such key, or no number. The line ended in a newline, so
 * its end is a fine end for the number. */
static bool store_line(const struct scan *line, const struct key *keys, size_t n, void *record)
{
	const char *colon = memchr(line->at, ':', (size_t)(line->end - line->at));

	for (size_t i = 0; colon && i < n; i++) {
		size_t len = strlen(keys[i].name);
		struct scan rest = { colon + 1, line->end + 1 };
		int64_t value;

		if (len != (size_t)(colon - line->at) || memcmp(keys[i].name, line->at, len) != 0)
			continue;
		if (!take_number(&rest, &value))
			return false;
		if (value < 0)
			value = UNKNOWN;
		memcpy((char *)record + keys[i].offset, &value, sizeof(value));
		return true;
	}
	return false;
}

static int64_t narrowed(int64_t value, int64_t min, int64_t max, int64_t otherwise)
{
	return value >= min && value <= max ? value : otherwise;
}

/* The fields of stat that are kept, by their number in proc(5). */
enum {
	STAT_PPID = 4,
	STAT_MINFLT = 10,
	STAT_MAJFLT = 12,
	STAT_UTIME = 14,
	STAT_STIME = 15,
	STAT_NICE = 19,
	STAT_THREADS = 20,
	STAT_START = 22,
	STAT_VSIZE = 23,
	STAT_RSS = 24,
	STAT_CPU = 39,
};

int parse_stat(const char *text, size_t len, struct stat_fields *ret)
{
	/* The name may hold anything, ") R 1 (" too, but what follows it holds no ')': the last one ends it. */
	const char *open = memchr(text, '(', len), *close = memrchr(text, ')', len);
	struct scan scan = { text, text + len };
	int64_t field[STAT_CPU + 1];
	int64_t pid;

	if (!open || !close || close < open || !take_number(&scan, &pid) || scan.at + 1 != open)
		return -EINVAL;
	scan.at = close + 1;
	if (scan.end - scan.at < 3 || scan.at[0] != ' ' || scan.at[2] != ' ')
		return -EINVAL;
	char state = scan.at[1];
	scan.at += 2;
	for (int i = STAT_PPID; i <= STAT_CPU; i++)
		if (!take_number(&scan, &field[i]))
			return -EINVAL;
	if (pid < 0 || pid > INT32_MAX)
		return -EINVAL;
	*ret = (struct stat_fields) {
		.pid = (int32_t)pid,
		.ppid = (int32_t)narrowed(field[STAT_PPID], 0, INT32_MAX, -1),
		.state = (state >= 'A' && state <= 'Z') || (state >= 'a' && state <= 'z') ? state
											  : '?',
		.minor_faults = MAX(field[STAT_MINFLT], UNKNOWN),
		.major_faults = MAX(field[STAT_MAJFLT], UNKNOWN),
		.user_ticks = MAX(field[STAT_UTIME], UNKNOWN),
		.system_ticks = MAX(field[STAT_STIME], UNKNOWN),
		.start = MAX(field[STAT_START], UNKNOWN),
		.vm_size_bytes = MAX(field[STAT_VSIZE], UNKNOWN),
		.rss_pages = MAX(field[STAT_RSS], UNKNOWN),
		.nice = (int16_t)narrowed(field[STAT_NICE], -20, 19, NICE_UNKNOWN),
		.cpu = (int16_t)narrowed(field[STAT_CPU], 0, INT16_MAX, -1),
		.threads = (int32_t)narrowed(field[STAT_THREADS], 0, INT32_MAX, -1),
	};
	sample_text(ret->name, open + 1, (size_t)(close - open - 1));
	return 0;
}

int parse_status(const char *text, size_t len, struct status_fields *ret)
{
#define FIELD(name, member)                                                                        \
	{                                                                                          \
		name, offsetof(struct status_fields, member)                                       \
	}
	static const struct key keys[] = {
		FIELD("voluntary_ctxt_switches", voluntary),
		FIELD("nonvoluntary_ctxt_switches", involuntary), FIELD("VmSize", vm_size_kb),
		FIELD("VmRSS", vm_rss_kb), FIELD("VmPTE", vm_pte_kb), FIELD("VmStk", vm_stack_kb),
		FIELD("Tgid", tgid), FIELD("Pid", pid), FIELD("PPid", ppid),
		FIELD("Threads", threads), FIELD("Uid", uid), /* the first of four: the real one */
	};
#undef FIELD
	struct scan scan = { text, text + len }, line;
	size_t found = 0;

	while (take_line(&scan, &line))
		found += store_line(&line, keys, ARRAY_LEN(keys), ret);
	return found ? 0 : -EINVAL;
}

int parse_schedstat(const char *text, size_t len, int64_t *ret_run_ns, int64_t *ret_wait_ns,
	int64_t *ret_slices)
{
	struct scan scan = { text, text + len };
	int64_t run, wait, slices;

	if (!take_number(&scan, &run) || !take_number(&scan, &wait) || !take_number(&scan, &slices))
		return -EINVAL;
	*ret_run_ns = MAX(run, UNKNOWN);
	*ret_wait_ns = MAX(wait, UNKNOWN);
	*ret_slices = MAX(slices, UNKNOWN);
	return 0;
}

/* "55d0-55d1 r--p 00000000 fe:00 247498      /usr/bin/head"; the path may be missing, or hold blanks. */
static bool parse_mapping_line(const struct scan *line, struct mapping_sample *ret)
{
	struct scan scan = { line->at, line->end + 1 };
	uint64_t start, end, offset, major, minor;
	int64_t inode;
	const char *perms;

	if (!take_until(&scan, 16, '-', &start) || !take_until(&scan, 16, ' ', &end) ||
		scan.end - scan.at < 6 || scan.at[4] != ' ')
		return false;
	perms = scan.at;
	scan.at += 5;
	if (!take_until(&scan, 16, ' ', &offset) || !take_until(&scan, 16, ':', &major) ||
		!take_until(&scan, 16, ' ', &minor) || !take_number(&scan, &inode) || end < start)
		return false;
	skip_blanks(&scan);
	record_clear(&mapping_record, ret);
	ret->start = start;
	ret->end = end;
	ret->offset = offset;
	ret->inode = inode < 0 ? 0 : (uint64_t)inode;
	ret->dev_major = (uint32_t)major;
	ret->dev_minor = (uint32_t)minor;
	sample_text(ret->perms, perms, 4);
	if (scan.at < line->end)
		sample_text_tail(
			ret->path, sizeof(ret->path), scan.at, (size_t)(line->end - scan.at));
	return true;
}

static void store_mapping_size(const struct scan *line, struct mapping_sample *mapping)
{
#define FIELD(name, member)                                                                        \
	{                                                                                          \
		name, offsetof(struct mapping_sample, member)                                      \
	}
	static const struct key keys[] = {
		FIELD("Size", size_kb),
		FIELD("Rss", rss_kb),
		FIELD("Pss", pss_kb),
		FIELD("Shared_Clean", shared_clean_kb),
		FIELD("Shared_Dirty", shared_dirty_kb),
		FIELD("Private_Clean", private_clean_kb),
		FIELD("Private_Dirty", private_dirty_kb),
		FIELD("Referenced", referenced_kb),
		FIELD("Anonymous", anonymous_kb),
		FIELD("AnonHugePages", anon_huge_kb),
		FIELD("Swap", swap_kb),
	};
#undef FIELD
	store_line(line, keys, ARRAY_LEN(keys), mapping);
}

/* Whether the last entry is all there. VmFlags ends an entry of smaps, and an entry of maps is its one line; a kernel that
 * writes no VmFlags writes entries of equal length. */
static bool looks_complete(size_t lines, size_t lines_before, bool flags, bool rest)
{
	if (flags)
		return true;
	if (lines == 1)
		return lines_before == 1 || (lines_before == 0 && !rest);
	return lines == lines_before;
}

size_t parse_smaps(const char *text, size_t len, mapping_visit *each, void *context)
{
	struct scan scan = { text, text + len }, line;
	struct mapping_sample current, next;
	size_t count = 0, lines = 0, lines_before = 0;
	bool flags = false;

	while (take_line(&scan, &line)) {
		if (!parse_mapping_line(&line, &next)) {
			if (lines) {
				store_mapping_size(&line, &current);
				lines++;
				flags = line.end - line.at > 8 && !memcmp(line.at, "VmFlags:", 8);
			}
			continue;
		}
		if (lines) {
			count++;
			if (!each(context, &current))
				return count;
			lines_before = lines;
		}
		current = next;
		lines = 1;
		flags = false;
	}
	if (lines && looks_complete(lines, lines_before, flags, scan.at != scan.end)) {
		count++;
		each(context, &current);
	}
	return count;
}

int parse_rollup(const char *text, size_t len, struct process_sample *ret)
{
#define FIELD(name, member)                                                                        \
	{                                                                                          \
		name, offsetof(struct process_sample, member)                                      \
	}
	static const struct key keys[] = {
		FIELD("Rss", rss_kb),
		FIELD("Pss", pss_kb),
		FIELD("Shared_Clean", shared_clean_kb),
		FIELD("Shared_Dirty", shared_dirty_kb),
		FIELD("Private_Clean", private_clean_kb),
		FIELD("Private_Dirty", private_dirty_kb),
		FIELD("Swap", swap_kb),
	};
#undef FIELD
	struct process_sample sizes = *ret;
	struct scan scan = { text, text + len }, line;
	size_t found = 0;

	while (take_line(&scan, &line))
		found += store_line(&line, keys, ARRAY_LEN(keys), &sizes);
	if (!found)
		return -EINVAL;
	if (sizes.private_clean_kb >= 0 && sizes.private_dirty_kb >= 0)
		sizes.uss_kb = sizes.private_clean_kb + sizes.private_dirty_kb;
	*ret = sizes;
	return 0;
}
