/* SPDX-License-Identifier: MIT
 * smaps, maps and smaps_rollup, on any bytes: whole mappings with safe paths, as many as were counted, and the same ones
 * again when the end is cut off, but for the last.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "source.h"

struct seen {
	size_t n;
	uint64_t hash; /* of all but the last */
	uint64_t last;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3;
}

static bool see(void *context, const struct mapping_sample *mapping)
{
	struct seen *seen = context;
	char again[sizeof(mapping->path)];

	fuzz_check(mapping->start <= mapping->end);
	fuzz_check(mapping->size_kb >= UNKNOWN && mapping->rss_kb >= UNKNOWN &&
		   mapping->swap_kb >= UNKNOWN);
	fuzz_check(memchr(mapping->path, '\0', sizeof(mapping->path)) != NULL);
	fuzz_check(memchr(mapping->perms, '\0', sizeof(mapping->perms)) != NULL);
	safe_text(again, sizeof(again), mapping->path, strlen(mapping->path));
	fuzz_check(strcmp(again, mapping->path) == 0);
	seen->n++;
	seen->hash = seen->last;
	seen->last =
		mix(mix(mix(seen->last, mapping->start), mapping->end), (uint64_t)mapping->rss_kb);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = { 0 }, cut = { 0 };
	struct process_sample row;
	char *text =
		calloc(1, size + !size); /* of the exact size, so that a byte too far is seen */

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	fuzz_check(parse_smaps(text, size, see, &whole) == whole.n);
	if (size && text[size - 1] != '\n') {
		parse_smaps(text, size - 1, see, &cut);
		/* A single line may be all of maps or the beginning of smaps: that hangs on what follows. */
		fuzz_check((cut.n == whole.n && cut.last == whole.last) ||
			   (cut.n == 1 && whole.n == 0));
	}
	record_clear(&process_record, &row);
	if (parse_rollup(text, size, &row) == 0)
		fuzz_check(row.rss_kb >= UNKNOWN && row.uss_kb >= UNKNOWN && row.pss_kb >= UNKNOWN);
	free(text);
	return 0;
}
