/* SPDX-License-Identifier: MIT
 * Notes the ends of workers: books them on the board, then reaps or joins them.
 */
#include <signal.h>
#include <sys/wait.h>

#include "internal.h"
#include "limit.h"

static int wait_status_of(const siginfo_t *info)
{
	switch (info->si_code) {
	case CLD_EXITED:
		return (info->si_status & 255) << 8;
	case CLD_DUMPED:
		return info->si_status | 128;
	default:
		return info->si_status;
	}
}

/* Not reaped yet: the kernel looks at it in ticks, so a begun second counts. */
static long long seconds_used(pid_t pid)
{
	clockid_t clock;
	struct timespec used;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return LLONG_MAX;
	return used.tv_sec + (used.tv_nsec > 0);
}

/* Not all that a signal ends was meant to end. */
static void say_kill(struct host *host, pid_t pid, int wait_status)
{
	char text[sizeof(host->board->note)], limit[112];

	if (!WIFSIGNALED(wait_status))
		return;
	if (WTERMSIG(wait_status) == SIGKILL && *limit_of_kill(limit, sizeof(limit)))
		snprintf(text, sizeof(text), "a worker was killed for want of memory (%s)", limit);
	else if (WTERMSIG(wait_status) != SIGSEGV &&
		 *limit_of_end(wait_status, seconds_used(pid), limit, sizeof(limit)))
		snprintf(text, sizeof(text), "a worker was ended: %s", limit);
	else
		return;
	host_say(host, text);
}

static void note_end(struct host *host, struct hand *hand, int wait_status)
{
	atomic_store(&hand->slot->wait_status, wait_status);
	if (!hand->lingers_until)
		atomic_store(&hand->slot->ended_ns, crew_now());
	atomic_store(&hand->slot->phase, SLOT_ENDED);
	hand->started = false;
	if (hand->mixed)
		mix_release(hand);
	seat_release(host, hand->seat);
}

/* Whether this end is to be left as it is for a while, so that it can be looked at. */
static bool lingers(struct host *host, struct hand *m, int wait_status)
{
	struct board_slot *slot = m->slot;

	if (!atomic_load(&slot->lingers))
		return false;
	if (!m->lingers_until) {
		m->lingers_until = crew_now() + LINGERS_FOR;
		atomic_store(&slot->wait_status, wait_status);
		atomic_store(&slot->ended_ns, crew_now());
		atomic_fetch_or(&slot->command, SLOT_QUIT); /* it plays with nobody any more */
		atomic_store(&slot->phase, SLOT_UNREAPED);
		bell_ring(BOARD_FD_REPORTS);
	}
	return crew_now() < m->lingers_until;
}

/* Booked first, reaped then: while the board says that a worker lives, its id belongs to nobody else. */
static void reap_process(struct host *host, struct hand *m)
{
	siginfo_t info = { 0 };
	pid_t pid = m->pid;

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
		return;
	if (lingers(host, m, wait_status_of(&info)))
		return;
	say_kill(host, pid, wait_status_of(&info));
	note_end(host, m, wait_status_of(&info));
	for (int i = m->index + 1; i < BOARD_SLOTS && host->hand[i].leader == m; i++)
		if (host->hand[i].started)
			note_end(host, &host->hand[i], wait_status_of(&info));
	waitpid(pid, NULL, 0);
}

static void join_thread(struct host *host, struct hand *m)
{
	uint32_t phase = atomic_load(&m->slot->phase);

	if (phase != SLOT_LEAVING && phase != SLOT_UNREAPED)
		return;
	if (lingers(host, m, 0))
		return;
	if (!m->mixed && !m->leader)
		pthread_join(m->thread, NULL);
	note_end(host, m, 0);
}

void host_note_ends(struct host *host)
{
	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct hand *m = &host->hand[i];

		if (m->started && m->process)
			reap_process(host, m);
		else if (m->started)
			join_thread(host, m);
	}
	pairs_renew(host);
	bell_ring(BOARD_FD_REPORTS);
}
