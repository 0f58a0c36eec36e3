/* SPDX-License-Identifier: MIT
 * The table of commands is whole and without contradiction, and names of keys go both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "command.h"
#include "order.h"

static void every_command_has_a_key_a_name_and_help(void **state)
{
	for (int i = 1; i < COMMANDS; i++) {
		assert_int_not_equal(command_table[i].keys[0], KEYCODE_NONE);
		assert_true(command_table[i].name[0]);
		assert_true(command_table[i].help[0]);
		assert_true(strlen(command_table[i].name) <= 16);
	}
}

static bool meet(const struct command *a, const struct command *b, enum command_mode mode)
{
	return command_works(a, mode) && command_works(b, mode) &&
	       (!a->pane || !b->pane || strcmp(a->pane, b->pane) == 0);
}

/* All keys of a command in a mode; returns how many. */
static int keys_of(const struct command *command, enum command_mode mode, int out[16])
{
	const int *keys = command_keys(command, mode);
	int n = 0;

	for (int i = 0; i < COMMAND_KEYS && keys[i]; i++)
		out[n++] = keys[i];
	for (int key = keys[0] + 1; key <= command->last_key; key++)
		out[n++] = key;
	return n;
}

static bool same_key(const struct command *a, const struct command *b, enum command_mode mode)
{
	int of_a[16], of_b[16], n = keys_of(a, mode, of_a), m = keys_of(b, mode, of_b);

	for (int i = 0; i < n; i++)
		for (int k = 0; k < m; k++)
			if (of_a[i] == of_b[k])
				return true;
	return false;
}

static void no_key_has_two_commands_in_a_mode_and_a_pane(void **state)
{
	for (enum command_mode mode = 0; mode < COMMAND_MODES; mode++)
		for (int i = 1; i < COMMANDS; i++)
			for (int k = i + 1; k < COMMANDS; k++)
				if (meet(&command_table[i], &command_table[k], mode) &&
					same_key(&command_table[i], &command_table[k], mode))
					fail_msg("'%s' and '%s' in mode %d", command_table[i].name,
						command_table[k].name, (int)mode);
}

/* A name that the order table lacks would be a key that does nothing. */
static void every_order_of_a_command_is_one_that_workers_know(void **state)
{
	size_t n = 0;

	for (int i = 1; i < COMMANDS; i++) {
		const struct command *command = &command_table[i];

		if (!command->order)
			continue;
		n++;
		int order = order_find(command->order);

		if (order <= 0)
			fail_msg("'%s' orders '%s', which is no order", command->name,
				command->order);
		assert_int_equal(command->group, GROUP_STEER);
		assert_non_null(command->pane);
		if (command->argument)
			assert_true(command->argument >= order_table[order].min &&
				    command->argument <= order_table[order].max);
	}
	assert_true(n > 20);
}

static void a_key_finds_its_command_where_it_works(void **state)
{
	int keys[16], found = 0;

	for (enum command_mode mode = 0; mode < COMMAND_MODES; mode++) {
		for (int i = 1; i < COMMANDS; i++) {
			if (!command_works(&command_table[i], mode))
				continue;
			for (int n = keys_of(&command_table[i], mode, keys); n > 0; n--) {
				assert_int_equal(
					command_of_key(keys[n - 1], mode, command_table[i].pane),
					i);
				found++;
			}
		}
	}
	assert_true(found > 200);
	assert_string_equal(
		command_table[command_of_key('w', MODE_LAB, "pages")].order, "write-arena");
	assert_string_equal(
		command_table[command_of_key('w', MODE_LAB, "pointer")].order, "write-x");
	assert_int_equal(command_of_key('w', MODE_LAB, "memory"), CMD_NONE);
	assert_int_equal(command_of_key('w', MODE_LAB, NULL), CMD_NONE);
	assert_int_equal(command_of_key('q', MODE_LAB, "pages"), CMD_QUIT);
}

/* What a clicker sends leads a lesson on and back; in the lab it moves through lists. */
static void a_stage_has_keys_of_its_own(void **state)
{
	assert_int_equal(command_of_key(KEYCODE_PAGE_DOWN, MODE_TOUR, "scene"), CMD_STAGE_FORWARD);
	assert_int_equal(command_of_key(KEYCODE_RIGHT, MODE_QUIZ, NULL), CMD_STAGE_FORWARD);
	assert_int_equal(command_of_key(KEYCODE_LEFT, MODE_TOUR, NULL), CMD_STAGE_BACK);
	assert_int_equal(command_of_key(KEYCODE_LEFT, MODE_QUIZ, NULL), CMD_NONE);
	assert_int_equal(command_of_key('b', MODE_TOUR, "lanes"), CMD_STAGE_BLACK);
	assert_int_equal(command_of_key('.', MODE_TOUR, NULL), CMD_STAGE_BLACK);
	assert_int_equal(command_of_key(KEYCODE_F5, MODE_TOUR, NULL), CMD_STAGE_FIRST);
	assert_int_equal(command_of_key('7', MODE_TOUR, NULL), CMD_STAGE_CHOOSE);
	assert_int_equal(command_of_key('7', MODE_LAB, NULL), CMD_VIEW_7);
	assert_int_equal(command_of_key('f', MODE_TOUR, NULL), CMD_PAUSE);
	assert_int_equal(command_of_key(KEYCODE_SPACE, MODE_LAB, NULL), CMD_PAUSE);
	assert_int_equal(command_of_key(KEYCODE_PAGE_DOWN, MODE_LAB, NULL), CMD_PAGE_DOWN);
	assert_int_equal(command_of_key('x', MODE_TOUR, "workers"), CMD_NONE);
	assert_int_equal(command_of_key('t', MODE_LAB, NULL), CMD_TOUR);
	assert_int_equal(command_of_key('t', MODE_REPLAY, NULL), CMD_NONE);
}

