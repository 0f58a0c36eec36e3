/* SPDX-License-Identifier: MIT
 * Knows how a scene goes from one phase to the next, and what each waits for. Every wait is for a condition, with a limit
 * that ends in words, never in silence.
 */
#include "play.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
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
#define SOON (40 * NSEC_PER_MSEC) /* the sample after an action */
#define RETRY (10 * NSEC_PER_MSEC)

static void enter(struct play *play, enum play_phase phase)
{
	play->phase = phase;
	play->since = nsec_monotonic();
	play->feeds = model_feeds(play->app->model);
}

static uint64_t feeds_since(const struct play *play)
{
	return model_feeds(play->app->model) - play->feeds;
}

struct scene_facts play_facts(const struct play *play)
{
	return (struct scene_facts) {
		.lookup = lesson_lookup,
		.context = play->app->model,
		.before = play->action ? &play->before : NULL,
		.named = play->scene->values,
		.named_n = play->scene->values_n,
	};
}

static void sample_soon(struct play *play)
{
	play->app->sample_due = nsec_monotonic() + SOON;
}

/* The steps are done: what came of them is looked at now, not when its turn comes. */
static void await_effect(struct play *play)
{
	enter(play, PLAY_EFFECT);
	if (!play->app->live)
		return;
	live_expire_evidence(play->app->live);
	sample_soon(play);
}

/* --- the crews --- */

const struct crew_sample *play_crew(const struct play *play, enum side side)
{
	const struct sample *sample = &play->app->sample;
	for (size_t i = 0; i < sample->crews.n; i++)
		if (sample->crews.at[i].side == (int)side)
			return &sample->crews.at[i];
	return NULL;
}

static bool side_whole(const struct play *play, enum side side)
{
	const struct crew_sample *crew = play_crew(play, side);
	return crew && crew->state == CREW_RUNNING && crew->alive >= crew->wanted;
}

static bool crews_whole(const struct play *play)
{
	return side_whole(play, SIDE_LEFT) && side_whole(play, SIDE_RIGHT);
}

static const struct crew_sample *failed_crew(const struct play *play)
{
	for (int side = 0; side < SIDES; side++) {
		const struct crew_sample *crew = play_crew(play, (enum side)side);
		if (crew && crew->state == CREW_FAILED)
			return crew;
	}
	return NULL;
}

static void start(struct play *play)
{
	play->sent[SIDE_LEFT] = play->sent[SIDE_RIGHT] = false;
	*play->trouble = 0;
	enter(play, PLAY_STARTING);
}

static void go_starting(struct play *play, nsec now, bool sampled)
{
	for (int side = 0; side < SIDES; side++) {
		if (play->sent[side])
			continue;
		int error = steer_start_scene(play->app->steer, play->scene, (enum side)side);
		play->sent[side] = error != -EBUSY;
		if (error && error != -EBUSY)
			snprintf(play->trouble, sizeof(play->trouble),
				"the %s crew could not start: %s", side_name((enum side)side),
				strerror(-error));
		play->feeds = model_feeds(play->app->model);
	}
	const struct crew_sample *failed = failed_crew(play);
	if (sampled && failed && !*play->trouble && feeds_since(play) > 1)
		snprintf(play->trouble, sizeof(play->trouble), "%s", failed->note);
	if (now - play->since > START_LIMIT && !*play->trouble)
		snprintf(play->trouble, sizeof(play->trouble),
			"the crews did not start within %d s", (int)(START_LIMIT / NSEC_PER_SEC));
	if (*play->trouble)
		enter(play, PLAY_FAILED);
	else if (sampled && feeds_since(play) > 0 && play->sent[0] && play->sent[1] &&
		 crews_whole(play))
		enter(play, PLAY_SETTLING);
}

/* --- before --- */

static void texts_render(
	struct play_texts *texts, char **templates, unsigned n, const struct scene_facts *facts)
{
	texts->n = MIN(n, (unsigned)PLAY_TEXTS);
	for (unsigned i = 0; i < texts->n; i++) {
		buf_clear(&texts->at[i]);
		scene_render(&texts->at[i], templates[i], facts, NULL, 0);
	}
}

static bool all_known(const struct play *play)
{
	const struct scene *scene = play->scene;
	const struct scene_facts facts = play_facts(play);
	struct buf text = { 0 };
	int unknown = 0;
	for (size_t i = 0; i < play->before.facts.n; i++)
		unknown += !play->before.facts.at[i].value.known;
	for (unsigned i = 0; i < scene->before_n; i++)
		unknown += scene_render(&text, scene->before[i], &facts, NULL, 0);
	buf_finish(&text);
	return unknown == 0;
}

static void look_before(struct play *play)
{
	const struct scene_facts facts = play_facts(play);
	texts_render(&play->before_texts, play->scene->before, play->scene->before_n, &facts);
	scene_snapshot_take(&play->before, play->scene, lesson_lookup, play->app->model);
}

