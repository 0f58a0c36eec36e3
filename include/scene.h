/* SPDX-License-Identifier: MIT
 * Scenes: one lesson each, written as YAML, run on the lab's two crews. A scene asks a question,
 * sets the crews up, does one action (or a few), and says from facts what came of it: captions, a
 * big number, a verdict a claim, questions of the quiz. This module reads and checks scenes and
 * evaluates their conditions and templates. It knows facts only through a callback; running crews,
 * drawing and printing are its caller's. Judging and asking is quiz.h.
 */
#ifndef TASKSCOPE_SCENE_H
#define TASKSCOPE_SCENE_H

#include "base.h"
#include "claims.h"
#include "expression.h"

/* --- scenes: the YAML as it was read (assets/scenes/example.yaml says what each field is for).
 * Strings that are optional are NULL when they are not there; lists come with their count. --- */

#define SCENE_WORKERS_MAX 32
struct scene_crew { /* one side at the start */
	char *kind; /* "processes" (left, the default there) or "threads" */
	int workers; /* 1..SCENE_WORKERS_MAX */
	char *job; /* by job_table; default "sleep" */
	int64_t *cpu; /* pins all workers to it; NULL: spread */
};
struct scene_setup {
	struct scene_crew *left, *right;
	int arena_mb; /* 0: the default */
};

/* One thing to do: exactly one of order, verb and duel. */
struct scene_step {
	char *order; /* a name of order_table */
	/* add remove job pin nice signal kill restart; clone: a process more, of any crew; mark:
	 * before. and delta() count from here on */
	char *verb;
	char *duel; /* switch create talk memory */
	/* duel: its methods, as "pipe, pointer": they take turns; NULL: the usual ones */
	char *method;
	char *side; /* left right both (default) */
	char *worker; /* an index, "all", "host"; default "0" */
	/* order: its argument; pin: the CPU, counted from 0 among those that we may use, -1 free;
	 * nice: the value; duel: the parameter */
	int64_t *argument;
	char *job; /* verb job: which */
	char *signal; /* verb signal: USR1 USR2 TERM KILL STOP CONT SEGV */
	char *to; /* verb signal: task (default) or process */
};
enum scene_verb {
	VERB_NONE,
	VERB_ADD,
	VERB_REMOVE,
	VERB_JOB,
	VERB_PIN,
	VERB_NICE,
	VERB_SIGNAL,
	VERB_KILL,
	VERB_RESTART,
	VERB_CLONE,
	VERB_MARK,
	SCENE_VERBS
};
/* A step as numbers, for those who do it. */
struct scene_move {
	int order; /* enum order, or 0 */
	enum scene_verb verb; /* or VERB_NONE */
	const char *duel, *method; /* or NULL */
	bool side[SIDES];
	int worker; /* index, SCENE_ALL or SCENE_HOST */
	int64_t argument; /* the step's, else the order's standard, a duel's SCENE_USUAL, 0 */
	int job; /* verb job: enum job, JOB_MIXED included; else -1 */
	int signal; /* verb signal: its number */
	bool to_process;
};
#define SCENE_ALL (-1)
#define SCENE_HOST (-2)
#define SCENE_USUAL (-1)
/* of a checked scene: cannot fail */
struct scene_move scene_move_of(const struct scene_step *step);
/* who carries a step out returns it where nothing is to be waited for; 0: its effect is to come */
#define SCENE_STEP_OVER 1

struct scene_big {
	/* templates; "LEFT | RIGHT" are the values of both sides, and "what: one | other" their
	 * names */
	struct scene_text value, label;
	/* condition, `if`: else nothing is resolved, and the number is not shown; none: always */
	struct scene_text condition;
};
/* What people say, and what shows it to be wrong here. */
#define SCENE_KILLS_MAX 4
struct scene_kill {
	char *wrong; /* "m2", or a sentence of its own */
	/* `if`: where it holds, that is not so; where it does not, it is so here */
	struct scene_text condition;
	struct scene_text right; /* what is so; template; none: see scene_kill_right */
};
#define SCENE_WAIT_MS 3000
#define SCENE_OPTIONS_MAX 5
/* The first action of a scene is the one on space. Before each, its caller takes a snapshot; until
 * says when to look. */
