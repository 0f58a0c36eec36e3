/* SPDX-License-Identifier: MIT
 * Shows the lines of C that an action runs in the workers, those of a process and of a thread apart where they differ.
 */
#include "code.h"

#include "internal.h"
#include "job.h"

const struct worker_code *code_find(const char *name, enum kind kind)
{
	for (size_t i = 0; i < worker_codes_n; i++)
		if (strcmp(worker_codes[i].name, name) == 0 &&
			(!*worker_codes[i].kind ||
				strcmp(worker_codes[i].kind, kind_name(kind)) == 0))
			return &worker_codes[i];
	return NULL;
}

void code_name_of(const struct scene_step *step, char *out, size_t size)
{
	const struct scene_move move = scene_move_of(step);

	*out = '\0';
	if (step->order)
		snprintf(out, size, "%s", step->order);
	else if (step->duel)
		snprintf(out, size, "duel-%s", step->duel);
	else if (move.verb == VERB_JOB && move.job >= 0)
		snprintf(out, size, "job-%s", job_table[move.job].name);
	else if (move.verb == VERB_ADD || move.verb == VERB_CLONE)
		snprintf(out, size, "start");
}

/* What only one kind does: there the two differ. */
static bool is_the_difference(const char *line, size_t len)
{
	static const char *const calls[] = { "fork(", "fork_bound(", "pthread_create(" };
	char text[160];

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (strstr(text, calls[i]))
			return true;
	return false;
}

/* One line, its tabs as blanks; the one that makes the difference is marked. */
static void put_code_line(
	struct caption *caption, enum caption_part part, const char *line, size_t len)
{
	struct buf text = { 0 };
	const bool marked = part != CAPTION_CODE && is_the_difference(line, len);

	buf_adds(&text, "");
	for (; len && *line == '\t'; line++, len--)
		buf_adds(&text, "  ");
	if (marked)
		buf_addf(&text, "%c", CAPTION_MARK);
	buf_add(&text, line, len);
	if (marked)
		buf_addf(&text, "%c", CAPTION_UNMARK);
	caption_add(caption, part, CAPTION_PLAIN, "", text.text);
	buf_finish(&text);
}

static void put_code(
	struct caption *caption, enum caption_part part, const struct worker_code *code)
{
	char *from = xasprintf("/* src/worker/%s, line %d */", code->file, code->line);

	caption_add(caption, part, CAPTION_PLAIN, "", from);
	free(from);
	for (const char *line = code->text; *line;) {
		size_t len = strcspn(line, "\n");
		put_code_line(caption, part, line, len);
		line += len + 1;
	}
}

/* Both kinds' lines of one name, once where they are the same. Returns whether there are any. */
static bool put_named(struct caption *caption, const char *name)
{
	const struct worker_code *of_process = code_find(name, KIND_PROCESSES),
				 *of_thread = code_find(name, KIND_THREADS);

	if (of_process && of_process == of_thread)
		put_code(caption, CAPTION_CODE, of_process);
	if (of_process && of_process != of_thread)
		put_code(caption, CAPTION_CODE_LEFT, of_process);
	if (of_thread && of_process != of_thread)
		put_code(caption, CAPTION_CODE_RIGHT, of_thread);
	return of_process || of_thread;
}

static bool was_named(const struct scene_action *action, unsigned step, const char *name)
{
	char other[40];

	for (unsigned i = 0; i < step; i++) {
		code_name_of(&action->steps[i], other, sizeof(other));
		if (strcmp(other, name) == 0)
			return true;
	}
	return false;
}

void caption_code(struct lesson *lesson)
{
	const struct scene_action *action = lesson->run.action;
	bool any = false;
	char name[40];

	if (!action)
		action = lesson_next_action(lesson);
	for (unsigned i = 0; action && i < action->steps_n; i++) {
		code_name_of(&action->steps[i], name, sizeof(name));
		if (*name && !was_named(action, i, name))
			any |= put_named(&lesson->caption, name);
	}
	/* Else how the two came to be: all that differs between them follows from it. */
	if (!any)
		put_named(&lesson->caption, "start");
}
