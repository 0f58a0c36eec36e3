/* SPDX-License-Identifier: MIT
 * `run`: has keepers start them at once, says at each sample what became of them, and ends them before
 * the last word is printed.
 */
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "app.h"
#include "json_lines.h"
#include "limit.h"
#include "outfile.h"

#define READY_LIMIT (60 * NSEC_PER_SEC) /* on a machine that is busy with other things */
#define END_LIMIT (2500 * NSEC_PER_MSEC) /* a keeper takes a second from SIGTERM to SIGKILL */
#define END_LIMIT_ASKED (600 * NSEC_PER_MSEC) /* after a signal we are killed within a second */
#define END_LOOK_MS 20

static int start(struct app *app, int side)
{
	const struct cli *cli = app->cli;
	char *file = cli_output_of(cli, side), why[200];
	struct buf command = { 0 };
	cli_put_command(cli, side, &command);
	const struct keep_plan keep = { .words = cli->program[side].at,
		.n = cli->program[side].n,
		.command = command.text,
		.path = app->session->program_path[side],
		.file = file,
		.cgroup = app->session->cgroup,
		.discard = cli->output && !file,
		.replace = cli->force };
	const struct crew_plan plan = { .job = JOB_SLEEP, .cpu = -1, .keep = &keep };
	int error = file ? outfile_check(file, cli->force) : 0;

	if (error) {
		app_cannot(app, "write what is printed to", file, error);
	} else {
		error = crew_start(app->crews, (enum side)side, &plan);
		if (error)
			app_end(app, EXIT_CREW, "the keeper could not start: %s",
				limit_error(-error, why, sizeof(why)));
	}
	free(file);
	buf_finish(&command);
	return error;
}

/* The keeper is not shown; the program, and all that it starts, descends from it. */
static void add_root(struct app *app, const struct program_sample *program)
{
	const struct group_table *table = process_reader_read(app->processes, 0);
	const struct group_process *keeper = group_table_find(table, program->keeper);
	const struct group_process *first = group_table_find(table, program->pid);
	const char *path = app->cli->program[program->side].at[0], *slash = strrchr(path, '/');

	if (keeper)
		groups_add_root(app->groups, (enum side)program->side, keeper, NULL);
	groups_hide(app->groups, program->keeper);
	/* It is named once, however often it runs. */
	const char *title = slash ? slash + 1 : path;

	if (first)
		groups_add_root(app->groups, (enum side)program->side, first,
			app->rounds.turn < SIDES ? title : NULL);
}

/* Whether a side is one of those that run now. */
static bool has_turn(const struct app *app, int side)
{
	return side < app->cli->programs &&
	       (!app->rounds.n || rounds_side(&app->rounds) == (enum side)side);
}

/* Where the kernel records no births, they are seen as its lists show them. */
static void see_births(struct app *app, const struct sample *sample)
{
	const struct program_sample *program;
	bool seen = false;

	vec_each (program, &sample->programs)
		seen = seen || live_births(app->live, (enum side)program->side) == UNKNOWN;
	if (!seen)
		return;
	vec_each (program, &sample->programs)
		groups_births_by(app->groups, (enum side)program->side,
			process_reader_descend(app->processes, program->keeper)
				? GROUP_BIRTHS_CHILDREN
				: GROUP_BIRTHS_SCAN);
}

/* Both sides are ready: their first processes wait. */
static int let_start(struct app *app)
{
	struct sample sample = { 0 };
	const struct program_sample *program;
	const char *note = NULL;
	size_t failed = 0, n = 0;

	crews_report_programs(app->crews, &sample);
	vec_each (program, &sample.programs) {
		if (!has_turn(app, program->side))
			continue;
		n++;
		failed += program->state == PROGRAM_FAILED;
		note = program->state == PROGRAM_FAILED ? program->note : note;
		if (program->state != PROGRAM_FAILED)
			add_root(app, program);
	}
	if (!app->rounds.n)
		see_births(app, &sample);
	if (failed == n)
		app_end(app, EXIT_CREW, "the program could not be started: %s",
			note ? note : "its keeper did not answer");
	else
		crews_let_programs_start(app->crews);
	sample_finish(&sample);
	return app->quit ? -1 : 0;
}

int programs_start(struct app *app)
{
	for (int side = 0; side < SIDES; side++)
		if (has_turn(app, side) && start(app, side) != 0)
			return -1;
	return 0;
}

