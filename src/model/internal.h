/* SPDX-License-Identifier: MIT
 * What the files of the model share: the parts a model is made of, one part a file, and the small
 * tools below them.
 */
#ifndef TASKSCOPE_MODEL_INTERNAL_H
#define TASKSCOPE_MODEL_INTERNAL_H

#include "model.h"

/* --- index.c: finding and ordering without an allocation in a steady state --- */

#define INDEX_NONE UINT32_MAX

struct id_map_slot {
	uint64_t key;
	uint32_t value;
	uint32_t generation; /* in use if it is the map's */
};

/* Keys to small numbers. { 0 } is an empty map that must be reset before use. */
struct id_map {
	struct id_map_slot *slots;
	size_t room, n;
	uint32_t generation;
};

/* Empties it, with room for n keys; more of them let it grow. */
void id_map_reset(struct id_map *map, size_t n);
/* The value of a key, INDEX_NONE when it was not there: then it is now. Good until the next is
 * added. */
uint32_t *id_map_at(struct id_map *map, uint64_t key);
/* The value of a key; INDEX_NONE if it is not there. */
uint32_t id_map_get(const struct id_map *map, uint64_t key);
void id_map_finish(struct id_map *map);

struct sort_entry {
	uint64_t major, minor;
	const void *item;
};

/* Things to be put in order: clear, push, run, then read entries. */
struct sorter {
	VEC(struct sort_entry) entries;
};
void sorter_push(struct sorter *sorter, uint64_t major, uint64_t minor, const void *item);
void sorter_run(struct sorter *sorter);

static inline bool side_is_valid(int side)
{
	return side == SIDE_LEFT || side == SIDE_RIGHT;
}

/* --- rates.c: two readings and what lies between them --- */

/* a + b; UNKNOWN counts as nothing unless both are; never beyond INT64_MAX. */
int64_t add_known(int64_t a, int64_t b);
/* a + b; UNKNOWN if either is; never beyond INT64_MAX. */
int64_t add_strict(int64_t a, int64_t b);
/* a + b, where NAN counts as nothing unless both are. */
double add_known_rate(double a, double b);
/* to - from, never beyond INT64_MAX. */
nsec elapsed(nsec from, nsec to);
/* Per second; NAN if either is unknown, if the counter went down, or if dt is not positive. */
double rate_per_s(int64_t before, int64_t now, nsec dt);
/* How often it has switched between its user-level stacks, as its worker says now. */
void track_rate_user_switches(struct track *track, nsec at_ns);
/* Nanoseconds of a duration counter over dt, 100 = all of it; NAN as above. */
double rate_percent(int64_t before, int64_t now, nsec dt);

/* --- shares.c --- */

#define TIME_READINGS 6

enum time_kind { TIME_RUN, TIME_WAIT, TIME_KINDS };

struct time_reading {
	nsec at_ns;
	int64_t ns[TIME_KINDS];
};

/* The newest readings of a task's times, ascending. */
struct time_readings {
	struct time_reading *at; /* so many; NULL: nothing was added since the first */
	nsec first_ns;
	uint32_t n;
};
void time_readings_begin(
	struct time_readings *readings, const struct task_sample *task, nsec at_ns);
/* before: the reading before, and when. */
void time_readings_add(struct time_readings *readings, const struct task_sample *before,
	nsec before_ns, const struct task_sample *task, nsec at_ns);
/* 100 = all of the time; NAN: one reading, unreadable, or the kept ones have no room for what was added. */
double time_readings_percent(const struct time_readings *readings, const struct task_sample *task,
	nsec at_ns, enum time_kind kind);

/* --- tracks.c --- */

/* What a task has counted so far, as far as it is known. */
struct counts {
	int64_t voluntary, involuntary;
};

struct task_track {
	struct track track;
	struct counts counts; /* last known: what the side's totals hold of it */
	uint32_t index; /* of itself, in tracks.all */
	uint32_t unused_at; /* if it is not living: where in tracks.unused */
	uint32_t feed; /* the feed that last had it; 0: none, or it comes back */
	uint32_t recounted; /* the feed in which other counters appeared under the same identity */
	struct time_readings times;
	struct track_lane *lane; /* what track.lane is while it has one; NULL: it had none yet */
	bool living;
	bool disowned; /* of the crew that was before: its side's totals hold nothing of it */
	struct task_track *continues; /* in that feed: the ended thread whose counters they are */
};

/* Every task seen. An ended one keeps its identity until it is used again for another, so that
 * tasks which were only not looked at for a while are known again, and are not counted twice. */
