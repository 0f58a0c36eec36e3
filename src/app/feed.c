/* SPDX-License-Identifier: MIT
 * Takes samples from where they come, when they are due: the live source and the crews at each tick, or a recording at its own pace.
 * Each sample then goes to the model, to the recorder and to standard output.
 */
#include <unistd.h>

#include "app.h"

/* What is not evidence, and goes into each recording and each line of --json. */
#define LAB_NEEDS (NEED_TASKS | NEED_PROCESSES | NEED_MAPPING_COUNT | NEED_MACHINE)
/* What a scene shows after a key must not wait for the slow lane. */
#define SCENE_SLOW_INTERVAL (120 * NSEC_PER_MSEC)
/* A program may be short, and the most memory that it had is told at its end. */
#define PROGRAM_SLOW_INTERVAL (250 * NSEC_PER_MSEC)

static int16_t worker_of(void *context, int32_t pid, int32_t tid)
{
	return crews_worker_of(context, pid, tid);
}

static nsec slow_interval(const struct app *app)
{
	if (app->lesson)
		return SCENE_SLOW_INTERVAL;
	return app->cli->verb == VERB_RUN ? PROGRAM_SLOW_INTERVAL : 0;
}

static void open_live(struct app *app)
{
	const struct source_options options = {
		.area = app->session->area,
		.slow_interval = slow_interval(app),
		.of_groups = app->groups || app->cli->team > 1,
		.joins = app->cli->verb == VERB_ATTACH,
	};
	app->live = live_create(&options);
	if (app->groups) {
		app->processes = process_reader_create(NULL);
		live_set_workers(app->live, attach_number, app);
	} else {
		live_set_workers(app->live, worker_of, app->crews);
	}
}

static int open_recorder(struct app *app)
{
	struct machine_info card;
	if (!app->cli->record)
		return 0;
	machine_info_read(NULL, &card);
	int error = recorder_create(app->cli->record, app->cli->force, &card, &app->recorder);
	return error ? app_cannot(app, "record to", app->cli->record, error) : 0;
}

/* Reads the recording's next sample ahead. */
static void read_next(struct app *app)
{
	char why[200] = "";
	sample_clear(&app->next);
	int error = recording_next(app->recording, &app->next, &app->cut, why, sizeof(why));
	app->has_next = error == 0;
	if (error == 0 || error == -ENODATA) {
		if (app->cut)
			ui_message(app->ui, STYLE_WARN,
				"the recording is cut: this is its last whole sample");
		return;
	}
	app->status = EXIT_FAILED;
	snprintf(app->last_words, sizeof(app->last_words), "%s: %s", app->cli->argument, why);
	ui_message(app->ui, STYLE_DEAD, "the recording cannot be read further: %s", why);
}

static int open_recording(struct app *app)
{
	char why[200] = "";
	if (recording_open(app->cli->argument, &app->recording, why, sizeof(why)) != 0) {
		app_end(app, EXIT_FAILED, "%s: %s", app->cli->argument, why);
		return -1;
	}
	bool waits = app->term || app->cli->has_keys;
	app->speed = isnan(app->cli->speed) ? waits : app->cli->speed;
	read_next(app);
	app->first_at = app->next.at_ns;
	if (app->next.groups.n)
		app->mode = MODE_TARGETS; /* its rows fold and are sorted */
	if (app->has_next)
		return 0;
	app_end(app, EXIT_FAILED, "%s",
		*app->last_words ? app->last_words : "the recording holds no sample");
	return -1;
}

int feed_open(struct app *app)
{
	if (app->cli->verb == VERB_REPLAY)
		return open_recording(app);
	open_live(app);
	return open_recorder(app);
}

void feed_close(struct app *app)
{
	int error = recorder_close(app->recorder);
	if (error)
		app_cannot(app, "finish the recording", app->cli->record, error);
	live_destroy(app->live);
	process_reader_destroy(app->processes);
	recording_close(app->recording);
	sample_finish(&app->sample);
	sample_finish(&app->next);
	pseudonyms_finish(&app->pseudonyms);
}

/* --- live --- */

static void add_target(struct target *targets, size_t *n, int32_t pid, int side, int worker)
{
	if (pid <= 0 || *n >= TARGETS_MAX)
		return;
	targets[(*n)++] =
		(struct target) { .pid = pid, .side = (int16_t)side, .worker = (int16_t)worker };
}

