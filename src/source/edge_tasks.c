/* SPDX-License-Identifier: MIT
 * What the status of a task says, and which of our tasks is meant by a number of another PID namespace.
 */
#include <fcntl.h>
#include <unistd.h>

#include "edges.h"

ssize_t edge_status(struct edges *edges, int32_t pid, int32_t tid)
{
	return io_read_file(IO_EDGE, edges->root, edges->status, sizeof(edges->status) - 1, NULL,
		"%d/task/%d/status", (int)pid, (int)tid);
}

int64_t edge_status_number(const struct edges *edges, ssize_t len, const char *key, int *ret_n)
{
	return edge_number(edges->status, (size_t)MAX(len, 0), key, ret_n);
}

bool edge_has_ended(struct edges *edges, ssize_t len)
{
	edges->status[MAX(len, 0)] = '\0';
	const char *state = strstr(edges->status, "\nState:\t");

	return !state || strchr("ZX", state[8]);
}

int64_t edge_switches(struct edges *edges, struct edge_seen *seen)
{
	struct status_fields status = { .voluntary = UNKNOWN, .involuntary = UNKNOWN };
	const ssize_t len =
		kept_read(&seen->fd[EDGE_STATUS], IO_EDGE, edges->status, sizeof(edges->status), 0,
			edges->root, "%d/task/%d/status", (int)seen->pid, (int)seen->tid);

	if (len <= 0 || parse_status(edges->status, (size_t)len, &status) < 0 ||
		status.voluntary < 0 || status.involuntary < 0)
		return UNKNOWN;
	return status.voluntary + status.involuntary;
}

/* A task that a waiter's memory names, as we number tasks; 0: there is none. */
struct numbering {
	struct edges *edges;
	int32_t pid;
	int64_t own; /* the number in its namespace */
	int depth;
	int32_t found;
};

static bool visit_number(void *context, int32_t tid)
{
	struct numbering *numbering = context;
	struct edges *edges = numbering->edges;
	const ssize_t len = edge_status(edges, numbering->pid, tid);
	int depth;

	if (edge_status_number(edges, len, "NSpid", &depth) == numbering->own &&
		depth == numbering->depth)
		numbering->found = tid;
	return !numbering->found;
}

static void look_among(struct numbering *numbering, int32_t pid)
{
	struct edges *edges = numbering->edges;
	const int dir = io_open(IO_EDGE, edges->root, O_RDONLY | O_DIRECTORY, "%d/task", (int)pid);

	numbering->pid = pid;
	if (dir < 0)
		return;
	io_list(IO_EDGE, dir, edges->listing, sizeof(edges->listing), visit_number, numbering);
	close(dir);
}

/* Two namespaces of one depth are not told apart by numbers: only by the link. */
static bool same_namespace(struct edges *edges, int32_t pid, int32_t other)
{
	char names[2][64];
	const ssize_t a = io_link(IO_EDGE, edges->root, names[0], sizeof(names[0]), "%d/ns/pid",
			      (int)pid),
		      b = io_link(IO_EDGE, edges->root, names[1], sizeof(names[1]), "%d/ns/pid",
			      (int)other);

	return a > 0 && b > 0 && strcmp(names[0], names[1]) == 0;
}

int32_t edge_translate(struct edges *edges, struct edge_seen *seen, int32_t tid)
{
	struct numbering numbering = { .edges = edges, .own = tid };
	const ssize_t len = edge_status(edges, seen->pid, seen->tid);

	(void)edge_status_number(edges, len, "NSpid", &numbering.depth);
	if (numbering.depth <= 1)
		return numbering.depth ? tid : 0;
	look_among(&numbering, seen->pid);
	for (uint32_t i = 0; i < edges->request->targets && !numbering.found; i++) {
		const int32_t pid = edges->request->target[i].pid;

		if (pid != seen->pid && same_namespace(edges, seen->pid, pid))
			look_among(&numbering, pid);
	}
	return numbering.found;
}
