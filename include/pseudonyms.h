/* SPDX-License-Identifier: MIT
 * Made-up ids and names in a sample, the same in every run for the same role: --mask-ids.
 */
#ifndef TASKSCOPE_PSEUDONYMS_H
#define TASKSCOPE_PSEUDONYMS_H

#include "sample.h"

struct pseudonym {
	int32_t real, shown;
	bool stranger; /* what it is was not known when it was named */
};
/* { 0 } knows nobody. */
struct pseudonyms {
	int32_t host[SIDES]; /* of the newest crew of each side */
	int generation[SIDES]; /* of that crew: the first is 0 */
	VEC(struct pseudonym) list;
	VEC(uint64_t) texts; /* hashes of text of others, in the order of their numbers */
};
void pseudonyms_apply(struct pseudonyms *names, struct sample *sample);
/* In what a recording tells, too, where a number is said to be an id. */
void pseudonyms_in_words(const struct pseudonyms *names, struct sample *sample);
/* Back: the id itself if it is not a made-up one. */
int32_t pseudonyms_real(const struct pseudonyms *names, int32_t shown);
void pseudonyms_finish(struct pseudonyms *names);

#endif
