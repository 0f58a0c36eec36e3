/* SPDX-License-Identifier: MIT
 * Tells a lesson as subtitles: each sentence with the time from when to when it stands on the screen.
 */

#include "subtitles.h"

/* What is told last stands; of each, the sentence that counts most. */
static const enum caption_part told[] = { CAPTION_KILLS, CAPTION_NUANCE, CAPTION_VERDICT,
	CAPTION_PUNCH, CAPTION_PREDICTION, CAPTION_ASK, CAPTION_QUESTION };

static void add_line(struct buf *out, const struct caption_line *line)
{
	if (out->len)
		buf_adds(out, "\n");
	if (*line->sign)
		buf_addf(out, "%s ", line->sign);
	for (const char *c = line->text; *c; c++)
		if (*c != CAPTION_MARK && *c != CAPTION_UNMARK)
			buf_add(out, c, 1);
}

static void tell(const struct caption *caption, struct buf *out)
{
	buf_clear(out);
	for (size_t part = 0; part < ARRAY_LEN(told) && !out->len; part++)
		for (size_t i = 0; i < caption->lines.n; i++)
			if (caption->lines.at[i].part == told[part])
				add_line(out, &caption->lines.at[i]);
}

static void add_time(struct buf *out, nsec time)
{
	const int64_t ms = time / NSEC_PER_MSEC;
	buf_addf(out, "%02d:%02d:%02d,%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
		(int)(ms / 1000 % 60), (int)(ms % 1000));
}

/* The sentence that stood until now gets its end. */
static void end_entry(struct subtitles *subtitles, nsec now, struct buf *out)
{
	if (!subtitles->now.len || now <= subtitles->since)
		return;
	buf_addf(out, "%d\n", ++subtitles->n);
	add_time(out, subtitles->since);
	buf_adds(out, " --> ");
	add_time(out, now);
	buf_addf(out, "\n%s\n\n", subtitles->now.text);
}

bool subtitles_show(
	struct subtitles *subtitles, const struct caption *caption, nsec now, struct buf *out)
{
	struct buf *next = &subtitles->next, *shown = &subtitles->now;

	tell(caption, next);
	if (next->len == shown->len &&
		(!next->len || memcmp(next->text, shown->text, next->len) == 0))
		return false;
	end_entry(subtitles, now, out);
	buf_clear(shown);
	buf_add(shown, next->text, next->len);
	subtitles->since = now;
	return true;
}

void subtitles_end(struct subtitles *subtitles, nsec now, struct buf *out)
{
	end_entry(subtitles, now, out);
}

void subtitles_finish(struct subtitles *subtitles)
{
	buf_finish(&subtitles->now);
	buf_finish(&subtitles->next);
}
