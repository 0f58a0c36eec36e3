/* SPDX-License-Identifier: MIT
 * Twenty processes that sleep for three seconds. They use no CPU; each costs page tables, and the
 * pages that it has written.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 20

int main(void)
{
	for (int i = 0; i < WORKERS; i++) {
		if (fork() == 0) {
			sleep(3);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	printf("%d processes slept, children of %d\n", WORKERS, getpid());
	return 0;
}
