/* SPDX-License-Identifier: MIT
 * Writes lecture notes of a tour: what each action showed on this machine, a picture of it, the code that ran, questions, and
 * their answers at the end.
 */

#include "code.h"
#include "export.h"
#include "internal.h"
#include "notes_form.h"
#include "outfile.h"

#define PICTURE_ROWS 36
#define PICTURE_COLS 120

static enum notes_form form_of(const struct lesson *lesson)
{
	return notes_form_of(lesson->options.notes);
}

#define PUT(lesson, kind, ...) notes_put(&(lesson)->notes, form_of(lesson), kind, __VA_ARGS__)

static void put_head(struct lesson *lesson)
{
	static const char *const pcid[] = { "", ", no PCID", ", PCID" }, *const pti[] = { "",
		", no PTI", ", PTI" };
	static const struct quiz_machine unknown = { "", 0, -1, -1, -1 };
	const struct quiz_machine *machine =
		lesson->host->machine ? lesson->host->machine : &unknown;

	PUT(lesson, NOTE_HEAD, "%s", "");
	PUT(lesson, NOTE_TITLE, "Processes and threads, on this machine");
	PUT(lesson, NOTE_TEXT,
		"Played by taskscope " TASKSCOPE_VERSION
		" on Linux %s, %d CPU%s%s%s%s: every number "
		"was measured here. The lines of C are those that the workers ran.",
		machine->kernel, machine->cpus, machine->cpus == 1 ? "" : "s",
		pcid[machine->pcid + 1], pti[machine->pti + 1],
		machine->hypervisor == 1 ? ", a virtual machine" : "");
}

void notes_scene(struct lesson *lesson)
{
	const struct scene *scene = lesson_current(lesson);

	if (!lesson->options.notes)
		return;
	if (!lesson->notes.len)
		put_head(lesson);
	PUT(lesson, NOTE_SCENE, "S%d %s", scene->number, scene->title);
	PUT(lesson, NOTE_TEXT, "%s", scene->question);
}

static void put_code(struct lesson *lesson, const char *name)
{
	const struct worker_code *codes[] = { code_find(name, KIND_PROCESSES),
		code_find(name, KIND_THREADS) };
	static const char *const of[] = { ", in a process", ", in a thread" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (!codes[i] || (i && codes[i] == codes[0]))
			continue;
		PUT(lesson, NOTE_FROM, "src/worker/%s, line %d%s", codes[i]->file, codes[i]->line,
			codes[0] == codes[1] ? "" : of[i]);
		PUT(lesson, NOTE_CODE, "%s", codes[i]->text);
	}
}

/* The options with blanks; what is right stands in the key. */
static void put_question(struct lesson *lesson, const struct scene_question *question)
{
	const struct asking *asking = &lesson->asking;
	const enum notes_form form = form_of(lesson);
	struct buf *key = &lesson->notes_key;

	PUT(lesson, NOTE_QUESTION, "Question %d. %s", question->id, question->question);
	for (unsigned i = 0; i < question->options_n; i++)
		PUT(lesson, NOTE_OPTION, "%s", question->options[i].text);
	PUT(lesson, NOTE_OPTIONS_END, "%s", "");
	notes_put(key, form, NOTE_ANSWER, "%d: %s%s", question->id,
		asking->truth < 0 ? "it could not be decided here: " : "",
		asking->truth < 0 ? asking->why : question->options[asking->truth].text);
	notes_put(key, form, NOTE_SAY, "%s", question->interview);
	if (question->trap)
		notes_put(key, form, NOTE_THEN, "%s", question->trap);
}

/* The frame as a screen would show it, but for what was asked: the answer is for the key. */
static void put_picture(struct lesson *lesson, const struct scene_action *action)
{
	const struct scene_question *question = lesson->asking.question;
	const struct theme *theme = theme_find("light");
	struct canvas *canvas = canvas_create(PICTURE_ROWS, PICTURE_COLS);
	struct buf svg = { 0 };

	lesson->asking.question = NULL;
	lesson_show(lesson);
	ui_set_caption(lesson->host->ui, &lesson->caption);
	ui_draw(lesson->host->ui, lesson->host->model, canvas);
	ui_set_caption(lesson->host->ui, NULL);
	lesson->asking.question = question;
	export_svg(canvas, theme ? theme : &theme_table[0], DEPTH_256, action->label, &svg);
	notes_put_picture(&lesson->notes, NOTES_HTML, &svg);
	buf_finish(&svg);
	canvas_destroy(canvas);
}

void notes_action(struct lesson *lesson, size_t from)
{
	const struct scene_action *action = lesson->run.action;
	const struct buf *text = lesson->host->text;
	char name[40], before[40] = "";

	if (!lesson->options.notes || !action)
		return;
	PUT(lesson, NOTE_ACTION, "%s", action->label);
	PUT(lesson, NOTE_SHOWN, "%s", text->text + from);
	if (form_of(lesson) == NOTES_HTML)
		put_picture(lesson, action);
	for (unsigned i = 0; i < action->steps_n; i++) {
		code_name_of(&action->steps[i], name, sizeof(name));
		if (*name && strcmp(name, before) != 0)
			put_code(lesson, name);
		memcpy(before, name, sizeof(before));
	}
	if (lesson->asking.question)
		put_question(lesson, lesson->asking.question);
}

void notes_card(struct lesson *lesson, size_t from)
{
	if (!lesson->options.notes)
		return;
	PUT(lesson, NOTE_SCENE, "The nine claims, on this machine");
	PUT(lesson, NOTE_SHOWN, "%s", lesson->host->text->text + from);
}

/* Said before anything runs, not after all was played. */
int notes_open(struct lesson *lesson)
{
	const char *path = lesson->options.notes;
	int error =
		path ? outfile_create(path, lesson->options.force, INT64_MAX, &lesson->notes_file)
		     : 0;

	if (error)
		lesson_end(lesson, EXIT_FAILED, "cannot write the notes to %s: %s", path,
			outfile_why(error));
	return error ? -1 : 0;
}

static int write_all(struct lesson *lesson)
{
	PUT(lesson, NOTE_SCENE, "Key to the questions");
	if (lesson->notes_key.len)
		buf_add(&lesson->notes, lesson->notes_key.text, lesson->notes_key.len);
	PUT(lesson, NOTE_END, "%s", "");
	int error = outfile_add(lesson->notes_file, &lesson->notes);
	if (!error)
		return outfile_close(lesson->notes_file);
	outfile_abandon(lesson->notes_file);
	return error;
}

void notes_close(struct lesson *lesson)
{
	int error = 0;

	if (lesson->notes_file && lesson->notes.len)
		error = write_all(lesson);
	else if (lesson->notes_file)
		outfile_abandon(lesson->notes_file);
	if (error)
		lesson_end(lesson, EXIT_FAILED, "cannot write the notes to %s: %s",
			lesson->options.notes, outfile_why(error));
	buf_finish(&lesson->notes);
	buf_finish(&lesson->notes_key);
}
