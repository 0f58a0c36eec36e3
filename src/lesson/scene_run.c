/* SPDX-License-Identifier: MIT
 * Takes a scene from one phase to the next. Every wait is for a condition, with a limit that ends in words, never in
 * silence.
 */
#include "scene_run.h"

#include "job.h"
#include "lesson.h"
#include "order.h"

#define START_LIMIT (15 * NSEC_PER_SEC)
#define SETTLE_LIMIT (2500 * NSEC_PER_MSEC)
#define SETTLE_FEEDS 3 /* rates need two samples of the new crews */
#define BUSY_LIMIT (3 * NSEC_PER_SEC)
#define ORDER_LIMIT (30 * NSEC_PER_SEC) /* on a machine whose CPUs others want, too */
#define DUEL_LIMIT (60 * NSEC_PER_SEC)
#define EAGER_FEEDS 8 /* samples out of turn while the effect has not arrived */
#define LOOKS_MAX 12
#define LACK_LIMIT (3 * NSEC_PER_SEC) /* how long to look for what is not known */
#define RETRY (10 * NSEC_PER_MSEC)

static nsec now_of(const struct scene_run *run)
{
	return run->host->now(run->host->context);
}

static void enter(struct scene_run *run, enum lesson_phase phase)
{
	run->phase = phase;
	run->since = now_of(run);
	run->feeds = model_feeds(run->host->model);
}

static uint64_t feeds_since(const struct scene_run *run)
{
	return model_feeds(run->host->model) - run->feeds;
}

struct scene_facts scene_run_facts(struct scene_run *run)
{
	scene_snapshot_take(&run->now, run->scene->code, lesson_lookup, run->host->model);
	return (struct scene_facts) {
		.now = &run->now,
		.before = run->action ? &run->before : NULL,
		.code = run->scene->code,
	};
}

/* The steps are done: what came of them is looked at now, not when its turn comes. */
static void await_effect(struct scene_run *run)
{
	enter(run, LESSON_EFFECT);
	run->host->sample_soon(run->host->context, true);
}

/* --- the crews --- */

static const struct crew_sample *crew_of(const struct scene_run *run, enum side side)
{
	return model_side(run->host->model, side)->crew;
}

static bool side_whole(const struct scene_run *run, enum side side)
{
	const struct crew_sample *crew = crew_of(run, side);
	return crew && crew->state == CREW_RUNNING && crew->alive >= crew->wanted;
}

static bool crews_whole(const struct scene_run *run)
{
	return side_whole(run, SIDE_LEFT) && side_whole(run, SIDE_RIGHT);
}

static const struct crew_sample *refused_crew(const struct scene_run *run)
{
	for (int side = 0; side < SIDES; side++) {
		const struct crew_sample *crew = crew_of(run, (enum side)side);
		if (crew && (crew->state == CREW_FAILED || strncmp(crew->note, "limit: ", 7) == 0))
			return crew;
	}
	return NULL;
}

static void start(struct scene_run *run)
{
	run->sent[SIDE_LEFT] = run->sent[SIDE_RIGHT] = false;
	*run->trouble = 0;
	enter(run, LESSON_STARTING);
}

static void go_starting(struct scene_run *run, nsec now, bool sampled)
{
	for (int side = 0; side < SIDES; side++) {
		if (run->sent[side])
			continue;
		int error = run->host->start_crew(run->host->context, run->scene, (enum side)side);
		run->sent[side] = error != -EBUSY;
		if (error && error != -EBUSY)
			snprintf(run->trouble, sizeof(run->trouble),
				"the %s crew could not start: %s", side_name((enum side)side),
				strerror(-error));
		run->feeds = model_feeds(run->host->model);
	}
	const struct crew_sample *refused = refused_crew(run);
	if (sampled && refused && !*run->trouble && feeds_since(run) > 1)
		snprintf(run->trouble, sizeof(run->trouble), "%s", refused->note);
	if (now - run->since > START_LIMIT && !*run->trouble)
		snprintf(run->trouble, sizeof(run->trouble), "the crews did not start within %d s",
			(int)(START_LIMIT / NSEC_PER_SEC));
	if (*run->trouble)
		enter(run, LESSON_FAILED);
	else if (sampled && feeds_since(run) > 0 && run->sent[0] && run->sent[1] &&
		 crews_whole(run))
		enter(run, LESSON_SETTLING);
}

/* --- before --- */

