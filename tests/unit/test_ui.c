/* SPDX-License-Identifier: MIT
 * The screen as a whole, over a recording: every size, what is read for it, how the selection moves, and that a steady
 * state allocates nothing. */
#include <errno.h>

#include "stage.h"

static int set_up(void **state)
{
	return set_up_stage(state, "lab.jsonl");
}

static void every_size_is_drawn(void **state)
{
	struct stage *stage = *state;

	for (int rows = 1; rows <= 70; rows++) {
		for (int cols = 1; cols <= 150; cols += cols < 58 ? 7 : 1) {
			canvas_resize(stage->canvas, rows, cols);
			draw(stage);
			if (rows >= 16 && cols >= 60)
				assert_true(shows(stage, "taskscope  "));
		}
	}
	canvas_resize(stage->canvas, CANVAS_ROWS_MAX, CANVAS_COLS_MAX);
	draw(stage);
}

static void a_small_screen_says_what_it_leaves_out(void **state)
{
	struct stage *stage = *state;

	canvas_resize(stage->canvas, 16, 60);
	draw(stage);
	assert_true(shows(stage, "no room for Memory: Tab shows it"));
	press(stage, CMD_PANE_NEXT);
	press(stage, CMD_PANE_NEXT);
	assert_true(shows(stage, "▸ Memory"));
	canvas_resize(stage->canvas, 10, 50);
	draw(stage);
	assert_true(shows(stage, "taskscope needs 60x16; this is 50x10"));
}

static void a_standard_terminal_shows_all_panes_of_each_view(void **state)
{
	struct stage *stage = *state;

	canvas_resize(stage->canvas, 24, 80);
	draw(stage);
	for (size_t i = 0; ui_pane(i); i++)
		if (ui_show_only(stage->ui, ui_pane(i)->name))
			assert_string_equal(ui_focus(stage->ui), ui_pane(i)->name);
	for (size_t i = 0; i < view_count; i++) {
		if (!ui_show_view(stage->ui, view_table[i].name))
			continue;
		draw(stage);
		assert_true(shows(stage, view_table[i].name));
		assert_false(shows(stage, "no room"));
	}
}

static bool is_blank(const struct stage *stage, int row)
{
	for (int col = 1; col < stage->canvas->cols / 2 - 1; col++) {
		const char *text = canvas_at(stage->canvas, row, col)->text;

		if (text[0] && text[0] != ' ')
			return false;
	}
	return true;
}

/* Below the line above a pane stands what it comes to, or why that is not known. */
static void every_pane_begins_with_its_key_fact(void **state)
{
	static const int sizes[][2] = { { 16, 60 }, { 24, 80 }, { 36, 120 }, { 50, 200 } };
	struct stage *stage = *state;

	for (size_t i = 0; i < ARRAY_LEN(sizes) * view_count; i++) {
		canvas_resize(stage->canvas, sizes[i / view_count][0], sizes[i / view_count][1]);
		assert_true(ui_show_view(stage->ui, view_table[i % view_count].name));
		draw(stage);
		for (int row = 0; row + 1 < stage->canvas->rows; row++) {
			const char *corner = canvas_at(stage->canvas, row, 0)->text;

			if ((strcmp(corner, "╭") == 0 || strcmp(corner, "├") == 0) &&
				is_blank(stage, row + 1))
				fail_msg("%s at %dx%d: row %d is blank",
					view_table[i % view_count].name, stage->canvas->cols,
					stage->canvas->rows, row + 1);
		}
	}
}

/* Signs are explained where rows are free, over the whole width, and in the title's line where none is. */
static void signs_are_explained_where_there_is_room(void **state)
{
	struct stage *stage = *state;

	canvas_resize(stage->canvas, 36, 120);
	assert_true(ui_show_view(stage->ui, "pages"));
	draw(stage);
	for (int row = 0; row < 36; row++)
		if (strcmp(canvas_at(stage->canvas, row, 2)->text, "█") == 0 &&
			strcmp(canvas_at(stage->canvas, row, 4)->text, "o") == 0)
			assert_string_not_equal(canvas_at(stage->canvas, row, 60)->text, "│");
	assert_true(shows(stage, "█ only here   ▓ in other processes, too"));
	assert_true(shows(stage, "Try with w0 on the left:") || shows(stage, "Keys here:") ||
		    shows(stage, "faults: page faults"));
	canvas_resize(stage->canvas, 24, 80);
	assert_true(ui_show_view(stage->ui, "stacks"));
	draw(stage);
	assert_true(shows(stage, "SP: stack pointer  PC: next instruction ─┤"));
}

static unsigned needs(const struct stage *stage, int32_t pids[SIDES], size_t *n)
{
	return ui_needs(stage->ui, pids, SIDES, n);
}

