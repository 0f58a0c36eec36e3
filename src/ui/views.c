/* SPDX-License-Identifier: MIT
 * Which panes are on the screen, and what lies over them.
 */

#include "screen.h"

/* A new view is one line here, and one line of the command table. */
const struct view_info view_table[] = {
	{ "lab", "ids and switches of both crews, and their address spaces", CMD_VIEW_1 },
	{ "sharing", "which kernel objects are the same, and a mixer of clone flags", CMD_VIEW_2 },
	{ "pages", "memory page by page, and one pointer in every task", CMD_VIEW_3 },
	{ "stacks", "where stacks lie, what registers hold", CMD_VIEW_4 },
	{ "files", "descriptor tables, offsets, directories, umask", CMD_VIEW_5 },
	{ "signals", "handlers, masks, calls, and who waits for whom", CMD_VIEW_6 },
	{ "cost", "what one more worker costs the kernel", CMD_VIEW_7 },
	{ "lanes", "every switch on a timeline", CMD_VIEW_8 },
	{ "duel", "costs of both sides, measured side by side", CMD_VIEW_9 },
};
const size_t view_count = ARRAY_LEN(view_table);

/* A pane that is no overlay; NULL: none of that name. */
static struct panel *find_panel(struct ui *ui, const char *name)
{
	for (int i = 0; i < ui->panels_n; i++)
		if (strcmp(ui->panels[i].pane->info.name, name) == 0)
			return ui->panels[i].pane->info.overlay ? NULL : &ui->panels[i];
	return NULL;
}

static int find_view(const char *name)
{
	for (size_t i = 0; i < view_count; i++)
		if (strcmp(view_table[i].name, name) == 0)
			return (int)i;
	return -1;
}

int view_of_command(enum command_id command)
{
	for (size_t i = 0; i < view_count; i++)
		if (view_table[i].command == command)
			return (int)i;
	return -1;
}

void *pane_state(const struct ui *ui, const struct pane *pane)
{
	for (int i = 0; i < ui->panels_n; i++)
		if (ui->panels[i].pane == pane)
			return ui->panels[i].state;
	return NULL;
}

/* --- the set --- */

void views_zoom(struct ui *ui, bool on)
{
	ui->zoomed = on;
	for (int i = 0; i < ui->panels_n; i++)
		ui->panels[i].visible = false;
	for (int i = 0; i < ui->set_n; i++)
		ui->set[i]->visible = !on || ui->set[i] == ui->focus;
}

static void show(struct ui *ui, int view, struct panel *const *panels, int n)
{
	ui->view = view;
	memcpy(ui->set, panels, (size_t)n * sizeof(*panels));
	ui->set_n = n;
	ui->focus = panels[0];
	views_zoom(ui, false);
}

bool ui_show_view(struct ui *ui, const char *name)
{
	struct panel *panels[UI_PANES_SHOWN];
	const int view = find_view(name);
	int n = 0;

	for (int i = 0; view >= 0 && i < ui->panels_n && n < UI_PANES_SHOWN; i++) {
		const struct pane *pane = ui->panels[i].pane;
		const char *of = pane->info.view;

		if (of && strcmp(of, name) == 0 && (ui->programs || !pane->of_programs))
			panels[n++] = &ui->panels[i];
	}
	if (n)
		show(ui, view, panels, n);
	return n > 0;
}

bool ui_show_panes(struct ui *ui, const char *const *names, size_t n)
{
	struct panel *panels[UI_PANES_SHOWN];

	if (!n || n > ARRAY_LEN(panels))
		return false;
	for (size_t i = 0; i < n; i++) {
		panels[i] = find_panel(ui, names[i]);
		if (!panels[i])
			return false;
	}
	show(ui, -1, panels, (int)n);
	return true;
}

char *ui_shown(const struct ui *ui, char *out, size_t size)
{
	size_t used = 0;

	*out = 0;
	for (int i = 0; i < ui->set_n && used < size; i++)
		used += (size_t)snprintf(
			out + used, size - used, "%s%s", i ? "," : "", ui->set[i]->pane->info.name);
	return out;
}

bool ui_show_named(struct ui *ui, const char *names)
{
	char copy[256], *rest = copy;
	const char *list[UI_PANES_SHOWN + 1];
	size_t n = 0;

	snprintf(copy, sizeof(copy), "%s", names);
	for (char *name; n < ARRAY_LEN(list) && (name = strsep(&rest, ","));)
		list[n++] = name;
	return ui_show_panes(ui, list, n);
}

bool ui_show_only(struct ui *ui, const char *name)
{
	struct panel *panel = find_panel(ui, name);

	if (!panel)
		return false;
	if (!panel->pane->info.view || !ui_show_view(ui, panel->pane->info.view))
		show(ui, -1, &panel, 1);
	ui->focus = panel;
	views_zoom(ui, true);
	return true;
}

const char *ui_focus(const struct ui *ui)
{
	return ui->focus->pane->info.name;
}

void views_focus(struct ui *ui, int step)
{
	int at = 0;

	for (int i = 0; i < ui->set_n; i++)
		if (ui->set[i] == ui->focus)
			at = i;
	ui->focus = ui->set[(at + ui->set_n + step) % ui->set_n];
	for (int i = 0; ui->zoomed && i < ui->set_n; i++)
		ui->set[i]->visible = false;
	ui->focus->visible = true; /* its needs count from now on */
}

/* --- overlays --- */

void views_toggle(struct ui *ui, struct panel *overlay)
{
	ui->over = ui->over == overlay ? NULL : overlay;
	ui->menu.title = NULL;
	if (ui->over && ui->over->pane->init)
		ui->over->pane->init(ui->over->state);
}

struct panel *views_panel_of(struct ui *ui, enum command_id command)
{
	for (int i = 0; command != CMD_NONE && i < ui->panels_n; i++)
		if (ui->panels[i].pane->everywhere == command)
			return &ui->panels[i];
	return NULL;
}

bool ui_is_covered(const struct ui *ui)
{
	return ui->over;
}

bool views_explains(const struct ui *ui)
{
	return ui->over && (ui->over->pane->everywhere == CMD_PROVENANCE ||
				   ui->over->pane->everywhere == CMD_HELP);
}
