/* SPDX-License-Identifier: MIT
 * The supervisor's hosts: starts each when the screen asks for it, tells how far it has come, ends it with its group.
 */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervisor.h"

const struct spawned no_task = { .error_fd = -1, .leash = -1 };

static void tell_stage(struct supervisor *s, int side, enum stage stage)
{
	atomic_store(&s->life->side[side].stage, (uint64_t)s->host[side].generation << 8 | stage);
	bell_add(s->bell);
}

static void host_start(struct supervisor *s, int side)
{
	struct host *host = &s->host[side];

	host->waiting = false;
	host->generation = host->request.generation;
	const struct host_role *role = side == HOST_DUEL ? &host_duel : &host_crew;
	int error = spawn_host(
		s->worker_path, host->request.keeps ? &host_keeper : role, &host->fds, &host->task);

	host_fds_close(&host->fds);
	if (error) {
		atomic_store(&s->life->side[side].error, -error);
		tell_stage(s, side, STAGE_FAILED);
		return;
	}
	tell_stage(s, side, STAGE_FORKED);
}

void host_kill(const struct host *host, int signal)
{
	if (!host->task.pid)
		return;
	kill(host->task.pid, signal);
	kill(-host->task.pid, signal);
}

/* A keeper is given the time to end what it keeps. */
static void host_end(struct host *host)
{
	if (!host->task.keeper) {
		host_kill(host, SIGKILL);
		return;
	}
	kill(host->task.pid, SIGTERM);
	kill(host->task.pid, SIGCONT);
}

void host_stop(struct host *host)
{
	if (host->waiting)
		host_fds_close(&host->fds);
	host->waiting = false;
	host_end(host);
}

void host_note_exec(struct supervisor *s, int side)
{
	struct host *host = &s->host[side];
	int error;

	if (read(host->task.error_fd, &error, sizeof(error)) == (ssize_t)sizeof(error)) {
		atomic_store(&s->life->side[side].error, error);
		tell_stage(s, side, STAGE_FAILED);
		host->generation = 0; /* its end is no news */
	} else {
		/* Not earlier: whoever learns its id finds it bound to our life and the screen's already. */
		atomic_store(&s->life->side[side].pid, host->task.pid);
		tell_stage(s, side, STAGE_EXECUTED);
	}
	close_fd(&host->task.error_fd);
}

void host_note_end(struct supervisor *s, int side, int status)
{
	struct host *host = &s->host[side];

	if (host->task.error_fd >= 0)
		host_note_exec(s, side);
	close(host->task.leash);
	if (side == HOST_DUEL)
		duel_forget_queue(host->task.pid);
	s->kept |= host->task.keeper;
	host->task = no_task;
	atomic_store(&s->life->side[side].pid, 0);
	atomic_store(&s->life->side[side].status, status);
	if (host->generation)
		tell_stage(s, side, STAGE_ENDED);
	if (host->waiting)
		host_start(s, side);
}

void host_serve(struct supervisor *s, const struct request *request, struct host_fds *fds)
{
	struct host *host = &s->host[request->side];

	switch ((enum request_verb)request->verb) {
	case REQUEST_START:
		if (host->waiting)
			host_fds_close(&host->fds);
		host->request = *request;
		host->fds = *fds;
		host->waiting = true;
		*fds = (struct host_fds) { { -1, -1, -1, -1 } };
		if (host->task.pid)
			host_end(host);
		else
			host_start(s, request->side);
		break;
	case REQUEST_STOP:
		host_stop(host);
		break;
	case REQUEST_SIGNAL:
		if (host->task.pid && request->generation == host->generation)
			syscall(SYS_tgkill, host->task.pid,
				request->tid ? request->tid : host->task.pid, request->signal);
		break;
	case REQUEST_PROBER:
		break; /* no host's */
	}
}
