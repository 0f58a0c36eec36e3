/* SPDX-License-Identifier: MIT
 * The player on recordings: before and after come from samples and from nothing else, what is not known is a dash and decides
 * nothing, and the card of claims says the numbers that the panes show.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/lesson/code.h"
#include "../../src/lesson/scene_run.h"
#include "../golden/lecture.h"
#include "command.h"
#include "job.h"
#include "order.h"

#define MESSAGES_MAX 8 /* about one action */
#define KEYS_MAX 20 /* to the end of a tour */
#define BEFORE 2 /* samples of a recording that are from before the key */

struct stage {
	struct ui *ui;
	struct model *model;
	struct lecture *lecture;
};

static char *folder_of(const char *rest)
{
	return xasprintf("%s/%s", getenv("FIXTURES"), rest);
}

static void open_lesson(struct stage *stage, const struct lesson_options *wanted)
{
	static const struct ui_options options = { MODE_TOUR, false, "tour" };
	char *folder = folder_of("../../assets/scenes"), why[256] = "";

	stage->ui = ui_create(&options);
	stage->model = model_create(60);
	stage->lecture = lecture_open(stage->ui, stage->model, folder, wanted, why, sizeof(why));
	free(folder);
	if (!stage->lecture)
		fail_msg("%s", why);
}

static void open_stage(struct stage *stage, const char *scene)
{
	open_lesson(stage, &(struct lesson_options) { .scene = scene });
}

static void close_stage(struct stage *stage)
{
	lecture_close(stage->lecture);
	model_destroy(stage->model);
	ui_destroy(stage->ui);
}

/* What a test does to the samples of after the key. */
typedef void change_sample(struct sample *sample);

/* Feeds a scene's recording, with an answer, or n, where its first action was pressed. */
static void predict(struct stage *stage, int key, const char *scene, change_sample *before,
	change_sample *after)
{
	char *name = xasprintf("scenes/%s.jsonl", scene), *path = folder_of(name), why[256] = "";
	struct recording *recording = NULL;
	struct sample sample = { 0 };
	bool cut;

	assert_int_equal(recording_open(path, &recording, why, sizeof(why)), 0);
	for (int i = 0; recording_next(recording, &sample, &cut, why, sizeof(why)) == 0; i++) {
		change_sample *change = i < BEFORE ? before : after;
		if (change)
			change(&sample);
		if (i == BEFORE)
			lecture_key(stage->lecture, key);
		model_feed(stage->model, &sample);
		lecture_sampled(stage->lecture);
		sample_clear(&sample);
	}
	lecture_show(stage->lecture);
	sample_finish(&sample);
	recording_close(recording);
	free(path);
	free(name);
}

static void tell_all(struct stage *stage)
{
	for (int i = 0; i < MESSAGES_MAX && *lecture_caption(stage->lecture)->state; i++)
		lecture_key(stage->lecture, KEYCODE_ENTER);
}

/* Without a prediction, to the last message. */
static void play(
	struct stage *stage, const char *scene, change_sample *before, change_sample *after)
{
	predict(stage, 'n', scene, before, after);
	tell_all(stage);
}

static void feed_first(struct stage *stage, const char *scene, int n)
{
	char *name = xasprintf("scenes/%s.jsonl", scene), *path = folder_of(name), why[256] = "";
	struct recording *recording = NULL;
	struct sample sample = { 0 };
	bool cut;

	assert_int_equal(recording_open(path, &recording, why, sizeof(why)), 0);
	while (n-- && recording_next(recording, &sample, &cut, why, sizeof(why)) == 0) {
		model_feed(stage->model, &sample);
		lecture_sampled(stage->lecture);
		sample_clear(&sample);
	}
	sample_finish(&sample);
	recording_close(recording);
	free(path);
	free(name);
}

/* The last sample once more, later and with more of everything that counts up. */
static void play_on(struct stage *stage)
{
	struct sample sample = { 0 };

	sample_copy(&sample, model_sample(stage->model));
	sample.at_ns += NSEC_PER_SEC;
	for (enum side side = 0; side < SIDES; side++) {
		const struct model_side *of = model_side(stage->model, side);

		for (size_t i = 0; i < of->n_tracks; i++) {
			struct task_sample *task = vec_push(&sample.tasks);

			*task = of->tracks[i]->now;
			task->voluntary += 777;
			task->minor_faults += 777;
		}
	}
	model_feed(stage->model, &sample);
	lecture_sampled(stage->lecture);
	lecture_show(stage->lecture);
	sample_finish(&sample);
}

