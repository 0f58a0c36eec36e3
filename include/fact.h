/* SPDX-License-Identifier: MIT
 * Facts: named values of a model, each with its unit, source, formula, caveat and quality. A part
 * of the model (model.h).
 */
#ifndef TASKSCOPE_FACT_H
#define TASKSCOPE_FACT_H

#include "sample.h"

struct model;

enum fact_scope {
	FACT_TASK,
	FACT_PROCESS,
	FACT_SIDE,
	FACT_MAPPING,
	FACT_MACHINE,
	FACT_OBSERVER,
	FACT_WORKER, /* struct worker_sample, ended ones too */
	FACT_SHARING,
	FACT_PAGES, /* struct sharing_sample; pages_sample of the arena */
	/* pages_sample of the part of a mapping that is looked at */
	FACT_WINDOW,
	/* struct pointer_sample, by what it points to */
	FACT_X,
	FACT_LOCAL,
	FACT_VICTIM,
	FACT_NEIGHBOUR,
	/* struct register_sample; file_sample of the file opened before creation */
	FACT_REGISTERS,
	FACT_FILE,
	FACT_PLACE,
	FACT_SIGNALS, /* struct fs_sample, signal_sample */
	/* struct duel_sample, contrast_sample: their paths are not the model's */
	FACT_DUEL,
	FACT_CONTRAST,
	/* from here on: a kind of record_kinds that has no scope above, FACT_SCOPES + its index */
	FACT_SCOPES
};

/* "live", "sampled", "by construction", "unavailable". */
const char *quality_name(enum quality quality);

const char *fact_scope_name(enum fact_scope scope); /* "task", "process", ... */
/* Whose members the facts of a scope are, of those that are in a sample. */
const struct record *fact_scope_record(enum fact_scope scope);
/* The scope that a kind without a scope of its own name is. */
enum fact_scope fact_scope_of(const struct record *kind);

/* A named value: what it is, and where it comes from. `?`, `list facts` and the man page print it.
 * Most are members of a record whose table says so; the others are computed. */
struct fact {
	const char *name; /* "voluntary_per_s" */
	enum fact_scope scope;
	const char *unit, *source, *field, *formula, *caveat; /* as struct field has them */
	/* when it can be read: QUALITY_LIVE (fast lane), QUALITY_SAMPLED (slow lane) ... */
	enum quality quality;
	const char *gaps[5]; /* the gaps that explain why it is missing */
	/* The member of its scope's record; NULL: it is computed. */
	const struct record *record;
	const struct field *member;
	/* Computed: the number (NAN: unknown, or words alone), and the words (NULL: a number alone;
	 * "" is unknown). */
	double (*number)(const void *record);
	void (*text)(const void *record, char *out, size_t size);
};
/* All facts, of all tables: i from 0 on; NULL after the last. */
const struct fact *fact_at(size_t i);
/* A fact by scope and name; NULL if there is none. */
const struct fact *fact_find(enum fact_scope scope, const char *name);
/* The number of a fact in a record of its scope: struct track, process_track, side_totals,
 * mapping_sample, machine_track, observer_track. NAN if unknown; a letter is its character code. */
double fact_of(const struct fact *fact, const void *record);
/* Its words there; "" if it is a number alone, or unknown. */
void fact_text(const struct fact *fact, const void *record, char *out, size_t size);

struct fact_value {
	const struct fact *fact;
	double number; /* NAN if unavailable, or if the fact is words alone */
	char text[96]; /* of a fact that is words, also beside a number; else "" */
	enum quality quality;
	const char *source; /* of this very value: the fact's, or what stands in for it */
	nsec age; /* since it was read, ns */
	char reason[96]; /* if unavailable: why */
};

/* Which number of whom: a path that was parsed, or one that a pane fills in for a cell. It names no
 * object of a model, so it stays good from feed to feed. */
enum fact_who { FACT_OF_ALL, FACT_OF_WORKER, FACT_OF_TASK, FACT_OF_PROCESS };
struct fact_path {
	const struct fact *fact;
	enum fact_who who; /* ALL: the side's; the machine's or our own, if the fact is of those */
	enum side side;
	int32_t number; /* a worker's index or WORKER_HOST; a TID; a PID */
	char region[48]; /* FACT_MAPPING: which */
};
/* Parses a path. Paths are
 *   SIDE.WHO.FACT          WHO: workerN, host, taskTID, processPID; FACT: of the task, else of its
 *                          process
 *   SIDE.WHO.REGION.FACT   REGION: a class in one word (text data heap stack guard library file
 *                          anonymous shared board
 *                          vdso) or a region's label without spaces; sizes are summed over the
 *                              process's regions of that
 *                          name, and a worker's stack is its own
 *   SIDE.FACT · machine.FACT · observer.FACT
 * with SIDE left or right: "left.worker0.voluntary_per_s", "right.host.pss_kb",
 * "right.worker2.stack.rss_kb", "left.sum_pss_kb", "machine.cpus", "observer.cpu_ns". false: no
 * such path (why, if not NULL, says what is wrong with it), and *ret is not used. */
bool fact_path_parse(const char *text, struct fact_path *ret, char *why, size_t why_size);
/* The text of a path. Returns out. */
char *fact_path_format(char *out, size_t size, const struct fact_path *path);
/* The value of a path now. What a path names but is not there is unavailable, with the reason.
 * Allocates nothing, and compares no names (but those of regions). */
void fact_read(const struct model *model, const struct fact_path *path, struct fact_value *ret);
/* Both at once, for who asks once. */
bool fact_value(const struct model *model, const char *path, struct fact_value *ret, char *why,
	size_t why_size);
/* A value as people read it, by its unit ("132 kB", "26 041", "S"); unavailable is "–". Returns
 * out. */
char *fact_format(char *out, size_t size, const struct fact_value *value);

#endif
