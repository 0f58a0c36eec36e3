/* SPDX-License-Identifier: MIT
 * Begins a crew: a new board, slots for its workers, descriptors for its host, a request.
 */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

static struct board *make_board(size_t size, int *ret_fd)
{
	int fd = memfd_create(BOARD_NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return NULL;
	if (ftruncate(fd, (off_t)size) == 0) {
		/* Its size is fixed: nobody can make us fault on it. */
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
		void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		if (p != MAP_FAILED) {
			*ret_fd = fd;
			return p;
		}
	}
	int error = errno;

	close(fd);
	errno = error;
	return NULL;
}

/* What is left of the crew before. */
static void forget(struct crew *crew)
{
	if (crew->board)
		munmap(crew->board, crew->board_size);
	if (crew->orders >= 0)
		close(crew->orders);
	if (crew->life >= 0)
		close(crew->life);
	crew->board = NULL;
	crew->orders = crew->life = -1;
}

/* The new board and what the host is handed; the old ones are kept when it fails. */
static int prepare(struct crews *crews, struct crew *crew, struct host_fds *ret_fds)
{
	struct host_fds fds = { { -1, -1, -1, -1 } };
	int life[2], bell = dup(crews->bell), orders = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	fds.fd[1] = orders < 0 ? -1 : dup(orders);
	size_t size = crew->plan.keep ? keep_size(crew->plan.keep) : sizeof(struct board);
	struct board *board = make_board(size, &fds.fd[0]);

	if (!board || bell < 0 || fds.fd[1] < 0 || pipe2(life, O_CLOEXEC) != 0) {
		int error = errno;

		host_fds_close(&fds);
		if (board)
			munmap(board, size);
		if (bell >= 0)
			close(bell);
		if (orders >= 0)
			close(orders);
		return -error;
	}
	forget(crew);
	crew->board = board;
	crew->board_size = size;
	crew->orders = orders;
	crew->life = life[1];
	fds.fd[2] = bell;
	fds.fd[3] = life[0];
	*ret_fds = fds;
	return 0;
}

static void write_head(struct board *board, const struct crew_plan *plan)
{
	board->arena_mb = plan->arena_mb == 0 ? CREW_ARENA_MB : MAX(plan->arena_mb, 0);
	board->quick = plan->quick;
	board->stacks = plan->stacks;
	board->magic = BOARD_MAGIC;
	board->layout = BOARD_LAYOUT;
	snprintf(board->version, sizeof(board->version), "%s", TASKSCOPE_VERSION);
	board->kind = (int32_t)plan->kind;
}

/* The first slots, in order: what is a thread of a worker process stands behind it. */
static void take_slots(struct crews *crews, struct crew *crew)
{
	for (int i = 0, team = crew->plan.team; i < crew->plan.workers; i++) {
		struct board_slot *slot = &crew->board->slots[crew_take_slot(crews, crew)];

		if (team > 1 && i % team == 0)
			atomic_store(&slot->team, (uint32_t)team);
		else if (team > 1)
			atomic_store(&slot->leader, (uint32_t)(1 + i - i % team));
		atomic_store(&slot->phase, SLOT_WANTED);
	}
}

int crew_start(struct crews *crews, enum side side, const struct crew_plan *plan)
{
	struct crew *crew = &crews->crew[side];
	struct host_fds fds;

	if (plan->workers < 0 || plan->workers > crew_limit(plan->kind) || plan->job < 0 ||
		plan->job > JOBS || plan->team < 0 || (plan->team && plan->workers % plan->team) ||
		plan->arena_mb < -1 || plan->arena_mb > CREW_ARENA_MB_MAX)
		return -EINVAL;
	if (crew->state == CREW_STARTING)
		return -EBUSY;
	crew->plan = *plan;
	if (!crews->worker_path[0]) {
		crew_fail(crew);
		crew_say(crew, "%s", crews->worker_why);
		return 0;
	}
	int error = prepare(crews, crew, &fds);

	if (error)
		return error;
	write_head(crew->board, plan);
	if (plan->keep)
		keep_write(crew->board, plan->keep);
	crew->cpu = plan->cpu;
	crew->job = plan->job;
	crew->wanted = plan->workers;
	crew->fresh = 0;
	take_slots(crews, crew);
	crew->host = crew->wait_status = 0;
	crew->culprit = WORKER_NONE;
	crew->killed = WORKER_NONE;
	crew->stopping = false;
	crew->going = crew->mixes = false;
	crew->note[0] = '\0';
	atomic_store(&crews->life->side[side].held, 0);
	crew->state = CREW_STARTING;
	crew->started = crew->progress_at = nsec_monotonic();
	crew->look_at = crew->started + HELLO_LOOK;
	crew->cpu_used = 0;
	struct request request = {
		.verb = REQUEST_START,
		.side = (int32_t)side,
		.generation = ++crew->generation,
		.keeps = plan->keep != NULL,
	};

	error = request_send(crews->socket, &request, &fds);
	host_fds_close(&fds);
	if (error) {
		crew_fail(crew);
		crew_say(crew, "the supervisor does not answer: %s", strerror(-error));
	}
	crews_set_timer(crews);
	return error;
}
