/* SPDX-License-Identifier: MIT
 * What the files of the sample module share: the parts of a recording's line, written and read.
 */
#ifndef TASKSCOPE_SAMPLE_INTERNAL_H
#define TASKSCOPE_SAMPLE_INTERNAL_H

#include "sample.h"

/* A line does not repeat the rows of a kind that are those of `before`; NULL: the line stands alone. */
void put_sample_after(struct buf *out, const struct sample *sample, const struct sample *before);
/* Reads a line into *sample, whatever it held; what the line says is as before comes from `before` (NULL:
 * nothing). *sample and *before are different objects. -EBADMSG: not JSON, as a cut line is not; -EINVAL: of a wrong
 * shape. On failure *sample holds a part of the line. */
int get_sample_after(const char *line, size_t len, int form, const struct sample *before,
	struct sample *sample, char *why, size_t why_size);

/* members.c: the members of a row, without those that are as in `usual` (NULL: that are absent). */
void put_members(
	struct json *json, const struct record *record, const void *row, const void *usual);
/* record_mappings.c: the member "mappings", without the rows that a process has in `before`. */
void put_mappings(struct json *json, const struct sample *sample, const struct sample *before);
/* record_pages.c: the pages of a range, as members of its row; and whether all are those of `before`. */
void put_pages_of(struct json *json, const struct sample *sample, const struct pages_sample *row);
bool pages_repeat(const struct sample *sample, const struct sample *before);

/* runs.c: pages as runs, in a JSON string. get: 0, or -EINVAL if text is not exactly n of them. */
#define RUNS_FRAME_MAX (UINT64_C(1) << 55)
void runs_put_states(struct buf *out, const uint8_t *states, size_t n);
void runs_put_frames(struct buf *out, const int64_t *frames, size_t n);
int runs_get_states(const char *text, size_t len, uint8_t *states, size_t n);
int runs_get_frames(const char *text, size_t len, int64_t *frames, size_t n);

/* record_switches.c: the member "lanes" of a line; nothing if nobody watched. */
void put_switches(struct json *json, const struct sample *sample);

/* The ranges of pages with their pages. */
void sample_copy_pages(struct sample *to, const struct sample *from);

/* The rows of one process in a sample's mappings: the first run of them. */
const struct mapping_sample *sample_mappings_of(
	const struct sample *sample, int32_t pid, size_t *ret_n);

#endif
