/* SPDX-License-Identifier: MIT
 * Chooses between a screen and text.
 */
#include "cli.h"

#define FALLBACK_DURATION (3 * NSEC_PER_SEC)

/* Where no screen was asked for or is possible, what to do instead. */
bool cli_choose_output(struct cli *cli, bool tty, const char **ret_notice)
{
	bool text = cli->plain || cli->json;
	if (cli->notes && !text) {
		cli->plain = true; /* the same, to be read while it is written */
		return false;
	}
	const bool screen = tty && !text && !cli->vertical;
	if (screen || text || cli->has_keys)
		return screen;
	/* Recorded or drawn with nobody to press a key, a tour plays itself. */
	const bool film = cli->cast || cli->srt || cli->html || cli->svg,
		   table = cli->csv || cli->trace || cli->record;
	if (film && cli->verb == VERB_TOUR)
		cli->tour_auto = true;
	if (film && cli->verb == VERB_TOUR)
		return false;
	if ((film || table) && cli->verb == VERB_REPLAY)
		return false;
	bool endless = cli->verb == VERB_LIVE || cli->verb == VERB_ATTACH;
	bool short_of_time = !cli->duration && endless;
	if (short_of_time)
		cli->duration = FALLBACK_DURATION;
	if ((endless || cli->verb == VERB_RUN) && (film || table))
		return false;
	cli->plain = true;
	*ret_notice = short_of_time ? "text frames instead of a screen, as with --plain --for 3"
				    : "text frames instead of a screen, as with --plain";
	return false;
}
