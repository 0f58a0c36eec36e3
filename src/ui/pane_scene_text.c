/* SPDX-License-Identifier: MIT
 * Puts the words of a caption into the scene pane: marked, wrapped, in the style of their part.
 */

#include "pane_scene.h"

const struct scene_part scene_parts[CAPTION_PARTS] = {
	[CAPTION_QUESTION] = { "", STYLE_STRONG, 0 },
	[CAPTION_SAY] = { "", STYLE_DIM, 4 },
	[CAPTION_ASK] = { "", STYLE_STRONG, 0, true },
	[CAPTION_OPTION] = { "", STYLE_TEXT, 0 },
	[CAPTION_PREDICTION] = { "", STYLE_TEXT, 0, true },
	[CAPTION_ROW] = { "", STYLE_TEXT, 0, true },
	[CAPTION_BEFORE] = { "", STYLE_TEXT, 0, true },
	[CAPTION_AFTER] = { "", STYLE_TEXT, 0 },
	[CAPTION_PUNCH] = { "", STYLE_STRONG, 0, true },
	[CAPTION_VERDICT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_EXPLAIN] = { "", STYLE_TEXT, 0, true },
	[CAPTION_KILLS] = { "", STYLE_TEXT, 0 },
	[CAPTION_NUANCE] = { "but:", STYLE_TEXT, 3 },
	[CAPTION_LATER] = { "", STYLE_TEXT, 5 },
	[CAPTION_EVIDENCE] = { "seen in:", STYLE_DIM, 4 },
	[CAPTION_PRIVILEGE] = { "seen by:", STYLE_DIM, 7 },
	[CAPTION_CODE] = { "", STYLE_TEXT, 0, true },
	[CAPTION_CODE_LEFT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_CODE_RIGHT] = { "", STYLE_TEXT, 0, true },
	[CAPTION_ACTION] = { "", STYLE_TEXT, 3, true },
};

static const enum style tone_styles[] = {
	[CAPTION_PLAIN] = STYLE_TEXT,
	[CAPTION_GOOD] = STYLE_GOOD,
	[CAPTION_BAD] = STYLE_DEAD,
	[CAPTION_UNSURE] = STYLE_WARN,
	[CAPTION_RIGHT] = STYLE_STRONG,
	[CAPTION_WRONG] = STYLE_DIM,
};

/* --- text with marks --- */

/* The bytes and cells of the word at text; marks take no cell. */
static size_t word_at(const char *text, int *ret_cols)
{
	size_t at = 0, bytes, len = strcspn(text, " ");
	int cols = 0;

	while (at < len) {
		if (text[at] == CAPTION_MARK || text[at] == CAPTION_UNMARK) {
			at++;
			continue;
		}
		cols += text_char_width(text + at, len - at, &bytes);
		at += MAX(bytes, 1);
	}
	*ret_cols = cols;
	return len;
}

/* One word, its marks obeyed; returns its cells. */
static int put_word(
	struct frame *frame, int row, int col, struct scene_ink *ink, const char *word, size_t len)
{
	static const char marks[] = { CAPTION_MARK, CAPTION_UNMARK, 0 };
	int start = col;

	while (len) {
		size_t n = MIN(strcspn(word, marks), len);
		char piece[256];

		if (!n) {
			ink->marked = *word == CAPTION_MARK;
			n = 1;
		} else {
			struct rect cells = { row, col, 1, 0 };

			snprintf(piece, sizeof(piece), "%.*s", (int)n, word);
			cells.cols = text_width(piece);
			canvas_text(frame->canvas, row, col, cells.cols,
				ink->marked ? STYLE_STRONG : ink->style, piece);
			if (ink->struck)
				canvas_mark(frame->canvas, cells, CELL_STRUCK);
			if (ink->marked)
				canvas_mark(frame->canvas, cells,
					CELL_MARKED | (ink->flash ? CELL_SELECTED : 0));
			col += cells.cols;
		}
		word += n;
		len -= n;
	}
	return col - start;
}

int scene_put_marked(struct frame *frame, struct rect r, struct scene_ink ink, const char *text)
{
	int row = 0, col = 0, cols;
	struct rect old = canvas_clip(frame->canvas, r);

	while (*text) {
		size_t len = word_at(text, &cols);

		if (col > 0 && col + cols > r.cols)
			row++, col = 0;
		col += put_word(frame, r.row + row, r.col + col, &ink, text, len);
		text += len;
		for (; *text == ' '; text++)
			col++;
	}
	canvas_unclip(frame->canvas, old);
	return row + 1;
}

struct scene_ink scene_ink_of(const struct caption_line *line)
{
	struct scene_ink ink = { .style = scene_parts[line->part].style,
		.struck = line->tone == CAPTION_WRONG };

	if (line->part == CAPTION_ROW)
		ink.style =
			*line->sign ? STYLE_TEXT : STYLE_STRONG; /* what was measured, below it */
	else if (line->tone != CAPTION_PLAIN && line->part != CAPTION_VERDICT)
		ink.style = tone_styles[line->tone];
	return ink;
}

int scene_put_column(struct scene_page *page, struct rect r, enum caption_part part,
	enum style head_style, const char *head)
{
	const struct caption *caption = page->frame->ui->caption;
	int row = 0;

	if (*head) {
		put_text(page->frame, (struct place) { r.row, r.col, r.cols }, head_style, head);
		row++;
	}
	for (size_t i = 0; i < caption->lines.n; i++) {
		const struct caption_line *line = &caption->lines.at[i];
		struct rect rest = { r.row + row, r.col, MAX(r.rows - row, 1), r.cols };
		struct scene_ink ink = scene_ink_of(line);

		ink.flash = caption->flash;
		if (line->part == part)
			row += scene_put_marked(page->frame, rest, ink, line->text);
	}
	return row;
}

int scene_count(const struct caption *caption, enum caption_part part)
{
	int n = 0;

	for (size_t i = 0; i < caption->lines.n; i++)
		n += caption->lines.at[i].part == part;
	return n;
}
