/* SPDX-License-Identifier: MIT
 * Memory: what a mapping is, whose stack it is, and which mappings of two processes belong
 * together.
 */
#include "model_scope.h"

#include <stdio.h>

#define CREW "/usr/libexec/taskscope/taskscope-crew"
#define LIBC "/usr/lib/x86_64-linux-gnu/libc.so.6"

static int set_up(void **state)
{
	struct scope *s;

	set_up_model(state);
	s = *state;
	start_sample(&s->sample, 0);
	return 0;
}

struct map {
	uint64_t start, end;
	const char *perms, *path;
	enum region_class class;
	int worker;
	const char *label;
};

/* A crew of two threads, as Debian 12 maps it: the second has a guard, and the first stands right
 * below. */
static const struct map thread_crew[] = {
	{ 0x555555554000, 0x555555556000, "r--p", CREW, REGION_DATA, WORKER_NONE,
		"program read-only" },
	{ 0x555555556000, 0x55555555a000, "r-xp", CREW, REGION_TEXT, WORKER_NONE, "program text" },
	{ 0x55555555a000, 0x55555555c000, "rw-p", CREW, REGION_DATA, WORKER_NONE, "program data" },
	{ 0x55555555c000, 0x555555560000, "rw-p", "", REGION_DATA, WORKER_NONE, "program bss" },
	{ 0x555555560000, 0x555555581000, "rw-p", "[heap]", REGION_HEAP, WORKER_NONE, "heap" },
	{ 0x7ffff0000000, 0x7ffff0021000, "rw-p", "", REGION_ANONYMOUS, WORKER_NONE, "anonymous" },
	{ 0x7ffff0021000, 0x7ffff4000000, "---p", "", REGION_ANONYMOUS, WORKER_NONE, "reserved" },
	{ 0x7ffff6800000, 0x7ffff6801000, "---p", "", REGION_GUARD, 1, "guard of w1" },
	{ 0x7ffff6801000, 0x7ffff7001000, "rw-p", "", REGION_STACK, 1, "stack of w1" },
	{ 0x7ffff7001000, 0x7ffff7002000, "---p", "", REGION_GUARD, 0, "guard of w0" },
	{ 0x7ffff7002000, 0x7ffff7802000, "rw-p", "", REGION_STACK, 0, "stack of w0" },
	{ 0x7ffff7c00000, 0x7ffff7c26000, "r--p", LIBC, REGION_LIBRARY, WORKER_NONE,
		"libc.so.6 read-only" },
	{ 0x7ffff7c26000, 0x7ffff7d80000, "r-xp", LIBC, REGION_LIBRARY, WORKER_NONE,
		"libc.so.6 text" },
	{ 0x7ffff7d80000, 0x7ffff7d82000, "---p", LIBC, REGION_LIBRARY, WORKER_NONE,
		"libc.so.6 gap" },
	{ 0x7ffff7d82000, 0x7ffff7d84000, "rw-p", LIBC, REGION_LIBRARY, WORKER_NONE,
		"libc.so.6 data" },
	{ 0x7ffff7d84000, 0x7ffff7d90000, "rw-p", "", REGION_ANONYMOUS, WORKER_NONE, "anonymous" },
	{ 0x7ffff7e00000, 0x7ffff7e01000, "---p", "", REGION_GUARD, WORKER_NONE, "X guard" },
	{ 0x7ffff7e01000, 0x7ffff7e02000, "rw-s", "/memfd:taskscope-X (deleted)", REGION_SHARED,
		WORKER_NONE, "X" },
	{ 0x7ffff7e02000, 0x7ffff7e03000, "---p", "", REGION_GUARD, WORKER_NONE, "X guard" },
	{ 0x7ffff7f00000, 0x7ffff7f04000, "rw-s", "/memfd:taskscope-board (deleted)", REGION_BOARD,
		WORKER_NONE, "board" },
	{ 0x7ffff7fc0000, 0x7ffff7fc4000, "r--p", "[vvar]", REGION_VDSO, WORKER_NONE, "vvar" },
	{ 0x7ffff7fc4000, 0x7ffff7fc6000, "r-xp", "[vdso]", REGION_VDSO, WORKER_NONE, "vdso" },
	{ 0x7ffff7fc6000, 0x7ffff7ff0000, "r-xp", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
		REGION_LIBRARY, WORKER_NONE, "ld-linux-x86-64.so.2 text" },
	{ 0x7ffffffde000, 0x7ffffffff000, "rw-p", "[stack]", REGION_STACK, WORKER_HOST,
		"stack of host" },
	{ 0xffffffffff600000, 0xffffffffff601000, "--xp", "[vsyscall]", REGION_VDSO, WORKER_NONE,
		"vsyscall" },
};

