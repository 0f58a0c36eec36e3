/* SPDX-License-Identifier: MIT
 * Where each task is: of one that is blocked task/TID/syscall tells stack pointer and program counter, of one that runs the
 * newest sample of perf_event. Nothing is stopped to look. (stat's kstkesp and kstkeip are dead, and ptrace would stop it.)
 */

#include "reader.h"

#define OLD (2 * NSEC_PER_SEC) /* what is known of a task that runs is not shown after so long */

static void read_wait_channel(struct evidence_reader *reader, const struct reader_task *task,
	struct register_sample *row, struct sample *sample)
{
	ssize_t len = waits_channel(reader, task, sample);

	if (len > 0)
		sample_text(row->waits_in, reader->fs->text, (size_t)len);
}

/* What was seen of it later than `since`, if it was. */
static void show_seen(
	const struct seen *seen, enum register_how how, nsec since, struct register_sample *row)
{
	if (!seen || seen->at == UNKNOWN || seen->at <= since)
		return;
	row->how = (int16_t)how;
	row->sp = seen->sp;
	row->pc = seen->pc;
	row->at_ns = seen->at;
}

/* The newest of two: where it was sampled running, and where it was blocked before. */
static void read_running(struct evidence_reader *reader, const struct reader_task *task,
	struct register_sample *row, struct sample *sample)
{
	const struct seen *blocked = task->task->blocked;
	const nsec old = row->at_ns - OLD;
	struct seen sampled = { .at = UNKNOWN };
	char reason[96];
	int error = perf_read(reader->perf, task->tid, &sampled);

	show_seen(&sampled, REGISTERS_PERF, old, row);
	show_seen(blocked, REGISTERS_EARLIER, MAX(old, sampled.at), row);
	if (!error || error == -EAGAIN || error == -ESRCH)
		return;
	snprintf(reason, sizeof(reason),
		"perf_event is refused (%s): shown is where it last waited", io_reason(error));
	sample_gap(sample, 0, "perf_event", -error, reason);
}

static void read_one(struct evidence_reader *reader, const struct reader_task *task,
	struct register_sample *row, struct sample *sample)
{
	struct syscall_fields call;
	ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_SYSCALL);

	if (len >= 0)
		len = parse_syscall(reader->fs->text, (size_t)len, &call);
	if (len == -ENOENT && reader->fs->real)
		sample_gap(sample, 0, "syscall", ENOENT, "this kernel has no task/TID/syscall");
	else if (len < 0)
		reader_refused(task, "syscall", (int)-len, sample);
	if (len < 0)
		call = (struct syscall_fields) { .running = task->state == 'R', .number = -1 };
	row->syscall = call.number;
	row->sp = call.sp;
	row->pc = call.pc;
	if (call.sp || call.pc) {
		row->how = REGISTERS_SYSCALL;
		if (!task->task->blocked)
			task->task->blocked = xcalloc(1, sizeof(struct seen));
		*task->task->blocked = (struct seen) { call.sp, call.pc, row->at_ns };
	} else if (call.running)
		read_running(reader, task, row, sample);
}

/* What a worker says of itself, and a host of its main thread. */
static void add_report(const struct sample *sample, struct register_sample *row)
{
	const struct worker_sample *worker = reader_report(sample, row->tid);
	const struct crew_sample *crew;

	if (worker) {
		row->tls = worker->tls;
		row->stack_low = worker->stack_low;
		row->stack_high = worker->stack_high;
		return;
	}
	vec_each (crew, &sample->crews) {
		if (crew->host != row->tid)
			continue;
		row->tls = crew->tls;
		row->stack_low = crew->stack_low;
		row->stack_high = crew->stack_high;
	}
}

static void add_stack(const struct evidence_reader *reader, struct register_sample *row)
{
	if (row->sp && row->sp >= row->stack_low && row->sp < row->stack_high)
		row->stack_used_kb = (int64_t)((row->stack_high - row->sp + 1023) / 1024);
	for (size_t i = 0; i < reader->stacks.n; i++)
		if (reader->stacks.at[i].tid == row->tid && reader->stacks.at[i].pid == row->pid)
			row->stack_resident_kb = reader->stacks.at[i].resident_kb;
}

/* The name of the place that pc is in; if it is not known yet, it is asked for. */
static void add_pc_name(struct evidence_reader *reader, struct register_sample *row)
{
	struct pc_name *named = reader->pc_name;

	if (!row->pc)
		return;
	for (; named < reader->pc_name + PC_NAMES_MAX; named++)
		if (named->pid == row->pid && named->pc == row->pc)
			break;
	if (named < reader->pc_name + PC_NAMES_MAX) {
		memcpy(row->where, named->where, sizeof(row->where));
		return;
	}
	reader->pc_name[reader->next_pc++ % PC_NAMES_MAX] =
		(struct pc_name) { .pid = row->pid, .tid = row->tid, .pc = row->pc };
}

static void registers_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *sample)
{
	const struct reader_task *task;

	vec_each (task, &reader->tasks) {
		struct register_sample *row = record_push(&register_record, sample);

		READER_ROW(row, task);
		row->at_ns = now;
		read_one(reader, task, row, sample);
		read_wait_channel(reader, task, row, sample);
		add_report(crews, row);
		add_stack(reader, row);
		add_pc_name(reader, row);
	}
}

const struct task_reader reader_registers = { &register_record, registers_read };
