/* SPDX-License-Identifier: MIT
 * Five philosophers are processes. The forks are mutexes in memory that they share on purpose; else
 * it is as with threads: each takes the fork on the left first, and soon all wait for ever. With the
 * argument "ordered" they take the lower fork first, and all have their meals.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PHILOSOPHERS 5
#define MEALS 20

static pthread_mutex_t *fork_of; /* shared */
static int ordered;

static void dine(int left)
{
	int right = (left + 1) % PHILOSOPHERS;
	int first = ordered && right < left ? right : left, second = left + right - first;

	for (int meal = 0; meal < MEALS; meal++) {
		pthread_mutex_lock(&fork_of[first]);
		usleep(10000); /* thinks, with one fork in hand */
		pthread_mutex_lock(&fork_of[second]);
		usleep(1000); /* eats */
		pthread_mutex_unlock(&fork_of[second]);
		pthread_mutex_unlock(&fork_of[first]);
	}
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t shared;

	ordered = argc > 1 && strcmp(argv[1], "ordered") == 0;
	fork_of = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	for (int i = 0; i < PHILOSOPHERS; i++)
		pthread_mutex_init(&fork_of[i], &shared);
	for (int i = 0; i < PHILOSOPHERS; i++) {
		if (fork() == 0) {
			dine(i);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	printf("all %d had %d meals\n", PHILOSOPHERS, MEALS);
	return 0;
}
