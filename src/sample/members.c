/* SPDX-License-Identifier: MIT
 * What a record looks like in a recording: name, place, type and range of every member, and the record that knows
 * nothing. A new member of a sample is one line here; the writer and the reader follow.
 */
#include "members.h"

const char *const side_words[SIDES] = { [SIDE_LEFT] = "left", [SIDE_RIGHT] = "right" };
static const char *const kind_words[KINDS] = {
	[KIND_PROCESSES] = "processes", [KIND_THREADS] = "threads"
};
static const char *const phase_words[] = { [WORKER_STARTING] = "starting",
	[WORKER_ALIVE] = "alive",
	[WORKER_ENDED] = "ended",
	[WORKER_UNREAPED] = "unreaped" };
static const char *const order_state_words[] = { [ORDER_STATE_NONE] = "none",
	[ORDER_STATE_UNDER_WAY] = "under way",
	[ORDER_STATE_DONE] = "done",
	[ORDER_STATE_FAILED] = "failed" };
static const char *const state_words[] = { [CREW_OFF] = "off",
	[CREW_STARTING] = "starting",
	[CREW_RUNNING] = "running",
	[CREW_ENDED] = "ended",
	[CREW_FAILED] = "failed" };

/* clang-format off */
static const struct member card_members[] = {
	MEMBER(machine_info, kernel, NO_RANGE),
	MEMBER(machine_info, cpu, NO_RANGE),
	MEMBER(machine_info, cpus, ID),
	MEMBER(machine_info, ticks_per_s, ID),
	MEMBER(machine_info, perf_event_paranoid, ANY),
	MEMBER(machine_info, uid, ANY),
	MEMBER(machine_info, recorded, NO_RANGE),
};

static const struct member crew_members[] = {
	MEMBER(crew_sample, side, WORD(side_words)),
	MEMBER(crew_sample, kind, WORD(kind_words)),
	MEMBER(crew_sample, state, WORD(state_words)),
	MEMBER(crew_sample, cpu, CPU),
	MEMBER(crew_sample, host, ID),
	MEMBER(crew_sample, wanted, ID),
	MEMBER(crew_sample, alive, ID),
	MEMBER(crew_sample, wait_status, ANY),
	MEMBER(crew_sample, culprit, WORKER),
	MEMBER(crew_sample, fixed_addresses, NO_RANGE),
	MEMBER(crew_sample, arena_low, NO_RANGE),
	MEMBER(crew_sample, arena_high, NO_RANGE),
	MEMBER(crew_sample, touch_low, NO_RANGE),
	MEMBER(crew_sample, touch_high, NO_RANGE),
	MEMBER(crew_sample, counter_address, NO_RANGE),
	MEMBER(crew_sample, shared_counter_address, NO_RANGE),
	MEMBER(crew_sample, stack_low, NO_RANGE),
	MEMBER(crew_sample, stack_high, NO_RANGE),
	MEMBER(crew_sample, tls, NO_RANGE),
	MEMBER(crew_sample, file_fd, ID),
	MEMBER(crew_sample, count_order, NO_RANGE),
	MEMBER(crew_sample, count_expected, COUNT),
	MEMBER(crew_sample, count_value, COUNT),
	MEMBER(crew_sample, job, NO_RANGE),
	MEMBER(crew_sample, note, NO_RANGE),
};

static const struct member worker_members[] = {
	MEMBER(worker_sample, side, WORD(side_words)),
	MEMBER(worker_sample, index, .required = true, .min = 0, .max = 1023),
	MEMBER(worker_sample, phase, WORD(phase_words)),
	MEMBER(worker_sample, cpu, CPU),
	MEMBER(worker_sample, pid, ID),
	MEMBER(worker_sample, tid, ID),
	MEMBER(worker_sample, job, NO_RANGE),
	MEMBER(worker_sample, rounds, COUNT),
	MEMBER(worker_sample, wait_status, ANY),
	MEMBER(worker_sample, fault_signal, .min = 0, .max = 64),
	MEMBER(worker_sample, fault_address, NO_RANGE),
	MEMBER(worker_sample, stack_low, NO_RANGE),
	MEMBER(worker_sample, stack_high, NO_RANGE),
	MEMBER(worker_sample, tls, NO_RANGE),
	MEMBER(worker_sample, clone_flags, NO_RANGE),
	MEMBER(worker_sample, x_address, NO_RANGE),
	MEMBER(worker_sample, local_address, NO_RANGE),
	MEMBER(worker_sample, victim_address, NO_RANGE),
	MEMBER(worker_sample, ended_ns, TIME),
	MEMBER(worker_sample, last_order, NO_RANGE),
	MEMBER(worker_sample, last_result, NO_RANGE),
	MEMBER(worker_sample, order_state, .words = order_state_words, .n_words = ARRAY_LEN(order_state_words)),
	MEMBER(worker_sample, orders_done, COUNT),
};

