/* SPDX-License-Identifier: MIT
 * The scenes that come with the program: all read without a complaint, and proven; together they cover every claim, misconception and
 * question; and on the machine of the books each action arrives, each verdict holds, and each question has its answer.
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

static struct scenes scenes;

static int load_all(void **state)
{
	char *folder = xasprintf("%s/../../assets/scenes", getenv("FIXTURES"));
	const char *folders[] = { folder };
	struct buf errors = { 0 };
	const struct scene_names names = { .prove = true };
	int error = scenes_load(folders, 1, &names, &scenes, &errors);

	if (errors.len)
		fputs(errors.text, stderr);
	free(folder);
	error = error || errors.len;
	buf_finish(&errors);
	return error;
}

static int unload(void **state)
{
	scenes_finish(&scenes);
	return 0;
}

/* --- what they cover --- */

static void test_the_scenes_stand_in_their_order(void **state)
{
	assert_true(scenes.list.n >= 18);
	for (int i = 0; i < (int)scenes.list.n; i++)
		assert_int_equal(scenes.list.at[i]->number, i + 1);
}

static void test_the_example_is_a_scene(void **state)
{
	char *path = xasprintf("%s/../../assets/scenes/example.yaml", getenv("FIXTURES"));
	struct scene *scene = NULL;
	struct buf errors = { 0 };

	assert_int_equal(scene_load(path, NULL, &scene, &errors), 0);
	scene_destroy(scene);
	free(path);
}

/* --- the parts of the claims --- */

static bool is_pressed(const struct scene *scene, const char *key)
{
	const char *first = scene->actions[0].key;

	for (unsigned i = 0; i < scene->tour->press_n; i++)
		if (strcmp(scene->tour->press[i], key ? key : first) == 0)
			return true;
	return false;
}

/* The verdict that shows a part; NULL unless there is exactly one. pressed: of those that the seven minutes come to. */
static const struct scene_verdict *verdict_of(const struct claim_part *part, bool pressed)
{
	const struct scene_verdict *found = NULL;
	struct scene **scene;
	int n = 0;

	vec_each (scene, &scenes.list)
		for (unsigned i = 0; i < (*scene)->verdicts_n; i++) {
			const struct scene_verdict *verdict = &(*scene)->verdicts[i];
			if (verdict->claim != part->claim || !verdict->part ||
				strcmp(verdict->part, part->name) != 0 ||
				(pressed && !((*scene)->tour && (*scene)->tour->stop &&
						    is_pressed(*scene, verdict->action))))
				continue;
			found = verdict;
			n++;
		}
	return n == 1 ? found : NULL;
}

static void test_every_part_of_a_claim_has_its_verdict(void **state)
{
	int parts[CLAIMS + 1] = { 0 };

	for (size_t i = 0; i < claim_parts_n; i++) {
		const struct claim_part *part = &claim_parts[i];
		if (!verdict_of(part, false))
			fail_msg("claim %d: '%s' is not shown by one verdict of the scene '%s'",
				part->claim, part->name, part->scene);
		parts[part->claim]++;
	}
	for (int claim = 1; claim <= CLAIMS; claim++)
		assert_in_range(parts[claim], 2, CLAIM_PARTS_MAX);
}

/* Of every claim a part is shown, and at least five are whole. */
static void test_the_tour_shows_a_part_of_every_claim(void **state)
{
	int of[CLAIMS + 1] = { 0 }, shown[CLAIMS + 1] = { 0 }, whole = 0;

	for (size_t i = 0; i < claim_parts_n; i++) {
		of[claim_parts[i].claim]++;
		shown[claim_parts[i].claim] += verdict_of(&claim_parts[i], true) != NULL;
	}
	for (int claim = 1; claim <= CLAIMS; claim++) {
		assert_true(shown[claim] > 0);
		whole += shown[claim] == of[claim];
	}
	assert_true(whole >= 5);
}

static bool shows_wrong(
	const struct scene *scene, const struct scene_action *action, const char *name)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(scene, action, &n);

	for (unsigned i = 0; i < n; i++)
		if (strcmp(kills[i].wrong, name) == 0)
			return true;
	return false;
}

