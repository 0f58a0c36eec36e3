/* SPDX-License-Identifier: MIT
 * Judging: what looks amount to, the card of claims. Asking: dealing by seed, scoring by claim, repeats, reports.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "quiz.h"

/* --- looks --- */

static struct poll poll_of(int yes, int no, int undecided)
{
	struct poll poll = { 0 };

	for (int i = 0; i < yes; i++)
		poll_add(&poll, SCENE_YES, NULL);
	for (int i = 0; i < no; i++)
		poll_add(&poll, SCENE_NO, NULL);
	for (int i = 0; i < undecided; i++)
		poll_add(&poll, SCENE_UNDECIDED, i ? "later" : "kcmp is refused");
	return poll;
}

static void assert_poll(int yes, int no, int undecided, enum scene_answer wanted, const char *why)
{
	struct poll poll = poll_of(yes, no, undecided);
	char reason[128] = "";

	assert_int_equal(poll_answer(&poll, reason, sizeof(reason)), wanted);
	assert_string_equal(reason, why);
}

static void test_looks_that_agree_decide(void **state)
{
	assert_poll(3, 0, 0, SCENE_YES, "");
	assert_poll(0, 3, 0, SCENE_NO, "");
	assert_poll(4, 1, 0, SCENE_YES, "");
	assert_poll(1, 4, 2, SCENE_NO, "");
}

static void test_looks_that_differ_or_lack_decide_nothing(void **state)
{
	assert_poll(2, 0, 0, SCENE_UNDECIDED, "not looked at often enough");
	assert_poll(3, 1, 0, SCENE_UNDECIDED, "it held in 3 of 4 looks: no clear answer");
	assert_poll(3, 0, 3, SCENE_UNDECIDED, "kcmp is refused");
	assert_poll(0, 0, 1, SCENE_UNDECIDED, "kcmp is refused");
	assert_poll(0, 0, 0, SCENE_UNDECIDED, "not looked at often enough");
}

/* --- the card --- */

static void lookup(void *context, const struct scene_path *path, struct scene_value *ret)
{
	*ret = strcmp(path->text, "left.n") == 0 ? scene_number(*(const double *)context)
						 : scene_unknown("there is no such fact");
}

#define TEXT(text_)                                                                                \
	{                                                                                          \
		.text = (char *)(text_)                                                            \
	}
static struct scene_code *code;
static struct scene_snapshot now;

/* Facts with left.n as it is now. */
static struct scene_facts facts_of(double n)
{
	scene_snapshot_take(&now, code, lookup, &n);
	return (struct scene_facts) { .code = code, .now = &now };
}

/* Claim 8 has two parts: "fast" of the scene talk, "corrupt" of the scene wild-pointer. */
static char fast[] = "fast", corrupt[] = "corrupt", talk_name[] = "talk",
	    pointer_name[] = "wild-pointer";
static struct scene_verdict of_talk[] = {
	{ .claim = 8,
		.part = fast,
		.holds = TEXT("{left.n} holds"),
		.fails = TEXT("{left.n} fails"),
		.number = TEXT("x {left.n}") },
	{ .claim = 8, .holds = TEXT("limited"), .fails = TEXT("not limited"), .limits = true },
};
static struct scene_verdict of_pointer[] = {
	{ .claim = 8, .part = corrupt, .holds = TEXT("it did"), .fails = TEXT("it did not") },
};
static struct scene talk = { .name = talk_name, .verdicts = of_talk, .verdicts_n = 2 };
static struct scene pointer = { .name = pointer_name, .verdicts = of_pointer, .verdicts_n = 1 };

static void add(struct card *card, const struct scene *scene, int verdict, enum scene_answer answer)
{
	struct scene_facts facts = facts_of(42);
	struct poll poll = poll_of(answer == SCENE_YES ? 3 : 0, answer == SCENE_NO ? 3 : 0,
		answer == SCENE_UNDECIDED ? 3 : 0);

	card_add(card, scene, &scene->verdicts[verdict], &poll, &facts);
}

static void assert_claim(
	const struct card *card, int claim, enum verdict wanted, const char *wanted_text)
{
	struct buf text = { 0 };

	card_claim_text(card, claim, &text);
	assert_int_equal(card_claim(card, claim), wanted);
	assert_string_equal(text.text, wanted_text);
	buf_finish(&text);
}

