/* SPDX-License-Identifier: MIT
 * Twenty threads that sleep for three seconds. They use no CPU; each costs a stack.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define WORKERS 20

static void *nap(void *argument)
{
	sleep(3);
	return NULL;
}

int main(void)
{
	pthread_t thread[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		pthread_create(&thread[i], NULL, nap, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	printf("%d threads slept in process %d\n", WORKERS, getpid());
	return 0;
}
