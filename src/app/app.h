/* SPDX-License-Identifier: MIT
 * The screen's process: one loop, and what hangs on it. Every file here works on struct app.
 *
 *   feed.c   live samples or a recording -> model    show.c   model -> canvas -> terminal, text, SVG
 *   keys.c   keys, typed or scripted -> commands      files.c  what goes to files meanwhile
 *   run.c    the loop that wakes them                 app.c    how it ends
 *   host.c   tour and quiz: what they need of the program
 *   attach.c groups of processes that were there   programs.c the viewer's own programs
 */
#ifndef TASKSCOPE_APP_APP_H
#define TASKSCOPE_APP_APP_H

#include "cli.h"
#include "crew.h"
#include "film.h"
#include "group.h"
#include "lesson.h"
#include "model.h"
#include "notes.h"
#include "output.h"
#include "past.h"
#include "pictures.h"
#include "program.h"
#include "pseudonyms.h"
#include "source.h"
#include "steer.h"
#include "term.h"
#include "trace.h"
#include "turns.h"
#include "ui.h"

#define UNTIL_LIMIT (10 * NSEC_PER_SEC) /* how long <until TEXT> waits */
#define OWN_MAX 8 /* processes of ours */
#define EXIT_TO_TOUR 64 /* of the screen's process: the lab is over, and the tour begins */

/* --- what main shares with the processes that it forks --- */

struct session {
	const struct cli *cli;
	bool interactive; /* a terminal on stdin and stdout, and nothing that asks for text */
	const char *
		notice; /* what comes in place of a screen, told when all else is well; NULL: nothing */
	struct probe_area *area;
	struct term_rescue *rescue;
	int stderr_file; /* takes what is said while the terminal is ours; -1: none */
	struct pick *pick; /* shared with the picker; NULL: nothing is to be picked */
	struct groups *groups; /* of attach and run; NULL: another command */
	char program_path[SIDES][PATH_MAX]; /* of run */
	char cgroup[PATH_MAX]; /* of run, the folder of an own one for its programs; "": ours */
	struct term_options term; /* as the environment says */
	char notes_path[PATH_MAX]; /* of a speaker's notes; "" nobody wants them */
};

/* The screen's process; for struct supervise_options. */
int app_run(void *session, struct crews *crews);

/* --- the screen's process --- */

/* What a run writes as it goes: the files of a film, and others. */
enum { FILE_CSV = FILM_FILES, FILE_TRACE, RUN_FILES };

struct app {
	const struct session *session;
	const struct cli *cli;
	struct crews *crews; /* NULL in a replay */
	struct steer *steer;

	struct groups *groups; /* NULL: crews, or a replay */
	struct process_reader *processes; /* of the groups */
	int64_t peak_pss_kb[SIDES]; /* of run; UNKNOWN: not sampled yet */
	struct rounds rounds;
	nsec over_at; /* the first sample after all programs of run had ended; 0: they live */
	struct live *live; /* or */
	struct recording *recording;
	struct sample sample, next; /* next: of the recording, not due yet */
	bool has_next, cut;
	nsec next_due, first_at;
	double speed;
	struct recorder *recorder;
	struct film *film; /* NULL: none is made of the screen */
	struct run_file {
		struct outfile *file; /* NULL: not wanted, or lost */
		struct buf lines; /* not written yet */
	} files[RUN_FILES];
	struct trace *trace; /* of --trace */
	struct pseudonyms pseudonyms;
	int32_t own[OWN_MAX]; /* whose cost is told as ours */
	struct target targets[TARGETS_MAX];
	size_t n_targets;
	unsigned needs;
	int32_t mapped[MAPPING_TARGETS_MAX];
	size_t n_mapped;

	struct scenes scenes;
	struct quiz_machine machine;
	struct lesson_host host;
	struct lesson *lesson; /* tour and quiz; NULL: the lab */
	VEC(struct mark_sample) marks; /* of the film, not in a sample yet */
	struct caption caption; /* that a recording tells; empty: none */
	char panes[160]; /* that it showed with it */
	struct notes_handover *handover; /* of --presenter */
	struct buf notes;

	struct model *model;
	struct past past;
	struct ui *ui;
	struct canvas *canvas;
	struct buf text; /* the frame as text, if somebody wants it */
	const struct theme *theme;
	struct term *term; /* NULL: no terminal */
	struct output out;
	nsec shown_at; /* at_ns of the last sample that went to standard output */
	struct pictures pictures; /* --svg */
	bool dirty; /* a frame would show something else */
	bool drawn; /* since needs were told to the source */
	bool ascii;

	size_t step; /* of the key script */
	nsec step_due;
	bool step_started;

