/* SPDX-License-Identifier: MIT
 * Golden screens. Each NAME.case names a recording, a size and keys; NAME.screen beside it is what must be seen, line by
 * line, each ended with a | so that blanks count. GENERATE=1 writes the screens anew.
 *
 *	render NAME.case...    compares, prints TAP
 *	render -v NAME.case    prints the frame, for looking at it
 *	render -s NAME.case    the same as SVG
 *
 * A case is lines of "word rest": recording FILE (in the fixtures), size COLSxROWS (or several: a frame each), at MS (feed samples up to this time
 * after the first; without it, all), keys SCRIPT, and the options ascii, styles, replay, targets, root, paused, recording.
 * must TEXT: this stands on the screen, uncut, whatever else has changed; filled: at most a third of a pane is empty, and no
 * row repeats another.
 * scene NAME plays a scene on its recording (scenes/NAME.jsonl of the fixtures), quiz NAME asks its questions, and card
 * plays all scenes, each on its own, and shows the card of claims; vertical: as the clip that is higher than wide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export.h"
#include "lecture.h"
#include "ui.h"

#define MUSTS_MAX 24
#define INTERVIEW_S 3690 /* more than a lecture on a recording leaps at once */

struct golden {
	char must[MUSTS_MAX][80];
	int musts;
	char recording[128], keys[512], message[256], theme[32];
	int rows, cols;
	char sizes[64]; /* if there are several */
	nsec at;
	char scene[40];
	bool filled;
	bool ascii, styles, replay, targets, root, recording_on, quiz, interview, card, vertical;
};

struct stage {
	struct golden golden;
	struct recording *recording;
	struct sample sample;
	bool more; /* sample holds one that was not fed yet */
	struct model *model;
	struct lecture *lecture; /* NULL: no scene */
	struct ui *ui;
	enum command_mode mode;
	struct ui_state state;
	nsec first, now;
	struct canvas *canvas;
};

static char why[256];

static bool fail(const char *what)
{
	snprintf(why + strlen(why), sizeof(why) - strlen(why), " (%.200s)", what);
	return false;
}

/* --- the case file --- */

static bool set(struct golden *golden, const char *word, const char *rest)
{
	struct {
		const char *word;
		bool *flag;
	} flags[] = {
		{ "ascii", &golden->ascii },
		{ "filled", &golden->filled },
		{ "styles", &golden->styles },
		{ "replay", &golden->replay },
		{ "targets", &golden->targets },
		{ "root", &golden->root },
		{ "rec", &golden->recording_on },
		{ "interview", &golden->interview },
		{ "card", &golden->card },
		{ "vertical", &golden->vertical },
	};
	int64_t ms;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(flags[i].word, word) == 0)
			return *flags[i].flag = true;
	if (strcmp(word, "must") == 0 && golden->musts < MUSTS_MAX)
		return snprintf(golden->must[golden->musts++], sizeof(golden->must[0]), "%s",
			       rest) > 0;
	if (strcmp(word, "recording") == 0)
		return snprintf(golden->recording, sizeof(golden->recording), "%s", rest) > 0;
	if (strcmp(word, "scene") == 0 || strcmp(word, "quiz") == 0) {
		golden->quiz = word[0] == 'q';
		snprintf(golden->recording, sizeof(golden->recording), "../scenes/%s.jsonl", rest);
		return snprintf(golden->scene, sizeof(golden->scene), "%s", rest) > 0;
	}
	if (strcmp(word, "keys") == 0)
		return snprintf(golden->keys, sizeof(golden->keys), "%s", rest) > 0;
	if (strcmp(word, "message") == 0)
		return snprintf(golden->message, sizeof(golden->message), "%s", rest) > 0;
	if (strcmp(word, "theme") == 0)
		return snprintf(golden->theme, sizeof(golden->theme), "%s", rest) > 0;
	if (strcmp(word, "size") == 0)
		return snprintf(golden->sizes, sizeof(golden->sizes), "%s", rest) > 0;
	if (strcmp(word, "at") == 0 && parse_integer(rest, 0, 1000000, &ms) == 0) {
		golden->at = ms * NSEC_PER_MSEC;
		return true;
	}
	return fail(word);
}

static bool read_case(const char *path, struct golden *golden)
{
	FILE *file = fopen(path, "re");
	char line[1024];
	bool fine = file != NULL;

	*golden = (struct golden) { .sizes = "80x24", .at = INT64_MAX };
	while (fine && fgets(line, sizeof(line), file)) {
		char *rest;

		line[strcspn(line, "\n")] = 0;
		if (!line[0] || line[0] == '#')
			continue;
		rest = line + strcspn(line, " ");
		if (*rest)
			*rest++ = 0;
		fine = set(golden, line, rest);
	}
	if (file)
		fclose(file);
	return fine || fail(path);
}

