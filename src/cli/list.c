/* SPDX-License-Identifier: MIT
 * `taskscope list WHAT`: the program's own tables, one record a line. In columns for a person, separated by tabs when
 * something else reads them.
 */
#include <unistd.h>

#include "internal.h"
#include "lesson.h"
#include "model.h"
#include "order.h"
#include "output.h"
#include "ui.h"

#define COLUMNS_MAX 7

struct listing {
	struct buf *out;
	bool columns;
	const int *widths; /* of all columns but the last */
	struct buf errors; /* what could not be listed: a line each, for stderr */
};

static void put_row(const struct listing *listing, const char *const *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *field = fields[i] ? fields[i] : "";
		buf_adds(listing->out, field);
		if (i + 1 == n)
			break;
		if (!listing->columns)
			buf_adds(listing->out, "\t");
		else
			buf_addf(listing->out, "%*s",
				MAX(listing->widths[i] - text_width(field), 1), "");
	}
	buf_adds(listing->out, "\n");
}

#define ROW(listing, ...)                                                                          \
	put_row(listing, (const char *const[]) { __VA_ARGS__ },                                    \
		sizeof((const char *const[]) { __VA_ARGS__ }) / sizeof(const char *))

static void list_jobs(struct listing *listing)
{
	for (size_t i = 0; i < ARRAY_LEN(job_table); i++)
		ROW(listing, job_table[i].name, job_table[i].help, job_table[i].expect);
}

static void list_panes(struct listing *listing)
{
	for (size_t i = 0; ui_pane(i); i++)
		ROW(listing, ui_pane(i)->name, ui_pane(i)->help);
}

static void put_panes(char *out, size_t size, const char *view)
{
	const struct pane_info *pane;

	*out = 0;
	for (size_t i = 0; (pane = ui_pane(i)); i++)
		if (pane->view && strcmp(pane->view, view) == 0)
			text_addf(out, size, "%s%s", *out ? " " : "", pane->name);
}

static void list_views(struct listing *listing)
{
	char panes[128], key[16];
	for (size_t i = 0; i < view_count; i++) {
		const struct view_info *view = &view_table[i];
		put_panes(panes, sizeof(panes), view->name);
		key_name(command_table[view->command].keys[0], key, sizeof(key));
		ROW(listing, view->name, key, panes, view->help);
	}
}

static void put_keys(const struct command *command, enum command_mode mode, char *out, size_t size)
{
	const int *keys = command_keys(command, mode);
	char name[16];

	command_key_name(command, mode, out, size);
	for (size_t k = 1; k < COMMAND_KEYS && keys[k]; k++)
		text_addf(out, size, " %s", key_name(keys[k], name, sizeof(name)));
}

static void list_keys(struct listing *listing)
{
	static const char *const groups[] = { "look", "steer", "program", "view", "stage" };
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *command = &command_table[i];
		char keys[64];
		put_keys(command, MODE_LAB, keys, sizeof(keys));
		if (*keys)
			ROW(listing, keys, command->name, groups[command->group], command->help,
				command->pane);
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *command = &command_table[i];
		char keys[64];
		put_keys(command, MODE_TOUR, keys, sizeof(keys));
		if (command->stage_keys[0])
			ROW(listing, keys, command->name, groups[GROUP_STAGE], command->help, NULL);
	}
}

static void list_facts(struct listing *listing)
{
	const struct fact *fact;
	for (size_t i = 0; (fact = fact_at(i)); i++)
		ROW(listing, fact_scope_name(fact->scope), fact->name, fact->unit,
			quality_name(fact->quality), fact->source, fact->field, fact->formula,
			fact->caveat);
}

static void list_themes(struct listing *listing)
{
	for (size_t i = 0; i < theme_count; i++)
		ROW(listing, theme_table[i].name, theme_table[i].help);
}

static void list_options(struct listing *listing)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];
		char name[32], letter[4] = "";
		snprintf(name, sizeof(name), "--%s", option->name);
		if (option->letter)
			snprintf(letter, sizeof(letter), "-%c", option->letter);
		ROW(listing, name, letter, option->argument, argument_kind_name(option->kind),
			option_group_title[option->group], option->help);
	}
}

/* "m2 m3": the misconceptions that its actions show to be wrong. */
static void put_kills(const struct scene *scene, char *out, size_t size)
{
	*out = 0;
	for (unsigned i = 0; i < scene->actions_n; i++) {
		unsigned n;
		const struct scene_kill *kills = scene_kills(scene, &scene->actions[i], &n);
		for (unsigned k = 0; k < n; k++)
			if (scene_kill_text(kills[k].wrong) != kills[k].wrong)
				text_addf(out, size, "%s%s", *out ? " " : "", kills[k].wrong);
	}
}

static void list_scenes(struct listing *listing)
{
	struct scenes scenes = { 0 };
	struct scene **scene;
	lesson_scenes_load(&scenes, false, &listing->errors);
	vec_each (scene, &scenes.list) {
		char number[12], claims[40] = "", kills[120];
		snprintf(number, sizeof(number), "%d", (*scene)->number);
		for (unsigned i = 0; i < (*scene)->claims_n; i++)
			text_addf(
				claims, sizeof(claims), "%s%d", i ? " " : "", (*scene)->claims[i]);
		put_kills(*scene, kills, sizeof(kills));
		ROW(listing, number, (*scene)->name, (*scene)->title, claims, kills,
			(*scene)->question);
	}
	scenes_finish(&scenes);
}

