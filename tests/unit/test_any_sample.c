/* SPDX-License-Identifier: MIT
 * Samples that no kernel would give: a recording may hold any number in any place. Whatever it is,
 * no rate is negative or infinite, every row stands once, and every path has an answer.
 */
#include "model_samples.h"

#include <stdio.h>

#define ROUNDS 3000

struct scope {
	struct model *model;
	struct sample sample;
	uint64_t seed;
};

static uint64_t next_random(struct scope *s)
{
	s->seed ^= s->seed << 13;
	s->seed ^= s->seed >> 7;
	s->seed ^= s->seed << 17;
	return s->seed;
}

static int64_t any_number(struct scope *s)
{
	static const int64_t edges[] = { INT64_MIN, INT64_MIN + 1, INT32_MIN, -2, -1, 0, 1, 2,
		INT16_MAX, INT32_MAX, INT64_MAX - 1, INT64_MAX };
	const uint64_t choice = next_random(s);

	if (choice % 4 == 0)
		return edges[(choice >> 8) % ARRAY_LEN(edges)];
	return (int64_t)(next_random(s) % (choice % 4 == 1 ? 5 : 100000));
}

/* Every byte of a record, by numbers of its widths; what must be text is made text after. */
static void scramble(struct scope *s, void *record, size_t size)
{
	for (size_t i = 0; i + 8 <= size; i += 8) {
		const int64_t wide = any_number(s);
		const int32_t narrow[2] = { (int32_t)any_number(s), (int32_t)any_number(s) };
		const int16_t small[4] = { (int16_t)any_number(s), (int16_t)any_number(s),
			(int16_t)any_number(s), (int16_t)any_number(s) };
		const void *from[] = { &wide, narrow, small };

		memcpy((char *)record + i, from[next_random(s) % 3], 8);
	}
}

static void any_text(struct scope *s, char *member, size_t size)
{
	static const char *const texts[] = { "", "[heap]", "[stack]", "[", "/memfd:taskscope-",
		"/memfd:taskscope-X (deleted)", "taskscope-board", " (deleted)", "/", "/a.so",
		"[anon:", "]", "rw-s", "---p", "r-xp" };
	const char *text = texts[next_random(s) % ARRAY_LEN(texts)];

	memset(member, 0, size);
	safe_text(member, size, text, strlen(text));
}

static void any_tasks(struct scope *s)
{
	for (uint64_t n = next_random(s) % 12; n > 0; n--) {
		struct task_sample *task = vec_push(&s->sample.tasks);
		struct process_sample *process = vec_push(&s->sample.processes);
		struct worker_sample *worker = vec_push(&s->sample.workers);

		scramble(s, task, sizeof(*task));
		any_text(s, task->name, sizeof(task->name));
		scramble(s, process, sizeof(*process));
		any_text(s, process->name, sizeof(process->name));
		scramble(s, worker, sizeof(*worker));
		any_text(s, worker->job, sizeof(worker->job));
		/* Often enough on a side, and the same ones again. */
		task->side = process->side = worker->side = (int16_t)(next_random(s) % 3);
		task->tid = process->pid = worker->pid = (int32_t)(next_random(s) % 6);
		task->worker = worker->index = (int16_t)(next_random(s) % 4) - 2;
	}
}

static void any_sample(struct scope *s, int round)
{
	sample_clear(&s->sample);
	/* Mostly later than the one before, or the model would start anew each time. */
	s->sample.at_ns = next_random(s) % 8 ? round * MSEC : any_number(s);
	s->sample.slow_at_ns = any_number(s);
	any_tasks(s);
	for (uint64_t n = next_random(s) % 20; n > 0; n--) {
		struct mapping_sample *mapping = vec_push(&s->sample.mappings);

		scramble(s, mapping, sizeof(*mapping));
		any_text(s, mapping->path, sizeof(mapping->path));
		any_text(s, mapping->perms, sizeof(mapping->perms));
		mapping->pid = (int32_t)(n / 10) + 1;
	}
	for (int side = 0; side < SIDES; side++) {
		struct crew_sample *crew = vec_push(&s->sample.crews);

		scramble(s, crew, sizeof(*crew));
		crew->fixed_addresses = false;
		any_text(s, crew->job, sizeof(crew->job));
		any_text(s, crew->note, sizeof(crew->note));
		crew->side = (int16_t)side;
		crew->host = (int32_t)(next_random(s) % 4);
	}
	scramble(s, &s->sample.machine, sizeof(s->sample.machine));
	scramble(s, &s->sample.observer, sizeof(s->sample.observer));
}

