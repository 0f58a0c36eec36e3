/* SPDX-License-Identifier: MIT
 * Carries out the orders about what the kernel keeps for a task beside its memory: descriptors, folders, signals, and
 * objects that exist only when used.
 */
#include <fcntl.h>
#include <linux/ioprio.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define ELSEWHERE "/usr"

/* --- files --- */

int obey_open(struct work *work, int64_t argument, char *said)
{
	if (work->n_opened == OPENED_MAX) {
		set_result(said, "it has opened %d files already", OPENED_MAX);
		return EMFILE;
	}
	/* No point where a thread may be cancelled, which would need a control block of its own. */
	/* code: open */
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	work->opened[work->n_opened++] = fd;
	/* end of code */
	set_result(said, "/etc/passwd is descriptor %d", fd);
	return 0;
}

static int bad_descriptor(const char *call, int fd, char *said)
{
	int error = errno;

	set_result(said, "%s(%d): %s", call, fd,
		error == EBADF ? "EBADF, it is closed" : strerror(error));
	return error;
}

int obey_read(struct work *work, int64_t argument, char *said)
{
	/* code: read */
	int fd = work->hand->host->memory.file;
	char bytes[100];
	off_t before = lseek(fd, 0, SEEK_CUR);
	ssize_t n = read(fd, bytes, sizeof(bytes));
	/* end of code */

	if (n < 0)
		return bad_descriptor("read", fd, said);
	set_result(
		said, "%zd bytes of descriptor %d, from offset %lld on", n, fd, (long long)before);
	return 0;
}

int obey_close(struct work *work, int64_t argument, char *said)
{
	/* code: close */
	int fd = work->hand->host->memory.file;

	if (fd < 0 || close(fd) != 0)
		return bad_descriptor("close", fd, said);
	/* end of code */
	set_result(said, "descriptor %d is closed", fd);
	return 0;
}

int obey_chdir(struct work *work, int64_t argument, char *said)
{
	const char *home = work->hand->host->memory.home;
	char now[256];

	if (!getcwd(now, sizeof(now)))
		now[0] = '\0';
	/* Wherever we were started, it is another folder. */
	/* code: chdir */
	const char *to = ELSEWHERE;
	if (strcmp(now, to) == 0)
		to = home[0] && strcmp(now, home) != 0 ? home : "/";
	if (chdir(to) != 0)
		return errno;
	/* end of code */
	set_result(said, "the working directory is %s", to);
	return 0;
}

int obey_umask(struct work *work, int64_t argument, char *said)
{
	/* code: umask */
	mode_t before = umask(027);

	if (before == 027)
		umask(022);
	/* end of code */
	set_result(said, "the umask was %03o, is %03o", before, before == 027 ? 022 : 027);
	return 0;
}

/* --- signals --- */

int obey_handler(struct work *work, int64_t argument, char *said)
{
	/* code: handler */
	struct sigaction now, next = { .sa_handler = worker_on_signal, .sa_flags = SA_RESTART };

	if (sigaction(SIGUSR1, NULL, &now) != 0)
		return errno;
	bool had = now.sa_handler == worker_on_signal;

	if (had)
		next.sa_handler = SIG_DFL;
	if (sigaction(SIGUSR1, &next, NULL) != 0)
		return errno;
	/* end of code */
	set_result(said, had ? "SIGUSR1 has its default action again" : "SIGUSR1 has a handler");
	return 0;
}

int obey_block(struct work *work, int64_t argument, char *said)
{
	sigset_t set;

	/* code: block */
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	work->blocks = !work->blocks;
	/* end of code */
	/* Said first: a signal that waits may end us now. */
	set_result(said, work->blocks ? "SIGUSR2 is blocked" : "SIGUSR2 is let through");
	return pthread_sigmask(work->blocks ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static int send(struct work *work, int64_t argument, bool to_task, char *said)
{
	int number = argument == 1 ? SIGUSR1 : SIGUSR2;
	uint32_t handled = atomic_load(&work->slot->handled);
	sigset_t pending;

	/* code: signal-task signal-process */
	if (syscall(SYS_tgkill, getpid(), to_task ? gettid() : getpid(), 0) != 0)
		return errno;
	int error = to_task ? (int)syscall(SYS_tgkill, getpid(), gettid(), number)
			    : kill(getpid(), number);
	/* end of code */

	if (error)
		return errno;
	sigpending(&pending);
	uint32_t now = atomic_load(&work->slot->handled);
	const char *became =
		sigismember(&pending, number) == 1 ? "pending" : "another task takes it";

	if (now != handled)
		became = "its handler ran";
	set_result(said, "SIGUSR%d sent to its %s: %s", number == SIGUSR1 ? 1 : 2,
		to_task ? "task" : "process", became);
	return 0;
}

int obey_signal_task(struct work *work, int64_t argument, char *said)
{
	return send(work, argument, true, said);
}

int obey_signal_process(struct work *work, int64_t argument, char *said)
{
	return send(work, argument, false, said);
}

/* --- objects that exist only when used --- */

int obey_io_context(struct work *work, int64_t argument, char *said)
{
	/* code: io-context */
	if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)) !=
		0)
		return errno;
	/* end of code */
	set_result(said, "ioprio_set: it has an I/O context of its own");
	return 0;
}

/* The set is removed at once: it would outlive everybody. The undo list stays with the task. */
int obey_sem_undo(struct work *work, int64_t argument, char *said)
{
	struct sembuf up = { .sem_num = 0, .sem_op = 1, .sem_flg = SEM_UNDO | IPC_NOWAIT };
	int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);

	if (set < 0)
		return errno;
	int error = semop(set, &up, 1) == 0 ? 0 : errno;

	semctl(set, 0, IPC_RMID);
	set_result(said, error ? "" : "semop with SEM_UNDO: it has an undo list");
	return error;
}

/* --- how it is scheduled --- */

static int toggle_policy(int policy, const char *name, char *said)
{
	/* code: batch idle */
	const struct sched_param none = { .sched_priority = 0 };
	bool back = sched_getscheduler(0) == policy;

	if (sched_setscheduler(0, back ? SCHED_OTHER : policy, &none) != 0)
		return errno;
	/* end of code */
	set_result(said, "its policy is %s", back ? "SCHED_OTHER" : name);
	return 0;
}

int obey_batch(struct work *work, int64_t argument, char *said)
{
	return toggle_policy(SCHED_BATCH, "SCHED_BATCH", said);
}

int obey_idle(struct work *work, int64_t argument, char *said)
{
	return toggle_policy(SCHED_IDLE, "SCHED_IDLE", said);
}
