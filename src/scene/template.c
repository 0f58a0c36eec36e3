/* SPDX-License-Identifier: MIT
 * Parses and renders templates: text with {EXPRESSION:FORMAT} in it, and numbers as they read in a sentence.
 */

#include "internal.h"

static const char *const format_names[FORMATS] = {
	[FORMAT_PLAIN] = "",
	[FORMAT_KB] = "kb",
	[FORMAT_COUNT] = "count",
	[FORMAT_RATE] = "rate",
	[FORMAT_NS] = "ns",
	[FORMAT_PERCENT] = "percent",
	[FORMAT_RATIO] = "ratio",
	[FORMAT_HEX] = "hex",
	[FORMAT_TEXT] = "text",
};

/* --- pieces --- */

/* The end of {...}, and the last colon in it, both outside of quotes. NULL: not closed. */
static const char *closing(const char *at, const char **ret_colon)
{
	char quote = 0;

	*ret_colon = NULL;
	for (; *at; at++) {
		if (quote) {
			quote = *at == quote ? 0 : quote;
		} else if (*at == '"' || *at == '`') {
			quote = *at;
		} else if (*at == ':') {
			*ret_colon = at;
		} else if (*at == '}') {
			return at;
		}
	}
	return NULL;
}

static int read_format(
	const char *name, size_t len, enum template_format *ret, char *why, size_t why_size)
{
	for (int i = FORMAT_PLAIN + 1; i < FORMATS; i++) {
		if (strlen(format_names[i]) == len && strncmp(format_names[i], name, len) == 0) {
			*ret = (enum template_format)i;
			return 0;
		}
	}
	snprintf(why, why_size,
		"there is no format '%.*s'; there are kb, count, rate, ns, percent, ratio, hex and "
		"text",
		(int)MIN(len, (size_t)20), name);
	return -EINVAL;
}

/* An expression in braces, at *text. */
static int parse_expression(struct scene_code *code, const char **text,
	const struct scene_names *names, char *why, size_t why_size)
{
	const char *start = *text + 1, *colon, *end = closing(start, &colon);
	struct scene_piece piece = { 0 };

	if (!end) {
		snprintf(why, why_size, "'{' has no '}'; a brace itself is written twice");
		return -EINVAL;
	}
	if (colon && read_format(colon + 1, (size_t)(end - colon - 1), &piece.format, why,
			     why_size) != 0)
		return -EINVAL;
	size_t len = (size_t)((colon ? colon : end) - start);
	if (len == 0) {
		snprintf(why, why_size, "'{}' holds no expression");
		return -EINVAL;
	}
	if (expression_parse(code, start, len, names, &piece.node, why, why_size) != 0)
		return -EINVAL;
	*vec_push(&code->pieces) = piece;
	*text = end + 1;
	return 0;
}

int template_parse(struct scene_code *code, const char *text, const struct scene_names *names,
	char *why, size_t why_size)
{
	const char *at = text;

	while (*at) {
		bool brace = *at == '{' || *at == '}';
		size_t len = brace ? 1 : strcspn(at, "{}");
		if (*at == '{' && at[1] != '{') {
			if (parse_expression(code, &at, names, why, why_size) != 0)
				return -EINVAL;
			continue;
		}
		if (brace && at[1] != *at) {
			snprintf(why, why_size, "'}' has no '{'; a brace itself is written twice");
			return -EINVAL;
		}
		*vec_push(&code->pieces) = (struct scene_piece) { .start = (unsigned)(at - text),
			.len = (unsigned)len };
		at += brace ? 2 : len;
	}
	return 0;
}

/* --- numbers in a sentence --- */

/* With so many decimals, the same in every locale. number is not negative. */
static void put_fixed(struct buf *out, double number, int decimals)
{
	static const int64_t scales[] = { 1, 10, 100 };
	int64_t scale = scales[decimals];
	int64_t scaled = (int64_t)(number * (double)scale + 0.5);

	buf_addf(out, "%lld", (long long)(scaled / scale));
	if (decimals && scaled % scale)
		buf_addf(out, ".%0*lld", decimals, (long long)(scaled % scale));
}

static void put_plain(struct buf *out, double number)
{
	char text[32];

	if (number == floor(number) && number < 1e7) /* exact: ids, pages, faults */
		buf_addf(out, "%lld", (long long)number);
	else if (number >= 1e6)
		buf_adds(out, format_count(text, sizeof(text), (int64_t)number));
	else
		put_fixed(out, number, number < 100 ? 2 : 0);
}

static void put_ratio(struct buf *out, double number)
{
	int decimals = number < 9.995 ? 2 : 1;

	put_fixed(out, number, number < 99.95 ? decimals : 0);
}

static void put_number(struct buf *out, double number, enum template_format format)
{
	char text[40];

	if (number < 0)
		buf_adds(out, "-");
	number = fabs(number);
	if (number > 9e18) {
		buf_adds(out, "–");
		return;
	}
	switch (format) {
	case FORMAT_KB:
		buf_adds(out, format_kb(text, sizeof(text), (int64_t)(number + 0.5)));
		break;
	case FORMAT_RATE:
		buf_adds(out, format_rate(text, sizeof(text), number));
		break;
	case FORMAT_NS:
		buf_adds(out, format_fine_ns(text, sizeof(text), number));
		break;
	case FORMAT_PERCENT:
		buf_adds(out, format_percent(text, sizeof(text), number));
		break;
	case FORMAT_RATIO:
		put_ratio(out, number);
		break;
	case FORMAT_HEX:
		buf_addf(out, "0x%llx", (unsigned long long)number);
		break;
	default:
		put_plain(out, number);
	}
}

static void put_value(struct buf *out, const struct value *value, enum template_format format)
{
	if (!value->known)
		buf_adds(out, "–");
	else if (value->type == SCENE_WORDS || (format == FORMAT_TEXT && value->text[0]))
		buf_adds(out, value->text);
	else if (value->type == SCENE_TRUTH)
		buf_adds(out, value->number != 0 ? "yes" : "no");
	else
		put_number(out, value->number, format);
}

int scene_render(struct buf *out, const struct scene_text *text, const struct scene_facts *facts,
	char *reason, size_t reason_size)
{
	int unknown = 0;

	for (unsigned i = 0; i < text->n; i++) {
		const struct scene_piece *piece = &facts->code->pieces.at[text->first + i];
		if (piece->len) {
			buf_add(out, text->text + piece->start, piece->len);
			continue;
		}
		struct value value = expression_run(facts, piece->node);
		if (!value.known && unknown++ == 0 && reason)
			value_reason(&value, reason, reason_size);
		buf_adds(out, facts->mark ? facts->mark : "");
		put_value(out, &value, piece->format);
		buf_adds(out, facts->mark ? facts->unmark : "");
	}
	return unknown;
}
