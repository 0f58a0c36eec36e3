/* SPDX-License-Identifier: MIT
 * A speaker's notes: what is handed over is read whole or not at all, from a file that is the user's alone, and drawn
 * without anything that a terminal would obey.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export.h"
#include "notes.h"

static char folder[] = "/tmp/taskscope-notes-XXXXXX";
static char path[200], why[300];

static int open_folder(void **state)
{
	return !mkdtemp(folder) || notes_path(folder, path, sizeof(path), why, sizeof(why));
}

static int close_folder(void **state)
{
	unlink(path);
	return rmdir(folder);
}

static int read_error(void)
{
	struct buf lines = { 0 };
	int error = notes_read(path, &lines);
	buf_finish(&lines);
	return error;
}

static void put_file(const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void hand_over(struct notes_handover *handover, const char *text)
{
	struct buf lines = { 0 };
	notes_add(&lines, NOTES_SPEAK, "say", text);
	assert_int_equal(notes_hand_over(handover, &lines), 0);
	buf_finish(&lines);
}

static void a_reader_gets_the_last_lines_until_the_tour_is_over(void **state)
{
	struct notes_handover *handover, *other;
	struct buf lines = { 0 };
	struct stat about;
	assert_int_equal(read_error(), -ENOENT);
	assert_int_equal(notes_handover_open(path, &handover), 0);
	assert_int_equal(read_error(), -EAGAIN);
	assert_int_equal(notes_handover_open(path, &other), -EBUSY);
	hand_over(handover, "a sentence that is long");
	hand_over(handover, "a short one");
	assert_int_equal(notes_read(path, &lines), 0);
	assert_string_equal(lines.text, "!say\ta short one\n");
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	notes_handover_close(handover);
	assert_int_equal(read_error(), -ENOENT);
	buf_finish(&lines);
}

static void what_is_not_a_tours_is_refused(void **state)
{
	put_file("taskscope notes 1 7\n.say\tx\nend 7\n", 0600);
	assert_int_equal(read_error(), -ESTALE);
	put_file("taskscope notes 1 7\n.say\tx\nend 7\n", 0644);
	assert_int_equal(read_error(), -EPERM);
	put_file("rubbish\nend 7\n", 0600);
	assert_int_equal(read_error(), -EBADMSG);
	put_file("taskscope notes 1 ", 0600);
	assert_int_equal(read_error(), -EBADMSG);
	unlink(path);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(read_error(), -EPERM);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_error(), -EPERM);
	unlink(path);
	char none[200];
	assert_int_equal(notes_path("/tmp", none, sizeof(none), why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "XDG_RUNTIME_DIR"));
	assert_int_equal(notes_path("run", none, sizeof(none), why, sizeof(why)), -EINVAL);
}

/* Between two writes the numbers differ. */
static void notes_that_are_being_written_are_not_read(void **state)
{
	struct notes_handover *handover;
	assert_int_equal(notes_handover_open(path, &handover), 0);
	hand_over(handover, "one");
	int fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "taskscope notes 1 2", 19, 0), 19);
	close(fd);
	assert_int_equal(read_error(), -EAGAIN);
	hand_over(handover, "two");
	assert_int_equal(read_error(), 0);
	notes_handover_close(handover);
}

static void times_and_long_lines_are_drawn_and_controls_are_not(void **state)
{
	static const char lines[] =
		"T\tS6 Blast radius\nS100000000000\t40\nA40000000000\t420\n!say\tOne NULL pointer. "
		"Whose? And what becomes of all the others in the same process?\n+2 "
		"right\tall\033[2J "
		"threads\nno line at all\n-\t\n";
	struct canvas *canvas = canvas_create(12, 60);
	struct buf text = { 0 };
	assert_int_equal(notes_draw(lines, 160 * NSEC_PER_SEC, 0, "", canvas), 0);
	export_text(canvas, &text);
	assert_non_null(strstr(text.text, "S6 Blast radius"));
	assert_non_null(strstr(text.text, "this scene 1:00 of 0:40, late    all 2:00 of 7:00\n"));
	assert_non_null(strstr(text.text, " say        One NULL pointer."));
	assert_non_null(strstr(text.text, "\n            "));
	assert_non_null(strstr(text.text, " 2 right    all"));
	assert_null(strchr(text.text, '\033'));
	buf_clear(&text);
	notes_put_text(lines, 160 * NSEC_PER_SEC, &text);
	assert_non_null(strstr(text.text, "\nsay: One NULL pointer."));
	assert_null(strchr(text.text, '\033'));
	/* Where rows are few, the rest is a page further. */
	canvas_resize(canvas, 7, 60);
	assert_int_equal(notes_draw(lines, 0, 0, "", canvas), 2);
	assert_int_equal(notes_draw(lines, 0, 2, "", canvas), 0);
	buf_finish(&text);
	canvas_destroy(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_gets_the_last_lines_until_the_tour_is_over),
		cmocka_unit_test(what_is_not_a_tours_is_refused),
		cmocka_unit_test(notes_that_are_being_written_are_not_read),
		cmocka_unit_test(times_and_long_lines_are_drawn_and_controls_are_not),
	};
	return cmocka_run_group_tests(tests, open_folder, close_folder);
}