static void assert_rate(double rate)
{
	assert_true(isnan(rate) || (rate >= 0 && isfinite(rate)));
}

static void check_side(const struct model_side *side)
{
	assert_int_equal(side->totals.tasks, side->n_tracks);
	assert_rate(side->totals.voluntary_per_s);
	assert_rate(side->totals.involuntary_per_s);
	assert_rate(side->totals.cpu_percent);
	assert_true(side->totals.voluntary >= UNKNOWN && side->totals.rss_kb >= UNKNOWN);
	for (size_t i = 0; i < side->n_tracks; i++) {
		const struct track *track = side->tracks[i];

		assert_rate(track->voluntary_per_s);
		assert_rate(track->involuntary_per_s);
		assert_rate(track->cpu_percent);
		assert_rate(track->wait_percent);
		assert_rate(track->minor_faults_per_s);
		for (size_t j = 0; j < i; j++)
			assert_true(side->tracks[j]->now.tid != track->now.tid);
	}
}

static void check_facts(const struct model *model)
{
	static const char *const subjects[FACT_SCOPES] = { "left.worker1", "right.process3", "left",
		"right.worker0.stack", "machine", "observer" };
	const struct fact *fact;
	struct fact_value value;
	char path[96], text[64];

	for (size_t i = 0; (fact = fact_at(i)); i++) {
		if (fact->scope >= FACT_DUEL)
			continue;
		const char *subject = subjects[fact->scope];
		bool missing;

		snprintf(path, sizeof(path), "%s.%s", subject ? subject : "left.worker1",
			fact->name);
		assert_true(fact_value(model, path, &value, NULL, 0));
		missing = isnan(value.number) && !value.text[0];
		assert_int_equal(missing, value.quality == QUALITY_UNAVAILABLE);
		assert_int_equal(missing, value.reason[0] != '\0');
		assert_true(value.age >= 0);
		assert_true(fact_format(text, sizeof(text), &value)[0] != '\0');
	}
}

static void check_rows(struct model *model)
{
	size_t n, left_n, right_n, lefts = 0, rights = 0;
	const struct region *left = model_regions(model, 1, &left_n);
	const struct region *right = model_regions(model, 2, &right_n);
	const struct region_pair *rows = model_align(model, 1, 2, &n);

	for (size_t i = 0; i < n; i++) {
		if (rows[i].left)
			assert_ptr_equal(rows[i].left, &left[lefts++]);
		if (rows[i].right)
			assert_ptr_equal(rows[i].right, &right[rights++]);
		assert_true(rows[i].left || rows[i].right);
	}
	assert_int_equal(lefts, left_n);
	assert_int_equal(rights, right_n);
}

static void any_sample_gives_an_honest_model(void **state)
{
	struct scope s = { .model = model_create(4), .seed = 88172645463325252u };

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		any_sample(&s, round);
		model_feed(s.model, &s.sample);
		for (int side = 0; side < SIDES; side++)
			check_side(model_side(s.model, (enum side)side));
		check_facts(s.model);
		check_rows(s.model);
	}
	model_destroy(s.model);
	sample_finish(&s.sample);
}

static void a_model_can_be_destroyed_at_any_time(void **state)
{
	struct sample empty = { 0 };
	struct model *model = model_create(0);

	(void)state;
	assert_int_equal(model_history(model), 2);
	model_feed(model, &empty);
	model_reset(model);
	model_destroy(model);
	model_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_sample_gives_an_honest_model),
		cmocka_unit_test(a_model_can_be_destroyed_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
