/* SPDX-License-Identifier: MIT
 * A model and the sample that it is fed with, one pair a test.
 */
#ifndef TASKSCOPE_MODEL_SCOPE_H
#define TASKSCOPE_MODEL_SCOPE_H

#include "model_samples.h"

struct scope {
	struct model *model;
	struct sample sample;
};

static inline int set_up_model(void **state)
{
	struct scope *s = xcalloc(1, sizeof(*s));

	s->model = model_create(8);
	*state = s;
	return 0;
}

static inline int tear_down_model(void **state)
{
	struct scope *s = *state;

	model_destroy(s->model);
	sample_finish(&s->sample);
	free(s);
	return 0;
}

#endif
