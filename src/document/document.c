/* SPDX-License-Identifier: MIT
 * Tells mistakes with the line of the value, and frees what was read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

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
