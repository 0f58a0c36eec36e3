/* SPDX-License-Identifier: MIT
 * Says things on stderr, and writes to terminals and pipes that perhaps nobody reads, without being held up by them.
 */
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base.h"

#define PATIENCE_MS 100 /* with a reader that is behind */

ssize_t write_without_wait(int fd, const char *text, size_t len)
{
	int flags = fcntl(fd, F_GETFL);
	bool waits = flags >= 0 && !(flags & O_NONBLOCK);
	if (waits)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	ssize_t n = write(fd, text, len);
	int error = errno;
	if (waits)
		fcntl(fd, F_SETFL, flags);
	errno = error;
	return n;
}

void say_text(const char *text, size_t len)
{
	struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };
	while (len > 0) {
		ssize_t n = write_without_wait(STDERR_FILENO, text, len);
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			return;
		} else if (errno == EAGAIN && poll(&room, 1, PATIENCE_MS) <= 0) {
			return;
		}
	}
}

void say_line(const char *format, ...)
{
	va_list arguments;
	char *text = NULL, *line = NULL;
	va_start(arguments, format);
	int len = vasprintf(&text, format, arguments);
	va_end(arguments);
	len = asprintf(&line, "taskscope: %s\n", len >= 0 ? text : format);
	if (len >= 0)
		say_text(line, (size_t)len);
	free(line);
	free(text);
}
