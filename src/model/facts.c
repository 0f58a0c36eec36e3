/* SPDX-License-Identifier: MIT
 * The value of a fact: its number or words with quality, source and age, or the reason why there is none.
 */
#include "internal.h"

static bool is_of_worker(const struct fact *fact)
{
	return fact->record == &track_record && fact->member &&
	       fact->member->offset == offsetof(struct track, rounds);
}

static bool is_of_lane(const struct fact *fact)
{
	return fact->record == &track_lane_record;
}

static bool is_text(const struct fact *fact)
{
	return fact->member && fact->member->type == FIELD_TEXT;
}

/* A task's record points to that of its lane. */
static const void *own_record(const struct fact *fact, const void *record)
{
	return is_of_lane(fact) ? ((const struct track *)record)->lane : record;
}

double fact_of(const struct fact *fact, const void *task_or_other)
{
	const void *record = own_record(fact, task_or_other);
	const struct field *member = fact->member;
	const char *at = (const char *)record + (member ? member->offset : 0);
	int64_t number;

	if (!member)
		return fact->number ? fact->number(record) : NAN;
	if ((is_of_worker(fact) && !((const struct track *)record)->has_worker) ||
		member->type == FIELD_TEXT || !field_is_known(fact->record, member, record))
		return NAN;
	if (member->type == FIELD_DOUBLE)
		return *(const double *)at;
	if (member->type == FIELD_HEX)
		return (double)*(const uint64_t *)at;
	number = field_integer(member, at);
	/* What cannot be below 0 is not known there, whatever the number. */
	return (number < 0 && member->min >= UNKNOWN) || (member->type == FIELD_CHAR && !number)
		       ? NAN
		       : (double)number;
}

void fact_text(const struct fact *fact, const void *task_or_other, char *out, size_t size)
{
	const void *record = own_record(fact, task_or_other);
	static const unsigned in_words = FIELD_SIGNALS | FIELD_CLONE | FIELD_OCTAL | FIELD_SIGNED;
	const struct field *member = fact->member;

	*out = '\0';
	if (!member && fact->text)
		fact->text(record, out, size);
	if (!member)
		return;
	if (member->type == FIELD_TEXT && field_is_known(fact->record, member, record))
		snprintf(out, size, "%.*s", (int)member->size,
			(const char *)record + member->offset);
	if (!(member->flags & in_words)) /* most have none: no second reading */
		return;
	double number = fact_of(fact, task_or_other);
	if (isnan(number))
		return;
	if (member->flags & FIELD_SIGNALS)
		format_signals(out, size,
			*(const uint64_t *)(const void *)((const char *)record + member->offset));
	else if (member->flags & FIELD_CLONE)
		format_clone_flags(out, size, (uint64_t)number);
	else if (member->flags & FIELD_OCTAL)
		snprintf(out, size, "%03o", (unsigned)number);
	else if (member->flags & FIELD_SIGNED)
		snprintf(out, size, "%+.0f", number);
}

/* --- whose --- */

/* Whom a path speaks of, there or not. */
struct subject {
	const struct model *model;
	enum side side;
	int32_t pid; /* for gaps; 0: the machine's, or not known */
	int worker; /* an index, WORKER_HOST or WORKER_NONE */
	const struct track *track; /* NULL: none, or all of a process is meant */
};

static const struct process_sample *process_of_worker(const struct model_side *side, int worker)
{
	for (size_t i = 0; i < side->n_processes; i++)
		if (side->processes[i]->worker == worker)
			return side->processes[i];
	return NULL;
}

static void find_worker(struct subject *subject, int worker)
{
	const struct model_side *side = model_side(subject->model, subject->side);

	subject->worker = worker;
	subject->track = side_track(side, worker);
	const struct process_sample *process =
		subject->track ? NULL : process_of_worker(side, worker);
	subject->pid = process ? process->pid : 0;
}

static struct subject find_subject(const struct model *model, const struct fact_path *path)
{
	struct subject subject = { .model = model, .side = path->side, .worker = WORKER_NONE };
	const struct task_track *task;

	switch (path->who) {
	case FACT_OF_ALL:
		break;
	case FACT_OF_WORKER:
		find_worker(&subject, MIN(path->number, INT16_MAX));
		break;
	case FACT_OF_TASK:
		task = tracks_find(&model->tracks, path->side, path->number);
		subject.track = task ? &task->track : NULL;
		subject.worker = task ? task->track.now.worker : WORKER_NONE;
		break;
	case FACT_OF_PROCESS:
		subject.pid = path->number;
		break;
	}
	if (subject.track)
		subject.pid = subject.track->now.pid;
	return subject;
}

