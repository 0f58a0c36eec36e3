/* SPDX-License-Identifier: MIT
 * `taskscope measure WHAT`: duels without a screen.
 */
#ifndef TASKSCOPE_MEASURE_H
#define TASKSCOPE_MEASURE_H

#include "cli.h"

/* Runs what the command line wants and prints what was measured; the exit status. A signal ends it
 * early. */
int measure(const struct cli *cli);

#endif
