/* SPDX-License-Identifier: MIT
 * Writes what a played scene says: before and after, verdicts, and what is shown to be wrong.
 */

#include "internal.h"

#define FLASH (1500 * NSEC_PER_MSEC) /* how long what changed stands out */

void caption_texts(struct caption *caption, enum caption_part part, const struct run_texts *texts)
{
	for (unsigned i = 0; i < texts->n; i++)
		caption_add(caption, part, CAPTION_PLAIN, "", texts->at[i].text);
}

/* --- what a played scene says --- */

const char *caption_wait(enum lesson_phase phase)
{
	switch (phase) {
	case LESSON_STARTING:
		return "the crews start";
	case LESSON_SETTLING:
		return "measuring";
	case LESSON_ACTING:
		return "it is being done";
	case LESSON_EFFECT:
		return "waiting for the effect";
	case LESSON_LOOKING:
		return "looking again";
	default:
		return "";
	}
}

/* Where AFTER will stand, so that nothing moves when it comes. */
static void put_under_way(struct caption *caption, const struct scene_run *run)
{
	const struct scene_action *action = run->action ? run->action : run->next;
	if (!action || run->phase == LESSON_FAILED)
		return;
	snprintf(caption->after, sizeof(caption->after), "now: %s", action->label);
	caption_add(caption, CAPTION_AFTER, CAPTION_PLAIN, "",
		run->action ? "..." : "First the crews start again, clean.");
}

void caption_before_and_after(struct caption *caption, const struct scene_run *run, nsec now)
{
	/* What was before the first action is not what was before a later one. */
	if (run->action == run->scene->actions || !run->action)
		caption_texts(caption, CAPTION_BEFORE, &run->before_texts);
	if (!run->action || !run->arrived) {
		put_under_way(caption, run);
		return;
	}
	snprintf(caption->after, sizeof(caption->after), "after: %s", run->action->label);
	caption_texts(caption, CAPTION_AFTER, &run->after_texts);
	if (*run->trouble)
		caption_add(caption, CAPTION_AFTER, CAPTION_UNSURE, "", run->trouble);
	else if (run->timed_out)
		caption_add(caption, CAPTION_AFTER, CAPTION_UNSURE, "",
			"What was waited for did not come within its time.");
	caption->flash = now - run->arrived < FLASH;
	if (!run->big.len || run->big.len >= sizeof(caption->big))
		return;
	snprintf(caption->big, sizeof(caption->big), "%s", run->big.text);
	safe_text(caption->big_label, sizeof(caption->big_label), run->big_label.text,
		run->big_label.len);
}

/* Of a verdict that decides, and of one that limits: a condition that is not met takes nothing from the claim. */
static const struct word {
	const char *sign;
	enum caption_tone tone;
} words[2][3] = {
	{ [SCENE_NO] = { "✗ NOT HERE", CAPTION_BAD },
		[SCENE_YES] = { "✓ TRUE", CAPTION_GOOD },
		[SCENE_UNDECIDED] = { "? OPEN", CAPTION_UNSURE } },
	{ [SCENE_NO] = { "no limit", CAPTION_PLAIN },
		[SCENE_YES] = { "! BUT", CAPTION_UNSURE },
		[SCENE_UNDECIDED] = { "? OPEN", CAPTION_UNSURE } },
};

/* Why a claim cannot be decided is why its condition cannot, mostly: said once. */
static bool was_said(const struct card *card, const struct card_entry *entry)
{
	const struct card_entry *before;
	vec_each (before, &card->entries)
		if (before < entry && before->claim == entry->claim &&
			strcmp(before->scene, entry->scene) == 0 && entry->limits &&
			entry->answer == SCENE_UNDECIDED && before->answer == SCENE_UNDECIDED)
			return true;
	return false;
}

/* As they were taken down: the crews go on, and what was judged stays. */
static void put_verdicts(struct caption *caption, const struct scene_run *run)
{
	const struct card_entry *entry;
	vec_each (entry, &run->card->entries) {
		if (strcmp(entry->scene, run->scene->name) != 0 ||
			scene_action(run->scene, run->scene->verdicts[entry->place].action) !=
				run->action ||
			was_said(run->card, entry))
			continue;
		const struct word *word = &words[entry->limits][entry->answer];
		char *line =
			xasprintf("\"%s\": %s", scene_claim_in_brief(entry->claim), entry->text);
		caption_add(caption, CAPTION_VERDICT, word->tone, word->sign, line);
		free(line);
	}
}

/* What is so instead. */
static void put_right(
	struct caption *caption, const struct scene_kill *kill, const struct scene_facts *facts)
{
	struct buf text = { 0 };
	scene_kill_right(&text, kill, facts);
	if (text.len)
		caption_add(caption, CAPTION_KILLS, CAPTION_RIGHT, "✓ TRUE", text.text);
	buf_finish(&text);
}

/* What people say, and whether it is so here. */
static void put_kills(struct caption *caption, struct scene_run *run)
{
	const struct scene_facts facts = scene_run_facts(run);
	unsigned n;
	const struct scene_kill *kills = scene_kills(run->scene, run->action, &n);
	for (unsigned i = 0; i < n; i++) {
		char reason[128];
		const char *answer = scene_run_kill(run, i, reason, sizeof(reason));
		bool wrong = strcmp(answer, SCENE_RUN_NOT_SO) == 0;
		char *line = xasprintf("\"%s\"%s%s", scene_kill_text(kills[i].wrong),
			*reason ? "  not shown here: " : "", reason);
		caption_add(caption, CAPTION_KILLS, wrong ? CAPTION_WRONG : CAPTION_PLAIN,
			wrong ? "✗ WRONG" : "?", line);
		free(line);
		if (wrong)
			put_right(caption, &kills[i], &facts);
	}
}

/* What follows from the action: its point, the claims that it decides, what it shows to be wrong. */
void caption_meaning(struct lesson *lesson)
{
	struct scene_run *run = &lesson->run;
	struct caption *caption = &lesson->caption;
	if (run->punch.len)
		caption_add(caption, CAPTION_PUNCH, CAPTION_PLAIN, "", run->punch.text);
	if (run->phase != LESSON_DONE)
		return;
	put_verdicts(caption, run);
	put_kills(caption, run);
}