/* The record of a scope; NULL: there is none. */
static const void *record_of(const struct subject *subject, enum fact_scope scope)
{
	switch (scope) {
	case FACT_TASK:
		return subject->track;
	case FACT_PROCESS:
		return subject->pid ? model_process_track(subject->model, subject->pid) : NULL;
	case FACT_SIDE:
		return &model_side(subject->model, subject->side)->totals;
	case FACT_MACHINE:
		return model_machine(subject->model);
	case FACT_OBSERVER:
		return model_observer(subject->model);
	default:
		return subject->worker == WORKER_NONE ? NULL
						      : model_evidence(subject->model, scope,
								subject->side, subject->worker);
	}
}

/* --- values --- */

static nsec age_of_lane(
	const struct model *model, const struct fact *fact, const struct track *track)
{
	nsec at = is_text(fact) ? track->lane->looked_ns : track->lane->until_ns;

	return at < 0 ? 0 : MAX(elapsed(at, model_sample(model)->at_ns), 0);
}

static nsec age_of(const struct subject *subject, const struct fact *fact, const void *record)
{
	const struct sample *sample = model_sample(subject->model);
	const struct field *time = record_role(fact->record, ROLE_TIME);
	nsec at = sample->slow_at_ns;

	/* Lanes end some time before the sample; frozen ones long ago. */
	if (record && is_of_lane(fact))
		return age_of_lane(subject->model, fact, record);
	if (fact->quality != QUALITY_SAMPLED || !record)
		return 0;
	if (fact->scope == FACT_PROCESS)
		at = ((const struct process_track *)record)->now.at_ns;
	else if (time)
		at = field_integer(time, (const char *)record + time->offset);
	return at < 0 ? 0 : MAX(elapsed(at, sample->at_ns), 0);
}

static void set_reason(struct fact_value *ret, const char *reason)
{
	sample_text(ret->reason, reason, strlen(reason));
}

/* Of a sum: the gap of any process that it is made of. */
static const struct gap_sample *find_side_gap(const struct subject *subject, const char *what)
{
	const struct model_side *side = model_side(subject->model, subject->side);
	const struct gap_sample *gap = NULL;

	for (size_t i = 0; i < side->n_processes && !gap; i++)
		gap = model_gap(subject->model, side->processes[i]->pid, what);
	for (size_t i = 0; i < side->n_tracks && !gap; i++)
		gap = model_gap(subject->model, side->tracks[i]->now.pid, what);
	return gap;
}

static const struct gap_sample *find_gap(const struct subject *subject, const struct fact *fact)
{
	const struct gap_sample *gap = NULL;

	for (size_t i = 0; i < ARRAY_LEN(fact->gaps) && fact->gaps[i] && !gap; i++)
		gap = fact->scope == FACT_SIDE
			      ? find_side_gap(subject, fact->gaps[i])
			      : model_gap(subject->model, subject->pid, fact->gaps[i]);
	return gap;
}

static const char *why_no_lane(
	const struct model *model, const struct fact *fact, const struct track *track)
{
	if (model_lanes(model).held && track && track->lane->until_ns < 0)
		return "the lanes are frozen, and it came later";
	if (!track || track->lane->until_ns < 0)
		return "read only while a pane that shows it is looked at";
	if (is_text(fact))
		return "at no look of the last second was it blocked";
	return "nothing of the kind in the last second";
}

/* Why there is no such number; whether what it is of is there. */
static void explain(const struct subject *subject, bool is_there, struct fact_value *ret)
{
	const struct fact *fact = ret->fact;
	const struct gap_sample *gap = find_gap(subject, fact);

	if (gap)
		set_reason(ret, gap->reason);
	else if (is_there && fact->member && fact->member->why)
		set_reason(ret, fact->member->why);
	else if (is_of_lane(fact))
		set_reason(ret, why_no_lane(subject->model, fact, subject->track));
	else if (is_of_worker(fact))
		set_reason(ret, "only a worker of a crew counts these");
	else if (fact->quality == QUALITY_SAMPLED && model_sample(subject->model)->slow_at_ns < 0)
		set_reason(ret, "not read yet");
	else if (fact->scope == FACT_MAPPING)
		set_reason(ret, "mappings are read only of processes that are looked at");
	else if (fact->scope >= FACT_WORKER)
		set_reason(ret, "read only while a pane that shows it is looked at");
	else if (fact->member && fact->member->flags & FIELD_RATE)
		set_reason(ret, "a rate needs two readings of the same");
	else
		set_reason(ret, "not read");
}

