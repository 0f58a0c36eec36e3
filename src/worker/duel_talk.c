/* SPDX-License-Identifier: MIT
 * The talking duel: a producer sends the same message by one channel after the other, a consumer reads every cache line of
 * it and checks that it is what was sent. A value is ns a message; beside it, what it took: system calls, switches, bytes
 * copied by the kernel, and the time from sending to receiving. A pointer between processes arrives, and points to
 * something else: that is reported, not hidden.
 */
#include "duel.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define LATENCIES 256
#define MESSAGE_MAX ((size_t)1 << 20)
/* Shared memory holds as many bytes as a pipe, in slots of one message: else its sender could never run ahead as a pipe's. */
#define RING_BYTES ((size_t)64 << 10)
#define SLOTS_MAX 1024
#define LOOK_BYTES 4096 /* of messages, between two looks at the clock */
/* A message is its number, repeated once a cache line. */

struct line {
	int method, trial_ms;
	size_t size;
	uint32_t slots; /* messages that lie in memory at most; 1 where the kernel keeps them */
	int fd[2]; /* pipe, socket pair: [0] reads; eventfd: full slots, empty slots */
	mqd_t queue;
	_Atomic uint32_t sent,
		taken; /* futex channels: messages so far, of which sent - taken lie there */
	/* Futexes. Who waits sleeps while its own is 1; who tells clears it, and only then wakes: a sleeper on the count itself
	 * would not be woken by who cleared the sign of an earlier wait. */
	_Atomic uint32_t sender_waits, receiver_waits;
	_Atomic int32_t ready;
	_Atomic bool enough; /* the receiver has what it measures */
	_Atomic int64_t
		messages; /* set when the last was sent: one more follows, to be thrown away */
	_Atomic uint64_t stamped; /* the message whose latency is being taken; 0: none */
	int64_t sent_at;
	char *_Atomic pointer[SLOTS_MAX];
	char *shared; /* MAP_SHARED room for all slots */
	char *mine, *yours; /* producer's and consumer's private buffers: heap */
	struct duel_pieces pieces;
	int64_t wrong, calls[2], switches[2], copied[2];
	uint64_t expected, found; /* of the last wrong one */
	int latencies;
	int64_t latency[LATENCIES];
};

static void fill(char *at, size_t size, uint64_t number)
{
	for (size_t i = 0; i + sizeof(number) <= size; i += 64)
		memcpy(at + i, &number, sizeof(number));
}

/* Whether all of it is this message; what else was found comes back in *ret_found. */
static bool holds(const char *at, size_t size, uint64_t number, uint64_t *ret_found)
{
	bool same = true;
	for (size_t i = 0; i + sizeof(number) <= size; i += 64) {
		uint64_t found;
		memcpy(&found, at + i, sizeof(found));
		if (found != number && same) {
			same = false;
			*ret_found = found;
		}
	}
	return same;
}

/* Before a message is written: there must be a free slot for it. */
static void wait_for_room(struct line *l, int64_t *calls)
{
	const uint32_t sent = atomic_load(&l->sent);
	for (;;) {
		uint32_t taken = atomic_load(&l->taken);
		if (sent - taken < l->slots)
			return;
		if (atomic_exchange(&l->sender_waits, 1) == 0)
			continue; /* the receiver may have looked before that */
		futex_wait(&l->sender_waits, 1, -1);
		++*calls;
	}
}

static void wait_for_message(struct line *l, int64_t *calls)
{
	const uint32_t taken = atomic_load(&l->taken);
	for (;;) {
		if (atomic_load(&l->sent) != taken)
			return;
		if (atomic_exchange(&l->receiver_waits, 1) == 0)
			continue;
		futex_wait(&l->receiver_waits, 1, -1);
		++*calls;
	}
}

static void tell_sent(struct line *l, int64_t *calls)
{
	atomic_fetch_add(&l->sent, 1);
	if (!atomic_exchange(&l->receiver_waits, 0))
		return;
	futex_wake(&l->receiver_waits, 1);
	++*calls;
}

