/* SPDX-License-Identifier: MIT
 * Describes the machine: kernel and CPU, and what makes its switches dear or cheap (CPU flags, mitigations, the tick, the
 * governor).
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "internal.h"

#define CPUINFO_MAX 8192 /* of the first CPUs: they tell what all are */

/* A file as text, ended by a NUL; "" when it cannot be read. */
static const char *read_text(int dir, const char *name, char *text, size_t size)
{
	ssize_t len = io_read_file(IO_MACHINE, dir, text, size - 1, NULL, "%s", name);

	text[MAX(len, 0)] = '\0';
	return text;
}

/* The same of a file of one line. */
static const char *read_line(int dir, const char *name, char *text, size_t size)
{
	(void)io_read_line(IO_MACHINE, dir, text, size, name);
	return text;
}

/* The value of the first line "key   : value"; NULL. */
static const char *find_value(const char *text, const char *key)
{
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *colon = line + strcspn(line, ":\n");

		if (*colon == ':' && strncmp(line, key, strlen(key)) == 0)
			return colon + 1 + strspn(colon + 1, " \t");
	}
	return NULL;
}

/* Whether cpuinfo has a flag; -1 where it has no flags of this kind. */
static int has_flag(const char *cpuinfo, const char *flag)
{
	const char *at = find_value(cpuinfo, "flags");
	size_t len = strlen(flag);

	if (!at)
		return -1;
	for (const char *end = at + strcspn(at, "\n"); at < end; at += strspn(at, " ")) {
		size_t word = strcspn(at, " \n");

		if (word == len && memcmp(at, flag, len) == 0)
			return 1;
		at += word;
	}
	return 0;
}

/* --- who it is --- */

static void read_cpu(const char *cpuinfo, char *out, size_t size)
{
	/* x86 and some others, MIPS, and what some ARM kernels write at the end. */
	static const char *const keys[] = { "model name", "cpu model", "Model", "Hardware" };

	for (size_t i = 0; i < ARRAY_LEN(keys) && !*out; i++) {
		const char *value = find_value(cpuinfo, keys[i]);

		if (value)
			safe_text(out, size, value, strcspn(value, "\n"));
	}
}

void machine_info_read(const char *root, struct machine_info *ret)
{
	struct procfs fs;
	struct utsname name;
	char text[CPUINFO_MAX];
	time_t now = time(NULL);
	struct tm utc;
	int64_t paranoid = -99;

	procfs_init(&fs, root);
	read_line(fs.root, "sys/kernel/perf_event_paranoid", text, sizeof(text));
	(void)parse_integer(text, -10, 10, &paranoid);
	*ret = (struct machine_info) {
		.cpus = (int32_t)sysconf(_SC_NPROCESSORS_ONLN),
		.ticks_per_s = (int32_t)sysconf(_SC_CLK_TCK),
		.perf_event_paranoid = (int32_t)paranoid,
		.uid = (int32_t)getuid(),
	};
	if (uname(&name) == 0) {
		int len = snprintf(text, sizeof(text), "%s %s", name.release, name.machine);
		sample_text(ret->kernel, text, (size_t)len);
	}
	read_cpu(read_text(fs.root, "cpuinfo", text, sizeof(text)), ret->cpu, sizeof(ret->cpu));
	if (gmtime_r(&now, &utc))
		strftime(ret->recorded, sizeof(ret->recorded), "%Y-%m-%dT%H:%M:%SZ", &utc);
	procfs_finish(&fs);
}

/* --- what bears on switches --- */

/* The chosen one of "always [madvise] never". */
static void read_choice(int dir, const char *name, char *out, size_t size)
{
	char text[96];
	const char *start = strchr(read_line(dir, name, text, sizeof(text)), '['), *end;

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
			names[i], read_line(sys, path, text, sizeof(text)), all, sizeof(all));
	}
	safe_text(out, size, all, strlen(all));
}

static int read_pti(int sys, const char *cpuinfo)
{
	char text[96];

	read_line(sys, "devices/system/cpu/vulnerabilities/meltdown", text, sizeof(text));
	if (strstr(text, "PTI"))
		return 1;
	return *text ? 0 : has_flag(cpuinfo, "pti");
}

static int64_t read_available(int proc)
{
	char text[4096];
	const char *value =
		find_value(read_text(proc, "meminfo", text, sizeof(text)), "MemAvailable");

	return value && *value >= '1' && *value <= '9' ? strtoll(value, NULL, 10) : UNKNOWN;
}

void machine_traits_read(const char *proc_root, const char *sys_root, struct machine_traits *ret)
{
	struct procfs proc, sys;
	struct timespec tick;
	char cpuinfo[CPUINFO_MAX], text[96];

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
	read_line(proc.root, "loadavg", text, sizeof(text));
	if (*text >= '0' && *text <= '9')
		ret->load = strtod(text, NULL);
	read_line(sys.root, "devices/system/cpu/cpu0/cpufreq/scaling_governor", text, sizeof(text));
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
