/* SPDX-License-Identifier: MIT
 * Parses expressions to trees, by recursive descent. Facts are found here, and types that can never go together refused.
 */

#include "internal.h"

#define DEPTH_MAX 32
#define STEPS_MAX 4096

struct parser {
	struct scene_code *code;
	const struct scene_names *names;
	const char *text, *at;
	int depth;
	bool failed;
	char why[200];
};

/* Notes the first thing that is wrong, and where. */
__attribute__((format(printf, 2, 3))) static unsigned fail(
	struct parser *parser, const char *format, ...)
{
	va_list args;

	if (!parser->failed) {
		int len = snprintf(parser->why, sizeof(parser->why),
			"character %d: ", (int)(parser->at - parser->text) + 1);
		va_start(args, format);
		vsnprintf(parser->why + len, sizeof(parser->why) - (size_t)len, format, args);
		va_end(args);
	}
	parser->failed = true;
	return 0;
}

static void expect(struct parser *parser, const char *token)
{
	if (!token_take(&parser->at, token))
		fail(parser, "'%s' is wanted here", token);
}

/* --- nodes --- */

static unsigned add(struct parser *parser, struct scene_node node)
{
	struct scene_node *all = parser->code->nodes.at;
	unsigned left = node.left ? all[node.left].steps : 0;
	unsigned right = node.right ? all[node.right].steps : 0;

	node.steps = 1 + left + right;
	if (node.steps > STEPS_MAX) {
		free(node.words);
		return fail(parser, "named values make this longer than %d steps", STEPS_MAX);
	}
	*vec_push(&parser->code->nodes) = node;
	return (unsigned)parser->code->nodes.n - 1;
}

static struct value of_type(const struct parser *parser, unsigned node)
{
	return value_unknown(parser->code->nodes.at[node].type, "");
}

/* A node of two operands, whose types must go together. */
static unsigned combine(struct parser *parser, enum scene_op op, unsigned left, unsigned right)
{
	const char *mixed = NULL;

	if (parser->failed)
		return 0;
	struct value a = of_type(parser, left), b = of_type(parser, right);
	struct value value = value_combine(op, &a, &b, &mixed);
	if (mixed)
		return fail(parser, "%s", mixed);
	return add(parser,
		(struct scene_node) { .op = op, .type = value.type, .left = left, .right = right });
}

static unsigned negation(struct parser *parser, unsigned left)
{
	const char *mixed = NULL;

	if (parser->failed)
		return 0;
	struct value a = of_type(parser, left);
	value_not(&a, &mixed);
	if (mixed)
		return fail(parser, "%s", mixed);
	return add(parser, (struct scene_node) { .op = OP_NOT, .type = SCENE_TRUTH, .left = left });
}

static unsigned number(struct parser *parser, double value)
{
	return add(parser, (struct scene_node) { OP_NUMBER, SCENE_NUMBER, .number = value });
}

/* --- facts and named values --- */

static int find_path(struct parser *parser, const char *text, bool before)
{
	struct scene_code *code = parser->code;
	const struct scene_names *names = parser->names;
	char why[100] = "";
	size_t i = 0;

	while (i < code->paths.n && strcmp(code->paths.at[i].text, text) != 0)
		i++;
	if (i == code->paths.n) {
		void *handle = names->handle_size ? xcalloc(1, names->handle_size) : NULL;
		if (names->fact && !names->fact(names->context, text, handle, why, sizeof(why))) {
			free(handle);
			fail(parser, "there is no fact '%s'%s%s", text, why[0] ? ": " : "", why);
			return -1;
		}
		struct scene_path *path = vec_push(&code->paths);
		snprintf(path->text, sizeof(path->text), "%s", text);
		path->handle = handle;
	}
	code->paths.at[i].before |= before;
	return (int)i;
}

static unsigned fact(struct parser *parser, const char *text, bool before)
{
	int path = parser->failed ? -1 : find_path(parser, text, before);

	if (path < 0)
		return 0;
	return add(parser,
		(struct scene_node) { .op = before ? OP_BEFORE : OP_FACT, .path = (unsigned)path });
}

/* The node of a named value; -1: there is none of this name. */
static int find_named(const struct parser *parser, const char *name)
{
	for (unsigned i = 0; i < parser->code->named_n; i++)
		if (strcmp(parser->code->named[i].name, name) == 0)
			return (int)parser->code->named[i].node;
	return -1;
}

/* --- functions: the rest of a call, behind its opening parenthesis --- */

static unsigned parse_or(struct parser *parser);

static void parse_path(struct parser *parser, char *out, size_t size)
{
	const char *wrong = token_path(&parser->at, out, size);

	if (wrong)
		fail(parser, "%s", wrong);
}

