/* SPDX-License-Identifier: MIT
 * The grammar of paths: "left.worker0.voluntary_per_s" to a fact and whose it is. It needs no model, so a path is parsed
 * once and read as often as it is shown.
 */
#include "internal.h"

#define WORDS_MAX 4
#define WORD_SIZE 48

struct words {
	char at[WORDS_MAX][WORD_SIZE];
	size_t n;
};

static bool split(const char *text, struct words *words)
{
	words->n = 0;
	while (words->n < WORDS_MAX) {
		const size_t len = strcspn(text, ".");

		if (len == 0 || len >= WORD_SIZE)
			return false;
		memcpy(words->at[words->n], text, len);
		words->at[words->n++][len] = '\0';
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
	return false;
}

static const char *const who_words[] = {
	[FACT_OF_WORKER] = "worker", [FACT_OF_TASK] = "task", [FACT_OF_PROCESS] = "process"
};

/* "worker12" after the word "worker". */
static bool numbered(const char *word, const char *start, int64_t *ret)
{
	const size_t n = strlen(start);

	return strncmp(word, start, n) == 0 && word[n] >= '0' && word[n] <= '9' &&
	       parse_integer(word + n, 0, INT32_MAX, ret) == 0;
}

static bool find_side(const char *word, enum side *ret)
{
	for (int side = 0; side < SIDES; side++) {
		if (strcmp(word, side_name((enum side)side)) != 0)
			continue;
		*ret = (enum side)side;
		return true;
	}
	return false;
}

/* Returns false if the word names nothing that could be there. */
static bool find_who(const char *word, struct fact_path *ret)
{
	int64_t number;

	if (strcmp(word, "host") == 0) {
		ret->who = FACT_OF_WORKER;
		ret->number = WORKER_HOST;
		return true;
	}
	for (enum fact_who who = FACT_OF_WORKER; who <= FACT_OF_PROCESS; who++) {
		if (!numbered(word, who_words[who], &number))
			continue;
		ret->who = who;
		ret->number = (int32_t)number;
		return true;
	}
	return false;
}

/* What a name means of a worker or a task: of its task, else of its process, else of what it has in the kernel. */
static const struct fact *find_fact_of_task(const char *name)
{
	const struct fact *fact = fact_find(FACT_TASK, name);

	for (int scope = FACT_PROCESS; scope < FACT_DUEL && !fact; scope++)
		if (scope == FACT_PROCESS || scope >= FACT_WORKER)
			fact = fact_find((enum fact_scope)scope, name);
	for (size_t i = 0; !fact && fact_at(i); i++)
		if (fact_at(i)->scope >= FACT_SCOPES && strcmp(fact_at(i)->name, name) == 0)
			fact = fact_at(i);
	return fact;
}

__attribute__((format(printf, 3, 4))) static bool refuse(
	char *why, size_t why_size, const char *format, ...)
{
	va_list args;

	if (!why)
		return false;
	va_start(args, format);
	vsnprintf(why, why_size, format, args);
	va_end(args);
	return false;
}

static bool parse_of_someone(
	const struct words *words, struct fact_path *ret, char *why, size_t why_size)
{
	const char *name = words->at[words->n - 1], *of = "task or process";

	if (!find_who(words->at[1], ret))
		return refuse(why, why_size, "\"%s\" is no workerN, host, taskTID or processPID",
			words->at[1]);
	if (words->n == 4) {
		of = "mapping";
		snprintf(ret->region, sizeof(ret->region), "%s", words->at[2]);
		ret->fact = fact_find(FACT_MAPPING, name);
	} else if (ret->who == FACT_OF_PROCESS) {
		of = "process";
		ret->fact = fact_find(FACT_PROCESS, name);
	} else {
		ret->fact = find_fact_of_task(name);
	}
	return ret->fact || refuse(why, why_size, "no fact of a %s: \"%s\"", of, name);
}

static bool parse_of_whole(
	enum fact_scope scope, const char *name, struct fact_path *ret, char *why, size_t why_size)
{
	ret->fact = fact_find(scope, name);
	return ret->fact ||
	       refuse(why, why_size, "no fact of a %s: \"%s\"", fact_scope_name(scope), name);
}

bool fact_path_parse(const char *text, struct fact_path *ret, char *why, size_t why_size)
{
	struct words words;

	*ret = (struct fact_path) { 0 };
	if (!split(text, &words) || words.n < 2)
		return refuse(why, why_size,
			"\"%s\" is no path: two to four words with dots between", text);
	if (words.n == 2 && strcmp(words.at[0], "machine") == 0)
		return parse_of_whole(FACT_MACHINE, words.at[1], ret, why, why_size);
	if (words.n == 2 && strcmp(words.at[0], "observer") == 0)
		return parse_of_whole(FACT_OBSERVER, words.at[1], ret, why, why_size);
	if (!find_side(words.at[0], &ret->side))
		return refuse(why, why_size, "\"%s\" is not left, right, machine or observer",
			words.at[0]);
	if (words.n == 2)
		return parse_of_whole(FACT_SIDE, words.at[1], ret, why, why_size);
	return parse_of_someone(&words, ret, why, why_size);
}

static void put_who(char *out, size_t size, const struct fact_path *path)
{
	if (path->who == FACT_OF_ALL)
		snprintf(out, size, "%s", "");
	else if (path->who == FACT_OF_WORKER && path->number == WORKER_HOST)
		snprintf(out, size, "host.");
	else
		snprintf(out, size, "%s%d.", who_words[path->who], (int)path->number);
}

char *fact_path_format(char *out, size_t size, const struct fact_path *path)
{
	const enum fact_scope scope = path->fact->scope;
	char who[24];

	put_who(who, sizeof(who), path);
	snprintf(out, size, "%s.%s%s%s%s",
		scope == FACT_MACHINE || scope == FACT_OBSERVER ? fact_scope_name(scope)
								: side_name(path->side),
		who, path->region, path->region[0] ? "." : "", path->fact->name);
	return out;
}
