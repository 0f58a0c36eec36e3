/* SPDX-License-Identifier: MIT
 * The words and signs of the screen, each in one line.
 */
#ifndef TASKSCOPE_UI_GLOSSARY_H
#define TASKSCOPE_UI_GLOSSARY_H

#include "canvas.h"

struct glossary_word {
	const char *sign, *text;
	enum style style;
};
/* In the order of the help: what every view has comes first. NULL after the last. */
const struct glossary_word *glossary_at(size_t i);

#endif
