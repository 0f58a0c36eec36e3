/* SPDX-License-Identifier: MIT
 * Identity: which row of a sample is which task of the samples before. It decides when two
 * readings may be compared, and keeps a task's counts when it ends.
 *
 * The start time is a hint, not a proof: it counts 10 ms ticks, so an id that is reused within one
 * tick has the same, and a thread that calls exec takes over its leader's tid and start time with
 * its own counters. So counters that went down, or rose faster than any task can, are another
 * task's.
 */
#include "internal.h"

/* More switches a second than any CPU can do to one task: a switch and back costs over 250 ns. */
#define SWITCHES_PER_S_MAX 4e6
/* How much later than its sample's time a task's files may have been read, on a machine with no CPU
 * free. */
#define READ_DELAY_MAX NSEC_PER_SEC

enum continuity {
	CONTINUES,
	RECOUNTED, /* the same identity, other counters: exec from a thread that did not lead */
	ANOTHER
};

static uint64_t track_key(int side, int32_t tid)
{
	return (uint64_t)side << 32 | (uint32_t)tid;
}

static bool is_named(const struct task_track *t, int side, int32_t tid)
{
	return t->track.now.side == side && t->track.now.tid == tid;
}

static bool differ(int64_t a, int64_t b)
{
	return a >= 0 && b >= 0 && a != b;
}

static bool went_down(const struct task_sample *before, const struct task_sample *now)
{
	const int64_t counters[][2] = {
		{ before->voluntary, now->voluntary },
		{ before->involuntary, now->involuntary },
		{ before->run_ns, now->run_ns },
		{ before->wait_ns, now->wait_ns },
		{ before->slices, now->slices },
		{ before->minor_faults, now->minor_faults },
		{ before->major_faults, now->major_faults },
	};

	for (size_t i = 0; i < ARRAY_LEN(counters); i++)
		if (counters[i][1] >= 0 && counters[i][1] < counters[i][0])
			return true;
	return false;
}

static double grown(int64_t before, int64_t now)
{
	return before >= 0 && now > before ? (double)(now - before) : 0;
}

static bool rose_too_fast(const struct task_sample *before, const struct task_sample *now, nsec dt)
{
	/* Not its waits: one may have begun long before. */
	const double ns = grown(before->run_ns, now->run_ns);
	const double switches = grown(before->voluntary, now->voluntary) +
				grown(before->involuntary, now->involuntary);

	if (dt <= 0)
		return false; /* no rate is made of it anyway */
	return ns > (double)dt + READ_DELAY_MAX ||
	       switches / SWITCHES_PER_S_MAX > (double)dt / NSEC_PER_SEC;
}

static enum continuity compare(
	const struct task_sample *before, const struct task_sample *now, nsec dt)
{
	if (differ(before->pid, now->pid) || differ(before->start, now->start))
		return ANOTHER;
	if (!went_down(before, now) && !rose_too_fast(before, now, dt))
		return CONTINUES;
	return now->tid == now->pid && now->start >= 0 && before->start >= 0 ? RECOUNTED : ANOTHER;
}

/* When a task's files were read; recordings of before do not say it. */
static nsec read_at(const struct task_sample *task, nsec sample_at)
{
	return task->at_ns >= 0 ? task->at_ns : sample_at;
}

static nsec counted_at(const struct task_sample *task, nsec sample_at)
{
	return task->counts_at_ns >= 0 ? task->counts_at_ns : read_at(task, sample_at);
}

/* Between two readings of the switches their rates stand. */
static void set_switch_rates(struct track *track, const struct task_sample *before, nsec dt)
{
	const struct task_sample *now = &track->now;

	if (now->counts_at_ns >= 0 && now->counts_at_ns == before->counts_at_ns)
		return;
	track->voluntary_per_s = rate_per_s(before->voluntary, now->voluntary, dt);
	track->involuntary_per_s = rate_per_s(before->involuntary, now->involuntary, dt);
}

/* dt: from that reading to this one, at. */
static void set_rates(struct task_track *t, const struct task_sample *before, nsec at, nsec dt)
{
	struct track *track = &t->track;
	const struct task_sample *now = &track->now;

	track->cpu_percent = time_readings_percent(&t->times, now, at, TIME_RUN);
	track->wait_percent = time_readings_percent(&t->times, now, at, TIME_WAIT);
	/* A wait that lasts is in no counter yet. */
	if (now->state == 'R' && before->state == 'R' && now->run_ns == before->run_ns &&
		now->wait_ns == before->wait_ns)
		track->wait_percent = NAN;
	track->minor_faults_per_s = rate_per_s(before->minor_faults, now->minor_faults, dt);
}