static void test_a_claim_is_true_only_with_all_its_parts(void **state)
{
	struct card card = { 0 };

	assert_claim(&card, 8, VERDICT_NOT_RUN, "not run: fast, corrupt");
	add(&card, &talk, 0, SCENE_YES);
	assert_claim(&card, 8, VERDICT_PART, "shown: fast x 42; not run: corrupt");
	/* what is no part of it takes nothing from it, and gives nothing */
	add(&card, &talk, 1, SCENE_YES);
	assert_claim(&card, 8, VERDICT_PART, "shown: fast x 42; not run: corrupt");
	add(&card, &pointer, 0, SCENE_YES);
	assert_claim(&card, 8, VERDICT_TRUE, "shown: fast x 42, corrupt");
	assert_int_equal(card_claim(&card, 1), VERDICT_NOT_RUN);
	card_finish(&card);
}

static void test_a_part_that_is_not_so_stays_visible(void **state)
{
	struct card card = { 0 };

	add(&card, &pointer, 0, SCENE_NO);
	assert_claim(&card, 8, VERDICT_PART, "not so: corrupt; not run: fast");
	add(&card, &talk, 0, SCENE_YES);
	assert_claim(&card, 8, VERDICT_CONDITION, "not so: corrupt; shown: fast x 42");
	add(&card, &talk, 0, SCENE_NO);
	assert_claim(&card, 8, VERDICT_CONTRADICTED, "not so: fast x 42, corrupt");
	card_finish(&card);
}

static void test_what_is_not_shown_says_why(void **state)
{
	struct card card = { 0 };

	add(&card, &talk, 0, SCENE_UNDECIDED);
	assert_claim(&card, 8, VERDICT_UNDECIDED,
		"not shown here: fast (kcmp is refused); not run: corrupt");
	add(&card, &pointer, 0, SCENE_YES);
	assert_claim(
		&card, 8, VERDICT_PART, "not shown here: fast (kcmp is refused); shown: corrupt");
	card_finish(&card);
}

/* The same answers in any order of the scenes; and one that knows less never says more. */
static void test_the_order_of_scenes_does_not_matter(void **state)
{
	static const enum scene_answer answers[] = { SCENE_NO, SCENE_YES, SCENE_UNDECIDED };

	for (int a = 0; a < 3; a++)
		for (int b = 0; b < 3; b++) {
			struct card one = { 0 }, other = { 0 }, less = { 0 };
			struct buf text = { 0 };

			add(&one, &talk, 0, answers[a]);
			add(&one, &pointer, 0, answers[b]);
			add(&other, &pointer, 0, answers[b]);
			add(&other, &talk, 0, answers[a]);
			card_claim_text(&one, 8, &text);
			assert_claim(&other, 8, card_claim(&one, 8), text.text);
			add(&less, &talk, 0, answers[a]);
			assert_false(verdict_is_whole(card_claim(&less, 8)));
			buf_finish(&text);
			card_finish(&one);
			card_finish(&other);
			card_finish(&less);
		}
}

static void test_whole_claims_are_told_first(void **state)
{
	struct card card = { 0 };
	int claims[CLAIMS];

	assert_int_equal(card_order(&card, claims), 0);
	assert_int_equal(claims[0], 1);
	add(&card, &pointer, 0, SCENE_YES);
	assert_int_equal(card_order(&card, claims), 1);
	assert_int_equal(claims[0], 8);
	assert_int_equal(claims[8], 9);
	card_finish(&card);
}

static void test_a_scene_run_again_replaces_what_it_said(void **state)
{
	struct card card = { 0 };

	add(&card, &talk, 0, SCENE_NO);
	add(&card, &talk, 0, SCENE_YES);
	assert_int_equal(card.entries.n, 1);
	assert_claim(&card, 8, VERDICT_PART, "shown: fast x 42; not run: corrupt");
	vec_clear(&card.entries);
	assert_int_equal(card_claim(&card, 8), VERDICT_NOT_RUN);
	card_finish(&card);
}

/* --- the quiz: six questions in two scenes --- */

static char text_a[] = "a \"quoted\", text", text_b[] = "b";
static struct scene_option options[] = { { text_a, TEXT("left.n > 0") },
	{ text_b, TEXT("left.n <= 0") } };