struct tracks {
	size_t history;
	VEC(struct task_track *) all;
	VEC(struct task_track *) unused;
	struct id_map by_id; /* side and tid to all; what it finds must be checked */
	bool indexed; /* false: tasks came or went, and it is made anew */
	struct id_map workers; /* side and worker index to sample.workers */
	struct counts ended[SIDES]; /* what ended tasks had counted; UNKNOWN: none did */
	uint32_t recounted; /* the last feed in which a task was */
	const struct task_track *became[SIDES]; /* who took another name last; NULL: nobody */
};

/* Of a task without a lane. */
extern const struct track_lane no_lane;

void tracks_finish(struct tracks *tracks);
void tracks_reset(struct tracks *tracks);
/* tasks: whose rows are taken in, and those that sample has; sample: what stays until the next feed.
 * gap: an unknown point goes before the new one. */
void tracks_feed(struct tracks *tracks, const struct sample *tasks, const struct sample *sample,
	uint32_t feed, bool gap);
/* The living task with this tid; NULL if there is none. */
const struct task_track *tracks_find(const struct tracks *tracks, enum side side, int32_t tid);
/* A side's crew is another one: forgets what ended tasks had counted, and what those will have that
 * were seen before at_ns and have not ended yet. */
void tracks_disown(struct tracks *tracks, enum side side, nsec at_ns);

/* --- history.c --- */

void history_push(struct point *ring, size_t len, uint16_t *n, uint16_t *next, struct point point);
/* One more point of a task's history, of this length. */
void track_push(struct track *track, size_t len, struct point point);
extern const struct point unknown_point;

/* --- processes.c --- */

struct processes {
	VEC(struct process_track) now, before;
	struct id_map by_pid, by_pid_before; /* pid to now, pid to before */
};

void processes_finish(struct processes *processes);
void processes_reset(struct processes *processes);
void processes_feed(struct processes *processes, const struct sample *sample);
const struct process_track *processes_find(const struct processes *processes, int32_t pid);

/* --- order.c --- */

/* The order of a side's tasks: the host, then workers by index, then everybody else. */
uint64_t worker_rank(int16_t worker);

/* --- sides.c --- */

struct side_state {
	struct model_side side;
	VEC(const struct track *) tracks;
	VEC(const struct track *) numbered; /* of a group */
	VEC(const struct process_sample *) processes;
	VEC(const struct worker_sample *) ended;
	struct point *history;
	int32_t host; /* whose workers the carried counts are of; 0: none yet */
	int64_t host_start;
};

void sides_feed(struct model *model, bool gap);
void sides_reset(struct model *model);

/* --- evidence.c --- */

#define KERNEL_STACK_KB 16 /* THREAD_SIZE on x86-64 and arm64 with pages of 4 kB */

/* Fills in what a side's totals say of its workers and of what they have in the kernel; tasks are counted before. */
void evidence_totals(const struct sample *sample, enum side side, struct side_totals *totals);

/* --- records.c: what of the model's own is a fact, or in --json; facts_computed.c --- */

extern const struct record process_rate_record, machine_rate_record, observer_rate_record;
extern const struct fact computed_facts[];
extern const size_t computed_facts_n;
/* What the record itself says of how it was got; the fact's own quality if it says nothing. */
enum quality evidence_quality(const struct fact *fact, const void *record);
/* Where this very value comes from: what stands in for the fact's source where that one is refused, or the task runs. */
const char *evidence_source(const struct fact *fact, const void *record);

/* --- regions.c --- */

struct region_group {
	int32_t pid;
	uint32_t first, n;
	bool done;
};

/* Regions are found when somebody asks for them: many samples pass without. */
struct regions {
	VEC(struct region) regions; /* one a mapping of the sample, in its order */
	VEC(struct region_group) groups;
	struct id_map by_pid; /* pid to groups */
	struct sorter stacks; /* of one process: workers by where their stack ends */
	bool indexed; /* groups and by_pid are of this sample */
};

void regions_finish(struct regions *regions);
/* The sample changed: nothing is known any more. */
void regions_forget(struct regions *regions);

/* --- align.c --- */

struct align {
	VEC(struct region_pair) rows;
	VEC(uint32_t) partner; /* of each left region: an index on the right, INDEX_NONE: none */
	VEC(uint32_t) ends; /* of the ascending runs found so far, by length */
	VEC(uint32_t) previous; /* in such a run */
	struct id_map counts, found;
};

void align_finish(struct align *align);

/* --- frames.c --- */

struct base;

