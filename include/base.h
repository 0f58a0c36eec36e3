/* SPDX-License-Identifier: MIT
 * What every module stands on: allocation that cannot fail, time, growing arrays and text, numbers
 * in and out, and the one choke point for text that others wrote (safe_text). It has nothing of
 * tasks, of terminals or of /proc.
 */
#ifndef TASKSCOPE_BASE_H
#define TASKSCOPE_BASE_H

/* The C library's own headers come with this one. What talks to the system (unistd.h, fcntl.h,
 * poll.h ...) a file includes itself, so that it shows. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* An integer that could not be read. Every measured integer is an int64_t, and a measured real
 * number is NAN then. */
#define UNKNOWN ((int64_t)-1)

/* The two halves of the screen. In the lab: processes left, threads right. */
enum side { SIDE_LEFT, SIDE_RIGHT, SIDES };

/* What a crew's workers are. */
enum kind { KIND_PROCESSES, KIND_THREADS, KINDS };

/* What the program's exit status says. A signal that ended it: 128 + its number. */
enum exit_code { EXIT_FINE, EXIT_FAILED, EXIT_USAGE, EXIT_TERMINAL, EXIT_CREW };

/* "left" or "right". */
const char *side_name(enum side side);
/* "processes" or "threads". */
const char *kind_name(enum kind kind);

/* "SEGV" of SIGSEGV; NULL of a real-time signal, and of what is none. */
const char *signal_name(int signal);

/* Time: nanoseconds, of CLOCK_MONOTONIC where it is a point in time. */
typedef int64_t nsec;
#define NSEC_PER_SEC INT64_C(1000000000)
#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_USEC INT64_C(1000)

/* CLOCK_MONOTONIC now. Only processes' outermost loops call it (app, crew, worker, live source,
 * prober); everything else is given the time, so that tests and recordings can set it. */
nsec nsec_monotonic(void);

/* The path of `relative` from the folder of our own executable (/proc/self/exe), so that a moved
 * prefix finds its parts. 0, -ENAMETOOLONG, or -errno where the link cannot be read. */
int path_beside(char *path, size_t size, const char *relative);

/* Allocation: never returns NULL. On failure the handler (if set) runs once, then the process ends
 * with status 1 and one line on stderr. base_allocations counts every call of these since start:
 * tests prove with it that a steady state allocates nothing. */
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
uint64_t base_allocations(void);
void base_on_out_of_memory(void (*handler)(void));

/* As write(2), but never waits: -1 with EAGAIN instead. The file may be shared with other programs,
 * so O_NONBLOCK is set for the time of the write only. Async-signal-safe. */
ssize_t write_without_wait(int fd, const char *text, size_t len);
/* Says one line on stderr, "taskscope: " before it; say_text: these bytes. A terminal or a pipe
 * that is not read holds neither up: the rest is dropped after a moment. */
void say_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_text(const char *text, size_t len);

/* Closes a descriptor that is open, and makes it -1. */
void close_fd(int *fd);

/* A number for some bytes, mostly another for others (FNV-1a). seed: any number, or that of the
 * bytes before them. */
uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed);

/* Whether a signal is ignored: by us, or by who started us. */
bool signal_is_ignored(int number);

/* A growing array: struct { VEC(struct thing) things; }. Grows by doubling, never shrinks, so that
 * a steady state does not allocate. vec_push returns a zeroed new element; the pointer is good
 * until the next push. */
#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *at;                                                                          \
		size_t n, room;                                                                    \
	}
#define vec_push(v)                                                                                \
	((v)->n == (v)->room ? vec_grow((void **)&(v)->at, &(v)->room, sizeof((v)->at[0]))         \
			     : (void)0,                                                            \
		memset(&(v)->at[(v)->n], 0, sizeof((v)->at[0])), &(v)->at[(v)->n++])
#define vec_clear(v) ((v)->n = 0)
#define vec_finish(v) (vec_free((void **)&(v)->at, &(v)->n, &(v)->room))
/* for (type *e = ...): vec_each(e, &vec) { } */
#define vec_each(e, v) for (e = (v)->at; e && e < (v)->at + (v)->n; e++)
void vec_grow(void **at, size_t *room, size_t size); /* makes room for more */
void vec_fit(void **at, size_t *room, size_t size, size_t wanted); /* makes room for so many */
void vec_free(void **at, size_t *n, size_t *room);