static void only_what_is_in_sight_is_needed(void **state)
{
	struct stage *stage = *state;
	int32_t pids[SIDES];
	size_t n;

	draw(stage);
	assert_true(needs(stage, pids, &n) & NEED_MAPPINGS);
	assert_int_equal(n, 2);
	assert_true(ui_show_only(stage->ui, "workers"));
	draw(stage);
	assert_false(needs(stage, pids, &n) & (NEED_MAPPINGS | NEED_PROCESSES));
	assert_int_equal(n, 0);
	assert_true(ui_show_only(stage->ui, "memory"));
	draw(stage);
	assert_true(needs(stage, pids, &n) & NEED_MAPPINGS);
	press(stage, CMD_CLOSE);
	assert_true(shows(stage, "Workers"));
	assert_false(ui_show_only(stage->ui, "no such pane"));
}

static void panes_can_be_chosen_by_name(void **state)
{
	static const char *const names[] = { "memory", "workers" };
	static const char *const unknown[] = { "memory", "help" };
	struct stage *stage = *state;

	assert_false(ui_show_panes(stage->ui, unknown, 2));
	assert_false(ui_show_panes(stage->ui, names, 0));
	assert_string_equal(ui_focus(stage->ui), "workers");
	assert_true(ui_show_panes(stage->ui, names, 2));
	assert_string_equal(ui_focus(stage->ui), "memory");
	draw(stage);
	assert_true(shows(stage, "Memory"));
	assert_true(shows(stage, "Workers"));
	assert_false(shows(stage, "Switches"));
	press(stage, CMD_PANE_NEXT);
	assert_string_equal(ui_focus(stage->ui), "workers");
	press(stage, CMD_PANE_NEXT);
	assert_string_equal(ui_focus(stage->ui), "memory");
	press(stage, CMD_VIEW_1);
	assert_string_equal(ui_focus(stage->ui), "workers");
	assert_false(ui_show_view(stage->ui, "no such view"));
}

static int panes_of(const char *view)
{
	const struct pane_info *pane;
	int n = 0;

	for (size_t i = 0; (pane = ui_pane(i)); i++)
		n += pane->view && strcmp(pane->view, view) == 0;
	return n;
}

static void every_view_has_a_command_and_panes(void **state)
{
	int n = 0;

	for (size_t i = 0; i < view_count; i++) {
		const struct view_info *view = &view_table[i];

		assert_string_equal(command_table[view->command].name, view->name);
		assert_int_equal(command_table[view->command].group, GROUP_VIEW);
		assert_in_range(panes_of(view->name), 1, UI_PANES_SHOWN);
		n += panes_of(view->name);
	}
	for (size_t i = 0; ui_pane(i); i++)
		n -= ui_pane(i)->view != NULL;
	assert_int_equal(n, 0); /* no pane names a view that is not there */
}

static void the_selected_worker_is_the_one_whose_memory_is_shown(void **state)
{
	struct stage *stage = *state;
	struct selection selection;
	int32_t pids[SIDES];
	size_t n;

	draw(stage);
	press(stage, CMD_END);
	assert_int_equal(ui_selection(stage->ui).worker, WORKER_HOST);
	press(stage, CMD_UP);
	selection = ui_selection(stage->ui);
	assert_true(selection.worker > 0 && selection.pid > 0);
	needs(stage, pids, &n);
	assert_int_equal(pids[SIDE_LEFT], selection.pid);
	press(stage, CMD_HOME);
	assert_int_equal(ui_selection(stage->ui).worker, 0);
	press(stage, CMD_SIDE_RIGHT);
	selection = ui_selection(stage->ui);
	assert_int_equal(selection.side, SIDE_RIGHT);
	assert_int_equal(selection.worker, 0);
	assert_true(selection.pid != selection.tid);
}

/* Feeds the newest sample again, without the tasks of one side: as when a crew is started anew. */
static void feed_without(struct stage *stage, int side)
{
	struct sample sample = { 0 };
	size_t kept = 0;

	copy_fed(&sample, stage->model);
	for (size_t i = 0; i < sample.tasks.n; i++)
		if (sample.tasks.at[i].side != side)
			sample.tasks.at[kept++] = sample.tasks.at[i];
	sample.tasks.n = kept;
	vec_clear(&sample.workers);
	sample.at_ns += NSEC_PER_SEC;
	model_feed(stage->model, &sample);
	sample_finish(&sample);
}