/* The lines of one part, marks left out, each ended with a newline. */
static const char *lines_of(const struct stage *stage, enum caption_part part)
{
	static char out[4096];
	const struct caption *caption = lecture_caption(stage->lecture);
	size_t len = 0;

	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		if (line->part != part)
			continue;
		if (*line->sign)
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s ", line->sign);
		for (const char *c = line->text; *c && len + 2 < sizeof(out); c++)
			if (*c != CAPTION_MARK && *c != CAPTION_UNMARK)
				out[len++] = *c;
		out[len++] = '\n';
	}
	out[len] = '\0';
	return out;
}

static void assert_says(const struct stage *stage, enum caption_part part, const char *text)
{
	if (!strstr(lines_of(stage, part), text))
		fail_msg("no '%s' in\n%s", text, lines_of(stage, part));
}

static void assert_never_says(const struct stage *stage, enum caption_part part, const char *text)
{
	if (strstr(lines_of(stage, part), text))
		fail_msg("'%s' in\n%s", text, lines_of(stage, part));
}

static int count_marks(const struct stage *stage)
{
	const struct caption *caption = lecture_caption(stage->lecture);
	int n = 0;

	for (size_t i = 0; i < caption->lines.n; i++)
		for (const char *c = caption->lines.at[i].text; *c; c++)
			n += *c == CAPTION_MARK && caption->lines.at[i].part == CAPTION_AFTER;
	return n;
}

static const char *screen_of(struct stage *stage)
{
	static struct buf out; /* until the process ends */
	struct canvas *canvas = canvas_create(36, 120);

	buf_clear(&out);
	ui_draw(stage->ui, stage->model, canvas);
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols; col++)
			buf_adds(&out, canvas_at(canvas, row, col)->text[0]
					       ? canvas_at(canvas, row, col)->text
					       : " ");
		buf_adds(&out, "\n");
	}
	canvas_destroy(canvas);
	return out.text;
}

/* --- before and after --- */

static void before_stands_while_after_tells_the_difference(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	play(&stage, "copy-on-write", NULL, NULL);
	assert_says(&stage, CAPTION_BEFORE, "One cell is a part of the 64 MB:");
	assert_says(&stage, CAPTION_AFTER, "Process w0: copied 2048, faults 2048");
	assert_says(&stage, CAPTION_AFTER, "Process w1: copied 0: wrote nothing");
	assert_says(&stage, CAPTION_VERDICT,
		"✓ TRUE \"A process has its own memory\": w0's writes made 2048 pages its own");
	assert_string_equal(lecture_caption(stage.lecture)->big, "2048");
	assert_true(lecture_caption(stage.lecture)->flash);
	assert_true(count_marks(&stage) >= 4); /* every number that an expression gave */
	close_stage(&stage);
}

static void before_a_key_nothing_is_said_of_after(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	lecture_show(stage.lecture);
	assert_string_equal(lines_of(&stage, CAPTION_VERDICT), "");
	assert_string_equal(lines_of(&stage, CAPTION_PUNCH), "");
	assert_string_equal(lines_of(&stage, CAPTION_KILLS), "");
	assert_string_equal(lecture_caption(stage.lecture)->big, "");
	close_stage(&stage);
}

/* Nothing moves on the screen when the answer comes: its column is there from the key on. */
static void while_an_action_runs_its_column_says_so(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	play(&stage, "copy-on-write", NULL, NULL);
	lecture_key(stage.lecture, '2');
	lecture_show(stage.lecture);
	assert_string_equal(lecture_caption(stage.lecture)->after, "now: w1 reads all 64 MB");
	assert_string_not_equal(lines_of(&stage, CAPTION_AFTER), "");
	assert_string_equal(lines_of(&stage, CAPTION_PUNCH), "");
	close_stage(&stage);
}

/* They would give it away; and they are there when the action has begun. */
static void panes_come_when_an_answer_is_committed(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	feed_first(&stage, "copy-on-write", BEFORE);
	assert_null(strstr(screen_of(&stage), "Pages"));
	lecture_key(stage.lecture, '1');
	assert_non_null(strstr(screen_of(&stage), "Pages"));
	close_stage(&stage);
}

/* --- prediction --- */

