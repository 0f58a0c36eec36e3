/* SPDX-License-Identifier: MIT
 * Carries out the order namespaces: a process that has its own PIDs, mounts, host name and network, and the kernel of all.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "internal.h"

#define OWN (CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWIPC)
#define HOST_NAME "inside"
/* Its alarm would not end it: the first process of a PID namespace has no default actions. */
#define STAYS (5 * NSEC_PER_SEC)

/* What a process sees of what namespaces divide. */
struct sight {
	pid_t pid;
	int interfaces, mounts;
	char host[65], release[65];
};

struct inside {
	_Atomic uint32_t done, over; /* futexes */
	int error; /* of what it could not make its own */
	struct sight sight;
};

static struct sight look_round(void)
{
	struct sight sight = { .pid = getpid(),
		.interfaces = (int)proc_lines("/proc/self/net/dev") - 2, /* two are the heading */
		.mounts = (int)proc_lines("/proc/self/mountinfo") };
	struct utsname names;

	if (uname(&names) == 0) {
		snprintf(sight.host, sizeof(sight.host), "%s", names.nodename);
		snprintf(sight.release, sizeof(sight.release), "%s", names.release);
	}
	return sight;
}

/* A mount and a name that nobody outside has. */
static int change_own(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("taskscope", "/tmp", "tmpfs", 0, "size=64k") != 0 ||
		sethostname(HOST_NAME, strlen(HOST_NAME)) != 0)
		return errno;
	return 0;
}

static void be_inside(struct inside *inside)
{
	nsec until = crew_now() + STAYS;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	inside->error = change_own();
	inside->sight = look_round();
	atomic_store(&inside->done, 1);
	futex_wake(&inside->done, 1);
	while (!atomic_load(&inside->over) && crew_now() < until)
		futex_wait(&inside->over, 0, LOOK_EVERY);
	_exit(0);
}

/* As fork(), with namespaces of its own. Who may not make them may make a user namespace, and be its root. */
static pid_t clone_inside(struct inside *inside)
{
	/* code: namespaces */
	pid_t pid = (pid_t)syscall(SYS_clone, OWN | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0 && errno == EPERM)
		pid = (pid_t)syscall(SYS_clone, OWN | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		be_inside(inside);
	/* end of code */
	return pid;
}

/* The last number of NSpid: the PID in the innermost namespace, as the kernel tells those outside. 0: unknown. */
static int pid_inside(pid_t pid)
{
	char text[4096], *line;

	proc_read(text, sizeof(text), "/proc/%d/status", pid);
	line = strstr(text, "\nNSpid:");
	if (!line)
		return 0;
	line[1 + strcspn(line + 1, "\n")] = '\0';
	return (int)strtol(strrchr(line, '\t'), NULL, 10);
}

static void tell(pid_t pid, const struct inside *inside, char *said)
{
	const struct sight *own = &inside->sight, outside = look_round();

	set_result(said,
		"PID %d, outside %d; interfaces %d, %d; mounts %d, %d; host names %d, kernels %d",
		pid_inside(pid), pid, own->interfaces, outside.interfaces, own->mounts,
		outside.mounts, 1 + (strcmp(own->host, outside.host) != 0),
		1 + (strcmp(own->release, outside.release) != 0));
}

int obey_namespaces(struct work *work, int64_t argument, char *said)
{
	struct inside *inside = share_memory(sizeof(*inside));
	nsec until = crew_now() + COMES_SOON;

	work->leave = true;
	if (!inside)
		return ENOMEM;
	pid_t pid = clone_inside(inside);
	int error = pid < 0 ? errno : 0;

	while (!error && !atomic_load(&inside->done) && crew_now() < until)
		futex_wait(&inside->done, 0, LOOK_EVERY);
	if (!error)
		error = atomic_load(&inside->done) ? inside->error : ETIMEDOUT;
	if (error)
		set_result(said, "its own namespaces: %s", strerror(error));
	else
		tell(pid, inside, said);
	atomic_store(&inside->over, 1);
	futex_wake(&inside->over, 1);
	if (pid > 0)
		end_process(pid);
	munmap(inside, sizeof(*inside));
	return error;
}
