/* SPDX-License-Identifier: MIT
 * Finds the facts of duels, for scenes: duel.DUEL.METHOD.WHO.STAT of a series, and duel.DUEL.METHOD.A_vs_B.STAT of two that
 * are compared, METHOD being the first one's. Names are those of the tables, in small letters, with '_' for what is no
 * letter or digit: "clone VM" is clone_vm. Of several series of one name it is the last that ran on one CPU; that on two is
 * METHOD_2cpus.
 */
#include <ctype.h>

#include "duel.h"
#include "lesson.h"
#include "model.h"

/* The words of a path after "duel."; the last is the number's. */
static bool split(const char *text, struct lesson_duel_path *ret, char stat[20])
{
	int end = 0;

	if (sscanf(text, "duel.%15[^.].%31[^.].%47[^.].%19[^.]%n", ret->duel, ret->method, ret->who,
		    stat, &end) != 4 ||
		text[end] != '\0')
		return false;
	char *two = strstr(ret->method, "_2cpus");
	ret->cpus = two && strcmp(two, "_2cpus") == 0 ? 2 : 1;
	if (ret->cpus == 2)
		*two = '\0';
	return true;
}

/* "A_vs_B": whether both are methods of this duel, kinds, or numbers. */
static bool is_pair(const char *who, enum duel duel)
{
	char first[48];
	const char *vs = strstr(who, "_vs_");

	if (!vs)
		return false;
	snprintf(first, sizeof(first), "%.*s", (int)(vs - who), who);
	const char *const words[] = { first, vs + 4 };
	for (int i = 0; i < 2; i++) {
		bool known = words[i][0] && strspn(words[i], "0123456789") == strlen(words[i]);
		for (int k = 0; k < CONTENDERS; k++)
			known |= duel_is_called(contender_name((enum contender)k), words[i]);
		for (int m = 0; m < DUEL_METHODS; m++)
			known |= method_table[m].duel == duel &&
				 duel_is_called(method_table[m].name, words[i]);
		if (!known)
			return false;
	}
	return true;
}

static bool is_contender(const char *who, const struct method_info *method)
{
	for (int k = 0; k < CONTENDERS; k++)
		if ((method->who & 1u << k) &&
			duel_is_called(contender_name((enum contender)k), who))
			return true;
	return false;
}

bool lesson_duel_path_parse(const char *text, struct lesson_duel_path *ret)
{
	char stat[20];

	*ret = (struct lesson_duel_path) { 0 };
	if (!split(text, ret, stat))
		return false;
	for (int m = 0; m < DUEL_METHODS; m++) {
		const struct method_info *method = &method_table[m];
		if (!duel_is_called(duel_table[method->duel].name, ret->duel) ||
			!duel_is_called(method->name, ret->method))
			continue;
		if (is_pair(ret->who, method->duel))
			ret->fact = fact_find(FACT_CONTRAST, stat);
		else if (is_contender(ret->who, method))
			ret->fact = fact_find(FACT_DUEL, stat);
		return ret->fact != NULL;
	}
	return false;
}

static struct scene_value value_of(const struct fact *fact, const void *record, const char *why)
{
	char text[96];
	double number = fact_of(fact, record);

	if (!isnan(number))
		return scene_number(number);
	fact_text(fact, record, text, sizeof(text));
	return text[0] ? scene_words(text) : scene_unknown(why);
}

static struct scene_value value_of_series(const struct duel_sample *series, const struct fact *fact)
{
	if (series->error)
		return scene_unknown(series->note[0] ? series->note : strerror(series->error));
	/* nothing to say is known, once there were trials */
	if (strcmp(fact->name, "note") == 0 && series->trials > 0)
		return scene_words(series->note);
	return value_of(fact, series, "not measured yet");
}

static bool is_of(const struct lesson_duel_path *path, const char *duel, const char *method,
	const char *who, int cpus)
{
	return cpus == path->cpus && duel_is_called(duel, path->duel) &&
	       duel_is_called(method, path->method) && duel_is_called(who, path->who);
}

struct scene_value lesson_duel_fact(
	const struct sample *sample, const struct lesson_duel_path *path)
{
	const struct duel_sample *series, *found = NULL;
	const struct contrast_sample *pair, *compared = NULL;

	vec_each (series, &sample->duels)
		if (is_of(path, series->duel, series->method, series->who, series->cpus))
			found = series;
	vec_each (pair, &sample->contrasts)
		if (is_of(path, pair->duel, pair->method, pair->key, pair->cpus))
			compared = pair;
	if (path->fact->scope == FACT_DUEL && found)
		return value_of_series(found, path->fact);
	if (path->fact->scope == FACT_CONTRAST && compared)
		return value_of(path->fact, compared, compared->text);
	return scene_unknown("not measured yet");
}
