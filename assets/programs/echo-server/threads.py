# SPDX-License-Identifier: MIT
"""A server that gives each of its three clients a thread, which sends back what it reads."""
import socket
import threading
import time

CLIENTS = 3
ROUNDS = 100


def serve(connection):
    with connection:
        while text := connection.recv(64):
            connection.sendall(text)


clients, threads, answers = [], [], 0
for _ in range(CLIENTS):
    client, connection = socket.socketpair()
    clients.append(client)
    threads.append(threading.Thread(target=serve, args=(connection,)))
    threads[-1].start()
for _ in range(ROUNDS):
    for client in clients:
        client.sendall(b"hello")
        answers += client.recv(64) == b"hello"
    time.sleep(0.02)
for client in clients:
    client.close()
for thread in threads:
    thread.join()
print(answers, "answers from threads")
