/* SPDX-License-Identifier: MIT
 * Records rounds of duels for tests of the comparison: two series that are the same, so that their true ratio is 1, as
 * "first,second" lines of nanoseconds, in the order in which they were measured.
 *
 *   rounds CREW METHOD WHO CPUS PARAMETER ROUNDS   such as: rounds build/taskscope-crew yield processes 1 0 2500
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crew.h"
#include "duel.h"

struct wanted {
	struct duel_item item;
	int rounds;
};

static int contender_of(const char *name)
{
	for (int i = 0; i < CONTENDERS; i++)
		if (strcmp(contender_name((enum contender)i), name) == 0)
			return i;
	return -1;
}

static int method_of(const char *name, int who)
{
	uint32_t methods;
	char bad[32];
	if (!duel_find_methods(name, &methods, bad, sizeof(bad)))
		return -1;
	for (int i = 0; i < DUEL_METHODS; i++)
		if (methods & UINT32_C(1) << i && method_table[i].who & 1u << who)
			return i;
	return -1;
}

static int print(const struct duel_page *page)
{
	static const struct duel_pair pair = { 0, 1, PAIR_OF_KINDS };
	int n = MIN(duel_trials(page, pair.first), duel_trials(page, pair.second));
	for (int i = 0; i < n; i++)
		printf("%.6g,%.6g\n", (double)page->series[0].value[i],
			(double)page->series[1].value[i]);
	return n;
}

static int record(void *context, struct crews *crews)
{
	const struct wanted *wanted = context;
	struct duel_plan plan = { .trial_ms = 5,
		.cpu = { 0, 1 },
		.exchange = true,
		.parts = 1,
		.series_n = 2,
		.item = { wanted->item, wanted->item } };
	plan.part[0] = (struct duel_part) { .duel = (int16_t)method_table[wanted->item.method].duel,
		.n = 2,
		.rounds = DUEL_TRIALS_MAX,
		.budget_ms = 600000 };
	for (int n = 0; n < wanted->rounds;) {
		if (crews_duel_start(crews, &plan) != 0)
			return 1;
		while (crews_duel_state(crews, NULL) == DUEL_RUNNING) {
			struct pollfd fd = { .fd = crews_fd(crews), .events = POLLIN };
			poll(&fd, 1, 1000);
			crews_dispatch(crews);
		}
		if (crews_duel_state(crews, NULL) != DUEL_DONE)
			return 1;
		n += print(crews_duel_page(crews));
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct wanted wanted = { 0 };
	int who = argc == 7 ? contender_of(argv[3]) : -1;
	int method = who < 0 ? -1 : method_of(argv[2], who);
	if (method < 0) {
		fprintf(stderr, "usage: rounds CREW METHOD WHO CPUS PARAMETER ROUNDS\n");
		return 2;
	}
	wanted.item = (struct duel_item) { .method = (int16_t)method,
		.who = (int16_t)who,
		.cpus = (int16_t)atoi(argv[4]),
		.parameter = atoi(argv[5]) };
	wanted.rounds = atoi(argv[6]);
	struct supervise_options options = {
		.screen = record, .context = &wanted, .with_crews = true, .worker_path = argv[1]
	};
	return supervise(&options);
}
