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
	struct term *term;
	struct canvas *canvas;
	nsec due;
	enum pick_end end;
	int status;
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

static void look(struct picker *picker)
{
	const nsec begun = nsec_monotonic();

	if (begun < picker->due)
		return;
	const struct group_table *table =
		process_reader_read(picker->processes, PROCESS_ANEW | PROCESS_OWNER);

	pick_list_take(&picker->list, table);
	pick_list_draw(&picker->list, picker->canvas); /* who is in sight now */
	process_reader_commands(picker->processes, pick_list_shows, &picker->list);
	pick_list_take(&picker->list, table);
	const nsec now = nsec_monotonic();
	picker->due = now + MAX(LOOK_AGAIN, COST_MOST * (now - begun));
}

static void draw(struct picker *picker)
{
	pick_list_draw(&picker->list, picker->canvas);
	if (term_ascii(picker->term))
		canvas_to_ascii(picker->canvas);
	if (term_show(picker->term, picker->canvas) == -EIO)
		picker->end = PICK_LEFT;
}

static void press(struct picker *picker, int key)
{
	const int top = picker->list.top;

	if (key == KEYCODE_RESIZE)
		term_fit(picker->term, &picker->canvas);
	else
		picker->end = pick_list_key(&picker->list, key);
	pick_list_draw(&picker->list, picker->canvas);
	/* Others are in sight, of which it is not known yet what they run. */
	if (picker->list.top != top)
		picker->due = 0;
}

static void take_signals(struct picker *picker, int fd)
{
	bool resized = false;
	const int ends = term_signals_take(picker->term, fd, &resized);

	if (resized)
		term_fit(picker->term, &picker->canvas);
	if (!ends)
		return;
	picker->end = PICK_LEFT;
	picker->status = 128 + ends;
}

static void loop(struct picker *picker, int signals)
{
	while (picker->end == PICK_GOES_ON) {
		struct pollfd fds[] = { { signals, POLLIN, 0 },
			{ term_fd(picker->term), POLLIN, 0 },
			{ term_out_fd(picker->term), POLLOUT, 0 } };
		int key;

		look(picker);
		draw(picker);
		const nsec now = nsec_monotonic(), escape = term_wait(picker->term, now);
		const nsec wait = MAX(picker->due - now, 0);
		poll(fds, ARRAY_LEN(fds),
			(int)((escape >= 0 ? MIN(escape, wait) : wait) / NSEC_PER_MSEC) + 1);
		take_signals(picker, signals);
		while (picker->end == PICK_GOES_ON &&
			(key = term_key(picker->term, nsec_monotonic())) != KEYCODE_NONE)
			press(picker, key);
		if (term_flush(picker->term) == -EIO)
			picker->end = PICK_LEFT;
	}
}

int pick_programs(const struct term_options *options, struct pick *ret)
{
	struct picker picker = { .list.self = getppid() };
	const int signals = term_signals_open(false);
	char why[200] = "";

	if (term_open(options, &picker.term, why, sizeof(why)) != 0) {
		say_line("%s", why);
		return EXIT_TERMINAL;
	}
	picker.processes = process_reader_create(NULL);
	read_users(&picker.list);
	term_fit(picker.term, &picker.canvas);
	loop(&picker, signals);
	term_close(picker.term);
	if (picker.end == PICK_TAKEN) {
		pick_list_picked(&picker.list, ret);
		picker.status = PICK_DONE;
	}
	canvas_destroy(picker.canvas);
	process_reader_destroy(picker.processes);
	pick_list_finish(&picker.list);
	close(signals);
	return picker.status;
}
