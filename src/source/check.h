/* SPDX-License-Identifier: MIT
 * What the checks of `doctor` share: one that is under way, and the rows of their table.
 */
#ifndef TASKSCOPE_SOURCE_CHECK_H
#define TASKSCOPE_SOURCE_CHECK_H

#include "internal.h"

struct checking {
	const struct checked *row; /* under way */
	pid_t child;
	int proc; /* the root */
	int dir; /* /proc/CHILD */
	int task; /* /proc/CHILD/task/CHILD */
	/* two private ones: MARK is in the first by the child, in the second before */
	uint32_t *page;
	char *text; /* TEXT_MAX bytes */
	size_t len; /* of text */
	char detail[60]; /* why not, or what was found; may stay "" */
};

/* One interface, and how it is tried. */
struct checked {
	const char *what;
	bool (*check)(struct checking *checking);
	const char *lost; /* without it */
	const char *file;
	bool (*is_right)(
		struct checking *checking); /* check_text: of the child's file, as it was read */
	/* check_level: the most for those who are not root; check_namespace: the machine's own */
	int64_t number;
	const char *found; /* check_namespace: what another one means */
	int (*attempt)(struct checking *checking); /* check_call: a descriptor, 0 or -errno */
	int (*trial)(void); /* checking_in_child: an errno */
};

#define DETAIL(checking, ...) snprintf((checking)->detail, sizeof((checking)->detail), __VA_ARGS__)

/* Says the error in the detail; false. */
bool checking_fail(struct checking *checking, int error);
/* Reads a file into checking->text, NUL-terminated; and the row's file, below /proc, as one line. */
bool checking_read(struct checking *checking, int dir, const char *name);
bool checking_read_line(struct checking *checking);
/* Runs the row's trial in a child, for what would change us. */
bool checking_in_child(struct checking *checking);
/* A record of switches of the child: a descriptor, or -errno. */
int checking_perf(struct checking *checking);

/* How the machine is set, and where on it we are: check_settings.c. */
bool check_level(struct checking *checking);
bool check_yama(struct checking *checking);
bool check_proc(struct checking *checking);
bool check_hidepid(struct checking *checking);
bool check_autogroup(struct checking *checking);
bool check_core_pattern(struct checking *checking);
bool check_kernel(struct checking *checking);
bool check_namespace(struct checking *checking);
bool check_sys(struct checking *checking);

#endif
