/* SPDX-License-Identifier: MIT
 * A stranger's recording replayed: whatever samples its lines make, in whatever order, the model takes them, and every
 * question that a pane asks has an answer.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "fuzz.h"
#include "model.h"

static void ask_regions(const struct model *model, int32_t pid)
{
	size_t n = 0;
	const struct region *regions = model_regions(model, pid, &n);

	for (size_t i = 0; i < n; i++) {
		fuzz_check(regions[i].mapping->pid == pid);
		fuzz_check((unsigned)regions[i].class < REGION_CLASSES);
		fuzz_check(memchr(regions[i].label, '\0', sizeof(regions[i].label)) != NULL);
	}
}

static void ask_side(const struct model *model, enum side index)
{
	const struct model_side *side = model_side(model, index);
	char how[64];

	for (size_t i = 0; i < side->n_tracks; i++) {
		const struct track *track = side->tracks[i];

		fuzz_check(track->now.side == (int)index);
		fuzz_check(isnan(track->voluntary_per_s) || track->voluntary_per_s >= 0);
		fuzz_check(isnan(track->cpu_percent) || track->cpu_percent >= 0);
		track_point(track, 0);
		track_point(track, SIZE_MAX);
	}
	for (size_t i = 0; i < side->n_processes; i++)
		ask_regions(model, side->processes[i]->pid);
	for (size_t i = 0; i < side->n_ended; i++)
		format_wait_status(how, sizeof(how), side->ended[i]->wait_status);
	side_point(side, model_history(model), 0);
	fuzz_check(side->totals.voluntary >= UNKNOWN && side->totals.rss_kb >= UNKNOWN);
}

static void ask_facts(const struct model *model)
{
	static const char *const paths[] = { "left.worker0.voluntary_per_s",
		"left.worker0.job_rounds", "left.host.pss_kb", "right.sum_pss_kb", "machine.cpus",
		"observer.cpu_ns" };
	struct fact_value value;
	char why[160];

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		fact_value(model, paths[i], &value, why, sizeof(why));
}

static void ask(struct model *model)
{
	const struct sample *sample = model_sample(model);
	int32_t left = 0, right = 0;
	const struct mapping_sample *mapping;
	size_t n = 0;

	for (int side = 0; side < SIDES; side++)
		ask_side(model, side);
	vec_each (mapping, &sample->mappings) {
		left = left ? left : mapping->pid;
		right = mapping->pid;
	}
	ask_regions(model, left);
	model_align(model, left, right, &n);
	model_align(model, 0, right, &n);
	ask_facts(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size, *newline;
	struct model *model = model_create(4);
	struct sample sample = { 0 };

	sample_clear(&sample);
	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			newline = end;
		if (recording_get_sample(
			    at, (size_t)(newline - at), RECORDING_FORM, &sample, NULL, 0) < 0)
			continue;
		model_feed(model, &sample);
		ask(model);
	}
	sample_finish(&sample);
	model_destroy(model);
	return 0;
}
