/* SPDX-License-Identifier: MIT
 * The list of programs that can be picked: who stands in it, finding, sorting, and what is picked in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "command.h"
#include "pick.h"

#define SELF 50

static void add(struct group_table *table, int32_t pid, const char *name, int64_t rss_kb)
{
	struct group_process *process = vec_push(&table->rows);

	*process = (struct group_process) { .pid = pid,
		.ppid = 1,
		.start = pid,
		.threads = pid % 7,
		.rss_kb = rss_kb,
		.state = 'S' };
	strcpy(process->comm, name);
	snprintf(process->command, sizeof(process->command), "/usr/bin/%s --quiet", name);
}

static struct group_table four(void)
{
	struct group_table table = { 0 };

	add(&table, 10, "nginx", 4000);
	add(&table, 11, "postgres", 9000);
	add(&table, 12, "postgres", 3000);
	add(&table, 13, "redis-server", 5000);
	return table;
}

static void press(struct pick_list *list, const char *letters)
{
	for (; *letters; letters++)
		assert_int_equal(pick_list_key(list, *letters), PICK_GOES_ON);
}

static int32_t pid_at(const struct pick_list *list, size_t i)
{
	assert_true(i < list->shown.n);
	return list->rows.at[list->shown.at[i]].process.pid;
}

static void finish(struct pick_list *list, struct group_table *table)
{
	pick_list_finish(list);
	vec_finish(&table->rows);
}

static void what_can_be_no_target_is_not_listed(void **state)
{
	struct pick_list list = { .self = SELF };
	struct group_table table = four();

	add(&table, SELF, "taskscope", 1);
	add(&table, 51, "taskscope", 1);
	table.rows.at[5].ppid = SELF;
	add(&table, 52, "kworker", 0);
	table.rows.at[6].kernel = true;
	add(&table, 57, "gone", 0);
	table.rows.at[7].state = 'Z';
	pick_list_take(&list, &table);
	assert_int_equal(list.rows.n, 4);
	finish(&list, &table);
}

static void typing_finds_and_tab_sorts(void **state)
{
	struct pick_list list = { .self = SELF };
	struct group_table table = four();

	pick_list_take(&list, &table);
	assert_int_equal(pid_at(&list, 0), 11); /* by memory */
	assert_int_equal(pid_at(&list, 3), 12);
	press(&list, "\t");
	assert_int_equal(pid_at(&list, 0), 13); /* by tasks */
	press(&list, "\t\t");
	assert_int_equal(pid_at(&list, 0), 10); /* by name */
	press(&list, "POST");
	assert_int_equal(list.shown.n, 2);
	press(&list, "q"); /* a letter now */
	assert_int_equal(list.shown.n, 0);
	assert_int_equal(pick_list_key(&list, KEYCODE_ENTER), PICK_GOES_ON);
	assert_int_equal(pick_list_key(&list, KEYCODE_BACKSPACE), PICK_GOES_ON);
	assert_int_equal(list.shown.n, 2);
	assert_int_equal(pick_list_key(&list, KEYCODE_ESCAPE), PICK_GOES_ON);
	assert_int_equal(list.shown.n, 4);
	assert_int_equal(pick_list_key(&list, 'q'), PICK_LEFT);
	finish(&list, &table);
}

static void several_are_put_on_both_sides(void **state)
{
	struct pick_list list = { .self = SELF, .sort = PICK_PID };
	struct group_table table = four();
	struct pick pick;

	pick_list_take(&list, &table);
	pick_list_key(&list, KEYCODE_SPACE); /* 10 */
	pick_list_key(&list, KEYCODE_DOWN);
	pick_list_key(&list, KEYCODE_LEFT); /* 11 */
	pick_list_key(&list, KEYCODE_END);
	pick_list_key(&list, KEYCODE_RIGHT); /* 13 */
	pick_list_key(&list, KEYCODE_UP);
	pick_list_key(&list, KEYCODE_RIGHT); /* 12, and away again */
	pick_list_key(&list, KEYCODE_RIGHT);
	assert_int_equal(pick_list_key(&list, KEYCODE_ENTER), PICK_TAKEN);
	pick_list_picked(&list, &pick);
	assert_int_equal(pick.n[SIDE_LEFT], 2);
	assert_int_equal(pick.pid[SIDE_LEFT][0], 10);
	assert_int_equal(pick.pid[SIDE_LEFT][1], 11);
	assert_int_equal(pick.n[SIDE_RIGHT], 1);
	assert_int_equal(pick.pid[SIDE_RIGHT][0], 13);
	finish(&list, &table);
}

