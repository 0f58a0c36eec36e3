/* SPDX-License-Identifier: MIT
 * Describes the record of a worker, as its own crew reports it.
 */
#include "table.h"

static const char *const phase_words[] = { [WORKER_STARTING] = "starting",
	[WORKER_ALIVE] = "alive",
	[WORKER_ENDED] = "ended",
	[WORKER_UNREAPED] = "unreaped" };
static const char *const order_state_words[] = { [ORDER_STATE_NONE] = "none",
	[ORDER_STATE_UNDER_WAY] = "under way",
	[ORDER_STATE_DONE] = "done",
	[ORDER_STATE_FAILED] = "failed" };

/* clang-format off */
static const struct field worker_fields[] = {
	FIELD(worker_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED),
	FIELD_AS("worker", worker_sample, index, .min = 0, .max = 1023, .role = ROLE_WORKER,
		.flags = FIELD_REQUIRED, .form1 = "index"),
	FIELD(worker_sample, phase, WORDS(phase_words), .flags = FIELD_REQUIRED),
	FIELD_AS("pinned_cpu", worker_sample, cpu, RANGE_SMALL, .form1 = "cpu"),
	FIELD(worker_sample, placed_cpu, RANGE_SMALL),
	FIELD(worker_sample, pid, RANGE_PLAIN, .role = ROLE_PID),
	FIELD(worker_sample, tid, RANGE_PLAIN, .role = ROLE_TID),
	FIELD(worker_sample, job, RANGE_NONE),
	FIELD(worker_sample, rounds, RANGE_COUNT),
	FIELD(worker_sample, stacks, .min = 0, .max = 1024,
		FACT("", FROM_BOARD, "stacks", AS_READ,
			"User-level stacks of the task (coroutines, goroutines, green threads): the "
			"kernel knows none of them.")),
	FIELD(worker_sample, user_switches, RANGE_COUNT,
		FACT("", FROM_BOARD, "user_switches", AS_READ,
			"Counted by the worker itself: switches between its user-level stacks, which the "
			"kernel neither makes nor counts.")),
	FIELD(worker_sample, wait_status, RANGE_INT32),
	FIELD(worker_sample, fault_signal, .min = 0, .max = 64),
	FIELD(worker_sample, fault_address, RANGE_NONE),
	FIELD(worker_sample, stack_low, RANGE_NONE),
	FIELD(worker_sample, stack_high, RANGE_NONE),
	FIELD(worker_sample, tls, RANGE_NONE),
	FIELD(worker_sample, clone_flags, .flags = FIELD_CLONE, .quality = QUALITY_BY_CONSTRUCTION,
		FACT("", FROM_BOARD, "clone_flags", "flags of clone(2); 0: fork",
			"By construction: what its crew asked the kernel for.")),
	FIELD(worker_sample, x_address, RANGE_NONE),
	FIELD(worker_sample, local_address, RANGE_NONE),
	FIELD(worker_sample, victim_address, RANGE_NONE),
	FIELD(worker_sample, ended_ns, RANGE_TIME),
	FIELD_AS("order", worker_sample, last_order, .form1 = "last_order", .fact = "last_order",
		FACT("", FROM_BOARD, "last_order", AS_READ,
			"A name of `taskscope list orders`.")),
	FIELD_AS("result", worker_sample, last_result, .form1 = "last_result", .fact = "last_result",
		FACT("", FROM_BOARD, "last_result", AS_READ,
			"What the worker says of its last order; nothing before the first.")),
	FIELD(worker_sample, order_state, WORDS(order_state_words)),
	FIELD(worker_sample, orders_done, RANGE_COUNT,
		FACT("", FROM_BOARD, "orders_done", AS_READ,
			"Counted by the worker itself, when an order is answered.")),
};
/* clang-format on */

const struct record worker_record = {
	.name = "workers", RECORD_PARTS(worker, workers), .limit = 2048, .gaps = { "board" }
};
