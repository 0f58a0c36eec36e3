/* SPDX-License-Identifier: MIT
 * What differs between two groups, as a sentence: a difference is said when it was there in nearly all of the last blocks of
 * one second, for a run of programs has no rounds that could be compared.
 */
#include "internal.h"

#define RATIO_LEAST 1.2
#define BLOCKS_LEAST 7 /* of DIFFERENCE_BLOCKS */
#define HOLE_S 3.0 /* samples further apart do not belong to one stretch */

/* Below these, on both sides, a ratio is noise. */
static const double floors[DIFFERENCES] = {
	[DIFFERENCE_CPU] = 1, [DIFFERENCE_SWITCHES] = 5, [DIFFERENCE_PSS] = 1024
};

void differences_reset(struct differences *differences)
{
	*differences = (struct differences) { 0 };
}

static double value_of(const struct side_totals *totals, enum difference what)
{
	switch (what) {
	case DIFFERENCE_CPU:
		return totals->cpu_percent;
	case DIFFERENCE_SWITCHES:
		return totals->voluntary_per_s + totals->involuntary_per_s;
	default:
		return totals->pss_kb < 0 ? NAN : (double)totals->pss_kb;
	}
}

static void close_block(struct differences *differences)
{
	struct difference_block *block = &differences->open;

	for (int what = 0; what < DIFFERENCES; what++)
		for (int side = 0; side < SIDES; side++)
			block->value[what][side] /= block->seconds;
	differences->block[differences->next] = *block;
	differences->next = (differences->next + 1) % DIFFERENCE_BLOCKS;
	differences->n = MIN(differences->n + 1, DIFFERENCE_BLOCKS);
	*block = (struct difference_block) { 0 };
}

static bool has_ended(const struct model_side *side)
{
	return side->group && side->group->state == GROUP_ENDED;
}

void differences_feed(struct differences *differences, const struct model_side *left,
	const struct model_side *right, double dt)
{
	const struct model_side *const sides[SIDES] = { left, right };

	/* What was said of both stays. */
	if (has_ended(left) || has_ended(right))
		return;
	if (!left->group || !right->group || !(dt > 0) || dt > HOLE_S) {
		differences_reset(differences);
		return;
	}
	for (int what = 0; what < DIFFERENCES; what++)
		for (int side = 0; side < SIDES; side++)
			differences->open.value[what][side] +=
				value_of(&sides[side]->totals, (enum difference)what) * dt;
	differences->open.seconds += dt;
	/* An interval of a second is a block, though it may end a little early. */
	if (differences->open.seconds > 0.95)
		close_block(differences);
}

/* How many blocks say that this side has more by so much; means: of all blocks. */
static int count_blocks(
	const struct differences *differences, enum difference what, int more, double *ret_means)
{
	int n = 0;

	ret_means[0] = ret_means[1] = 0;
	for (int i = 0; i < differences->n; i++) {
		const double *value = differences->block[i].value[what];

		n += value[more] >= RATIO_LEAST * value[!more] && value[more] >= floors[what];
		for (int side = 0; side < SIDES; side++)
			ret_means[side] += value[side] / differences->n;
	}
	return n;
}

static void say(enum difference what, const char *const *names, int more, const double *means,
	char *out, size_t size)
{
	const double ratio = means[more] / means[!more];
	char a[32], b[32];

	switch (what) {
	case DIFFERENCE_CPU:
		snprintf(out, size, "%s uses %.2f cores, %s %.2f", names[more], means[more] / 100,
			names[!more], means[!more] / 100);
		break;
	case DIFFERENCE_SWITCHES:
		if (means[!more] >= 0.5)
			snprintf(out, size, "%s switches %.*f times as often", names[more],
				ratio < 10 ? 1 : 0, ratio);
		else
			snprintf(out, size, "%s switches %s times a second, %s %s", names[more],
				format_rate(a, sizeof(a), means[more]), names[!more],
				format_rate(b, sizeof(b), means[!more]));
		break;
	default:
		snprintf(out, size, "%s holds %s more memory (PSS)", names[more],
			format_kb(a, sizeof(a), (int64_t)(means[more] - means[!more])));
	}
}

char *model_differences(const struct model *model, char *out, size_t size)
{
	const struct differences *differences = &model->differences;
	const struct group_sample *left = model->sides[SIDE_LEFT].side.group,
				  *right = model->sides[SIDE_RIGHT].side.group;
	const char *names[SIDES];
	double means[SIDES];
	char text[128];

	out[0] = '\0';
	if (differences->n < DIFFERENCE_BLOCKS || !left || !right)
		return out;
	const bool over = left->state == GROUP_ENDED || right->state == GROUP_ENDED;
	const char *since = over ? "in the last 8 s of both " : "in the last 8 s ";

	names[SIDE_LEFT] = strcmp(left->title, right->title) ? left->title : "left";
	names[SIDE_RIGHT] = strcmp(left->title, right->title) ? right->title : "right";
	for (int what = 0; what < DIFFERENCES; what++)
		for (int more = 0; more < SIDES; more++) {
			const size_t len = strlen(out);

			if (count_blocks(differences, (enum difference)what, more, means) <
				BLOCKS_LEAST)
				continue;
			say((enum difference)what, names, more, means, text, sizeof(text));
			snprintf(out + len, size - len, "%s%s", len ? " · " : since, text);
		}
	return out;
}
