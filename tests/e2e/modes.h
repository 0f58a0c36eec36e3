/* SPDX-License-Identifier: MIT
 * The three ways in which the program meets a kernel: as who runs the tests (root in CI), as an unprivileged user, and with
 * kcmp, ptrace, perf_event_open and process_vm_* refused by a filter, as containers do.
 */
#ifndef TASKSCOPE_TESTS_MODES_H
#define TASKSCOPE_TESTS_MODES_H

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/kcmp.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

enum mode { AS_WE_ARE, AS_USER, UNDER_FILTER, MODES };

#define NOBODY 65534

/* What a run's child does before exec; 0 if it could. Who is no root is unprivileged already. */
static inline int become_user(void)
{
	if (geteuid() != 0)
		return 0;
	return setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	       setresuid(NOBODY, NOBODY, NOBODY);
}

static inline int refuse_calls(void)
{
#define REFUSE(call)                                                                               \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),                                           \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		REFUSE(SYS_kcmp),
		REFUSE(SYS_ptrace),
		REFUSE(SYS_perf_event_open),
		REFUSE(SYS_process_vm_readv),
		REFUSE(SYS_process_vm_writev),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
#undef REFUSE
	const struct sock_fprog program = { .len = ARRAY_LEN(filter), .filter = filter };

	child_without_leak_search();
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static const struct {
	const char *name;
	int (*prepare)(void);
} mode_table[MODES] = {
	[AS_WE_ARE] = { "as who runs the tests", NULL },
	[AS_USER] = { "as an unprivileged user", become_user },
	[UNDER_FILTER] = { "with calls refused", refuse_calls },
};

/* Containers refuse some of it to root, too: whether kcmp is refused, and whether frame numbers are told, in a mode. */
static inline bool kcmp_is_refused(enum mode mode)
{
	return mode == UNDER_FILTER || syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0, 0) < 0;
}

static inline bool frames_are_told(enum mode mode)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	const uintptr_t page = (uintptr_t)&entry / (uintptr_t)sysconf(_SC_PAGESIZE);

	if (fd >= 0 && pread(fd, &entry, sizeof(entry), (off_t)(page * sizeof(entry))) < 0)
		entry = 0;
	close(fd);
	return mode != AS_USER && entry << 9; /* bits 0 to 54 */
}

/* Whether a run in this mode can be started: a build that lies in root's own folder is not for everybody. */
static inline bool mode_is_possible(enum mode mode)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit((mode_table[mode].prepare && mode_table[mode].prepare()) ||
			access(program_path(), X_OK));
	waitpid(pid, &status, 0);
	if (status != 0)
		printf("# not run %s: this is not possible here\n", mode_table[mode].name);
	return status == 0;
}

/* One run of the same arguments in each mode that is possible, all at the same time. */
struct mode_runs {
	bool possible[MODES];
	struct run run[MODES];
};

static inline void run_in_modes(const char *const *argv, struct mode_runs *ret)
{
	struct run_options options[MODES];
	struct run runs[MODES];
	size_t n = 0;

	for (int mode = 0; mode < MODES; mode++) {
		ret->possible[mode] = mode_is_possible((enum mode)mode);
		if (ret->possible[mode])
			options[n++] = (struct run_options) { .argv = argv,
				.prepare = mode_table[mode].prepare,
				.timeout_ms = 120000 };
	}
	assert_true(ret->possible[AS_WE_ARE]); /* else the program is missing, and nothing would be tested */
	run_together(options, n, runs);
	n = 0;
	for (int mode = 0; mode < MODES; mode++)
		if (ret->possible[mode])
			ret->run[mode] = runs[n++];
}

#endif
