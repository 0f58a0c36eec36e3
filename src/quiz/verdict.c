/* SPDX-License-Identifier: MIT
 * Judges: what repeated looks at a condition amount to, and what the scenes together say of a claim, part by part.
 */

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
		[VERDICT_PART] = "part shown",
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
	entry->part = verdict->part ? claim_part_find(verdict->claim, verdict->part) : NULL;
	entry->number[0] = '\0';
	scene_render(&text, &verdict->number, facts, NULL, 0);
	safe_text(entry->number, sizeof(entry->number), text.text ? text.text : "", text.len);
	buf_clear(&text);
	entry->limits = verdict->limits;
	entry->answer = verdict_render(&text, verdict, poll, facts);
	safe_text(entry->text, sizeof(entry->text), text.text, text.len);
	buf_finish(&text);
}

/* --- claims --- */

static const struct card_entry *entry_of_part(
	const struct card *card, const struct claim_part *part)
{
	const struct card_entry *entry;

	vec_each (entry, &card->entries)
		if (entry->part == part)
			return entry;
	return NULL;
}

static enum part_state state_of(const struct card_entry *entry)
{
	static const enum part_state states[] = { [SCENE_NO] = PART_NOT_SO,
		[SCENE_YES] = PART_SHOWN,
		[SCENE_UNDECIDED] = PART_UNDECIDED };

	return entry ? states[entry->answer] : PART_NOT_RUN;
}

unsigned card_parts(const struct card *card, int claim, struct card_part *parts)
{
	unsigned n = 0;

	for (size_t i = 0; i < claim_parts_n && n < CLAIM_PARTS_MAX; i++) {
		if (claim_parts[i].claim != claim)
			continue;
		const struct card_entry *entry = entry_of_part(card, &claim_parts[i]);
		parts[n++] = (struct card_part) { &claim_parts[i], state_of(entry), entry };
	}
	return n;
}

enum verdict card_claim(const struct card *card, int claim)
{
	struct card_part parts[CLAIM_PARTS_MAX];
	unsigned n = card_parts(card, claim, parts), of[PART_STATES] = { 0 };

	for (unsigned i = 0; i < n; i++)
		of[parts[i].state]++;
	if (of[PART_NOT_RUN] == n)
		return VERDICT_NOT_RUN;
	if (of[PART_SHOWN] == n)
		return VERDICT_TRUE;
	if (of[PART_NOT_SO] == n)
		return VERDICT_CONTRADICTED;
	if (of[PART_SHOWN] + of[PART_NOT_SO] == n)
		return VERDICT_CONDITION;
	return of[PART_SHOWN] + of[PART_NOT_SO] ? VERDICT_PART : VERDICT_UNDECIDED;
}

bool verdict_is_whole(enum verdict verdict)
{
	return verdict == VERDICT_TRUE || verdict == VERDICT_CONDITION ||
	       verdict == VERDICT_CONTRADICTED;
}

const char *part_state_name(enum part_state state)
{
	static const char *const names[PART_STATES] = {
		[PART_NOT_SO] = "not so",
		[PART_UNDECIDED] = "not shown here",
		[PART_SHOWN] = "shown",
		[PART_NOT_RUN] = "not run",
	};

	return names[state];
}

static void put_part(struct buf *out, const struct card_part *part)
{
	buf_adds(out, part->part->name);
	if (part->state == PART_UNDECIDED)
		buf_addf(out, " (%s)", part->entry->text);
	else if (part->entry && part->entry->number[0])
		buf_addf(out, " %s", part->entry->number);
}

void card_claim_text(const struct card *card, int claim, struct buf *out)
{
	struct card_part parts[CLAIM_PARTS_MAX];
	unsigned n = card_parts(card, claim, parts);
	bool any = false;

	for (int state = 0; state < PART_STATES; state++) {
		bool first = true;
		for (unsigned i = 0; i < n; i++) {
			if (parts[i].state != (enum part_state)state)
				continue;
			if (first)
				buf_addf(out, "%s%s: ", any ? "; " : "",
					part_state_name((enum part_state)state));
			else
				buf_adds(out, ", ");
			put_part(out, &parts[i]);
			first = false;
			any = true;
		}
	}
}

int card_order(const struct card *card, int *claims)
{
	int n = 0, run;

	for (int claim = 1; claim <= CLAIMS; claim++)
		if (verdict_is_whole(card_claim(card, claim)))
			claims[n++] = claim;
	for (int claim = 1; claim <= CLAIMS; claim++) {
		enum verdict verdict = card_claim(card, claim);
		if (!verdict_is_whole(verdict) && verdict != VERDICT_NOT_RUN)
			claims[n++] = claim;
	}
	run = n;
	for (int claim = 1; claim <= CLAIMS; claim++)
		if (card_claim(card, claim) == VERDICT_NOT_RUN)
			claims[n++] = claim;
	return run;
}

void card_finish(struct card *card)
{
	vec_finish(&card->entries);
}
