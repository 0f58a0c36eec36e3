/* SPDX-License-Identifier: MIT
 * Makes a worker by clone(2) with any flags, between fork and a thread. Such a task may share memory with the
 * host and has no thread control block of its own (its maker's would be written by both), so its own code makes raw system
 * calls and does only what needs none.
 */
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "internal.h"
#include "raw.h"

#define MIX_STACK ((size_t)256 << 10)

static void name_task(int index)
{
	char name[16] = "m";
	int at = 1;

	for (int unit = 100; unit > 0; unit /= 10)
		if (index >= unit || unit == 1)
			name[at++] = (char)('0' + index / unit % 10);
	raw_call(SYS_prctl, PR_SET_NAME, (long)name, 0, 0, 0);
}

static void rest(struct work *work)
{
	struct timespec t = { .tv_nsec = 10 * NSEC_PER_MSEC };

	raw_call(SYS_futex, (long)&work->slot->bell, FUTEX_WAIT, (long)work->seen, (long)&t, 0);
}

static void work_until_told(struct work *work)
{
	while (!work->leave) {
		work->seen = atomic_load(&work->slot->bell);
		guard_let_in(work->hand->host->board, &work->slot->tracer);
		uint32_t command = atomic_load(&work->slot->command);
		int job = atomic_load(&work->slot->job) == JOB_SPIN ? JOB_SPIN : JOB_SLEEP;

		if (command & SLOT_CRASH)
			crash();
		if (command & SLOT_QUIT)
			return;
		obey(work);
		atomic_store(&work->slot->doing, job);
		if (job == JOB_SPIN)
			spin_some();
		else
			rest(work);
		atomic_fetch_add_explicit(&work->slot->rounds, 1, memory_order_relaxed);
	}
}

static int live_mixed(void *arg)
{
	const struct hand *hand = arg;
	struct board_slot *slot = hand->slot;
	volatile int64_t local = 100;
	struct work work = { .hand = hand, .slot = slot, .local = &local };
	uint64_t none = 0, one = 1;
	uint32_t starting = SLOT_STARTING;
	bool thread = (atomic_load(&slot->clone_flags) & CLONE_THREAD) != 0;

	atomic_store(&slot->unguarded, guard_mixed(thread ? 0 : hand->host->self));
	name_task(hand->index);
	raw_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, sizeof(none), 0);
	atomic_store(&slot->local_address, (uint64_t)(uintptr_t)&local);
	atomic_store(&slot->pid, (int)raw_call(SYS_getpid, 0, 0, 0, 0, 0));
	atomic_store(&slot->tid, (int)raw_call(SYS_gettid, 0, 0, 0, 0, 0));
	atomic_compare_exchange_strong(&slot->phase, &starting, SLOT_ALIVE);
	raw_call(SYS_write, BOARD_FD_REPORTS, (long)&one, sizeof(one), 0, 0);
	work_until_told(&work);
	atomic_store(&slot->phase, SLOT_LEAVING);
	raw_call(SYS_write, BOARD_FD_ORDERS, (long)&one, sizeof(one), 0, 0);
	return 0; /* into exit of this task alone */
}

/* The lowest page is the guard. */
static char *make_stack(void)
{
	char *stack = mmap(NULL, MIX_STACK, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

	if (stack == MAP_FAILED)
		return NULL;
	mprotect(stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE);
	return stack;
}

int worker_mix(struct hand *hand)
{
	uint64_t chosen = atomic_load(&hand->slot->clone_flags);
	bool thread = (chosen & CLONE_THREAD) != 0;
	int flags = (int)chosen | (thread ? CLONE_CHILD_CLEARTID : SIGCHLD);
	char *stack = make_stack();

	if (!stack)
		return ENOMEM;
	hand->stack = stack;
	hand->mixed = true;
	hand->process = !thread;
	atomic_store(&hand->task, 1);
	uint64_t low = (uint64_t)(uintptr_t)stack + (uint64_t)sysconf(_SC_PAGESIZE);

	atomic_store(&hand->slot->stack_low, low);
	atomic_store(&hand->slot->stack_high, (uint64_t)(uintptr_t)stack + MIX_STACK);
	int pid = clone(live_mixed, stack + MIX_STACK, flags, hand, NULL, NULL, &hand->task);
	int error = errno;

	if (pid < 0) {
		munmap(stack, MIX_STACK);
		hand->stack = NULL;
		return error;
	}
	hand->pid = thread ? 0 : pid;
	return 0;
}

void mix_release(struct hand *hand)
{
	while (!hand->process && atomic_load(&hand->task) != 0)
		futex_wait(&hand->task, 1, LOOK_EVERY);
	if (hand->stack)
		munmap(hand->stack, MIX_STACK);
	hand->stack = NULL;
}