static void help_and_quit_are_everywhere(void **state)
{
	for (enum command_mode mode = 0; mode < COMMAND_MODES; mode++) {
		assert_int_equal(command_of_key('?', mode, NULL), CMD_HELP);
		assert_int_equal(command_of_key('h', mode, NULL), CMD_HELP);
		assert_int_equal(command_of_key('q', mode, NULL), CMD_QUIT);
		assert_int_equal(command_of_key(KEYCODE_F10, mode, NULL), CMD_QUIT);
		assert_int_equal(command_of_key('/', mode, NULL), CMD_FIND);
		assert_int_equal(command_of_key(':', mode, NULL), CMD_PALETTE);
	}
}

/* One that is asked about steers: what only looks ends nothing. */
static void what_is_dangerous_steers(void **state)
{
	int n = 0;

	for (int i = 1; i < COMMANDS; i++) {
		if (!command_table[i].danger)
			continue;
		assert_int_equal(command_table[i].group, GROUP_STEER);
		n++;
	}
	assert_true(n >= 10);
	assert_true(command_table[CMD_CRASH].danger && command_table[CMD_KILL].danger);
	assert_false(command_table[CMD_ADD].danger);
}

static void the_order_of_the_footer_has_no_ties(void **state)
{
	for (int i = 1; i < COMMANDS; i++)
		for (int k = i + 1; k < COMMANDS; k++) {
			const struct command *a = &command_table[i], *b = &command_table[k];

			if (a->footer &&
				(a->pane ? b->pane && strcmp(a->pane, b->pane) == 0 : !b->pane))
				assert_int_not_equal(a->footer, b->footer);
		}
}

static void an_order_steers_and_belongs_to_a_pane(void **state)
{
	for (int i = 1; i < COMMANDS; i++) {
		assert_int_equal(command_table[i].order != NULL, i >= CMD_ORDERS);
		if (!command_table[i].order)
			continue;
		assert_int_equal(command_table[i].group, GROUP_STEER);
		assert_non_null(command_table[i].pane);
	}
}

static void a_key_without_command_has_none(void **state)
{
	for (enum command_mode mode = 0; mode < COMMAND_MODES; mode++) {
		assert_int_equal(command_of_key(KEYCODE_NONE, mode, NULL), CMD_NONE);
		assert_int_equal(command_of_key('~', mode, NULL), CMD_NONE);
		assert_int_equal(command_of_key(KEYCODE_CLOSED, mode, NULL), CMD_NONE);
	}
}

static void every_key_of_the_table_is_found_by_its_name(void **state)
{
	char name[32];

	int keys[16];

	for (enum command_mode mode = 0; mode < COMMAND_MODES; mode++) {
		for (int i = 1; i < COMMANDS; i++) {
			for (int n = keys_of(&command_table[i], mode, keys); n > 0; n--) {
				key_name(keys[n - 1], name, sizeof(name));
				assert_true(name[0]);
				assert_int_equal(key_find(name, strlen(name)), keys[n - 1]);
			}
		}
	}
}

static void control_and_multibyte_keys_go_both_ways(void **state)
{
	const int keys[] = { 3, 0xe9, 0x20ac, 0x1f600 };
	char name[32];

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		key_name(keys[i], name, sizeof(name));
		assert_int_equal(key_find(name, strlen(name)), keys[i]);
	}
}

static void what_is_no_key_is_not_found(void **state)
{
	const char *const names[] = { "", "Tabb", "ab", "\x80", "\xc3", "C-", "\n" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(key_find(names[i], strlen(names[i])), KEYCODE_NONE);
}

static void a_control_character_never_reaches_the_echo_raw(void **state)
{
	char name[32];

	for (int key = 1; key < 0x300; key++) {
		key_name(key, name, sizeof(name));
		for (const char *c = name; *c; c++)
			assert_true((unsigned char)*c >= 32 && *c != 127);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_has_a_key_a_name_and_help),
		cmocka_unit_test(every_order_of_a_command_is_one_that_workers_know),
		cmocka_unit_test(no_key_has_two_commands_in_a_mode_and_a_pane),
		cmocka_unit_test(a_key_finds_its_command_where_it_works),
		cmocka_unit_test(an_order_steers_and_belongs_to_a_pane),
		cmocka_unit_test(the_order_of_the_footer_has_no_ties),
		cmocka_unit_test(a_stage_has_keys_of_its_own),
		cmocka_unit_test(help_and_quit_are_everywhere),
		cmocka_unit_test(what_is_dangerous_steers),
		cmocka_unit_test(a_key_without_command_has_none),
		cmocka_unit_test(every_key_of_the_table_is_found_by_its_name),
		cmocka_unit_test(control_and_multibyte_keys_go_both_ways),
		cmocka_unit_test(what_is_no_key_is_not_found),
		cmocka_unit_test(a_control_character_never_reaches_the_echo_raw),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
