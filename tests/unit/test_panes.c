/* SPDX-License-Identifier: MIT
 * The panes of evidence, over a recording: each number has a source, a mapping is looked at in bounded parts, and the mixer
 * never asks for what the kernel refuses. */
#include <sched.h>

#include "crew.h"
#include "order.h"
#include "stage.h"

#define PAGE_KB 4
#define RANGES 64

static int set_up(void **state)
{
	return set_up_stage(state, "evidence.jsonl");
}

static void show(struct stage *stage, const char *view)
{
	assert_true(ui_show_view(stage->ui, view));
	draw(stage);
}

/* From the left end to the right end of a row, and a row further down too: each number must have a record. */
static void walk_provenance(struct stage *stage)
{
	press(stage, CMD_SIDE_LEFT);
	for (int i = 0; i < 40; i++)
		press(stage, CMD_FIELD_PREVIOUS);
	press(stage, CMD_PROVENANCE);
	for (int i = 0; i < 50; i++) {
		if (!shows(stage, "formula") || !shows(stage, "field"))
			fail_msg("%s: number %d has no source", ui_focus(stage->ui), i);
		press(stage, CMD_FIELD_NEXT);
	}
	press(stage, CMD_CLOSE);
}

static void every_number_of_evidence_knows_where_it_comes_from(void **state)
{
	static const char *const views[] = { "sharing", "pages", "stacks", "files", "signals",
		"cost" };
	struct stage *stage = *state;

	canvas_resize(stage->canvas, 60, 260);
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		show(stage, views[i]);
		walk_provenance(stage);
		press(stage, CMD_DOWN);
		walk_provenance(stage);
	}
	show(stage, "stacks");
	press(stage, CMD_PANE_NEXT);
	assert_string_equal(ui_focus(stage->ui), "registers");
	walk_provenance(stage);
	show(stage, "pages");
	press(stage, CMD_PAGES_NEXT);
	walk_provenance(stage);
	press(stage, CMD_PANE_NEXT);
	assert_string_equal(ui_focus(stage->ui), "pointer");
	walk_provenance(stage);
}

/* --- a mapping page by page --- */

static size_t ranges_of(const struct stage *stage, struct ui_range *ranges)
{
	return ui_ranges(stage->ui, ranges, RANGES, PAGE_KB);
}

static int64_t pages_of(const struct ui_range *range)
{
	return (int64_t)(range->end - range->start) / (PAGE_KB * 1024);
}

static void only_what_is_shown_is_asked_for(void **state)
{
	struct stage *stage = *state;
	struct ui_range ranges[RANGES];

	show(stage, "pages");
	assert_int_equal(ranges_of(stage, ranges), 0); /* the arena is read anyway */
	press(stage, CMD_PAGES_NEXT);
	/* Five processes on the left, one on the right. */
	assert_int_equal(ranges_of(stage, ranges), 6);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(ranges[i].name, "heap");
		assert_true(ranges[i].start == 0x555555560000);
		assert_true(pages_of(&ranges[i]) > 0 && pages_of(&ranges[i]) <= 33);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(ranges[i].pid, ranges[k].pid);
	}
	assert_int_equal(ui_ranges(stage->ui, ranges, 2, PAGE_KB), 2);
	show(stage, "cost");
	assert_int_equal(ranges_of(stage, ranges), 0);
	show(stage, "pages");
	press(stage, CMD_PAGES_ARENA);
	assert_int_equal(ranges_of(stage, ranges), 0);
}

static void a_large_mapping_is_seen_in_parts(void **state)
{
	struct stage *stage = *state;
	struct ui_range ranges[RANGES];
	uint64_t covered = 0;

	canvas_resize(stage->canvas, 24, 80);
	show(stage, "pages");
	press(stage, CMD_PAGES_NEXT);
	assert_true(shows(stage, "heap rw-p: 1–17 of 33 pages"));
	for (int part = 0; part < 2; part++) {
		assert_true(ranges_of(stage, ranges) > 0);
		assert_true(pages_of(&ranges[0]) <= 17);
		for (uint64_t at = ranges[0].start; at < ranges[0].end; at += PAGE_KB * 1024)
			covered |= UINT64_C(1) << (at - 0x555555560000) / (PAGE_KB * 1024);
		press(stage, CMD_PAGES_LATER);
	}
	assert_true(covered == (UINT64_C(1) << 33) - 1);
	/* Behind the end it goes on at the beginning, and back. */
	assert_true(shows(stage, "heap rw-p: 1–17 of 33 pages"));
	press(stage, CMD_PAGES_EARLIER);
	assert_true(shows(stage, "heap rw-p: 17–33 of 33 pages"));
}

static void every_mapping_has_its_turn(void **state)
{
	struct stage *stage = *state;
	struct ui_range ranges[RANGES];
	int steps = 0;

	show(stage, "pages");
	do {
		press(stage, CMD_PAGES_NEXT);
		assert_true(++steps < 100);
		for (size_t i = 0; i < ranges_of(stage, ranges); i++) {
			assert_true(ranges[i].name[0]);
			assert_string_not_equal(ranges[i].name, "arena");
			assert_true(pages_of(&ranges[i]) > 0 && pages_of(&ranges[i]) < 400);
		}
	} while (ranges_of(stage, ranges));
	assert_true(steps > 15);
	/* Backwards it is as many. */
	do
		press(stage, CMD_PAGES_PREVIOUS);
	while (--steps && ranges_of(stage, ranges));
	assert_int_equal(steps, 0);
}

