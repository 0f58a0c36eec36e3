/* SPDX-License-Identifier: MIT
 * What a lesson shows: the caption, the panes of a scene, and marks in a recording of the screen.
 */

#include "internal.h"

static bool is_pane(const char *name)
{
	const struct pane_info *pane = ui_pane_find(name);

	return pane && !pane->overlay;
}

/* The panes that a scene names, else those of its view, below the scene's own. */
void lesson_show_panes(struct lesson *lesson, const struct scene *scene)
{
	const char *names[UI_PANES_SHOWN] = { "scene" };
	const char *view = scene && scene->view ? scene->view : "";
	const struct pane_info *pane;
	size_t n = 1;

	for (unsigned i = 0; scene && i < scene->panes_n && n < ARRAY_LEN(names); i++)
		if (is_pane(scene->panes[i]))
			names[n++] = scene->panes[i];
	for (size_t i = 0; scene && !scene->panes_n && n < ARRAY_LEN(names) && (pane = ui_pane(i));
		i++)
		if (pane->view && strcmp(pane->view, view) == 0)
			names[n++] = pane->name;
	ui_show_panes(lesson->host->ui, names, n);
}

void lesson_show(struct lesson *lesson)
{
	if (lesson->quiz)
		captions_quiz(lesson);
	else
		captions_tour(lesson);
	lesson->changed = true;
}

const struct caption *lesson_caption(const struct lesson *lesson)
{
	return &lesson->caption;
}

void lesson_mark(struct lesson *lesson, const char *format, ...)
{
	char label[64];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(label, sizeof(label), format, arguments);
	va_end(arguments);
	lesson->host->mark(lesson->host->context, label);
}
