/* SPDX-License-Identifier: MIT
 * What it costs to see every switch: crews that switch as fast as they can, pinned to one CPU a side, and the CPU time that
 * we take to fold, model and draw it, by part; per switch, so that machines compare. Fails if a record is lost, or if the
 * figure (2 % of one CPU at 200,000 switches a second) is missed by more than a slow machine explains. Wants an idle
 * machine. TASKSCOPE_LANES_SECONDS: how long each crew runs; TASKSCOPE_LANES_INTERVAL: milliseconds between two samples.
 */
#include <stdio.h>

#include "../live/rig.h"
#include "ui.h"

#define WORKERS 4
#define WANTED 200000 /* switches a second */
#define MOST_PERCENT 6 /* of one CPU, at that rate */
#define ENOUGH 20000 /* switches a second; below, what a tick costs anyway is most of it */

struct setup {
	const char *worker;
	int seconds;
	nsec interval;
	int failed;
};

struct cost {
	int seconds;
	int64_t switches, lost, drain_ns, read_ns, feed_ns, draw_ns;
};

static int64_t draw(struct ui *ui, struct rig *rig, struct canvas *canvas)
{
	int64_t before = rig_cpu_ns();

	ui_draw(ui, rig->model, canvas);
	return rig_cpu_ns() - before;
}

static struct cost measure(const struct setup *setup, struct crews *crews, int job)
{
	const struct ui_options options = { .title = "benchmark" };
	struct rig rig;
	struct cost cost = { 0 };
	struct ui *ui = ui_create(&options);
	struct canvas *canvas = canvas_create(36, 120);

	ui_show_only(ui, "lanes");
	rig_open(&rig, crews, NEED_TASKS | NEED_SWITCHES | NEED_WAITS);
	rig.tick = setup->interval;
	if (!rig_start(&rig, SIDE_LEFT, WORKERS, job, 0) ||
		!rig_start(&rig, SIDE_RIGHT, WORKERS, job, 1))
		printf("  the crews do not run\n");
	rig_run(&rig, NSEC_PER_SEC / 2); /* memory comes to its size */
	rig.events = rig.lost = rig.drain_ns = rig.read_ns = rig.feed_ns = 0;
	for (nsec left = setup->seconds * NSEC_PER_SEC; left > 0; left -= rig.tick) {
		rig_run(&rig, rig.tick);
		cost.draw_ns += draw(ui, &rig, canvas);
		rig_drain(&rig);
	}
	cost = (struct cost) { setup->seconds, rig.events / 2, rig.lost, rig.drain_ns, rig.read_ns,
		rig.feed_ns, cost.draw_ns };
	rig_close(&rig);
	ui_destroy(ui);
	canvas_destroy(canvas);
	return cost;
}

/* What reading and modelling as many switches as we want to see would take. */
static double at_wanted(const struct cost *cost)
{
	return (double)(cost->drain_ns + cost->read_ns + cost->feed_ns) /
	       (double)MAX(cost->switches, 1) * WANTED / 1e7;
}

static bool is_too_much(const struct cost *cost)
{
	return cost->lost > 0 ||
	       (cost->switches > ENOUGH * cost->seconds && at_wanted(cost) > MOST_PERCENT);
}

static double percent(const struct cost *cost, int64_t ns)
{
	return 100.0 * (double)ns / (cost->seconds * 1e9);
}

static void print(const char *name, const struct cost *cost)
{
	printf("  %-9s %8.0f switches/s, %lld lost; of one CPU: drain %.2f %%, read %.2f %%, model "
	       "%.2f %%, draw %.2f %%; %.0f ns a switch, so %.1f %% without drawing at %d/s\n",
		name, (double)cost->switches / cost->seconds, (long long)cost->lost,
		percent(cost, cost->drain_ns), percent(cost, cost->read_ns),
		percent(cost, cost->feed_ns), percent(cost, cost->draw_ns),
		at_wanted(cost) * 1e7 / WANTED, at_wanted(cost), WANTED);
}

static int screen(void *context, struct crews *crews)
{
	static const int jobs[] = { JOB_SLEEP, JOB_YIELD, JOB_PINGPONG, JOB_FUTEX };
	struct setup *setup = context;

	printf("Lanes of %d processes and %d threads, each side on one CPU, %d s each, a sample "
	       "every %lld ms:\n",
		WORKERS, WORKERS, setup->seconds, (long long)(setup->interval / NSEC_PER_MSEC));
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		struct cost cost = measure(setup, crews, jobs[i]);

		print(job_table[jobs[i]].name, &cost);
		setup->failed += is_too_much(&cost);
	}
	return setup->failed;
}

static int from_environment(const char *name, int usual)
{
	const char *text = getenv(name);

	return text ? MAX(atoi(text), 1) : usual;
}

int main(int argc, char **argv)
{
	struct setup setup = { .worker = argc > 1 ? argv[1] : NULL,
		.seconds = from_environment("TASKSCOPE_LANES_SECONDS", 5),
		.interval = from_environment("TASKSCOPE_LANES_INTERVAL", 100) * NSEC_PER_MSEC };
	const struct supervise_options options = {
		.screen = screen, .context = &setup, .with_crews = true, .worker_path = setup.worker
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return supervise(&options);
}
