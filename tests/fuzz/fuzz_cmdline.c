/* SPDX-License-Identifier: MIT
 * Commands of any bytes: split into words or refused with words; what was split is put as a line that gives the same words.
 */
#include <string.h>

#include "fuzz.h"
#include "program.h"

static void check_round_trip(const struct cmdline *words, size_t size)
{
	struct cmdline again = { 0 };
	struct buf line = { 0 };
	char why[128] = "";
	size_t bytes = 0;

	buf_adds(&line, "");
	cmdline_put(words, &line);
	fuzz_check(cmdline_split(line.text, &again, why, sizeof(why)) == 0);
	fuzz_check(again.n == words->n && !again.at[again.n] && !words->at[words->n]);
	for (size_t i = 0; i < words->n; i++) {
		fuzz_check(strcmp(words->at[i], again.at[i]) == 0);
		bytes += strlen(words->at[i]) + 1;
	}
	fuzz_check(bytes <= size + 1);
	cmdline_finish(&again);
	buf_finish(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cmdline words = { 0 };
	char why[128] = "", *line = malloc(size + 1);

	if (!line)
		abort();
	memcpy(line, data, size);
	line[size] = 0;
	if (cmdline_split(line, &words, why, sizeof(why)) == 0)
		check_round_trip(&words, size);
	else
		fuzz_check(why[0] && !words.at);
	cmdline_finish(&words);
	free(line);
	return 0;
}
