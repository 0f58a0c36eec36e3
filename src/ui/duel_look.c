/* SPDX-License-Identifier: MIT
 * What the duel pane looks at and asks for: the sliders of what duels vary, the selected series, and the number of it that
 * `?` is about.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "duel_look.h"

#define USUAL (-1) /* before the first stop: what a duel measures by itself */

/* The stops of each slider, within the bounds of the table of duels. */
static const struct {
	int n;
	int64_t at[8];
} stops[DUELS] = {
	[DUEL_SWITCH] = { 7, { 0, 16, 64, 256, 1024, 4096, 16384 } },
	[DUEL_CREATE] = { 5, { 0, 16, 64, 256, 1024 } },
	[DUEL_TALK] = { 6, { 8, 64, 1024, 4096, 65536, 1048576 } },
	[DUEL_MEMORY] = { 6, { 1, 2, 4, 8, 16, 32 } },
};

int64_t ui_duel_parameter(const struct ui *ui, int duel)
{
	int stop = ui->duel.stop[duel];

	return stop > 0 ? stops[duel].at[stop - 1] : USUAL;
}

void ui_duel_choose(struct ui *ui, int duel)
{
	ui->duel.chosen = duel;
}

int ui_duel_chosen(const struct ui *ui)
{
	return ui->duel.chosen;
}

bool ui_duel_slide(struct ui *ui, int step)
{
	int *stop = &ui->duel.stop[ui->duel.chosen];
	int to = MAX(MIN(*stop + step, stops[ui->duel.chosen].n), 0);
	bool moved = to != *stop;

	*stop = to;
	return moved;
}

const char *duel_amount(char *out, size_t size, int64_t value, const char *unit)
{
	bool bytes = strcmp(unit, "bytes") == 0, kilo = strcmp(unit, "kB") == 0;

	if (value < 0)
		snprintf(out, size, "usual");
	else if (bytes && value >= 1 << 20 && value % (1 << 20) == 0)
		snprintf(out, size, "%lld MB", (long long)value >> 20);
	else if ((bytes || kilo) && value >= 1024 && value % 1024 == 0)
		snprintf(out, size, "%lld %s", (long long)value / 1024, bytes ? "kB" : "MB");
	else if (strcmp(unit, "workers") == 0)
		snprintf(out, size, "%lld worker%s", (long long)value, value == 1 ? "" : "s");
	else
		snprintf(out, size, "%lld %s", (long long)value, unit);
	return out;
}

/* --- the numbers of a series --- */

static const struct duel_number numbers[DUELS][DUEL_NUMBERS] = {
	[DUEL_SWITCH] = { { "median", "median", DUEL_AS_VALUE }, { "p5", "p5", DUEL_AS_VALUE },
		{ "p95", "p95", DUEL_AS_VALUE }, { "no work", "baseline", DUEL_AS_VALUE },
		{ "net", "net", DUEL_AS_VALUE }, { "switches", "switches", DUEL_AS_COUNT } },
	[DUEL_CREATE] = { { "median", "median", DUEL_AS_VALUE }, { "p5", "p5", DUEL_AS_VALUE },
		{ "p95", "p95", DUEL_AS_VALUE }, { "page tables", "page_tables_kb", DUEL_AS_KB },
		{ "mappings", "mappings", DUEL_AS_COUNT },
		{ "then to write", "written_kb", DUEL_AS_KB },
		{ "faults", "faults", DUEL_AS_COUNT }, { "in", "write_ns", DUEL_AS_NS } },
	[DUEL_TALK] = { { "median", "median", DUEL_AS_VALUE }, { "p5", "p5", DUEL_AS_VALUE },
		{ "p95", "p95", DUEL_AS_VALUE }, { "messages/s", "message_rate", DUEL_AS_RATE },
		{ "latency", "latency_p50", DUEL_AS_NS }, { "its p95", "latency_p95", DUEL_AS_NS },
		{ "a message: calls", "calls", DUEL_AS_COUNT },
		{ "switches", "switches", DUEL_AS_COUNT },
		{ "copied B", "copied", DUEL_AS_COUNT } },
	[DUEL_MEMORY] = { { "PSS", "median", DUEL_AS_VALUE }, { "RSS", "rss_kb", DUEL_AS_KB },
		{ "private", "uss_kb", DUEL_AS_KB },
		{ "page tables", "page_tables_kb", DUEL_AS_KB },
		{ "kernel stacks", "kernel_stack_kb", DUEL_AS_KB },
		{ "VmSize", "vm_size_kb", DUEL_AS_KB } },
};

