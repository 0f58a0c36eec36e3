/* SPDX-License-Identifier: MIT
 * The quiz with the real program, in a terminal of 80x24: what is remembered over runs, state files that are not ours, and
 * the interview.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

/* A folder for state, and in it the file of the quiz. */
struct place {
	char folder[64], inner[96], file[128], variable[128];
	const char *env[2];
};

static void place_open(struct place *place, const char *content)
{
	snprintf(place->folder, sizeof(place->folder), "/tmp/taskscope-test-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->inner, sizeof(place->inner), "%s/taskscope", place->folder);
	snprintf(place->file, sizeof(place->file), "%s/quiz", place->inner);
	snprintf(place->variable, sizeof(place->variable), "XDG_STATE_HOME=%s", place->folder);
	place->env[0] = place->variable;
	place->env[1] = NULL;
	if (!content)
		return;
	assert_int_equal(mkdir(place->inner, 0700), 0);
	FILE *file = fopen(place->file, "w");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

static void place_assert(const struct place *place, const char *content)
{
	char text[256];
	FILE *file = fopen(place->file, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, content);
}

static void place_close(struct place *place)
{
	remove(place->file);
	remove(place->inner);
	assert_int_equal(remove(place->folder), 0);
}

static struct tty *quiz(const struct place *place, const char *option, const char *value)
{
	const char *const argv[] = { program_path(), "quiz", "who-am-i", option, value, NULL };
	return tty_start(24, 80, place->env, argv);
}

static void leave(struct tty *tty)
{
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	assert_null(tty_unrestored(tty));
	tty_close(tty);
	assert_int_equal(descendants_after(WAIT_MS), 0);
}

/* The digit in front of an option that is wrong, of whichever question is asked first. */
static char wrong_digit(struct tty *tty)
{
	static const char *const wrong[] = { "a process is in the kernel's task list",
		"the same number twice, always" };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		const char *text = tty_text(tty), *at = strstr(text, wrong[i]);
		while (at && at > text && !isdigit((unsigned char)*at))
			at--;
		if (at)
			return *at;
	}
	fail_msg("no option that is known to be wrong");
	return 0;
}

/* The seed asks the same question first each time. */
static void answer_wrong(const struct place *place)
{
	struct tty *tty = quiz(place, "--seed", "1");
	tty_assert_text(tty, "Question 1 of 2");
	tty_assert_text(tty, "Predict first");
	const char key[] = { wrong_digit(tty), 0 };
	tty_keys(tty, key);
	tty_assert_text(tty, "your prediction: wrong");
	leave(tty);
}

static void what_was_wrong_twice_comes_again(void **state)
{
	struct place place;
	place_open(&place, NULL);
	answer_wrong(&place);
	struct stat st;
	assert_int_equal(stat(place.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	answer_wrong(&place);
	struct tty *tty = quiz(&place, NULL, NULL);
	tty_assert_text(tty, "Question 1 of 2, wrong twice before");
	leave(tty);
	tty = quiz(&place, "--no-state", NULL);
	tty_assert_text(tty, "Question 1 of 2 ");
	assert_null(strstr(tty_text(tty), "wrong twice"));
	leave(tty);
	place_close(&place);
}

/* One line says why, the quiz goes on, and the file stays as it is. */
static void assert_left_alone(const char *content, mode_t mode, uid_t owner, const char *why)
{
	struct place place;
	place_open(&place, content);
	assert_int_equal(chmod(place.file, mode), 0);
	if (owner)
		assert_int_equal(chown(place.file, owner, (gid_t)-1), 0);
	struct tty *tty = quiz(&place, "--seed", "1");
	tty_assert_text(tty, "not remembered:");
	tty_assert(tty, tty_wait_text(tty, why));
	tty_keys(tty, "1");
	tty_assert_text(tty, "your prediction: wrong");
	leave(tty);
	place_assert(&place, content);
	place_close(&place);
}

static void a_broken_state_is_left_alone(void **state)
{
	assert_left_alone("taskscope quiz 1\n\033[2J\n", 0600, 0, "line 2 is not what taskscope");
}

static void a_newer_state_is_left_alone(void **state)
{
	assert_left_alone("taskscope quiz 7\n1 2 3\n", 0600, 0, "another taskscope wrote it");
}

static void a_read_only_state_is_left_alone(void **state)
{
	assert_left_alone("taskscope quiz 1\n1 2 3\n", 0400, 0, "it is read-only");
}

static void a_foreign_state_is_left_alone(void **state)
{
	if (geteuid() == 0) /* else nobody's file can be made */
		assert_left_alone("taskscope quiz 1\n1 2 3\n", 0600, 65534, "it is another user's");
}

/* Ten at random, each with its time; spoken, then marked beside the model answer and the evidence. */
static void an_interview_is_marked_by_who_speaks(void **state)
{
	const char *const argv[] = { program_path(), "quiz", "--interview", "--seed", "3",
		"--timer", "60", NULL };
	struct tty *tty = tty_start(40, 120, NULL, argv);
	tty_assert_text(tty, "Question 1 of 10");
	tty_assert_text(tty, " s left");
	tty_assert_text(tty, "Answer aloud.");
	/* One q asks, and goes on asking until another key is pressed. */
	tty_keys(tty, "q");
	tty_assert_text(tty, "q again leaves the quiz");
	tty_pump(tty, 400);
	tty_assert_text(tty, "q again leaves the quiz");
	tty_keys(tty, "c");
	tty_assert_text(tty, "Answer aloud.");
	assert_null(strstr(tty_text(tty), "in short:"));
	tty_keys(tty, "\r");
	tty_assert_text(tty, "in short:");
	tty_assert_text(tty, "answer:");
	tty_assert_text(tty, "seen in:");
	tty_assert_text(tty, "1 I said it");
	tty_keys(tty, "\r");
	tty_assert_text(tty, "Did you say it?");
	tty_keys(tty, "1");
	tty_assert_text(tty, "Question 2 of 10");
	tty_keys(tty, "\r");
	tty_assert_text(tty, "in short:");
	tty_keys(tty, "2");
	tty_assert_text(tty, "Question 3 of 10");
	tty_keys(tty, "qq");
	assert_int_equal(tty_wait_end(tty, WAIT_MS), 0);
	tty_assert_text(tty, "1 of 2 right"); /* the last words */
	tty_close(tty);
}

static void an_interview_ends_an_answer_in_time(void **state)
{
	const char *const argv[] = { program_path(), "quiz", "who-am-i", "--interview", "--seed",
		"3", "--timer", "5", NULL };
	struct tty *tty = tty_start(24, 80, NULL, argv);
	tty_assert_text(tty, "the time is up");
	tty_assert_text(tty, "in short:");
	leave(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(what_was_wrong_twice_comes_again),
		e2e_test(a_broken_state_is_left_alone),
		e2e_test(a_newer_state_is_left_alone),
		e2e_test(a_read_only_state_is_left_alone),
		e2e_test(a_foreign_state_is_left_alone),
		e2e_test(an_interview_is_marked_by_who_speaks),
		e2e_test(an_interview_ends_an_answer_in_time),
	};
	return cmocka_run_group_tests_name("quiz", tests, NULL, NULL);
}