static struct scene_option undecidable[] = { { text_a, TEXT("left.m = 1") },
	{ text_b, TEXT("left.n <= 0") } };
static struct scene_option ambiguous[] = { { text_a, TEXT("true") }, { text_b, TEXT("true") } };
static int claim1[] = { 1 }, claim12[] = { 1, 2 }, claim3[] = { 3 };

#define QUESTION(id_, level_, claims_, n, options_)                                                \
	{                                                                                          \
		.id = (id_), .level = (level_), .claims = (claims_), .claims_n = (n),              \
		.options = (options_), .options_n = 2,                                             \
	}

static struct scene_question first[] = { QUESTION(1, 3, claim1, 1, options),
	QUESTION(2, 1, claim12, 2, options), QUESTION(3, 2, claim3, 1, options) };
static struct scene_question second[] = { QUESTION(4, 1, claim3, 1, options),
	QUESTION(5, 2, claim1, 1, undecidable), QUESTION(6, 3, claim3, 1, ambiguous) };
static char name_a[] = "scene-a", name_b[] = "scene-b";
static struct scene_action action;
static struct scene scene_a = {
	.name = name_a, .quiz = first, .quiz_n = 3, .actions = &action, .actions_n = 1
};
static struct scene scene_b = {
	.name = name_b, .quiz = second, .quiz_n = 3, .actions = &action, .actions_n = 1
};
static struct scene *both_scenes[] = { &scene_a, &scene_b };
static const struct scenes scenes = { .list = { both_scenes, 2, 2 } };

static int deal(uint64_t seed, int level, int claim, int count, int *ids, int *orders)
{
	const struct quiz_plan plan = { seed, level, claim, count, NULL };
	struct quiz *quiz = quiz_create(&scenes, &plan);
	int n = 0;

	for (const struct quiz_card *card; quiz && (card = quiz_card(quiz));) {
		assert_int_equal(card->number, n + 1);
		assert_ptr_equal(card->action, &action);
		orders[n] = card->order[0] * 10 + card->order[1];
		ids[n++] = card->question->id;
		quiz_answer(quiz, 0, 0, NULL, NAN);
	}
	quiz_destroy(quiz);
	return n;
}

static void test_a_seed_deals_the_same_again_and_easy_ones_first(void **state)
{
	int ids[6], again[6], orders[6], orders_again[6];
	bool differs = false;

	assert_int_equal(deal(7, 0, 0, 0, ids, orders), 6);
	assert_int_equal(deal(7, 0, 0, 0, again, orders_again), 6);
	assert_memory_equal(ids, again, sizeof(ids));
	assert_memory_equal(orders, orders_again, sizeof(orders));
	assert_true(ids[0] == 2 || ids[0] == 4);
	assert_true(ids[5] == 1 || ids[5] == 6);
	for (uint64_t seed = 0; seed < 20; seed++) {
		assert_int_equal(deal(seed, 0, 0, 0, again, orders_again), 6);
		differs |= memcmp(ids, again, sizeof(ids)) != 0;
		for (int i = 0; i < 6; i++)
			assert_true(orders_again[i] == 1 || orders_again[i] == 10);
	}
	assert_true(differs);
}

static void test_a_seed_means_the_same_on_every_machine(void **state)
{
	static const int wanted[] = { 2, 4, 3, 5, 1, 6 };
	int ids[6], orders[6];

	assert_int_equal(deal(1, 0, 0, 0, ids, orders), 6);
	for (int i = 0; i < 6; i++)
		assert_int_equal(ids[i], wanted[i]);
}

static void test_level_claim_and_count_choose(void **state)
{
	int ids[6], orders[6];
	const struct quiz_plan none = { .level = 1, .claim = 9 };

	assert_int_equal(deal(1, 1, 0, 0, ids, orders), 2);
	assert_int_equal(deal(1, 0, 2, 0, ids, orders), 1);
	assert_int_equal(ids[0], 2);
	assert_int_equal(deal(1, 2, 3, 0, ids, orders), 1);
	assert_int_equal(deal(1, 0, 0, 4, ids, orders), 4);
	assert_null(quiz_create(&scenes, &none));
	quiz_destroy(NULL);
}

