/* SPDX-License-Identifier: MIT
 * Reads YAML event by event, each value as the table of its mapping wants it. What is wrong is told and passed over, so
 * that all mistakes of a file are told at once.
 */
#include <yaml.h>

#include "internal.h"

#define SKIP_DEPTH 16

struct reader {
	struct document *document;
	yaml_parser_t parser;
	yaml_event_t event; /* the next one, not taken yet */
	const char *text;
	void *context; /* of the checks */
	char path[sizeof(((struct document_mark *)NULL)->path)];
	bool over; /* the text can be read no further: all that comes is its end */
};

/* --- mistakes --- */

static void tell_at(struct reader *reader, int line, const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void tell_at(struct reader *reader, int line, const char *path, const char *format, ...)
{
	char why[400];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	document_complain(reader->document, line, path, why);
}

/* What libyaml found wrong. */
static void tell_problem(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	const char *problem = parser->problem ? parser->problem : "no memory";
	int line = 1;

	if (parser->error != YAML_READER_ERROR) {
		tell_at(reader, (int)parser->problem_mark.line + 1, NULL,
			"this is not YAML: %s at column %zu", problem,
			parser->problem_mark.column + 1);
		return;
	}
	for (size_t i = 0; i < parser->problem_offset; i++)
		line += reader->text[i] == '\n';
	tell_at(reader, line, NULL, "this is not text in UTF-8 (%s)", problem);
}

/* --- events --- */

static void advance(struct reader *reader)
{
	if (reader->over)
		return;
	yaml_event_delete(&reader->event);
	reader->over = !yaml_parser_parse(&reader->parser, &reader->event);
	if (reader->over) {
		tell_problem(reader);
		reader->event = (yaml_event_t) { .type = YAML_STREAM_END_EVENT };
	}
	if (reader->event.type == YAML_STREAM_END_EVENT)
		reader->over = true;
}

static int line_of(const struct reader *reader)
{
	return (int)reader->event.start_mark.line + 1;
}

static bool is_start(const struct reader *reader)
{
	return reader->event.type == YAML_MAPPING_START_EVENT ||
	       reader->event.type == YAML_SEQUENCE_START_EVENT;
}

static bool is_end(const struct reader *reader)
{
	return reader->over || reader->event.type == YAML_MAPPING_END_EVENT ||
	       reader->event.type == YAML_SEQUENCE_END_EVENT;
}

/* Passes over the value that comes, with all that is in it. libyaml takes ever longer the deeper it stands. */
static void skip(struct reader *reader)
{
	int depth = 0;

	do {
		if (reader->event.type == YAML_ALIAS_EVENT)
			tell_at(reader, line_of(reader), NULL, "aliases (*name) are not used here");
		depth += is_start(reader) - is_end(reader);
		if (depth <= SKIP_DEPTH) {
			advance(reader);
			continue;
		}
		tell_at(reader, line_of(reader), NULL,
			"lists and mappings stand too deep in each other");
		reader->over = true;
	} while (depth > 0 && !reader->over);
}

static const char *scalar(const struct reader *reader)
{
	return (const char *)reader->event.data.scalar.value;
}

/* --- paths and marks --- */

static size_t enter(struct reader *reader, const char *key)
{
	size_t len = strlen(reader->path);

	text_addf(reader->path, sizeof(reader->path), "%s%s", len ? "." : "", key);
	return len;
}

static size_t enter_entry(struct reader *reader, unsigned i)
{
	size_t len = strlen(reader->path);

	text_addf(reader->path, sizeof(reader->path), "[%u]", i);
	return len;
}

static void leave(struct reader *reader, size_t len)
{
	reader->path[len] = '\0';
}

static void mark(struct reader *reader, const void *at, bool whole, int line)
{
	struct document_mark *place = vec_push(&reader->document->marks);

	*place = (struct document_mark) { .at = at, .whole = whole, .line = line };
	memcpy(place->path, reader->path, sizeof(place->path));
}

/* --- values: what comes next, at the line of its key; all return without having read it when it is of the wrong kind --- */

static const char *kind_of_event(const struct reader *reader)
{
	switch (reader->event.type) {
	case YAML_MAPPING_START_EVENT:
		return "a mapping of fields";
	case YAML_SEQUENCE_START_EVENT:
		return "a list";
	default:
		return "text";
	}
}

/* Whether what comes is of this kind. If not it is told and passed over. */
static bool expect(struct reader *reader, yaml_event_type_t type, const char *kind, int line)
{
	const char *path = reader->path[0] ? reader->path : "the file";

	if (reader->event.type == type)
		return true;
	if (reader->event.type == YAML_STREAM_END_EVENT)
		return false;
	if (reader->event.type != YAML_ALIAS_EVENT)
		tell_at(reader, line, path, "%s is wanted here, not %s", kind,
			kind_of_event(reader));
	skip(reader);
	return false;
}

static bool is_text_right(
	struct reader *reader, const struct document_key *key, const char *text, int line)
{
	int width = text_width(text);
	char why[300] = "";

	if (!text[0])
		tell_at(reader, line, reader->path, "is empty");
	else if (strnlen(text, DOCUMENT_TEXT_MAX + 1) > DOCUMENT_TEXT_MAX)
		tell_at(reader, line, reader->path, "is longer than %d bytes", DOCUMENT_TEXT_MAX);
	else if (key->columns && width > key->columns)
		tell_at(reader, line, reader->path, "%d columns, and at most %d fit", width,
			key->columns);
	else if (key->check && !key->check(reader->context, text, why, sizeof(why)))
		tell_at(reader, line, reader->path, "%s", why);
	else
		return true;
	return false;
}

static void read_text(struct reader *reader, const struct document_key *key, void *at, int line)
{
	if (!expect(reader, YAML_SCALAR_EVENT, "text", line))
		return;
	mark(reader, at, false, line);
	if (is_text_right(reader, key, scalar(reader), line))
		*(char **)at = xstrdup(scalar(reader));
	advance(reader);
}

static bool read_integer(
	struct reader *reader, const struct document_key *key, int64_t *ret, int line)
{
	bool any = key->min == 0 && key->max == 0;
	int64_t min = any ? INT32_MIN : key->min, max = any ? INT32_MAX : key->max;
	char shown[60];
	int error;

	if (!expect(reader, YAML_SCALAR_EVENT, "a whole number", line))
		return false;
	safe_text(shown, sizeof(shown), scalar(reader), strlen(scalar(reader)));
	error = parse_integer(scalar(reader), min, max, ret);
	if (error == -ERANGE)
		tell_at(reader, line, reader->path, "%s is not within %lld and %lld", shown,
			(long long)min, (long long)max);
	else if (error)
		tell_at(reader, line, reader->path, "'%s' is not a whole number", shown);
	advance(reader);
	return !error;
}

static void read_int(struct reader *reader, const struct document_key *key, void *at, int line)
{
	int64_t number;

	mark(reader, at, false, line);
	if (read_integer(reader, key, &number, line))
		*(int *)at = (int)number;
}

static void read_maybe(struct reader *reader, const struct document_key *key, void *at, int line)
{
	int64_t number;

	mark(reader, at, false, line);
	if (!read_integer(reader, key, &number, line))
		return;
	int64_t *kept = xcalloc(1, sizeof(*kept));
	*kept = number;
	*(int64_t **)at = kept;
}

static void read_truth(struct reader *reader, const struct document_key *key, void *at, int line)
{
	char shown[60];

	if (!expect(reader, YAML_SCALAR_EVENT, "true or false", line))
		return;
	mark(reader, at, false, line);
	safe_text(shown, sizeof(shown), scalar(reader), strlen(scalar(reader)));
	*(bool *)at = strcmp(shown, "true") == 0;
	if (!*(bool *)at && strcmp(shown, "false") != 0)
		tell_at(reader, line, reader->path, "'%s' is not true or false", shown);
	advance(reader);
}

/* --- mappings --- */

static void read_value(
	struct reader *reader, const struct document_key *key, char *record, int line);

static void tell_unknown_key(
	struct reader *reader, const struct document_mapping *mapping, const char *name)
{
	const char *nearest =
		suggest_row(name, mapping->keys, sizeof(mapping->keys[0]), mapping->n);
	struct buf known = { 0 };

	if (nearest) {
		tell_at(reader, line_of(reader), NULL,
			"there is no field '%s' here; did you mean '%s'?", name, nearest);
		return;
	}
	for (size_t i = 0; i < mapping->n; i++) {
		const char *between = i + 1 == mapping->n ? " and " : ", ";
		buf_addf(&known, "%s%s", i ? between : "", mapping->keys[i].name);
	}
	tell_at(reader, line_of(reader), NULL, "there is no field '%s' here; there are %s", name,
		known.text);
	buf_finish(&known);
}

/* Takes the key and its value. seen: the line of each key that was there, 0: none. */
static void read_key(
	struct reader *reader, const struct document_mapping *mapping, char *record, int *seen)
{
	int line = line_of(reader);
	char name[60];
	size_t i = 0, len;

	if (reader->event.type != YAML_SCALAR_EVENT) {
		tell_at(reader, line, NULL, "a name of a field is wanted here");
		skip(reader);
		skip(reader);
		return;
	}
	safe_text(name, sizeof(name), scalar(reader), strlen(scalar(reader)));
	while (i < mapping->n && strcmp(mapping->keys[i].name, name) != 0)
		i++;
	if (i == mapping->n)
		tell_unknown_key(reader, mapping, name);
	else if (seen[i])
		tell_at(reader, line, NULL, "'%s' stands twice here, first on line %d", name,
			seen[i]);
	advance(reader);
	if (i == mapping->n || seen[i]) {
		skip(reader);
		return;
	}
	seen[i] = line;
	len = enter(reader, name);
	read_value(reader, &mapping->keys[i], record, line);
	leave(reader, len);
}

static void read_mapping(
	struct reader *reader, const struct document_mapping *mapping, char *record, int line)
{
	int seen[DOCUMENT_KEYS_MAX] = { 0 };

	mark(reader, record, true, line);
	advance(reader);
	while (!is_end(reader))
		read_key(reader, mapping, record, seen);
	for (size_t i = 0; i < mapping->n && !reader->over; i++)
		if (mapping->keys[i].required && !seen[i])
			tell_at(reader, line, NULL, "the field '%s' is missing%s%s",
				mapping->keys[i].name, reader->path[0] ? " in " : "", reader->path);
	advance(reader);
}

static void read_record(
	struct reader *reader, const struct document_mapping *mapping, void *at, int line)
{
	if (!expect(reader, YAML_MAPPING_START_EVENT, "a mapping of fields", line))
		return;
	char *record = xcalloc(1, mapping->size);
	*(void **)at = record;
	read_mapping(reader, mapping, record, line);
}

/* --- lists --- */

static void read_entry(struct reader *reader, const struct document_key *key, char *at)
{
	int line = line_of(reader);

	if (key->type == DOCUMENT_TEXTS)
		read_text(reader, key, at, line);
	else if (key->type == DOCUMENT_INTEGERS)
		read_int(reader, key, at, line);
	else if (expect(reader, YAML_MAPPING_START_EVENT, "a mapping of fields", line))
		read_mapping(reader, key->of, at, line);
}

/* Its entries stay where they are from the start, since marks point to them. */
static void read_list(struct reader *reader, const struct document_key *key, char *record, int line)
{
	size_t size = document_entry_size(key);
	unsigned *n = (unsigned *)(record + key->count);

	if (!expect(reader, YAML_SEQUENCE_START_EVENT, "a list", line))
		return;
	char *entries = xcalloc(key->most, size);
	*(char **)(record + key->offset) = entries;
	mark(reader, record + key->offset, false, line);
	advance(reader);
	for (; !is_end(reader) && *n < key->most; ++*n) {
		size_t len = enter_entry(reader, *n);
		read_entry(reader, key, entries + *n * size);
		leave(reader, len);
	}
	if (!is_end(reader))
		tell_at(reader, line_of(reader), reader->path, "at most %u fit in the list",
			key->most);
	while (!is_end(reader))
		skip(reader);
	if (*n < key->least && !reader->over)
		tell_at(reader, line, reader->path, "at least %u is wanted in the list",
			key->least);
	advance(reader);
}

static void read_value(
	struct reader *reader, const struct document_key *key, char *record, int line)
{
	void *at = record + key->offset;

	switch (key->type) {
	case DOCUMENT_TEXT:
		read_text(reader, key, at, line);
		break;
	case DOCUMENT_INTEGER:
		read_int(reader, key, at, line);
		break;
	case DOCUMENT_MAYBE:
		read_maybe(reader, key, at, line);
		break;
	case DOCUMENT_TRUTH:
		read_truth(reader, key, at, line);
		break;
	case DOCUMENT_MAPPING:
		read_record(reader, key->of, at, line);
		break;
	default:
		read_list(reader, key, record, line);
	}
}

/* --- all of it --- */

static void read_document(struct reader *reader, const struct document_mapping *mapping, void **ret)
{
	while (!reader->over && (reader->event.type == YAML_NO_EVENT ||
					reader->event.type == YAML_STREAM_START_EVENT ||
					reader->event.type == YAML_DOCUMENT_START_EVENT))
		advance(reader);
	if (reader->over && !reader->document->wrong)
		tell_at(reader, 1, NULL, "the file is empty");
	if (reader->over)
		return;
	read_record(reader, mapping, ret, 1);
	advance(reader); /* the end of the document */
	if (!reader->over)
		tell_at(reader, line_of(reader), NULL,
			"a second document begins here: one is wanted");
}

bool document_read(struct document *document, const struct document_mapping *mapping,
	const char *text, size_t len, void *context, void **ret)
{
	struct reader reader = { .document = document, .text = text, .context = context };
	void *record = NULL;

	if (!yaml_parser_initialize(&reader.parser)) {
		document_complain(document, 1, NULL, "no memory");
		return false;
	}
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, len);
	read_document(&reader, mapping, &record);
	yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	if (!document->wrong && record) {
		*ret = record;
		return true;
	}
	document_destroy(record, mapping);
	return false;
}
