/* SPDX-License-Identifier: MIT
 * A speaker's notes on a terminal of their own, while a tour runs on another.
 */
#ifndef TASKSCOPE_WATCH_H
#define TASKSCOPE_WATCH_H

#include "base.h"

struct term_options;
/* Shows the notes that stand in the file of this path until a key ends it. The exit status. */
int watch_notes(const char *path, const struct term_options *options);
/* As they stand, for who has no terminal: adds them as text. The exit status. */
int watch_print(const char *path, struct buf *text);

#endif
