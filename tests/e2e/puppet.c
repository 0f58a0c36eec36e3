/* SPDX-License-Identifier: MIT
 * A well-behaved and an ill-behaved full-screen program, to test the harness on: raw mode, alternate screen, hidden
 * cursor, mouse, a child; keys decide how it leaves.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static volatile sig_atomic_t resized;

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(1);
}

static void on_resize(int signal)
{
	resized = 1;
}

static void take(void)
{
	struct termios raw = saved;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	say("\033[?1049h\033[?25l\033[?1000h\033[H\033[31mred\033[m plain \xe2\x94\x80\r\n");
}

static void put_back(void)
{
	say("\033[?1000l\033[?25h\033[?1049l");
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static void show_size(void)
{
	struct winsize size;
	char line[64];
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	snprintf(
		line, sizeof(line), "\033[2;1H\033[Ksize %dx%d\033[3;1H", size.ws_col, size.ws_row);
	say(line);
	resized = 0;
}

/* Returns when the child has made its arrangements, so that what a test sees does not hang on luck. */
static void breed(int immortal)
{
	int ready[2];
	char byte;

	if (pipe(ready))
		exit(1);
	if (fork()) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) < 0)
			exit(1);
		close(ready[0]);
		return;
	}
	if (!immortal)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "puppet-child");
	close(ready[0]);
	close(ready[1]);
	for (;;)
		pause();
}

static void obey(char key)
{
	if (key == 'q') {
		put_back();
		exit(7);
	}
	if (key == 'x')
		exit(0); /* rudely */
	if (key == 'z') {
		put_back();
		raise(SIGTSTP);
		take();
		say("back again\r\n");
	}
	if (key == 'i') {
		breed(1);
		say("bred\r\n");
	}
}

int main(void)
{
	sigset_t none, resize;
	sigemptyset(&none);
	sigemptyset(&resize);
	sigaddset(&resize, SIGWINCH);
	sigprocmask(SIG_BLOCK, &resize,
		NULL); /* so that it only comes within ppoll, and is not missed */
	sigaction(SIGWINCH, &(struct sigaction) { .sa_handler = on_resize }, NULL);
	tcgetattr(STDIN_FILENO, &saved);
	breed(0);
	take();
	show_size();
	for (;;) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
		char key;
		if (ppoll(&fd, 1, NULL, &none) == 1 && read(STDIN_FILENO, &key, 1) == 1)
			obey(key);
		if (resized)
			show_size();
	}
}
