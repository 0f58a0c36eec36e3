/* SPDX-License-Identifier: MIT
 * What the whole program says of orders: in which direction each value of --json goes, on either side, as who runs the
 * tests, as an unprivileged user, and where calls are refused. A run presses its keys, and each group of them is compared
 * with the line before it; what is lost in a mode is null, with its reason, and what stands in for it says so.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/json_schema.h"
#include "lines.h"
#include "modes.h"

#define SETTLE_MAX_MS 2500 /* however busy the machine is */
#define SETTLE_MS                                                                                  \
	700 /* until all that is read now and then was read again: twice a second at the least */

static const char *const side_names[SIDES] = { "left", "right" };

/* --- what is pressed --- */

struct press {
	const char *view; /* keys that show the pane and focus it */
	int worker;
	const char *key, *order;
};

static const struct press reads[] = { { "3", 0, "e", "read-arena" } };
static const struct press writes[] = { { "3", 0, "W", "write-arena" } };
static const struct press changes[] = {
	{ "3<Tab>", 0, "w", "write-x" },
	{ "3<Tab>", 0, "l", "write-local" },
	{ "3<Tab>", 0, "v", "wild-store" },
	{ "5", 0, "f", "open" },
	{ "5", 0, "b", "read" },
	{ "5", 0, "w", "chdir" },
	{ "5", 0, "u", "umask" },
	{ "6", 0, "i", "handler" },
	{ "6", 0, "b", "block" },
	{ "6", 1, "b", "block" },
};
static const struct press more_changes[] = {
	{ "3<Tab>", 0, "V", "kernel-store" },
	{ "5", 0, "c", "close" },
	{ "6", 0, "u", "signal-task" },
	{ "4", 0, "w", "recurse" },
};
static const struct press process_signal[] = { { "6", 0, "U", "signal-process" } };

/* --- what comes of it --- */

enum relation { UNSEEN, SAME, PLUS, AT_LEAST, IS, BIT, NO_BIT, GONE };

struct expected {
	enum relation relation;
	int64_t n;
	const char *text;
};
#define unseen                                                                                     \
	{                                                                                          \
		UNSEEN, 0, NULL                                                                    \
	} /* the row is the host's, or has another name */
#define same                                                                                       \
	{                                                                                          \
		SAME, 0, NULL                                                                      \
	}
#define plus(n)                                                                                    \
	{                                                                                          \
		PLUS, (n), NULL                                                                    \
	}
#define at_least(n)                                                                                \
	{                                                                                          \
		AT_LEAST, (n), NULL                                                                \
	} /* more */
#define is(text)                                                                                   \
	{                                                                                          \
		IS, 0, (text)                                                                      \
	} /* now, and not before */
#define bit(number)                                                                                \
	{                                                                                          \
		BIT, (number), NULL                                                                \
	} /* a signal: in the mask now, and not before */
#define no_bit(number)                                                                             \
	{                                                                                          \
		NO_BIT, (number), NULL                                                             \
	}
#define gone                                                                                       \
	{                                                                                          \
		GONE, 0, NULL                                                                      \
	} /* the row was there */

struct claim {
	const char *scene, *kind;
	int worker;
	const char *member;
	struct expected on[SIDES];
	const char *key, *value; /* which of a worker's rows */
	bool by_call; /* nothing happens where calls are refused */
};

#define CLAIM(of_scene, rows, of_worker, in_member, left, right, ...)                              \
	{                                                                                          \
		.scene = (of_scene), .kind = (rows), .worker = (of_worker), .member = (in_member), \
		.on = { left, right }, __VA_ARGS__                                                 \
	}
#define WHOSE(member, text) .key = (member), .value = (text)
#define FILE_OF_ALL "/memfd:taskscope-file (deleted)" /* opened before the workers were made */

