/* SPDX-License-Identifier: MIT
 * Takes an order from a worker's mailbox to the code that carries it out, and its result back to the board.
 */
#include "internal.h"

static obey_order *const orders[ORDERS] = {
	[ORDER_WRITE_X] = obey_write_x,
	[ORDER_WRITE_ARENA] = obey_write_arena,
	[ORDER_WRITE_OWN] = obey_write_own,
	[ORDER_READ_ARENA] = obey_read_arena,
	[ORDER_RECURSE] = obey_recurse,
	[ORDER_WRITE_LOCAL] = obey_write_local,
	[ORDER_WILD_STORE] = obey_wild_store,
	[ORDER_KERNEL_STORE] = obey_kernel_store,
	[ORDER_OPEN] = obey_open,
	[ORDER_READ] = obey_read,
	[ORDER_CLOSE] = obey_close,
	[ORDER_CHDIR] = obey_chdir,
	[ORDER_UMASK] = obey_umask,
	[ORDER_HANDLER] = obey_handler,
	[ORDER_BLOCK] = obey_block,
	[ORDER_SIGNAL_TASK] = obey_signal_task,
	[ORDER_SIGNAL_PROCESS] = obey_signal_process,
	[ORDER_IO_CONTEXT] = obey_io_context,
	[ORDER_SEM_UNDO] = obey_sem_undo,
	[ORDER_BATCH] = obey_batch,
	[ORDER_IDLE] = obey_idle,
	[ORDER_CRASH] = obey_crash,
	[ORDER_OVERFLOW] = obey_overflow,
	[ORDER_EXIT] = obey_exit,
	[ORDER_EXIT_TASK] = obey_exit_task,
	[ORDER_EXEC] = obey_exec,
	[ORDER_FORK] = obey_fork,
	[ORDER_VFORK] = obey_vfork,
	[ORDER_ORPHAN] = obey_orphan,
	[ORDER_MULTIPLY] = obey_multiply,
	[ORDER_PIPELINE] = obey_pipeline,
	[ORDER_STATES] = obey_states,
	[ORDER_DAEMON] = obey_daemon,
	[ORDER_TERMINATE] = obey_terminate,
	[ORDER_USER_SWITCH] = obey_user_switch,
	[ORDER_USER_BLOCK] = obey_user_block,
	[ORDER_USER_CPUS] = obey_user_cpus,
	[ORDER_USER_MANY] = obey_user_many,
	[ORDER_NAMESPACES] = obey_namespaces,
	[ORDER_SUM] = obey_sum,
	[ORDER_SUM_WAITS] = obey_sum_waits,
	[ORDER_SUM_LOCKS] = obey_sum_locks,
	[ORDER_WAIT_WAYS] = obey_wait_ways,
	[ORDER_ROBUST] = obey_robust,
	[ORDER_INVERSION] = obey_inversion,
};

/* What a task without a thread control block of its own may do: no calls that lean on one. */
static const bool safe_when_mixed[ORDERS] = {
	[ORDER_WRITE_X] = true,
	[ORDER_OPEN] = true,
	[ORDER_CHDIR] = true,
	[ORDER_UMASK] = true,
	[ORDER_HANDLER] = true,
	[ORDER_CRASH] = true,
	[ORDER_EXIT_TASK] = true,
};

static int carry_out(struct work *work, int order, int64_t argument, char *said)
{
	if (order < 0 || order >= ORDERS)
		return EINVAL;
	if (atomic_load(&work->slot->mixed) && !safe_when_mixed[order]) {
		set_result(said, "a mixed task cannot: it has no control block of its own");
		return EOPNOTSUPP;
	}
	if (order_table[order].to == ORDER_TO_SIDE)
		return obey_count(work, (enum order)order, argument, said);
	return orders[order] ? orders[order](work, argument, said) : EINVAL;
}

void obey(struct work *work)
{
	struct board_slot *slot = work->slot;
	uint32_t asked = atomic_load(&slot->asked);

	if (asked == atomic_load(&slot->answered))
		return;
	/* Written at once, not before: until then the old text may still be read. */
	char said[BOARD_SAID] = "";
	int error = carry_out(work, atomic_load(&slot->order), atomic_load(&slot->argument), said);

	if (error && !said[0])
		set_result(said, "%s", strerror(error));
	memcpy(slot->said, said, sizeof(slot->said));
	atomic_store(&slot->last_error, error);
	atomic_fetch_add(&slot->orders_done, 1);
	atomic_store(&slot->answered, asked);
	bell_ring(BOARD_FD_REPORTS);
}