static void set_text(const struct fact *fact, const void *record, struct fact_value *ret)
{
	char text[sizeof(ret->text)];

	fact_text(fact, record, text, sizeof(text));
	if (text[0])
		sample_text(ret->text, text, strlen(text));
}

/* --- regions --- */

static bool is_region_class(const char *word)
{
	for (int class = 0; class < REGION_CLASSES; class ++)
		if (strcmp(word, region_class_word((enum region_class) class)) == 0)
			return true;
	return false;
}

/* In one address space lie the stacks of many: a worker's is its own. */
static bool is_of_other(const struct region *region, int worker)
{
	return (region->class == REGION_STACK || region->class == REGION_GUARD) &&
	       worker != WORKER_NONE && region->worker != worker;
}

static bool is_meant(const struct region *region, const char *word, int worker)
{
	if (is_region_class(word))
		return strcmp(word, region_class_word(region->class)) == 0 &&
		       !is_of_other(region, worker);
	return strcmp(word, region->label) == 0;
}

/* Sizes are summed; of other numbers the first region's counts. Returns the first region's record; NULL: there is none. */
static const void *sum_regions(
	const struct subject *subject, const struct fact_path *path, double *ret_sum)
{
	const struct mapping_sample *first = NULL;
	size_t n;
	const struct region *regions = model_regions(subject->model, subject->pid, &n);

	for (size_t i = 0; i < n; i++) {
		if (!is_meant(&regions[i], path->region, subject->worker))
			continue;
		if (!first)
			*ret_sum = fact_of(path->fact, regions[i].mapping);
		else if (strcmp(path->fact->unit, "kB") == 0)
			*ret_sum += fact_of(path->fact, regions[i].mapping);
		first = first ? first : regions[i].mapping;
	}
	return first;
}

/* --- reading --- */

/* Whether what a path names is not there, rather than not read. */
static bool is_absent(const struct subject *subject, const struct fact *fact)
{
	size_t n = 0;

	if (fact->scope == FACT_MAPPING && subject->pid != 0) {
		(void)model_regions(subject->model, subject->pid, &n);
		if (n > 0)
			return true; /* the mappings are known, and it is none of them */
	}
	return !subject->track && !record_of(subject, FACT_PROCESS);
}

/* What a path names before its fact: "worker9", "heap". */
static void put_owner(char *out, size_t size, const struct fact_path *path)
{
	char text[128], *end;

	end = strrchr(fact_path_format(text, sizeof(text), path), '.');
	*end = '\0';
	snprintf(out, size, "%s", strrchr(text, '.') + 1);
}

/* Why there is no record to read from. */
static void explain_absence(
	const struct subject *subject, const struct fact_path *path, struct fact_value *ret)
{
	char owner[64];

	if (path->who == FACT_OF_ALL || !is_absent(subject, path->fact)) {
		explain(subject, false, ret);
		return;
	}
	put_owner(owner, sizeof(owner), path);
	snprintf(ret->reason, sizeof(ret->reason), "there is no %s now", owner);
}

void fact_read(const struct model *model, const struct fact_path *path, struct fact_value *ret)
{
	const struct subject subject = find_subject(model, path);
	const struct fact *fact = path->fact;
	double number = NAN;
	const void *record;

	if (fact->scope == FACT_MAPPING) {
		record = sum_regions(&subject, path, &number);
	} else {
		record = record_of(&subject, fact->scope);
		number = record ? fact_of(fact, record) : NAN;
	}
	*ret = (struct fact_value) { .fact = fact,
		.number = number,
		.quality = fact->quality,
		.source = fact->source,
		.age = age_of(&subject, fact, record) };
	if (record && fact->scope >= FACT_WORKER) {
		ret->quality = evidence_quality(fact, record);
		ret->source = evidence_source(fact, record);
	}
	if (record)
		set_text(fact, record, ret);
	if (!isnan(number) || ret->text[0])
		return;
	ret->quality = QUALITY_UNAVAILABLE;
	if (record)
		explain(&subject, true, ret);
	else
		explain_absence(&subject, path, ret);
}

bool fact_value(const struct model *model, const char *path, struct fact_value *ret, char *why,
	size_t why_size)
{
	struct fact_path parsed;

	if (!fact_path_parse(path, &parsed, why, why_size))
		return false;
	fact_read(model, &parsed, ret);
	return true;
}
