/* SPDX-License-Identifier: MIT
 * Hosts a tour or a quiz: gives it the crews, the clock, the screen's recording and standard output.
 */

#include "app.h"

#define SOON (40 * NSEC_PER_MSEC) /* the sample after an action */

static nsec now(void *context)
{
	return nsec_monotonic();
}

static int start_crew(void *context, const struct scene *scene, enum side side)
{
	const struct app *app = context;
	return steer_start_scene(app->steer, scene, side);
}

static int run_step(void *context, const struct scene *scene, const struct scene_move *move,
	enum side side, char *why, size_t why_size)
{
	const struct app *app = context;
	return steer_run_step(app->steer, scene, move, side, why, why_size);
}

static int run_duel(void *context, const struct scene_move *move, char *why, size_t why_size)
{
	const struct app *app = context;
	return steer_run_duel(app->steer, move, why, why_size);
}

static bool duel_runs(void *context)
{
	const struct app *app = context;
	return steer_duel_runs(app->steer);
}

static void sample_soon(void *context, bool effect)
{
	struct app *app = context;
	if (effect)
		live_expire_evidence(app->live);
	app->sample_due = nsec_monotonic() + SOON;
}

/* Before the frame that it marks; before the first one, at its start. */
static void mark(void *context, const char *label)
{
	struct app *app = context;
	app->dirty |= pictures_mark(&app->pictures);
	if (app->film && !film_begun(app->film)) {
		app->dirty = true;
		show_frame(app, nsec_monotonic());
	}
	files_mark(app, label);
	if (!app->cli->record)
		return;
	struct mark_sample *kept = vec_push(&app->marks);
	*kept = (struct mark_sample) { .at_ns = nsec_monotonic() };
	snprintf(kept->label, sizeof(kept->label), "%s", label);
}

void host_keep(struct app *app)
{
	char panes[sizeof(app->panes)];
	const struct mark_sample *kept;

	caption_keep(
		lesson_caption(app->lesson), ui_shown(app->ui, panes, sizeof(panes)), &app->sample);
	vec_each (kept, &app->marks)
		*(struct mark_sample *)record_push(&mark_record, &app->sample) = *kept;
	vec_clear(&app->marks);
}

/* The panes are those of then, until somebody chooses others. */
void host_tell(struct app *app)
{
	const struct told_sample *told = &app->sample.told;
	const bool tells = caption_kept(&app->sample, &app->caption);
	const struct mark_sample *kept;

	ui_set_caption(app->ui, tells ? &app->caption : NULL);
	if (tells && strcmp(told->panes, app->panes) != 0)
		ui_show_named(app->ui, told->panes);
	memcpy(app->panes, told->panes, sizeof(app->panes));
	vec_each (kept, &app->sample.marks)
		mark(app, kept->label);
}

static void end(void *context, enum exit_code status, const char *why)
{
	if (why)
		app_end(context, (int)status, "%s", why);
	else
		app_end(context, (int)status, NULL);
}

static struct lesson_options options_of(const struct app *app)
{
	const struct cli *cli = app->cli;
	struct lesson_options options = {
		.scenes = &app->scenes,
		.quiz = cli->verb == VERB_QUIZ,
		.scene = cli->argument,
		.automatic = cli->tour_auto,
		.quick = cli->duel.quick,
		.pace = cli->pace,
		.clean = cli->clean || cli->vertical,
		.presenter = cli->presenter,
		.seed = cli->has_seed ? cli->seed : (uint64_t)nsec_monotonic(),
		.level = cli->level,
		.claim = cli->claim,
		.timer = cli->timer,
		.results = cli->results,
		.remember = !cli->no_state,
		.seeded = cli->has_seed,
		.interview = cli->interview,
		.notes = cli->notes,
		.force = cli->force,
	};
	if (cli->tour_long)
		options.route = LESSON_LONG;
	else if (cli->tour_short)
		options.route = LESSON_CLIP;
	if (!cli->has_keys && cli->json)
		options.form = LESSON_JSON;
	else if (!cli->has_keys && cli->plain)
		options.form = LESSON_TEXT;
	return options;
}

static int open_notes(struct app *app)
{
	const char *path = app->session->notes_path;
	int error = *path ? notes_handover_open(path, &app->handover) : 0;
	if (error)
		app_end(app, EXIT_FAILED, "cannot hand notes over in %s: %s", path,
			notes_why(error));
	return error;
}

static void hand_notes_over(struct app *app)
{
	if (!app->handover)
		return;
	buf_clear(&app->notes);
	lesson_put_notes(app->lesson, &app->notes);
	int error = notes_hand_over(app->handover, &app->notes);
	if (!error)
		return;
	notes_handover_close(app->handover);
	app->handover = NULL;
	app_lost(app, "notes in", app->session->notes_path, error);
}

int host_open(struct app *app)
{
	struct buf errors = { 0 };
	int error = lesson_scenes_load(&app->scenes, false, &errors);
	if (errors.len)
		fputs(errors.text, stderr);
	buf_finish(&errors);
	if (error) {
		app_end(app, EXIT_FAILED, "no scenes were found");
		return -1;
	}
	app->machine = cli_read_machine();
	app->host = (struct lesson_host) {
		.machine = &app->machine,
		.context = app,
		.model = app->model,
		.ui = app->ui,
		.text = &app->out.buf,
		.now = now,
		.start_crew = start_crew,
		.run_step = run_step,
		.run_duel = run_duel,
		.duel_runs = duel_runs,
		.sample_soon = sample_soon,
		.mark = mark,
		.end = end,
	};
	const struct lesson_options options = options_of(app);
	app->lesson = lesson_open(&app->host, &options);
	if (options.form == LESSON_SCREEN)
		ui_set_caption(app->ui, lesson_caption(app->lesson));
	return lesson_begin(app->lesson) != 0 ? -1 : open_notes(app);
}

/* It goes on when something was measured, and when a key did something. */
void host_go(struct app *app)
{
	bool sampled = app->lesson_due;
	app->lesson_due = false;
	if (!app->lesson || app->paused)
		return;
	const bool changed = lesson_go(app->lesson, sampled);
	app->dirty |= changed;
	if (changed)
		hand_notes_over(app);
	output_flush(&app->out);
}

void host_close(struct app *app)
{
	ui_set_caption(app->ui, NULL);
	notes_handover_close(app->handover);
	buf_finish(&app->notes);
	lesson_close(app->lesson);
	scenes_finish(&app->scenes);
	app->lesson = NULL;
	caption_finish(&app->caption);
	vec_finish(&app->marks);
}
