/* SPDX-License-Identifier: MIT
 * Writes lanes as Trace Event Format: a complete event for each stretch in which a task ran, waited for a CPU, or switched
 * too often for each to be kept.
 */
#include "trace.h"

#include "json_writer.h"

/* A task's or a CPU's track. */
struct trace_lane {
	int32_t pid, tid;
	struct span span; /* that lasts */
	struct span_sums sums; /* of a crowd */
	bool named;
};

struct trace {
	VEC(struct trace_lane) lanes;
	nsec until; /* the end of all lanes; UNKNOWN: nothing is known */
	const char *separator; /* before the next event */
	bool refused; /* that there are no records was said */
};

struct trace *trace_create(void)
{
	struct trace *trace = xcalloc(1, sizeof(*trace));

	trace->until = UNKNOWN;
	trace->separator = "\n";
	return trace;
}

void trace_destroy(struct trace *trace)
{
	if (!trace)
		return;
	vec_finish(&trace->lanes);
	free(trace);
}

void trace_put_header(struct trace *trace, struct buf *out)
{
	buf_adds(out, "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"version\":"
		      "\"taskscope " TASKSCOPE_VERSION
		      "\",\"clock\":\"CLOCK_MONOTONIC\"},\"traceEvents\":[");
	trace->separator = "\n";
}

/* --- events --- */

/* Microseconds by integers: printf would write the locale's decimal comma. */
static void put_time(struct json *json, const char *name, nsec time)
{
	json_name(json, name);
	buf_addf(json->out, "%lld.%03d", (long long)(time / 1000), (int)(time % 1000));
	json->separator = ",";
}

static struct json begin_event(struct trace *trace, struct buf *out, const char *phase,
	const char *name, int32_t pid, int32_t tid)
{
	struct json json = { .out = out };

	buf_adds(out, trace->separator);
	trace->separator = ",\n";
	json_open(&json, NULL, "{");
	json_put_text(&json, "ph", phase);
	json_put_text(&json, "name", name);
	json_put_integer(&json, "pid", pid);
	json_put_integer(&json, "tid", tid);
	return json;
}

static void put_name(struct trace *trace, struct buf *out, const char *what, const char *name,
	int32_t pid, int32_t tid)
{
	struct json json = begin_event(trace, out, "M", what, pid, tid);

	json_open(&json, "args", "{");
	json_put_text(&json, "name", name);
	json_close(&json, "}");
	json_close(&json, "}");
}

void trace_put_mark(struct trace *trace, const char *label, nsec at, struct buf *out)
{
	struct json json = begin_event(trace, out, "i", label, TRACE_CPUS, TRACE_CPUS);

	put_time(&json, "ts", at);
	json_put_text(&json, "s", "g");
	json_close(&json, "}");
}

/* --- spans --- */

static void put_crowd(struct json *json, const struct span_sums *sums)
{
	put_time(json, "ran_us", sums->time_ns[SPAN_RUNNING]);
	put_time(json, "waited_us", sums->time_ns[SPAN_WAITING]);
	put_time(json, "off_us", sums->time_ns[SPAN_OFF]);
	json_put_integer(json, "gave_up", sums->marks[MARK_GAVE_UP]);
	json_put_integer(json, "preempted", sums->marks[MARK_PREEMPTED]);
}

/* The name of a stretch; NULL: nothing that is drawn. */
static const char *span_name(const struct trace_lane *lane, char *out, size_t size)
{
	switch (lane->span.state) {
	case SPAN_RUNNING:
		if (lane->pid == TRACE_CPUS)
			snprintf(out, size, "TID %d", lane->span.who);
		else
			snprintf(out, size, "runs on CPU %d", lane->span.cpu);
		return out;
	case SPAN_WAITING:
		return lane->span.mark == MARK_PREEMPTED ? "preempted: waits for a CPU"
							 : "waits for a CPU";
	case SPAN_CROWD:
		return "many short stretches";
	default:
		return NULL;
	}
}

static void end_span(struct trace *trace, struct trace_lane *lane, nsec to, struct buf *out)
{
	char text[32];
	const char *name = span_name(lane, text, sizeof(text));

	if (!name || to <= lane->span.from)
		return;
	struct json json = begin_event(trace, out, "X", name, lane->pid, lane->tid);
	json_put_text(&json, "cat", "sched");
	put_time(&json, "ts", lane->span.from);
	put_time(&json, "dur", to - lane->span.from);
	json_open(&json, "args", "{");
	if (lane->span.state == SPAN_CROWD)
		put_crowd(&json, &lane->sums);
	else if (lane->span.cpu >= 0)
		json_put_integer(&json, "cpu", lane->span.cpu);
	json_close(&json, "}");
	json_close(&json, "}");
}

static void end_all(struct trace *trace, nsec to, struct buf *out)
{
	struct trace_lane *lane;

	vec_each (lane, &trace->lanes) {
		end_span(trace, lane, to, out);
		lane->span.state = SPAN_UNKNOWN;
	}
}

void trace_put_rest(struct trace *trace, struct buf *out)
{
	end_all(trace, trace->until, out);
}

