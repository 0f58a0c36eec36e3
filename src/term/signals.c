/* SPDX-License-Identifier: MIT
 * Signals of a program that has a terminal and nothing else to look after: they end it, or say that the size is another.
 */
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

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

int term_signals_take(struct term *term, int fd, bool *ret_resized)
{
	struct signalfd_siginfo info;
	int ends = 0;

	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGWINCH) {
			term_repaint(term);
			*ret_resized = true;
		} else if (info.ssi_signo != SIGTSTP) { /* it has nothing to go on with */
			ends = (int)info.ssi_signo;
		}
	}
	return ends;
}
