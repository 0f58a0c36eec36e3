/* SPDX-License-Identifier: MIT
 * The words in which orders are told: whom one went to, what it was, and why it was not carried out.
 */

#include "internal.h"

const struct crew_sample *steer_crew(const struct steer *steer, enum side side)
{
	return model_side(steer->model, side)->crew;
}

enum kind steer_kind(const struct steer *steer, enum side side)
{
	const struct crew_sample *crew = steer_crew(steer, side);

	if (crew)
		return (enum kind)crew->kind;
	return side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS;
}

const char *steer_one_of(enum kind kind)
{
	return kind == KIND_PROCESSES ? "process" : "thread";
}

struct steer_words steer_id(enum kind kind, int worker, int32_t tid)
{
	struct steer_words words;
	if (tid > 0)
		snprintf(words.text, sizeof(words.text), "w%d (%s %d)", worker,
			kind == KIND_PROCESSES ? "PID" : "TID", tid);
	else
		snprintf(words.text, sizeof(words.text), "w%d", worker);
	return words;
}

struct steer_words steer_selected(const struct steer *steer, const struct selection *selection)
{
	return steer_id(steer_kind(steer, selection->side), selection->worker, selection->tid);
}

static struct steer_words reason(const struct steer *steer, enum side side, int error)
{
	struct steer_words words;
	switch (error) {
	case -ESRCH:
		snprintf(words.text, sizeof(words.text), "no such worker lives");
		break;
	case -EBUSY:
		snprintf(words.text, sizeof(words.text), "the order before is still on its way");
		break;
	case -EHOSTDOWN:
		snprintf(words.text, sizeof(words.text),
			"its main thread has ended: r starts it again");
		break;
	case -EOPNOTSUPP:
		snprintf(words.text, sizeof(words.text), "a crew of the other kind can do that");
		break;
	case -ENOSPC:
		snprintf(words.text, sizeof(words.text), "the limit is %d",
			crew_limit(steer_kind(steer, side)));
		break;
	case -EACCES:
	case -EPERM:
		snprintf(words.text, sizeof(words.text), "not permitted (root may)");
		break;
	default:
		snprintf(words.text, sizeof(words.text), "%s", strerror(-error));
	}
	return words;
}

/* User-level stacks of a side's first task that has any; 0: none has. */
static int stacks_of(const struct steer *steer, enum side side)
{
	const struct model_side *of = model_side(steer->model, side);

	for (size_t i = 0; i < of->n_tracks; i++)
		if (of->tracks[i]->has_worker && of->tracks[i]->worker->stacks > 0)
			return of->tracks[i]->worker->stacks;
	return 0;
}

/* What the order was, or why it was not carried out. A user-level stack is no task: the kernel can do nothing to one alone. */
void steer_tell(struct steer *steer, enum side side, int error, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (error)
		ui_message(steer->ui, STYLE_WARN, "not done: %s: %s", what,
			reason(steer, side, error).text);
	else if (stacks_of(steer, side))
		ui_message(steer->ui, STYLE_STATUS,
			"%s; with all its %d user-level stacks: the kernel knows none of them",
			what, stacks_of(steer, side));
	else
		ui_message(steer->ui, STYLE_STATUS, "%s", what);
}

/* Most keys act on a worker; the host is none. */
bool steer_has_worker(struct steer *steer, const struct selection *selection)
{
	if (selection->worker >= 0)
		return true;
	ui_message(steer->ui, STYLE_WARN,
		selection->worker == WORKER_HOST
			? "the host is selected: select one of its workers first"
			: "nobody is selected on the %s side: r starts it again",
		side_name(selection->side));
	return false;
}
