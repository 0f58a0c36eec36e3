/* SPDX-License-Identifier: MIT
 * Groups: what target expressions mean and are refused for, who belongs to a side as processes come and go, and numbers
 * that stay with their tasks.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "group.h"

#define SELF 900

static struct group_process *add(
	struct group_table *table, int32_t pid, int32_t ppid, const char *name, const char *command)
{
	struct group_process *process = vec_push(&table->rows);

	*process = (struct group_process) { .pid = pid,
		.ppid = ppid,
		.start = pid * 10,
		.threads = 1,
		.uid = 33,
		.state = 'S',
		.fresh = true };
	snprintf(process->comm, sizeof(process->comm), "%.15s", name);
	group_parse_cmdline(command, strlen(command), process);
	return process;
}

/* A server with workers, two of one name, a long name, a service, a kernel thread, a zombie, and ourselves. */
static void fill(struct group_table *table)
{
	*table = (struct group_table) { .now = 100000, .ticks_per_s = 100 };
	add(table, 1, 0, "systemd", "/sbin/init");
	add(table, 2, 0, "kthreadd", "")->kernel = true;
	add(table, 3, 2, "kworker/0:1", "")->kernel = true;
	add(table, 100, 1, "nginx", "nginx: master process /usr/sbin/nginx");
	add(table, 101, 100, "nginx", "nginx: worker process");
	add(table, 102, 100, "nginx", "nginx: worker process");
	add(table, 200, 1, "sleep", "sleep 100");
	add(table, 201, 1, "sleep", "sleep 200");
	add(table, 300, 1, "a-server-of-long-name", "/opt/bin/a-server-of-long-name --x");
	add(table, 301, 1, "a-server-of-long-other", "/opt/bin/a-server-of-long-other");
	strcpy(add(table, 400, 1, "redis-server", "redis-server *:6379")->cgroup,
		"/system.slice/redis.service");
	add(table, 500, 1, "defunct", "")->state = 'Z';
	add(table, 600, 1, "bash", "-bash");
	add(table, SELF, 600, "taskscope", "taskscope attach bash");
	add(table, SELF + 1, SELF, "taskscope", "taskscope attach bash");
}

struct expected {
	const char *typed;
	int error; /* of reading, or of resolving */
	int32_t roots[4];
	const char *why; /* part of the words */
};

static const struct expected targets[] = {
	{ "200", 0, { 200 }, "" },
	{ "nginx", 0, { 100 }, "" },
	{ "nginx*", 0, { 100 }, "" },
	{ "sleep*", 0, { 200, 201 }, "" },
	{ "s*", 0, { 1 }, "" }, /* of init and what descends from it, init */
	{ "a-server-of-long-name", 0, { 300 }, "" },
	{ "a-server-of-lon", -EEXIST, { 0 }, "2 processes" },
	{ "unit:redis.service", 0, { 400 }, "" },
	{ "cgroup:/system.slice", 0, { 400 }, "" },
	{ "cgroup:/system.slice/", 0, { 400 }, "" },
	{ "cgroup:/system", -ESRCH, { 0 }, "no process is in" },
	{ "unit:edis.service", -ESRCH, { 0 }, "no process is in" },
	{ "sleep", -EEXIST, { 0 }, "PID     user      age  threads  command" },
	{ "sleep", -EEXIST, { 0 }, "201       33    16:19        1  sleep 200" },
	{ "ngin", -ESRCH, { 0 }, "no process of the name 'ngin'" },
	{ "99", -ESRCH, { 0 }, "no process '99'" },
	{ "2", -EINVAL, { 0 }, "kernel thread" },
	{ "kworker/0:1", -EINVAL, { 0 }, "kernel thread" },
	{ "500", -EINVAL, { 0 }, "zombie" },
	{ "900", -EINVAL, { 0 }, "taskscope itself" },
	{ "901", -EINVAL, { 0 }, "taskscope itself" },
	{ "taskscope", -EINVAL, { 0 }, "taskscope itself" },
	{ "0", -EINVAL, { 0 }, "a PID is from 1" },
	{ "4294967296", -EINVAL, { 0 }, "a PID is from 1" },
	{ "", -EINVAL, { 0 }, "empty" },
	{ "unit:", -EINVAL, { 0 }, "missing" },
	{ "unit:/a", -EINVAL, { 0 }, "not a path" },
	{ "cgroup:system.slice", -EINVAL, { 0 }, "begins with '/'" },
	{ "a*b", -EINVAL, { 0 }, "at the end" },
	{ "-x", -EINVAL, { 0 }, "options" },
};

