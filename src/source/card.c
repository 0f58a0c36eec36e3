/* SPDX-License-Identifier: MIT
 * Knows alone where a machine says what it is.
 */
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

/* The value of a line "key   : value" of cpuinfo. */
static bool find_line(const char *text, size_t len, const char *key, char *out, size_t size)
{
	const char *end = text + len, *line = text, *newline, *colon;

	for (; line < end && (newline = memchr(line, '\n', (size_t)(end - line)));
		line = newline + 1) {
		colon = memchr(line, ':', (size_t)(newline - line));
		if (!colon || (size_t)(colon - line) < strlen(key) ||
			strncmp(line, key, strlen(key)) != 0 || newline - colon < 3)
			continue;
		safe_text(out, size, colon + 2, (size_t)(newline - colon - 2));
		return true;
	}
	return false;
}

static void read_cpu(int root, char *out, size_t size)
{
	/* x86 and some others, MIPS, and what some ARM kernels write at the end. */
	static const char *const keys[] = { "model name", "cpu model", "Model", "Hardware" };
	char text[8192];
	ssize_t len = procfs_read_once(root, "cpuinfo", text, sizeof(text), NULL);

	for (size_t i = 0; len > 0 && i < ARRAY_LEN(keys); i++)
		if (find_line(text, (size_t)len, keys[i], out, size))
			return;
}

static int32_t read_paranoid(int root)
{
	char text[32];
	int64_t value;
	ssize_t len = procfs_read_once(
		root, "sys/kernel/perf_event_paranoid", text, sizeof(text) - 1, NULL);

	if (len <= 0)
		return -99;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return parse_integer(text, -10, 10, &value) == 0 ? (int32_t)value : -99;
}

void machine_info_read(const char *root, struct machine_info *ret)
{
	struct procfs fs;
	struct utsname name;
	char kernel[sizeof(name.release) + sizeof(name.machine) + 2];
	time_t now = time(NULL);
	struct tm utc;

	procfs_init(&fs, root);
	*ret = (struct machine_info) {
		.cpus = (int32_t)sysconf(_SC_NPROCESSORS_ONLN),
		.ticks_per_s = (int32_t)sysconf(_SC_CLK_TCK),
		.perf_event_paranoid = read_paranoid(fs.root),
		.uid = (int32_t)getuid(),
	};
	if (uname(&name) == 0) {
		int len = snprintf(kernel, sizeof(kernel), "%s %s", name.release, name.machine);
		sample_text(ret->kernel, kernel, (size_t)len);
	}
	read_cpu(fs.root, ret->cpu, sizeof(ret->cpu));
	if (gmtime_r(&now, &utc))
		strftime(ret->recorded, sizeof(ret->recorded), "%Y-%m-%dT%H:%M:%SZ", &utc);
	procfs_finish(&fs);
}
