/* SPDX-License-Identifier: MIT
 * Judging and asking: what repeated looks at a condition amount to, the card of the nine claims,
 * and the quiz. Pure: facts come through scene.h's callback, randomness from a seed.
 */
#ifndef TASKSCOPE_QUIZ_H
#define TASKSCOPE_QUIZ_H

#include "scene.h"

/* --- one condition, looked at again and again --- */

/* { 0 } is empty. */
struct poll {
	int yes, no, undecided;
	char reason[128]; /* of the first look that could not decide */
};
#define POLL_LOOKS 3 /* at least as many looks must decide */
void poll_add(struct poll *poll, enum scene_answer answer, const char *reason);
/* YES or NO when at least POLL_LOOKS decided, four of five of them alike, and they are more than
 * the undecided; otherwise UNDECIDED, and reason (if not NULL) says why: the first look's reason,
 * or that the looks disagree. */
enum scene_answer poll_answer(const struct poll *poll, char *reason, size_t reason_size);

/* --- the card of claims --- */

enum verdict {
	VERDICT_NOT_RUN, /* no scene about it ran */
	VERDICT_UNDECIDED, /* none of its parts could be decided here */
	VERDICT_TRUE, /* all of its parts were shown */
	VERDICT_CONDITION, /* all were decided, and some are not so */
	VERDICT_CONTRADICTED, /* none is so */
	/* some were shown, or are not so; others are undecided, or did not run */
	VERDICT_PART,
	VERDICTS
};
/* "true", "true with a condition", "contradicted", ... */
const char *verdict_name(enum verdict verdict);

struct card_entry { /* what one scene said of one claim */
	char scene[32];
	int16_t place; /* of the verdict in it */
	int claim;
	const struct claim_part *part; /* that it shows; NULL: none */
	bool limits;
	enum scene_answer answer;
	char number[48]; /* of the card; "" none */
	char text[240]; /* the wording, rendered with this machine's numbers; undecided: why */
};
/* { 0 } is an empty card. */
struct card {
	VEC(struct card_entry) entries;
};
/* Takes down the verdict of a scene: the answer over all looks, the wording rendered with the facts
 * now. The same verdict of the same scene run again takes the place of the former. */
void card_add(struct card *card, const struct scene *scene, const struct scene_verdict *verdict,
	const struct poll *poll, const struct scene_facts *facts);
/* The wording alone, as card_add takes it down. */
enum scene_answer verdict_render(struct buf *out, const struct scene_verdict *verdict,
	const struct poll *poll, const struct scene_facts *facts);
/* How a part of a claim stands; in the order in which they are told. */
enum part_state { PART_NOT_SO, PART_UNDECIDED, PART_SHOWN, PART_NOT_RUN, PART_STATES };
/* "not so", "not shown here", "shown", "not run" */
const char *part_state_name(enum part_state state);
struct card_part {
	const struct claim_part *part;
	enum part_state state;
	const struct card_entry *entry; /* NULL: not run */
};
/* All parts of a claim, in the order of the table; how many. */
unsigned card_parts(
	const struct card *card, int claim, struct card_part *parts /* CLAIM_PARTS_MAX */);
/* What the parts say together: whatever the order in which the scenes ran. */
enum verdict card_claim(const struct card *card, int claim);
bool verdict_is_whole(enum verdict verdict); /* every part was decided */
/* "not so: open files +100; shown: memory, a crash 1 of 3; not run: shared pages". */
void card_claim_text(const struct card *card, int claim, struct buf *out);
/* The claims as they are told: those that are whole, then those of which a part was decided or
 * tried, then the rest. Returns how many are before the rest. */
int card_order(const struct card *card, int *claims /* CLAIMS */);
void card_finish(struct card *card);

/* --- what was answered wrong, over runs --- */

struct quiz_memory_row {
	int question, option; /* the one that was chosen last */
	int wrong; /* how often, less each right answer since */
};
/* { 0 } is empty. */
struct quiz_memory {
	VEC(struct quiz_memory_row) rows;
};
#define QUIZ_WRONG_TWICE 2
int quiz_memory_wrong(const struct quiz_memory *memory, int question);
/* Of text that quiz_memory_write made. 0; -EPROTO: of another version, *ret_at; -EINVAL: it is
 * none, and the line, *ret_at. Then the memory is empty. */
