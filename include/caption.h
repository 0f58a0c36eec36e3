/* SPDX-License-Identifier: MIT
 * What the scene pane shows: finished words, in parts that have a meaning, so that the pane
 * decides what stands where and what is left out where there is little room. Filled by who plays
 * scenes.
 */
#ifndef TASKSCOPE_CAPTION_H
#define TASKSCOPE_CAPTION_H

#include "base.h"
#include "record.h"

/* In the order of the screen. Where rows are few, the pane leaves out what matters least. */
enum caption_part {
	CAPTION_QUESTION,
	CAPTION_SAY, /* what the speaker says, presses and looks at */
	CAPTION_ROW, /* a line of a list: the card of claims, the score; sign: how it stands */
	CAPTION_BEFORE, /* BEFORE and AFTER stand side by side where there is room */
	CAPTION_AFTER,
	CAPTION_ASK, /* what is to be predicted */
	CAPTION_OPTION, /* an answer to it; sign: its digit, and how it stands */
	CAPTION_PREDICTION, /* what came of the prediction */
	CAPTION_PUNCH,
	CAPTION_KILLS, /* a misconception that this shows to be one, and what is so */
	CAPTION_VERDICT, /* of a claim, in words; sign: true, wrong ... */
	CAPTION_EXPLAIN,
	CAPTION_NUANCE,
	CAPTION_LATER, /* what was told one by one, where all of it stands */
	CAPTION_EVIDENCE, /* file and field */
	CAPTION_PRIVILEGE, /* who may see that */
	CAPTION_CODE, /* a line of C, indented by blanks, that all workers run */
	CAPTION_CODE_LEFT, /* that processes run, beside what threads run, where there is room */
	CAPTION_CODE_RIGHT,
	CAPTION_FEEDBACK, /* why each option is wrong, once that is told; for a film, not drawn */
	CAPTION_ACTION, /* what can be done; sign: its digit, and whether it was */
	CAPTION_PARTS
};

/* How a line is meant. */
enum caption_tone {
	CAPTION_PLAIN,
	CAPTION_GOOD,
	CAPTION_BAD,
	CAPTION_UNSURE,
	CAPTION_RIGHT, /* what is so: it stands out */
	CAPTION_WRONG /* what is not so: struck out */
};

/* Around what changed within a text of CAPTION_AFTER. */
#define CAPTION_MARK '\1'
#define CAPTION_UNMARK '\2'

struct caption_line {
	enum caption_part part;
	enum caption_tone tone;
	char sign[24];
	char text[400];
};

/* A key of the moment, for the footer: what it does, and whether that was done. */
struct caption_key {
	int key;
	char label[48];
	bool done;
};

struct caption {
	char title[96]; /* "4 of 9 · S4 Copy on write · claims 1, 2" */
	char state[64]; /* what is waited for; "" nothing */
	char after[64]; /* heading of the column AFTER */
	/* The number that is the point; "" none. "1 | 3" are one of each side, and their label
	 * ends in their names: "of 3 died: processes | threads". */
	char big[48], big_label[96];
	bool flash; /* what changed is new */
	bool code; /* lines of C were asked for: they stand whatever the room */
	bool told; /* before and after are told by other lines, too: they may be left out */
	VEC(struct caption_line) lines;
	VEC(struct caption_key) keys;
};

/* What a sample has of a caption besides its lines, and the panes shown ("scene,workers"). */
struct told_sample {
	char title[96], state[64], after[64], big[48], big_label[96];
	char panes[160];
	bool flash, told;
};

/* At this time something began that a film can be jumped to. */
struct mark_sample {
	int64_t at_ns;
	char label[64];
};

/* { 0 } is an empty caption. clear keeps the memory. */
void caption_clear(struct caption *caption);
void caption_finish(struct caption *caption);
/* Adds a line; text is cut where it is too long, its controls but the marks are not drawn. */
struct caption_line *caption_add(struct caption *caption, enum caption_part part,
	enum caption_tone tone, const char *sign, const char *text);
void caption_key(struct caption *caption, int key, bool done, const char *label);

extern const struct record caption_record, told_record, mark_record;
/* A caption into the parts of a sample, and back. Its keys are of the moment, and are not kept. */
struct sample;
void caption_keep(const struct caption *caption, const char *panes, struct sample *sample);
/* false: nothing was told, and *ret is empty. */
bool caption_kept(const struct sample *sample, struct caption *ret);

#endif