static void check_roots(const struct groups *groups, const struct expected *expected)
{
	size_t n, found = 0;
	const struct group_member *members = groups_members(groups, &n);

	while (found < ARRAY_LEN(expected->roots) && expected->roots[found])
		found++;
	assert_int_equal(n, found);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(members[i].pid, expected->roots[i]);
		assert_true(members[i].root);
	}
}

static void targets_are_found_or_refused_in_words(void **state)
{
	struct group_table table;

	fill(&table);
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
		struct group_target target;
		struct buf why = { 0 };
		char text[200] = "";
		int error = group_parse_target(targets[i].typed, &target, text, sizeof(text));

		buf_adds(&why, text);
		if (!error)
			error = groups_add(groups, &target, &table, &why);
		if (error != targets[i].error || !strstr(why.text, targets[i].why))
			fail_msg("%s: %d, %s", targets[i].typed, error, why.text);
		check_roots(groups, &targets[i]);
		buf_finish(&why);
		groups_destroy(groups);
	}
	vec_finish(&table.rows);
}

static int put(struct groups *groups, const struct group_table *table, enum side side,
	const char *typed, int32_t process)
{
	struct group_target target;
	struct buf why = { 0 };
	char text[200];
	int error;

	assert_int_equal(group_parse_target(typed, &target, text, sizeof(text)), 0);
	target.side = side;
	target.process = process;
	error = groups_add(groups, &target, table, &why);
	buf_finish(&why);
	return error;
}

static enum side side_of(const struct groups *groups, int32_t pid)
{
	const struct group_member *member = groups_find(groups, pid);

	return member ? member->side : SIDES;
}

static void a_process_belongs_to_the_nearest_target(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	struct group_table table;

	fill(&table);
	assert_int_equal(put(groups, &table, SIDE_LEFT, "nginx", 0), 0);
	assert_int_equal(put(groups, &table, SIDE_RIGHT, "101", 0), 0);
	assert_int_equal(put(groups, &table, SIDE_RIGHT, "100", 0), -EINVAL); /* on both sides */
	add(&table, 1000, 101, "child", "");
	add(&table, 1001, 1000, "grandchild", "");
	groups_update(groups, &table);
	assert_int_equal(side_of(groups, 100), SIDE_LEFT);
	assert_int_equal(side_of(groups, 102), SIDE_LEFT);
	assert_int_equal(side_of(groups, 101), SIDE_RIGHT);
	assert_int_equal(side_of(groups, 1001), SIDE_RIGHT);
	groups_destroy(groups);
	vec_finish(&table.rows);
}

static void neither_we_nor_our_children_are_members(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	struct group_table table;
	size_t n;

	fill(&table);
	assert_int_equal(put(groups, &table, SIDE_LEFT, "bash", 0), 0);
	groups_update(groups, &table);
	groups_members(groups, &n);
	assert_int_equal(n, 1);
	groups_destroy(groups);
	vec_finish(&table.rows);
}

static struct group_sample report(const struct groups *groups, struct sample *sample)
{
	sample_clear(sample);
	groups_report(groups, sample);
	assert_int_equal(sample->groups.n, 1);
	return sample->groups.at[0];
}

static void members_outlive_their_root_and_a_number_used_again_is_a_stranger(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	struct group_table table;
	struct sample sample = { 0 };
	struct group_sample row;

	fill(&table);
	assert_int_equal(put(groups, &table, SIDE_LEFT, "nginx", 0), 0);
	groups_update(groups, &table);
	row = report(groups, &sample);
	assert_string_equal(row.title, "nginx");
	assert_int_equal(row.processes, 3);
	assert_int_equal(row.births, 0); /* who was there was not born before our eyes */
	/* The root ends, and its number is another's at once; its children get another parent. */
	table.rows.at[3].start++;
	table.rows.at[4].ppid = table.rows.at[5].ppid = 1;
	for (size_t i = 0; i < table.rows.n; i++)
		table.rows.at[i].fresh = i == 3;
	add(&table, 1000, 102, "born", "");
	groups_update(groups, &table);
	row = report(groups, &sample);
	assert_int_equal(row.state, GROUP_LIVING);
	assert_int_equal(row.processes, 3);
	assert_int_equal(row.roots, 0);
	assert_int_equal(row.births, 1);
	assert_int_equal(row.ended, 1);
	assert_null(groups_find(groups, 100));
	table.rows.n = 3;
	groups_update(groups, &table);
	assert_int_equal(report(groups, &sample).state, GROUP_ENDED);
	sample_finish(&sample);
	groups_destroy(groups);
	vec_finish(&table.rows);
}