struct frames {
	uint8_t *marks; /* enum page_mark, one for each of sample.page_states */
	struct base *base;
	size_t marks_room, base_room;
	/* What was compared last: most samples have the pages of the one before. */
	size_t states_n;
	VEC(struct pages_sample) rows;
};

/* Compares the frames of the sample's pages, and fills in how many of each row are equal to another's. */
void frames_feed(struct frames *frames, struct sample *sample);
void frames_finish(struct frames *frames);

/* --- strip.c: one lane's past --- */

/* One cell of a tier; 10 ms at most, so that 32 bits hold it. */
struct bucket {
	uint32_t run_ns, wait_ns, off_ns;
	uint32_t longest_run_us, longest_wait_us;
	uint16_t put_on, gave_up, preempted;
	uint8_t born, died, sampled;
	int32_t who; /* who ran, by majority vote: right if somebody ran more than all others together */
	uint32_t who_ns; /* by how much */
};

struct tier {
	nsec unit;
	struct bucket *at; /* ring of TIER_BUCKETS */
	int64_t first, newest; /* bucket numbers, time / unit; newest < first: none */
	nsec from, to; /* of the newest: most of what comes falls into it, and needs no division */
};

#define TIERS 3
#define TIER_BUCKETS 1024
#define SPANS_KEPT 4096

/* What came to the newest cell of the finest tier, and is in no tier yet. Nothing sampled: that comes seldom. Hundreds of
 * thousands of switches a second pass here, so each is an addition or two, by index. */
struct open_cell {
	nsec from, to; /* equal: none */
	nsec time[SPAN_STATES], longest[SPAN_STATES];
	uint32_t marks[SPAN_MARKS];
	int32_t who; /* as a bucket's */
	int64_t who_ns;
};

struct strip {
	struct span *spans; /* ring of SPANS_KEPT */
	size_t n, next;
	nsec until; /* the end of the newest span; it is in the tiers up to here. UNKNOWN: empty */
	struct open_cell open;
	struct tier tier[TIERS];
};

void strip_init(struct strip *strip);
void strip_finish(struct strip *strip);
void strip_reset(struct strip *strip); /* as after init; keeps the memory */
/* The state at the end; SPAN_NONE if it is empty. */
static inline struct span strip_now(const struct strip *strip)
{
	return strip->n ? strip->spans[(strip->next + SPANS_KEPT - 1) % SPANS_KEPT]
			: (struct span) { .from = UNKNOWN, .cpu = -1, .state = SPAN_NONE };
}
/* Goes on in the same state up to `until`. */
void strip_advance(struct strip *strip, nsec until);
/* From span.from on it is in another state. What comes late begins now. */
void strip_put(struct strip *strip, struct span span);
/* Brings all that came into the tiers: before it is asked for. */
void strip_settle(struct strip *strip);
/* The same of a crowd, which lies in one cell of the finest tier: another span follows. */
void strip_put_crowd(struct strip *strip, struct span span, const struct span_sums *sums);
/* Counts of a time without records, told at its end. */
void strip_count(struct strip *strip, int64_t put_on, int64_t gave_up, int64_t preempted);

/* --- lanes.c --- */

#define LANES_MAX 160

/* A reading of schedstat's sums of waits for a CPU. */
struct delay_mark {
	nsec at_ns;
	int64_t wait_ns, slices;
};
#define DELAYS 12

struct lane_state {
	struct lane lane;
	struct strip strip;
	struct wait_log *waits;
	bool based; /* there is a reading of its counters to compare with */
	struct lane_sample base, read; /* the first such reading, and the newest: of one since_ns */
	nsec event_ns; /* the last record; UNKNOWN: none */
	struct task_sample before; /* without records: the reading before */
	nsec before_ns;
	struct delay_mark delays[DELAYS]; /* the newest n at the end, ascending */
	int n_delays;
};

struct cpu_state {
	struct strip strip;
};

/* lanes_waits.c: what tasks were seen to wait in. Names are kept once; the last one stands for all that came too late. */
#define CHANNELS_MAX 64
struct channels {
	char name[CHANNELS_MAX][sizeof(((struct wait_sample *)0)->waits_in)];
	int n; /* the first is "": none was named */
};

struct wait_log *wait_log_create(struct channels *channels);
void wait_log_add(struct wait_log *log, const struct wait_sample *wait);
void wait_log_reset(struct wait_log *log);
void channels_reset(struct channels *channels);

