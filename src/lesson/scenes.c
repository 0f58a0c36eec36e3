/* SPDX-License-Identifier: MIT
 * Knows where the program's scenes are, and connects the scene module with our tables of facts, panes
 * and views.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lesson.h"
#include "model.h"
#include "ui.h"

/* --- what scenes may name --- */

static bool is_pane(void *context, const char *name)
{
	return ui_pane_find(name) != NULL;
}

static bool is_view(void *context, const char *name)
{
	for (size_t i = 0; i < view_count; i++)
		if (strcmp(view_table[i].name, name) == 0)
			return true;
	return false;
}

/* Whether a path is one, an empty model tells. */
static bool is_fact(void *context, const char *path, char *why, size_t why_size)
{
	struct fact_value value;

	return lesson_is_duel_fact(path) || fact_value(context, path, &value, why, why_size);
}

bool lesson_lookup(void *model, const char *path, struct scene_value *ret)
{
	struct fact_value value;

	if (!fact_value(model, path, &value, NULL, 0))
		return lesson_duel_fact(model_sample(model), path, ret);
	if (value.quality == QUALITY_UNAVAILABLE || (isnan(value.number) && !value.text[0])) {
		*ret = scene_unknown(value.reason[0] ? value.reason : "not known yet");
		return true;
	}
	*ret = isnan(value.number) ? scene_words(value.text) : scene_number(value.number);
	if (!isnan(value.number) && value.fact->unit && strcmp(value.fact->unit, "letter") == 0)
		snprintf(ret->text, sizeof(ret->text), "%c", (int)value.number);
	else if (!isnan(value.number))
		snprintf(ret->text, sizeof(ret->text), "%s", value.text);
	return true;
}

/* --- where they are --- */

struct folders {
	char text[4][PATH_MAX];
	const char *at[4];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void add_folder(
	struct folders *folders, const char *format, ...)
{
	char *text = folders->text[folders->n];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, PATH_MAX, format, args);
	va_end(args);
	if (len > 0 && len < PATH_MAX)
		folders->at[folders->n++] = text;
}

/* Where scenes lie from our own folder: in the build folder, and where we were installed, moved or not. */
static const char *const from_our_folder[] = { "scenes", TASKSCOPE_SCENES_FROM_BIN };

/* The user's come first; then those that came with this program. */
static void find_folders(struct folders *folders)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (data && data[0] == '/')
		add_folder(folders, "%s/taskscope/scenes", data);
	else if (home && home[0] == '/')
		add_folder(folders, "%s/.local/share/taskscope/scenes", home);
	for (size_t i = 0; i < ARRAY_LEN(from_our_folder); i++) {
		char path[PATH_MAX];
		if (path_beside(path, sizeof(path), from_our_folder[i]) == 0)
			add_folder(folders, "%s", path);
	}
	add_folder(folders, "%s", TASKSCOPE_SCENESDIR);
}

static struct scene_names names_of(struct model *empty)
{
	return (struct scene_names) {
		.context = empty, .pane = is_pane, .view = is_view, .fact = is_fact
	};
}

int lesson_scenes_load(struct scenes *ret, struct buf *errors)
{
	struct folders *folders = xcalloc(1, sizeof(*folders));
	struct model *empty = model_create(2);
	struct scene_names names = names_of(empty);
	int error;

	find_folders(folders);
	error = scenes_load(folders->at, folders->n, &names, ret, errors);
	if (error == -ENOENT && !errors->len)
		for (size_t i = 0; i < folders->n; i++)
			buf_addf(errors, "there are no scenes in %s\n", folders->at[i]);
	model_destroy(empty);
	free(folders);
	return error;
}

int lesson_scene_load(const char *file, struct scene **ret, struct buf *errors)
{
	struct model *empty = model_create(2);
	struct scene_names names = names_of(empty);
	int error = scene_load(file, &names, ret, errors);

	model_destroy(empty);
	return error;
}
