/* SPDX-License-Identifier: MIT
 * Knows libcyaml: the schema of a scene, and how its complaints become one clause with a line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cyaml/cyaml.h>

#include "internal.h"

#define NEED CYAML_FLAG_DEFAULT
#define MAY CYAML_FLAG_OPTIONAL
#define TEXT_MAX SCENE_TEXT_MAX

#define FIELD_TEXT(key, flags, structure, member)                                                  \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | (flags), structure, member, 1, TEXT_MAX)
#define FIELD_INT(key, flags, structure, member) CYAML_FIELD_INT(key, flags, structure, member)
#define FIELD_INT_PTR(key, structure, member)                                                      \
	CYAML_FIELD_INT_PTR(key, CYAML_FLAG_POINTER | MAY, structure, member)
#define FIELD_ONE(key, flags, structure, member, fields)                                           \
	CYAML_FIELD_MAPPING_PTR(key, CYAML_FLAG_POINTER | (flags), structure, member, fields)
#define FIELD_LIST(key, flags, structure, member, entry, min, max)                                 \
	CYAML_FIELD_SEQUENCE_COUNT(                                                                \
		key, CYAML_FLAG_POINTER | (flags), structure, member, member##_n, entry, min, max)
#define ENTRY(structure, fields)                                                                   \
	{                                                                                          \
		CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, structure, fields)                         \
	}

static const cyaml_schema_value_t text_entry = { CYAML_VALUE_STRING(
	CYAML_FLAG_POINTER, char *, 1, TEXT_MAX) };
static const cyaml_schema_value_t int_entry = { CYAML_VALUE_INT(CYAML_FLAG_DEFAULT, int) };

/* libcyaml's own type takes any word for true. */
static const cyaml_strval_t yes_no[] = { { "true", true }, { "false", false } };

