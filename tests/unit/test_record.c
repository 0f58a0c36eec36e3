/* SPDX-License-Identifier: MIT
 * Lines of a recording: any sample that is written is read again, byte for byte, and a stranger's line is refused by name.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "random_sample.h"
#include "sample.h"

static void zero_new_records(struct sample *sample)
{
	/* vec_push zeroes new elements only the first time they are pushed to fresh memory; a record that is made again
	 * in used memory is zeroed by the push too. This asserts it, for the comparison by bytes stands on it. */
	struct task_sample zero = { 0 };

	memset(vec_push(&sample->tasks), 0xff, sizeof(zero));
	vec_clear(&sample->tasks);
	assert_memory_equal(vec_push(&sample->tasks), &zero, sizeof(zero));
	vec_clear(&sample->tasks);
}

static void any_sample_reads_as_it_was_written(void **state)
{
	struct sample sample = { 0 }, read = { 0 };
	struct buf line = { 0 };
	char why[160] = "";

	zero_new_records(&sample);
	for (int i = 0; i < 2000; i++) {
		some_fast_lane(&sample, i);
		some_slow_lane(&sample);
		buf_clear(&line);
		recording_put_sample(&line, &sample);
		assert_int_equal(line.text[line.len - 1], '\n');
		assert_null(memchr(line.text, '\n', line.len - 1));
		if (recording_get_sample(
			    line.text, line.len, RECORDING_FORM, &read, why, sizeof(why)) != 0)
			fail_msg("%s\n%s", why, line.text);
		assert_same(&sample, &read);
	}
	buf_finish(&line);
	sample_finish(&sample);
	sample_finish(&read);
}

static void an_unknown_sample_writes_no_numbers(void **state)
{
	struct sample sample = { 0 };
	struct buf line = { 0 };

	sample_clear(&sample);
	recording_put_sample(&line, &sample);
	assert_string_equal(line.text, "{\"at_ns\":0}\n");
	buf_finish(&line);
	sample_finish(&sample);
}

/* --- lines by hand --- */

static void assert_refused(const char *line, const char *expected)
{
	struct sample sample = { 0 };
	char why[160] = "";

	sample.at_ns = 42;
	vec_push(&sample.tasks)->tid = 7;
	assert_int_equal(
		recording_get_sample(line, strlen(line), RECORDING_FORM, &sample, why, sizeof(why)),
		-EINVAL);
	assert_string_equal(why, expected);
	assert_int_equal(recording_get_sample(line, strlen(line), RECORDING_FORM, &sample, NULL, 0),
		-EINVAL);
	assert_int_equal(sample.at_ns, 42);
	assert_int_equal(sample.tasks.n, 1);
	assert_int_equal(sample.tasks.at[0].tid, 7);
	sample_finish(&sample);
}

#define SWITCHES(rest) "{\"at_ns\":1,\"switches\":" rest "}"

static void wrong_switches_are_refused_by_array_and_number(void **state)
{
	assert_refused(SWITCHES("[]"), "switches is not an object");
	assert_refused(SWITCHES("{\"until_ns\":\"x\"}"), "switches.until_ns is not an integer");
	assert_refused(SWITCHES("{\"until_ns\":-2}"), "switches.until_ns is out of range: -2");
	assert_refused(SWITCHES("{\"events\":{}}"), "switches.events[0] is not in an array");
	assert_refused(SWITCHES("{\"events\":[1,2,3]}"), "switches.events[3] is missing");
	assert_refused(
		SWITCHES("{\"events\":[1,2,3,null]}"), "switches.events[3] is not an integer");
	assert_refused(SWITCHES("{\"events\":[1,0,0,0]}"), "switches.events[3] is out of range");
	assert_refused(SWITCHES("{\"events\":[1,6,0,0],\"tasks\":[1,1,0]}"),
		"switches.events[1] is out of range");
	assert_refused(SWITCHES("{\"events\":[1,0,0,0,-1,0,0,0],\"tasks\":[1,1,0]}"),
		"switches.events[4] is out of range");
	assert_refused(SWITCHES("{\"events\":[1,0,0,0],\"tasks\":[1,1,2]}"),
		"switches.tasks[2] is out of range");
	assert_refused(SWITCHES("{\"events\":[1,0,0,0],\"tasks\":[1,1,0],\"others\":[1,1]}"),
		"switches.others[0] is out of range");
}