/* Growing text, always terminated by a NUL that len does not count. { 0 } is an empty buf. */
struct buf {
	char *text;
	size_t len, room;
};
void buf_add(struct buf *buf, const char *text, size_t len);
void buf_adds(struct buf *buf, const char *text);
void buf_add_csv(struct buf *buf, const char *text); /* quoted, as RFC 4180 wants it */
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void buf_reserve(struct buf *buf, size_t len); /* room for len more bytes and the NUL */
void buf_clear(struct buf *buf); /* keeps the memory */
void buf_finish(struct buf *buf);

/* Copies len bytes of foreign text (a task's name, a path in maps, a recording's string) to out, at
 * most size bytes with the NUL, never cutting a character. Every byte that is not valid UTF-8,
 * every control (C0, DEL, C1), every format character (bidi, zero width), every code point that is
 * not assigned and every mark without a character to stand on becomes U+FFFD; variation selectors
 * and more than two marks on one character vanish; newline, tab, NUL and the line separators become
 * a space. The result is printable: wcswidth >= 0 in a UTF-8 locale, and text_width is the same; a
 * second pass changes nothing. Never fails; size 0 writes nothing. Returns the length in bytes.
 * Everything that the kernel or a file says in words passes here before it enters a sample. */
size_t safe_text(char *out, size_t size, const char *text, size_t len);

/* What a function writes whose first arguments are memory and its size, in memory of the block that
 * this stands in, good until that ends: TEXT_OF(format_kb, kb). */
#define TEXT_OF(function, ...) function((char[96]) { 0 }, 96, __VA_ARGS__)
/* Adds to a text in memory of so many bytes; what does not fit is cut. */
void text_addf(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The code point of the character at text, of at most len bytes (len > 0). Returns its length; 0 if
 * it is no valid UTF-8 (cut, overlong, a surrogate, beyond U+10FFFF, a stray byte). */
size_t text_decode(const char *text, size_t len, int32_t *ret_code);
/* The cells a terminal uses for the character that starts at text (valid UTF-8, at most len bytes):
 * 0, 1 or 2; *ret_bytes is its length. Knows the ranges itself, so that it does not hang on the
 * locale. */
int text_char_width(const char *text, size_t len, size_t *ret_bytes);
/* The same summed over a string. */
int text_width(const char *text);
/* The bytes of text that fit in cols cells, broken after a blank if there is one. */
size_t text_wrap(const char *text, int cols);

/* A whole decimal integer within [min, max], nothing before or after it: 0, -EINVAL (not a number)
 * or -ERANGE. */
int parse_integer(const char *text, int64_t min, int64_t max, int64_t *ret);

/* The name among n that is nearest to a mistyped one; NULL if none is near enough to be meant.
 * at(context, i) is the i-th name. */
typedef const char *name_at(const void *context, size_t i);
const char *suggest(const char *typed, name_at *at, const void *context, size_t n);
/* The same of n rows of a table, of so many bytes, that begin with a name. */
const char *suggest_row(const char *typed, const void *rows, size_t row_size, size_t n);

/* The CPUs that we may use, however many there are: a set to be freed with CPU_FREE, and its size
 * for CPU_ISSET_S. NULL: the kernel does not say. */
cpu_set_t *cpus_allowed(size_t *ret_size);
/* The first of them after this one; -1: there is none. */
int cpu_after(int cpu);
/* All of them, ascending, at most n: how many. */
int cpus_list(int32_t *cpus, int n);
#define CPUS_LISTED 8192

/* Numbers as people read them, at most 7 cells wide unless said; all write at most size bytes and
 * return out. Unknown (UNKNOWN or NAN) is "–". */
/* "132 kB", "4.0 MB", "1.2 GB"; up to 8 cells */
char *format_kb(char *out, size_t size, int64_t kb);
char *format_count(char *out, size_t size, int64_t count); /* "12345", "1.23 M" */
/* "2 141 124": every digit, in up to 26 cells */
char *format_exact(char *out, size_t size, int64_t count);
/* "0", "0.4", "12", "26 041", "1.2 M": never "0" when > 0 */
char *format_rate(char *out, size_t size, double per_s);
/* "0.3", "42", "100": no sign; never "0" when > 0: "<0.1" */
char *format_percent(char *out, size_t size, double value);
/* "850 ns", "3.6 µs", "12 ms", "1.5 s", "2:03" */
char *format_ns(char *out, size_t size, nsec duration);
/* three digits, for what is compared: "850 ns", "6.59 µs", "12.3 ms" */
char *format_fine_ns(char *out, size_t size, double ns);

#endif
