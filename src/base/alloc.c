/* SPDX-License-Identifier: MIT
 * Memory: what happens when there is none (one handler, one line, the end), how arrays and text
 * grow, and how often anything was allocated.
 */
#include <unistd.h>

#include "base.h"

/* Of the process, as memory itself is: there is one heap, and every process of the program is
 * single-threaded. */
static uint64_t allocations;
static void (*out_of_memory_handler)(void);

uint64_t base_allocations(void)
{
	return allocations;
}

void base_on_out_of_memory(void (*handler)(void))
{
	out_of_memory_handler = handler;
}

static _Noreturn void out_of_memory(void)
{
	static const char line[] = "taskscope: out of memory\n";
	void (*handler)(void) = out_of_memory_handler;

	out_of_memory_handler =
		NULL; /* a handler that allocates must not come back here for ever */
	if (handler)
		handler();
	/* write, not stdio: stdio may want memory */
	say_text(line, sizeof(line) - 1);
	_exit(1);
}

static void *checked(void *p)
{
	allocations++;
	if (!p)
		out_of_memory();
	return p;
}

/* A product that does not fit is as good as no memory; said here, since not every libc or
 * sanitizer returns NULL for it. */
static void check_product(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory();
}

void *xcalloc(size_t n, size_t size)
{
	check_product(n, size);
	/* calloc(0) may return NULL and be right */
	return checked(calloc(MAX(n, (size_t)1), MAX(size, (size_t)1)));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	check_product(n, size);
	return checked(reallocarray(p, MAX(n, (size_t)1), MAX(size, (size_t)1)));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xasprintf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return checked(text);
}

/* Twice the room, at least wanted. */
static size_t grown(size_t room, size_t wanted)
{
	size_t doubled;

	if (__builtin_mul_overflow(room, 2, &doubled))
		out_of_memory();
	return MAX(doubled, wanted);
}

void vec_grow(void **at, size_t *room, size_t size)
{
	vec_fit(at, room, size, grown(*room, 8));
}

void vec_fit(void **at, size_t *room, size_t size, size_t wanted)
{
	void *elements;

	/* at is the address of a pointer to any type: read and written as bytes, or it would
	 * break the aliasing rules */
	memcpy(&elements, at, sizeof(elements));
	*room = wanted;
	elements = xreallocarray(elements, wanted, size);
	memcpy(at, &elements, sizeof(elements));
}

void vec_free(void **at, size_t *n, size_t *room)
{
	void *elements;

	memcpy(&elements, at, sizeof(elements));
	free(elements);
	elements = NULL;
	memcpy(at, &elements, sizeof(elements));
	*n = *room = 0;
}

void buf_reserve(struct buf *buf, size_t len)
{
	size_t wanted;

	if (__builtin_add_overflow(buf->len, len, &wanted) ||
		__builtin_add_overflow(wanted, 1, &wanted))
		out_of_memory();
	if (wanted <= buf->room)
		return;
	buf->room = grown(buf->room, MAX(wanted, (size_t)64));
	buf->text = xreallocarray(buf->text, buf->room, 1);
}

void buf_add(struct buf *buf, const char *text, size_t len)
{
	buf_reserve(buf, len);
	if (len)
		memcpy(buf->text + buf->len, text, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_add_csv(struct buf *buf, const char *text)
{
	buf_add(buf, "\"", 1);
	for (; *text; text++) {
		buf_add(buf, text, 1);
		if (*text == '"')
			buf_add(buf, text, 1);
	}
	buf_add(buf, "\"", 1);
}

void buf_vaddf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	int len;

	buf_reserve(buf, 1);
	va_copy(again, args);
	len = vsnprintf(buf->text + buf->len, buf->room - buf->len, format, args);
	if (len < 0) { /* a format that cannot be printed: nothing is added */
		va_end(again);
		buf->text[buf->len] = '\0';
		return;
	}
	if ((size_t)len >= buf->room - buf->len) {
		buf_reserve(buf, (size_t)len);
		vsnprintf(buf->text + buf->len, buf->room - buf->len, format, again);
	}
	va_end(again);
	buf->len += (size_t)len;
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vaddf(buf, format, args);
	va_end(args);
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->text)
		buf->text[0] = '\0';
}

void buf_finish(struct buf *buf)
{
	free(buf->text);
	*buf = (struct buf) { 0 };
}
