/* SPDX-License-Identifier: MIT
 * Reads which CPUs we may use, on machines of any size.
 */
#include "base.h"

#define CPUS_FEW 1024
#define CPUS_LIMIT 65536

cpu_set_t *cpus_allowed(size_t *ret_size)
{
	/* More CPUs than the kernel has need a larger set; it says so by EINVAL. */
	for (int n = CPUS_FEW; n <= CPUS_LIMIT; n *= 2) {
		size_t size = CPU_ALLOC_SIZE(n);
		cpu_set_t *set = CPU_ALLOC(n);

		if (set && sched_getaffinity(0, size, set) == 0) {
			*ret_size = size;
			return set;
		}
		CPU_FREE(set);
	}
	return NULL;
}

int cpus_list(int32_t *cpus, int n)
{
	size_t size = 0;
	cpu_set_t *set = cpus_allowed(&size);
	int found = 0;

	for (int cpu = 0; cpu < (int)size * 8 && found < n; cpu++)
		if (CPU_ISSET_S((size_t)cpu, size, set))
			cpus[found++] = cpu;
	CPU_FREE(set);
	return found;
}

int cpu_after(int cpu)
{
	int32_t cpus[CPUS_LISTED];
	int n = cpus_list(cpus, CPUS_LISTED);

	for (int i = 0; i < n; i++)
		if (cpus[i] > cpu)
			return cpus[i];
	return -1;
}
