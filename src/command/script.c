/* SPDX-License-Identifier: MIT
 * Key scripts: the little language of --keys. Pure: text in, steps out.
 */

#include "command.h"

#define WAIT_MS_MAX 60000

struct parser {
	const char *text;
	size_t at, len;
	struct script *script;
	char *why;
	size_t why_size;
};

static int refuse(struct parser *p, size_t at, const char *what)
{
	snprintf(p->why, p->why_size, "%s, at character %zu", what, at + 1);
	return -EINVAL;
}

static struct script_step *push(struct parser *p, enum script_kind kind)
{
	struct script_step *step;

	if (p->script->steps.n >= SCRIPT_STEPS_MAX)
		return NULL;
	step = vec_push(&p->script->steps);
	step->kind = kind;
	return step;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What follows the word in "word rest" (blanks cut at both ends); NULL if name is not that word. */
static const char *argument(const char *name, size_t len, const char *word, size_t *ret_len)
{
	size_t n = strlen(word);

	if (len < n || strncmp(name, word, n) != 0 || (len > n && !is_blank(name[n])))
		return NULL;
	name += n;
	len -= n;
	while (len && is_blank(name[0]))
		name++, len--;
	while (len && is_blank(name[len - 1]))
		len--;
	*ret_len = len;
	return name;
}

static int parse_wait(struct parser *p, size_t at, const char *arg, size_t len)
{
	struct script_step *step;
	char digits[16];
	int64_t ms;

	if (len == 0 || len >= sizeof(digits))
		return refuse(p, at, "<wait MS> needs milliseconds from 0 to 60000");
	memcpy(digits, arg, len);
	digits[len] = 0;
	if (parse_integer(digits, 0, WAIT_MS_MAX, &ms) < 0)
		return refuse(p, at, "<wait MS> needs milliseconds from 0 to 60000");
	step = push(p, SCRIPT_WAIT);
	if (!step)
		return refuse(p, at, "more than 4096 steps");
	step->wait = ms * NSEC_PER_MSEC;
	return 0;
}

static int parse_until(struct parser *p, size_t at, const char *arg, size_t len)
{
	struct script_step *step;

	if (len == 0)
		return refuse(p, at, "<until TEXT> needs a text");
	if (len >= sizeof(step->text))
		return refuse(p, at, "the text of <until TEXT> is longer than 63 bytes");
	step = push(p, SCRIPT_UNTIL);
	if (!step)
		return refuse(p, at, "more than 4096 steps");
	safe_text(step->text, sizeof(step->text), arg, len);
	return 0;
}

static int push_key(struct parser *p, size_t at, int key)
{
	struct script_step *step;

	if (key == KEYCODE_NONE)
		return refuse(p, at, "no such key");
	step = push(p, SCRIPT_KEY);
	if (!step)
		return refuse(p, at, "more than 4096 steps");
	step->key = key;
	return 0;
}

/* <...>: p->at is behind the '<'. "<<>" and "<>>" are the keys < and >. */
static int parse_angle(struct parser *p)
{
	size_t start = p->at, len, arg_len;
	const char *name = p->text + start, *arg, *end;

	end = memchr(name, '>', p->len - start);
	if (end == name && start + 1 < p->len && name[1] == '>')
		end++;
	if (!end)
		return refuse(p, start - 1, "a < without its >");
	len = (size_t)(end - name);
	p->at = start + len + 1;
	arg = argument(name, len, "wait", &arg_len);
	if (arg)
		return parse_wait(p, start, arg, arg_len);
	arg = argument(name, len, "until", &arg_len);
	if (arg)
		return parse_until(p, start, arg, arg_len);
	return push_key(p, start, key_find(name, len));
}

static int parse_steps(struct parser *p)
{
	while (p->at < p->len) {
		size_t at = p->at, bytes = 1;
		int err;

		if (is_blank(p->text[at])) {
			p->at++;
			continue;
		}
		if (p->text[at] == '<') {
			p->at++;
			err = parse_angle(p);
		} else {
			if ((unsigned char)p->text[at] >= 0x80)
				text_char_width(p->text + at, p->len - at, &bytes);
			p->at += MAX(bytes, 1);
			err = push_key(p, at, key_find(p->text + at, bytes));
		}
		if (err < 0)
			return err;
	}
	return 0;
}

int script_parse(const char *text, struct script *ret, char *why, size_t why_size)
{
	struct script script = { 0 };
	struct parser p = { text, 0, strlen(text), &script, why, why_size };
	int err = parse_steps(&p);

	if (err < 0) {
		script_finish(&script);
		return err;
	}
	*ret = script;
	return 0;
}

void script_finish(struct script *script)
{
	vec_finish(&script->steps);
}
