/* SPDX-License-Identifier: MIT
 * The viewer's own programs before they run: a side's command as words, the file that it means, and
 * the programs that come with taskscope.
 */
#ifndef TASKSCOPE_PROGRAM_H
#define TASKSCOPE_PROGRAM_H

#include "base.h"

/* A command: what execve(2) takes. { 0 } has no words. */
struct cmdline {
	char **at; /* n words and a NULL */
	size_t n;
	char *text; /* what they stand in */
};

/* Splits a line as a shell splits words: at blanks, tabs and newlines; '...' as it is, "..." with
 * \" \\ \$ \` and \newline, \ before any other character. Nothing is expanded, and what a
 * shell takes for more than a word (| & ; < > ( ) outside quotes) is refused. 0, or -EINVAL with
 * one clause that says what is wrong and at which character; *ret is untouched then. A line
 * without words gives none. */
int cmdline_split(const char *line, struct cmdline *ret, char *why, size_t why_size);
/* A copy of n words as they are. */
void cmdline_copy(char *const *from, size_t n, struct cmdline *ret);
/* The words as a line that cmdline_split reads back, quoted where they need it. */
void cmdline_put(const struct cmdline *words, struct buf *out);
void cmdline_finish(struct cmdline *words);

/* The file that a command's first word means: itself if it has a slash, else what the folders (as
 * in PATH) have of that name. ret: PATH_MAX bytes. 0; or with one clause -ENOENT (there is none: as
 * shells do, status 127), -EACCES (a folder, or not to be executed: 126), -EPERM (setuid or setgid
 * of somebody else: likewise). */
int program_find(const char *name, const char *folders, char *ret, char *why, size_t why_size);

/* --- the programs that come with taskscope: each in C and in Python, as threads and as processes
 * --- */

struct program_example {
	const char *name, *help;
};
extern const struct program_example program_examples[];
extern const size_t program_example_count;

/* The folder that its sources lie in; false: it is not installed. */
bool program_example_folder(const struct program_example *example, char *ret, size_t size);
/* The words that start one: of NAME or NAME.py as this kind, of NAME-threads, NAME-processes.py as
 * named, as they lie or would be installed. 0, or -EINVAL with one clause: there is none. */
int program_example_words(
	const char *typed, enum kind kind, struct cmdline *ret, char *why, size_t size);

#endif