/* Everything that an attached program may have besides. */
static const struct map zoo[] = {
	{ 0x1000, 0x2000, "r-xp", "/opt/odd name/prog (deleted)", REGION_TEXT, WORKER_NONE,
		"program text" },
	{ 0x2000, 0x3000, "rw-p", "/opt/odd name/prog (deleted)", REGION_DATA, WORKER_NONE,
		"program data" },
	{ 0x4000, 0x5000, "r--s", "/usr/lib/gconv/gconv-modules.cache", REGION_FILE, WORKER_NONE,
		"gconv-modules.cache" },
	{ 0x5000, 0x6000, "r--p", "/srv/data.sofa", REGION_FILE, WORKER_NONE, "data.sofa" },
	{ 0x6000, 0x7000, "r-xp", "/usr/lib/libfoo-2.so (deleted)", REGION_LIBRARY, WORKER_NONE,
		"libfoo-2.so text" },
	{ 0x7000, 0x8000, "rw-s", "/dev/zero (deleted)", REGION_SHARED, WORKER_NONE, "zero" },
	{ 0x8000, 0x9000, "rw-s", "/SYSV00000000 (deleted)", REGION_SHARED, WORKER_NONE,
		"SYSV00000000" },
	{ 0x9000, 0xa000, "rw-s", "/memfd:wayland-shm (deleted)", REGION_SHARED, WORKER_NONE,
		"memfd:wayland-shm" },
	{ 0xa000, 0xb000, "rw-s", "/dev/shm/pulse-shm-1", REGION_SHARED, WORKER_NONE,
		"pulse-shm-1" },
	{ 0xb000, 0xc000, "rw-s", "", REGION_SHARED, WORKER_NONE, "shared memory" },
	{ 0xc000, 0xd000, "rw-p", "/memfd:taskscope-arena (deleted)", REGION_FILE, WORKER_NONE,
		"arena" },
	{ 0xd000, 0xe000, "rw-p", "[anon:dalvik heap]", REGION_ANONYMOUS, WORKER_NONE,
		"dalvik heap" },
	{ 0xe000, 0xf000, "rw-s", "[anon_shmem:frame]", REGION_SHARED, WORKER_NONE,
		"shared memory" },
	{ 0xf000, 0x10000, "--xp", "[uprobes]", REGION_ANONYMOUS, WORKER_NONE, "uprobes" },
	{ 0x10000, 0x11000, "r--p", "[vvar_vclock]", REGION_VDSO, WORKER_NONE, "vvar_vclock" },
	{ 0x12000, 0x13000, "---p", "", REGION_ANONYMOUS, WORKER_NONE, "reserved" },
	{ 0x14000, 0x15000, "rw-p", "[stack]", REGION_STACK, WORKER_NONE, "stack" },
};

static void add_maps(
	struct sample *sample, int32_t pid, const struct map *maps, size_t n, uint64_t slide)
{
	for (size_t i = 0; i < n; i++)
		add_mapping(sample, pid, maps[i].start + slide, maps[i].end + slide, maps[i].perms,
			maps[i].path);
}

