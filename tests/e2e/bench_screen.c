/* SPDX-License-Identifier: MIT
 * What the lab costs and how fast it answers, measured from outside in a real terminal: first frame, CPU time and memory
 * of taskscope itself, and the time from a key to the frame that it makes, on an idle and on a saturated machine.
 * Prints; fails only if it cannot measure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#define KEYS 100
#define COST_SECONDS 10
#define SHOWN_MS 3000

/* To the ns: ticks of utime and stime meet who is woken by a timer more often than it runs. */
static nsec cpu_time(pid_t pid)
{
	char path[64];
	long long run = 0;
	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file || fscanf(file, "%lld", &run) != 1)
		print_error("no CPU time of %d\n", (int)pid);
	if (file)
		fclose(file);
	return run;
}

/* kB; the private part is what the program adds to the machine. */
static long memory(pid_t pid, const char *field)
{
	char path[64], line[256];
	long sum = 0, kb;
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, field, strlen(field)) == 0 &&
			sscanf(strchr(line, ':') + 1, "%ld", &kb) == 1)
			sum += kb;
	}
	if (file)
		fclose(file);
	return sum;
}

/* taskscope's own: all but hosts and workers. */
struct own {
	int n;
	pid_t pids[8];
};

static struct own own_processes(struct tty *tty)
{
	struct own own = { .n = 1, .pids = { tty->program } };
	struct herd herd;
	herd_take(&herd, tty->program);
	for (int i = 0; i < herd.n && own.n < 8; i++) {
		if (herd.at[i].parent == tty->program && !strstr(herd.at[i].name, "crew"))
			own.pids[own.n++] = herd.at[i].pid;
	}
	herd_drop(&herd);
	return own;
}

static void wait_ms(struct tty *tty, int ms)
{
	nsec until = nsec_monotonic() + ms * NSEC_PER_MSEC;
	for (nsec left; (left = until - nsec_monotonic()) > 0;)
		tty_pump(tty, (int)(left / NSEC_PER_MSEC) + 1);
}

/* "437 221 switches recorded", as the lanes say it; -1: nothing says so. */
static long switches_shown(struct tty *tty)
{
	const char *text = tty_text(tty), *end = strstr(text, " switches recorded"), *at = end;
	long number = 0;
	while (at && at > text && (at[-1] == ' ' || (at[-1] >= '0' && at[-1] <= '9')))
		at--;
	for (; at && at < end; at++)
		number = *at == ' ' ? number : number * 10 + *at - '0';
	return end ? number : -1;
}

/* What is shown after the keys, with so many workers a side; per cent of one CPU. */
static double cost_of(const char *what, const char *workers, const char *keys, const char *shown)
{
	const char *const argv[] = { program_path(), "--processes", workers, "--threads", workers,
		NULL };
	nsec start = nsec_monotonic(), before = 0, after = 0;
	struct tty *tty = tty_start(36, 120, NULL, argv);
	long rss = 0, private = 0;
	tty_assert_text(tty, "taskscope");
	print_message("# first frame after %.1f ms\n",
		(double)(nsec_monotonic() - start) / NSEC_PER_MSEC);
	tty_assert_text(tty, "threads: 1 PID");
	tty_keys(tty, keys);
	tty_assert(tty, tty_wait_text(tty, shown));
	wait_ms(tty, 1000);
	struct own own = own_processes(tty);
	for (int i = 0; i < own.n; i++)
		before += cpu_time(own.pids[i]);
	long switches = switches_shown(tty);
	start = nsec_monotonic();
	wait_ms(tty, COST_SECONDS * 1000);
	switches = switches_shown(tty) - switches;
	for (int i = 0; i < own.n; i++) {
		after += cpu_time(own.pids[i]);
		rss = MAX(rss, memory(own.pids[i], "Rss"));
		private += memory(own.pids[i], "Private_");
	}
	double percent = 100.0 * (double)(after - before) / (double)(nsec_monotonic() - start);
	print_message("# %s: %d processes of ours, %s workers a side, 10 Hz, 120x36: %.2f %% of "
		      "one CPU\n",
		what, own.n, workers, percent);
	if (switches > 0)
		print_message("# %ld switches a second\n", switches / COST_SECONDS);
	print_message("# resident set of the largest %ld kB, private memory of all %ld kB\n", rss,
		private);
	tty_close(tty);
	return percent;
}

static void cost_of_the_lab(void **state)
{
	(void)cost_of("lab", "8", "", "threads: 1 PID");
}

/* Every switch recorded and drawn. The figure is 3 %, at up to 200,000 switches a second; the limit leaves room for more of
 * them, and for slower machines. */
static void cost_of_the_lanes(void **state)
{
	double lab = cost_of("lab", "4", "", "threads: 1 PID");
	double lanes = cost_of("lanes", "4", "8", "CPUs: who ran");
	print_message("# lanes cost %.2f x the lab's\n", lanes / lab);
	assert_true(lanes < 6);
}

static int compare(const void *a, const void *b)
{
	nsec left = *(const nsec *)a, right = *(const nsec *)b;
	return (left > right) - (left < right);
}

/* Zooming changes the frame at once; paused, so that no other frame is mistaken for the answer. */
static void time_keys(const char *what, const char *job, const char *threads)
{
	const char *const argv[] = { program_path(), "--job", job, "--processes", "1", "--threads",
		threads, NULL };
	struct tty *tty = tty_start(36, 120, NULL, argv);
	nsec times[KEYS];
	tty_assert_text(tty, "taskscope");
	wait_ms(tty, 2000);
	tty_keys(tty, " ");
	tty_assert_text(tty, "PAUSED");
	for (int i = 0; i < KEYS; i++) {
		bool in = i % 2 == 0;
		/* Not in step with anything that the program does. */
		wait_ms(tty, 20 + i * 7 % 31);
		nsec start = nsec_monotonic(), until = start + SHOWN_MS * NSEC_PER_MSEC;
		tty_keys(tty, "z");
		while (!strstr(tty_text(tty), "zoomed") == in && nsec_monotonic() < until)
			tty_pump(tty, 10);
		times[i] = nsec_monotonic() - start;
	}
	qsort(times, KEYS, sizeof(times[0]), compare);
	print_message("# %s: key to frame %.1f ms median, %.1f ms at the 99th percentile, %.1f ms "
		      "at most\n",
		what, (double)times[KEYS / 2] / NSEC_PER_MSEC,
		(double)times[KEYS * 99 / 100 - 1] / NSEC_PER_MSEC,
		(double)times[KEYS - 1] / NSEC_PER_MSEC);
	assert_true(times[KEYS - 1] < SHOWN_MS * NSEC_PER_MSEC);
	tty_close(tty);
}

static void keys_on_an_idle_machine(void **state)
{
	time_keys("idle", "sleep", "4");
}

static void keys_under_64_spinning_threads(void **state)
{
	time_keys("64 spinning threads", "spin", "64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cost_of_the_lab),
		cmocka_unit_test(cost_of_the_lanes),
		cmocka_unit_test(keys_on_an_idle_machine),
		cmocka_unit_test(keys_under_64_spinning_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
