/* SPDX-License-Identifier: MIT
 * Asks the prober for the slow lane, leaves out for a while the targets that did not answer, and tells when the prober is
 * stuck.
 */
#include "live.h"

#define BACKOFF_FIRST (2 * NSEC_PER_SEC)
#define BACKOFF_LAST (64 * NSEC_PER_SEC)
#define ASK_AGAIN (100 * NSEC_PER_MSEC) /* changed wishes are asked for no faster than this */

/* --- the slow lane: asking --- */

static struct stuck *find_stuck(struct live *live, int32_t pid)
{
	for (size_t i = 0; i < live->stuck_n; i++)
		if (live->stuck[i].pid == pid)
			return &live->stuck[i];
	return NULL;
}

void slow_fill(struct live *live, nsec now, struct probe_request *ret)
{
	*ret = (struct probe_request) { .needs = live->needs,
		.turn = { live->turn[PROBE_SLOW], live->turn[PROBE_QUICK] } };
	for (size_t i = 0; i < live->watched_n; i++) {
		const struct watched *watched = &live->watched[i];
		const struct stuck *stuck = find_stuck(live, watched->target.pid);

		if (watched->process.gone)
			continue;
		ret->target[ret->targets++] = (struct probe_target) {
			.pid = watched->target.pid,
			.mappings = live_wants_mappings(live, watched->target.pid),
			.quiet = stuck && now < stuck->until,
		};
	}
}

static void ask(struct live *live, nsec now)
{
	struct probe_request request;

	live->turn[PROBE_SLOW]++;
	slow_fill(live, now, &request);
	area_request(live->area, &request, NULL);
	live->asked_at = now;
	live->request_changed = false;
	if (live->silent_since[PROBE_SLOW] == UNKNOWN)
		live->silent_since[PROBE_SLOW] = now;
}

void slow_ask(struct live *live, nsec now)
{
	nsec pause =
		live->request_changed ? MIN(ASK_AGAIN, live->slow_interval) : live->slow_interval;

	if (live->needs & SLOW_NEEDS &&
		(live->asked_at == UNKNOWN || now - live->asked_at >= pause))
		ask(live, now);
}

/* A target that answers is no longer left alone. */
static void forgive(struct live *live, const struct process_sample *row)
{
	struct stuck *stuck = find_stuck(live, row->pid);

	if (stuck && row->rss_kb != UNKNOWN && row->at_ns > stuck->since)
		*stuck = live->stuck[--live->stuck_n];
}

void slow_forgive(struct live *live, struct sample *sample)
{
	const struct process_sample *row;

	vec_each (row, &sample->processes)
		forgive(live, row);
	for (size_t i = 0; i < live->stuck_n; i++)
		if (live_find_watched(live, live->stuck[i].pid))
			sample_gap(sample, live->stuck[i].pid, "smaps", ETIMEDOUT,
				"no answer within 250 ms");
}

/* --- the prober's health --- */

/* A prober that waits for a CPU, and not for a target, gets more time: that is no fault of the target. */
static bool prober_is_runnable(struct live *live)
{
	struct stat_fields stat;
	char text[1024];
	ssize_t len = io_read_file(IO_PROBER_STAT, live->fs.root, text, sizeof(text), NULL,
		"%d/stat", (int)atomic_load(&live->area->prober));

	return len > 0 && parse_stat(text, (size_t)len, &stat) == 0 && stat.state == 'R';
}

bool live_prober_stuck(struct live *live, nsec now)
{
	nsec since = live->area ? atomic_load(&live->area->busy_since) : 0;

	if (!since || now - since <= PROBE_DEADLINE)
		return false;
	return now - since > 4 * PROBE_DEADLINE || !live->fs.real || !prober_is_runnable(live);
}

void live_prober_restarted(struct live *live, nsec now)
{
	if (!live->area)
		return;
	int32_t pid = atomic_exchange(&live->area->busy_pid, 0);
	nsec since = atomic_exchange(&live->area->busy_since, 0);
	live->request_changed = true;
	live->asked_at = UNKNOWN; /* at once */
	live->quick_asked_at = UNKNOWN;
	if (!pid || !since || now - since <= PROBE_DEADLINE)
		return;
	struct stuck *stuck = find_stuck(live, pid);
	if (!stuck) {
		/* A full table forgets the oldest: it is asked again, and comes back if it still does not answer. */
		if (live->stuck_n == STUCK_MAX)
			memmove(live->stuck, live->stuck + 1, --live->stuck_n * sizeof(*stuck));
		stuck = &live->stuck[live->stuck_n++];
		*stuck = (struct stuck) { .pid = pid };
	}
	stuck->since = now;
	stuck->backoff = stuck->backoff ? MIN(2 * stuck->backoff, BACKOFF_LAST) : BACKOFF_FIRST;
	stuck->until = now + stuck->backoff;
}
