/* SPDX-License-Identifier: MIT
 * For `doctor`: reads how the machine is set and where on it we are: sysctls, the mount of /proc, namespaces, WSL.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

bool check_level(struct checking *checking)
{
	int64_t level = INT32_MAX;

	if (checking_read_line(checking)) {
		DETAIL(checking, "%.40s", checking->text);
		(void)parse_integer(checking->text, INT32_MIN, INT32_MAX, &level);
	}
	/* A capability may stand above the level, and a filter below it: what counts is the call. */
	int fd = level <= checking->row->number ? -1 : checking_perf(checking);

	close_fd(&fd);
	return fd >= 0 || level <= checking->row->number;
}

bool check_yama(struct checking *checking)
{
	if (faccessat(checking->proc, checking->row->file, F_OK, 0) < 0) {
		DETAIL(checking, "this kernel has no Yama");
		return true;
	}
	if (!checking_read_line(checking))
		return false;
	DETAIL(checking, "%.40s", checking->text);
	/* At 3 nobody may, not even root. */
	return checking->text[0] == '0' || (checking->text[0] < '3' && geteuid() == 0);
}

bool check_proc(struct checking *checking)
{
	bool ours = !source_foreign_proc();

	DETAIL(checking, "%s", ours ? "" : "of another PID namespace");
	return ours;
}

/* The options of the /proc that is seen: of several mounts there it is the last; NULL: none is listed. */
static const char *proc_options(char *mountinfo)
{
	const char *options = NULL, *type;

	for (char *rest = mountinfo, *line; (line = strsep(&rest, "\n"));)
		if (strstr(line, " /proc ") && (type = strstr(line, " - proc ")))
			options = type;
	return options;
}

/* The first process is mostly another user's. Where it is ours, only root sees all others. */
static bool sees_others(struct checking *checking)
{
	struct stat first;

	return fstatat(checking->proc, "1/stat", &first, 0) == 0 &&
	       (first.st_uid != geteuid() || geteuid() == 0);
}

bool check_hidepid(struct checking *checking)
{
	const char *options, *hidepid;

	if (!checking_read(checking, checking->proc, checking->row->file))
		return false;
	options = proc_options(checking->text);
	hidepid = options ? strstr(options, "hidepid=") : NULL;
	/* 0, 1, 2 and 4 are off, noaccess, invisible and ptraceable; either may be printed. */
	if (!hidepid || hidepid[8] == '0' || strncmp(hidepid + 8, "off", 3) == 0)
		return true;
	DETAIL(checking, "%.*s", (int)MIN(strcspn(hidepid, ","), 40), hidepid);
	return sees_others(checking);
}

bool check_autogroup(struct checking *checking)
{
	if (!checking_read_line(checking) &&
		faccessat(checking->proc, "self/autogroup", F_OK, 0) < 0)
		return false;
	if (checking->len && checking->text[0] != '1') {
		DETAIL(checking, "switched off");
		return false;
	}
	DETAIL(checking, "%s", checking->len ? "" : "whether it is switched on is not known");
	return checking_in_child(checking);
}

bool check_core_pattern(struct checking *checking)
{
	bool known = checking_read_line(checking);

	if (known && checking->text[0] == '|')
		DETAIL(checking, "piped to a program; our workers dump no core");
	return known;
}

bool check_kernel(struct checking *checking)
{
	if (!checking_read_line(checking) && (!checking_read(checking, checking->proc, "version") ||
						     !strstr(checking->text, "Linux version ")))
		return false;
	const char *release = strstr(checking->text, "Linux version ");

	release = release ? release + strlen("Linux version ") : checking->text;
	DETAIL(checking, "%s", "");
	if (!strcasestr(release, "microsoft"))
		return true;
	/* The first WSL calls itself 4.4.0-N-Microsoft, and translates system calls. */
	bool first = strncmp(release, "4.4.", 4) == 0;

	DETAIL(checking, "%s",
		first ? "WSL 1, which has no Linux kernel"
		      : "WSL 2: the kernel of Windows' virtual machine");
	return !first;
}

bool check_namespace(struct checking *checking)
{
	char link[40];
	int64_t number;
	ssize_t len =
		io_link(IO_CHECK, checking->proc, link, sizeof(link), "%s", checking->row->file);
	char *open = len > 0 ? strchr(link, '[') : NULL;

	if (!open)
		return checking_fail(checking, len < 0 ? (int)-len : ENODATA);
	open[1 + strcspn(open + 1, "]")] = '\0';
	if (parse_integer(open + 1, 0, UINT32_MAX, &number) == 0 && number != checking->row->number)
		DETAIL(checking, "%s", checking->row->found);
	return true;
}

bool check_sys(struct checking *checking)
{
	return checking_read(checking, AT_FDCWD, checking->row->file);
}
