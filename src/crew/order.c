/* SPDX-License-Identifier: MIT
 * Brings the viewer's requests to workers: over the board to their host, through the supervisor for what hits a whole
 * thread crew, or straight to the kernel for what a host need not do. No task that is not ours is ever reached.
 */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "internal.h"

int crew_check_worker(const struct crew *crew, int worker)
{
	if (crew->state != CREW_RUNNING)
		return -ESRCH;
	if (worker == CREW_ALL)
		return 0;
	if (worker < 0 || worker >= BOARD_SLOTS || !slot_lives(&crew->board->slots[worker]) ||
		atomic_load(&crew->board->slots[worker].phase) == SLOT_UNREAPED)
		return -ESRCH;
	return 0;
}

bool slot_is_process(const struct crew *crew, const struct board_slot *slot)
{
	return atomic_load(&slot->mixed)
		       ? !(atomic_load(&slot->clone_flags) & CLONE_THREAD)
		       : crew->plan.kind == KIND_PROCESSES && !atomic_load(&slot->leader);
}

static bool crew_has_room(const struct crew *crew)
{
	return atomic_load(&crew->board->order_head) - atomic_load(&crew->board->order_tail) <
	       BOARD_ORDERS;
}

int crew_send(struct crew *crew, int verb, int worker, int value)
{
	struct board *board = crew->board;
	uint32_t head = atomic_load(&board->order_head);

	if (atomic_load(&board->leaderless))
		return -EHOSTDOWN;
	if (!crew_has_room(crew))
		return -EBUSY;
	board->orders[head % BOARD_ORDERS] = (struct board_order) { verb, worker, value };
	atomic_store(&board->order_head, head + 1);
	bell_add(crew->orders);
	return 0;
}

static int order(struct crews *crews, enum side side, int verb, int worker, int value)
{
	struct crew *crew = &crews->crew[side];
	int error = crew_check_worker(crew, worker);

	return error ? error : crew_send(crew, verb, worker, value);
}

static int count_living(const struct crew *crew)
{
	int n = 0;

	for (int i = 0; i < BOARD_SLOTS; i++)
		n += slot_lives(&crew->board->slots[i]);
	return n;
}

/* Asked first: were there no room for the order, the slot would be taken for nothing. */
int crew_check_fresh(const struct crew *crew)
{
	int error = crew_check_worker(crew, CREW_ALL);

	if (error)
		return error;
	if (atomic_load(&crew->board->leaderless))
		return -EHOSTDOWN;
	if (count_living(crew) >= crew_limit(crew->plan.kind))
		return -ENOSPC;
	return crew_has_room(crew) ? 0 : -EBUSY;
}

int crew_take_fresh(const struct crews *crews, struct crew *crew)
{
	int error = crew_check_fresh(crew);

	return error ? error : crew_take_slot(crews, crew);
}

int crew_start_slot(struct crew *crew, int index)
{
	atomic_store(&crew->board->slots[index].phase, SLOT_WANTED);
	return crew_send(crew, BOARD_START, index, 0);
}

int crew_add(struct crews *crews, enum side side)
{
	struct crew *crew = &crews->crew[side];
	int slot = crew_take_fresh(crews, crew);

	if (slot < 0)
		return slot;
	crew->wanted++;
	return crew_start_slot(crew, slot);
}

static int last_living(const struct crew *crew)
{
	int last = -1;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		uint32_t phase = atomic_load(&crew->board->slots[i].phase);

		if ((phase == SLOT_STARTING || phase == SLOT_ALIVE) &&
			!(atomic_load(&crew->board->slots[i].command) & SLOT_QUIT))
			last = i;
	}
	return last;
}

int crew_remove(struct crews *crews, enum side side, int worker)
{
	struct crew *crew = &crews->crew[side];
	int error = crew_check_worker(crew, worker);

	if (!error && worker == CREW_ALL) {
		worker = last_living(crew);
		error = worker < 0 ? -ESRCH : 0;
	}
	if (!error)
		error = crew_send(crew, BOARD_QUIT, worker, 0);
	if (!error) {
		/* At once, so that "the last one", asked again before the host comes to it, is another. */
		atomic_fetch_or(&crew->board->slots[worker].command, SLOT_QUIT);
		crew->wanted -= crew->wanted > 0;
	}
	return error;
}

int crew_set_job(struct crews *crews, enum side side, int worker, int job)
{
	struct crew *crew = &crews->crew[side];
	int error = job < 0 || job > JOBS ? -EINVAL : crew_check_worker(crew, worker);

	if (error)
		return error;
	/* Each gets its own of a mixed crew: the host deals them out. */
	error = crew_send(crew, BOARD_JOB, worker, job);
	if (!error && worker == CREW_ALL)
		crew->job = job;
	return error;
}

