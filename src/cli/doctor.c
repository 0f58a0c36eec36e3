/* SPDX-License-Identifier: MIT
 * `taskscope doctor`: what works on this machine and what does not, one line a source, with the reason and what helps.
 */
#include <langinfo.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli.h"
#include "crew.h"
#include "json_writer.h"
#include "limit.h"
#include "output.h"
#include "source.h"

#define TASKS_OF_CREWS 12 /* of four and four workers, beside the first process */
#define MEMORY_OF_CREWS (32 << 20)
#define FILES_OF_CREWS 64

struct report {
	struct source_check rows[CHECKS_MAX];
	size_t n;
};

static void put_check(
	struct report *report, const char *what, bool ok, const char *detail, const char *lost)
{
	struct source_check *row = &report->rows[report->n++];
	row->ok = ok;
	row->lost = lost;
	snprintf(row->what, sizeof(row->what), "%s", what);
	snprintf(row->detail, sizeof(row->detail), "%s", detail);
}

/* --- limits --- */

static void check_tasks(struct report *report)
{
	char name[140], detail[200] = "";
	long long room;
	bool limited = limit_room("", LIMIT_TASKS, &room, name, sizeof(name));
	if (limited)
		snprintf(detail, sizeof(detail), "room for %lld (%s)", MAX(room, 0LL), name);
	put_check(report, "tasks", !limited || room >= TASKS_OF_CREWS, detail,
		"not all workers start");
}

static void check_memory(struct report *report)
{
	char name[140];
	long long room;
	bool limited = limit_room("", LIMIT_MEMORY, &room, name, sizeof(name));
	put_check(report, "memory", !limited || room >= MEMORY_OF_CREWS, name,
		"workers may be killed for want of memory");
}

static void check_cpu(struct report *report)
{
	char name[140], detail[200] = "";
	long long room, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	bool limited = limit_room("", LIMIT_CPU, &room, name, sizeof(name));
	if (limited)
		snprintf(detail, sizeof(detail), "%lld.%lld of %lld CPUs (%s)", room / 1000,
			room % 1000 / 100, cpus, name);
	put_check(report, "CPU time", !limited || room >= 1000 * cpus, detail,
		"all tasks wait when it is used up");
}

static void check_files(struct report *report)
{
	struct rlimit limit = { 0 };
	char detail[60] = "";
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max != RLIM_INFINITY)
		snprintf(detail, sizeof(detail), "RLIMIT_NOFILE %llu",
			(unsigned long long)limit.rlim_max);
	put_check(report, "open files", limit.rlim_max >= FILES_OF_CREWS, detail,
		"many values are unknown, or it does not start");
}

/* --- our own --- */

static void check_crew(struct report *report)
{
	char path[4096], why[200] = "";
	bool ok = crew_find_worker(path, sizeof(path), why, sizeof(why)) == 0;
	put_check(report, "taskscope-crew", ok, ok ? path : why,
		"not found beside taskscope or in libexecdir");
}

static void check_terminal(struct report *report, const char *type)
{
	char detail[60], shown[48];
	bool able = type && *type && strcmp(type, "dumb") != 0;
	safe_text(shown, sizeof(shown), type ? type : "", type ? strlen(type) : 0);
	snprintf(detail, sizeof(detail), *shown ? "TERM=%s" : "TERM is not set", shown);
	if (!isatty(STDIN_FILENO))
		put_check(report, "terminal", true,
			"standard input is none; --plain, --json and --keys work without", "");
	else
		put_check(report, "terminal", able, detail,
			"the cursor cannot be placed: use --plain, or try TERM=xterm-256color");
}

static void check_locale(struct report *report)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	/* Not a failure: everything has an ASCII form. */
	put_check(report, "locale", true,
		utf8 ? "UTF-8" : "not UTF-8: drawn in ASCII; try LC_ALL=C.UTF-8", "");
}

static void check_config(struct report *report, const char *path)
{
	struct cli any = { .verb = VERB_LIVE };
	char why[400] = "";
	int error = path ? cli_read_config(&any, path, why, sizeof(why)) : 0;
	if (!path)
		snprintf(why, sizeof(why), "none is read: --no-config, or HOME is not set");
	else if (error == -ENOENT)
		snprintf(why, sizeof(why), "none: there is no %s", path);
	else if (!error)
		safe_text(why, sizeof(why), path, strlen(path));
	put_check(report, "configuration file", error != -EINVAL, why, "nothing of it holds");
}

/* --- how it is told --- */

static void tell_in_words(
	const struct report *report, const struct machine_info *card, int failed, struct buf *out)
{
	buf_addf(out, "taskscope " TASKSCOPE_VERSION " on Linux %s, %d CPUs, %s, uid %d\n\n",
		card->kernel, card->cpus, *card->cpu ? card->cpu : "CPU model not known",
		card->uid);
	for (const struct source_check *row = report->rows; row < report->rows + report->n; row++)
		buf_addf(out, "%-4s  %-26s %s%s%s\n", row->ok ? "ok" : "NO", row->what, row->detail,
			row->ok || !row->detail[0] ? "" : ": ", row->ok ? "" : row->lost);
	if (failed)
		buf_addf(out,
			"\n%d not available: what hangs on it is shown as \"-\" with the reason.\n",
			failed);
	else
		buf_adds(out, "\nAll is available.\n");
}

static void put_text(struct json *json, const char *name, const char *text)
{
	if (*text)
		json_put_text(json, name, text);
	else
		json_put_null(json, name);
}

static void tell_in_json(
	const struct report *report, const struct machine_info *card, struct buf *out)
{
	struct json json = { .out = out };
	json_open(&json, NULL, "{");
	json_put_text(&json, "taskscope", TASKSCOPE_VERSION);
	put_text(&json, "kernel", card->kernel);
	json_put_integer(&json, "cpus", card->cpus);
	put_text(&json, "cpu", card->cpu);
	json_put_integer(&json, "uid", card->uid);
	json_open(&json, "checks", "[");
	for (const struct source_check *row = report->rows; row < report->rows + report->n; row++) {
		json_open(&json, NULL, "{");
		json_put_text(&json, "what", row->what);
		json_put_bool(&json, "ok", row->ok);
		put_text(&json, "detail", row->detail);
		put_text(&json, "lost", row->ok ? "" : row->lost);
		json_close(&json, "}");
	}
	json_close(&json, "]");
	json_close(&json, "}");
	buf_adds(out, "\n");
}

int cli_doctor(const struct cli *cli, const char *term_type, const char *config)
{
	struct report report = { 0 };
	struct machine_info card;
	struct buf out = { 0 };
	int failed = 0;
	machine_info_read(NULL, &card);
	report.n = source_check(report.rows, ARRAY_LEN(report.rows));
	check_tasks(&report);
	check_memory(&report);
	check_cpu(&report);
	check_files(&report);
	check_crew(&report);
	check_terminal(&report, term_type);
	check_locale(&report);
	check_config(&report, config);
	for (size_t i = 0; i < report.n; i++)
		failed += !report.rows[i].ok;
	if (cli->json)
		tell_in_json(&report, &card, &out);
	else
		tell_in_words(&report, &card, failed, &out);
	int status = output_text(&out);
	if (status == EXIT_FINE && failed)
		status = EXIT_FAILED;
	return status;
}
