/* SPDX-License-Identifier: MIT
 * Four processes add up the numbers below one billion. Each has memory of its own, so its
 * part comes back through a pipe.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 4
#define NUMBERS 1000000000L

static long add_part(long worker)
{
	volatile long sum = 0;

	for (long n = worker; n < NUMBERS; n += WORKERS)
		sum += n;
	return sum;
}

int main(void)
{
	int results[2];
	long part, total = 0;

	if (pipe(results) != 0)
		return 1;
	for (long i = 0; i < WORKERS; i++) {
		if (fork() == 0) {
			part = add_part(i);
			return write(results[1], &part, sizeof(part)) == sizeof(part) ? 0 : 1;
		}
	}
	for (int i = 0; i < WORKERS; i++)
		if (read(results[0], &part, sizeof(part)) == sizeof(part))
			total += part;
	while (wait(NULL) > 0)
		;
	printf("the sum is %ld\n", total);
	return 0;
}
