/* SPDX-License-Identifier: MIT
 * The program's scenes: found, read and checked against its own tables.
 */
#ifndef TASKSCOPE_LESSON_H
#define TASKSCOPE_LESSON_H

#include "sample.h"
#include "scene.h"

/* All scenes: the user's ($XDG_DATA_HOME/taskscope/scenes), in a build folder the source's, and the installed ones; of one
 * name the first. *errors gets one line for each mistake in a file that was left out. 0 or -ENOENT (none, and where they
 * were looked for). */
int lesson_scenes_load(struct scenes *ret, struct buf *errors);
/* One file, checked against our facts, panes and views; as scene_load. */
int lesson_scene_load(const char *file, struct scene **ret, struct buf *errors);
/* A scene_lookup: the facts of a struct model (context). */
bool lesson_lookup(void *model, const char *path, struct scene_value *ret);

/* duel.DUEL.METHOD.WHO.STAT, as "duel.switch.yield.threads.median". false: there is no such path. */
bool lesson_is_duel_fact(const char *path);
bool lesson_duel_fact(const struct sample *sample, const char *path, struct scene_value *ret);

#endif