/* --- the stage: the same parts as the program, without clock and terminal --- */

static bool next_sample(struct stage *stage)
{
	bool cut;

	sample_clear(&stage->sample);
	stage->more = recording_next(stage->recording, &stage->sample, &cut, why, sizeof(why)) == 0;
	return stage->more;
}

/* Feeds all samples up to `until` after the first. */
static void play(struct stage *stage, nsec until)
{
	while (stage->more && stage->sample.at_ns - stage->first <= until) {
		model_feed(stage->model, &stage->sample);
		if (stage->lecture)
			lecture_sampled(stage->lecture);
		stage->now = stage->sample.at_ns - stage->first;
		next_sample(stage);
	}
	stage->state.elapsed = stage->now;
}

/* A recording of thousands of tasks is kept compressed. Makes path that of a file with its lines; false: it cannot. */
static bool unpack(char *path, size_t size)
{
	char command[3072], text[] = "/tmp/taskscope-golden-XXXXXX";
	const int file = mkstemp(text);

	if (file < 0)
		return false;
	close(file);
	snprintf(command, sizeof(command), "gzip -dc '%s' >'%s'", path, text);
	snprintf(path, size, "%s", text);
	return system(command) == 0;
}

static bool open_recording(struct stage *stage, const char *name)
{
	const bool packed = strstr(name, ".gz");
	const char *fixtures = getenv("FIXTURES");
	char path[1024];

	snprintf(path, sizeof(path), "%s/recordings/%s", fixtures ? fixtures : ".", name);
	if (packed && !unpack(path, sizeof(path)))
		return fail(path);
	const int error = recording_open(path, &stage->recording, why, sizeof(why));

	if (packed)
		unlink(path);
	if (error < 0 || !next_sample(stage))
		return fail(path);
	stage->first = stage->sample.at_ns;
	return true;
}

static void close_recording(struct stage *stage)
{
	recording_close(stage->recording);
	model_destroy(stage->model);
	stage->recording = NULL;
	stage->model = NULL;
}

static bool open_lecture(struct stage *stage)
{
	const char *fixtures = getenv("FIXTURES");
	char folder[1024];

	snprintf(folder, sizeof(folder), "%s/../../assets/scenes", fixtures ? fixtures : ".");
	const struct lesson_options wanted = { .scene = stage->golden.card ? NULL
									   : stage->golden.scene,
		.quiz = stage->golden.quiz,
		.interview = stage->golden.interview,
		.clean = stage->golden.vertical,
		.route = stage->golden.vertical ? LESSON_CLIP : LESSON_STOPS,
		.timer = stage->golden.interview ? INTERVIEW_S : 0 };
	stage->lecture = lecture_open(stage->ui, stage->model, folder, &wanted, why, sizeof(why));
	return stage->lecture || fail(folder);
}

/* Every scene's first action on its recording. */
static bool play_all(struct stage *stage)
{
	const char *name;

	for (size_t i = 0;; i++) {
		char path[80];

		close_recording(stage);
		stage->model = model_create(600);
		name = lecture_scene(stage->lecture, stage->model, i);
		if (!name)
			return true;
		snprintf(path, sizeof(path), "../scenes/%s.jsonl", name);
		if (!open_recording(stage, path))
			return false;
		play(stage, stage->golden.at);
		lecture_key(stage->lecture, 'n'); /* predicts nothing: the action runs */
		play(stage, INT64_MAX);
		lecture_show(stage->lecture);
	}
}

static bool open_stage(struct stage *stage)
{
	const char *theme = stage->golden.theme[0] ? stage->golden.theme : "dark";
	bool scenes = stage->golden.scene[0] || stage->golden.card;
	static const char *const titles[COMMAND_MODES] = { [MODE_LAB] = "lab",
		[MODE_REPLAY] = "lab",
		[MODE_TARGETS] = "attach",
		[MODE_TOUR] = "tour",
		[MODE_QUIZ] = "quiz" };

	stage->mode = stage->golden.replay ? MODE_REPLAY : MODE_LAB;
	if (stage->golden.targets)
		stage->mode = MODE_TARGETS;
	if (scenes)
		stage->mode = stage->golden.quiz ? MODE_QUIZ : MODE_TOUR;

	struct ui_options options = { stage->mode, stage->golden.root, titles[stage->mode],
		stage->golden.vertical, stage->golden.vertical };

	stage->ui = ui_create(&options);
	stage->canvas = canvas_create(stage->golden.rows, stage->golden.cols);
	stage->state = (struct ui_state) { .recording = stage->golden.recording_on,
		.interval = 100 * NSEC_PER_MSEC,
		.theme = theme };
	stage->model = model_create(600);
	if (scenes && !open_lecture(stage))
		return false;
	if (stage->golden.card)
		return play_all(stage);
	if (!open_recording(stage, stage->golden.recording))
		return false;
	play(stage, stage->golden.at);
	if (stage->golden.message[0])
		ui_message(stage->ui, STYLE_GOOD, "%s", stage->golden.message);
	return true;
}

