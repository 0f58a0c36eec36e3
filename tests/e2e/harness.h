/* SPDX-License-Identifier: MIT
 * A terminal of our own to run the real program in (a pty read by libvterm, with a small stand-in for a shell, so that job
 * control is real), the tree of processes below it, and runs without a terminal. Every wait is for a condition, bounded;
 * nothing is ever found or killed by name.
 */
#ifndef TASKSCOPE_TESTS_HARNESS_H
#define TASKSCOPE_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include <cmocka.h>
#include <vterm.h>

#include "base.h"

#define WAIT_MS 15000 /* the longest wait for a screen; generous, since the machine may be busy */

/* The program under test: the environment's TASKSCOPE. */
const char *program_path(void);

/* --- a terminal --- */

struct tty {
	int master, slave;    /* slave stays open, so that the terminal outlives the program and can be looked at */
	int events, commands; /* pipes from and to the shell */
	pid_t shell, program;
	struct termios before; /* as the program found it */
	VTerm *vt;
	VTermScreen *screen;
	bool alternate, cursor, mouse; /* what the program made of it */
	bool stalled;  /* we do not read: as after Ctrl-S, or with a dead connection */
	bool ended, stopped;
	int status; /* as waitpid gives it, once ended or stopped */
	struct tty *next_open;
	struct buf raw; /* every byte that the program wrote, since start or tty_forget */
};

/* Starts argv (NULL-terminated) in a terminal of this size. env: "NAME=value" sets, "NAME" unsets; NULL: none. The rest
 * is xterm-256color in C.UTF-8. Fails the test if it cannot. */
struct tty *tty_start(int rows, int cols, const char *const *env, const char *const *argv);
/* Ends and reaps all that was started in it. NULL is fine. */
void tty_close(struct tty *tty);

/* Takes in what the program wrote, for at most ms; returns early when something came. */
void tty_pump(struct tty *tty, int ms);
void tty_keys(struct tty *tty, const char *bytes);
void tty_resize(struct tty *tty, int rows, int cols);
void tty_forget(struct tty *tty);  /* empties raw */
void tty_hangup(struct tty *tty);  /* closes the master: the terminal is gone */
void tty_foreground(struct tty *tty); /* the shell's fg, after a stop */

/* Wait until it is so, or WAIT_MS is over; return whether it is so. */
bool tty_wait_text(struct tty *tty, const char *text);
bool tty_wait_row(struct tty *tty, const char *a, const char *b); /* one row that holds both, a before b */
bool tty_wait_gone(struct tty *tty, const char *text);
bool tty_wait_raw(struct tty *tty, const char *bytes);
bool tty_wait_stopped(struct tty *tty);
/* Waits for the program's end for at most ms, and returns its exit status, 128 + signal, or -1 if it still runs. */
int tty_wait_end(struct tty *tty, int ms);

/* The screen's text, rows ended by newlines, trailing blanks cut. Valid until the next call. */
const char *tty_text(struct tty *tty);
VTermScreenCell tty_cell(struct tty *tty, int row, int col);
/* The cells that have a colour of their own; the bytes beyond ASCII that are shown. */
int tty_coloured_cells(struct tty *tty);
int tty_wide_bytes(struct tty *tty);
/* NULL if the terminal is as before the start; else what is not. */
const char *tty_unrestored(struct tty *tty);

/* Print the screen to stderr and fail. */
#define tty_assert_text(tty, text) \
	tty_assert_(tty, tty_wait_text(tty, text), "no '" text "' on the screen", __FILE__, __LINE__)
#define tty_assert(tty, condition) tty_assert_(tty, condition, #condition, __FILE__, __LINE__)
void tty_assert_(struct tty *tty, bool so, const char *what, const char *file, int line);

/* --- the processes below a process --- */

#define HERD_MAX 512
/* Held by pidfd: an id that is used again is not mistaken. */
struct herd {
	int n;
	struct {
		pid_t pid, parent;
		int pidfd;
		char name[32];
	} at[HERD_MAX];
};
/* All living descendants of root, without root itself. */
void herd_take(struct herd *herd, pid_t root);
void herd_drop(struct herd *herd);
int herd_alive(const struct herd *herd); /* zombies are dead */
/* Waits until none is alive, at most ms; returns how many are. Those that have their SIGKILL by then, and only wait for a
 * CPU to die on, get more time: nobody else can do anything about them. */
int herd_wait_dead(const struct herd *herd, int ms);
/* The nth member with this name whose parent is parent (0: any); 0 if there is none. */
pid_t herd_find(const struct herd *herd, const char *name, pid_t parent, int nth);
int herd_count(const struct herd *herd, const char *name);
int herd_stopped(const struct herd *herd, const char *name); /* of those, how many are stopped now */

/* What is left of us: waits until this test process has no living descendant, at most ms, and returns how many it has.
 * Orphans come to us, since we are a subreaper. */
int descendants_after(int ms);
/* A duration in ms that a machine with a free CPU must keep, stretched by the others' runnable tasks that each CPU has now:
 * a killed task needs a CPU to end, and crews have the lowest claim to one. Call it while nothing of ours runs. */
int fair_ms(int ms);

/* A test that cleans up after itself even when it fails: what is still open is closed, what descends from us is ended. */
#define e2e_test(f) cmocka_unit_test_teardown(f, clean_up)
int clean_up(void **state);

/* --- without a terminal --- */

struct run {
	struct buf out, err;
	int status;    /* exit status, 128 + signal, or -1: it did not end in time and was killed */
	nsec duration;
};
struct run_options {
	const char *const *env;
	const char *const *argv;
	int timeout_ms;          /* 0: 20000 */
	const char *stdout_path; /* instead of the buffer; "" closes it */
	int (*prepare)(void);    /* in the child before exec; non-zero ends it */
};
void run(const struct run_options *options, struct run *ret);
/* n of them at the same time. */
void run_together(const struct run_options *options, size_t n, struct run *ret);
/* run of the program with arguments, NULL-terminated. */
#define run_program(ret, ...) \
	run(&(struct run_options){ .argv = (const char *const[]){ program_path(), __VA_ARGS__, NULL } }, ret)
void run_finish(struct run *run);
/* Fail with both outputs shown unless the run ended with this status; unless one of them holds the text. */
void run_assert_status(const struct run *run, int status);
void run_assert_says(const struct run *run, const char *text);

/* Shared by both: in a child, before exec. */
void child_environment(const char *const *env);
/* The kernel answers this call with this error from now on, as a container's filter does. 0, or -1. */
int child_refuse_call(unsigned call, unsigned error);
/* Where ptrace is refused: a sanitizer's search for leaks is by ptrace. */
void child_without_leak_search(void);

#endif
