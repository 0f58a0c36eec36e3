/* SPDX-License-Identifier: MIT
 * Sets what each option names: one handler an option, every number with its bounds, and for every name that is not one
 * of ours the one that was probably meant.
 */
#include "internal.h"

#include "crew.h"
#include "ui.h"

int cli_refuse(const struct complaint *complaint, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(complaint->why, complaint->size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

struct cli_shown cli_shown(const char *typed)
{
	struct cli_shown s;
	safe_text(s.text, sizeof(s.text), typed, strlen(typed));
	return s;
}

int cli_refuse_name(const struct complaint *complaint, const char *what, const char *typed,
	const char *list, const char *nearest)
{
	if (nearest)
		return cli_refuse(complaint, "there is no %s '%s'; did you mean '%s'?", what,
			cli_shown(typed).text, nearest);
	return cli_refuse(complaint, "there is no %s '%s'; see 'taskscope %s'", what,
		cli_shown(typed).text, list);
}

/* " ms": what an option's number counts, as its argument's name says. */
static const char *unit_of(const char *option)
{
	static const char *const units[][2] = { { "MS", " ms" }, { "SECONDS", " s" },
		{ "MB", " MB" } };
	const struct option_info *info = option_table;
	while (strcmp(info->name, option) != 0)
		info++;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strcmp(info->argument, units[i][0]) == 0)
			return units[i][1];
	return "";
}

static int number(const struct complaint *complaint, const char *option, const char *typed,
	int64_t min, int64_t max, int *ret)
{
	int64_t value;
	int error = parse_integer(typed, min, max, &value);
	if (error == -ERANGE)
		return cli_refuse(complaint, "--%s %s is out of range: %lld to %lld%s", option,
			cli_shown(typed).text, (long long)min, (long long)max, unit_of(option));
	if (error)
		return cli_refuse(complaint,
			"--%s needs a whole number from %lld to %lld%s, not '%s'", option,
			(long long)min, (long long)max, unit_of(option), cli_shown(typed).text);
	*ret = (int)value;
	return 0;
}

static int real(const struct complaint *complaint, const char *option, const char *typed,
	double min, double max, double *ret)
{
	char *end;
	/* strtod would take hexadecimal, nan, inf and leading blanks as well. */
	bool plain = *typed && strspn(typed, "0123456789.") == strlen(typed);
	double value = plain ? strtod(typed, &end) : 0;
	if (!plain || *end)
		return cli_refuse(complaint, "--%s needs a number from %g to %g%s, not '%s'",
			option, min, max, unit_of(option), cli_shown(typed).text);
	if (value < min || value > max)
		return cli_refuse(complaint, "--%s %s is out of range: %g to %g%s", option,
			cli_shown(typed).text, min, max, unit_of(option));
	*ret = value;
	return 0;
}

/* --- one handler an option --- */

typedef int set_option(struct cli *cli, const char *typed, const struct complaint *complaint);

static const char *job_at(const void *context, size_t i)
{
	return job_table[i].name;
}

static int set_job(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	const char *nearest = suggest(typed, job_at, NULL, ARRAY_LEN(job_table));
	cli->job = job_find(typed);
	return cli->job >= 0 ? 0 : cli_refuse_name(complaint, "job", typed, "list jobs", nearest);
}

static int set_right(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->right_user = strcmp(typed, "user") == 0;
	if (cli->right_user || strcmp(typed, "threads") == 0)
		return 0;
	return cli_refuse(complaint, "--right is threads or user, not '%s'", cli_shown(typed).text);
}

static int set_seed(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	int seed = 0, error = number(complaint, "seed", typed, 0, INT32_MAX, &seed);
	cli->seed = (uint64_t)seed;
	cli->has_seed = true;
	return error;
}

static int set_interval(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	int ms = 0,
	    error = number(complaint, "interval", typed, INTERVAL_MIN_MS, INTERVAL_MAX_MS, &ms);
	cli->interval = ms * NSEC_PER_MSEC;
	return error;
}

static int set_for(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	double seconds = 0;
	int error = real(complaint, "for", typed, DURATION_MIN_S, DURATION_MAX_S, &seconds);
	cli->duration = (nsec)(seconds * (double)NSEC_PER_SEC);
	return error;
}

static int set_pace(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	return real(complaint, "pace", typed, 0.1, 10, &cli->pace);
}

static int set_speed(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	return real(complaint, "speed", typed, 0, SPEED_MAX, &cli->speed);
}

static int set_size(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->size = typed;
	return 0;
}

static int set_keys(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	char why[160] = "";
	script_finish(&cli->keys);
	cli->keys = (struct script) { 0 };
	if (script_parse(typed, &cli->keys, why, sizeof(why)) != 0)
		return cli_refuse(complaint, "--keys: %s", why);
	cli->has_keys = true;
	return 0;
}

static const char *theme_at(const void *context, size_t i)
{
	return theme_table[i].name;
}

static int set_theme(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->theme = theme_find(typed);
	cli->has_theme = true;
	if (cli->theme)
		return 0;
	return cli_refuse_name(complaint, "theme", typed, "list themes",
		suggest(typed, theme_at, NULL, theme_count));
}

static const char *pane_at(const void *context, size_t i)
{
	return ui_pane(i)->name;
}

static int set_pane(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	size_t n = 0;

	cli->pane = typed;
	if (ui_pane_find(typed))
		return 0;
	while (ui_pane(n))
		n++;
	return cli_refuse_name(
		complaint, "pane", typed, "list panes", suggest(typed, pane_at, NULL, n));
}

static int set_color(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	static const char *const words[] = { "auto", "never", "always" };
	for (int i = 0; i < (int)ARRAY_LEN(words); i++) {
		if (strcmp(typed, words[i]) != 0)
			continue;
		cli->colour = i - 1;
		return 0;
	}
	return cli_refuse(
		complaint, "--color is auto, always or never, not '%s'", cli_shown(typed).text);
}

static int set_help(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->verb = VERB_HELP;
	return 0;
}

static int set_version(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->verb = VERB_VERSION;
	return 0;
}

/* Without set, what is at place is set: an int within bounds if there are any, else of an option with an argument a file's
 * name, else a bool. */
static const struct handler {
	const char *name;
	set_option *set;
	size_t place;
	int min, max;
} handlers[] = {
	{ "processes", cli_set_processes, 0 },
	{ "threads", NULL, offsetof(struct cli, workers[KIND_THREADS]), 1, CREW_THREADS_MAX },
	{ "right", set_right, 0 },
	{ "job", set_job, 0 },
	{ "cpu", NULL, offsetof(struct cli, cpu), 0, 4095 },
	{ "spread", NULL, offsetof(struct cli, spread) },
	{ "arena", NULL, offsetof(struct cli, arena_mb), 0, CREW_ARENA_MB_MAX },
	{ "shell", NULL, offsetof(struct cli, shell) },
	{ "exit-code", NULL, offsetof(struct cli, exit_code) },
	{ "isolate", NULL, offsetof(struct cli, isolate) },
	{ "output", NULL, offsetof(struct cli, output) },
	{ "example", NULL, offsetof(struct cli, example) },
	{ "no-children", NULL, offsetof(struct cli, no_children) },
	{ "wait", NULL, offsetof(struct cli, wait) },
	{ "long", NULL, offsetof(struct cli, tour_long) },
	{ "short", NULL, offsetof(struct cli, tour_short) },
	{ "auto", NULL, offsetof(struct cli, tour_auto) },
	{ "pace", set_pace, 0 },
	{ "presenter", NULL, offsetof(struct cli, presenter) },
	{ "vertical", NULL, offsetof(struct cli, vertical) },
	{ "clean", NULL, offsetof(struct cli, clean) },
	{ "srt", NULL, offsetof(struct cli, srt) },
	{ "seed", set_seed, 0 },
	{ "level", NULL, offsetof(struct cli, level), 1, 3 },
	{ "claim", NULL, offsetof(struct cli, claim), 1, 9 },
	{ "timer", NULL, offsetof(struct cli, timer), 5, 600 },
	{ "results", NULL, offsetof(struct cli, results) },
	{ "names", NULL, offsetof(struct cli, names) },
	{ "no-state", NULL, offsetof(struct cli, no_state) },
	{ "interview", NULL, offsetof(struct cli, interview) },
	{ "notes", NULL, offsetof(struct cli, notes) },
	{ "export-c", NULL, offsetof(struct cli, export_c) },
	{ "interval", set_interval, 0 },
	{ "for", set_for, 0 },
	{ "speed", set_speed, 0 },
	{ "plain", NULL, offsetof(struct cli, plain) },
	{ "linear", NULL, offsetof(struct cli, linear) },
	{ "json", NULL, offsetof(struct cli, json) },
	{ "svg", NULL, offsetof(struct cli, svg) },
	{ "cast", NULL, offsetof(struct cli, cast) },
	{ "html", NULL, offsetof(struct cli, html) },
	{ "csv", NULL, offsetof(struct cli, csv) },
	{ "trace", NULL, offsetof(struct cli, trace) },
	{ "record", NULL, offsetof(struct cli, record) },
	{ "force", NULL, offsetof(struct cli, force) },
	{ "size", set_size, 0 },
	{ "quick", NULL, offsetof(struct cli, duel.quick) },
	{ "rounds", NULL, offsetof(struct cli, duel.rounds), 1, DUEL_TRIALS_MAX },
	{ "cpus", cli_set_cpus, 0 },
	{ "working-set", cli_set_working_set, 0 },
	{ "ballast", cli_set_ballast, 0 },
	{ "workers", cli_set_workers, 0 },
	{ "method", cli_set_methods, 0 },
	{ "keys", set_keys, 0 },
	{ "mask-ids", NULL, offsetof(struct cli, mask_ids) },
	{ "theme", set_theme, 0 },
	{ "pane", set_pane, 0 },
	{ "ascii", NULL, offsetof(struct cli, ascii) },
	{ "color", set_color, 0 },
	{ "no-mouse", NULL, offsetof(struct cli, no_mouse) },
	{ "safe", NULL, offsetof(struct cli, safe) },
	{ "no-sync", NULL, offsetof(struct cli, no_sync) },
	{ "no-config", NULL, offsetof(struct cli, no_config) },
	{ "check", NULL, offsetof(struct cli, check) },
	{ "help", set_help, 0 },
	{ "version", set_version, 0 },
};

int cli_set_option(
	struct cli *cli, const char *name, const char *typed, const struct complaint *complaint)
{
	const struct handler *handler = handlers;
	while (strcmp(handler->name, name) != 0)
		handler++;
	if (handler->set)
		return handler->set(cli, typed, complaint);
	void *place = (char *)cli + handler->place;
	if (handler->max)
		return number(complaint, name, typed, handler->min, handler->max, place);
	if (!typed)
		*(bool *)place = true;
	else if (*typed)
		*(const char **)place = typed;
	else
		return cli_refuse(complaint, "--%s needs the name of a file", name);
	return 0;
}
