# SPDX-License-Identifier: MIT
"""A server that forks a process for each of its three clients, which sends back what it reads."""
import os
import socket
import time

CLIENTS = 3
ROUNDS = 100


def serve(connection):
    with connection:
        while text := connection.recv(64):
            connection.sendall(text)


clients, answers = [], 0
for _ in range(CLIENTS):
    client, connection = socket.socketpair()
    clients.append(client)
    if os.fork() == 0:
        for other in clients:
            other.close()
        serve(connection)
        os._exit(0)
    connection.close()
for _ in range(ROUNDS):
    for client in clients:
        client.sendall(b"hello")
        answers += client.recv(64) == b"hello"
    time.sleep(0.02)
for client in clients:
    client.close()
for _ in range(CLIENTS):
    os.wait()
print(answers, "answers from processes")