#define PAGES(rest) "{\"at_ns\":1,\"pages\":[{\"pid\":1,\"side\":\"left\"," rest "}]}"

static void wrong_runs_of_pages_are_refused(void **state)
{
	static const char *const states[] = { "", "a", "a1", "a3", "x2", "a1o0", "a2 ", "a-2",
		"a99999999999999999999", "A2", "a1o", "2a" };
	static const char *const frames[] = { "", "1", "1,2,3", "1+3", "1+", "1+0", ".", ".3", "1,",
		",1", "1 ,2", "1+2,", "ffffffffffffffff,1", "G,1", ".1,.0" };
	char line[256];

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		snprintf(line, sizeof(line), PAGES("\"pages\":2,\"states\":\"%s\""), states[i]);
		assert_refused(line, "pages[0].states are not the runs of its pages");
	}
	for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
		snprintf(line, sizeof(line),
			PAGES("\"pages\":2,\"states\":\"a1s1\",\"frames\":\"%s\""), frames[i]);
		assert_refused(line, "pages[0].frames are not the runs of its pages");
	}
	assert_refused(PAGES("\"pages\":2"), "pages[0].states are not the runs of its pages");
	assert_refused(PAGES("\"pages\":262145"), "pages[0].pages is out of range: 262145");
}

/* true: the rows of the line before; a number: those, read then; nothing: none. */
static void what_did_not_change_is_not_written_again(void **state)
{
	const char *lines[] = { PAGES("\"pages\":4,\"states\":\"a1o3\",\"frames\":\".1,1f+3\""),
		"{\"at_ns\":2,\"pages\":true}", "{\"at_ns\":3,\"pages\":77}", "{\"at_ns\":4}" };
	const int64_t times[] = { UNKNOWN, UNKNOWN, 77 };
	struct sample sample = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		assert_int_equal(recording_get_sample(lines[i], strlen(lines[i]), RECORDING_FORM,
					 &sample, NULL, 0),
			0);
		assert_int_equal(sample.pages.n, 1);
		assert_int_equal(sample.pages.at[0].at_ns, times[i]);
		assert_int_equal(sample.page_states.at[0], PAGE_ABSENT);
		assert_int_equal(sample.page_states.at[3], PAGE_OWN);
		assert_int_equal(sample.page_frames.at[0], UNKNOWN);
		assert_int_equal(sample.page_frames.at[3], 0x21);
	}
	assert_int_equal(
		recording_get_sample(lines[3], strlen(lines[3]), RECORDING_FORM, &sample, NULL, 0),
		0);
	assert_int_equal(sample.pages.n + sample.page_states.n + sample.page_frames.n, 0);
	sample_finish(&sample);
}

/* --- form 1 --- */

