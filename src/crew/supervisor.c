/* SPDX-License-Identifier: MIT
 * The supervisor: one single-threaded loop that starts screen, prober and hosts, reaps everything (it is the subreaper of
 * all below it), passes signals on, and leaves nothing behind. It draws nothing and reads no target.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limit.h"
#include "offspring.h"
#include "supervisor.h"

#define PATIENCE NSEC_PER_SEC /* from a signal that was passed on, or from the end, to SIGKILL */
#define KEEPER_PATIENCE (2500 * NSEC_PER_MSEC) /* a keeper takes a second from SIGTERM to SIGKILL */
#define ORPHANS_AGAIN_MS 20
#define PROBER_PAUSE NSEC_PER_SEC /* before a prober that died by itself is started again */

/* --- children --- */

/* In a child: those ends of pipes that say by their closing that we are gone. */
static void close_ends(const struct supervisor *s)
{
	close(s->guard);
	close(s->socket);
	close(s->signals);
	for (int i = 0; i < HOSTS; i++)
		if (s->host[i].task.leash >= 0)
			close(s->host[i].task.leash);
}

struct screen_ends {
	int socket, guard, life;
	const char *why; /* there is no worker program */
};

static void run_screen(struct supervisor *s, const struct screen_ends *ends)
{
	struct crews *crews = NULL;

	spawn_bind(s->self, SIGTERM);
	close_ends(s);
	spawn_reset_signals(false);
	/* A stopped task does not act on its death signal, so our death also continues it. */
	spawn_tie(ends->guard, getpid(), SIGCONT);
	if (s->options->with_crews)
		crews = crews_create(s->life, ends->socket, s->bell, s->worker_path, ends->why);
	if (s->options->with_crews && !crews) {
		char why[200];

		say_line("cannot wait for crews (epoll or timerfd): %s",
			limit_error(errno, why, sizeof(why)));
		exit(1);
	}
	exit(s->options->screen(s->options->context, crews));
}

static void start_prober(struct supervisor *s)
{
	s->prober_at = 0;
	if (!s->options->prober || s->prober || s->screen_ended)
		return;
	pid_t pid = fork();

	if (pid == 0) {
		spawn_bind(s->self, SIGKILL);
		/* It ends with the screen, too. Done by both of us: each may be stopped before it comes to it. */
		spawn_tie(s->prober_life, getpid(), SIGKILL);
		close_ends(s);
		spawn_reset_signals(false);
		spawn_silence();
		_exit(s->options->prober(s->options->context));
	}
	if (pid < 0)
		s->prober_at = nsec_monotonic() + PROBER_PAUSE;
	else
		spawn_tie(s->prober_life, pid, SIGKILL);
	s->prober = MAX(pid, 0);
	atomic_store(&s->life->prober, s->prober);
	bell_add(s->bell);
}

/* Ctrl-Z: the screen has put the terminal back and stopped itself, in a way that means all of us. So does a terminal that
 * is another job's. */
static void stop_with_screen(struct supervisor *s, int signal_of_screen)
{
	for (int i = 0; i < HOSTS; i++)
		if (!s->host[i].task.keeper) /* the viewer's programs go on */
			host_kill(&s->host[i], SIGSTOP);
	/* By the same signal, so that the shell names it; we ignore it otherwise. */
	signal(signal_of_screen, SIG_DFL);
	raise(signal_of_screen);
	if (signal_of_screen != SIGSTOP)
		signal(signal_of_screen, SIG_IGN);
	/* Somebody continued us. Worker processes are continued by their host, which knows which of them the viewer stopped. */
	for (int i = 0; i < HOSTS; i++)
		if (s->host[i].task.pid && !atomic_load(&s->life->side[i].held))
			kill(s->host[i].task.pid, SIGCONT);
	host_kill(&s->host[HOST_DUEL], SIGCONT);
	kill(s->screen, SIGCONT);
}

/* A SIGSTOP from outside stops the screen only: were we to stop with it, its death would go unseen. */
static void note_screen_stop(struct supervisor *s, int signal)
{
	bool by_terminal = signal == SIGTTOU || signal == SIGTTIN;

	if (by_terminal && tcgetpgrp(STDIN_FILENO) == getpgrp())
		kill(s->screen, SIGCONT); /* brought to the foreground meanwhile */
	else if (by_terminal || signal == SIGTSTP || atomic_load(&s->life->suspending))
		stop_with_screen(s, signal);
}

