/* SPDX-License-Identifier: MIT
 * The lines of C that workers run, cut from the crew's sources when taskscope is built (cut_code.awk).
 */
#ifndef TASKSCOPE_LESSON_CODE_H
#define TASKSCOPE_LESSON_CODE_H

#include "base.h"
#include "scene.h"

struct worker_code {
	const char *name; /* an order, "job-NAME", "duel-NAME", or "start" */
	const char *kind; /* "processes", "threads"; "": the same in both */
	const char *file; /* of src/worker */
	int line;
	const char *text; /* its lines, each ended, indented by tabs */
};
extern const struct worker_code worker_codes[];
extern const size_t worker_codes_n;

/* A program of its own that shows what a scene shows, with the lines that workers run. */
struct lesson_program {
	const char *scene, *text;
};
extern const struct lesson_program lesson_programs[];
extern const size_t lesson_programs_n;

/* The lines of this name that a side of this kind runs; NULL: none are shown. */
const struct worker_code *code_find(const char *name, enum kind kind);
/* The name of what a step of a scene runs; "": nothing that is shown. */
void code_name_of(const struct scene_step *step, char *out, size_t size);

#endif
