/* SPDX-License-Identifier: MIT
 * A lesson from its first scene to its last: hands samples, keys and time on to the tour or the quiz.
 */

#include "command.h"
#include "internal.h"

bool lesson_go(struct lesson *lesson, bool sampled)
{
	bool shown = lesson->options.form == LESSON_SCREEN;
	bool changed = scene_run_go(&lesson->run, sampled);
	if (lesson->quiz)
		quiz_session_go(lesson);
	else
		tour_go(lesson);
	if (changed && shown)
		lesson_show(lesson);
	changed = lesson->changed;
	lesson->changed = false;
	return changed;
}

nsec lesson_wait(const struct lesson *lesson)
{
	nsec wait = scene_run_wait(&lesson->run), own = -1;
	if (lesson->quiz)
		own = quiz_session_wait(lesson);
	else if (lesson->next_at)
		own = MAX(lesson->next_at - lesson_now(lesson), 0);
	if (wait < 0)
		return own;
	return own < 0 ? wait : MIN(wait, own);
}

bool lesson_command(struct lesson *lesson, enum command_id command, int key)
{
	if (command_table[command].group != GROUP_STAGE)
		return false;
	if (lesson->quiz)
		quiz_session_command(lesson, command, key);
	else
		tour_command(lesson, command, key);
	lesson_show(lesson);
	return true;
}

bool lesson_is_over(const struct lesson *lesson)
{
	return lesson->quiz ? !quiz_card(lesson->quiz) : !lesson_current(lesson);
}

const char *lesson_score(const struct lesson *lesson, char *out, size_t size)
{
	const struct quiz_score all =
		lesson->quiz ? quiz_score(lesson->quiz, 0) : (struct quiz_score) { 0 };
	*out = 0;
	if (lesson->quiz)
		snprintf(out, size, "%d of %d right, %d undecided, %d skipped", all.right,
			all.right + all.wrong, all.undecided, all.skipped);
	return out;
}

unsigned lesson_needs(const struct lesson *lesson, int32_t *pids, size_t n, size_t *ret_n)
{
	return scene_run_needs(&lesson->run, pids, n, ret_n);
}

struct lesson *lesson_open(const struct lesson_host *host, const struct lesson_options *options)
{
	struct lesson *lesson = xcalloc(1, sizeof(*lesson));
	lesson->host = host;
	lesson->options = *options;
	lesson->quiet = options->clean || options->presenter;
	if (!(lesson->options.pace > 0))
		lesson->options.pace = 1;
	scene_run_open(&lesson->run, host, &lesson->card);
	lesson->run.quick = options->quick;
	return lesson;
}

int lesson_begin(struct lesson *lesson)
{
	return lesson->options.quiz ? quiz_session_begin(lesson) : tour_begin(lesson);
}

void lesson_close(struct lesson *lesson)
{
	if (!lesson)
		return;
	quiz_session_close(lesson);
	notes_close(lesson);
	scene_run_close(&lesson->run);
	card_finish(&lesson->card);
	caption_finish(&lesson->caption);
	vec_finish(&lesson->list);
	vec_finish(&lesson->menu);
	free(lesson);
}
