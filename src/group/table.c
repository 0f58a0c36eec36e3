/* SPDX-License-Identifier: MIT
 * Finds rows of a table of processes and their ancestors, and reads the texts that rows are made of.
 */

#include "internal.h"

#define ANCESTORS_MAX 4096

const struct group_process *group_table_find(const struct group_table *table, int32_t pid)
{
	size_t low = 0, high = table->rows.n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (table->rows.at[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < table->rows.n && table->rows.at[low].pid == pid ? &table->rows.at[low] : NULL;
}

void group_parse_cgroup(const char *text, size_t len, char *out, size_t size)
{
	static const char version_2[] = "0::";
	const char *end = text + len, *path = NULL;
	size_t path_len = 0;

	for (const char *line = text; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const size_t line_len = (size_t)((newline ? newline : end) - line);
		const bool newest = line_len >= sizeof(version_2) - 1 &&
				    memcmp(line, version_2, sizeof(version_2) - 1) == 0;
		const char *slash = memchr(line, '/', line_len);

		if (slash && (newest || !path)) {
			path = slash;
			path_len = line_len - (size_t)(slash - line);
		}
		line += line_len + 1;
	}
	if (size > 0)
		out[0] = '\0';
	if (path)
		safe_text(out, size, path, path_len);
}

void group_parse_cmdline(const char *text, size_t len, struct group_process *ret)
{
	const size_t first = strnlen(text, len);
	/* Some programs write over their arguments: "nginx: master process /usr/sbin/nginx". */
	size_t word = 0, at = 0;

	while (word < first && text[word] != ' ' && text[word] != ':')
		word++;
	for (size_t i = 0; i < word; i++)
		if (text[i] == '/')
			at = i + 1;
	while (len > 0 && text[len - 1] == '\0')
		len--;
	safe_text(ret->program, sizeof(ret->program), text + at, word - at);
	safe_text(ret->command, sizeof(ret->command), text, len);
}

/* --- ancestors --- */

/* The nearest ancestor that is wanted, or 0: there is none, or we stand between. Parents that go in a circle are
 * possible in a table that was read while processes came and went. */
int32_t groups_ancestor(const struct groups *groups, const struct group_table *table, int32_t pid,
	is_wanted *wanted, const void *context)
{
	const struct group_process *process = group_table_find(table, pid);

	for (int i = 0; process && i < ANCESTORS_MAX; i++) {
		if (process->pid == groups->options.self || process->ppid <= 0)
			return 0;
		if (process->ppid != groups->options.self && wanted(context, process->ppid))
			return process->ppid;
		process = group_table_find(table, process->ppid);
	}
	return 0;
}

/* Whether it is taskscope, or one of its children. */
bool groups_is_self(const struct groups *groups, const struct group_table *table,
	const struct group_process *process)
{
	for (int i = 0; process && i < ANCESTORS_MAX; i++) {
		if (process->pid == groups->options.self)
			return true;
		process = group_table_find(table, process->ppid);
	}
	return false;
}

/* Why a process cannot be a target, as one clause; NULL: it can. */
const char *groups_refusal(const struct groups *groups, const struct group_table *table,
	const struct group_process *process)
{
	if (groups_is_self(groups, table, process))
		return "it is taskscope itself";
	if (process->kernel)
		return "it is a kernel thread: it has no memory of its own, and no children";
	if (strchr("ZX", process->state) && process->threads <= 1)
		return "it is a zombie: it has ended, and its parent has not waited for it";
	return NULL;
}
