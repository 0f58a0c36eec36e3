/* SPDX-License-Identifier: MIT
 * Reads what the environment says of the terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "term.h"

/* How long a lone ESC may be the start of a sequence: as ncurses is told, else by the line. tmux and screen put a sequence
 * together before they pass it on, so they are as quick as the line to them. */
static nsec escape_wait(void)
{
	const char *asked = getenv("ESCDELAY");
	int64_t ms;

	if (asked && parse_integer(asked, 0, 10000, &ms) == 0)
		return ms * NSEC_PER_MSEC;
	return (getenv("SSH_CONNECTION") ? 300 : 150) * NSEC_PER_MSEC;
}

struct term_options term_options_here(void)
{
	const char *type = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return (struct term_options) {
		.type = type,
		.colour = no_color && *no_color ? 0 : -1,
		/* screen(1) keeps ESC back until the next key while a program asks for the mouse: no Esc would ever close
		 * anything. */
		.mouse = !getenv("STY") && !(type && strncmp(type, "screen.", strlen("screen.")) == 0),
		/* Where nothing would be understood or answered, nothing is asked. */
		.ask_background = type && strcmp(type, "linux") != 0 && strncmp(type, "vt", 2) != 0,
		.escape_wait = escape_wait(),
	};
}
