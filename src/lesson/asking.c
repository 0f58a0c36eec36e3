/* SPDX-License-Identifier: MIT
 * Asks what an action will do before it is done, in tour and quiz alike: a committed answer or a pass runs the action, and
 * what came of it is then told one message at a time.
 */

#include "internal.h"

void asking_invite(struct lesson *lesson)
{
	ui_message(lesson->host->ui, STYLE_STATUS, "%s",
		lesson->options.interview
			? "Answer aloud. Enter stops the clock, and shows the model answer."
			: "Predict first: a digit answers, n passes. Then the crews show what is "
			  "so.");
}

void asking_close(struct lesson *lesson)
{
	lesson->asking = (struct asking) { .choice = -1, .truth = -1 };
	lesson->run.question = NULL;
}

void asking_open(struct lesson *lesson, const struct scene_question *question,
	const struct scene_action *action, const int *order)
{
	struct asking *asking = &lesson->asking;
	asking_close(lesson);
	asking->state = ASKING_OPEN;
	asking->question = question;
	asking->action = action;
	for (int i = 0; i < SCENE_OPTIONS_MAX; i++)
		asking->order[i] = order ? order[i] : i;
	lesson->run.question = question;
	if (question)
		lesson_show_panes(lesson, NULL); /* they would give the answer away */
	else
		asking_run(lesson);
}

void asking_run(struct lesson *lesson)
{
	const struct scene_action *action = lesson->asking.action;
	lesson->asking.state = ASKING_RUNS;
	ui_message(lesson->host->ui, STYLE_STATUS, "%s", "");
	if (scene_run_is_busy(&lesson->run))
		lesson->run.next = action; /* as soon as the crews are whole */
	else
		scene_run_act(&lesson->run, action);
}

void asking_commit(struct lesson *lesson, int choice)
{
	lesson->asking.choice = choice;
	lesson_show_panes(lesson, lesson->run.scene);
	if (lesson->options.automatic)
		lesson->asking.state = ASKING_CHOSEN; /* for a while, so that it is seen */
	else
		asking_run(lesson);
}

/* --- what came of it --- */

static void see(struct lesson *lesson)
{
	struct asking *asking = &lesson->asking;
	if (lesson->run.phase == LESSON_FAILED)
		snprintf(asking->why, sizeof(asking->why), "%s", lesson->run.trouble);
	else if (asking->question)
		asking->truth = scene_run_truth(&lesson->run, asking->why, sizeof(asking->why));
	asking->state = ASKING_SEES;
	asking->message = asking->question ? MESSAGE_VERDICT : MESSAGE_ALL;
}

bool asking_go(struct lesson *lesson)
{
	const struct scene_run *run = &lesson->run;
	bool over = lesson->asking.state == ASKING_RUNS && !scene_run_is_busy(run) &&
		    (run->phase == LESSON_FAILED || run->action == lesson->asking.action);
	if (over)
		see(lesson);
	return over;
}

/* --- keys --- */

bool asking_choose(struct lesson *lesson, int place)
{
	const struct asking *asking = &lesson->asking;
	if (asking->state != ASKING_OPEN || place >= (int)asking->question->options_n)
		return false;
	asking_commit(lesson, asking->order[place]);
	return true;
}

bool asking_more(struct lesson *lesson)
{
	struct asking *asking = &lesson->asking;
	if (asking->state != ASKING_SEES || asking->message == MESSAGE_ALL)
		return false;
	asking->message = asking_next_message(lesson);
	return true;
}

bool asking_less(struct lesson *lesson)
{
	struct asking *asking = &lesson->asking;
	enum message before = asking_message_before(lesson);
	if (asking->state != ASKING_SEES || !asking->question || before == MESSAGE_ALL)
		return false;
	asking->message = before;
	return true;
}
