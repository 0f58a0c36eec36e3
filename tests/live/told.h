/* SPDX-License-Identifier: MIT
 * What /proc says of a task, read by its own few lines and not by the program's: orders are held against it.
 */
#ifndef TASKSCOPE_LIVE_TOLD_H
#define TASKSCOPE_LIVE_TOLD_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline void peek(int32_t pid, uint64_t address, void *to, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, to, size, (off_t)address), size);
	close(fd);
}

static inline int64_t peek_integer(int32_t pid, uint64_t address)
{
	int64_t value;

	peek(pid, address, &value, sizeof(value));
	return value;
}

static inline uint64_t status_mask(int32_t pid, int32_t tid, const char *what)
{
	char path[64], line[256];
	unsigned long long value = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, tid);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, what, strlen(what)) == 0)
			sscanf(line + strlen(what) + 1, "%llx", &value);
	if (file)
		fclose(file);
	return value;
}

static inline long minor_faults(int32_t pid, int32_t tid)
{
	char path[64], line[512];
	long faults = -1;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	FILE *file = fopen(path, "re");

	if (file && fgets(line, sizeof(line), file))
		sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %ld", &faults);
	if (file)
		fclose(file);
	return faults;
}

static inline int count_pages(int32_t pid, uint64_t low, uint64_t high, bool own)
{
	char path[64];
	uint64_t entry;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	for (uint64_t page = low / 4096; page < high / 4096; page++) {
		assert_int_equal(pread(fd, &entry, 8, (off_t)(page * 8)), 8);
		n += (entry >> 63) && ((entry >> 56) & 1) == own;
	}
	close(fd);
	return n;
}

static inline void link_of(int32_t pid, int32_t tid, const char *what, char *to, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", pid, tid, what);
	ssize_t n = readlink(path, to, size - 1);

	to[n < 0 ? 0 : n] = '\0';
}

static inline long file_position(int32_t pid, int32_t tid, int fd)
{
	char path[64], line[64];
	long at = -1;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/fdinfo/%d", pid, tid, fd);
	FILE *file = fopen(path, "re");

	if (file && fgets(line, sizeof(line), file))
		sscanf(line, "pos: %ld", &at);
	if (file)
		fclose(file);
	return at;
}

#endif
