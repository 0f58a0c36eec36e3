/* SPDX-License-Identifier: MIT
 * Describes the record of a program that taskscope runs.
 */
#include "table.h"

#include <string.h>
#include <sys/wait.h>

static const char *const state_words[] = { [PROGRAM_STARTING] = "starting",
	[PROGRAM_RUNNING] = "running",
	[PROGRAM_STOPPED] = "stopped",
	[PROGRAM_ENDED] = "ended",
	[PROGRAM_OVER] = "over",
	[PROGRAM_FAILED] = "failed" };

/* clang-format off */
static const struct field program_fields[] = {
	FIELD(program_sample, side, RANGE_SIDE, .flags = FIELD_REQUIRED | FIELD_UNPRINTED),
	FIELD(program_sample, state, WORDS(state_words), .flags = FIELD_REQUIRED),
	FIELD(program_sample, stopped_by, .min = 0, .max = 64),
	FIELD(program_sample, pid, RANGE_PID, .why = "not started yet"),
	FIELD(program_sample, keeper, RANGE_ID, .role = ROLE_OTHER, .why = "it has ended"),
	FIELD(program_sample, wait_status, RANGE_INT32, .absent = UNKNOWN, .why = "it has not ended"),
	FIELD(program_sample, started_ns, RANGE_TIME, .flags = FIELD_UNPRINTED),
	FIELD(program_sample, ended_ns, RANGE_TIME, .flags = FIELD_UNPRINTED),
	FIELD(program_sample, wall_ns, RANGE_TIME, .why = "not started yet"),
	FIELD(program_sample, user_us, RANGE_COUNT, .why = "none of its processes has ended"),
	FIELD(program_sample, system_us, RANGE_COUNT, .why = "none of its processes has ended"),
	FIELD(program_sample, peak_rss_kb, RANGE_KB, .why = "none of its processes has ended"),
	FIELD(program_sample, births, RANGE_COUNT, .gaps = { "perf_event" }),
	FIELD(program_sample, births_by, .flags = FIELD_OMITTED),
	FIELD(program_sample, peak_pss_kb, RANGE_KB, .why = "never sampled"),
	FIELD(program_sample, printed, RANGE_COUNT),
	FIELD(program_sample, command, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(program_sample, last, RANGE_NONE, .flags = FIELD_FOREIGN),
	FIELD(program_sample, note, .flags = FIELD_OMITTED | FIELD_FOREIGN),
};
/* clang-format on */

const struct record program_record = {
	.name = "programs", RECORD_PARTS(program, programs), .limit = SIDES
};

int64_t program_status(const struct program_sample *program)
{
	bool exited = program->ended_ns != UNKNOWN && WIFEXITED(program->wait_status);

	return exited ? WEXITSTATUS(program->wait_status) : UNKNOWN;
}

int64_t program_signal(const struct program_sample *program)
{
	bool killed = program->ended_ns != UNKNOWN && WIFSIGNALED(program->wait_status);

	return killed ? WTERMSIG(program->wait_status) : UNKNOWN;
}

bool program_births_are_seen(const struct program_sample *program)
{
	const struct field *by = record_find(&group_record, "births_by");

	return program->births_by[0] &&
	       strcmp(program->births_by, field_word(by, GROUP_BIRTHS_RECORDS)) != 0;
}