/* A sender that waits is woken when half of the slots are free: else it would wait again after one message. */
static void tell_taken(struct line *l, int64_t *calls)
{
	uint32_t taken = atomic_fetch_add(&l->taken, 1) + 1;
	if (atomic_load(&l->sent) - taken > l->slots / 2 || !atomic_exchange(&l->sender_waits, 0))
		return;
	futex_wake(&l->sender_waits, 1);
	++*calls;
}

/* Where message `number` lies, of memory that holds all slots. */
static char *slot(const struct line *l, char *memory, uint64_t number)
{
	return memory + (number - 1) % l->slots * l->size;
}

static bool stream(int fd, char *at, size_t size, bool out, int64_t *calls)
{
	for (size_t done = 0; done < size;) {
		ssize_t n =
			out ? write(fd, at + done, size - done) : read(fd, at + done, size - done);
		++*calls;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static void count_event(int fd, bool out, int64_t *calls)
{
	uint64_t one = 1;
	while ((out ? write(fd, &one, sizeof(one)) : read(fd, &one, sizeof(one))) < 0 &&
		errno == EINTR)
		;
	++*calls;
}

static bool send_message(struct line *l, uint64_t number, int64_t *calls)
{
	switch (l->method) {
	case TALK_PIPE:
	case TALK_SOCKETPAIR:
		fill(l->mine, l->size, number);
		return stream(l->fd[1], l->mine, l->size, true, calls);
	case TALK_QUEUE:
		fill(l->mine, l->size, number);
		++*calls;
		return mq_send(l->queue, l->mine, l->size, 0) == 0;
	case TALK_EVENTFD:
		count_event(l->fd[1], false, calls);
		fill(slot(l, l->shared, number), l->size, number);
		count_event(l->fd[0], true, calls);
		return true;
	case TALK_FUTEX:
		wait_for_room(l, calls);
		fill(slot(l, l->shared, number), l->size, number);
		tell_sent(l, calls);
		return true;
	default:
		/* code: duel-talk */
		wait_for_room(l, calls);
		fill(slot(l, l->mine, number), l->size, number);
		atomic_store(&l->pointer[(number - 1) % l->slots], slot(l, l->mine, number));
		tell_sent(l, calls);
		/* end of code */
		return true;
	}
}

/* Receives the next message, which is this one; *ret_at is where it lies. */
static bool receive(struct line *l, uint64_t number, const char **ret_at, int64_t *calls)
{
	*ret_at = l->yours;
	switch (l->method) {
	case TALK_PIPE:
	case TALK_SOCKETPAIR:
		return stream(l->fd[0], l->yours, l->size, false, calls);
	case TALK_QUEUE:
		++*calls;
		return mq_receive(l->queue, l->yours, l->size, NULL) >= 0;
	case TALK_EVENTFD:
		count_event(l->fd[0], false, calls);
		*ret_at = slot(l, l->shared, number);
		return true;
	case TALK_FUTEX:
		wait_for_message(l, calls);
		*ret_at = slot(l, l->shared, number);
		return true;
	default:
		wait_for_message(l, calls);
		*ret_at = atomic_load(&l->pointer[(number - 1) % l->slots]);
		return true;
	}
}

static void release(struct line *l, int64_t *calls)
{
	if (l->method == TALK_EVENTFD)
		count_event(l->fd[1], true, calls);
	else if (l->method == TALK_FUTEX || l->method == TALK_POINTER)
		tell_taken(l, calls);
}

static void meet(struct line *l)
{
	atomic_fetch_add(&l->ready, 1);
	while (atomic_load(&l->ready) < 2)
		sched_yield();
}

/* Bytes that read() and write() copied for the calling task so far, -1 unknown; a message queue does not count there. */
static int64_t copied(const char *key)
{
	return proc_number(key, "/proc/thread-self/io");
}

/* The same as a starting point: moved on by what the look itself will count as. */
static int64_t copied_from_here(const char *key)
{
	int64_t before = copied(key), now = copied(key);
	return before < 0 || now < 0 ? -1 : now + (now - before);
}

/* The number has as many digits as it has: a look may count a byte less than the one before. */
static int64_t copied_since(int64_t start, const char *key)
{
	int64_t now = start < 0 ? -1 : copied(key);
	if (now < 0)
		return -1;
	return now > start ? now - start : 0;
}

/* Memory is written before the clock starts: a forked task would pay its copies of pages within the trial. */
static void warm(struct line *l, char *own)
{
	uint64_t any;
	for (size_t i = 0; i < l->slots * l->size; i += 64)
		own[i] = 0;
	holds(l->shared, l->slots * l->size, 0, &any);
}

static void producer(void *argument)
{
	struct line *l = argument;
	warm(l, l->mine);
	int64_t calls = 0, bytes = copied_from_here("wchar:");
	meet(l);
	int64_t before = duel_switches();
	uint64_t number = 0;
	for (bool ok = true; ok && !atomic_load(&l->enough);) {
		number++;
		if (atomic_load(&l->stamped) == 0) {
			l->sent_at = crew_now();
			atomic_store(&l->stamped, number);
		}
		ok = send_message(l, number, &calls);
	}
	l->calls[0] = calls;
	l->switches[0] = duel_switches() - before;
	l->copied[0] = copied_since(bytes, "wchar:");
	atomic_store(&l->messages, (int64_t)number);
	send_message(l, number + 1, &calls);
}

static void take_latency(struct line *l, uint64_t number)
{
	if (atomic_load(&l->stamped) != number)
		return;
	if (l->latencies < LATENCIES)
		l->latency[l->latencies++] = crew_now() - l->sent_at;
	atomic_store(&l->stamped, 0);
}

static void consumer(void *argument)
{
	struct line *l = argument;
	const char *at;
	warm(l, l->yours);
	int64_t calls = 0, bytes = copied_from_here("rchar:");
	meet(l);
	int64_t before = duel_switches();
	/* a look at the clock costs as much as a small message */
	const uint64_t looks = l->size >= LOOK_BYTES ? 1 : LOOK_BYTES / l->size;
	duel_pieces_start(&l->pieces, crew_now(), l->trial_ms * INT64_C(1000000));
	for (uint64_t number = 1; receive(l, number, &at, &calls); number++) {
		int64_t last = atomic_load(&l->messages);
		if (last && (int64_t)number > last)
			break;
		if (number % looks == 0 && !duel_pieces_add(&l->pieces, crew_now(), (double)number))
			atomic_store(&l->enough, true);
		take_latency(l, number);
		uint64_t found = 0;
		if (!holds(at, l->size, number, &found)) {
			l->wrong++;
			l->expected = number;
			l->found = found;
		}
		release(l, &calls);
	}
	l->calls[1] = calls;
	l->switches[1] = duel_switches() - before;
	l->copied[1] = copied_since(bytes, "rchar:");
}

static uint32_t slots_of(int method, size_t size)
{
	size_t slots = RING_BYTES / size;
	if (method != TALK_EVENTFD && method != TALK_FUTEX && method != TALK_POINTER)
		return 1;
	if (slots > SLOTS_MAX)
		return SLOTS_MAX;
	return (uint32_t)(slots < 1 ? 1 : slots);
}

static int line_open(struct line *l, const struct duel_trial *trial)
{
	char *shared = l->shared, *mine = l->mine, *yours = l->yours;
	memset(l, 0, sizeof(*l));
	l->shared = shared ? shared : duel_map(MESSAGE_MAX, MAP_SHARED);
	l->mine = mine ? mine : malloc(MESSAGE_MAX);
	l->yours = yours ? yours : malloc(MESSAGE_MAX);
	l->method = trial->item->method;
	l->trial_ms = trial->plan->trial_ms;
	l->size = (size_t)trial->item->parameter;
	l->slots = slots_of(l->method, l->size);
	l->fd[0] = l->fd[1] = -1;
	l->queue = (mqd_t)-1;
	if (!l->shared || !l->mine || !l->yours)
		return -ENOMEM;
	switch (trial->item->method) {
	case TALK_PIPE:
		return pipe2(l->fd, O_CLOEXEC) < 0 ? -errno : 0;
	case TALK_SOCKETPAIR:
		return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, l->fd) < 0 ? -errno : 0;
	case TALK_EVENTFD:
		l->fd[0] = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
		l->fd[1] = eventfd(l->slots, EFD_CLOEXEC | EFD_SEMAPHORE);
		return l->fd[0] < 0 || l->fd[1] < 0 ? -errno : 0;
	case TALK_QUEUE: {
		struct mq_attr attributes = { .mq_maxmsg = 8, .mq_msgsize = (long)l->size };
		char name[32];
		snprintf(name, sizeof(name), DUEL_QUEUE_NAME, (int)getpid());
		l->queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
		int error = l->queue == (mqd_t)-1 ? -errno : 0;
		mq_unlink(name); /* the name is not needed: both have the descriptor */
		return error;
	}
	default:
		return 0;
	}
}

static void line_close(struct line *l)
{
	for (int i = 0; i < 2; i++)
		if (l->fd[i] >= 0)
			close(l->fd[i]);
	if (l->queue != (mqd_t)-1)
		mq_close(l->queue);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Of each trial its latency's median and 95th percentile; what a series tells is the middle of these. */
struct latencies {
	int n;
	float of_trial[2][DUEL_TRIALS_MAX];
};

static void keep_latency(struct latencies *kept, double *const extra[2], struct line *l)
{
	qsort(l->latency, (size_t)l->latencies, sizeof(l->latency[0]), by_value);
	if (kept->n == DUEL_TRIALS_MAX)
		return;
	kept->of_trial[0][kept->n] = (float)l->latency[l->latencies / 2];
	kept->of_trial[1][kept->n] = (float)l->latency[l->latencies * 95 / 100];
	kept->n++;
	for (int i = 0; i < 2; i++) {
		double sorted[DUEL_TRIALS_MAX];
		for (int k = 0; k < kept->n; k++)
			sorted[k] = (double)kept->of_trial[i][k];
		*extra[i] = middle_of(sorted, kept->n);
	}
}

/* Bytes that a message was copied, in and out; NAN: not counted. */
static double copied_each(const struct line *l, double n)
{
	return l->copied[0] < 0 || l->copied[1] < 0 ? NAN
						    : (double)(l->copied[0] + l->copied[1]) / n;
}

static void record(const struct duel_trial *trial, struct line *l)
{
	static struct latencies kept[DUEL_SERIES_MAX];
	struct duel_series *series = trial->series;
	double n = (double)atomic_load(&l->messages);
	if (n < 1) {
		duel_add(series, NAN, NAN);
		return;
	}
	duel_add(series, duel_pieces_middle(&l->pieces), NAN);
	series->extra[EXTRA_CALLS] = (double)(l->calls[0] + l->calls[1]) / n;
	series->extra[EXTRA_SWITCHES] = (double)(l->switches[0] + l->switches[1]) / n;
	/* a queue's copies are no read() and no write(): known from its construction, in and out */
	series->extra[EXTRA_COPIED] =
		l->method == TALK_QUEUE ? 2.0 * (double)l->size : copied_each(l, n);
	if (l->latencies)
		keep_latency(&kept[trial->item - trial->plan->item],
			(double *[]) { &series->extra[EXTRA_LATENCY_P50],
				&series->extra[EXTRA_LATENCY_P95] },
			l);
	if (l->wrong)
		snprintf(series->note, sizeof(series->note),
			"wrong data: message %llu reads as %llu", (unsigned long long)l->expected,
			(unsigned long long)l->found);
}

int duel_talk(const struct duel_trial *trial)
{
	static struct line *l;
	if (!l && !(l = duel_map(sizeof(*l), MAP_SHARED)))
		return -ENOMEM;
	int error = duel_ballast_use(0);
	if (!error)
		error = line_open(l, trial);
	if (!error)
		error = duel_pair(trial, producer, consumer, l);
	else if (trial->item->method == TALK_QUEUE)
		duel_note(trial->series,
			"refused: above fs.mqueue.msgsize_max, or no message queues here");
	if (!error)
		record(trial, l);
	line_close(l);
	return error;
}
