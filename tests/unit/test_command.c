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

static bool meet(const struct command *a, const struct command *b)
{
	return !a->pane || !b->pane || strcmp(a->pane, b->pane) == 0;
}

static bool same_key(const struct command *a, const struct command *b)
{
	for (size_t i = 0; i < ARRAY_LEN(a->keys); i++)
		for (size_t k = 0; k < ARRAY_LEN(b->keys); k++)
			if (a->keys[i] && a->keys[i] == b->keys[k])
				return true;
	return false;
}

static void no_key_has_two_commands_in_a_pane(void **state)
{
	for (int i = 1; i < COMMANDS; i++)
		for (int k = i + 1; k < COMMANDS; k++)
			if (meet(&command_table[i], &command_table[k]) &&
				same_key(&command_table[i], &command_table[k]))
				fail_msg("'%s' and '%s'", command_table[i].name,
					command_table[k].name);
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
	for (int i = 1; i < COMMANDS; i++)
		for (size_t k = 0; k < ARRAY_LEN(command_table[i].keys); k++)
			if (command_table[i].keys[k])
				assert_int_equal(command_of_key(command_table[i].keys[k],
							 command_table[i].pane),
					i);
	assert_string_equal(command_table[command_of_key('w', "pages")].order, "write-arena");
	assert_string_equal(command_table[command_of_key('w', "pointer")].order, "write-x");
	assert_int_equal(command_of_key('w', "memory"), CMD_NONE);
	assert_int_equal(command_of_key('w', NULL), CMD_NONE);
	assert_int_equal(command_of_key('q', "pages"), CMD_QUIT);
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

static void help_and_quit_are_the_last_to_leave_the_footer(void **state)
{
	assert_int_equal(command_table[CMD_HELP].footer, 1);
	assert_int_equal(command_table[CMD_QUIT].footer, 2);
}

static void a_key_without_command_has_none(void **state)
{
	assert_int_equal(command_of_key(KEYCODE_NONE, NULL), CMD_NONE);
	assert_int_equal(command_of_key('~', NULL), CMD_NONE);
	assert_int_equal(command_of_key(KEYCODE_CLOSED, NULL), CMD_NONE);
}

static void every_key_of_the_table_is_found_by_its_name(void **state)
{
	char name[32];

	for (int i = 1; i < COMMANDS; i++) {
		for (size_t k = 0; k < ARRAY_LEN(command_table[i].keys); k++) {
			int key = command_table[i].keys[k];

			if (!key)
				continue;
			key_name(key, name, sizeof(name));
			assert_true(name[0]);
			assert_int_equal(key_find(name, strlen(name)), key);
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
		cmocka_unit_test(no_key_has_two_commands_in_a_pane),
		cmocka_unit_test(a_key_finds_its_command_where_it_works),
		cmocka_unit_test(an_order_steers_and_belongs_to_a_pane),
		cmocka_unit_test(the_order_of_the_footer_has_no_ties),
		cmocka_unit_test(help_and_quit_are_the_last_to_leave_the_footer),
		cmocka_unit_test(a_key_without_command_has_none),
		cmocka_unit_test(every_key_of_the_table_is_found_by_its_name),
		cmocka_unit_test(control_and_multibyte_keys_go_both_ways),
		cmocka_unit_test(what_is_no_key_is_not_found),
		cmocka_unit_test(a_control_character_never_reaches_the_echo_raw),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
