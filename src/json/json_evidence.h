/* SPDX-License-Identifier: MIT
 * The half of a JSON line that is evidence: what tasks share, and what workers answered to orders.
 */
#ifndef TASKSCOPE_JSON_EVIDENCE_H
#define TASKSCOPE_JSON_EVIDENCE_H

#include "json_write.h"

/* Of the line: the arrays "sharing", "pages", "pointers", "registers", "files", "places", "signals"; null, with the reason,
 * while there is nothing of a kind. */
void json_evidence_put(struct json *json);

/* Of a side: the array "orders", one element for each worker that ever had one; and the members of its crew about its
 * last counting order, if there was one. */
void json_orders_put(struct json *json, enum side side);
void json_counted_put(struct json *json, const struct crew_sample *crew);

#endif