static void test_every_misconception_is_answered(void **state)
{
	for (int m = 1; m <= MISCONCEPTIONS; m++) {
		bool found = false;
		char name[16];
		struct scene **scene;
		snprintf(name, sizeof(name), "m%d", m);
		vec_each (scene, &scenes.list) {
			for (unsigned i = 0; i < (*scene)->actions_n; i++)
				found |= shows_wrong(*scene, &(*scene)->actions[i], name);
		}
		if (!found)
			fail_msg("%s (%s) is answered by no scene", name, scene_misconception(m));
		assert_true(scene_misconception(m)[0]);
	}
}

#define COURSE                                                                                     \
	30 /* questions of the course, by number ten a level; those after them are the tour's, too */
#define QUESTIONS 99

static void test_thirty_questions_ten_a_level(void **state)
{
	int seen[QUESTIONS + 1] = { 0 };
	struct scene **scene;

	vec_each (scene, &scenes.list) {
		for (unsigned i = 0; i < (*scene)->quiz_n; i++) {
			const struct scene_question *question = &(*scene)->quiz[i];
			assert_in_range(question->id, 1, QUESTIONS);
			if (question->id <= COURSE)
				assert_int_equal(question->level, (question->id - 1) / 10 + 1);
			seen[question->id]++;
		}
	}
	for (int id = 1; id <= QUESTIONS; id++)
		if (seen[id] > 1 || (id <= COURSE && !seen[id]))
			fail_msg("question %d stands %d times", id, seen[id]);
}

static const struct scene_question *question_of(int id)
{
	struct scene **scene;

	vec_each (scene, &scenes.list)
		for (unsigned i = 0; i < (*scene)->quiz_n; i++)
			if ((*scene)->quiz[i].id == id)
				return &(*scene)->quiz[i];
	return NULL;
}

/* What is said, the follow-up and its answer; and who chose wrong is told why, of three options at least. */
static void check_question(const struct scene_question *question)
{
	const char *answer = strstr(question->trap, "? ");
	unsigned feedbacks = 0;

	assert_true(question->interview[0]);
	if (!answer || !answer[2])
		fail_msg("question %d: no follow-up and answer: %s", question->id, question->trap);
	for (unsigned i = 0; i < question->options_n; i++)
		feedbacks += question->options[i].feedback != NULL;
	if (question->options_n < 3 || feedbacks + 1 < question->options_n)
		fail_msg("question %d: %u options, %u feedbacks", question->id, question->options_n,
			feedbacks);
}

static void test_each_question_has_its_answers(void **state)
{
	struct scene **scene;

	vec_each (scene, &scenes.list)
		for (unsigned i = 0; i < (*scene)->quiz_n; i++)
			check_question(&(*scene)->quiz[i]);
}

/* Checks the questions whose ids stand at the head of a line; returns how many. */
static int check_row(const char *line)
{
	char *end;
	int n = 0;

	for (long id = strtol(line, &end, 10); end != line; id = strtol(line, &end, 10)) {
		if (!question_of((int)id))
			fail_msg("there is no question %ld", id);
		line = end;
		n++;
	}
	return n;
}

static void test_what_interviews_ask_is_asked(void **state)
{
	char *path = xasprintf("%s/scenes/interview.questions", getenv("FIXTURES")), line[256];
	FILE *file = fopen(path, "r");
	int asked = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		if (!check_row(line))
			fail_msg("no question asks: %s", line);
		asked++;
	}
	fclose(file);
	free(path);
	assert_int_equal(asked, 40);
}

static void test_what_the_tour_does_is_asked_about_first(void **state)
{
	struct scene **scene;

	vec_each (scene, &scenes.list) {
		const struct scene_tour *tour = (*scene)->tour;
		assert_non_null(scene_question(*scene, (*scene)->actions));
		for (unsigned i = 0; tour && i < tour->press_n; i++)
			if (!scene_question(*scene, scene_action(*scene, tour->press[i])))
				fail_msg("%s: nothing is asked before %s", (*scene)->name,
					tour->press[i]);
	}
}

