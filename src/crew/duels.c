/* SPDX-License-Identifier: MIT
 * Begins and ends a duel: a page with its order, a host of its own, and what is left of it. It hangs on our
 * life like a crew's host; what it measured stays readable whatever became of it.
 */
#include <mqueue.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "internal.h"
#include "limit.h"

void duel_forget_queue(pid_t pid)
{
	char name[32];

	if (pid <= 0)
		return;
	snprintf(name, sizeof(name), DUEL_QUEUE_NAME, (int)pid);
	mq_unlink(name);
}

static bool is_sound(const struct duel_plan *plan)
{
	bool sound = plan->series_n > 0 && plan->series_n <= DUEL_SERIES_MAX && plan->parts > 0 &&
		     plan->parts <= DUELS;

	for (int i = 0; sound && i < plan->series_n; i++) {
		const struct duel_item *item = &plan->item[i];

		sound = item->method >= 0 && item->method < DUEL_METHODS && item->who >= 0 &&
			item->who < CONTENDERS &&
			(method_table[item->method].who & 1u << item->who);
		if (!sound)
			break;
		const struct duel_info *duel = &duel_table[method_table[item->method].duel];

		sound = item->parameter >= duel->min && item->parameter <= duel->max;
	}
	return sound;
}

static void forget(struct duel_run *duel)
{
	if (duel->page)
		munmap(duel->page, sizeof(*duel->page));
	close_fd(&duel->life);
	duel->page = NULL;
	duel->note[0] = '\0';
}

static int fail(struct duel_run *duel, int error, const char *what)
{
	char why[sizeof(duel->note)];

	duel->state = DUEL_FAILED;
	snprintf(duel->note, sizeof(duel->note), "%s: %s", what,
		limit_error(-error, why, sizeof(why)));
	return error;
}

/* The page of the new duel, and what its host is handed. */
static int prepare(struct crews *crews, const struct duel_plan *plan, struct host_fds *fds)
{
	struct duel_run *duel = &crews->duel;

	forget(duel);
	duel->page =
		host_prepare(crews, DUEL_PAGE_NAME, sizeof(*duel->page), fds, &duel->life, NULL);
	if (!duel->page)
		return -errno;
	duel->page->magic = DUEL_MAGIC;
	duel->page->version = DUEL_VERSION;
	duel->page->plan = *plan;
	return 0;
}

int crews_duel_start(struct crews *crews, const struct duel_plan *plan)
{
	struct duel_run *duel = &crews->duel;
	struct host_fds fds = { { -1, -1, -1, -1 } };
	struct request request = { .verb = REQUEST_START, .side = HOST_DUEL };

	if (duel->state == DUEL_RUNNING)
		return -EBUSY;
	if (!is_sound(plan))
		return -EINVAL;
	if (!crews->worker_path[0])
		return fail(duel, -ENOENT, crews->worker_why);
	int error = prepare(crews, plan, &fds);

	request.generation = ++duel->generation;
	atomic_store(&crews->life->side[HOST_DUEL].held, 0);
	if (!error)
		error = request_send(crews->socket, &request, &fds);
	host_fds_close(&fds);
	if (error)
		return fail(duel, error, "the duel cannot be started");
	duel->state = DUEL_RUNNING;
	return 0;
}

int crews_duel_stop(struct crews *crews)
{
	struct duel_run *duel = &crews->duel;
	struct request request = { .verb = REQUEST_STOP, .side = HOST_DUEL };

	if (duel->state != DUEL_RUNNING)
		return -ESRCH;
	atomic_store(&duel->page->stop, 1);
	duel->state = DUEL_STOPPED;
	/* the kernel ends it by this, even if the supervisor sleeps */
	close_fd(&duel->life);
	return request_send(crews->socket, &request, NULL);
}

static void host_ended(struct duel_run *duel, int status)
{
	char limit[sizeof(duel->note) / 2];

	duel->state = DUEL_DONE;
	if (atomic_load(&duel->page->done) && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	duel->state = DUEL_FAILED;
	if (*limit_of_end(status, LLONG_MAX, limit, sizeof(limit)))
		snprintf(duel->note, sizeof(duel->note), "its host ended: %s", limit);
	else if (WIFSIGNALED(status))
		snprintf(duel->note, sizeof(duel->note), "its host was ended by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(duel->note, sizeof(duel->note),
			WEXITSTATUS(status) == BOARD_EXIT_MISMATCH ||
					WEXITSTATUS(status) == BOARD_EXIT_USAGE
				? "taskscope-crew is of another build (status %d): install both"
				: "its host ended with status %d",
			WEXITSTATUS(status));
}

void duel_update(struct crews *crews)
{
	struct duel_run *duel = &crews->duel;
	const struct life_side *life = &crews->life->side[HOST_DUEL];
	uint64_t stage = atomic_load(&life->stage);

	if (duel->state != DUEL_RUNNING || stage >> 8 != duel->generation)
		return;
	if ((stage & 255) == STAGE_FAILED)
		fail(duel, -atomic_load(&life->error), "cannot run taskscope-crew");
	else if ((stage & 255) == STAGE_ENDED)
		host_ended(duel, atomic_load(&life->status));
}

enum duel_state crews_duel_state(const struct crews *crews, const char **ret_note)
{
	if (ret_note)
		*ret_note = crews->duel.note;
	return crews->duel.state;
}

const struct duel_page *crews_duel_page(const struct crews *crews)
{
	return crews->duel.page;
}
