/* SPDX-License-Identifier: MIT
 * The prober's quick lane: single pages, single addresses, stacks and names of program counters.
 */
#ifndef TASKSCOPE_SOURCE_PEEK_H
#define TASKSCOPE_SOURCE_PEEK_H

#include "area.h"
#include "internal.h"

struct peek;
/* root: an open directory, /proc. */
struct peek *peek_create(struct probe_area *area, int root);
/* Fills an emptied slot. What did not answer before (quiet targets of the request) is left alone. */
void peek_serve(struct peek *peek, const struct peek_request *wanted,
	const struct probe_request *request, struct peek_slot *slot);

/* Names of functions in executable files, from their symbol tables; files are opened once and kept mapped. NULL and false
 * where there are none. offset is the distance of an address from where offset 0 of the file would be mapped, as
 * (address - mapping start + mapping offset). Writes "name+0x1f"; false: no symbol covers it. */
struct symbols;
struct symbols *symbols_create(void);
bool symbols_name(struct symbols *symbols, const char *file, uint64_t offset, char *out, size_t size);

#endif