static void test_the_tour_has_nine_stops_and_the_clip_four(void **state)
{
	static const char *const stops[] = { "sharing-matrix", "same-address", "wild-pointer",
		"blast-radius", "lost-updates", "birth", "memory-bill", "files", "switch-cost" };
	static const char *const clip[] = { "who-am-i", "same-address", "blast-radius",
		"leaving-the-cpu" };
	int n_stops = 0, n_clip = 0, seconds = 0;
	struct scene **scene;

	vec_each (scene, &scenes.list) {
		const struct scene_tour *tour = (*scene)->tour;
		if (!tour)
			continue;
		if (tour->stop)
			assert_string_equal(stops[tour->stop - 1], (*scene)->name);
		if (tour->clip)
			assert_string_equal(clip[tour->clip - 1], (*scene)->name);
		n_stops += tour->stop != 0;
		n_clip += tour->clip != 0;
		seconds += tour->stop ? tour->dwell_s : 0;
	}
	assert_int_equal(n_stops, 9);
	assert_int_equal(n_clip, 4);
	assert_in_range(seconds, 360, 420);
}

/* --- on the machine of the books --- */

struct book_fact {
	char path[96];
	struct scene_value before, after;
};
struct page { /* of the book: one action */
	char scene[40], key[4];
	VEC(struct book_fact) facts;
	int answers[QUESTIONS + 1]; /* by question: the place of the right option; -1 none told */
	unsigned denied; /* bits: verdicts that do not hold */
	unsigned open; /* bits: kills that decide nothing */
};
static VEC(struct page) book;

/* Takes a value from the line: a number, "words", or ? for not known. */
static struct scene_value take_value(char **at)
{
	struct scene_value value;
	char *end;

	*at += strspn(*at, " ");
	if (**at == '"') {
		end = strchr(*at + 1, '"');
		assert_non_null(end);
		*end = '\0';
		value = scene_words(*at + 1);
		*at = end + 1;
	} else if (**at == '?') {
		value = scene_unknown("not there yet");
		++*at;
	} else {
		value = scene_number(strtod(*at, &end));
		assert_ptr_not_equal(end, *at);
		*at = end;
	}
	return value;
}

static void take_line(char *line)
{
	struct page *page = book.n ? &book.at[book.n - 1] : NULL;
	int id, place;

	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '[') {
		page = vec_push(&book);
		assert_int_equal(sscanf(line, "[%39s %3[^]]", page->scene, page->key), 2);
		memset(page->answers, -1, sizeof(page->answers));
	} else if (sscanf(line, "quiz %d %d", &id, &place) == 2) {
		page->answers[id] = place;
	} else if (sscanf(line, "no %d", &place) == 1) {
		page->denied |= 1u << place;
	} else if (sscanf(line, "open %d", &place) == 1) {
		page->open |= 1u << place;
	} else if (line[0] && line[0] != '#') {
		struct book_fact *fact = vec_push(&page->facts);
		size_t len = strcspn(line, " ");
		snprintf(fact->path, sizeof(fact->path), "%.*s", (int)len, line);
		line += len;
		fact->before = fact->after = take_value(&line);
		if (line[strspn(line, " ")])
			fact->after = take_value(&line);
	}
}

static void read_book(void)
{
	char *path = xasprintf("%s/scenes/textbook.facts", getenv("FIXTURES"));
	FILE *file = fopen(path, "r");
	char line[256];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		take_line(line);
	fclose(file);
	free(path);
}

static void close_book(void)
{
	struct page *page;

	vec_each (page, &book) {
		vec_finish(&page->facts);
	}
	vec_finish(&book);
}

struct reading {
	const struct page *page;
	bool before;
};

static void look_up(void *context, const struct scene_path *path, struct scene_value *ret)
{
	const struct reading *reading = context;
	const struct book_fact *fact;

	*ret = scene_unknown("not in the book");
	vec_each (fact, &reading->page->facts) {
		if (strcmp(fact->path, path->text) == 0)
			*ret = reading->before ? fact->before : fact->after;
	}
}

static void assert_known(
	const struct page *page, const struct scene_text *template, const struct scene_facts *facts)
{
	struct buf out = { 0 };
	char reason[128] = "";

	if (scene_render(&out, template, facts, reason, sizeof(reason)) > 0)
		fail_msg("%s %s: \"%s\": %s", page->scene, page->key, template->text, reason);
	if (out.text && text_width(out.text) > 76)
		fail_msg("%s %s: %d columns: %s", page->scene, page->key, text_width(out.text),
			out.text);
	buf_finish(&out);
}

