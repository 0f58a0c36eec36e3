/* SPDX-License-Identifier: MIT
 * One instant of kernel facts, as plain data: the lower seam of the program. Sources and crews fill
 * samples, the model reads them, recordings are samples as JSON Lines. The records are those of
 * tasks.h, evidence.h and switches.h.
 */
#ifndef TASKSCOPE_SAMPLE_H
#define TASKSCOPE_SAMPLE_H

#include "evidence.h"
#include "record.h"

/* { 0 } is an empty sample; clear empties it and keeps the memory; all integers of records that the
 * caller pushes are his to set. copy makes *to equal to *from (grows what it must, allocates
 * nothing in a steady state). */
void sample_clear(struct sample *sample);
void sample_finish(struct sample *sample);
void sample_copy(struct sample *to, const struct sample *from);

/* safe_text into a member array of a sample record. The tail form keeps the end of a long text
 * ("…/lib/libc.so.6"). */
#define sample_text(member, text, len) safe_text((member), sizeof(member), (text), (len))
void sample_text_tail(char *member, size_t size, const char *text, size_t len);

/* The program that is this side; NULL: none is. */
const struct program_sample *sample_program(const struct sample *sample, enum side side);

/* Adds a gap, once for each (pid, what). reason NULL: strerror. */
void sample_gap(
	struct sample *sample, int32_t pid, const char *what, int error, const char *reason);

/* --- recordings: JSON Lines. Line 1 is the header, then one line a sample. The format is
 * documented in the man page, and additive: a kind or a member that the reader does not know is
 * skipped, one that is not there is unknown.
 *
 *   {"taskscope_recording":2,"machine":{"kernel":"...","cpus":2,...}}
 *   {"at_ns":N,"slow_at_ns":N,"crews":[{}],"tasks":[{}],"sharing":true,"files":N,...,
 *    "mappings":[{"pid":P,"at_ns":N,"rows":[{}]}],
 *    "lanes":{"from_ns":N,"until_ns":N,"seen":N,"lost":N,"rows":[N,...],"spans":[N,...],
 *             "crowds":[N,...]}}
 *
 * A kind (records.c lists them) has its rows; or true: those of the line before; or a time: those
 * of the line before, but read then. One that is not there has none. Members have the names of
 * --json. Enumerations are words ("left", "alive"); unsigned 64-bit numbers (addresses, inodes) are
 * hexadecimal strings ("0x7f01"), for JSON's integers end earlier.
 *
 * What is in "lanes" is much, so it is numbers alone, row after row: the members of lane_sample,
 * span (`from` as the distance to the one before) and span_sums, in this order. Older recordings
 * have each record, as "switches".
 *
 * Form 1 is read, too: there some names were others (form1 in the tables), and kinds stood in
 * objects "evidence", "duel" and "slow"; what was not there was as in the line before. --- */

#define RECORDING_FORM 2
#define RECORDING_LINE_MAX (8u << 20) /* bytes; a longer line is an error */
#define RECORDING_SAMPLES_MAX 1000000
#define RECORDING_BYTES_MAX (INT64_C(4) << 30) /* a recorder stops here, with -EFBIG */

/* One line (with its newline) appended to out. The line of a sample stands alone. */
void recording_put_header(struct buf *out, const struct machine_info *card);
void recording_put_sample(struct buf *out, const struct sample *sample);

/* One line read. A header's form; 0 of a sample's line; -EINVAL (not JSON, or of a wrong shape),
 * -EPROTO (a form that is not known). why, if not NULL, receives one clause that says what is
 * wrong. *ret is untouched on failure. What a sample's line says is as before is taken from *ret as
 * it was: give the sample of the line before, or an empty one. */
int recording_get_header(
	const char *line, size_t len, struct machine_info *ret, char *why, size_t why_size);
int recording_get_sample(
	const char *line, size_t len, int form, struct sample *ret, char *why, size_t why_size);

/* A recorder writes FILE.part and renames it to FILE at the end; it never follows a symlink and
 * never overwrites FILE or FILE.part unless force. Mode 0600. It does not repeat rows that did not
 * change, and writes each sample at once, so that a crash loses none. All return 0 or -errno; after
 * a failed write the recorder is dead and says so each time: FILE.part then holds whole lines up to
 * the failure, and close leaves it there. create: -EEXIST (FILE or FILE.part is there), with force
 * -ELOOP, -EISDIR or -EINVAL (FILE is a link, a folder, no regular file), or of open. add: -ENOSPC,
 * -EFBIG (RECORDING_BYTES_MAX, or a sample that even without its mappings is longer than
 * RECORDING_LINE_MAX), or of write. close: -EEXIST if FILE came to be meanwhile. */
struct recorder;
int recorder_create(
	const char *path, bool force, const struct machine_info *card, struct recorder **ret);
int recorder_add(struct recorder *recorder, const struct sample *sample);
int recorder_close(struct recorder *recorder); /* flush, rename, free; NULL is fine */
/* as after a crash: FILE.part stays; NULL is fine */
void recorder_destroy(struct recorder *recorder);
/* instead of RECORDING_BYTES_MAX */
void recorder_set_limit(struct recorder *recorder, int64_t bytes);

/* A reader streams a recording; the file may be larger than memory: it holds one line and two
 * samples. Opened with O_NOFOLLOW left off: reading through a link is the user's business. open: 0;
 * -errno of open; -EINVAL (no regular file, empty, not a recording), -EPROTO (another version).
 * next: 0 and the sample; -ENODATA at the end (a cut last line is the end: *ret_cut says so);
 * -EINVAL with why ("line 17: ..."), and from then on each time. Time never goes back from one
 * sample to the next. */
struct recording;
int recording_open(const char *path, struct recording **ret, char *why, size_t why_size);
const struct machine_info *recording_machine(const struct recording *recording);
int recording_next(
	struct recording *recording, struct sample *ret, bool *ret_cut, char *why, size_t why_size);
void recording_close(struct recording *recording);

#endif