/* There, what a line leaves out is as in the line before, and names and numbers were others. */
static void form_1_is_read(void **state)
{
	const char *lines[] = {
		"{\"at_ns\":1,"
		"\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":\"left\",\"start\":5,"
		"\"minor_faults\":7},{\"pid\":1,\"tid\":2,\"side\":\"left\"}],"
		"\"evidence\":{\"sharing\":[{\"pid\":1,\"tid\":1,\"side\":\"left\","
		"\"memory\":3,\"memory_how\":\"kernel\"}],"
		"\"pointers\":[{\"pid\":1,\"tid\":1,\"side\":\"left\","
		"\"what\":\"x\",\"state\":2,\"exclusive\":0}],"
		"\"places\":[{\"pid\":1,\"tid\":1,\"side\":\"left\",\"umask\":18}]},"
		"\"slow\":{\"at_ns\":1,\"processes\":[{\"pid\":1,\"side\":\"left\","
		"\"mappings\":9}]}}",
		"{\"at_ns\":2}", "{\"at_ns\":3,\"evidence\":{},\"slow\":{\"at_ns\":3}}"
	};
	struct sample sample = { 0 };

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
			recording_get_sample(lines[i], strlen(lines[i]), 1, &sample, NULL, 0), 0);
		assert_int_equal(sample.slow_at_ns, 1);
		assert_int_equal(sample.sharing.at[0].object[RESOURCE_MEMORY], 3);
		assert_int_equal(sample.sharing.at[0].how[RESOURCE_MEMORY], HOW_KERNEL);
		assert_int_equal(sample.pointers.at[0].state, PAGE_SHARED);
		assert_int_equal(sample.pointers.at[0].exclusive, 0);
		assert_int_equal(sample.places.at[0].umask, 022);
		assert_int_equal(sample.processes.at[0].mappings, 9);
		assert_int_equal(sample.tasks.n, i == 0 ? 2 : 0);
		if (i == 0) {
			assert_int_equal(sample.tasks.at[0].minor_faults, 7);
			assert_int_equal(sample.tasks.at[0].nice, 0);
			assert_int_equal(sample.tasks.at[1].nice, NICE_UNKNOWN);
		}
	}
	assert_int_equal(recording_get_sample(lines[2], strlen(lines[2]), 1, &sample, NULL, 0), 0);
	assert_int_equal(sample.sharing.n + sample.pointers.n + sample.processes.n, 0);
	sample_finish(&sample);
}

static void wrong_objects_of_form_1_are_refused(void **state)
{
	struct sample sample = { 0 };
	char why[160] = "";

	assert_int_equal(recording_get_sample(
				 "{\"at_ns\":1,\"evidence\":[]}", 25, 1, &sample, why, sizeof(why)),
		-EINVAL);
	assert_string_equal(why, "evidence is not an object");
	assert_int_equal(
		recording_get_sample("{\"at_ns\":1,\"slow\":3}", 20, 1, &sample, why, sizeof(why)),
		-EINVAL);
	assert_string_equal(why, "slow is not an object");
	assert_int_equal(recording_get_sample("{\"at_ns\":1,\"slow\":{\"at_ns\":\"x\"}}", 32, 1,
				 &sample, why, sizeof(why)),
		-EINVAL);
	assert_string_equal(why, "slow.at_ns is not an integer");
	sample_finish(&sample);
}

