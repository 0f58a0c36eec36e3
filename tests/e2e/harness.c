/* SPDX-License-Identifier: MIT
 * The terminal: a pty, what libvterm makes of its output, and the little of a shell that job control needs.
 */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

/* What the shell tells: first the program's pid with status 0, then each change of it. */
struct event {
	pid_t pid;
	int status;
};

static struct tty *open_ttys; /* for clean_up, when a test failed and left them */

const char *program_path(void)
{
	const char *path = getenv("TASKSCOPE");
	if (!path)
		fail_msg("TASKSCOPE is not set: run through meson test");
	return path;
}

/* To those of a build with a sanitizer; elsewhere there are none. */
static void add_asan_options(const char *more)
{
	const char *asan = getenv("ASAN_OPTIONS");
	if (!asan)
		return;
	char *options = xasprintf("%s:%s", asan, more);
	setenv("ASAN_OPTIONS", options, 1);
	free(options);
}

void child_environment(const char *const *env)
{
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1); /* not those of who runs the tests */
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	unsetenv("NO_COLOR");
	unsetenv("COLUMNS");
	unsetenv("LINES");
	unsetenv("STY");
	for (; env && *env; env++) {
		const char *value = strchr(*env, '=');
		char *name = strndup(*env, value ? (size_t)(value - *env) : strlen(*env));
		if (value)
			setenv(name, value + 1, 1);
		else
			unsetenv(name);
		free(name);
	}
	/* A crash must end the program as it would without a sanitizer. */
	add_asan_options("handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0");
}

int child_refuse_call(unsigned call, unsigned error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_LEN(filter), .filter = filter };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
			       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)
		       ? -1
		       : 0;
}

void child_without_leak_search(void)
{
	add_asan_options("detect_leaks=0");
}

static void tell(int fd, pid_t pid, int status)
{
	struct event event = { pid, status };
	if (write(fd, &event, sizeof(event)) != sizeof(event))
		_exit(126);
}

static _Noreturn void shell_exec(const char *const *env, const char *const *argv)
{
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	signal(SIGTTOU, SIG_DFL);
	child_environment(env);
	execv(argv[0], (char *const *)argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* The session's leader: starts the program as a foreground job, tells what becomes of it, and brings it back when asked. */
static _Noreturn void shell_run(
	int events, int commands, const char *const *env, const char *const *argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTTOU, SIG_IGN);
	pid_t pid = fork();
	if (pid == 0) {
		close(events);
		close(commands);
		shell_exec(env, argv);
	}
	setpgid(pid, pid);
	tell(events, pid, 0);
	for (;;) {
		int status;
		if (waitpid(pid, &status, WUNTRACED) != pid)
			_exit(125);
		tcsetpgrp(STDIN_FILENO, getpgrp());
		tell(events, pid, status);
		/* After the end, too, until the test closes this: a session's leader that exits hangs the terminal up, and with
		 * that the kernel throws away what nobody has read yet. */
		char order;
		if (read(commands, &order, 1) != 1 || !WIFSTOPPED(status))
			_exit(0);
		tcsetpgrp(STDIN_FILENO, pid);
		kill(-pid, SIGCONT);
	}
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct tty *tty = user;
	if (property == VTERM_PROP_ALTSCREEN)
		tty->alternate = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		tty->cursor = value->boolean;
	if (property == VTERM_PROP_MOUSE)
		tty->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks screen_callbacks = { .settermprop = on_property };

static void tty_create_screen(struct tty *tty, int rows, int cols)
{
	tty->vt = vterm_new(rows, cols);
	vterm_set_utf8(tty->vt, 1);
	tty->screen = vterm_obtain_screen(tty->vt);
	vterm_screen_enable_altscreen(tty->screen, 1);
	vterm_screen_set_callbacks(tty->screen, &screen_callbacks, tty);
	vterm_screen_reset(tty->screen, 1);
	tty->cursor = true;
}

static void await_program(struct tty *tty)
{
	struct pollfd fd = { .fd = tty->events, .events = POLLIN };
	struct event event;
	if (poll(&fd, 1, WAIT_MS) != 1 || read(tty->events, &event, sizeof(event)) != sizeof(event))
		fail_msg("the shell did not start the program");
	tty->program = event.pid;
}

struct tty *tty_start(int rows, int cols, const char *const *env, const char *const *argv)
{
	struct tty *tty = xcalloc(1, sizeof(*tty));
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	int events[2], commands[2];

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	if (openpty(&tty->master, &tty->slave, NULL, NULL, &size) || pipe2(events, O_CLOEXEC) ||
		pipe2(commands, O_CLOEXEC))
		fail_msg("no terminal: %s", strerror(errno));
	tcgetattr(tty->slave, &tty->before);
	fcntl(tty->master, F_SETFD, FD_CLOEXEC);
	fcntl(tty->master, F_SETFL, O_NONBLOCK);
	fcntl(tty->slave, F_SETFD, FD_CLOEXEC);
	tty_create_screen(tty, rows, cols);
	fflush(NULL);
	tty->shell = fork();
	if (tty->shell == 0) {
		/* Our copy of the master would keep the terminal from being hung up. */
		close(tty->master);
		close(events[0]);
		close(commands[1]);
		if (login_tty(tty->slave))
			_exit(124);
		shell_run(events[1], commands[0], env, argv);
	}
	close(events[1]);
	close(commands[0]);
	tty->events = events[0];
	tty->commands = commands[1];
	tty->next_open = open_ttys;
	open_ttys = tty;
	await_program(tty);
	return tty;
}

static void take_output(struct tty *tty)
{
	char bytes[16384];
	ssize_t n;
	while ((n = read(tty->master, bytes, sizeof(bytes))) > 0) {
		vterm_input_write(tty->vt, bytes, (size_t)n);
		if (tty->raw.len < (64u << 20))
			buf_add(&tty->raw, bytes, (size_t)n);
	}
	/* Answers to what the program asked of the terminal. */
	size_t answer = vterm_output_read(tty->vt, bytes, sizeof(bytes));
	if (answer && write(tty->master, bytes, answer) < 0 && errno != EAGAIN)
		print_message("# answer not taken: %s\n", strerror(errno));
}

static void take_event(struct tty *tty)
{
	struct event event;
	if (read(tty->events, &event, sizeof(event)) != sizeof(event)) {
		tty->ended =
			true; /* the shell is gone, with the program's fate untold: after a hangup */
		return;
	}
	tty->status = event.status;
	tty->stopped = WIFSTOPPED(event.status);
	tty->ended = !tty->stopped;
}

void tty_pump(struct tty *tty, int ms)
{
	struct pollfd fds[] = {
		{ .fd = tty->stalled ? -1 : tty->master, .events = POLLIN },
		{ .fd = tty->ended ? -1 : tty->events, .events = POLLIN },
	};
	if (poll(fds, 2, ms) <= 0)
		return;
	if (fds[0].revents)
		take_output(tty);
	if (fds[1].revents)
		take_event(tty);
}

void tty_keys(struct tty *tty, const char *bytes)
{
	size_t len = strlen(bytes);
	if (write(tty->master, bytes, len) != (ssize_t)len)
		fail_msg("the terminal does not take keys: %s", strerror(errno));
}

void tty_resize(struct tty *tty, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	vterm_set_size(tty->vt, MAX(rows, 1), MAX(cols, 1));
	ioctl(tty->master, TIOCSWINSZ, &size);
}

void tty_forget(struct tty *tty)
{
	buf_clear(&tty->raw);
}

void tty_hangup(struct tty *tty)
{
	close(tty->master);
	tty->master = -1;
	tty->stalled = true;
}

void tty_foreground(struct tty *tty)
{
	tty->stopped = false;
	if (write(tty->commands, "f", 1) != 1)
		fail_msg("the shell is gone");
}

/* Pumps until the program ended (then false) or the time is over; the caller looks each time round. */
static bool keep_waiting(struct tty *tty, nsec until)
{
	nsec left = until - nsec_monotonic();
	if (left <= 0 || tty->ended)
		return false;
	tty_pump(tty, (int)MIN(left / NSEC_PER_MSEC + 1, 20));
	return true;
}

bool tty_wait_text(struct tty *tty, const char *text)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	do {
		if (strstr(tty_text(tty), text))
			return true;
	} while (keep_waiting(tty, until));
	tty_pump(tty, 0);
	return strstr(tty_text(tty), text);
}

static bool has_row(const char *text, const char *a, const char *b)
{
	for (const char *at = text; (at = strstr(at, a)); at++) {
		const char *end = strchrnul(at, '\n');
		if (memmem(at, (size_t)(end - at), b, strlen(b)))
			return true;
	}
	return false;
}

bool tty_wait_row(struct tty *tty, const char *a, const char *b)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	do {
		if (has_row(tty_text(tty), a, b))
			return true;
	} while (keep_waiting(tty, until));
	return has_row(tty_text(tty), a, b);
}

