/* SPDX-License-Identifier: MIT
 * Deals, scores and repeats the quiz. The answer to a question is never stored: it is the one option whose
 * condition holds for the facts now.
 */

#include "internal.h"

/* --- chance: splitmix64, so that a seed means the same on every machine --- */

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t random_below(uint64_t *state, size_t n)
{
	return (size_t)(next_random(state) % n);
}

/* --- dealing --- */

static bool is_about(const struct scene_question *question, int claim)
{
	for (unsigned i = 0; i < question->claims_n; i++)
		if (claim == 0 || question->claims[i] == claim)
			return true;
	return false;
}

static void collect(struct quiz *quiz, const struct scenes *scenes, const struct quiz_plan *plan)
{
	struct scene **scene;

	vec_each (scene, &scenes->list) {
		if (plan->scene && plan->scene != *scene)
			continue;
		for (unsigned i = 0; i < (*scene)->quiz_n; i++) {
			const struct scene_question *question = &(*scene)->quiz[i];
			if ((plan->level && plan->level != question->level) ||
				!is_about(question, plan->claim))
				continue;
			*vec_push(&quiz->rows) = (struct quiz_row) {
				.card = { .scene = *scene,
					.question = question,
					.action = scene_action(*scene, question->action),
					.wrong_before = plan->memory &&
							quiz_memory_wrong(plan->memory,
								question->id) >= QUIZ_WRONG_TWICE },
				.choice = -1,
				.truth = -1,
				.seconds = NAN,
			};
		}
	}
}

static void shuffle_rows(struct quiz *quiz)
{
	for (size_t i = quiz->rows.n; i > 1; i--) {
		size_t k = random_below(&quiz->random, i);
		struct quiz_row row = quiz->rows.at[i - 1];
		quiz->rows.at[i - 1] = quiz->rows.at[k];
		quiz->rows.at[k] = row;
	}
}

static void shuffle_options(struct quiz *quiz, struct quiz_card *card)
{
	int n = (int)card->question->options_n;

	for (int i = 0; i < n; i++)
		card->order[i] = i;
	for (int i = n; i > 1; i--) {
		int k = (int)random_below(&quiz->random, (size_t)i);
		int option = card->order[i - 1];
		card->order[i - 1] = card->order[k];
		card->order[k] = option;
	}
}

/* Where a card comes: what was wrong twice before all, then easy ones first. */
static int rank_of(const struct quiz_row *row, bool by_level)
{
	if (row->card.wrong_before)
		return 0;
	return by_level ? row->card.question->level : 1;
}

/* Otherwise as shuffled. Insertion: stable, and thirty rows are few. */
static void sort_rows(struct quiz *quiz, bool by_level)
{
	for (size_t i = 1; i < quiz->rows.n; i++) {
		struct quiz_row row = quiz->rows.at[i];
		size_t k = i;
		for (; k > 0 && rank_of(&quiz->rows.at[k - 1], by_level) > rank_of(&row, by_level);
			k--)
			quiz->rows.at[k] = quiz->rows.at[k - 1];
		quiz->rows.at[k] = row;
	}
}

struct quiz *quiz_create(const struct scenes *scenes, const struct quiz_plan *plan)
{
	struct quiz *quiz = xcalloc(1, sizeof(*quiz));

	quiz->random = plan->seed;
	collect(quiz, scenes, plan);
	if (quiz->rows.n == 0) {
		quiz_destroy(quiz);
		return NULL;
	}
	shuffle_rows(quiz);
	sort_rows(quiz, false);
	if (plan->count > 0 && (size_t)plan->count < quiz->rows.n)
		quiz->rows.n = (size_t)plan->count;
	sort_rows(quiz, true);
	quiz->planned = quiz->rows.n;
	for (size_t i = 0; i < quiz->planned; i++) {
		struct quiz_card *card = &quiz->rows.at[i].card;
		card->number = (int)i + 1;
		card->of = (int)quiz->planned;
		shuffle_options(quiz, card);
	}
	return quiz;
}

void quiz_destroy(struct quiz *quiz)
{
	if (!quiz)
		return;
	vec_finish(&quiz->rows);
	free(quiz);
}

const struct quiz_card *quiz_card(const struct quiz *quiz)
{
	return quiz->at < quiz->rows.n ? &quiz->rows.at[quiz->at].card : NULL;
}

/* --- answering --- */

