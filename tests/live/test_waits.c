/* SPDX-License-Identifier: MIT
 * Who waits for whom, read of programs that deadlock and of programs that only look like it: each stands still, and what is
 * read of it again and again names its deadlock, or none. WAITS_SECONDS holds the look-alikes for so long (60 is thorough).
 */

#include "model.h"
#include "stuck_programs.h"

#define LOOKS 5 /* readings of the prober that say the same */
#define PATIENCE 20 /* seconds until a program stands still */

/* --- looking --- */

/* Programs and their children. */
static void watch_all(struct fixture *f, const pid_t *pids, size_t n)
{
	struct target targets[TARGETS_MAX];
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		char path[64];
		int child = pids[i];

		snprintf(path, sizeof(path), "/proc/%d/task/%d/children", child, child);
		FILE *file = fopen(path, "re");

		do
			targets[found++] = (struct target) {
				.pid = child, .side = SIDE_RIGHT, .worker = WORKER_NONE
			};
		while (file && found < ARRAY_LEN(targets) && fscanf(file, "%d", &child) == 1);
		if (file)
			fclose(file);
	}
	live_set_targets(f->live, targets, found);
}

struct watching {
	struct fixture f;
	struct model *model;
	pid_t pid[ARRAY_LEN(programs)];
	size_t n;
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
		watch_all(&w->f, w->pid, w->n);
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

/* Until it stands still; at no time it is called a deadlock that is none. */
static void look_on(struct watching *w, const struct program *program)
{
	const nsec end = nsec_monotonic() + PATIENCE * NSEC_PER_SEC;

	for (int looks = 0; looks < LOOKS;) {
		const struct side_totals *totals = look(w);

		if (totals->deadlocked > program->deadlocked)
			fail_msg("%s: called a deadlock", program->name);
		if (nsec_monotonic() > end)
			fail_msg("%s: %d named, %d in crowds, %d deadlocked", program->name,
				(int)totals->waits_named, (int)totals->waits_crowd,
				(int)totals->deadlocked);
		looks = is_as_said(program, totals) ? looks + 1 : 0;
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

static bool can_be_had(const struct program *program)
{
	if (!program->needs || is_there(program->needs))
		return true;
	print_message("# not here: %s\n", program->needs);
	return false;
}

static struct watching open_watching(void)
{
	struct watching w = { .f = open_source(true), .model = model_create(4) };

	live_set_needs(w.f.live, NEED_TASKS | NEED_EDGES, NULL, 0);
	return w;
}

static void close_watching(struct watching *w)
{
	while (w->n)
		end(w->pid[--w->n]);
	model_destroy(w->model);
	close_source(&w->f);
}

static void look_at_programs(bool deadlocks)
{
	struct watching w = open_watching();

	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		const struct program *program = &programs[i];

		if (deadlocks != (program->deadlocked > 0) || !can_be_had(program))
			continue;
		print_message("# %s\n", program->name);
		w.pid[w.n++] = start(program->life);
		look_on(&w, program);
		end(w.pid[--w.n]);
	}
#ifndef MUSL_PROGRAM
	print_message("# not here: musl-gcc\n");
#endif
	close_watching(&w);
}

static void deadlocks_are_named(void **state)
{
	look_at_programs(true);
}

static void what_only_looks_like_one_is_none(void **state)
{
	look_at_programs(false);
}

static int64_t switches_of(const struct task_sample *task)
{
	return task->voluntary + task->involuntary;
}

/* How many tasks were not switched from one sample to another. */
static int count_still(const struct sample *before, const struct sample *now)
{
	const struct task_sample *task, *then;
	int n = 0;

	vec_each (task, &now->tasks)
		vec_each (then, &before->tasks)
			n += then->tid == task->tid && switches_of(then) == switches_of(task);
	return n;
}

/* All that stand still, side by side, for as long as is wanted. */
static void held_for_long_none_becomes_a_deadlock(void **state)
{
	const char *seconds = getenv("WAITS_SECONDS");
	struct watching w = open_watching();
	struct sample before = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		if (!programs[i].deadlocked && programs[i].crowd >= 0 && can_be_had(&programs[i]))
			w.pid[w.n++] = start(programs[i].life);
	for (int i = 0; i < LOOKS; i++)
		look(&w);
	sample_copy(&before, &w.f.sample);
	const nsec until = nsec_monotonic() + (seconds ? atoi(seconds) : 2) * NSEC_PER_SEC;
	while (nsec_monotonic() < until)
		if (look(&w)->deadlocked > 0)
			fail_msg("one of %zu programs is called a deadlock", w.n);
	const int still = count_still(&before, &w.f.sample);

	print_message("# %zu programs, %d tasks that were not switched\n", w.n, still);
	assert_true(still >= 20);
	sample_finish(&before);
	close_watching(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlocks_are_named),
		cmocka_unit_test(what_only_looks_like_one_is_none),
		cmocka_unit_test(held_for_long_none_becomes_a_deadlock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
