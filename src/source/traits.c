/* SPDX-License-Identifier: MIT
 * Knows where a machine says what makes its switches dear or cheap: CPU flags, mitigations, the tick, the governor.
 */
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"
#include "source.h"

/* A small file as text without its last newline; "" when it cannot be read. */
static const char *read_text(int dir, const char *name, char *text, size_t size)
{
	ssize_t len = procfs_read_once(dir, name, text, size - 1, NULL);

	text[len > 0 ? len : 0] = '\0';
	if (len > 0 && text[len - 1] == '\n')
		text[len - 1] = '\0';
	return text;
}

/* Whether cpuinfo has a flag; -1 where it has no flags of this kind. */
static int has_flag(const char *cpuinfo, const char *flag)
{
	const char *line = strstr(cpuinfo, "\nflags");
	size_t len = strlen(flag);

	if (!line)
		return -1;
	const char *end = line + 1 + strcspn(line + 1, "\n");

	for (const char *at = line; (at = strstr(at, flag)) && at < end; at += len)
		if (at[-1] == ' ' && (at[len] == ' ' || at[len] == '\n' || at[len] == '\0'))
			return 1;
	return 0;
}

/* The chosen one of "always [madvise] never". */
static void read_choice(int dir, const char *name, char *out, size_t size)
{
	char text[96];
	const char *start = strchr(read_text(dir, name, text, sizeof(text)), '['), *end;

	if (start && (end = strchr(start, ']')))
		safe_text(out, size, start + 1, (size_t)(end - start - 1));
}

static void add_mitigation(const char *name, const char *text, char *out, size_t size)
{
	static const char mark[] = "Mitigation: ";
	size_t len = strlen(out), part = strcspn(text, ";");

	if (strncmp(text, mark, strlen(mark)) != 0 || part <= strlen(mark))
		return;
	snprintf(out + len, size - len, "%s%s: %.*s", len ? "; " : "", name,
		(int)(part - strlen(mark)), text + strlen(mark));
}

static void read_mitigations(int sys, char *out, size_t size)
{
	/* in this order: what every switch meets first */
	static const char *const names[] = { "meltdown", "spectre_v1", "spectre_v2", "mds", "l1tf",
		"retbleed", "spec_rstack_overflow", "spec_store_bypass", "tsx_async_abort",
		"mmio_stale_data", "vmscape", "tsa" };
	char path[96], text[160], all[400] = "";

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "devices/system/cpu/vulnerabilities/%s", names[i]);
		add_mitigation(
			names[i], read_text(sys, path, text, sizeof(text)), all, sizeof(all));
	}
	safe_text(out, size, all, strlen(all));
}

static int read_pti(int sys, const char *cpuinfo)
{
	char text[96];

	read_text(sys, "devices/system/cpu/vulnerabilities/meltdown", text, sizeof(text));
	if (strstr(text, "PTI"))
		return 1;
	return *text ? 0 : has_flag(cpuinfo, "pti");
}

static int64_t read_available(int proc)
{
	char text[4096];
	const char *line = strstr(read_text(proc, "meminfo", text, sizeof(text)), "MemAvailable:");

	return line ? strtoll(line + strlen("MemAvailable:"), NULL, 10) : UNKNOWN;
}

void machine_traits_read(const char *proc_root, const char *sys_root, struct machine_traits *ret)
{
	struct procfs proc, sys;
	struct timespec tick;
	char cpuinfo[8192] = "", text[96];

	procfs_init(&proc, proc_root);
	procfs_init(&sys, sys_root ? sys_root : "/sys");
	read_text(proc.root, "cpuinfo", cpuinfo, sizeof(cpuinfo));
	*ret = (struct machine_traits) {
		.pcid = has_flag(cpuinfo, "pcid"),
		.hypervisor = has_flag(cpuinfo, "hypervisor"),
		.pti = read_pti(sys.root, cpuinfo),
		.hz = -1,
		.load = NAN,
		.available_kb = read_available(proc.root),
	};
	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) == 0 && tick.tv_nsec > 0)
		ret->hz = (int)(NSEC_PER_SEC / tick.tv_nsec);
	if (*read_text(proc.root, "loadavg", text, sizeof(text)))
		ret->load = strtod(text, NULL);
	read_text(sys.root, "devices/system/cpu/cpu0/cpufreq/scaling_governor", text, sizeof(text));
	sample_text(ret->governor, text, strlen(text));
	read_choice(sys.root, "kernel/mm/transparent_hugepage/enabled", ret->thp, sizeof(ret->thp));
	read_mitigations(sys.root, ret->mitigations, sizeof(ret->mitigations));
	procfs_finish(&proc);
	procfs_finish(&sys);
}

char *machine_traits_text(char *out, size_t size, const struct machine_traits *traits)
{
	static const char *const pcid[] = { "no PCID", "PCID" }, *const pti[] = { "no PTI", "PTI" };

	snprintf(out, size, "%s%s%s%s", traits->pcid < 0 ? "" : pcid[traits->pcid],
		traits->pcid < 0 || traits->pti < 0 ? "" : ", ",
		traits->pti < 0 ? "" : pti[traits->pti],
		traits->hypervisor == 1 ? ", hypervisor" : "");
	return out;
}