static void close_stage(struct stage *stage)
{
	close_recording(stage);
	lecture_close(stage->lecture);
	ui_destroy(stage->ui);
	if (stage->canvas)
		canvas_destroy(stage->canvas);
	sample_finish(&stage->sample);
}

static void draw(struct stage *stage)
{
	if (stage->lecture)
		lecture_show(stage->lecture);
	ui_set_state(stage->ui, &stage->state);
	ui_draw(stage->ui, stage->model, stage->canvas);
}

static void open_jobs(struct ui *ui)
{
	static struct menu_item items[JOBS + 1];

	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		items[i] = (struct menu_item) { job_table[i].name, job_table[i].help };
	ui_menu_open(ui, "Job of w0", items, ARRAY_LEN(items));
}

static void press(struct stage *stage, int key)
{
	enum command_id command = command_of_key(key, stage->mode, ui_focus(stage->ui));

	ui_key_echo(stage->ui, key);
	if (ui_prompt_is_open(stage->ui)) {
		command = ui_prompt_key(stage->ui, key);
		if (command == CMD_NONE)
			return;
	}
	if (stage->lecture && lecture_command(stage->lecture, command, key))
		return;
	if (ui_menu_is_open(stage->ui))
		ui_menu_key(stage->ui, key);
	else if (command == CMD_PAUSE)
		stage->state.paused = !stage->state.paused;
	else if (command == CMD_JOB)
		open_jobs(stage->ui);
	else
		ui_command(stage->ui, stage->model, command);
}

static bool run_keys(struct stage *stage)
{
	struct script script;

	if (script_parse(stage->golden.keys, &script, why, sizeof(why)) < 0)
		return false;
	for (size_t i = 0; i < script.steps.n; i++) {
		const struct script_step *step = &script.steps.at[i];

		draw(stage); /* the program draws between two keys of a person */
		if (step->kind == SCRIPT_KEY)
			press(stage, step->key);
		else if (step->kind == SCRIPT_WAIT)
			play(stage, stage->now + step->wait);
	}
	script_finish(&script);
	return true;
}

/* --- the frame as text --- */

static void put_text(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		for (int col = 0; col < canvas->cols; col++) {
			const struct cell *cell = canvas_at(canvas, row, col);

			if (cell->width)
				buf_adds(out, cell->text[0] ? cell->text : " ");
		}
		buf_adds(out, "|\n");
	}
}

/* The letters of export_styles, each line ended with a |. */
static void put_styles(const struct canvas *canvas, struct buf *out)
{
	struct buf letters = { 0 };
	const char *at;

	export_styles(canvas, &letters);
	for (at = letters.text; at && *at; at += strcspn(at, "\n") + 1) {
		buf_add(out, at, strcspn(at, "\n"));
		buf_adds(out, "|\n");
	}
	buf_finish(&letters);
}

static void print_frame(struct stage *stage, struct buf *out)
{
	if (stage->golden.ascii)
		canvas_to_ascii(stage->canvas);
	put_text(stage->canvas, out);
	if (stage->golden.styles)
		put_styles(stage->canvas, out);
}

/* Every text that must stand does, in a frame of text. */
static bool has_musts(const struct golden *golden, const struct buf *frame)
{
	for (int i = 0; i < golden->musts; i++) {
		if (strstr(frame->text, golden->must[i]))
			continue;
		snprintf(why, sizeof(why), "\"%s\" does not stand uncut", golden->must[i]);
		return false;
	}
	return true;
}

/* Nothing in it but what frames panes. */
static bool is_empty(const struct canvas *canvas, int row)
{
	for (int col = 0; col < canvas->cols; col++) {
		const char *text = canvas_at(canvas, row, col)->text;

		if (text[0] && text[0] != ' ' && strcmp(text, "│") != 0)
			return false;
	}
	return true;
}