/* The sign of the first option that has more than its digit; "" none. */
static const char *marked_option(const struct stage *stage)
{
	const struct caption *caption = lecture_caption(stage->lecture);

	for (size_t i = 0; i < caption->lines.n; i++)
		if (caption->lines.at[i].part == CAPTION_OPTION && caption->lines.at[i].sign[1])
			return caption->lines.at[i].sign;
	return "";
}

/* Neither Space nor Enter runs what is asked about; a digit, or n, does. */
static void an_action_runs_when_an_answer_is_committed(void **state)
{
	static const int vain[] = { KEYCODE_SPACE, KEYCODE_ENTER }, committing[] = { '2', 'n' };

	for (size_t i = 0; i < ARRAY_LEN(committing); i++) {
		struct stage stage;
		open_stage(&stage, "copy-on-write");
		feed_first(&stage, "copy-on-write", BEFORE);
		assert_says(&stage, CAPTION_ASK, "How many pages are copied?");
		for (size_t k = 0; k < ARRAY_LEN(vain); k++)
			assert_true(lecture_key(stage.lecture, vain[k]));
		assert_string_equal(lecture_caption(stage.lecture)->after, "what do you expect?");
		assert_true(lecture_key(stage.lecture, committing[i]));
		assert_string_equal(
			lecture_caption(stage.lecture)->after, "now: w0 writes 8 of the 64 MB");
		assert_string_equal(marked_option(&stage), i ? "" : "2 ▸");
		close_stage(&stage);
	}
}

static void press(struct stage *stage, enum command_id command)
{
	lecture_command(stage->lecture, command, KEYCODE_NONE);
	lecture_show(stage->lecture);
}

/* One button of a clicker leads through a scene, the other one back: a message, the start of the scene, the scene before. */
static void a_clicker_leads_on_and_back(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	predict(&stage, KEYCODE_PAGE_DOWN, "copy-on-write", NULL, NULL);
	assert_says(&stage, CAPTION_PREDICTION, "none was made");
	assert_string_equal(lines_of(&stage, CAPTION_VERDICT), "");
	press(&stage, CMD_STAGE_FORWARD);
	assert_says(&stage, CAPTION_VERDICT, "✓ TRUE");
	press(&stage, CMD_STAGE_BACK);
	assert_string_equal(lines_of(&stage, CAPTION_VERDICT), "");
	assert_says(&stage, CAPTION_PREDICTION, "none was made");
	press(&stage, CMD_STAGE_BACK);
	assert_non_null(strstr(lecture_caption(stage.lecture)->title, "S4"));
	assert_string_equal(lines_of(&stage, CAPTION_PREDICTION), "");
	press(&stage, CMD_STAGE_BACK);
	assert_non_null(strstr(lecture_caption(stage.lecture)->title, "S3"));
	press(&stage, CMD_STAGE_FIRST);
	assert_non_null(strstr(lecture_caption(stage.lecture)->title, "S1"));
	press(&stage, CMD_STAGE_BACK); /* there is none before it */
	assert_non_null(strstr(lecture_caption(stage.lecture)->title, "S1"));
	close_stage(&stage);
}

/* g: the list of all scenes, as a menu; one is gone to. */
static void a_scene_is_chosen_from_the_list(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	press(&stage, CMD_STAGE_LIST);
	assert_true(ui_menu_is_open(stage.ui));
	for (int i = 0; i < 3; i++)
		ui_menu_key(stage.ui, KEYCODE_DOWN);
	assert_int_equal(ui_menu_key(stage.ui, KEYCODE_ENTER), 3 + 3); /* from the one that is on */
	press(&stage, CMD_STAGE_LIST);
	screen_of(&stage);
	for (int row = 0, chosen = MENU_OPEN; row < 36 && chosen == MENU_OPEN; row++) {
		int key = ui_click(stage.ui, row, 60);
		if (key != KEYCODE_NONE)
			chosen = ui_menu_key(stage.ui, key);
		if (chosen != MENU_OPEN)
			assert_int_equal(chosen, 0); /* a click on its first row */
	}
	assert_false(ui_menu_is_open(stage.ui));
	close_stage(&stage);
}

/* The parts of a caption that are told one by one. */
static unsigned told_of(const struct stage *stage)
{
	static const enum caption_part parts[] = { CAPTION_PREDICTION, CAPTION_VERDICT,
		CAPTION_NUANCE, CAPTION_EXPLAIN };
	unsigned told = 0;

	for (unsigned i = 0; i < ARRAY_LEN(parts); i++)
		told |= (unsigned)(*lines_of(stage, parts[i]) != 0) << i;
	return told;
}

