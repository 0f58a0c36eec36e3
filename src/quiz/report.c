/* SPDX-License-Identifier: MIT
 * Knows how results are written for a class: CSV (RFC 4180) and JSON.
 */
#include <math.h>
#include <string.h>

#include "internal.h"

/* How many rows were answered: the ones to report. */
static size_t answered(const struct quiz *quiz)
{
	size_t n = 0;

	while (n < quiz->rows.n && quiz->rows.at[n].outcome != QUIZ_OPEN)
		n++;
	return n;
}

static void put_seconds(struct buf *out, double seconds, const char *unknown)
{
	if (isnan(seconds) || seconds < 0 || seconds > 1e9)
		buf_adds(out, unknown);
	else
		buf_addf(out, "%lld.%lld", (long long)(seconds * 10 + 0.5) / 10,
			(long long)(seconds * 10 + 0.5) % 10);
}

static const char *option_text(const struct quiz_row *row, int option)
{
	return option < 0 ? NULL : row->card.question->options[option].text;
}

/* --- CSV --- */

static void put_csv(struct buf *out, const char *text)
{
	if (!text)
		return;
	buf_adds(out, "\"");
	for (; *text; text++) {
		buf_add(out, text, 1);
		if (*text == '"')
			buf_adds(out, "\"");
	}
	buf_adds(out, "\"");
}

static void put_csv_row(struct buf *out, const struct quiz_row *row)
{
	const struct scene_question *question = row->card.question;

	buf_addf(out, "%d,", question->id);
	put_csv(out, row->card.scene->name);
	buf_addf(out, ",%d,", question->level);
	for (unsigned i = 0; i < question->claims_n; i++)
		buf_addf(out, "%s%d", i ? " " : "", question->claims[i]);
	buf_adds(out, ",");
	put_csv(out, quiz_outcome_name(row->outcome));
	buf_adds(out, ",");
	put_csv(out, option_text(row, row->choice));
	buf_adds(out, ",");
	put_csv(out, option_text(row, row->truth));
	buf_adds(out, ",");
	put_seconds(out, row->seconds, "");
	buf_addf(out, ",%d,", row->card.again);
	put_csv(out, row->reason[0] ? row->reason : NULL);
	buf_adds(out, "\r\n");
}

void quiz_csv(const struct quiz *quiz, struct buf *out)
{
	buf_adds(out, "question,scene,level,claims,outcome,choice,truth,seconds,again,reason\r\n");
	for (size_t i = 0; i < answered(quiz); i++)
		put_csv_row(out, &quiz->rows.at[i]);
}

/* --- JSON --- */

static void put_json(struct buf *out, const char *text)
{
	if (text)
		buf_add_json(out, text);
	else
		buf_adds(out, "null");
}

static void put_json_row(struct buf *out, const struct quiz_row *row)
{
	const struct scene_question *question = row->card.question;

	buf_addf(out, "{\"question\":%d,\"scene\":", question->id);
	put_json(out, row->card.scene->name);
	buf_addf(out, ",\"level\":%d,\"claims\":[", question->level);
	for (unsigned i = 0; i < question->claims_n; i++)
		buf_addf(out, "%s%d", i ? "," : "", question->claims[i]);
	buf_adds(out, "],\"outcome\":");
	put_json(out, quiz_outcome_name(row->outcome));
	buf_adds(out, ",\"choice\":");
	put_json(out, option_text(row, row->choice));
	buf_adds(out, ",\"truth\":");
	put_json(out, option_text(row, row->truth));
	buf_adds(out, ",\"seconds\":");
	put_seconds(out, row->seconds, "null");
	buf_addf(out, ",\"again\":%s,\"reason\":", row->card.again ? "true" : "false");
	put_json(out, row->reason[0] ? row->reason : NULL);
	buf_adds(out, "}");
}

static void put_json_score(struct buf *out, const struct quiz *quiz, int claim)
{
	struct quiz_score score = quiz_score(quiz, claim);

	buf_addf(out, "{\"claim\":%d,\"right\":%d,\"wrong\":%d,\"undecided\":%d,\"skipped\":%d}",
		claim, score.right, score.wrong, score.undecided, score.skipped);
}

void quiz_json(const struct quiz *quiz, struct buf *out)
{
	buf_adds(out, "{\"format\":\"taskscope-quiz\",\"version\":1,\"answers\":[");
	for (size_t i = 0; i < answered(quiz); i++) {
		buf_adds(out, i ? ",\n" : "\n");
		put_json_row(out, &quiz->rows.at[i]);
	}
	buf_adds(out, "],\n\"scores\":[");
	for (int claim = 1; claim <= CLAIMS; claim++) {
		buf_adds(out, claim > 1 ? ",\n" : "\n");
		put_json_score(out, quiz, claim);
	}
	buf_adds(out, "]}\n");
}
