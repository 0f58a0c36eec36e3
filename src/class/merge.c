/* SPDX-License-Identifier: MIT
 * Merges the results of a class: reads each file, adds up, tells it as tables, and writes them as CSV and as a
 * picture.
 */
#include <unistd.h>

#include "document.h"
#include "export.h"
#include "outfile.h"
#include "tables.h"

/* --- sums --- */

static struct class_wrong *wrong_of(struct class_sums *sums, const struct class_answer *answer)
{
	struct class_wrong *wrong;

	vec_each (wrong, &sums->wrong)
		if (wrong->question == answer->question &&
			strcmp(wrong->choice, answer->choice) == 0)
			return wrong;
	wrong = vec_push(&sums->wrong);
	*wrong = (struct class_wrong) { .question = answer->question };
	memcpy(wrong->choice, answer->choice, sizeof(wrong->choice));
	return wrong;
}

static struct class_asked *asked_of(struct class_sums *sums, int question)
{
	struct class_asked *asked;

	vec_each (asked, &sums->asked)
		if (asked->question == question)
			return asked;
	asked = vec_push(&sums->asked);
	*asked = (struct class_asked) { .question = question };
	return asked;
}

/* The last takes what is one too many. */
static struct class_kind *kind_of(struct class_sums *sums, const char *name)
{
	struct class_kind *kind;

	vec_each (kind, &sums->kinds)
		if (strcmp(kind->name, name) == 0)
			return kind;
	if (sums->kinds.n >= CLASS_KINDS_MAX)
		name = "other kinds";
	if (sums->kinds.n > CLASS_KINDS_MAX)
		return &sums->kinds.at[CLASS_KINDS_MAX];
	kind = vec_push(&sums->kinds);
	*kind = (struct class_kind) { 0 };
	snprintf(kind->name, sizeof(kind->name), "%s", name);
	return kind;
}

static void add_verdicts(struct class_sums *sums, const struct class_result *result)
{
	struct class_kind *kind = NULL;

	for (int claim = 1; claim <= CLAIMS; claim++) {
		if (!result->verdict[claim])
			continue;
		if (!kind) {
			kind = kind_of(sums, *result->kind ? result->kind : "unknown");
			kind->machines++;
		}
		for (int v = 0; v < VERDICTS; v++)
			kind->n[claim][v] += result->verdict[claim] == verdict_name(v);
	}
}

static void add_result(struct class_sums *sums, const struct class_result *result, const char *name)
{
	struct class_file file = { .name = name };
	const struct class_answer *answer;

	vec_each (answer, &result->answers) {
		asked_of(sums, answer->question)->n++;
		if (answer->wrong)
			wrong_of(sums, answer)->n++;
		file.wrong += answer->wrong;
		file.right += !answer->wrong;
	}
	add_verdicts(sums, result);
	*vec_push(&sums->files) = file;
}

static int compare(const void *left, const void *right)
{
	const struct class_wrong *a = left, *b = right;

	if (a->n != b->n)
		return b->n - a->n;
	return a->question != b->question ? a->question - b->question
					  : strcmp(a->choice, b->choice);
}

/* --- files --- */

/* What a file holds, so that the same is counted once. */
struct content {
	struct buf text;
	const char *name;
};
struct contents {
	VEC(struct content) list;
};

static const char *same_as(const struct contents *contents, const struct buf *text)
{
	const struct content *content;

	vec_each (content, &contents->list)
		if (content->text.len == text->len &&
			memcmp(content->text.text, text->text, text->len) == 0)
			return content->name;
	return NULL;
}

static void leave_out(const char *name, const char *why)
{
	char shown[200];

	safe_text(shown, sizeof(shown), name, strlen(name));
	say_line("%s is left out: %s", shown, why);
}

static void take_file(struct class_sums *sums, struct contents *contents, const char *name)
{
	struct class_result result;
	struct buf text = { 0 };
	char why[300];
	const int error = document_load(name, CLASS_FILE_MAX, &text);
	const char *same = error || !text.len ? NULL : same_as(contents, &text);

	if (error || !text.len)
		leave_out(name, error ? document_why(error) : "it is empty");
	else if (same)
		leave_out(name, "another file holds the same, and is counted");
	else if (!class_read(text.text, text.len, &result, why, sizeof(why)))
		leave_out(name, why);
	else {
		add_result(sums, &result, name);
		class_result_finish(&result);
		*vec_push(&contents->list) = (struct content) { text, name };
		return;
	}
	buf_finish(&text);
}

static int write_csv(const struct class_sums *sums, const struct class_options *options)
{
	struct buf out = { 0 };

	class_csv(sums, options->names, &out);
	const int error = outfile_write(options->csv, options->force, &out);
	buf_finish(&out);
	return error;
}

static int write_svg(const struct canvas *canvas, const struct class_options *options)
{
	const struct theme *theme = theme_find("light");
	struct buf out = { 0 };

	export_svg(canvas, theme ? theme : theme_table, DEPTH_256, "A class", &out);
	const int error = outfile_write(options->svg, options->force, &out);
	buf_finish(&out);
	return error;
}

static enum exit_code cannot_write(const char *path, int error)
{
	if (!error)
		return EXIT_FINE;
	say_line("cannot write %s: %s", path, outfile_why(error));
	return EXIT_FAILED;
}

static enum exit_code tell(
	const struct class_sums *sums, const struct class_options *options, struct buf *out)
{
	struct canvas *canvas = class_draw(sums, options->names);
	enum exit_code status = EXIT_FINE;

	export_text(canvas, out);
	if (options->csv)
		status |= cannot_write(options->csv, write_csv(sums, options));
	if (options->svg)
		status |= cannot_write(options->svg, write_svg(canvas, options));
	canvas_destroy(canvas);
	return status;
}

/* Said before anything is read. */
static enum exit_code check_files(const struct class_options *options)
{
	const char *const files[] = { options->csv, options->svg };
	enum exit_code status = EXIT_FINE;

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (files[i])
			status |= cannot_write(files[i], outfile_check(files[i], options->force));
	return status;
}

enum exit_code class_merge(
	char *const *files, int n, const struct class_options *options, struct buf *out)
{
	enum exit_code status = check_files(options);
	struct contents contents = { 0 };
	struct class_sums sums = { 0 };
	struct content *content;

	for (int i = 0; i < n && status == EXIT_FINE; i++)
		take_file(&sums, &contents, files[i]);
	if (sums.wrong.n)
		qsort(sums.wrong.at, sums.wrong.n, sizeof(*sums.wrong.at), compare);
	if (sums.files.n) {
		status = tell(&sums, options, out);
	} else if (status == EXIT_FINE) {
		say_line("no results could be read");
		status = EXIT_FAILED;
	}
	vec_each (content, &contents.list)
		buf_finish(&content->text);
	vec_finish(&contents.list);
	vec_finish(&sums.wrong);
	vec_finish(&sums.asked);
	vec_finish(&sums.kinds);
	vec_finish(&sums.files);
	return status;
}
