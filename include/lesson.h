/* SPDX-License-Identifier: MIT
 * Lessons: tours and quizzes. Finds the program's scenes, plays them on the crews of a host, looks
 * at what came of each action, and tells it: on the screen as a caption, or as text or JSON. It
 * has no crew, no terminal and no clock: what it needs of them is struct lesson_host.
 */
#ifndef TASKSCOPE_LESSON_H
#define TASKSCOPE_LESSON_H

#include "caption.h"
#include "model.h"
#include "quiz.h"
#include "scene.h"
#include "ui.h"

/* --- scenes --- */

/* All scenes: the user's ($XDG_DATA_HOME/taskscope/scenes), in a build folder the source's, and the
 * installed ones; of one name the first. *errors gets one line for each mistake in a file that was
 * left out. prove: their verdicts and questions are proven, too, which takes longer. 0 or -ENOENT
 * (none, and where they were looked for). */
int lesson_scenes_load(struct scenes *ret, bool prove, struct buf *errors);
/* One file, checked against our facts, panes and views; as scene_load. */
int lesson_scene_load(const char *file, struct scene **ret, struct buf *errors);
/* Writes a C program of its own that shows what a scene shows, with the lines that workers run;
 * says what is wrong. force: it may replace a file. */
enum exit_code lesson_export_c(const char *scene, const char *path, bool force);
/* Our facts, panes and views, for who reads scenes from elsewhere. */
extern const struct scene_names lesson_names;

/* What a scene's path was found to be (its handle): a fact of the model, or else of a duel. */
struct lesson_path {
	struct fact_path model; /* model.fact NULL: of a duel */
	struct lesson_duel_path {
		const struct fact *fact;
		char duel[16], method[32], who[48];
		int cpus;
	} duel;
};
/* A scene_lookup: the facts of a struct model (context). */
void lesson_lookup(void *model, const struct scene_path *path, struct scene_value *ret);

/* duel.DUEL.METHOD.WHO.STAT, as "duel.switch.yield.threads.median". false: there is no such
 * path. */
bool lesson_duel_path_parse(const char *text, struct lesson_duel_path *ret);
struct scene_value lesson_duel_fact(
	const struct sample *sample, const struct lesson_duel_path *path);

/* --- a lesson --- */

/* What a lesson needs of the program that hosts it. context is handed to every function. */
struct lesson_host {
	void *context;
	struct model *model; /* fed with samples of the crews: all that is known of them */
	const struct quiz_machine *machine; /* for notes and results; NULL: unknown */
	struct ui *ui; /* takes messages, shows the panes of a scene */
	struct buf *text; /* LESSON_TEXT and LESSON_JSON: what is told is appended */
	/* the time; that of the samples, if they are to be younger than an action */
	nsec (*now)(void *context);
	/* Starts a side's crew as the scene sets it up. 0; -EBUSY: try again later; else -errno. */
	int (*start_crew)(void *context, const struct scene *scene, enum side side);
	/* Asks a side's crew for its share of a step; of one that is a duel, run_duel asks both
	 * sides' at once. 0: its effect is still to come; SCENE_STEP_OVER: nothing is to be waited
	 * for; -EBUSY: try again later; else -errno and why. */
	int (*run_step)(void *context, const struct scene *scene, const struct scene_move *move,
		enum side side, char *why, size_t why_size);
	int (*run_duel)(void *context, const struct scene_move *move, char *why, size_t why_size);
	bool (*duel_runs)(void *context);
	/* A sample is wanted before its turn; effect: of what an action did, so nothing read before
	 * counts. */
	void (*sample_soon)(void *context, bool effect);
	/* Something begins that a recording of the screen can be jumped to. */
	void (*mark)(void *context, const char *label);
	/* The lesson is over, or cannot go on: the program's exit status, and why if it is none of
	 * success (else NULL). */
	void (*end)(void *context, enum exit_code status, const char *why);
};