static unsigned parse_words(struct parser *parser)
{
	char text[sizeof(((struct scene_value *)NULL)->text)];
	const char *wrong = token_words(&parser->at, text, sizeof(text));

	if (wrong)
		return fail(parser, "%s", wrong);
	return add(parser, (struct scene_node) { OP_WORDS, SCENE_WORDS, .words = xstrdup(text) });
}

static unsigned parse_delta(struct parser *parser, enum scene_op op)
{
	char path[96];

	parse_path(parser, path, sizeof(path));
	unsigned now = fact(parser, path, false), before = fact(parser, path, true);
	return combine(parser, OP_SUBTRACT, now, before);
}

/* given(CONDITION, "what is missing", VALUE): the value, where the condition holds. */
static unsigned parse_given(struct parser *parser, enum scene_op op)
{
	unsigned condition = parse_or(parser), lacking;

	condition = combine(parser, OP_AND, condition, condition); /* nothing but a condition */
	expect(parser, ",");
	token_skip(&parser->at);
	if (*parser->at != '"')
		return fail(parser, "words that say what is missing are wanted here");
	lacking = parse_words(parser);
	expect(parser, ",");
	unsigned value = parse_or(parser);
	if (parser->failed)
		return 0;
	struct scene_node node = { op, parser->code->nodes.at[value].type, .left = condition,
		.right = value };
	node.words = xstrdup(parser->code->nodes.at[lacking].words);
	return add(parser, node);
}

/* Of one number, a truth, or words. */
static unsigned parse_one(struct parser *parser, enum scene_op op)
{
	unsigned left = parse_or(parser);

	if (op == OP_ABS)
		left = combine(parser, OP_ADD, left, number(parser, 0)); /* nothing but a number */
	return add(parser, (struct scene_node) { .op = op,
				   .type = op == OP_KNOWN ? SCENE_TRUTH : SCENE_NUMBER,
				   .left = left });
}

/* number(WORDS), or number(WORDS, N): the Nth number in them. */
static unsigned parse_number_in(struct parser *parser, enum scene_op op)
{
	struct scene_node node = { op, SCENE_NUMBER, .left = parse_or(parser), .number = 1 };
	const char *wrong = NULL;

	if (!parser->failed && token_take(&parser->at, ",")) {
		token_skip(&parser->at);
		wrong = token_digits(&parser->at, &node.number);
	}
	if (!parser->failed && (wrong || node.number < 1 || node.number > 99))
		return fail(parser, "which number of them is wanted here, from 1");
	return add(parser, node);
}

static unsigned parse_two(struct parser *parser, enum scene_op op)
{
	unsigned left = parse_or(parser);

	expect(parser, ",");
	unsigned right = parse_or(parser);
	combine(parser, OP_SUBTRACT, left, right); /* nothing but numbers */
	return add(parser, (struct scene_node) { op, SCENE_NUMBER, .left = left, .right = right });
}

static const struct function {
	const char *name;
	unsigned (*parse)(struct parser *parser, enum scene_op op);
	enum scene_op op;
} functions[] = {
	{ "delta", parse_delta, OP_SUBTRACT },
	{ "abs", parse_one, OP_ABS },
	{ "number", parse_number_in, OP_NUMBER_IN },
	{ "known", parse_one, OP_KNOWN },
	{ "min", parse_two, OP_MIN },
	{ "max", parse_two, OP_MAX },
	{ "given", parse_given, OP_GIVEN },
};

static const struct function *find_function(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (strcmp(name, functions[i].name) == 0)
			return &functions[i];
	return NULL;
}

