/* SPDX-License-Identifier: MIT
 * Evidence in words of JSON. It alone knows how a row of the sharing matrix, a range of pages, a value in somebody's
 * memory, a stack, a descriptor and a signal mask are named in the schema.
 */
#include "json_evidence.h"

#include <stdio.h>
#include <string.h>

#define WORD_OF(words, index)                                                                      \
	((unsigned)(index) < ARRAY_LEN(words) ? (words)[(unsigned)(index)] : "unknown")

/* clang-format off */
static const char *const side_words[SIDES] = { "left", "right" };
static const char *const how_words[] = { [HOW_UNKNOWN] = "unknown", [HOW_KERNEL] = "kernel",
	[HOW_BEHAVIOUR] = "behaviour", [HOW_CONSTRUCTION] = "construction" };
static const char *const page_words[PAGE_STATES] = { [PAGE_ABSENT] = "absent", [PAGE_OWN] = "own",
	[PAGE_SHARED] = "shared", [PAGE_SWAPPED] = "swapped", [PAGE_GUARD] = "guard",
	[PAGE_FILE] = "file" };
static const char *const what_words[POINTER_WHATS] = { [POINTER_X] = "x", [POINTER_LOCAL] = "local",
	[POINTER_VICTIM] = "victim" };
static const char *const what_scopes[POINTER_WHATS] = { [POINTER_X] = "pointers.x",
	[POINTER_LOCAL] = "pointers.local", [POINTER_VICTIM] = "pointers.victim" };
static const char *const register_words[] = { [REGISTERS_NONE] = "none", [REGISTERS_SYSCALL] = "syscall",
	[REGISTERS_PERF] = "perf", [REGISTERS_EARLIER] = "earlier" };
static const char *const order_words[] = { [ORDER_STATE_NONE] = "none",
	[ORDER_STATE_UNDER_WAY] = "under way", [ORDER_STATE_DONE] = "done", [ORDER_STATE_FAILED] = "failed" };

/* In the order of enum resource: an object's number and how it is known go by one name. */
static const struct json_number object_numbers[RESOURCES] = {
	NUMBER("mm", sharing_sample, object[RESOURCE_MEMORY], BY("kcmp", "task", "proc")),
	NUMBER("files", sharing_sample, object[RESOURCE_FILES], BY("kcmp", "task", "proc")),
	NUMBER("fs", sharing_sample, object[RESOURCE_FS], BY("kcmp", "task", "proc")),
	NUMBER("handlers", sharing_sample, object[RESOURCE_HANDLERS], BY("kcmp", "task", "proc")),
	NUMBER("semundo", sharing_sample, object[RESOURCE_SEMUNDO], BY("kcmp", "kcmp none", "task")),
	NUMBER("io", sharing_sample, object[RESOURCE_IO], BY("kcmp", "kcmp none", "task")),
	NUMBER("namespaces", sharing_sample, object[RESOURCE_NAMESPACES], BY("ns", "task", "proc")),
};
static const struct json_number used_numbers[] = {
	NUMBER("stack_used_kb", register_sample, stack_used_kb, BY("syscall", "perf_event", "task")),
};
static const struct json_number resident_numbers[] = {
	NUMBER("stack_resident_kb", register_sample, stack_resident_kb, BY("pagemap", "task", "proc")),
};
static const struct json_number file_numbers[] = {
	NUMBER("flags", file_sample, flags, BY("fdinfo", "fd", "task")),
	NUMBER("position", file_sample, position, BY("fdinfo", "fd", "task")),
	NUMBER("description", file_sample, description, BY("kcmp file", "kcmp", "fd")),
};
static const struct json_number place_numbers[] = {
	NUMBER("fds", fs_sample, fds, BY("fd", "task", "proc")),
	NUMBER("fd_size", fs_sample, fd_size, BY("status", "task", "proc")),
};
/* Of what is written by hand, for its gaps alone. */
static const struct json_number umask_gaps = { .name = "umask", BY("status", "task", "proc") };
static const struct json_number cwd_gaps = { .name = "cwd", BY("cwd", "task", "proc") };
static const struct json_number state_gaps = { .name = "state", BY("pagemap", "task", "proc") };
static const struct json_number equal_gaps = { .name = "equal", BY("frames", "pagemap", "task") };
static const struct json_number value_gaps = { .name = "value", BY("mem", "task", "proc") };
static const struct json_number frame_gaps = { .name = "frame", BY("frames", "pagemap", "task") };
static const struct json_number exclusive_gaps = { .name = "exclusive", BY("pagemap", "task", "proc") };
static const struct json_number mask_gaps = { .name = "blocked", BY("status", "task", "proc") };
static const struct json_number address_gaps = { .name = "sp", BY("syscall", "perf_event", "task") };
/* clang-format on */

