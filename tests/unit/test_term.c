/* SPDX-License-Identifier: MIT
 * term, in a pseudo-terminal with a child that uses the module as the program does: what is sent for a frame, and that
 * the terminal is put back whatever ends the child.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "term.h"

static const struct theme plain_theme = { .name = "test" };

struct tty {
	int master,
		slave; /* the slave stays open here, so that its modes can be looked at after the child */
	pid_t child;
	struct termios before;
	struct buf seen;
};

/* Runs body in a child whose terminal is a new pty of 24 x 80. */
static struct tty start(void (*body)(struct term_rescue *rescue), struct term_rescue *rescue)
{
	struct tty tty = { 0 };
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	assert_int_equal(openpty(&tty.master, &tty.slave, NULL, NULL, &size), 0);
	fcntl(tty.master, F_SETFL, O_NONBLOCK);
	tcgetattr(tty.slave, &tty.before);
	tty.child = fork();
	assert_true(tty.child >= 0);
	if (tty.child == 0) {
		alarm(20);
		setsid();
		ioctl(tty.slave, TIOCSCTTY, 0);
		dup2(tty.slave, STDIN_FILENO);
		dup2(tty.slave, STDOUT_FILENO);
		close(tty.slave);
		close(tty.master);
		body(rescue);
		_exit(0);
	}
	return tty;
}

static void take_in(struct tty *tty)
{
	char chunk[4096];
	ssize_t n;
	while ((n = read(tty->master, chunk, sizeof(chunk))) > 0)
		buf_add(&tty->seen, chunk, (size_t)n);
}

/* Waits until the terminal was sent this text. */
static void await(struct tty *tty, const char *text)
{
	for (int i = 0; i < 1000; i++) {
		struct pollfd wait = { .fd = tty->master, .events = POLLIN };
		take_in(tty);
		if (tty->seen.text && strstr(tty->seen.text, text))
			return;
		poll(&wait, 1, 10);
	}
	fail_msg("never sent: %s", text);
}

static int reap(struct tty *tty)
{
	int status = 0;
	assert_int_equal(waitpid(tty->child, &status, 0), tty->child);
	take_in(tty);
	return status;
}

static void assert_restored(struct tty *tty)
{
	struct termios now;
	assert_int_equal(tcgetattr(tty->slave, &now), 0);
	assert_int_equal(now.c_lflag, tty->before.c_lflag);
	assert_int_equal(now.c_iflag, tty->before.c_iflag);
	assert_int_equal(now.c_oflag, tty->before.c_oflag);
	assert_non_null(tty->seen.text);
	assert_non_null(strstr(tty->seen.text, "\033[?1049h"));
	const char *left = strstr(tty->seen.text, "\033[?1049l");
	assert_non_null(left);
	/* Shown after that: libvterm brings back the cursor as ncurses saved it, hidden. */
	assert_non_null(strstr(left, "\033[?25h"));
}

static void finish(struct tty *tty)
{
	close(tty->master);
	close(tty->slave);
	buf_finish(&tty->seen);
}

static struct term *open_or_exit(struct term_rescue *rescue)
{
	struct term_options options = {
		.theme = &plain_theme, .type = "xterm-256color", .colour = -1, .rescue = rescue
	};
	struct term *term;
	char why[200];
	if (term_open(&options, &term, why, sizeof(why)) != 0)
		_exit(40);
	return term;
}

static void show_text(struct term *term, struct canvas *canvas, const char *text)
{
	canvas_clear(canvas);
	canvas_text(canvas, 2, 3, -1, STYLE_TEXT, text);
	term_show(term, canvas);
}

static void shows_two_frames_and_closes(struct term_rescue *rescue)
{
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	show_text(term, canvas, "hello one");
	show_text(term, canvas, "hello two");
	term_show(term, canvas);
	canvas_destroy(canvas);
	term_close(term);
}

static void only_what_changed_is_sent_and_the_end_restores(void **state)
{
	struct tty tty = start(shows_two_frames_and_closes, NULL);
	assert_int_equal(reap(&tty), 0);
	const char *first = strstr(tty.seen.text, "hello one");
	assert_non_null(first);
	assert_null(strstr(first + 1, "hello"));
	const char *frames = tty.seen.text;
	int n = 0;
	while ((frames = strstr(frames, "\033[?2026h"))) {
		frames++;
		n++;
	}
	assert_int_equal(n, 2); /* the third frame was equal: nothing was sent */
	assert_restored(&tty);
	finish(&tty);
}

/* Runs out of stack: the handler has only its own. Through a pointer that the compiler cannot see through. */
static int (*volatile recurse)(int depth);

static int overflow(int depth)
{
	volatile char page[16384];
	page[0] = (char)depth;
	return recurse(depth + 1) + page[0];
}

