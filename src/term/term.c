/* SPDX-License-Identifier: MIT
 * Ties frames and keys to a tty: its modes, its size, and its pace. A terminal that does not read (Ctrl-S, a dead
 * connection) must never hold up the program: output is not blocking, and while a frame is still on its way the next
 * ones are skipped.
 */
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "internal.h"
#include "term.h"

#define SYNC_ON "\033[?2026h"
#define SYNC_OFF "\033[?2026l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
/* Pastes are marked as such: typed into our input they would be commands. */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
/* The background, and then what every terminal answers: when that is there, no more will come. */
#define ASK_BACKGROUND "\033]11;?\033\\\033[c"
enum { ANSWER_MS = 200, LOOK_MS = 10 };
#define CTRL_L 12

struct term {
	struct screen *screen;
	struct term_rescue *rescue;
	bool own_rescue;
	struct term_options options;
	struct input input;
	int mouse_row, mouse_col; /* of the last click */
	struct buf out; /* what the terminal has not taken yet, from `sent` on */
	size_t sent;
	int rows, cols; /* as last told by KEYCODE_RESIZE */
	bool closed;
	enum { ASK_NOTHING, ASK_SOON, ASK_SENT, ASK_ANSWERED } ask;
	bool has_background;
	uint32_t background;
};

static void take_modes(struct term *term)
{
	struct termios raw = term->rescue->saved;
	raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL |
				   IEXTEN); /* ISIG stays: Ctrl-C and Ctrl-Z are signals */
	raw.c_cc[VMIN] = 0; /* a read never waits */
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* From here on every way out goes through the rescue. */
static void prepare_rescue(struct term *term)
{
	struct term_rescue *rescue = term->rescue;
	struct buf restore = { 0 };
	buf_adds(&restore, SYNC_OFF PASTE_OFF);
	if (term->options.mouse)
		buf_adds(&restore, MOUSE_OFF);
	screen_leave(term->screen, &restore);
	rescue->len = MIN(restore.len, sizeof(rescue->restore));
	memcpy(rescue->restore, restore.text, rescue->len);
	buf_finish(&restore);
}

static void enter(struct term *term)
{
	int rows, cols;
	/* A job in the background has no claim to the terminal, and what its modes are now is another's: this stops us until
	 * the shell brings us to the foreground, and else does nothing. */
	tcflow(STDIN_FILENO, TCOON);
	term_size(term, &rows, &cols);
	/* Still ours: what is saved stays, and only what another may have changed meanwhile is set again. */
	bool ours = term->rescue->live;
	if (!ours)
		tcgetattr(STDIN_FILENO, &term->rescue->saved);
	term->rescue->live = 1;
	take_modes(term);
	screen_repaint(term->screen);
	if (ours)
		return;
	buf_clear(&term->out);
	term->sent = 0;
	screen_enter(term->screen, rows, &term->out);
	buf_adds(&term->out, PASTE_ON);
	if (term->options.mouse)
		buf_adds(&term->out, MOUSE_ON);
	term->rows = rows;
	term->cols = cols;
}

static void set_rescue(struct term *term, struct term_rescue *rescue)
{
	term->own_rescue = !rescue;
	term->rescue = rescue ? rescue : term_rescue_create();
	if (term->rescue && term->rescue->fd < 0)
		term->rescue->fd = STDOUT_FILENO;
}

int term_open(const struct term_options *options, struct term **ret, char *why, size_t why_size)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		snprintf(why, why_size, "standard input and output are not both a terminal");
		return -ENOTTY;
	}
	struct term *term = xcalloc(1, sizeof(*term));
	term->options = *options;
	term->ask = options->ask_background ? ASK_SOON : ASK_NOTHING;
	term->input.escape_wait = options->escape_wait;
	int error = screen_open(
		options->type, options->colour, options->theme, &term->screen, why, why_size);
	if (error) {
		free(term);
		return error;
	}
	set_rescue(term, options->rescue);
	if (!term->rescue) {
		snprintf(why, why_size, "no memory to keep the terminal's state: %s",
			strerror(errno));
		screen_close(term->screen);
		free(term);
		return -ENODEV;
	}
	prepare_rescue(term);
	rescue_install(term->rescue);
	enter(term);
	*ret = term;
	return 0;
}

int term_fd(const struct term *term)
{
	return STDIN_FILENO;
}

int term_out_fd(const struct term *term)
{
	return term->out.len > term->sent && !term->closed ? term->rescue->fd : -1;
}

void term_size(const struct term *term, int *ret_rows, int *ret_cols)
{
	struct winsize size = { 0 };
	int got = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	/* A serial line or a container does not know its size: 0x0. */
	int rows = got == 0 && size.ws_row > 0 ? size.ws_row : 24;
	int cols = got == 0 && size.ws_col > 0 ? size.ws_col : 80;
	*ret_rows = MIN(rows, CANVAS_ROWS_MAX);
	*ret_cols = MIN(cols, CANVAS_COLS_MAX);
}

