/* SPDX-License-Identifier: MIT
 * What a number on the screen costs: each fact of a recording's last sample, read by the text of its path and by a path
 * that was parsed before, one line a scope; then the frames of each pane. Fails if parsed paths cost more than a tenth of
 * what their texts cost, over all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ui.h"

#define ROUNDS 2000
#define FRAMES 500

static nsec cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

static struct model *model_of(const char *path)
{
	struct model *model = model_create(60);
	struct sample sample = { 0 };
	struct recording *recording;
	char why[128] = "";
	bool cut;

	if (recording_open(path, &recording, why, sizeof(why)) != 0) {
		printf("%s: %s\n", path, why);
		exit(1);
	}
	while (recording_next(recording, &sample, &cut, why, sizeof(why)) == 0)
		model_feed(model, &sample);
	recording_close(recording);
	sample_finish(&sample);
	return model;
}

static void put_path(char *out, size_t size, bool side, const struct fact *fact)
{
	snprintf(out, size, "right.%s%s", side ? "" : "worker1.", fact->name);
}

/* What one cell of each fact costs, in ns. */
struct cost {
	double text, path;
	int n;
};

static double ns_by_text(const struct model *model, bool side, const struct fact *fact)
{
	struct fact_value value;
	char text[96];
	nsec start = cpu_time();

	for (int i = 0; i < ROUNDS; i++) {
		put_path(text, sizeof(text), side, fact);
		if (!fact_value(model, text, &value, NULL, 0))
			exit(1);
	}
	return (double)(cpu_time() - start) / ROUNDS;
}

static double ns_by_path(const struct model *model, bool side, const struct fact *fact)
{
	struct fact_path path;
	struct fact_value value;
	char text[96];
	nsec start;

	put_path(text, sizeof(text), side, fact);
	if (!fact_path_parse(text, &path, NULL, 0))
		exit(1);
	start = cpu_time();
	for (int i = 0; i < ROUNDS; i++)
		fact_read(model, &path, &value);
	return (double)(cpu_time() - start) / ROUNDS;
}

static struct cost measure_scope(const struct model *model, enum fact_scope scope)
{
	const struct fact *fact;
	struct cost cost = { 0 };

	for (size_t i = 0; (fact = fact_at(i)); i++) {
		if (fact->scope != scope)
			continue;
		cost.text += ns_by_text(model, scope == FACT_SIDE, fact);
		cost.path += ns_by_path(model, scope == FACT_SIDE, fact);
		cost.n++;
	}
	return cost;
}

static void print_cost(const char *name, const struct cost *cost)
{
	printf("cell of %-10s %3d facts: by text %5.0f ns, by path %4.0f ns, ratio %.1f\n", name,
		cost->n, cost->text / cost->n, cost->path / cost->n, cost->text / cost->path);
}

/* Returns whether parsed paths are cheap enough. */
static bool measure_cells(const struct model *model)
{
	static const enum fact_scope scopes[] = { FACT_TASK, FACT_PROCESS, FACT_SIDE, FACT_WORKER,
		FACT_SHARING, FACT_PAGES, FACT_WINDOW, FACT_X, FACT_LOCAL, FACT_VICTIM,
		FACT_NEIGHBOUR, FACT_REGISTERS, FACT_FILE, FACT_PLACE, FACT_SIGNALS };
	struct cost all = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		const struct cost cost = measure_scope(model, scopes[i]);

		print_cost(fact_scope_name(scopes[i]), &cost);
		all.text += cost.text;
		all.path += cost.path;
		all.n += cost.n;
	}
	print_cost("all", &all);
	return all.path * 10 <= all.text;
}

static void measure_frames(struct model *model, const char *pane)
{
	const struct ui_options options = { .title = "benchmark" };
	struct ui *ui = ui_create(&options);
	struct canvas *canvas = canvas_create(36, 120);
	nsec start;

	if (ui_show_only(ui, pane)) {
		ui_draw(ui, model, canvas);
		start = cpu_time();
		for (int i = 0; i < FRAMES; i++)
			ui_draw(ui, model, canvas);
		printf("frame of %-10s %7.1f us\n", pane,
			(double)(cpu_time() - start) / FRAMES / 1e3);
	}
	canvas_destroy(canvas);
	ui_destroy(ui);
}

int main(int argc, char **argv)
{
	struct model *model = argc > 1 ? model_of(argv[1]) : NULL;
	bool good;

	if (!model)
		return 1;
	good = measure_cells(model);
	for (size_t i = 0; ui_pane(i); i++)
		measure_frames(model, ui_pane(i)->name);
	model_destroy(model);
	return !good;
}