static void go_settling(struct play *play, nsec now)
{
	look_before(play);
	bool settled = feeds_since(play) >= SETTLE_FEEDS && all_known(play);
	if (!settled && now - play->since < SETTLE_LIMIT)
		return;
	enter(play, PLAY_READY);
	if (!play->next)
		return;
	const struct scene_action *next = play->next;
	play->next = NULL;
	play_action(play, next);
}

/* --- acting --- */

/* Whom an order went to: those that must have answered. */
static bool is_target(const struct scene_move *move, const struct worker_sample *worker)
{
	return worker->side >= 0 && worker->side < SIDES && move->side[worker->side] &&
	       worker->index >= 0 && worker->index < SCENE_WORKERS &&
	       (move->worker == SCENE_ALL || move->worker == worker->index);
}

static void note_orders(struct play *play)
{
	const struct sample *sample = &play->app->sample;
	memset(play->orders_done, 0, sizeof(play->orders_done));
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (worker->side >= 0 && worker->side < SIDES && worker->index >= 0 &&
			worker->index < SCENE_WORKERS && worker->phase == WORKER_ALIVE)
			play->orders_done[worker->side][worker->index] = worker->orders_done;
	}
}

/* Who ended has answered, too. */
static bool orders_answered(const struct play *play, const struct scene_move *move)
{
	const struct sample *sample = &play->app->sample;
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];
		if (is_target(move, worker) && worker->phase == WORKER_ALIVE &&
			worker->orders_done <= play->orders_done[worker->side][worker->index])
			return false;
	}
	return true;
}