/* clang-format off */
static const struct claim reading_moves_nothing[] = {
	CLAIM("S4", "pages", 0, "own", same, unseen),
	CLAIM("S4", "pages", HOST, "own", same, same),
	CLAIM("S4", "pages", HOST, "shared", same, same),
};
static const struct claim writing_copies_what_was_shared[] = {
	CLAIM("S4", "tasks", 0, "minflt", plus(2048), same),
	CLAIM("S4", "tasks", 1, "minflt", same, same),
	CLAIM("S4", "tasks", HOST, "minflt", same, same),
	CLAIM("S4", "pages", 0, "own", plus(2048), unseen),
	CLAIM("S4", "pages", 0, "shared", plus(-2048), unseen),
	CLAIM("S4", "pages", 1, "own", same, unseen),
	CLAIM("S4", "pages", HOST, "own", same, same),
	CLAIM("S4", "pages", HOST, "shared", same, same),
};
static const struct claim change_is_of_one_process_or_of_all_threads[] = {
	CLAIM("S3", "pointers", 0, "value", plus(1), plus(1), WHOSE("what", "x")),
	CLAIM("S3", "pointers", 0, "exclusive", is("true"), same, WHOSE("what", "x")),
	CLAIM("S3", "pointers", 0, "address", same, same, WHOSE("what", "x")),
	CLAIM("S3", "pointers", 1, "value", same, plus(1), WHOSE("what", "x")),
	CLAIM("S3", "pointers", 1, "text", same, is("X=1 written by w0"), WHOSE("what", "x")),
	CLAIM("S3", "pointers", 1, "address", same, same, WHOSE("what", "x")),
	CLAIM("S3", "pointers", HOST, "value", same, plus(1), WHOSE("what", "x")),
	CLAIM("S8", "pointers", 1, "value", same, plus(4142), WHOSE("what", "local")),
	CLAIM("S5", "pointers", 1, "text", same, is("PWNED"), WHOSE("what", "victim")),
	CLAIM("S11", "places", 0, "fds", plus(1), plus(1)),
	CLAIM("S11", "places", 1, "fds", same, plus(1)),
	CLAIM("S11", "files", 0, "path", is("/etc/passwd"), unseen, WHOSE("path", "/etc/passwd")),
	CLAIM("S11", "files", HOST, "path", same, is("/etc/passwd"), WHOSE("path", "/etc/passwd")),
	CLAIM("S11", "files", 1, "path", same, unseen, WHOSE("path", "/etc/passwd")),
	CLAIM("S11", "files", 0, "position", plus(100), unseen, WHOSE("path", FILE_OF_ALL)),
	CLAIM("S11", "files", 1, "position", plus(100), unseen, WHOSE("path", FILE_OF_ALL)),
	CLAIM("S11", "files", HOST, "position", plus(100), plus(100), WHOSE("path", FILE_OF_ALL)),
	CLAIM("S2", "places", 0, "cwd", is("/usr"), is("/usr")),
	CLAIM("S2", "places", 1, "cwd", same, is("/usr")),
	CLAIM("S2", "places", 0, "umask", is("0027"), is("0027")),
	CLAIM("S2", "places", 1, "umask", same, is("0027")),
	CLAIM("S12", "signals", 0, "caught", bit(SIGUSR1), bit(SIGUSR1)),
	CLAIM("S12", "signals", 1, "caught", no_bit(SIGUSR1), bit(SIGUSR1)),
	CLAIM("S12", "signals", 0, "blocked", bit(SIGUSR2), bit(SIGUSR2)),
};
static const struct claim signal_to_a_task_and_a_closed_file[] = {
	CLAIM("S5", "pointers", 1, "text", is("HACKED"), is("HACKED"), WHOSE("what", "victim"), .by_call = true),
	CLAIM("S11", "files", 0, "path", gone, unseen, WHOSE("path", FILE_OF_ALL)),
	CLAIM("S11", "files", 1, "position", same, unseen, WHOSE("path", FILE_OF_ALL)),
	CLAIM("S11", "files", HOST, "path", same, gone, WHOSE("path", FILE_OF_ALL)),
	CLAIM("S11", "places", 0, "fds", plus(-1), plus(-1)),
	CLAIM("S11", "places", 1, "fds", same, plus(-1)),
	CLAIM("S12", "signals", 0, "pending", bit(SIGUSR2), bit(SIGUSR2)),
	CLAIM("S12", "signals", 1, "pending", no_bit(SIGUSR2), no_bit(SIGUSR2)),
	CLAIM("S12", "signals", 0, "shared_pending", no_bit(SIGUSR2), no_bit(SIGUSR2)),
	CLAIM("S12", "signals", HOST, "pending", no_bit(SIGUSR2), no_bit(SIGUSR2)),
	CLAIM("S8", "registers", 0, "stack_resident_kb", at_least(1000), at_least(1000)),
	CLAIM("S8", "registers", 1, "stack_resident_kb", same, same),
	CLAIM("S8", "registers", 0, "stack_low", same, same),
};
static const struct claim signal_to_a_process_is_pending_for_all_of_it[] = {
	CLAIM("S12", "signals", 0, "shared_pending", bit(SIGUSR2), bit(SIGUSR2)),
	CLAIM("S12", "signals", 1, "shared_pending", no_bit(SIGUSR2), bit(SIGUSR2)),
	CLAIM("S12", "signals", 1, "pending", no_bit(SIGUSR2), no_bit(SIGUSR2)),
};
#define GROUP(pressed, claimed) { pressed, ARRAY_LEN(pressed), claimed, ARRAY_LEN(claimed) }
static const struct group_of_keys {
	const struct press *presses;
	size_t n_presses;
	const struct claim *claims;
	size_t n_claims;
} group_table[] = {
	GROUP(reads, reading_moves_nothing),
	GROUP(writes, writing_copies_what_was_shared),
	GROUP(changes, change_is_of_one_process_or_of_all_threads),
	GROUP(more_changes, signal_to_a_task_and_a_closed_file),
	GROUP(process_signal, signal_to_a_process_is_pending_for_all_of_it),
};
/* clang-format on */

