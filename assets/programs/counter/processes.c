/* SPDX-License-Identifier: MIT
 * Four processes count in a variable of the same name and address. Each has a copy of it, so the
 * parent's never moves: it ends at 0.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 4
#define COUNTS 2000

static int counter;

static void count(void)
{
	for (int i = 0; i < COUNTS; i++) {
		counter++;
		usleep(1000);
	}
	printf("process %d counted to %d\n", getpid(), counter);
}

int main(void)
{
	for (int i = 0; i < WORKERS; i++) {
		if (fork() == 0) {
			count();
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	printf("the counter is %d\n", counter);
	return 0;
}