static void shows_and_overflows_its_stack(struct term_rescue *rescue)
{
	const struct rlimit limit = { 1 << 20, 1 << 20 };
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	show_text(term, canvas, "ready");
	setrlimit(RLIMIT_STACK, &limit);
	recurse = overflow;
	overflow(0);
}

static void a_crash_restores_and_dies_of_the_signal(void **state)
{
	struct tty tty = start(shows_and_overflows_its_stack, NULL);
	int status = reap(&tty);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	assert_restored(&tty);
	finish(&tty);
}

static void shows_and_waits(struct term_rescue *rescue)
{
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	show_text(term, canvas, "ready");
	for (;;)
		pause();
}

static void another_process_restores_after_a_kill(void **state)
{
	/* As the supervisor: holds the rescue, whose descriptor must be open here too. */
	struct term_rescue *rescue = term_rescue_create();
	assert_non_null(rescue);
	struct tty tty = start(shows_and_waits, rescue);
	await(&tty, "ready");
	kill(tty.child, SIGKILL);
	reap(&tty);
	assert_true(rescue->live);
	rescue->fd = tty.slave;
	term_rescue_apply(rescue);
	take_in(&tty);
	assert_restored(&tty);
	assert_false(rescue->live);
	finish(&tty);
	rescue->fd = -1;
	term_rescue_destroy(rescue);
}

static void shows_until_it_is_told_to_wait(struct term_rescue *rescue)
{
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	int skipped = 0;
	for (int i = 0; i < 4000 && skipped < 3; i++) {
		/* Every cell changes with every frame. */
		canvas_fill(canvas, (struct rect) { 0, 0, 24, 80 }, i % 2 ? "x" : "o", STYLE_TEXT);
		skipped += term_show(term, canvas) == -EAGAIN;
	}
	if (skipped < 3 || term_out_fd(term) < 0)
		_exit(41);
	term_close(term);
}

/* Nobody reads the master: a terminal that was stopped. The child must neither wait for it nor hang at its end. */
static void a_terminal_that_does_not_read_holds_up_nothing(void **state)
{
	struct tty tty = start(shows_until_it_is_told_to_wait, NULL);
	int status = 0;
	for (int i = 0; i < 1000 && waitpid(tty.child, &status, WNOHANG) == 0; i++)
		poll(NULL, 0, 10);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	struct termios now;
	tcgetattr(tty.slave, &now);
	assert_int_equal(now.c_lflag, tty.before.c_lflag);
	finish(&tty);
}

static void waits_for_the_end_of_the_terminal(struct term_rescue *rescue)
{
	signal(SIGHUP, SIG_IGN);
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	show_text(term, canvas, "ready");
	for (;;) {
		struct pollfd wait = { .fd = term_fd(term), .events = POLLIN };
		poll(&wait, 1, -1);
		if (term_key(term, nsec_monotonic()) == KEYCODE_CLOSED)
			_exit(7);
	}
}

