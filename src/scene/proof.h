/* SPDX-License-Identifier: MIT
 * What the files of a proof share: the search as it stands, and terms of facts as linear forms.
 */
#ifndef TASKSCOPE_SCENE_PROOF_H
#define TASKSCOPE_SCENE_PROOF_H

#include "internal.h"
#include "linear.h"

#define PROOF_CONSTRAINTS_MAX 96

/* What a comparison is of: a fact of now or before, or a term that is not linear, as one that may be anything. */
struct column {
	unsigned node;
	int8_t known; /* 1, -1: it is not; 0: open */
	bool words, number; /* how it was used */
};

struct search {
	const struct scene_code *code;
	struct column columns[LINEAR_VARIABLES];
	int columns_n;
	struct constraint constraints[PROOF_CONSTRAINTS_MAX];
	size_t constraints_n;
	VEC(int8_t) chosen; /* of abs, min and max, by node: which case; 0: open */
	long steps;
	bool gave_up;
};

/* A linear form over a common denominator. */
struct fraction {
	struct linear form;
	int64_t under;
};

const struct scene_node *search_node(const struct search *search, unsigned node);
/* Nothing is proven: returns true, as if something had been found. */
bool search_give_up(struct search *search);
/* The column of a fact or of a term; NULL: there are too many. */
struct column *search_column(struct search *search, unsigned node);
/* Whether a product or quotient is no linear term. */
bool search_is_opaque(const struct search *search, const struct scene_node *node);
/* A term as a form. false: *ret_open is a case (of abs, min or max) that must be chosen first, or, if that is 0, it cannot
 * be done. */
bool linearize(struct search *search, unsigned at, struct fraction *ret, unsigned *ret_open);
/* a + sign * b; false: a number does not fit. */
bool fractions_add(
	const struct fraction *a, const struct fraction *b, int64_t sign, struct fraction *ret);

#endif
