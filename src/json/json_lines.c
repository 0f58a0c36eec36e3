/* SPDX-License-Identifier: MIT
 * The model in words of JSON. It alone knows the names of the schema, and which reason stands for which null.
 */
#include "json_lines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "json_evidence.h"
#include "json_write.h"

/* clang-format off */
static const struct json_number task_numbers[] = {
	NUMBER("start", track, now.start, BY("stat", "task", "proc")),
	NUMBER("cpu", track, now.cpu, BY("stat", "task", "proc")),
	NUMBER("voluntary", track, now.voluntary, BY("status", "task", "proc")),
	NUMBER("involuntary", track, now.involuntary, BY("status", "task", "proc")),
	NUMBER("voluntary_per_s", track, voluntary_per_s, RATE, BY("status", "task", "proc")),
	NUMBER("involuntary_per_s", track, involuntary_per_s, RATE, BY("status", "task", "proc")),
	NUMBER("run_ns", track, now.run_ns, BY("schedstat", "task", "proc")),
	NUMBER("wait_ns", track, now.wait_ns, BY("schedstat", "task", "proc")),
	NUMBER("slices", track, now.slices, BY("schedstat", "task", "proc")),
	NUMBER("cpu_percent", track, cpu_percent, RATE, BY("schedstat", "task", "proc")),
	NUMBER("wait_percent", track, wait_percent, RATE, BY("schedstat", "task", "proc")),
	NUMBER("minflt", track, now.minor_faults, BY("stat", "task", "proc")),
	NUMBER("majflt", track, now.major_faults, BY("stat", "task", "proc")),
	NUMBER("minflt_per_s", track, minor_faults_per_s, RATE, BY("stat", "task", "proc")),
};

