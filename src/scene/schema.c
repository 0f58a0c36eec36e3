/* SPDX-License-Identifier: MIT
 * The fields of a scene, as tables: what each is called, what it may hold, and where it is kept.
 */

#include "document.h"
#include "duel_page.h"
#include "internal.h"
#include "job.h"
#include "order.h"

/* --- words that must be known --- */

#define SMALL_LETTERS "abcdefghijklmnopqrstuvwxyz"

__attribute__((format(printf, 3, 4))) static bool refuse(
	char *why, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, size, format, args);
	va_end(args);
	return false;
}

static bool is_of(const char *text, const char *letters)
{
	size_t len = strspn(text, letters);

	return len > 0 && text[len] == '\0' && len < 32;
}

static bool check_name(void *context, const char *text, char *why, size_t size)
{
	return is_of(text, SMALL_LETTERS "0123456789-") ||
	       refuse(why, size,
		       "'%s' is no name: at most 31 small letters, digits and '-' are wanted",
		       text);
}

static bool check_value_name(void *context, const char *text, char *why, size_t size)
{
	if (!is_of(text, SMALL_LETTERS "0123456789_") || text[0] < 'a')
		return refuse(why, size,
			"'%s' is no name: at most 31 small letters, digits and '_' are wanted, a "
			"letter first",
			text);
	return !expression_reserves(text) || refuse(why, size, "'%s' has a meaning already", text);
}

static bool check_kind(void *context, const char *text, char *why, size_t size)
{
	for (int kind = 0; kind < KINDS; kind++)
		if (strcmp(text, kind_name((enum kind)kind)) == 0)
			return true;
	return refuse(why, size, "'%s' is no kind: processes or threads is wanted", text);
}

static bool check_job(void *context, const char *text, char *why, size_t size)
{
	return job_find(text) >= 0 ||
	       refuse(why, size, "there is no job '%s' (taskscope list jobs)", text);
}

static bool check_order(void *context, const char *text, char *why, size_t size)
{
	return order_find(text) > 0 ||
	       refuse(why, size, "there is no order '%s' (taskscope list orders)", text);
}

static bool check_verb(void *context, const char *text, char *why, size_t size)
{
	return verb_find(text) != VERB_NONE ||
	       refuse(why, size,
		       "'%s' is no verb: add, remove, job, pin, "
		       "nice, signal, kill, restart, clone or mark is "
		       "wanted",
		       text);
}

static bool check_duel(void *context, const char *text, char *why, size_t size)
{
	return duel_find(text) >= 0 ||
	       refuse(why, size, "'%s' is no duel: switch, create, talk or memory is wanted", text);
}

static bool check_method(void *context, const char *text, char *why, size_t size)
{
	uint32_t methods;
	char bad[40];

	return duel_find_methods(text, &methods, bad, sizeof(bad)) ||
	       refuse(why, size, "'%s' is no method of a duel", bad);
}

static bool check_side(void *context, const char *text, char *why, size_t size)
{
	return strcmp(text, "left") == 0 || strcmp(text, "right") == 0 ||
	       strcmp(text, "both") == 0 ||
	       refuse(why, size, "'%s' is not left, right or both", text);
}

static bool check_worker(void *context, const char *text, char *why, size_t size)
{
	int worker;

	return worker_find(text, &worker) == 0 ||
	       refuse(why, size, "'%s' is not 0 to %d, all or host", text, SCENE_WORKERS_MAX - 1);
}

static bool check_signal(void *context, const char *text, char *why, size_t size)
{
	return signal_find(text) != 0 ||
	       refuse(why, size, "'%s' is not one of USR1 USR2 TERM KILL STOP CONT SEGV", text);
}

static bool check_receiver(void *context, const char *text, char *why, size_t size)
{
	return strcmp(text, "task") == 0 || strcmp(text, "process") == 0 ||
	       refuse(why, size, "'%s' is not task or process", text);
}

/* An action is named by its key; on the stage a digit does it. */
#define PLAYER_KEYS " 123456789"

