/* SPDX-License-Identifier: MIT
 * Lists every kind of record: the only list of kinds there is. A new kind is one line here.
 */
#include "table.h"

const char *const side_words[SIDES] = { [SIDE_LEFT] = "left", [SIDE_RIGHT] = "right" };

const struct record *const record_kinds[] = {
	&crew_record,
	&group_record,
	&program_record,
	&worker_record,
	&task_record,
	&gap_record,
	&wait_record,
	&observer_record,
	&sharing_record,
	&pages_record,
	&pointer_record,
	&register_record,
	&file_record,
	&fs_record,
	&signal_record,
	&call_record,
	&edge_record,
	&duel_state_record,
	&duel_record,
	&contrast_record,
	&machine_record,
	&process_record,
	&mapping_record,
	&caption_record,
	&told_record,
	&mark_record,
	NULL,
};