/* --- comparing --- */

static const json_t *value_of(const json_t *line, const struct claim *claim, size_t side)
{
	const json_t *row = strcmp(claim->kind, "tasks") == 0
				    ? row_of(line, side, claim->kind, claim->worker)
				    : evidence_of(line, claim->kind, side, claim->worker,
					      claim->key, claim->value);

	return json_object_get(row, claim->member);
}

static char *written(const json_t *value)
{
	return value ? json_dumps(value, JSON_ENCODE_ANY) : strdup("absent");
}

static bool says(const json_t *value, const char *text)
{
	if (json_is_boolean(value))
		return json_is_true(value) == (strcmp(text, "true") == 0);
	return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

static bool has_bit(const json_t *mask, int64_t signal)
{
	return strtoull(json_string_value(mask), NULL, 16) >> (signal - 1) & 1;
}

static bool holds(const struct expected *expected, const json_t *before, const json_t *after)
{
	const int64_t difference = json_integer_value(after) - json_integer_value(before);
	const bool integers = json_is_integer(before) && json_is_integer(after);

	switch (expected->relation) {
	case SAME: /* absent before and after is the same, too */
		return before == after || json_equal(before, after);
	case PLUS:
		return integers && difference == expected->n;
	case AT_LEAST:
		return integers && difference >= expected->n;
	case IS:
		return says(after, expected->text) && !says(before, expected->text);
	case BIT:
		return json_is_string(before) && json_is_string(after) &&
		       !has_bit(before, expected->n) && has_bit(after, expected->n);
	case NO_BIT:
		return json_is_string(after) && !has_bit(after, expected->n);
	case GONE:
		return before && !after;
	case UNSEEN:
		return !before && !after;
	}
	return false;
}

static void assert_claim(
	const struct claim *claim, enum mode mode, const json_t *before, const json_t *after)
{
	static const struct expected nothing = same;

	for (size_t side = 0; side < SIDES; side++) {
		const bool refused = claim->by_call && mode == UNDER_FILTER;
		const struct expected *expected = refused ? &nothing : &claim->on[side];
		const json_t *old = value_of(before, claim, side),
			     *new = value_of(after, claim, side);

		if (holds(expected, old, new))
			continue;
		fail_msg("%s, %s: %s %s of worker %d, %s: %s before, %s after", claim->scene,
			mode_table[mode].name, side_names[side], claim->kind, claim->worker,
			claim->member, written(old), written(new));
	}
}

/* --- what a mode loses --- */

/* The classes of the matrix, however they are known: each process has its own, threads have one. */
static void assert_column(const json_t *line, const char *object)
{
	int64_t number[SIDES][3];

	for (size_t side = 0; side < SIDES; side++)
		for (int worker = HOST; worker <= 1; worker++) {
			json_t *row = evidence_of(line, "sharing", side, worker, NULL, NULL);

			number[side][worker + 1] = integer_in(row, object);
			assert_true(number[side][worker + 1] > 0);
		}
	/* Numbered in the order of the rows. */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(number[SIDE_LEFT][i], i + 1);
		assert_int_equal(number[SIDE_RIGHT][i], 4);
	}
}