/* How it is told. */
enum lesson_form { LESSON_SCREEN, LESSON_TEXT, LESSON_JSON };
/* Which scenes a tour has that names none. */
/* seven minutes, two and a half, all */
enum lesson_route { LESSON_STOPS, LESSON_CLIP, LESSON_LONG };

struct lesson_options {
	const struct scenes *scenes;
	bool quiz; /* asks the questions of the scenes */
	/* name or number of the only one, or of the first; "all"; NULL: the route's */
	const char *scene;
	enum lesson_form form;
	enum lesson_route route;
	bool automatic; /* a tour that plays itself */
	bool quick; /* what less time can show is not waited for longer */
	double pace; /* of that: 2 takes twice the time */
	bool clean; /* nothing for a speaker: for a recording of the screen */
	bool presenter; /* the speaker has notes elsewhere: none on the wall */
	uint64_t seed; /* quiz: the order of questions and options */
	int level, claim; /* quiz: these questions alone; 0: all */
	int timer; /* quiz: seconds for a question; 0: none */
	bool interview; /* quiz: ten of them, spoken, and marked by who spoke */
	const char *
		notes; /* tour as text: a file for lecture notes (.html, or Markdown); NULL: none */
	/* quiz: what was wrong in other runs is known, and comes first unless seeded: a seed is the
	 * order of a whole class */
	bool remember, seeded;
	const char *results; /* quiz: a file (.json, or CSV) for what was answered; NULL: none */
	bool force; /* that file may be replaced */
};

/* How far the scene is that is on. */
enum lesson_phase {
	LESSON_OFF, /* no scene is on */
	LESSON_STARTING, /* both crews start, clean */
	LESSON_SETTLING, /* they run; what the scene speaks of is not all known yet */
	LESSON_READY, /* before any action */
	LESSON_ACTING, /* the steps of an action */
	LESSON_EFFECT, /* they are done; their effect has not arrived */
	LESSON_LOOKING, /* it has; looks at the verdicts */
	LESSON_DONE, /* captions and verdicts of the action stand */
	LESSON_FAILED, /* the crews could not start: the caption says why */
};

struct lesson;

/* Host, and scenes, outlive the lesson; between two scenes the host's model may be another. */
struct lesson *lesson_open(const struct lesson_host *host, const struct lesson_options *options);
/* With the first scene or question, of which host->mark is told. 0, or -1 after host->end. */
int lesson_begin(struct lesson *lesson);
/* Writes the quiz's results, too. */
void lesson_close(struct lesson *lesson);
/* Goes on as far as it can; to be called at every wake-up. sampled: a sample was fed since the last
 * call. Returns whether anything changed that a frame would show. */
bool lesson_go(struct lesson *lesson, bool sampled);
/* How long until it wants to be woken, at the latest; -1: samples and keys are enough. */
nsec lesson_wait(const struct lesson *lesson);
/* A command, and the key that it came by. false: it is the screen's. */
bool lesson_command(struct lesson *lesson, enum command_id command, int key);
/* The scene that was chosen of the list which the lesson has opened as a menu. */
void lesson_menu(struct lesson *lesson, int chosen);
/* Nothing is lost by leaving it: it shows its last page. */
bool lesson_is_over(const struct lesson *lesson);
/* How it stands, for who leaves it: "3 of 5 right, 1 skipped"; "" of a tour. */
const char *lesson_score(const struct lesson *lesson, char *out, size_t size);
/* What its facts need of the source (enum need) beyond what panes ask for; appends processes whose
 * mappings it needs to the *ret_n that are there, up to n. */
unsigned lesson_needs(const struct lesson *lesson, int32_t *pids, size_t n, size_t *ret_n);
enum lesson_phase lesson_phase(const struct lesson *lesson);
/* Adds what the speaker is to know of a tour, for notes_hand_over. */
void lesson_put_notes(struct lesson *lesson, struct buf *notes);
/* What is to be shown, until lesson_close; of LESSON_SCREEN. */
const struct caption *lesson_caption(const struct lesson *lesson);

#endif
