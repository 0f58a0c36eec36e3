/* SPDX-License-Identifier: MIT
 * The forms of lecture notes: what stands around each kind of text.
 */
#ifndef TASKSCOPE_LESSON_NOTES_FORM_H
#define TASKSCOPE_LESSON_NOTES_FORM_H

#include "base.h"

enum notes_form { NOTES_MARKDOWN, NOTES_HTML, NOTES_FORMS };
enum note_kind {
	NOTE_HEAD, /* of the file, without text */
	NOTE_TITLE,
	NOTE_SCENE,
	NOTE_ACTION,
	NOTE_TEXT,
	NOTE_SHOWN, /* lines as taskscope prints them */
	NOTE_FROM, /* where lines of C come from */
	NOTE_CODE,
	NOTE_QUESTION,
	NOTE_OPTION, /* with a blank */
	NOTE_OPTIONS_END, /* without text */
	NOTE_ANSWER,
	NOTE_SAY,
	NOTE_THEN,
	NOTE_END, /* of the file, without text */
	NOTE_KINDS
};

enum notes_form notes_form_of(const char *path); /* HTML if it ends in .html */
/* Adds a text, escaped as the form wants it. */
void notes_put(struct buf *out, enum notes_form form, enum note_kind kind, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* A picture that export_svg made; Markdown has none, for it would be a second file. */
void notes_put_picture(struct buf *out, enum notes_form form, const struct buf *svg);

#endif
