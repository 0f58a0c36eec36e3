/* SPDX-License-Identifier: MIT
 * Makes the memory and the file of the experiments, before the first worker exists. They are made in the same order on both
 * sides, so that their addresses compare; written once, so that forked workers share the pages until they write.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define X_NAME "taskscope-X"
#define FILE_NAME "taskscope-file"
#define FILE_BYTES 10240
#define VICTIM "victim: balance=100"

/* Memory between guard pages, so that it merges with no neighbour: a mapping of its own. NULL: there is none. */
static char *map_between_guards(size_t size, int fd)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, size + 2 * page, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	int flags = MAP_PRIVATE | MAP_FIXED | (fd < 0 ? MAP_ANONYMOUS : 0);

	if (mmap(p + page, size, PROT_READ | PROT_WRITE, flags, fd, 0) != MAP_FAILED)
		return p + page;
	munmap(p, size + 2 * page);
	return NULL;
}

/* A private mapping of a memfd: its name shows in every map. */
static struct x *make_x(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create(X_NAME, MFD_CLOEXEC);

	if (fd < 0)
		return NULL;
	struct x *x = ftruncate(fd, (off_t)page) == 0 ? (void *)map_between_guards(page, fd) : NULL;

	close(fd);
	if (x)
		snprintf(x->text, sizeof(x->text), "written by the host");
	return x;
}

/* Every page is written once: it is there when workers are made. Without huge pages, so that one page written is one. */
static const char *make_arena(struct host *host)
{
	struct experiment_memory *memory = &host->memory;
	int64_t wanted = MAX(0, MIN(host->board->arena_mb, ARENA_MB_MAX));
	const int64_t available_kb = proc_number("MemAvailable:", "/proc/meminfo");
	const char *note = "";

	if (available_kb >= 0 && wanted > available_kb / 1024 / 2) {
		wanted = available_kb / 1024 / 2;
		note = "the arena is smaller than wanted: half of the available memory";
	}
	size_t bytes = (size_t)wanted << 20, page = (size_t)sysconf(_SC_PAGESIZE);
	char *arena = bytes ? map_between_guards(bytes, -1) : NULL;

	if (!arena)
		return bytes ? "there is no memory for the arena" : note;
	madvise(arena, bytes, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < bytes; at += page)
		*(volatile char *)(arena + at) = 1;
	memory->arena = arena;
	memory->arena_bytes = bytes;
	return note;
}

int lock_take(pthread_mutex_t *lock)
{
	int error = pthread_mutex_lock(lock);

	return error == EOWNERDEAD ? pthread_mutex_consistent(lock) : error;
}

static struct counter *make_counter(void *memory)
{
	struct counter *counter = memory;

	if (!counter || !lock_create(&counter->lock, true))
		return NULL;
	counter->value = 0;
	atomic_store(&counter->atomic, 0);
	return counter;
}

static int make_file(void)
{
	static const char line[] =
		"The quick brown fox jumps over the lazy dog, 64 bytes a line. \n";
	int fd = memfd_create(FILE_NAME, MFD_CLOEXEC);

	for (int n = 0; fd >= 0 && n < FILE_BYTES; n += (int)sizeof(line) - 1)
		if (write(fd, line, sizeof(line) - 1) < 0)
			break;
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

void experiment_memory_renew_victim(struct host *host, int seat)
{
	if (host->memory.victims)
		snprintf(host->memory.victims[seat], sizeof(host->memory.victims[seat]), VICTIM);
}

const char *experiment_memory_create(struct host *host)
{
	struct experiment_memory *memory = &host->memory;
	struct board *board = host->board;
	void *heap = NULL;

	memory->file = make_file();
	if (!getcwd(memory->home, sizeof(memory->home)))
		memory->home[0] = '\0';
	memory->x = make_x();
	if (posix_memalign(&heap, 128, sizeof(struct counter)) != 0)
		heap = NULL;
	memory->heap = make_counter(heap);
	memory->shared = make_counter(share_memory(sizeof(struct counter)));
	memory->victims = calloc(BOARD_SEATS, sizeof(memory->victims[0]));
	for (int i = 0; i < BOARD_SEATS; i++)
		experiment_memory_renew_victim(host, i);
	const char *note = make_arena(host);

	atomic_store(&board->file, memory->file);
	atomic_store(&board->x_address, (uint64_t)(uintptr_t)memory->x);
	atomic_store(&board->arena_low, (uint64_t)(uintptr_t)memory->arena);
	atomic_store(&board->arena_high, (uint64_t)(uintptr_t)memory->arena + memory->arena_bytes);
	if (memory->heap)
		atomic_store(&board->counter_address, (uint64_t)(uintptr_t)&memory->heap->value);
	if (memory->shared)
		atomic_store(&board->shared_counter_address,
			(uint64_t)(uintptr_t)&memory->shared->value);
	return note;
}
