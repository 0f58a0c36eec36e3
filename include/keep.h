/* SPDX-License-Identifier: MIT
 * What taskscope and a keeper share: a keeper is a host that runs one of the viewer's programs
 * instead of workers. Its page begins with a board, of which it uses the head, `go`, `prepared` and
 * `ready`; then come the program and what became of it. Every member names its only writer.
 */
#ifndef TASKSCOPE_KEEP_H
#define TASKSCOPE_KEEP_H

#include "base.h"
#include "board.h"

#define KEEP_TAIL 8192 /* bytes of what was printed last; a power of two */

/* What becomes of what a program prints, besides its last bytes. */
enum keep_output { KEEP_OUTPUT_LAST, KEEP_OUTPUT_NONE, KEEP_OUTPUT_FILE };

/* A program's life. READY -> RUNNING (it was let start) -> ENDED (its first process ended, others
 * live) -> OVER (none of its processes lives, and all that they printed was taken). */
enum keep_state { KEEP_READY, KEEP_RUNNING, KEEP_ENDED, KEEP_OVER };

struct keep {
	struct board board;
	/* (taskscope, before the start) */
	uint32_t words; /* so many in `text`, each ended by a NUL */
	uint32_t output; /* enum keep_output */
	bool replace; /* a file that is there */
	char path[4096]; /* what is executed */
	char command[160]; /* the words as a line, to be shown */
	char file[4096]; /* of KEEP_OUTPUT_FILE */
	char cgroup[4096]; /* the folder of the cgroup that it begins in; "": the keeper's */
	/* (taskscope) */
	_Atomic uint32_t start; /* both sides are ready */
	_Atomic uint32_t stop; /* end the program, with all its processes */

	/* (keeper) */
	_Atomic uint32_t state; /* enum keep_state; written after what belongs to it */
	_Atomic int32_t pid; /* of the first process */
	_Atomic int32_t wait_status; /* as waitpid gives it; from KEEP_ENDED on */
	_Atomic int32_t stopped_by; /* the signal that it is stopped by now; 0: it is not */
	_Atomic int64_t started_ns, ended_ns; /* CLOCK_MONOTONIC */
	/* getrusage(2), RUSAGE_CHILDREN: of all that ended and was waited for */
	_Atomic int64_t user_us, system_us, peak_rss_kb;
	_Atomic int32_t file_error; /* errno; from then on the file gets nothing more */
	_Atomic uint64_t printed; /* bytes, as far as they stand in tail */
	char tail[KEEP_TAIL]; /* the byte n stands at n % KEEP_TAIL */
	char text[];
};

#endif
