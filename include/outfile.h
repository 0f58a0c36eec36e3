/* SPDX-License-Identifier: MIT
 * A file being written: FILE.part until it is whole, never through a link, never over another file
 * without force, readable by its owner only, and loud about a full disk. All return 0 or -errno.
 */
#ifndef TASKSCOPE_OUTFILE_H
#define TASKSCOPE_OUTFILE_H

#include "base.h"

struct outfile;
/* Whether FILE may be made: in its folder (errors of access), and -EISDIR: it is a folder, -ELOOP:
 * a link, -EINVAL: anything else that is no regular file; -EEXIST: it is there, and no force. */
int outfile_check(const char *path, bool force);
/* Why not, in words: of an error of any function here. */
const char *outfile_why(int error);
/* Whether two files cannot both be written: one file by two names, or one the other's FILE.part. */
bool outfile_clash(const char *a, const char *b);
/* Opens FILE.part. The errors of outfile_check, for FILE.part too. limit: bytes that it may have,
 * -EFBIG beyond. */
int outfile_create(const char *path, bool force, int64_t limit, struct outfile **ret);
/* Appends all of it, or nothing: what a failed write left is cut off again. */
int outfile_add(struct outfile *file, const struct buf *content);
/* What closes the file's form: from the next addition on it stands behind all that was added, so
 * that the file is whole at any time. The caller keeps the text. */
void outfile_set_end(struct outfile *file, const char *end);
void outfile_set_limit(struct outfile *file, int64_t limit);
/* Makes it FILE, unless another FILE came to be meanwhile (-EEXIST), and frees it. NULL is fine. */
int outfile_close(struct outfile *file);
void outfile_destroy(struct outfile *file); /* as after a crash: FILE.part stays. NULL is fine */
void outfile_abandon(struct outfile *file); /* nothing stays */
/* A whole file at once. What cannot be written leaves nothing; what is whole but cannot become FILE
 * stays as FILE.part. */
int outfile_write(const char *path, bool force, const struct buf *content);

#endif