static void note_child(struct supervisor *s, pid_t pid, int status)
{
	int host = HOSTS - 1; /* -1: it is none */

	while (host >= 0 && s->host[host].task.pid != pid)
		host--;
	if (WIFSTOPPED(status)) {
		if (pid == s->screen)
			note_screen_stop(s, WSTOPSIG(status));
		return;
	}
	if (pid == s->screen) {
		s->screen_ended = true;
		s->screen_status = status;
	} else if (pid == s->prober) {
		s->prober = 0;
		atomic_store(&s->life->prober, 0);
		if (!s->prober_at)
			s->prober_at = nsec_monotonic() + PROBER_PAUSE;
	} else if (host >= 0) {
		host_note_end(s, host, status);
	} else {
		life_add_orphan(s->life, pid, status);
		bell_add(s->bell);
	}
}

/* What a keeper left that was killed itself has come to us. */
static void end_orphans(const struct supervisor *s)
{
	pid_t spared[2 + HOSTS + OLDER_MAX] = { s->screen, s->prober };

	for (int i = 0; i < HOSTS; i++)
		spared[2 + i] = s->host[i].task.pid;
	memcpy(spared + 2 + HOSTS, s->older, s->n_older * sizeof(s->older[0]));
	if (s->kept)
		offspring_kill(spared, 2 + HOSTS + s->n_older);
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
		note_child(s, pid, status);
	end_orphans(s);
}

static void restart_prober(struct supervisor *s)
{
	s->prober_at = nsec_monotonic();
	if (s->prober)
		kill(s->prober, SIGKILL);
}

static void take_requests(struct supervisor *s)
{
	struct request request;
	struct host_fds fds;
	int error;

	while ((error = request_receive(s->socket, &request, &fds)) == 0 || error == -EINVAL) {
		if (error == 0 && request.verb == REQUEST_PROBER)
			restart_prober(s);
		else if (error == 0)
			host_serve(s, &request, &fds);
		host_fds_close(&fds);
	}
	if (error == -EPIPE) {
		/* The screen is going; its end comes as SIGCHLD. */
		close_fd(&s->socket);
	}
}

static void take_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		kill(s->screen, (int)info.ssi_signo);
		kill(s->screen, SIGCONT);
		if (!s->signal) {
			s->signal = (int)info.ssi_signo;
			s->kill_at = nsec_monotonic() + PATIENCE;
		}
	}
	reap(s);
}

/* --- the loop --- */

/* Milliseconds until the next thing that is planned, for poll; -1: none. */
static int time_left(const struct supervisor *s, nsec now)
{
	nsec next = s->kill_at;

	if (s->prober_at && !s->prober && (!next || s->prober_at < next))
		next = s->prober_at;
	return next ? (int)(MAX(next - now, 0) / NSEC_PER_MSEC + 1) : -1;
}

static void do_what_is_due(struct supervisor *s)
{
	nsec now = nsec_monotonic();

	if (s->kill_at && now >= s->kill_at) {
		kill(s->screen, SIGKILL);
		s->kill_at = 0;
	}
	if (s->prober_at && !s->prober && now >= s->prober_at)
		start_prober(s);
}

static void wait_and_act(struct supervisor *s)
{
	struct pollfd fds[] = {
		{ .fd = s->signals, .events = POLLIN },
		{ .fd = s->socket, .events = POLLIN },
		{ .fd = s->host[SIDE_LEFT].task.error_fd, .events = POLLIN },
		{ .fd = s->host[SIDE_RIGHT].task.error_fd, .events = POLLIN },
		{ .fd = s->host[HOST_DUEL].task.error_fd, .events = POLLIN },
	};

	if (poll(fds, ARRAY_LEN(fds), time_left(s, nsec_monotonic())) < 0)
		return;
	for (int i = 0; i < HOSTS; i++)
		if (fds[2 + i].revents)
			host_note_exec(s, i);
	if (fds[0].revents)
		take_signals(s);
	if (fds[1].revents && !s->screen_ended)
		take_requests(s);
	do_what_is_due(s);
}

static bool keeper_lives(const struct supervisor *s)
{
	bool lives = false;

	for (int i = 0; i < HOSTS; i++)
		lives |= s->host[i].task.pid && s->host[i].task.keeper;
	return lives;
}

/* Takes in who has ended; whether somebody is left. */
static bool reap_last(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < HOSTS; i++)
			if (s->host[i].task.pid == pid) {
				s->kept |= s->host[i].task.keeper;
				s->host[i].task.pid = 0;
			}
	return pid == 0;
}