static void assert_regions(struct scope *s, int32_t pid, const struct map *maps, size_t expected)
{
	size_t n;
	const struct region *regions = model_regions(s->model, pid, &n);

	assert_int_equal(n, expected);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(regions[i].mapping->start, maps[i].start);
		if (strcmp(regions[i].label, maps[i].label) != 0)
			fail_msg("%zu: \"%s\" is not \"%s\"", i, regions[i].label, maps[i].label);
		if (regions[i].class != maps[i].class)
			fail_msg("%s is %s", maps[i].label, region_class_word(regions[i].class));
		assert_int_equal(regions[i].worker, maps[i].worker);
	}
}

/* Process 200, its host thread 200, and the workers 201 and 202. */
static void add_thread_crew(struct scope *s)
{
	struct worker_sample *worker;

	add_task(&s->sample, SIDE_RIGHT, 200, 200)->worker = WORKER_HOST;
	for (int i = 0; i < 2; i++) {
		add_task(&s->sample, SIDE_RIGHT, 200, 201 + i)->worker = (int16_t)i;
		worker = add_worker(&s->sample, SIDE_RIGHT, i, 200, 201 + i);
		worker->stack_low = i == 0 ? 0x7ffff7002000 : 0x7ffff6801000;
		worker->stack_high = i == 0 ? 0x7ffff7802000 : 0x7ffff7001000;
	}
	add_maps(&s->sample, 200, thread_crew, ARRAY_LEN(thread_crew), 0);
}

/* Found by a trial: an arena whose guards touch a thread's stack below and the board above. */
static const struct map arena[] = {
	{ 0x7fff00001000, 0x7fff00009000, "rw-p", "", REGION_STACK, 0, "stack of w0" },
	{ 0x7fff00009000, 0x7fff0000a000, "---p", "", REGION_GUARD, WORKER_NONE, "arena guard" },
	{ 0x7fff0000a000, 0x7fff0008a000, "rw-p", "", REGION_ANONYMOUS, WORKER_NONE, "arena" },
	{ 0x7fff0008a000, 0x7fff0010a000, "rw-p", "[anon:x]", REGION_ANONYMOUS, WORKER_NONE, "x" },
	{ 0x7fff0010a000, 0x7fff0018a000, "r--p", "", REGION_ANONYMOUS, WORKER_NONE, "arena" },
	{ 0x7fff0018a000, 0x7fff0018b000, "---p", "", REGION_GUARD, WORKER_NONE, "arena guard" },
	{ 0x7fff0018b000, 0x7fff0018c000, "rw-s", "/memfd:taskscope-board (deleted)", REGION_BOARD,
		WORKER_NONE, "board" },
	{ 0x7fff0018c000, 0x7fff0018d000, "---p", "", REGION_ANONYMOUS, WORKER_NONE, "reserved" },
};

static void an_arena_is_where_its_crew_says(void **state)
{
	struct scope *s = *state;
	struct crew_sample *crew = add_crew(&s->sample, SIDE_LEFT, KIND_THREADS, 5);
	struct worker_sample *worker = add_worker(&s->sample, SIDE_LEFT, 0, 5, 6);

	crew->arena_low = 0x7fff0000a000;
	crew->arena_high = 0x7fff0018a000;
	worker->stack_low = 0x7fff00001000;
	worker->stack_high = 0x7fff00009000;
	add_task(&s->sample, SIDE_LEFT, 5, 5)->worker = WORKER_HOST;
	add_maps(&s->sample, 5, arena, ARRAY_LEN(arena), 0);
	model_feed(s->model, &s->sample);
	assert_regions(s, 5, arena, ARRAY_LEN(arena));
}

static bool is_of_a_thread(const struct map *map)
{
	return map->class == REGION_STACK ? map->worker >= 0
					  : map->class == REGION_GUARD && map->worker >= 0;
}