/* What is refused is said in the panes that it takes something from, at each size; what merely ended is not. */
static void a_pane_says_what_it_lost_and_why(void **state)
{
	static const struct {
		const char *pane, *gap;
		int error;
		bool said;
	} cases[] = {
		{ "sharing", "kcmp", EPERM, true },
		{ "sharing", "perf_event", EPERM, false },
		{ "pages", "frames", EPERM, true },
		{ "stacks", "perf_event", EACCES, true },
		{ "files", "kcmp file", EPERM, true },
		{ "files", "fd", EMFILE, true },
		{ "files", "fd", E2BIG, false },
		{ "signals", "status", EACCES, true },
		{ "cost", "status", ESRCH, false },
	};
	static const int sizes[][2] = { { 36, 120 }, { 24, 80 } };
	struct stage *stage = *state;

	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		struct sample sample = { 0 };

		copy_fed(&sample, stage->model);
		vec_clear(&sample.gaps);
		sample_gap(&sample, 0, cases[i / 2].gap, cases[i / 2].error, "nobody may look");
		sample.at_ns += NSEC_PER_SEC;
		model_feed(stage->model, &sample);
		sample_finish(&sample);
		canvas_resize(stage->canvas, sizes[i % 2][0], sizes[i % 2][1]);
		assert_true(ui_show_only(stage->ui, cases[i / 2].pane));
		draw(stage);
		assert_int_equal(shows(stage, "– nobody may look"), cases[i / 2].said);
	}
}

static void a_chosen_worker_is_selected_again_when_it_is_back(void **state)
{
	struct stage *stage = *state;
	struct sample before = { 0 };

	copy_fed(&before, stage->model);
	ui_select(stage->ui, SIDE_RIGHT, 2);
	draw(stage);
	assert_int_equal(ui_selection(stage->ui).worker, 2);
	feed_without(stage, SIDE_RIGHT);
	draw(stage);
	assert_int_equal(ui_selection(stage->ui).worker, WORKER_NONE);
	assert_int_equal(ui_selection(stage->ui).pid, 0);
	before.at_ns += 2 * NSEC_PER_SEC;
	model_feed(stage->model, &before);
	draw(stage);
	assert_int_equal(ui_selection(stage->ui).worker, 2);
	sample_finish(&before);
}

static void numbers_are_walked_through_both_sides(void **state)
{
	struct stage *stage = *state;
	int steps = 0;

	draw(stage);
	press(stage, CMD_SIDE_LEFT);
	while (ui_selection(stage->ui).side == SIDE_LEFT && steps++ < 30)
		press(stage, CMD_FIELD_NEXT);
	assert_int_equal(ui_selection(stage->ui).side, SIDE_RIGHT);
	press(stage, CMD_FIELD_PREVIOUS);
	assert_int_equal(ui_selection(stage->ui).side, SIDE_LEFT);
}

/* From the left end to the right end of a row; each number must have a record. */
static void walk_provenance(struct stage *stage)
{
	press(stage, CMD_SIDE_LEFT);
	for (int i = 0; i < 30; i++)
		press(stage, CMD_FIELD_PREVIOUS);
	press(stage, CMD_PROVENANCE);
	for (int i = 0; i < 40; i++) {
		assert_true(shows(stage, "Where from"));
		assert_true(shows(stage, "formula"));
		assert_true(shows(stage, "field"));
		press(stage, CMD_FIELD_NEXT);
	}
	press(stage, CMD_CLOSE);
}

static void every_number_knows_where_it_comes_from(void **state)
{
	struct stage *stage = *state;

	canvas_resize(stage->canvas, 60, 260);
	draw(stage);
	for (size_t i = 0; i < 3; i++) {
		walk_provenance(stage);
		press(stage, CMD_PANE_NEXT);
	}
}

static void a_steady_state_allocates_nothing(void **state)
{
	static const enum command_id commands[] = { CMD_DOWN, CMD_FIELD_NEXT, CMD_PANE_NEXT,
		CMD_ZOOM, CMD_HELP, CMD_PAGE_DOWN, CMD_CLOSE, CMD_MEMORY_MEASURE, CMD_UP,
		CMD_PROVENANCE };
	struct stage *stage = *state;
	uint64_t before = 0;

	for (int round = 0; round < 40; round++) {
		if (round == 20)
			before = base_allocations();
		for (size_t i = 0; i < ARRAY_LEN(commands); i++)
			press(stage, commands[i]);
		ui_message(stage->ui, STYLE_GOOD, "round %d", round);
	}
	assert_int_equal(base_allocations(), before);
}

static void a_message_cannot_carry_control_characters(void **state)
{
	struct stage *stage = *state;

	ui_message(stage->ui, STYLE_GOOD, "%s", "a\x1b[2Jb\nc");
	draw(stage);
	for (int col = 0; col < stage->canvas->cols; col++)
		assert_true((unsigned char)canvas_at(stage->canvas, 34, col)->text[0] >= ' ' ||
			    !canvas_at(stage->canvas, 34, col)->text[0]);
}

