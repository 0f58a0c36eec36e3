/* SPDX-License-Identifier: MIT
 * The wait graph: what memory around a futex word names, and which cycles are deadlocks.
 */
#include <linux/futex.h>

#include "../../src/source/edges.h"
#include "model_samples.h"

#define SHARED 0
#define PRIVATE FUTEX_PRIVATE_FLAG
#define WAITERS FUTEX_WAITERS

/* --- words --- */

static const struct word {
	const char *what;
	int operation, private;
	uint32_t value; /* that it saw when it began to wait */
	bool timed;
	struct edge_words words;
	enum edge_kind kind;
	enum edge_why why;
	int32_t tid;
} words[] = {
#define AT(...) .at = { __VA_ARGS__ }, .n = 6
	{ "glibc, normal", FUTEX_WAIT, PRIVATE, 2, false, { AT(2, 0, 71, 1, 0) }, EDGE_MUTEX,
		EDGE_NAMED, 71 },
	{ "glibc, shared", FUTEX_WAIT, SHARED, 2, false, { AT(2, 0, 71, 1, 128) }, EDGE_MUTEX,
		EDGE_NAMED, 71 },
	{ "glibc, recursive", FUTEX_WAIT, PRIVATE, 2, false, { AT(2, 3, 71, 1, 1) }, EDGE_MUTEX,
		EDGE_NAMED, 71 },
	{ "glibc, timed", FUTEX_WAIT_BITSET, PRIVATE, 2, true, { AT(2, 0, 71, 1, 0) }, EDGE_MUTEX,
		EDGE_TIMED, 0 },
	{ "glibc, nobody has it", FUTEX_WAIT, PRIVATE, 2, false, { AT(2, 0, 0, 0, 0) }, EDGE_FUTEX,
		EDGE_NO_OWNER, 0 },
	{ "glibc, free again", FUTEX_WAIT, PRIVATE, 2, false, { AT(0, 0, 71, 1, 0) }, EDGE_FUTEX,
		EDGE_CHANGED, 0 },
	{ "an unknown kind", FUTEX_WAIT, PRIVATE, 2, false, { AT(2, 0, 71, 1, 0x1000) }, EDGE_FUTEX,
		EDGE_NO_OWNER, 0 },
	{ "the end of the page", FUTEX_WAIT, PRIVATE, 2, false, { .at = { 2, 0, 71 }, .n = 3 },
		EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "glibc, robust", FUTEX_WAIT, SHARED, WAITERS | 71, false,
		{ AT(WAITERS | 71, 0, 71, 1, 16 | 128) }, EDGE_ROBUST, EDGE_NAMED, 71 },
	{ "glibc, robust and timed", FUTEX_WAIT_BITSET, SHARED, WAITERS | 71, true,
		{ AT(WAITERS | 71, 0, 71, 1, 16 | 128) }, EDGE_ROBUST, EDGE_NAMED, 71 },
	{ "robust of another owner", FUTEX_WAIT, SHARED, WAITERS | 71, false,
		{ AT(WAITERS | 71, 0, 72, 1, 16) }, EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "PI", FUTEX_LOCK_PI, PRIVATE, 0, false, { AT(WAITERS | 71, 0, 71, 1, 32) }, EDGE_PI,
		EDGE_NAMED, 71 },
	{ "PI, two", FUTEX_LOCK_PI2, SHARED, 0, true, { AT(WAITERS | 71, 0, 71, 1, 32) }, EDGE_PI,
		EDGE_NAMED, 71 },
	{ "a condition and a PI mutex", FUTEX_WAIT_REQUEUE_PI, PRIVATE, 2, false,
		{ AT(2, 0, 71, 1, 0) }, EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "musl, normal", FUTEX_WAIT, PRIVATE, WAITERS | 16, false,
		{ .before = 0, AT(WAITERS | 16, 1, 0, 0, 0) }, EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "musl, recursive", FUTEX_WAIT, PRIVATE, WAITERS | 71, false,
		{ .before = 1, AT(WAITERS | 71, 1, 0x55555555, 0, 7) }, EDGE_MUTEX, EDGE_NAMED,
		71 },
	{ "musl, robust", FUTEX_WAIT, SHARED, WAITERS | 71, false,
		{ .before = 4 | 128, AT(WAITERS | 71, 2, 0x55555555, 0, 7) }, EDGE_ROBUST,
		EDGE_NAMED, 71 },
	{ "musl, nobody waits", FUTEX_WAIT, PRIVATE, WAITERS | 71, false,
		{ .before = 1, AT(WAITERS | 71, 0, 0, 0, 0x1000) }, EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "a join", FUTEX_WAIT_BITSET, SHARED, 71, false,
		{ .thread_block = true, AT(71, 1, 2, 3, 0x1000) }, EDGE_JOIN, EDGE_NAMED, 71 },
	{ "a private word in a thread's block", FUTEX_WAIT_BITSET, PRIVATE, 71, false,
		{ .thread_block = true, AT(71, 1, 2, 3, 0x1000) }, EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "a number elsewhere", FUTEX_WAIT_BITSET, SHARED, 71, false, { AT(71, 1, 2, 3, 0x1000) },
		EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "a rwlock that a writer waits for", FUTEX_WAIT_BITSET, PRIVATE, 2, false,
		{ .before = 1, AT(2, 0, 0, 0, 0, 0) }, EDGE_FUTEX, EDGE_NO_OWNER, 0 },
	{ "nothing was read", FUTEX_WAIT, PRIVATE, 2, false, { .n = 0 }, EDGE_FUTEX, EDGE_REFUSED,
		0 },
#undef AT
};