/* Process 101, worker 1 of the left: the same program, forked, without thread stacks. */
static size_t add_process_worker(struct scope *s, uint64_t slide)
{
	struct worker_sample *worker = add_worker(&s->sample, SIDE_LEFT, 1, 101, 101);
	size_t n = 0;

	worker->stack_low = 0x7fffff7ff000 + slide; /* by RLIMIT_STACK: below what is mapped */
	worker->stack_high = 0x7ffffffff000 + slide;
	add_task(&s->sample, SIDE_LEFT, 101, 101)->worker = 1;
	for (size_t i = 0; i < ARRAY_LEN(thread_crew); i++) {
		if (is_of_a_thread(&thread_crew[i]))
			continue;
		add_maps(&s->sample, 101, &thread_crew[i], 1, slide);
		n++;
	}
	return n;
}

static void every_mapping_of_a_thread_crew_has_a_meaning(void **state)
{
	struct scope *s = *state;

	add_thread_crew(s);
	model_feed(s->model, &s->sample);
	assert_regions(s, 200, thread_crew, ARRAY_LEN(thread_crew));
}

static void mappings_of_any_program_have_a_meaning(void **state)
{
	struct scope *s = *state;

	add_maps(&s->sample, 7, zoo, ARRAY_LEN(zoo), 0);
	model_feed(s->model, &s->sample);
	assert_regions(s, 7, zoo, ARRAY_LEN(zoo));
}

static const struct region *region_at(struct scope *s, int32_t pid, uint64_t start)
{
	size_t n;
	const struct region *regions = model_regions(s->model, pid, &n);

	for (size_t i = 0; i < n; i++)
		if (regions[i].mapping->start == start)
			return &regions[i];
	fail_msg("no region at %#llx", (unsigned long long)start);
	return NULL;
}

static void a_process_worker_s_stack_is_the_host_s_copied(void **state)
{
	struct scope *s = *state;

	add_process_worker(s, 0);
	model_feed(s->model, &s->sample);
	assert_string_equal(region_at(s, 101, 0x7ffffffde000)->label, "stack of w1");
	assert_int_equal(region_at(s, 101, 0x7ffffffde000)->worker, 1);
}

static void a_stack_is_nobody_s_after_its_worker_ended(void **state)
{
	struct scope *s = *state;

	add_thread_crew(s);
	s->sample.workers.at[0].phase = WORKER_ENDED;
	s->sample.workers.at[1].stack_high = 0;
	model_feed(s->model, &s->sample);
	assert_int_equal(region_at(s, 200, 0x7ffff7002000)->class, REGION_ANONYMOUS);
	assert_int_equal(region_at(s, 200, 0x7ffff7001000)->class, REGION_ANONYMOUS);
	assert_int_equal(region_at(s, 200, 0x7ffff6801000)->class, REGION_ANONYMOUS);
}

static void a_stack_of_another_process_is_not_ours(void **state)
{
	struct scope *s = *state;

	add_thread_crew(s);
	s->sample.workers.at[0].pid = 199;
	model_feed(s->model, &s->sample);
	assert_int_equal(region_at(s, 200, 0x7ffff7002000)->class, REGION_ANONYMOUS);
	assert_int_equal(region_at(s, 200, 0x7ffff6801000)->class, REGION_STACK);
}

/* Newer C libraries guard stacks without mappings, and the kernel makes one mapping of stacks that
 * touch. */
static void stacks_that_the_kernel_merged_name_the_first_and_how_many(void **state)
{
	struct scope *s = *state;

	for (int i = 0; i < 3; i++) {
		struct worker_sample *worker = add_worker(&s->sample, SIDE_LEFT, i, 5, 50 + i);

		worker->stack_high = 0x10000 * (uint64_t)(i + 1);
		worker->stack_low = worker->stack_high - 0xf000;
	}
	add_mapping(&s->sample, 5, 0x1000, 0x30000, "rw-p", "");
	model_feed(s->model, &s->sample);
	assert_string_equal(region_at(s, 5, 0x1000)->label, "stacks of w0 +2");
	assert_int_equal(region_at(s, 5, 0x1000)->worker, 0);
}

