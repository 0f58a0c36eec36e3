/* SPDX-License-Identifier: MIT
 * Where the program starts: reads the command line, and hands over to the supervisor.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "app.h"
#include "inherit.h"
#include "measure.h"
#include "pick.h"
#include "watch.h"

static int usage_error(const char *why)
{
	say_line("%s", why);
	return EXIT_USAGE;
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

/* Where a speaker's notes are, if they are wanted. */
static int find_notes(const struct cli *cli, struct session *session)
{
	char why[240] = "";
	const bool wanted = cli->verb == VERB_NOTES || cli->presenter;
	if (wanted && notes_path(getenv("XDG_RUNTIME_DIR"), session->notes_path,
			      sizeof(session->notes_path), why, sizeof(why)) != 0)
		return usage_error(why);
	return EXIT_FINE;
}

static int run_notes(void *context, struct crews *crews)
{
	const struct session *session = context;
	struct buf text = { 0 };
	if (session->interactive) {
		const struct term_options options = show_options(session);
		return watch_notes(session->notes_path, &options);
	}
	int status = watch_print(session->notes_path, &text);
	int printed = output_text(&text);
	return status == EXIT_FINE ? printed : status;
}

static int run_picker(void *context, struct crews *crews)
{
	const struct session *session = context;
	const struct term_options options = show_options(session);
	return pick_programs(&options, session->pick);
}

static int run_screen(struct cli *cli, struct pick *pick)
{
	struct session session = {
		.cli = cli, .pick = pick, .stderr_file = -1, .term = term_options_of(getenv)
	};
	bool live = cli_is_live(cli) && !pick;
	int status = find_notes(cli, &session);
	if (status == EXIT_FINE)
		status = cli_check_machine(cli);
	if (status == EXIT_FINE && cli->verb == VERB_RUN)
		status = cli_find_programs(cli, getenv("PATH"), session.program_path);
	if (status == EXIT_FINE && cli->isolate)
		status = cli_isolate(session.cgroup);
	if (status == EXIT_FINE && cli->verb == VERB_RUN)
		session.groups = groups_create(&(struct group_options) { 0 });
	if (status == EXIT_FINE && cli->verb == VERB_ATTACH && !pick)
		status = cli_resolve_targets(cli, &session.groups);
	if (status != EXIT_FINE)
		return status;
	session.interactive = cli_choose_output(
		cli, isatty(STDIN_FILENO) && isatty(STDOUT_FILENO), &session.notice);
	if (session.interactive) {
		inherit_for_screen();
		session.rescue = term_rescue_create();
		session.stderr_file = memfd_create("taskscope-stderr", MFD_CLOEXEC);
	}
	if (live)
		session.area = probe_area_create();
	int (*screen)(void *, struct crews *) = cli->verb == VERB_NOTES ? run_notes : app_run;
	if (pick)
		screen = run_picker;
	const struct supervise_options options = {
		.screen = screen,
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

/* Programs are picked first where none is named. */
static int run_attach(struct cli *cli)
{
	struct pick *pick;
	if (cli->n_words)
		return run_screen(cli, NULL);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || cli->plain || cli->json)
		return usage_error("attach needs a target: a PID, a name, unit: or cgroup: (on a "
				   "terminal it has a list to pick from)");
	pick = mmap(NULL, sizeof(*pick), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = pick == MAP_FAILED ? EXIT_FAILED : run_screen(cli, pick);
	if (status != PICK_DONE)
		return status;
	cli_set_targets(cli, pick->pid[SIDE_LEFT], pick->n[SIDE_LEFT], pick->pid[SIDE_RIGHT],
		pick->n[SIDE_RIGHT]);
	return run_screen(cli, NULL);
}

/* The lab may end for the tour, which begins anew: other crews, other keys. */
static int run_lab_and_tour(struct cli *cli)
{
	int status = cli->verb == VERB_ATTACH ? run_attach(cli) : run_screen(cli, NULL);
	if (status != EXIT_TO_TOUR)
		return status;
	cli->verb = VERB_TOUR;
	cli->argument = NULL;
	cli->pane = NULL;
	return run_screen(cli, NULL);
}

/* A cast has no samples to be shown: it can become a page. */
static int run_cast(const struct cli *cli)
{
	char why[500] = "";
	if (!cli->html)
		return usage_error("a cast is played by asciinema; --html FILE makes a page of it");
	if (film_page_of_cast(cli->argument, cli->html, cli->force, why, sizeof(why)) == 0)
		return EXIT_FINE;
	say_line("%s", why);
	return EXIT_FAILED;
}

static int run(struct cli *cli, const char *config)
{
	int status;
	switch (cli->verb) {
	case VERB_HELP:
		return cli_help(cli->topic);
	case VERB_VERSION:
		return cli_version();
	case VERB_LIST:
		return cli->check ? cli_check_scenes(cli->check) : cli_list(cli->argument);
	case VERB_MEASURE:
		status = cli_check_machine(cli);
		return status == EXIT_FINE ? measure(cli) : status;
	case VERB_CLASS:
		return cli_class(cli);
	case VERB_DOCTOR:
		return cli_doctor(cli, getenv("TERM"), config);
	default:
		if (cli->export_c)
			return lesson_export_c(cli->argument, cli->export_c, cli->force);
		if (cli->verb == VERB_REPLAY && film_is_cast(cli->argument))
			return run_cast(cli);
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
