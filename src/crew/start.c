/* SPDX-License-Identifier: MIT
 * Begins a crew: a new board, slots for its workers, descriptors for its host, a request.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/* What is left of the crew before. */
static void forget(struct crew *crew)
{
	if (crew->board)
		munmap(crew->board, crew->board_size);
	close_fd(&crew->orders);
	close_fd(&crew->life);
	crew->board = NULL;
}

/* The new board and what the host is handed; the old ones are kept when it fails. */
static int prepare(struct crews *crews, struct crew *crew, struct host_fds *ret_fds)
{
	size_t size = crew->plan.keep ? keep_size(crew->plan.keep) : sizeof(struct board);
	int life, orders;
	struct board *board = host_prepare(crews, BOARD_NAME, size, ret_fds, &life, &orders);

	if (!board)
		return -errno;
	forget(crew);
	crew->board = board;
	crew->board_size = size;
	crew->life = life;
	crew->orders = orders;
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
