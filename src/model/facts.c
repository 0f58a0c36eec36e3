/* SPDX-License-Identifier: MIT
 * Facts by path: "left.worker0.voluntary_per_s" to a number with its quality and age, or to the
 * reason why there is none. It alone knows the grammar of paths.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double known(int64_t number)
{
	return number < 0 ? NAN : (double)number;
}

static bool is_of_worker(const struct fact *fact)
{
	return fact->scope == FACT_TASK && fact->offset >= offsetof(struct track, worker) &&
	       fact->offset < offsetof(struct track, has_worker);
}

static bool is_of_lane(const struct fact *fact)
{
	return fact->scope == FACT_TASK && fact->offset >= offsetof(struct track, lane);
}

double fact_of(const struct fact *fact, const void *record)
{
	const char *at = (const char *)record + fact->offset;

	if (is_of_worker(fact) && !((const struct track *)record)->has_worker)
		return NAN;
	switch (fact->type) {
	case FACT_INT64:
		return known(*(const int64_t *)at);
	case FACT_INT32:
		return known(*(const int32_t *)at);
	case FACT_INT16:
		return known(*(const int16_t *)at);
	case FACT_SIGNED16: /* -1 is a value like any other, so whether it is known is told otherwise */
		return fact->number(fact, record);
	case FACT_DOUBLE:
		return *(const double *)at;
	case FACT_LETTER:
		return *at == '?' || *at == '\0' ? NAN : (double)(unsigned char)*at;
	case FACT_ADDRESS:
		return (double)*(const uint64_t *)at;
	case FACT_TEXT:
		break;
	case FACT_COMPUTED:
		return fact->number ? fact->number(fact, record) : NAN;
	}
	return NAN;
}

/* --- the words of a path --- */

#define WORDS_MAX 4
#define WORD_SIZE 48

struct path {
	char word[WORDS_MAX][WORD_SIZE];
	size_t n;
};