struct lanes {
	struct channels channels;
	VEC(struct lane_state *) all;
	VEC(const struct lane *) order;
	VEC(struct cpu_state *) cpu_states; /* by CPU number */
	VEC(struct cpu_lane) cpus;
	struct id_map by_tid; /* to all; the newest lane of a tid */
	struct sorter sorter;
	nsec until;
	bool sampled, held;
	bool adopted; /* tasks have statistics */
	struct lanes_sum sum;
	int64_t lost;
	int left_out;
};

void lanes_finish(struct lanes *lanes);
void lanes_reset(struct lanes *lanes);
/* Takes the spans of a sample; false: it has none. */
bool lanes_feed(struct lanes *lanes, const struct sample *sample);
/* lanes_sampled.c: the feed where the kernel refuses records. */
void lanes_feed_sampled(struct lanes *lanes, const struct sample *sample);
/* lanes_adopt.c: takes what was seen of waits, gives lanes to the tasks of the sample, and its facts to each task. watched:
 * there are records. */
void lanes_adopt(
	struct lanes *lanes, struct tracks *tracks, const struct sample *sample, bool watched);
/* Lists the lanes in the order in which they are shown. */
void lanes_order(struct lanes *lanes);
/* lanes_adopt.c: after that, whether records and counters agree over all. */
void lanes_sum_up(struct lanes *lanes);
/* Brings all that came into the sums of the strips. */
void lanes_settle(struct lanes *lanes);
/* A task has ended. */
void lanes_end(struct lanes *lanes, struct lane_state *state, nsec at);
/* The living lane of a task; NULL. */
struct lane_state *lanes_find(const struct lanes *lanes, int32_t tid, int side);
/* The lane of a task, made if there is room; NULL. */
struct lane_state *lanes_at(struct lanes *lanes, int32_t pid, int32_t tid, int side);

/* --- waiting.c --- */

/* A cycle of the reading before, by what it is known again. */
struct wait_mark {
	uint64_t key;
	nsec since_ns, at_ns; /* of its first reading, and of its last */
	int readings;
};

struct waits {
	struct waiting now;
	VEC(struct wait_mark) before;
	VEC(uint32_t) mark; /* of each edge: 1 + where the path began that came by first; 0: none */
	struct id_map by_tid; /* to edges */
};

void waits_finish(struct waits *waits);
void waits_reset(struct waits *waits);
void waits_feed(struct waits *waits, const struct sample *sample);
/* Fills in what a side's totals say of waits. */
void waits_totals(const struct waits *waits, const struct sample *sample, enum side side,
	struct side_totals *totals);

/* --- last_seen.c --- */

struct last_seen {
	struct sample
		side[SIDES]; /* the last one in which it lived: what is of it; no task: none */
	bool shown[SIDES]; /* the newest sample has these rows */
	bool lived[SIDES]; /* a task of the group did in the sample before */
	struct id_map used; /* PIDs and TIDs of who lives */
};

/* before: as the model has it, with what was kept, and its tasks; now: as it comes. */
void last_seen_keep(struct last_seen *last_seen, const struct tracks *tracks, struct sample *before,
	const struct sample *now);
/* Adds what was kept to the model's sample; now: as it came. */
void last_seen_show(struct last_seen *last_seen, struct sample *sample, const struct sample *now);
void last_seen_reset(struct last_seen *last_seen);
void last_seen_finish(struct last_seen *last_seen);

/* --- differences.c --- */

enum difference { DIFFERENCE_CPU, DIFFERENCE_SWITCHES, DIFFERENCE_PSS, DIFFERENCES };
#define DIFFERENCE_BLOCKS 8

/* About a second: means, of what is not known NAN. */
struct difference_block {
	double value[DIFFERENCES][SIDES];
	double seconds;
};

struct differences {
	struct difference_block block[DIFFERENCE_BLOCKS]; /* ring */
	struct difference_block open; /* sums so far */
	int n, next;
};

void differences_reset(struct differences *differences);
/* dt: seconds since the sample before. */
void differences_feed(struct differences *differences, const struct model_side *left,
	const struct model_side *right, double dt);

struct model {
	size_t history;
	uint64_t feeds;
	double interval_s;
	nsec interval_ns; /* 0: none yet */
	struct sample sample;
	struct tracks tracks;
	struct processes processes;
	struct side_state sides[SIDES];
	struct sorter sorter;
	struct differences differences;
	struct last_seen last_seen;
	bool without_last_seen;
	struct machine_track machine;
	nsec machine_at_ns;
	struct observer_track observer;
	struct regions *regions; /* apart, because asking a const model may fill it */
	struct align align;
	struct frames frames;
	struct lanes lanes;
	struct waits waits;
};

#endif
