/* SPDX-License-Identifier: MIT
 * Inside the duel module: a page as it is read while its host still writes.
 */
#ifndef TASKSCOPE_DUEL_INTERNAL_H
#define TASKSCOPE_DUEL_INTERNAL_H

#include "duel.h"

/* Writes one clause; returns -EINVAL. */
int duel_refuse(char *why, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "64 MB", "4096 bytes", "8 workers", "4 kB": the parameter of an item as people say it; "" when it is nothing (0 kB or MB). */
char *duel_parameter_text(char *out, size_t size, const struct duel_item *item);

/* Of one that is not resolved: what its interval says. */
const char *duel_why_unresolved(const struct contrast_sample *c);

/* Adds the comparisons of the plan's pairs. */
void duel_report_contrasts(const struct duel_page *page, struct sample *sample);

#endif