static void texts_render(struct run_texts *texts, const struct scene_text *templates, unsigned n,
	const struct scene_facts *facts)
{
	texts->n = MIN(n, (unsigned)RUN_TEXTS);
	for (unsigned i = 0; i < texts->n; i++) {
		buf_clear(&texts->at[i]);
		scene_render(&texts->at[i], &templates[i], facts, NULL, 0);
	}
}

static bool all_known(struct scene_run *run)
{
	const struct scene *scene = run->scene;
	const struct scene_facts facts = scene_run_facts(run);
	struct buf text = { 0 };
	int unknown = run->before.unknown;
	for (unsigned i = 0; i < scene->before_n; i++)
		unknown += scene_render(&text, &scene->before[i], &facts, NULL, 0);
	buf_finish(&text);
	return unknown == 0;
}

static void look_before(struct scene_run *run)
{
	const struct scene_facts facts = scene_run_facts(run);
	texts_render(&run->before_texts, run->scene->before, run->scene->before_n, &facts);
	scene_snapshot_take(&run->before, run->scene->code, lesson_lookup, run->host->model);
}

static void go_settling(struct scene_run *run, nsec now)
{
	look_before(run);
	bool settled = feeds_since(run) >= SETTLE_FEEDS && all_known(run);
	if (!settled && now - run->since < SETTLE_LIMIT)
		return;
	enter(run, LESSON_READY);
	if (!run->next)
		return;
	const struct scene_action *next = run->next;
	run->next = NULL;
	scene_run_act(run, next);
}

/* --- acting --- */

/* Whom an order went to: those that must have answered. */
static bool is_target(const struct scene_move *move, const struct worker_sample *worker)
{
	return worker->side >= 0 && worker->side < SIDES && move->side[worker->side] &&
	       worker->index >= 0 && worker->index < RUN_WORKERS &&
	       (move->worker == SCENE_ALL || move->worker == worker->index);
}

static void note_orders(struct scene_run *run)
{
	const struct sample *sample = model_sample(run->host->model);
	memset(run->orders_done, 0, sizeof(run->orders_done));
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (worker->side >= 0 && worker->side < SIDES && worker->index >= 0 &&
			worker->index < RUN_WORKERS && worker->phase == WORKER_ALIVE)
			run->orders_done[worker->side][worker->index] = worker->orders_done;
	}
}

/* Who ended has answered, too. */
static bool orders_answered(const struct scene_run *run, const struct scene_move *move)
{
	const struct sample *sample = model_sample(run->host->model);
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (is_target(move, worker) && worker->phase == WORKER_ALIVE &&
			worker->orders_done <= run->orders_done[worker->side][worker->index])
			return false;
	}
	return true;
}

/* What a worker could not do that was asked of it. */
static void note_refusal(struct scene_run *run, const struct scene_move *move)
{
	const struct sample *sample = model_sample(run->host->model);
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (is_target(move, worker) && worker->phase == WORKER_ALIVE &&
			worker->order_state == ORDER_STATE_FAILED)
			snprintf(run->trouble, sizeof(run->trouble), "w%d could not do it: %s",
				worker->index, worker->last_result);
	}
}

/* All that got the job do it, not only know of it. */
static bool job_taken_up(const struct scene_run *run, const struct scene_move *move)
{
	const struct sample *sample = model_sample(run->host->model);
	if (move->job < 0 || move->job >= JOBS)
		return true;
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (is_target(move, worker) && worker->phase == WORKER_ALIVE &&
			strcmp(worker->job, job_table[move->job].name) != 0)
			return false;
	}
	return true;
}

/* Who was added to carry it out has not answered yet. */
static bool fresh_is_under_way(const struct scene_run *run, const struct scene_move *move)
{
	const struct sample *sample = model_sample(run->host->model);
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (move->side[worker->side] && worker->order_state == ORDER_STATE_UNDER_WAY &&
			strcmp(worker->last_order, order_table[move->order].name) == 0)
			return true;
	}
	return false;
}

static bool step_over(const struct scene_run *run, const struct scene_move *move)
{
	if (!run->awaited)
		return true;
	if (move->duel)
		return !run->host->duel_runs(run->host->context);
	if (feeds_since(run) == 0)
		return false;
	if (move->verb == VERB_JOB)
		return job_taken_up(run, move);
	if (move->verb == VERB_ADD || move->verb == VERB_CLONE || move->verb == VERB_RESTART)
		return crews_whole(run);
	/* What comes next is not to disturb it. */
	if (move->order && order_table[move->order].unconfined &&
		run->step + 1 < run->action->steps_n && fresh_is_under_way(run, move))
		return false;
	/* Who is added to do it, or has no mailbox, does not answer: its effect must tell. */
	bool answers = move->order && !order_table[move->order].unconfined &&
		       order_table[move->order].to != ORDER_TO_HOST;
	return !answers || orders_answered(run, move);
}