static const cyaml_schema_field_t crew_fields[] = {
	FIELD_TEXT("kind", MAY, struct scene_crew, kind),
	FIELD_INT("workers", NEED, struct scene_crew, workers),
	FIELD_TEXT("job", MAY, struct scene_crew, job),
	FIELD_INT_PTR("cpu", struct scene_crew, cpu),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t setup_fields[] = {
	FIELD_ONE("left", NEED, struct scene_setup, left, crew_fields),
	FIELD_ONE("right", NEED, struct scene_setup, right, crew_fields),
	FIELD_INT("arena_mb", MAY, struct scene_setup, arena_mb),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t named_fields[] = {
	FIELD_TEXT("name", NEED, struct scene_named, name),
	FIELD_TEXT("is", NEED, struct scene_named, is),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t named_entry = ENTRY(struct scene_named, named_fields);

static const cyaml_schema_field_t step_fields[] = {
	FIELD_TEXT("order", MAY, struct scene_step, order),
	FIELD_TEXT("verb", MAY, struct scene_step, verb),
	FIELD_TEXT("duel", MAY, struct scene_step, duel),
	FIELD_TEXT("method", MAY, struct scene_step, method),
	FIELD_TEXT("side", MAY, struct scene_step, side),
	FIELD_TEXT("worker", MAY, struct scene_step, worker),
	FIELD_INT_PTR("argument", struct scene_step, argument),
	FIELD_TEXT("job", MAY, struct scene_step, job),
	FIELD_TEXT("signal", MAY, struct scene_step, signal),
	FIELD_TEXT("to", MAY, struct scene_step, to),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t step_entry = ENTRY(struct scene_step, step_fields);

static const cyaml_schema_field_t big_fields[] = {
	FIELD_TEXT("value", NEED, struct scene_big, value),
	FIELD_TEXT("label", NEED, struct scene_big, label),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t kill_fields[] = {
	FIELD_TEXT("wrong", NEED, struct scene_kill, wrong),
	FIELD_TEXT("if", NEED, struct scene_kill, condition),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t kill_entry = ENTRY(struct scene_kill, kill_fields);

static const cyaml_schema_field_t action_fields[] = {
	FIELD_TEXT("key", NEED, struct scene_action, key),
	FIELD_TEXT("label", NEED, struct scene_action, label),
	FIELD_LIST("steps", NEED, struct scene_action, steps, &step_entry, 0, 16),
	FIELD_TEXT("until", MAY, struct scene_action, until),
	FIELD_INT("wait_ms", MAY, struct scene_action, wait_ms),
	FIELD_LIST("after", NEED, struct scene_action, after, &text_entry, 1, 8),
	FIELD_ONE("big", MAY, struct scene_action, big, big_fields),
	FIELD_TEXT("punch", MAY, struct scene_action, punch),
	FIELD_LIST("kills", MAY, struct scene_action, kills, &kill_entry, 0, SCENE_KILLS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t action_entry = ENTRY(struct scene_action, action_fields);

static const cyaml_schema_field_t verdict_fields[] = {
	FIELD_INT("claim", NEED, struct scene_verdict, claim),
	FIELD_TEXT("action", MAY, struct scene_verdict, action),
	FIELD_TEXT("if", NEED, struct scene_verdict, condition),
	FIELD_TEXT("holds", NEED, struct scene_verdict, holds),
	FIELD_TEXT("fails", NEED, struct scene_verdict, fails),
	FIELD_TEXT("unknown", MAY, struct scene_verdict, unknown),
	CYAML_FIELD_ENUM("limits", MAY | CYAML_FLAG_STRICT, struct scene_verdict, limits, yes_no,
		ARRAY_LEN(yes_no)),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t verdict_entry = ENTRY(struct scene_verdict, verdict_fields);

static const cyaml_schema_field_t option_fields[] = {
	FIELD_TEXT("text", NEED, struct scene_option, text),
	FIELD_TEXT("if", NEED, struct scene_option, condition),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t option_entry = ENTRY(struct scene_option, option_fields);

static const cyaml_schema_field_t question_fields[] = {
	FIELD_INT("id", NEED, struct scene_question, id),
	FIELD_INT("level", NEED, struct scene_question, level),
	FIELD_LIST("claims", NEED, struct scene_question, claims, &int_entry, 1, CLAIMS),
	FIELD_TEXT("question", NEED, struct scene_question, question),
	FIELD_TEXT("action", MAY, struct scene_question, action),
	FIELD_LIST("options", NEED, struct scene_question, options, &option_entry, 2,
		SCENE_OPTIONS_MAX),
	FIELD_TEXT("explain", NEED, struct scene_question, explain),
	FIELD_TEXT("interview", NEED, struct scene_question, interview),
	FIELD_TEXT("trap", NEED, struct scene_question, trap),
	FIELD_TEXT("source", NEED, struct scene_question, source),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t question_entry = ENTRY(struct scene_question, question_fields);

static const cyaml_schema_field_t tour_fields[] = {
	FIELD_INT("stop", MAY, struct scene_tour, stop),
	FIELD_INT("clip", MAY, struct scene_tour, clip),
	FIELD_INT("dwell_s", NEED, struct scene_tour, dwell_s),
	FIELD_TEXT("say", NEED, struct scene_tour, say),
	FIELD_TEXT("look", NEED, struct scene_tour, look),
	FIELD_LIST("press", NEED, struct scene_tour, press, &text_entry, 1, 8),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t scene_fields[] = {
	FIELD_TEXT("name", NEED, struct scene, name),
	FIELD_INT("number", NEED, struct scene, number),
	FIELD_TEXT("title", NEED, struct scene, title),
	FIELD_LIST("claims", NEED, struct scene, claims, &int_entry, 1, CLAIMS),
	FIELD_TEXT("question", NEED, struct scene, question),
	FIELD_ONE("setup", NEED, struct scene, setup, setup_fields),
	FIELD_TEXT("view", MAY, struct scene, view),
	FIELD_LIST("panes", MAY, struct scene, panes, &text_entry, 0, 4),
	FIELD_LIST("before", NEED, struct scene, before, &text_entry, 1, 8),
	FIELD_LIST("values", MAY, struct scene, values, &named_entry, 0, SCENE_NAMED_MAX),
	FIELD_LIST("actions", NEED, struct scene, actions, &action_entry, 1, 12),
	FIELD_TEXT("punch", NEED, struct scene, punch),
	FIELD_LIST("kills", MAY, struct scene, kills, &kill_entry, 0, SCENE_KILLS_MAX),
	FIELD_TEXT("nuance", NEED, struct scene, nuance),
	FIELD_TEXT("evidence", NEED, struct scene, evidence),
	FIELD_TEXT("privilege", NEED, struct scene, privilege),
	FIELD_LIST("verdicts", NEED, struct scene, verdicts, &verdict_entry, 1, 16),
	FIELD_ONE("tour", MAY, struct scene, tour, tour_fields),
	FIELD_LIST("quiz", MAY, struct scene, quiz, &question_entry, 0, 16),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t scene_schema = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct scene, scene_fields) };

/* --- what libcyaml says, in words and with a line --- */

#define PLACES_MAX 6

struct place { /* of the backtrace, innermost first */
	char field[32]; /* or "" */
	int entry; /* from 1 */
	int line;
};
struct complaint {
	char text[200]; /* the first line, without "Load: " */
	struct place places[PLACES_MAX];
	int n;
};

/* "  in mapping field 'x' (line: 3, column: 9)" or "  in sequence entry '1' (line: ...". */
static void take_place(struct complaint *complaint, const char *text)
{
	struct place *place = &complaint->places[complaint->n];
	const char *line = strstr(text, "(line: ");

	if (!line || complaint->n == PLACES_MAX)
		return;
	*place = (struct place) { 0 };
	if (sscanf(text, " in sequence entry '%d'", &place->entry) != 1)
		sscanf(text, " in mapping field '%31[^']", place->field);
	if (sscanf(line, "(line: %d", &place->line) == 1)
		complaint->n++;
}

static void take_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
	struct complaint *complaint = context;
	char text[300];

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	if (text[0] == ' ')
		take_place(complaint, text);
	else if (!complaint->text[0] && strncmp(text, "Load: ", 6) == 0)
		safe_text(complaint->text, sizeof(complaint->text), text + 6, strlen(text + 6));
}

/* "verdicts[0].if", as lines_find takes it, of the places from `innermost` outwards. */
static void put_path(struct buf *out, const struct complaint *complaint, int innermost)
{
	for (int i = complaint->n - 1; i >= innermost; i--) {
		const struct place *place = &complaint->places[i];
		if (place->field[0])
			buf_addf(out, "%s%s", out->len ? "." : "", place->field);
		else if (place->entry)
			buf_addf(out, "[%d]", place->entry - 1);
	}
}

/* The fields of the mapping at a place. */
static const cyaml_schema_field_t *fields_at(const struct complaint *complaint, int innermost)
{
	const cyaml_schema_field_t *fields = scene_fields;

	for (int i = complaint->n - 1; i >= innermost && fields; i--) {
		const cyaml_schema_field_t *field = fields;
		if (!complaint->places[i].field[0])
			continue;
		while (field->key && strcmp(field->key, complaint->places[i].field) != 0)
			field++;
		const cyaml_schema_value_t *value = &field->value;
		if (field->key && value->type == CYAML_SEQUENCE)
			value = value->sequence.entry;
		fields = field->key && value->type == CYAML_MAPPING ? value->mapping.fields : NULL;
	}
	return fields;
}

static void put_fields(struct buf *out, const cyaml_schema_field_t *fields)
{
	for (const cyaml_schema_field_t *field = fields; field && field->key; field++)
		buf_addf(out, "%s%s",
			field == fields ? "; there are "
			: field[1].key  ? ", "
					: " and ",
			field->key);
}

/* A key that the schema does not have: libcyaml tells the line of the field before it. */
static void tell_unknown_key(
	const struct complaint *complaint, const char *key, struct buf *out, struct buf *path)
{
	int at = complaint->n && !complaint->places[0].field[0] && !complaint->places[0].entry;

	put_path(path, complaint, at);
	buf_addf(path, "%s%s", path->len ? "." : "", key);
	buf_addf(out, "there is no field '%s' here", key);
	put_fields(out, fields_at(complaint, at));
}

static void tell_missing(
	const struct complaint *complaint, const char *key, struct buf *out, struct buf *path)
{
	/* Innermost is the last field that was read, in the mapping that lacks the key. */
	put_path(path, complaint, 1);
	buf_addf(out, "the field '%s' is missing in %s", key, path->len ? path->text : "the scene");
}

/* What stands in the last quotes of libcyaml's sentence, or after its colon. */
static void quoted(const char *text, char *out, size_t size)
{
	const char *start = strstr(text, ": ");
	size_t len;

	start = start ? start + 2 : "";
	start += *start == '\'';
	len = strlen(start);
	len -= len && start[len - 1] == '\'';
	safe_text(out, size, start, len);
}

static const char *kind_word(const char *kind)
{
	static const char *const words[][2] = { { "STRING", "text" }, { "INT", "a whole number" },
		{ "ENUM", "true or false" }, { "SEQUENCE_START", "a list" },
		{ "SEQUENCE", "a list" }, { "MAPPING_START", "a mapping of fields" },
		{ "MAPPING", "a mapping of fields" }, { "SCALAR", "text" } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strncmp(kind, words[i][0], strlen(words[i][0])) == 0)
			return words[i][1];
	return "something else";
}

static void tell_value(const struct complaint *complaint, struct buf *out, struct buf *path)
{
	const char *text = complaint->text, *got = strstr(text, "event: ");
	char value[60];
	int n;

	put_path(path, complaint, 0);
	buf_addf(out, "%s: ", path->len ? path->text : "the file");
	quoted(text, value, sizeof(value));
	if (got)
		buf_addf(out, "%s is wanted here, not %s", kind_word(text + strlen("Expecting ")),
			kind_word(got + 7));
	else if (strncmp(text, "Invalid ", 8) == 0)
		buf_addf(out, "'%s' is not %s", value, kind_word(text + 8));
	else if (strncmp(text, "STRING length <", 15) == 0)
		buf_adds(out, "is empty");
	else if (strncmp(text, "STRING length >", 15) == 0)
		buf_addf(out, "is longer than %d bytes", TEXT_MAX);
	else if (sscanf(text, "Insufficient entries (%*d of %d", &n) == 1)
		buf_addf(out, "at least %d is wanted in the list", n);
	else if (strncmp(text, "Excessive entries", 17) == 0)
		buf_adds(out, "there are too many in the list");
	else
		buf_adds(out, text[0] ? text : "is not as wanted");
}

static void tell(
	cyaml_err_t error, const struct complaint *complaint, struct buf *out, struct buf *path)
{
	char key[60];

	quoted(complaint->text, key, sizeof(key));
	if (error == CYAML_OK)
		buf_adds(out, "the file is empty");
	else if (error == CYAML_ERR_INVALID_KEY)
		tell_unknown_key(complaint, key, out, path);
	else if (error == CYAML_ERR_MAPPING_FIELD_MISSING)
		tell_missing(complaint, key, out, path);
	else
		tell_value(complaint, out, path);
}

static const cyaml_config_t *configure(cyaml_config_t *config, struct complaint *complaint)
{
	*config = (cyaml_config_t) {
		.log_fn = complaint ? take_log : NULL,
		.log_ctx = complaint,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS,
	};
	return config;
}

int schema_load(const char *text, size_t len, struct scene **ret, int *ret_line, struct buf *why)
{
	struct complaint complaint = { 0 };
	struct buf path = { 0 };
	cyaml_config_t config;
	cyaml_data_t *data = NULL;
	cyaml_err_t error;

	error = cyaml_load_data((const uint8_t *)text, len, configure(&config, &complaint),
		&scene_schema, &data, NULL);
	if (error == CYAML_OK && data) {
		*ret = data;
		return 0;
	}
	tell(error, &complaint, why, &path);
	*ret_line = path.len ? lines_find(text, len, path.text) : 1;
	buf_finish(&path);
	return -EINVAL;
}

void scene_destroy(struct scene *scene)
{
	cyaml_config_t config;

	if (scene)
		cyaml_free(configure(&config, NULL), &scene_schema, scene, 0);
}
