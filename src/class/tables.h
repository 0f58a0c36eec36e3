/* SPDX-License-Identifier: MIT
 * What the files of class share: the sums over all results.
 */
#ifndef TASKSCOPE_CLASS_TABLES_H
#define TASKSCOPE_CLASS_TABLES_H

#include "canvas.h"
#include "class.h"
#include "quiz.h"

#define CLASS_KINDS_MAX 16

/* A misconception: a wrong option of a question. */
struct class_wrong {
	int question, n;
	char choice[CLASS_CHOICE_MAX];
};
struct class_asked {
	int question, n; /* right or wrong */
};
/* A kind of machine: how many machines gave each claim each verdict. */
struct class_kind {
	char name[64];
	int machines, n[CLAIMS + 1][VERDICTS];
};
struct class_file {
	const char *name;
	int right, wrong;
};
struct class_sums {
	VEC(struct class_wrong) wrong;
	VEC(struct class_asked) asked;
	VEC(struct class_kind) kinds;
	VEC(struct class_file) files;
};

int class_asked_of(const struct class_sums *sums, int question);
/* The tables, as a frame of its own size. */
struct canvas *class_draw(const struct class_sums *sums, bool names);
/* All of them, one row a count. */
void class_csv(const struct class_sums *sums, bool names, struct buf *out);

#endif