static void targets_can_be_waited_for_and_children_left_out(void **state)
{
	struct groups *groups = groups_create(
		&(struct group_options) { .self = SELF, .wait = true, .no_children = true });
	struct group_table table;
	struct sample sample = { 0 };

	fill(&table);
	assert_int_equal(put(groups, &table, SIDE_RIGHT, "later", 0), 0);
	groups_update(groups, &table);
	assert_true(groups_want_names(groups));
	assert_int_equal(report(groups, &sample).state, GROUP_WAITING);
	add(&table, 1000, 1, "later", "later");
	add(&table, 1001, 1000, "child", "");
	groups_update(groups, &table);
	assert_false(groups_want_names(groups));
	assert_int_equal(report(groups, &sample).processes, 1);
	assert_int_equal(sample.groups.at[0].side, SIDE_RIGHT);
	sample_finish(&sample);
	groups_destroy(groups);
	vec_finish(&table.rows);
}

static void who_comes_into_a_cgroup_is_a_member(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	struct group_table table;

	fill(&table);
	assert_int_equal(put(groups, &table, SIDE_LEFT, "unit:redis.service", 0), 0);
	groups_update(groups, &table);
	assert_true(groups_want_cgroups(groups));
	strcpy(add(&table, 1000, 1, "daemon", "")->cgroup, "/system.slice/redis.service");
	groups_update(groups, &table);
	assert_int_equal(side_of(groups, 1000), SIDE_LEFT);
	groups_destroy(groups);
	vec_finish(&table.rows);
}

static void a_thread_stands_for_its_process_and_it_is_said(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	struct group_table table;
	struct sample sample = { 0 };

	fill(&table);
	assert_int_equal(put(groups, &table, SIDE_LEFT, "202", 200), 0);
	assert_string_equal(
		report(groups, &sample).note, "TID 202 is a thread of 200, which is shown");
	assert_int_equal(sample.groups.at[0].pid, 200);
	sample_finish(&sample);
	groups_destroy(groups);
	vec_finish(&table.rows);
}

/* --- random births and deaths --- */

#define PROCESSES 64

struct life {
	int32_t ppid;
	int64_t start;
	int side; /* what is expected; SIDES: neither */
};

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void give_birth(struct life *lives, int32_t pid, uint32_t *random, int64_t now)
{
	const int32_t parent = (int32_t)(next_random(random) % PROCESSES);

	if (lives[pid].start || (parent && !lives[parent].start))
		return;
	lives[pid] = (struct life) { parent ? parent + 1000 : 1, now,
		parent ? lives[parent].side : SIDES };
}

static void end(struct life *lives, int32_t pid)
{
	for (int i = 0; i < PROCESSES; i++)
		if (lives[i].ppid == pid + 1000)
			lives[i].ppid = 1;
	lives[pid] = (struct life) { 0 };
}

/* fresh: as a reader of /proc finds out, by who is listed now and was not. */
static void table_of(const struct life *lives, const struct life *before, struct group_table *table)
{
	table->rows.n = 0;
	add(table, 1, 0, "init", "")->fresh = false;
	for (int32_t pid = 0; pid < PROCESSES; pid++) {
		struct group_process *process;

		if (!lives[pid].start)
			continue;
		process = add(table, pid + 1000, lives[pid].ppid, "x", "");
		process->start = lives[pid].start;
		process->fresh = before[pid].start != lives[pid].start;
	}
}

