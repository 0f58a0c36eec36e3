/* SPDX-License-Identifier: MIT
 * Carries the screen's requests to the supervisor: small structs of one size, descriptors alongside, never waiting.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

void host_fds_close(struct host_fds *fds)
{
	for (int i = 0; i < BOARD_FDS; i++) {
		if (fds->fd[i] >= 0)
			close(fds->fd[i]);
		fds->fd[i] = -1;
	}
}

int request_send(int socket, const struct request *request, const struct host_fds *fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(fds->fd))] = { 0 };
	struct iovec iov = { .iov_base = (void *)request, .iov_len = sizeof(*request) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fds) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *c = CMSG_FIRSTHDR(&message);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(fds->fd));
		memcpy(CMSG_DATA(c), fds->fd, sizeof(fds->fd));
	}
	if (sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof(*request))
		return 0;
	return errno == EAGAIN || errno == ENOBUFS ? -EBUSY : -errno;
}

int request_receive(int socket, struct request *ret, struct host_fds *ret_fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(ret_fds->fd))] = { 0 };
	struct request request;
	struct iovec iov = { .iov_base = &request, .iov_len = sizeof(request) };
	struct msghdr message = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int error = errno;

	if (got < 0)
		return -error;
	for (int i = 0; i < BOARD_FDS; i++)
		ret_fds->fd[i] = -1;
	if (got == 0)
		return -EPIPE;
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fds->fd, CMSG_DATA(c),
			MIN(c->cmsg_len - CMSG_LEN(0), sizeof(ret_fds->fd)));
	if (got != (ssize_t)sizeof(request) || request.side < 0 || request.side >= HOSTS) {
		host_fds_close(ret_fds);
		return -EINVAL;
	}
	*ret = request;
	return 0;
}
