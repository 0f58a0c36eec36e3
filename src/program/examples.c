/* SPDX-License-Identifier: MIT
 * The programs that come with taskscope: their names, and where they lie in a build folder or were installed.
 */
#include <unistd.h>

#include "program.h"

#define PYTHON ".py"

const struct program_example program_examples[] = {
	{ "sum", "adds up numbers: an array that is shared, or parts that come through a pipe" },
	{ "sleepers", "twenty that sleep: what a task costs that does nothing" },
	{ "counter", "counts in one variable, or in a copy of it each" },
	{ "echo-server", "a worker for each client sends back what it reads" },
	{ "philosophers", "each holds a fork and waits for the next, for ever" },
};
const size_t program_example_count = ARRAY_LEN(program_examples);

static const char *const kinds[KINDS] = { "processes", "threads" };

/* The first of these that is there. */
static bool find_beside(const char *const *places, size_t n, const char *installed,
	const char *name, char *ret, size_t size)
{
	char relative[PATH_MAX];

	for (size_t i = 0; i < n; i++) {
		snprintf(relative, sizeof(relative), "%s/%s", places[i], name);
		if (path_beside(ret, size, relative) == 0 && access(ret, F_OK) == 0)
			return true;
	}
	snprintf(ret, size, "%s/%s", installed, name);
	return access(ret, F_OK) == 0;
}

static bool find_source(const char *name, char *ret, size_t size)
{
	static const char *const places[] = { "programs", TASKSCOPE_PROGRAMS_FROM_BIN };

	return find_beside(places, ARRAY_LEN(places), TASKSCOPE_PROGRAMSDIR, name, ret, size);
}

static bool find_binary(const char *name, char *ret, size_t size)
{
	static const char *const places[] = { "assets/programs",
		TASKSCOPE_LIBEXEC_FROM_BIN "/programs" };

	return find_beside(
		places, ARRAY_LEN(places), TASKSCOPE_LIBEXECDIR "/programs", name, ret, size);
}

bool program_example_folder(const struct program_example *example, char *ret, size_t size)
{
	return find_source(example->name, ret, size);
}

/* "counter-threads.py": *ret_kind -1 without a kind. */
static const struct program_example *parse(const char *typed, int *ret_kind, bool *ret_python)
{
	for (size_t i = 0; i < program_example_count; i++) {
		const char *name = program_examples[i].name;
		size_t len = strlen(name);

		if (strncmp(typed, name, len) != 0)
			continue;
		*ret_kind = -1;
		for (int kind = 0; kind < KINDS && typed[len] == '-'; kind++)
			if (strncmp(typed + len + 1, kinds[kind], strlen(kinds[kind])) == 0)
				*ret_kind = kind;
		len += *ret_kind >= 0 ? 1 + strlen(kinds[*ret_kind]) : 0;
		*ret_python = strcmp(typed + len, PYTHON) == 0;
		if (!typed[len] || *ret_python)
			return &program_examples[i];
	}
	return NULL;
}

int program_example_words(
	const char *typed, enum kind kind, struct cmdline *ret, char *why, size_t size)
{
	char name[80], path[PATH_MAX], shown[48];
	int named = -1;
	bool python = false;
	const struct program_example *example = parse(typed, &named, &python);

	if (!example) {
		const char *nearest = suggest_row(typed, program_examples,
			sizeof(program_examples[0]), program_example_count);

		safe_text(shown, sizeof(shown), typed, strlen(typed));
		snprintf(why, size, "there is no example '%s'; %s%s%s", shown,
			nearest ? "did you mean '" : "see 'taskscope list examples",
			nearest ? nearest : "", nearest ? "'?" : "'");
		return -EINVAL;
	}
	kind = named >= 0 ? (enum kind)named : kind;
	snprintf(name, sizeof(name), python ? "%s/%s" PYTHON : "%s-%s", example->name, kinds[kind]);
	(python ? find_source : find_binary)(name, path, sizeof(path));
	cmdline_copy((char *[]) { (char *)"python3", path } + !python, 1 + python, ret);
	return 0;
}