static void only_known_forms_name_an_owner(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const struct word *word = &words[i];
		const struct syscall_fields call = { .number = 202,
			.argument = { 0x1000, (uint64_t)(word->operation | word->private),
				word->value, word->timed ? 0x7ffe0000 : 0 } };
		const struct edge_guess guess = edge_guess_futex(&call, &word->words);

		if (guess.kind != word->kind || guess.why != word->why || guess.tid != word->tid ||
			guess.timed != word->timed)
			fail_msg("%s: kind %d, why %d, TID %d", word->what, guess.kind, guess.why,
				guess.tid);
	}
}

/* An owner is named by agreement of several words: chance alone hardly ever gets there. */
static void random_words_name_nobody(void **state)
{
	uint32_t seed = 1;

	for (int i = 0; i < 200000; i++) {
		struct edge_words random = { .n = 6 };

		for (int k = 0; k < EDGE_WORDS; k++)
			random.at[k] = seed = seed * 1664525 + 1013904223;
		random.before = seed = seed * 1664525 + 1013904223;
		const struct syscall_fields call = { .argument = { 0x1000, FUTEX_WAIT_PRIVATE,
							     random.at[0] } };

		assert_int_equal(edge_guess_futex(&call, &random).tid, 0);
	}
}

static void a_locker_is_found_above_who_waits(void **state)
{
	static const char text[] = "1: FLOCK  ADVISORY  WRITE 71 00:1a:900 0 EOF\n"
				   "1: -> FLOCK  ADVISORY  WRITE 72 00:1a:900 0 EOF\n"
				   "1: -> FLOCK  ADVISORY  WRITE 73 00:1a:900 0 EOF\n"
				   "2: POSIX  ADVISORY  WRITE 74 fe:00:901 0 9\n"
				   "2: -> POSIX  ADVISORY  WRITE 72 fe:00:901 0 9\n"
				   "3: OFDLCK ADVISORY  WRITE -1 fe:00:902 0 9\n"
				   "3: -> OFDLCK ADVISORY  WRITE 75 fe:00:902 0 9\n"
				   "garbage\n4: -> FLOCK  ADVIS";
	const size_t len = sizeof(text) - 1;
	bool of_file = false;

	assert_int_equal(edge_find_locker(text, len, 72, 900, &of_file), 71);
	assert_true(of_file);
	assert_int_equal(edge_find_locker(text, len, 73, 900, &of_file), 71);
	assert_int_equal(edge_find_locker(text, len, 72, 901, &of_file), 74);
	assert_false(of_file);
	assert_int_equal(edge_find_locker(text, len, 72, 902, &of_file), 0);
	assert_int_equal(edge_find_locker(text, len, 75, 902, &of_file), 0); /* of an open file */
	assert_int_equal(edge_find_locker(text, 40, 72, 900, &of_file), 0);
}

