/* SPDX-License-Identifier: MIT
 * Four threads count in one variable. A mutex lets one in at a time, so nothing is lost: it ends at
 * 8000.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define WORKERS 4
#define COUNTS 2000

static int counter;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *count(void *argument)
{
	for (int i = 0; i < COUNTS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
		usleep(1000);
	}
	return NULL;
}

int main(void)
{
	pthread_t thread[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		pthread_create(&thread[i], NULL, count, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	printf("the counter is %d\n", counter);
	return 0;
}