/* Whether a row says word for word what an earlier one of its pane says, after `first`. */
static bool is_repeat(const struct canvas *canvas, int first, int row)
{
	for (int before = first; before < row; before++) {
		int col = 0;

		while (col < canvas->cols && strcmp(canvas_at(canvas, before, col)->text,
						     canvas_at(canvas, row, col)->text) == 0)
			col++;
		if (col == canvas->cols)
			return true;
	}
	return false;
}

/* In each pane at most a third of the rows is empty, and no row only repeats another. */
static bool is_filled(const struct canvas *canvas)
{
	int empty = 0, first = 0;

	for (int row = 0; row < canvas->rows; row++) {
		if (strcmp(canvas_at(canvas, row, 0)->text, "│") == 0) {
			empty += is_empty(canvas, row);
			if (!is_empty(canvas, row) && is_repeat(canvas, first, row))
				snprintf(why, sizeof(why), "row %d repeats another", row + 1);
			continue;
		}
		if (3 * empty > row - first)
			snprintf(why, sizeof(why), "%d of %d rows above row %d are empty", empty,
				row - first, row + 1);
		empty = 0;
		first = row + 1;
	}
	return !why[0];
}

/* At one of its sizes. */
static bool render_size(const struct golden *golden, const char *size, bool svg, struct buf *out)
{
	struct stage stage = { .golden = *golden };
	bool fine = sscanf(size, "%dx%d", &stage.golden.cols, &stage.golden.rows) == 2 &&
		    open_stage(&stage) && run_keys(&stage);

	if (fine) {
		draw(&stage);
		if (svg)
			export_svg(
				stage.canvas, theme_find(stage.state.theme), DEPTH_256, size, out);
		else
			print_frame(&stage, out);
		fine = svg ||
		       (has_musts(golden, out) && (!golden->filled || is_filled(stage.canvas)));
	}
	close_stage(&stage);
	return fine;
}

static bool render(const char *path, bool svg, struct buf *out)
{
	struct golden golden;
	bool fine;

	why[0] = 0;
	fine = read_case(path, &golden);
	for (const char *size = golden.sizes; fine && *size; size += strspn(size, " ")) {
		const int len = (int)strcspn(size, " ");

		if (!svg && golden.sizes[len])
			buf_addf(out, "%.*s:\n", len, size);
		fine = render_size(&golden, size, svg, out);
		size += len;
	}
	return fine;
}

/* --- comparing --- */

static void screen_path(const char *path, char *out, size_t size)
{
	snprintf(out, size, "%.*s.screen", (int)(strlen(path) - strlen(".case")), path);
}

static bool read_file(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "re");
	char part[4096];
	size_t n;

	if (!file)
		return fail(path);
	while ((n = fread(part, 1, sizeof(part), file)) > 0)
		buf_add(out, part, n);
	fclose(file);
	return true;
}

static bool write_file(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return fail(path);
	fwrite(text->text, 1, text->len, file);
	return fclose(file) == 0;
}

/* Says the first line that differs. */
static void tell_difference(const char *want, const char *got)
{
	int line = 1;

	while (*want || *got) {
		size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");

		if (w != g || memcmp(want, got, w) != 0) {
			printf("# line %d\n# want: %.*s\n# got:  %.*s\n", line, (int)w, want,
				(int)g, got);
			return;
		}
		want += w + (want[w] == '\n');
		got += g + (got[g] == '\n');
		line++;
	}
}

static bool check(const char *path)
{
	struct buf got = { 0 }, want = { 0 };
	char screen[1024];
	bool fine = render(path, false, &got);

	screen_path(path, screen, sizeof(screen));
	if (fine && getenv("GENERATE"))
		fine = write_file(screen, &got);
	else if (fine && read_file(screen, &want)) {
		fine = want.len == got.len && memcmp(want.text, got.text, got.len) == 0;
		if (!fine)
			tell_difference(want.text, got.text);
	} else
		fine = false;
	if (!fine && why[0])
		printf("# %s\n", why);
	buf_finish(&got);
	buf_finish(&want);
	return fine;
}

static int view(const char *path, bool svg)
{
	struct buf frame = { 0 };

	if (!render(path, svg, &frame)) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	fputs(frame.text, stdout);
	buf_finish(&frame);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc == 3 && argv[1][0] == '-')
		return view(argv[2], strcmp(argv[1], "-s") == 0);
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		const char *name = strrchr(argv[i], '/');
		bool fine = check(argv[i]);

		failed += !fine;
		printf("%s %d - %s\n", fine ? "ok" : "not ok", i, name ? name + 1 : argv[i]);
	}
	return failed != 0;
}
