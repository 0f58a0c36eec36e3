/* SPDX-License-Identifier: MIT
 * What the supervisor's own files share: itself, and its hosts.
 */
#ifndef TASKSCOPE_CREW_SUPERVISOR_H
#define TASKSCOPE_CREW_SUPERVISOR_H

#include "internal.h"

struct host {
	struct spawned task;
	uint32_t generation;
	bool waiting; /* a start that waits for the last host's end */
	struct request request;
	struct host_fds fds;
};

#define OLDER_MAX 64

struct supervisor {
	const struct supervise_options *options;
	const char *worker_path;
	struct life *life;
	pid_t self, screen, prober;
	int socket; /* the screen's requests */
	int bell; /* the screen's */
	int signals;
	int prober_life; /* the screen has the writing end: its closing ends the prober */
	int guard; /* nobody writes here: its closing tells the screen, even a stopped one, that we are gone */
	bool screen_ended;
	int screen_status;
	int signal; /* the first that was passed on */
	nsec kill_at, prober_at; /* 0: not planned */
	pid_t older[OLDER_MAX]; /* children that who executed us had: theirs to end */
	size_t n_older;
	bool kept; /* a keeper has ended: what it may have left is ours to end */
	struct host host[HOSTS];
};

/* --- hosts.c --- */

extern const struct spawned no_task;
/* Does what the screen asks of a host; takes the descriptors that it keeps. */
void host_serve(struct supervisor *s, const struct request *request, struct host_fds *fds);
/* To the host and its group. It is our child and not reaped, so its id, and its group's, are its own. */
void host_kill(const struct host *host, int signal);
void host_stop(struct host *host); /* and nothing waits to be started in its place */
void host_note_exec(struct supervisor *s, int side); /* its program runs, or cannot be started */
void host_note_end(struct supervisor *s, int side, int status);

#endif
