/* SPDX-License-Identifier: MIT
 * Looks, before anything starts, whether this machine lets a command do what it is asked for; and what machine it is.
 */

#include "cli.h"
#include "crew.h"
#include "source.h"

/* A CPU that we may not use is a wrong number, said before anything starts. */
static int check_cpu(int cpu)
{
	char why[80];
	if (cpu < 0 || cpu_after(cpu - 1) == cpu)
		return EXIT_FINE;
	snprintf(why, sizeof(why), "--cpu %d: there is no such CPU that we may use", cpu);
	say_line("%s", why);
	return EXIT_USAGE;
}

/* Ids of another PID namespace would be taken for our tasks'. */
static int check_proc(void)
{
	const char *why = source_foreign_proc();
	if (!why)
		return EXIT_FINE;
	say_line("%s", why);
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

int cli_check_machine(const struct cli *cli)
{
	const bool live = cli_is_live(cli), measures = cli->verb == VERB_MEASURE;
	int status = live ? check_cpu(cli->cpu) : EXIT_FINE;
	if (status == EXIT_FINE && (live || measures))
		status = check_proc();
	if (status == EXIT_FINE && (cli_has_crews(cli) || cli->verb == VERB_RUN || measures))
		status = check_crew();
	return status;
}

struct quiz_machine cli_read_machine(void)
{
	struct quiz_machine machine = { 0 };
	struct machine_traits traits;
	struct machine_info info;
	machine_info_read(NULL, &info);
	machine_traits_read(NULL, NULL, &traits);
	memcpy(machine.kernel, info.kernel, sizeof(machine.kernel));
	machine.cpus = info.cpus;
	machine.pcid = traits.pcid;
	machine.pti = traits.pti;
	machine.hypervisor = traits.hypervisor;
	return machine;
}
