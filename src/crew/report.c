/* SPDX-License-Identifier: MIT
 * Knows how a board becomes records of a sample, and whose task is whose.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define ENDED_SHOWN 64 /* of those whose worker ended, the last */

static const char *job_name(int job)
{
	return job >= 0 && job <= JOBS ? job_table[job].name : "?";
}

static void report_worker(
	const struct board_slot *slot, enum side side, int index, struct sample *sample)
{
	struct worker_sample *w = vec_push(&sample->workers);
	uint32_t phase = atomic_load(&slot->phase);

	w->side = (int16_t)side;
	w->index = (int16_t)index;
	w->phase = phase == SLOT_ENDED                            ? WORKER_ENDED
		   : phase == SLOT_ALIVE || phase == SLOT_LEAVING ? WORKER_ALIVE
								  : WORKER_STARTING;
	w->cpu = (int16_t)atomic_load(&slot->cpu);
	w->pid = atomic_load(&slot->pid);
	w->tid = atomic_load(&slot->tid);
	snprintf(w->job, sizeof(w->job), "%s", job_name(atomic_load(&slot->doing)));
	w->rounds = (int64_t)atomic_load(&slot->rounds);
	w->wait_status = w->phase == WORKER_ENDED ? atomic_load(&slot->wait_status) : 0;
	w->fault_signal = atomic_load(&slot->fault_order) ? atomic_load(&slot->fault_signal) : 0;
	w->fault_address = w->fault_signal ? atomic_load(&slot->fault_address) : 0;
	w->stack_low = atomic_load(&slot->stack_low);
	w->stack_high = atomic_load(&slot->stack_high);
	w->ended_ns = w->phase == WORKER_ENDED ? atomic_load(&slot->ended_ns) : UNKNOWN;
}

/* The time since which an ended worker is among the last; ends are counted, the list is short. */
static int64_t shown_since(const struct board *board)
{
	int64_t newest[ENDED_SHOWN];
	size_t n = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		if (atomic_load(&board->slots[i].phase) != SLOT_ENDED)
			continue;
		int64_t at = atomic_load(&board->slots[i].ended_ns);
		size_t k = n < ENDED_SHOWN ? n++ : ENDED_SHOWN;

		/* Insertion, newest first; what falls off the end is not shown. */
		while (k > 0 && newest[k - 1] < at) {
			if (k < ENDED_SHOWN)
				newest[k] = newest[k - 1];
			k--;
		}
		if (k < ENDED_SHOWN)
			newest[k] = at;
	}
	return n < ENDED_SHOWN ? INT64_MIN : newest[ENDED_SHOWN - 1];
}

static int report_workers(const struct crew *crew, enum side side, struct sample *sample)
{
	int64_t since = shown_since(crew->board);
	int alive = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &crew->board->slots[i];
		uint32_t phase = atomic_load(&slot->phase);

		if (phase == SLOT_FREE ||
			(phase == SLOT_ENDED && atomic_load(&slot->ended_ns) < since))
			continue;
		report_worker(slot, side, i, sample);
		alive += phase == SLOT_ALIVE || phase == SLOT_LEAVING;
	}
	return alive;
}

/* A worker whose job needs a partner and has none waits, and it is said. */
static bool say_lonely(const struct board *board, struct crew_sample *c)
{
	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &board->slots[i];
		int job = atomic_load(&slot->job);

		if (atomic_load(&slot->phase) != SLOT_ALIVE || job < 0 || job >= JOBS ||
			!job_table[job].pairs || atomic_load(&slot->pair))
			continue;
		snprintf(c->note, sizeof(c->note),
			"w%d waits: %s needs a partner that does the same", i, job_name(job));
		return true;
	}
	return false;
}

static void report_note(const struct crew *crew, struct crew_sample *c)
{
	if (crew->note[0])
		safe_text(c->note, sizeof(c->note), crew->note, strlen(crew->note));
	else if (crew->board && crew->board->note[0])
		safe_text(c->note, sizeof(c->note), crew->board->note,
			strnlen(crew->board->note, sizeof(crew->board->note)));
	else if (crew->state == CREW_RUNNING)
		say_lonely(crew->board, c);
}

static void report_crew(const struct crew *crew, enum side side, struct sample *sample)
{
	struct crew_sample *c = vec_push(&sample->crews);

	c->side = (int16_t)side;
	c->kind = (int16_t)crew->plan.kind;
	c->state = (int16_t)crew->state;
	c->cpu = (int16_t)crew->cpu;
	c->host = crew->host;
	c->wanted = crew->wanted;
	c->wait_status = crew->wait_status;
	c->culprit = crew->culprit;
	c->fixed_addresses = crew->board && atomic_load(&crew->board->fixed_addresses);
	c->arena_low = crew->board ? atomic_load(&crew->board->arena_low) : 0;
	c->arena_high = crew->board ? atomic_load(&crew->board->arena_high) : 0;
	snprintf(c->job, sizeof(c->job), "%s", job_name(crew->job));
	report_note(crew, c);
	if (crew->board && (crew->state == CREW_STARTING || crew->state == CREW_RUNNING ||
				   crew->state == CREW_ENDED))
		c->alive = report_workers(crew, side, sample);
}

void crews_report(const struct crews *crews, struct sample *sample)
{
	for (int i = 0; i < SIDES; i++)
		if (crews->crew[i].generation || crews->crew[i].state != CREW_OFF)
			report_crew(&crews->crew[i], (enum side)i, sample);
}

static bool is_worker(const struct crew *crew, int slot, int32_t pid, int32_t tid)
{
	const struct board_slot *s = &crew->board->slots[slot];

	return slot_lives(s) && atomic_load(&s->tid) == tid && atomic_load(&s->pid) == pid;
}

int16_t crews_worker_of(const struct crews *crews, int32_t pid, int32_t tid)
{
	/* Only a hint: what it says is checked against the board. */
	__typeof__(&((struct crews *)crews)->known[0]) hint =
		&((struct crews *)crews)->known[(uint32_t)tid % ARRAY_LEN(crews->known)];

	if (hint->tid == tid && crews->crew[hint->side].board &&
		is_worker(&crews->crew[hint->side], hint->slot, pid, tid))
		return hint->slot;
	for (int16_t side = 0; side < SIDES; side++) {
		const struct crew *crew = &crews->crew[side];

		if (!crew->board || (crew->state != CREW_STARTING && crew->state != CREW_RUNNING))
			continue;
		if (crew->host == tid)
			return WORKER_HOST;
		if (crew->plan.kind == KIND_THREADS && crew->host != pid)
			continue;
		for (int16_t i = 0; i < BOARD_SLOTS; i++) {
			if (!is_worker(crew, i, pid, tid))
				continue;
			hint->tid = tid;
			hint->side = side;
			hint->slot = i;
			return i;
		}
	}
	return WORKER_NONE;
}

size_t crews_own_pids(const struct crews *crews, int32_t *pids, size_t n)
{
	const struct life *life = crews->life;
	const int32_t own[] = { atomic_load(&life->supervisor), atomic_load(&life->screen),
		atomic_load(&life->prober) };
	size_t count = MIN(n, ARRAY_LEN(own));

	memcpy(pids, own, count * sizeof(own[0]));
	return count;
}