static const char no_frame[] = "no page there, or its frame number is for root alone";
static const char workers_only[] = "only workers report it";

/* Whose row it is. */
#define PUT_PLACE(json, row)                                                                       \
	do {                                                                                       \
		json_text((json), "side", WORD_OF(side_words, (row)->side));                       \
		json_integer((json), "pid", (row)->pid);                                           \
		json_integer((json), "tid", (row)->tid);                                           \
		json_role((json), (row)->worker);                                                  \
	} while (0)

static void put_null(struct json *json, const struct json_scope *scope, const char *name,
	const struct json_number *gaps)
{
	json_null(json, scope, name, json_reason(json, scope, gaps));
}

static void put_address(
	struct json *json, const struct json_scope *scope, const char *name, uint64_t address)
{
	if (address)
		json_address(json, name, address);
	else
		put_null(json, scope, name, &address_gaps);
}

/* Of a task that has ended and is not reaped the kernel has let go of nearly everything; NULL: it lives. */
static const char *ended(const struct json *json, int32_t tid)
{
	const struct task_sample *task;

	vec_each (task, &model_sample(json->model)->tasks)
		if (task->tid == tid && (task->state == 'Z' || task->state == 'X'))
			return "it has ended: it has none any more";
	return NULL;
}

static void put_words(struct json *json, const char *name, const char *text)
{
	if (*text)
		json_text(json, name, text);
}

/* --- sharing --- */

static void put_how(struct json *json, const struct sharing_sample *row)
{
	json_open(json, "how", "{");
	for (size_t i = 0; i < RESOURCES; i++)
		if (row->how[i] != HOW_KERNEL)
			json_text(json, object_numbers[i].name, WORD_OF(how_words, row->how[i]));
	json_close(json, "}");
}

static void put_sharing(struct json *json, const struct sample *sample)
{
	const struct sharing_sample *row;

	vec_each (row, &sample->sharing) {
		const struct json_scope scope = { .name = "sharing",
			.id = row->tid,
			.pid = row->pid,
			.certain = ended(json, row->tid),
			.other = "could not be told" };

		json_open(json, NULL, "{");
		PUT_PLACE(json, row);
		PUT_NUMBERS(json, &scope, object_numbers, row);
		put_how(json, row);
		if (row->worker >= 0)
			json_address(json, "clone_flags", row->clone_flags);
		else
			json_null(json, &scope, "clone_flags", workers_only);
		json_close(json, "}");
	}
}

/* --- memory --- */

static void put_pages(struct json *json, const struct sample *sample)
{
	const struct pages_sample *row;

	vec_each (row, &sample->pages) {
		const struct json_scope scope = { .name = "pages",
			.pid = row->pid,
			.one_key = true,
			.other = "frame numbers were not read" };

		json_open(json, NULL, "{");
		json_text(json, "side", WORD_OF(side_words, row->side));
		json_integer(json, "pid", row->pid);
		json_role(json, row->worker);
		json_text(json, "name", row->name);
		json_address(json, "start", row->start);
		json_integer(json, "page_kb", row->page_kb);
		json_integer(json, "pages", row->pages);
		for (size_t i = 0; i < PAGE_STATES; i++)
			json_integer(json, page_words[i], row->count[i]);
		if (row->equal >= 0)
			json_integer(json, "equal", row->equal);
		else
			put_null(json, &scope, "equal", &equal_gaps);
		json_close(json, "}");
	}
}