/* All that got the job do it, not only know of it. */
static bool job_taken_up(const struct play *play, const struct scene_move *move)
{
	const struct sample *sample = &play->app->sample;
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

static bool step_over(const struct play *play, const struct scene_move *move)
{
	if (move->duel)
		return !steer_duel_runs(play->app->steer);
	if (feeds_since(play) == 0)
		return !move->order && move->verb != VERB_ADD && move->verb != VERB_RESTART &&
		       move->verb != VERB_JOB && move->verb != VERB_MARK;
	if (move->verb == VERB_JOB)
		return job_taken_up(play, move);
	if (move->verb == VERB_ADD || move->verb == VERB_RESTART)
		return crews_whole(play);
	/* Who is added to do it, or has no mailbox, does not answer: its effect must tell. */
	bool answers = move->order && !order_table[move->order].unconfined &&
		       order_table[move->order].to != ORDER_TO_HOST;
	return !answers || orders_answered(play, move);
}

static nsec step_limit(const struct scene_move *move)
{
	return move->duel ? DUEL_LIMIT : move->verb == VERB_RESTART ? START_LIMIT : ORDER_LIMIT;
}

/* Gives the step out to those who do not have it yet. Returns 0, -EBUSY or why not. */
static int give_out(struct play *play, const struct scene_move *move)
{
	char why[120] = "";
	int error = 0;
	for (int side = 0; side < SIDES && !error; side++) {
		if (play->sent[side] || (!move->duel && !move->side[side]))
			continue;
		if (move->duel)
			error = side == 0 ? steer_run_duel(play->app->steer, move, why, sizeof(why))
					  : 0;
		else
			error = steer_run_step(play->app->steer, play->scene, move, (enum side)side,
				why, sizeof(why));
		play->sent[side] = !error;
		play->feeds = model_feeds(play->app->model);
		if (!error)
			sample_soon(play);
	}
	if (error && error != -EBUSY)
		snprintf(play->trouble, sizeof(play->trouble), "not done: %s", why);
	return error;
}

static void begin_step(struct play *play, unsigned step)
{
	play->step = step;
	play->sent[SIDE_LEFT] = play->sent[SIDE_RIGHT] = false;
	play->since = nsec_monotonic();
	note_orders(play);
}

/* Steps one after the other; the next begins when the one before is over. */
static void go_acting(struct play *play, nsec now)
{
	while (play->step < play->action->steps_n) {
		const struct scene_move move = scene_move_of(&play->action->steps[play->step]);
		int error = give_out(play, &move);
		bool late = now - play->since > (error == -EBUSY ? BUSY_LIMIT : step_limit(&move));
		if (error == -EBUSY && !late)
			return;
		if (!error && !step_over(play, &move) && !late)
			return;
		if (late)
			snprintf(play->trouble, sizeof(play->trouble),
				"a step of the action was not over within its time");
		if (*play->trouble)
			break;
		if (move.verb == VERB_MARK)
			scene_snapshot_take(
				&play->before, play->scene, lesson_lookup, play->app->model);
		begin_step(play, play->step + 1);
	}
	await_effect(play);
}

void play_action(struct play *play, const struct scene_action *action)
{
	if (!action || play_is_busy(play) || play->phase == PLAY_OFF || play->phase == PLAY_FAILED)
		return;
	if (!crews_whole(play)) { /* what the action before left behind is no clean crew */
		play->next = action;
		play->action = NULL;
		start(play);
		return;
	}
	play->action = NULL;
	look_before(play);
	play->action = action;
	play->done |= 1u << (action - play->scene->actions);
	play->looks = play->undecided = 0;
	play->timed_out = false;
	play->arrived = 0;
	*play->trouble = *play->undecided_why = 0;
	memset(play->truths, 0, sizeof(play->truths));
	play->after_texts.n = 0;
	buf_clear(&play->punch);
	buf_clear(&play->big);
	buf_clear(&play->big_label);
	for (size_t i = 0; i < play->polls.n; i++)
		play->polls.at[i] = (struct poll) { 0 };
	memset(play->kill_polls, 0, sizeof(play->kill_polls));
	enter(play, PLAY_ACTING);
	play->pressed = play->since;
	begin_step(play, 0);
}

/* --- the effect --- */

static bool effect_arrived(struct play *play)
{
	const struct scene_facts facts = play_facts(play);
	if (!play->action->until)
		return feeds_since(play) >= 2;
	bool fresh = !play->action->steps_n || play_is_fresh(play, play->since);
	return feeds_since(play) >= 1 && fresh &&
	       scene_condition(play->action->until, &facts, NULL, 0) == SCENE_YES;
}

static void go_effect(struct play *play, nsec now)
{
	int wait_ms = play->action->wait_ms ? play->action->wait_ms : SCENE_WAIT_MS;
	bool arrived = effect_arrived(play);
	play->timed_out =
		!arrived && (now - play->since > wait_ms * NSEC_PER_MSEC || *play->trouble);
	if (arrived || play->timed_out)
		enter(play, PLAY_LOOKING);
	else if (feeds_since(play) <= EAGER_FEEDS)
		sample_soon(play);
}

/* --- looking --- */

/* The words stand from the first look on; more looks only make sure. */
static void go_looking(struct play *play, nsec now)
{
	const struct scene_facts facts = play_facts(play);
	play->looks++;
	play_look(play, &facts);
	if (!play->arrived)
		play->arrived = now;
	int most = *play->trouble ? POLL_LOOKS : LOOKS_MAX;
	bool lacks = !*play->trouble && play_lacks(play) && now - play->since < LACK_LIMIT;
	if (!play_decided(play) && (play->looks < most || lacks))
		return;
	play_take_down(play, &facts);
	enter(play, PLAY_DONE);
}

/* --- all of it --- */

bool play_is_busy(const struct play *play)
{
	return play->phase == PLAY_STARTING || play->phase == PLAY_SETTLING ||
	       play->phase == PLAY_ACTING || play->phase == PLAY_EFFECT ||
	       play->phase == PLAY_LOOKING;
}

bool play_go(struct play *play, nsec now, bool sampled)
{
	enum play_phase before = play->phase;
	if (play->phase == PLAY_STARTING)
		go_starting(play, now, sampled);
	else if (play->phase == PLAY_SETTLING && sampled)
		go_settling(play, now);
	else if (play->phase == PLAY_READY && sampled)
		look_before(play);
	else if (play->phase == PLAY_LOOKING && sampled)
		go_looking(play, now);
	if (play->phase == PLAY_ACTING)
		go_acting(play, now);
	if (play->phase == PLAY_EFFECT && sampled)
		go_effect(play, now);
	if (play->phase == PLAY_LOOKING && before == PLAY_EFFECT && play->looks == 0)
		go_looking(play, now); /* of the sample that showed the effect */
	return sampled || play->phase != before;
}

nsec play_wait(const struct play *play, nsec now)
{
	bool start = play->phase == PLAY_STARTING && !(play->sent[0] && play->sent[1]);
	return start || play->phase == PLAY_ACTING ? RETRY : -1;
}

void play_open(struct play *play, struct app *app, struct card *card)
{
	*play = (struct play) { .app = app, .card = card };
}

static void texts_finish(struct play_texts *texts)
{
	for (unsigned i = 0; i < PLAY_TEXTS; i++)
		buf_finish(&texts->at[i]);
}

void play_close(struct play *play)
{
	texts_finish(&play->before_texts);
	texts_finish(&play->after_texts);
	buf_finish(&play->punch);
	buf_finish(&play->big);
	buf_finish(&play->big_label);
	scene_snapshot_finish(&play->before);
	vec_finish(&play->polls);
}

void play_scene(struct play *play, const struct scene *scene, const struct scene_question *question)
{
	play->scene = scene;
	play->question = question;
	play->action = play->next = NULL;
	play->done = 0;
	play->before_texts.n = play->after_texts.n = 0;
	buf_clear(&play->punch);
	buf_clear(&play->big);
	vec_clear(&play->polls);
	for (unsigned i = 0; i < scene->verdicts_n; i++)
		vec_push(&play->polls);
	start(play);
}
