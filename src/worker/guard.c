/* SPDX-License-Identifier: MIT
 * Makes a worker harmless: it dies with its host, cannot multiply, become another program or escape, and dumps
 * no core. All of it is enforced by the kernel; none needs a privilege.
 *
 * There is no RLIMIT_CPU: a worker that spins through a two-hour lecture does what it was asked to.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"
#include "raw.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#	define SANITIZED 1 /* reserves terabytes of address space, and keeps a log */
#elif defined(__has_feature)
#	if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#		define SANITIZED 1
#	endif
#endif

#if defined(__x86_64__)
#	define GUARD_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#	define GUARD_ARCH AUDIT_ARCH_AARCH64
#endif

#define THREAD_FLAG 0x00010000 /* CLONE_THREAD */

static void set_limit(int what, rlim_t most)
{
	struct rlimit limit;

	if (getrlimit(what, &limit) != 0)
		return;
	limit.rlim_cur = MIN(limit.rlim_cur, most);
	limit.rlim_max = MIN(limit.rlim_max, most);
	setrlimit(what, &limit);
}

static void set_limits(void)
{
	/* 1, not 0: where core_pattern is a pipe, 0 still feeds the handler, 1 does not. */
	set_limit(RLIMIT_CORE, 1);
#ifndef SANITIZED /* writes what it finds into a file */
	set_limit(RLIMIT_FSIZE, 0);
	/* Far above all that a job maps: only a runaway meets it. */
	if (sizeof(rlim_t) > 4)
		set_limit(RLIMIT_AS, (rlim_t)8 << 30);
#endif
}

#ifdef GUARD_ARCH
#	define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#	define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#	define DENY RETURN(SECCOMP_RET_ERRNO | EPERM)
/* If the loaded value is n, the call is refused. */
#	define REFUSE(n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (n), 0, 1), DENY

static int forbid_calls(void)
{
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GUARD_ARCH, 1, 0),
		DENY,
		LOAD(nr),
#	ifdef __x86_64__
		/* The x32 calls: the same numbers with this bit, another way round the list. */
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
		DENY,
		REFUSE(SYS_fork),
		REFUSE(SYS_vfork),
#	endif
		REFUSE(SYS_execve),
		REFUSE(SYS_execveat),
		REFUSE(SYS_unshare),
		REFUSE(SYS_setns),
		REFUSE(SYS_ptrace),
		REFUSE(SYS_setuid),
		REFUSE(SYS_setgid),
		REFUSE(SYS_setreuid),
		REFUSE(SYS_setregid),
		REFUSE(SYS_setresuid),
		REFUSE(SYS_setresgid),
		REFUSE(SYS_setfsuid),
		REFUSE(SYS_setfsgid),
		REFUSE(SYS_setsid),
		REFUSE(SYS_setpgid),
		/* Its flags lie in memory, where a filter cannot look: absent, so that libc takes clone. */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | ENOSYS),
		/* clone only makes threads (the low word of the first argument). */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, THREAD_FLAG, 1, 0),
		DENY,
		RETURN(SECCOMP_RET_ALLOW),
		/* Nobody takes back the signal that ends it with its host. */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_PDEATHSIG, 0, 1),
		DENY,
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = ARRAY_LEN(filter), .filter = filter };

	return -(int)raw_call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&program, 0, 0);
}
#else
static int forbid_calls(void)
{
	return ENOSYS;
}
#endif

int guard_worker(pid_t parent, bool unconfined)
{
	int error = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have died before the line above: then nothing would ever end us. */
	if (getppid() != parent)
		_exit(BOARD_EXIT_ALONE);
	set_limits();
	/* When memory runs out, the kernel shall take us first. */
	(void)proc_write("/proc/self/oom_score_adj", "1000");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		error = errno;
	int refused = unconfined ? 0 : forbid_calls();

	return error ? error : refused;
}

int guard_mixed(pid_t parent)
{
	raw_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (parent && raw_call(SYS_getppid, 0, 0, 0, 0, 0) != parent)
		raw_call(SYS_exit_group, BOARD_EXIT_ALONE, 0, 0, 0, 0);
	int error = -(int)raw_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	int refused = forbid_calls();

	return error ? error : refused;
}

void guard_let_in(const struct board *board, _Atomic int32_t *named)
{
	int32_t tracer = atomic_load(&board->tracer);

	if (tracer == atomic_load(named))
		return;
	/* Without Yama there is no such option, and no need for it. */
	raw_call(SYS_prctl, PR_SET_PTRACER, tracer, 0, 0, 0);
	atomic_store(named, tracer);
}
