/* SPDX-License-Identifier: MIT
 * Knows what a schema cannot say of a scene: names that must be known, keys that must differ, fields that belong together,
 * and how long a line may be.
 */
#include <stdio.h>
#include <string.h>

#include "duel_page.h"
#include "internal.h"
#include "job.h"
#include "order.h"

#define CAPTION_COLUMNS 70
#define EXPRESSION_COLUMNS 6 /* a rendered number, mostly */

struct check {
	const char *file, *text;
	size_t len;
	const struct scene *scene;
	const struct scene_names *names;
	struct buf *errors;
	bool wrong;
};

__attribute__((format(printf, 3, 4))) static void tell(
	struct check *check, const char *field, const char *format, ...)
{
	char why[300], shown[300];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	safe_text(shown, sizeof(shown), why, strlen(why));
	buf_addf(check->errors, "%s:%d: %s: %s\n", check->file,
		lines_find(check->text, check->len, field), field, shown);
	check->wrong = true;
}

/* "actions[2].key" */
__attribute__((format(printf, 1, 2))) static const char *field(const char *format, ...)
{
	static _Thread_local char out[64];
	va_list args;

	va_start(args, format);
	vsnprintf(out, sizeof(out), format, args);
	va_end(args);
	return out;
}

/* --- words --- */

static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return len > 0 && name[len] == '\0' && len < 32;
}

static void check_range(
	struct check *check, const char *where, int64_t value, int64_t min, int64_t max)
{
	if (value < min || value > max)
		tell(check, where, "%lld is not within %lld and %lld", (long long)value,
			(long long)min, (long long)max);
}

static void check_width(struct check *check, const char *where, const char *text, int columns)
{
	int width = text_width(text);

	if (width > columns)
		tell(check, where, "%d columns, and at most %d fit", width, columns);
}

static void check_claims(struct check *check, const char *where, const int *claims, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		check_range(check, where, claims[i], 1, CLAIMS);
}

/* One word is the name of a misconception, more are a sentence of its own. */
static void check_kills(
	struct check *check, const char *where, const struct scene_kill *kills, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const char *wrong = kills[i].wrong;
		if (strchr(wrong, ' '))
			check_width(check, field("%skills[%u].wrong", where, i), wrong,
				2 * CAPTION_COLUMNS);
		else if (scene_kill_text(wrong) == wrong)
			tell(check, field("%skills[%u].wrong", where, i),
				"'%s' is no misconception: m1 to m%d are wanted, or a sentence",
				wrong, MISCONCEPTIONS);
	}
}

static void check_head(struct check *check)
{
	const struct scene *scene = check->scene;

	if (!is_name(scene->name))
		tell(check, "name",
			"'%s' is no name: at most 31 small letters, digits and '-' are wanted",
			scene->name);
	check_range(check, "number", scene->number, 1, 9999);
	check_claims(check, "claims", scene->claims, scene->claims_n);
	check_width(check, "title", scene->title, 40);
	check_width(check, "question", scene->question, 2 * CAPTION_COLUMNS);
	check_kills(check, "", scene->kills, scene->kills_n);
}

/* --- the stage --- */

static void check_crew(struct check *check, const char *side, const struct scene_crew *crew)
{
	if (crew->kind && strcmp(crew->kind, kind_name(KIND_PROCESSES)) != 0 &&
		strcmp(crew->kind, kind_name(KIND_THREADS)) != 0)
		tell(check, field("setup.%s.kind", side),
			"'%s' is no kind: processes or threads is wanted", crew->kind);
	check_range(check, field("setup.%s.workers", side), crew->workers, 1, SCENE_WORKERS_MAX);
	if (crew->job && job_find(crew->job) < 0)
		tell(check, field("setup.%s.job", side),
			"there is no job '%s' (taskscope list jobs)", crew->job);
	if (crew->cpu)
		check_range(check, field("setup.%s.cpu", side), *crew->cpu, 0, 4095);
}

static void check_stage(struct check *check)
{
	const struct scene *scene = check->scene;
	const struct scene_names *names = check->names;

	check_crew(check, "left", scene->setup->left);
	check_crew(check, "right", scene->setup->right);
	check_range(check, "setup.arena_mb", scene->setup->arena_mb, 0, 1024);
	if (!scene->view && scene->panes_n == 0)
		tell(check, "panes", "a view or at least one pane is wanted");
	if (scene->view && names->view && !names->view(names->context, scene->view))
		tell(check, "view", "there is no view '%s' (taskscope list views)", scene->view);
	for (unsigned i = 0; i < scene->panes_n && names->pane; i++)
		if (!names->pane(names->context, scene->panes[i]))
			tell(check, field("panes[%u]", i),
				"there is no pane '%s' (taskscope list panes)", scene->panes[i]);
}

/* --- values --- */

static bool is_word(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return len > 0 && name[len] == '\0' && len < 32 && name[0] >= 'a';
}

