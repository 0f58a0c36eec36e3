/* SPDX-License-Identifier: MIT
 * Knows on which line of the YAML a field stands, and that no key may stand twice. libcyaml tells lines only of what its
 * schema refuses, so this follows the same text by libyaml's events.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "internal.h"

#define DEPTH_MAX 16
#define KEYS_MAX 64

struct level {
	bool mapping;
	bool wants_key;
	int index; /* sequence: of the next entry */
	size_t path; /* length of the path of this level itself */
	struct {
		char name[32];
		int line;
	} keys[KEYS_MAX];
	size_t keys_n;
};

struct walk {
	yaml_parser_t parser;
	struct level levels[DEPTH_MAX];
	int depth;
	char path[128]; /* of the value that comes next */
	const char *wanted;
	int line; /* the nearest to wanted so far */
	size_t nearest;
	char *why;
	size_t why_size;
};

static int refuse(struct walk *walk, int line, const char *why)
{
	walk->line = line;
	snprintf(walk->why, walk->why_size, "%s", why);
	return -EINVAL;
}

/* Remembers the line when the path is the wanted one, or leads to it. */
static void note(struct walk *walk, int line)
{
	size_t len = strlen(walk->path);

	if (!walk->wanted || len < walk->nearest || strncmp(walk->wanted, walk->path, len) != 0)
		return;
	char after = walk->wanted[len];
	if (after == '\0' || after == '.' || after == '[') {
		if (len > walk->nearest || walk->nearest == 0)
			walk->line = line;
		walk->nearest = len;
	}
}

/* The path of what comes next: a field of the level, or an entry. */
static void extend_field(struct walk *walk, size_t base, const char *name)
{
	snprintf(walk->path + base, sizeof(walk->path) - base, "%s%s", base ? "." : "", name);
}

static void extend_entry(struct walk *walk, size_t base, int index)
{
	snprintf(walk->path + base, sizeof(walk->path) - base, "[%d]", index);
}

static int take_key(struct walk *walk, struct level *level, const yaml_event_t *event, int line)
{
	char name[32];

	snprintf(name, sizeof(name), "%s", (const char *)event->data.scalar.value);
	for (size_t i = 0; i < level->keys_n; i++) {
		if (strcmp(level->keys[i].name, name) == 0) {
			char why[100];
			snprintf(why, sizeof(why), "'%s' stands twice here, first on line %d", name,
				level->keys[i].line);
			return refuse(walk, line, why);
		}
	}
	if (level->keys_n < KEYS_MAX) {
		snprintf(level->keys[level->keys_n].name, sizeof(name), "%s", name);
		level->keys[level->keys_n++].line = line;
	}
	extend_field(walk, level->path, name);
	note(walk, line);
	level->wants_key = false;
	return 0;
}

/* A value begins: its path, when it is an entry of a sequence. */
static void enter_value(struct walk *walk, int line)
{
	struct level *level = walk->depth ? &walk->levels[walk->depth - 1] : NULL;

	if (!level)
		return;
	if (!level->mapping)
		extend_entry(walk, level->path, level->index++);
	level->wants_key = true;
	note(walk, line);
}

static int push(struct walk *walk, bool mapping, int line)
{
	if (walk->depth == DEPTH_MAX)
		return refuse(walk, line, "lists and mappings stand too deep in each other");
	struct level *level = &walk->levels[walk->depth++];
	level->mapping = level->wants_key = mapping;
	level->index = 0;
	level->keys_n = 0;
	level->path = strlen(walk->path);
	return 0;
}

static int take_event(struct walk *walk, const yaml_event_t *event)
{
	int line = (int)event->start_mark.line + 1;
	struct level *level = walk->depth ? &walk->levels[walk->depth - 1] : NULL;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		if (level && level->mapping && level->wants_key)
			return take_key(walk, level, event, line);
		enter_value(walk, line);
		return 0;
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		if (level && level->mapping && level->wants_key)
			return refuse(walk, line, "a name of a field is wanted here");
		enter_value(walk, line);
		return push(walk, event->type == YAML_MAPPING_START_EVENT, line);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		if (walk->depth)
			walk->depth--;
		return 0;
	case YAML_ALIAS_EVENT:
		return refuse(walk, line, "aliases (*name) are not used in scenes");
	default:
		return 0;
	}
}

/* What libyaml found wrong, in one clause. */
static int tell_problem(struct walk *walk)
{
	const yaml_parser_t *parser = &walk->parser;
	char why[160];

	if (parser->error == YAML_READER_ERROR) {
		int line = 1;
		for (size_t i = 0; i < parser->problem_offset && walk->wanted == NULL; i++)
			line += parser->input.string.start[i] == '\n';
		snprintf(why, sizeof(why), "this is not text in UTF-8 (%s)", parser->problem);
		return refuse(walk, line, why);
	}
	snprintf(why, sizeof(why), "this is not YAML: %s",
		parser->problem ? parser->problem : "no memory");
	return refuse(walk, (int)parser->problem_mark.line + 1, why);
}

static int follow(struct walk *walk)
{
	bool over = false;
	int error = 0;

	while (!over && error == 0) {
		yaml_event_t event;
		if (!yaml_parser_parse(&walk->parser, &event))
			return tell_problem(walk);
		error = take_event(walk, &event);
		over = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return error;
}

static int walk_text(struct walk *walk, const char *text, size_t len)
{
	int error;

	if (!yaml_parser_initialize(&walk->parser))
		return refuse(walk, 1, "no memory");
	yaml_parser_set_encoding(&walk->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&walk->parser, (const unsigned char *)text, len);
	error = follow(walk);
	yaml_parser_delete(&walk->parser);
	return error;
}

int lines_check(const char *text, size_t len, int *ret_line, char *why, size_t why_size)
{
	struct walk *walk = xcalloc(1, sizeof(*walk));
	int error;

	walk->why = why;
	walk->why_size = why_size;
	error = walk_text(walk, text, len);
	if (error)
		*ret_line = walk->line;
	free(walk);
	return error;
}

int lines_find(const char *text, size_t len, const char *path)
{
	struct walk *walk = xcalloc(1, sizeof(*walk));
	char why[160];
	int line;

	walk->wanted = path;
	walk->line = 1;
	walk->why = why;
	walk->why_size = sizeof(why);
	walk_text(walk, text, len);
	line = walk->line;
	free(walk);
	return line;
}
