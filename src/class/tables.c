/* SPDX-License-Identifier: MIT
 * Draws what a class answered as tables: a frame, from which text and picture are made, and CSV.
 */
#include "tables.h"

#define COLS 120
#define CLAIM_COLS 44
#define KIND_COLS 18
#define SHOWN_KINDS ((COLS - CLAIM_COLS) / KIND_COLS)
#define SHOWN_WRONG 20
#define BAR_COLS 12

int class_asked_of(const struct class_sums *sums, int question)
{
	const struct class_asked *asked;

	vec_each (asked, &sums->asked)
		if (asked->question == question)
			return asked->n;
	return 0;
}

static const struct {
	const char *word;
	enum style style;
} verdict_words[VERDICTS] = {
	[VERDICT_NOT_RUN] = { "not run", STYLE_DIM },
	[VERDICT_UNDECIDED] = { "undecided", STYLE_WARN },
	[VERDICT_TRUE] = { "true", STYLE_GOOD },
	[VERDICT_CONDITION] = { "on condition", STYLE_WARN },
	[VERDICT_CONTRADICTED] = { "contradicted", STYLE_DEAD },
	[VERDICT_PART] = { "part shown", STYLE_WARN },
};

/* --- a frame --- */

/* The parts of a kind's name below each other. */
static void put_kind(struct canvas *canvas, int row, int col, const char *name)
{
	for (int line = 0; *name && line < 4; line++) {
		const size_t len = strcspn(name, ",");
		char part[KIND_COLS];

		snprintf(part, sizeof(part), "%.*s", (int)len, name);
		canvas_text(canvas, row + line, col, KIND_COLS - 1, STYLE_TITLE, part);
		name += len;
		name += strspn(name, ", ");
	}
}

/* What most machines of a kind on which it ran say of a claim: "true 7/8". */
static void put_verdict(
	struct canvas *canvas, int row, int col, const struct class_kind *kind, int claim)
{
	int most = VERDICT_NOT_RUN, of = 0;

	for (int v = VERDICT_NOT_RUN + 1; v < VERDICTS; v++) {
		of += kind->n[claim][v];
		if (most == VERDICT_NOT_RUN || kind->n[claim][v] > kind->n[claim][most])
			most = v;
	}
	if (of)
		canvas_textf(canvas, row, col, KIND_COLS - 1, verdict_words[most].style, "%s %d/%d",
			verdict_words[most].word, kind->n[claim][most], of);
	else
		canvas_text(canvas, row, col, KIND_COLS - 1, STYLE_DIM, "–");
}

static int put_claims(struct canvas *canvas, int row, const struct class_sums *sums)
{
	const int shown = (int)MIN(sums->kinds.n, SHOWN_KINDS);

	canvas_text(canvas, row, 0, COLS, STYLE_STRONG, "Claims, by kind of machine");
	for (int k = 0; k < shown; k++)
		put_kind(canvas, row + 1, CLAIM_COLS + k * KIND_COLS, sums->kinds.at[k].name);
	if ((int)sums->kinds.n > shown)
		canvas_textf(canvas, row + 1, 0, CLAIM_COLS, STYLE_DIM,
			"kinds that have no room here: %d; see --csv", (int)sums->kinds.n - shown);
	for (int claim = 1; claim <= CLAIMS; claim++) {
		canvas_textf(canvas, row + 4 + claim, 0, CLAIM_COLS - 1, STYLE_TEXT, "%d %s", claim,
			scene_claim_in_brief(claim));
		for (int k = 0; k < shown; k++)
			put_verdict(canvas, row + 4 + claim, CLAIM_COLS + k * KIND_COLS,
				&sums->kinds.at[k], claim);
	}
	return row + 4 + CLAIMS + 2;
}

