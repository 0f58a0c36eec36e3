/* SPDX-License-Identifier: MIT
 * What comes from whoever starts us, through exec.
 */
#ifndef TASKSCOPE_INHERIT_H
#define TASKSCOPE_INHERIT_H

/* The first thing: makes it what we rely on. 0, or -1: refused, and said. */
int inherit_all(void);
/* Signals that end a screen do so, even where they were ignored. */
void inherit_for_screen(void);
/* Runs main's rest on a stack that is large enough, and returns its status. */
int inherit_run(int (*run)(int argc, char **argv), int argc, char **argv);

#endif
