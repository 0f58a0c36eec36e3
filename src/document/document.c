/* SPDX-License-Identifier: MIT
 * Loads a file, tells mistakes with the line of the value, and frees what was read.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

/* --- files --- */

static int load(int fd, size_t limit, struct buf *text)
{
	struct stat about;
	char piece[16384];
	ssize_t n = 0;

	if (fstat(fd, &about) != 0)
		return -errno;
	if (S_ISDIR(about.st_mode))
		return -EISDIR;
	if (!S_ISREG(about.st_mode))
		return -EINVAL;
	while (text->len <= limit && (n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(text, piece, (size_t)n);
	if (n < 0)
		return -errno;
	return text->len > limit ? -EFBIG : 0;
}

int document_load(const char *file, size_t limit, struct buf *text)
{
	struct stat about;
	/* Not to wait for somebody to write into a FIFO of that name. */
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && errno == EACCES && stat(file, &about) != 0)
		return -ENOENT;
	if (fd < 0)
		return -errno;
	int error = load(fd, limit, text);
	close(fd);
	return error;
}

const char *document_why(int error)
{
	if (error == -EINVAL)
		return "not a file";
	return error == -EFBIG ? "it is too large" : strerror(-error);
}

/* --- mistakes --- */

void document_complain(struct document *document, int line, const char *path, const char *why)
{
	char shown[400];

	safe_text(shown, sizeof(shown), why, strlen(why));
	buf_addf(document->errors, "%s:%d: %s%s%s\n", document->file, line, path ? path : "",
		path && *path ? ": " : "", shown);
	document->wrong = true;
}

__attribute__((format(printf, 4, 0))) static void tell(
	struct document *document, const void *at, bool whole, const char *format, va_list args)
{
	const struct document_mark *mark, *found = NULL;
	char why[400];

	vsnprintf(why, sizeof(why), format, args);
	vec_each (mark, &document->marks) {
		if (mark->at == at && mark->whole == whole)
			found = mark;
	}
	document_complain(document, found ? found->line : 1, found ? found->path : NULL, why);
}

void document_tell(struct document *document, const void *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(document, at, false, format, args);
	va_end(args);
}

void document_tell_whole(struct document *document, const void *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(document, at, true, format, args);
	va_end(args);
}

void document_finish(struct document *document)
{
	vec_finish(&document->marks);
}

/* --- freeing --- */

size_t document_entry_size(const struct document_key *key)
{
	switch (key->type) {
	case DOCUMENT_TEXTS:
		return key->size ? key->size : sizeof(char *);
	case DOCUMENT_INTEGERS:
		return sizeof(int);
	default:
		return key->of->size;
	}
}

static void free_members(char *record, const struct document_mapping *mapping);

static void free_list(char *record, const struct document_key *key)
{
	char *entries = *(char **)(record + key->offset);
	size_t size = document_entry_size(key);

	for (unsigned i = 0; i < *(unsigned *)(record + key->count); i++) {
		if (key->type == DOCUMENT_MAPPINGS)
			free_members(entries + i * size, key->of);
		else if (key->type == DOCUMENT_TEXTS)
			free(*(char **)(entries + i * size));
	}
	free(entries);
}

static void free_members(char *record, const struct document_mapping *mapping)
{
	for (size_t i = 0; i < mapping->n; i++) {
		const struct document_key *key = &mapping->keys[i];

		if (key->type == DOCUMENT_TEXT || key->type == DOCUMENT_MAYBE)
			free(*(void **)(record + key->offset));
		else if (key->type == DOCUMENT_MAPPING)
			document_destroy(*(void **)(record + key->offset), key->of);
		else if (key->type >= DOCUMENT_TEXTS)
			free_list(record, key);
	}
}

void document_destroy(void *record, const struct document_mapping *mapping)
{
	if (!record)
		return;
	free_members(record, mapping);
	free(record);
}
