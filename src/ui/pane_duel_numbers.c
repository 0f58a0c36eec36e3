/* SPDX-License-Identifier: MIT
 * The numbers of a series, and the cursor of the duel pane: the sliders of what duels vary, the selected series, and the
 * number of it that `?` is about.
 */
#include <ctype.h>

#include "pane_duel.h"

const char *duel_amount(char *out, size_t size, int64_t value, const char *unit)
{
	bool bytes = strcmp(unit, "bytes") == 0, kilo = strcmp(unit, "kB") == 0;

	if (value < 0)
		snprintf(out, size, "default");
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

#define DUEL_SPREAD                                                                                \
	{ "median", "median", DUEL_AS_VALUE }, { "9 of 10 from", "p5", DUEL_AS_VALUE },            \
	{                                                                                          \
		"to", "p95", DUEL_AS_VALUE                                                         \
	}

static const struct duel_number numbers[DUELS][DUEL_NUMBERS] = {
	[DUEL_SWITCH] = { DUEL_SPREAD, { "empty loop", "baseline", DUEL_AS_VALUE },
		{ "without it", "net", DUEL_AS_VALUE },
		{ "switches each", "switches", DUEL_AS_COUNT } },
	[DUEL_CREATE] = { DUEL_SPREAD, { "page tables", "page_tables_kb", DUEL_AS_KB },
		{ "mappings", "mappings", DUEL_AS_COUNT },
		{ "then to write", "written_kb", DUEL_AS_KB },
		{ "faults", "faults", DUEL_AS_COUNT }, { "written in", "write_ns", DUEL_AS_NS } },
	[DUEL_TALK] = { DUEL_SPREAD, { "messages/s", "message_rate", DUEL_AS_RATE },
		{ "latency", "latency_p50", DUEL_AS_NS },
		{ "19 of 20 below", "latency_p95", DUEL_AS_NS },
		{ "a message: calls", "calls", DUEL_AS_COUNT },
		{ "switches", "switches", DUEL_AS_COUNT },
		{ "copied B", "copied", DUEL_AS_COUNT } },
	[DUEL_MEMORY] = { { "PSS", "median", DUEL_AS_VALUE }, { "RSS", "rss_kb", DUEL_AS_KB },
		{ "private", "uss_kb", DUEL_AS_KB },
		{ "page tables", "page_tables_kb", DUEL_AS_KB },
		{ "kernel stacks", "kernel_stack_kb", DUEL_AS_KB },
		{ "VmSize", "vm_size_kb", DUEL_AS_KB } },
};

int duel_index(const struct duel_sample *duel)
{
	return MAX(duel_find(duel->duel), 0);
}

const struct duel_number *duel_numbers(const struct duel_sample *duel, int *ret_n)
{
	const int which = duel_index(duel);
	int n = 0;

	while (n < DUEL_NUMBERS && numbers[which][n].label)
		n++;
	*ret_n = n;
	return numbers[which];
}

void duel_init(void *at)
{
	struct duel_pane *state = at;

	for (int duel = 0; duel < DUELS; duel++)
		for (int i = 0; i < DUEL_NUMBERS && numbers[duel][i].label; i++)
			state->facts[duel][i] = fact_find(FACT_DUEL, numbers[duel][i].fact);
}

void duel_number_text(char *out, size_t size, const struct duel_sample *duel,
	const struct duel_number *number, const struct fact *fact)
{
	double value = fact_of(fact, duel);
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
}

static const struct duel_sample *selected(const struct duel_pane *state, const struct model *model)
{
	const struct sample *sample = model_sample(model);

	if (sample->duels.n == 0)
		return NULL;
	return &sample->duels.at[MIN(state->at, (int)sample->duels.n - 1)];
}

/* "clone VM+FS" is clone_vm_fs, as scenes write it. */
static void put_word(char *out, size_t size, const char *name)
{
	size_t len = strlen(out);

	for (; *name && len + 2 < size; name++)
		out[len++] =
			isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
	out[len++] = '.';
	out[len] = '\0';
}

bool pane_duel_number(const struct panel *panel, const struct model *model, struct number *ret)
{
	const struct duel_pane *state = panel->state;
	const struct duel_sample *duel = selected(state, model);
	int n;

	if (!duel)
		return false;
	(void)duel_numbers(duel, &n);
	*ret = (struct number) {
		.fact = state->facts[duel_index(duel)][MIN(state->number, n - 1)]
	};
	snprintf(ret->text, sizeof(ret->text), "duel.%s.", duel->duel);
	put_word(ret->text, sizeof(ret->text), duel->method);
	put_word(ret->text, sizeof(ret->text), duel->who);
	text_addf(ret->text, sizeof(ret->text), "%s", ret->fact->name);
	snprintf(ret->subject, sizeof(ret->subject), "%s by %s, %s, %s, %s: %d trials", duel->duel,
		duel->method, duel->who, duel->cpus > 1 ? "2 CPUs" : "1 CPU",
		TEXT_OF(duel_amount, duel->parameter, duel->parameter_unit), duel->trials);
	return true;
}

void pane_duel_command(struct panel *panel, struct model *model, enum command_id command)
{
	struct duel_pane *state = panel->state;
	const struct duel_sample *duel = selected(state, model);
	int n = 1, step = command == CMD_FIELD_NEXT ? 1 : -1;

	if (command != CMD_FIELD_NEXT && command != CMD_FIELD_PREVIOUS)
		return;
	if (duel)
		duel_numbers(duel, &n);
	state->number = (MIN(state->number, n - 1) + n + step) % n;
}

void pane_duel_move(struct panel *panel, struct model *model, enum command_id command)
{
	struct duel_pane *state = panel->state;

	state->at = scroll_move(&state->scroll, state->at, command);
}