static const struct json_number process_numbers[] = {
	NUMBER("ppid", process_sample, ppid, SLOW("libproc2")),
	NUMBER("start", process_sample, start, SLOW("libproc2")),
	NUMBER("threads", process_sample, threads, SLOW("libproc2")),
	NUMBER("rss_kb", process_sample, rss_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("pss_kb", process_sample, pss_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("uss_kb", process_sample, uss_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("shared_clean_kb", process_sample, shared_clean_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("shared_dirty_kb", process_sample, shared_dirty_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("private_clean_kb", process_sample, private_clean_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("private_dirty_kb", process_sample, private_dirty_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("swap_kb", process_sample, swap_kb, SLOW("smaps_rollup", "smaps")),
	NUMBER("vm_size_kb", process_sample, vm_size_kb, SLOW("status", "libproc2")),
	NUMBER("page_tables_kb", process_sample, page_tables_kb, SLOW("status", "libproc2")),
	NUMBER("mapping_count", process_sample, mappings, SLOW("maps", "libproc2")),
	NUMBER("minflt", process_sample, minor_faults, SLOW("libproc2")),
	NUMBER("majflt", process_sample, major_faults, SLOW("libproc2")),
	NUMBER("at_ns", process_sample, at_ns, SLOW("libproc2")),
};

static const struct json_number mapping_numbers[] = {
	NUMBER("size_kb", mapping_sample, size_kb, SLOW("smaps")),
	NUMBER("rss_kb", mapping_sample, rss_kb, SLOW("smaps")),
	NUMBER("pss_kb", mapping_sample, pss_kb, SLOW("smaps")),
	NUMBER("shared_clean_kb", mapping_sample, shared_clean_kb, SLOW("smaps")),
	NUMBER("shared_dirty_kb", mapping_sample, shared_dirty_kb, SLOW("smaps")),
	NUMBER("private_clean_kb", mapping_sample, private_clean_kb, SLOW("smaps")),
	NUMBER("private_dirty_kb", mapping_sample, private_dirty_kb, SLOW("smaps")),
	NUMBER("anonymous_kb", mapping_sample, anonymous_kb, SLOW("smaps")),
	NUMBER("swap_kb", mapping_sample, swap_kb, SLOW("smaps")),
};

static const struct json_number total_numbers[] = {
	NUMBER("voluntary", side_totals, voluntary, BY("status", "task", "proc")),
	NUMBER("involuntary", side_totals, involuntary, BY("status", "task", "proc")),
	NUMBER("voluntary_per_s", side_totals, voluntary_per_s, RATE, BY("status", "task", "proc")),
	NUMBER("involuntary_per_s", side_totals, involuntary_per_s, RATE, BY("status", "task", "proc")),
	NUMBER("cpu_percent", side_totals, cpu_percent, RATE, BY("schedstat", "task", "proc")),
	NUMBER("sum_rss_kb", side_totals, rss_kb, SLOW("smaps_rollup")),
	NUMBER("sum_pss_kb", side_totals, pss_kb, SLOW("smaps_rollup")),
	NUMBER("sum_uss_kb", side_totals, uss_kb, SLOW("smaps_rollup")),
	NUMBER("sum_page_tables_kb", side_totals, page_tables_kb, SLOW("libproc2")),
	NUMBER("sum_vm_size_kb", side_totals, vm_size_kb, SLOW("libproc2")),
	NUMBER("minflt", side_totals, minor_faults, SLOW("libproc2")),
	NUMBER("mapping_count", side_totals, mappings, SLOW("maps", "libproc2")),
	NUMBER("kernel_stack_kb", side_totals, kernel_stack_kb, BY("task", "proc")),
	NUMBER("address_spaces", side_totals, address_spaces, BY("kcmp", "task", "proc")),
	NUMBER("fd_tables", side_totals, fd_tables, BY("kcmp", "task", "proc")),
	NUMBER("handler_tables", side_totals, handler_tables, BY("kcmp", "task", "proc")),
};

static const struct json_number machine_numbers[] = {
	NUMBER("cpus", machine_sample, cpus, SLOW("libproc2")),
	NUMBER("load_centi", machine_sample, load_centi, SLOW("libproc2")),
	NUMBER("switches", machine_sample, switches, SLOW("libproc2")),
	NUMBER("total_kb", machine_sample, total_kb, SLOW("libproc2")),
	NUMBER("available_kb", machine_sample, available_kb, SLOW("libproc2")),
};

static const struct json_number observer_numbers[] = {
	NUMBER("cpu_ns", observer_sample, cpu_ns, BY("observer", "proc")),
	NUMBER("voluntary", observer_sample, voluntary, BY("observer", "proc")),
	NUMBER("involuntary", observer_sample, involuntary, BY("observer", "proc")),
	NUMBER("rss_kb", observer_sample, rss_kb, BY("observer", "proc")),
	NUMBER("pss_kb", observer_sample, pss_kb, BY("observer", "proc")),
};
/* clang-format on */

static const char first_sample[] = "the first sample: a rate needs two";

/* --- the objects of the schema --- */

static void put_state(struct json *json, const struct json_scope *scope, char state)
{
	static const struct json_number member = { .name = "state",
		BY("stat", "task", "libproc2") };
	const char text[2] = { state, '\0' };

	if (state == '?' || state == '\0')
		json_null(json, scope, member.name, json_reason(json, scope, &member));
	else
		json_text(json, member.name, text);
}

static void put_task(struct json *json, const struct track *track)
{
	static const struct json_number nice = { .name = "nice", BY("stat", "task", "proc") };
	const struct task_sample *now = &track->now;
	const struct json_scope scope = {
		.name = "tasks",
		.id = now->tid,
		.pid = now->pid,
		.common = model_feeds(json->model) < 2 ? first_sample : NULL,
		.rate = track->born_ns == track->seen_ns
				? "new: a rate needs two samples"
				: "not known in both of the last two samples",
	};

	json_open(json, NULL, "{");
	json_integer(json, "pid", now->pid);
	json_integer(json, "tid", now->tid);
	json_text(json, "name", now->name);
	put_state(json, &scope, now->state);
	if (now->start != UNKNOWN) /* read together; 0 may be none */
		json_integer(json, "nice", now->nice);
	else
		json_null(json, &scope, "nice", json_reason(json, &scope, &nice));
	PUT_NUMBERS(json, &scope, task_numbers, track);
	json_role(json, now->worker);
	if (now->worker >= 0 && track->has_worker) {
		json_text(json, "job", track->worker.job);
		if (track->worker.rounds != UNKNOWN)
			json_integer(json, "rounds", track->worker.rounds);
		if (track->worker.cpu >= 0)
			json_integer(json, "pinned_cpu", track->worker.cpu);
	}
	json_close(json, "}");
}

static void put_region(
	struct json *json, const struct json_scope *scope, const struct region *region)
{
	const struct mapping_sample *mapping = region->mapping;

	json_open(json, NULL, "{");
	json_address(json, "start", mapping->start);
	json_address(json, "end", mapping->end);
	json_text(json, "perms", mapping->perms);
	json_text(json, "path", mapping->path);
	json_text(json, "class", region_class_name(region->class));
	json_text(json, "label", region->label);
	if (region->worker >= 0)
		json_integer(json, "worker", region->worker);
	PUT_NUMBERS(json, scope, mapping_numbers, mapping);
	json_close(json, "}");
}

static void put_regions(struct json *json, int32_t pid)
{
	const struct json_scope scope = { .name = "mappings", .pid = pid, .one_key = true };
	size_t n = 0;
	const struct region *regions = model_regions(json->model, pid, &n);

	json_open(json, "mappings", "[");
	for (size_t i = 0; i < n; i++)
		put_region(json, &scope, &regions[i]);
	json_close(json, "]");
}

static void put_process(struct json *json, const struct process_sample *process, bool mappings)
{
	const struct json_scope scope = {
		.name = "processes", .id = process->pid, .pid = process->pid
	};

	json_open(json, NULL, "{");
	json_integer(json, "pid", process->pid);
	json_text(json, "name", process->name);
	put_state(json, &scope, process->state);
	PUT_NUMBERS(json, &scope, process_numbers, process);
	json_role(json, process->worker);
	if (mappings)
		put_regions(json, process->pid);
	json_close(json, "}");
}

/* A worker that ended: how, in words and as waitpid gives it. */
static void put_ended(struct json *json, const struct worker_sample *worker)
{
	char how[64];

	json_open(json, NULL, "{");
	json_integer(json, "worker", worker->index);
	json_integer(json, "pid", worker->pid);
	json_integer(json, "tid", worker->tid);
	json_text(json, "job", worker->job);
	json_text(json, "how", format_wait_status(how, sizeof(how), worker->wait_status));
	json_integer(json, "wait_status", worker->wait_status);
	if (WIFSIGNALED(worker->wait_status))
		json_integer(json, "signal", WTERMSIG(worker->wait_status));
	if (worker->fault_signal != 0) {
		json_integer(json, "fault_signal", worker->fault_signal);
		json_address(json, "fault_address", worker->fault_address);
	}
	if (worker->ended_ns != UNKNOWN)
		json_integer(json, "ended_ns", worker->ended_ns);
	json_close(json, "}");
}

static void put_crew(
	struct json *json, const struct json_scope *scope, const struct crew_sample *crew)
{
	static const char *const states[] = { [CREW_OFF] = "off",
		[CREW_STARTING] = "starting",
		[CREW_RUNNING] = "running",
		[CREW_ENDED] = "ended",
		[CREW_FAILED] = "failed" };
	char how[64];

	json_text(json, "kind", kind_name(crew->kind));
	if (crew->host > 0)
		json_integer(json, "host", crew->host);
	else
		json_null(json, scope, "host", "no host");
	json_text(json, "state",
		(unsigned)crew->state < ARRAY_LEN(states) ? states[crew->state] : "off");
	json_text(json, "job", crew->job);
	json_integer(json, "wanted", crew->wanted);
	json_integer(json, "alive", crew->alive);
	json_bool(json, "fixed_addresses", crew->fixed_addresses);
	if (crew->cpu >= 0)
		json_integer(json, "pinned_cpu", crew->cpu);
	if (crew->state == CREW_ENDED || crew->state == CREW_FAILED) {
		json_text(json, "how", format_wait_status(how, sizeof(how), crew->wait_status));
		json_integer(json, "wait_status", crew->wait_status);
	}
	if (crew->culprit >= 0)
		json_integer(json, "culprit", crew->culprit);
	if (crew->note[0] != '\0')
		json_text(json, "note", crew->note);
	json_counted_put(json, crew);
}

static void put_totals(struct json *json, const struct model_side *side, const char *name)
{
	const bool empty = side->n_tracks == 0 && side->n_processes == 0;
	const struct json_scope scope = {
		.name = name,
		.common = !empty && model_feeds(json->model) < 2 ? first_sample : NULL,
		.rate = empty ? "nothing on this side" : "not known of any task",
		.other = empty ? "nothing on this side" : "not known of all of them",
	};

	json_open(json, "totals", "{");
	json_integer(json, "tasks", side->totals.tasks);
	json_integer(json, "processes", side->totals.processes);
	PUT_NUMBERS(json, &scope, total_numbers, &side->totals);
	json_close(json, "}");
}

static void put_side(struct json *json, enum side index, const struct json_options *options)
{
	static const char *const names[SIDES] = { "left", "right" };
	static const char *const totals[SIDES] = { "left.totals", "right.totals" };
	const struct model_side *side = model_side(json->model, index);
	const struct json_scope scope = { .name = names[index] };

	json_open(json, NULL, "{");
	json_text(json, "side", names[index]);
	if (side->crew) {
		put_crew(json, &scope, side->crew);
	} else {
		json_null(json, &scope, "kind", "no crew on this side");
		json_null(json, &scope, "host", "no crew on this side");
	}
	json_open(json, "processes", "[");
	for (size_t i = 0; i < side->n_processes; i++)
		put_process(json, side->processes[i], options && options->mappings);
	json_close(json, "]");
	json_open(json, "tasks", "[");
	for (size_t i = 0; i < side->n_tracks; i++)
		put_task(json, side->tracks[i]);
	json_close(json, "]");
	json_open(json, "ended", "[");
	for (size_t i = 0; i < side->n_ended; i++)
		put_ended(json, side->ended[i]);
	json_close(json, "]");
	json_orders_put(json, index);
	put_totals(json, side, totals[index]);
	json_close(json, "}");
}

/* Whatever could not be read, also where no null shows it: mappings are missing, not null. */
static void explain_gaps(struct json *json)
{
	const struct gap_sample *gap;
	char key[64];

	vec_each (gap, &model_sample(json->model)->gaps) {
		if (gap->pid > 0)
			snprintf(key, sizeof(key), "%d/%s", gap->pid, gap->what);
		else
			snprintf(key, sizeof(key), "%s", gap->what);
		json_explain(json, key, gap->reason);
	}
}

static void put_machine(struct json *json)
{
	const struct json_scope machine = { .name = "machine" }, observer = { .name = "observer" };
	const struct sample *sample = model_sample(json->model);

	json_open(json, "machine", "{");
	PUT_NUMBERS(json, &machine, machine_numbers, &sample->machine);
	json_close(json, "}");
	json_open(json, "observer", "{");
	PUT_NUMBERS(json, &observer, observer_numbers, &sample->observer);
	json_close(json, "}");
}

void json_lines_put(struct buf *out, const struct model *model, const struct json_options *options)
{
	struct json json = { .out = out, .model = model, .separator = "" };
	const struct json_scope line = { 0 };
	double interval = model_interval(model);

	json_open(&json, NULL, "{");
	json_integer(&json, "v", JSON_LINES_VERSION);
	json_integer(&json, "at_ns", model_sample(model)->at_ns);
	if (isfinite(interval))
		json_integer(&json, "dt_ns", (int64_t)(interval * (double)NSEC_PER_SEC + 0.5));
	else
		json_null(&json, &line, "dt_ns", "the first sample");
	json_open(&json, "sides", "[");
	for (int side = 0; side < SIDES; side++)
		put_side(&json, side, options);
	json_close(&json, "]");
	json_evidence_put(&json);
	put_machine(&json);
	explain_gaps(&json);
	json_name(&json, "unavailable");
	buf_addf(out, "{%s}}\n", json.unavailable.text ? json.unavailable.text : "");
	buf_finish(&json.unavailable);
	vec_finish(&json.common);
}
