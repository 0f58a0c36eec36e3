/* SPDX-License-Identifier: MIT
 * Remembers over runs which questions were answered wrong, and how often: as text, a line a question.
 */

#include "internal.h"

#define MEMORY_HEAD "taskscope quiz"
#define MEMORY_VERSION 1
#define MEMORY_ROWS_MAX 400
#define WRONG_MAX 9

static struct quiz_memory_row *find(const struct quiz_memory *memory, int question)
{
	for (size_t i = 0; i < memory->rows.n; i++)
		if (memory->rows.at[i].question == question)
			return &memory->rows.at[i];
	return NULL;
}

int quiz_memory_wrong(const struct quiz_memory *memory, int question)
{
	const struct quiz_memory_row *row = find(memory, question);

	return row ? row->wrong : 0;
}

/* --- as text --- */

static bool read_row(struct quiz_memory *memory, const char *line, size_t len)
{
	struct quiz_memory_row row = { 0 };
	int used = 0;

	if (sscanf(line, "%4d %1d %1d%n", &row.question, &row.option, &row.wrong, &used) != 3)
		return false;
	if ((size_t)used != len || row.question < 1 || row.option < 0 ||
		row.option >= SCENE_OPTIONS_MAX || row.wrong < 1 || find(memory, row.question) ||
		memory->rows.n >= MEMORY_ROWS_MAX)
		return false;
	*vec_push(&memory->rows) = row;
	return true;
}

int quiz_memory_read(struct quiz_memory *memory, const char *text, size_t len, int *ret_at)
{
	int used = 0;

	*ret_at = 1;
	if (strlen(text) != len || sscanf(text, MEMORY_HEAD " %6d%n", ret_at, &used) != 1 ||
		text[used] != '\n')
		return -EINVAL;
	if (*ret_at != MEMORY_VERSION)
		return -EPROTO;
	for (*ret_at = 2, text += used + 1; *text; ++*ret_at) {
		len = strcspn(text, "\n");
		if (text[len] != '\n' || !read_row(memory, text, len)) {
			vec_clear(&memory->rows);
			return -EINVAL;
		}
		text += len + 1;
	}
	return 0;
}

void quiz_memory_write(const struct quiz_memory *memory, struct buf *out)
{
	buf_addf(out, MEMORY_HEAD " %d\n", MEMORY_VERSION);
	for (size_t i = 0; i < memory->rows.n; i++)
		buf_addf(out, "%d %d %d\n", memory->rows.at[i].question, memory->rows.at[i].option,
			memory->rows.at[i].wrong);
}

void quiz_memory_finish(struct quiz_memory *memory)
{
	vec_finish(&memory->rows);
}

/* --- what a quiz adds --- */

static void take_wrong(struct quiz_memory *memory, int question, int option)
{
	struct quiz_memory_row *row = find(memory, question);

	if (!row && memory->rows.n >= MEMORY_ROWS_MAX)
		return;
	if (!row) {
		row = vec_push(&memory->rows);
		*row = (struct quiz_memory_row) { .question = question };
	}
	row->option = MAX(option, 0);
	row->wrong = MIN(row->wrong + 1, WRONG_MAX);
}

/* A right answer makes up for a wrong one. */
static void take_right(struct quiz_memory *memory, int question)
{
	struct quiz_memory_row *row = find(memory, question);

	if (row && --row->wrong == 0)
		*row = memory->rows.at[--memory->rows.n];
}

bool quiz_remember(const struct quiz *quiz, struct quiz_memory *memory)
{
	bool any = false;

	for (size_t i = 0; i < quiz->planned; i++) {
		const struct quiz_row *row = &quiz->rows.at[i];

		if (row->outcome == QUIZ_WRONG)
			take_wrong(memory, row->card.question->id, row->choice);
		else if (row->outcome == QUIZ_RIGHT)
			take_right(memory, row->card.question->id);
		any |= row->outcome == QUIZ_WRONG || row->outcome == QUIZ_RIGHT;
	}
	return any;
}
