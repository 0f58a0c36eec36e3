/* SPDX-License-Identifier: MIT
 * A frame in sentences, for --plain --linear: one side after the other, no frames and no bars, so that a screen reader reads
 * what it means.
 */

#include "json_lines.h"

/* What the kernel's letter says, as a verb. */
static const char *state_verb(char state)
{
	static const struct {
		char letter;
		const char *verb;
	} verbs[] = { { 'R', "runs, or could" }, { 'S', "sleeps" },
		{ 'D', "sleeps, and no signal wakes it" }, { 'T', "is stopped" },
		{ 't', "is stopped by a tracer" }, { 'Z', "has ended and is not reaped" },
		{ 'I', "is idle" } };
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (verbs[i].letter == state)
			return verbs[i].verb;
	return "is in a state that is not known";
}

static void put_name(struct buf *out, const struct model_side *side, int worker)
{
	const bool threads = side->crew && side->crew->kind == KIND_THREADS;
	if (worker >= 0)
		buf_addf(out, "w%d", worker);
	else if (worker == WORKER_HOST)
		buf_adds(out, threads ? "main" : "host");
	else
		buf_adds(out, "A task");
}

static void put_rate(struct buf *out, double per_s, const char *what)
{
	char number[32];
	if (isnan(per_s))
		buf_addf(out, ", %s switches not known", what);
	else
		buf_addf(out, ", %s %s switches a second",
			format_rate(number, sizeof(number), per_s), what);
}

static void put_task(struct buf *out, const struct model_side *side, const struct track *track)
{
	const struct task_sample *task = &track->now;
	put_name(out, side, task->worker);
	buf_addf(out, ", PID %d, TID %d", task->pid, task->tid);
	if (track->has_worker && *track->worker->job)
		buf_addf(out, ", job %s", track->worker->job);
	buf_addf(out, ", %s", state_verb((char)task->state));
	put_rate(out, track->voluntary_per_s, "voluntary");
	put_rate(out, track->involuntary_per_s, "involuntary");
	if (track->worker->stacks > 0) {
		buf_addf(out, "; between its %d user-level stacks, by its own count",
			track->worker->stacks);
		put_rate(out, track->user_switches_per_s, "user-level");
	}
	buf_adds(out, ".\n");
}

static void put_side(struct buf *out, const struct model *model, enum side which)
{
	const struct model_side *side = model_side(model, which);
	char memory[32];
	buf_addf(out, "%s side: %zu %s.\n", which == SIDE_LEFT ? "Left" : "Right", side->n_tracks,
		side->n_tracks == 1 ? "task" : "tasks");
	for (size_t i = 0; i < side->n_tracks; i++)
		put_task(out, side, side->tracks[i]);
	for (size_t i = 0; i < side->n_ended; i++) {
		put_name(out, side, side->ended[i]->index);
		buf_addf(out, ", PID %d, TID %d, has ended.\n", side->ended[i]->pid,
			side->ended[i]->tid);
	}
	if (side->totals.pss_kb >= 0)
		buf_addf(out, "Memory in all, as PSS: %s.\n",
			format_kb(memory, sizeof(memory), side->totals.pss_kb));
}

void linear_put(struct buf *out, const struct model *model)
{
	char why[128];
	for (enum side side = 0; side < SIDES; side++)
		put_side(out, model, side);
	if (!model_footing(model, why, sizeof(why)))
		buf_addf(out, "Both sides are not on equal footing: %s (left | right).\n", why);
}
