/* SPDX-License-Identifier: MIT
 * Gives the duel host its ballast, and reads its size from /proc.
 */
#include "duel.h"

#include <sys/mman.h>

static struct {
	char *at;
	int64_t mb, used_mb;
} ballast;

char *duel_ballast_at(void)
{
	return ballast.at;
}

static size_t bytes(int64_t megabytes)
{
	return (size_t)megabytes << 20;
}

static int make(int64_t megabytes)
{
	int64_t available_kb = proc_number("MemAvailable:", "/proc/meminfo");
	if (available_kb >= 0 && megabytes * 1024 > available_kb / 2)
		return -ENOMEM;
	ballast.at = duel_map(bytes(megabytes), MAP_PRIVATE);
	if (!ballast.at)
		return -ENOMEM;
	ballast.mb = ballast.used_mb = megabytes;
	/* huge pages would make page tables and copies step by 2 MB */
	madvise(ballast.at, bytes(megabytes), MADV_NOHUGEPAGE);
	for (size_t i = 0; i < bytes(megabytes); i += 4096)
		ballast.at[i] = (char)(i >> 12);
	return 0;
}

int duel_ballast_reserve(int64_t megabytes)
{
	if (megabytes == ballast.mb)
		return 0;
	if (ballast.at)
		munmap(ballast.at, bytes(ballast.mb));
	ballast.at = NULL;
	ballast.mb = ballast.used_mb = 0;
	return megabytes == 0 ? 0 : make(megabytes);
}

int duel_ballast_use(int64_t megabytes)
{
	if (megabytes > ballast.mb) {
		int error = duel_ballast_reserve(megabytes);
		if (error)
			return error;
	}
	if (megabytes == ballast.used_mb)
		return 0;
	if (madvise(ballast.at, bytes(ballast.mb), MADV_DONTFORK) < 0 ||
		(megabytes && madvise(ballast.at, bytes(megabytes), MADV_DOFORK) < 0))
		return -errno;
	ballast.used_mb = megabytes;
	return 0;
}
