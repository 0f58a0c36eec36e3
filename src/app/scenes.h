/* SPDX-License-Identifier: MIT
 * The program's scenes: found, read and checked against its own tables.
 */
#ifndef TASKSCOPE_APP_SCENES_H
#define TASKSCOPE_APP_SCENES_H

#include "sample.h"
#include "scene.h"

/* All scenes: the user's ($XDG_DATA_HOME/taskscope/scenes), in a build folder the source's, and the installed ones; of one
 * name the first. *errors gets one line for each mistake in a file that was left out. 0 or -ENOENT (none, and where they
 * were looked for). */
int app_scenes_load(struct scenes *ret, struct buf *errors);
/* One file, checked against our facts, panes and views; as scene_load. */
int app_scene_load(const char *file, struct scene **ret, struct buf *errors);
/* `list scenes --check FILE`: prints, and returns the exit status. */
int app_scene_check(const char *file);
/* A scene_lookup: the facts of a struct model (context). */
bool app_scene_lookup(void *model, const char *path, struct scene_value *ret);

/* duel_facts.c: duel.DUEL.METHOD.WHO.STAT, as "duel.switch.yield.threads.median". false: there is no such path. */
bool duel_fact_exists(const char *path);
bool duel_fact(const struct sample *sample, const char *path, struct scene_value *ret);

#endif
