/* SPDX-License-Identifier: MIT
 * One scene, played on the lab's crews: a clean start, actions, the look at what came of each. Works on conditions alone,
 * each with a limit: crews are whole, an order was answered, a fact changed, looks agree.
 */
#ifndef TASKSCOPE_APP_PLAY_H
#define TASKSCOPE_APP_PLAY_H

#include "crew.h"
#include "duel.h"
#include "quiz.h"
#include "scene.h"

struct app;

enum play_phase {
	PLAY_OFF,
	PLAY_STARTING, /* both crews start, clean */
	PLAY_SETTLING, /* they run; what the scene speaks of is not all known yet */
	PLAY_READY, /* before any action */
	PLAY_ACTING, /* the steps of an action */
	PLAY_EFFECT, /* they are done; their effect has not arrived */
	PLAY_LOOKING, /* it has; looks at the verdicts */
	PLAY_DONE, /* captions and verdicts of the action stand */
	PLAY_FAILED, /* the crews could not start: trouble says why */
};

#define PLAY_TEXTS 8 /* captions on one side */
#define PLAY_OPTIONS 5
#define SCENE_WORKERS 64 /* workers whose orders are followed */

struct play_texts {
	struct buf at[PLAY_TEXTS];
	unsigned n;
};

struct play {
	struct app *app;
	const struct scene *scene;
	enum play_phase phase;
	const struct scene_action
		*action; /* under way, or the last that was done; NULL: none yet */
	const struct scene_action *next; /* as soon as the crews are whole again */
	unsigned done; /* bit i: action i of the scene was done since its start */
	struct scene_snapshot before;
	struct play_texts before_texts, after_texts;
	struct buf punch, big, big_label;
	VEC(struct poll) polls; /* one a verdict of the scene */
	struct poll kill_polls[SCENE_KILLS_MAX]; /* of the action */
	const struct scene_question *question; /* to be looked at with the verdicts; NULL: none */
	int truths[PLAY_OPTIONS],
		undecided; /* looks for each option, and those that decided for none */
	char undecided_why[160];
	int looks;
	bool timed_out; /* the effect did not arrive within the action's time */
	char trouble[160]; /* what could not be done, and why; "" nothing */
	struct card *card; /* takes down the verdicts; NULL: nobody */

	unsigned step; /* of the action */
	bool sent[SIDES]; /* the step was given out to this side; a duel: [0] */
	int64_t orders_done[SIDES][SCENE_WORKERS];
	nsec since; /* of the phase; of the step, while acting */
	nsec pressed,
		arrived; /* when the action began, when its captions first stood; 0: not yet */
	uint64_t feeds; /* of the model when the phase began */
};

void play_open(struct play *play, struct app *app, struct card *card);
void play_close(struct play *play);
/* Starts a scene, or starts it again: both crews anew. question: of the quiz, or NULL. */
void play_scene(
	struct play *play, const struct scene *scene, const struct scene_question *question);
/* Runs an action, from crews that are whole. Of no effect while another runs. */
void play_action(struct play *play, const struct scene_action *action);
/* Goes on as far as it can: at every wake-up, sampled tells whether a sample was fed since the last. Returns whether
 * anything changed that a frame would show. */
bool play_go(struct play *play, nsec now, bool sampled);
nsec play_wait(const struct play *play,
	nsec now); /* until it wants to be woken, at the latest; -1: by samples alone */
bool play_is_busy(const struct play *play); /* an action is under way, or the crews are not ready */
/* The option that the looks agree on; -1: undecided, and why. */
int play_truth(const struct play *play, char *reason, size_t reason_size);
struct scene_facts play_facts(const struct play *play);
/* What the scene's facts need beyond what panes ask for. */
unsigned play_needs(const struct play *play, int32_t *pids, size_t n, size_t *ret_n);

/* Whether all evidence in the newest sample was read after this time: the slow lane's may be older than an effect. */
bool play_is_fresh(const struct play *play, nsec since);

/* --- between the files of play --- */

const struct crew_sample *play_crew(
	const struct play *play, enum side side); /* of the newest sample; NULL: none */
/* Whether what people say is wrong here, over all looks: "not so", "so here" or "open", and why it is open. */
const char *play_kill(const struct play *play, unsigned i, char *reason, size_t reason_size);
/* play_look.c: one look; whether the looks agree; the verdicts onto the card */
void play_look(struct play *play, const struct scene_facts *facts);
bool play_decided(const struct play *play);
bool play_lacks(
	const struct play *play); /* what the looks disagree on is whether something is known */
void play_take_down(struct play *play, const struct scene_facts *facts);

#endif
