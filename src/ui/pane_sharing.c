/* SPDX-License-Identifier: MIT
 * The matrix of what tasks share: one row a task, one column a kernel object, equal numbers are one object.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "worker_list.h"

/* After the name, the columns are the resources in their order. */
#define FIRST 1

#define OF_PTHREAD                                                                                 \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
		CLONE_SETTLS)

/* Tasks of both sides that have this object. */
static int sharers(const struct model *model, enum resource resource, int16_t object)
{
	const struct sample *sample = model_sample(model);
	int n = 0;

	for (size_t i = 0; i < sample->sharing.n; i++)
		n += sample->sharing.at[i].object[resource] == object;
	return n;
}

/* An object by its eldest task: its number changes whenever another task comes before it. */
static int32_t eldest(const struct model *model, enum resource resource, int16_t object)
{
	const struct sample *sample = model_sample(model);
	int32_t tid = INT32_MAX;

	for (size_t i = 0; i < sample->sharing.n; i++)
		if (sample->sharing.at[i].object[resource] == object)
			tid = MIN(tid, sample->sharing.at[i].tid);
	return tid;
}

static void draw_object(const struct table_cell *cell)
{
	const struct sharing_sample *sharing = cell_evidence(cell, FACT_SHARING);
	const struct model *model = cell->frame->model;
	enum resource resource = (enum resource)cell->column->index;
	int16_t object = sharing ? sharing->object[resource] : -1;
	bool shared = object > 0 && sharers(model, resource, object) > 1;
	enum style style = shared ? STYLE_SHARED : STYLE_PRIVATE;
	char text[24], news[24] = "";

	if (object > 0)
		snprintf(text, sizeof(text), "%s%d", shared ? "▓" : "█", object);
	else
		snprintf(text, sizeof(text), "%s", object == 0 ? "·" : "–");
	if (object >= 0)
		snprintf(news, sizeof(news), "%d %d", shared,
			object ? eldest(model, resource, object) : 0);
	cell_news_draw(cell, 0, object > 0 ? style : STYLE_DIM, text, news);
}

/* A thread that was mixed has no storage of its own for variables of a thread. */
static bool is_of_pthread(const struct worker_sample *worker)
{
	return (worker->clone_flags & OF_PTHREAD) == OF_PTHREAD;
}

static void draw_flags(const struct table_cell *cell)
{
	const struct worker_sample *worker = cell_evidence(cell, FACT_WORKER);
	char text[96];

	if (!worker)
		return;
	format_clone_flags(text, sizeof(text), worker->clone_flags);
	if (!worker->clone_flags)
		snprintf(text, sizeof(text), "none: fork");
	else if (is_of_pthread(worker) && text_width(text) > cell->at.cols)
		snprintf(text, sizeof(text), "pthread_create");
	put_text(cell->frame, cell->at, STYLE_DIM, text);
}

/* The weakest way in which a number of the row is known. */
static void draw_how(const struct table_cell *cell)
{
	static const char *const words[] = { "unknown", "kernel", "seen", "made so" };
	const struct sharing_sample *sharing = cell_evidence(cell, FACT_SHARING);
	int how = HOW_KERNEL;

	for (int i = 0; sharing && i < RESOURCES; i++)
		if (sharing->object[i] > 0 && sharing->how[i] > how)
			how = sharing->how[i];
	if (!sharing)
		how = HOW_UNKNOWN;
	put_text(cell->frame, cell->at, how == HOW_KERNEL ? STYLE_DIM : STYLE_WARN,
		words[MIN(how, 3)]);
}

#define OBJECT(resource, title_, name, priority_)                                                  \
	{                                                                                          \
		title_, .min = 3, .max = 4, .priority = (priority_), .scope = FACT_SHARING,        \
			.fact = (name), .index = (resource), .flashes = true, .draw = draw_object  \
	}

static const struct column columns[] = {
	COLUMN_NAME,
	OBJECT(RESOURCE_MEMORY, "mm", "mm", 0),
	OBJECT(RESOURCE_FILES, "fd", "files", 1),
	OBJECT(RESOURCE_FS, "fs", "fs", 2),
	OBJECT(RESOURCE_HANDLERS, "sig", "handlers", 3),
	OBJECT(RESOURCE_SEMUNDO, "sem", "semundo", 4),
	OBJECT(RESOURCE_IO, "io", "io", 5),
	OBJECT(RESOURCE_NAMESPACES, "ns", "namespaces", 6),
	{ "clone flags", .min = 6, .max = 42, .priority = 7, .left = true, .draw = draw_flags },
	{ "known from", "how", .min = 7, .max = 10, .priority = 11, .left = true,
		.draw = draw_how },
};

static void say(struct frame *frame, enum side side, int cols, char *out, size_t size)
{
	char workers[40], spaces[40], tables[40], both[120];

	format_workers(workers, sizeof(workers), frame, side);
	format_number_of(spaces, sizeof(spaces), side_objects(frame, side, RESOURCE_MEMORY),
		"address space", "address spaces");
	format_number_of(tables, sizeof(tables), side_objects(frame, side, RESOURCE_FILES),
		"descriptor table", "descriptor tables");
	snprintf(out, size, "%s: %s", workers, spaces);
	if (text_width(out) > cols)
		snprintf(out, size, "%s: %s", workers,
			format_number_of(spaces, sizeof(spaces),
				side_objects(frame, side, RESOURCE_MEMORY), "space", "spaces"));
	snprintf(both, sizeof(both), "%s, %s", out, tables);
	if (text_width(both) <= cols)
		snprintf(out, size, "%s", both);
}

/* The flags of the selected worker in full: their column is the first to go. */
static void conclude(struct frame *frame, enum side side, char *out, size_t size)
{
	const struct worker_sample *worker =
		model_evidence(frame->model, FACT_WORKER, side, frame->ui->worker[side]);
	char name[16], flags[96];

	if (!worker)
		return;
	worker_name(name, sizeof(name), model_side(frame->model, side), worker->index);
	if (!worker->clone_flags) {
		snprintf(out, size, "%s made by fork: no flag, each object its own", name);
		return;
	}
	format_clone_flags(flags, sizeof(flags), worker->clone_flags);
	for (char *bar = flags; (bar = strchr(bar, '|'));)
		*bar = ' ';
	snprintf(out, size, "%s made by %s: %s", name,
		is_of_pthread(worker) ? "pthread_create" : "clone", flags);
}

static const struct sign legend[] = {
	{ "equal number", STYLE_TEXT, "one object" },
	{ "▓", STYLE_SHARED, "others have it, too" },
	{ "█", STYLE_PRIVATE, "its own" },
	{ "·", STYLE_DIM, "not made yet" },
	{ 0 },
};

static const struct worker_list list = {
	.columns = columns,
	.n = ARRAY_LEN(columns),
	.conclude = conclude,
};

static void pane_sharing_draw(struct frame *frame, const struct area *area)
{
	worker_list_draw(frame, area, &list);
}

const struct pane pane_sharing = {
	.info = { "sharing", "Sharing",
		"which kernel objects each task has: equal numbers are one object", "sharing" },
	.min_rows = 5,
	.weight = 4,
	.field = FIRST,
	.needs = NEED_TASKS | NEED_SHARING,
	.gaps = { "kcmp", "kcmp none", "ns" },
	.want = worker_list_want,
	.say = say,
	.legend = legend,
	.draw = pane_sharing_draw,
	.click = worker_list_click,
	.number = worker_list_number,
};
