/* SPDX-License-Identifier: MIT
 * What tasks were seen to wait in: the scheduler's records do not say why a task gave the CPU up, so its wait channel is
 * looked at now and then. A look that may have begun in another span than it ended in tells of neither.
 */
#include "internal.h"

#define LOOKS_KEPT 224 /* ten a second, for as long as sums are kept */

struct wait_look {
	nsec from, to; /* somewhere in here the kernel looked */
	uint8_t channel;
};

struct wait_log {
	struct channels *channels;
	size_t n, next;
	struct wait_look look[LOOKS_KEPT];
};

struct wait_log *wait_log_create(struct channels *channels)
{
	struct wait_log *log = xcalloc(1, sizeof(*log));

	log->channels = channels;
	return log;
}

void wait_log_reset(struct wait_log *log)
{
	log->n = log->next = 0;
}

void channels_reset(struct channels *channels)
{
	channels->n = 1;
	channels->name[0][0] = '\0';
}

/* There are some dozens in a kernel that anybody ever meets. */
static uint8_t channel_of(struct channels *channels, const char *name)
{
	const int last = CHANNELS_MAX - 1;

	for (int i = 0; i < channels->n; i++)
		if (strcmp(channels->name[i], name) == 0)
			return (uint8_t)i;
	if (channels->n > last)
		return (uint8_t)last;
	sample_text(channels->name[channels->n], channels->n == last ? "another" : name,
		strlen(channels->n == last ? "another" : name));
	return (uint8_t)channels->n++;
}

void wait_log_add(struct wait_log *log, const struct wait_sample *wait)
{
	if (wait->at_ns < 0 || wait->took_ns < 0)
		return;
	log->look[log->next] = (struct wait_look) { wait->at_ns, wait->at_ns + wait->took_ns,
		channel_of(log->channels, wait->waits_in) };
	log->next = (log->next + 1) % LOOKS_KEPT;
	log->n = MIN(log->n + 1, (size_t)LOOKS_KEPT);
}

struct lane_waits lane_waits(const struct wait_log *log, nsec from, nsec to)
{
	struct lane_waits found = { .channel = "", .newest = UNKNOWN };
	int times[CHANNELS_MAX] = { 0 };

	for (size_t i = 0; i < log->n; i++) {
		const struct wait_look *look = &log->look[i];

		if (look->from < from || look->to > to)
			continue;
		found.looks++;
		found.named += look->channel != 0;
		found.newest = MAX(found.newest, look->from);
		if (look->channel == 0 || ++times[look->channel] <= found.same)
			continue;
		found.same = times[look->channel];
		found.channel = log->channels->name[look->channel];
	}
	return found;
}