static void set_no_rates(struct track *track)
{
	track->voluntary_per_s = track->involuntary_per_s = NAN;
	track->cpu_percent = track->wait_percent = track->minor_faults_per_s = NAN;
}

static const struct counts no_counts = { UNKNOWN, UNKNOWN };

static void keep_counts(struct tracks *tracks, struct task_track *t)
{
	struct counts *ended = &tracks->ended[t->track.now.side];

	ended->voluntary = add_known(ended->voluntary, t->counts.voluntary);
	ended->involuntary = add_known(ended->involuntary, t->counts.involuntary);
}

static void take_back_counts(struct tracks *tracks, struct task_track *t)
{
	struct counts *ended = &tracks->ended[t->track.now.side];

	if (t->counts.voluntary > 0)
		ended->voluntary = MAX(ended->voluntary - t->counts.voluntary, 0);
	if (t->counts.involuntary > 0)
		ended->involuntary = MAX(ended->involuntary - t->counts.involuntary, 0);
}

static const struct worker_sample no_worker;

static struct task_track *track_create(struct tracks *tracks)
{
	struct task_track *t = xcalloc(1, sizeof(*t));

	t->track.lane = &no_lane;
	t->track.worker = &no_worker;
	t->track.user_switches = UNKNOWN;
	t->index = (uint32_t)tracks->all.n;
	*vec_push(&tracks->all) = t;
	return t;
}

static void mark_unused(struct tracks *tracks, struct task_track *t)
{
	t->living = t->track.has_worker = false;
	t->track.worker = &no_worker;
	t->track.user_switches = UNKNOWN;
	tracks->indexed = false;
	t->unused_at = (uint32_t)tracks->unused.n;
	*vec_push(&tracks->unused) = t;
}

static void mark_living(struct tracks *tracks, struct task_track *t)
{
	struct task_track *last = tracks->unused.at[--tracks->unused.n];

	tracks->indexed = false;
	tracks->unused.at[t->unused_at] = last;
	last->unused_at = t->unused_at;
	t->living = true;
}

static struct task_track *take_unused(struct tracks *tracks)
{
	if (tracks->unused.n == 0)
		mark_unused(tracks, track_create(tracks));
	return tracks->unused.at[tracks->unused.n - 1];
}

static void begin(struct task_track *t, nsec at_ns)
{
	time_readings_begin(&t->times, &t->track.now, read_at(&t->track.now, at_ns));
	t->counts = no_counts;
	t->disowned = false;
	t->track.born_ns = at_ns;
	if (t->track.was)
		t->track.was[0] = '\0';
	t->track.lane = &no_lane; /* also while the lanes are held, and tell of nobody new */
	t->track.history_n = t->track.history_next = 0;
	t->track.holes = 0;
	set_no_rates(&t->track);
}

/* A process that runs another program has another name by then. */
static void note_name(
	struct tracks *tracks, struct task_track *t, const struct task_sample *before, nsec at_ns)
{
	const struct task_sample *now = &t->track.now;

	if (now->tid != now->pid || !before->name[0] || !strcmp(before->name, now->name))
		return;
	if (!t->track.was)
		t->track.was = xcalloc(1, sizeof(before->name));
	memcpy(t->track.was, before->name, sizeof(before->name));
	t->track.became_ns = at_ns;
	tracks->became[now->side] = t;
}

/* Takes in a row of a task that is already known, living or not. */
static void go_on(struct tracks *tracks, struct task_track *t, const struct task_sample *before,
	const struct sample *sample, uint32_t feed)
{
	const struct task_sample *now = &t->track.now;
	const nsec at = read_at(now, sample->at_ns);
	const nsec dt = elapsed(read_at(before, t->track.seen_ns), at);
	const enum continuity continuity = compare(before, now, dt);

	if (continuity != ANOTHER)
		note_name(tracks, t, before, sample->at_ns);
	if (continuity == CONTINUES) {
		time_readings_add(&t->times, before, read_at(before, t->track.seen_ns), now, at);
		set_rates(t, before, at, dt);
		set_switch_rates(&t->track, before,
			elapsed(counted_at(before, t->track.seen_ns),
				counted_at(now, sample->at_ns)));
		return;
	}
	keep_counts(tracks, t);
	if (continuity == ANOTHER) {
		begin(t, sample->at_ns);
		return;
	}
	t->counts = no_counts;
	t->recounted = tracks->recounted = feed;
	t->continues = NULL;
	time_readings_begin(&t->times, now, at);
	set_no_rates(&t->track);
}