static void a_menu_is_left_with_a_choice_or_without(void **state)
{
	static const struct menu_item items[] = { { "one", "first" }, { "two", "second" } };
	struct stage *stage = *state;

	ui_menu_open(stage->ui, "Menu", items, 2);
	draw(stage);
	assert_true(shows(stage, "second"));
	assert_int_equal(ui_menu_key(stage->ui, KEYCODE_DOWN), MENU_OPEN);
	assert_int_equal(ui_menu_key(stage->ui, KEYCODE_ENTER), 1);
	assert_false(ui_menu_is_open(stage->ui));
	ui_menu_open(stage->ui, "Menu", items, 2);
	assert_int_equal(ui_menu_key(stage->ui, '2'), 1);
	ui_menu_open(stage->ui, "Menu", items, 2);
	assert_int_equal(ui_menu_key(stage->ui, '3'), MENU_OPEN);
	assert_int_equal(ui_menu_key(stage->ui, KEYCODE_ESCAPE), MENU_CLOSED);
}

static void a_click_selects_what_is_there(void **state)
{
	struct stage *stage = *state;

	draw(stage);
	for (int row = 0; row < 36; row++)
		for (int col = 0; col < 120; col++)
			ui_click(stage->ui, row, col);
	ui_click(stage->ui, 4, 70); /* workers: below the key fact and the titles */
	draw(stage);
	assert_int_equal(ui_selection(stage->ui).side, SIDE_RIGHT);
	assert_int_equal(ui_selection(stage->ui).worker, 0);
	assert_true(shows(stage, "▸ Workers"));
}

static void the_empty_model_is_drawn_and_selects_nobody(void **state)
{
	struct stage *stage = *state;

	model_reset(stage->model);
	draw(stage);
	assert_true(shows(stage, "no crew here: r starts one"));
	assert_int_equal(ui_selection(stage->ui).worker, WORKER_NONE);
	for (enum command_id id = CMD_UP; id < COMMANDS; id++) {
		ui_command(stage->ui, stage->model, id);
		draw(stage);
	}
}

/* The letter of a title and all below it down to the host's row are lit, those beside the column are not. */
static void the_spotlight_lights_a_whole_column(void **state)
{
	struct stage *stage = *state;
	int lit = 0;

	canvas_resize(stage->canvas, 24, 80);
	press(stage, CMD_SPOTLIGHT);
	press(stage, CMD_SPOTLIGHT);
	for (int col = 0; col + 4 < stage->canvas->cols; col++) {
		const bool title = strcmp(canvas_at(stage->canvas, 3, col)->text, "v") == 0 &&
				   strcmp(canvas_at(stage->canvas, 3, col + 4)->text, "s") == 0;

		for (int row = 3; title && row < 8; row++) {
			assert_true(canvas_at(stage->canvas, row, col - 1)->flags & CELL_FADED);
			assert_false(canvas_at(stage->canvas, row, col)->flags & CELL_FADED);
			assert_false(canvas_at(stage->canvas, row, col + 4)->flags & CELL_FADED);
			assert_true(canvas_at(stage->canvas, row, col + 5)->flags & CELL_FADED);
			lit++;
		}
	}
	assert_int_equal(lit, 2 * 5);
	/* The legend below the list is no part of a column. */
	canvas_resize(stage->canvas, 36, 120);
	press(stage, CMD_ZOOM);
	lit = 0;
	for (int row = 3; row < 34; row++) {
		const bool legend = strcmp(canvas_at(stage->canvas, row, 2)->text, "v") == 0 &&
				    strcmp(canvas_at(stage->canvas, row, 11)->text, ":") == 0;

		for (int col = 0; legend && col < stage->canvas->cols; col++, lit++)
			assert_true(canvas_at(stage->canvas, row, col)->flags & CELL_FADED);
	}
	assert_int_equal(lit, stage->canvas->cols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define STAGED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down_stage)
		STAGED(every_size_is_drawn),
		STAGED(a_small_screen_says_what_it_leaves_out),
		STAGED(a_standard_terminal_shows_all_panes_of_each_view),
		STAGED(every_pane_begins_with_its_key_fact),
		STAGED(signs_are_explained_where_there_is_room),
		STAGED(only_what_is_in_sight_is_needed),
		STAGED(panes_can_be_chosen_by_name),
		STAGED(every_view_has_a_command_and_panes),
		STAGED(the_selected_worker_is_the_one_whose_memory_is_shown),
		STAGED(a_pane_says_what_it_lost_and_why),
		STAGED(a_chosen_worker_is_selected_again_when_it_is_back),
		STAGED(numbers_are_walked_through_both_sides),
		STAGED(every_number_knows_where_it_comes_from),
		STAGED(a_steady_state_allocates_nothing),
		STAGED(the_spotlight_lights_a_whole_column),
		STAGED(a_message_cannot_carry_control_characters),
		STAGED(a_menu_is_left_with_a_choice_or_without),
		STAGED(a_click_selects_what_is_there),
		STAGED(the_empty_model_is_drawn_and_selects_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