/* The page a value stands in. */
static void put_page_of(
	struct json *json, struct json_scope scope, const struct pointer_sample *row)
{
	scope.other = "not looked at";
	if (row->state >= 0)
		json_text(json, "state", WORD_OF(page_words, row->state));
	else
		put_null(json, &scope, "state", &state_gaps);
	scope.common = scope.other = no_frame;
	if (row->frame != UNKNOWN)
		json_integer(json, "frame", row->frame);
	else
		put_null(json, &scope, "frame", &frame_gaps);
	scope.other = "no page there";
	if (row->exclusive >= 0)
		json_bool(json, "exclusive", row->exclusive);
	else
		put_null(json, &scope, "exclusive", &exclusive_gaps);
}

static void put_pointers(struct json *json, const struct sample *sample)
{
	const struct pointer_sample *row;

	vec_each (row, &sample->pointers) {
		const struct json_scope scope = { .name = WORD_OF(what_scopes, row->what),
			.id = row->tid,
			.pid = row->pid,
			.other = row->state == PAGE_ABSENT
					 ? "no page there, and reading would make one"
					 : "could not be read" };

		json_open(json, NULL, "{");
		PUT_PLACE(json, row);
		json_text(json, "what", WORD_OF(what_words, row->what));
		json_address(json, "address", row->address);
		if (row->known)
			json_integer(json, "value", row->value);
		else
			put_null(json, &scope, "value", &value_gaps);
		if (row->known && row->what != POINTER_LOCAL)
			json_text(json, "text", row->text);
		put_page_of(json, scope, row);
		json_close(json, "}");
	}
}

static void put_registers(struct json *json, const struct sample *sample)
{
	static const char runs[] = "not blocked when it was looked at, and not sampled";
	const struct register_sample *row;

	vec_each (row, &sample->registers) {
		const char *none = ended(json, row->tid);
		const struct json_scope scope = { .name = "registers",
			.id = row->tid,
			.pid = row->pid,
			.certain = none,
			.other = runs };
		const struct json_scope stack = { .name = "registers",
			.id = row->tid,
			.pid = row->pid,
			.certain = none              ? none
				   : row->worker < 0 ? workers_only
						     : NULL,
			.other = runs };
		const struct json_scope reported = { .name = "registers",
			.id = row->tid,
			.pid = row->pid,
			.certain = none              ? none
				   : row->worker < 0 ? workers_only
						     : "not reported" };

		json_open(json, NULL, "{");
		PUT_PLACE(json, row);
		json_text(json, "how", WORD_OF(register_words, row->how));
		if (row->syscall >= 0)
			json_integer(json, "syscall", row->syscall);
		put_address(json, &scope, "sp", row->sp);
		put_address(json, &scope, "pc", row->pc);
		put_address(json, &reported, "tls", row->tls);
		put_address(json, &reported, "stack_low", row->stack_low);
		put_address(json, &reported, "stack_high", row->stack_high);
		PUT_NUMBERS(json, &stack, used_numbers, row);
		PUT_NUMBERS(json, &stack, resident_numbers, row);
		put_words(json, "where", row->where);
		put_words(json, "waits_in", row->waits_in);
		json_close(json, "}");
	}
}

/* --- files and signals --- */

static void put_files(struct json *json, const struct sample *sample)
{
	const struct file_sample *row;

	vec_each (row, &sample->files) {
		/* A crew has a hundred pipes a process: they are counted in "places". */
		if (row->path[0] != '/')
			continue;
		const struct json_scope scope = { .name = "files",
			.pid = row->pid,
			.one_key = true,
			.other = "it could not be looked at" };

		json_open(json, NULL, "{");
		PUT_PLACE(json, row);
		json_integer(json, "fd", row->fd);
		json_text(json, "path", row->path);
		PUT_NUMBERS(json, &scope, file_numbers, row);
		json_close(json, "}");
	}
}

