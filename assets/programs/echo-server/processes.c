/* SPDX-License-Identifier: MIT
 * A server that forks a process for each of its three clients: the process reads what its client
 * says and sends it back. Each closes the connections that are not its own.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS 3
#define ROUNDS 100

static void serve(int connection)
{
	char text[64];
	ssize_t n;

	while ((n = read(connection, text, sizeof(text))) > 0)
		if (write(connection, text, (size_t)n) != n)
			break;
	close(connection);
}

int main(void)
{
	int pair[2], client[CLIENTS], answers = 0;
	char text[64];

	for (int i = 0; i < CLIENTS; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
			return 1;
		client[i] = pair[0];
		if (fork() == 0) {
			for (int k = 0; k <= i; k++)
				close(client[k]);
			serve(pair[1]);
			return 0;
		}
		close(pair[1]);
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CLIENTS; i++)
			if (write(client[i], "hello", 5) == 5 && read(client[i], text, 5) == 5)
				answers++;
		usleep(20000);
	}
	for (int i = 0; i < CLIENTS; i++)
		close(client[i]);
	while (wait(NULL) > 0)
		;
	printf("%d answers from processes\n", answers);
	return 0;
}