static const struct member task_members[] = {
	MEMBER(task_sample, pid, OWN_ID),
	MEMBER(task_sample, tid, OWN_ID),
	MEMBER(task_sample, start, TIME),
	MEMBER(task_sample, side, WORD(side_words)),
	MEMBER(task_sample, worker, WORKER),
	MEMBER(task_sample, cpu, CPU),
	MEMBER(task_sample, nice, NICE),
	MEMBER(task_sample, state, NO_RANGE),
	MEMBER(task_sample, name, NO_RANGE),
	MEMBER(task_sample, voluntary, COUNT),
	MEMBER(task_sample, involuntary, COUNT),
	MEMBER(task_sample, run_ns, TIME),
	MEMBER(task_sample, wait_ns, TIME),
	MEMBER(task_sample, slices, COUNT),
	MEMBER(task_sample, minor_faults, COUNT),
	MEMBER(task_sample, major_faults, COUNT),
};

static const struct member process_members[] = {
	MEMBER(process_sample, pid, OWN_ID),
	MEMBER(process_sample, ppid, ID),
	MEMBER(process_sample, start, TIME),
	MEMBER(process_sample, side, WORD(side_words)),
	MEMBER(process_sample, worker, WORKER),
	MEMBER(process_sample, state, NO_RANGE),
	MEMBER(process_sample, name, NO_RANGE),
	MEMBER(process_sample, threads, ID),
	MEMBER(process_sample, rss_kb, KB),
	MEMBER(process_sample, pss_kb, KB),
	MEMBER(process_sample, uss_kb, KB),
	MEMBER(process_sample, shared_clean_kb, KB),
	MEMBER(process_sample, shared_dirty_kb, KB),
	MEMBER(process_sample, private_clean_kb, KB),
	MEMBER(process_sample, private_dirty_kb, KB),
	MEMBER(process_sample, swap_kb, KB),
	MEMBER(process_sample, vm_size_kb, KB),
	MEMBER(process_sample, page_tables_kb, KB),
	MEMBER(process_sample, mappings, COUNT),
	MEMBER(process_sample, minor_faults, COUNT),
	MEMBER(process_sample, major_faults, COUNT),
	MEMBER(process_sample, at_ns, TIME),
};

/* A row within the group of its process: pid belongs to the group. */
static const struct member mapping_members[] = {
	MEMBER(mapping_sample, start, .required = true),
	MEMBER(mapping_sample, end, .required = true),
	MEMBER(mapping_sample, perms, NO_RANGE),
	MEMBER(mapping_sample, offset, NO_RANGE),
	MEMBER(mapping_sample, dev_major, MINOR),
	MEMBER(mapping_sample, dev_minor, MINOR),
	MEMBER(mapping_sample, inode, NO_RANGE),
	MEMBER(mapping_sample, path, NO_RANGE),
	MEMBER(mapping_sample, size_kb, KB),
	MEMBER(mapping_sample, rss_kb, KB),
	MEMBER(mapping_sample, pss_kb, KB),
	MEMBER(mapping_sample, shared_clean_kb, KB),
	MEMBER(mapping_sample, shared_dirty_kb, KB),
	MEMBER(mapping_sample, private_clean_kb, KB),
	MEMBER(mapping_sample, private_dirty_kb, KB),
	MEMBER(mapping_sample, referenced_kb, KB),
	MEMBER(mapping_sample, anonymous_kb, KB),
	MEMBER(mapping_sample, anon_huge_kb, KB),
	MEMBER(mapping_sample, swap_kb, KB),
	MEMBER(mapping_sample, at_ns, TIME),
};

static const struct member gap_members[] = {
	MEMBER(gap_sample, pid, ID),
	MEMBER(gap_sample, what, .required = true),
	MEMBER(gap_sample, error, ANY),
	MEMBER(gap_sample, reason, NO_RANGE),
};

static const struct member wait_members[] = {
	MEMBER(wait_sample, pid, OWN_ID),
	MEMBER(wait_sample, tid, OWN_ID),
	MEMBER(wait_sample, side, WORD(side_words)),
	MEMBER(wait_sample, worker, WORKER),
	MEMBER(wait_sample, took_ns, ID),
	MEMBER(wait_sample, waits_in, NO_RANGE),
	MEMBER(wait_sample, at_ns, TIME),
};