static void put_places(struct json *json, const struct sample *sample)
{
	const struct fs_sample *row;
	char octal[12];

	vec_each (row, &sample->places) {
		const struct json_scope scope = { .name = "places",
			.id = row->tid,
			.pid = row->pid,
			.certain = ended(json, row->tid) };

		json_open(json, NULL, "{");
		PUT_PLACE(json, row);
		snprintf(octal, sizeof(octal), "%04o", (unsigned)row->umask);
		if (row->umask >= 0)
			json_text(json, "umask", octal);
		else
			put_null(json, &scope, "umask", &umask_gaps);
		PUT_NUMBERS(json, &scope, place_numbers, row);
		if (*row->cwd)
			json_text(json, "cwd", row->cwd);
		else
			put_null(json, &scope, "cwd", &cwd_gaps);
		json_close(json, "}");
	}
}

static void put_signals(struct json *json, const struct sample *sample)
{
	const struct signal_sample *row;

	vec_each (row, &sample->signals) {
		const struct json_scope scope = {
			.name = "signals", .id = row->tid, .pid = row->pid
		};
		const struct {
			const char *name;
			uint64_t mask;
		} masks[] = { { "blocked", row->blocked }, { "ignored", row->ignored },
			{ "caught", row->caught }, { "pending", row->pending },
			{ "shared_pending", row->shared_pending } };

		json_open(json, NULL, "{");
		PUT_PLACE(json, row);
		for (size_t i = 0; i < ARRAY_LEN(masks); i++)
			if (row->known)
				json_address(json, masks[i].name, masks[i].mask);
			else
				put_null(json, &scope, masks[i].name, &mask_gaps);
		json_close(json, "}");
	}
}

/* --- the line --- */

/* Why there is no row at all: what anybody's, or the machine's, was refused. */
static const char *why_none(const struct json *json, const char *what)
{
	const struct gap_sample *gap;

	vec_each (gap, &model_sample(json->model)->gaps)
		if (strcmp(gap->what, what) == 0)
			return gap->reason;
	return NULL;
}

static void put_kind(struct json *json, const char *name, size_t n, const char *gap,
	void (*put)(struct json *json, const struct sample *sample))
{
	const struct json_scope line = { .certain = why_none(json, gap),
		.other = "nothing was looked at yet" };
	const struct json_number gaps = { .name = name, BY(gap, "proc", "prober") };

	if (n == 0) {
		put_null(json, &line, name, &gaps);
		return;
	}
	json_open(json, name, "[");
	put(json, model_sample(json->model));
	json_close(json, "]");
}

void json_evidence_put(struct json *json)
{
	const struct sample *sample = model_sample(json->model);

	put_kind(json, "sharing", sample->sharing.n, "kcmp", put_sharing);
	put_kind(json, "pages", sample->pages.n, "pagemap", put_pages);
	put_kind(json, "pointers", sample->pointers.n, "mem", put_pointers);
	put_kind(json, "registers", sample->registers.n, "syscall", put_registers);
	put_kind(json, "files", sample->files.n, "fd", put_files);
	put_kind(json, "places", sample->places.n, "cwd", put_places);
	put_kind(json, "signals", sample->signals.n, "status", put_signals);
}

/* --- orders --- */

void json_orders_put(struct json *json, enum side side)
{
	const struct worker_sample *worker;

	json_open(json, "orders", "[");
	vec_each (worker, &model_sample(json->model)->workers) {
		if (worker->side != (int16_t)side || worker->last_order[0] == '\0')
			continue;
		json_open(json, NULL, "{");
		json_integer(json, "worker", worker->index);
		json_text(json, "order", worker->last_order);
		json_text(json, "state", WORD_OF(order_words, worker->order_state));
		json_text(json, "result", worker->last_result);
		if (worker->orders_done != UNKNOWN)
			json_integer(json, "done", worker->orders_done);
		json_close(json, "}");
	}
	json_close(json, "]");
}

void json_counted_put(struct json *json, const struct crew_sample *crew)
{
	if (crew->count_order[0] == '\0')
		return;
	json_text(json, "count_order", crew->count_order);
	if (crew->count_expected != UNKNOWN)
		json_integer(json, "count_expected", crew->count_expected);
	if (crew->count_value != UNKNOWN)
		json_integer(json, "count_value", crew->count_value);
}
