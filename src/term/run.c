/* SPDX-License-Identifier: MIT
 * Runs a program that has a terminal and nothing else to look after: draws, waits, and takes keys and signals, which end it,
 * or say that the size is another.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "command.h"
#include "term.h"

int term_signals_open(bool goes_on)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (!signal_is_ignored(numbers[i]))
			sigaddset(&set, numbers[i]);
	if (goes_on && !signal_is_ignored(SIGCONT))
		sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void fit(struct term *term, struct canvas **canvas)
{
	int rows, cols;

	term_size(term, &rows, &cols);
	if (*canvas)
		canvas_resize(*canvas, rows, cols);
	else
		*canvas = canvas_create(rows, cols);
}

/* The number of a signal that ends the program, or 0. */
static int take_signals(struct term *term, int fd, struct canvas **canvas)
{
	struct signalfd_siginfo info;
	int ends = 0;

	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGWINCH) {
			term_repaint(term);
			fit(term, canvas);
		} else if (info.ssi_signo != SIGTSTP) { /* it has nothing to go on with */
			ends = (int)info.ssi_signo;
		}
	}
	return ends;
}

static void await(struct term *term, int signals, nsec now, nsec wait)
{
	struct pollfd fds[] = { { signals, POLLIN, 0 }, { term_fd(term), POLLIN, 0 },
		{ term_out_fd(term), POLLOUT, 0 } };
	const nsec escape = term_wait(term, now);

	poll(fds, ARRAY_LEN(fds),
		(int)((escape >= 0 ? MIN(escape, wait) : wait) / NSEC_PER_MSEC) + 1);
}

static int run(struct term *term, int signals, const struct term_page *page, void *context)
{
	struct canvas *canvas = NULL;
	bool on = true;
	int ends = 0, key;

	fit(term, &canvas);
	while (on && !ends) {
		const nsec wait = page->draw(context, canvas);
		if (term_ascii(term))
			canvas_to_ascii(canvas);
		on = term_show(term, canvas) != -EIO;
		await(term, signals, page->now(), wait);
		ends = take_signals(term, signals, &canvas);
		while (on && !ends && (key = term_key(term, page->now())) != KEYCODE_NONE) {
			if (key == KEYCODE_RESIZE)
				fit(term, &canvas);
			else
				on = page->press(context, key);
		}
		on = on && term_flush(term) != -EIO;
	}
	canvas_destroy(canvas);
	return ends ? 128 + ends : EXIT_FINE;
}

int term_run(const struct term_options *options, const struct term_page *page, void *context)
{
	const int signals = term_signals_open(false);
	struct term *term;
	char why[200] = "";
	int status = EXIT_TERMINAL;

	if (term_open(options, &term, why, sizeof(why)) != 0) {
		say_line("%s", why);
	} else {
		status = run(term, signals, page, context);
		term_close(term);
	}
	close(signals);
	return status;
}
