/* SPDX-License-Identifier: MIT
 * Preloaded where Yama is missing: refuses another process's /proc files as Yama 2 refuses them to who is not privileged.
 */
#undef _FILE_OFFSET_BITS /* which makes open and open64 one symbol */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

static bool is_refused(const char *path)
{
	const char *last = strrchr(path, '/');

	last = last ? last + 1 : path;
	return strcmp(last, "mem") == 0 || strcmp(last, "syscall") == 0;
}

#define STUB(name, parameters, arguments)                                                          \
	int name parameters;                                                                       \
	int name parameters                                                                        \
	{                                                                                          \
		va_list list;                                                                      \
		va_start(list, flags);                                                             \
		const int mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, int) : 0;          \
		va_end(list);                                                                      \
		int(*real) parameters;                                                             \
		*(void **)(&real) = dlsym(RTLD_NEXT, #name);                                       \
		if (is_refused(path)) {                                                            \
			errno = EPERM;                                                             \
			return -1;                                                                 \
		}                                                                                  \
		return real arguments;                                                             \
	}

STUB(open, (const char *path, int flags, ...), (path, flags, mode))
STUB(open64, (const char *path, int flags, ...), (path, flags, mode))
STUB(openat, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
STUB(openat64, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))

/* What the same calls become where the compiler fortifies them. */
#define FORTIFIED(name, called, parameters, arguments)                                             \
	int name parameters;                                                                       \
	int name parameters                                                                        \
	{                                                                                          \
		return called arguments;                                                           \
	}

FORTIFIED(__open_2, open, (const char *path, int flags), (path, flags))
FORTIFIED(__open64_2, open64, (const char *path, int flags), (path, flags))
FORTIFIED(__openat_2, openat, (int dir, const char *path, int flags), (dir, path, flags))
FORTIFIED(__openat64_2, openat64, (int dir, const char *path, int flags), (dir, path, flags))
