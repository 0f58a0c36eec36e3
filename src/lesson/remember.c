/* SPDX-License-Identifier: MIT
 * Keeps what a quiz remembers over runs in $XDG_STATE_HOME/taskscope/quiz. A file that is not ours, or not understood, is
 * left as it is, and the quiz goes on without.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "document.h"
#include "internal.h"
#include "outfile.h"

#define MEMORY_FILE_MAX (64 << 10)

/* NULL: there is no place for it. */
static char *find_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	/* A relative folder is to be ignored, says the XDG specification. */
	if (state && *state == '/')
		return xasprintf("%s/taskscope/quiz", state);
	if (home && *home == '/')
		return xasprintf("%s/.local/state/taskscope/quiz", home);
	return NULL;
}

static void trouble(struct lesson *lesson, const char *why)
{
	char shown[200];

	safe_text(shown, sizeof(shown), lesson->memory_path, strlen(lesson->memory_path));
	snprintf(lesson->memory_trouble, sizeof(lesson->memory_trouble), "%s: %s", why, shown);
}

/* Why a file that is there is not ours to use; NULL: it is. */
static const char *refusal_of(const char *path)
{
	const int error = outfile_check(path, true);
	struct stat st;

	/* The folder is made when the first answers are kept. */
	if (error && error != -ENOENT)
		return outfile_why(error);
	if (lstat(path, &st) < 0)
		return NULL;
	if (st.st_uid != geteuid())
		return "it is another user's";
	return st.st_mode & S_IWUSR ? NULL : "it is read-only";
}

/* What was remembered, into memory; 0, or why is said. */
static int load(struct lesson *lesson, struct quiz_memory *memory)
{
	const char *why = refusal_of(lesson->memory_path);
	struct buf text = { 0 };
	char line[80];
	int at, error = why ? -EPERM : document_load(lesson->memory_path, MEMORY_FILE_MAX, &text);

	if (error == -ENOENT || error == -ENOTDIR) {
		buf_finish(&text);
		return 0;
	}
	if (!why && error)
		why = document_why(error);
	if (!error)
		error = quiz_memory_read(memory, text.len ? text.text : "", text.len, &at);
	if (!why && error == -EPROTO)
		snprintf(line, sizeof(line), "another taskscope wrote it (version %d)", at);
	else if (!why && error)
		snprintf(line, sizeof(line), "line %d is not what taskscope writes", at);
	if (error)
		trouble(lesson, why ? why : line);
	buf_finish(&text);
	return error;
}

void remember_open(struct lesson *lesson)
{
	if (!lesson->options.remember || lesson->options.form != LESSON_SCREEN)
		return;
	lesson->memory_path = find_path();
	if (!lesson->memory_path)
		snprintf(lesson->memory_trouble, sizeof(lesson->memory_trouble),
			"neither XDG_STATE_HOME nor HOME is a folder");
	else
		load(lesson, &lesson->memory);
}

int remember_wrong_twice(const struct lesson *lesson)
{
	struct quiz_memory memory = { 0 };
	struct quiz_memory_row *row;
	int n = 0;

	if (!lesson->memory_path || *lesson->memory_trouble)
		return 0;
	vec_each (row, &lesson->memory.rows)
		*vec_push(&memory.rows) = *row;
	quiz_remember(lesson->quiz, &memory);
	vec_each (row, &memory.rows)
		n += row->wrong >= QUIZ_WRONG_TWICE;
	quiz_memory_finish(&memory);
	return n;
}

/* The folders of a path; an error is that of the last one. */
static int make_folders(char *path)
{
	int error = 0;

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		error = mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
		*slash = '/';
	}
	return error;
}

/* Another quiz may have written meanwhile: ours is added to what is there now. */
static void save(struct lesson *lesson)
{
	struct quiz_memory memory = { 0 };
	struct buf text = { 0 };
	int error = 0;

	if (load(lesson, &memory) == 0 && quiz_remember(lesson->quiz, &memory)) {
		quiz_memory_write(&memory, &text);
		error = make_folders(lesson->memory_path);
		error = error ? error : outfile_write(lesson->memory_path, true, &text);
	}
	if (error)
		trouble(lesson, outfile_why(error));
	if (*lesson->memory_trouble)
		say_line("the answers are not remembered: %s", lesson->memory_trouble);
	buf_finish(&text);
	quiz_memory_finish(&memory);
}

void remember_close(struct lesson *lesson)
{
	if (lesson->quiz && lesson->memory_path && !*lesson->memory_trouble)
		save(lesson);
	free(lesson->memory_path);
	quiz_memory_finish(&lesson->memory);
}
