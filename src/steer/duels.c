/* SPDX-License-Identifier: MIT
 * Duels beside the crews: starts what a key or a scene wants measured, and adds to each sample what has been measured.
 */

#include "duel.h"
#include "internal.h"
#include "source.h"

/* What of this machine bears on the numbers, the most telling first: a narrow line shows no more. */
static void take_card(struct steer *steer)
{
	struct machine_traits traits;
	struct machine_info card;
	char text[80], hz[24] = "";
	machine_traits_read(NULL, NULL, &traits);
	machine_info_read(NULL, &card);
	if (traits.hz > 0)
		snprintf(hz, sizeof(hz), ", %d Hz", traits.hz);
	snprintf(steer->duel.card, sizeof(steer->duel.card),
		"%s; load %.1f at the start; %s, %d online; Linux %s%s, huge pages %s, governor "
		"%s, "
		"perf_event_paranoid %d; %s",
		machine_traits_text(text, sizeof(text), &traits), traits.load, card.cpu, card.cpus,
		card.kernel, hz, *traits.thp ? traits.thp : "unknown",
		*traits.governor ? traits.governor : "not shown", card.perf_event_paranoid,
		*traits.mitigations ? traits.mitigations : "no mitigation that the kernel names");
	steer->duel.page = NULL; /* the next page may lie where this one lay */
}

int steer_start_duel(struct steer *steer, const struct duel_wish *wish, char *why, size_t why_size)
{
	int32_t cpus[CPUS_LISTED];
	const struct duel_room room = { cpus, cpus_list(cpus, CPUS_LISTED),
		model_machine(steer->model)->now.available_kb };
	struct duel_plan *plan = xcalloc(1, sizeof(*plan));
	int error = duel_plan_make(wish, &room, plan, why, why_size);
	if (!error) {
		take_card(steer);
		error = crews_duel_start(steer->crews, plan);
		if (error)
			snprintf(why, why_size, "the duel: %s", strerror(-error));
	}
	free(plan);
	return error;
}

bool steer_duel_runs(const struct steer *steer)
{
	return crews_duel_state(steer->crews, NULL) == DUEL_RUNNING;
}

/* What the page says, worked out only when there is news of its trials: they are sorted for it. */
static void renew_report(struct steer *steer, const char *state, const char *note)
{
	const struct duel_page *page = crews_duel_page(steer->crews);
	struct steer_duel *shown = &steer->duel;
	uint64_t news = duel_news(page);
	if (shown->page == page && shown->news == news && shown->report.duels.n) {
		duel_report_state(page, state, note, &shown->report);
		return;
	}
	shown->page = page;
	shown->news = news;
	duel_report(page, state, note, &shown->report);
}

void steer_report_duel(struct steer *steer, struct sample *sample)
{
	static const char *const words[] = { [DUEL_OFF] = "off",
		[DUEL_RUNNING] = "running",
		[DUEL_DONE] = "done",
		[DUEL_STOPPED] = "stopped",
		[DUEL_FAILED] = "failed" };
	const struct sample *report = &steer->duel.report;
	const char *note = NULL;
	const struct duel_sample *duel;
	const struct contrast_sample *contrast;
	enum duel_state state = crews_duel_state(steer->crews, &note);
	if (state == DUEL_OFF)
		return;
	renew_report(steer, words[state], note);
	sample->duel = report->duel;
	snprintf(sample->duel.card, sizeof(sample->duel.card), "%s", steer->duel.card);
	vec_each (duel, &report->duels)
		*vec_push(&sample->duels) = *duel;
	vec_each (contrast, &report->contrasts)
		*vec_push(&sample->contrasts) = *contrast;
}

/* --- keys --- */

/* Measures with what its slider says; a duel that runs makes room. */
static void begin_duel(struct steer *steer, int duel)
{
	struct duel_wish wish = { .duel = duel, .quick = true, .cpu = { -1, -1 } };
	int64_t parameter = ui_duel_parameter(steer->ui, duel);
	char why[240] = "";

	if (parameter >= 0)
		wish.list[duel] = (struct duel_list) { { parameter }, 1 };
	ui_duel_choose(steer->ui, duel);
	crews_duel_stop(steer->crews);
	if (steer_start_duel(steer, &wish, why, sizeof(why)) != 0)
		ui_message(steer->ui, STYLE_WARN, "not started: %s", why);
	else
		ui_message(steer->ui, STYLE_TEXT, "duel: %s", duel_table[duel].help);
}

bool steer_duel(struct steer *steer, enum command_id command)
{
	static const enum command_id commands[] = { CMD_DUEL_SWITCH, CMD_DUEL_CREATE, CMD_DUEL_TALK,
		CMD_DUEL_MEMORY };
	if (command == CMD_DUEL_STOP) {
		bool runs = steer_duel_runs(steer);
		crews_duel_stop(steer->crews);
		ui_message(steer->ui, STYLE_TEXT, "%s",
			runs ? "the duel ended; what it has stays" : "no duel runs");
		return true;
	}
	if (command == CMD_DUEL_LESS || command == CMD_DUEL_MORE) {
		if (ui_duel_slide(steer->ui, command == CMD_DUEL_MORE ? 1 : -1))
			begin_duel(steer, ui_duel_chosen(steer->ui));
		return true;
	}
	for (int duel = 0; duel < (int)ARRAY_LEN(commands); duel++) {
		if (commands[duel] != command)
			continue;
		begin_duel(steer, duel);
		return true;
	}
	return false;
}
