/* SPDX-License-Identifier: MIT
 * The member "duel" of a recording's line, both ways: what is being measured, the series so far, and their comparisons.
 *
 *   "duel":{"v":1,"run":{},"series":[{}],"contrasts":[{}]}
 */
#include <math.h>

#include "members.h"
#include "reading.h"

static const char *const verdict_words[] = { [CONTRAST_LESS] = "less",
	[CONTRAST_MORE] = "more",
	[CONTRAST_NONE] = "none",
	[CONTRAST_UNDECIDED] = "undecided" };

/* clang-format off */
static const struct member duel_members[] = {
	MEMBER(duel_sample, duel, .required = true),
	MEMBER(duel_sample, method, .required = true),
	MEMBER(duel_sample, who, .required = true),
	MEMBER(duel_sample, unit, NO_RANGE),
	MEMBER(duel_sample, parameter_unit, NO_RANGE),
	MEMBER(duel_sample, parameter, COUNT),
	MEMBER(duel_sample, cpus, CPU),
	MEMBER(duel_sample, trials, ID),
	MEMBER(duel_sample, error, .min = 0, .max = 4095),
	MEMBER(duel_sample, min, REAL),
	MEMBER(duel_sample, p5, REAL),
	MEMBER(duel_sample, p25, REAL),
	MEMBER(duel_sample, median, REAL),
	MEMBER(duel_sample, p75, REAL),
	MEMBER(duel_sample, p95, REAL),
	MEMBER(duel_sample, baseline, REAL),
	MEMBER(duel_sample, net, REAL),
	MEMBER(duel_sample, switches, REAL),
	MEMBER(duel_sample, calls, REAL),
	MEMBER(duel_sample, copied, REAL),
	MEMBER(duel_sample, latency_p50, REAL),
	MEMBER(duel_sample, latency_p95, REAL),
	MEMBER(duel_sample, page_tables_kb, REAL),
	MEMBER(duel_sample, mappings, REAL),
	MEMBER(duel_sample, faults, REAL),
	MEMBER(duel_sample, write_ns, REAL),
	MEMBER(duel_sample, written_kb, REAL),
	MEMBER(duel_sample, rss_kb, REAL),
	MEMBER(duel_sample, uss_kb, REAL),
	MEMBER(duel_sample, vm_size_kb, REAL),
	MEMBER(duel_sample, kernel_stack_kb, REAL),
	MEMBER(duel_sample, note, NO_RANGE),
};

static const struct member contrast_members[] = {
	MEMBER(contrast_sample, duel, .required = true),
	MEMBER(contrast_sample, method, .required = true),
	MEMBER(contrast_sample, key, .required = true),
	MEMBER(contrast_sample, parameter, COUNT),
	MEMBER(contrast_sample, cpus, CPU),
	MEMBER(contrast_sample, verdict, WORD(verdict_words)),
	MEMBER(contrast_sample, ratio, REAL),
	MEMBER(contrast_sample, ratio_p5, REAL),
	MEMBER(contrast_sample, ratio_p95, REAL),
	MEMBER(contrast_sample, difference, REAL),
	MEMBER(contrast_sample, text, NO_RANGE),
};

static const struct member duel_state_members[] = {
	MEMBER(duel_state_sample, state, NO_RANGE),
	MEMBER(duel_state_sample, duel, NO_RANGE),
	MEMBER(duel_state_sample, current, NO_RANGE),
	MEMBER(duel_state_sample, round, ID),
	MEMBER(duel_state_sample, rounds, ID),
	MEMBER(duel_state_sample, note, NO_RANGE),
	MEMBER(duel_state_sample, card, NO_RANGE),
};
/* clang-format on */

static const struct duel_sample duel_unknown = {
	.parameter = UNKNOWN,
	.cpus = -1,
	.min = NAN,
	.p5 = NAN,
	.p25 = NAN,
	.median = NAN,
	.p75 = NAN,
	.p95 = NAN,
	.baseline = NAN,
	.net = NAN,
	.switches = NAN,
	.calls = NAN,
	.copied = NAN,
	.latency_p50 = NAN,
	.latency_p95 = NAN,
	.page_tables_kb = NAN,
	.mappings = NAN,
	.faults = NAN,
	.write_ns = NAN,
	.written_kb = NAN,
	.rss_kb = NAN,
	.uss_kb = NAN,
	.vm_size_kb = NAN,
	.kernel_stack_kb = NAN,
};

static const struct contrast_sample contrast_unknown = {
	.parameter = UNKNOWN,
	.cpus = -1,
	.ratio = NAN,
	.ratio_p5 = NAN,
	.ratio_p95 = NAN,
	.difference = NAN,
};

const struct duel_state_sample duel_state_unknown = { .round = UNKNOWN, .rounds = UNKNOWN };

static RECORD(duel, "series", duel_sample, duel_unknown, 1024);
static RECORD(contrast, "contrasts", contrast_sample, contrast_unknown, 4096);
static RECORD(duel_state, "run", duel_state_sample, duel_state_unknown, 1);

#define SAME_VEC(a, b)                                                                             \
	((a)->n == (b)->n &&                                                                       \
		((a)->n == 0 || memcmp((a)->at, (b)->at, (a)->n * sizeof((a)->at[0])) == 0))

static bool has_duel(const struct sample *sample)
{
	return sample && (sample->duel.state[0] || sample->duels.n || sample->contrasts.n);
}

/* Left out when it is what the line before says, or when there is none and was none: duels end, and stay to be read. */
void put_duel(struct buf *out, const struct sample *sample, const struct sample *before)
{
	if (!has_duel(sample) && !has_duel(before))
		return;
	if (before && SAME_VEC(&sample->duels, &before->duels) &&
		SAME_VEC(&sample->contrasts, &before->contrasts) &&
		memcmp(&sample->duel, &before->duel, sizeof(sample->duel)) == 0)
		return;
	buf_adds(out, ",\"duel\":{\"v\":1");
	put_single(out, &duel_state_record, &sample->duel);
	put_array(out, &duel_record, sample->duels.at, sample->duels.n);
	put_array(out, &contrast_record, sample->contrasts.at, sample->contrasts.n);
	buf_adds(out, "}");
}

/* As in the line before, unless this line says otherwise. */
int reading_duel(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample)
{
	const json_t *duel = json_object_get(line, "duel");
	int rc;

	if (!duel && before) {
		sample->duel = before->duel;
		COPY_VEC(&sample->duels, &before->duels);
		COPY_VEC(&sample->contrasts, &before->contrasts);
	}
	if (!duel)
		return 0;
	reading->record = NULL;
	if (!json_is_object(duel))
		return reading_fail(reading, "duel", "is not an object");
	rc = reading_single(reading, duel, &duel_state_record, &sample->duel);
	if (rc == 0)
		rc = reading_array(reading, duel, &duel_record, PARTS(&sample->duels));
	return rc ? rc : reading_array(reading, duel, &contrast_record, PARTS(&sample->contrasts));
}