struct scene_action {
	char *key; /* one character, its own within the scene */
	char *label; /* "w0 writes 8 MB" */
	struct scene_step *steps;
	unsigned steps_n;
	/* condition: the effect has arrived; none: two samples after the steps are done */
	struct scene_text until;
	/* condition: the same of a quick tour, in which less is enough; none: as `until` */
	struct scene_text quick;
	/* condition: what must have happened for anything to follow from it; none: `until` says
	 * it */
	struct scene_text effect;
	int wait_ms; /* how long at most; 0: the default, SCENE_WAIT_MS */
	struct scene_text *after; /* captions, templates */
	unsigned after_n;
	struct scene_big *big; /* the number that is the point, if one is */
	struct scene_text punch; /* overrides the scene's; template */
	struct scene_kill *kills;
	unsigned kills_n;
};
struct scene_verdict {
	int claim;
	/* of the claim, that it shows; NULL: what it says is no part of the claim */
	char *part;
	char *action; /* key of the action it follows; NULL: the first */
	struct scene_text condition; /* `if` */
	/* templates; unknown may be missing: "cannot be decided here" and why */
	struct scene_text holds, fails, unknown;
	/* template: what the card shows of it, a few cells; may be missing */
	struct scene_text number;
	/* true: if it holds, that is what a careful lecturer adds; if not, it says nothing */
	bool limits;
};
struct scene_option {
	char *text;
	struct scene_text condition; /* `if` */
	/* for who chose it, and was wrong; true whatever the facts are; may be NULL */
	char *feedback;
};
struct scene_question {
	int id; /* 1..99 for the ones of the course; users' from 100 */
	int level; /* 1 the basics, 2 Linux, 3 traps */
	int *claims;
	unsigned claims_n;
	char *question;
	char *action; /* key of the action that shows it; NULL: the first */
	struct scene_option *options; /* 2..SCENE_OPTIONS_MAX; exactly one holds */
	unsigned options_n;
	struct scene_text explain; /* template */
	char *interview, *trap, *source;
};
struct scene_tour {
	int stop; /* place in the seven minutes, from 1; 0: not in it */
	int clip; /* place in the three-minute clip; 0: not in it */
	int dwell_s; /* --auto: seconds it stays */
	char *say, *look; /* speaker line */
	char **press; /* keys of actions, in this order */
	unsigned press_n;
};
struct scene {
	struct scene_code *code; /* of all its texts */
	char *name; /* "copy-on-write" */
	int number; /* 1..16; users' from 100; order of `tour all` */
	char *title;
	int *claims;
	unsigned claims_n;
	char *question;
	struct scene_setup *setup;
	struct scene_named *values; /* in this order: each may use those before it */
	unsigned values_n;
	char *view; /* name of a view, or */
	char **panes; /* names of panes: what is shown and nothing else */
	unsigned panes_n;
	struct scene_text *before; /* captions before any action, templates */
	unsigned before_n;
	struct scene_action *actions;
	unsigned actions_n;
	struct scene_text punch; /* template */
	struct scene_kill *kills; /* of the first action, if that has none */
	unsigned kills_n;
	char *nuance;
	char *evidence; /* file and field */
	char *privilege; /* who may see it, and the fallback */
	struct scene_verdict *verdicts;
	unsigned verdicts_n;
	struct scene_tour *tour; /* NULL: in the long form only */
	struct scene_question *quiz;
	unsigned quiz_n;
};

/* --- reading --- */

#define SCENE_FILE_MAX (1 << 20)

/* What scenes may name. A NULL member accepts all. fact: why gets a clause for the message; it may
 * stay empty. handle is zeroed memory of handle_size bytes for what it found, which the scene keeps
 * for lookups. */
struct scene_names {
	void *context;
	bool (*pane)(void *context, const char *name);
	bool (*view)(void *context, const char *name);
	/* what conditions promise is proven, too (scenes' checks alone want it): it takes a
	 * moment */
	bool prove;
	size_t handle_size;
	bool (*fact)(void *context, const char *path, void *handle, char *why, size_t why_size);
};

/* Reads and checks one scene. 0: the caller owns *ret. -EINVAL: *errors gets one line for each
 * mistake, "FILE:LINE: what is wrong and what was expected"; -errno: the file cannot be read,
 * likewise one line. scene_parse: from memory; file is the name for messages. */
int scene_load(
	const char *file, const struct scene_names *names, struct scene **ret, struct buf *errors);
int scene_parse(const char *file, const char *text, size_t len, const struct scene_names *names,
	struct scene **ret, struct buf *errors);
void scene_destroy(struct scene *scene);

/* All scenes of some folders (*.yaml, example.yaml left out), ascending by number, then name. A
 * name found in an earlier folder stands for the same name in a later one. A file that is wrong is
 * left out and told in *errors. Folders that are not there are passed over. 0, or -ENOENT when no
 * scene was found. */
struct scenes {
	VEC(struct scene *) list;
};
int scenes_load(const char *const *folders, size_t n, const struct scene_names *names,
	struct scenes *ret, struct buf *errors);
void scenes_finish(struct scenes *scenes);
/* by name, or number "4", "s4"; NULL */
const struct scene *scenes_find(const struct scenes *scenes, const char *name);

/* --- texts of one's own, as a scene's are parsed --- */

enum scene_text_kind { SCENE_TEMPLATE, SCENE_CONDITION, SCENE_EXPRESSION };
struct scene_code *scene_code_create(void);
void scene_code_destroy(struct scene_code *code); /* NULL is fine; the texts stay their owner's */
/* Parses a text. -EINVAL: *why says what is wrong, and at which character. */
int scene_code_add(struct scene_code *code, struct scene_text *text, enum scene_text_kind kind,
	const struct scene_names *names, char *why, size_t why_size);
/* The same of a named value, which all that is added later may use. */
int scene_code_add_named(struct scene_code *code, struct scene_named *named,
	const struct scene_names *names, char *why, size_t why_size);
/* All facts that were named, each once: so that their needs are met. */
const struct scene_path *scene_paths(const struct scene_code *code, size_t *ret_n);

/* Reads all facts that were named; what was in the snapshot is forgotten. */
void scene_snapshot_take(struct scene_snapshot *snapshot, const struct scene_code *code,
	scene_lookup *lookup, void *context);
void scene_snapshot_finish(struct scene_snapshot *snapshot);
/* The action with this key; NULL key: the first. NULL: none. */
const struct scene_action *scene_action(const struct scene *scene, const char *key);
/* What is asked before an action, in a tour: the first question about it. NULL: none. */
const struct scene_question *scene_question(
	const struct scene *scene, const struct scene_action *action);
/* What an action of the scene may show to be wrong. */
const struct scene_kill *scene_kills(
	const struct scene *scene, const struct scene_action *action, unsigned *ret_n);
const char *scene_kill_text(const char *wrong); /* "m2": the misconception in words; else itself */
/* What is so instead: the scene's own words, else those of the misconception, else nothing. */
void scene_kill_right(
	struct buf *out, const struct scene_kill *kill, const struct scene_facts *facts);

#endif
