/* SPDX-License-Identifier: MIT
 * The results of a class: what many students answered wrong, and how each claim stands on each kind
 * of machine.
 */
#ifndef TASKSCOPE_CLASS_H
#define TASKSCOPE_CLASS_H

#include "base.h"
#include "scene.h"

#define CLASS_FILE_MAX (4 << 20)
#define CLASS_CHOICE_MAX 200

struct class_answer {
	int question;
	bool wrong;
	char choice[CLASS_CHOICE_MAX]; /* what was chosen; "" it was said aloud */
};
/* What one file says. { 0 } is empty. */
struct class_result {
	char kind[64]; /* of its machine: "x86_64, PCID, no PTI, virtual"; "" unknown */
	const char *verdict[CLAIMS + 1]; /* of each claim; NULL: none */
	VEC(struct class_answer) answers;
};
/* Reads results of a quiz (JSON or CSV), or what `tour --json` printed: a stranger's text. false
 * and why: it is none, and *ret is empty. */
bool class_read(const char *text, size_t len, struct class_result *ret, char *why, size_t size);
void class_result_finish(struct class_result *result);

struct class_options {
	const char *csv, *svg; /* files for tables and picture; NULL: none */
	bool force; /* they may be replaced */
	bool names; /* also each file with its score */
};
/* Merges files: adds the tables to out, and writes what is wanted; says in a line of each file why
 * it is left out. */
enum exit_code class_merge(
	char *const *files, int n, const struct class_options *options, struct buf *out);

#endif