static nsec step_limit(const struct scene_move *move)
{
	if (move->duel)
		return DUEL_LIMIT;
	return move->verb == VERB_RESTART ? START_LIMIT : ORDER_LIMIT;
}

/* One side's share; a duel is of both, and goes out with the left one's. */
static int dispatch_share(struct scene_run *run, const struct scene_move *move, enum side side,
	char *why, size_t why_size)
{
	const struct lesson_host *host = run->host;
	if (!move->duel)
		return host->run_step(host->context, run->scene, move, side, why, why_size);
	if (side == SIDE_LEFT)
		return host->run_duel(host->context, move, why, why_size);
	return SCENE_STEP_OVER;
}

/* Dispatches the step to those who do not have it yet. Returns 0, -EBUSY or why not. */
static int dispatch_step(struct scene_run *run, const struct scene_move *move)
{
	char why[120] = "";
	for (int side = 0; side < SIDES; side++) {
		if (run->sent[side] || (!move->duel && !move->side[side]))
			continue;
		int result = dispatch_share(run, move, (enum side)side, why, sizeof(why));
		run->feeds = model_feeds(run->host->model);
		if (result < 0 && result != -EBUSY)
			snprintf(run->trouble, sizeof(run->trouble), "not done: %s", why);
		if (result < 0)
			return result;
		run->sent[side] = true;
		run->awaited = run->awaited || result != SCENE_STEP_OVER;
		run->host->sample_soon(run->host->context, false);
	}
	return 0;
}

static void begin_step(struct scene_run *run, unsigned step)
{
	run->step = step;
	run->sent[SIDE_LEFT] = run->sent[SIDE_RIGHT] = run->awaited = false;
	run->since = now_of(run);
	note_orders(run);
}

/* Steps one after the other; the next begins when the one before is over. */
static void go_acting(struct scene_run *run, nsec now)
{
	while (run->step < run->action->steps_n) {
		const struct scene_move move = scene_move_of(&run->action->steps[run->step]);
		int error = dispatch_step(run, &move);
		bool late = now - run->since > (error == -EBUSY ? BUSY_LIMIT : step_limit(&move));
		if (error == -EBUSY && !late)
			return;
		if (!error && !step_over(run, &move) && !late)
			return;
		if (late)
			snprintf(run->trouble, sizeof(run->trouble),
				"a step of the action was not over within its time");
		else if (move.order)
			note_refusal(run, &move);
		if (*run->trouble)
			break;
		if (move.verb == VERB_MARK || move.verb == VERB_RESTART) /* new crews count anew */
			scene_snapshot_take(
				&run->before, run->scene->code, lesson_lookup, run->host->model);
		begin_step(run, run->step + 1);
	}
	await_effect(run);
}

void scene_run_act(struct scene_run *run, const struct scene_action *action)
{
	if (!action || scene_run_is_busy(run) || run->phase == LESSON_OFF ||
		run->phase == LESSON_FAILED)
		return;
	if (!crews_whole(run)) { /* what the action before left behind is no clean crew */
		run->next = action;
		run->action = NULL;
		start(run);
		return;
	}
	run->action = NULL;
	look_before(run);
	run->action = action;
	run->done |= 1u << (action - run->scene->actions);
	run->looks = run->undecided = 0;
	run->timed_out = false;
	run->arrived = 0;
	*run->trouble = *run->undecided_why = 0;
	memset(run->truths, 0, sizeof(run->truths));
	run->after_texts.n = 0;
	buf_clear(&run->punch);
	buf_clear(&run->big);
	buf_clear(&run->big_label);
	for (size_t i = 0; i < run->polls.n; i++)
		run->polls.at[i] = (struct poll) { 0 };
	memset(run->kill_polls, 0, sizeof(run->kill_polls));
	enter(run, LESSON_ACTING);
	run->pressed = run->since;
	begin_step(run, 0);
}

/* --- the effect --- */

static bool effect_arrived(const struct scene_run *run, const struct scene_facts *facts)
{
	const struct scene_text *until = scene_run_until(run);
	if (!until->text)
		return feeds_since(run) >= 2;
	return feeds_since(run) >= 1 &&
	       (!run->action->steps_n || scene_run_is_fresh(run, run->since)) &&
	       scene_condition(until, facts, NULL, 0) == SCENE_YES;
}

