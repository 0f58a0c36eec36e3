/* SPDX-License-Identifier: MIT
 * Reads scenes: from a file that is not too large, and from folders of which the first wins.
 */
#include <dirent.h>

#include "document.h"
#include "internal.h"

int scene_parse(const char *file, const char *text, size_t len, const struct scene_names *names,
	struct scene **ret, struct buf *errors)
{
	static const struct scene_names any;
	struct document document = { .file = file, .errors = errors };
	struct scene *scene = NULL;

	if (len > SCENE_FILE_MAX) {
		buf_addf(errors, "%s:1: larger than %d kB: this is no scene\n", file,
			SCENE_FILE_MAX / 1024);
		return -EINVAL;
	}
	names = names ? names : &any;
	if (schema_read(&document, text, len, names, &scene))
		scene_check(&document, scene, names);
	if (!document.wrong && names->prove)
		scene_prove(&document, scene);
	document_finish(&document);
	if (document.wrong) {
		scene_destroy(scene);
		return -EINVAL;
	}
	*ret = scene;
	return 0;
}

int scene_load(
	const char *file, const struct scene_names *names, struct scene **ret, struct buf *errors)
{
	struct buf text = { 0 };
	char shown[256];
	int error = document_load(file, SCENE_FILE_MAX, &text);

	safe_text(shown, sizeof(shown), file, strlen(file));
	/* scene_parse says more of one that is too large. */
	if (error && error != -EFBIG)
		buf_addf(errors, "%s: cannot be read: %s\n", shown, document_why(error));
	else
		error = scene_parse(
			shown, text.text ? text.text : "", text.len, names, ret, errors);
	buf_finish(&text);
	return error;
}

/* --- folders --- */

static int is_scene(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + len - 5, ".yaml") == 0 &&
	       strcmp(entry->d_name, "example.yaml") != 0;
}

static void add_scene(struct scenes *scenes, const char *file, struct scene *scene, size_t earlier,
	struct buf *errors)
{
	for (size_t i = 0; i < scenes->list.n; i++) {
		if (strcmp(scenes->list.at[i]->name, scene->name) != 0)
			continue;
		if (i >= earlier)
			buf_addf(errors, "%s:1: name: '%s' is the name of another scene here\n",
				file, scene->name);
		scene_destroy(scene);
		return;
	}
	*vec_push(&scenes->list) = scene;
}

static void load_folder(const char *folder, const struct scene_names *names, struct scenes *scenes,
	struct buf *errors)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_scene, alphasort);
	size_t earlier = scenes->list.n;

	for (int i = 0; i < n; i++) {
		struct scene *scene;
		char *file = xasprintf("%s/%s", folder, entries[i]->d_name);
		if (scene_load(file, names, &scene, errors) == 0)
			add_scene(scenes, file, scene, earlier, errors);
		free(file);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static int by_number(const void *a, const void *b)
{
	const struct scene *one = *(struct scene *const *)a, *two = *(struct scene *const *)b;

	if (one->number != two->number)
		return one->number < two->number ? -1 : 1;
	return strcmp(one->name, two->name);
}

int scenes_load(const char *const *folders, size_t n, const struct scene_names *names,
	struct scenes *ret, struct buf *errors)
{
	struct scenes scenes = { 0 };

	for (size_t i = 0; i < n; i++)
		load_folder(folders[i], names, &scenes, errors);
	if (scenes.list.n == 0)
		return -ENOENT;
	qsort(scenes.list.at, scenes.list.n, sizeof(struct scene *), by_number);
	*ret = scenes;
	return 0;
}

void scenes_finish(struct scenes *scenes)
{
	struct scene **scene;

	vec_each (scene, &scenes->list) {
		scene_destroy(*scene);
	}
	vec_finish(&scenes->list);
}

const struct scene *scenes_find(const struct scenes *scenes, const char *name)
{
	const char *digits = name + (name[0] == 's' || name[0] == 'S');
	int64_t number;
	struct scene **scene;

	vec_each (scene, &scenes->list) {
		if (strcmp((*scene)->name, name) == 0)
			return *scene;
	}
	if (parse_integer(digits, 1, 9999, &number) != 0)
		return NULL;
	vec_each (scene, &scenes->list) {
		if ((*scene)->number == number)
			return *scene;
	}
	return NULL;
}
