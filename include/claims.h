/* SPDX-License-Identifier: MIT
 * The nine claims that scenes put to the test, part by part, and the 27 misconceptions that they
 * refute.
 */
#ifndef TASKSCOPE_CLAIMS_H
#define TASKSCOPE_CLAIMS_H

#include "base.h"

#define CLAIMS 9
#define MISCONCEPTIONS 27
/* What a claim says, part by part: each is shown by a verdict of one scene, which names it. A claim
 * is true only with all of them. */
#define CLAIM_PARTS_MAX 5
struct claim_part {
	int claim;
	const char *name; /* "create" */
	const char *scene; /* whose verdict shows it */
};
extern const struct claim_part claim_parts[]; /* claim after claim */
extern const size_t claim_parts_n;
/* The part of a claim that is called so; NULL: none. */
const struct claim_part *claim_part_find(int claim, const char *name);
const char *scene_claim(int claim); /* 1..9: one sentence; "" otherwise */
const char *scene_claim_in_brief(int claim); /* a few words; "" otherwise */
/* 1..27: the wrong sentence, as people say it, and what is so instead; "" otherwise */
const char *scene_misconception(int misconception);
const char *scene_correction(int misconception);

#endif
