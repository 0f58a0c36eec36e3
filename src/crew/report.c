/* SPDX-License-Identifier: MIT
 * Makes records of a sample from a board, and says whose task is whose.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define ENDED_SHOWN 64 /* of those whose worker ended, the last */

static const char *job_name(int job)
{
	return job >= 0 && job <= JOBS ? job_table[job].name : "?";
}

static enum worker_phase phase_of(uint32_t phase)
{
	switch ((enum board_phase)phase) {
	case SLOT_ENDED:
		return WORKER_ENDED;
	case SLOT_UNREAPED:
		return WORKER_UNREAPED;
	case SLOT_ALIVE:
	case SLOT_LEAVING:
		return WORKER_ALIVE;
	default:
		return WORKER_STARTING;
	}
}

/* The text is whole while what was asked is answered, before it was copied and after. */
static bool copy_said(const struct board_slot *slot, struct worker_sample *w)
{
	uint32_t answered = atomic_load(&slot->answered);

	if (atomic_load(&slot->asked) != answered)
		return false;
	sample_text(w->last_result, slot->said, strnlen(slot->said, sizeof(slot->said)));
	return atomic_load(&slot->answered) == answered && atomic_load(&slot->asked) == answered;
}

static void report_order(const struct board_slot *slot, struct worker_sample *w)
{
	int order = atomic_load(&slot->order);

	w->orders_done = atomic_load(&slot->orders_done);
	if (!atomic_load(&slot->asked) || order <= ORDER_NONE || order >= ORDERS)
		return;
	snprintf(w->last_order, sizeof(w->last_order), "%s", order_table[order].name);
	if (copy_said(slot, w)) {
		w->order_state =
			atomic_load(&slot->last_error) ? ORDER_STATE_FAILED : ORDER_STATE_DONE;
		return;
	}
	w->last_result[0] = '\0';
	w->order_state = ORDER_STATE_UNDER_WAY;
	if (w->phase == WORKER_ENDED) {
		w->order_state = ORDER_STATE_DONE;
		snprintf(w->last_result, sizeof(w->last_result), "it ended, and did not answer");
	}
}

static int stacks_of(const struct board_slot *slot)
{
	const uint32_t stacks = atomic_load(&slot->stacks);

	return stacks == BOARD_NO_STACKS ? 0 : (int)stacks;
}

static void report_worker(
	const struct board *board, enum side side, int index, struct sample *sample)
{
	const struct board_slot *slot = &board->slots[index];
	struct worker_sample *w = vec_push(&sample->workers);
	const int16_t cpu = (int16_t)atomic_load(&slot->cpu);
	const bool placed = atomic_load(&slot->placed);

	w->side = (int16_t)side;
	w->index = (int16_t)index;
	w->phase = (int16_t)phase_of(atomic_load(&slot->phase));
	w->cpu = placed ? -1 : cpu;
	w->placed_cpu = placed ? cpu : -1;
	w->pid = atomic_load(&slot->pid);
	w->tid = atomic_load(&slot->tid);
	snprintf(w->job, sizeof(w->job), "%s", job_name(atomic_load(&slot->doing)));
	w->rounds = (int64_t)atomic_load(&slot->rounds);
	w->stacks = stacks_of(slot);
	w->user_switches = w->stacks ? (int64_t)atomic_load(&slot->user_switches) : UNKNOWN;
	bool ended = w->phase == WORKER_ENDED || w->phase == WORKER_UNREAPED;

	w->wait_status = ended ? atomic_load(&slot->wait_status) : 0;
	w->fault_signal = atomic_load(&slot->fault_order) ? atomic_load(&slot->fault_signal) : 0;
	w->fault_address = w->fault_signal ? atomic_load(&slot->fault_address) : 0;
	w->stack_low = atomic_load(&slot->stack_low);
	w->stack_high = atomic_load(&slot->stack_high);
	w->ended_ns = ended ? atomic_load(&slot->ended_ns) : UNKNOWN;
	w->tls = atomic_load(&slot->tls);
	w->clone_flags = atomic_load(&slot->clone_flags);
	w->x_address = atomic_load(&board->x_address);
	w->local_address = atomic_load(&slot->local_address);
	w->victim_address = atomic_load(&slot->victim_address);
	report_order(slot, w);
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

/* exec ends all threads but its caller, which takes the leader's id; nobody is left to book that. */
static bool lost_by_exec(const struct crew *crew, const struct board_slot *slot)
{
	if (!atomic_load(&crew->board->execing) || crew->host <= 0)
		return false;
	return syscall(SYS_tgkill, crew->host, atomic_load(&slot->tid), 0) != 0 && errno == ESRCH;
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
		report_worker(crew->board, side, i, sample);
		if (phase != SLOT_ENDED && lost_by_exec(crew, slot))
			sample->workers.at[sample->workers.n - 1].phase = WORKER_ENDED;
		else
			alive += phase == SLOT_ALIVE || phase == SLOT_LEAVING;
	}
	return alive;
}

