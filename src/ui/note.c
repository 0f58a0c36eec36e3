/* SPDX-License-Identifier: MIT
 * The note at the right of a pane's title, and what the pane lost to refusals: one line below its rows, or, where they
 * leave none, its note.
 */

#include "frame.h"

int frame_note_cols(const struct frame *frame, const struct area *area)
{
	return frame->canvas->cols - 14 - text_width(area->panel->pane->info.title);
}

__attribute__((format(printf, 3, 0))) static void set_note(
	struct frame *frame, enum style style, const char *format, va_list args)
{
	vsnprintf(frame->note, sizeof(frame->note), format, args);
	frame->note_style = style;
}

void frame_note(struct frame *frame, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_note(frame, STYLE_DIM, format, args);
	va_end(args);
}

void frame_alert(struct frame *frame, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_note(frame, STYLE_WARN, format, args);
	va_end(args);
}

/* Not what has ended, and not what is too much to be shown: nobody refuses it. */
static bool is_refusal(int32_t error)
{
	static const int32_t refusals[] = { EPERM, EACCES, ENOSYS, EOPNOTSUPP, ENOENT, EMFILE,
		ENFILE };

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (error == refusals[i])
			return true;
	return false;
}

/* The first task's reason stands for all: what is refused is refused to the viewer. */
static const char *reason_of(const struct model *model, const char *what)
{
	const struct gap_sample *gap;

	vec_each (gap, &model_sample(model)->gaps)
		if (strcmp(gap->what, what) == 0 && is_refusal(gap->error))
			return gap->reason;
	return NULL;
}

static void gather(const struct frame *frame, const struct pane *pane, char *out, size_t size)
{
	*out = '\0';
	for (size_t i = 0; i < ARRAY_LEN(pane->gaps) && pane->gaps[i]; i++) {
		const char *reason = reason_of(frame->model, pane->gaps[i]);

		if (reason)
			text_addf(out, size, "%s%s", *out ? " · " : "– ", reason);
	}
}

bool row_is_blank(const struct frame *frame, int row)
{
	for (int col = 1; col < frame->canvas->cols - 1; col++) {
		const char *text = canvas_at(frame->canvas, row, col)->text;

		if (col != frame->divider && *text && strcmp(text, " ") != 0)
			return false;
	}
	return true;
}

/* Which error it was is what goes first where there is little room. */
static void drop_errors(char *text)
{
	char *open, *close;

	while ((open = strstr(text, " (")) && (close = strchr(open, ')')))
		memmove(open, close + 1, strlen(close));
}

int losses_draw(struct frame *frame, const struct area *area)
{
	const struct rect half = area->half[SIDE_LEFT];
	char text[256];

	gather(frame, area->panel->pane, text, sizeof(text));
	if (!*text)
		return 0;
	const bool below = half.rows > 1 && row_is_blank(frame, half.row + half.rows - 1);

	if (text_width(text) > (below ? frame->canvas->cols - 5 : frame_note_cols(frame, area)))
		drop_errors(text);
	if (below)
		put_text(frame,
			(struct place) { half.row + half.rows - 1, 2, frame->canvas->cols - 3 },
			STYLE_WARN, text);
	else if (frame->note_style != STYLE_WARN)
		frame_alert(frame, "%s", text);
	return below;
}

bool losses_any(const struct frame *frame, const struct panel *panel)
{
	char text[256];

	gather(frame, panel->pane, text, sizeof(text));
	return *text;
}
