/* SPDX-License-Identifier: MIT
 * What a pane lost, and why: one line below its rows, or, where they leave none, its note. Alone knows which refusal takes
 * something from which pane; the values themselves say of each where they come from.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

static const struct {
	const struct pane *pane;
	const char *gaps[4]; /* names of what is refused */
} losses[] = {
	{ &pane_sharing, { "kcmp", "kcmp none", "ns" } },
	{ &pane_pages, { "frames", "pagemap" } },
	{ &pane_pointer, { "mem", "pagemap" } },
	{ &pane_stacks, { "syscall", "perf_event", "pagemap" } },
	{ &pane_registers, { "syscall", "perf_event", "maps" } },
	{ &pane_files, { "fd", "cwd", "kcmp file" } },
	{ &pane_signals, { "status" } },
	{ &pane_cost, { "smaps_rollup", "status", "fd" } },
};

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
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < ARRAY_LEN(losses); i++)
		for (size_t g = 0; losses[i].pane == pane && g < ARRAY_LEN(losses[i].gaps); g++) {
			const char *what = losses[i].gaps[g];
			const char *reason = what ? reason_of(frame->model, what) : NULL;

			if (reason && len < size)
				len += (size_t)snprintf(
					out + len, size - len, "%s%s", len ? " · " : "– ", reason);
		}
}

static bool is_blank(const struct frame *frame, int row)
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

void losses_draw(struct frame *frame, const struct area *area)
{
	const struct rect half = area->half[SIDE_LEFT];
	char text[256];

	gather(frame, pane_record(area->pane), text, sizeof(text));
	if (!*text)
		return;
	const bool below = half.rows > 1 && is_blank(frame, half.row + half.rows - 1);

	if (text_width(text) > (below ? frame->canvas->cols - 5 : frame_note_cols(frame, area)))
		drop_errors(text);
	if (below)
		put_text(frame,
			(struct place) { half.row + half.rows - 1, 2, frame->canvas->cols - 3 },
			STYLE_WARN, text);
	else if (frame->note_style != STYLE_WARN)
		frame_alert(frame, area, "%s", text);
}

bool losses_any(const struct frame *frame, int pane)
{
	char text[256];

	gather(frame, pane_record(pane), text, sizeof(text));
	return *text;
}
