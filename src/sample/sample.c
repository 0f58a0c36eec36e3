/* SPDX-License-Identifier: MIT
 * The life of a sample in memory: emptied, copied and freed; gaps that say why something is missing. It alone knows which
 * arrays a sample has, besides the two files that write and read them.
 */
#include "internal.h"

#include <math.h>
#include <string.h>

/* Every array of a sample, once: clear, copy and free must not forget one. */
#define EACH_ARRAY(each)                                                                           \
	each(crews) each(workers) each(tasks) each(processes) each(mappings) each(gaps)            \
		each(switches) each(waits) each(duels) each(contrasts) each(sharing) each(pages)   \
			each(page_states) each(page_frames) each(pointers) each(registers)         \
				each(files) each(places) each(signals)

void sample_clear(struct sample *sample)
{
	sample->at_ns = 0;
	sample->slow_at_ns = UNKNOWN;
	sample->switches_from_ns = sample->switches_until_ns = UNKNOWN;
#define CLEAR(member) vec_clear(&sample->member);
	EACH_ARRAY(CLEAR)
#undef CLEAR
	sample->machine = machine_unknown;
	sample->observer = observer_unknown;
	sample->duel = duel_state_unknown;
}

void sample_finish(struct sample *sample)
{
#define FINISH(member) vec_finish(&sample->member);
	EACH_ARRAY(FINISH)
#undef FINISH
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
	to->duel = from->duel;
#define COPY(member) COPY_VEC(&to->member, &from->member);
	EACH_ARRAY(COPY)
#undef COPY
	to->machine = from->machine;
	to->observer = from->observer;
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

void task_sample_init(struct task_sample *task)
{
	memcpy(task, &task_unknown, sizeof(*task));
}

void process_sample_init(struct process_sample *process)
{
	memcpy(process, &process_unknown, sizeof(*process));
}

void mapping_sample_init(struct mapping_sample *mapping)
{
	memcpy(mapping, &mapping_unknown, sizeof(*mapping));
}

void wait_sample_init(struct wait_sample *wait)
{
	memcpy(wait, &wait_unknown, sizeof(*wait));
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