/* The processes to read: both hosts, and the workers that are processes of their own. */
static size_t collect_targets(const struct sample *sample, struct target *targets)
{
	size_t n = 0;
	for (size_t i = 0; i < sample->crews.n; i++) {
		const struct crew_sample *crew = &sample->crews.at[i];
		if (crew->state != CREW_STARTING && crew->state != CREW_RUNNING)
			continue;
		add_target(targets, &n, crew->host, crew->side, WORKER_HOST);
		for (size_t j = 0; j < sample->workers.n; j++) {
			const struct worker_sample *worker = &sample->workers.at[j];
			bool lives =
				worker->phase == WORKER_ALIVE || worker->phase == WORKER_UNREAPED;
			/* A crew of threads has some, too, that were made by clone without CLONE_THREAD. */
			if (worker->side == crew->side && worker->pid != crew->host && lives)
				add_target(targets, &n, worker->pid, worker->side, worker->index);
		}
	}
	return n;
}

static void follow_targets(struct app *app)
{
	struct target targets[TARGETS_MAX];
	memset(targets, 0, sizeof(targets));
	size_t n =
		app->groups ? attach_targets(app, targets) : collect_targets(&app->sample, targets);
	if (n == app->n_targets && memcmp(targets, app->targets, n * sizeof(targets[0])) == 0)
		return;
	memcpy(app->targets, targets, sizeof(targets));
	app->n_targets = n;
	live_set_targets(app->live, targets, n);
}

/* A recording has both address spaces, whatever was looked at: the left side's first worker and the right host. */
static size_t add_recorded(const struct app *app, int32_t *pids, size_t n)
{
	for (size_t i = 0; i < app->n_targets && n < MAPPING_TARGETS_MAX; i++) {
		const struct target *target = &app->targets[i];
		bool wanted = target->side == SIDE_LEFT ? target->worker == 0
							: target->worker == WORKER_HOST;
		bool known = false;
		for (size_t j = 0; j < n; j++)
			known = known || pids[j] == target->pid;
		if (wanted && !known)
			pids[n++] = target->pid;
	}
	return n;
}

/* The pages that are looked at besides the arenas. */
static void follow_ranges(struct app *app)
{
	struct ui_range wanted[RANGES_MAX];
	struct range ranges[RANGES_MAX];
	long page = sysconf(_SC_PAGESIZE);
	size_t n = ui_ranges(app->ui, wanted, ARRAY_LEN(wanted), (int)(page / 1024));
	for (size_t i = 0; i < n; i++) {
		ranges[i] =
			(struct range) { .pid = pseudonyms_real(&app->pseudonyms, wanted[i].pid),
				.start = wanted[i].start,
				.end = wanted[i].end };
		memcpy(ranges[i].name, wanted[i].name, sizeof(ranges[i].name));
	}
	live_set_ranges(app->live, ranges, n);
}

void feed_needs(struct app *app)
{
	int32_t pids[MAPPING_TARGETS_MAX];
	size_t n = 0;
	if (!app->live)
		return;
	unsigned needs = ui_needs(app->ui, pids, ARRAY_LEN(pids), &n);
	follow_ranges(app);
	attach_look(app, needs);
	if (app->lesson)
		needs |= lesson_needs(app->lesson, pids, ARRAY_LEN(pids), &n);
	for (size_t i = 0; i < n; i++)
		pids[i] = pseudonyms_real(&app->pseudonyms, pids[i]);
	if (app->recorder) {
		needs |= LAB_NEEDS | NEED_MAPPINGS | record_needs(RECORD_PRINTED, RECORD_IF_SHOWN);
		n = add_recorded(app, pids, n);
	}
	if ((app->cli->json && !app->lesson) || app->files[FILE_CSV].file)
		needs |= LAB_NEEDS | record_needs(RECORD_PRINTED, 0);
	/* What nobody takes in would only pile up. */
	if (app->paused && !app->recorder)
		needs &= ~(unsigned)NEED_SWITCHES;
	if (app->trace)
		needs |= NEED_TASKS | NEED_SWITCHES;
	/* Of programs every birth is counted, and the sum of memory is kept. */
	if (app->cli->verb == VERB_RUN)
		needs |= NEED_SWITCHES | NEED_PROCESSES;
	if (needs == app->needs && n == app->n_mapped &&
		memcmp(pids, app->mapped, n * sizeof(pids[0])) == 0)
		return;
	app->needs = needs;
	app->n_mapped = n;
	memcpy(app->mapped, pids, n * sizeof(pids[0]));
	live_set_needs(app->live, needs, pids, n);
}

