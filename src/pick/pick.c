/* SPDX-License-Identifier: MIT
 * The picker on a terminal: reads once a second who runs, takes keys, and shows the list.
 */
#include <poll.h>
#include <pwd.h>
#include <unistd.h>

#include "command.h"
#include "pick.h"
#include "source.h"
#include "term.h"

#define LOOK_AGAIN NSEC_PER_SEC
#define COST_MOST 20 /* on a machine of very many processes reading takes a 20th of the time */
#define USERS_MOST 4096

struct picker {
	struct pick_list list;
	struct process_reader *processes;
	nsec due;
	int top; /* of the list, when it was drawn last */
	enum pick_end end;
};

/* From the file, not from a directory service, which may take its time. */
static void read_users(struct pick_list *list)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *entry;

	while (file && list->users.n < USERS_MOST && (entry = fgetpwent(file))) {
		struct pick_user *user = vec_push(&list->users);

		*user = (struct pick_user) { .uid = (int32_t)entry->pw_uid };
		safe_text(user->name, sizeof(user->name), entry->pw_name, strlen(entry->pw_name));
	}
	if (file)
		fclose(file);
}

static void look(struct picker *picker, struct canvas *canvas)
{
	const nsec begun = nsec_monotonic();

	if (begun < picker->due)
		return;
	const struct group_table *table =
		process_reader_read(picker->processes, PROCESS_ANEW | PROCESS_OWNER);
	pick_list_take(&picker->list, table);
	pick_list_draw(&picker->list, canvas); /* who is in sight now */
	process_reader_commands(picker->processes, pick_list_shows, &picker->list);
	pick_list_take(&picker->list, table);
	const nsec now = nsec_monotonic();
	picker->due = now + MAX(LOOK_AGAIN, COST_MOST * (now - begun));
}

static nsec draw(void *context, struct canvas *canvas)
{
	struct picker *picker = context;

	pick_list_draw(&picker->list, canvas);
	/* Others are in sight, of which it is not known yet what they run. */
	if (picker->list.top != picker->top)
		picker->due = 0;
	look(picker, canvas);
	pick_list_draw(&picker->list, canvas);
	picker->top = picker->list.top;
	return MAX(picker->due - nsec_monotonic(), 0);
}

static bool press(void *context, int key)
{
	struct picker *picker = context;

	picker->end = pick_list_key(&picker->list, key);
	return picker->end == PICK_GOES_ON;
}

int pick_programs(const struct term_options *options, struct pick *ret)
{
	static const struct term_page page = { draw, press, nsec_monotonic };
	struct picker picker = { .list.self = getppid() };

	picker.processes = process_reader_create(NULL);
	read_users(&picker.list);
	int status = term_run(options, &page, &picker);
	if (picker.end == PICK_TAKEN) {
		pick_list_picked(&picker.list, ret);
		status = PICK_DONE;
	}
	process_reader_destroy(picker.processes);
	pick_list_finish(&picker.list);
	return status;
}