static void what_came_of_it_is_told_one_message_at_a_time(void **state)
{
	static const struct {
		unsigned parts; /* bits, as told_of */
		const char *explain;
	} messages[] = { { 1, "" }, { 2 | 8, "became its own" }, { 4, "" },
		{ 8, "fork copies the task" }, { 8, "Does the parent copy, too, when it writes?" },
		{ 8, "Yes, while somebody else maps the page" } };
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	predict(&stage, '1', "copy-on-write", NULL, NULL);
	assert_says(&stage, CAPTION_PREDICTION, "wrong");
	assert_says(&stage, CAPTION_PREDICTION, "fork copies page tables, not pages");
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		assert_int_equal(told_of(&stage), messages[i].parts);
		assert_says(&stage, CAPTION_EXPLAIN, messages[i].explain);
		lecture_key(stage.lecture, KEYCODE_ENTER);
	}
	assert_string_equal(lecture_caption(stage.lecture)->state, "");
	assert_says(&stage, CAPTION_VERDICT, "✓ TRUE");
	assert_says(&stage, CAPTION_KILLS, "✗ WRONG \"fork copies all memory.\"");
	assert_says(&stage, CAPTION_KILLS, "✓ TRUE fork copies page tables");
	assert_says(&stage, CAPTION_LATER, "fork copies the task");
	close_stage(&stage);
}

static void who_was_right_is_told_so_and_who_passed_nothing(void **state)
{
	struct stage stage;

	open_stage(&stage, "copy-on-write");
	predict(&stage, '3', "copy-on-write", NULL, NULL);
	assert_string_equal(lines_of(&stage, CAPTION_PREDICTION), "your prediction: right\n");
	assert_string_equal(marked_option(&stage), "3 ✓");
	close_stage(&stage);
	open_stage(&stage, "copy-on-write");
	predict(&stage, 'n', "copy-on-write", NULL, NULL);
	assert_string_equal(
		lines_of(&stage, CAPTION_PREDICTION), "your prediction: none was made\n");
	assert_string_equal(marked_option(&stage), "3 ✓");
	close_stage(&stage);
}

static void a_tour_by_itself_shows_its_choice_before_the_action(void **state)
{
	struct stage stage;
	int waited = 0;

	open_lesson(
		&stage, &(struct lesson_options) { .scene = "copy-on-write", .automatic = true });
	feed_first(&stage, "copy-on-write", BEFORE);
	lecture_wait(stage.lecture,
		3600 * NSEC_PER_SEC); /* as long as a look that settles it takes there */
	assert_string_equal(marked_option(&stage), "");
	for (; waited < 30 && !*marked_option(&stage); waited++)
		lecture_wait(stage.lecture, NSEC_PER_SEC);
	assert_in_range(waited, 2, 29);
	assert_string_equal(marked_option(&stage), "1 ▸");
	assert_string_equal(lecture_caption(stage.lecture)->after, "what do you expect?");
	lecture_wait(stage.lecture, NSEC_PER_SEC);
	assert_string_equal(lecture_caption(stage.lecture)->after, "what do you expect?");
	for (waited = 0; waited < 30 && *lecture_caption(stage.lecture)->after == 'w'; waited++)
		lecture_wait(stage.lecture, NSEC_PER_SEC);
	assert_string_equal(lecture_caption(stage.lecture)->after, "now: w0 writes 8 of the 64 MB");
	close_stage(&stage);
}

/* --- nothing is stored --- */

static void say_seven(struct sample *sample)
{
	struct pointer_sample *pointer;

	vec_each (pointer, &sample->pointers)
		if (pointer->what == POINTER_X && pointer->value == 1)
			pointer->value = 7;
}

static void captions_say_what_the_samples_say(void **state)
{
	struct stage stage;

	open_stage(&stage, "same-address");
	play(&stage, "same-address", NULL, say_seven);
	assert_says(&stage, CAPTION_AFTER, "Processes: w0 reads 7, w1 reads 0.");
	assert_says(&stage, CAPTION_AFTER, "Threads: w0 reads 7, w1 reads 7.");
	assert_says(&stage, CAPTION_VERDICT, "w0 reads 7 and w1 reads 0");
	assert_string_equal(lecture_caption(stage.lecture)->big, "7 0 | 7 7");
	close_stage(&stage);
}

