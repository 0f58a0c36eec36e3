/* SPDX-License-Identifier: MIT
 * Describes the records of duels: a series of trials, two series compared, and what is measured now.
 */
#include "table.h"

static const char *const verdict_words[] = {
	[CONTRAST_LESS] = "less",
	[CONTRAST_MORE] = "more",
	[CONTRAST_EQUAL] = "equal",
	[CONTRAST_UNRESOLVED] = "none", /* no answer; in recordings of old: the spreads overlap */
	[CONTRAST_UNDECIDED] = "undecided",
};

/* clang-format off */
static const struct field duel_fields[] = {
	FIELD(duel_sample, duel, .flags = FIELD_REQUIRED),
	FIELD(duel_sample, method, .flags = FIELD_REQUIRED),
	FIELD(duel_sample, who, .flags = FIELD_REQUIRED),
	FIELD(duel_sample, unit, RANGE_NONE),
	FIELD(duel_sample, parameter_unit, RANGE_NONE),
	FIELD(duel_sample, parameter, RANGE_COUNT),
	FIELD(duel_sample, cpus, RANGE_SMALL),
	FIELD(duel_sample, trials, RANGE_PLAIN),
	FIELD(duel_sample, error, .min = 0, .max = 4095),
	FIELD(duel_sample, min, RANGE_REAL),
	FIELD(duel_sample, p5, RANGE_REAL),
	FIELD(duel_sample, p25, RANGE_REAL),
	FIELD(duel_sample, median, RANGE_REAL),
	FIELD(duel_sample, p75, RANGE_REAL),
	FIELD(duel_sample, p95, RANGE_REAL),
	FIELD(duel_sample, baseline, RANGE_REAL),
	FIELD(duel_sample, net, RANGE_REAL),
	FIELD(duel_sample, switches, RANGE_REAL),
	FIELD(duel_sample, calls, RANGE_REAL),
	FIELD(duel_sample, copied, RANGE_REAL),
	FIELD(duel_sample, latency_p50, RANGE_REAL),
	FIELD(duel_sample, latency_p95, RANGE_REAL),
	FIELD(duel_sample, page_tables_kb, RANGE_REAL),
	FIELD(duel_sample, mappings, RANGE_REAL),
	FIELD(duel_sample, faults, RANGE_REAL),
	FIELD(duel_sample, write_ns, RANGE_REAL),
	FIELD(duel_sample, written_kb, RANGE_REAL),
	FIELD(duel_sample, rss_kb, RANGE_REAL),
	FIELD(duel_sample, uss_kb, RANGE_REAL),
	FIELD(duel_sample, vm_size_kb, RANGE_REAL),
	FIELD(duel_sample, kernel_stack_kb, RANGE_REAL),
	FIELD(duel_sample, note, RANGE_NONE),
};

static const struct field contrast_fields[] = {
	FIELD(contrast_sample, duel, .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, method, .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, key, .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, parameter, RANGE_COUNT),
	FIELD(contrast_sample, cpus, RANGE_SMALL),
	FIELD(contrast_sample, verdict, WORDS(verdict_words), .flags = FIELD_REQUIRED),
	FIELD(contrast_sample, rounds, RANGE_PLAIN),
	FIELD(contrast_sample, ratio, RANGE_REAL),
	FIELD(contrast_sample, low, RANGE_REAL),
	FIELD(contrast_sample, high, RANGE_REAL),
	FIELD(contrast_sample, ratio_p5, RANGE_REAL),
	FIELD(contrast_sample, ratio_p95, RANGE_REAL),
	FIELD(contrast_sample, difference, RANGE_REAL),
	FIELD(contrast_sample, text, RANGE_NONE),
};

static const struct field duel_state_fields[] = {
	FIELD(duel_state_sample, state, RANGE_NONE),
	FIELD(duel_state_sample, duel, RANGE_NONE),
	FIELD(duel_state_sample, current, RANGE_NONE),
	FIELD(duel_state_sample, round, RANGE_NUMBER),
	FIELD(duel_state_sample, rounds, RANGE_NUMBER),
	FIELD(duel_state_sample, note, RANGE_NONE),
	FIELD(duel_state_sample, card, RANGE_NONE),
};
/* clang-format on */

const struct record duel_record = {
	.name = "series", .form1_parent = "duel", RECORD_PARTS(duel, duels), .limit = 1024
};

const struct record contrast_record = { .name = "contrasts",
	.form1_parent = "duel",
	RECORD_PARTS(contrast, contrasts),
	.limit = 4096 };

const struct record duel_state_record = { .name = "duel",
	.form1 = "run",
	.form1_parent = "duel",
	RECORD_PARTS(duel_state, duel),
	.limit = 1 };
