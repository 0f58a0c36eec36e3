/* SPDX-License-Identifier: MIT
 * A recording as a file being read: line by line in bounded memory, however long the file is; what a crash cut off at
 * its end is told from what is wrong in its middle. It counts the lines.
 */
#include "internal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES 65536

struct recording {
	int fd;
	struct machine_info card;
	int form;
	struct buf input; /* what was read of the file, from `start` on not yet used */
	size_t start;
	bool at_end; /* of the file: input is all that is left */
	size_t line; /* number of the last line taken, from 1 */
	size_t samples;
	struct sample now, next; /* the last sample given, and the one being read */
	struct switch_fold *fold; /* of a recording that holds each record of a switch */
	int error; /* 0, or what every call returns */
	char why[200];
};

static int explain(char *why, size_t why_size, int error, const char *text)
{
	if (why)
		snprintf(why, why_size, "%s", text);
	return error;
}

/* Reads on; what was used is dropped first, so that the memory holds one line and one reading. */
static int fill(struct recording *recording)
{
	char bytes[READ_BYTES];
	struct buf *input = &recording->input;
	ssize_t n;

	if (recording->start > 0) {
		memmove(input->text, input->text + recording->start, input->len - recording->start);
		input->len -= recording->start;
		recording->start = 0;
	}
	do
		n = read(recording->fd, bytes, sizeof(bytes));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (n == 0)
		recording->at_end = true;
	else
		buf_add(input, bytes, (size_t)n);
	return 0;
}

struct line {
	const char *text;
	size_t len;
	bool whole; /* it ended with a newline */
};

/* The next line without its newline; good until the next call. -ENODATA: there is none; -EFBIG: longer than a line may
 * be; or of read. */
static int take_line(struct recording *recording, struct line *ret)
{
	size_t seen = 0, left;
	const char *text, *newline;
	int rc;

	for (;;) {
		text = recording->input.text + recording->start;
		left = recording->input.len - recording->start;
		newline = left > seen ? memchr(text + seen, '\n', left - seen) : NULL;
		if (newline || recording->at_end)
			break;
		if (left > RECORDING_LINE_MAX) {
			recording->line++;
			return -EFBIG;
		}
		seen = left;
		rc = fill(recording);
		if (rc < 0)
			return rc;
	}
	if (left == 0)
		return -ENODATA;
	ret->text = text;
	ret->len = newline ? (size_t)(newline - text) : left;
	ret->whole = newline != NULL;
	recording->start += ret->len + ret->whole;
	recording->line++;
	return ret->len > RECORDING_LINE_MAX ? -EFBIG : 0;
}

static int read_header(struct recording *recording, char *why, size_t why_size)
{
	struct line line;
	int rc = take_line(recording, &line);

	if (rc == -ENODATA)
		return explain(why, why_size, -EINVAL, "empty");
	if (rc == -EFBIG)
		return explain(why, why_size, -EINVAL, "not a recording of taskscope");
	if (rc < 0)
		return explain(why, why_size, rc, strerror(-rc));
	rc = recording_get_header(line.text, line.len, &recording->card, why, why_size);
	recording->form = rc;
	return MIN(rc, 0);
}

int recording_open(const char *path, struct recording **ret, char *why, size_t why_size)
{
	/* O_NONBLOCK: opening a pipe that nobody writes must not hang. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
	struct recording *recording;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		rc = -errno;
		close_fd(&fd);
		return explain(why, why_size, rc, strerror(-rc));
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return explain(why, why_size, -EINVAL, "not a regular file");
	}
	recording = xcalloc(1, sizeof(*recording));
	recording->fd = fd;
	recording->fold = switch_fold_create();
	buf_adds(&recording->input, ""); /* empty, but there: take_line points into it */
	sample_clear(&recording->now);
	rc = read_header(recording, why, why_size);
	if (rc < 0) {
		recording_close(recording);
		return rc;
	}
	*ret = recording;
	return 0;
}

const struct machine_info *recording_machine(const struct recording *recording)
{
	return &recording->card;
}

/* Ends the reading for good, with a reason that names the line. */
static int break_off(struct recording *recording, int error, const char *what)
{
	recording->error = error;
	snprintf(recording->why, sizeof(recording->why), "line %zu: %s", recording->line, what);
	return error;
}

/* The next line that is not blank, into recording->next. */
static int read_sample(struct recording *recording, bool *ret_cut)
{
	struct line line;
	char what[160] = "";
	int rc;

	do {
		rc = take_line(recording, &line);
	} while (rc == 0 && line.len == 0);
	if (rc == -ENODATA)
		return rc;
	if (rc == -EFBIG)
		return break_off(recording, -EINVAL, "longer than 8 MiB");
	if (rc < 0)
		return break_off(recording, rc, strerror(-rc));
	rc = get_sample_after(line.text, line.len, recording->form, &recording->now,
		&recording->next, what, sizeof(what));
	if (rc == -EBADMSG && !line.whole) {
		*ret_cut = true;
		return -ENODATA;
	}
	if (rc < 0)
		return break_off(recording, -EINVAL, what);
	if (recording->samples > 0 && recording->next.at_ns < recording->now.at_ns)
		return break_off(recording, -EINVAL, "its time is before that of the line above");
	if (recording->samples == RECORDING_SAMPLES_MAX)
		return break_off(recording, -EINVAL, "more samples than a recording may have");
	if (recording->next.switches_seen < 0)
		switch_fold_sample(recording->fold, &recording->next);
	return 0;
}

int recording_next(
	struct recording *recording, struct sample *ret, bool *ret_cut, char *why, size_t why_size)
{
	bool cut = false;
	int rc = recording->error;

	if (rc == 0)
		rc = read_sample(recording, &cut);
	if (rc == -ENODATA && ret_cut)
		*ret_cut = cut;
	if (rc < 0)
		return explain(why, why_size, rc, rc == -ENODATA ? "" : recording->why);
	struct sample given = recording->now;
	recording->now = recording->next;
	recording->next = given;
	recording->samples++;
	sample_copy(ret, &recording->now);
	return 0;
}

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	close(recording->fd);
	buf_finish(&recording->input);
	sample_finish(&recording->now);
	sample_finish(&recording->next);
	switch_fold_destroy(recording->fold);
	free(recording);
}