static void the_last_number_behind_a_key_counts(void **state)
{
	static const char text[] = "Pid:\t5\nNSpid:\t4711\t12\t5\nThreads:\t3\nino:\t9";
	int n;

	assert_int_equal(edge_number(text, sizeof(text) - 1, "NSpid", &n), 5);
	assert_int_equal(n, 3);
	assert_int_equal(edge_number(text, sizeof(text) - 1, "Threads", NULL), 3);
	assert_int_equal(edge_number(text, sizeof(text) - 1, "ino", NULL), UNKNOWN); /* cut */
	assert_int_equal(edge_number(text, 9, "NSpid", NULL), UNKNOWN);
}

/* --- graphs --- */

struct graph {
	struct model *model;
	struct sample sample;
	nsec now;
};

static struct edge_sample *add_edge(struct graph *graph, int32_t tid, int32_t owner)
{
	struct edge_sample *edge = record_push(&edge_record, &graph->sample);

	edge->pid = edge->tid = tid;
	edge->side = SIDE_LEFT;
	edge->kind = EDGE_MUTEX;
	edge->why = owner ? EDGE_NAMED : EDGE_NO_OWNER;
	edge->object = (uint64_t)tid << 8;
	edge->owner = owner ? owner : UNKNOWN;
	edge->switches = 100;
	edge->at_ns = graph->now;
	return edge;
}

static void begin(struct graph *graph)
{
	graph->now += 200 * MSEC;
	start_sample(&graph->sample, graph->now);
}

static const struct side_totals *feed(struct graph *graph)
{
	model_feed(graph->model, &graph->sample);
	return &model_side(graph->model, SIDE_LEFT)->totals;
}

static void set_up(struct graph *graph)
{
	*graph = (struct graph) { .model = model_create(4), .now = 1000 * MSEC };
}

static void tear_down(struct graph *graph)
{
	model_destroy(graph->model);
	sample_finish(&graph->sample);
}

static void a_cycle_is_a_deadlock_when_it_is_read_again(void **state)
{
	struct graph g;

	set_up(&g);
	for (int i = 0; i < 4; i++) {
		begin(&g);
		add_edge(&g, 1, 2);
		add_edge(&g, 2, 1);
		add_edge(&g, 3, 1); /* waits, too, but is in no cycle */
		add_edge(&g, 4, 0);
		const struct side_totals *totals = feed(&g);

		assert_int_equal(totals->cycle_tasks, 2);
		assert_int_equal(totals->deadlocked, i ? 2 : 0);
		assert_int_equal(totals->deadlock_ns, i * 200 * MSEC);
		assert_int_equal(totals->waits_named, 3);
		assert_int_equal(totals->waits_holding, 2);
		assert_int_equal(totals->waits_exclusive, 3);
		assert_int_equal(totals->waits_endless, 3);
		assert_int_equal(totals->waits_crowd, 1);
	}
	tear_down(&g);
}

static void the_same_reading_again_proves_nothing(void **state)
{
	struct graph g;

	set_up(&g);
	begin(&g);
	add_edge(&g, 1, 2);
	add_edge(&g, 2, 1);
	for (int i = 0; i < 5; i++) {
		g.sample.at_ns += 50 * MSEC;
		assert_int_equal(feed(&g)->deadlocked, 0);
	}
	tear_down(&g);
}

static void a_task_that_ran_meanwhile_begins_anew(void **state)
{
	struct graph g;

	set_up(&g);
	for (int i = 0; i < 6; i++) {
		begin(&g);
		add_edge(&g, 1, 2);
		add_edge(&g, 2, 1)->switches += i / 3;
		assert_int_equal(feed(&g)->deadlock_ns, i % 3 * 200 * MSEC);
	}
	tear_down(&g);
}