static void the_row_under_the_cursor_is_what_enter_takes(void **state)
{
	struct pick_list list = { .self = SELF, .sort = PICK_PID };
	struct group_table table = four();
	struct pick pick;

	pick_list_take(&list, &table);
	press(&list, "redis");
	assert_int_equal(pick_list_key(&list, KEYCODE_ENTER), PICK_TAKEN);
	pick_list_picked(&list, &pick);
	assert_int_equal(pick.n[SIDE_LEFT], 1);
	assert_int_equal(pick.n[SIDE_RIGHT], 0);
	assert_int_equal(pick.pid[SIDE_LEFT][0], 13);
	finish(&list, &table);
}

/* Of the next table a row has another start: the number is another program's. */
static void what_is_picked_stays_so_as_long_as_it_lives(void **state)
{
	struct pick_list list = { .self = SELF, .sort = PICK_PID };
	struct group_table table = four();
	struct pick pick;

	pick_list_take(&list, &table);
	for (int i = 0; i < 3; i++) {
		pick_list_key(&list, KEYCODE_SPACE);
		pick_list_key(&list, KEYCODE_DOWN);
	}
	table.rows.at[1].start = 4711;
	memmove(&table.rows.at[0], &table.rows.at[1], 3 * sizeof(table.rows.at[0]));
	table.rows.n = 3;
	add(&table, 14, "late", 1);
	pick_list_take(&list, &table);
	pick_list_picked(&list, &pick);
	assert_int_equal(pick.n[SIDE_LEFT], 1);
	assert_int_equal(pick.pid[SIDE_LEFT][0], 12);
	finish(&list, &table);
}

static void a_side_has_room_for_so_many(void **state)
{
	struct pick_list list = { .self = SELF, .sort = PICK_PID };
	struct group_table table = { 0 };
	struct pick pick;

	for (int i = 0; i < PICK_MAX + 8; i++)
		add(&table, 100 + i, "worker", i);
	pick_list_take(&list, &table);
	for (int i = 0; i < PICK_MAX + 8; i++) {
		pick_list_key(&list, KEYCODE_SPACE);
		assert_true(!list.note == (i < PICK_MAX));
		pick_list_key(&list, KEYCODE_DOWN);
	}
	pick_list_picked(&list, &pick);
	assert_int_equal(pick.n[SIDE_LEFT], PICK_MAX);
	finish(&list, &table);
}

/* Whatever the size is, nothing is drawn beyond it, and who is in sight is what is asked for. */
static void it_is_drawn_at_any_size(void **state)
{
	struct pick_list list = { .self = SELF };
	struct group_table table = four();

	pick_list_take(&list, &table);
	for (int rows = 1; rows < 10; rows++)
		for (int cols = 1; cols < 130; cols += 16) {
			struct canvas *canvas = canvas_create(rows, cols);
			int shown = 0;

			pick_list_draw(&list, canvas);
			for (size_t i = 0; i < table.rows.n; i++)
				shown += pick_list_shows(&list, &table.rows.at[i]);
			assert_int_equal(shown, MAX(MIN(rows - 4, 4), 0));
			canvas_destroy(canvas);
		}
	finish(&list, &table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_no_target_is_not_listed),
		cmocka_unit_test(typing_finds_and_tab_sorts),
		cmocka_unit_test(several_are_put_on_both_sides),
		cmocka_unit_test(the_row_under_the_cursor_is_what_enter_takes),
		cmocka_unit_test(what_is_picked_stays_so_as_long_as_it_lives),
		cmocka_unit_test(a_side_has_room_for_so_many),
		cmocka_unit_test(it_is_drawn_at_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