/* The crews go on after an action; what was judged of it stays as it was. */
static void what_was_judged_stays(void **state)
{
	struct stage stage;
	char *first;

	open_stage(&stage, "leaving-the-cpu");
	play(&stage, "leaving-the-cpu", NULL, NULL);
	first = xstrdup(lines_of(&stage, CAPTION_AFTER));
	play_on(&stage);
	assert_string_equal(lines_of(&stage, CAPTION_AFTER), first);
	free(first);
	close_stage(&stage);
	open_stage(&stage, "copy-on-write");
	play(&stage, "copy-on-write", NULL, NULL);
	first = xstrdup(lines_of(&stage, CAPTION_VERDICT));
	assert_non_null(strstr(first, "the process 2048, the thread 1"));
	play_on(&stage);
	assert_string_equal(lines_of(&stage, CAPTION_VERDICT), first);
	free(first);
	close_stage(&stage);
}

/* A kernel on which processes share what they write: the sentence of the books is contradicted. */
static void share_all(struct sample *sample)
{
	struct pointer_sample *pointer;

	vec_each (pointer, &sample->pointers)
		if (pointer->what == POINTER_X)
			pointer->value = 1;
}

static void what_the_kernel_denies_is_contradicted(void **state)
{
	struct stage stage;

	open_stage(&stage, "same-address");
	play(&stage, "same-address", NULL, share_all);
	assert_says(&stage, CAPTION_VERDICT,
		"✗ NOT HERE \"A process has its own memory\": both processes read 1");
	close_stage(&stage);
}

/* --- what is not known --- */

static void lose_pointers(struct sample *sample)
{
	vec_clear(&sample->pointers);
}

static void what_is_not_known_is_a_dash_and_decides_nothing(void **state)
{
	struct stage stage;

	open_stage(&stage, "same-address");
	play(&stage, "same-address", lose_pointers, lose_pointers);
	lecture_give_up(stage.lecture);
	tell_all(&stage);
	assert_says(&stage, CAPTION_BEFORE, "X is at – in w0,");
	assert_says(&stage, CAPTION_AFTER, "Processes: w0 reads –, w1 reads –.");
	assert_says(&stage, CAPTION_AFTER, "did not come within its time");
	assert_says(&stage, CAPTION_VERDICT, "? OPEN ");
	assert_never_says(&stage, CAPTION_VERDICT, "TRUE");
	assert_never_says(&stage, CAPTION_VERDICT, "NOT HERE");
	close_stage(&stage);
}

/* --- an action that could not be done --- */

static const char pinned[] =
	"name: pinned\nnumber: 200\ntitle: Pinned\nclaims: [8]\nquestion: \"What is lost?\"\n"
	"setup:\n  left: {workers: 2, job: sleep}\n  right: {workers: 2, job: sleep}\n"
	"panes: [workers]\nbefore: [\"Two count.\"]\nactions:\n  - key: y\n    label: pin\n"
	"    steps:\n      - {verb: restart, side: left}\n"
	"      - {verb: pin, argument: 1, side: left, worker: all}\n      - {verb: mark}\n"
	"    until: \"delta(left.worker0.voluntary) >= 100\"\n    wait_ms: 1000\n"
	"    after: [\"{delta(left.worker0.voluntary)} since.\"]\n"
	"punch: \"So it is.\"\nnuance: Mostly.\nevidence: status\nprivilege: none\n";

static int refuse_pin(void *context, const struct scene *scene, const struct scene_move *move,
	enum side side, char *why, size_t why_size)
{
	if (move->verb != VERB_PIN)
		return 0;
	snprintf(why, why_size, "no such CPU");
	return -ENXIO;
}

static int start_at_once(void *context, const struct scene *scene, enum side side)
{
	return 0;
}

static nsec no_time(void *context)
{
	return 0;
}

static void never_sooner(void *context, bool effect)
{
}

