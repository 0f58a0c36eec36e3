/* SPDX-License-Identifier: MIT
 * Five philosophers are threads, five forks are mutexes. Each takes the fork on the left, thinks for
 * a moment, and takes the one on the right: soon each holds one and waits for the next, for ever.
 * With the argument "ordered" they take the lower fork first, and all have their meals.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PHILOSOPHERS 5
#define MEALS 20

static pthread_mutex_t fork_of[PHILOSOPHERS];
static int ordered;

static void *dine(void *argument)
{
	long left = (long)argument, right = (left + 1) % PHILOSOPHERS;
	long first = ordered && right < left ? right : left, second = left + right - first;

	for (int meal = 0; meal < MEALS; meal++) {
		pthread_mutex_lock(&fork_of[first]);
		usleep(10000); /* thinks, with one fork in hand */
		pthread_mutex_lock(&fork_of[second]);
		usleep(1000); /* eats */
		pthread_mutex_unlock(&fork_of[second]);
		pthread_mutex_unlock(&fork_of[first]);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread[PHILOSOPHERS];

	ordered = argc > 1 && strcmp(argv[1], "ordered") == 0;
	for (int i = 0; i < PHILOSOPHERS; i++)
		pthread_mutex_init(&fork_of[i], NULL);
	for (long i = 0; i < PHILOSOPHERS; i++)
		pthread_create(&thread[i], NULL, dine, (void *)i);
	for (int i = 0; i < PHILOSOPHERS; i++)
		pthread_join(thread[i], NULL);
	printf("all %d had %d meals\n", PHILOSOPHERS, MEALS);
	return 0;
}
