/* SPDX-License-Identifier: MIT
 * Any bytes as the ring of a perf_event: reading ends, nothing beyond the ring is read, and whatever events they make fold into
 * rows that fit each other, and that a recording can hold.
 *
 * Input: where in the ring the bytes begin (a byte, in eights), how many events a sample has (a byte), and the records.
 */
#include <stdlib.h>
#include <string.h>

#include "../../src/source/ring.h"
#include "fuzz.h"
#include "sample.h"

#define SIZE 1024u

static void check_row(
	const struct sample *sample, const struct lane_sample *lane, size_t span, size_t *crowd)
{
	for (uint32_t i = 0; i < lane->spans; i++) {
		const struct span *of = &sample->spans.at[span + i];

		fuzz_check(of->state < SPAN_STATES && of->mark < SPAN_MARKS && of->cpu >= -1);
		fuzz_check(i == 0 || of->from >= of[-1].from);
		if (lane->cpu >= 0 && of->state == SPAN_RUNNING)
			fuzz_check(of->who >= 0 && (size_t)of->who < sample->lanes.n);
		*crowd += of->state == SPAN_CROWD;
	}
}

static void check_sample(const struct sample *sample)
{
	const struct lane_sample *lane;
	size_t spans = 0, crowds = 0;

	vec_each (lane, &sample->lanes) {
		fuzz_check(lane->spans <= sample->spans.n - spans);
		check_row(sample, lane, spans, &crowds);
		spans += lane->spans;
	}
	fuzz_check(spans == sample->spans.n && crowds == sample->crowds.n);
	fuzz_check(sample->switches_seen >= 0 && sample->switches_lost >= 0);
}

static void take(struct switch_fold *fold, nsec until, struct sample *sample)
{
	struct buf line = { 0 };

	sample_clear(sample);
	sample->at_ns = 1;
	switch_fold_take(fold, until, sample);
	check_sample(sample);
	recording_put_sample(&line, sample);
	buf_finish(&line);
}

static void fold_all(struct ring_bytes *bytes, struct ring_counts *counts, unsigned each)
{
	struct switch_fold *fold = switch_fold_create();
	struct sample sample = { 0 };
	struct ring_event event;
	unsigned n = 0;

	switch_fold_restart(fold, 1);
	while (ring_next(bytes, counts, &event)) {
		fuzz_check(event.event.kind >= 0 && event.event.kind <= SWITCH_LOST);
		fuzz_check(event.event.at_ns >= 0 && event.event.cpu >= -1);
		event.event.side = (int8_t)(event.id % SIDES);
		event.event.cpu %= 256; /* more only take their time */
		switch_fold_add(fold, &event.event);
		if (++n % each == 0)
			take(fold, event.event.at_ns, &sample);
	}
	take(fold, INT64_MAX, &sample);
	sample_finish(&sample);
	switch_fold_destroy(fold);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ring_counts counts = { 0 };

	if (size < 2)
		return 0;
	unsigned char *ring =
		calloc(1, SIZE); /* of the exact size, so that a byte too far is seen */
	if (!ring)
		abort();
	const uint64_t tail = (UINT64_C(1) << 40) + data[0] * 8u;
	const size_t n = MIN(size - 2, SIZE) & ~(size_t)7;
	struct ring_bytes bytes = { ring, SIZE, tail, tail + n, tail };

	for (size_t i = 0; i < n; i++)
		ring[(tail + i) % SIZE] = data[2 + i];
	fold_all(&bytes, &counts, 1 + data[1] % 16u);
	fuzz_check(bytes.tail == bytes.head && counts.unknown <= counts.records);
	free(ring);
	return 0;
}