static struct trace_lane *lane_of(struct trace *trace, const struct lane_sample *row)
{
	const bool is_cpu = row->cpu >= 0;
	const int32_t pid = is_cpu ? TRACE_CPUS : row->pid,
		      tid = is_cpu ? TRACE_CPUS + 1 + row->cpu : row->tid;

	struct trace_lane *lane;

	vec_each (lane, &trace->lanes)
		if (lane->pid == pid && lane->tid == tid)
			return lane;
	lane = vec_push(&trace->lanes);
	*lane = (struct trace_lane) { .pid = pid, .tid = tid };
	return lane;
}

/* Rows of a sample, each with its spans; a CPU's say by row who ran. */
static void put_lanes(struct trace *trace, const struct sample *sample, struct buf *out)
{
	const struct span *span = sample->spans.at;
	const struct span_sums *crowd = sample->crowds.at;
	const struct lane_sample *row;

	vec_each (row, &sample->lanes) {
		struct trace_lane *lane = lane_of(trace, row);

		for (const struct span *end = span + row->spans; span < end; span++) {
			end_span(trace, lane, span->from, out);
			lane->span = *span;
			if (span->state == SPAN_CROWD)
				lane->sums = *crowd++;
			if (row->cpu >= 0 && span->state == SPAN_RUNNING)
				lane->span.who = sample->lanes.at[span->who].tid;
		}
	}
}

/* --- names and counters --- */

static void name_process(
	struct trace *trace, const struct model *model, const struct track *track, struct buf *out)
{
	const struct track *first = model_track(model, track->now.pid);
	const struct trace_lane *lane;
	char name[96];

	vec_each (lane, &trace->lanes)
		if (lane->named && lane->pid == track->now.pid)
			return;
	snprintf(name, sizeof(name), "%s: %s", side_name((enum side)track->now.side),
		first ? first->now.name : track->now.name);
	put_name(trace, out, "process_name", name, track->now.pid, track->now.pid);
}

/* What was too short to be seen in a sample has no name. */
static void name_lane(
	struct trace *trace, const struct model *model, struct trace_lane *lane, struct buf *out)
{
	const struct track *track = model_track(model, lane->tid);
	char name[96], who[16] = "";

	if (lane->pid == TRACE_CPUS) {
		snprintf(name, sizeof(name), "CPU %d", lane->tid - TRACE_CPUS - 1);
	} else if (track) {
		const bool named = sscanf(track->now.name, "w%d", &(int) { 0 }) == 1;

		if (track->now.worker >= 0 && !named) /* the crews name theirs so */
			snprintf(who, sizeof(who), "w%d ", track->now.worker);
		snprintf(name, sizeof(name), "%s%s%s%s",
			track->now.worker == WORKER_HOST ? "host " : who, track->now.name,
			track->has_worker && *track->worker->job ? ", " : "",
			track->has_worker ? track->worker->job : "");
		name_process(trace, model, track, out);
	} else {
		return;
	}
	put_name(trace, out, "thread_name", name, lane->pid, lane->tid);
	lane->named = true;
}

static void put_counter(
	struct trace *trace, const struct model *model, enum side which, struct buf *out)
{
	const struct side_totals *totals = &model_side(model, which)->totals;
	char name[32];

	if (isnan(totals->voluntary_per_s) || isnan(totals->involuntary_per_s))
		return;
	snprintf(name, sizeof(name), "%s: switches/s", side_name(which));
	struct json json = begin_event(trace, out, "C", name, TRACE_CPUS, TRACE_CPUS);
	put_time(&json, "ts", model_sample(model)->at_ns);
	json_open(&json, "args", "{");
	json_put_fixed(&json, "voluntary", totals->voluntary_per_s);
	json_put_fixed(&json, "involuntary", totals->involuntary_per_s);
	json_close(&json, "}");
	json_close(&json, "}");
}

/* Without records there are counters alone, and the reason. */
static void explain(struct trace *trace, const struct model *model, struct buf *out)
{
	const struct gap_sample *gap = model_gap(model, 0, "perf_event");
	char text[160];

	if (!gap || trace->refused)
		return;
	snprintf(text, sizeof(text), "no lanes: %s", gap->reason);
	trace_put_mark(trace, text, model_sample(model)->at_ns, out);
	trace->refused = true;
}

void trace_put(struct trace *trace, const struct model *model, struct buf *out)
{
	const struct sample *sample = model_sample(model);
	struct trace_lane *lane;

	if (model_feeds(model) == 1)
		put_name(trace, out, "process_name", "CPUs and sums", TRACE_CPUS, TRACE_CPUS);
	for (enum side side = 0; side < SIDES; side++)
		put_counter(trace, model, side, out);
	if (sample->switches_until_ns < 0) {
		explain(trace, model, out);
		return;
	}
	if (trace->until >= 0 && sample->switches_from_ns > trace->until)
		end_all(trace, trace->until, out); /* a hole: nobody watched */
	put_lanes(trace, sample, out);
	trace->until = sample->switches_until_ns;
	for (size_t i = trace->lanes.n; i-- > 0;) {
		lane = &trace->lanes.at[i];
		if (!lane->named)
			name_lane(trace, model, lane, out);
		if (lane->span.state == SPAN_NONE)
			*lane = trace->lanes.at[--trace->lanes.n]; /* it is dead */
	}
}
