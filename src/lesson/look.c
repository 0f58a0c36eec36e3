/* SPDX-License-Identifier: MIT
 * Takes one look at a scene's facts: at its verdicts, its question and its captions.
 */

#include "caption.h"
#include "scene_run.h"

static bool follows(const struct scene_run *run, const struct scene_verdict *verdict)
{
	return scene_action(run->scene, verdict->action) == run->action;
}

const struct scene_text *scene_run_until(const struct scene_run *run)
{
	return run->quick && run->action->quick.text ? &run->action->quick : &run->action->until;
}

const char *scene_run_obstacle(const struct scene_run *run)
{
	if (*run->trouble)
		return run->trouble;
	return run->timed_out ? "what was waited for did not come within its time" : "";
}

void scene_run_say_unknown(struct scene_run *run, const struct scene_facts *facts)
{
	char reason[100] = "";
	if (!*run->trouble && scene_condition(scene_run_until(run), facts, reason,
				      sizeof(reason)) == SCENE_UNDECIDED)
		snprintf(run->trouble, sizeof(run->trouble),
			"what was waited for did not come within its time: %s", reason);
}

/* One look at a condition. What could not be done, or came to nothing in its time, decides nothing. */
static void look_at(const struct scene_run *run, const struct scene_text *condition,
	const struct scene_facts *facts, struct poll *poll)
{
	char reason[128] = "";
	enum scene_answer answer = scene_condition(condition, facts, reason, sizeof(reason));
	const char *obstacle = scene_run_obstacle(run);
	if (*obstacle)
		poll_add(poll, SCENE_UNDECIDED, obstacle);
	else
		poll_add(poll, answer, reason);
}

static void look_at_verdicts(struct scene_run *run, const struct scene_facts *facts)
{
	for (unsigned i = 0; i < run->scene->verdicts_n; i++) {
		const struct scene_verdict *verdict = &run->scene->verdicts[i];
		if (follows(run, verdict))
			look_at(run, &verdict->condition, facts, &run->polls.at[i]);
	}
}

static void look_at_kills(struct scene_run *run, const struct scene_facts *facts)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(run->scene, run->action, &n);
	for (unsigned i = 0; i < n; i++)
		look_at(run, &kills[i].condition, facts, &run->kill_polls[i]);
}

const char *scene_run_kill(
	const struct scene_run *run, unsigned i, char *reason, size_t reason_size)
{
	static const char *const words[] = { [SCENE_YES] = SCENE_RUN_NOT_SO,
		[SCENE_NO] = "not shown here",
		[SCENE_UNDECIDED] = "not shown here" };
	*reason = 0;
	enum scene_answer answer = poll_answer(&run->kill_polls[i], reason, reason_size);
	if (answer == SCENE_NO)
		snprintf(reason, reason_size, "no counter-example was seen");
	return words[answer];
}

static void look_at_question(struct scene_run *run, const struct scene_facts *facts)
{
	char reason[128] = "";
	if (!run->question || scene_action(run->scene, run->question->action) != run->action)
		return;
	const char *obstacle = scene_run_obstacle(run);
	int truth = *obstacle ? -1 : quiz_truth(run->question, facts, reason, sizeof(reason));
	if (truth >= 0 && truth < SCENE_OPTIONS_MAX) {
		run->truths[truth]++;
		return;
	}
	if (!run->undecided++)
		snprintf(run->undecided_why, sizeof(run->undecided_why), "%s",
			*obstacle ? obstacle : reason);
}

int scene_run_truth(const struct scene_run *run, char *reason, size_t reason_size)
{
	int best = 0;
	for (int i = 1; i < SCENE_OPTIONS_MAX; i++)
		if (run->truths[i] > run->truths[best])
			best = i;
	if (run->truths[best] >= POLL_LOOKS && run->truths[best] * 5 >= run->looks * 4)
		return best;
	snprintf(reason, reason_size, "%s",
		*run->undecided_why ? run->undecided_why : "the looks at it disagree");
	return -1;
}

bool scene_run_is_decided(const struct scene_run *run)
{
	char reason[128];
	if (run->looks < POLL_LOOKS)
		return false;
	for (unsigned i = 0; i < run->scene->verdicts_n; i++)
		if (follows(run, &run->scene->verdicts[i]) &&
			poll_answer(&run->polls.at[i], NULL, 0) == SCENE_UNDECIDED)
			return false;
	unsigned n;
	scene_kills(run->scene, run->action, &n);
	for (unsigned i = 0; i < n; i++)
		if (poll_answer(&run->kill_polls[i], NULL, 0) == SCENE_UNDECIDED)
			return false;
	return !run->question || scene_run_truth(run, reason, sizeof(reason)) >= 0;
}

bool scene_run_has_unknowns(const struct scene_run *run)
{
	for (unsigned i = 0; i < run->scene->verdicts_n; i++) {
		const struct poll *poll = &run->polls.at[i];
		if (follows(run, &run->scene->verdicts[i]) && poll->undecided &&
			poll->undecided >= poll->yes + poll->no)
			return true;
	}
	return run->question && run->undecided * 2 >= run->looks;
}

/* A number that says nothing is not shown large. */
static bool is_resolved(const struct scene_big *big, const struct scene_facts *facts)
{
	char reason[128];
	return !big->condition.text ||
	       scene_condition(&big->condition, facts, reason, sizeof(reason)) == SCENE_YES;
}

static void look_at_captions(struct scene_run *run, const struct scene_facts *facts)
{
	const struct scene_action *action = run->action;
	const struct scene_text *punch = action->punch.text ? &action->punch : &run->scene->punch;
	static const char mark[] = { CAPTION_MARK, 0 }, unmark[] = { CAPTION_UNMARK, 0 };
	struct scene_facts marked = *facts;
	marked.mark = mark;
	marked.unmark = unmark;
	run->after_texts.n = MIN(action->after_n, (unsigned)RUN_TEXTS);
	for (unsigned i = 0; i < run->after_texts.n; i++) {
		buf_clear(&run->after_texts.at[i]);
		scene_render(&run->after_texts.at[i], &action->after[i], &marked, NULL, 0);
	}
	buf_clear(&run->punch);
	buf_clear(&run->big);
	buf_clear(&run->big_label);
	scene_render(&run->punch, punch, facts, NULL, 0);
	if (!action->big || !is_resolved(action->big, facts))
		return;
	scene_render(&run->big, &action->big->value, facts, NULL, 0);
	scene_render(&run->big_label, &action->big->label, facts, NULL, 0);
}

void scene_run_record_verdicts(struct scene_run *run, const struct scene_facts *facts)
{
	for (unsigned i = 0; i < run->scene->verdicts_n && run->card; i++)
		if (follows(run, &run->scene->verdicts[i]))
			card_add(run->card, run->scene, &run->scene->verdicts[i], &run->polls.at[i],
				facts);
}

void scene_run_look(struct scene_run *run, const struct scene_facts *facts)
{
	look_at_verdicts(run, facts);
	look_at_kills(run, facts);
	look_at_question(run, facts);
	look_at_captions(run, facts);
}