int crew_crash(struct crews *crews, enum side side, int worker)
{
	return order(crews, side, BOARD_CRASH, worker, 0);
}

/* --- straight to the kernel. A worker's id stands on the board as living until its host has booked its end, and the host
 * books before it reaps: an id that is read here is the worker's own. --- */

typedef int act_on_task(struct crews *crews, const struct board_slot *slot, int32_t tid, int value);

static int for_tasks(
	struct crews *crews, struct crew *crew, int worker, act_on_task *act, int value)
{
	int error = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &crew->board->slots[i];

		if ((worker != CREW_ALL && worker != i) || atomic_load(&slot->phase) != SLOT_ALIVE)
			continue;
		int32_t tid = atomic_load(&slot->tid);
		int e = tid > 0 ? act(crews, slot, tid, value) : 0;

		/* One that ended meanwhile is no error among many. */
		if (e && !(worker == CREW_ALL && e == -ESRCH))
			error = e;
	}
	return error;
}

static int pin(struct crews *crews, const struct board_slot *slot, int32_t tid, int value)
{
	cpu_set_t one[CPUS_MOST / CPU_SETSIZE];
	int cpu = atomic_load(&slot->cpu);

	if (cpu < 0)
		return sched_setaffinity(tid, crews->cpus_size, crews->cpus) == 0 ? 0 : -errno;
	CPU_ZERO_S(sizeof(one), one);
	CPU_SET_S((size_t)cpu, sizeof(one), one);
	return sched_setaffinity(tid, sizeof(one), one) == 0 ? 0 : -errno;
}

int crew_pin(struct crews *crews, enum side side, int worker, int cpu)
{
	struct crew *crew = &crews->crew[side];
	int error = crew_check_worker(crew, worker);

	if (error)
		return error;
	if (!crews->cpus || cpu < -1 || cpu >= CPUS_MOST ||
		(cpu >= 0 && !CPU_ISSET_S((size_t)cpu, crews->cpus_size, crews->cpus)))
		return -EINVAL;
	if (worker == CREW_ALL)
		crew->cpu = cpu;
	for (int i = 0; i < BOARD_SLOTS; i++)
		if (worker == CREW_ALL || worker == i)
			crew_place(crews, crew, i, cpu);
	error = for_tasks(crews, crew, worker, pin, 0);
	bell_add(crew->orders); /* it follows */
	return error;
}

static int renice(struct crews *crews, const struct board_slot *slot, int32_t tid, int nice)
{
	return setpriority(PRIO_PROCESS, (id_t)tid, nice) == 0 ? 0 : -errno;
}

int crew_renice(struct crews *crews, enum side side, int worker, int nice)
{
	int error =
		nice < -20 || nice > 19 ? -EINVAL : crew_check_worker(&crews->crew[side], worker);

	return error ? error : for_tasks(crews, &crews->crew[side], worker, renice, nice);
}

/* --- signals --- */

int crew_signal(struct crews *crews, enum side side, int worker, int signal)
{
	struct crew *crew = &crews->crew[side];
	int error = crew_check_worker(crew, worker);

	if (signal != SIGKILL && signal != SIGSTOP && signal != SIGCONT)
		return -EINVAL;
	if (error)
		return error;
	/* A thread of a worker process is its host's to find, too: the signal is its process's. */
	if (worker == CREW_ALL ? crew->plan.kind == KIND_PROCESSES
			       : slot_is_process(crew, &crew->board->slots[worker]) ||
					 atomic_load(&crew->board->slots[worker].leader))
		return crew_send(crew, BOARD_SIGNAL, worker, signal);
	struct request request = { .verb = REQUEST_SIGNAL,
		.side = (int32_t)side,
		.generation = crew->generation,
		.signal = signal };

	if (worker != CREW_ALL)
		request.tid = atomic_load(&crew->board->slots[worker].tid);
	error = request_send(crews->socket, &request, NULL);
	if (error)
		return error;
	if (signal == SIGKILL)
		crew->killed = worker == CREW_ALL ? WORKER_NONE : worker;
	else
		atomic_store(&crews->life->side[side].held, signal == SIGSTOP);
	return 0;
}

void crews_suspend(struct crews *crews)
{
	atomic_store(&crews->life->suspending, 1);
}

void crews_resume(struct crews *crews)
{
	atomic_store(&crews->life->suspending, 0);
	for (int i = 0; i < SIDES; i++)
		if (crews->crew[i].state == CREW_RUNNING &&
			crews->crew[i].plan.kind == KIND_PROCESSES)
			crew_send(&crews->crew[i], BOARD_RESUME, CREW_ALL, 0);
}

int crews_restart_prober(struct crews *crews)
{
	struct request request = { .verb = REQUEST_PROBER };

	return request_send(crews->socket, &request, NULL);
}
