/* SPDX-License-Identifier: MIT
 * Reads results that students hand in: JSON as jansson parses it, or CSV. They are strangers' files: every number is held to
 * its range, every text is made safe.
 */
#include <jansson.h>

#include "class.h"
#include "quiz.h"

#define ANSWERS_MAX 1000
#define QUESTION_MAX 9999
#define CSV_HEAD "question,scene,level,claims,outcome,choice,truth,seconds,again,reason"
#define CSV_FIELDS 10

enum { CSV_QUESTION, CSV_OUTCOME = 4, CSV_CHOICE, CSV_AGAIN = 8 };

static bool refuse(char *why, size_t size, const char *text)
{
	snprintf(why, size, "%s", text);
	return false;
}

/* One answer; what was neither right nor wrong says nothing of a misconception. */
static bool add_answer(
	struct class_result *result, json_int_t question, const char *outcome, const char *choice)
{
	const bool wrong = strcmp(outcome, quiz_outcome_name(QUIZ_WRONG)) == 0;
	struct class_answer answer = { .wrong = wrong };

	if (question < 1 || question > QUESTION_MAX || result->answers.n >= ANSWERS_MAX)
		return false;
	if (!wrong && strcmp(outcome, quiz_outcome_name(QUIZ_RIGHT)) != 0)
		return true;
	answer.question = (int)question;
	safe_text(answer.choice, sizeof(answer.choice), choice, strlen(choice));
	*vec_push(&result->answers) = answer;
	return true;
}

/* --- JSON --- */

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static bool read_answers(const json_t *answers, struct class_result *ret)
{
	const json_t *answer;
	size_t i;

	if (!json_is_array(answers))
		return false;
	json_array_foreach(answers, i, answer)
	{
		const json_t *question = json_object_get(answer, "question");

		if (json_is_true(json_object_get(answer, "again")))
			continue;
		if (!json_is_integer(question) ||
			!add_answer(ret, json_integer_value(question), text_of(answer, "outcome"),
				text_of(answer, "choice")))
			return false;
	}
	return true;
}

static void add_trait(char *kind, size_t size, const json_t *flag, const char *yes, const char *no)
{
	const char *word = json_is_true(flag) ? yes : no;

	if (json_is_boolean(flag))
		text_addf(kind, size, ", %s", word);
}

static void read_machine(const json_t *machine, struct class_result *ret)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *arch = text_of(machine, "arch");
	const size_t len = strlen(arch);

	if (!json_is_object(machine))
		return;
	snprintf(ret->kind, sizeof(ret->kind), "%s",
		len && len <= 16 && strspn(arch, safe) == len ? arch : "other");
	add_trait(
		ret->kind, sizeof(ret->kind), json_object_get(machine, "pcid"), "PCID", "no PCID");
	add_trait(ret->kind, sizeof(ret->kind), json_object_get(machine, "pti"), "PTI", "no PTI");
	add_trait(ret->kind, sizeof(ret->kind), json_object_get(machine, "hypervisor"), "virtual",
		"not virtual");
}

static void read_card(const json_t *card, struct class_result *ret)
{
	const json_t *claim;
	size_t i;

	json_array_foreach(card, i, claim)
	{
		const json_int_t number = json_integer_value(json_object_get(claim, "claim"));

		for (int v = 0; v < VERDICTS && number >= 1 && number <= CLAIMS; v++)
			if (strcmp(text_of(claim, "verdict"), verdict_name(v)) == 0)
				ret->verdict[number] = verdict_name(v);
	}
}

/* An object of a file: the one of a quiz, or one line of a tour. */
static bool read_object(
	const json_t *object, struct class_result *ret, bool *any, char *why, size_t size)
{
	const bool quiz = strcmp(text_of(object, "format"), "taskscope-quiz") == 0;
	const json_t *version = json_object_get(object, quiz ? "version" : "v");

	if (!quiz && !json_object_get(object, "scene") && !json_object_get(object, "card"))
		return refuse(why, size, "it holds no results of a quiz or of a tour");
	if (!json_is_integer(version) || json_integer_value(version) != 1)
		return refuse(why, size, "it is of another version of taskscope");
	if (quiz && !read_answers(json_object_get(object, "answers"), ret))
		return refuse(why, size, "its answers are not what a quiz writes");
	*any |= quiz || json_object_get(object, "card");
	read_machine(json_object_get(object, "machine"), ret);
	read_card(json_object_get(object, "card"), ret);
	return true;
}

static bool read_json(
	const char *text, size_t len, struct class_result *ret, char *why, size_t size)
{
	bool good = true, any = false;

	while (good && len && strspn(text, " \t\r\n") < len) {
		json_error_t error;
		json_t *object = json_loadb(
			text, len, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);

		if (!object)
			return refuse(why, size, "it is not JSON, or cut short");
		good = read_object(object, ret, &any, why, size);
		json_decref(object);
		text += error.position;
		len -= (size_t)error.position;
	}
	return good && !any ? refuse(why, size, "it holds no results of a quiz or of a tour")
			    : good;
}

/* --- CSV --- */

/* One field, without its quotes; returns where it ends. */
static const char *csv_field(const char *at, char *out, size_t size)
{
	const bool quoted = *at == '"';
	size_t n = 0;

	for (at += quoted; *at; at++) {
		if (quoted && *at == '"' && *++at != '"')
			break;
		if (!quoted && (*at == ',' || *at == '\r' || *at == '\n'))
			break;
		if (n + 1 < size)
			out[n++] = *at;
	}
	out[n] = '\0';
	return at;
}

static bool csv_row(const char **at, struct class_result *ret)
{
	char fields[CSV_FIELDS][CLASS_CHOICE_MAX];
	int question = 0, used = 0;

	for (int i = 0; i < CSV_FIELDS; i++) {
		*at = csv_field(*at, fields[i], sizeof(fields[i]));
		if (**at != (i + 1 < CSV_FIELDS ? ',' : '\r'))
			return false;
		++*at;
	}
	if (*(*at)++ != '\n')
		return false;
	if (sscanf(fields[CSV_QUESTION], "%5d%n", &question, &used) != 1 ||
		fields[CSV_QUESTION][used])
		return false;
	return strcmp(fields[CSV_AGAIN], "1") == 0 ||
	       add_answer(ret, question, fields[CSV_OUTCOME], fields[CSV_CHOICE]);
}

static bool read_csv(const char *at, struct class_result *ret, char *why, size_t size)
{
	at += strlen(CSV_HEAD "\r\n");
	while (*at)
		if (!csv_row(&at, ret))
			return refuse(why, size, "a row is not what a quiz writes");
	return true;
}

bool class_read(const char *text, size_t len, struct class_result *ret, char *why, size_t size)
{
	bool good;

	*ret = (struct class_result) { 0 };
	if (strlen(text) != len)
		good = refuse(why, size, "it is not text");
	else if (strncmp(text, CSV_HEAD "\r\n", strlen(CSV_HEAD "\r\n")) == 0)
		good = read_csv(text, ret, why, size);
	else
		good = read_json(text, len, ret, why, size);
	if (!good)
		class_result_finish(ret);
	return good;
}

void class_result_finish(struct class_result *result)
{
	vec_finish(&result->answers);
	*result = (struct class_result) { 0 };
}
