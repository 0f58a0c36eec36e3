/* SPDX-License-Identifier: MIT
 * Writes results for a class: CSV (RFC 4180) and JSON.
 */

#include "internal.h"
#include "json_writer.h"

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
	if (text)
		buf_add_csv(out, text);
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

static void put_text(struct json *json, const char *name, const char *text)
{
	if (text && *text)
		json_put_text(json, name, text);
	else
		json_put_null(json, name);
}

static void put_json_row(struct json *json, const struct quiz_row *row)
{
	const struct scene_question *question = row->card.question;

	json_open(json, NULL, "{");
	json_put_integer(json, "question", question->id);
	put_text(json, "scene", row->card.scene->name);
	json_put_integer(json, "level", question->level);
	json_open(json, "claims", "[");
	for (unsigned i = 0; i < question->claims_n; i++)
		json_put_integer(json, NULL, question->claims[i]);
	json_close(json, "]");
	put_text(json, "outcome", quiz_outcome_name(row->outcome));
	put_text(json, "choice", option_text(row, row->choice));
	put_text(json, "truth", option_text(row, row->truth));
	json_name(json, "seconds");
	put_seconds(json->out, row->seconds, "null");
	json_put_bool(json, "again", row->card.again);
	put_text(json, "reason", row->reason);
	json_close(json, "}");
}

static void put_json_score(struct json *json, const struct quiz *quiz, int claim)
{
	struct quiz_score score = quiz_score(quiz, claim);

	json_open(json, NULL, "{");
	json_put_integer(json, "claim", claim);
	json_put_integer(json, "right", score.right);
	json_put_integer(json, "wrong", score.wrong);
	json_put_integer(json, "undecided", score.undecided);
	json_put_integer(json, "skipped", score.skipped);
	json_close(json, "}");
}

static void put_flag(struct json *json, const char *name, int flag)
{
	if (flag < 0)
		json_put_null(json, name);
	else
		json_put_bool(json, name, flag);
}

void quiz_machine_put(struct json *json, const char *name, const struct quiz_machine *machine)
{
	if (!machine) {
		json_put_null(json, name);
		return;
	}
	const char *arch = strrchr(machine->kernel, ' ');

	json_open(json, name, "{");
	put_text(json, "arch", arch ? arch + 1 : NULL);
	put_text(json, "kernel", machine->kernel);
	json_put_integer(json, "cpus", machine->cpus);
	put_flag(json, "pcid", machine->pcid);
	put_flag(json, "pti", machine->pti);
	put_flag(json, "hypervisor", machine->hypervisor);
	json_close(json, "}");
}

void quiz_card_put(struct json *json, const char *name, const struct card *card)
{
	json_open(json, name, "[");
	for (int claim = 1; card && claim <= CLAIMS; claim++) {
		json_open(json, NULL, "{");
		json_put_integer(json, "claim", claim);
		json_put_text(json, "verdict", verdict_name(card_claim(card, claim)));
		json_close(json, "}");
	}
	json_close(json, "]");
}

void quiz_json(const struct quiz *quiz, const struct quiz_machine *machine, const struct card *card,
	struct buf *out)
{
	struct json json = { .out = out };

	json_open(&json, NULL, "{");
	json_put_text(&json, "format", "taskscope-quiz");
	json_put_integer(&json, "version", 1);
	quiz_machine_put(&json, "machine", machine);
	quiz_card_put(&json, "card", card);
	json_open(&json, "answers", "[");
	for (size_t i = 0; i < answered(quiz); i++) {
		json.separator = i ? ",\n" : "\n";
		put_json_row(&json, &quiz->rows.at[i]);
	}
	json_close(&json, "]");
	json.separator = ",\n";
	json_open(&json, "scores", "[");
	for (int claim = 1; claim <= CLAIMS; claim++) {
		json.separator = claim > 1 ? ",\n" : "\n";
		put_json_score(&json, quiz, claim);
	}
	json_close(&json, "]");
	json_close(&json, "}");
	buf_adds(out, "\n");
}
