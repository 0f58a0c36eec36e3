/* SPDX-License-Identifier: MIT
 * Scenes in surroundings that take away what they presuppose: what is shown all the same is listed for each, and what is
 * not shown has a reason. Nothing false is said in any of them.
 */
#include <jansson.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "lines.h"
#include "modes.h"
#include "places.h"

/* --- surroundings --- */

static int nicer(void)
{
	return setpriority(PRIO_PROCESS, 0, 5);
}

static int nicest(void)
{
	return setpriority(PRIO_PROCESS, 0, 19);
}

static int in_usr(void)
{
	return chdir("/usr");
}

static int as_batch(void)
{
	return sched_setscheduler(0, SCHED_BATCH, &(struct sched_param) { 0 });
}

static int on_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	return sched_setaffinity(0, sizeof(one), &one);
}

static const struct box half = { "cpu", { "cpu.cfs_quota_us", "cpu.max" },
	{ "50000", "50000 100000" } };

static int under_quota(void)
{
	return join(&half);
}

/* What Docker's profile refuses to who has no capability. */
static int in_container(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setns, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_LEN(filter), .filter = filter };

	return become_user() || refuse_calls() ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* Yama 1 lets our prober look, whom the workers name, and no sibling write. */
static int yama_1(void)
{
	return yama("1\n") || become_user() || refuse_calls();
}

static int yama_2(void)
{
	return setenv("LD_PRELOAD", getenv("YAMA_STUB"), 1) || yama("2\n") || become_user() ||
	       refuse_calls();
}

/* --- what is said there --- */

static const struct place {
	const char *name;
	int (*make)(void);
	const char *scene;
	const char *arrive; /* keys of actions that are shown as everywhere */
	const char
		*refuted; /* what their kills refute, by name; of those without: '*' for one each */
	const char *holds; /* parts of claims that are shown */
	const char *reason; /* of something that is not shown; NULL: nothing need be missing */
} places[] = {
	{ "nice 5", nicer, "leaving-the-cpu", "sgbyw", "m15 m13 m19", "", NULL },
	{ "nice 19", nicest, "leaving-the-cpu", "sgby", "m15 m13", "", NULL },
	{ "the folder that chdir goes to", in_usr, "sharing-matrix", "mdi", "***", "tables", NULL },
	{ "SCHED_BATCH", as_batch, "leaving-the-cpu", "sgby", "m15 m13", "", NULL },
	{ "a CPU quota", under_quota, "lost-updates", "cm", "*m20", "", NULL },
	{ "one CPU", on_one_cpu, "lost-updates", "cm", "*m20", "", NULL },
	{ "a container, a call between siblings", in_container, "wild-pointer", "w", "*",
		"out of reach, memory, isolation, heap, corrupt", "not permitted" },
	{ "a container, kcmp", in_container, "sharing-matrix", "d", "*", "", NULL },
	{ "Yama 1", yama_1, "wild-pointer", "w", "*",
		"out of reach, memory, isolation, heap, corrupt", "not permitted" },
#ifndef __SANITIZE_ADDRESS__ /* which has to be loaded first */
	{ "Yama 2, registers", yama_2, "stacks", "r", "", "own registers", "ptrace_scope 2" },
	{ "Yama 2, one address", yama_2, "same-address", "", "", "", "ptrace_scope 2" },
#endif
};

static void assert_no_falsehood(const struct place *place, const json_t *said, const char *what)
{
	static const char *const true_words[] = { "holds", "not so", "does not apply",
		"not shown here", "cannot be decided here" };
	const char *answer = text_in(said, "answer");

	/* That processes are safe from races is what this scene refutes. */
	if (strcmp(answer, "contradicted") == 0 &&
		strcmp(text_in(said, "part"), "shared pages") == 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(true_words); i++)
		if (strcmp(answer, true_words[i]) == 0)
			return;
	fail_msg("%s: %s %s: %s", place->name, what, answer, text_in(said, "text"));
}

struct shown {
	char arrived[16], refuted[200], holds[200];
};

