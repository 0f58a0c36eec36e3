/* SPDX-License-Identifier: MIT
 * Brings an order of order_table to a worker: writes it to its mailbox on the board, and tells its host to wake it.
 * Orders that a confined worker cannot do, and tasks of mixed flags, get a fresh worker.
 */

#include "internal.h"

static bool is_free(const struct board_slot *slot)
{
	return atomic_load(&slot->asked) == atomic_load(&slot->answered);
}

static void post(struct board_slot *slot, enum order order, int64_t argument)
{
	atomic_store(&slot->order, (int32_t)order);
	atomic_store(&slot->argument, argument);
	atomic_fetch_add(&slot->asked, 1);
}

/* Whether a slot is meant by an order. Who is told to leave does not take part any more. */
static bool is_meant(const struct crew *crew, int index, int worker, bool side)
{
	const struct board_slot *slot = &crew->board->slots[index];

	if (atomic_load(&slot->phase) != SLOT_ALIVE || (atomic_load(&slot->command) & SLOT_QUIT))
		return false;
	if (side)
		return !atomic_load(&slot->mixed) && !atomic_load(&slot->unconfined);
	return worker == CREW_ALL || worker == index;
}

static void open_meeting(
	struct board_meeting_place *place, enum order order, int expected, int64_t argument)
{
	atomic_store(&place->state, MEETING_OPEN);
	atomic_store(&place->expected, (uint32_t)expected);
	atomic_store(&place->arrived, 0);
	atomic_store(&place->finished, 0);
	atomic_store(&place->done, 0);
	atomic_store(&place->got, 0);
	atomic_store(&place->wanted, expected * argument);
	atomic_store(&place->order, (int32_t)order);
}

/* All or none: a busy one refuses the order for all. */
static int ask_workers(struct crew *crew, int worker, enum order order, int64_t argument)
{
	bool side = order_table[order].to == ORDER_TO_SIDE;
	int meant = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		if (!is_meant(crew, i, worker, side))
			continue;
		if (!is_free(&crew->board->slots[i]))
			return -EBUSY;
		meant++;
	}
	if (!meant)
		return -ESRCH;
	if (side)
		open_meeting(&crew->board->meeting, order, meant, argument);
	for (int i = 0; i < BOARD_SLOTS; i++)
		if (is_meant(crew, i, worker, side))
			post(&crew->board->slots[i], order, argument);
	/* Were there no room for it, they would find the order by themselves, a little later. */
	crew_send(crew, BOARD_KICK, side ? CREW_ALL : worker, (int)order);
	return 0;
}

static int ask_fresh_worker(
	const struct crews *crews, struct crew *crew, enum order order, int64_t argument)
{
	int index = crew_take_fresh(crews, crew);

	if (index < 0)
		return index;
	struct board_slot *slot = &crew->board->slots[index];

	atomic_store(&slot->job, JOB_SLEEP);
	atomic_store(&slot->doing, JOB_SLEEP);
	atomic_store(&slot->unconfined, 1);
	post(slot, order, argument);
	return crew_start_slot(crew, index);
}

static int check_argument(const struct order_info *info, int64_t *argument)
{
	if (*argument == 0)
		*argument = info->standard;
	return *argument < info->min || *argument > info->max ? -EINVAL : 0;
}

int crew_order(struct crews *crews, enum side side, int worker, enum order order, int64_t argument)
{
	struct crew *crew = &crews->crew[side];

	if (order <= ORDER_NONE || order >= ORDERS)
		return -EINVAL;
	const struct order_info *info = &order_table[order];
	int error = check_argument(info, &argument);

	if (!error && info->to != ORDER_TO_WORKER && worker == WORKER_HOST)
		worker = CREW_ALL;
	if (!error)
		error = crew_check_worker(crew, info->to == ORDER_TO_SIDE ? CREW_ALL : worker);
	if (error)
		return error;
	if (atomic_load(&crew->board->leaderless))
		return -EHOSTDOWN;
	if (info->to == ORDER_TO_HOST)
		return crew->plan.kind == KIND_THREADS
			       ? crew_send(crew, BOARD_LEAVE_MAIN, CREW_ALL, 0)
			       : -EOPNOTSUPP;
	return info->unconfined ? ask_fresh_worker(crews, crew, order, argument)
				: ask_workers(crew, worker, order, argument);
}

/* --- the mixer --- */

#define MIX_FLAGS                                                                                  \
	((uint64_t)(CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD |             \
		    CLONE_SYSVSEM | CLONE_IO))

const char *crew_clone_refusal(uint64_t flags)
{
	if (flags & ~MIX_FLAGS)
		return "only VM, FILES, FS, SIGHAND, THREAD, SYSVSEM and IO can be mixed";
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return "CLONE_THREAD needs CLONE_SIGHAND: threads of a process have the same "
		       "handlers";
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return "CLONE_SIGHAND needs CLONE_VM: a handler is an address";
	return NULL;
}

static int start_clone(struct crew *crew, int index, uint64_t flags)
{
	struct board_slot *slot = &crew->board->slots[index];

	atomic_store(&slot->job, JOB_SLEEP);
	atomic_store(&slot->doing, JOB_SLEEP);
	atomic_store(&slot->clone_flags, flags);
	atomic_store(&slot->mixed, 1);
	crew->mixes = true;
	crew->wanted++;
	return crew_start_slot(crew, index);
}

int crew_clone(struct crews *crews, enum side side, uint64_t flags)
{
	struct crew *crew = &crews->crew[side];
	int index = crew_clone_refusal(flags) ? -EINVAL : crew_take_fresh(crews, crew);

	return index < 0 ? index : start_clone(crew, index, flags);
}

int crew_clone_in_place(struct crews *crews, enum side side, int worker, uint64_t flags)
{
	struct crew *crew = &crews->crew[side];
	int error = crew_clone_refusal(flags) ? -EINVAL : crew_check_fresh(crew);

	if (!error && (worker < 0 || (unsigned)worker >= crew->fresh))
		error = -ESRCH;
	if (!error && slot_lives(&crew->board->slots[worker]))
		error = -EBUSY;
	if (error)
		return error;
	crew_clear_slot(crews, crew, worker);
	return start_clone(crew, worker, flags);
}
