/* SPDX-License-Identifier: MIT
 * How a task ended, in words. Signal names come from libc's table, so that a recording reads the
 * same everywhere.
 */
#include "model.h"

#include <signal.h>
#include <sys/wait.h>

/* Signals that the kernel sends because of what the task itself did. */
static bool is_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
	       signal == SIGTRAP || signal == SIGABRT || signal == SIGSYS;
}

char *format_wait_status(char *out, size_t size, int wait_status)
{
	const char *name, *by;

	if (WIFEXITED(wait_status)) {
		snprintf(out, size, "exit %d", WEXITSTATUS(wait_status));
		return out;
	}
	if (!WIFSIGNALED(wait_status)) {
		snprintf(out, size, "status 0x%x", (unsigned)wait_status);
		return out;
	}
	int signal = WTERMSIG(wait_status);
	name = signal_name(signal);
	by = is_fault(signal) ? "" : "killed by ";
	if (name)
		snprintf(out, size, "%sSIG%s (%d)", by, name, signal);
	else
		snprintf(out, size, "%ssignal %d", by, signal);
	return out;
}
