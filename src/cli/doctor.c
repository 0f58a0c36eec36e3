/* SPDX-License-Identifier: MIT
 * `taskscope doctor`: what works on this machine and what does not, one line a source, with the reason and what helps.
 */
#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "crew.h"
#include "output.h"
#include "source.h"

struct report {
	struct buf *out;
	int failed;
};

static void put_check(struct report *report, const char *what, bool ok, const char *detail)
{
	report->failed += !ok;
	buf_addf(report->out, "%-4s  %-26s %s\n", ok ? "ok" : "NO", what, detail);
}

static void check_crew(struct report *report)
{
	char path[4096], why[200] = "";
	bool ok = crew_find_worker(path, sizeof(path), why, sizeof(why)) == 0;
	if (!ok && !*why)
		snprintf(why, sizeof(why), "not found beside taskscope or in libexecdir");
	put_check(report, "taskscope-crew", ok, ok ? path : why);
}

static void check_terminal(struct report *report, const char *type)
{
	char detail[240];
	if (!isatty(STDIN_FILENO)) {
		put_check(report, "terminal", true,
			"standard input is none; --plain, --json and --keys work without");
		return;
	}
	if (!type || !*type) {
		put_check(report, "terminal", false, "TERM is not set; try TERM=xterm-256color");
		return;
	}
	char shown[48];
	safe_text(shown, sizeof(shown), type, strlen(type));
	bool able = strcmp(type, "dumb") != 0;
	snprintf(detail, sizeof(detail),
		able ? "TERM=%s" : "TERM=%s cannot place the cursor; use --plain", shown);
	put_check(report, "terminal", able, detail);
}

static void check_locale(struct report *report)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	/* Not a failure: everything has an ASCII form. */
	put_check(report, "locale", true,
		utf8 ? "UTF-8" : "not UTF-8: drawn in ASCII; try LC_ALL=C.UTF-8");
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
	put_check(report, "configuration file", error != -EINVAL, why);
}

static void put_machine(struct buf *out)
{
	struct machine_info card;
	machine_info_read(NULL, &card);
	buf_addf(out, "taskscope " TASKSCOPE_VERSION " on Linux %s, %d CPUs, %s, uid %d\n\n",
		card.kernel, card.cpus, *card.cpu ? card.cpu : "CPU model not known", card.uid);
}

int cli_doctor(const char *term_type, const char *config)
{
	struct source_check checks[CHECKS_MAX];
	struct buf out = { 0 };
	struct report report = { .out = &out };
	put_machine(&out);
	size_t n = source_check(checks, ARRAY_LEN(checks));
	for (size_t i = 0; i < n; i++)
		put_check(&report, checks[i].what, checks[i].ok, checks[i].lost);
	check_crew(&report);
	check_terminal(&report, term_type);
	check_locale(&report);
	check_config(&report, config);
	if (report.failed)
		buf_addf(&out,
			"\n%d not available: what hangs on it is shown as \"-\" with the reason.\n",
			report.failed);
	else
		buf_adds(&out, "\nAll is available.\n");
	int status = output_text(&out);
	if (status == EXIT_FINE && report.failed)
		status = EXIT_FAILED;
	return status;
}
