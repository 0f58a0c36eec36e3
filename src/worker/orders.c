/* SPDX-License-Identifier: MIT
 * Carries out taskscope's orders, and reports the begin and end of workers on the board.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "limit.h"

/* The one call in which the two sides differ. Tasks of a crew that has just been killed may still count against a limit
 * for a moment, so a refusal is believed only when it lasts. */
static int create(struct host *host, struct hand *hand)
{
	int (*const make)(struct hand *) =
		host->kind == KIND_PROCESSES ? worker_fork : worker_thread;

	for (int tries = 0;; tries++) {
		int error = atomic_load(&hand->slot->mixed) ? worker_mix(hand) : make(hand);

		if (error != EAGAIN || tries == 4)
			return error;
		nanosleep(&(struct timespec) { .tv_nsec = 20 * 1000 * 1000 }, NULL);
	}
}

/* All that it is given before it begins. */
static int prepare(struct host *host, int index)
{
	struct hand *m = &host->hand[index];
	int seat = seat_take(host);
	uint32_t leader;

	if (seat < 0)
		return ENOSPC;
	*m = (struct hand) {
		.host = host, .slot = &host->board->slots[index], .index = index, .seat = seat
	};
	leader = atomic_load(&m->slot->leader);
	m->leader = leader ? &host->hand[leader - 1] : NULL;
	lock_reclaim(m->slot);
	experiment_memory_renew_victim(host, seat);
	atomic_store(&m->slot->victim_address, (uint64_t)(uintptr_t)&host->memory.victims[seat]);
	atomic_store(&m->slot->seat, seat);
	atomic_store(&m->slot->inbox, host->seat[seat].write);
	atomic_store(&m->slot->phase, SLOT_STARTING);
	return 0;
}

/* Those of the team that were prepared. */
static void give_up(struct host *host, int index, int n)
{
	for (int i = index; i < index + n; i++) {
		seat_release(host, host->hand[i].seat);
		atomic_store(&host->hand[i].slot->phase, SLOT_FREE);
	}
}

/* One worker; or a process with its threads, which it makes itself. */
static int start(struct host *host, int index)
{
	const int team = MAX((int)atomic_load(&host->board->slots[index].team), 1);
	int prepared = 0, error = 0;

	while (!error && prepared < team) {
		error = prepare(host, index + prepared);
		prepared += !error;
	}
	if (!error)
		error = create(host, &host->hand[index]);
	if (error) {
		give_up(host, index, prepared);
		return error;
	}
	for (int i = index; i < index + team; i++)
		host->hand[i].started = true;
	if (host->hand[index].process)
		atomic_store(&host->hand[index].slot->pid, host->hand[index].pid);
	host_report_stack(host, &host->hand[index]);
	return 0;
}

/* "limit: 19 of 64 started: fork: Resource temporarily unavailable (pids.max 20 of /sys/fs/cgroup/box: raise it)" */
static void say_limit(struct host *host, int started, int wanted, int error)
{
	char text[sizeof(host->board->note)], why[200];

	snprintf(text, sizeof(text), "limit: %d of %d started: %s: %s", started, wanted,
		host->kind == KIND_PROCESSES ? "fork" : "pthread_create",
		limit_error(error, why, sizeof(why)));
	host_say(host, text);
}

void host_start_wanted(struct host *host)
{
	int alive = 0, failed = 0, error = 0, wanted = 0;

	for (int i = 0; i < BOARD_SLOTS; i++)
		wanted += atomic_load(&host->board->slots[i].phase) == SLOT_WANTED;
	seats_furnish(host, wanted);
	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct board_slot *slot = &host->board->slots[i];

		if (atomic_load(&slot->phase) == SLOT_WANTED) {
			/* After the first refusal the others would only wait for theirs. */
			int e = error ? error : start(host, i);

			if (e) {
				error = e;
				failed++;
				atomic_store(&slot->phase, SLOT_FREE);
			}
		}
		alive += host->hand[i].started;
	}
	if (error)
		say_limit(host, alive, alive + failed, error);
	else
		host_say(host, host->memory_note);
	pairs_renew(host);
	bell_ring(BOARD_FD_REPORTS);
}