/* What a side's row says is what its members add up to, whoever came and went. */
static void sums_are_those_of_the_members(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	struct life lives[PROCESSES] = { 0 }, before[PROCESSES] = { 0 };
	struct group_table table = { 0 };
	struct sample sample = { 0 };
	uint32_t random = 12345;
	int64_t born[SIDES] = { 0 }, here[SIDES] = { 0 };

	lives[1] = (struct life) { 1, 1, SIDE_LEFT };
	lives[2] = (struct life) { 1001, 1, SIDE_RIGHT };
	table_of(lives, before, &table);
	assert_int_equal(put(groups, &table, SIDE_LEFT, "1001", 0), 0);
	assert_int_equal(put(groups, &table, SIDE_RIGHT, "1002", 0), 0);
	groups_update(groups, &table);
	for (int round = 0; round < 3000; round++) {
		memcpy(before, lives, sizeof(before));
		/* Who is born of somebody that ends before he is seen has no parent to be known by. */
		for (int i = 0; i < 3; i++) {
			const int32_t pid = 1 + (int32_t)(next_random(&random) % (PROCESSES - 1));

			if (before[pid].start && next_random(&random) % 3 == 0 && pid > 2)
				end(lives, pid);
		}
		for (int i = 0; i < 3; i++) {
			const int32_t pid = 1 + (int32_t)(next_random(&random) % (PROCESSES - 1));

			if (!before[pid].start)
				give_birth(lives, pid, &random, round + 2);
		}
		table_of(lives, before, &table);
		groups_update(groups, &table);
		sample_clear(&sample);
		groups_report(groups, &sample);
		for (int side = 0; side < SIDES; side++) {
			here[side] = 0;
			for (int pid = 0; pid < PROCESSES; pid++) {
				const bool of = lives[pid].start && lives[pid].side == side;

				here[side] += of;
				born[side] += of && before[pid].start != lives[pid].start;
				if (lives[pid].start)
					assert_int_equal(
						side_of(groups, pid + 1000), lives[pid].side);
			}
			assert_int_equal(sample.groups.at[side].processes, here[side]);
			assert_int_equal(sample.groups.at[side].births, born[side]);
			assert_int_equal(sample.groups.at[side].ended, born[side] + 1 - here[side]);
		}
	}
	assert_true(born[SIDE_LEFT] > 10 && born[SIDE_RIGHT] > 10);
	sample_finish(&sample);
	vec_finish(&table.rows);
	groups_destroy(groups);
}

static void numbers_stay_and_are_used_again(void **state)
{
	struct groups *groups = groups_create(&(struct group_options) { .self = SELF });
	int16_t first[3000];

	for (int round = 0; round < 5; round++) {
		groups_begin_numbers(groups);
		for (int i = 0; i < 3000; i++) {
			int16_t number = groups_number(groups, SIDE_LEFT, 7 * i + 1);

			first[i] = round ? first[i] : number;
			assert_int_equal(number, first[i]);
			assert_int_equal(number, i);
		}
		assert_int_equal(groups_number(groups, SIDE_RIGHT, 1), 0);
		groups_end_numbers(groups);
	}
	groups_begin_numbers(groups);
	for (int i = 0; i < 3000; i += 2)
		assert_int_equal(groups_number(groups, SIDE_LEFT, 7 * i + 1), i);
	groups_end_numbers(groups);
	/* New tasks take the numbers of those that ended. */
	groups_begin_numbers(groups);
	for (int i = 0; i < 1500; i++)
		assert_true(groups_number(groups, SIDE_LEFT, 100000 + i) < 3000);
	groups_end_numbers(groups);
	groups_destroy(groups);
}

static void cgroups_and_command_lines_are_read(void **state)
{
	static const char cmdline[] = "/usr/bin/py thon\0-c\0x\ty\0\0";
	static const char *const cgroups[][2] = {
		{ "0::/system.slice/nginx.service\n", "/system.slice/nginx.service" },
		{ "12:cpu:/a\n1:name=systemd:/b\n0::/c", "/c" },
		{ "12:cpu:/a\n1:name=systemd:/b\n", "/a" },
		{ "0::/\n", "/" },
		{ "", "" },
		{ "nonsense", "" },
	};
	struct group_process process = { 0 };
	char out[64];

	for (size_t i = 0; i < ARRAY_LEN(cgroups); i++) {
		group_parse_cgroup(cgroups[i][0], strlen(cgroups[i][0]), out, sizeof(out));
		assert_string_equal(out, cgroups[i][1]);
	}
	group_parse_cmdline(cmdline, sizeof(cmdline) - 1, &process);
	assert_string_equal(process.command, "/usr/bin/py thon -c x y");
	assert_string_equal(process.program, "py");
	group_parse_cmdline("nginx: worker process", 21, &process);
	assert_string_equal(process.program, "nginx");
	group_parse_cmdline("", 0, &process);
	assert_string_equal(process.program, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_are_found_or_refused_in_words),
		cmocka_unit_test(a_process_belongs_to_the_nearest_target),
		cmocka_unit_test(neither_we_nor_our_children_are_members),
		cmocka_unit_test(members_outlive_their_root_and_a_number_used_again_is_a_stranger),
		cmocka_unit_test(targets_can_be_waited_for_and_children_left_out),
		cmocka_unit_test(who_comes_into_a_cgroup_is_a_member),
		cmocka_unit_test(a_thread_stands_for_its_process_and_it_is_said),
		cmocka_unit_test(sums_are_those_of_the_members),
		cmocka_unit_test(numbers_stay_and_are_used_again),
		cmocka_unit_test(cgroups_and_command_lines_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
