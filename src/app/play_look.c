/* SPDX-License-Identifier: MIT
 * Knows what one look at a scene's facts takes down: its verdicts, its question and its captions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "caption.h"
#include "play.h"

static bool follows(const struct play *play, const struct scene_verdict *verdict)
{
	return scene_action(play->scene, verdict->action) == play->action;
}

/* One look at a condition. What could not be done decides nothing. */
static void look_at(const struct play *play, const char *condition, const struct scene_facts *facts,
	struct poll *poll)
{
	char reason[128] = "";
	enum scene_answer answer = scene_condition(condition, facts, reason, sizeof(reason));
	if (*play->trouble)
		poll_add(poll, SCENE_UNDECIDED, play->trouble);
	else
		poll_add(poll, answer, reason);
}

static void look_at_verdicts(struct play *play, const struct scene_facts *facts)
{
	for (unsigned i = 0; i < play->scene->verdicts_n; i++) {
		const struct scene_verdict *verdict = &play->scene->verdicts[i];
		if (follows(play, verdict))
			look_at(play, verdict->condition, facts, &play->polls.at[i]);
	}
}

static void look_at_kills(struct play *play, const struct scene_facts *facts)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(play->scene, play->action, &n);
	for (unsigned i = 0; i < n; i++)
		look_at(play, kills[i].condition, facts, &play->kill_polls[i]);
}

const char *play_kill(const struct play *play, unsigned i, char *reason, size_t reason_size)
{
	static const char *const words[] = {
		[SCENE_YES] = "not so", [SCENE_NO] = "so here", [SCENE_UNDECIDED] = "open"
	};
	*reason = 0;
	return words[poll_answer(&play->kill_polls[i], reason, reason_size)];
}

static void look_at_question(struct play *play, const struct scene_facts *facts)
{
	char reason[128] = "";
	if (!play->question || scene_action(play->scene, play->question->action) != play->action)
		return;
	int truth = *play->trouble ? -1 : quiz_truth(play->question, facts, reason, sizeof(reason));
	if (truth >= 0 && truth < PLAY_OPTIONS) {
		play->truths[truth]++;
		return;
	}
	if (!play->undecided++)
		snprintf(play->undecided_why, sizeof(play->undecided_why), "%s",
			*play->trouble ? play->trouble : reason);
}

int play_truth(const struct play *play, char *reason, size_t reason_size)
{
	int best = 0;
	for (int i = 1; i < PLAY_OPTIONS; i++)
		if (play->truths[i] > play->truths[best])
			best = i;
	if (play->truths[best] >= POLL_LOOKS && play->truths[best] * 5 >= play->looks * 4)
		return best;
	snprintf(reason, reason_size, "%s",
		*play->undecided_why ? play->undecided_why : "the looks at it disagree");
	return -1;
}

bool play_decided(const struct play *play)
{
	char reason[128];
	if (play->looks < POLL_LOOKS)
		return false;
	for (unsigned i = 0; i < play->scene->verdicts_n; i++)
		if (follows(play, &play->scene->verdicts[i]) &&
			poll_answer(&play->polls.at[i], NULL, 0) == SCENE_UNDECIDED)
			return false;
	unsigned n;
	scene_kills(play->scene, play->action, &n);
	for (unsigned i = 0; i < n; i++)
		if (poll_answer(&play->kill_polls[i], NULL, 0) == SCENE_UNDECIDED)
			return false;
	return !play->question || play_truth(play, reason, sizeof(reason)) >= 0;
}

bool play_lacks(const struct play *play)
{
	for (unsigned i = 0; i < play->scene->verdicts_n; i++) {
		const struct poll *poll = &play->polls.at[i];
		if (follows(play, &play->scene->verdicts[i]) && poll->undecided &&
			poll->undecided >= poll->yes + poll->no)
			return true;
	}
	return play->question && play->undecided * 2 >= play->looks;
}

/* Copies a template, what its braces give between marks. */
static void render_marked(struct buf *out, const char *template, const struct scene_facts *facts)
{
	static const char mark[] = { CAPTION_MARK, 0 }, unmark[] = { CAPTION_UNMARK, 0 };
	while (*template) {
		size_t plain = strcspn(template, "{}");
		buf_add(out, template, plain);
		template += plain;
		if (!*template)
			break;
		const char *end = strchr(template, '}');
		if (template[0] == '}' || template[1] == '{' || !end) { /* "{{", "}}" */
			buf_add(out, template, 1);
			template += template[1] == template[0] ? 2 : 1;
			continue;
		}
		char *one = xasprintf("%.*s", (int)(end + 1 - template), template);
		buf_adds(out, mark);
		scene_render(out, one, facts, NULL, 0);
		buf_adds(out, unmark);
		free(one);
		template = end + 1;
	}
}

static void look_at_captions(struct play *play, const struct scene_facts *facts)
{
	const struct scene_action *action = play->action;
	const char *punch = action->punch ? action->punch : play->scene->punch;
	play->after_texts.n = MIN(action->after_n, (unsigned)PLAY_TEXTS);
	for (unsigned i = 0; i < play->after_texts.n; i++) {
		buf_clear(&play->after_texts.at[i]);
		render_marked(&play->after_texts.at[i], action->after[i], facts);
	}
	buf_clear(&play->punch);
	buf_clear(&play->big);
	buf_clear(&play->big_label);
	if (punch)
		scene_render(&play->punch, punch, facts, NULL, 0);
	if (!action->big)
		return;
	scene_render(&play->big, action->big->value, facts, NULL, 0);
	scene_render(&play->big_label, action->big->label, facts, NULL, 0);
}

void play_take_down(struct play *play, const struct scene_facts *facts)
{
	for (unsigned i = 0; i < play->scene->verdicts_n && play->card; i++)
		if (follows(play, &play->scene->verdicts[i]))
			card_add(play->card, play->scene, &play->scene->verdicts[i],
				&play->polls.at[i], facts);
}

void play_look(struct play *play, const struct scene_facts *facts)
{
	look_at_verdicts(play, facts);
	look_at_kills(play, facts);
	look_at_question(play, facts);
	look_at_captions(play, facts);
}