static void check_captions(
	const struct page *page, const struct scene_action *action, const struct scene_facts *facts)
{
	for (unsigned i = 0; i < action->after_n; i++)
		assert_known(page, &action->after[i], facts);
	assert_known(page, &action->punch, facts);
	if (action->big) {
		assert_known(page, &action->big->value, facts);
		assert_known(page, &action->big->label, facts);
	}
}

static void check_verdicts(const struct page *page, const struct scene *scene,
	const struct scene_action *action, const struct scene_facts *facts)
{
	char reason[128] = "";

	for (unsigned i = 0; i < scene->verdicts_n; i++) {
		const struct scene_verdict *verdict = &scene->verdicts[i];
		if (scene_action(scene, verdict->action) != action)
			continue;
		bool denied = page->denied & 1u << i;
		if (scene_condition(&verdict->condition, facts, reason, sizeof(reason)) !=
			(denied ? SCENE_NO : SCENE_YES))
			fail_msg("%s %s: verdicts[%u] %s: %s", page->scene, page->key, i,
				denied ? "holds" : "does not hold", reason);
		struct buf out = { 0 };
		assert_int_equal(scene_render(&out, denied ? &verdict->fails : &verdict->holds,
					 facts, NULL, 0),
			0);
		buf_finish(&out);
		assert_known(page, &verdict->number, facts);
	}
}

static void check_kills(const struct page *page, const struct scene *scene,
	const struct scene_action *action, const struct scene_facts *facts)
{
	unsigned n;
	const struct scene_kill *kills = scene_kills(scene, action, &n);
	char reason[128] = "";

	for (unsigned i = 0; i < n; i++) {
		struct buf right = { 0 };
		if (scene_condition(&kills[i].condition, facts, reason, sizeof(reason)) !=
			(page->open & 1u << i ? SCENE_UNDECIDED : SCENE_YES))
			fail_msg("%s %s: kills[%u] \"%s\" is not shown to be wrong: %s",
				page->scene, page->key, i, scene_kill_text(kills[i].wrong), reason);
		scene_kill_right(&right, &kills[i], facts);
		if (!right.len)
			fail_msg("%s %s: kills[%u]: what is so instead is not said", page->scene,
				page->key, i);
		assert_known(page, &kills[i].right, facts);
		buf_finish(&right);
	}
}

static void check_questions(const struct page *page, const struct scene *scene,
	const struct scene_action *action, const struct scene_facts *facts)
{
	for (unsigned i = 0; i < scene->quiz_n; i++) {
		const struct scene_question *question = &scene->quiz[i];
		char reason[128] = "";
		if (scene_action(scene, question->action) != action)
			continue;
		int truth = quiz_truth(question, facts, reason, sizeof(reason));
		if (truth < 0 || truth != page->answers[question->id])
			fail_msg("%s %s: question %d: option %d holds, not %d: %s", page->scene,
				page->key, question->id, truth, page->answers[question->id],
				reason);
	}
}

static void check_page(const struct page *page)
{
	struct reading then = { page, true }, now = { page, false };
	struct scene_snapshot before = { 0 }, after = { 0 };
	const struct scene *scene = scenes_find(&scenes, page->scene);
	char reason[128] = "";

	assert_non_null(scene);
	const struct scene_facts facts = { .code = scene->code, .now = &after, .before = &before };
	const struct scene_action *action = scene_action(scene, page->key);
	assert_non_null(action);
	scene_snapshot_take(&before, scene->code, look_up, &then);
	scene_snapshot_take(&after, scene->code, look_up, &now);
	if (action->until.text &&
		scene_condition(&action->until, &facts, reason, sizeof(reason)) != SCENE_YES)
		fail_msg("%s %s: until does not hold: %s", page->scene, page->key, reason);
	check_captions(page, action, &facts);
	check_verdicts(page, scene, action, &facts);
	check_kills(page, scene, action, &facts);
	check_questions(page, scene, action, &facts);
	scene_snapshot_finish(&before);
	scene_snapshot_finish(&after);
}

static bool is_in_book(const char *scene, const char *key)
{
	const struct page *page;

	vec_each (page, &book) {
		if (strcmp(page->scene, scene) == 0 && strcmp(page->key, key) == 0)
			return true;
	}
	return false;
}

