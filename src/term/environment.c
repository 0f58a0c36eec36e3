/* SPDX-License-Identifier: MIT
 * Reads what an environment says of the terminal.
 */
#include <string.h>

#include "term.h"

/* How long a lone ESC may be the start of a sequence: as ncurses is told, else by the line. tmux and screen put a sequence
 * together before they pass it on, so they are as quick as the line to them. */
static nsec escape_wait(char *(*get)(const char *name))
{
	const char *asked = get("ESCDELAY");
	int64_t ms;

	if (asked && parse_integer(asked, 0, 10000, &ms) == 0)
		return ms * NSEC_PER_MSEC;
	return (get("SSH_CONNECTION") ? 300 : 150) * NSEC_PER_MSEC;
}

struct term_options term_options_of(char *(*get)(const char *name))
{
	const char *type = get("TERM"), *no_color = get("NO_COLOR");

	return (struct term_options) {
		.type = type,
		.colour = no_color && *no_color ? 0 : -1,
		/* screen(1) keeps ESC back until the next key while a program asks for the mouse: no Esc would ever close
		 * anything. */
		.mouse = !get("STY") && !(type && strncmp(type, "screen.", strlen("screen.")) == 0),
		/* Where nothing would be understood or answered, nothing is asked. */
		.ask_background = type && strcmp(type, "linux") != 0 && strncmp(type, "vt", 2) != 0,
		.escape_wait = escape_wait(get),
	};
}
