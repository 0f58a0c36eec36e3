/* SPDX-License-Identifier: MIT
 * The table of orders: complete, found by name, with bounds that hold their usual argument.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "order.h"

static void every_order_has_a_name_of_its_own_and_says_what_it_does(void **state)
{
	for (int i = 0; i < ORDERS; i++) {
		assert_non_null(order_table[i].name);
		assert_non_null(order_table[i].help);
		assert_non_null(order_table[i].watch);
		assert_int_equal(order_find(order_table[i].name), i);
	}
}

static void the_usual_argument_is_within_the_bounds(void **state)
{
	for (int i = 0; i < ORDERS; i++) {
		const struct order_info *info = &order_table[i];

		assert_true(info->min <= info->standard && info->standard <= info->max);
		if (!info->unit)
			assert_true(info->min == 0 && info->max == 0);
		else
			assert_true(info->min > 0);
	}
}

static void an_unknown_name_is_none(void **state)
{
	assert_int_equal(order_find(""), -1);
	assert_int_equal(order_find("write"), -1);
	assert_int_equal(order_find("WRITE-X"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_has_a_name_of_its_own_and_says_what_it_does),
		cmocka_unit_test(the_usual_argument_is_within_the_bounds),
		cmocka_unit_test(an_unknown_name_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
