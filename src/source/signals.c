/* SPDX-License-Identifier: MIT
 * Reads the signal masks of each task.
 */

#include "reader.h"

static void signals_read(
	struct evidence_reader *reader, const struct sample *crews, nsec now, struct sample *sample)
{
	const struct reader_task *task;

	vec_each (task, &reader->tasks) {
		struct signal_sample *row = record_push(&signal_record, sample);
		ssize_t len = procfs_task_read(reader->fs, task->process, task->task, FILE_STATUS);

		READER_ROW(row, task);
		row->at_ns = now;
		if (len < 0)
			reader_refused(task, "status", (int)-len, sample);
		else if (parse_signals(reader->fs->text, (size_t)len, row) < 0)
			sample_gap(sample, task->pid, "status", ENODATA, "it has no signal masks");
	}
}

const struct task_reader reader_signals = { &signal_record, signals_read };