static int put_wrong(struct canvas *canvas, int row, const struct class_sums *sums)
{
	const size_t shown = MIN(sums->wrong.n, SHOWN_WRONG);

	canvas_text(canvas, row, 0, COLS, STYLE_STRONG,
		"Wrong answers, the most frequent first: of how many who answered the question");
	for (size_t i = 0; i < shown; i++) {
		const struct class_wrong *wrong = &sums->wrong.at[i];
		const int asked = class_asked_of(sums, wrong->question), y = row + 1 + (int)i;
		const struct rect bar = { y, 14, 1, asked ? BAR_COLS * wrong->n / asked : 0 };

		canvas_textf(canvas, y, 0, 13, STYLE_TEXT, "%4d of %-4d", wrong->n, asked);
		canvas_fill(canvas, bar, "█", STYLE_DEAD);
		canvas_textf(canvas, y, 15 + BAR_COLS, COLS - 15 - BAR_COLS, STYLE_TEXT,
			"question %d: %s", wrong->question,
			*wrong->choice ? wrong->choice : "(said aloud)");
	}
	if (!shown)
		canvas_text(canvas, row + 1, 0, COLS, STYLE_DIM, "none");
	return row + 1 + (int)MAX(shown, 1) + 1;
}

static void put_files(struct canvas *canvas, int row, const struct class_sums *sums)
{
	const struct class_file *file;

	canvas_text(canvas, row++, 0, COLS, STYLE_STRONG, "Results");
	vec_each (file, &sums->files) {
		char name[100];

		safe_text(name, sizeof(name), file->name, strlen(file->name));
		canvas_textf(canvas, row++, 0, COLS, STYLE_TEXT, "%4d of %-4d right  %s",
			file->right, file->right + file->wrong, name);
	}
}

struct canvas *class_draw(const struct class_sums *sums, bool names)
{
	const int rows = 2 + 4 + CLAIMS + 2 + 2 + (int)MIN(MAX(sums->wrong.n, 1), SHOWN_WRONG) +
			 (names ? 2 + (int)sums->files.n : 0);
	struct canvas *canvas = canvas_create(rows, COLS);
	int row;

	canvas_clear(canvas);
	canvas_textf(canvas, 0, 0, COLS, STYLE_STRONG, "A class: %zu result%s", sums->files.n,
		sums->files.n == 1 ? "" : "s");
	row = put_claims(canvas, 2, sums);
	row = put_wrong(canvas, row, sums);
	if (names)
		put_files(canvas, row, sums);
	return canvas;
}

/* --- CSV --- */

/* A stranger's text, which a program of tables must not take for a formula. */
static void put_text(struct buf *out, const char *text)
{
	char shown[CLASS_CHOICE_MAX + 56];

	snprintf(shown, sizeof(shown), "%s%s", *text && strchr("=+-@", *text) ? "'" : "", text);
	buf_add_csv(out, shown);
}

void class_csv(const struct class_sums *sums, bool names, struct buf *out)
{
	const struct class_kind *kind;
	const struct class_wrong *wrong;
	const struct class_file *file;

	buf_adds(out, "table,claim,machine,verdict,question,answer,count,of\r\n");
	vec_each (kind, &sums->kinds)
		for (int claim = 1; claim <= CLAIMS; claim++)
			for (int v = 0; v < VERDICTS; v++)
				if (kind->n[claim][v])
					buf_addf(out, "verdict,%d,\"%s\",\"%s\",,,%d,%d\r\n", claim,
						kind->name, verdict_name(v), kind->n[claim][v],
						kind->machines);
	vec_each (wrong, &sums->wrong) {
		buf_addf(out, "wrong,,,,%d,", wrong->question);
		put_text(out, wrong->choice);
		buf_addf(out, ",%d,%d\r\n", wrong->n, class_asked_of(sums, wrong->question));
	}
	for (file = sums->files.at; names && file < sums->files.at + sums->files.n; file++) {
		char name[CLASS_CHOICE_MAX];

		safe_text(name, sizeof(name), file->name, strlen(file->name));
		buf_adds(out, "result,,,,,");
		put_text(out, name);
		buf_addf(out, ",%d,%d\r\n", file->right, file->right + file->wrong);
	}
}
