/* SPDX-License-Identifier: MIT
 * Writes a question, its options, and what follows from the answer, one message at a time.
 */

#include "internal.h"

/* --- what is asked --- */

/* How an option stands: the right one, the one that was chosen, or neither. */
static struct caption_line option_sign(const struct asking *asking, int option)
{
	bool seen = asking->state == ASKING_SEES;
	if (seen && option == asking->truth)
		return (struct caption_line) { .sign = " ✓", .tone = CAPTION_GOOD };
	if (asking->choice < 0 || option != asking->choice)
		return (struct caption_line) { .tone = CAPTION_PLAIN };
	if (seen && asking->truth >= 0)
		return (struct caption_line) { .sign = " ✗", .tone = CAPTION_BAD };
	return (struct caption_line) { .sign = " ▸", .tone = CAPTION_UNSURE };
}

static void put_options(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	for (unsigned i = 0; i < asking->question->options_n; i++) {
		int option = asking->order[i];
		const struct caption_line how = option_sign(asking, option);
		char sign[40];
		snprintf(sign, sizeof(sign), "%u%s", i + 1, how.sign);
		caption_add(&lesson->caption, CAPTION_OPTION, how.tone, sign,
			asking->question->options[option].text);
	}
}

/* --- what came of it, one message after the other --- */

static bool tells(const struct lesson *lesson, enum message message)
{
	const struct asking *asking = &lesson->asking;
	if (!asking->question)
		return lesson->run.action && lesson->run.arrived;
	return asking->state == ASKING_SEES &&
	       (asking->message == message || asking->message == MESSAGE_ALL);
}

/* Where all of it stands at once, a tour leaves out first what was told one by one. */
static bool is_later(const struct lesson *lesson)
{
	return !lesson->quiz && lesson->asking.message == MESSAGE_ALL;
}

static void put_prediction(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	enum caption_part part = is_later(lesson) ? CAPTION_LATER : CAPTION_PREDICTION;
	enum caption_tone tone = CAPTION_UNSURE;
	char text[256];
	if (asking->truth < 0) {
		snprintf(text, sizeof(text), "cannot be decided here%s: %s",
			lesson->quiz ? ", so it is not scored" : "", asking->why);
	} else if (asking->choice < 0) {
		snprintf(text, sizeof(text), "none was made");
	} else if (asking->choice == asking->truth) {
		tone = CAPTION_GOOD;
		snprintf(text, sizeof(text), "right");
	} else {
		tone = CAPTION_BAD;
		snprintf(text, sizeof(text), "wrong. This machine shows: %s",
			asking->question->options[asking->truth].text);
	}
	/* Who watches a film has chosen nothing, or something else. */
	caption_add(&lesson->caption, part, tone,
		lesson->options.automatic ? "a first guess:" : "your prediction:", text);
}

/* Why what was chosen is wrong. */
static void put_feedback(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	bool wrong = asking->choice >= 0 && asking->truth >= 0 && asking->choice != asking->truth;
	const char *feedback = wrong ? asking->question->options[asking->choice].feedback : NULL;
	if (feedback && !is_later(lesson))
		caption_add(
			&lesson->caption, CAPTION_PREDICTION, CAPTION_PLAIN, "why not:", feedback);
	for (unsigned i = 0; i < asking->question->options_n; i++) {
		const char *of = asking->question->options[asking->order[i]].feedback;
		caption_add(&lesson->caption, CAPTION_FEEDBACK, CAPTION_PLAIN, "", of ? of : "");
	}
}

static void put_explanation(struct lesson *lesson, const char *sign, const char *text)
{
	enum caption_part part = is_later(lesson) ? CAPTION_LATER : CAPTION_EXPLAIN;
	if (text && *text)
		caption_add(&lesson->caption, part, CAPTION_PLAIN, sign, text);
}

static void put_why(struct lesson *lesson)
{
	const struct scene_facts facts = scene_run_facts(&lesson->run);
	struct buf text = { 0 };
	if (!lesson->quiz)
		caption_meaning(lesson);
	if (lesson->asking.question)
		scene_render(&text, &lesson->asking.question->explain, &facts, NULL, 0);
	if (text.len)
		put_explanation(lesson, "seen:", text.text);
	buf_finish(&text);
}

static void put_trap(struct lesson *lesson, const struct scene_question *question)
{
	const char *answer = asking_trap_answer(question);
	char *asked =
		xasprintf("%.*s", (int)(strlen(question->trap) - strlen(answer)), question->trap);
	put_explanation(lesson, "then:", asked);
	if (tells(lesson, MESSAGE_ANSWER))
		put_explanation(lesson, "answer:", answer);
	free(asked);
}

static void put_messages(struct lesson *lesson)
{
	const struct scene_question *question = lesson->asking.question;
	const char *nuance = lesson->run.scene->nuance;
	if (question && tells(lesson, MESSAGE_VERDICT) && !lesson->options.interview) {
		put_prediction(lesson);
		put_feedback(lesson);
	}
	if (tells(lesson, MESSAGE_WHY))
		put_why(lesson);
	if (nuance && tells(lesson, MESSAGE_NUANCE))
		caption_add(&lesson->caption, CAPTION_NUANCE, CAPTION_PLAIN, "", nuance);
	if (question && tells(lesson, MESSAGE_INTERVIEW))
		put_explanation(lesson, "in short:", question->interview);
	if (question && question->trap &&
		(tells(lesson, MESSAGE_FOLLOW_UP) || tells(lesson, MESSAGE_ANSWER)))
		put_trap(lesson, question);
}

static const char *const message_names[MESSAGES] = {
	[MESSAGE_ALL] = "all",
	[MESSAGE_VERDICT] = "verdict",
	[MESSAGE_WHY] = "why",
	[MESSAGE_NUANCE] = "nuance",
	[MESSAGE_INTERVIEW] = "interview sentence",
	[MESSAGE_FOLLOW_UP] = "follow-up",
	[MESSAGE_ANSWER] = "its answer",
};

static bool has_more(const struct lesson *lesson)
{
	return lesson->asking.state == ASKING_SEES && lesson->asking.message != MESSAGE_ALL;
}

/* The options stand until it is told which was right; in the quiz, beside all that was told, too. */
void caption_asking(struct lesson *lesson)
{
	const struct asking *asking = &lesson->asking;
	struct caption *caption = &lesson->caption;
	bool told = asking->state == ASKING_SEES && asking->message != MESSAGE_VERDICT;
	if (asking->question && !lesson->quiz && asking->state != ASKING_SEES)
		caption_add(caption, CAPTION_ASK, CAPTION_PLAIN, "", asking->question->question);
	bool spoken = lesson->options.interview && asking->state != ASKING_SEES;
	if (asking->question && !spoken &&
		(!told || (lesson->quiz && asking->message == MESSAGE_ALL)))
		put_options(lesson);
	put_messages(lesson);
	if (has_more(lesson))
		snprintf(caption->state, sizeof(caption->state), "Enter: %s",
			message_names[asking_next_message(lesson)]);
}

void caption_asking_keys(struct lesson *lesson)
{
	struct caption *caption = &lesson->caption;
	if (has_more(lesson))
		caption_key(
			caption, KEYCODE_ENTER, false, message_names[asking_next_message(lesson)]);
	if (!asking_is_open(lesson))
		return;
	if (lesson->options.interview) {
		caption_key(caption, KEYCODE_ENTER, false, "model answer");
		return;
	}
	for (unsigned i = 0; i < lesson->asking.question->options_n; i++)
		caption_key(caption, '1' + (int)i, false, "");
	caption_key(caption, 'n', false, "pass");
}
