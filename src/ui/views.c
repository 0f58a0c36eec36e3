/* SPDX-License-Identifier: MIT
 * Which panes are on the screen. The table of views is here: a new view is one line, and one line of the command table.
 */
#include <string.h>

#include "internal.h"

const struct view_info view_table[] = {
	{ "lab", "ids and switches of both crews, and their address spaces", CMD_VIEW_1,
		{ "workers", "switches", "memory" } },
	{ "sharing", "which kernel objects are the same, and a mixer of clone flags", CMD_VIEW_2,
		{ "sharing", "mixer" } },
	{ "pages", "memory page by page, and one pointer in every task", CMD_VIEW_3,
		{ "pages", "pointer" } },
	{ "stacks", "stacks, registers, and what a task waits in", CMD_VIEW_4,
		{ "stacks", "registers" } },
	{ "files", "descriptor tables, offsets, directories, umask", CMD_VIEW_5, { "files" } },
	{ "signals", "handlers, masks, and what is pending", CMD_VIEW_6, { "signals" } },
	{ "cost", "what one more worker costs the kernel", CMD_VIEW_7, { "cost" } },
	{ "lanes", "every switch on a timeline", CMD_VIEW_8, { "lanes" } },
	{ "duel", "costs of both sides, measured side by side", CMD_VIEW_9, { "duel" } },
};
const size_t view_count = ARRAY_LEN(view_table);

/* The index of a pane that is drawn; -1: none of that name. */
static int pane_find(const char *name)
{
	for (int i = 0; i < pane_count_drawn(); i++)
		if (strcmp(pane_table[i].name, name) == 0)
			return i;
	return -1;
}

/* The panes of a view that exist; returns how many. */
static int panes_of(size_t view, int *panes)
{
	int n = 0;

	for (int i = 0; view_table[view].panes[i]; i++) {
		int pane = pane_find(view_table[view].panes[i]);

		if (pane >= 0)
			panes[n++] = pane;
	}
	return n;
}

bool view_exists(size_t view)
{
	int panes[UI_PANES_SHOWN];

	return panes_of(view, panes) > 0;
}

int view_of_command(enum command_id command)
{
	for (size_t i = 0; i < view_count; i++)
		if (view_table[i].command == command)
			return (int)i;
	return -1;
}

void views_zoom(struct ui *ui, bool on)
{
	ui->zoomed = on;
	ui->visible = 0;
	for (int i = 0; i < ui->set_n; i++)
		if (!on || ui->set[i] == ui->focus)
			ui->visible |= 1u << ui->set[i];
}

static void show(struct ui *ui, int view, const int *panes, int n)
{
	ui->view = view;
	memcpy(ui->set, panes, (size_t)n * sizeof(*panes));
	ui->set_n = n;
	ui->focus = panes[0];
	views_zoom(ui, false);
}

bool ui_show_view(struct ui *ui, const char *name)
{
	int panes[UI_PANES_SHOWN];

	for (size_t i = 0; i < view_count; i++) {
		int n = strcmp(view_table[i].name, name) == 0 ? panes_of(i, panes) : 0;

		if (!n)
			continue;
		show(ui, (int)i, panes, n);
		return true;
	}
	return false;
}

bool ui_show_panes(struct ui *ui, const char *const *names, size_t n)
{
	int panes[UI_PANES_SHOWN];

	if (!n || n > ARRAY_LEN(panes))
		return false;
	for (size_t i = 0; i < n; i++) {
		panes[i] = pane_find(names[i]);
		if (panes[i] < 0)
			return false;
	}
	show(ui, -1, panes, (int)n);
	return true;
}

const char *ui_view(const struct ui *ui)
{
	return ui->view >= 0 ? view_table[ui->view].name : NULL;
}

const char *ui_focus(const struct ui *ui)
{
	return pane_table[ui->focus].name;
}

static bool view_has(size_t view, const char *pane)
{
	for (int i = 0; view_table[view].panes[i]; i++)
		if (strcmp(view_table[view].panes[i], pane) == 0)
			return true;
	return false;
}

bool ui_show_only(struct ui *ui, const char *name)
{
	int pane = pane_find(name);
	size_t view = 0;

	if (pane < 0)
		return false;
	while (view < view_count && !view_has(view, name))
		view++;
	if (view < view_count)
		ui_show_view(ui, view_table[view].name);
	else
		show(ui, -1, &pane, 1);
	ui->focus = pane;
	views_zoom(ui, true);
	return true;
}

void views_focus(struct ui *ui, int step)
{
	int at = 0;

	for (int i = 0; i < ui->set_n; i++)
		if (ui->set[i] == ui->focus)
			at = i;
	ui->focus = ui->set[(at + ui->set_n + step) % ui->set_n];
	if (ui->zoomed)
		ui->visible = 0;
	ui->visible |= 1u << ui->focus; /* its needs count from now on */
}
