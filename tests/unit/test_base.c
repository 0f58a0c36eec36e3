/* SPDX-License-Identifier: MIT
 * base: placeholder until its first tests land with the module. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"

static void sides_are_two(void **state)
{
	assert_int_equal(SIDES, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sides_are_two) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
