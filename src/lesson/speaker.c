/* SPDX-License-Identifier: MIT
 * Tells the speaker where the tour stands: what to say, what is asked and what is right, what comes next.
 */

#include "internal.h"
#include "notes.h"

static int target_s(const struct scene *scene)
{
	return scene->tour && scene->tour->dwell_s ? scene->tour->dwell_s : SCENE_DWELL_S;
}

static void add_clock(struct buf *notes, enum notes_kind kind, nsec began, int seconds)
{
	char since[24], target[12];
	snprintf(since, sizeof(since), "%lld", (long long)began);
	snprintf(target, sizeof(target), "%d", seconds);
	notes_add(notes, kind, since, target);
}

static void add_whole_clock(const struct lesson *lesson, struct buf *notes)
{
	int seconds = 0;
	for (size_t i = 0; i < lesson->list.n; i++)
		seconds += target_s(lesson->list.at[i]);
	add_clock(notes, NOTES_ALL_CLOCK, lesson->began, seconds);
}

static void add_if(struct buf *notes, enum notes_kind kind, const char *sign, const char *text)
{
	if (text && *text)
		notes_add(notes, kind, sign, text);
}

static void add_place(const struct lesson *lesson, const struct scene *scene, struct buf *notes)
{
	char title[160];
	snprintf(title, sizeof(title), "S%d %s · scene %zu of %zu", scene->number, scene->title,
		lesson->at + 1, lesson->list.n);
	notes_add(notes, NOTES_TITLE, "", title);
	add_clock(notes, NOTES_SCENE_CLOCK, lesson->scene_began, target_s(scene));
	add_whole_clock(lesson, notes);
}

/* Before it was measured: the only option with nothing to say against it; -1: this machine decides. */
static int expected(const struct scene_question *question)
{
	int found = -1;
	for (unsigned i = 0; i < question->options_n; i++)
		if (!question->options[i].feedback) {
			if (found >= 0)
				return -1;
			found = (int)i;
		}
	return found;
}

static void add_options(
	const struct lesson *lesson, const struct scene_question *question, struct buf *notes)
{
	const struct asking *asking = &lesson->asking;
	const bool seen = asking->question == question && asking->state == ASKING_SEES;
	const int right = seen ? asking->truth : expected(question);
	for (unsigned i = 0; i < question->options_n; i++) {
		/* As they stand on the wall. */
		const int option = asking->question == question ? asking->order[i] : (int)i;
		char sign[24];
		snprintf(sign, sizeof(sign), "%u%s", i + 1, option == right ? " right" : "");
		notes_add(notes, option == right ? NOTES_RIGHT : NOTES_TEXT, sign,
			question->options[option].text);
		add_if(notes, NOTES_SMALL, "  why not", question->options[option].feedback);
	}
	if (right < 0)
		notes_add(notes, NOTES_TEXT, "right",
			seen ? asking->why : "this machine decides: play it");
	else if (!seen)
		notes_add(notes, NOTES_SMALL, "", "right, unless this machine shows otherwise");
}

static void add_question(
	const struct lesson *lesson, const struct scene_question *question, struct buf *notes)
{
	notes_add(notes, NOTES_TEXT, "asked", question->question);
	add_options(lesson, question, notes);
	add_if(notes, NOTES_SPEAK, "in short", question->interview);
	add_if(notes, NOTES_TEXT, "they ask", question->trap);
}

static void add_seen(
	struct lesson *lesson, const struct scene_question *question, struct buf *notes)
{
	const struct scene_facts facts = scene_run_facts(&lesson->run);
	struct buf text = { 0 };
	if (question && lesson->asking.question == question && lesson->asking.state == ASKING_SEES)
		scene_render(&text, &question->explain, &facts, NULL, 0);
	add_if(notes, NOTES_SPEAK, "seen", text.text);
	buf_finish(&text);
}

static void add_next(const struct lesson *lesson, struct buf *notes)
{
	const struct scene_action *next = lesson_next_action(lesson);
	const size_t after = lesson->at + 1;
	add_if(notes, NOTES_TEXT, "Space", next ? next->label : NULL);
	notes_add(notes, NOTES_SMALL, "then",
		after < lesson->list.n ? lesson->list.at[after]->title : "the nine claims");
}

static void add_scene(struct lesson *lesson, const struct scene *scene, struct buf *notes)
{
	const struct scene_action *action =
		lesson->run.action ? lesson->run.action : lesson_next_action(lesson);
	const struct scene_question *question =
		lesson->asking.question ? lesson->asking.question : scene_question(scene, action);
	add_place(lesson, scene, notes);
	if (scene->tour) {
		add_if(notes, NOTES_SPEAK, "say", scene->tour->say);
		add_if(notes, NOTES_TEXT, "look at", scene->tour->look);
	}
	add_if(notes, NOTES_TEXT, lesson->run.action ? "done" : "action",
		action ? action->label : NULL);
	add_seen(lesson, question, notes);
	if (question)
		add_question(lesson, question, notes);
	add_if(notes, NOTES_TEXT, "careful", scene->nuance);
	add_if(notes, NOTES_SMALL, "source", scene->evidence);
	add_next(lesson, notes);
}

void lesson_put_notes(struct lesson *lesson, struct buf *notes)
{
	const struct scene *scene = lesson_current(lesson);
	if (scene) {
		add_scene(lesson, scene, notes);
		return;
	}
	notes_add(notes, NOTES_TITLE, "", "The nine claims");
	add_whole_clock(lesson, notes);
	notes_add(notes, NOTES_SPEAK, "say", "What was measured of each, on this machine.");
	notes_add(notes, NOTES_SMALL, "then", "q ends the tour");
}