bool term_ascii(const struct term *term)
{
	return term->options.ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

void term_set_theme(struct term *term, const struct theme *theme)
{
	screen_set_theme(term->screen, theme);
}

int term_flush(struct term *term)
{
	while (term->sent < term->out.len && !term->closed) {
		ssize_t n = write_without_wait(
			term->rescue->fd, term->out.text + term->sent, term->out.len - term->sent);
		if (n > 0)
			term->sent += (size_t)n;
		else if (n == 0 || errno == EAGAIN)
			return -EAGAIN;
		else if (errno != EINTR)
			term->closed = true;
	}
	buf_clear(&term->out);
	term->sent = 0;
	return term->closed ? -EIO : 0;
}

int term_show(struct term *term, const struct canvas *canvas)
{
	bool first = term->out.len > 0 &&
		     term->sent == 0; /* what enter() left goes out with the frame */
	int error = first ? 0 : term_flush(term);
	if (error)
		return error;
	size_t start = term->out.len;
	if (!term->options.no_sync)
		buf_adds(&term->out, SYNC_ON);
	size_t before = term->out.len;
	screen_draw(term->screen, canvas, &term->out);
	if (term->out.len == before && !first) {
		term->out.len = start;
		return 0;
	}
	if (!term->options.no_sync)
		buf_adds(&term->out, SYNC_OFF);
	if (term->ask == ASK_SOON) {
		buf_adds(&term->out, ASK_BACKGROUND);
		term->ask = ASK_SENT;
	}
	error = term_flush(term);
	return error == -EAGAIN ? 0 : error; /* the rest of this frame follows; it is not lost */
}

/* More bytes, if there are any. */
static bool read_more(struct term *term)
{
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
	char bytes[sizeof(term->input.bytes)];
	if (poll(&wait, 1, 0) <= 0)
		return false;
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
	if (n > 0)
		input_add(&term->input, bytes, (size_t)n);
	else if ((wait.revents & POLLHUP) || (n < 0 && errno != EAGAIN && errno != EINTR))
		term->closed = true;
	return n > 0;
}

static bool resized(struct term *term)
{
	int rows, cols;
	term_size(term, &rows, &cols);
	if (rows == term->rows && cols == term->cols)
		return false;
	term->rows = rows;
	term->cols = cols;
	return true;
}

/* What an event is to the program. */
static int key_of(struct term *term, const struct input_event *event)
{
	if (event->kind == INPUT_ATTRIBUTES && term->ask == ASK_SENT)
		term->ask = ASK_ANSWERED;
	if (event->kind == INPUT_BACKGROUND && term->ask == ASK_SENT) {
		term->has_background = true;
		term->background = event->rgb;
	}
	if (event->kind == INPUT_MOUSE && term->options.mouse) {
		term->mouse_row = event->row;
		term->mouse_col = event->col;
		return event->key;
	}
	if (event->kind != INPUT_KEY)
		return KEYCODE_NONE;
	if (event->key != CTRL_L)
		return event->key;
	screen_repaint(term->screen);
	return KEYCODE_RESIZE;
}

int term_key(struct term *term, nsec now)
{
	struct input_event event;
	int key = KEYCODE_NONE;
	if (resized(term))
		return KEYCODE_RESIZE;
	do {
		while (key == KEYCODE_NONE && input_next(&term->input, now, &event))
			key = key_of(term, &event);
	} while (key == KEYCODE_NONE && read_more(term));
	if (key == KEYCODE_NONE && input_expire(&term->input, now, &event))
		key = key_of(term, &event);
	return key == KEYCODE_NONE && term->closed ? KEYCODE_CLOSED : key;
}

nsec term_wait(const struct term *term, nsec now)
{
	return input_wait(&term->input, now);
}

bool term_background(struct term *term, uint32_t *ret_rgb)
{
	bool has = term->has_background;
	term->has_background = false;
	*ret_rgb = term->background;
	return has;
}

/* What was asked is answered by now, or soon; what comes too late is thrown away with all that was typed. */
static void await_answer(struct term *term)
{
	struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
	struct input_event event;
	if (term->ask != ASK_SENT || term_out_fd(term) >= 0)
		return;
	for (int ms = 0; term->ask == ASK_SENT && !term->closed && ms < ANSWER_MS; ms += LOOK_MS) {
		poll(&wait, 1, LOOK_MS);
		read_more(term);
		while (input_next(&term->input, 0, &event))
			key_of(term, &event);
	}
	if (term->ask == ASK_SENT)
		tcflush(STDIN_FILENO, TCIFLUSH);
}

void term_close(struct term *term)
{
	if (!term)
		return;
	await_answer(term);
	term_rescue_apply(term->rescue);
	rescue_uninstall();
	screen_close(term->screen);
	if (term->own_rescue)
		term_rescue_destroy(term->rescue);
	buf_finish(&term->out);
	free(term);
}

void term_mouse(const struct term *term, int *ret_row, int *ret_col)
{
	*ret_row = term->mouse_row;
	*ret_col = term->mouse_col;
}

void term_repaint(struct term *term)
{
	screen_repaint(term->screen);
}

void term_suspend(struct term *term)
{
	term_rescue_apply(term->rescue);
}

void term_resume(struct term *term)
{
	enter(term);
}