void feed_watch_host(void *context, enum side side, int32_t host)
{
	struct app *app = context;
	/* What is refused is told by a gap, when somebody looks. */
	if (app->live && app->cli->verb == VERB_RUN)
		(void)live_watch_keeper(app->live, side, host);
	else if (app->live)
		(void)live_watch_host(app->live, side, host);
}

/* The prober starts after the screen, and again when it ended. */
static void follow_own(struct app *app)
{
	int32_t own[OWN_MAX] = { 0 };
	size_t n = crews_own_pids(app->crews, own, OWN_MAX);
	if (memcmp(own, app->own, sizeof(own)) == 0)
		return;
	memcpy(app->own, own, sizeof(own));
	live_set_observer(app->live, own, n);
}

static void record(struct app *app)
{
	int error = app->recorder ? recorder_add(app->recorder, &app->sample) : 0;
	if (!error)
		return;
	recorder_destroy(app->recorder);
	app->recorder = NULL;
	app_lost(app, "recording", app->cli->record, error);
}

static void take_in(struct app *app)
{
	model_feed(app->model, &app->sample);
	if (app->term || app->cli->has_keys) /* somebody may look back */
		past_add(&app->past, &app->sample);
	files_sample(app);
	if (app->cli->verb == VERB_RUN)
		programs_note_peaks(app);
	app_keep_up(app);
	app->dirty = true;
	steer_tell_events(app->steer);
	app->lesson_due = true;
}

bool feed_tick(struct app *app, nsec now)
{
	/* A pause stops the picture and its cost; a recording goes on. */
	if (!app->live || app->over || (app->paused && !app->recorder))
		return false;
	app->sampled = now;
	app->sample_due = 0;
	if (live_prober_stuck(app->live, now) && crews_restart_prober(app->crews) == 0)
		live_prober_restarted(app->live, now);
	follow_own(app);
	sample_clear(&app->sample);
	crews_report(app->crews, &app->sample);
	if (!app->groups)
		steer_report_duel(app->steer, &app->sample);
	follow_targets(app);
	feed_needs(app);
	live_read(app->live, now, &app->sample);
	if (app->groups)
		attach_report(app);
	if (app->cli->verb == VERB_RUN)
		programs_report(app);
	if (app->cli->mask_ids)
		pseudonyms_apply(&app->pseudonyms, &app->sample);
	if (app->lesson)
		host_keep(app);
	record(app);
	attach_note_end(app);
	app_keep_up(app);
	if (!app->paused)
		take_in(app);
	if (app->groups)
		attach_pace(app, nsec_monotonic() - now);
	return !app->paused;
}

/* --- a recording --- */

static nsec paced(const struct app *app, nsec duration)
{
	return app->speed > 0 ? (nsec)((double)MAX(duration, 0) / app->speed) : 0;
}

/* Takes in the sample that is due, and reads the one after it. */
static void take_next(struct app *app)
{
	sample_copy(&app->sample, &app->next);
	read_next(app);
	if (app->has_next)
		app->next_due += paced(app, app->next.at_ns - app->sample.at_ns);
	if (app->cli->mask_ids)
		pseudonyms_apply(&app->pseudonyms, &app->sample);
	take_in(app);
	host_tell(app);
	/* Without pace, the time of --for is the recording's own. */
	if (app->speed <= 0 && app->cli->duration &&
		app->sample.at_ns - app->first_at >= app->cli->duration)
		app->has_next = false;
}

bool feed_due(struct app *app, nsec now)
{
	if (!app->recording || app->paused || output_waits(&app->out))
		return false;
	bool due = app->has_next && app->next_due <= now;
	if (due)
		take_next(app);
	if (due && app->speed > 0)
		return true;
	if (app->has_next && app->next_due < now)
		app->next_due = now; /* late: the recording is stretched, not hurried */
	/* On a screen the last frame stays to be looked at. */
	if (!app->has_next && !app->term && !app->cli->has_keys)
		app->quit = true;
	return due;
}

nsec feed_wait(const struct app *app, nsec now)
{
	if (!app->recording || app->paused || !app->has_next || output_waits(&app->out))
		return -1;
	return MAX(app->next_due - now, 0);
}

void feed_pause(struct app *app, bool paused, nsec now)
{
	app->paused = paused;
	feed_needs(app);
	/* A replay goes on where it was. */
	if (!paused)
		app->next_due =
			now + (app->has_next ? paced(app, app->next.at_ns - app->sample.at_ns) : 0);
}
