/* SPDX-License-Identifier: MIT
 * Reads what the kernel writes in stat, status, schedstat, smaps, smaps_rollup, syscall, fdinfo and pagemap. Pure: (text, len)
 * in, struct out. Text may be cut anywhere, so a number counts only when what follows it is there too: a number that is the
 * last thing in the text may be the first half of a larger one. Lines are looked up by their key, so older and newer kernels,
 * with fields missing or added, need no code.
 */

#include "source.h"

struct scan {
	const char *at, *end;
};

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
		scan->at++;
}

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* Digits of a base, of which there must be one, with the character behind them, which must be there too. */
static bool take_digits(struct scan *scan, unsigned base, uint64_t *ret, bool *ret_overflow)
{
	const char *first = scan->at;

	*ret = 0;
	*ret_overflow = false;
	for (; scan->at < scan->end && digit_value(*scan->at) < base; scan->at++) {
		*ret_overflow |= __builtin_mul_overflow(*ret, base, ret);
		*ret_overflow |= __builtin_add_overflow(*ret, digit_value(*scan->at), ret);
	}
	return scan->at > first && scan->at < scan->end;
}

/* One decimal number and the blank or newline behind it. A value beyond int64_t is UNKNOWN, not an error: the fields behind
 * it are still good. */
static bool take_number(struct scan *scan, int64_t *ret)
{
	uint64_t value;
	bool negative, overflow;

	skip_blanks(scan);
	negative = scan->at < scan->end && *scan->at == '-';
	scan->at += negative;
	if (!take_digits(scan, 10, &value, &overflow) || !strchr(" \t\r\n", *scan->at))
		return false;
	if (overflow || value > INT64_MAX)
		*ret = UNKNOWN;
	else
		*ret = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* One hexadecimal number that ends at `stop`, which is passed over. */
static bool take_until(struct scan *scan, char stop, uint64_t *ret)
{
	bool overflow;

	if (!take_digits(scan, 16, ret, &overflow) || overflow || *scan->at != stop)
		return false;
	scan->at++;
	return true;
}

/* One hexadecimal number, with or without 0x, and the blank or newline behind it. */
static bool take_hex(struct scan *scan, uint64_t *ret)
{
	bool overflow;

	skip_blanks(scan);
	if (scan->end - scan->at > 2 && scan->at[0] == '0' && scan->at[1] == 'x')
		scan->at += 2;
	return take_digits(scan, 16, ret, &overflow) && !overflow && strchr(" \t\r\n", *scan->at);
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

/* A member of a struct, int64_t, that a line "Key:   NUMBER ..." tells. Records have such rows in their tables. */
#define KEY(record, name, member, ...)                                                             \
	{                                                                                          \
		.kernel_field = name, .offset = offsetof(struct record, member),                   \
		.type = FIELD_INT64, __VA_ARGS__                                                   \
	}

static unsigned base_of(const struct field *field)
{
	if (field->type == FIELD_HEX)
		return 16;
	return field->flags & FIELD_OCTAL ? 8 : 10;
}

/* The line ended in a newline, so its end is a fine end for the number. */
static bool take_value(struct scan *line, unsigned base, int64_t *ret)
{
	uint64_t value;
	bool overflow;

	if (base == 10) {
		bool found = take_number(line, ret);

		*ret = MAX(*ret, UNKNOWN);
		return found;
	}
	skip_blanks(line);
	if (!take_digits(line, base, &value, &overflow) || overflow ||
		!strchr(" \t\r\n", *line->at))
		return false;
	*ret = (int64_t)value;
	return true;
}

/* Whether the key of a line is that of a member, which comes from this file. Words with a blank in a table are no key: they
 * tell where in the file a member stands ("first line"). */
static bool is_of(
	const struct scan *line, const char *colon, const struct field *field, const char *file)
{
	const size_t len = (size_t)(colon - line->at);

	return field->kernel_field && strlen(field->kernel_field) == len &&
	       memcmp(field->kernel_field, line->at, len) == 0 && !memchr(line->at, ' ', len) &&
	       (!file || strcmp(field->source, file) == 0);
}

/* Stores the line's first number where a table says that has this key; false: none, or no number. file: NULL where all of the
 * table comes from one. */
static bool store_line(const struct scan *line, const struct field *fields, size_t n,
	const char *file, void *record)
{
	const char *colon = memchr(line->at, ':', (size_t)(line->end - line->at));

	for (size_t i = 0; colon && i < n; i++) {
		struct scan rest = { colon + 1, line->end + 1 };
		int64_t value = UNKNOWN;

		if (!is_of(line, colon, &fields[i], file))
			continue;
		if (!take_value(&rest, base_of(&fields[i]), &value))
			return false;
		field_set_integer(&fields[i], (char *)record + fields[i].offset, value);
		return true;
	}
	return false;
}

/* The same of every complete line: how many were stored. */
static size_t store_lines(const char *text, size_t len, const struct field *fields, size_t n,
	const char *file, void *record)
{
	struct scan scan = { text, text + len }, line;
	size_t found = 0;

	while (take_line(&scan, &line))
		found += store_line(&line, fields, n, file, record);
	return found;
}

static int64_t narrowed(int64_t value, int64_t min, int64_t max, int64_t otherwise)
{
	return value >= min && value <= max ? value : otherwise;
}

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

/* The fields of stat that are kept, by their number in proc(5). */
enum {
	STAT_PPID = 4,
	STAT_FLAGS = 9,
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
		.kernel = field[STAT_FLAGS] > 0 && field[STAT_FLAGS] & PF_KTHREAD,
	};
	sample_text(ret->name, open + 1, (size_t)(close - open - 1));
	return 0;
}

int parse_status(const char *text, size_t len, struct status_fields *ret)
{
	static const struct field keys[] = {
		KEY(status_fields, "voluntary_ctxt_switches", voluntary),
		KEY(status_fields, "nonvoluntary_ctxt_switches", involuntary),
		KEY(status_fields, "VmSize", vm_size_kb), KEY(status_fields, "VmRSS", vm_rss_kb),
		KEY(status_fields, "VmPTE", vm_pte_kb), KEY(status_fields, "VmStk", vm_stack_kb),
		KEY(status_fields, "Tgid", tgid), KEY(status_fields, "Pid", pid),
		KEY(status_fields, "PPid", ppid), KEY(status_fields, "Threads", threads),
		KEY(status_fields, "Uid", uid), /* the first of four: the real one */
	};

	return store_lines(text, len, keys, ARRAY_LEN(keys), NULL, ret) ? 0 : -EINVAL;
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

	if (!take_until(&scan, '-', &start) || !take_until(&scan, ' ', &end) ||
		scan.end - scan.at < 6 || scan.at[4] != ' ')
		return false;
	const char *perms = scan.at;
	scan.at += 5;
	if (!take_until(&scan, ' ', &offset) || !take_until(&scan, ':', &major) ||
		!take_until(&scan, ' ', &minor) || !take_number(&scan, &inode) || end < start)
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
				store_line(&line, mapping_record.fields, mapping_record.n,
					"/proc/PID/smaps", &current);
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
	struct process_sample sizes = *ret;

	if (!store_lines(text, len, process_record.fields, process_record.n,
		    "/proc/PID/smaps_rollup", &sizes))
		return -EINVAL;
	if (sizes.private_clean_kb >= 0 && sizes.private_dirty_kb >= 0)
		sizes.uss_kb = sizes.private_clean_kb + sizes.private_dirty_kb;
	*ret = sizes;
	return 0;
}

int parse_syscall(const char *text, size_t len, struct syscall_fields *ret)
{
	static const char running[] = "running\n";
	struct scan scan = { text, text + len };
	uint64_t word[8]; /* "NUMBER ARG1..ARG6 SP PC", or outside of a call "-1 SP PC" */
	int64_t number;
	int n = 0;

	if (len >= sizeof(running) - 1 && memcmp(text, running, sizeof(running) - 1) == 0) {
		*ret = (struct syscall_fields) { .running = true, .number = -1 };
		return 0;
	}
	if (!take_number(&scan, &number) || number < -1 || number > INT16_MAX)
		return -EINVAL;
	while (n < (number < 0 ? 2 : 8) && take_hex(&scan, &word[n]))
		n++;
	if (n != (number < 0 ? 2 : 8) || *scan.at != '\n')
		return -EINVAL;
	*ret = (struct syscall_fields) {
		.number = (int16_t)number, .sp = word[n - 2], .pc = word[n - 1]
	};
	if (number >= 0)
		memcpy(ret->argument, word, sizeof(ret->argument));
	return 0;
}

int parse_fdinfo(const char *text, size_t len, int64_t *ret_position, int32_t *ret_flags)
{
	struct found {
		int64_t position, flags;
	} found = { UNKNOWN, UNKNOWN };
	static const struct field keys[] = { KEY(found, "pos", position),
		KEY(found, "flags", flags, .flags = FIELD_OCTAL) };

	store_lines(text, len, keys, ARRAY_LEN(keys), NULL, &found);
	if (found.position < 0 || found.flags < 0 || found.flags > INT32_MAX)
		return -EINVAL;
	*ret_position = found.position;
	*ret_flags = (int32_t)found.flags;
	return 0;
}

int parse_fs(const char *text, size_t len, int32_t *ret_umask, int32_t *ret_fd_size)
{
	struct found {
		int64_t umask, fd_size;
	} found = { UNKNOWN, UNKNOWN };
	static const struct field keys[] = { KEY(found, "Umask", umask, .flags = FIELD_OCTAL),
		KEY(found, "FDSize", fd_size) };
	bool umask, fd_size;

	store_lines(text, len, keys, ARRAY_LEN(keys), NULL, &found);
	umask = found.umask >= 0 && found.umask <= 07777;
	/* 0 is of a task that has ended: it has no table. One that there is has some slots. */
	fd_size = found.fd_size > 0 && found.fd_size <= INT32_MAX;
	if (umask)
		*ret_umask = (int32_t)found.umask;
	if (fd_size)
		*ret_fd_size = (int32_t)found.fd_size;
	return umask || fd_size ? 0 : -EINVAL;
}

/* glibc keeps two signals for itself (SIGCANCEL, SIGSETXID): they are no business of the program that is looked at. */
#define SIGNAL_BIT(number) (UINT64_C(1) << ((number)-1))
#define GLIBC_SIGNALS (SIGNAL_BIT(32) | SIGNAL_BIT(33))
#define SIGNAL_MASKS 5

int parse_signals(const char *text, size_t len, struct signal_sample *ret)
{
	struct signal_sample masks = *ret;

	if (store_lines(text, len, signal_record.fields, signal_record.n,
		    "/proc/PID/task/TID/status", &masks) != SIGNAL_MASKS)
		return -EINVAL;
	for (size_t i = 0; i < signal_record.n; i++)
		if (signal_record.fields[i].flags & FIELD_SIGNALS)
			*(uint64_t *)((char *)&masks + signal_record.fields[i].offset) &=
				~GLIBC_SIGNALS;
	*ret = masks;
	ret->known = true;
	return 0;
}

/* --- pagemap --- */

#define ENTRY_PRESENT (UINT64_C(1) << 63)
#define ENTRY_SWAPPED (UINT64_C(1) << 62)
#define ENTRY_FILE (UINT64_C(1) << 61)
#define ENTRY_GUARD (UINT64_C(1) << 58)
#define ENTRY_EXCLUSIVE (UINT64_C(1) << 56)
#define ENTRY_FRAME ((UINT64_C(1) << 55) - 1)

enum page_state pagemap_state(uint64_t entry)
{
	if (entry & ENTRY_GUARD)
		return PAGE_GUARD;
	if (entry & ENTRY_PRESENT && entry & ENTRY_FILE)
		return PAGE_FILE;
	if (entry & ENTRY_PRESENT)
		return entry & ENTRY_EXCLUSIVE ? PAGE_OWN : PAGE_SHARED;
	return entry & ENTRY_SWAPPED ? PAGE_SWAPPED : PAGE_ABSENT;
}

int64_t pagemap_frame(uint64_t entry)
{
	/* Who may not know gets zeros; no page of a process has frame 0. */
	return entry & ENTRY_PRESENT && entry & ENTRY_FRAME ? (int64_t)(entry & ENTRY_FRAME)
							    : UNKNOWN;
}

bool pagemap_exclusive(uint64_t entry)
{
	return entry & ENTRY_EXCLUSIVE;
}
