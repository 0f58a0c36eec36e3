/* SPDX-License-Identifier: MIT
 * The crew's own program: taskscope starts it once a side, and the two recognise each other over the board. It links libc
 * and nothing else, so that its memory maps show a program, its libraries, stacks and the board.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "duel.h"
#include "internal.h"
#include "keep.h"

#define STACK_MOST ((rlim_t)8 << 20)

static int usage(void)
{
	fprintf(stderr,
		"taskscope-crew %s is a part of taskscope, which starts it: run taskscope\n",
		TASKSCOPE_VERSION);
	return BOARD_EXIT_USAGE;
}

/* The board behind an inherited descriptor, or NULL if there is none of at least this size. */
static struct board *map_board(int fd, size_t size)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size < (off_t)size)
		return NULL;
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct board *board = p == MAP_FAILED ? NULL : p;

	return board && board->magic == BOARD_MAGIC ? board : NULL;
}

/* Says who we are, and returns whether the other side is the same build. */
static bool shake_hands(struct board *board)
{
	board->crew_layout = BOARD_LAYOUT;
	snprintf(board->crew_version, sizeof(board->crew_version), "%s", TASKSCOPE_VERSION);
	atomic_store(&board->crew_magic, BOARD_MAGIC);
	return board->layout == BOARD_LAYOUT && strcmp(board->version, TASKSCOPE_VERSION) == 0;
}

static void find_stack(struct host *host)
{
	pthread_attr_t attr;
	void *low;
	size_t size;

	struct rlimit limit;

	/* Where nothing bounds the stack, a runaway recursion would eat the machine. */
	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur > STACK_MOST) {
		limit.rlim_cur = STACK_MOST;
		setrlimit(RLIMIT_STACK, &limit);
	}
	if (pthread_getattr_np(pthread_self(), &attr) != 0)
		return;
	if (pthread_attr_getstack(&attr, &low, &size) == 0) {
		host->stack_low = (uint64_t)(uintptr_t)low;
		host->stack_high = host->stack_low + size;
	}
	pthread_attr_destroy(&attr);
}

static int run_host(struct board *board)
{
	struct host *host = calloc(1, sizeof(*host));

	if (!host)
		return BOARD_EXIT_SETUP;
	prctl(PR_SET_NAME, "crew");
	host->board = board;
	host->kind = board->kind == KIND_THREADS ? KIND_THREADS : KIND_PROCESSES;
	host->self = getpid();
	host->parent = getppid();
	find_stack(host);
	atomic_store(&board->stack_low, host->stack_low);
	atomic_store(&board->stack_high, host->stack_high);
	atomic_store(&board->tls, (uint64_t)(uintptr_t)__builtin_thread_pointer());
	atomic_store(&board->fixed_addresses,
		(personality(0xffffffff) & ADDR_NO_RANDOMIZE) != 0 && host->parent > 0);
	int status = host_run(host);

	free(host);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--duel") == 0)
		return duel_host();
	bool keeps = argc == 2 && strcmp(argv[1], "--keep") == 0;

	if (!keeps && (argc != 2 || strcmp(argv[1], "--board") != 0))
		return usage();
	struct board *board =
		map_board(BOARD_FD_BOARD, keeps ? sizeof(struct keep) : sizeof(struct board));

	if (!board)
		return usage();
	bool same = shake_hands(board);

	bell_ring(BOARD_FD_REPORTS);
	if (!same)
		return BOARD_EXIT_MISMATCH;
	close(BOARD_FD_BOARD);
	fcntl(BOARD_FD_ORDERS, F_SETFD, FD_CLOEXEC);
	fcntl(BOARD_FD_REPORTS, F_SETFD, FD_CLOEXEC);
	return keeps ? keeper_run((struct keep *)board) : run_host(board);
}
