/* SPDX-License-Identifier: MIT
 * Files that come to be without harm to anybody else's.
 */
#include "outfile.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct outfile {
	char *path, *part;
	bool force;
	int fd;
	int64_t bytes, limit; /* bytes: of what was added */
	const char *end; /* stands behind it; NULL: nothing */
	size_t end_len;
};

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? xasprintf("%.*s", (int)(slash - path) + 1, path) : xstrdup(".");
}

/* Whether a new file can be made in its folder: said now, not when there is something to write. */
static int check_folder(const char *path)
{
	char *folder = folder_of(path);
	int rc = access(folder, W_OK | X_OK) < 0 ? -errno : 0;
	free(folder);
	return rc;
}

/* Only ever a new name, or, with force, in place of a regular file. */
int outfile_check(const char *path, bool force)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? check_folder(path) : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	return force ? 0 : -EEXIST;
}

const char *outfile_why(int error)
{
	static const struct {
		int error;
		const char *why;
	} words[] = {
		{ -EEXIST, "it or its .part exists (--force replaces it)" },
		{ -ELOOP, "it is a link, and links are not followed" },
		{ -EINVAL, "it is a device or a pipe; only a regular file is written" },
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].error == error)
			return words[i].why;
	return strerror(-error);
}

/* The folder of a file, and its name there; false: there is no such folder. */
static bool place_of(const char *path, struct stat *ret_folder, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char *folder = folder_of(path);
	bool there = stat(folder, ret_folder) == 0;
	free(folder);
	*ret_name = slash ? slash + 1 : path;
	return there;
}

static bool is_part(const char *part, const char *name)
{
	size_t len = strlen(name);
	return strncmp(part, name, len) == 0 && strcmp(part + len, ".part") == 0;
}

bool outfile_clash(const char *a, const char *b)
{
	struct stat folder_a, folder_b;
	const char *name_a, *name_b;
	if (!place_of(a, &folder_a, &name_a) || !place_of(b, &folder_b, &name_b))
		return strcmp(a, b) == 0;
	if (folder_a.st_dev != folder_b.st_dev || folder_a.st_ino != folder_b.st_ino)
		return false;
	return strcmp(name_a, name_b) == 0 || is_part(name_a, name_b) || is_part(name_b, name_a);
}

static int open_part(struct outfile *file)
{
	int rc = outfile_check(file->part, file->force);

	if (rc == 0 && file->force && unlink(file->part) < 0 && errno != ENOENT)
		rc = -errno;
	if (rc < 0)
		return rc;
	file->fd = open(file->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file->fd < 0)
		return -errno;
	fchmod(file->fd, 0600); /* whatever the umask: the owner must be able to read it */
	return 0;
}

int outfile_create(const char *path, bool force, int64_t limit, struct outfile **ret)
{
	int rc = outfile_check(path, force);

	if (rc < 0)
		return rc;
	struct outfile *file = xcalloc(1, sizeof(*file));
	file->path = xstrdup(path);
	file->part = xasprintf("%s.part", path);
	file->force = force;
	file->limit = limit;
	file->fd = -1;
	rc = open_part(file);
	if (rc < 0) {
		outfile_destroy(file);
		return rc;
	}
	*ret = file;
	return 0;
}

void outfile_set_limit(struct outfile *file, int64_t limit)
{
	file->limit = limit;
}

void outfile_set_end(struct outfile *file, const char *end)
{
	file->end = end;
}

static int write_at(const struct outfile *file, int64_t at, const char *text, size_t left)
{
	while (left > 0) {
		ssize_t n = pwrite(file->fd, text, left, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		text += n;
		at += n;
		left -= (size_t)n;
	}
	return 0;
}

int outfile_add(struct outfile *file, const struct buf *content)
{
	const size_t end = file->end ? strlen(file->end) : 0;
	const int64_t after = file->bytes + (int64_t)content->len;

	if (after + (int64_t)end > file->limit)
		return -EFBIG;
	int rc = write_at(file, file->bytes, content->text, content->len);
	if (rc == 0)
		rc = write_at(file, after, file->end, end);
	if (rc == 0) {
		file->bytes = after;
		file->end_len = end;
		return 0;
	}
	/* As it was: the old end has its place on the disk already. Who reads a file whose end is cut has to know that. */
	if (ftruncate(file->fd, file->bytes + (int64_t)file->end_len) == 0)
		write_at(file, file->bytes, file->end, file->end_len);
	return rc;
}

/* FILE.part becomes FILE, but never in place of a file that came to be meanwhile, unless force. */
static int publish(const struct outfile *file)
{
	if (file->force)
		return rename(file->part, file->path) < 0 ? -errno : 0;
	if (syscall(SYS_renameat2, AT_FDCWD, file->part, AT_FDCWD, file->path, RENAME_NOREPLACE) ==
		0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	/* A file system that cannot: a second name refuses an existing one too. */
	if (link(file->part, file->path) < 0)
		return -errno;
	return unlink(file->part) < 0 ? -errno : 0;
}

int outfile_close(struct outfile *file)
{
	int rc = 0;

	if (!file)
		return 0;
	/* Some file systems tell of a full disk only now. */
	if (fdatasync(file->fd) < 0 && errno != EINVAL && errno != EROFS)
		rc = -errno;
	if (close(file->fd) < 0 && rc == 0 && errno != EINTR)
		rc = -errno;
	file->fd = -1;
	if (rc == 0)
		rc = publish(file);
	outfile_destroy(file);
	return rc;
}

void outfile_destroy(struct outfile *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	free(file->part);
	free(file);
}

void outfile_abandon(struct outfile *file)
{
	unlink(file->part);
	outfile_destroy(file);
}

int outfile_write(const char *path, bool force, const struct buf *content)
{
	struct outfile *file = NULL;
	int rc = outfile_create(path, force, INT64_MAX, &file);

	if (rc < 0)
		return rc;
	rc = outfile_add(file, content);
	if (rc == 0)
		return outfile_close(file);
	outfile_abandon(file);
	return rc;
}