static void check_values(struct check *check)
{
	const struct scene_named *values = check->scene->values;

	for (unsigned i = 0; i < check->scene->values_n; i++) {
		const char *name = values[i].name, *where = field("values[%u].name", i);
		if (!is_word(name))
			tell(check, where,
				"'%s' is no name: at most 31 small letters, digits and '_' are "
				"wanted, a letter first",
				name);
		else if (expression_reserves(name))
			tell(check, where, "'%s' has a meaning already", name);
		for (unsigned k = 0; k < i; k++)
			if (strcmp(values[k].name, name) == 0)
				tell(check, where, "'%s' is named twice", name);
	}
}

/* --- steps --- */

static void check_order(struct check *check, const char *where, const struct scene_step *step)
{
	int order = order_find(step->order);

	if (order <= 0) {
		tell(check, field("%s.order", where),
			"there is no order '%s' (taskscope list orders)", step->order);
		return;
	}
	if (!step->argument)
		return;
	if (!order_table[order].unit)
		tell(check, field("%s.argument", where), "'%s' takes no argument", step->order);
	else
		check_range(check, field("%s.argument", where), *step->argument,
			order_table[order].min, order_table[order].max);
}

static void check_verb(struct check *check, const char *where, const struct scene_step *step)
{
	enum scene_verb verb = verb_find(step->verb);

	if (verb == VERB_NONE)
		tell(check, field("%s.verb", where),
			"'%s' is no verb: add, remove, job, pin, nice, signal, kill, restart or "
			"mark is wanted",
			step->verb);
	if ((verb == VERB_JOB) != (step->job != NULL))
		tell(check, field("%s.job", where), "a job and the verb 'job' go together");
	else if (step->job && job_find(step->job) < 0)
		tell(check, field("%s.job", where), "there is no job '%s' (taskscope list jobs)",
			step->job);
	if ((verb == VERB_SIGNAL) != (step->signal != NULL))
		tell(check, field("%s.signal", where),
			"a signal and the verb 'signal' go together");
	else if (step->signal && !signal_find(step->signal))
		tell(check, field("%s.signal", where),
			"'%s' is not one of USR1 USR2 TERM KILL STOP CONT SEGV", step->signal);
	if ((verb == VERB_PIN || verb == VERB_NICE) && !step->argument)
		tell(check, where, "'%s' wants an argument", step->verb);
}

static void check_duel(struct check *check, const char *where, const struct scene_step *step)
{
	int duel = duel_find(step->duel);
	uint32_t methods;
	char bad[40];

	if (duel < 0) {
		tell(check, field("%s.duel", where),
			"'%s' is no duel: switch, create, talk or memory is wanted", step->duel);
		return;
	}
	if (step->method && !duel_find_methods(step->method, &methods, bad, sizeof(bad)))
		tell(check, field("%s.method", where), "'%s' is no method of a duel", bad);
	if (step->argument &&
		(*step->argument < duel_table[duel].min || *step->argument > duel_table[duel].max))
		tell(check, field("%s.argument", where), "%lld is not %lld to %lld %s",
			(long long)*step->argument, (long long)duel_table[duel].min,
			(long long)duel_table[duel].max, duel_table[duel].parameter_unit);
}

static void check_target(struct check *check, const char *where, const struct scene_step *step)
{
	int worker;

	if (step->side && strcmp(step->side, "left") != 0 && strcmp(step->side, "right") != 0 &&
		strcmp(step->side, "both") != 0)
		tell(check, field("%s.side", where), "'%s' is not left, right or both", step->side);
	if (step->worker && worker_find(step->worker, &worker) < 0)
		tell(check, field("%s.worker", where), "'%s' is not 0 to %d, all or host",
			step->worker, SCENE_WORKERS_MAX - 1);
	if (step->to && strcmp(step->to, "task") != 0 && strcmp(step->to, "process") != 0)
		tell(check, field("%s.to", where), "'%s' is not task or process", step->to);
}

static void check_step(struct check *check, unsigned action, unsigned i)
{
	const struct scene_step *step = &check->scene->actions[action].steps[i];
	char where[48];

	snprintf(where, sizeof(where), "actions[%u].steps[%u]", action, i);
	if ((step->order != NULL) + (step->verb != NULL) + (step->duel != NULL) != 1) {
		tell(check, where, "exactly one of order, verb and duel is wanted");
		return;
	}
	if (step->order)
		check_order(check, where, step);
	else if (step->verb)
		check_verb(check, where, step);
	else
		check_duel(check, where, step);
	check_target(check, where, step);
}

/* --- actions --- */

/* Keys of the player: next, previous, replay, quit, the first action, where from, the lines to say, back. */
#define PLAYER_KEYS "nprq ?h:"

static void check_key(struct check *check, unsigned i)
{
	const char *key = check->scene->actions[i].key;

	if (key[0] <= ' ' || key[0] > '~' || key[1])
		tell(check, field("actions[%u].key", i), "'%s' is not one character", key);
	else if (strchr(PLAYER_KEYS, key[0]))
		tell(check, field("actions[%u].key", i), "'%s' is a key of the player", key);
	for (unsigned k = 0; k < i; k++)
		if (strcmp(check->scene->actions[k].key, key) == 0)
			tell(check, field("actions[%u].key", i),
				"the key '%s' is used twice, first by actions[%u]", key, k);
}

