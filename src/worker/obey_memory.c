/* SPDX-License-Identifier: MIT
 * Carries out the orders about memory: plain loads and stores, the same instructions in a process and in a thread. The
 * kernel decides whose memory they reach.
 */
#include <sys/uio.h>
#include <unistd.h>

#include "internal.h"

#define STACK_RESERVE ((size_t)64 << 10) /* of its stack that recursion leaves alone */
#define HELD (1 * NSEC_PER_SEC) /* how long it stays at the deepest place */
#define MB ((size_t)1 << 20)
#define SCRIBBLE 4242

static long own_minor_faults(void)
{
	return usage_here().ru_minflt;
}

int obey_write_x(struct work *work, int64_t argument, char *said)
{
	struct x *x = work->hand->host->memory.x;

	if (!x)
		return ENOMEM;
	/* code: write-x */
	int64_t old = x->value;

	x->value = old + 1;
	snprintf(x->text, sizeof(x->text), "X=%lld written by w%d", (long long)(old + 1),
		work->hand->index);
	/* end of code */
	set_result(said, "X was %lld, is %lld: %zu bytes written", (long long)old,
		(long long)(old + 1), sizeof(*x));
	return 0;
}

/* One byte of each page, from *at on, round and round. Returns the bytes passed. */
static size_t pass_over(struct work *work, size_t bytes, size_t *at, bool writing)
{
	const struct experiment_memory *memory = &work->hand->host->memory;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), done = 0;

	for (; done < bytes && !(done % MB == 0 && told_to_end(work)); done += page) {
		/* code: write-arena read-arena */
		volatile char *byte = memory->arena + *at;

		if (writing)
			*byte = (char)(work->hand->index + 2);
		else
			(void)*byte;
		*at = (*at + page) % memory->arena_bytes;
		/* end of code */
	}
	return done;
}

static int use_arena(struct work *work, int64_t mb, size_t *at, bool writing, char *said)
{
	const struct experiment_memory *memory = &work->hand->host->memory;

	if ((size_t)mb * MB > memory->arena_bytes) {
		set_result(said, "the arena has only %zu MB", memory->arena_bytes / MB);
		return ERANGE;
	}
	long faults = own_minor_faults();
	size_t done = pass_over(work, (size_t)mb * MB, at, writing);

	faults = own_minor_faults() - faults;
	set_result(said, "%zu MB %s: %zu pages, %ld minor faults", done / MB,
		writing ? "written" : "read", done / (size_t)sysconf(_SC_PAGESIZE), faults);
	return done == (size_t)mb * MB ? 0 : EINTR;
}

int obey_write_arena(struct work *work, int64_t argument, char *said)
{
	return use_arena(work, argument, &work->written, true, said);
}

int obey_read_arena(struct work *work, int64_t argument, char *said)
{
	return use_arena(work, argument, &work->read, false, said);
}

int obey_write_own(struct work *work, int64_t argument, char *said)
{
	volatile char *fresh = work->hand->host->seat[work->hand->seat].fresh;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = (size_t)argument * MB;

	if (!fresh)
		return ENOMEM;
	if (bytes > TOUCH_BYTES)
		return ERANGE;
	/* code: write-own */
	long faults = own_minor_faults();

	for (size_t i = 0; i < bytes; i += page)
		fresh[i] = 1;
	/* end of code */
	set_result(said, "%lld MB of its own written: %zu pages, %ld minor faults",
		(long long)argument, bytes / page, own_minor_faults() - faults);
	return 0;
}

/* --- the stack --- */

static void stay(const struct work *work)
{
	nsec until = crew_now() + HELD;

	while (crew_now() < until && !told_to_end(work))
		futex_wait(&work->slot->bell, atomic_load(&work->slot->bell), LOOK_EVERY);
}

/* The asm keeps the frame, and the call from becoming a jump. */
static __attribute__((noinline)) void recurse(const struct work *work, uintptr_t from, size_t depth)
{
	/* code: recurse */
	volatile char frame[1024];

	frame[0] = 1;
	if (from - (uintptr_t)frame < depth)
		recurse(work, from, depth);
	/* end of code */
	else
		stay(work);
	__asm__ volatile("" : : "r"(frame) : "memory");
}

int obey_recurse(struct work *work, int64_t argument, char *said)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uint64_t low = atomic_load(&work->slot->stack_low);
	size_t room = low && low + STACK_RESERVE < here ? here - low - STACK_RESERVE : 0;

	if ((size_t)argument * 1024 > room) {
		set_result(said, "its stack has only %zu kB left", room / 1024);
		return ENOMEM;
	}
	long faults = own_minor_faults();

	recurse(work, here, (size_t)argument * 1024);
	set_result(said, "%lld kB deep and back: %ld minor faults", (long long)argument,
		own_minor_faults() - faults);
	return 0;
}

/* --- the neighbour --- */

static int no_neighbour(char *said)
{
	set_result(said, "there is no other worker: it has no neighbour");
	return ESRCH;
}

int obey_write_local(struct work *work, int64_t argument, char *said)
{
	int index = 0;
	const struct board_slot *other = neighbour_of(work, &index);

	if (!other)
		return no_neighbour(said);
	/* code: write-local */
	volatile int64_t *local = (volatile int64_t *)(uintptr_t)atomic_load(&other->local_address);

	if (!local)
		return EFAULT;
	int64_t old = *local;

	*local = SCRIBBLE;
	/* end of code */
	set_result(said, "at %p, the address of w%d's local: %lld became %d",
		(void *)(uintptr_t)local, index, (long long)old, SCRIBBLE);
	return 0;
}

int obey_wild_store(struct work *work, int64_t argument, char *said)
{
	static const char scribble[] = "PWNED";
	int index = 0;
	const struct board_slot *other = neighbour_of(work, &index);

	if (!other)
		return no_neighbour(said);
	/* code: wild-store */
	volatile char *victim = (volatile char *)(uintptr_t)atomic_load(&other->victim_address);

	if (!victim)
		return EFAULT;
	for (size_t i = 0; i < sizeof(scribble); i++)
		victim[i] = scribble[i];
	/* end of code */
	set_result(said, "PWNED stored at %p, the address of w%d's object",
		(void *)(uintptr_t)victim, index);
	return 0;
}

int obey_kernel_store(struct work *work, int64_t argument, char *said)
{
	char scribble[] = "HACKED";
	int index = 0;
	const struct board_slot *other = neighbour_of(work, &index);

	if (!other)
		return no_neighbour(said);
	/* code: kernel-store */
	struct iovec from = { scribble, sizeof(scribble) },
		     to = { (void *)(uintptr_t)atomic_load(&other->victim_address),
			     sizeof(scribble) };
	ssize_t n = process_vm_writev(atomic_load(&other->pid), &from, 1, &to, 1, 0);
	/* end of code */

	if (n < 0) {
		int error = errno;

		set_result(said, "process_vm_writev to w%d: %s", index, strerror(error));
		return error;
	}
	set_result(said, "process_vm_writev: %zd bytes to %p of w%d", n, to.iov_base, index);
	return 0;
}
