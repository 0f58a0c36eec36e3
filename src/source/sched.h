/* SPDX-License-Identifier: MIT
 * Inside the source module: every switch, birth and death of the crews' tasks, as the kernel writes them into rings
 * (perf_event_open(2)). The live source asks for them when a pane wants them.
 */
#ifndef TASKSCOPE_SOURCE_SCHED_H
#define TASKSCOPE_SOURCE_SCHED_H

#include "ring.h"

/* --- joins.c: events on tasks that were there before; what these create inherits them --- */

struct joined {
	int fd;
	int16_t side;
	uint64_t id; /* ascending, as the kernel gives them out */
};
struct joins {
	VEC(struct joined) list;
};
void joins_add(struct joins *joins, int fd, enum side side, uint64_t id);
void joins_enable(struct joins *joins, bool on);
/* Whose event wrote a record; `otherwise`: it is none of these. */
int16_t joins_side(const struct joins *joins, uint64_t id, int16_t otherwise);
void joins_finish(struct joins *joins);

/* --- sched.c --- */

struct sched;
struct sched *sched_create(void);
void sched_destroy(struct sched *sched);

/* Watches all that the process will fork or create from now on, with itself. A side has one host: a new one takes the
 * place of the one before, whose records stay. keeper: its own are left out. 0 or -errno, kept for the gaps of sched_read. */
int sched_watch(struct sched *sched, enum side side, int32_t host, bool keeper);
/* Watches tasks that are there already, and all that they will create; both sides' at once, and for good. What one of them
 * created before its event was open is not seen. -E2BIG: more than SCHED_JOIN_MAX. */
#define SCHED_JOIN_MAX 256
int sched_join(struct sched *sched, const struct task_sample *tasks, size_t n);
int64_t sched_births(const struct sched *sched, enum side side); /* see live_births */
/* Whether the kernel records. Off, the workers pay next to nothing for being watched. */
void sched_enable(struct sched *sched, bool on);
/* Readable when a ring is filling up: then sched_drain folds what is in the rings. -1: nothing is watched. */
int sched_fd(const struct sched *sched);
void sched_drain(struct sched *sched);
/* Drains, and moves all that is old enough to be in order into *sample: lanes, their time, and gaps. `began`: the sample's
 * tasks were read after that, and what they counted is compared with records that are folded later. */
void sched_read(struct sched *sched, nsec began, struct sample *sample);

#endif
