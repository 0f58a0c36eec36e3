/* SPDX-License-Identifier: MIT
 * Writes what became of the programs that were run: the last line of their --json.
 */

#include "json_lines.h"
#include "json_writer.h"

static void put_integer(struct json *json, const char *name, int64_t value)
{
	if (value == UNKNOWN)
		json_put_null(json, name);
	else
		json_put_integer(json, name, value);
}

static void put_seconds(struct json *json, const char *name, int64_t value, double unit)
{
	json_put_real(json, name, value == UNKNOWN ? NAN : (double)value / unit);
}

static void put_program(struct json *json, const struct program_sample *program)
{
	json_open(json, NULL, "{");
	json_put_text(json, "side", side_name((enum side)program->side));
	put_integer(json, "pid", program->pid);
	put_integer(json, "status", program_status(program));
	put_integer(json, "signal", program_signal(program));
	put_seconds(json, "wall_s", program->wall_ns, (double)NSEC_PER_SEC);
	put_seconds(json, "user_s", program->user_us, 1e6);
	put_seconds(json, "system_s", program->system_us, 1e6);
	put_integer(json, "births", program->births);
	if (program_births_are_seen(program))
		json_put_text(json, "births_by", program->births_by);
	put_integer(json, "peak_pss_kb", program->peak_pss_kb);
	put_integer(json, "peak_rss_kb", program->peak_rss_kb);
	json_close(json, "}");
}

void json_lines_put_ended(struct buf *out, const struct sample *sample)
{
	struct json json = { .out = out };
	const struct program_sample *program;

	json_open(&json, NULL, "{");
	json_put_integer(&json, "v", JSON_LINES_VERSION);
	json_open(&json, "ended", "[");
	vec_each (program, &sample->programs)
		put_program(&json, program);
	json_close(&json, "]");
	json_close(&json, "}");
	buf_adds(out, "\n");
}

void json_lines_put_compared(struct buf *out, const struct sample *sample)
{
	const struct field *verdict = record_find(&contrast_record, "verdict");
	struct json json = { .out = out };
	const struct contrast_sample *c;

	json_open(&json, NULL, "{");
	json_put_integer(&json, "v", JSON_LINES_VERSION);
	json_open(&json, "compared", "[");
	vec_each (c, &sample->contrasts) {
		json_open(&json, NULL, "{");
		json_put_text(&json, "what", c->method);
		json_put_integer(&json, "rounds", c->rounds);
		json_put_real(&json, "left_to_right", c->ratio);
		json_put_real(&json, "low", c->low);
		json_put_real(&json, "high", c->high);
		json_put_text(&json, "verdict", field_word(verdict, c->verdict));
		json_put_text(&json, "text", c->text);
		json_close(&json, "}");
	}
	json_close(&json, "]");
	json_close(&json, "}");
	buf_adds(out, "\n");
}