static void assert_truth(
	const struct scene_question *question, double n, int wanted, const char *why)
{
	struct scene_facts facts = facts_of(n);
	char reason[128] = "";

	assert_int_equal(quiz_truth(question, &facts, reason, sizeof(reason)), wanted);
	assert_string_equal(reason, why);
}

static void test_one_scene_asks_its_own_questions_alone(void **state)
{
	struct quiz_plan plan = { .seed = 5 };
	int asked = 0;

	plan.scene = scenes.list.at[0];
	struct quiz *quiz = quiz_create(&scenes, &plan);
	assert_non_null(quiz);
	for (; quiz_card(quiz); asked++) {
		assert_ptr_equal(quiz_card(quiz)->scene, plan.scene);
		assert_int_equal(quiz_card(quiz)->of, plan.scene->quiz_n);
		quiz_answer(quiz, 0, 0, NULL, 1);
	}
	assert_int_equal(asked, plan.scene->quiz_n);
	quiz_destroy(quiz);
}

static void test_the_answer_comes_from_facts(void **state)
{
	assert_truth(&first[0], 5, 0, "");
	assert_truth(&first[0], -5, 1, "");
	assert_truth(&first[0], NAN, -1, "left.n: not known");
	assert_truth(&second[1], 5, -1, "left.m: there is no such fact");
	assert_truth(&second[2], 5, -1, "more than one answer holds on this machine");
}

/* Answers all: those about the claim wrong. */
static struct quiz *answer_all(int wrong_claim)
{
	const struct quiz_plan plan = { .seed = 3 };
	struct quiz *quiz = quiz_create(&scenes, &plan);

	for (int i = 0; i < 6; i++) {
		const struct scene_question *question = quiz_card(quiz)->question;
		struct scene_facts facts = facts_of(1);
		char reason[128] = "";
		int truth = quiz_truth(question, &facts, reason, sizeof(reason));
		bool wrong = question->claims[0] == wrong_claim;
		quiz_answer(quiz, wrong ? 1 : 0, truth, reason, 2.5);
	}
	return quiz;
}

static void test_scores_count_by_claim_and_leave_out_the_undecidable(void **state)
{
	struct quiz *quiz = answer_all(3);
	struct quiz_score all = quiz_score(quiz, 0), one = quiz_score(quiz, 1),
			  two = quiz_score(quiz, 2), three = quiz_score(quiz, 3);

	assert_true(all.right == 2 && all.wrong == 2 && all.undecided == 2 && all.skipped == 0);
	assert_true(one.right == 2 && one.wrong == 0 && one.undecided == 1);
	assert_true(two.right == 1 && two.wrong == 0);
	assert_true(three.right == 0 && three.wrong == 2 && three.undecided == 1);
	assert_int_equal(quiz_weakest(quiz), 3);
	quiz_destroy(quiz);
}

/* What was said aloud counts as it is marked, whether or not the machine decides. */
static void test_who_answers_aloud_marks_it(void **state)
{
	const struct quiz_plan plan = { .seed = 1 };
	struct quiz *quiz = quiz_create(&scenes, &plan);

	quiz_mark(quiz, true, -1, 3);
	quiz_mark(quiz, false, 0, 3);
	assert_int_equal(quiz_score(quiz, 0).right, 1);
	assert_int_equal(quiz_score(quiz, 0).wrong, 1);
	assert_int_equal(quiz_score(quiz, 0).undecided, 0);
	quiz_destroy(quiz);
}

static void test_the_weakest_claim_is_asked_again_and_not_scored(void **state)
{
	struct quiz *quiz = answer_all(3);
	int repeats = 0;

	for (const struct quiz_card *card; (card = quiz_card(quiz)); repeats++) {
		assert_true(card->again);
		assert_int_equal(card->question->claims[0], 3);
		assert_int_equal(quiz_answer(quiz, 0, 0, NULL, NAN), QUIZ_RIGHT);
	}
	assert_int_equal(repeats, 2);
	assert_int_equal(quiz_score(quiz, 3).wrong, 2);
	assert_int_equal(quiz_answer(quiz, 0, 0, NULL, NAN), QUIZ_OPEN);
	quiz_destroy(quiz);
}