static void list_orders(struct listing *listing)
{
	for (int i = ORDER_NONE + 1; i < ORDERS; i++) {
		const struct order_info *order = &order_table[i];
		char argument[40] = "";
		if (order->unit)
			snprintf(argument, sizeof(argument), "%lld to %lld%s%s",
				(long long)order->min, (long long)order->max,
				order->unit[0] ? " " : "", order->unit);
		ROW(listing, order->name, argument, order->help, order->watch);
	}
}

static void list_duels(struct listing *listing)
{
	for (int i = 0; i < DUEL_METHODS; i++) {
		char who[64] = "";
		for (int k = 0; k < CONTENDERS; k++)
			if (method_table[i].who & 1u << k)
				text_addf(who, sizeof(who), "%s%s", *who ? " " : "",
					contender_name((enum contender)k));
		ROW(listing, duel_table[method_table[i].duel].name, method_table[i].name, who,
			method_table[i].help);
	}
}

static void list_examples(struct listing *listing)
{
	for (size_t i = 0; i < program_example_count; i++) {
		char folder[4096];

		if (!program_example_folder(&program_examples[i], folder, sizeof(folder)))
			snprintf(folder, sizeof(folder), "not installed");
		ROW(listing, program_examples[i].name, program_examples[i].help, folder);
	}
}

static const struct {
	const char *name;
	void (*put)(struct listing *listing);
	int widths[COLUMNS_MAX];
} lists[] = {
	{ "jobs", list_jobs, { 10, 60 } },
	{ "panes", list_panes, { 12 } },
	{ "views", list_views, { 12, 5, 30 } },
	{ "keys", list_keys, { 14, 17, 9, 56 } },
	{ "facts", list_facts, { 10, 24, 6, 16, 32, 30, 40 } },
	{ "orders", list_orders, { 21, 18, 60 } },
	{ "scenes", list_scenes, { 5, 18, 32, 9, 20 } },
	{ "duels", list_duels, { 8, 19, 28 } },
	{ "examples", list_examples, { 13, 76 } },
	{ "themes", list_themes, { 18 } },
	{ "options", list_options, { 14, 5, 11, 19, 8 } },
};

/* Prints what was listed and what could not be; the exit status. */
static int list_end(struct listing *listing)
{
	bool whole = listing->errors.len == 0;
	if (!whole)
		fputs(listing->errors.text, stderr);
	buf_finish(&listing->errors);
	int status = output_text(listing->out);
	return whole ? status : EXIT_USAGE;
}

int cli_list(const char *what)
{
	struct buf out = { 0 };
	struct listing listing = { .out = &out, .columns = isatty(STDOUT_FILENO) };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (strcmp(lists[i].name, what) != 0)
			continue;
		listing.widths = lists[i].widths;
		lists[i].put(&listing);
		return list_end(&listing);
	}
	char shown[40];
	const char *nearest = suggest_row(what, lists, sizeof(lists[0]), ARRAY_LEN(lists));
	safe_text(shown, sizeof(shown), what, strlen(what));
	fprintf(stderr, "taskscope: there is no list '%s'", shown);
	if (nearest)
		fprintf(stderr, "; did you mean '%s'?\n", nearest);
	else
		fprintf(stderr,
			"; there are jobs, panes, views, keys, facts, orders, scenes, duels, "
			"examples, themes and options\n");
	return EXIT_USAGE;
}

static void put_checked(struct buf *out, const char *file, const struct scene *scene)
{
	buf_addf(out, "%s: scene '%s': %u action%s, %u verdict%s, %u question%s, nothing wrong\n",
		file, scene->name, scene->actions_n, scene->actions_n == 1 ? "" : "s",
		scene->verdicts_n, scene->verdicts_n == 1 ? "" : "s", scene->quiz_n,
		scene->quiz_n == 1 ? "" : "s");
}

static int check_all(struct buf *errors)
{
	struct scenes scenes = { 0 };
	struct buf told = { 0 };

	lesson_scenes_load(&scenes, true, errors);
	for (size_t i = 0; i < scenes.list.n; i++)
		put_checked(&told, scenes.list.at[i]->name, scenes.list.at[i]);
	scenes_finish(&scenes);
	return output_text(&told);
}

static int check_one(const char *file, struct buf *errors)
{
	struct scene *scene;
	struct buf told = { 0 };

	if (lesson_scene_load(file, &scene, errors) != 0)
		return EXIT_USAGE;
	put_checked(&told, file, scene);
	scene_destroy(scene);
	return output_text(&told);
}

int cli_check_scenes(const char *file)
{
	struct buf errors = { 0 };
	int status = *file ? check_one(file, &errors) : check_all(&errors);

	if (errors.len) {
		fputs(errors.text, stderr);
		status = EXIT_USAGE;
	}
	buf_finish(&errors);
	return status;
}