int quiz_truth(const struct scene_question *question, const struct scene_facts *facts, char *reason,
	size_t reason_size)
{
	int holds = -1, n = 0;
	char why[128] = "";

	for (unsigned i = 0; i < question->options_n; i++) {
		enum scene_answer answer =
			scene_condition(&question->options[i].condition, facts, why, sizeof(why));
		if (answer == SCENE_UNDECIDED) {
			snprintf(reason, reason_size, "%s", why);
			return -1;
		}
		if (answer == SCENE_YES) {
			holds = (int)i;
			n++;
		}
	}
	if (n == 1)
		return holds;
	snprintf(reason, reason_size, "%s",
		n ? "more than one answer holds on this machine"
		  : "no answer holds on this machine");
	return -1;
}

/* The wrong ones of the weakest claim come once again, in their order. */
static void add_repeats(struct quiz *quiz)
{
	int weakest = quiz_weakest(quiz);

	for (size_t i = 0; i < quiz->planned && weakest; i++) {
		if (quiz->rows.at[i].outcome != QUIZ_WRONG ||
			!is_about(quiz->rows.at[i].card.question, weakest))
			continue;
		struct quiz_row *row = vec_push(&quiz->rows);
		*row = (struct quiz_row) {
			.card = quiz->rows.at[i].card, .choice = -1, .truth = -1, .seconds = NAN
		};
		row->card.again = true;
		shuffle_options(quiz, &row->card);
	}
}

static enum quiz_outcome outcome_of(int choice, int truth)
{
	if (truth < 0)
		return QUIZ_UNDECIDED;
	if (choice < 0)
		return QUIZ_SKIPPED;
	return choice == truth ? QUIZ_RIGHT : QUIZ_WRONG;
}

static void book(struct quiz *quiz, const struct quiz_row *answer)
{
	struct quiz_row *row = &quiz->rows.at[quiz->at];

	row->outcome = answer->outcome;
	row->choice = answer->choice;
	row->truth = answer->truth;
	row->seconds = answer->seconds;
	snprintf(row->reason, sizeof(row->reason), "%s", answer->reason);
	if (++quiz->at == quiz->planned && quiz->rows.n == quiz->planned)
		add_repeats(quiz);
}

enum quiz_outcome quiz_answer(
	struct quiz *quiz, int choice, int truth, const char *reason, double seconds)
{
	struct quiz_row answer = { .outcome = outcome_of(choice, truth),
		.choice = choice,
		.truth = truth,
		.seconds = seconds };

	if (!quiz_card(quiz))
		return QUIZ_OPEN;
	if (truth < 0)
		snprintf(answer.reason, sizeof(answer.reason), "%s", reason ? reason : "");
	book(quiz, &answer);
	return answer.outcome;
}

void quiz_mark(struct quiz *quiz, bool right, int truth, double seconds)
{
	if (quiz_card(quiz))
		book(quiz, &(struct quiz_row) { .outcome = right ? QUIZ_RIGHT : QUIZ_WRONG,
				   .choice = -1,
				   .truth = truth,
				   .seconds = seconds });
}

const char *quiz_outcome_name(enum quiz_outcome outcome)
{
	static const char *const names[QUIZ_OUTCOMES] = {
		[QUIZ_OPEN] = "open",
		[QUIZ_RIGHT] = "right",
		[QUIZ_WRONG] = "wrong",
		[QUIZ_UNDECIDED] = "cannot be decided here",
		[QUIZ_SKIPPED] = "skipped",
	};
	return names[outcome];
}

/* --- the score --- */

struct quiz_score quiz_score(const struct quiz *quiz, int claim)
{
	struct quiz_score score = { 0 };

	for (size_t i = 0; i < quiz->planned; i++) {
		const struct quiz_row *row = &quiz->rows.at[i];
		if (!is_about(row->card.question, claim))
			continue;
		score.right += row->outcome == QUIZ_RIGHT;
		score.wrong += row->outcome == QUIZ_WRONG;
		score.undecided += row->outcome == QUIZ_UNDECIDED;
		score.skipped += row->outcome == QUIZ_SKIPPED;
	}
	return score;
}

int quiz_weakest(const struct quiz *quiz)
{
	int weakest = 0, right = 0, of = 1;

	for (int claim = 1; claim <= CLAIMS; claim++) {
		struct quiz_score score = quiz_score(quiz, claim);
		int asked = score.right + score.wrong;
		/* right / asked < the lowest share so far, without dividing */
		if (score.wrong > 0 && (!weakest || score.right * of < right * asked)) {
			weakest = claim;
			right = score.right;
			of = asked;
		}
	}
	return weakest;
}