static void what_is_wrong_is_named(void **state)
{
	assert_refused("", "not JSON near byte 0");
	assert_refused("{\"at_ns\":1", "not JSON near byte 10");
	assert_refused("[]", "not an object");
	assert_refused("{}", "at_ns is not an integer");
	assert_refused("{\"at_ns\":1.5}", "at_ns is not an integer");
	assert_refused("{\"at_ns\":-1}", "at_ns is out of range: -1");
	assert_refused("{\"at_ns\":99999999999999999999}", "not JSON near byte 29");
	assert_refused("{\"at_ns\":1,\"at_ns\":2}", "not JSON near byte 18");
	assert_refused("{\"at_ns\":1,\"tasks\":{}}", "tasks is not an array");
	assert_refused("{\"at_ns\":1,\"tasks\":[3]}", "tasks[0] is not an object");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":\"left\"},"
		       "{\"pid\":1,\"side\":\"left\"}]}",
		"tasks[1].tid is missing");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":0,\"side\":\"left\"}]}",
		"tasks[0].tid is out of range: 0");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":4294967297,\"side\":\"left\"}]}",
		"tasks[0].tid is out of range: 4294967297");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":\"up\"}]}",
		"tasks[0].side is no word that this version knows");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":0}]}",
		"tasks[0].side is no word that this version knows");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":\"left\",\"state\":"
		       "\"RS\"}]}",
		"tasks[0].state is not one printable character");
	assert_refused(
		"{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":\"left\",\"name\":5}]}",
		"tasks[0].name is not a string");
	assert_refused("{\"at_ns\":1,\"tasks\":[{\"pid\":1,\"tid\":1,\"side\":\"left\","
		       "\"voluntary\":-2}]}",
		"tasks[0].voluntary is out of range: -2");
	assert_refused("{\"at_ns\":1,\"crews\":[{\"side\":\"left\",\"kind\":\"threads\",\"state\":"
		       "\"off\"},"
		       "{\"side\":\"left\",\"kind\":\"threads\",\"state\":\"off\"}]}",
		"crews[1].side is the same as that of the crew before");
	assert_refused("{\"at_ns\":1,\"observer\":{\"cpu_ns\":true}}",
		"observer.cpu_ns is not an integer");
	assert_refused("{\"at_ns\":1,\"slow_at_ns\":\"x\"}", "slow_at_ns is not an integer");
	assert_refused("{\"at_ns\":1,\"machine\":3}", "machine is not an object");
	assert_refused("{\"at_ns\":1,\"crews\":3}", "crews is not an array");
	assert_refused("{\"at_ns\":1,\"files\":-2}", "files is out of range: -2");
	assert_refused("{\"at_ns\":1,\"places\":[{\"pid\":1,\"tid\":1,\"side\":\"left\","
		       "\"umask\":18}]}",
		"places[0].umask is not a string of octal digits");
	assert_refused("{\"at_ns\":1,\"mappings\":[{\"pid\":1}]}",
		"mappings[0].rows is missing, and no line before has it");
	assert_refused("{\"at_ns\":1,\"mappings\":[{\"pid\":1,\"rows\":[{\"start\":5,"
		       "\"end\":\"0x6\"}]}]}",
		"mappings[0].start is not a hexadecimal string");
	assert_refused("{\"at_ns\":1,\"mappings\":[{\"pid\":1,\"rows\":"
		       "[{\"start\":\"0x12345678123456781\",\"end\":\"0x6\"}]}]}",
		"mappings[0].start is not a hexadecimal string");
	assert_refused("{\"at_ns\":1,\"mappings\":[{\"pid\":1,\"rows\":[{\"start\":"
		       "\"0x7\",\"end\":\"0x6\"}]}]}",
		"mappings[0].end is below start");
}

static void more_than_the_limit_is_refused(void **state)
{
	struct buf line = { 0 };

	buf_adds(&line, "{\"at_ns\":1,\"crews\":[");
	for (int i = 0; i < 3; i++)
		buf_addf(&line, "%s{}", i ? "," : "");
	buf_adds(&line, "]}");
	assert_refused(line.text, "crews has 3 elements, 2 at most");
	buf_clear(&line);
	buf_adds(&line, "{\"at_ns\":1,\"tasks\":[");
	for (int i = 0; i < 20001; i++)
		buf_addf(&line, "%s{}", i ? "," : "");
	buf_adds(&line, "]}");
	assert_refused(line.text, "tasks has 20001 elements, 20000 at most");
	buf_clear(&line);
	buf_adds(&line, "{\"at_ns\":1,\"mappings\":[{\"pid\":1,\"rows\":[");
	for (int i = 0; i < 65537; i++)
		buf_addf(&line, "%s{}", i ? "," : "");
	buf_adds(&line, "]}]}");
	assert_refused(line.text, "mappings[0].rows has too many elements");
	buf_finish(&line);
}

static void an_unknown_member_is_skipped_and_null_is_unknown(void **state)
{
	static const char line[] = "{\"at_ns\":1,\"new\":[[[]]],\"tasks\":[{\"pid\":2,\"tid\":3,"
				   "\"side\":\"right\",\"new\":{\"a\":1},"
				   "\"voluntary\":null,\"involuntary\":9}]}\n";
	struct sample sample = { 0 };

	assert_int_equal(
		recording_get_sample(line, strlen(line), RECORDING_FORM, &sample, NULL, 0), 0);
	assert_int_equal(sample.tasks.n, 1);
	assert_int_equal(sample.tasks.at[0].voluntary, UNKNOWN);
	assert_int_equal(sample.tasks.at[0].involuntary, 9);
	assert_int_equal(sample.tasks.at[0].run_ns, UNKNOWN);
	assert_int_equal(sample.tasks.at[0].side, SIDE_RIGHT);
	sample_finish(&sample);
}

