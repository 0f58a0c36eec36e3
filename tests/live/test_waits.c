/* SPDX-License-Identifier: MIT
 * Who waits for whom, read of programs that deadlock and of programs that only look like it: each stands still, and what is
 * read of it again and again names its deadlock, or none. WAITS_SECONDS holds each look-alike for so long (60 is thorough).
 */

#include "model.h"
#include "stuck_programs.h"

#define LOOKS 5 /* readings of the prober that say the same */
#define PATIENCE 20 /* seconds until a program stands still */

/* --- looking --- */

/* A program and its children. */
static void watch_all(struct fixture *f, pid_t pid)
{
	struct target targets[8] = { { .pid = pid, .side = SIDE_RIGHT, .worker = WORKER_NONE } };
	char path[64];
	size_t n = 1;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	FILE *file = fopen(path, "re");

	while (file && n < ARRAY_LEN(targets) && fscanf(file, "%d", &child) == 1)
		targets[n++] =
			(struct target) { .pid = child, .side = SIDE_RIGHT, .worker = WORKER_NONE };
	if (file)
		fclose(file);
	live_set_targets(f->live, targets, n);
}

struct watching {
	struct fixture f;
	struct model *model;
	pid_t pid;
	nsec newest; /* the last reading of the prober */
};

/* Until there is a new reading; of those who hardly ever wait, there may be none for a while. */
static const struct side_totals *look(struct watching *w)
{
	const nsec end = nsec_monotonic() + NSEC_PER_SEC;
	nsec newest = w->newest;
	const struct edge_sample *edge;

	while (newest == w->newest && nsec_monotonic() < end) {
		usleep(10000);
		live_expire_evidence(w->f.live);
		watch_all(&w->f, w->pid);
		read_now(&w->f);
		model_feed(w->model, &w->f.sample);
		vec_each (edge, &w->f.sample.edges)
			newest = MAX(newest, edge->at_ns);
	}
	w->newest = newest;
	return &model_side(w->model, SIDE_RIGHT)->totals;
}

static bool is_as_said(const struct program *program, const struct side_totals *totals)
{
	return (program->named < 0 || totals->waits_named == program->named) &&
	       (program->crowd < 0 || totals->waits_crowd == program->crowd) &&
	       MAX(totals->deadlocked, 0) == program->deadlocked;
}

static nsec hold_for(const struct program *program)
{
	const char *seconds = getenv("WAITS_SECONDS");

	return seconds && !program->deadlocked ? atoi(seconds) * NSEC_PER_SEC : 0;
}

/* Until it stands still, and then for as long as it is held; at no time it is called a deadlock that is none. */
static void look_on(struct watching *w, const struct program *program)
{
	const nsec end = nsec_monotonic() + PATIENCE * NSEC_PER_SEC + hold_for(program);
	nsec since = 0;

	for (int looks = 0; looks < LOOKS || nsec_monotonic() - since < hold_for(program);) {
		const struct side_totals *totals = look(w);

		if (totals->deadlocked > program->deadlocked)
			fail_msg("%s: called a deadlock", program->name);
		if (nsec_monotonic() > end)
			fail_msg("%s: %d named, %d in crowds, %d deadlocked", program->name,
				(int)totals->waits_named, (int)totals->waits_crowd,
				(int)totals->deadlocked);
		looks = is_as_said(program, totals) ? looks + 1 : 0;
		since = looks > 1 ? since : nsec_monotonic();
		if (looks == LOOKS && program->deadlocked)
			assert_true(totals->deadlock_ns > 0);
	}
}

/* Whether a command succeeds. */
static bool is_there(const char *program)
{
	char command[96];

	snprintf(command, sizeof(command), "%s >/dev/null 2>&1", program);
	return system(command) == 0;
}

static void look_at_programs(bool deadlocks)
{
	struct watching w = { .f = open_source(true), .model = model_create(4) };

	live_set_needs(w.f.live, NEED_TASKS | NEED_EDGES, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		const struct program *program = &programs[i];

		if (deadlocks != (program->deadlocked > 0))
			continue;
		if (program->needs && !is_there(program->needs)) {
			print_message("# not here: %s\n", program->needs);
			continue;
		}
		print_message("# %s\n", program->name);
		w.pid = start(program->life);
		look_on(&w, program);
		end(w.pid);
	}
#ifndef MUSL_PROGRAM
	print_message("# not here: musl-gcc\n");
#endif
	model_destroy(w.model);
	close_source(&w.f);
}

static void deadlocks_are_named(void **state)
{
	look_at_programs(true);
}

static void what_only_looks_like_one_is_none(void **state)
{
	look_at_programs(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlocks_are_named),
		cmocka_unit_test(what_only_looks_like_one_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
