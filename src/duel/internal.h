/* SPDX-License-Identifier: MIT
 * Inside the duel module: a page as it is read while its host still writes.
 */
#ifndef TASKSCOPE_DUEL_INTERNAL_H
#define TASKSCOPE_DUEL_INTERNAL_H

#include "duel.h"

/* Writes one clause; returns -EINVAL. */
int duel_refuse(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The trials of a series so far, within bounds whatever the other side wrote. */
size_t duel_trials(const struct duel_page *page, int series);

/* "64 MB", "4096 bytes", "8 workers", "4 kB": the parameter of an item as people say it; "" when it is nothing (0 kB or MB). */
char *duel_parameter_text(char *out, size_t size, const struct duel_item *item);

/* Adds the comparisons that the plan's items allow. */
void duel_report_contrasts(const struct duel_page *page, struct sample *sample);

#endif
