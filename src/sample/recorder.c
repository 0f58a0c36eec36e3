/* SPDX-License-Identifier: MIT
 * A recording as a file being written: FILE.part until it is whole, never through a link, never over another file, and
 * loud about a full disk. It alone knows when a slow lane need not be written again.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct recorder {
	char *path, *part;
	bool force;
	int fd;
	int error; /* 0, or the -errno that ended it */
	int64_t bytes, limit;
	struct buf line;
	struct sample before; /* as last written, for its slow lane */
};

/* Whether FILE may be made: only ever a new name, or, with force, in place of a regular file. */
static int check_target(const char *path, bool force)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!force)
		return -EEXIST;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

/* Writes all of it, or nothing: what a failed write left is cut off again, so that the file ends with a whole line. */
static int write_line(struct recorder *recorder)
{
	const char *at = recorder->line.text;
	size_t left = recorder->line.len;
	ssize_t n;

	if (recorder->bytes + (int64_t)left > recorder->limit)
		return -EFBIG;
	while (left > 0) {
		n = write(recorder->fd, at, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int rc = n < 0 ? -errno : -EIO;

			if (ftruncate(recorder->fd, recorder->bytes) < 0)
				return rc; /* a cut last line: a reader knows what that is */
			return rc;
		}
		at += n;
		left -= (size_t)n;
	}
	recorder->bytes += (int64_t)recorder->line.len;
	return 0;
}

int recorder_create(
	const char *path, bool force, const struct machine_card *card, struct recorder **ret)
{
	struct recorder *recorder;
	int rc = check_target(path, force);

	if (rc < 0)
		return rc;
	recorder = xcalloc(1, sizeof(*recorder));
	recorder->path = xstrdup(path);
	recorder->part = xasprintf("%s.part", path);
	recorder->force = force;
	recorder->limit = RECORDING_BYTES_MAX;
	sample_clear(&recorder->before);
	rc = check_target(recorder->part, force);
	if (rc == 0 && force && unlink(recorder->part) < 0 && errno != ENOENT)
		rc = -errno;
	recorder->fd = -1;
	if (rc == 0) {
		recorder->fd = open(
			recorder->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		rc = recorder->fd < 0 ? -errno : 0;
	}
	if (rc == 0) {
		recording_put_header(&recorder->line, card);
		rc = write_line(recorder);
		if (rc < 0)
			unlink(recorder->part);
	}
	if (rc < 0) {
		recorder_destroy(recorder);
		return rc;
	}
	*ret = recorder;
	return 0;
}

void recorder_set_limit(struct recorder *recorder, int64_t bytes)
{
	recorder->limit = bytes;
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
	recorder->error = recorder->line.len > RECORDING_LINE_MAX ? -EFBIG : write_line(recorder);
	return recorder->error;
}

/* FILE.part becomes FILE, but never in place of a file that came to be meanwhile, unless force. */
static int publish(const struct recorder *recorder)
{
	if (recorder->force)
		return rename(recorder->part, recorder->path) < 0 ? -errno : 0;
	if (renameat2(AT_FDCWD, recorder->part, AT_FDCWD, recorder->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	/* A file system that cannot: a second name refuses an existing one too. */
	if (link(recorder->part, recorder->path) < 0)
		return -errno;
	return unlink(recorder->part) < 0 ? -errno : 0;
}

int recorder_close(struct recorder *recorder)
{
	int rc;

	if (!recorder)
		return 0;
	rc = recorder->error;
	/* Some file systems tell of a full disk only now. */
	if (rc == 0 && fdatasync(recorder->fd) < 0 && errno != EINVAL && errno != EROFS)
		rc = -errno;
	if (close(recorder->fd) < 0 && rc == 0 && errno != EINTR)
		rc = -errno;
	recorder->fd = -1;
	if (rc == 0)
		rc = publish(recorder);
	recorder_destroy(recorder);
	return rc;
}

void recorder_destroy(struct recorder *recorder)
{
	if (!recorder)
		return;
	if (recorder->fd >= 0)
		close(recorder->fd);
	buf_finish(&recorder->line);
	sample_finish(&recorder->before);
	free(recorder->path);
	free(recorder->part);
	free(recorder);
}
