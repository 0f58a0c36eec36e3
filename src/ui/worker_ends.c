/* SPDX-License-Identifier: MIT
 * How workers and crews ended, in words: by itself, by a signal, or because another thread took it along.
 */
#include <signal.h>
#include <sys/wait.h>

#include "worker_list.h"

/* It exited because it was asked to, or had nothing more to do. */
static bool has_left(const struct worker_sample *ended)
{
	return ended->wait_status == 0 && ended->fault_signal == 0;
}

enum style ended_style(const struct worker_sample *ended)
{
	return has_left(ended) ? STYLE_DIM : STYLE_DEAD;
}

/* Whether it ended because of another thread, and not by itself well before that. */
static bool taken_along(const struct model_side *side, const struct worker_sample *ended)
{
	const struct crew_sample *crew = side->crew;

	if (!crew || crew->kind != KIND_THREADS || crew->state != CREW_ENDED || crew->culprit < 0 ||
		crew->culprit == ended->index)
		return false;
	return ended->wait_status == crew->wait_status;
}

void format_worker_end(
	const struct model_side *side, const struct worker_sample *ended, char *out, size_t size)
{
	if (ended->fault_signal > 0)
		snprintf(out, size, "✗ SIG%s at 0x%llx", signal_name(ended->fault_signal),
			(unsigned long long)ended->fault_address);
	else if (has_left(ended) && ended->ended_ns == UNKNOWN) /* nobody was left to book it */
		snprintf(out, size, "ended by an exec");
	else if (has_left(ended))
		snprintf(out, size, "left by itself");
	else if (taken_along(side, ended))
		snprintf(out, size, "✗ ended with w%d", side->crew->culprit);
	else
		snprintf(out, size, "✗ %s", TEXT_OF(format_wait_status, ended->wait_status));
}

void format_crew_end(const struct crew_sample *crew, int cols, char *out, size_t size)
{
	const char *how = TEXT_OF(format_wait_status, crew->wait_status);

	if (crew->kind != KIND_THREADS || crew->culprit < 0) {
		snprintf(out, size, "✗ the crew ended: %s · r restarts", how);
		return;
	}
	snprintf(out, size, "✗ %s in w%d ended every thread · r restarts", how, crew->culprit);
	if (text_width(out) > cols)
		snprintf(out, size, "✗ w%d ended every thread · r restarts", crew->culprit);
	if (text_width(out) > cols)
		snprintf(out, size, "✗ w%d ended all · r restarts", crew->culprit);
}