static void assert_matrix(const json_t *line, enum mode mode)
{
	static const char *const objects[] = { "mm", "files", "fs", "handlers" };
	const bool refused = kcmp_is_refused(mode);
	json_t *row;
	size_t i;

	for (size_t o = 0; o < ARRAY_LEN(objects); o++)
		assert_column(line, objects[o]);
	json_array_foreach(json_object_get(line, "sharing"), i, row)
	{
		const json_t *how = json_object_get(row, "how");

		for (size_t o = 0; o < ARRAY_LEN(objects); o++)
			assert_int_equal(*text_in(how, objects[o]) != '\0', refused);
		/* No I/O context was used: none, where the kernel can be asked; else unknown. Never "none" unasked. */
		assert_int_equal(json_is_null(json_object_get(row, "io")), refused);
		assert_int_equal(integer_in(row, "namespaces"), 1);
	}
	/* Threads share an undo list since the first pthread_create made it. */
	for (int worker = HOST; worker <= 1; worker++)
		assert_int_equal(
			integer_in(evidence_of(line, "sharing", SIDE_RIGHT, worker, NULL, NULL),
				"semundo"),
			1);
	assert_int_equal(*reason_of(line, "kcmp") != '\0', refused);
}

/* Every value is a number where it can be had, and null where not. */
static void assert_losses(const json_t *line, enum mode mode)
{
	const bool frames = frames_are_told(mode), refused = kcmp_is_refused(mode);
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(line, "pointers"), i, row)
	{
		assert_int_equal(json_is_integer(json_object_get(row, "frame")), frames);
		assert_true(!frames || integer_in(row, "frame") > 0);
	}
	json_array_foreach(json_object_get(line, "files"), i, row)
		assert_int_equal(json_is_null(json_object_get(row, "description")), refused);
	/* The file that all were given is one open file to the processes. */
	if (!refused)
		assert_true(
			integer_in(evidence_of(line, "files", SIDE_LEFT, 0, "path", FILE_OF_ALL),
				"description") > 0);
	json_array_foreach(json_object_get(line, "sharing"), i, row) assert_int_equal(
		json_is_null(json_object_get(row, "clone_flags")), is_of(row, HOST));
}

/* Each task's stack pointer is in its own stack, the hosts' main threads included; who runs just now shows where it was. */
static void assert_stacks(const json_t *line)
{
	json_t *row;
	size_t i;

	assert_int_equal(json_array_size(json_object_get(line, "registers")), 6);
	json_array_foreach(json_object_get(line, "registers"), i, row)
	{
		const uint64_t sp = strtoull(text_in(row, "sp"), NULL, 16),
			       low = strtoull(text_in(row, "stack_low"), NULL, 16),
			       high = strtoull(text_in(row, "stack_high"), NULL, 16);

		assert_true(low && low <= sp && sp < high);
		assert_int_equal(integer_in(row, "stack_used_kb"), (high - sp + 1023) / 1024);
		assert_in_range(integer_in(row, "stack_resident_kb"), 4, (high - low) / 1024);
		assert_true(strtoull(text_in(row, "tls"), NULL, 16) != 0);
		assert_string_not_equal(text_in(row, "how"), "none");
	}
}

/* Ids as the kernel gives them: a worker process is a child of its host, a worker thread is in it. */
static void assert_ids(const json_t *line)
{
	const json_t *host[SIDES];

	for (size_t side = 0; side < SIDES; side++) {
		host[side] = row_of(line, side, "processes", HOST);
		for (int worker = 0; worker < 2; worker++) {
			const json_t *task = row_of(line, side, "tasks", worker);
			const bool own = integer_in(task, "pid") == integer_in(task, "tid");
			const json_t *process = row_of(line, side, "processes", worker);

			assert_int_equal(own, side == SIDE_LEFT);
			assert_int_equal(process != NULL, side == SIDE_LEFT);
			assert_int_equal(integer_in(own ? process : task, own ? "ppid" : "pid"),
				integer_in(host[side], "pid"));
		}
	}
	assert_int_equal(integer_in(host[SIDE_LEFT], "threads"), 1);
	assert_int_equal(integer_in(host[SIDE_RIGHT], "threads"), 3);
	assert_int_equal(integer_in(host[SIDE_RIGHT], "ppid"), integer_in(host[SIDE_LEFT], "ppid"));
}