const struct duel_number *duel_numbers(const struct duel_sample *duel, int *ret_n)
{
	int which = MAX(duel_find(duel->duel), 0), n = 0;

	while (n < DUEL_NUMBERS && numbers[which][n].label)
		n++;
	*ret_n = n;
	return numbers[which];
}

const char *duel_number_text(
	char *out, size_t size, const struct duel_sample *duel, const struct duel_number *number)
{
	double value = fact_of(fact_find(FACT_DUEL, number->fact), duel);
	bool ns = number->as == DUEL_AS_NS ||
		  (number->as == DUEL_AS_VALUE && strcmp(duel->unit, "ns") == 0);

	if (isnan(value))
		snprintf(out, size, "–");
	else if (ns)
		format_fine_ns(out, size, value);
	else if (number->as == DUEL_AS_RATE)
		format_rate(out, size, value);
	else if (number->as == DUEL_AS_COUNT)
		snprintf(
			out, size, value < 9.995 && value != floor(value) ? "%.2f" : "%.0f", value);
	else
		format_kb(out, size, (int64_t)value);
	return out;
}

static const struct duel_sample *selected(const struct ui *ui, const struct model *model)
{
	const struct sample *sample = model_sample(model);

	return sample->duels.n == 0 ? NULL
				    : &sample->duels.at[MIN(ui->duel.at, (int)sample->duels.n - 1)];
}

/* "clone VM+FS" is clone_vm_fs, as scenes write it. */
static void put_word(char *out, size_t size, const char *name)
{
	size_t len = strlen(out);

	for (; *name && len + 2 < size; name++)
		out[len++] =
			isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
	out[len] = '\0';
}

bool duel_number(const struct ui *ui, struct model *model, struct number *ret)
{
	const struct duel_sample *duel = selected(ui, model);
	char amount[32];
	int n;

	if (!duel)
		return false;
	const struct duel_number *list = duel_numbers(duel, &n);
	*ret = (struct number) { .scope = FACT_DUEL,
		.fact = list[MIN(ui->duel.number, n - 1)].fact };
	snprintf(ret->path, sizeof(ret->path), "duel.%s.", duel->duel);
	put_word(ret->path, sizeof(ret->path), duel->method);
	snprintf(ret->path + strlen(ret->path), sizeof(ret->path) - strlen(ret->path), ".");
	put_word(ret->path, sizeof(ret->path), duel->who);
	snprintf(ret->path + strlen(ret->path), sizeof(ret->path) - strlen(ret->path), ".%s",
		ret->fact);
	snprintf(ret->subject, sizeof(ret->subject), "%s by %s, %s, %s, %s: %d trials", duel->duel,
		duel->method, duel->who, duel->cpus > 1 ? "2 CPUs" : "1 CPU",
		duel_amount(amount, sizeof(amount), duel->parameter, duel->parameter_unit),
		duel->trials);
	return true;
}

void duel_command(struct ui *ui, struct model *model, enum command_id command)
{
	const struct duel_sample *duel = selected(ui, model);
	int n = 1, step = command == CMD_FIELD_NEXT ? 1 : -1;

	if (command != CMD_FIELD_NEXT && command != CMD_FIELD_PREVIOUS)
		return;
	if (duel)
		duel_numbers(duel, &n);
	ui->duel.number = (MIN(ui->duel.number, n - 1) + n + step) % n;
}

void duel_move(struct ui *ui, struct model *model, enum command_id command)
{
	ui->duel.at = scroll_move(&ui->duel.scroll, ui->duel.at, command);
}
