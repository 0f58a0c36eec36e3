/* SPDX-License-Identifier: MIT
 * A process of many threads, some of which wake up often: what many_tasks.py looks at. Says "ready" when all of them run,
 * and ends with whoever started it. Or one in which threads come and go.
 *
 * usage: many_threads THREADS AWAKE; the awake ones wake 50 times a second.
 *        many_threads births N RATE; at most so many a second.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define NAP_US 20000
#define LIFE_S 180

static void *rest(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *nap(void *unused)
{
	for (;;)
		usleep(NAP_US);
	return unused;
}

static void *live_shortly(void *unused)
{
	return unused;
}

static int give_births(int n, int rate)
{
	pthread_t thread;

	for (int i = 0; i < n; i++) {
		if (pthread_create(&thread, NULL, live_shortly, NULL) != 0)
			return 1;
		pthread_join(thread, NULL);
		if (i % 20 == 0)
			usleep((useconds_t)(20 * 1000000LL / rate));
	}
	return 0;
}

int main(int argc, char **argv)
{
	const int threads = argc > 2 ? atoi(argv[1]) : 0, awake = argc > 2 ? atoi(argv[2]) : 0;
	pthread_attr_t small;
	pthread_t thread;

	if (argc > 3 && strcmp(argv[1], "births") == 0)
		return give_births(atoi(argv[2]), atoi(argv[3]));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFE_S);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 * 1024);
	for (int i = 1; i < threads; i++)
		if (pthread_create(&thread, &small, i <= awake ? nap : rest, NULL) != 0) {
			printf("only %d\n", i);
			return 1;
		}
	puts("ready");
	fflush(stdout);
	rest(NULL);
}