/* A stopped worker would not hear it. */
static void command(struct host *host, struct hand *hand, uint32_t what)
{
	atomic_fetch_or(&hand->slot->command, what);
	host_kick(host, hand);
	if (hand->process) {
		kill(hand->pid, SIGCONT);
		hand->held = false;
	}
}

/* Only of worker processes: they are our children, and we have not reaped them, so the ids are theirs. */
static void send_signal(struct host *host, struct hand *hand, int signal)
{
	if (hand->leader)
		hand = hand->leader;
	if (!hand->process)
		return;
	if (signal == SIGSTOP || signal == SIGCONT)
		hand->held = signal == SIGSTOP;
	kill(hand->pid, signal);
}

static void carry_out(struct host *host, struct hand *hand, const struct board_order *order)
{
	switch ((enum board_verb)order->verb) {
	case BOARD_JOB:
		atomic_store(&hand->slot->job, order->value == JOB_MIXED
						       ? (int)job_mixed((unsigned)hand->index)
						       : order->value);
		host_kick(host, hand);
		break;
	case BOARD_QUIT:
		command(host, hand, SLOT_QUIT);
		break;
	case BOARD_CRASH:
		command(host, hand, SLOT_CRASH);
		break;
	case BOARD_SIGNAL:
		send_signal(host, hand, order->value);
		break;
	case BOARD_RESUME:
		if (!hand->held)
			send_signal(host, hand, SIGCONT);
		break;
	case BOARD_KICK:
		host_kick(host, hand);
		break;
	case BOARD_LEAVE_MAIN:
	case BOARD_START:
		break;
	}
}

/* Whoever lingers does so until the next order; not the one that is just told to. */
static void end_lingering(struct host *host, const struct board_order *order)
{
	for (int i = 0; i < BOARD_SLOTS; i++)
		if (host->hand[i].lingers_until &&
			!(order->verb == BOARD_KICK && order->value == ORDER_EXIT_TASK &&
				(order->worker < 0 || order->worker == i)))
			host->hand[i].lingers_until = 1;
}

/* The main thread of a thread crew goes, its threads stay: nobody is left to take orders, and nobody to reap. */
static void leave_main(struct host *host)
{
	if (host->kind != KIND_THREADS)
		return;
	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct hand *m = &host->hand[i];

		if (!m->started || !m->process)
			continue;
		kill(m->pid, SIGKILL);
		waitid(P_PID, (id_t)m->pid, &(siginfo_t) { 0 }, WEXITED | WNOWAIT);
	}
	host_note_ends(host);
	/* code: leave-main */
	atomic_store(&host->board->leaderless, 1);
	bell_ring(BOARD_FD_REPORTS);
	pthread_exit(NULL);
	/* end of code */
}

void host_take_orders(struct host *host)
{
	struct board *board = host->board;
	uint32_t tail = atomic_load(&board->order_tail);
	bool start_some = false;

	for (; tail != atomic_load(&board->order_head); atomic_store(&board->order_tail, ++tail)) {
		struct board_order order = board->orders[tail % BOARD_ORDERS];

		end_lingering(host, &order);
		start_some |= order.verb == BOARD_START;
		if (order.verb == BOARD_LEAVE_MAIN) {
			atomic_store(&board->order_tail, tail + 1);
			leave_main(host);
		}
		for (int i = 0; i < BOARD_SLOTS; i++)
			if (host->hand[i].started && (order.worker < 0 || order.worker == i))
				carry_out(host, &host->hand[i], &order);
	}
	if (start_some)
		host_start_wanted(host);
	pairs_renew(host);
}
