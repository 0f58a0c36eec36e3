/* SPDX-License-Identifier: MIT
 * Finds out how far a question is: whether it is open, and which message about its answer comes next.
 */

#include "internal.h"

bool asking_is_open(const struct lesson *lesson)
{
	return lesson->asking.state == ASKING_OPEN || lesson->asking.state == ASKING_CHOSEN;
}

/* Of a follow-up, what comes after the question. */
const char *asking_trap_answer(const struct scene_question *question)
{
	const char *mark = question->trap ? strstr(question->trap, "? ") : NULL;
	return mark ? mark + 2 : "";
}

static bool has_message(const struct lesson *lesson, enum message message)
{
	const struct scene_question *question = lesson->asking.question;
	/* A clip has no time for them one by one. */
	if (lesson->options.route == LESSON_CLIP && lesson->options.automatic &&
		message >= MESSAGE_NUANCE)
		return false;
	switch (message) {
	case MESSAGE_NUANCE:
		return lesson->run.scene->nuance;
	case MESSAGE_INTERVIEW:
		return question->interview;
	case MESSAGE_FOLLOW_UP:
		return question->trap;
	case MESSAGE_ANSWER:
		return *asking_trap_answer(question);
	default:
		return true;
	}
}

enum message asking_next_message(const struct lesson *lesson)
{
	int message = lesson->asking.message;
	if (message == MESSAGE_ALL)
		return MESSAGE_ALL;
	do
		message = (message + 1) % MESSAGES;
	while (!has_message(lesson, (enum message)message));
	return (enum message)message;
}

enum message asking_message_before(const struct lesson *lesson)
{
	int message = lesson->asking.message == MESSAGE_ALL ? MESSAGES : lesson->asking.message;
	do
		message--;
	while (message > MESSAGE_ALL && !has_message(lesson, (enum message)message));
	return (enum message)message;
}