bool expression_reserves(const char *word)
{
	static const char *const words[] = { "true", "false", "not", "and", "or", "before" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return find_function(word) != NULL;
}

/* --- the grammar, from the inside out --- */

static unsigned parse_number(struct parser *parser)
{
	double value;
	const char *wrong = token_number(&parser->at, &value);

	return wrong ? fail(parser, "%s", wrong) : number(parser, value);
}

static unsigned parse_call(struct parser *parser, const struct function *function)
{
	unsigned node = function->parse(parser, function->op);

	expect(parser, ")");
	return node;
}

/* A word: true, false, a function, a named value, or a fact. */
static unsigned parse_name(struct parser *parser)
{
	const char *start = parser->at;
	char path[96];

	for (int truth = 0; truth < 2; truth++)
		if (token_word(&parser->at, truth ? "true" : "false"))
			return add(parser,
				(struct scene_node) { OP_TRUTH, SCENE_TRUTH, .number = truth });
	parse_path(parser, path, sizeof(path));
	if (parser->failed)
		return 0;
	const struct function *function = find_function(path);
	if (function && token_take(&parser->at, "("))
		return parse_call(parser, function);
	if (strncmp(path, "before.", 7) == 0)
		return fact(parser, path + 7, true);
	int named = find_named(parser, path);
	if (named >= 0)
		return (unsigned)named;
	if (*start != '`' && !strchr(path, '.')) {
		parser->at = start; /* the name itself is wrong, not what follows */
		return fail(parser, "'%.40s' is no fact, no function and no value", path);
	}
	return fact(parser, path, false);
}

static unsigned parse_primary(struct parser *parser)
{
	token_skip(&parser->at);
	char c = *parser->at;
	if (token_is_digit(c))
		return parse_number(parser);
	if (c == '"')
		return parse_words(parser);
	if (token_is_letter(c) || c == '`')
		return parse_name(parser);
	if (token_take(&parser->at, "(")) {
		unsigned node = parse_or(parser);
		expect(parser, ")");
		return node;
	}
	return fail(parser, c ? "a value is wanted here" : "ends where a value is wanted");
}

static unsigned parse_unary(struct parser *parser)
{
	bool negative = false;

	while (token_take(&parser->at, "-"))
		negative = !negative;
	unsigned node = parse_primary(parser);
	return negative ? combine(parser, OP_SUBTRACT, number(parser, 0), node) : node;
}

/* Operands of one level with operators between them, from left to right. */
struct operator
{
	const char *token;
	enum scene_op op;
};

static bool take_operator(
	struct parser *parser, const struct operator* operators, size_t n, enum scene_op *ret)
{
	for (size_t i = 0; i < n && !parser->failed; i++) {
		bool word = token_is_letter(operators[i].token[0]);
		if (word ? !token_word(&parser->at, operators[i].token)
			 : !token_take(&parser->at, operators[i].token))
			continue;
		*ret = operators[i].op;
		return true;
	}
	return false;
}

static unsigned parse_product(struct parser *parser)
{
	static const struct operator operators[] = { { "*", OP_MULTIPLY }, { "/", OP_DIVIDE } };
	unsigned node = parse_unary(parser);
	enum scene_op op;

	while (take_operator(parser, operators, ARRAY_LEN(operators), &op))
		node = combine(parser, op, node, parse_unary(parser));
	return node;
}

static unsigned parse_sum(struct parser *parser)
{
	static const struct operator operators[] = { { "+", OP_ADD }, { "-", OP_SUBTRACT } };
	unsigned node = parse_product(parser);
	enum scene_op op;

	while (take_operator(parser, operators, ARRAY_LEN(operators), &op))
		node = combine(parser, op, node, parse_product(parser));
	return node;
}

static unsigned parse_comparison(struct parser *parser)
{
	static const struct operator operators[] = { { "!=", OP_DIFFERS }, { "<=", OP_AT_MOST },
		{ ">=", OP_AT_LEAST }, { "==", OP_EQUAL }, { "=", OP_EQUAL }, { "<", OP_LESS },
		{ ">", OP_MORE } };
	unsigned node = parse_sum(parser);
	enum scene_op op;

	if (take_operator(parser, operators, ARRAY_LEN(operators), &op))
		return combine(parser, op, node, parse_sum(parser));
	return node;
}

static unsigned parse_not(struct parser *parser)
{
	bool negate = false;

	while (token_word(&parser->at, "not"))
		negate = !negate;
	unsigned node = parse_comparison(parser);
	return negate ? negation(parser, node) : node;
}

static unsigned parse_and(struct parser *parser)
{
	static const struct operator operators[] = { { "and", OP_AND } };
	unsigned node = parse_not(parser);
	enum scene_op op;

	while (take_operator(parser, operators, ARRAY_LEN(operators), &op))
		node = combine(parser, op, node, parse_not(parser));
	return node;
}

static unsigned parse_or(struct parser *parser)
{
	static const struct operator operators[] = { { "or", OP_OR } };
	enum scene_op op;

	if (++parser->depth > DEPTH_MAX)
		return fail(parser, "more than %d levels", DEPTH_MAX);
	unsigned node = parse_and(parser);
	while (take_operator(parser, operators, ARRAY_LEN(operators), &op))
		node = combine(parser, op, node, parse_and(parser));
	parser->depth--;
	return node;
}

int expression_parse(struct scene_code *code, const char *text, size_t len,
	const struct scene_names *names, unsigned *ret, char *why, size_t why_size)
{
	static const struct scene_names any;
	char copy[SCENE_TEXT_MAX + 1];
	struct parser parser = {
		.code = code, .names = names ? names : &any, .text = copy, .at = copy
	};

	if (len > SCENE_TEXT_MAX) {
		snprintf(why, why_size, "character 1: longer than %d bytes", SCENE_TEXT_MAX);
		return -EINVAL;
	}
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (code->nodes.n == 0)
		vec_push(&code->nodes); /* 0 is no node */
	unsigned node = parse_or(&parser);
	token_skip(&parser.at);
	if (!parser.failed && *parser.at)
		fail(&parser, "an operator is wanted here");
	if (parser.failed) {
		snprintf(why, why_size, "%s", parser.why);
		return -EINVAL;
	}
	*ret = node;
	return 0;
}