static void a_long_name_is_cut_at_a_whole_character(void **state)
{
	struct scope *s = *state;
	char path[107] = "/lib/";

	for (int i = 0; i < 40; i++)
		strcat(path, "\xc3\xa4");
	strcat(path, ".so");
	add_mapping(&s->sample, 5, 0x1000, 0x2000, "r--p", "/bin/x");
	add_mapping(&s->sample, 5, 0x2000, 0x3000, "r-xp", path);
	model_feed(s->model, &s->sample);
	assert_int_equal(text_width(region_at(s, 5, 0x2000)->label),
		(sizeof(((struct region *)0)->label) - 1 - strlen(" text")) / 2 + strlen(" text"));
}

static void a_process_without_mappings_has_no_regions(void **state)
{
	struct scope *s = *state;
	size_t n = 99;

	assert_null(model_regions(s->model, 200, &n));
	assert_int_equal(n, 0);
	add_thread_crew(s);
	model_feed(s->model, &s->sample);
	n = 99;
	assert_null(model_regions(s->model, 201, &n));
	assert_int_equal(n, 0);
}

/* --- alignment --- */

/* Every region stands in exactly one row, in ascending order; returns the rows. */
static const struct region_pair *align(struct scope *s, int32_t left, int32_t right, size_t *ret_n)
{
	size_t n, left_n = 0, right_n = 0, i = 0, j = 0;
	const struct region *l = left ? model_regions(s->model, left, &left_n) : NULL;
	const struct region *r = right ? model_regions(s->model, right, &right_n) : NULL;
	const struct region_pair *rows = model_align(s->model, left, right, &n);

	for (size_t k = 0; k < n; k++) {
		assert_true(rows[k].left || rows[k].right);
		if (rows[k].left)
			assert_ptr_equal(rows[k].left, &l[i++]);
		if (rows[k].right)
			assert_ptr_equal(rows[k].right, &r[j++]);
		if (rows[k].left && rows[k].right)
			assert_int_equal(rows[k].left->class, rows[k].right->class);
		assert_int_equal(rows[k].same_address,
			rows[k].left && rows[k].right &&
				rows[k].left->mapping->start == rows[k].right->mapping->start);
	}
	assert_int_equal(i, left_n);
	assert_int_equal(j, right_n);
	*ret_n = n;
	return rows;
}

static void assert_crews_aligned(struct scope *s, size_t left_n, bool same_address)
{
	size_t n, alone = 0;
	const struct region_pair *rows = align(s, 101, 200, &n);

	assert_int_equal(n, ARRAY_LEN(thread_crew));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].left) {
			assert_string_equal(
				rows[i].left->mapping->path, rows[i].right->mapping->path);
			assert_string_equal(
				rows[i].left->mapping->perms, rows[i].right->mapping->perms);
			assert_int_equal(rows[i].same_address, same_address);
		} else {
			assert_true(
				rows[i].right->worker >= 0); /* a thread's stack, or its guard */
			alone++;
		}
	}
	assert_int_equal(alone, n - left_n);
}

static void at_the_same_addresses_only_thread_stacks_stand_alone(void **state)
{
	struct scope *s = *state;
	const size_t n = add_process_worker(s, 0);

	add_thread_crew(s);
	model_feed(s->model, &s->sample);
	assert_crews_aligned(s, n, true);
}

static void at_random_addresses_the_same_objects_stand_in_one_row(void **state)
{
	struct scope *s = *state;
	const size_t n = add_process_worker(s, 0x123456000);

	add_thread_crew(s);
	model_feed(s->model, &s->sample);
	assert_crews_aligned(s, n, false);
}

static void one_side_may_be_empty(void **state)
{
	struct scope *s = *state;
	const struct region_pair *rows;
	size_t n;

	add_thread_crew(s);
	model_feed(s->model, &s->sample);
	rows = align(s, 0, 200, &n);
	assert_int_equal(n, ARRAY_LEN(thread_crew));
	assert_null(rows[0].left);
	rows = align(s, 200, 0, &n);
	assert_int_equal(n, ARRAY_LEN(thread_crew));
	assert_null(rows[0].right);
	align(s, 77, 200, &n);
	assert_int_equal(n, ARRAY_LEN(thread_crew));
	align(s, 0, 0, &n);
	assert_int_equal(n, 0);
}

