/* SPDX-License-Identifier: MIT
 * What the files of quiz share: the quiz as it stands.
 */
#ifndef TASKSCOPE_QUIZ_INTERNAL_H
#define TASKSCOPE_QUIZ_INTERNAL_H

#include "quiz.h"

/* One card that was answered, or is the current one. */
struct quiz_row {
	struct quiz_card card;
	enum quiz_outcome outcome;
	int choice, truth; /* indices of options, or -1 */
	double seconds;
	char reason[128];
};

struct quiz {
	VEC(struct quiz_row) rows;
	size_t at; /* the current one */
	size_t planned; /* rows before the repeats */
	uint64_t random; /* state */
};

#endif
