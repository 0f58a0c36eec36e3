/* SPDX-License-Identifier: MIT
 * Writes what a tour tells as subtitles (SubRip): each sentence with the time from when to when it stands on the screen.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "outfile.h"

#define SRT_BYTES_MAX (1 << 20)

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
static void end_entry(struct srt_file *file, nsec now)
{
	if (!file->now.len || now <= file->since)
		return;
	buf_addf(&file->out, "%d\n", ++file->n);
	add_time(&file->out, file->since - file->started);
	buf_adds(&file->out, " --> ");
	add_time(&file->out, now - file->started);
	buf_addf(&file->out, "\n%s\n\n", file->now.text);
}

int srt_file_open(struct app *app)
{
	int error = app->cli->srt ? outfile_check(app->cli->srt, app->cli->force) : 0;
	return error ? app_cannot(app, "write the subtitles", app->cli->srt, error) : 0;
}

void srt_file_frame(struct app *app, nsec now)
{
	struct srt_file *file = &app->srt;
	if (!app->cli->srt || !app->lesson || file->out.len > SRT_BYTES_MAX)
		return;
	if (!file->started)
		file->started = now;
	tell(lesson_caption(app->lesson), &file->next);
	if (file->next.len == file->now.len &&
		memcmp(file->next.text, file->now.text, file->next.len) == 0)
		return;
	end_entry(file, now);
	buf_clear(&file->now);
	buf_add(&file->now, file->next.text, file->next.len);
	file->since = now;
}

void srt_file_close(struct app *app)
{
	struct srt_file *file = &app->srt;
	if (app->cli->srt && file->started) {
		end_entry(file, nsec_monotonic());
		int error = outfile_write(app->cli->srt, app->cli->force, &file->out);
		if (error)
			app_cannot(app, "write the subtitles", app->cli->srt, error);
	}
	buf_finish(&file->out);
	buf_finish(&file->now);
	buf_finish(&file->next);
}
