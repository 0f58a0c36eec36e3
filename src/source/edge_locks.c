/* SPDX-License-Identifier: MIT
 * Who can let go of the lock of an open file. The kernel names the process that locked it; whoever inherited the open file
 * has the lock as well.
 */
#include <fcntl.h>
#include <unistd.h>

#include "edges.h"

#define FILES_MAX 256 /* of one process; of one with more nobody is named */
#define PROCESSES_MAX 128

struct holding {
	struct edges *edges;
	int32_t pid;
	uint64_t inode;
	int files;
	bool found;
};

/* "lock:	1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF" in fdinfo: this open file has it. */
static bool is_locked(const char *text, uint64_t inode)
{
	unsigned long long of;

	for (const char *line = text; (line = strstr(line, "\nlock:\t")); line++)
		if (sscanf(line, " lock: %*s FLOCK %*s %*s %*d %*x:%*x:%llu", &of) == 1 &&
			of == inode)
			return true;
	return false;
}

static bool visit_file(void *context, int32_t fd)
{
	struct holding *holding = context;
	char text[1024];
	const ssize_t len = io_read_file(IO_EDGE, holding->edges->root, text, sizeof(text) - 1,
		NULL, "%d/fdinfo/%d", (int)holding->pid, (int)fd);

	text[MAX(len, 0)] = '\0';
	holding->found = is_locked(text, holding->inode);
	return !holding->found && ++holding->files < FILES_MAX;
}

/* Where that cannot be seen, it may. */
static bool may_hold(struct edges *edges, int32_t pid, uint64_t inode)
{
	struct holding holding = { .edges = edges, .pid = pid, .inode = inode };
	const int dir =
		io_open(IO_EDGE, edges->root, O_RDONLY | O_DIRECTORY, "%d/fdinfo", (int)pid);
	int error = dir;

	if (dir >= 0) {
		error = io_list(
			IO_EDGE, dir, edges->listing, sizeof(edges->listing), visit_file, &holding);
		close(dir);
	}
	return holding.found || error < 0 || holding.files >= FILES_MAX;
}

bool edge_holds_alone(struct edges *edges, int32_t pid, uint64_t inode)
{
	const struct probe_request *request = edges->request;
	bool alone = request->targets <= PROCESSES_MAX && may_hold(edges, pid, inode);

	for (uint32_t i = 0; i < request->targets && alone; i++)
		alone = request->target[i].pid == pid ||
			!may_hold(edges, request->target[i].pid, inode);
	return alone;
}
