/* SPDX-License-Identifier: MIT
 * Gives made-up ids for --mask-ids: the left host is 1000 and its workers 1001 and on, the right host 2000 and on; a crew
 * that starts anew, and who takes a role anew, gets the next block of ten thousand. So two runs, or two recordings, can be
 * compared line by line, and the ids of one crew look like one crew's.
 */

#include "pseudonyms.h"
#include "record.h"

#define SIDE_BASE 1000
#define GENERATION 10000
#define STRANGER_BASE 9000

static bool is_taken(const struct pseudonyms *names, int32_t shown)
{
	const struct pseudonym *name;
	vec_each (name, &names->list)
		if (name->shown == shown)
			return true;
	return false;
}

int32_t pseudonyms_real(const struct pseudonyms *names, int32_t shown)
{
	const struct pseudonym *name;
	vec_each (name, &names->list)
		if (name->shown == shown)
			return name->real;
	return shown;
}

static int32_t first_of_role(const struct pseudonyms *names, int side, int worker)
{
	if (worker == WORKER_NONE)
		return STRANGER_BASE;
	return names->generation[side] * GENERATION + (side + 1) * SIDE_BASE +
	       (worker == WORKER_HOST ? 0 : worker + 1);
}

/* A host that was not there before: all of its crew are of the next generation. */
static void note_crews(struct pseudonyms *names, const struct sample *sample)
{
	const struct crew_sample *crew;
	vec_each (crew, &sample->crews) {
		const int side = crew->side;
		if (crew->host <= 0 || crew->host == names->host[side])
			continue;
		if (names->host[side])
			names->generation[side]++;
		names->host[side] = crew->host;
	}
}

static int32_t free_name(const struct pseudonyms *names, int side, int worker)
{
	int32_t shown = first_of_role(names, side, worker);
	while (is_taken(names, shown))
		shown += worker == WORKER_NONE ? 1 : GENERATION;
	return shown;
}

/* An id keeps what it was first given, by the role of its task; a stranger, whose role was not known, until it is. */
static int32_t shown_of(struct pseudonyms *names, int32_t real, int side, int worker)
{
	struct pseudonym *name;
	if (real <= 0)
		return real;
	vec_each (name, &names->list) {
		if (name->real != real)
			continue;
		if (name->stranger && worker != WORKER_NONE)
			name->shown = free_name(names, side, worker);
		name->stranger = name->stranger && worker == WORKER_NONE;
		return name->shown;
	}
	const struct pseudonym new = { real, free_name(names, side, worker),
		worker == WORKER_NONE };
	*vec_push(&names->list) = new;
	return new.shown;
}

static void mask_member(
	struct pseudonyms *names, const struct field *id, char *row, int side, int worker)
{
	if (!id)
		return;
	int32_t real = (int32_t)field_integer(id, row + id->offset);
	field_set_integer(id, row + id->offset, shown_of(names, real, side, worker));
}

/* A kind without a worker is of strangers, but a crew: that is its host. */
static void mask_kind(struct pseudonyms *names, const struct record *kind, struct sample *sample)
{
	const struct field *side = record_role(kind, ROLE_SIDE);
	const struct field *worker = record_role(kind, ROLE_WORKER);
	const struct field *tid = record_role(kind, ROLE_TID), *pid = record_role(kind, ROLE_PID);
	const struct field *other = record_role(kind, ROLE_OTHER);
	if (!tid && !pid && !other)
		return;
	const struct rows rows = record_rows(kind, sample);
	char *row = *rows.at;
	for (size_t i = 0; i < *rows.n; i++, row += kind->size) {
		int of = side ? (int)field_integer(side, row + side->offset) : SIDE_LEFT;
		int who = kind == &crew_record ? WORKER_HOST : WORKER_NONE;
		if (worker)
			who = (int)field_integer(worker, row + worker->offset);
		mask_member(names, tid, row, of, who);
		mask_member(names, pid, row, of, who);
		mask_member(names, other, row, of, WORKER_NONE);
	}
}

/* The number of a text: the same for equal ones. */
static size_t number_of_text(struct pseudonyms *names, const char *text)
{
	const uint64_t hash = hash_bytes(text, strlen(text), 0);
	size_t i = 0;
	while (i < names->texts.n && names->texts.at[i] != hash)
		i++;
	if (i == names->texts.n)
		*vec_push(&names->texts) = hash;
	return i + 1;
}

/* "path-3.so" of a library; what the kernel itself calls a mapping ("[heap]") says nothing of anybody. */
static void mask_text(struct pseudonyms *names, const struct field *field, char *text)
{
	const char *suffix = strstr(text, ".so") ? ".so" : "";
	if (*text && *text != '[')
		snprintf(text, field->size, "%s-%zu%s", field->name, number_of_text(names, text),
			suffix);
}

static void mask_texts(struct pseudonyms *names, const struct record *kind, struct sample *sample)
{
	for (size_t i = 0; kind->limit > 1 && i < kind->n; i++) {
		const struct field *field = &kind->fields[i];
		const struct rows rows = record_rows(kind, sample);
		char *row = *rows.at;
		for (size_t k = 0; field->flags & FIELD_FOREIGN && k < *rows.n; k++)
			mask_text(names, field, row + k * kind->size + field->offset);
	}
}

void pseudonyms_apply(struct pseudonyms *names, struct sample *sample)
{
	struct lane_sample *lane;
	note_crews(names, sample);
	/* Crews, workers and tasks come first, and tell all roles. */
	for (size_t i = 0; record_kinds[i]; i++)
		mask_kind(names, record_kinds[i], sample);
	/* The lab's own programs and files are everybody's. */
	for (size_t i = 0; sample->groups.n && record_kinds[i]; i++)
		mask_texts(names, record_kinds[i], sample);
	vec_each (lane, &sample->lanes) {
		lane->tid = shown_of(names, lane->tid, lane->side, WORKER_NONE);
		lane->pid = shown_of(names, lane->pid, lane->side, WORKER_NONE);
	}
	pseudonyms_in_words(names, sample);
}

void pseudonyms_finish(struct pseudonyms *names)
{
	vec_finish(&names->list);
	vec_finish(&names->texts);
}
