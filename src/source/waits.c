/* SPDX-License-Identifier: MIT
 * What tasks wait in, for the lanes: a look at the wait channel of those that do not run, with the time of the look, so that
 * it can be told later which span it fell into. The kernel walks the sleeper's stack: nobody is stopped, woken or slowed.
 */
#include "reader.h"

ssize_t waits_channel(
	struct evidence_reader *reader, const struct reader_task *task, struct sample *sample)
{
	ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_WCHAN);

	if (len == -ENOENT && reader->fs->real)
		sample_gap(sample, 0, "wchan", ENOENT, "this kernel has no task/TID/wchan");
	else if (len <= 0)
		reader_refused(task, "wchan", len ? (int)-len : ENODATA, sample);
	if (len <= 0)
		return len ? len : -ENODATA;
	/* "0": it runs, or we may not know. */
	return len == 1 && reader->fs->text[0] == '0' ? 0 : len;
}

/* One that runs has no wait channel, and one that has ended none any more. */
static bool may_wait(const struct reader_task *task)
{
	return task->state != 'R' && task->state != 'Z' && task->state != 'X';
}

static void read_wait(
	struct evidence_reader *reader, const struct reader_task *task, struct sample *sample)
{
	const nsec began = nsec_monotonic();
	const ssize_t len = waits_channel(reader, task, sample);

	if (len < 0)
		return;
	struct wait_sample *row = record_push(&wait_record, sample);
	READER_ROW(row, task);
	row->at_ns = began;
	row->took_ns = (int32_t)MIN(nsec_monotonic() - began, (nsec)INT32_MAX);
	sample_text(row->waits_in, reader->fs->text, (size_t)len);
}

/* Of more than fit in one sample everybody gets his turn. */
static void waits_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *sample)
{
	const size_t n = reader->tasks.n;
	size_t i = 0;

	for (; i < n && sample->waits.n < WAITS_MAX; i++) {
		const struct reader_task *task = &reader->tasks.at[(reader->next_wait + i) % n];

		if (may_wait(task))
			read_wait(reader, task, sample);
	}
	reader->next_wait = n ? (reader->next_wait + i) % n : 0;
}

const struct task_reader reader_waits = { &wait_record, waits_read };
