/* SPDX-License-Identifier: MIT
 * Four threads add up the numbers below one billion. Each writes its part into an array
 * that they share: the main thread only has to add four numbers.
 */
#include <pthread.h>
#include <stdio.h>

#define WORKERS 4
#define NUMBERS 1000000000L

static long parts[WORKERS]; /* one array for all threads */

static void *add_part(void *argument)
{
	long worker = (long)argument;
	volatile long sum = 0;

	for (long n = worker; n < NUMBERS; n += WORKERS)
		sum += n;
	parts[worker] = sum;
	return NULL;
}

int main(void)
{
	pthread_t thread[WORKERS];
	long total = 0;

	for (long i = 0; i < WORKERS; i++)
		pthread_create(&thread[i], NULL, add_part, (void *)i);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < WORKERS; i++)
		total += parts[i];
	printf("the sum is %ld\n", total);
	return 0;
}