/* Ends everything below us and waits until it is gone, for a second at most: what the kernel holds in an
 * uninterruptible wait dies when that ends. */
static void end_all(struct supervisor *s)
{
	nsec until = nsec_monotonic() + (keeper_lives(s) ? KEEPER_PATIENCE : PATIENCE);

	for (int i = 0; i < HOSTS; i++)
		host_stop(&s->host[i]);
	if (s->prober)
		kill(s->prober, SIGKILL);
	duel_forget_queue(s->host[HOST_DUEL].task.pid);
	while (reap_last(s)) {
		nsec left = until - nsec_monotonic();
		bool late = left <= 0 && keeper_lives(s);

		if (left <= 0 && !late)
			return;
		if (late)
			until = nsec_monotonic() + PATIENCE;
		bool orphans = s->kept && !keeper_lives(s);

		if (late || orphans)
			offspring_kill(s->older, s->n_older);
		struct pollfd fd = { .fd = s->signals, .events = POLLIN };
		struct signalfd_siginfo info;

		poll(&fd, 1, orphans ? ORPHANS_AGAIN_MS : (int)(MAX(left, 0) / NSEC_PER_MSEC + 1));
		while (read(s->signals, &info, sizeof(info)) > 0)
			;
	}
}

static int verdict(const struct supervisor *s)
{
	if (WIFEXITED(s->screen_status))
		return WEXITSTATUS(s->screen_status);
	int signal = WTERMSIG(s->screen_status);

	if (s->options->rescue)
		s->options->rescue(s->options->context);
	if (s->signal && signal == SIGKILL)
		say_line("the screen did not end within a second of signal %d (%s)", s->signal,
			strsignal(s->signal));
	else if (signal != s->signal)
		say_line("the screen was ended by signal %d (%s)", signal, strsignal(signal));
	return 128 + (s->signal && signal == SIGKILL ? s->signal : signal);
}

static int open_all(struct supervisor *s, sigset_t *ret_old, struct screen_ends *ends)
{
	static const int passed_on[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCHLD };
	int sockets[2], guard[2], life[2];
	sigset_t set;

	s->life = mmap(
		NULL, sizeof(*s->life), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->life == MAP_FAILED)
		return -errno;
	atomic_store(&s->life->supervisor, s->self);
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(passed_on); i++)
		if (!signal_is_ignored(passed_on[i]))
			sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_SETMASK, &set, ret_old);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	s->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->signals < 0 || s->bell < 0 || pipe2(guard, O_CLOEXEC) != 0 ||
		pipe2(life, O_CLOEXEC) != 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
		return -errno;
	ends->guard = guard[0];
	ends->socket = sockets[0];
	ends->life = life[1];
	s->guard = guard[1];
	s->prober_life = life[0];
	s->socket = sockets[1];
	return 0;
}

static int start_screen(struct supervisor *s, struct screen_ends *ends)
{
	fflush(NULL); /* or both would print it */
	s->screen = fork();
	if (s->screen == 0)
		run_screen(s, ends);
	int error = errno;

	close(ends->socket);
	close(ends->guard);
	close(ends->life);
	if (s->screen < 0)
		return -error;
	atomic_store(&s->life->screen, s->screen);
	return 0;
}

int supervise(const struct supervise_options *options)
{
	struct supervisor s = {
		.options = options, .self = getpid(), .worker_path = options->worker_path
	};
	char path[PATH_MAX], why[160] = "";
	struct screen_ends ends = { .why = why };
	sigset_t old;

	for (int i = 0; i < HOSTS; i++)
		s.host[i].task = no_task;
	if (options->with_crews && !s.worker_path)
		s.worker_path =
			crew_find_worker(path, sizeof(path), why, sizeof(why)) == 0 ? path : NULL;
	s.n_older = offspring_children(s.older, OLDER_MAX);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	int error = open_all(&s, &old, &ends);

	if (!error)
		error = start_screen(&s, &ends);
	if (error) {
		say_line("cannot start: %s", limit_error(-error, why, sizeof(why)));
		return 1;
	}
	/* Ours alone, so not before the fork: the terminal's job control is the screen's business, a dead terminal nobody's. */
	signal(SIGTSTP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGTTIN, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	start_prober(&s);
	while (!s.screen_ended)
		wait_and_act(&s);
	end_all(&s);
	int status = verdict(&s);

	close_fd(&s.socket);
	close(s.guard);
	close(s.prober_life);
	close(s.bell);
	close(s.signals);
	munmap(s.life, sizeof(*s.life));
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}
