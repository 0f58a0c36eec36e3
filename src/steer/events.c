/* SPDX-License-Identifier: MIT
 * Says what happened to the crews: who was born, who died of what, and who died along. It compares samples, so a
 * recording tells it too.
 */

#include "internal.h"

/* Made by clone with flags of the user's choice: neither a fork nor what pthread_create makes. */
static bool is_mixed(const struct crew_sample *crew, const struct worker_sample *worker)
{
	return crew->kind == KIND_PROCESSES ? worker->clone_flags != 0 : worker->pid != crew->host;
}

static void tell_birth(
	struct steer *steer, const struct crew_sample *crew, const struct worker_sample *worker)
{
	if (is_mixed(crew, worker))
		ui_message(steer->ui, STYLE_GOOD, "w%d is TID %d of PID %d: clone(%s) returned",
			worker->index, worker->tid, worker->pid,
			TEXT_OF(format_clone_flags, worker->clone_flags));
	else if (crew->kind == KIND_PROCESSES)
		ui_message(steer->ui, STYLE_GOOD,
			"w%d is PID %d, a child of PID %d: fork() returned", worker->index,
			worker->pid, crew->host);
	else
		ui_message(steer->ui, STYLE_GOOD, "w%d is TID %d, one more thread of PID %d",
			worker->index, worker->tid, worker->pid);
	ui_select(steer->ui, (enum side)crew->side, worker->index);
}

static void tell_unreaped(
	struct steer *steer, const struct crew_sample *crew, const struct worker_sample *worker)
{
	if (worker->pid == crew->host)
		ui_message(steer->ui, STYLE_WARN,
			"w%d (TID %d) ended, and nobody joins it: its stack stays mapped",
			worker->index, worker->tid);
	else
		ui_message(steer->ui, STYLE_WARN,
			"w%d (PID %d) ended, and its parent does not wait: it is a zombie",
			worker->index, worker->pid);
}

static void tell_death(
	struct steer *steer, const struct crew_sample *crew, const struct worker_sample *worker)
{
	char whose[24] = "";
	if (worker->tid != worker->pid)
		snprintf(whose, sizeof(whose), "TID %d of ", worker->tid);
	if (crew->kind == KIND_PROCESSES)
		ui_message(steer->ui, worker->wait_status ? STYLE_DEAD : STYLE_STATUS,
			"w%d (%sPID %d) ended: %s; the other %d live on", worker->index, whose,
			worker->pid, TEXT_OF(format_wait_status, worker->wait_status), crew->alive);
	else if (worker->ended_ns == UNKNOWN)
		ui_message(steer->ui, STYLE_WARN,
			"an exec ended w%d (TID %d): of all threads of PID %d one goes on",
			worker->index, worker->tid, worker->pid);
	else if (!worker->fault_signal) /* a fault ends all of them: the crew's own end tells it */
		ui_message(steer->ui, STYLE_STATUS, "w%d (TID %d) ended; the other %d live on",
			worker->index, worker->tid, crew->alive);
}

/* Follows the living workers of a side; births and deaths are told if the crew ran before and runs now. */
static void follow_workers(struct steer *steer, const struct crew_sample *crew, bool tell)
{
	int32_t alive[CREW_THREADS_MAX] = { 0 };
	for (size_t i = 0; i < model_sample(steer->model)->workers.n; i++) {
		const struct worker_sample *worker = &model_sample(steer->model)->workers.at[i];
		if (worker->side != crew->side || worker->index < 0 ||
			worker->index >= CREW_THREADS_MAX)
			continue;
		int32_t before = steer->side[crew->side].alive[worker->index];
		if (worker->phase == WORKER_ALIVE) {
			alive[worker->index] = worker->tid;
			if (tell && worker->tid > 0 && worker->tid != before)
				tell_birth(steer, crew, worker);
		} else if (worker->phase == WORKER_ENDED && tell && before > 0 &&
			   before == worker->tid) {
			tell_death(steer, crew, worker);
		} else if (worker->phase == WORKER_UNREAPED && tell && before > 0 &&
			   before == worker->tid) {
			tell_unreaped(steer, crew, worker);
		}
	}
	memcpy(steer->side[crew->side].alive, alive, sizeof(alive));
}

static int count_alive(const struct steer *steer, int side)
{
	int n = 0;
	for (size_t i = 0; i < CREW_THREADS_MAX; i++)
		n += steer->side[side].alive[i] > 0;
	return n;
}

static void tell_end(struct steer *steer, const struct crew_sample *crew)
{
	int n = count_alive(steer, crew->side);
	const char *how = TEXT_OF(format_wait_status, crew->wait_status);

	if (crew->culprit >= 0)
		ui_message(steer->ui, STYLE_DEAD,
			"w%d ended by %s: all %d %s of PID %d died. r restarts", crew->culprit, how,
			n, kind_name((enum kind)crew->kind), steer->side[crew->side].host);
	else
		ui_message(steer->ui, STYLE_DEAD,
			"the %s host (PID %d) ended: %s, and its %d %s with it. r restarts",
			side_name(crew->side), steer->side[crew->side].host, how, n,
			kind_name((enum kind)crew->kind));
}

static void follow_crew(struct steer *steer, const struct crew_sample *crew)
{
	int before = steer->side[crew->side].state;
	bool same = crew->host == steer->side[crew->side].host;
	steer->side[crew->side].state = crew->state;
	if (crew->host > 0)
		steer->side[crew->side].host =
			crew->host; /* an ended crew has none, and its end is told by it */
	if (crew->state == CREW_ENDED && before == CREW_RUNNING)
		tell_end(steer, crew);
	if (crew->state == CREW_FAILED && before != CREW_FAILED)
		ui_message(steer->ui, STYLE_DEAD, "the %s crew could not start: %s",
			side_name(crew->side), crew->note);
	if (crew->state == CREW_RUNNING && before == CREW_STARTING && *crew->note)
		ui_message(steer->ui, STYLE_WARN, "%s", crew->note);
	if (crew->state != CREW_RUNNING)
		steer->mix[crew->side].wanted = false;
	/* A crew that is only being set up is no news. */
	bool complete = same && steer->side[crew->side].complete && crew->state == CREW_RUNNING;
	steer->side[crew->side].complete =
		crew->state == CREW_RUNNING && (complete || crew->alive >= crew->wanted);
	follow_workers(steer, crew, complete);
}

void steer_tell_events(struct steer *steer)
{
	for (size_t i = 0; i < model_sample(steer->model)->crews.n; i++) {
		const struct crew_sample *crew = &model_sample(steer->model)->crews.at[i];
		if (crew->side >= 0 && crew->side < SIDES)
			follow_crew(steer, crew);
	}
	steer_follow_mix(steer);
	steer_answers(steer);
}
