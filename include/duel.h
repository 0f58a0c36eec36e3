/* SPDX-License-Identifier: MIT
 * What to measure and what came of it: wishes to plans, pages to records. Pure; shared by `measure`
 * and the Duel pane, so that both run the same trials and say the same words.
 */
#ifndef TASKSCOPE_DUEL_H
#define TASKSCOPE_DUEL_H

#include "base.h"
#include "duel_page.h"
#include "sample.h"

#define DUEL_LIST_MAX 8
#define DUEL_ALL DUELS /* instead of one duel */

/* A duel's parameters as a user lists them; n 0: the usual ones. */
struct duel_list {
	int64_t at[DUEL_LIST_MAX];
	int n;
};

struct duel_wish {
	int duel; /* enum duel or DUEL_ALL */
	bool quick; /* within 10 s, with wider spreads */
	bool brief; /* within its usual time, settled or not */
	int rounds; /* 0: the usual number */
	int cpu[2]; /* -1: chosen */
	uint32_t methods; /* bits 1 << enum duel_method: these alone; 0: the usual ones */
	struct duel_list list[DUELS];
};

/* What the plan has to fit into. */
struct duel_room {
	const int32_t *cpus; /* that we may use, ascending */
	int n_cpus;
	int64_t available_kb; /* memory; UNKNOWN */
};

/* "0,64,256" within the duel's bounds; of messages also "4k" and "1M". 0, or -EINVAL with one
 * clause that names the option, what is wrong and the bounds. */
int duel_parse_list(const char *text, enum duel duel, const char *option, struct duel_list *ret,
	char *why, size_t why_size);
/* "pipe,futex" or "clone VM" or "clone_vm". 0 or -EINVAL. */
int duel_parse_methods(const char *text, uint32_t *ret, char *why, size_t why_size);
/* "1" or "0,1". 0 or -EINVAL. */
int duel_parse_cpus(const char *text, int *ret_cpu, char *why, size_t why_size);
/* 0, or -EINVAL (a CPU that we may not use, too many series, none at all), -ENOMEM (no room for the
 * ballast) with one clause. */
int duel_plan_make(const struct duel_wish *wish, const struct duel_room *room,
	struct duel_plan *ret, char *why, size_t why_size);
/* What follows from the items and parts of a plan that was written by hand: who is compared with
 * whom, and how sure. */
void duel_plan_close(struct duel_plan *plan);
/* The time within which a plan ends, ms: the sum of its parts' budgets. */
int duel_plan_ms(const struct duel_plan *plan);

/* "pipe, processes, 2 CPUs, 256 kB" of an item. */
char *duel_item_text(char *out, size_t size, const struct duel_item *item);

/* The records of what a page holds so far: series, contrasts and what is being measured, into
 * *sample (whose are replaced). page may be NULL (nothing yet); state is a word of struct
 * duel_state_sample. */
void duel_report(
	const struct duel_page *page, const char *state, const char *note, struct sample *sample);
/* The state alone, of a report that is the page's but for what is being measured now. */
void duel_report_state(
	const struct duel_page *page, const char *state, const char *note, struct sample *sample);
/* What n rounds of two programs say of each other: "time: right 1.96 times the left's (1.90 to
 * 2.01)". A round that lacks one of the two, NAN, is left out. */
void duel_compare_rounds(const char *what, const double *left, const double *right, size_t n,
	struct contrast_sample *ret);
/* Changes whenever duel_report would say something else of the series. */
uint64_t duel_news(const struct duel_page *page);

#endif