/* S7: who can lose increments: who shares the counter and does not protect it. All others lose none. */
static const struct counting {
	const char *key, *order;
	int64_t expected; /* of both workers */
	bool may_lose[SIDES];
} countings[] = {
	{ "c", "count", 40000000, { false, true } },
	{ "b", "count-atomic", 2000000, { false, false } },
	{ "C", "count-shared", 40000000, { true, true } },
	{ "B", "count-shared-atomic", 2000000, { false, false } },
};

/* The sides in turn: until one's next order comes, both its workers have answered the last. */
static void press_counting(struct buf *script, int settle)
{
	for (size_t i = 0; i < SIDES * ARRAY_LEN(countings); i++) {
		const size_t side = i % SIDES;

		buf_addf(script, "3<Tab>%s%s<until %s w1, %s:><wait %d>",
			side == SIDE_LEFT ? "[" : "]", countings[i / SIDES].key, side_names[side],
			countings[i / SIDES].order, settle);
	}
}

static bool is_counted(const json_t *line, size_t side, const struct counting *counting)
{
	const json_t *counter = side_of(line, side);
	bool done = strcmp(text_in(counter, "count_order"), counting->order) == 0;

	for (int worker = 0; worker < 2; worker++) {
		const json_t *order = row_of(line, side, "orders", worker);

		done = done && strcmp(text_in(order, "order"), counting->order) == 0 &&
		       strcmp(text_in(order, "state"), "done") == 0;
	}
	return done;
}

static void assert_counts(const json_t *lines, enum mode mode)
{
	size_t seen[SIDES][ARRAY_LEN(countings)] = { 0 }, l;
	json_t *line;

	json_array_foreach(lines, l, line) for (size_t i = 0; i < SIDES * ARRAY_LEN(countings); i++)
	{
		const struct counting *counting = &countings[i / SIDES];
		const json_t *side = side_of(line, i % SIDES);
		const int64_t value = integer_in(side, "count_value");

		if (!is_counted(line, i % SIDES, counting))
			continue;
		seen[i % SIDES][i / SIDES]++;
		if (integer_in(side, "count_expected") == counting->expected && value >= 1 &&
			(value == counting->expected ||
				(counting->may_lose[i % SIDES] && value < counting->expected)))
			continue;
		fail_msg("S7, %s: %s counted by %s to %s of %s", mode_table[mode].name,
			side_names[i % SIDES], counting->order,
			written(json_object_get(side, "count_value")),
			written(json_object_get(side, "count_expected")));
	}
	for (size_t i = 0; i < SIDES * ARRAY_LEN(countings); i++)
		if (!seen[i % SIDES][i / SIDES])
			fail_msg("S7, %s: %s does not answer %s", mode_table[mode].name,
				side_names[i % SIDES], countings[i / SIDES].order);
}

/* S2: one that shares memory and descriptors, and is a process all the same. */
#define MAKE_HYBRIDS "2<Tab>[vfw<until w2 is TID>"

static void assert_hybrids(const json_t *line, enum mode mode)
{
	for (size_t side = 0; side < SIDES; side++) {
		const json_t *task = row_of(line, side, "tasks", 2);
		const json_t *made = evidence_of(line, "sharing", side, 2, NULL, NULL);
		const json_t *host = evidence_of(line, "sharing", side, HOST, NULL, NULL);

		assert_non_null(task);
		assert_int_equal(integer_in(task, "pid"), integer_in(task, "tid"));
		assert_string_equal(text_in(made, "clone_flags"), "0x500"); /* VM, FILES */
		assert_int_equal(integer_in(made, "mm"), integer_in(host, "mm"));
		assert_int_equal(integer_in(made, "files"), integer_in(host, "files"));
		assert_int_not_equal(integer_in(made, "fs"), integer_in(host, "fs"));
		assert_int_not_equal(integer_in(made, "handlers"), integer_in(host, "handlers"));
		assert_true(integer_in(made, "fs") > 0 && integer_in(made, "handlers") > 0);
		assert_string_equal(text_in(json_object_get(made, "how"), "mm"),
			kcmp_is_refused(mode) ? "construction" : "");
	}
}