int quiz_memory_read(struct quiz_memory *memory, const char *text, size_t len, int *ret_at);
void quiz_memory_write(const struct quiz_memory *memory, struct buf *out);
void quiz_memory_finish(struct quiz_memory *memory);

/* --- the machine that answers --- */

struct quiz_machine {
	char kernel[96]; /* utsname release and machine */
	int cpus, pcid, pti, hypervisor; /* the last three 1, 0; -1 unknown */
};
struct json;
/* As an object of this name; NULL: as null. */
void quiz_machine_put(struct json *json, const char *name, const struct quiz_machine *machine);
/* Each claim and its verdict, as an array of this name. */
void quiz_card_put(struct json *json, const char *name, const struct card *card);

/* --- the quiz --- */

struct quiz_plan {
	uint64_t seed;
	int level; /* 1..3; 0: all, ascending */
	int claim; /* 1..9; 0: all */
	int count; /* at most so many; 0: all */
	const struct scene *scene; /* its questions alone; NULL: of all scenes */
	const struct quiz_memory *memory; /* what was wrong twice comes first; NULL: unknown */
};
struct quiz_card {
	const struct scene *scene;
	const struct scene_question *question;
	const struct scene_action *action; /* what shows it */
	int order[SCENE_OPTIONS_MAX]; /* the option to show at place i: shuffled by the seed */
	int number, of; /* 3 of 30; repeats come on top */
	bool again; /* asked before, and answered wrong */
	bool wrong_before; /* twice at least, in other runs */
};
enum quiz_outcome {
	QUIZ_OPEN,
	QUIZ_RIGHT,
	QUIZ_WRONG,
	QUIZ_UNDECIDED,
	QUIZ_SKIPPED,
	QUIZ_OUTCOMES
};
/* "right", "wrong", "cannot be decided here", ... */
const char *quiz_outcome_name(enum quiz_outcome outcome);

struct quiz;
/* The scenes must outlive it. NULL: no question fits the plan. */
struct quiz *quiz_create(const struct scenes *scenes, const struct quiz_plan *plan);
void quiz_destroy(struct quiz *quiz);
/* The current card; NULL: over. Stays until quiz_answer. */
const struct quiz_card *quiz_card(const struct quiz *quiz);
/* The option that the facts say is right, after the action ran; -1: cannot be decided here, and
 * why: a condition is not known, or not exactly one holds. */
int quiz_truth(const struct scene_question *question, const struct scene_facts *facts, char *reason,
	size_t reason_size);
/* Scores the current card and goes on. choice: the option's index in the question (order[place]),
 * -1: skipped. truth: of quiz_truth, over repeated looks if the caller likes; what cannot be
 * decided is not scored. After the last card the wrong ones of the weakest claim are asked once
 * again; repeats are not scored. seconds: how long it took, or NAN. */
enum quiz_outcome quiz_answer(
	struct quiz *quiz, int choice, int truth, const char *reason, double seconds);

/* Scores the current card as who answered it aloud marks it, and goes on; truth as in quiz_answer,
 * for the results alone. */
void quiz_mark(struct quiz *quiz, bool right, int truth, double seconds);

/* Adds what was answered to what is remembered; false: nothing was. */
bool quiz_remember(const struct quiz *quiz, struct quiz_memory *memory);

struct quiz_score {
	int right, wrong, undecided, skipped;
};
/* Of one claim, or of all questions (0). A question counts for each of its claims. */
struct quiz_score quiz_score(const struct quiz *quiz, int claim);
/* the claim with the lowest share of right answers; 0: none was wrong */
int quiz_weakest(const struct quiz *quiz);
/* Results, one row a card: question, scene, level, claims, outcome, choice, truth, seconds, again,
 * reason. */
void quiz_csv(const struct quiz *quiz, struct buf *out);
/* Also the machine and the card of claims, if known (NULL: not). */
void quiz_json(const struct quiz *quiz, const struct quiz_machine *machine, const struct card *card,
	struct buf *out);

#endif