static const char *lack_of(const struct board_slot *slot)
{
	int job = atomic_load(&slot->job);

	if (atomic_load(&slot->phase) != SLOT_ALIVE || job < 0 || job >= JOBS)
		return NULL;
	if (job == JOB_FIBERS && atomic_load(&slot->stacks) == BOARD_NO_STACKS)
		return "needs a CPU for which a switch is written, and no shadow stack";
	return job_table[job].pairs && !atomic_load(&slot->pair)
		       ? "needs a partner that does the same"
		       : NULL;
}

/* A worker whose job lacks something waits, and it is said. */
static void say_lonely(const struct board *board, struct crew_sample *c)
{
	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &board->slots[i];
		const char *lack = lack_of(slot);

		if (!lack)
			continue;
		snprintf(c->note, sizeof(c->note), "w%d waits: %s %s", i,
			job_name(atomic_load(&slot->job)), lack);
		return;
	}
}

static int count_unguarded(const struct board *board, int *ret_error)
{
	int n = 0;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		int error = atomic_load(&board->slots[i].unguarded);

		if (atomic_load(&board->slots[i].phase) != SLOT_ALIVE || !error)
			continue;
		*ret_error = error;
		n++;
	}
	return n;
}

/* What a viewer should know of a crew that runs, the gravest first. */
static void say_condition(const struct board *board, struct crew_sample *c)
{
	int error = 0, n = count_unguarded(board, &error);

	if (atomic_load(&board->leaderless))
		snprintf(c->note, sizeof(c->note),
			"the main thread has ended: orders reach nobody; r starts the crew again");
	else if (atomic_load(&board->execing))
		snprintf(c->note, sizeof(c->note),
			"a thread became another program: all others of its process ended");
	else if (n)
		snprintf(c->note, sizeof(c->note), "%d workers lack a part of their guard: %s", n,
			strerror(error));
	else
		say_lonely(board, c);
}

static void report_note(const struct crew *crew, struct crew_sample *c)
{
	if (crew->note[0])
		safe_text(c->note, sizeof(c->note), crew->note, strlen(crew->note));
	else if (crew->board && crew->board->note[0])
		safe_text(c->note, sizeof(c->note), crew->board->note,
			strnlen(crew->board->note, sizeof(crew->board->note)));
	else if (crew->state == CREW_RUNNING)
		say_condition(crew->board, c);
}

static void report_memory(const struct board *board, struct crew_sample *c)
{
	const struct board_meeting_place *place = &board->meeting;
	int order = atomic_load(&place->order);

	c->arena_low = atomic_load(&board->arena_low);
	c->arena_high = atomic_load(&board->arena_high);
	c->touch_low = atomic_load(&board->touch_low);
	c->touch_high = atomic_load(&board->touch_high);
	c->counter_address = atomic_load(&board->counter_address);
	c->shared_counter_address = atomic_load(&board->shared_counter_address);
	c->stack_low = atomic_load(&board->stack_low);
	c->stack_high = atomic_load(&board->stack_high);
	c->tls = atomic_load(&board->tls);
	c->file_fd = atomic_load(&board->prepared) ? atomic_load(&board->file) : -1;
	if (atomic_load(&board->prepared))
		safe_text(c->cpu_group, sizeof(c->cpu_group), board->cpu_group,
			strnlen(board->cpu_group, sizeof(board->cpu_group) - 1));
	if (order <= ORDER_NONE || order >= ORDERS)
		return;
	snprintf(c->count_order, sizeof(c->count_order), "%s", order_table[order].name);
	c->count_expected = atomic_load(&place->wanted);
	c->count_value = atomic_load(&place->done) ? atomic_load(&place->got) : UNKNOWN;
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
	c->file_fd = -1;
	c->count_expected = c->count_value = UNKNOWN;
	c->fixed_addresses = crew->board && atomic_load(&crew->board->fixed_addresses);
	snprintf(c->job, sizeof(c->job), "%s", job_name(crew->job));
	report_note(crew, c);
	if (crew->board && (crew->state == CREW_STARTING || crew->state == CREW_RUNNING ||
				   crew->state == CREW_ENDED))
		c->alive = report_workers(crew, side, sample);
	/* After the workers: whose order is done, has booked before what is reported here. */
	if (crew->board)
		report_memory(crew->board, c);
}

void crews_report(const struct crews *crews, struct sample *sample)
{
	for (int i = 0; i < SIDES; i++)
		if (!crews->crew[i].plan.keep &&
			(crews->crew[i].generation || crews->crew[i].state != CREW_OFF))
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
		if (crew->plan.kind == KIND_THREADS && crew->host != pid && !crew->mixes)
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
