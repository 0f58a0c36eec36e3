/* SPDX-License-Identifier: MIT
 * Any bytes as results of a class, and as what a quiz remembers: refused with a reason, or within bounds and safe to print.
 */
#include <string.h>

#include "class.h"
#include "fuzz.h"
#include "quiz.h"

static void check_result(const struct class_result *result)
{
	const struct class_answer *answer;

	vec_each (answer, &result->answers) {
		fuzz_check(answer->question >= 1 && answer->question <= 9999);
		fuzz_check(memchr(answer->choice, '\0', sizeof(answer->choice)));
		for (const char *c = answer->choice; *c; c++)
			fuzz_check((unsigned char)*c >= ' ' && *c != 0x7f);
	}
	for (const char *c = result->kind; *c; c++)
		fuzz_check(*c >= ' ' && *c < 0x7f);
}

static void read_result(const char *text, size_t size)
{
	struct class_result result;
	char why[200] = "";

	if (class_read(text, size, &result, why, sizeof(why)))
		check_result(&result);
	else
		fuzz_check(*why && result.answers.n == 0);
	class_result_finish(&result);
}

/* What is read is written as it was. */
static void read_memory(const char *text, size_t size)
{
	struct quiz_memory memory = { 0 }, again = { 0 };
	struct buf out = { 0 };
	int at = 0;

	if (quiz_memory_read(&memory, text, size, &at) == 0) {
		quiz_memory_write(&memory, &out);
		fuzz_check(quiz_memory_read(&again, out.text, out.len, &at) == 0);
		fuzz_check(again.rows.n == memory.rows.n);
	} else {
		fuzz_check(memory.rows.n == 0);
	}
	buf_finish(&out);
	quiz_memory_finish(&memory);
	quiz_memory_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xcalloc(1, size + 1);

	if (size)
		memcpy(text, data, size);
	read_result(text, size);
	read_memory(text, size);
	free(text);
	return 0;
}
