/* SPDX-License-Identifier: MIT
 * Hands notes over by a file: written in place between a number and the same number again, so that a reader sees when it
 * looked in between, and locked as long as its writer lives.
 */
#include "notes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "taskscope-notes"
#define HEAD "taskscope notes 1 "

struct notes_handover {
	char *path;
	int fd;
	unsigned number; /* of what is written next */
	struct buf whole, last;
};

/* Nobody else may put a file of ours there, or take it away. */
static bool is_own_folder(const char *path)
{
	struct stat about;
	return *path == '/' && stat(path, &about) == 0 && S_ISDIR(about.st_mode) &&
	       about.st_uid == geteuid() && !(about.st_mode & (S_IWGRP | S_IWOTH));
}

int notes_path(const char *runtime, char *path, size_t size, char *why, size_t why_size)
{
	char usual[40];
	snprintf(usual, sizeof(usual), "/run/user/%u", (unsigned)geteuid());
	const char *folder = runtime && *runtime ? runtime : usual;
	if (is_own_folder(folder) &&
		snprintf(path, size, "%s/" NAME, folder) < (int)MIN(size, (size_t)INT32_MAX))
		return 0;
	char shown[120];
	safe_text(shown, sizeof(shown), folder, strlen(folder));
	snprintf(why, why_size,
		"%s is no folder that only you can write: set XDG_RUNTIME_DIR to one", shown);
	return -EINVAL;
}

static int open_file(const char *path, int flags, int *ret)
{
	struct stat about;
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0)
		return errno == ELOOP || errno == ENXIO ? -EPERM : -errno;
	*ret = fd;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == geteuid() &&
		!(about.st_mode & (S_IRWXG | S_IRWXO)))
		return 0;
	close(fd);
	return -EPERM;
}

int notes_handover_open(const char *path, struct notes_handover **ret)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd, error = open_file(path, O_RDWR | O_CREAT, &fd);
	if (error)
		return error;
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		close(fd);
		return -EBUSY;
	}
	*ret = xcalloc(1, sizeof(**ret));
	**ret = (struct notes_handover) { .path = xstrdup(path), .fd = fd, .number = 1 };
	return 0;
}

int notes_hand_over(struct notes_handover *handover, const struct buf *lines)
{
	struct buf *whole = &handover->whole, *last = &handover->last;
	if (lines->len == last->len && (!last->len || strcmp(lines->text, last->text) == 0))
		return 0;
	buf_clear(last);
	buf_add(last, lines->text, lines->len);
	buf_clear(whole);
	buf_addf(whole, HEAD "%u\n%send %u\n", handover->number, last->text, handover->number);
	handover->number++;
	if (pwrite(handover->fd, whole->text, whole->len, 0) != (ssize_t)whole->len ||
		ftruncate(handover->fd, (off_t)whole->len) != 0)
		return errno ? -errno : -ENOSPC;
	return 0;
}

void notes_handover_close(struct notes_handover *handover)
{
	if (!handover)
		return;
	unlink(handover->path);
	close(handover->fd);
	buf_finish(&handover->whole);
	buf_finish(&handover->last);
	free(handover->path);
	free(handover);
}

/* The lines between a head and an end with the same number. */
static int take_lines(const struct buf *whole, struct buf *lines)
{
	unsigned first, last;
	char end[32];
	int head = 0;
	if (!whole->len)
		return -EAGAIN; /* it was only just made */
	if (strncmp(whole->text, HEAD, strlen(HEAD)) != 0 ||
		sscanf(whole->text, HEAD "%u\n%n", &first, &head) != 1 || !head)
		return -EBADMSG;
	const char *tail = whole->text + whole->len;
	while (tail > whole->text && !(tail[-1] == '\n' && strncmp(tail, "end ", 4) == 0))
		tail--;
	snprintf(end, sizeof(end), "end %u\n", first);
	if (sscanf(tail, "end %u", &last) != 1 || strcmp(tail, end) != 0)
		return -EAGAIN;
	buf_add(lines, whole->text + head, (size_t)(tail - whole->text) - (size_t)head);
	return 0;
}

int notes_read(const char *path, struct buf *lines)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	struct buf whole = { 0 };
	char piece[8192];
	ssize_t n;
	int fd, error = open_file(path, O_RDONLY, &fd);
	if (error)
		return error;
	while ((n = read(fd, piece, sizeof(piece))) > 0 && whole.len <= NOTES_FILE_MAX)
		buf_add(&whole, piece, (size_t)n);
	if (n < 0)
		error = -errno;
	else if (whole.len > NOTES_FILE_MAX || (whole.len && strlen(whole.text) != whole.len))
		error = -EBADMSG;
	else
		error = take_lines(&whole, lines);
	bool asked = fcntl(fd, F_OFD_GETLK, &lock) == 0;
	if (error != -EBADMSG && asked && lock.l_type == F_UNLCK)
		error = -ESTALE;
	close(fd);
	buf_finish(&whole);
	return error;
}

const char *notes_why(int error)
{
	switch (error) {
	case -ENOENT:
		return "no tour hands notes over: start taskscope tour --presenter";
	case -ESTALE:
		return "the tour that wrote these notes is gone";
	case -EPERM:
		return "this is no file of yours that others may not read";
	case -EBADMSG:
		return "these are no notes of a tour";
	case -EAGAIN:
		return "the notes were not written whole";
	case -EBUSY:
		return "another tour hands its notes over there";
	default:
		return strerror(-error);
	}
}