bool tty_wait_gone(struct tty *tty, const char *text)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	do {
		if (!strstr(tty_text(tty), text))
			return true;
	} while (keep_waiting(tty, until));
	return false;
}

bool tty_wait_raw(struct tty *tty, const char *bytes)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	do {
		if (tty->raw.len && memmem(tty->raw.text, tty->raw.len, bytes, strlen(bytes)))
			return true;
	} while (keep_waiting(tty, until));
	return false;
}

bool tty_wait_stopped(struct tty *tty)
{
	nsec until = nsec_monotonic() + WAIT_MS * NSEC_PER_MSEC;
	while (!tty->stopped && keep_waiting(tty, until))
		;
	return tty->stopped;
}

int tty_wait_end(struct tty *tty, int ms)
{
	nsec until = nsec_monotonic() + ms * NSEC_PER_MSEC;
	while (keep_waiting(tty, until))
		;
	if (!tty->ended)
		return -1;
	/* Its last words may still be on their way through the pty. */
	struct pollfd words = { .fd = tty->master, .events = POLLIN };
	while (!tty->stalled && poll(&words, 1, 100) == 1 && words.revents & POLLIN)
		take_output(tty);
	return WIFSIGNALED(tty->status) ? 128 + WTERMSIG(tty->status) : WEXITSTATUS(tty->status);
}

void tty_close(struct tty *tty)
{
	if (!tty)
		return;
	struct tty **at = &open_ttys;
	while (*at && *at != tty)
		at = &(*at)->next_open;
	if (*at)
		*at = tty->next_open;
	struct herd herd;
	herd_take(&herd, tty->shell);
	for (int i = 0; i < herd.n; i++)
		kill(herd.at[i].pid, SIGKILL);
	kill(tty->shell, SIGKILL);
	waitpid(tty->shell, NULL, 0);
	herd_wait_dead(&herd, 2000);
	herd_drop(&herd);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	if (tty->master >= 0)
		close(tty->master);
	close(tty->slave);
	close(tty->events);
	close(tty->commands);
	vterm_free(tty->vt);
	buf_finish(&tty->raw);
	free(tty);
}

int clean_up(void **state)
{
	struct herd herd;
	while (open_ttys)
		tty_close(open_ttys);
	herd_take(&herd, getpid());
	for (int i = 0; i < herd.n; i++)
		kill(herd.at[i].pid, SIGKILL);
	herd_wait_dead(&herd, 2000);
	herd_drop(&herd);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return 0;
}
