/* SPDX-License-Identifier: MIT
 * Standard output: a slow reader never holds up the program, a reader that left
 * ends it quietly, a full disk loudly.
 */
#include <poll.h>
#include <unistd.h>

#include "cli.h"
#include "output.h"

bool output_waits(const struct output *output)
{
	return !output->error && output->sent < output->buf.len;
}

int output_flush(struct output *output)
{
	while (output_waits(output)) {
		ssize_t n = write_without_wait(STDOUT_FILENO, output->buf.text + output->sent,
			output->buf.len - output->sent);
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
	say_line("cannot write to standard output: %s", strerror(output->error));
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
