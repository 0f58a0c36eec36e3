/* SPDX-License-Identifier: MIT
 * Reads target expressions, and compares them with processes.
 */

#include "internal.h"

static const struct prefix {
	const char *text;
	enum group_target_kind kind;
} prefixes[] = { { "unit:", GROUP_UNIT }, { "cgroup:", GROUP_CGROUP } };

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* What is wrong with a name, as one clause; NULL: nothing. */
static const char *fault_of(const struct group_target *target)
{
	const char *name = target->text + target->name;

	if (!*name)
		return target->name ? "the name is missing" : "an empty name";
	if (target->kind == GROUP_CGROUP && *name != '/')
		return "the path of a cgroup begins with '/'";
	if (target->kind == GROUP_UNIT && strchr(name, '/'))
		return "a unit is a name such as nginx.service, not a path";
	if (target->kind == GROUP_NAMES && strchr(name, '*')[1])
		return "'*' stands at the end";
	if (*name == '-' && target->kind == GROUP_NAME)
		return "options come before the first target";
	return NULL;
}

static int parse_name(const char *typed, struct group_target *target, char *why, size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		const size_t len = strlen(prefixes[i].text);

		if (strncmp(typed, prefixes[i].text, len) == 0) {
			target->kind = prefixes[i].kind;
			target->name = len;
		}
	}
	/* What is typed may be longer when it is safe, and so be cut. */
	if (target->kind == GROUP_NAME && strchr(target->text, '*'))
		target->kind = GROUP_NAMES;
	const char *fault = fault_of(target);
	if (fault)
		snprintf(why, size, "target '%s': %s", target->text, fault);
	return fault ? -EINVAL : 0;
}

int group_parse_target(const char *typed, struct group_target *ret, char *why, size_t size)
{
	struct group_target target = { .kind = GROUP_NAME };
	int64_t id = 0;
	int error;

	if (strlen(typed) >= sizeof(target.text)) {
		snprintf(why, size, "a target has more than %zu bytes", sizeof(target.text) - 1);
		return -EINVAL;
	}
	safe_text(target.text, sizeof(target.text), typed, strlen(typed));
	if (!is_number(typed)) {
		error = parse_name(typed, &target, why, size);
	} else {
		target.kind = GROUP_PID;
		error = parse_integer(typed, 1, INT32_MAX, &id);
		if (error)
			snprintf(why, size, "target '%s': a PID is from 1 to %d", target.text,
				INT32_MAX);
	}
	if (error)
		return -EINVAL;
	target.id = (int32_t)id;
	*ret = target;
	return 0;
}

/* The kernel keeps 15 characters of a name: what is longer is compared with the program's. */
static bool has_name(const struct group_process *process, const char *name)
{
	if (strlen(name) <= COMM_MOST)
		return strcmp(process->comm, name) == 0;
	return strncmp(process->comm, name, COMM_MOST) == 0 && strcmp(process->program, name) == 0;
}

/* pattern: "nginx*". */
static bool begins_with(const char *text, const char *pattern)
{
	return *text && strncmp(text, pattern, strlen(pattern) - 1) == 0;
}

/* Whether a part of the path between slashes is this. */
static bool has_part(const char *path, const char *part)
{
	const size_t len = strlen(part);

	for (; path; path = strchr(path, '/')) {
		path += *path == '/';
		if (strncmp(path, part, len) == 0 && (path[len] == '/' || path[len] == '\0'))
			return true;
	}
	return false;
}

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	if (strncmp(path, folder, len) != 0)
		return false;
	return len == 1 || path[len] == '/' || path[len] == '\0';
}

bool group_matches(const struct group_target *target, const struct group_process *process)
{
	const char *name = target->text + target->name;

	switch (target->kind) {
	case GROUP_PID:
		return process->pid == (target->process ? target->process : target->id);
	case GROUP_NAMES:
		return begins_with(process->comm, name) || begins_with(process->program, name);
	case GROUP_UNIT:
		return has_part(process->cgroup, name);
	case GROUP_CGROUP:
		return is_below(process->cgroup, name);
	default:
		return has_name(process, name);
	}
}

bool group_needs_command(const struct group_target *target, const struct group_process *process)
{
	const char *name = target->text + target->name;

	if (target->kind == GROUP_NAMES)
		return !begins_with(process->comm, name);
	return target->kind == GROUP_NAME && strncmp(process->comm, name, COMM_MOST) == 0;
}