static bool check_key(void *context, const char *text, char *why, size_t size)
{
	if (text[0] <= ' ' || text[0] > '~' || text[1])
		return refuse(why, size, "'%s' is not one character", text);
	return !strchr(PLAYER_KEYS, text[0]) ||
	       refuse(why, size, "'%s' is a key of the player", text);
}

/* One word is the name of a misconception, more are a sentence of its own. */
static bool check_wrong(void *context, const char *text, char *why, size_t size)
{
	return strchr(text, ' ') || scene_kill_text(text) != text ||
	       refuse(why, size, "'%s' is no misconception: m1 to m%d are wanted, or a sentence",
		       text, MISCONCEPTIONS);
}

#define SPOKEN_WORDS 25 /* of a sentence that is said, or heard, once */

static bool check_spoken(void *context, const char *text, char *why, size_t size)
{
	int words = 0;

	for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
		at += strcspn(at, " ");
		words++;
	}
	return words <= SPOKEN_WORDS ||
	       refuse(why, size, "%d words, and at most %d are wanted", words, SPOKEN_WORDS);
}

static bool check_pane(void *context, const char *text, char *why, size_t size)
{
	const struct scene_names *names = context;

	return !names->pane || names->pane(names->context, text) ||
	       refuse(why, size, "there is no pane '%s' (taskscope list panes)", text);
}

static bool check_view(void *context, const char *text, char *why, size_t size)
{
	const struct scene_names *names = context;

	return !names->view || names->view(names->context, text) ||
	       refuse(why, size, "there is no view '%s' (taskscope list views)", text);
}

/* --- the tables --- */

