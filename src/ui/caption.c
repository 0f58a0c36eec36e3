/* SPDX-License-Identifier: MIT
 * The words that a scene shows, as they are handed to the scene pane.
 */
#include "caption.h"

#include <stdio.h>
#include <string.h>

void caption_clear(struct caption *caption)
{
	*caption->title = *caption->state = *caption->after = *caption->big = *caption->big_label =
		0;
	caption->flash = caption->told = caption->code = false;
	vec_clear(&caption->lines);
	vec_clear(&caption->keys);
}

void caption_finish(struct caption *caption)
{
	vec_finish(&caption->lines);
	vec_finish(&caption->keys);
}

/* safe_text, which lets no control pass, on the pieces between the marks. */
static void copy_marked(char *out, size_t size, const char *text)
{
	static const char marks[] = { CAPTION_MARK, CAPTION_UNMARK, 0 };
	size_t used = 0;

	while (*text && used + 1 < size) {
		size_t n = strcspn(text, marks);

		if (n)
			used += safe_text(out + used, size - used, text, n);
		else
			out[used++] = text[n++];
		text += n;
	}
	out[used] = 0;
}

struct caption_line *caption_add(struct caption *caption, enum caption_part part,
	enum caption_tone tone, const char *sign, const char *text)
{
	struct caption_line *line = vec_push(&caption->lines);

	line->part = part;
	line->tone = tone;
	safe_text(line->sign, sizeof(line->sign), sign ? sign : "", sign ? strlen(sign) : 0);
	copy_marked(line->text, sizeof(line->text), text ? text : "");
	return line;
}

void caption_key(struct caption *caption, int key, bool done, const char *label)
{
	struct caption_key *entry = vec_push(&caption->keys);

	entry->key = key;
	entry->done = done;
	safe_text(entry->label, sizeof(entry->label), label, strlen(label));
}
