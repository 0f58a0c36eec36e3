/* SPDX-License-Identifier: MIT
 * One pointer, many truths: X has one address in every task, and in each address space a page of its own or a shared one.
 */
#include <stdio.h>
#include <string.h>

#include "members.h"

static void draw_page(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct pointer_sample *x = member_evidence(f, FACT_X, side, row);
	const struct member *member = row;
	const char *text = !x || x->exclusive < 0 ? "–" : x->exclusive ? "█ own" : "▓ shared";
	bool thread = member->half->pid != member->half->tid;

	if (x && x->state == PAGE_ABSENT)
		text = "· none";
	else if (x && x->exclusive > 0 && thread)
		text = "= main's"; /* mapped once: by the table that all threads have */
	member_named_draw(f, c, 0, at, side, row,
		!x || x->exclusive < 0    ? STYLE_DIM
		: x->exclusive && !thread ? STYLE_PRIVATE
					  : STYLE_SHARED,
		text, x && x->state >= 0 ? text : "");
}

#define WRITTEN_BY "written by "

/* The title says "written by" once for all. */
static void draw_writer(
	struct frame *f, const struct column *c, struct place at, enum side side, const void *row)
{
	const struct pointer_sample *x = member_evidence(f, FACT_X, side, row);
	const char *text = x && x->known ? x->text : "–";

	if (strncmp(text, WRITTEN_BY, strlen(WRITTEN_BY)) == 0)
		text += strlen(WRITTEN_BY);
	member_named_draw(f, c, 0, at, side, row, x && x->known ? STYLE_TEXT : STYLE_DIM, text,
		x && x->known ? text : "");
}

static const struct column columns[] = {
	MEMBER_NAME,
	{ "X", .min = 3, .max = 6, .scope = FACT_X, .fact = "x_value", .flashes = true,
		.draw = member_fact_draw },
	{ "its page", .min = 8, .max = 8, .left = true, .scope = FACT_X, .fact = "x_exclusive",
		.flashes = true, .draw = draw_page },
	{ "frame", .min = 9, .max = 10, .priority = 10, .scope = FACT_X, .fact = "x_frame",
		.draw = member_fact_draw },
	{ "written by", .min = 10, .max = 24, .priority = 2, .left = true, .scope = FACT_X,
		.fact = "x_text", .flashes = true, .draw = draw_writer },
	{ "local", .min = 5, .max = 6, .priority = 4, .scope = FACT_LOCAL, .fact = "local_value",
		.flashes = true, .draw = member_fact_draw },
	{ "heap object", .min = 11, .max = 24, .priority = 11, .left = true, .scope = FACT_VICTIM,
		.fact = "victim_text", .flashes = true, .draw = member_fact_draw },
};

/* Pages that hold X on this side: one for each address space that has one of its own, and one for all others. */
static int pages_of_x(const struct sample *sample, enum side side, uint64_t *address)
{
	int own = 0, shared = 0;

	for (size_t i = 0; i < sample->pointers.n; i++) {
		const struct pointer_sample *x = &sample->pointers.at[i];
		bool first = true;

		if (x->side != (int16_t)side || x->what != POINTER_X)
			continue;
		*address = x->address;
		for (size_t k = 0; k < i && first; k++)
			first = sample->pointers.at[k].what != POINTER_X ||
				sample->pointers.at[k].pid != x->pid;
		own += first && x->exclusive == 1;
		shared = shared || x->exclusive == 0;
	}
	return own + shared;
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	uint64_t address = 0;
	int pages = pages_of_x(model_sample(frame->model), side, &address);

	if (!address) {
		snprintf(out, size, "X was not read yet");
		return;
	}
	snprintf(out, size, "&X is 0x%llx: one number, %d page%s", (unsigned long long)address,
		pages, pages == 1 ? "" : "s");
	if (text_width(out) > cols)
		snprintf(out, size, "0x%llx: one number, %d page%s", (unsigned long long)address,
			pages, pages == 1 ? "" : "s");
}

static const struct members members = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.say = say,
	.legend = "the same address in all, read from each one's memory",
	.brief = "one address, read in each",
};

static void draw(struct frame *frame, const struct area *area)
{
	members_draw(frame, area, &members);
}

static bool number(const struct ui *ui, struct model *model, struct number *ret)
{
	return members_number(ui, model, &members, ret);
}

const struct pane pane_pointer = {
	.min_rows = 4,
	.weight = 3,
	.field = 1,
	.needs = NEED_TASKS | NEED_POINTER,
	.want = members_want,
	.draw = draw,
	.click = members_click,
	.number = number,
};
