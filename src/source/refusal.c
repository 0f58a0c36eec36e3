/* SPDX-License-Identifier: MIT
 * Tells in one clause for a person why a file of a process cannot be read, or /proc not be used.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "area.h"
#include "internal.h"

const char *source_foreign_proc(void)
{
	static const char why[] =
		"/proc is of another PID namespace, so its ids are other tasks': start with "
		"unshare --pid --fork --mount-proc, or mount a proc of this namespace";
	char self[16];
	int64_t pid = 0;
	struct procfs fs;

	procfs_init(&fs, NULL);
	ssize_t len = io_link(IO_SELF, fs.root, self, sizeof(self), "self");
	procfs_finish(&fs);
	if (!fs.real || (len < 0 && len != -ENOENT))
		return NULL;
	if (len > 0)
		(void)parse_integer(self, 1, INT32_MAX, &pid);
	return pid == getpid() ? NULL : why;
}

void procfs_refusal(int dir, int error, char *out, size_t size)
{
	struct stat owner, file;

	if ((error != EACCES && error != EPERM) || fstat(dir, &owner) < 0)
		snprintf(out, size, "%s", io_reason(-error));
	/* The directory is its user's; the files in it are root's if the process must not be looked into. */
	else if (owner.st_uid != 0 && fstatat(dir, "smaps", &file, 0) == 0 && file.st_uid == 0)
		snprintf(out, size, "not dumpable, its files are root's");
	else if (owner.st_uid == 0 && geteuid() != 0)
		snprintf(out, size, "owned by root");
	else if (owner.st_uid != geteuid())
		snprintf(out, size, "owned by uid %u", (unsigned)owner.st_uid);
	else
		snprintf(out, size, "refused (%s)", strerror(error));
}

void procfs_attach_refusal(int dir, int error, char *out, size_t size)
{
	char text[16] = "";
	struct stat owner;

	if ((error != EACCES && error != EPERM) || fstat(dir, &owner) < 0 ||
		owner.st_uid != geteuid())
		return;
	if (io_read_line(IO_YAMA, AT_FDCWD, text, sizeof(text),
		    "/proc/sys/kernel/yama/ptrace_scope") > 0 &&
		text[0] >= '1' && text[0] <= '3')
		snprintf(out, size, "Yama (kernel.yama.ptrace_scope %c) lets only an ancestor look",
			text[0]);
}

void refusal_gap(struct slot_head *head, int root, int32_t pid, const char *what, int error)
{
	char reason[96];

	if (error == ESRCH || error == ENOENT)
		return; /* gone: absent, not refused */
	int dir = io_open(IO_OWNER, root, O_PATH | O_DIRECTORY, "%d", (int)pid);
	procfs_refusal(dir, error, reason, sizeof(reason));
	if (strcmp(what, "mem") == 0 || strcmp(what, "syscall") == 0)
		procfs_attach_refusal(dir, error, reason, sizeof(reason));
	close_fd(&dir);
	area_gap(head, pid, what, error, reason);
}

const char *perf_refusal(int error, char *out, size_t size)
{
	struct machine_info card;

	switch (error) {
	case EACCES:
	case EPERM:
		machine_info_read(NULL, &card);
		snprintf(out, size,
			"refused: kernel.perf_event_paranoid is %d, or a container's filter",
			card.perf_event_paranoid);
		return out;
	case ENOSYS:
		return "refused: no such call here (a container's filter?)";
	case EMFILE:
	case ENFILE:
		return "out of file descriptors";
	case E2BIG:
		return "more than 256 tasks: their switches are not recorded";
	default:
		return strerror(error);
	}
}
