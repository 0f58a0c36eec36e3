/* SPDX-License-Identifier: MIT
 * Runs a worker from its begin to its end, the same for a process and a thread. The two ways to begin it differ in one call.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "internal.h"

#define SMALL_STACK ((size_t)256 << 10) /* beyond the first 64 threads */
#define LARGE_STACK ((size_t)8 << 20) /* the usual default, if there is no limit */
/* Of the fault handler: 3.4 kB of saved registers with AVX-512, and little more. It is part of the worker's own stack, whose
 * used depth is looked at, and no page of it is touched unless there is a fault: so no larger than needed. */
#define FAULT_STACK ((size_t)8 << 10)

/* The worker that this task is, for its signal handler, which is given nothing else. */
static __thread struct board_slot *own_slot;
static struct board *fault_board;

/* Writes down what the kernel reported, and lets it happen: the default action is back, so when the handler returns and
 * the instruction faults again, the kernel does what it does to every program. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
	struct board_slot *slot = own_slot;

	if (slot && atomic_load(&slot->fault_order) == 0) {
		atomic_store(&slot->fault_signal, signal);
		atomic_store(&slot->fault_code, info->si_code);
		atomic_store(&slot->fault_address,
			info->si_code > 0 ? (uint64_t)(uintptr_t)info->si_addr : 0);
		atomic_store(&slot->fault_order, atomic_fetch_add(&fault_board->faults, 1) + 1);
	}
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigaction(signal, &action, NULL);
	/* Sent by somebody, not caused by an instruction: it would not come again by itself. */
	if (info->si_code <= 0)
		raise(signal);
}

void worker_catch_faults(struct board *board)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	fault_board = board;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &action, NULL);
}

void worker_on_signal(int signal)
{
	struct board_slot *slot = own_slot;

	if (slot)
		atomic_fetch_add(&slot->handled, 1);
}

/* Reports itself. A pin that was set meanwhile is seen either by us or by who set it, who looks at the phase after. */
static void appear(const struct hand *hand)
{
	struct board_slot *slot = hand->slot;
	int32_t cpu;

	atomic_store(&slot->pid, getpid());
	atomic_store(&slot->tid, gettid());
	do {
		uint32_t starting = SLOT_STARTING;

		cpu = atomic_load(&slot->cpu);
		run_on(hand->host, cpu);
		atomic_compare_exchange_strong(&slot->phase, &starting, SLOT_ALIVE);
	} while (cpu != atomic_load(&slot->cpu));
	bell_ring(BOARD_FD_REPORTS);
}

static void work_until_told(const struct hand *hand)
{
	volatile int64_t local = 100;
	struct work work = { .hand = hand, .slot = hand->slot, .local = &local };

	atomic_store(&work.slot->local_address, (uint64_t)(uintptr_t)&local);
	appear(hand);
	while (!work.leave) {
		work.seen = atomic_load(&work.slot->bell);
		guard_let_in(hand->host->board, &work.slot->tracer);
		uint32_t command = atomic_load(&work.slot->command);

		if (command & SLOT_CRASH)
			crash();
		if (command & SLOT_QUIT)
			break;
		obey(&work);
		int32_t job = atomic_load(&work.slot->job);

		atomic_store(&work.slot->doing, job);
		if (!work.leave && job >= 0 && job < JOBS && job_round(&work, (enum job)job))
			atomic_store_explicit(&work.slot->rounds,
				atomic_load_explicit(&work.slot->rounds, memory_order_relaxed) + 1,
				memory_order_relaxed);
	}
	fibers_leave(&work);
	for (int i = 0; i < work.n_opened; i++)
		close(work.opened[i]);
}

/* A worker's life, from its first instruction to its last but one. */
static void live(const struct hand *hand, pid_t parent)
{
	char name[16], fault_stack[FAULT_STACK];
	stack_t stack = { .ss_sp = fault_stack, .ss_size = sizeof(fault_stack) };
	sigset_t none;

	int unguarded = guard_worker(parent, atomic_load(&hand->slot->unconfined) != 0);

	snprintf(name, sizeof(name), "w%d", hand->index);
	prctl(PR_SET_NAME, name);
	own_slot = hand->slot;
	sigaltstack(&stack, NULL);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	atomic_store(&hand->slot->unguarded, unguarded);
	atomic_store(&hand->slot->tls, (uint64_t)(uintptr_t)__builtin_thread_pointer());
	work_until_told(hand);
	atomic_store(&hand->slot->phase, SLOT_LEAVING);
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	bell_ring(BOARD_FD_ORDERS);
}

static void *live_as_thread(void *hand)
{
	const struct host *host = ((struct hand *)hand)->host;

	live(hand, ((struct hand *)hand)->leader ? host->self : host->parent);
	return NULL;
}

/* A process of several threads makes them before it is confined; they are as their host's would be. */
static void make_team(struct hand *leader)
{
	const int team = (int)atomic_load(&leader->slot->team);

	for (int i = 1; i < team; i++) {
		if (worker_thread(&leader[i]) == 0)
			host_report_stack(leader->host, &leader[i]);
		else
			atomic_store(&leader[i].slot->phase, SLOT_LEAVING);
	}
}

static void live_as_process(struct hand *hand)
{
	/* What only the host needs; a thread shares it, a process would keep it. */
	close(BOARD_FD_LIFE);
	close(hand->host->signals);
	close(hand->host->feed);
	make_team(hand);
	live(hand, hand->host->self);
	_exit(0);
}

int worker_fork(struct hand *hand)
{
	/* code: start processes */
	pid_t pid = fork();

	if (pid == 0)
		live_as_process(hand);
	hand->pid = pid;
	hand->process = true;
	return pid < 0 ? errno : 0;
	/* end of code */
}

int worker_thread(struct hand *hand)
{
	pthread_attr_t attr;
	size_t size;

	pthread_attr_init(&attr);
	pthread_attr_getstacksize(&attr, &size);
	/* code: start threads */
	pthread_attr_setstacksize(
		&attr, hand->seat < TOUCH_SEATS ? MIN(size, LARGE_STACK) : SMALL_STACK);
	atomic_store(&hand->slot->clone_flags, PTHREAD_FLAGS);
	int error = pthread_create(&hand->thread, &attr, live_as_thread, hand);
	/* end of code */

	pthread_attr_destroy(&attr);
	return error;
}
