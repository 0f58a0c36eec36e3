/* SPDX-License-Identifier: MIT
 * Carries the screen's requests to the supervisor: small structs of one size, descriptors alongside, never waiting. Makes
 * what a new host is handed.
 */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

void host_fds_close(struct host_fds *fds)
{
	for (int i = 0; i < BOARD_FDS; i++)
		close_fd(&fds->fd[i]);
}

void bell_add(int fd)
{
	uint64_t one = 1;

	(void)!write(fd, &one, sizeof(one));
}

static void *make_page(const char *name, size_t size, int *ret_fd)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *page = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0) {
		/* Its size is fixed: nobody can make us fault on it. */
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
		page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	}
	*ret_fd = fd;
	return page == MAP_FAILED ? NULL : page;
}

void *host_prepare(const struct crews *crews, const char *name, size_t size,
	struct host_fds *ret_fds, int *ret_life, int *ret_orders)
{
	int life[2], orders = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), error = 0;

	ret_fds->fd[1] = orders < 0 ? -1 : dup(orders);
	ret_fds->fd[2] = dup(crews->bell);
	ret_fds->fd[3] = -1;
	void *page = make_page(name, size, &ret_fds->fd[0]);

	if (!page || ret_fds->fd[1] < 0 || ret_fds->fd[2] < 0 || pipe2(life, O_CLOEXEC) != 0)
		error = errno;
	if (error || !ret_orders)
		close_fd(&orders);
	if (!error) {
		ret_fds->fd[3] = life[0];
		*ret_life = life[1];
		if (ret_orders)
			*ret_orders = orders;
		return page;
	}
	host_fds_close(ret_fds);
	if (page)
		munmap(page, size);
	errno = error;
	return NULL;
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
