/* SPDX-License-Identifier: MIT
 * Where the program starts: reads the command line, and hands over to the supervisor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app.h"
#include "inherit.h"
#include "measure.h"

#define FALLBACK_DURATION (3 * NSEC_PER_SEC)

static int usage_error(const char *why)
{
	say_line("%s", why);
	return EXIT_USAGE;
}

/* A CPU that we may not use is a wrong number, said before anything starts. */
static int check_cpu(int cpu)
{
	char why[80];
	if (cpu < 0 || cpu_after(cpu - 1) == cpu)
		return EXIT_FINE;
	snprintf(why, sizeof(why), "--cpu %d: there is no such CPU that we may use", cpu);
	return usage_error(why);
}

/* Ids of another PID namespace would be taken for our tasks'. */
static int check_proc(void)
{
	const char *why = source_foreign_proc();
	if (!why)
		return EXIT_FINE;
	fprintf(stderr, "taskscope: %s\n", why);
	return EXIT_FAILED;
}

static int check_crew(void)
{
	char path[4096], why[200] = "";
	if (crew_find_worker(path, sizeof(path), why, sizeof(why)) == 0)
		return EXIT_FINE;
	say_line("taskscope-crew cannot be started: %s", why);
	return EXIT_CREW;
}

/* How long a lone ESC may be the start of a sequence: as ncurses is told, else by the line. tmux and screen put a sequence
 * together before they pass it on, so they are as quick as the line to them. */
static nsec escape_wait(void)
{
	const char *asked = getenv("ESCDELAY");
	int64_t ms;
	if (asked && parse_integer(asked, 0, 10000, &ms) == 0)
		return ms * NSEC_PER_MSEC;
	return (getenv("SSH_CONNECTION") ? 300 : 150) * NSEC_PER_MSEC;
}

/* Where no screen was asked for or is possible, what to do instead. */
static void choose_output(struct cli *cli, struct session *session)
{
	bool tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	bool text = cli->plain || cli->json;
	session->interactive = tty && !text;
	if (cli->notes && !text) {
		cli->plain = true; /* the same, to be read while it is written */
		session->interactive = false;
		return;
	}
	if (tty || text || cli->has_keys)
		return;
	/* Recorded or drawn with nobody to press a key, a tour plays itself. */
	const bool film = cli->cast || cli->srt || cli->svg;
	if (film && cli->verb == VERB_TOUR)
		cli->tour_auto = true;
	if (film && (cli->verb == VERB_TOUR || cli->verb == VERB_REPLAY))
		return;
	bool endless = cli->verb == VERB_LIVE || cli->verb == VERB_ATTACH;
	bool short_of_time = !cli->duration && endless;
	if (short_of_time)
		cli->duration = FALLBACK_DURATION;
	if ((endless || cli->verb == VERB_RUN) && (cli->svg || cli->record || cli->cast))
		return;
	cli->plain = true;
	session->notice = short_of_time ? "text frames instead of a screen, as with --plain --for 3"
					: "text frames instead of a screen, as with --plain";
}

static int run_prober(void *context)
{
	const struct session *session = context;
	if (session->stderr_file >= 0)
		dup2(session->stderr_file, STDERR_FILENO);
	return probe_run(session->area, NULL);
}

static void rescue(void *context)
{
	const struct session *session = context;
	term_rescue_apply(session->rescue);
}

/* What was said while the terminal was in use. */
static void dump_stderr(int file)
{
	char chunk[1024];
	ssize_t n;
	if (file < 0 || lseek(file, 0, SEEK_SET) != 0)
		return;
	while ((n = read(file, chunk, sizeof(chunk))) > 0)
		say_text(chunk, (size_t)n);
}

static int run_screen(struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR");
	struct session session = { .cli = cli,
		.stderr_file = -1,
		.term_type = getenv("TERM"),
		.escape_wait = escape_wait(),
		.no_color = no_color && *no_color };
	bool live = cli_is_live(cli);
	int status = live ? check_cpu(cli->cpu) : EXIT_FINE;
	if (status == EXIT_FINE && live)
		status = check_proc();
	if (status == EXIT_FINE && (cli_has_crews(cli) || cli->verb == VERB_RUN))
		status = check_crew();
	if (status == EXIT_FINE && cli->verb == VERB_RUN)
		status = programs_find(cli, getenv("PATH"), &session);
	if (status == EXIT_FINE && cli->verb == VERB_RUN)
		session.groups = groups_create(&(struct group_options) { 0 });
	if (status == EXIT_FINE && cli->verb == VERB_ATTACH)
		status = cli_resolve_targets(cli, &session.groups);
	if (status != EXIT_FINE)
		return status;
	choose_output(cli, &session);
	if (session.interactive) {
		inherit_for_screen();
		session.rescue = term_rescue_create();
		session.stderr_file = memfd_create("taskscope-stderr", MFD_CLOEXEC);
	}
	if (live)
		session.area = probe_area_create();
	const struct supervise_options options = {
		.screen = app_run,
		.prober = session.area ? run_prober : NULL,
		.rescue = rescue,
		.context = &session,
		.with_crews = live,
	};
	status = supervise(&options);
	dump_stderr(session.stderr_file);
	groups_destroy(session.groups);
	probe_area_destroy(session.area);
	term_rescue_destroy(session.rescue);
	return status;
}

/* The lab may end for the tour, which begins anew: other crews, other keys. */
static int run_lab_and_tour(struct cli *cli)
{
	int status = run_screen(cli);
	if (status != EXIT_TO_TOUR)
		return status;
	cli->verb = VERB_TOUR;
	cli->argument = NULL;
	cli->pane = NULL;
	return run_screen(cli);
}

static int run_measure(const struct cli *cli)
{
	int status = check_proc();
	if (status == EXIT_FINE)
		status = check_crew();
	return status == EXIT_FINE ? measure(cli) : status;
}

static int print_help(int topic)
{
	struct buf help = { 0 };
	cli_put_help(&help, topic);
	return output_text(&help);
}

static int print_version(void)
{
	struct buf version = { 0 };
	buf_adds(&version, "taskscope " TASKSCOPE_VERSION "\n");
	return output_text(&version);
}

static int run(struct cli *cli, const char *config)
{
	switch (cli->verb) {
	case VERB_HELP:
		return print_help(cli->topic);
	case VERB_VERSION:
		return print_version();
	case VERB_LIST:
		return cli->check ? cli_check_scenes(cli->check) : cli_list(cli->argument);
	case VERB_MEASURE:
		return run_measure(cli);
	case VERB_DOCTOR:
		return cli_doctor(getenv("TERM"), config);
	default:
		if (cli->export_c)
			return lesson_export_c(cli->argument, cli->export_c, cli->force);
		return run_lab_and_tour(cli);
	}
}

static int run_arguments(int argc, char **argv)
{
	struct cli cli;
	char why[500] = "";
	if (cli_parse(argc, argv, &cli, why, sizeof(why)) != 0)
		return usage_error(why);
	char path[4096];
	const char *config = !cli.no_config && cli_config_path(path, sizeof(path)) ? path : NULL;
	/* Of a wrong file, help and doctor must be able to tell. */
	int error = config && cli.verb < VERB_LIST ? cli_read_config(&cli, config, why, sizeof(why))
						   : 0;
	int status = error == -EINVAL ? usage_error(why) : run(&cli, config);
	cli_finish(&cli);
	return status;
}

int main(int argc, char **argv)
{
	if (inherit_all() != 0)
		return EXIT_USAGE;
	return inherit_run(run_arguments, argc, argv);
}