/* The first sample of a recording, whose tasks have given the CPU up so often. */
static void feed_counts(struct model *model, struct scene_run *run, int64_t voluntary)
{
	char *path = folder_of("scenes/leaving-the-cpu.jsonl"), why[256] = "";
	struct recording *recording = NULL;
	struct sample sample = { 0 };
	struct task_sample *task;
	bool cut;

	assert_int_equal(recording_open(path, &recording, why, sizeof(why)), 0);
	assert_int_equal(recording_next(recording, &sample, &cut, why, sizeof(why)), 0);
	sample.at_ns += NSEC_PER_SEC * (nsec)model_feeds(model);
	vec_each (task, &sample.tasks)
		task->voluntary = voluntary;
	model_feed(model, &sample);
	scene_run_go(run, true);
	sample_finish(&sample);
	recording_close(recording);
	free(path);
}

/* What is counted of a new crew is counted from its start, whatever became of the steps behind it. */
static void a_new_crew_is_counted_anew(void **state)
{
	struct model *model = model_create(60);
	const struct lesson_host host = { .model = model,
		.now = no_time,
		.start_crew = start_at_once,
		.run_step = refuse_pin,
		.sample_soon = never_sooner };
	struct scene_run run;
	struct scene *scene = NULL;
	struct buf errors = { 0 };

	if (scene_parse("", pinned, strlen(pinned), &lesson_names, &scene, &errors) != 0)
		fail_msg("%s", errors.text);
	scene_run_open(&run, &host, NULL);
	scene_run_start(&run, scene);
	scene_run_go(&run, false);
	for (int i = 0; i < 10 && run.phase != LESSON_READY; i++)
		feed_counts(model, &run, 5000);
	scene_run_act(&run, &scene->actions[0]);
	scene_run_go(&run, false);
	feed_counts(model, &run, 10);
	assert_string_equal(run.trouble, "not done: no such CPU");
	for (int i = 0; i < 20 && run.phase != LESSON_DONE; i++)
		feed_counts(model, &run, 17);
	static const char since[] = { CAPTION_MARK, '7', CAPTION_UNMARK, 0 };
	assert_non_null(strstr(run.after_texts.at[0].text, since));
	scene_run_close(&run);
	scene_destroy(scene);
	model_destroy(model);
}

/* --- one number everywhere --- */