static void a_process_beside_itself_pairs_all(void **state)
{
	struct scope *s = *state;
	const struct region_pair *rows;
	size_t n;

	add_thread_crew(s);
	model_feed(s->model, &s->sample);
	rows = align(s, 200, 200, &n);
	assert_int_equal(n, ARRAY_LEN(thread_crew));
	for (size_t i = 0; i < n; i++)
		assert_true(rows[i].same_address);
}

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static size_t add_random_maps(struct sample *sample, int32_t pid, unsigned *seed)
{
	static const char *const paths[] = { "", "[heap]", "[stack]", LIBC, "/bin/prog",
		"/srv/file", "/memfd:taskscope-X (deleted)", "/memfd:taskscope-board (deleted)",
		"[vdso]" };
	static const char *const perms[] = { "r--p", "rw-p", "r-xp", "---p", "rw-s" };
	const size_t n = next_random(seed) % 40;
	uint64_t at = 0;

	for (size_t i = 0; i < n; i++) {
		const uint64_t start = at + (next_random(seed) % 3 << 12);

		at = start + ((next_random(seed) % 4 + 1) << 12);
		add_mapping(sample, pid, start, at, perms[next_random(seed) % ARRAY_LEN(perms)],
			paths[next_random(seed) % ARRAY_LEN(paths)]);
	}
	return n;
}

static void whatever_is_mapped_every_region_stands_in_one_row_in_order(void **state)
{
	struct scope *s = *state;
	unsigned seed = 11;

	for (int round = 0; round < 2000; round++) {
		size_t left_n, right_n, n;

		start_sample(&s->sample, round);
		left_n = add_random_maps(&s->sample, 1, &seed);
		right_n = add_random_maps(&s->sample, 2, &seed);
		model_feed(s->model, &s->sample);
		align(s, 1, 2, &n);
		assert_in_range(n, MAX(left_n, right_n), left_n + right_n);
	}
}

/* A recording may hold what no kernel says: nothing is lost and nothing stands twice. */
static void mappings_out_of_order_still_stand_in_one_row_each(void **state)
{
	struct scope *s = *state;
	unsigned seed = 5;
	size_t n;

	for (int round = 0; round < 200; round++) {
		start_sample(&s->sample, round);
		for (int i = 0; i < 60; i++) {
			const uint64_t start = next_random(&seed) % 50 << 12;

			add_mapping(&s->sample, 1 + i / 30, start,
				start + 0x1000 - (start ? 0x2000 : 0), "rw-p", i % 3 ? "" : LIBC);
		}
		model_feed(s->model, &s->sample);
		align(s, 1, 2, &n);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down_model)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_mapping_of_a_thread_crew_has_a_meaning),
		TEST(mappings_of_any_program_have_a_meaning),
		TEST(a_process_worker_s_stack_is_the_host_s_copied),
		TEST(a_stack_is_nobody_s_after_its_worker_ended),
		TEST(a_stack_of_another_process_is_not_ours),
		TEST(an_arena_is_where_its_crew_says),
		TEST(stacks_that_the_kernel_merged_name_the_first_and_how_many),
		TEST(a_long_name_is_cut_at_a_whole_character),
		TEST(a_process_without_mappings_has_no_regions),
		TEST(at_the_same_addresses_only_thread_stacks_stand_alone),
		TEST(at_random_addresses_the_same_objects_stand_in_one_row),
		TEST(one_side_may_be_empty),
		TEST(a_process_beside_itself_pairs_all),
		TEST(whatever_is_mapped_every_region_stands_in_one_row_in_order),
		TEST(mappings_out_of_order_still_stand_in_one_row_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
