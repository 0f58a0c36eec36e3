/* SPDX-License-Identifier: MIT
 * Knows when repeated looks make an answer, and what the scenes together say of a claim.
 */
#include <stdio.h>
#include <string.h>

#include "quiz.h"

/* --- one condition --- */

void poll_add(struct poll *poll, enum scene_answer answer, const char *reason)
{
	if (answer == SCENE_YES)
		poll->yes++;
	else if (answer == SCENE_NO)
		poll->no++;
	else if (poll->undecided++ == 0)
		snprintf(poll->reason, sizeof(poll->reason), "%s", reason ? reason : "");
}

static enum scene_answer undecided(const char *why, char *reason, size_t reason_size)
{
	if (reason)
		snprintf(reason, reason_size, "%s", why);
	return SCENE_UNDECIDED;
}

enum scene_answer poll_answer(const struct poll *poll, char *reason, size_t reason_size)
{
	int decided = poll->yes + poll->no;
	char why[80];

	if (poll->undecided > 0 && poll->undecided >= decided)
		return undecided(poll->reason[0] ? poll->reason : "not known", reason, reason_size);
	if (decided < POLL_LOOKS)
		return undecided("not looked at often enough", reason, reason_size);
	if (poll->yes * 5 >= decided * 4)
		return SCENE_YES;
	if (poll->no * 5 >= decided * 4)
		return SCENE_NO;
	snprintf(
		why, sizeof(why), "it held in %d of %d looks: no clear answer", poll->yes, decided);
	return undecided(why, reason, reason_size);
}

/* --- the card --- */

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICTS] = {
		[VERDICT_NOT_RUN] = "not run",
		[VERDICT_UNDECIDED] = "cannot be decided here",
		[VERDICT_TRUE] = "true",
		[VERDICT_CONDITION] = "true with a condition",
		[VERDICT_CONTRADICTED] = "contradicted",
	};
	return names[verdict];
}

enum scene_answer verdict_render(struct buf *out, const struct scene_verdict *verdict,
	const struct poll *poll, const struct scene_facts *facts)
{
	char reason[128] = "";
	enum scene_answer answer = poll_answer(poll, reason, sizeof(reason));

	if (answer != SCENE_UNDECIDED) {
		scene_render(out, answer == SCENE_YES ? &verdict->holds : &verdict->fails, facts,
			NULL, 0);
		return answer;
	}
	if (verdict->unknown.text) {
		scene_render(out, &verdict->unknown, facts, NULL, 0);
		buf_adds(out, ": ");
	}
	buf_adds(out, reason);
	return answer;
}

static struct card_entry *entry_of(
	struct card *card, const struct scene *scene, const struct scene_verdict *verdict)
{
	struct card_entry *entry;
	int16_t place = (int16_t)(verdict - scene->verdicts);

	vec_each (entry, &card->entries) {
		if (strcmp(entry->scene, scene->name) == 0 && entry->place == place)
			return entry;
	}
	entry = vec_push(&card->entries);
	snprintf(entry->scene, sizeof(entry->scene), "%s", scene->name);
	entry->place = place;
	return entry;
}

void card_add(struct card *card, const struct scene *scene, const struct scene_verdict *verdict,
	const struct poll *poll, const struct scene_facts *facts)
{
	struct card_entry *entry = entry_of(card, scene, verdict);
	struct buf text = { 0 };

	entry->claim = verdict->claim;
	entry->limits = verdict->limits;
	entry->answer = verdict_render(&text, verdict, poll, facts);
	safe_text(entry->text, sizeof(entry->text), text.text, text.len);
	buf_finish(&text);
}

/* What the entries of one claim amount to; the first of each kind. */
struct tally {
	const struct card_entry *yes, *no, *limit, *undecided, *any;
};

static struct tally count_entries(const struct card *card, int claim)
{
	struct tally tally = { 0 };
	const struct card_entry *entry;

	vec_each (entry, &card->entries) {
		const struct card_entry **kind =
			entry->answer == SCENE_UNDECIDED ? &tally.undecided
			: entry->limits ? (entry->answer == SCENE_YES ? &tally.limit : &tally.any)
			: entry->answer == SCENE_YES ? &tally.yes
						     : &tally.no;
		if (entry->claim == claim && !*kind)
			*kind = entry;
	}
	return tally;
}

enum verdict card_claim(const struct card *card, int claim, const struct card_entry **ret_entry)
{
	struct tally tally = count_entries(card, claim);
	enum verdict verdict = VERDICT_NOT_RUN;
	const struct card_entry *entry = NULL;

	if (tally.yes) {
		entry = tally.limit ? tally.limit : tally.no ? tally.no : tally.yes;
		verdict = tally.limit || tally.no ? VERDICT_CONDITION : VERDICT_TRUE;
	} else if (tally.no) {
		entry = tally.no;
		verdict = VERDICT_CONTRADICTED;
	} else if (tally.undecided || tally.limit || tally.any) {
		entry = tally.undecided ? tally.undecided : tally.limit ? tally.limit : tally.any;
		verdict = VERDICT_UNDECIDED;
	}
	if (ret_entry)
		*ret_entry = entry;
	return verdict;
}

void card_clear(struct card *card)
{
	vec_clear(&card->entries);
}

void card_finish(struct card *card)
{
	vec_finish(&card->entries);
}
