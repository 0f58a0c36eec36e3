/* SPDX-License-Identifier: MIT
 * Writes lecture notes of a tour, as Markdown: what each action showed on this machine, the code that ran, questions, and
 * their answers at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "internal.h"
#include "outfile.h"

#define HEAD                                                                                       \
	"# Processes and threads, on this machine\n\n"                                             \
	"Played by `taskscope tour`: every number was measured here. The lines of C are those "    \
	"that the workers ran.\n"

void notes_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);

	if (!lesson->options.notes)
		return;
	if (!lesson->notes.len)
		buf_adds(&lesson->notes, HEAD);
	buf_addf(&lesson->notes, "\n## S%d %s\n\n%s\n", scene->number, scene->title,
		scene->question);
}

static void add_code(struct buf *notes, const char *name)
{
	const struct worker_code *codes[] = { code_find(name, KIND_PROCESSES),
		code_find(name, KIND_THREADS) };
	static const char *const of[] = { ", in a process", ", in a thread" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i] && (i == 0 || codes[i] != codes[0]))
			buf_addf(notes, "\n`src/worker/%s`, line %d%s:\n\n```c\n%s```\n",
				codes[i]->file, codes[i]->line, codes[0] == codes[1] ? "" : of[i],
				codes[i]->text);
}

/* The options with blanks; what is right stands in the key. */
static void add_question(struct lesson *lesson, const struct scene_question *question)
{
	const struct asking *asking = &lesson->asking;
	struct buf *key = &lesson->notes_key;

	buf_addf(&lesson->notes, "\n**Question %d.** %s\n\n", question->id, question->question);
	for (unsigned i = 0; i < question->options_n; i++)
		buf_addf(&lesson->notes, "- [ ] %s\n", question->options[i].text);
	if (asking->truth >= 0)
		buf_addf(
			key, "- **%d**: %s\n", question->id, question->options[asking->truth].text);
	else
		buf_addf(key, "- **%d**: It could not be decided here: %s\n", question->id,
			asking->why);
	buf_addf(key, "  To say: \"%s\"\n  Then: %s\n", question->interview, question->trap);
}

void notes_action(struct lesson *lesson, size_t from)
{
	const struct scene_action *action = lesson->run.action;
	const struct buf *text = lesson->host->text;
	char name[40], before[40] = "";

	if (!lesson->options.notes || !action)
		return;
	buf_addf(&lesson->notes, "\n### %s\n\n```text\n%s```\n", action->label, text->text + from);
	for (unsigned i = 0; i < action->steps_n; i++) {
		code_name_of(&action->steps[i], name, sizeof(name));
		if (*name && strcmp(name, before) != 0)
			add_code(&lesson->notes, name);
		memcpy(before, name, sizeof(before));
	}
	if (lesson->asking.question)
		add_question(lesson, lesson->asking.question);
}

void notes_close(struct lesson *lesson)
{
	const char *path = lesson->options.notes;

	if (path && lesson->notes.len) {
		buf_addf(&lesson->notes, "\n## Key to the questions\n\n%s",
			lesson->notes_key.len ? lesson->notes_key.text : "");
		int error = outfile_write(path, lesson->options.force, &lesson->notes);
		if (error)
			lesson_end(lesson, EXIT_FAILED, "cannot write the notes to %s: %s", path,
				outfile_why(error));
	}
	buf_finish(&lesson->notes);
	buf_finish(&lesson->notes_key);
}
