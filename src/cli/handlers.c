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
static const char *unit_of(const struct complaint *complaint)
{
	static const char *const units[][2] = { { "MS", " ms" }, { "SECONDS", " s" },
		{ "MB", " MB" } };
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strcmp(complaint->option->argument, units[i][0]) == 0)
			return units[i][1];
	return "";
}

static int number(
	const struct complaint *complaint, const char *typed, int64_t min, int64_t max, int *ret)
{
	int64_t value;
	int error = parse_integer(typed, min, max, &value);
	if (error == -ERANGE)
		return cli_refuse(complaint, "--%s %s is out of range: %lld to %lld%s",
			complaint->option->name, cli_shown(typed).text, (long long)min,
			(long long)max, unit_of(complaint));
	if (error)
		return cli_refuse(complaint,
			"--%s needs a whole number from %lld to %lld%s, not '%s'",
			complaint->option->name, (long long)min, (long long)max, unit_of(complaint),
			cli_shown(typed).text);
	*ret = (int)value;
	return 0;
}

static int real(
	const struct complaint *complaint, const char *typed, double min, double max, double *ret)
{
	char *end;
	/* strtod would take hexadecimal, nan, inf and leading blanks as well. */
	bool plain = *typed && strspn(typed, "0123456789.") == strlen(typed);
	double value = plain ? strtod(typed, &end) : 0;
	if (!plain || *end)
		return cli_refuse(complaint, "--%s needs a number from %g to %g%s, not '%s'",
			complaint->option->name, min, max, unit_of(complaint),
			cli_shown(typed).text);
	if (value < min || value > max)
		return cli_refuse(complaint, "--%s %s is out of range: %g to %g%s",
			complaint->option->name, cli_shown(typed).text, min, max,
			unit_of(complaint));
	*ret = value;
	return 0;
}

/* --- one handler an option --- */

int cli_set_job(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	const char *nearest =
		suggest_row(typed, job_table, sizeof(job_table[0]), ARRAY_LEN(job_table));
	cli->job = job_find(typed);
	return cli->job >= 0 ? 0 : cli_refuse_name(complaint, "job", typed, "list jobs", nearest);
}

int cli_set_right(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->right_user = strcmp(typed, "user") == 0;
	if (cli->right_user || strcmp(typed, "threads") == 0)
		return 0;
	return cli_refuse(complaint, "--right is threads or user, not '%s'", cli_shown(typed).text);
}

int cli_set_seed(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	int seed = 0, error = number(complaint, typed, 0, INT32_MAX, &seed);
	cli->seed = (uint64_t)seed;
	cli->has_seed = true;
	return error;
}

int cli_set_interval(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	int ms = 0, error = number(complaint, typed, INTERVAL_MIN_MS, INTERVAL_MAX_MS, &ms);
	cli->interval = ms * NSEC_PER_MSEC;
	return error;
}

int cli_set_for(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	double seconds = 0;
	int error = real(complaint, typed, DURATION_MIN_S, DURATION_MAX_S, &seconds);
	cli->duration = (nsec)(seconds * (double)NSEC_PER_SEC);
	return error;
}

int cli_set_size(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->size = typed;
	return 0;
}

int cli_set_keys(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	char why[160] = "";
	script_finish(&cli->keys);
	cli->keys = (struct script) { 0 };
	if (script_parse(typed, &cli->keys, why, sizeof(why)) != 0)
		return cli_refuse(complaint, "--keys: %s", why);
	cli->has_keys = true;
	return 0;
}

int cli_set_theme(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->theme = theme_find(typed);
	cli->has_theme = true;
	if (cli->theme)
		return 0;
	return cli_refuse_name(complaint, "theme", typed, "list themes",
		suggest_row(typed, theme_table, sizeof(theme_table[0]), theme_count));
}

static const char *pane_at(const void *context, size_t i)
{
	return ui_pane(i)->name;
}

int cli_set_pane(struct cli *cli, const char *typed, const struct complaint *complaint)
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

int cli_set_color(struct cli *cli, const char *typed, const struct complaint *complaint)
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

int cli_set_verb(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	cli->verb = (enum verb)complaint->option->min;
	return 0;
}

int cli_set_option(struct cli *cli, const struct option_info *option, const char *typed,
	const struct complaint *complaint)
{
	const struct complaint about = { complaint->why, complaint->size, option };
	void *place = (char *)cli + option->place;

	if (option->set)
		return option->set(cli, typed, &about);
	if (option->most > 0)
		return real(&about, typed, option->least, option->most, place);
	if (option->max)
		return number(&about, typed, option->min, option->max, place);
	if (!typed)
		*(bool *)place = true;
	else if (*typed)
		*(const char **)place = typed;
	else
		return cli_refuse(complaint, "--%s needs the name of a file", option->name);
	return 0;
}
