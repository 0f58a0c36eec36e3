/* SPDX-License-Identifier: MIT
 * Carries out the order multiply: fork in a row, or pthread_create; and makes the processes of all such orders, each bound
 * to who made it, and to an alarm.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

#define LEVEL_NS (300 * NSEC_PER_MSEC) /* for viewers, between two calls of the row */

/* --- what all of them need --- */

pid_t fork_bound(void)
{
	pid_t self = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIVES_FOR);
	if (getppid() != self)
		_exit(1);
	return 0;
}

void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void *share_memory(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

void nap(nsec duration)
{
	struct timespec t = to_timespec(duration);

	nanosleep(&t, NULL);
}

char process_state(pid_t pid, pid_t *ret_parent)
{
	char text[256], state = '?';
	int parent = 0;

	proc_read(text, sizeof(text), "/proc/%d/stat", pid);
	const char *after = strrchr(text, ')'); /* its name can hold anything */

	if (!after || sscanf(after + 1, " %c %d", &state, &parent) != 2)
		state = '?';
	if (ret_parent)
		*ret_parent = parent;
	return state;
}

/* --- fork in a row --- */

#define ROW_MOST 4
#define TREE_MOST (1 << ROW_MOST)

struct tree {
	_Atomic uint32_t row; /* a futex: how many of the calls may be made */
	_Atomic uint32_t members;
	_Atomic int32_t member[TREE_MOST];
};

static void join_tree(struct tree *tree)
{
	uint32_t place = atomic_fetch_add(&tree->members, 1);

	if (place < TREE_MOST)
		atomic_store(&tree->member[place], getpid());
}

static void await_row(struct tree *tree, uint32_t row)
{
	for (uint32_t seen; (seen = atomic_load(&tree->row)) < row;)
		futex_wait(&tree->row, seen, LOOK_EVERY);
}

/* What every process of the tree does: one that is new goes on behind the call that made it. */
static void call_in_a_row(struct tree *tree, int made, int calls)
{
	/* code: multiply processes */
	for (int i = made; i < calls; i++) {
		await_row(tree, (uint32_t)i + 1);
		if (fork_bound() == 0)
			join_tree(tree);
	}
	/* end of code */
	await_row(tree, (uint32_t)calls + 1);
	_exit(0);
}

/* Those whose parent, as the kernel says, is of the tree, and its root. */
static int count_tree(struct tree *tree)
{
	int n = 1;
	pid_t parent;

	for (unsigned i = 1; i < TREE_MOST; i++) {
		pid_t pid = atomic_load(&tree->member[i]);
		bool found = false;

		if (pid == 0 || process_state(pid, &parent) == '?')
			continue;
		for (unsigned k = 0; k < TREE_MOST; k++)
			found |= parent == atomic_load(&tree->member[k]);
		n += found;
	}
	return n;
}

static void let_row(struct tree *tree, uint32_t row)
{
	atomic_store(&tree->row, row);
	futex_wake(&tree->row, TREE_MOST);
}

/* The root's part of one row; how many tasks there are then. */
static int grow_by_fork(struct tree *tree, int row, int calls)
{
	nsec until = crew_now() + COMES_SOON;

	let_row(tree, (uint32_t)row + 1);
	pid_t pid = fork_bound();

	if (pid == 0) {
		join_tree(tree);
		call_in_a_row(tree, row + 1, calls);
	}
	while (pid > 0 && atomic_load(&tree->members) < 2u << row && crew_now() < until)
		nap(NSEC_PER_MSEC);
	return count_tree(tree);
}

struct row_thread {
	pthread_t thread;
	struct tree *tree;
	uint32_t until;
};

static void *wait_in_row(void *arg)
{
	const struct row_thread *me = arg;

	await_row(me->tree, me->until);
	return NULL;
}

/* code: multiply threads */
static int grow_by_thread(struct row_thread *thread, int before)
{
	return pthread_create(&thread->thread, NULL, wait_in_row, thread) == 0 ? before + 1
									       : before;
}
/* end of code */

int obey_multiply(struct work *work, int64_t argument, char *said)
{
	bool processes = work->hand->host->kind == KIND_PROCESSES;
	int calls = (int)argument, n[ROW_MOST] = { 0 };
	struct row_thread threads[ROW_MOST];
	struct tree *tree = share_memory(sizeof(*tree));
	char *at = said;

	work->leave = true;
	if (!tree)
		return ENOMEM;
	join_tree(tree);
	for (int row = 0; row < calls; row++) {
		threads[row] = (struct row_thread) { .tree = tree, .until = (uint32_t)calls + 1 };
		n[row] = processes ? grow_by_fork(tree, row, calls)
				   : grow_by_thread(&threads[row], row ? n[row - 1] : 1);
		nap(LEVEL_NS);
	}
	let_row(tree, (uint32_t)calls + 1);
	for (int row = 0; row < calls; row++)
		if (!processes && n[row] > (row ? n[row - 1] : 1))
			pthread_join(threads[row].thread, NULL);
	while (processes && wait(NULL) > 0)
		;
	munmap(tree, sizeof(*tree));
	at += snprintf(
		at, BOARD_SAID, "%s() %d times: 1", processes ? "fork" : "pthread_create", calls);
	for (int row = 0; row < calls; row++)
		at += snprintf(at, (size_t)(said + BOARD_SAID - at), ", %d", n[row]);
	snprintf(at, (size_t)(said + BOARD_SAID - at), " tasks");
	return 0;
}
