/* SPDX-License-Identifier: MIT
 * Knows how bytes leave by standard output and into files: a slow reader never holds up the program, a reader that left
 * ends it quietly, a full disk loudly.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

/* A pipe that polls as writable takes this much without blocking (PIPE_BUF). */
#define CHUNK 4096

bool output_waits(const struct output *output)
{
	return !output->error && output->sent < output->buf.len;
}

int output_flush(struct output *output)
{
	while (output_waits(output)) {
		struct pollfd ready = { .fd = STDOUT_FILENO, .events = POLLOUT };
		if (poll(&ready, 1, 0) == 0)
			return -EAGAIN;
		size_t len = MIN(output->buf.len - output->sent, (size_t)CHUNK);
		ssize_t n = write(STDOUT_FILENO, output->buf.text + output->sent, len);
		if (n >= 0)
			output->sent += (size_t)n;
		else if (errno == EAGAIN)
			return -EAGAIN;
		else if (errno != EINTR)
			output->error = errno;
	}
	buf_clear(&output->buf);
	output->sent = 0;
	return -output->error;
}

int output_finish(struct output *output, int cancel)
{
	int error;
	while ((error = output_flush(output)) == -EAGAIN) {
		struct pollfd wait[2] = { { .fd = STDOUT_FILENO, .events = POLLOUT },
			{ .fd = cancel, .events = POLLIN } };
		if (poll(wait, 2, -1) > 0 && wait[1].revents)
			break;
	}
	return error;
}

int output_status(const struct output *output)
{
	if (output->error == 0 || output->error == EPIPE)
		return EXIT_FINE;
	fprintf(stderr, "taskscope: cannot write to standard output: %s\n",
		strerror(output->error));
	return EXIT_FAILED;
}

int output_text(struct buf *buf)
{
	struct output output = { .buf = *buf };
	output_finish(&output, -1);
	int status = output_status(&output);
	buf_finish(&output.buf);
	*buf = (struct buf) { 0 };
	return status;
}

static int write_whole(int fd, const struct buf *content)
{
	for (size_t sent = 0; sent < content->len;) {
		ssize_t n = write(fd, content->text + sent, content->len - sent);
		if (n < 0 && errno != EINTR)
			return -errno;
		sent += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int file_replace(const char *path, bool force, const struct buf *content)
{
	struct stat existing;
	if (!force && lstat(path, &existing) == 0)
		return S_ISDIR(existing.st_mode) ? -EISDIR : -EEXIST;
	char *part = xasprintf("%s.part", path);
	int error = 0;
	unlink(part);
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		error = -errno;
	if (!error)
		error = write_whole(fd, content);
	if (fd >= 0 && close(fd) != 0 && !error)
		error = -errno;
	/* link does not replace what came into being meanwhile; rename does. */
	if (!error && force && rename(part, path) != 0)
		error = -errno;
	if (!error && !force && link(part, path) != 0)
		error = -errno;
	if (fd >= 0)
		unlink(part);
	free(part);
	return error;
}