static int times_in(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* Verdicts and card, the duel's pane, and measure, which prints a median in the same way. */
static void card_and_panes_say_one_number(void **state)
{
	static const char *const who[] = { "processes", "CLONE_VM", "threads" };
	struct stage stage;
	char number[32];

	open_stage(&stage, "switch-cost");
	play(&stage, "switch-cost", NULL, NULL);
	const struct sample *sample = model_sample(stage.model);
	assert_int_equal(sample->duels.n, ARRAY_LEN(who));
	for (size_t i = 0; i < sample->duels.n; i++) {
		const struct duel_sample *duel = &sample->duels.at[i];
		assert_string_equal(duel->who, who[i]);
		format_fine_ns(number, sizeof(number), duel->median);
		assert_says(&stage, CAPTION_AFTER, number);
		assert_true(times_in(screen_of(&stage), number) >= 2); /* caption and pane */
	}
	snprintf(number, sizeof(number), "%.2f", sample->contrasts.at[0].ratio);
	assert_non_null(strstr(lecture_caption(stage.lecture)->big, number));
	for (int i = 0; i < KEYS_MAX && !*lines_of(&stage, CAPTION_ROW); i++)
		lecture_key(stage.lecture,
			'n'); /* passes a question, leaves a scene; at last the card */
	lecture_show(stage.lecture);
	assert_says(&stage, CAPTION_ROW, number);
	close_stage(&stage);
}

/* --- an interview --- */

/* No option is there to choose from; then all is told, and who answered marks it. */
static void an_interview_is_answered_aloud_and_marked(void **state)
{
	static const char *const then[] = { "Your score", "asked again" };

	for (int said = 1; said <= 2; said++) {
		struct stage stage;
		open_lesson(
			&stage, &(struct lesson_options) {
					.quiz = true, .interview = true, .scene = "blast-radius" });
		assert_string_equal(lines_of(&stage, CAPTION_OPTION), "");
		predict(&stage, KEYCODE_ENTER, "blast-radius", NULL, NULL);
		assert_string_equal(lines_of(&stage, CAPTION_PREDICTION), "");
		assert_says(&stage, CAPTION_EXPLAIN, "The signal goes to the faulting thread");
		assert_string_not_equal(lines_of(&stage, CAPTION_OPTION), "");
		assert_true(lecture_key(stage.lecture, '0' + said));
		assert_non_null(strstr(lecture_caption(stage.lecture)->title, then[said - 1]));
		close_stage(&stage);
	}
}

/* --- the code that ran --- */

static void code_is_short_and_of_something(void **state)
{
	for (size_t i = 0; i < worker_codes_n; i++) {
		const struct worker_code *code = &worker_codes[i];
		int lines = 0;
		for (const char *c = code->text; *c; c++)
			lines += *c == '\n';
		if (lines < 3 || lines > 12)
			fail_msg("%s: %d lines", code->name, lines);
		bool known =
			strcmp(code->name, "start") == 0 || order_find(code->name) > 0 ||
			(strncmp(code->name, "job-", 4) == 0 && job_find(code->name + 4) >= 0) ||
			strncmp(code->name, "duel-", 5) == 0;
		if (!known)
			fail_msg("%s is no order, no job and no duel", code->name);
		assert_ptr_equal(
			code_find(code->name, *code->kind == 't' ? KIND_THREADS : KIND_PROCESSES),
			code);
	}
}

/* What a scene orders its workers to do can be read. */
static void orders_of_scenes_have_their_code(void **state)
{
	char *folder = folder_of("../../assets/scenes"), name[40];
	const char *folders[] = { folder };
	struct buf errors = { 0 };
	struct scenes scenes;
	struct scene **scene;

	assert_int_equal(scenes_load(folders, 1, &lesson_names, &scenes, &errors), 0);
	vec_each (scene, &scenes.list)
		for (unsigned i = 0; i < (*scene)->actions_n; i++)
			for (unsigned k = 0; k < (*scene)->actions[i].steps_n; k++) {
				const struct scene_step *step = &(*scene)->actions[i].steps[k];
				code_name_of(step, name, sizeof(name));
				if (step->order && !code_find(name, KIND_THREADS))
					fail_msg("%s: no code of '%s'", (*scene)->name, name);
			}
	scenes_finish(&scenes);
	buf_finish(&errors);
	free(folder);
}

/* fork() left, pthread_create() right, each marked; and the key takes it away again. */
static void a_key_shows_the_code_that_ran(void **state)
{
	struct stage stage;

	open_stage(&stage, "fork-tree");
	play(&stage, "fork-tree", NULL, NULL);
	lecture_key(stage.lecture, 'c');
	assert_says(&stage, CAPTION_CODE_LEFT, "fork_bound()");
	assert_says(&stage, CAPTION_CODE_RIGHT, "pthread_create(");
	assert_string_equal(lines_of(&stage, CAPTION_PUNCH), "");
	assert_true(lecture_caption(stage.lecture)->code);
	lecture_key(stage.lecture, 'c');
	/* Beside what it means they stand where there is room. */
	assert_false(lecture_caption(stage.lecture)->code);
	assert_says(&stage, CAPTION_CODE_LEFT, "fork_bound()");
	assert_says(&stage, CAPTION_PUNCH, "fork() returns twice");
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_stands_while_after_tells_the_difference),
		cmocka_unit_test(before_a_key_nothing_is_said_of_after),
		cmocka_unit_test(while_an_action_runs_its_column_says_so),
		cmocka_unit_test(panes_come_when_an_answer_is_committed),
		cmocka_unit_test(an_action_runs_when_an_answer_is_committed),
		cmocka_unit_test(a_clicker_leads_on_and_back),
		cmocka_unit_test(a_scene_is_chosen_from_the_list),
		cmocka_unit_test(what_came_of_it_is_told_one_message_at_a_time),
		cmocka_unit_test(who_was_right_is_told_so_and_who_passed_nothing),
		cmocka_unit_test(a_tour_by_itself_shows_its_choice_before_the_action),
		cmocka_unit_test(captions_say_what_the_samples_say),
		cmocka_unit_test(what_was_judged_stays),
		cmocka_unit_test(what_the_kernel_denies_is_contradicted),
		cmocka_unit_test(what_is_not_known_is_a_dash_and_decides_nothing),
		cmocka_unit_test(a_new_crew_is_counted_anew),
		cmocka_unit_test(card_and_panes_say_one_number),
		cmocka_unit_test(an_interview_is_answered_aloud_and_marked),
		cmocka_unit_test(code_is_short_and_of_something),
		cmocka_unit_test(orders_of_scenes_have_their_code),
		cmocka_unit_test(a_key_shows_the_code_that_ran),
	};
	return cmocka_run_group_tests_name("play", tests, NULL, NULL);
}