static void set_worker(
	struct track *track, const struct tracks *tracks, const struct sample *sample)
{
	const struct task_sample *now = &track->now;
	uint32_t at = INDEX_NONE;

	if (now->worker >= 0)
		at = id_map_get(&tracks->workers, track_key(now->side, now->worker));
	/* A board may still tell of the worker that had this place before. */
	track->has_worker = at != INDEX_NONE && !differ(sample->workers.at[at].tid, now->tid);
	track->worker = track->has_worker ? &sample->workers.at[at] : &no_worker;
	track->rounds = track->has_worker ? track->worker->rounds : UNKNOWN;
	track_rate_user_switches(track, sample->at_ns);
}

static void push_points(struct tracks *tracks, struct track *track, bool gap)
{
	const struct point point = { (float)track->voluntary_per_s, (float)track->involuntary_per_s,
		(float)track->cpu_percent };

	if (gap && track->history_n > 0)
		track_push(track, tracks->history, unknown_point);
	track_push(track, tracks->history, point);
}

static struct task_track *find_any(const struct tracks *tracks, int side, int32_t tid)
{
	const uint32_t at = id_map_get(&tracks->by_id, track_key(side, tid));

	if (at == INDEX_NONE || !is_named(tracks->all.at[at], side, tid))
		return NULL;
	return tracks->all.at[at];
}

/* The task of a row, made living; *ret_fresh: nothing of it is known before. guess: who it may be; NULL. */
static struct task_track *identify(struct tracks *tracks, struct task_track *guess,
	const struct task_sample *row, nsec at_ns, bool *ret_fresh)
{
	struct task_track *t = guess;

	*ret_fresh = false;
	if (t && t->living && is_named(t, row->side, row->tid))
		return t;
	t = find_any(tracks, row->side, row->tid);
	if (t && t->living)
		return t;
	bool returned = t && row->start >= 0 && t->track.now.start == row->start &&
			compare(&t->track.now, row, elapsed(t->track.seen_ns, at_ns)) == CONTINUES;
	if (returned) {
		take_back_counts(tracks, t);
	} else {
		t = take_unused(tracks);
		*id_map_at(&tracks->by_id, track_key(row->side, row->tid)) = t->index;
		*ret_fresh = true;
	}
	mark_living(tracks, t);
	t->feed = 0;
	return t;
}

/* at: where the row's task may be found; where the next one's may be is returned. */
static size_t feed_task(struct tracks *tracks, size_t at, const struct task_sample *row,
	const struct sample *sample, uint32_t feed, bool gap)
{
	bool fresh;
	struct task_track *t = identify(
		tracks, at < tracks->all.n ? tracks->all.at[at] : NULL, row, sample->at_ns, &fresh);
	const bool returned = t->feed == 0;

	if (t->feed == feed)
		return at; /* of two rows of one task the first counts */
	t->feed = feed;
	/* It was not read again, or this is the last that was seen of it: what was measured stands. */
	if (!fresh && !returned && row->at_ns >= 0 && row->at_ns == t->track.now.at_ns) {
		set_worker(&t->track, tracks, sample);
		return t->index + 1;
	}
	const struct task_sample before = t->track.now;
	t->track.now = *row;
	if (fresh)
		begin(t, sample->at_ns);
	else
		go_on(tracks, t, &before, sample, feed);
	t->track.seen_ns = sample->at_ns;
	if (row->voluntary >= 0 && !t->disowned)
		t->counts.voluntary = row->voluntary;
	if (row->involuntary >= 0 && !t->disowned)
		t->counts.involuntary = row->involuntary;
	set_worker(&t->track, tracks, sample);
	push_points(tracks, &t->track, gap || returned);
	return t->index + 1;
}

/* A leader with other counters than before: one of its threads called exec, and its counts go on
 * there. */
static void find_heir(struct tracks *tracks, struct task_track *ended, uint32_t feed)
{
	struct task_track *leader = find_any(tracks, ended->track.now.side, ended->track.now.pid);

	if (!leader || leader->recounted != feed ||
		went_down(&ended->track.now, &leader->track.now))
		return;
	if (!leader->continues || leader->continues->track.now.run_ns < ended->track.now.run_ns)
		leader->continues = ended;
}

