/* SPDX-License-Identifier: MIT
 * What all orders use: the text of a result, the word that ends long ones, and the next worker.
 */
#include "internal.h"

void set_result(char *said, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said, BOARD_SAID, format, args);
	va_end(args);
}

bool told_to_end(const struct work *work)
{
	return (atomic_load(&work->slot->command) & (SLOT_QUIT | SLOT_CRASH)) != 0;
}

const struct board_slot *neighbour_of(const struct work *work, int *ret_index)
{
	const struct board *board = work->hand->host->board;

	for (int i = 1; i < BOARD_SLOTS; i++) {
		int index = (work->hand->index + i) % BOARD_SLOTS;
		const struct board_slot *slot = &board->slots[index];

		if (atomic_load(&slot->phase) != SLOT_ALIVE || atomic_load(&slot->mixed))
			continue;
		*ret_index = index;
		return slot;
	}
	return NULL;
}

struct rusage usage_here(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_THREAD, &usage);
	return usage;
}

void pin_to(int cpu)
{
	cpu_set_t one;

	if (cpu < 0)
		return;
	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

void spin_some(void)
{
	for (unsigned i = 0; i < SPIN_STEPS; i++)
		__asm__ volatile("" : "+r"(i));
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double middle_of(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(values[0]), ascending);
	return n ? (values[(n - 1) / 2] + values[n / 2]) / 2 : NAN;
}
