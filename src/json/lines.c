/* SPDX-License-Identifier: MIT
 * The model as one line of JSON: sides with their processes, tasks and totals, then evidence, the machine, and what could
 * not be read.
 */
#include "json_lines.h"

#include <sys/wait.h>

#include "internal.h"

static const char first_sample[] = "the first sample: a rate needs two";

/* --- the objects of the schema --- */

/* What a worker reports of itself. In JSON some of it stands with its task. */
static void put_reported(struct line *line, const struct worker_sample *worker)
{
	const struct line_scope scope = {
		.name = "workers", .id = worker->tid, .pid = worker->pid
	};

	line_fields(line, &scope, &worker_record, worker);
}

static void put_task(struct line *line, const struct track *track)
{
	const struct task_sample *now = &track->now;
	struct json *json = &line->json;
	const struct line_scope scope = {
		.name = "tasks",
		.id = now->tid,
		.pid = now->pid,
		.common = model_feeds(line->model) < 2 ? first_sample : NULL,
		.rate = track->born_ns == track->seen_ns
				? "new: a rate needs two samples"
				: "not known in both of the last two samples",
	};

	json_open(json, NULL, "{");
	line_fields(line, &scope, &task_record, now);
	line_fields(line, &scope, &track_record, track);
	if (line->csv && track->has_worker)
		put_reported(line, track->worker);
	if (now->worker >= 0 && track->has_worker) {
		json_put_text(json, "job", track->worker->job);
		if (track->worker->rounds != UNKNOWN)
			json_put_integer(json, "rounds", track->worker->rounds);
		if (track->worker->cpu >= 0)
			json_put_integer(json, "pinned_cpu", track->worker->cpu);
		if (track->worker->stacks > 0) {
			json_put_integer(json, "stacks", track->worker->stacks);
			if (track->worker->user_switches != UNKNOWN)
				json_put_integer(
					json, "user_switches", track->worker->user_switches);
			if (!isnan(track->user_switches_per_s))
				json_put_real(
					json, "user_switches_per_s", track->user_switches_per_s);
		}
	}
	json_close(json, "}");
}

static void put_process(struct line *line, const struct process_sample *process)
{
	const struct line_scope scope = {
		.name = "processes", .id = process->pid, .pid = process->pid
	};

	json_open(&line->json, NULL, "{");
	line_fields(line, &scope, &process_record, process);
	json_close(&line->json, "}");
}

/* A worker that ended: how, in words and as waitpid gives it. */
static void put_ended(struct json *json, const struct worker_sample *worker)
{
	char how[64];

	json_open(json, NULL, "{");
	json_put_integer(json, "worker", worker->index);
	json_put_integer(json, "pid", worker->pid);
	json_put_integer(json, "tid", worker->tid);
	json_put_text(json, "job", worker->job);
	json_put_text(json, "how", format_wait_status(how, sizeof(how), worker->wait_status));
	json_put_integer(json, "wait_status", worker->wait_status);
	if (WIFSIGNALED(worker->wait_status))
		json_put_integer(json, "signal", WTERMSIG(worker->wait_status));
	if (worker->fault_signal != 0) {
		json_put_integer(json, "fault_signal", worker->fault_signal);
		json_put_hex(json, "fault_address", worker->fault_address);
	}
	if (worker->ended_ns != UNKNOWN)
		json_put_integer(json, "ended_ns", worker->ended_ns);
	json_close(json, "}");
}

static void put_crew(
	struct line *line, const struct line_scope *scope, const struct crew_sample *crew)
{
	char how[64];

	line_fields(line, scope, &crew_record, crew);
	if (crew->culprit >= 0)
		json_put_integer(&line->json, "culprit", crew->culprit);
	if (crew->state == CREW_ENDED || crew->state == CREW_FAILED) {
		json_put_text(&line->json, "how",
			format_wait_status(how, sizeof(how), crew->wait_status));
		json_put_integer(&line->json, "wait_status", crew->wait_status);
	}
}

static void put_group(struct line *line, const char *side, const struct group_sample *group)
{
	char name[32];
	const struct line_scope scope = { .name = name, .pid = group->pid };

	snprintf(name, sizeof(name), "%s.group", side);
	json_open(&line->json, "group", "{");
	line_fields(line, &scope, &group_record, group);
	json_close(&line->json, "}");
}

static void put_program(struct line *line, enum side side)
{
	const struct program_sample *program;
	char name[32];
	const struct line_scope scope = { .name = name };

	snprintf(name, sizeof(name), "%s.program", side_name(side));
	vec_each (program, &model_sample(line->model)->programs) {
		if (program->side != (int16_t)side)
			continue;
		json_open(&line->json, "program", "{");
		line_fields(line, &scope, &program_record, program);
		json_close(&line->json, "}");
	}
}

static void put_orders(struct line *line, enum side side)
{
	const struct field *state = record_find(&worker_record, "order_state");
	const struct worker_sample *worker;
	struct json *json = &line->json;

	json_open(json, "orders", "[");
	vec_each (worker, &model_sample(line->model)->workers) {
		if (worker->side != (int16_t)side || worker->last_order[0] == '\0')
			continue;
		json_open(json, NULL, "{");
		json_put_integer(json, "worker", worker->index);
		json_put_text(json, "order", worker->last_order);
		json_put_text(json, "state", field_word(state, worker->order_state));
		json_put_text(json, "result", worker->last_result);
		if (worker->orders_done != UNKNOWN)
			json_put_integer(json, "done", worker->orders_done);
		json_close(json, "}");
	}
	json_close(json, "]");
}

