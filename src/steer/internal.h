/* SPDX-License-Identifier: MIT
 * What the files of steer share: its state, and the words of orders.
 */
#ifndef TASKSCOPE_STEER_INTERNAL_H
#define TASKSCOPE_STEER_INTERNAL_H

#include "steer.h"

#define ANSWERS_MAX 320 /* workers by index: as many as a crew can have had */

struct duel_page;
struct duel_wish;

/* A side as it was last seen. */
struct steer_side {
	int16_t state; /* of its crew */
	int32_t host; /* the last that was seen */
	bool complete; /* all workers wanted at the start have lived */
	int32_t alive[CREW_THREADS_MAX]; /* TIDs of living workers, 0 none */
	int64_t answered[ANSWERS_MAX]; /* orders that each worker had answered */
};

struct steer {
	struct crews *crews;
	const char *refusal; /* without crews */
	struct ui *ui;
	struct model *model;
	struct crew_plan plan[SIDES];
	bool quick;
	struct {
		enum command_id command; /* what opened the menu, and for whom */
		struct selection selection;
		struct menu_item items[JOBS + 1];
		char title[80];
	} menu;
	struct steer_side side[SIDES];
	struct {
		bool wanted;
		int worker; /* in whose place, once it has ended */
		uint64_t flags;
	} mix[SIDES];
	struct steer_duel {
		const struct duel_page *page; /* that the report was worked out from */
		uint64_t news;
		struct sample report; /* its duels, contrasts and duel */
		char card[640]; /* what of this machine bears on the numbers */
	} duel; /* the last one */
};

/* --- words.c --- */

struct steer_words {
	char text[64];
};
struct steer_words steer_id(enum kind kind, int worker, int32_t tid);
struct steer_words steer_selected(const struct steer *steer, const struct selection *selection);
const char *steer_one_of(enum kind kind); /* "process" or "thread" */
const struct crew_sample *steer_crew(const struct steer *steer, enum side side);
enum kind steer_kind(const struct steer *steer, enum side side);
/* Says what the order was, or why it was not carried out. */
void steer_tell(struct steer *steer, enum side side, int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Whether a worker is selected; a message says it if not. */
bool steer_has_worker(struct steer *steer, const struct selection *selection);

/* --- orders.c --- */

void steer_order(
	struct steer *steer, const struct command *command, const struct selection *selection);
void steer_mix(struct steer *steer, const struct selection *selection);
void steer_mix_in_place(struct steer *steer, const struct selection *selection);
void steer_follow_mix(struct steer *steer);
void steer_answers(struct steer *steer);

/* --- duels.c --- */

/* Starts or stops a duel; false: another command. */
bool steer_duel(struct steer *steer, enum command_id command);
/* 0; -EBUSY: one runs; else -errno and why. */
int steer_start_duel(struct steer *steer, const struct duel_wish *wish, char *why, size_t why_size);

#endif