static void test_nothing_is_asked_again_when_nothing_was_wrong(void **state)
{
	struct quiz *quiz = answer_all(9);

	assert_null(quiz_card(quiz));
	assert_int_equal(quiz_weakest(quiz), 0);
	quiz_destroy(quiz);
}

static void test_reports_quote_what_they_must(void **state)
{
	const struct quiz_plan plan = { .claim = 2 };
	struct quiz *quiz = quiz_create(&scenes, &plan);
	struct buf csv = { 0 }, json = { 0 };

	quiz_answer(quiz, 1, 0, NULL, 2.54);
	quiz_csv(quiz, &csv);
	assert_string_equal(csv.text,
		"question,scene,level,claims,outcome,choice,truth,seconds,again,reason\r\n"
		"2,\"scene-a\",1,1 2,\"wrong\",\"b\",\"a \"\"quoted\"\", text\",2.5,0,\r\n");
	quiz_json(quiz, NULL, NULL, &json);
	assert_non_null(strstr(json.text,
		"{\"question\":2,\"scene\":\"scene-a\",\"level\":1,\"claims\":[1,2],\"outcome\":"
		"\"wrong\",\"choice\":\"b\",\"truth\":\"a \\\"quoted\\\", text\",\"seconds\":2.5,"
		"\"again\":false,\"reason\":null}"));
	assert_non_null(strstr(
		json.text, "{\"claim\":2,\"right\":0,\"wrong\":1,\"undecided\":0,\"skipped\":0}"));
	buf_finish(&csv);
	buf_finish(&json);
	quiz_destroy(quiz);
}

/* --- all of it --- */

static int parse(struct scene_text *text, enum scene_text_kind kind)
{
	char why[200];

	return scene_code_add(code, text, kind, NULL, why, sizeof(why));
}

/* --- what is remembered --- */

static struct quiz_memory memory_of(const char *text, int error, int at)
{
	struct quiz_memory memory = { 0 };
	int found = 0;

	assert_int_equal(quiz_memory_read(&memory, text, strlen(text), &found), error);
	if (error)
		assert_int_equal(found, at);
	return memory;
}

static void test_what_is_remembered_is_read_as_it_was_written(void **state)
{
	static const char text[] = "taskscope quiz 1\n4 1 2\n9 0 1\n";
	struct quiz_memory memory = memory_of(text, 0, 0);
	struct buf again = { 0 };

	assert_int_equal(quiz_memory_wrong(&memory, 4), 2);
	assert_int_equal(quiz_memory_wrong(&memory, 9), 1);
	assert_int_equal(quiz_memory_wrong(&memory, 5), 0);
	quiz_memory_write(&memory, &again);
	assert_string_equal(again.text, text);
	buf_finish(&again);
	quiz_memory_finish(&memory);
}

