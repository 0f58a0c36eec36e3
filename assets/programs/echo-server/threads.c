/* SPDX-License-Identifier: MIT
 * A server that gives each of its three clients a thread: the thread reads what its client says and
 * sends it back. All connections are open in the one process.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS 3
#define ROUNDS 100

static void *serve(void *argument)
{
	int connection = (int)(long)argument;
	char text[64];
	ssize_t n;

	while ((n = read(connection, text, sizeof(text))) > 0)
		if (write(connection, text, (size_t)n) != n)
			break;
	close(connection);
	return NULL;
}

int main(void)
{
	pthread_t thread[CLIENTS];
	int pair[2], client[CLIENTS], answers = 0;
	char text[64];

	for (int i = 0; i < CLIENTS; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
			return 1;
		client[i] = pair[0];
		pthread_create(&thread[i], NULL, serve, (void *)(long)pair[1]);
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CLIENTS; i++)
			if (write(client[i], "hello", 5) == 5 && read(client[i], text, 5) == 5)
				answers++;
		usleep(20000);
	}
	for (int i = 0; i < CLIENTS; i++) {
		close(client[i]);
		pthread_join(thread[i], NULL);
	}
	printf("%d answers from threads\n", answers);
	return 0;
}