/* A stack is used at its end. */
static void a_stack_is_shown_where_it_is_used(void **state)
{
	struct stage *stage = *state;
	struct ui_range ranges[RANGES];

	canvas_resize(stage->canvas, 24, 80);
	show(stage, "pages");
	for (int i = 0; i < 40 && !shows(stage, "stack of w0 rw-p"); i++)
		press(stage, CMD_PAGES_NEXT);
	assert_true(shows(stage, "of 33 pages") || shows(stage, "of 64 pages"));
	assert_true(ranges_of(stage, ranges) > 0);
	press(stage, CMD_PAGES_LATER);
	assert_true(shows(stage, ": 1–17 of"));
}

static void the_memory_pane_opens_what_it_has_selected(void **state)
{
	struct stage *stage = *state;
	struct ui_range ranges[RANGES];

	canvas_resize(stage->canvas, 60, 200);
	show(stage, "lab");
	while (strcmp(ui_focus(stage->ui), "memory") != 0)
		press(stage, CMD_PANE_NEXT);
	press(stage, CMD_ZOOM); /* mapping by mapping */
	press(stage, CMD_HOME);
	press(stage, CMD_MEMORY_PAGES);
	assert_string_equal(ui_focus(stage->ui), "pages");
	assert_true(ranges_of(stage, ranges) > 0);
	assert_true(ranges[0].start == 0x555555554000); /* the first of the address space */
}

static void a_mapping_that_was_not_recorded_is_not_claimed(void **state)
{
	struct stage *stage = *state;

	show(stage, "pages");
	press(stage, CMD_PAGES_NEXT);
	press(stage, CMD_PAGES_NEXT);
	assert_true(shows(stage, "read next"));
}

/* --- the mixer --- */

static const enum command_id toggles[] = { CMD_MIX_VM, CMD_MIX_FILES, CMD_MIX_FS, CMD_MIX_SIGHAND,
	CMD_MIX_THREAD, CMD_MIX_SYSVSEM, CMD_MIX_IO };

static void whatever_is_mixed_can_be_made(void **state)
{
	struct stage *stage = *state;
	uint64_t seen = 0;
	uint32_t random = 1;

	show(stage, "sharing");
	press(stage, CMD_PANE_NEXT);
	for (int i = 0; i < 2000; i++) {
		random = random * 1664525 + 1013904223;
		assert_true(ui_command(
			stage->ui, stage->model, toggles[(random >> 16) % ARRAY_LEN(toggles)]));
		assert_null(crew_clone_refusal(ui_mix(stage->ui)));
		seen |= ui_mix(stage->ui);
	}
	assert_true(seen == (CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD |
				    CLONE_SYSVSEM | CLONE_IO));
}

static void what_needs_another_flag_is_greyed_and_refused(void **state)
{
	struct stage *stage = *state;

	show(stage, "sharing");
	press(stage, CMD_PANE_NEXT);
	assert_true(shows(stage, "[-] i handlers    needs memory"));
	assert_true(shows(stage, "[-] y the PID     needs handlers"));
	press(stage, CMD_MIX_SIGHAND);
	assert_int_equal(ui_mix(stage->ui), 0);
	assert_true(shows(stage, "EINVAL"));
	press(stage, CMD_MIX_VM);
	assert_true(shows(stage, "[ ] i handlers"));
	press(stage, CMD_MIX_SIGHAND);
	press(stage, CMD_MIX_THREAD);
	assert_true(ui_mix(stage->ui) == (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD));
	/* What loses what it needs goes out, too. */
	press(stage, CMD_MIX_VM);
	assert_int_equal(ui_mix(stage->ui), 0);
}

/* Making it is the caller's, who has the crews: the screen has the flags and the side ready. */
static void making_it_is_left_to_the_caller(void **state)
{
	static const enum command_id makes[] = { CMD_MIX_CREATE, CMD_MIX_REPLACE };
	struct stage *stage = *state;

	show(stage, "sharing");
	press(stage, CMD_PANE_NEXT);
	press(stage, CMD_MIX_VM);
	press(stage, CMD_SIDE_RIGHT);
	for (size_t i = 0; i < ARRAY_LEN(makes); i++) {
		assert_false(ui_command(stage->ui, stage->model, makes[i]));
		assert_int_equal(command_of_key(command_table[makes[i]].keys[0], MODE_LAB, "mixer"),
			makes[i]);
		assert_int_equal(command_table[makes[i]].group, GROUP_STEER);
	}
	assert_true(ui_mix(stage->ui) == CLONE_VM);
	assert_int_equal(ui_selection(stage->ui).side, SIDE_RIGHT);
	draw(stage);
	assert_true(shows(stage, "w makes it on the right side, e in place of w0"));
}

/* The flags of the mixer are left as they are: the order makes a worker that may have children, and that one makes it. */
static void a_container_is_ordered_of_a_fresh_worker(void **state)
{
	struct stage *stage = *state;
	const enum command_id container = command_of_key('C', MODE_LAB, "mixer");

	assert_string_equal(command_table[container].order, "namespaces");
	assert_true(order_table[order_find("namespaces")].unconfined);
	show(stage, "sharing");
	press(stage, CMD_PANE_NEXT);
	press(stage, CMD_MIX_FS);
	assert_false(ui_command(stage->ui, stage->model, container));
	assert_true(ui_mix(stage->ui) == CLONE_FS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_number_of_evidence_knows_where_it_comes_from),
		TEST(only_what_is_shown_is_asked_for),
		TEST(a_large_mapping_is_seen_in_parts),
		TEST(every_mapping_has_its_turn),
		TEST(a_stack_is_shown_where_it_is_used),
		TEST(the_memory_pane_opens_what_it_has_selected),
		TEST(a_mapping_that_was_not_recorded_is_not_claimed),
		TEST(whatever_is_mixed_can_be_made),
		TEST(what_needs_another_flag_is_greyed_and_refused),
		TEST(making_it_is_left_to_the_caller),
		TEST(a_container_is_ordered_of_a_fresh_worker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