static void hostile_text_is_made_safe_again(void **state)
{
	static const char line[] =
		"{\"at_ns\":1,\"tasks\":[{\"pid\":2,\"tid\":3,\"side\":\"right\",\"name\":"
		"\"\\u001b]0;x\\u0007\\n\\u202e\\u009b2J\"}]}";
	struct sample sample = { 0 };
	char again[64];

	assert_int_equal(
		recording_get_sample(line, strlen(line), RECORDING_FORM, &sample, NULL, 0), 0);
	safe_text(again, sizeof(again), sample.tasks.at[0].name, strlen(sample.tasks.at[0].name));
	assert_string_equal(sample.tasks.at[0].name, again);
	assert_null(strpbrk(sample.tasks.at[0].name, "\x1b\x07\n"));
	sample_finish(&sample);
}

static void a_name_that_slipped_through_is_still_valid_json(void **state)
{
	struct sample sample = { 0 }, read = { 0 };
	struct buf line = { 0 };
	struct task_sample *task;

	sample_clear(&sample);
	task = vec_push(&sample.tasks);
	record_clear(&task_record, task);
	task->pid = task->tid = 1;
	memset(task->name, 0xff, sizeof(task->name)); /* not even terminated */
	recording_put_sample(&line, &sample);
	assert_int_equal(
		recording_get_sample(line.text, line.len, RECORDING_FORM, &read, NULL, 0), 0);
	buf_finish(&line);
	sample_finish(&sample);
	sample_finish(&read);
}

/* --- headers --- */

static void a_header_reads_as_it_was_written(void **state)
{
	struct machine_info card;
	struct buf line = { 0 };

	memset(&card, 0x5a, sizeof(card));
	recording_put_header(&line, &example_card);
	assert_int_equal(recording_get_header(line.text, line.len, &card, NULL, 0), RECORDING_FORM);
	assert_memory_equal(&card, &example_card, sizeof(card));
	buf_finish(&line);
}

static void assert_header_refused(const char *line, int error, const char *expected)
{
	struct machine_info card = { .cpus = 77 };
	char why[160];

	assert_int_equal(recording_get_header(line, strlen(line), &card, why, sizeof(why)), error);
	assert_string_equal(why, expected);
	assert_int_equal(card.cpus, 77);
}

static void a_header_of_something_else_is_refused(void **state)
{
	assert_header_refused("", -EINVAL, "not a recording of taskscope");
	assert_header_refused("\x7f"
			      "ELF\x02\x01",
		-EINVAL, "not a recording of taskscope");
	assert_header_refused(
		"{\"version\": 2, \"width\": 80}", -EINVAL, "not a recording of taskscope");
	assert_header_refused("{\"v\":1,\"at_ns\":5}", -EINVAL, "not a recording of taskscope");
	assert_header_refused(
		"{\"taskscope_recording\":\"1\"}", -EINVAL, "not a recording of taskscope");
	assert_header_refused("{\"taskscope_recording\":3,\"all\":\"else\"}", -EPROTO,
		"of form 3, and this program reads forms 1 to 2");
	assert_header_refused(
		"{\"taskscope_recording\":1,\"machine\":[]}", -EINVAL, "machine is not an object");
	assert_header_refused("{\"taskscope_recording\":1,\"machine\":{\"cpus\":\"2\"}}", -EINVAL,
		"machine.cpus is not an integer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_switches_are_refused_by_array_and_number),
		cmocka_unit_test(wrong_runs_of_pages_are_refused),
		cmocka_unit_test(what_did_not_change_is_not_written_again),
		cmocka_unit_test(form_1_is_read),
		cmocka_unit_test(wrong_objects_of_form_1_are_refused),
		cmocka_unit_test(any_sample_reads_as_it_was_written),
		cmocka_unit_test(an_unknown_sample_writes_no_numbers),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(more_than_the_limit_is_refused),
		cmocka_unit_test(an_unknown_member_is_skipped_and_null_is_unknown),
		cmocka_unit_test(hostile_text_is_made_safe_again),
		cmocka_unit_test(a_name_that_slipped_through_is_still_valid_json),
		cmocka_unit_test(a_header_reads_as_it_was_written),
		cmocka_unit_test(a_header_of_something_else_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