bool programs_take_turn(struct app *app)
{
	struct rounds *rounds = &app->rounds;
	struct sample sample = { 0 };
	bool more = false;

	if (rounds->turn >= rounds->n * SIDES ||
		!crew_program_is_over(app->crews, rounds_side(rounds)))
		return false;
	crews_report_programs(app->crews, &sample);
	const struct program_sample *program = sample_program(&sample, rounds_side(rounds));

	if (program && program->state == PROGRAM_OVER)
		more = rounds_take(rounds, program);
	else
		app_end(app, EXIT_CREW, "round %d could not be run: %s", rounds->turn / SIDES + 1,
			program ? program->note : "its keeper did not answer");
	sample_finish(&sample);
	return more && programs_start(app) == 0;
}

int programs_await(struct app *app)
{
	for (int side = 0; side < SIDES; side++)
		if (has_turn(app, side) && crew_await(app->crews, (enum side)side, READY_LIMIT,
						   app->signal_fd) == -EINTR)
			return -EINTR;
	return let_start(app);
}

bool programs_are_over(const struct app *app)
{
	bool over = app->rounds.turn >= app->rounds.n * SIDES;

	for (int side = 0; side < app->cli->programs; side++)
		over = over && crew_program_is_over(app->crews, (enum side)side);
	return over;
}

bool programs_are_told(const struct app *app)
{
	return app->over_at && app->sample.at_ns >= app->over_at + LAST_RECORDS;
}

void programs_report(struct app *app)
{
	struct program_sample *program;

	if (!app->over_at && programs_are_over(app)) {
		app->over_at = app->sample.at_ns;
		app->sample_due = app->over_at + LAST_RECORDS;
	}

	crews_report_programs(app->crews, &app->sample);
	vec_each (program, &app->sample.programs) {
		program->births = live_births(app->live, (enum side)program->side);
		groups_report_births(app->groups, program);
		program->peak_pss_kb = app->peak_pss_kb[program->side];
	}
	if (app->rounds.n)
		rounds_report(&app->rounds, &app->sample);
}

void programs_note_peaks(struct app *app)
{
	for (int side = 0; side < SIDES; side++)
		app->peak_pss_kb[side] = MAX(app->peak_pss_kb[side],
			model_side(app->model, (enum side)side)->totals.pss_kb);
}

bool programs_are_done(const struct app *app)
{
	bool alone = !app->term || app->cli->record;

	return app->cli->verb == VERB_RUN && alone && !app->cli->has_keys && programs_are_told(app);
}

bool programs_have_last_word(const struct app *app)
{
	const struct cli *cli = app->cli;

	const bool is_asked = app->status == 128 + SIGINT || app->status == 128 + SIGTERM;

	return (app->status <= 128 || is_asked) &&
	       (cli->json || cli->plain || cli->record || cli->svg || cli->exit_code ||
		       cli->output);
}

void programs_end(struct app *app)
{
	nsec until = nsec_monotonic() + (app->status > 128 ? END_LIMIT_ASKED : END_LIMIT);
	struct pollfd fds[] = { { .fd = app->signal_fd, .events = POLLIN },
		{ .fd = crews_fd(app->crews), .events = POLLIN } };

	app->rounds.n = app->rounds.turn / SIDES; /* no more turns */
	app->rounds.turn = app->rounds.n * SIDES;
	for (int side = 0; side < app->cli->programs; side++)
		crew_end_program(app->crews, (enum side)side);
	while (!programs_are_over(app) && nsec_monotonic() < until) {
		poll(fds, ARRAY_LEN(fds), END_LOOK_MS);
		if (fds[0].revents)
			return;
		crews_dispatch(app->crews);
		app_keep_up(app);
	}
	poll(NULL, 0, LAST_RECORDS / NSEC_PER_MSEC);
}

static void check_output(struct app *app, int side)
{
	char *file = cli_output_of(app->cli, side);
	int error = crew_output_error(app->crews, (enum side)side);

	if (error)
		app_cannot(app, "write all that is printed to", file, error);
	free(file);
}

void programs_say_last(struct app *app)
{
	for (int side = 0; side < SIDES; side++)
		check_output(app, side);
	if (app->cli->json && app->rounds.n)
		json_lines_put_compared(&app->out.buf, &app->sample);
	if (app->cli->json)
		json_lines_put_ended(&app->out.buf, &app->sample);
	if (!app->cli->exit_code || app->status != EXIT_FINE || !app->sample.programs.n)
		return;
	const struct program_sample *first = &app->sample.programs.at[0];
	int64_t status = program_status(first), number = program_signal(first);

	app->status = status != UNKNOWN ? (int)status : (int)MAX(number, 0) + 128;
}
