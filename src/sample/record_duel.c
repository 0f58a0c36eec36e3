/* SPDX-License-Identifier: MIT
 * The member "duel" of a recording's line, both ways: what is being measured, the series so far, and their comparisons.
 *
 *   "duel":{"v":1,"run":{},"series":[{}],"contrasts":[{}]}
 */
#include "reading.h"

static bool has_duel(const struct sample *sample)
{
	return sample && (sample->duel.state[0] || sample->duels.n || sample->contrasts.n);
}

/* Left out when it is what the line before says, or when there is none and was none: duels end, and stay to be read. */
void put_duel(struct buf *out, const struct sample *sample, const struct sample *before)
{
	if (!has_duel(sample) && !has_duel(before))
		return;
	if (before && record_repeats(&duel_record, sample, before, false) &&
		record_repeats(&contrast_record, sample, before, false) &&
		record_repeats(&duel_state_record, sample, before, false))
		return;
	buf_adds(out, ",\"duel\":{\"v\":1");
	put_single(out, &duel_state_record, &sample->duel);
	put_rows(out, &duel_record, sample);
	put_rows(out, &contrast_record, sample);
	buf_adds(out, "}");
}

/* As in the line before, unless this line says otherwise. */
int reading_duel(struct reading *reading, const json_t *line, const struct sample *before,
	struct sample *sample)
{
	const json_t *duel = json_object_get(line, "duel");
	int rc;

	if (!duel && before) {
		record_copy(&duel_state_record, sample, before);
		record_copy(&duel_record, sample, before);
		record_copy(&contrast_record, sample, before);
	}
	if (!duel)
		return 0;
	reading->record = NULL;
	if (!json_is_object(duel))
		return reading_fail(reading, "duel", "is not an object");
	rc = reading_kind(reading, duel, &duel_state_record, sample);
	if (rc == 0)
		rc = reading_kind(reading, duel, &duel_record, sample);
	return rc ? rc : reading_kind(reading, duel, &contrast_record, sample);
}