static void check_actions(struct check *check)
{
	for (unsigned i = 0; i < check->scene->actions_n; i++) {
		const struct scene_action *action = &check->scene->actions[i];
		check_key(check, i);
		check_width(check, field("actions[%u].label", i), action->label, 40);
		check_range(check, field("actions[%u].wait_ms", i), action->wait_ms, 0, 60000);
		for (unsigned k = 0; k < action->steps_n; k++)
			check_step(check, i, k);
		char where[24];
		snprintf(where, sizeof(where), "actions[%u].", i);
		check_kills(check, where, action->kills, action->kills_n);
	}
}

static void check_action_named(struct check *check, const char *where, const char *key)
{
	if (key && !scene_action(check->scene, key))
		tell(check, where, "no action has the key '%s'", key);
}

/* --- judging and asking --- */

static void check_verdicts(struct check *check)
{
	const struct scene *scene = check->scene;

	for (unsigned i = 0; i < scene->verdicts_n; i++) {
		bool is_ours = false;
		for (unsigned k = 0; k < scene->claims_n; k++)
			is_ours |= scene->claims[k] == scene->verdicts[i].claim;
		if (!is_ours)
			tell(check, field("verdicts[%u].claim", i),
				"%d is not among the claims of the scene",
				scene->verdicts[i].claim);
		check_action_named(
			check, field("verdicts[%u].action", i), scene->verdicts[i].action);
	}
}

static void check_quiz(struct check *check)
{
	const struct scene *scene = check->scene;

	for (unsigned i = 0; i < scene->quiz_n; i++) {
		const struct scene_question *question = &scene->quiz[i];
		check_range(check, field("quiz[%u].id", i), question->id, 1, 9999);
		check_range(check, field("quiz[%u].level", i), question->level, 1, 3);
		check_claims(
			check, field("quiz[%u].claims", i), question->claims, question->claims_n);
		check_action_named(check, field("quiz[%u].action", i), question->action);
		for (unsigned k = 0; k < i; k++)
			if (scene->quiz[k].id == question->id)
				tell(check, field("quiz[%u].id", i),
					"%d is used twice, first by quiz[%u]", question->id, k);
	}
}

static void check_tour(struct check *check)
{
	const struct scene_tour *tour = check->scene->tour;

	if (!tour)
		return;
	check_range(check, "tour.stop", tour->stop, 0, 99);
	check_range(check, "tour.clip", tour->clip, 0, 99);
	check_range(check, "tour.dwell_s", tour->dwell_s, 1, 600);
	check_width(check, "tour.say", tour->say, CAPTION_COLUMNS);
	check_width(check, "tour.look", tour->look, CAPTION_COLUMNS);
	for (unsigned i = 0; i < tour->press_n; i++)
		check_action_named(check, field("tour.press[%u]", i), tour->press[i]);
}

/* --- texts with facts in them --- */

static bool check_path(void *context, const char *path, bool before, char *why, size_t why_size)
{
	const struct scene_names *names = context;
	char clause[100] = "";

	if (!names->fact || names->fact(names->context, path, clause, sizeof(clause)))
		return true;
	snprintf(why, why_size, "there is no fact '%s'%s%s", path, clause[0] ? ": " : "", clause);
	return false;
}

/* Columns of a template, each expression taken for a number. */
static int template_width(const char *template)
{
	struct template_piece piece;
	struct buf text = { 0 };
	char why[200];
	int width;

	while (template_next(&template, &piece, why, sizeof(why)) == 1) {
		buf_add(&text, piece.text, piece.len);
		if (piece.expression[0])
			buf_addf(&text, "%*s", EXPRESSION_COLUMNS, "");
	}
	width = text.text ? text_width(text.text) : 0;
	buf_finish(&text);
	return width;
}

static void check_text(void *context, const struct scene_text *text)
{
	struct check *check = context;
	char why[240];
	bool caption = strstr(text->field, "before[") || strstr(text->field, "after[");

	if (text_read(text, check_path, (void *)check->names, why, sizeof(why)) < 0)
		tell(check, text->field, "%s", why);
	else if (caption && template_width(text->text) > CAPTION_COLUMNS)
		tell(check, text->field, "%d columns, and at most %d fit",
			template_width(text->text), CAPTION_COLUMNS);
}

bool scene_check(const char *file, const char *text, size_t len, const struct scene *scene,
	const struct scene_names *names, struct buf *errors)
{
	static const struct scene_names any;
	struct check check = { .file = file,
		.text = text,
		.len = len,
		.scene = scene,
		.names = names ? names : &any,
		.errors = errors };

	check_head(&check);
	check_stage(&check);
	check_values(&check);
	check_actions(&check);
	check_verdicts(&check);
	check_quiz(&check);
	check_tour(&check);
	scene_each_text(scene, check_text, &check);
	return !check.wrong;
}