#define NEED .required = true
#define AT(structure, member) .offset = offsetof(struct structure, member)
#define LIST(structure, member, min_, max_)                                                        \
	AT(structure, member), .count = offsetof(struct structure, member##_n), .least = (min_),   \
			       .most = (max_)
#define MAPPING(name, structure, keys)                                                             \
	static const struct document_mapping name = { sizeof(struct structure), keys,              \
		ARRAY_LEN(keys) };                                                                 \
	_Static_assert(ARRAY_LEN(keys) <= DOCUMENT_KEYS_MAX, "a reader remembers so many")

static const struct document_key crew_keys[] = {
	{ "kind", DOCUMENT_TEXT, AT(scene_crew, kind), .check = check_kind },
	{ "workers", DOCUMENT_INTEGER, NEED, AT(scene_crew, workers), 1, SCENE_WORKERS_MAX },
	{ "job", DOCUMENT_TEXT, AT(scene_crew, job), .check = check_job },
	{ "cpu", DOCUMENT_MAYBE, AT(scene_crew, cpu), .max = 4095 },
};
MAPPING(crew, scene_crew, crew_keys);

static const struct document_key setup_keys[] = {
	{ "left", DOCUMENT_MAPPING, NEED, AT(scene_setup, left), .of = &crew },
	{ "right", DOCUMENT_MAPPING, NEED, AT(scene_setup, right), .of = &crew },
	{ "arena_mb", DOCUMENT_INTEGER, AT(scene_setup, arena_mb), .max = 1024 },
};
MAPPING(setup, scene_setup, setup_keys);

static const struct document_key named_keys[] = {
	{ "name", DOCUMENT_TEXT, NEED, AT(scene_named, name), .check = check_value_name },
	{ "is", DOCUMENT_TEXT, NEED, AT(scene_named, is) },
};
MAPPING(named, scene_named, named_keys);

static const struct document_key step_keys[] = {
	{ "order", DOCUMENT_TEXT, AT(scene_step, order), .check = check_order },
	{ "verb", DOCUMENT_TEXT, AT(scene_step, verb), .check = check_verb },
	{ "duel", DOCUMENT_TEXT, AT(scene_step, duel), .check = check_duel },
	{ "method", DOCUMENT_TEXT, AT(scene_step, method), .check = check_method },
	{ "side", DOCUMENT_TEXT, AT(scene_step, side), .check = check_side },
	{ "worker", DOCUMENT_TEXT, AT(scene_step, worker), .check = check_worker },
	{ "argument", DOCUMENT_MAYBE, AT(scene_step, argument) },
	{ "job", DOCUMENT_TEXT, AT(scene_step, job), .check = check_job },
	{ "signal", DOCUMENT_TEXT, AT(scene_step, signal), .check = check_signal },
	{ "to", DOCUMENT_TEXT, AT(scene_step, to), .check = check_receiver },
};
MAPPING(step, scene_step, step_keys);

static const struct document_key big_keys[] = {
	{ "value", DOCUMENT_TEXT, NEED, AT(scene_big, value) },
	{ "label", DOCUMENT_TEXT, NEED, AT(scene_big, label) },
	{ "if", DOCUMENT_TEXT, AT(scene_big, condition) },
};
MAPPING(big, scene_big, big_keys);

static const struct document_key kill_keys[] = {
	{ "wrong", DOCUMENT_TEXT, NEED, AT(scene_kill, wrong), .columns = 2 * CAPTION_COLUMNS,
		.check = check_wrong },
	{ "if", DOCUMENT_TEXT, NEED, AT(scene_kill, condition) },
	{ "right", DOCUMENT_TEXT, AT(scene_kill, right) },
};
MAPPING(kill, scene_kill, kill_keys);

static const struct document_key action_keys[] = {
	{ "key", DOCUMENT_TEXT, NEED, AT(scene_action, key), .check = check_key },
	{ "label", DOCUMENT_TEXT, NEED, AT(scene_action, label), .columns = 40 },
	{ "steps", DOCUMENT_MAPPINGS, NEED, LIST(scene_action, steps, 0, 16), .of = &step },
	{ "until", DOCUMENT_TEXT, AT(scene_action, until) },
	{ "quick", DOCUMENT_TEXT, AT(scene_action, quick) },
	{ "effect", DOCUMENT_TEXT, AT(scene_action, effect) },
	{ "wait_ms", DOCUMENT_INTEGER, AT(scene_action, wait_ms), .max = 60000 },
	{ "after", DOCUMENT_TEXTS, NEED, LIST(scene_action, after, 1, 8),
		.size = sizeof(struct scene_text) },
	{ "big", DOCUMENT_MAPPING, AT(scene_action, big), .of = &big },
	{ "punch", DOCUMENT_TEXT, AT(scene_action, punch) },
	{ "kills", DOCUMENT_MAPPINGS, LIST(scene_action, kills, 0, SCENE_KILLS_MAX), .of = &kill },
};
MAPPING(action, scene_action, action_keys);

static const struct document_key verdict_keys[] = {
	{ "claim", DOCUMENT_INTEGER, NEED, AT(scene_verdict, claim), 1, CLAIMS },
	{ "part", DOCUMENT_TEXT, AT(scene_verdict, part) },
	{ "action", DOCUMENT_TEXT, AT(scene_verdict, action) },
	{ "if", DOCUMENT_TEXT, NEED, AT(scene_verdict, condition) },
	{ "holds", DOCUMENT_TEXT, NEED, AT(scene_verdict, holds) },
	{ "fails", DOCUMENT_TEXT, NEED, AT(scene_verdict, fails) },
	{ "unknown", DOCUMENT_TEXT, AT(scene_verdict, unknown) },
	{ "number", DOCUMENT_TEXT, AT(scene_verdict, number) },
	{ "limits", DOCUMENT_TRUTH, AT(scene_verdict, limits) },
};
MAPPING(verdict, scene_verdict, verdict_keys);

static const struct document_key option_keys[] = {
	{ "text", DOCUMENT_TEXT, NEED, AT(scene_option, text) },
	{ "feedback", DOCUMENT_TEXT, AT(scene_option, feedback), .check = check_spoken },
	{ "if", DOCUMENT_TEXT, NEED, AT(scene_option, condition) },
};
MAPPING(option, scene_option, option_keys);

static const struct document_key question_keys[] = {
	{ "id", DOCUMENT_INTEGER, NEED, AT(scene_question, id), 1, 9999 },
	{ "level", DOCUMENT_INTEGER, NEED, AT(scene_question, level), 1, 3 },
	{ "claims", DOCUMENT_INTEGERS, NEED, LIST(scene_question, claims, 1, CLAIMS), .min = 1,
		.max = CLAIMS },
	{ "question", DOCUMENT_TEXT, NEED, AT(scene_question, question) },
	{ "action", DOCUMENT_TEXT, AT(scene_question, action) },
	{ "options", DOCUMENT_MAPPINGS, NEED, LIST(scene_question, options, 2, SCENE_OPTIONS_MAX),
		.of = &option },
	{ "explain", DOCUMENT_TEXT, NEED, AT(scene_question, explain) },
	{ "interview", DOCUMENT_TEXT, NEED, AT(scene_question, interview), .check = check_spoken },
	{ "trap", DOCUMENT_TEXT, NEED, AT(scene_question, trap) },
	{ "source", DOCUMENT_TEXT, NEED, AT(scene_question, source) },
};
MAPPING(question, scene_question, question_keys);

static const struct document_key tour_keys[] = {
	{ "stop", DOCUMENT_INTEGER, AT(scene_tour, stop), .max = 99 },
	{ "clip", DOCUMENT_INTEGER, AT(scene_tour, clip), .max = 99 },
	{ "dwell_s", DOCUMENT_INTEGER, NEED, AT(scene_tour, dwell_s), 1, 600 },
	{ "say", DOCUMENT_TEXT, NEED, AT(scene_tour, say), .columns = CAPTION_COLUMNS },
	{ "look", DOCUMENT_TEXT, NEED, AT(scene_tour, look), .columns = CAPTION_COLUMNS },
	{ "press", DOCUMENT_TEXTS, NEED, LIST(scene_tour, press, 1, 8) },
};
MAPPING(tour, scene_tour, tour_keys);

static const struct document_key scene_keys[] = {
	{ "name", DOCUMENT_TEXT, NEED, AT(scene, name), .check = check_name },
	{ "number", DOCUMENT_INTEGER, NEED, AT(scene, number), 1, 9999 },
	{ "title", DOCUMENT_TEXT, NEED, AT(scene, title), .columns = 40 },
	{ "claims", DOCUMENT_INTEGERS, NEED, LIST(scene, claims, 1, CLAIMS), .min = 1,
		.max = CLAIMS },
	{ "question", DOCUMENT_TEXT, NEED, AT(scene, question), .columns = 2 * CAPTION_COLUMNS },
	{ "setup", DOCUMENT_MAPPING, NEED, AT(scene, setup), .of = &setup },
	{ "view", DOCUMENT_TEXT, AT(scene, view), .check = check_view },
	{ "panes", DOCUMENT_TEXTS, LIST(scene, panes, 0, 4), .check = check_pane },
	{ "before", DOCUMENT_TEXTS, NEED, LIST(scene, before, 1, 8),
		.size = sizeof(struct scene_text) },
	{ "values", DOCUMENT_MAPPINGS, LIST(scene, values, 0, SCENE_NAMED_MAX), .of = &named },
	{ "actions", DOCUMENT_MAPPINGS, NEED, LIST(scene, actions, 1, 12), .of = &action },
	{ "punch", DOCUMENT_TEXT, NEED, AT(scene, punch) },
	{ "kills", DOCUMENT_MAPPINGS, LIST(scene, kills, 0, SCENE_KILLS_MAX), .of = &kill },
	{ "nuance", DOCUMENT_TEXT, NEED, AT(scene, nuance) },
	{ "evidence", DOCUMENT_TEXT, NEED, AT(scene, evidence) },
	{ "privilege", DOCUMENT_TEXT, AT(scene, privilege) },
	{ "verdicts", DOCUMENT_MAPPINGS, LIST(scene, verdicts, 0, 16), .of = &verdict },
	{ "tour", DOCUMENT_MAPPING, AT(scene, tour), .of = &tour },
	{ "quiz", DOCUMENT_MAPPINGS, LIST(scene, quiz, 0, 16), .of = &question },
};
MAPPING(scene_mapping, scene, scene_keys);

bool schema_read(struct document *document, const char *text, size_t len,
	const struct scene_names *names, struct scene **ret)
{
	void *scene;

	if (!document_read(document, &scene_mapping, text, len, (void *)names, &scene))
		return false;
	*ret = scene;
	return true;
}

void scene_destroy(struct scene *scene)
{
	if (scene)
		scene_code_destroy(scene->code);
	document_destroy(scene, &scene_mapping);
}
