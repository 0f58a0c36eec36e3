/* SPDX-License-Identifier: MIT
 * Finds the program's scenes, and connects the scene module with our tables of facts, panes and views.
 */
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

static bool find_fact(void *context, const char *text, void *handle, char *why, size_t why_size)
{
	struct lesson_path *path = handle;

	return fact_path_parse(text, &path->model, why, why_size) ||
	       lesson_duel_path_parse(text, &path->duel);
}

const struct scene_names lesson_names = { .pane = is_pane,
	.view = is_view,
	.fact = find_fact,
	.handle_size = sizeof(struct lesson_path) };

static struct scene_value value_of_model(const struct model *model, const struct fact_path *path)
{
	struct fact_value value;

	fact_read(model, path, &value);
	if (value.quality == QUALITY_UNAVAILABLE || (isnan(value.number) && !value.text[0]))
		return scene_unknown(value.reason[0] ? value.reason : "not known yet");
	if (isnan(value.number))
		return scene_words(value.text);
	struct scene_value found = scene_number(value.number);
	if (value.fact->unit && strcmp(value.fact->unit, "letter") == 0)
		snprintf(found.text, sizeof(found.text), "%c", (int)value.number);
	else
		snprintf(found.text, sizeof(found.text), "%s", value.text);
	return found;
}

void lesson_lookup(void *model, const struct scene_path *path, struct scene_value *ret)
{
	const struct lesson_path *found = path->handle;

	*ret = found->model.fact ? value_of_model(model, &found->model)
				 : lesson_duel_fact(model_sample(model), &found->duel);
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

	va_start(args, format);
	int len = vsnprintf(text, PATH_MAX, format, args);
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

int lesson_scenes_load(struct scenes *ret, bool prove, struct buf *errors)
{
	struct folders *folders = xcalloc(1, sizeof(*folders));
	struct scene_names names = lesson_names;

	names.prove = prove;
	find_folders(folders);
	int error = scenes_load(folders->at, folders->n, &names, ret, errors);
	if (error == -ENOENT && !errors->len)
		for (size_t i = 0; i < folders->n; i++)
			buf_addf(errors, "there are no scenes in %s\n", folders->at[i]);
	free(folders);
	return error;
}

int lesson_scene_load(const char *file, struct scene **ret, struct buf *errors)
{
	struct scene_names names = lesson_names;

	names.prove = true;
	return scene_load(file, &names, ret, errors);
}