static void settle_heirs(struct tracks *tracks, uint32_t feed)
{
	struct task_track **p;

	vec_each (p, &tracks->all)
		if ((*p)->living && (*p)->feed != feed)
			find_heir(tracks, *p, feed);
	vec_each (p, &tracks->all)
		if ((*p)->recounted == feed && (*p)->continues)
			(*p)->continues->counts = no_counts;
}

static void end_absent(struct tracks *tracks, uint32_t feed)
{
	struct task_track **p;

	if (tracks->recounted == feed)
		settle_heirs(tracks, feed);
	vec_each (p, &tracks->all) {
		if (!(*p)->living || (*p)->feed == feed)
			continue;
		keep_counts(tracks, *p);
		mark_unused(tracks, *p);
	}
}

/* Living tasks are entered first: an ended one with the same tid must not hide them. */
static void index_tracks(struct tracks *tracks)
{
	struct task_track **p;

	if (tracks->indexed)
		return;
	tracks->indexed = true;
	id_map_reset(&tracks->by_id, tracks->all.n);
	for (int living = 1; living >= 0; living--) {
		vec_each (p, &tracks->all) {
			const struct task_sample *now = &(*p)->track.now;

			if ((*p)->living != living)
				continue;
			uint32_t *at = id_map_at(&tracks->by_id, track_key(now->side, now->tid));
			if (*at == INDEX_NONE)
				*at = (*p)->index;
		}
	}
}

/* Of two records of one place the living worker's counts, else the later. */
static void index_workers(struct tracks *tracks, const struct sample *sample)
{
	id_map_reset(&tracks->workers, sample->workers.n);
	for (size_t i = 0; i < sample->workers.n; i++) {
		const struct worker_sample *worker = &sample->workers.at[i];

		if (!side_is_valid(worker->side) || worker->index < 0)
			continue;
		uint32_t *at = id_map_at(&tracks->workers, track_key(worker->side, worker->index));
		if (*at == INDEX_NONE || worker->phase != WORKER_ENDED ||
			sample->workers.at[*at].phase == WORKER_ENDED)
			*at = (uint32_t)i;
	}
}

void tracks_feed(struct tracks *tracks, const struct sample *tasks, const struct sample *sample,
	uint32_t feed, bool gap)
{
	const struct sample *const both[] = { tasks, sample };
	const struct task_sample *row;
	size_t at = 0;

	index_tracks(tracks);
	index_workers(tracks, sample);
	/* Tasks mostly come in the order in which they came before. */
	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		vec_each (row, &both[i]->tasks)
			if (side_is_valid(row->side))
				at = feed_task(tracks, at, row, sample, feed, gap);
	end_absent(tracks, feed);
}

const struct task_track *tracks_find(const struct tracks *tracks, enum side side, int32_t tid)
{
	const struct task_track *t = find_any(tracks, (int)side, tid);

	return t && t->living ? t : NULL;
}

void tracks_disown(struct tracks *tracks, enum side side, nsec at_ns)
{
	struct task_track **p;

	tracks->ended[side] = no_counts;
	vec_each (p, &tracks->all) {
		if ((*p)->track.now.side != (int)side || (*p)->track.born_ns >= at_ns)
			continue;
		(*p)->counts = no_counts;
		(*p)->disowned = true;
	}
}

void tracks_reset(struct tracks *tracks)
{
	struct task_track **p;

	vec_each (p, &tracks->all) {
		if ((*p)->living)
			mark_unused(tracks, *p);
		(*p)->track.now.tid = UNKNOWN;
		(*p)->track.now.start = UNKNOWN;
		(*p)->counts = no_counts;
		(*p)->feed = (*p)->recounted = 0;
	}
	for (int side = 0; side < SIDES; side++)
		tracks->ended[side] = no_counts, tracks->became[side] = NULL;
	tracks->recounted = 0;
	id_map_reset(&tracks->by_id, 0);
	tracks->indexed = false;
}

void tracks_finish(struct tracks *tracks)
{
	struct task_track **p;

	vec_each (p, &tracks->all) {
		free((*p)->track.history);
		free((*p)->times.at);
		free((*p)->lane);
		free((*p)->track.was);
		free(*p);
	}
	vec_finish(&tracks->all);
	vec_finish(&tracks->unused);
	id_map_finish(&tracks->by_id);
	id_map_finish(&tracks->workers);
}
