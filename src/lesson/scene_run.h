/* SPDX-License-Identifier: MIT
 * One scene, played on the lab's crews: a clean start, actions, the look at what came of each. It waits for conditions,
 * each with a limit: crews are whole, an order was answered, a fact changed, looks agree.
 */
#ifndef TASKSCOPE_LESSON_SCENE_RUN_H
#define TASKSCOPE_LESSON_SCENE_RUN_H

#include "lesson.h"
#include "quiz.h"

#define RUN_TEXTS 8 /* captions on one side */
#define RUN_WORKERS 64 /* workers whose orders are followed */

struct run_texts {
	struct buf at[RUN_TEXTS];
	unsigned n;
};

struct scene_run {
	const struct lesson_host *host;
	const struct scene *scene;
	enum lesson_phase phase;
	const struct scene_action
		*action; /* under way, or the last that was done; NULL: none yet */
	const struct scene_action *next; /* as soon as the crews are whole again */
	unsigned done; /* bit i: action i of the scene was done since its start */
	struct scene_snapshot now, before;
	struct run_texts before_texts, after_texts;
	struct buf punch, big, big_label;
	VEC(struct poll) polls; /* one a verdict of the scene */
	struct poll kill_polls[SCENE_KILLS_MAX]; /* of the action */
	const struct scene_question *question; /* to be looked at with the verdicts; NULL: none */
	/* looks for each option, and those that decided for none */
	int truths[SCENE_OPTIONS_MAX], undecided;
	char undecided_why[160];
	int looks;
	bool timed_out; /* the effect did not arrive within the action's time */
	char trouble[160]; /* what could not be done, and why; "" nothing */
	bool quick; /* shorter windows, where a scene has them */
	struct card *card; /* takes down the verdicts; NULL: nobody */

	unsigned step; /* of the action */
	bool sent[SIDES]; /* the step was dispatched to this side; a duel: [0] */
	bool awaited; /* what it does is still to come */
	int64_t orders_done[SIDES][RUN_WORKERS];
	nsec since; /* of the phase; of the step, while acting */
	nsec pressed,
		arrived; /* when the action began, when its captions first stood; 0: not yet */
	uint64_t feeds; /* of the model when the phase began */
};

/* Of an effect that did not come: what is not known of it, and why. */
void scene_run_say_unknown(struct scene_run *run, const struct scene_facts *facts);
void scene_run_open(struct scene_run *run, const struct lesson_host *host, struct card *card);
void scene_run_close(struct scene_run *run);
/* Starts a scene, or starts it again: both crews anew. */
void scene_run_start(struct scene_run *run, const struct scene *scene);
/* Runs an action, from crews that are whole. Of no effect while another runs. */
void scene_run_act(struct scene_run *run, const struct scene_action *action);
/* Goes on as far as it can: at every wake-up, sampled tells whether a sample was fed since the last. Returns whether
 * anything changed that a frame would show. */
bool scene_run_go(struct scene_run *run, bool sampled);
/* What holds when the effect of the action has arrived. */
const struct scene_text *scene_run_until(const struct scene_run *run);
/* How long until it wants to be woken, at the latest; -1: by samples alone. */
nsec scene_run_wait(const struct scene_run *run);
bool scene_run_is_busy(
	const struct scene_run *run); /* an action is under way, or the crews are not ready */
struct scene_facts scene_run_facts(struct scene_run *run); /* reads them */

/* --- look.c: one look at the facts, and what all looks come to --- */

void scene_run_look(struct scene_run *run, const struct scene_facts *facts);
bool scene_run_is_decided(const struct scene_run *run); /* the looks agree */
/* What they disagree on is whether something is known. */
bool scene_run_has_unknowns(const struct scene_run *run);
void scene_run_record_verdicts(struct scene_run *run, const struct scene_facts *facts);
/* The option that the looks agree on; -1: undecided, and why. */
int scene_run_truth(const struct scene_run *run, char *reason, size_t reason_size);
/* What keeps the action from showing anything: it could not be done, or its effect did not come; "" nothing. */
const char *scene_run_obstacle(const struct scene_run *run);
/* Whether what people say is shown to be wrong here, over all looks: SCENE_RUN_NOT_SO, or "not shown here" and why. */
#define SCENE_RUN_NOT_SO "not so"
const char *scene_run_kill(
	const struct scene_run *run, unsigned i, char *reason, size_t reason_size);

/* --- needs.c --- */

/* What the scene's facts need beyond what panes ask for; as lesson_needs. */
unsigned scene_run_needs(const struct scene_run *run, int32_t *pids, size_t n, size_t *ret_n);
/* Whether all evidence in the newest sample was read after this time: the slow lane's may be older than an effect. */
bool scene_run_is_fresh(const struct scene_run *run, nsec since);

#endif
