/* SPDX-License-Identifier: MIT
 * Any bytes from a terminal: how they are cut makes no difference; within an answer, a report or a paste they yield no key,
 * and the key after it is heard; in silence all comes to an end.
 */
#include <string.h>

#include "../../src/term/internal.h"
#include "command.h"
#include "fuzz.h"

#define SECOND NSEC_PER_SEC

struct told {
	struct input_event *events;
	size_t n, room;
};

static void take_events(struct input *input, struct told *told)
{
	struct input_event event;
	while (input_next(input, 0, &event)) {
		/* A byte has one event at most, and an ESC that waited has its own. */
		fuzz_check(told->n < told->room);
		fuzz_check(event.kind != INPUT_KEY || event.key != KEYCODE_NONE);
		fuzz_check(event.key <= INPUT_CODE_MAX ||
			   (event.key >= KEYCODE_UP && event.key <= KEYCODE_MOUSE));
		told->events[told->n++] = event;
	}
}

static void feed(
	struct input *input, const uint8_t *data, size_t size, size_t piece, struct told *told)
{
	for (size_t at = 0; at < size; at += piece) {
		input_add(input, (const char *)data + at, MIN(piece, size - at));
		take_events(input, told);
	}
}

static struct told told_of(const uint8_t *data, size_t size, size_t piece)
{
	struct input input = { .escape_wait = SECOND };
	struct told told = { calloc(size + 2, sizeof(struct input_event)), 0, size + 2 };
	if (!told.events)
		abort();
	feed(&input, data, size, piece, &told);
	if (input_wait(&input, 0) >= 0) {
		fuzz_check(input_wait(&input, 2 * SECOND) == 0);
		if (input_expire(&input, 2 * SECOND, &told.events[told.n]))
			told.n++;
	}
	fuzz_check(input_wait(&input, 2 * SECOND) == -1);
	return told;
}

static void check_cuts(const uint8_t *data, size_t size)
{
	struct told whole = told_of(data, size, sizeof(((struct input *)0)->bytes));
	size_t pieces[] = { 1, 2, 3, size ? 1 + data[0] : 1 };
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct told cut = told_of(data, size, pieces[i]);
		fuzz_check(cut.n == whole.n);
		fuzz_check(memcmp(cut.events, whole.events, whole.n * sizeof(*whole.events)) == 0);
		free(cut.events);
	}
	free(whole.events);
}

/* What surrounds bytes that are no keys, and which of them would end it: controls (all but what a line of text has), or
 * the end of a paste. */
static const struct {
	const char *start, *end;
	bool text; /* a byte beyond ASCII may be a control there */
} envelopes[] = {
	{ "\033]", "\033\\", true },
	{ "\033]", "\a", true },
	{ "\033P", "\033\\", true },
	{ "\033_", "\033\\", true },
	{ "\033^", "\033\\", true },
	{ "\033X", "\033\\", true },
	{ "\235", "\234", true },
	{ "\302\220", "\302\234", true },
	{ "\033[?", "c", true },
	{ "\033[>", "A", true },
	{ "\033[200~", "\033[201~", false },
};

/* Copies what does not end the envelope; a report has digits and separators only. */
static size_t make_content(const uint8_t *data, size_t size, bool text, bool report, uint8_t *out)
{
	static const char separators[] = "0123456789;:$ ";
	size_t n = 0;
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = data[i];
		if (report)
			byte = (uint8_t)separators[byte % (sizeof(separators) - 1)];
		if (text && (byte < ' ' || byte >= 0x7f))
			continue;
		/* Neither form of the paste's end can then stand in it. */
		if (!text && byte == '~')
			continue;
		out[n++] = byte;
	}
	return n;
}

static void check_envelope(const uint8_t *data, size_t size, size_t i)
{
	const char *start = envelopes[i].start, *end = envelopes[i].end;
	bool report = start[1] == '[' && envelopes[i].text;
	uint8_t *bytes = malloc(size + 32);
	if (!bytes)
		abort();
	size_t n = strlen(start);
	memcpy(bytes, start, n);
	n += make_content(data, size, envelopes[i].text, report, bytes + n);
	memcpy(bytes + n, end, strlen(end));
	n += strlen(end);
	bytes[n++] = 'q';
	struct told told = told_of(bytes, n, size ? 1 + data[size - 1] : 1);
	size_t keys = 0;
	for (size_t k = 0; k < told.n; k++)
		keys += told.events[k].kind == INPUT_KEY || told.events[k].kind == INPUT_MOUSE;
	fuzz_check(keys == 1);
	fuzz_check(told.events[told.n - 1].kind == INPUT_KEY && told.events[told.n - 1].key == 'q');
	free(told.events);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_cuts(data, size);
	for (size_t i = 0; i < sizeof(envelopes) / sizeof(envelopes[0]); i++)
		check_envelope(data, size, i);
	return 0;
}
