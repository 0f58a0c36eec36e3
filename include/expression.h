/* SPDX-License-Identifier: MIT
 * Values and expressions: the language of a scene's conditions and texts. A part of scene.
 */
#ifndef TASKSCOPE_EXPRESSION_H
#define TASKSCOPE_EXPRESSION_H

#include "base.h"

/* --- values and facts --- */

enum scene_type { SCENE_ANY, SCENE_NUMBER, SCENE_WORDS, SCENE_TRUTH }; /* ANY: of an unknown fact */

struct scene_value {
	enum scene_type type;
	bool known;
	double number; /* a number; a truth is 0 or 1 */
	char text[96]; /* words; also beside a number ("S", "USR1"), "" if it has none */
	char reason[128]; /* not known: why */
};
struct scene_value scene_number(double number); /* NAN: unknown, without a reason */
struct scene_value scene_words(const char *text);
struct scene_value scene_unknown(const char *reason);

/* A fact that a scene speaks of: found once, when the scene is read. */
struct scene_path {
	char text[96]; /* "left.worker0.private_dirty_kb" (include/model.h) */
	void *handle; /* what scene_names found it to be; NULL: it was not asked */
	bool before; /* asked for as before.PATH or delta(PATH), too */
};
/* Its value now. A fact that cannot be read now is unknown, with the reason. Letters (state) are
 * words. */
typedef void scene_lookup(void *context, const struct scene_path *path, struct scene_value *ret);

/* The expressions and templates of a scene, parsed: facts, and trees that speak of them by
 * number. */
struct scene_code;

/* A text with facts in it. It is parsed once; what can be done with it needs its code. */
struct scene_text {
	char *text; /* as it was written; NULL: there is none */
	unsigned first, n; /* its pieces in the code; none before it is parsed */
};

/* What is known at one moment: each fact of a code is read once. */
struct scene_snapshot {
	VEC(struct scene_value) values; /* by the path's place in the code */
	int unknown; /* how many of those that are asked for as before.PATH or delta(PATH) */
};

/* A value that a scene names, so that a long expression is written once: usable by its name in all
 * that stands after it. */
#define SCENE_NAMED_MAX 16
struct scene_named {
	struct scene_text is; /* expression */
	char *name; /* "process_switch" */
};

/* Where expressions find facts. before NULL: nothing was kept before the action, so before.PATH is
 * unknown. */
struct scene_facts {
	const struct scene_code *code;
	const struct scene_snapshot *now, *before;
	/* what stands around each value in a rendered text; NULL: nothing */
	const char *mark, *unmark;
};

/* --- expressions ---
 *   number 12 3.5 0x1f · "words" · true false · fact path · before.PATH · delta(PATH) = PATH -
 *       before.PATH
 *   NAME: a value that the scene names
 *   + - * / · = != < <= > >= (words: = and != only) · not and or · ( )
 *   abs(x) · min(x, y) · max(x, y) · number(WORDS): the first number in them · number(WORDS, N):
 *       the Nth · known(x): itself always known
 *   given(CONDITION, "what is missing", VALUE): the value where the condition holds; else not
 *       known, for that reason
 * Three-valued: what is not known makes the result not known, with the reason of the first, unless
 * the other operand of and/or decides alone. At most SCENE_TEXT_MAX bytes and 32 levels. */
#define SCENE_TEXT_MAX 1000

/* Evaluates an expression. Words where a number is wanted and a division by zero are no errors
 * here: the value is not known and says so. */
struct scene_value scene_evaluate(const struct scene_text *text, const struct scene_facts *facts);
/* A condition's answer, and why there is none. */
enum scene_answer { SCENE_NO, SCENE_YES, SCENE_UNDECIDED };
enum scene_answer scene_condition(const struct scene_text *text, const struct scene_facts *facts,
	char *reason, size_t reason_size);

/* Text with {EXPRESSION:FORMAT} in it, FORMAT kb count rate ns percent ratio hex text (default:
 * count, or text); "{{" and "}}" are braces. What is not known renders as "–". Appends to out.
 * Returns how many were not known; reason (if not NULL) is that of the first. A text that is not
 * there renders as nothing. */
int scene_render(struct buf *out, const struct scene_text *text, const struct scene_facts *facts,
	char *reason, size_t reason_size);

#endif
