/* SPDX-License-Identifier: MIT
 * One instant of kernel facts, as plain data: the lower seam of the program. Sources and crews fill samples, the model
 * reads them, recordings are samples as JSON Lines. The records are those of tasks.h, evidence.h and switches.h.
 */
#ifndef TASKSCOPE_SAMPLE_H
#define TASKSCOPE_SAMPLE_H

#include <stdio.h>

#include "evidence.h"
#include "record.h"

/* { 0 } is an empty sample; clear empties it and keeps the memory; all integers of records that the caller pushes are his
 * to set. copy makes *to equal to *from (grows what it must, allocates nothing in a steady state). */
void sample_clear(struct sample *sample);
void sample_finish(struct sample *sample);
void sample_copy(struct sample *to, const struct sample *from);

/* safe_text into a member array of a sample record. The tail form keeps the end of a long text ("…/lib/libc.so.6"). */
#define sample_text(member, text, len) safe_text((member), sizeof(member), (text), (len))
void sample_text_tail(char *member, size_t size, const char *text, size_t len);

/* Adds a gap, once for each (pid, what). reason NULL: strerror. */
void sample_gap(struct sample *sample, int32_t pid, const char *what, int error, const char *reason);

/* --- recordings: JSON Lines. Line 1 is the header, then one line a sample. The format is documented in the man page,
 * versioned and additive: an unknown member is skipped, an absent one is UNKNOWN.
 *
 *   {"taskscope_recording":1,"machine":{"kernel":"...","cpus":2,...}}
 *   {"at_ns":N,"crews":[{}],"workers":[{}],"tasks":[{}],"gaps":[{}],"waits":[{}],"observer":{},
 *    "lanes":{"from_ns":N,"until_ns":N,"seen":N,"lost":N,"rows":[N,...],"spans":[N,...],"crowds":[N,...]},
 *    "slow":{"at_ns":N,"machine":{},"processes":[{}],"mappings":[{"pid":P,"at_ns":N,"rows":[{}]}]}}
 *
 * Records have the members of the structs above, by name. A line without "slow" has the slow lane of the line before, one
 * without "evidence" its evidence; an evidence
 * with "pages":true has its pages; a process without "rows" has the mappings of the line before. Enumerations are words ("left", "threads", "alive"); unsigned 64-bit numbers (addresses, inodes) are
 * hexadecimal strings ("0x7f01"), for JSON's integers end earlier.
 *
 * What is in "lanes" is much, so it is numbers alone, row after row: the members of lane_sample, span (`from` as the
 * distance to the one before) and span_sums, in this order. Older recordings have each record, as "switches". --- */

#define RECORDING_VERSION 1
#define RECORDING_LINE_MAX (8u << 20) /* bytes; a longer line is an error */
#define RECORDING_SAMPLES_MAX 1000000
#define RECORDING_BYTES_MAX (INT64_C(4) << 30) /* a recorder stops here, with -EFBIG */

/* text as a JSON string with its quotes, appended to out. Passes safe_text, so it is valid UTF-8 at any input; what is
 * longer than 511 bytes is cut. */
void json_put_text(struct buf *out, const char *text, size_t len);

/* One line (with its newline) appended to out. The line of a sample stands alone: its slow lane is written in full. */
void recording_put_header(struct buf *out, const struct machine_info *card);
void recording_put_sample(struct buf *out, const struct sample *sample);

/* One line read. 0; -EINVAL (not JSON, or of a wrong shape), -EPROTO (another version). why, if not NULL, receives one
 * clause that says what is wrong. *ret is untouched on failure. What a sample's line leaves out of the slow lane is
 * taken from *ret as it was: give the sample of the line before, or an empty one. */
int recording_get_header(const char *line, size_t len, struct machine_info *ret, char *why, size_t why_size);
int recording_get_sample(const char *line, size_t len, struct sample *ret, char *why, size_t why_size);

/* A recorder writes FILE.part and renames it to FILE at the end; it never follows a symlink and never overwrites FILE
 * or FILE.part unless force. Mode 0600. It leaves out a slow lane that did not change, and writes each sample at once,
 * so that a crash loses none. All return 0 or -errno; after a failed write the recorder is dead and says so each time:
 * FILE.part then holds whole lines up to the failure, and close leaves it there. create: -EEXIST (FILE or FILE.part is
 * there), with force -ELOOP, -EISDIR or -EINVAL (FILE is a link, a folder, no regular file), or of open. add: -ENOSPC,
 * -EFBIG (RECORDING_BYTES_MAX, or a sample that even without its mappings is longer than RECORDING_LINE_MAX), or of
 * write. close: -EEXIST if FILE came to be meanwhile. */
struct recorder;
int recorder_create(const char *path, bool force, const struct machine_info *card, struct recorder **ret);
int recorder_add(struct recorder *recorder, const struct sample *sample);
int recorder_close(struct recorder *recorder); /* flush, rename, free; NULL is fine */
void recorder_destroy(struct recorder *recorder); /* as after a crash: FILE.part stays; NULL is fine */
void recorder_set_limit(struct recorder *recorder, int64_t bytes); /* instead of RECORDING_BYTES_MAX */

/* A reader streams a recording; the file may be larger than memory: it holds one line and two samples. Opened with
 * O_NOFOLLOW left off: reading through a link is the user's business. open: 0; -errno of open; -EINVAL (no regular file,
 * empty, not a recording), -EPROTO (another version). next: 0 and the sample; -ENODATA at the end (a cut last line is
 * the end: *ret_cut says so); -EINVAL with why ("line 17: ..."), and from then on each time until a rewind. Time never
 * goes back from one sample to the next. */
struct recording;
int recording_open(const char *path, struct recording **ret, char *why, size_t why_size);
const struct machine_info *recording_machine(const struct recording *recording);
int recording_next(struct recording *recording, struct sample *ret, bool *ret_cut, char *why, size_t why_size);
int recording_rewind(struct recording *recording);
void recording_close(struct recording *recording);

#endif