/* Why nothing is known of a side's processes; NULL: they were read, if there are any. */
static const char *why_no_processes(const struct line *line, const struct model_side *side)
{
	const struct gap_sample *gap = model_gap(line->model, 0, "prober");

	if (side->n_processes > 0 || (!side->crew && side->n_tracks == 0) ||
		model_sample(line->model)->slow_at_ns != UNKNOWN)
		return NULL;
	return gap ? gap->reason : "the slow lane was not read yet";
}

static void put_processes(
	struct line *line, const struct line_scope *scope, const struct model_side *side)
{
	const char *why = why_no_processes(line, side);

	if (why) {
		line_null(line, scope, "processes", why, false);
		return;
	}
	json_open(&line->json, "processes", "[");
	for (size_t i = 0; i < side->n_processes; i++)
		put_process(line, side->processes[i]);
	json_close(&line->json, "]");
}

static void put_totals(struct line *line, const struct model_side *side, const char *name)
{
	const char *why = why_no_processes(line, side);
	const bool empty = side->n_tracks == 0 && side->n_processes == 0;
	const struct line_scope scope = {
		.name = name,
		.common = !empty && model_feeds(line->model) < 2 ? first_sample : NULL,
		.rate = empty ? "nothing on this side" : "not known of any task",
		.other = empty ? "nothing on this side" : "not known of all of them",
	};

	json_open(&line->json, "totals", "{");
	line_fields(line, &scope, &totals_record, &side->totals);
	if (why)
		line_null(line, &scope, "processes", why, false);
	else
		line_integer(line, "processes", side->totals.processes);
	json_close(&line->json, "}");
}

static void put_side(struct line *line, enum side index)
{
	static const char *const names[SIDES] = { "left", "right" };
	static const char *const totals[SIDES] = { "left.totals", "right.totals" };
	const struct model_side *side = model_side(line->model, index);
	const struct line_scope scope = { .name = names[index] };
	struct json *json = &line->json;

	json_open(json, NULL, "{");
	json_put_text(json, "side", names[index]);
	if (side->crew) {
		put_crew(line, &scope, side->crew);
	} else {
		line_null(line, &scope, "kind", "no crew on this side", false);
		line_null(line, &scope, "host", "no crew on this side", false);
	}
	if (side->group)
		put_group(line, names[index], side->group);
	put_program(line, index);
	put_processes(line, &scope, side);
	json_open(json, "tasks", "[");
	for (size_t i = 0; i < side->n_tracks; i++)
		put_task(line, side->tracks[i]);
	json_close(json, "]");
	json_open(json, "ended", "[");
	for (size_t i = 0; i < side->n_ended; i++)
		put_ended(json, side->ended[i]);
	json_close(json, "]");
	put_orders(line, index);
	put_totals(line, side, totals[index]);
	json_close(json, "}");
}

/* Whatever could not be read, also where no null shows it: mappings are missing, not null. */
static void explain_gaps(struct line *line)
{
	const struct gap_sample *gap;
	char key[64];

	vec_each (gap, &model_sample(line->model)->gaps) {
		if (gap->pid > 0)
			snprintf(key, sizeof(key), "%d/%s", gap->pid, gap->what);
		else
			snprintf(key, sizeof(key), "%s", gap->what);
		line_explain(line, key, gap->reason);
	}
}

static void put_one(struct line *line, const struct record *record, const void *one)
{
	const struct line_scope scope = { .name = record->name };

	json_open(&line->json, record->name, "{");
	line_fields(line, &scope, record, one);
	json_close(&line->json, "}");
}

static void put_line(struct line *line)
{
	const struct sample *sample = model_sample(line->model);
	const struct line_scope whole = { 0 };
	const double interval = model_interval(line->model);
	struct json *json = &line->json;

	json_open(json, NULL, "{");
	json_put_integer(json, "v", JSON_LINES_VERSION);
	json_put_integer(json, "at_ns", sample->at_ns);
	if (isfinite(interval))
		json_put_integer(json, "dt_ns", (int64_t)(interval * (double)NSEC_PER_SEC + 0.5));
	else
		line_null(line, &whole, "dt_ns", "the first sample", false);
	json_open(json, "sides", "[");
	for (int side = 0; side < SIDES; side++)
		put_side(line, side);
	json_close(json, "]");
	line_kinds(line);
	put_one(line, &machine_record, &sample->machine);
	put_one(line, &observer_record, &sample->observer);
	explain_gaps(line);
	json_open(json, "unavailable", "{");
	buf_addf(json->out, "%s}}\n", line->reasons.text ? line->reasons.text : "");
	buf_finish(&line->reasons);
	vec_finish(&line->common);
}

void json_lines_put(struct buf *out, const struct model *model)
{
	struct line line = { .json.out = out, .model = model };

	put_line(&line);
}

void csv_put(struct buf *out, const struct model *model)
{
	struct buf json = { 0 };
	struct csv csv = { .out = out, .at_ns = model_sample(model)->at_ns };
	struct line line = { .json.out = &json, .model = model, .csv = &csv };
	const double interval = model_interval(model);

	if (isfinite(interval))
		buf_addf(out, "%lld,,,,,,dt_ns,%lld,ns,\r\n", (long long)csv.at_ns,
			(long long)(interval * (double)NSEC_PER_SEC + 0.5));
	put_line(&line);
	buf_finish(&json);
	buf_finish(&csv.head);
}
