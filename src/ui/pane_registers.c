/* SPDX-License-Identifier: MIT
 * Registers: where each task executes (PC), where its stack pointer stands (SP), and where its thread-local storage is
 * (TLS). They are a task's own on both sides; that two numbers are equal says nothing before one knows in which memory.
 */

#include "worker_list.h"

#define PREFIX "taskscope-" /* of our own programs */

/* Where there is little room, "libc.so.6+0x9eb1d" is "libc+0x9eb1d": what is behind the plus says more. */
static void draw_where(const struct table_cell *cell)
{
	const struct register_sample *r = cell_evidence(cell, FACT_REGISTERS);
	const char *where = r ? r->where : "", *plus = strchr(where, '+'), *suffix;
	char brief[sizeof(r->where) + 1];

	if (!plus || text_width(where) <= cell->at.cols) {
		cell_fact_draw(cell);
		return;
	}
	if (strncmp(where, PREFIX, strlen(PREFIX)) == 0)
		where += strlen(PREFIX);
	suffix = strstr(where, ".so");
	snprintf(brief, sizeof(brief), "%.*s%s",
		(int)((suffix && suffix < plus ? suffix : plus) - where), where, plus);
	put_text(cell->frame, cell->at, STYLE_TEXT, brief);
}

/* The name of the place tells more than its number, so the number is what goes first. */
static const struct column columns[] = {
	COLUMN_NAME,
	{ "SP", .min = 14, .max = 14, .scope = FACT_REGISTERS, .fact = "sp",
		.draw = cell_fact_draw },
	{ "PC is in", .min = 14, .max = 32, .priority = 1, .left = true, .scope = FACT_REGISTERS,
		.fact = "where", .draw = draw_where },
	{ "TLS", .min = 14, .max = 14, .priority = 2, .scope = FACT_REGISTERS, .fact = "tls",
		.draw = cell_fact_draw },
	{ "PC", .min = 14, .max = 14, .priority = 3, .scope = FACT_REGISTERS, .fact = "pc",
		.draw = cell_fact_draw },
};

/* Of the workers whose stack pointer was read: how many there are, and how many numbers they stand at. */
static int count_pointers(const struct frame *frame, enum side side, int *ret_different)
{
	const struct sample *sample = model_sample(frame->model);
	int n = 0, different = 0;

	for (size_t i = 0; i < sample->registers.n; i++) {
		const struct register_sample *r = &sample->registers.at[i];
		bool first = true;

		if (r->side != (int16_t)side || r->worker < 0 || !r->sp)
			continue;
		for (size_t k = 0; k < i && first; k++)
			first = sample->registers.at[k].side != (int16_t)side ||
				sample->registers.at[k].worker < 0 ||
				sample->registers.at[k].sp != r->sp;
		n++;
		different += first;
	}
	*ret_different = different;
	return n;
}

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	int different, n = count_pointers(frame, side, &different);
	int spaces = side_objects(frame, side, RESOURCE_MEMORY);
	const char *sets = TEXT_OF(
		format_number_of, side_workers(frame, side), "register set", "register sets");

	snprintf(out, size, "%s, %s", sets,
		TEXT_OF(format_number_of, spaces, "address space", "address spaces"));
	if (text_width(out) > cols)
		snprintf(out, size, "%s", sets);
	if (cols <= 50 || n < 2)
		return;
	if (spaces == n || different == n)
		text_addf(out, size, different == 1 ? ": equal SP, %d places" : ": SP in %d places",
			n);
}

static const struct sign legend[] = {
	{ "SP", STYLE_TEXT, "stack pointer" },
	{ "PC", STYLE_TEXT, "next instruction" },
	{ "TLS", STYLE_TEXT, "start of the task's thread-local variables" },
	{ "equal numbers", STYLE_TEXT, "in two address spaces they are two places" },
	{ "read+0xd", STYLE_TEXT,
		"so many bytes behind the beginning of read(), or of the file's code" },
	{ 0 },
};

const struct pane pane_registers = {
	.info = { "registers", "Registers",
		"stack pointer, program counter and thread pointer of every task", "stacks" },
	.min_rows = 4,
	.weight = 4,
	.field = 1,
	.needs = NEED_TASKS | NEED_REGISTERS,
	.gaps = { "syscall", "perf_event", "maps" },
	.list = { columns, ARRAY_LEN(columns) },
	.say = say,
	.legend = legend,
	.number = worker_list_number,
};
