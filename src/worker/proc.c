/* SPDX-License-Identifier: MIT
 * Reads and writes the small files of /proc and /sys that tell the crew of itself and of its machine.
 */
#include "internal.h"

#include <fcntl.h>
#include <unistd.h>

__attribute__((format(printf, 3, 0))) static bool read_named(
	char *text, size_t size, const char *format, va_list args)
{
	char path[512];

	vsnprintf(path, sizeof(path), format, args);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[MAX(n, 0)] = '\0';
	return n > 0;
}

bool proc_read(char *text, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	bool any = read_named(text, size, format, args);

	va_end(args);
	return any;
}

int64_t proc_number(const char *key, const char *format, ...)
{
	const size_t len = strlen(key);
	char text[8192];
	va_list args;

	va_start(args, format);
	read_named(text, sizeof(text), format, args);
	va_end(args);
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) == 0)
			return strtoll(line + len, NULL, 10);
	}
	return -1;
}

int64_t proc_lines(const char *path)
{
	int64_t lines = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	for (int c; (c = fgetc(file)) != EOF;)
		lines += c == '\n';
	fclose(file);
	return lines;
}

int proc_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}
