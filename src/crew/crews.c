/* SPDX-License-Identifier: MIT
 * Follows a crew's states as the screen sees them: start, hello, running, ended or failed, put together from the supervisor's
 * page and the crew's board. Asks the supervisor, and never waits for it but in crew_await.
 */
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "limit.h"

void crew_say(struct crew *crew, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(crew->note, sizeof(crew->note), format, args);
	va_end(args);
}

/* --- the whole --- */

static int watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return fd < 0 ? -1 : epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

struct crews *crews_create(
	struct life *life, int socket, int bell, const char *worker_path, const char *why)
{
	struct crews *crews = xcalloc(1, sizeof(*crews));

	crews->life = life;
	crews->socket = socket;
	crews->bell = bell;
	crews->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int timer_error = errno;

	crews->epoll = epoll_create1(EPOLL_CLOEXEC);
	atomic_store(&life->screen, getpid());
	snprintf(crews->worker_path, sizeof(crews->worker_path), "%s",
		worker_path ? worker_path : "");
	snprintf(crews->worker_why, sizeof(crews->worker_why), "%s", why);
	crews->cpus = cpus_allowed(&crews->cpus_size);
	limit_count_kills();
	for (int i = 0; i < SIDES; i++)
		crews->crew[i] = (struct crew) { .orders = -1,
			.life = -1,
			.cpu = -1,
			.killed = WORKER_NONE,
			.culprit = WORKER_NONE };
	crews->duel.life = -1;
	if (watch(crews->epoll, crews->bell) != 0 || watch(crews->epoll, crews->timer) != 0) {
		int error = crews->timer < 0 ? timer_error : errno;

		free(crews);
		errno = error;
		return NULL;
	}
	return crews;
}

void crews_on_host(struct crews *crews,
	void (*callback)(void *context, enum side side, int32_t host), void *context)
{
	crews->on_host = callback;
	crews->on_host_context = context;
}

int crews_fd(const struct crews *crews)
{
	return crews->epoll;
}

/* --- what happens --- */

void crew_fail(struct crew *crew)
{
	crew->state = CREW_FAILED;
	crew->host = 0;
}