static void test_on_the_machine_of_the_books_all_is_as_taught(void **state)
{
	const struct page *page;
	struct scene **scene;

	read_book();
	vec_each (scene, &scenes.list) {
		for (unsigned i = 0; i < (*scene)->actions_n; i++)
			if (!is_in_book((*scene)->name, (*scene)->actions[i].key))
				fail_msg("%s %s is not in the book", (*scene)->name,
					(*scene)->actions[i].key);
	}
	vec_each (page, &book) {
		check_page(page);
	}
	close_book();
}

/* Two threads of one process, one of which was just awake: that they stood at two places is no proof of two codes. */
static void stand_apart(void *context, const struct scene_path *path, struct scene_value *ret)
{
	*ret = scene_number(strcmp(path->text, "right.worker1.pc") == 0 ? 4711 : 4242);
}

static void test_two_places_do_not_make_two_codes(void **state)
{
	const struct scene *scene = scenes_find(&scenes, "stacks");
	struct scene_snapshot now = { 0 };
	char reason[128] = "";
	bool found = false;

	const struct scene_facts facts = { .code = scene->code, .now = &now };
	scene_snapshot_take(&now, scene->code, stand_apart, NULL);
	for (unsigned i = 0; i < scene->verdicts_n; i++) {
		const struct scene_verdict *verdict = &scene->verdicts[i];
		if (!verdict->part || strcmp(verdict->part, "code") != 0)
			continue;
		found = true;
		assert_int_equal(
			scene_condition(&verdict->condition, &facts, reason, sizeof(reason)),
			SCENE_UNDECIDED);
		assert_string_equal(reason, "they were not seen at one place of it");
	}
	assert_true(found);
	scene_snapshot_finish(&now);
}

/* Nothing is concluded from nothing. */
static void know_nothing(void *context, const struct scene_path *path, struct scene_value *ret)
{
	*ret = scene_unknown("refused");
}

static void test_where_nothing_can_be_known_nothing_is_decided(void **state)
{
	struct scene_snapshot now = { 0 };
	char reason[128];
	struct scene **scene;

	vec_each (scene, &scenes.list) {
		const struct scene_facts facts = { .code = (*scene)->code, .now = &now };
		scene_snapshot_take(&now, facts.code, know_nothing, NULL);
		for (unsigned i = 0; i < (*scene)->verdicts_n; i++) {
			enum scene_answer answer = scene_condition(
				&(*scene)->verdicts[i].condition, &facts, reason, sizeof(reason));
			if (answer != SCENE_UNDECIDED)
				fail_msg("%s: verdicts[%u] is decided", (*scene)->name, i);
		}
		for (unsigned i = 0; i < (*scene)->actions_n; i++) {
			unsigned n;
			const struct scene_kill *kills =
				scene_kills(*scene, &(*scene)->actions[i], &n);
			for (unsigned k = 0; k < n; k++)
				if (scene_condition(&kills[k].condition, &facts, reason,
					    sizeof(reason)) != SCENE_UNDECIDED)
					fail_msg("%s: \"%s\" is decided", (*scene)->name,
						kills[k].wrong);
		}
		for (unsigned i = 0; i < (*scene)->quiz_n; i++)
			if (quiz_truth(&(*scene)->quiz[i], &facts, reason, sizeof(reason)) != -1)
				fail_msg("question %d is decided", (*scene)->quiz[i].id);
	}
	scene_snapshot_finish(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_scenes_stand_in_their_order),
		cmocka_unit_test(test_the_example_is_a_scene),
		cmocka_unit_test(test_every_part_of_a_claim_has_its_verdict),
		cmocka_unit_test(test_the_tour_shows_a_part_of_every_claim),
		cmocka_unit_test(test_every_misconception_is_answered),
		cmocka_unit_test(test_thirty_questions_ten_a_level),
		cmocka_unit_test(test_each_question_has_its_answers),
		cmocka_unit_test(test_what_interviews_ask_is_asked),
		cmocka_unit_test(test_what_the_tour_does_is_asked_about_first),
		cmocka_unit_test(test_the_tour_has_nine_stops_and_the_clip_four),
		cmocka_unit_test(test_on_the_machine_of_the_books_all_is_as_taught),
		cmocka_unit_test(test_two_places_do_not_make_two_codes),
		cmocka_unit_test(test_where_nothing_can_be_known_nothing_is_decided),
	};
	return cmocka_run_group_tests(tests, load_all, unload);
}