/* Who is added to carry an order out answers after its step is over. */
static void note_fresh_refusals(struct scene_run *run)
{
	const struct sample *sample = model_sample(run->host->model);
	for (size_t i = 0; i < sample->workers.n && !*run->trouble; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		int order = order_find(worker->last_order);
		bool old = worker->ended_ns != UNKNOWN && worker->ended_ns < run->pressed;
		if (!old && order > 0 && order_table[order].unconfined &&
			worker->order_state == ORDER_STATE_FAILED)
			snprintf(run->trouble, sizeof(run->trouble), "w%d could not do it: %s",
				worker->index, worker->last_result);
	}
}

static void go_effect(struct scene_run *run, nsec now)
{
	note_fresh_refusals(run);
	int wait_ms = run->action->wait_ms ? run->action->wait_ms : SCENE_WAIT_MS;
	const struct scene_facts facts = scene_run_facts(run);
	bool arrived = effect_arrived(run, &facts);
	run->timed_out = !arrived && (now - run->since > wait_ms * NSEC_PER_MSEC || *run->trouble);
	if (run->timed_out)
		scene_run_say_unknown(run, &facts);
	if (arrived || run->timed_out)
		enter(run, LESSON_LOOKING);
	else if (feeds_since(run) <= EAGER_FEEDS)
		run->host->sample_soon(run->host->context, false);
}

/* The words stand from the first look on; more looks only make sure. */
static void go_looking(struct scene_run *run, nsec now)
{
	const struct scene_facts facts = scene_run_facts(run);
	run->looks++;
	scene_run_look(run, &facts);
	if (!run->arrived)
		run->arrived = now;
	bool hindered = *scene_run_obstacle(run);
	int most = hindered ? POLL_LOOKS : LOOKS_MAX;
	bool lacks = !hindered && scene_run_has_unknowns(run) && now - run->since < LACK_LIMIT;
	if (!scene_run_is_decided(run) && (run->looks < most || lacks))
		return;
	scene_run_record_verdicts(run, &facts);
	enter(run, LESSON_DONE);
}

/* --- all of it --- */

bool scene_run_is_busy(const struct scene_run *run)
{
	return run->phase == LESSON_STARTING || run->phase == LESSON_SETTLING ||
	       run->phase == LESSON_ACTING || run->phase == LESSON_EFFECT ||
	       run->phase == LESSON_LOOKING;
}

bool scene_run_go(struct scene_run *run, bool sampled)
{
	nsec now = now_of(run);
	enum lesson_phase before = run->phase;
	if (run->phase == LESSON_STARTING)
		go_starting(run, now, sampled);
	else if (run->phase == LESSON_SETTLING && sampled)
		go_settling(run, now);
	else if (run->phase == LESSON_READY && sampled)
		look_before(run);
	else if (run->phase == LESSON_LOOKING && sampled)
		go_looking(run, now);
	if (run->phase == LESSON_ACTING)
		go_acting(run, now);
	if (run->phase == LESSON_EFFECT && sampled)
		go_effect(run, now);
	if (run->phase == LESSON_LOOKING && before == LESSON_EFFECT && run->looks == 0)
		go_looking(run, now); /* of the sample that showed the effect */
	return sampled || run->phase != before;
}

nsec scene_run_wait(const struct scene_run *run)
{
	bool start = run->phase == LESSON_STARTING && !(run->sent[0] && run->sent[1]);
	return start || run->phase == LESSON_ACTING ? RETRY : -1;
}

void scene_run_open(struct scene_run *run, const struct lesson_host *host, struct card *card)
{
	*run = (struct scene_run) { .host = host, .card = card };
}

static void texts_finish(struct run_texts *texts)
{
	for (unsigned i = 0; i < RUN_TEXTS; i++)
		buf_finish(&texts->at[i]);
}

void scene_run_close(struct scene_run *run)
{
	texts_finish(&run->before_texts);
	texts_finish(&run->after_texts);
	buf_finish(&run->punch);
	buf_finish(&run->big);
	buf_finish(&run->big_label);
	scene_snapshot_finish(&run->now);
	scene_snapshot_finish(&run->before);
	vec_finish(&run->polls);
}

void scene_run_start(struct scene_run *run, const struct scene *scene)
{
	run->scene = scene;
	run->question = NULL;
	run->action = run->next = NULL;
	run->done = 0;
	run->before_texts.n = run->after_texts.n = 0;
	buf_clear(&run->punch);
	buf_clear(&run->big);
	vec_clear(&run->polls);
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		vec_push(&run->polls);
	start(run);
}