static void test_what_is_not_ours_is_not_read(void **state)
{
	static const struct {
		const char *text;
		int error, at;
	} files[] = {
		{ "", -EINVAL, 1 },
		{ "{}\n", -EINVAL, 1 },
		{ "taskscope quiz 1", -EINVAL, 1 },
		{ "taskscope quiz 2\nwhatever\n", -EPROTO, 2 },
		{ "taskscope quiz 1\n4 1\n", -EINVAL, 2 },
		{ "taskscope quiz 1\n4 1 2\n4 1 2\n", -EINVAL, 3 },
		{ "taskscope quiz 1\n4 1 2 3\n", -EINVAL, 2 },
		{ "taskscope quiz 1\n99999 1 2\n", -EINVAL, 2 },
		{ "taskscope quiz 1\n4 9 2\n", -EINVAL, 2 },
		{ "taskscope quiz 1\n4 1 0\n", -EINVAL, 2 },
		{ "taskscope quiz 1\n4 1 2", -EINVAL, 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct quiz_memory memory = memory_of(files[i].text, files[i].error, files[i].at);
		assert_int_equal(memory.rows.n, 0);
		quiz_memory_finish(&memory);
	}
}

/* Question 6 is of the highest level: without memory it comes late, and of four cards it may be missing. */
static void test_what_was_wrong_twice_comes_first(void **state)
{
	struct quiz_memory memory = memory_of("taskscope quiz 1\n6 1 2\n3 0 1\n", 0, 0);

	for (uint64_t seed = 0; seed < 20; seed++) {
		const struct quiz_plan plan = { .seed = seed, .count = 2, .memory = &memory };
		struct quiz *quiz = quiz_create(&scenes, &plan);

		assert_int_equal(quiz_card(quiz)->question->id, 6);
		assert_true(quiz_card(quiz)->wrong_before);
		quiz_answer(quiz, 0, 0, NULL, NAN);
		assert_false(quiz_card(quiz)->wrong_before);
		quiz_destroy(quiz);
	}
	quiz_memory_finish(&memory);
}

static void test_a_right_answer_makes_up_for_a_wrong_one(void **state)
{
	struct quiz_memory memory = memory_of("taskscope quiz 1\n6 1 2\n", 0, 0);
	const struct quiz_plan plan = { .seed = 1, .memory = &memory, .count = 3 };
	struct quiz *quiz = quiz_create(&scenes, &plan);
	int next;

	assert_false(quiz_remember(quiz, &memory));
	quiz_answer(quiz, 0, 0, NULL, NAN);
	next = quiz_card(quiz)->question->id;
	quiz_answer(quiz, 1, 0, NULL, NAN);
	quiz_answer(quiz, -1, 0, NULL, NAN);
	assert_true(quiz_remember(quiz, &memory));
	assert_int_equal(quiz_memory_wrong(&memory, 6), 1);
	assert_int_equal(quiz_memory_wrong(&memory, next), 1);
	assert_int_equal(memory.rows.n, 2);
	assert_true(quiz_remember(quiz, &memory));
	assert_int_equal(quiz_memory_wrong(&memory, 6), 0);
	quiz_destroy(quiz);
	quiz_memory_finish(&memory);
}

static int parse_texts(void **state)
{
	struct scene_option *const all[] = { options, undecidable, ambiguous };
	struct scene_verdict *const judged[] = { &of_talk[0], &of_talk[1], &of_pointer[0] };
	int error = 0;

	code = scene_code_create();
	for (size_t i = 0; i < ARRAY_LEN(judged); i++)
		error |= parse(&judged[i]->holds, SCENE_TEMPLATE) |
			 parse(&judged[i]->fails, SCENE_TEMPLATE);
	error |= parse(&of_talk[0].number, SCENE_TEMPLATE);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		for (int k = 0; k < 2; k++)
			error |= parse(&all[i][k].condition, SCENE_CONDITION);
	return error;
}

static int forget_texts(void **state)
{
	scene_snapshot_finish(&now);
	scene_code_destroy(code);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_that_agree_decide),
		cmocka_unit_test(test_looks_that_differ_or_lack_decide_nothing),
		cmocka_unit_test(test_a_claim_is_true_only_with_all_its_parts),
		cmocka_unit_test(test_a_part_that_is_not_so_stays_visible),
		cmocka_unit_test(test_what_is_not_shown_says_why),
		cmocka_unit_test(test_the_order_of_scenes_does_not_matter),
		cmocka_unit_test(test_whole_claims_are_told_first),
		cmocka_unit_test(test_a_scene_run_again_replaces_what_it_said),
		cmocka_unit_test(test_a_seed_deals_the_same_again_and_easy_ones_first),
		cmocka_unit_test(test_a_seed_means_the_same_on_every_machine),
		cmocka_unit_test(test_level_claim_and_count_choose),
		cmocka_unit_test(test_one_scene_asks_its_own_questions_alone),
		cmocka_unit_test(test_the_answer_comes_from_facts),
		cmocka_unit_test(test_scores_count_by_claim_and_leave_out_the_undecidable),
		cmocka_unit_test(test_who_answers_aloud_marks_it),
		cmocka_unit_test(test_the_weakest_claim_is_asked_again_and_not_scored),
		cmocka_unit_test(test_nothing_is_asked_again_when_nothing_was_wrong),
		cmocka_unit_test(test_reports_quote_what_they_must),
		cmocka_unit_test(test_what_is_remembered_is_read_as_it_was_written),
		cmocka_unit_test(test_what_is_not_ours_is_not_read),
		cmocka_unit_test(test_what_was_wrong_twice_comes_first),
		cmocka_unit_test(test_a_right_answer_makes_up_for_a_wrong_one),
	};
	return cmocka_run_group_tests(tests, parse_texts, forget_texts);
}
