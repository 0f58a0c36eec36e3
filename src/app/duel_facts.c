/* SPDX-License-Identifier: MIT
 * Knows the facts of duels, for scenes: duel.DUEL.METHOD.WHO.STAT, of the newest series of that name
 * in a sample. Names are those of the tables, in small letters, with '_' for what is no letter or
 * digit: "clone VM" is clone_vm.
 */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "duel.h"
#include "scenes.h"

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "min", offsetof(struct duel_sample, min) },
	{ "p5", offsetof(struct duel_sample, p5) },
	{ "p25", offsetof(struct duel_sample, p25) },
	{ "median", offsetof(struct duel_sample, median) },
	{ "p75", offsetof(struct duel_sample, p75) },
	{ "p95", offsetof(struct duel_sample, p95) },
	{ "baseline", offsetof(struct duel_sample, baseline) },
	{ "net", offsetof(struct duel_sample, net) },
	{ "switches", offsetof(struct duel_sample, switches) },
	{ "calls", offsetof(struct duel_sample, calls) },
	{ "copied", offsetof(struct duel_sample, copied) },
	{ "page_tables_kb", offsetof(struct duel_sample, page_tables_kb) },
	{ "faults", offsetof(struct duel_sample, faults) },
};

/* The words of a path after "duel.". */
struct duel_path {
	char duel[16], method[32], who[16], stat[16];
};

static bool split(const char *path, struct duel_path *ret)
{
	int end = 0;

	return sscanf(path, "duel.%15[^.].%31[^.].%15[^.].%15[^.]%n", ret->duel, ret->method,
		       ret->who, ret->stat, &end) == 4 &&
	       path[end] == '\0';
}

static bool is_stat(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (strcmp(numbers[i].name, name) == 0)
			return true;
	return strcmp(name, "note") == 0 || strcmp(name, "trials") == 0;
}

bool duel_fact_exists(const char *path)
{
	struct duel_path words;

	if (!split(path, &words) || !is_stat(words.stat))
		return false;
	for (int m = 0; m < DUEL_METHODS; m++) {
		const struct method_info *method = &method_table[m];
		if (!duel_is_called(duel_table[method->duel].name, words.duel) ||
			!duel_is_called(method->name, words.method))
			continue;
		for (int who = 0; who < CONTENDERS; who++)
			if ((method->who & 1u << who) &&
				duel_is_called(contender_name((enum contender)who), words.who))
				return true;
	}
	return false;
}

static struct scene_value value_of(const struct duel_sample *series, const char *stat)
{
	if (series->error)
		return scene_unknown(strerror(series->error));
	if (strcmp(stat, "note") == 0)
		return series->trials > 0 || series->note[0] ? scene_words(series->note)
							     : scene_unknown("not measured yet");
	if (strcmp(stat, "trials") == 0)
		return scene_number(series->trials);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		double number;
		if (strcmp(numbers[i].name, stat) != 0)
			continue;
		memcpy(&number, (const char *)series + numbers[i].offset, sizeof(number));
		return isnan(number) ? scene_unknown("not measured yet") : scene_number(number);
	}
	return scene_unknown("there is no such fact");
}

bool duel_fact(const struct sample *sample, const char *path, struct scene_value *ret)
{
	struct duel_path words;
	const struct duel_sample *series;

	if (!duel_fact_exists(path) || !split(path, &words))
		return false;
	*ret = scene_unknown("not measured yet");
	vec_each (series, &sample->duels) {
		if (duel_is_called(series->duel, words.duel) &&
			duel_is_called(series->method, words.method) &&
			duel_is_called(series->who, words.who))
			*ret = value_of(series, words.stat);
	}
	return true;
}