static void a_terminal_that_is_gone_is_told(void **state)
{
	struct tty tty = start(waits_for_the_end_of_the_terminal, NULL);
	await(&tty, "ready");
	close(tty.master);
	int status = 0;
	assert_int_equal(waitpid(tty.child, &status, 0), tty.child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	close(tty.slave);
	buf_finish(&tty.seen);
}

static void follows_sizes(struct term_rescue *rescue)
{
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	show_text(term, canvas, "ready");
	for (int left = 2; left > 0;) {
		struct pollfd wait = { .fd = term_fd(term), .events = POLLIN };
		poll(&wait, 1, 10);
		if (term_key(term, nsec_monotonic()) != KEYCODE_RESIZE)
			continue;
		int rows, cols;
		term_size(term, &rows, &cols);
		canvas_resize(canvas, rows, cols);
		canvas_textf(canvas, 0, 0, -1, STYLE_TEXT, "%dx%d", cols, rows);
		term_show(term, canvas);
		left--;
	}
	term_close(term);
}

static void sizes_from_one_cell_up_are_followed(void **state)
{
	struct tty tty = start(follows_sizes, NULL);
	struct winsize tiny = { .ws_row = 1, .ws_col = 1 }, large = { .ws_row = 60, .ws_col = 200 };
	await(&tty, "ready");
	buf_clear(&tty.seen);
	ioctl(tty.master, TIOCSWINSZ, &tiny);
	await(&tty, "\033[?2026l");
	ioctl(tty.master, TIOCSWINSZ, &large);
	await(&tty, "200x60");
	assert_int_equal(reap(&tty), 0);
	finish(&tty);
}

/* Ctrl-Z that comes while a frame is made waits until somebody takes it. */
static void is_told_to_stop_while_it_draws(struct term_rescue *rescue)
{
	struct term *term = open_or_exit(rescue);
	struct canvas *canvas = canvas_create(24, 80);
	sigset_t stop, waiting;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	kill(getpid(), SIGTSTP);
	show_text(term, canvas, "ready");
	sigpending(&waiting);
	if (!sigismember(&waiting, SIGTSTP) || signal(SIGTSTP, SIG_IGN) != SIG_DFL)
		_exit(42);
	canvas_destroy(canvas);
	term_close(term);
}

static void a_stop_is_not_lost_while_a_frame_is_drawn(void **state)
{
	struct tty tty = start(is_told_to_stop_while_it_draws, NULL);
	int status = reap(&tty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	finish(&tty);
}

static void refuses_and_accepts(struct term_rescue *rescue)
{
	static const char *const types[] = { NULL, "", "dumb", "no-such-terminal" };
	struct term_options options = { .theme = &plain_theme, .colour = -1, .rescue = rescue };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct term *term = NULL;
		char why[200] = "";
		options.type = types[i];
		if (term_open(&options, &term, why, sizeof(why)) != -ENODEV ||
			!strstr(why, "--plain"))
			_exit(50 + (int)i);
	}
	/* Unknown but of a family; of no size of its own; with delays in its capabilities. */
	static const char *const usable[] = { "xterm-kitty-of-the-future", "linux", "vt100" };
	setenv("COLUMNS", "99999", 1);
	for (size_t i = 0; i < ARRAY_LEN(usable); i++) {
		struct term *term;
		char why[200];
		options.type = usable[i];
		if (term_open(&options, &term, why, sizeof(why)) != 0)
			_exit(60 + (int)i);
		struct canvas *canvas = canvas_create(24, 80);
		show_text(term, canvas, "ready");
		canvas_destroy(canvas);
		term_close(term);
	}
}

static void unusable_types_are_refused_with_advice_and_odd_ones_work(void **state)
{
	struct tty tty = start(refuses_and_accepts, NULL);
	int status = reap(&tty);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_null(strstr(tty.seen.text, "$<"));
	finish(&tty);
}

/* Ends with 0 if it was told a background of 0x1e1e2e and a key, and no other key; else with a number that says what. */
static void asks_and_waits_for_a_key(struct term_rescue *rescue)
{
	struct term_options options = { .theme = &plain_theme,
		.type = "xterm-256color",
		.colour = -1,
		.ask_background = true,
		.rescue = rescue };
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
	struct canvas *canvas = canvas_create(24, 80);
	struct term *term;
	char why[200];
	uint32_t rgb;
	int key = KEYCODE_NONE;
	if (term_open(&options, &term, why, sizeof(why)) != 0)
		_exit(40);
	show_text(term, canvas, "asked");
	while (key == KEYCODE_NONE || key == KEYCODE_RESIZE) {
		poll(&wait, 1, 10);
		key = term_key(term, nsec_monotonic());
	}
	bool told = term_background(term, &rgb), again = term_background(term, &rgb);
	term_close(term);
	if (key != 'q')
		_exit(41);
	_exit(told && !again && rgb == 0x1e1e2e ? 0 : 42);
}

/* After the frame, once; the answers are no keys. */
static void the_background_is_asked_after_a_frame_and_told_once(void **state)
{
	struct tty tty = start(asks_and_waits_for_a_key, NULL);
	await(&tty, "\033]11;?\033\\\033[c");
	assert_true(strstr(tty.seen.text, "asked") < strstr(tty.seen.text, "\033]11;?"));
	static const char answer[] = "\033]11;rgb:1e1e/1e1e/2e2e\033\\\033[?64;22cq";
	assert_int_equal(write(tty.master, answer, strlen(answer)), (int)strlen(answer));
	int status = reap(&tty);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_restored(&tty);
	finish(&tty);
}

/* One that never answers: its end waits a moment, and what came is not left to the shell. */
static void a_terminal_that_does_not_answer_is_left_all_the_same(void **state)
{
	struct tty tty = start(asks_and_waits_for_a_key, NULL);
	await(&tty, "\033[c");
	assert_int_equal(write(tty.master, "q", 1), 1);
	int status = reap(&tty), waiting = -1;
	assert_int_equal(WEXITSTATUS(status), 42);
	assert_restored(&tty);
	assert_int_equal(ioctl(tty.slave, FIONREAD, &waiting), 0);
	assert_int_equal(waiting, 0);
	finish(&tty);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changed_is_sent_and_the_end_restores),
		cmocka_unit_test(the_background_is_asked_after_a_frame_and_told_once),
		cmocka_unit_test(a_terminal_that_does_not_answer_is_left_all_the_same),
		cmocka_unit_test(a_crash_restores_and_dies_of_the_signal),
		cmocka_unit_test(another_process_restores_after_a_kill),
		cmocka_unit_test(a_terminal_that_does_not_read_holds_up_nothing),
		cmocka_unit_test(a_terminal_that_is_gone_is_told),
		cmocka_unit_test(sizes_from_one_cell_up_are_followed),
		cmocka_unit_test(a_stop_is_not_lost_while_a_frame_is_drawn),
		cmocka_unit_test(unusable_types_are_refused_with_advice_and_odd_ones_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