/* --- a run --- */

static void press(struct buf *script, const struct press *press, size_t side)
{
	buf_addf(script, "%s%sg%s%s<until %s w%d, %s:>", press->view, side == SIDE_LEFT ? "[" : "]",
		press->worker ? "j" : "", press->key, side_names[side], press->worker,
		press->order);
}

/* How many orders were answered by then; -1: one is under way. What the call of a refused one says, it says as failed. */
static int64_t answered(const json_t *line, enum mode mode)
{
	int64_t n = 0;

	for (size_t side = 0; side < SIDES; side++) {
		json_t *order;
		size_t i;

		json_array_foreach(json_object_get(side_of(line, side), "orders"), i, order)
		{
			const char *state = text_in(order, "state");
			const bool refused = mode == UNDER_FILTER &&
					     strcmp(text_in(order, "order"), "kernel-store") == 0;

			if (strcmp(state, "under way") == 0)
				return -1;
			assert_string_equal(state, refused ? "failed" : "done");
			n += integer_in(order, "done");
		}
	}
	return n;
}

/* The last line in which that many orders were answered, and none is under way. */
static const json_t *line_after(const json_t *lines, int64_t orders, enum mode mode)
{
	const json_t *found = NULL;
	json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) if (answered(line, mode) == orders) found = line;
	if (!found)
		fail_msg("%s: no line after %d orders", mode_table[mode].name, (int)orders);
	return found;
}

static char *script_of_groups(void)
{
	struct buf script = { 0 };
	const int settle = MIN(fair_ms(SETTLE_MS), SETTLE_MAX_MS);

	buf_addf(&script, "<wait %d>", 2 * settle);
	for (size_t g = 0; g < ARRAY_LEN(group_table); g++) {
		for (size_t i = 0; i < group_table[g].n_presses; i++)
			for (size_t side = 0; side < SIDES; side++)
				press(&script, &group_table[g].presses[i], side);
		buf_addf(&script, "<wait %d>", settle);
	}
	press_counting(&script, settle / 3);
	buf_addf(&script, MAKE_HYBRIDS "<wait %d>]w<wait %d>", settle, 2 * settle);
	return script.text;
}

/* What is looked at next: stands above what fails. */
static void say(enum mode mode, const char *what)
{
	printf("# %s: %s\n", mode_table[mode].name, what);
	fflush(stdout);
}

static void assert_directions(enum mode mode, const struct run *run)
{
	int64_t orders = 0;
	json_t *line;
	size_t l;

	say(mode, "before any order");
	run_assert_status(run, 0);
	json_t *lines = lines_of(run);
	const json_t *before = line_after(lines, 0, mode);

	json_array_foreach(lines, l, line) check_line(line); /* each null has its reason */
	assert_ids(before);
	assert_matrix(before, mode);
	assert_stacks(before);
	assert_losses(before, mode);
	for (size_t g = 0; g < ARRAY_LEN(group_table); g++) {
		orders += SIDES * (int64_t)group_table[g].n_presses;
		say(mode, group_table[g].presses[group_table[g].n_presses - 1].order);
		const json_t *after = line_after(lines, orders, mode);

		for (size_t i = 0; i < group_table[g].n_claims; i++)
			assert_claim(&group_table[g].claims[i], mode, before, after);
		assert_matrix(after, mode);
		before = after;
	}
	say(mode, "counting");
	assert_counts(lines, mode);
	say(mode, "tasks of mixed flags");
	assert_hybrids(json_array_get(lines, json_array_size(lines) - 1), mode);
	json_decref(lines);
}

static void each_order_moves_what_it_should_in_each_mode(void **state)
{
	char *script = script_of_groups();
	const char *const argv[] = { program_path(), "--json", "--interval", "50", "-p", "2", "-t",
		"2", "-j", "sleep", "--arena", "64", "--keys", script, NULL };
	struct mode_runs runs;

	run_in_modes(argv, &runs);
	for (int mode = 0; mode < MODES; mode++)
		if (runs.possible[mode])
			assert_directions((enum mode)mode, &runs.run[mode]);
	for (int mode = 0; mode < MODES; mode++)
		if (runs.possible[mode])
			run_finish(&runs.run[mode]);
	free(script);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(each_order_moves_what_it_should_in_each_mode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