static const struct member machine_members[] = {
	MEMBER(machine_sample, cpus, ID),
	MEMBER(machine_sample, load_centi, ID),
	MEMBER(machine_sample, switches, TIME),
	MEMBER(machine_sample, total_kb, KB),
	MEMBER(machine_sample, available_kb, KB),
};

static const struct member observer_members[] = {
	MEMBER(observer_sample, cpu_ns, TIME),
	MEMBER(observer_sample, voluntary, COUNT),
	MEMBER(observer_sample, involuntary, COUNT),
	MEMBER(observer_sample, rss_kb, KB),
	MEMBER(observer_sample, pss_kb, KB),
};
/* clang-format on */

static const struct machine_info card_unknown = {
	.cpus = UNKNOWN,
	.ticks_per_s = UNKNOWN,
	.perf_event_paranoid = -99,
	.uid = UNKNOWN,
};

static const struct crew_sample crew_unknown = {
	.cpu = -1,
	.culprit = WORKER_NONE,
	.file_fd = UNKNOWN,
	.count_expected = UNKNOWN,
	.count_value = UNKNOWN,
};

static const struct worker_sample worker_unknown = {
	.cpu = -1,
	.rounds = UNKNOWN,
	.orders_done = UNKNOWN,
	.ended_ns = UNKNOWN,
};

static const struct gap_sample gap_unknown = { 0 };

const struct task_sample task_unknown = {
	.pid = UNKNOWN,
	.tid = UNKNOWN,
	.start = UNKNOWN,
	.worker = WORKER_NONE,
	.cpu = -1,
	.state = '?',
	.voluntary = UNKNOWN,
	.involuntary = UNKNOWN,
	.run_ns = UNKNOWN,
	.wait_ns = UNKNOWN,
	.slices = UNKNOWN,
	.minor_faults = UNKNOWN,
	.major_faults = UNKNOWN,
};

const struct process_sample process_unknown = {
	.pid = UNKNOWN,
	.ppid = UNKNOWN,
	.start = UNKNOWN,
	.worker = WORKER_NONE,
	.state = '?',
	.threads = UNKNOWN,
	.rss_kb = UNKNOWN,
	.pss_kb = UNKNOWN,
	.uss_kb = UNKNOWN,
	.shared_clean_kb = UNKNOWN,
	.shared_dirty_kb = UNKNOWN,
	.private_clean_kb = UNKNOWN,
	.private_dirty_kb = UNKNOWN,
	.swap_kb = UNKNOWN,
	.vm_size_kb = UNKNOWN,
	.page_tables_kb = UNKNOWN,
	.mappings = UNKNOWN,
	.minor_faults = UNKNOWN,
	.major_faults = UNKNOWN,
	.at_ns = UNKNOWN,
};

const struct mapping_sample mapping_unknown = {
	.pid = UNKNOWN,
	.size_kb = UNKNOWN,
	.rss_kb = UNKNOWN,
	.pss_kb = UNKNOWN,
	.shared_clean_kb = UNKNOWN,
	.shared_dirty_kb = UNKNOWN,
	.private_clean_kb = UNKNOWN,
	.private_dirty_kb = UNKNOWN,
	.referenced_kb = UNKNOWN,
	.anonymous_kb = UNKNOWN,
	.anon_huge_kb = UNKNOWN,
	.swap_kb = UNKNOWN,
	.at_ns = UNKNOWN,
};

const struct wait_sample wait_unknown = { .worker = WORKER_NONE, .took_ns = -1, .at_ns = UNKNOWN };

const struct machine_sample machine_unknown = {
	.cpus = UNKNOWN,
	.load_centi = UNKNOWN,
	.switches = UNKNOWN,
	.total_kb = UNKNOWN,
	.available_kb = UNKNOWN,
};

const struct observer_sample observer_unknown = {
	.cpu_ns = UNKNOWN,
	.voluntary = UNKNOWN,
	.involuntary = UNKNOWN,
	.rss_kb = UNKNOWN,
	.pss_kb = UNKNOWN,
};

RECORD(card, "machine", machine_info, card_unknown, 1);
RECORD(crew, "crews", crew_sample, crew_unknown, SIDES);
RECORD(worker, "workers", worker_sample, worker_unknown, 2048);
RECORD(task, "tasks", task_sample, task_unknown, 20000);
RECORD(process, "processes", process_sample, process_unknown, 20000);
RECORD(mapping, "mappings", mapping_sample, mapping_unknown, 65536);
RECORD(gap, "gaps", gap_sample, gap_unknown, 4096);
RECORD(wait, "waits", wait_sample, wait_unknown, WAITS_MAX);
RECORD(machine, "machine", machine_sample, machine_unknown, 1);
RECORD(observer, "observer", observer_sample, observer_unknown, 1);
