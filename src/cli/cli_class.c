/* SPDX-License-Identifier: MIT
 * The command `class merge`: hands its files to the module class, and prints the tables.
 */
#include "class.h"
#include "cli.h"
#include "output.h"

int cli_class(const struct cli *cli)
{
	const struct class_options options = { cli->csv, cli->svg, cli->force, cli->names };
	struct buf out = { 0 };
	const int status = (int)class_merge(cli->words + 1, cli->n_words - 1, &options, &out);
	const int printed = output_text(&out);
	return status ? status : printed;
}
