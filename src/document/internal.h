/* SPDX-License-Identifier: MIT
 * What the files of document share: a path that grows and shrinks, and how a mistake is told at a line.
 */
#ifndef TASKSCOPE_DOCUMENT_INTERNAL_H
#define TASKSCOPE_DOCUMENT_INTERNAL_H

#include "document.h"

/* "FILE:LINE: PATH: why"; path "" or NULL: of nothing in particular. */
void document_complain(struct document *document, int line, const char *path, const char *why);

/* Where the entry of a list stands, and how large one is. */
size_t document_entry_size(const struct document_key *key);

#endif
