/* SPDX-License-Identifier: MIT
 * Writes samples as a recording, line by line, and leaves out a slow lane that did not change.
 */
#include "internal.h"

#include "outfile.h"

struct recorder {
	struct outfile *file;
	int error; /* 0, or the -errno that ended it */
	struct buf line;
	struct sample before; /* as last written, for its slow lane */
};

int recorder_create(
	const char *path, bool force, const struct machine_info *card, struct recorder **ret)
{
	struct outfile *file = NULL;
	struct buf header = { 0 };
	int rc = outfile_create(path, force, RECORDING_BYTES_MAX, &file);

	if (rc < 0)
		return rc;
	recording_put_header(&header, card);
	rc = outfile_add(file, &header);
	buf_finish(&header);
	if (rc < 0) {
		outfile_abandon(file);
		return rc;
	}
	struct recorder *recorder = xcalloc(1, sizeof(*recorder));
	recorder->file = file;
	sample_clear(&recorder->before);
	*ret = recorder;
	return 0;
}

void recorder_set_limit(struct recorder *recorder, int64_t bytes)
{
	outfile_set_limit(recorder->file, bytes);
}

/* A sample whose mappings make its line longer than a reader takes: without them, and with the reason. */
static void put_without_mappings(struct recorder *recorder, const struct sample *sample)
{
	struct sample less = { 0 };

	sample_copy(&less, sample);
	vec_clear(&less.mappings);
	sample_gap(&less, 0, "mappings", EFBIG, "too many for one line of a recording");
	buf_clear(&recorder->line);
	put_sample_after(&recorder->line, &less, &recorder->before);
	sample_copy(&recorder->before, &less);
	sample_finish(&less);
}

int recorder_add(struct recorder *recorder, const struct sample *sample)
{
	if (recorder->error < 0)
		return recorder->error;
	buf_clear(&recorder->line);
	/* The first sample finds an empty one before it, which is what a reader has then. */
	put_sample_after(&recorder->line, sample, &recorder->before);
	if (recorder->line.len > RECORDING_LINE_MAX)
		put_without_mappings(recorder, sample);
	else
		sample_copy(&recorder->before, sample);
	recorder->error = recorder->line.len > RECORDING_LINE_MAX
				  ? -EFBIG
				  : outfile_add(recorder->file, &recorder->line);
	return recorder->error;
}

int recorder_close(struct recorder *recorder)
{
	if (!recorder)
		return 0;
	int rc = recorder->error;
	if (rc == 0) {
		rc = outfile_close(recorder->file);
		recorder->file = NULL;
	}
	recorder_destroy(recorder);
	return rc;
}

void recorder_destroy(struct recorder *recorder)
{
	if (!recorder)
		return;
	outfile_destroy(recorder->file);
	buf_finish(&recorder->line);
	sample_finish(&recorder->before);
	free(recorder);
}
