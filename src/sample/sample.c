/* SPDX-License-Identifier: MIT
 * Empties, copies and frees samples, and adds the gaps that say why something is missing.
 */
#include "internal.h"

/* --- what is no kind of record: the scheduler's records, the pages of a range, and times --- */

#define COPY_VEC(to, from)                                                                         \
	do {                                                                                       \
		while ((to)->room < (from)->n)                                                     \
			vec_grow((void **)&(to)->at, &(to)->room, sizeof((to)->at[0]));            \
		if ((from)->n > 0)                                                                 \
			memcpy((to)->at, (from)->at, (from)->n * sizeof((to)->at[0]));             \
		(to)->n = (from)->n;                                                               \
	} while (0)

void sample_copy_pages(struct sample *to, const struct sample *from)
{
	record_copy(&pages_record, to, from);
	COPY_VEC(&to->page_states, &from->page_states);
	COPY_VEC(&to->page_frames, &from->page_frames);
}

void sample_clear(struct sample *sample)
{
	sample->at_ns = 0;
	sample->slow_at_ns = UNKNOWN;
	sample->switches_from_ns = sample->switches_until_ns = UNKNOWN;
	sample->switches_seen = sample->switches_lost = UNKNOWN;
	vec_clear(&sample->lanes);
	vec_clear(&sample->spans);
	vec_clear(&sample->crowds);
	vec_clear(&sample->switches);
	vec_clear(&sample->page_states);
	vec_clear(&sample->page_frames);
	for (size_t i = 0; record_kinds[i]; i++)
		record_empty(record_kinds[i], sample);
}

void sample_finish(struct sample *sample)
{
	vec_finish(&sample->lanes);
	vec_finish(&sample->spans);
	vec_finish(&sample->crowds);
	vec_finish(&sample->switches);
	vec_finish(&sample->page_states);
	vec_finish(&sample->page_frames);
	for (size_t i = 0; record_kinds[i]; i++)
		record_finish(record_kinds[i], sample);
	*sample = (struct sample) { 0 };
}

void sample_copy(struct sample *to, const struct sample *from)
{
	if (to == from)
		return;
	to->at_ns = from->at_ns;
	to->slow_at_ns = from->slow_at_ns;
	to->switches_from_ns = from->switches_from_ns;
	to->switches_until_ns = from->switches_until_ns;
	to->switches_seen = from->switches_seen;
	to->switches_lost = from->switches_lost;
	COPY_VEC(&to->lanes, &from->lanes);
	COPY_VEC(&to->spans, &from->spans);
	COPY_VEC(&to->crowds, &from->crowds);
	COPY_VEC(&to->switches, &from->switches);
	for (size_t i = 0; record_kinds[i]; i++)
		record_copy(record_kinds[i], to, from);
	sample_copy_pages(to, from);
}

#define ELLIPSIS "\xe2\x80\xa6"
#define TAIL_MAX 256 /* bytes of a tail, far more than any member holds */

/* The first byte at or after text that starts a character, so that a tail starts with a whole one. */
static const char *character_start(const char *text, const char *end)
{
	while (text < end && ((unsigned char)*text & 0xc0) == 0x80)
		text++;
	return text;
}

void sample_text_tail(char *member, size_t size, const char *text, size_t len)
{
	const size_t mark = sizeof(ELLIPSIS) - 1;
	const char *end = text + len, *tail;
	char safe[3 * TAIL_MAX + 1]; /* a bad byte becomes U+FFFD: three bytes */
	size_t room, used;

	if (size <= mark + 1) {
		safe_text(member, size, text, len);
		return;
	}
	if (len < size && len <= TAIL_MAX) {
		used = safe_text(safe, sizeof(safe), text, len);
		if (used < size) {
			memcpy(member, safe, used + 1);
			return;
		}
	}
	room = MIN(size - mark - 1, (size_t)TAIL_MAX);
	tail = character_start(len > room ? end - room : text, end);
	while ((used = safe_text(safe, sizeof(safe), tail, (size_t)(end - tail))) > room)
		tail = character_start(tail + 1, end);
	memcpy(member, ELLIPSIS, mark);
	memcpy(member + mark, safe, used + 1);
}

void sample_gap(struct sample *sample, int32_t pid, const char *what, int error, const char *reason)
{
	struct gap_sample *gap;
	char key[sizeof(gap->what)] = "";

	sample_text(key, what, strlen(what));
	vec_each (gap, &sample->gaps)
		if (gap->pid == pid && strcmp(gap->what, key) == 0)
			return;
	if (!reason)
		reason = strerror(error);
	gap = vec_push(&sample->gaps);
	gap->pid = pid;
	gap->error = error;
	memcpy(gap->what, key, sizeof(key));
	sample_text(gap->reason, reason, strlen(reason));
}

const struct mapping_sample *sample_mappings_of(
	const struct sample *sample, int32_t pid, size_t *ret_n)
{
	const struct mapping_sample *at = sample->mappings.at;
	size_t n = sample->mappings.n, first = 0, past;

	while (first < n && at[first].pid != pid)
		first++;
	for (past = first; past < n && at[past].pid == pid;)
		past++;
	*ret_n = past - first;
	return *ret_n > 0 ? at + first : NULL;
}

double duel_messages_per_s(const struct duel_sample *duel)
{
	return strcmp(duel->duel, "talk") == 0 && duel->median > 0 ? 1e9 / duel->median : NAN;
}

const struct program_sample *sample_program(const struct sample *sample, enum side side)
{
	const struct program_sample *program;

	vec_each (program, &sample->programs)
		if (program->side == (int16_t)side)
			return program;
	return NULL;
}