static void note_action(const struct place *place, const json_t *action, struct shown *shown)
{
	const json_t *said;
	size_t i;
	const size_t size = sizeof(shown->refuted);

	if (json_is_true(json_object_get(action, "arrived")) && !*text_in(action, "trouble"))
		strncat(shown->arrived, text_in(action, "key"), 1);
	json_array_foreach(json_object_get(action, "verdicts"), i, said)
	{
		assert_no_falsehood(place, said, "a verdict");
		if (strcmp(text_in(said, "answer"), "holds") == 0)
			snprintf(shown->holds + strlen(shown->holds), size - strlen(shown->holds),
				"%s, ", text_in(said, "part"));
	}
	json_array_foreach(json_object_get(action, "kills"), i, said)
	{
		const char *name = text_in(said, "name");

		assert_no_falsehood(place, said, "a kill");
		if (strcmp(text_in(said, "answer"), "not so") == 0)
			snprintf(shown->refuted + strlen(shown->refuted),
				size - strlen(shown->refuted), "%s ", *name ? name : "*");
	}
}

/* Each word of the list occurs in what is shown; as often as it stands there. */
static void assert_all(const struct place *place, const char *list, const char *shown)
{
	char words[200], *rest = words;

	snprintf(words, sizeof(words), "%s", list);
	for (char *word; (word = strsep(&rest, ",")) != NULL;) {
		word += strspn(word, " ");
		if (*word && !strstr(shown, word))
			fail_msg("%s: '%s' is not shown, but %s", place->name, word, shown);
	}
}

static void check(const struct place *place, const struct run *run)
{
	struct shown shown = { "", "", "" };
	json_t *lines = lines_of(run);
	const json_t *scene = json_array_get(lines, 0), *action;
	size_t i;
	char refuted[200] = "";

	json_array_foreach(json_object_get(scene, "actions"), i, action)
		note_action(place, action, &shown);
	for (const char *key = place->arrive; *key; key++)
		if (!strchr(shown.arrived, *key))
			fail_msg("%s: %s %c did not arrive: %.400s", place->name, place->scene,
				*key, run->out.text);
	/* "*m20" as "*, m20" */
	for (const char *at = place->refuted; *at; at++)
		snprintf(refuted + strlen(refuted), sizeof(refuted) - strlen(refuted),
			*at == '*'   ? "*,"
			: *at == ' ' ? ","
				     : "%c",
			*at);
	assert_all(place, refuted, shown.refuted);
	assert_all(place, place->holds, shown.holds);
	if (place->reason && !strstr(run->out.text, place->reason))
		fail_msg("%s: no word of '%s': %.2000s", place->name, place->reason, run->out.text);
	json_decref(lines);
}

static bool is_possible(const struct place *place)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(place->make() != 0 || access(program_path(), X_OK) != 0);
	waitpid(pid, &status, 0);
	if (status != 0)
		print_message("# not run: %s: this is not possible here\n", place->name);
	return status == 0;
}

static void what_is_not_shown_is_not_said(void **state)
{
	const char *only = getenv("PLACE");
	size_t played = 0;

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const struct place *place = &places[i];
		const char *const argv[] = { program_path(), "tour", place->scene, "--json",
			"--quick", NULL };
		struct run ret;

		if ((only && !strstr(place->name, only)) || !is_possible(place))
			continue;
		run(
			&(struct run_options) {
				.argv = argv, .prepare = place->make, .timeout_ms = 60000 },
			&ret);
		run_assert_status(&ret, 0);
		print_message("# %s: %.1f s\n", place->name, (double)ret.duration / NSEC_PER_SEC);
		check(place, &ret);
		run_finish(&ret);
		played++;
	}
	assert_true(played >=
		    (only ? 1 : 5)); /* as any user: nice, folder, batch, one CPU, container */
}

int main(void)
{
	const struct CMUnitTest tests[] = { e2e_test(what_is_not_shown_is_not_said) };

	return cmocka_run_group_tests_name("premises", tests, remove_groups, remove_groups);
}