static bool split(const char *text, struct path *path)
{
	path->n = 0;
	while (path->n < WORDS_MAX) {
		const size_t len = strcspn(text, ".");

		if (len == 0 || len >= WORD_SIZE)
			return false;
		memcpy(path->word[path->n], text, len);
		path->word[path->n++][len] = '\0';
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
	return false;
}

/* "worker12" after the word "worker". */
static bool numbered(const char *word, const char *start, int64_t *ret)
{
	const size_t n = strlen(start);

	return strncmp(word, start, n) == 0 && word[n] >= '0' && word[n] <= '9' &&
	       parse_integer(word + n, 0, INT32_MAX, ret) == 0;
}

/* What a path names, found or not: the records of its scopes. */
struct subject {
	const struct model *model;
	enum side side;
	int32_t pid; /* for gaps; 0: the machine's */
	int worker; /* an index, WORKER_HOST or WORKER_NONE */
	bool whole_process; /* not one of its tasks */
	const void *record[FACT_SCOPES];
	const char *absent; /* why there is nothing to read; NULL: it is there, and was not read */
};

static bool find_side(const char *word, enum side *ret)
{
	if (strcmp(word, "left") == 0)
		*ret = SIDE_LEFT;
	else if (strcmp(word, "right") == 0)
		*ret = SIDE_RIGHT;
	else
		return false;
	return true;
}

static const struct track *track_of_worker(const struct model_side *side, int worker)
{
	for (size_t i = 0; i < side->n_tracks; i++)
		if (side->tracks[i]->now.worker == worker)
			return side->tracks[i];
	return NULL;
}

static const struct process_sample *process_of_worker(const struct model_side *side, int worker)
{
	for (size_t i = 0; i < side->n_processes; i++)
		if (side->processes[i]->worker == worker)
			return side->processes[i];
	return NULL;
}

/* The task and process of WHO. Returns false if the word names nothing that could be there. */
static bool find_who(struct subject *subject, const char *word)
{
	const struct model_side *side = model_side(subject->model, subject->side);
	const struct track *track = NULL;
	const struct process_sample *process;
	int64_t number;

	subject->worker = WORKER_NONE;
	if (strcmp(word, "host") == 0 || numbered(word, "worker", &number)) {
		subject->worker = word[0] == 'h' ? WORKER_HOST : (int)MIN(number, INT16_MAX);
		track = track_of_worker(side, subject->worker);
		process = process_of_worker(side, subject->worker);
		subject->pid = track ? track->now.pid : process ? process->pid : 0;
	} else if (numbered(word, "task", &number)) {
		const struct task_track *t =
			tracks_find(&subject->model->tracks, subject->side, (int32_t)number);

		track = t ? &t->track : NULL;
		subject->pid = track ? track->now.pid : 0;
	} else if (numbered(word, "process", &number)) {
		subject->pid = (int32_t)number;
		subject->whole_process = true;
	} else {
		return false;
	}
	if (track && subject->worker == WORKER_NONE)
		subject->worker = track->now.worker;
	if (subject->worker != WORKER_NONE)
		for (int scope = FACT_WORKER; scope < FACT_DUEL; scope++)
			subject->record[scope] = model_evidence(
				subject->model, scope, subject->side, subject->worker);
	subject->record[FACT_TASK] = track;
	subject->record[FACT_PROCESS] =
		subject->pid ? model_process_track(subject->model, subject->pid) : NULL;
	return true;
}

/* --- values --- */

__attribute__((format(printf, 3, 4))) static bool refuse(
	char *why, size_t why_size, const char *format, ...)
{
	va_list args;

	if (!why)
		return false;
	va_start(args, format);
	vsnprintf(why, why_size, format, args);
	va_end(args);
	return false;
}

static nsec age_of_lane(
	const struct model *model, const struct fact *fact, const struct track *track)
{
	nsec at = fact->type == FACT_TEXT ? track->lane.looked_ns : track->lane.until_ns;

	return at < 0 ? 0 : MAX(elapsed(at, model_sample(model)->at_ns), 0);
}

static nsec age_of(const struct subject *subject, const struct fact *fact, const void *record)
{
	const struct sample *sample = model_sample(subject->model);
	nsec at = sample->slow_at_ns;

	/* Lanes end some time before the sample; frozen ones long ago. */
	if (record && is_of_lane(fact))
		return age_of_lane(subject->model, fact, record);
	if (fact->quality != QUALITY_SAMPLED || !record)
		return 0;
	if (fact->scope == FACT_PROCESS)
		at = ((const struct process_track *)record)->now.at_ns;
	if (fact->scope == FACT_MAPPING)
		at = ((const struct mapping_sample *)record)->at_ns;
	if (fact->scope >= FACT_WORKER)
		at = evidence_at(fact->scope, record);
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
	const struct model *model = subject->model;
	const char *lane =
		fact->quality == QUALITY_SAMPLED && !is_of_lane(fact) ? "prober" : "task";
	const struct gap_sample *gap = fact->scope == FACT_SIDE
					       ? find_side_gap(subject, fact->gap)
					       : model_gap(model, subject->pid, fact->gap);

	return gap ? gap : model_gap(model, subject->pid, lane);
}

static const char *why_no_lane(
	const struct model *model, const struct fact *fact, const struct track *track)
{
	if (model_lanes(model).held && track && track->lane.until_ns < 0)
		return "the lanes are frozen, and it came later";
	if (!track || track->lane.until_ns < 0)
		return "read only while a pane that shows it is looked at";
	if (fact->type == FACT_TEXT)
		return "at no look of the last second was it blocked";
	return "nothing of the kind in the last second";
}

/* Why what is there has no such number. */
static void explain(const struct subject *subject, struct fact_value *ret)
{
	const struct fact *fact = ret->fact;
	const struct gap_sample *gap = find_gap(subject, fact);

	if (gap)
		set_reason(ret, gap->reason);
	else if (is_of_lane(fact))
		set_reason(ret, why_no_lane(subject->model, fact, subject->record[FACT_TASK]));
	else if (is_of_worker(fact))
		set_reason(ret, "only a worker of a crew counts these");
	else if (fact->quality == QUALITY_SAMPLED && model_sample(subject->model)->slow_at_ns < 0)
		set_reason(ret, "not read yet");
	else if (fact->scope == FACT_MAPPING)
		set_reason(ret, "mappings are read only of processes that are looked at");
	else if (fact->scope >= FACT_WORKER)
		set_reason(ret, "read only while a pane that shows it is looked at");
	else if (fact->is_rate)
		set_reason(ret, "a rate needs two readings of the same");
	else
		set_reason(ret, "not read");
}

static void set_text(const struct fact *fact, const void *record, struct fact_value *ret)
{
	char text[sizeof(ret->text)] = "";

	if (fact->type == FACT_TEXT)
		snprintf(text, sizeof(text), "%s", (const char *)record + fact->offset);
	else if (fact->type == FACT_COMPUTED && fact->text)
		fact->text(fact, record, text, sizeof(text));
	sample_text(ret->text, text, strlen(text));
}

/* record NULL: there is none, so there is no number. */
static void set_value(const struct subject *subject, const struct fact *fact, const void *record,
	double number, struct fact_value *ret)
{
	*ret = (struct fact_value) { .fact = fact,
		.number = number,
		.quality = fact->quality,
		.source = fact->source,
		.age = age_of(subject, fact, record) };
	if (record && fact->scope >= FACT_WORKER) {
		ret->quality = evidence_quality(fact, record);
		ret->source = evidence_source(fact, record);
	}
	if (record)
		set_text(fact, record, ret);
	if (!isnan(number) || ret->text[0])
		return;
	ret->quality = QUALITY_UNAVAILABLE;
	if (record || !subject->absent)
		explain(subject, ret);
	else
		set_reason(ret, subject->absent);
}

/* What a name means of a member of a side: of its task, else of its process, else of what it has in the kernel. */
static const struct fact *find_member_fact(const struct subject *subject, const char *name)
{
	const struct fact *fact = NULL;

	if (!subject->whole_process)
		fact = fact_find(FACT_TASK, name);
	if (!fact)
		fact = fact_find(FACT_PROCESS, name);
	for (int scope = FACT_WORKER; scope < FACT_DUEL && !fact; scope++)
		if (!subject->whole_process)
			fact = fact_find(scope, name);
	return fact;
}

static void set_from_record(
	const struct subject *subject, const struct fact *fact, struct fact_value *ret)
{
	const void *record = subject->record[fact->scope];

	set_value(subject, fact, record, record ? fact_of(fact, record) : NAN, ret);
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

/* Sizes are summed; of other numbers the first region's counts. */
static void set_from_regions(const struct subject *subject, const char *word,
	const struct fact *fact, struct fact_value *ret)
{
	const struct mapping_sample *first = NULL;
	double sum = NAN;
	size_t n;
	const struct region *regions = model_regions(subject->model, subject->pid, &n);

	for (size_t i = 0; i < n; i++) {
		if (!is_meant(&regions[i], word, subject->worker))
			continue;
		if (!first)
			sum = fact_of(fact, regions[i].mapping);
		else if (strcmp(fact->unit, "kB") == 0)
			sum += fact_of(fact, regions[i].mapping);
		first = first ? first : regions[i].mapping;
	}
	set_value(subject, fact, first, sum, ret);
}

/* --- paths --- */

/* Whether what a path names is not there, rather than not read. */
static bool is_absent(const struct subject *subject, const struct fact *fact)
{
	size_t n = 0;

	if (fact->scope == FACT_MAPPING && subject->pid != 0) {
		(void)model_regions(subject->model, subject->pid, &n);
		if (n > 0)
			return true; /* the mappings are known, and it is none of them */
	}
	return !subject->record[FACT_TASK] && !subject->record[FACT_PROCESS] &&
	       !subject->record[fact->scope];
}

static bool value_of_member(struct subject *subject, const struct path *path,
	struct fact_value *ret, char *why, size_t why_size)
{
	const bool mapping = path->n == 4;
	const char *name = path->word[path->n - 1];
	const struct fact *fact;
	char absent[sizeof(ret->reason)];

	if (!find_who(subject, path->word[1]))
		return refuse(why, why_size, "\"%s\" is no workerN, host, taskTID or processPID",
			path->word[1]);
	fact = mapping ? fact_find(FACT_MAPPING, name) : find_member_fact(subject, name);
	if (!fact)
		return refuse(why, why_size, "no fact of a %s: \"%s\"",
			mapping                  ? "mapping"
			: subject->whole_process ? "process"
						 : "task or process",
			name);
	snprintf(absent, sizeof(absent), "there is no %s now", path->word[path->n - 2]);
	if (is_absent(subject, fact))
		subject->absent = absent;
	if (mapping)
		set_from_regions(subject, path->word[2], fact, ret);
	else
		set_from_record(subject, fact, ret);
	return true;
}

static bool value_of_whole(struct subject *subject, enum fact_scope scope, const char *name,
	struct fact_value *ret, char *why, size_t why_size)
{
	const struct fact *fact = fact_find(scope, name);

	if (!fact)
		return refuse(
			why, why_size, "no fact of a %s: \"%s\"", fact_scope_name(scope), name);
	set_from_record(subject, fact, ret);
	return true;
}

bool fact_value(const struct model *model, const char *path, struct fact_value *ret, char *why,
	size_t why_size)
{
	struct subject subject = { .model = model, .worker = WORKER_NONE };
	struct path words;

	subject.record[FACT_MACHINE] = model_machine(model);
	subject.record[FACT_OBSERVER] = model_observer(model);
	if (!split(path, &words) || words.n < 2)
		return refuse(why, why_size,
			"\"%s\" is no path: two to four words with dots between", path);
	if (words.n == 2 && strcmp(words.word[0], "machine") == 0)
		return value_of_whole(&subject, FACT_MACHINE, words.word[1], ret, why, why_size);
	if (words.n == 2 && strcmp(words.word[0], "observer") == 0)
		return value_of_whole(&subject, FACT_OBSERVER, words.word[1], ret, why, why_size);
	if (!find_side(words.word[0], &subject.side))
		return refuse(why, why_size, "\"%s\" is not left, right, machine or observer",
			words.word[0]);
	subject.record[FACT_SIDE] = &model_side(model, subject.side)->totals;
	if (words.n == 2)
		return value_of_whole(&subject, FACT_SIDE, words.word[1], ret, why, why_size);
	return value_of_member(&subject, &words, ret, why, why_size);
}
