/* SPDX-License-Identifier: MIT
 * Threads that wait for musl's mutexes: built with musl, for test_waits. "normal" and "recursive" deadlock, of "slow" the holder
 * sleeps.
 */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock[2];
static pthread_barrier_t met;
static int slow;

static void *take_both(void *arg)
{
	const long own = (long)arg;

	pthread_mutex_lock(&lock[own]);
	pthread_barrier_wait(&met);
	while (slow && own == 0)
		pause();
	pthread_mutex_lock(&lock[1 - own]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t attr;
	pthread_t thread;

	if (argc != 2)
		return 2;
	slow = strcmp(argv[1], "slow") == 0;
	alarm(300);
	pthread_mutexattr_init(&attr);
	if (strcmp(argv[1], "recursive") == 0)
		pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock[0], &attr);
	pthread_mutex_init(&lock[1], &attr);
	pthread_barrier_init(&met, NULL, 2);
	pthread_create(&thread, NULL, take_both, (void *)1);
	take_both((void *)0);
	return 0;
}