void crews_set_timer(struct crews *crews)
{
	nsec first = 0;

	for (int i = 0; i < SIDES; i++)
		if (crews->crew[i].state == CREW_STARTING &&
			(!first || crews->crew[i].look_at < first))
			first = crews->crew[i].look_at;
	struct itimerspec at = { .it_value = { .tv_sec = first / NSEC_PER_SEC,
					 .tv_nsec = first % NSEC_PER_SEC } };

	timerfd_settime(crews->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* --- the end of a crew --- */

int crew_stop(struct crews *crews, enum side side)
{
	struct crew *crew = &crews->crew[side];
	struct request request = { .verb = REQUEST_STOP, .side = (int32_t)side };

	if (crew->state != CREW_STARTING && crew->state != CREW_RUNNING)
		return -ESRCH;
	int error = request_send(crews->socket, &request, NULL);

	if (!error) {
		crew->state = CREW_OFF;
		crew->host = 0;
		crew->stopping = true;
		/* And if the supervisor sleeps: the kernel ends the host. */
		close_fd(&crew->life);
	}
	return error;
}

static void refuse(struct crews *crews, enum side side)
{
	crew_stop(crews, side);
	crew_fail(&crews->crew[side]);
}

static bool same_build(const struct board *board)
{
	return board->crew_layout == BOARD_LAYOUT &&
	       strncmp(board->crew_version, TASKSCOPE_VERSION, sizeof(board->crew_version)) == 0;
}

/* The host is known and has no worker yet. */
static void let_go(struct crews *crews, enum side side)
{
	struct crew *crew = &crews->crew[side];

	if (crew->going || crew->host <= 0 || !atomic_load(&crew->board->prepared))
		return;
	crew->going = true;
	if (crews->on_host)
		crews->on_host(crews->on_host_context, side, crew->host);
	atomic_store(&crew->board->go, 1);
	bell_add(crew->orders);
}

/* Whether a host has used a CPU since the last look, or does not run its program yet. */
static bool makes_progress(struct crew *crew)
{
	struct timespec cpu;
	clockid_t clock;

	if (!crew->host)
		return true;
	if (clock_getcpuclockid(crew->host, &clock) != 0 || clock_gettime(clock, &cpu) != 0)
		return false;
	nsec before = crew->cpu_used;

	crew->cpu_used = cpu.tv_sec * NSEC_PER_SEC + cpu.tv_nsec;
	return crew->cpu_used != before;
}

static void await_hello(struct crews *crews, enum side side)
{
	struct crew *crew = &crews->crew[side];
	nsec now = nsec_monotonic(), waited = now - crew->started;

	if (now < crew->look_at)
		return;
	crew->look_at = now + HELLO_LOOK;
	if (makes_progress(crew))
		crew->progress_at = now;
	if (now - crew->progress_at < HELLO_IDLE && waited < HELLO_LAST) {
		if (waited > HELLO_IDLE)
			crew_say(crew, "no answer for %d s: the machine is busy",
				(int)(waited / NSEC_PER_SEC));
		return;
	}
	crew_say(crew, "taskscope-crew did not answer within %d s: is it the right program?",
		(int)(waited / NSEC_PER_SEC));
	refuse(crews, side);
}

static void check_hello(struct crews *crews, enum side side)
{
	struct crew *crew = &crews->crew[side];
	char version[sizeof(crew->board->crew_version)];

	if (atomic_load(&crew->board->crew_magic) != BOARD_MAGIC) {
		await_hello(crews, side);
	} else if (!same_build(crew->board)) {
		safe_text(version, sizeof(version), crew->board->crew_version,
			strnlen(crew->board->crew_version, sizeof(version) - 1));
		crew_say(crew,
			"taskscope-crew is of another build (%s, layout %u; ours is %s, %u): "
			"install both",
			version, crew->board->crew_layout, TASKSCOPE_VERSION, BOARD_LAYOUT);
		refuse(crews, side);
	} else if (atomic_load(&crew->board->ready)) {
		crew->note[0] = '\0';
		crew->state = CREW_RUNNING;
	} else {
		/* It said hello: the bell rings when it is ready, and a time that is past would wake us without end. */
		crew->look_at = nsec_monotonic() + HELLO_LOOK;
		let_go(crews, side);
	}
}

/* Who was told to end in a way that ends all, and did not answer. */
static int16_t find_leaver(const struct crew *crew)
{
	for (int16_t i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &crew->board->slots[i];
		int order = atomic_load(&slot->order);

		if (slot_lives(slot) && atomic_load(&slot->asked) != atomic_load(&slot->answered) &&
			(order == ORDER_EXIT || order == ORDER_EXEC))
			return i;
	}
	return WORKER_NONE;
}

/* The first to fault, or whom the viewer killed: took a crew of threads along. */
static int16_t find_culprit(const struct crew *crew)
{
	int16_t culprit = WORKER_NONE;
	uint32_t first = UINT32_MAX;

	for (int16_t i = 0; i < BOARD_SLOTS; i++) {
		uint32_t order = atomic_load(&crew->board->slots[i].fault_order);

		if (order && order < first &&
			atomic_load(&crew->board->slots[i].phase) != SLOT_ENDED) {
			first = order;
			culprit = i;
		}
	}
	if (culprit == WORKER_NONE && WIFSIGNALED(crew->wait_status) &&
		WTERMSIG(crew->wait_status) == SIGKILL)
		culprit = (int16_t)crew->killed;
	return culprit == WORKER_NONE ? find_leaver(crew) : culprit;
}

static void book_end(struct board_slot *slot, int status)
{
	atomic_store(&slot->wait_status, status);
	atomic_store(&slot->ended_ns, nsec_monotonic());
	atomic_store(&slot->phase, SLOT_ENDED);
}

/* A host's threads end with it. Its worker processes are killed by the kernel; the supervisor reaps them and tells. */
static void end_threads(struct crew *crew)
{
	for (int i = 0; i < BOARD_SLOTS; i++) {
		struct board_slot *slot = &crew->board->slots[i];
		uint32_t phase = atomic_load(&slot->phase);

		if (phase == SLOT_WANTED)
			atomic_store(&slot->phase, SLOT_FREE);
		else if (slot_lives(slot))
			book_end(slot, crew->wait_status);
	}
}

static void host_ended(struct crew *crew, int status)
{
	const int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	char limit[160] = "";
	bool starting = crew->state == CREW_STARTING;

	crew->host = 0;
	crew->wait_status = status;
	if (WIFSIGNALED(status) && number == SIGKILL)
		limit_of_kill(limit, sizeof(limit));
	if (*limit)
		crew_say(crew, "the host was killed for want of memory (%s)", limit);
	else if ((starting || (number == SIGKILL && crew->killed == WORKER_NONE)) &&
		 *limit_of_end(status, LLONG_MAX, limit, sizeof(limit)))
		crew_say(crew, "taskscope-crew ended: %s", limit);
	else if (starting && atomic_load(&crew->board->crew_magic) != BOARD_MAGIC)
		crew_say(crew,
			WIFSIGNALED(status) ? "taskscope-crew was ended by signal %d before it "
					      "answered: is it the right program?"
					    : "taskscope-crew ended with status %d before it "
					      "answered: is it the right program?",
			number);
	else if (starting)
		crew_say(crew, "taskscope-crew ended while it started its workers (%s %d)",
			WIFSIGNALED(status) ? "signal" : "status", number);
	if (!starting)
		crew->culprit = crew->plan.kind == KIND_THREADS ? find_culprit(crew) : WORKER_NONE;
	if (crew->plan.kind == KIND_THREADS)
		end_threads(crew);
	crew->state = starting ? CREW_FAILED : CREW_ENDED;
}

/* A new prober is somebody else to Yama: everybody names it. */
static void let_prober_in(const struct crews *crews, struct crew *crew)
{
	int32_t prober = atomic_load(&crews->life->prober);

	if (atomic_exchange(&crew->board->tracer, prober) != prober)
		crew_send(crew, BOARD_KICK, -1, 0);
}

/* A program that is not what it should be, or a limit that another one would meet too. */
static void say_start_failure(struct crew *crew, int error)
{
	static const int limits[] = { EAGAIN, EMFILE, ENFILE, ENOMEM, EPERM, ENOSYS };
	char why[200];

	limit_error(error, why, sizeof(why));
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (limits[i] == error) {
			crew_say(crew, "cannot start taskscope-crew: %s", why);
			return;
		}
	crew_say(crew, "cannot run taskscope-crew: %s (install or build it again)", why);
}

void crew_update(struct crews *crews, enum side side)
{
	struct crew *crew = &crews->crew[side];
	const struct life_side *life = &crews->life->side[side];
	uint64_t stage = atomic_load(&life->stage);

	if (crew->state != CREW_STARTING && crew->state != CREW_RUNNING)
		return;
	let_prober_in(crews, crew);
	if (stage >> 8 == crew->generation) {
		switch ((enum stage)(stage & 255)) {
		case STAGE_FAILED:
			say_start_failure(crew, atomic_load(&life->error));
			crew_fail(crew);
			return;
		case STAGE_ENDED:
			if (crew->state == CREW_STARTING)
				check_hello(crews, side);
			if (crew->state == CREW_STARTING || crew->state == CREW_RUNNING)
				host_ended(crew, atomic_load(&life->status));
			return;
		case STAGE_EXECUTED:
			crew->host = atomic_load(&life->pid);
			break;
		case STAGE_FORKED:
		case STAGE_NONE:
			break;
		}
	}
	if (crew->state == CREW_STARTING)
		check_hello(crews, side);
}

/* Worker processes that outlived their host by a moment. */
static void note_orphans(struct crews *crews)
{
	uint32_t n = atomic_load(&crews->life->orphans);

	if (n - crews->orphans_seen > LIFE_ORPHANS)
		crews->orphans_seen = n - LIFE_ORPHANS;
	for (; crews->orphans_seen != n; crews->orphans_seen++) {
		uint32_t at = crews->orphans_seen % LIFE_ORPHANS;
		int32_t pid = atomic_load(&crews->life->orphan[at].pid);

		for (int i = 0; i < SIDES; i++) {
			struct crew *crew = &crews->crew[i];

			for (int w = 0; crew->board && w < BOARD_SLOTS; w++)
				if (slot_lives(&crew->board->slots[w]) &&
					atomic_load(&crew->board->slots[w].pid) == pid)
					book_end(&crew->board->slots[w],
						atomic_load(&crews->life->orphan[at].status));
		}
	}
}

bool crews_dispatch(struct crews *crews)
{
	uint64_t n;
	bool rung = read(crews->bell, &n, sizeof(n)) > 0;

	rung |= read(crews->timer, &n, sizeof(n)) > 0;
	if (!rung)
		return false;
	for (int i = 0; i < SIDES; i++)
		crew_update(crews, (enum side)i);
	note_orphans(crews);
	duel_update(crews);
	crews_set_timer(crews);
	return true;
}

static bool settled(const struct crew *crew)
{
	if (crew->state == CREW_STARTING)
		return false;
	for (int i = 0; crew->state == CREW_RUNNING && i < BOARD_SLOTS; i++) {
		uint32_t phase = atomic_load(&crew->board->slots[i].phase);

		if (phase == SLOT_WANTED || phase == SLOT_STARTING)
			return false;
	}
	return true;
}

int crew_await(struct crews *crews, enum side side, nsec timeout, int cancel)
{
	nsec until = nsec_monotonic() + timeout;

	for (;;) {
		crews_dispatch(crews);
		if (settled(&crews->crew[side]))
			return 0;
		nsec left = until - nsec_monotonic();

		if (left <= 0)
			return -ETIMEDOUT;
		struct pollfd fds[] = { { .fd = crews->epoll, .events = POLLIN },
			{ .fd = cancel, .events = POLLIN } };

		poll(fds, ARRAY_LEN(fds), (int)(left / NSEC_PER_MSEC + 1));
		if (fds[1].revents)
			return -EINTR;
	}
}
