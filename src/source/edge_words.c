/* SPDX-License-Identifier: MIT
 * Tells from the numbers of a futex call and the memory around its word what it waits for, and who is named there. A word is
 * a mutex only if all that is around it says so: of a rwlock, a condition variable, a semaphore and of locks that are not
 * known nobody is named.
 */
#include "edges.h"

#include <linux/futex.h>

/* --- mutexes as two libraries have them; pthread.h shows none of this --- */

/* glibc, in words from that of the futex: 0 lock, 2 owner, 4 kind. */
enum { GLIBC_OWNER = 2, GLIBC_KIND = 4 };
#define GLIBC_ROBUST 16u
#define GLIBC_PI 32u
#define GLIBC_KINDS (3u | GLIBC_ROBUST | GLIBC_PI | 64u | 128u | 256u | 512u)
#define GLIBC_CONTENDED 2u /* the word of a mutex that somebody waits for */

/* musl: the type stands before the word, the number of those who wait behind it. A normal one holds no TID. */
enum { MUSL_WAITERS = 1 };
#define MUSL_TYPES (3u | 4u | 8u | 128u)
#define MUSL_OWNED 15u

static bool is_glibc(const struct edge_words *words)
{
	return words->n > GLIBC_KIND && !(words->at[GLIBC_KIND] & ~GLIBC_KINDS);
}

static uint32_t tid_of(uint32_t word)
{
	return word & FUTEX_TID_MASK;
}

static bool guess_robust(const struct edge_words *words, struct edge_guess *guess)
{
	const uint32_t word = words->at[0];

	if (!is_glibc(words) || !(words->at[GLIBC_KIND] & GLIBC_ROBUST) ||
		!(word & FUTEX_WAITERS) || words->at[GLIBC_OWNER] != tid_of(word))
		return false;
	guess->kind = EDGE_ROBUST;
	guess->tid = (int32_t)tid_of(word);
	return true;
}

static bool guess_normal(const struct edge_words *words, struct edge_guess *guess)
{
	if (!is_glibc(words) || words->at[0] != GLIBC_CONTENDED ||
		words->at[GLIBC_KIND] & (GLIBC_ROBUST | GLIBC_PI) || !words->at[GLIBC_OWNER] ||
		words->at[GLIBC_OWNER] > FUTEX_TID_MASK)
		return false;
	guess->kind = EDGE_MUTEX;
	if (guess->timed)
		guess->why = EDGE_TIMED;
	else
		guess->tid = (int32_t)words->at[GLIBC_OWNER];
	return true;
}

static bool guess_musl(const struct edge_words *words, struct edge_guess *guess)
{
	const uint32_t word = words->at[0], type = words->before;

	if (words->n <= MUSL_WAITERS || type & ~MUSL_TYPES || !(type & MUSL_OWNED) ||
		!(word & FUTEX_WAITERS) || !words->at[MUSL_WAITERS] ||
		words->at[MUSL_WAITERS] > INT16_MAX)
		return false;
	guess->kind = type & 4 ? EDGE_ROBUST : EDGE_MUTEX;
	guess->tid = (int32_t)tid_of(word);
	return true;
}

/* The kernel clears the word when the thread is gone, and wakes by an operation that is not private. */
static bool guess_join(const struct edge_words *words, struct edge_guess *guess)
{
	if (!words->thread_block || words->at[0] > FUTEX_TID_MASK || !words->at[0])
		return false;
	guess->kind = EDGE_JOIN;
	guess->tid = (int32_t)words->at[0];
	return true;
}

struct edge_guess edge_guess_futex(
	const struct syscall_fields *call, const struct edge_words *words)
{
	const unsigned operation = (unsigned)call->argument[1],
		       way = operation & (unsigned)FUTEX_CMD_MASK;
	struct edge_guess guess = {
		.kind = EDGE_FUTEX, .why = EDGE_NO_OWNER, .timed = call->argument[3] != 0
	};

	if (!words->n) {
		guess.why = EDGE_REFUSED;
	} else if (way == FUTEX_LOCK_PI || way == FUTEX_LOCK_PI2) {
		guess.kind = EDGE_PI;
		guess.tid = (int32_t)tid_of(words->at[0]);
	} else if (way == FUTEX_WAIT || way == FUTEX_WAIT_BITSET) {
		/* The word that it saw when it began to wait: another one wakes it soon. */
		if (words->at[0] != (uint32_t)call->argument[2])
			guess.why = EDGE_CHANGED;
		else
			(void)(guess_robust(words, &guess) || guess_normal(words, &guess) ||
				guess_musl(words, &guess) ||
				(!(operation & FUTEX_PRIVATE_FLAG) && guess_join(words, &guess)));
	}
	if (guess.tid)
		guess.why = EDGE_NAMED;
	return guess;
}

/* --- text --- */

/* Whether a digit follows. The text need not end in NUL, so libc's functions are not for it. */
static bool skip_blanks(const char **at, const char *end)
{
	while (*at < end && (**at == ' ' || **at == '\t'))
		(*at)++;
	return *at < end && **at >= '0' && **at <= '9';
}

static int64_t take_digits(const char **at, const char *end)
{
	int64_t number = 0;

	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
		number = number > (INT64_MAX - 9) / 10 ? INT64_MAX : number * 10 + **at - '0';
	return number;
}

int64_t edge_number(const char *text, size_t len, const char *key, int *ret_n)
{
	const size_t key_len = strlen(key);
	int64_t number = UNKNOWN;
	int n = 0;

	for (const char *line = text, *end; line < text + len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + len - line));
		if (!end)
			break;
		if ((size_t)(end - line) <= key_len || memcmp(line, key, key_len) != 0 ||
			line[key_len] != ':')
			continue;
		for (const char *at = line + key_len + 1; skip_blanks(&at, end);) {
			number = take_digits(&at, end);
			n++;
		}
		break;
	}
	if (ret_n)
		*ret_n = n;
	return number;
}

/* "3: -> FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF": who waits, below who has it. */
static bool parse_lock(const char *line, bool *ret_waits, int32_t *ret_pid, uint64_t *ret_inode)
{
	const char *at = strchr(line, ':');
	int pid;
	unsigned long long inode;

	if (!at)
		return false;
	at += 1 + strspn(at + 1, " ");
	*ret_waits = strncmp(at, "->", 2) == 0;
	if (*ret_waits)
		at += 2;
	if (sscanf(at, " %*s %*s %*s %d %*x:%*x:%llu", &pid, &inode) != 2)
		return false;
	*ret_pid = pid;
	*ret_inode = inode;
	return true;
}

int32_t edge_find_locker(
	const char *text, size_t len, int32_t waiter, uint64_t inode, bool *ret_of_file)
{
	int32_t holder = 0, pid;
	uint64_t of;
	bool waits;

	for (const char *line = text, *end; line < text + len; line = end + 1) {
		char copy[160];

		end = memchr(line, '\n', (size_t)(text + len - line));
		if (!end)
			break;
		snprintf(copy, sizeof(copy), "%.*s", (int)(end - line), line);
		if (!parse_lock(copy, &waits, &pid, &of))
			continue;
		if (!waits) {
			holder = pid;
		} else if (pid == waiter && of == inode) {
			*ret_of_file = strstr(copy, " FLOCK ");
			return MAX(holder, 0);
		}
	}
	return 0;
}