	int timer_fd, signal_fd;
	nsec started, ends, interval;
	nsec sampled; /* when the last live sample was taken; 0: none yet */
	nsec sample_due; /* one out of turn, for something happened; 0: none */
	bool over; /* no group has a process any more */
	int late; /* samples of groups in a row that took too long */
	bool ran; /* a crew has run */
	bool lesson_due; /* a sample was fed that the lesson has not seen */
	bool paused, quit;
	bool black; /* the stage shows nothing, until the next key */
	enum command_mode mode;
	enum command_id asked; /* a command that wants to be pressed once more; CMD_NONE: none */
	bool saw_duels; /* the duels were opened once */
	int status;
	char last_words[320]; /* said on stderr once the terminal is put back */
};

/* --- app.c --- */

/* Ends the loop with this status; the words, if any, go to stderr at the end. */
void app_end(struct app *app, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Ends it with "cannot WHAT PATH: why"; returns -1. */
int app_cannot(struct app *app, const char *what, const char *path, int error);
/* A file that was being written is lost. A screen goes on without it; without a screen it was all there was. */
void app_lost(struct app *app, const char *what, const char *path, int error);
void app_keep_up(
	struct app *app); /* empties the rings of switch records: between things that take long */
/* Another interval of samples, from now on. */
void app_set_interval(struct app *app, nsec interval);
/* What colours a picture or a recording of the screen has. */
enum depth app_depth(const struct app *app);

/* attach.c: groups of processes that were there */
/* Brings the groups up to date and makes the sample's targets of them; returns how many. */
size_t attach_targets(struct app *app, struct target *targets);
int16_t attach_number(void *app, int32_t pid, int32_t tid); /* a worker_of_task */
void attach_look(struct app *app, unsigned needs); /* tells the source who is in sight */
void attach_report(struct app *app); /* after the sample's tasks were read */
void attach_note_end(struct app *app); /* nobody of any group lives: the last picture stays */
void attach_pace(struct app *app, nsec took); /* longer intervals, if a sample takes too long */

/* programs.c: the viewer's own programs */
int programs_start(struct app *app); /* 0, or -1 after app_end */
/* Between rounds: starts whose turn is next, if the turn before is over; whether it did. */
bool programs_take_turn(struct app *app);
/* Until they are ready, and lets them run: 0, -1 after app_end, or -EINTR: a signal came first. */
int programs_await(struct app *app);
bool programs_are_over(const struct app *app);
bool programs_are_told(const struct app *app); /* and the last sample says so */
#define LAST_RECORDS (5 * NSEC_PER_MSEC) /* until the kernel's records of a birth can be read */
void programs_report(struct app *app); /* into the sample */
void programs_note_peaks(struct app *app); /* after the model was fed */
/* With nobody to look at the picture, and no key to come, their end is ours. */
bool programs_are_done(const struct app *app);
/* Whether what became of them is told when all is over. */
bool programs_have_last_word(const struct app *app);
/* Asks all to end, and waits until they have, or a signal says that there is no time. */
void programs_end(struct app *app);
void programs_say_last(struct app *app); /* after the last sample */

/* feed.c */
int feed_open(struct app *app); /* 0, or -1 after app_end */
void feed_close(struct app *app);
bool feed_tick(struct app *app, nsec now); /* live: one sample; whether the model was fed */
/* Replay: the next sample, if it is due: likewise. To be called until it is not. */
bool feed_due(struct app *app, nsec now);
void feed_pause(struct app *app, bool paused, nsec now);
nsec feed_wait(const struct app *app, nsec now); /* until a recording's next sample; -1: none */
/* For crews_on_host: the kernel records this host's crew from its first worker on. */
void feed_watch_host(void *app, enum side side, int32_t host);
void feed_needs(struct app *app); /* tells the source what the screen looks at */

/* show.c */
struct term_options show_options(const struct session *session);
int show_open(struct app *app); /* the terminal, if there is one: 0, or -1 after app_end */
void show_frame(struct app *app, nsec now); /* draws if dirty */
void show_sample(struct app *app); /* a sample was fed: standard output gets its due */
int show_check(struct app *app); /* whether the SVG can be written: 0, or an error after app_end */
void show_end(struct app *app); /* the last frame, the SVG */
void show_resize(struct app *app);
void show_theme(struct app *app, const struct theme *theme);

/* files.c: what a run writes as it goes. A file that cannot be written any more ends, not the screen. */
int files_open(struct app *app); /* 0, or -1 after app_end */
void files_frame(struct app *app, nsec now); /* was drawn */
void files_sample(struct app *app); /* was fed */
void files_mark(struct app *app, const char *label); /* a place in the film to jump to */
void files_close(struct app *app);

/* host.c: tour and quiz */
int host_open(struct app *app); /* 0, or -1 after app_end */
void host_close(struct app *app);
void host_go(struct app *app); /* at every wake-up */
void host_keep(struct app *app); /* what is told, into a sample that is recorded */
void host_tell(struct app *app); /* what a recording's sample tells */

/* keys.c */
void keys_ask(struct app *app); /* says again what is asked, if something is */
void keys_terminal(struct app *app, nsec now); /* all that wait */
void keys_script(struct app *app, nsec now); /* the steps that are due; draws between them */
nsec keys_wait(const struct app *app, nsec now); /* until the next step; -1: none */

#endif
