/* SPDX-License-Identifier: MIT
 * Inside the source module: the bytes of a ring that the kernel fills with scheduler records, and what they say. Pure, so
 * that tests give it bytes of their own.
 */
#ifndef TASKSCOPE_SOURCE_RING_H
#define TASKSCOPE_SOURCE_RING_H

#include "source.h"

/* What is in a ring: bytes [tail, head) of an endless stream, of which the last `size` are kept, each at its position
 * modulo size. size is a power of two. Both positions, and the address of the data, are multiples of 8. */
struct ring_bytes {
	const unsigned char *data;
	uint64_t size, tail, head;
	uint64_t last; /* where the record stands that was read last */
};

/* One record, read: an event, and the id of the perf event that wrote it (PERF_SAMPLE_ID). */
struct ring_event {
	struct switch_sample event; /* without its side */
	uint64_t id;
};

struct ring_counts {
	uint64_t records; /* of every kind */
	uint64_t unknown; /* of a kind that is not read here, or too short for its kind: left out */
	uint64_t lost; /* told by the kernel in PERF_RECORD_LOST and LOST_SAMPLES */
	uint64_t
		torn; /* times that a record had an impossible length: the rest of the bytes was given up */
};

/* The sample type that the records must have been asked for with: it says how their ends look. */
extern const uint64_t ring_sample_type;

/* Reads the next record that is an event into *ret and moves bytes->tail behind it. False at the end. Bytes that make no
 * sense end the ring, and are told as a SWITCH_LOST of one record at time 0, for it is not known when they were. */
bool ring_next(struct ring_bytes *bytes, struct ring_counts *counts, struct ring_event *ret);

#endif