static void another_thing_or_another_order_is_another_cycle(void **state)
{
	struct graph g;

	set_up(&g);
	for (int i = 0; i < 6; i++) {
		begin(&g);
		add_edge(&g, 1, 2)->object += (uint64_t)(i == 3);
		add_edge(&g, 2, 1);
		const int64_t deadlocked = feed(&g)->deadlocked;

		assert_int_equal(deadlocked, i == 1 || i == 2 || i == 5 ? 2 : 0);
	}
	for (int i = 0; i < 2; i++) { /* the tasks in another order of reading: the same */
		begin(&g);
		add_edge(&g, 2, 1);
		add_edge(&g, 1, 2);
		assert_int_equal(feed(&g)->deadlocked, 2);
	}
	tear_down(&g);
}

/* A timeout, a counter that could not be read, nobody who is named: no proof. */
static void what_may_end_is_no_deadlock(void **state)
{
	struct graph g;

	set_up(&g);
	for (int way = 0; way < 3; way++)
		for (int i = 0; i < 4; i++) {
			begin(&g);
			add_edge(&g, 1, 2);
			struct edge_sample *edge = add_edge(&g, 2, 1);

			if (way == 0)
				edge->timed = true;
			if (way == 1)
				edge->switches = UNKNOWN;
			if (way == 2)
				edge->owner = UNKNOWN;
			const struct side_totals *totals = feed(&g);

			assert_int_equal(totals->cycle_tasks, 0);
			assert_int_equal(totals->deadlocked, 0);
		}
	tear_down(&g);
}

static void nothing_read_is_not_nobody(void **state)
{
	struct graph g;

	set_up(&g);
	begin(&g);
	assert_int_equal(feed(&g)->deadlocked, UNKNOWN);
	begin(&g);
	add_edge(&g, 1, 0)->kind = EDGE_NONE;
	assert_int_equal(feed(&g)->deadlocked, 0);
	assert_int_equal(feed(&g)->waits_crowd, 0);
	tear_down(&g);
}

/* Tasks from which one comes back to oneself, by trying every start. */
static int in_cycles(const int32_t *next, int n)
{
	int found = 0;

	for (int i = 0; i < n; i++) {
		int at = i, steps = 0;

		do
			at = next[at] - 1;
		while (at >= 0 && at != i && ++steps <= n);
		found += at == i;
	}
	return found;
}

static void any_graph_has_the_cycles_that_it_has(void **state)
{
	uint32_t seed = 7;
	struct graph g;

	set_up(&g);
	for (int round = 0; round < 3000; round++) {
		int32_t next[24];
		const int n = 1 + round % 24;

		for (int i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			next[i] = (int32_t)((seed >> 8) % (uint32_t)(n + 1)); /* 0: nobody */
		}
		for (int reading = 0; reading < 2; reading++) {
			begin(&g);
			for (int i = 0; i < n; i++)
				add_edge(&g, i + 1, next[i])->switches = 100 + round;
			const struct side_totals *totals = feed(&g);

			assert_int_equal(totals->cycle_tasks, in_cycles(next, n));
			assert_int_equal(totals->deadlocked, reading ? in_cycles(next, n) : 0);
		}
	}
	tear_down(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_known_forms_name_an_owner),
		cmocka_unit_test(random_words_name_nobody),
		cmocka_unit_test(a_locker_is_found_above_who_waits),
		cmocka_unit_test(the_last_number_behind_a_key_counts),
		cmocka_unit_test(a_cycle_is_a_deadlock_when_it_is_read_again),
		cmocka_unit_test(the_same_reading_again_proves_nothing),
		cmocka_unit_test(a_task_that_ran_meanwhile_begins_anew),
		cmocka_unit_test(another_thing_or_another_order_is_another_cycle),
		cmocka_unit_test(what_may_end_is_no_deadlock),
		cmocka_unit_test(nothing_read_is_not_nobody),
		cmocka_unit_test(any_graph_has_the_cycles_that_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
