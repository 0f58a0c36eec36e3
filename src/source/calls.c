/* SPDX-License-Identifier: MIT
 * Reads which system call each task waits in, and of a futex call where and how (task/TID/syscall). It is a read of the
 * task's saved registers: nobody is stopped, woken or slowed.
 */
#include <linux/futex.h>
#include <sys/syscall.h>

#include "reader.h"

/* The calls that tasks wait in. A number of which no name stands here is shown as a number. */
static const struct {
	long number;
	const char *name;
} calls[] = {
	{ SYS_futex, "futex" },
	{ SYS_read, "read" },
	{ SYS_readv, "readv" },
	{ SYS_write, "write" },
	{ SYS_nanosleep, "nanosleep" },
	{ SYS_clock_nanosleep, "clock_nanosleep" },
	{ SYS_ppoll, "ppoll" },
	{ SYS_pselect6, "pselect6" },
	{ SYS_epoll_pwait, "epoll_pwait" },
	{ SYS_wait4, "wait4" },
	{ SYS_waitid, "waitid" },
	{ SYS_recvfrom, "recvfrom" },
	{ SYS_recvmsg, "recvmsg" },
	{ SYS_sendto, "sendto" },
	{ SYS_accept, "accept" },
	{ SYS_accept4, "accept4" },
	{ SYS_connect, "connect" },
	{ SYS_rt_sigtimedwait, "rt_sigtimedwait" },
	{ SYS_rt_sigsuspend, "rt_sigsuspend" },
	{ SYS_mq_timedreceive, "mq_timedreceive" },
	{ SYS_mq_timedsend, "mq_timedsend" },
	{ SYS_msgrcv, "msgrcv" },
	{ SYS_semtimedop, "semtimedop" },
	{ SYS_flock, "flock" },
	{ SYS_fcntl, "fcntl" },
	{ SYS_ioctl, "ioctl" },
	{ SYS_restart_syscall, "restart_syscall" },
#ifdef SYS_poll /* the older forms, which newer machines never had */
	{ SYS_poll, "poll" },
	{ SYS_select, "select" },
	{ SYS_epoll_wait, "epoll_wait" },
	{ SYS_pause, "pause" },
#endif
};

static const char *const operations[] = {
	[FUTEX_WAIT] = "wait",
	[FUTEX_LOCK_PI] = "lock, inherits priority",
	[FUTEX_WAIT_BITSET] = "wait",
	[FUTEX_WAIT_REQUEUE_PI] = "wait, then lock",
	[FUTEX_LOCK_PI2] = "lock, inherits priority",
};

static void set_name(struct call_sample *row)
{
	snprintf(row->call, sizeof(row->call), "call %d", row->number);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (calls[i].number == row->number)
			snprintf(row->call, sizeof(row->call), "%s", calls[i].name);
}

static void set_futex(const struct syscall_fields *fields, struct call_sample *row)
{
	const unsigned flags = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME;
	const unsigned operation = (unsigned)fields->argument[1], way = operation & ~flags;

	row->futex = fields->argument[0];
	snprintf(row->operation, sizeof(row->operation), "%s%s",
		operation & FUTEX_PRIVATE_FLAG ? "private " : "shared ",
		way < ARRAY_LEN(operations) && operations[way] ? operations[way] : "other");
}

static void read_call(struct evidence_reader *reader, const struct reader_task *task, nsec now,
	struct sample *into)
{
	const ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_SYSCALL);
	struct syscall_fields fields;

	if (len < 0)
		reader_refused(task, "syscall", (int)-len, into);
	if (len <= 0 || parse_syscall(reader->fs->text, (size_t)len, &fields) < 0)
		return;
	struct call_sample *row = record_push(&call_record, into);
	READER_ROW(row, task);
	row->at_ns = now;
	row->number = fields.number;
	if (row->number < 0)
		return;
	set_name(row);
	if (row->number == SYS_futex)
		set_futex(&fields, row);
}

static void calls_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *into)
{
	const struct reader_task *task;

	vec_each (task, &reader->tasks)
		if (!reader_is_ended(task))
			read_call(reader, task, now, into);
}

const struct task_reader reader_calls = { &call_record, calls_read };
