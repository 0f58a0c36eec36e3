/* SPDX-License-Identifier: MIT
 * Writes a scene as a C program of its own, which holds the lines that workers run.
 */

#include "code.h"
#include "lesson.h"
#include "outfile.h"

static const struct lesson_program *find(const char *scene)
{
	for (size_t i = 0; i < lesson_programs_n; i++)
		if (strcmp(lesson_programs[i].scene, scene) == 0)
			return &lesson_programs[i];
	return NULL;
}

static enum exit_code refuse_scene(const char *scene)
{
	const char *nearest =
		suggest_row(scene, lesson_programs, sizeof(lesson_programs[0]), lesson_programs_n);
	struct buf names = { 0 };
	char shown[64];

	safe_text(shown, sizeof(shown), scene, strlen(scene));
	for (size_t i = 0; i < lesson_programs_n; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", lesson_programs[i].scene);
	if (nearest)
		say_line("--export-c: there is no program of '%s'; did you mean '%s'?", shown,
			nearest);
	else
		say_line(
			"--export-c: there is no program of '%s'; there are %s", shown, names.text);
	buf_finish(&names);
	return EXIT_USAGE;
}

enum exit_code lesson_export_c(const char *scene, const char *path, bool force)
{
	const struct lesson_program *program = find(scene ? scene : "");
	struct buf text = { 0 };

	if (!program)
		return refuse_scene(scene ? scene : "");
	buf_adds(&text, program->text);
	int error = outfile_write(path, force, &text);
	buf_finish(&text);
	if (!error)
		return EXIT_FINE;
	say_line("cannot write the program to %s: %s", path, outfile_why(error));
	return EXIT_FAILED;
}
