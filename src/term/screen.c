/* SPDX-License-Identifier: MIT
 * Draws by ncurses, as the only file: terminal types, colours, and the fewest bytes that turn one frame into the next.
 *
 * ncurses writes to a memory file, not to the terminal: a frame then leaves in one write that term.c can cut short when
 * the terminal does not take it, while ncurses itself would wait or spin inside doupdate. Modes and keys are term.c's too.
 */
#include <curses.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define FRAME_ROOM (1 << 20) /* bytes */

struct attribute {
	attr_t attributes;
	int pair;
};

struct screen {
	SCREEN *curses;
	FILE *sink; /* a memory file */
	int fd; /* of sink */
	enum depth depth;
	bool direct_colour;
	/* ncurses knows no text that is struck out, and nothing here is in italics: what begins and
	 * ends those becomes what strikes; 0: the terminal cannot */
	struct {
		const char *from, *to;
	} strike[2];
	struct attribute attributes[STYLES][CELL_FLAGS];
	struct canvas *shown; /* the frame that the terminal shows, once all is sent */
	bool whole; /* it shows something else: send all */
};

/* Types that newer terminals set, and that many systems have no entry for. All understand xterm's. */
static const char *const xterm_like[] = { "xterm", "alacritty", "foot", "wezterm", "ghostty",
	"kitty", "contour", "konsole", "vte", "gnome", "st-", "iterm", "mintty", "tmux", "screen",
	"rio" };

static bool is_xterm_like(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(xterm_like); i++)
		if (strncmp(type, xterm_like[i], strlen(xterm_like[i])) == 0)
			return true;
	return false;
}

static const char *capability(const char *name)
{
	const char *text = tigetstr(name);
	return text && text != (const char *)-1 ? text : NULL;
}

static enum depth colour_depth(int colour)
{
	if (colour == 0 || !has_colors() || start_color() != OK || COLORS < 8)
		return DEPTH_MONO;
	use_default_colors();
	return COLORS >= 256 ? DEPTH_256 : DEPTH_8;
}

/* Where a terminal takes colours as 0xRRGGBB (TERM=xterm-direct), a palette index means nearly black. */
static int colour_number(const struct screen *screen, int index)
{
	if (index < 8 || !screen->direct_colour)
		return index;
	return (int)palette_rgb(index);
}

static struct attribute attribute_of(const struct screen *screen, struct look look)
{
	struct attribute a = { .attributes = A_NORMAL };
	if (look.attributes & LOOK_BOLD)
		a.attributes |= A_BOLD;
	if (look.attributes & LOOK_DIM)
		a.attributes |= A_DIM;
	if (look.attributes & LOOK_UNDERLINE)
		a.attributes |= A_UNDERLINE;
	if (look.attributes & LOOK_REVERSE)
		a.attributes |= A_REVERSE;
	if (look.attributes & LOOK_STRUCK && screen->strike[0].from)
		a.attributes |= A_ITALIC;
	if (screen->depth == DEPTH_MONO || (look.fg < 0 && look.bg < 0))
		return a;
	int pair = alloc_pair(colour_number(screen, look.fg), colour_number(screen, look.bg));
	a.pair = MAX(pair, 0);
	return a;
}

void screen_set_theme(struct screen *screen, const struct theme *theme)
{
	for (int style = 0; style < STYLES; style++)
		for (int flags = 0; flags < CELL_FLAGS; flags++)
			screen->attributes[style][flags] = attribute_of(
				screen, theme_look(theme, screen->depth, style, (uint8_t)flags));
	screen->whole = true;
}

static void stay(int number)
{
}

/* ncurses installs handlers of its own, which would write to the terminal from a signal. */
static const int curses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

/* Refusals, in words that say what helps. */
static int refuse(const char *type, char *why, size_t why_size, const char *problem)
{
	char shown[48];
	safe_text(shown, sizeof(shown), type, strlen(type));
	snprintf(why, why_size,
		"the terminal type TERM=%s %s; try TERM=xterm-256color, or use --plain", shown,
		problem);
	return -ENODEV;
}

static int start_curses(struct screen *screen, const char *type, char *why, size_t why_size)
{
	screen->fd = memfd_create("taskscope-frame", MFD_CLOEXEC);
	/* A limit on files holds for this one too, and ncurses does not say when a frame did not fit. */
	if (screen->fd >= 0 && ftruncate(screen->fd, FRAME_ROOM) == 0)
		screen->sink = fdopen(screen->fd, "w");
	if (!screen->sink) {
		snprintf(why, why_size, "no memory file for frames: %s%s", strerror(errno),
			errno == EFBIG ? " (RLIMIT_FSIZE, ulimit -f); --plain needs none" : "");
		return -ENODEV;
	}
	/* The size is the caller's, frame by frame; LINES and COLUMNS of the environment would only mislead. Without them
	 * a type that tells no size (linux) starts as 24 x 80. */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	/* While it writes, ncurses ignores SIGTSTP, and one that waits for us is lost then; where somebody handles the signal
	 * when it starts, it keeps its hands off for good. */
	sighandler_t before[ARRAY_LEN(curses_signals)];
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		before[i] = signal(curses_signals[i], stay);
	screen->curses = newterm(type, screen->sink, stdin);
	if (!screen->curses && is_xterm_like(type))
		screen->curses = newterm("xterm-256color", screen->sink, stdin);
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		signal(curses_signals[i], before[i]);
	if (!screen->curses)
		return refuse(type, why, why_size, "is unknown here");
	if (!capability("cup") || !capability("clear"))
		return refuse(type, why, why_size, "cannot place the cursor");
	return 0;
}

static void find_strike(struct screen *screen)
{
	static const char *const names[][2] = { { "sitm", "smxx" }, { "ritm", "rmxx" } };
	const char *from[2], *to[2];
	for (size_t i = 0; i < 2; i++) {
		from[i] = capability(names[i][0]);
		to[i] = capability(names[i][1]);
		if (!from[i] || !to[i] || strlen(from[i]) != strlen(to[i]))
			return;
	}
	for (size_t i = 0; i < 2; i++) {
		screen->strike[i].from = from[i];
		screen->strike[i].to = to[i];
	}
}

/* In what was written from `start` on. No text holds such a sequence: controls are never drawn. */
static void strike(const struct screen *screen, struct buf *out, size_t start)
{
	for (size_t i = 0; i < 2 && screen->strike[i].from; i++) {
		const size_t len = strlen(screen->strike[i].from);
		char *at = out->text + start;
		while ((at = memmem(at, (size_t)(out->text + out->len - at), screen->strike[i].from,
				len)))
			memcpy(at, screen->strike[i].to, len);
	}
}

/* What ncurses wrote since the last call; NULL: not wanted. */
static void take(struct screen *screen, struct buf *out)
{
	char chunk[4096];
	off_t len = lseek(screen->fd, 0, SEEK_CUR);
	size_t start = out ? out->len : 0;
	for (off_t at = 0; out && at < len;) {
		size_t want = (size_t)MIN((off_t)sizeof(chunk), len - at);
		ssize_t n = pread(screen->fd, chunk, want, at);
		if (n <= 0)
			break;
		buf_add(out, chunk, (size_t)n);
		at += n;
	}
	lseek(screen->fd, 0, SEEK_SET);
	if (out && out->len > start)
		strike(screen, out, start);
}

int screen_open(const char *type, int colour, const struct theme *theme, struct screen **ret,
	char *why, size_t why_size)
{
	if (!type || !*type) {
		snprintf(why, why_size, "TERM is not set; try TERM=xterm-256color, or use --plain");
		return -ENODEV;
	}
	struct screen *screen = xcalloc(1, sizeof(*screen));
	int error = start_curses(screen, type, why, why_size);
	if (error) {
		screen_close(screen);
		return error;
	}
	screen->depth = colour_depth(colour);
	screen->direct_colour = tigetflag("RGB") == 1;
	find_strike(screen);
	typeahead(-1); /* never drop a frame because a key waits */
	nonl();
	leaveok(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	curs_set(0);
	wnoutrefresh(stdscr);
	doupdate();
	take(screen, NULL);
	screen->shown = canvas_create(1, 1);
	screen_set_theme(screen, theme);
	*ret = screen;
	return 0;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	if (screen->curses) {
		endwin();
		delscreen(screen->curses);
	}
	if (screen->sink)
		fclose(screen->sink);
	else if (screen->fd > 0)
		close(screen->fd);
	canvas_destroy(screen->shown);
	free(screen);
}

void screen_repaint(struct screen *screen)
{
	screen->whole = true;
}

/* One character with its marks as wide characters; the canvas holds valid UTF-8 only. */
static void decode(const char *text, wchar_t *out)
{
	size_t n = 0, bytes;
	int32_t code;

	for (; *text && n < CCHARW_MAX - 1; text += bytes) {
		bytes = text_decode(text, strlen(text), &code);
		if (!bytes)
			break;
		out[n++] = (wchar_t)code;
	}
	if (n == 0)
		out[n++] = L' ';
	out[n] = 0;
}

static void put_cell(const struct screen *screen, int row, int col, const struct cell *cell)
{
	wchar_t wide[CCHARW_MAX];
	cchar_t out;
	struct attribute a = screen->attributes[cell->style % STYLES][cell->flags % CELL_FLAGS];
	decode(cell->text, wide);
	/* What this C library counts otherwise than the canvas would shift the row. */
	if (wcwidth(wide[0]) != MAX(cell->width, 1))
		wcscpy(wide, cell->width == 2 ? L"??" : L"?");
	wide[1] = wcwidth(wide[0]) == 1 && wide[0] == L'?' ? 0 : wide[1];
	if (setcchar(&out, wide, a.attributes, 0, &a.pair) != OK)
		return;
	mvadd_wchnstr(row, col, &out, 1);
	if (cell->width == 2 && wide[0] == L'?')
		mvadd_wchnstr(row, col + 1, &out, 1);
}

static void put_changes(struct screen *screen, const struct canvas *canvas)
{
	size_t row_size = (size_t)canvas->cols * sizeof(struct cell);
	for (int row = 0; row < canvas->rows; row++) {
		const struct cell *now = &canvas->cells[row * canvas->cols];
		struct cell *shown = &screen->shown->cells[row * canvas->cols];
		if (!screen->whole && memcmp(now, shown, row_size) == 0)
			continue;
		for (int col = 0; col < canvas->cols; col++)
			if (now[col].width > 0 && (screen->whole || memcmp(&now[col], &shown[col],
									    sizeof(*now)) != 0))
				put_cell(screen, row, col, &now[col]);
		memcpy(shown, now, row_size);
	}
}

/* A frame of another size: terminals move their text about on a resize, so nothing of the old one can be trusted. */
static void follow_size(struct screen *screen, const struct canvas *canvas)
{
	if (screen->shown->rows == canvas->rows && screen->shown->cols == canvas->cols)
		return;
	resize_term(canvas->rows, canvas->cols);
	canvas_resize(screen->shown, canvas->rows, canvas->cols);
	screen->whole = true;
}

/* A capability without its delays ("$<50>"), which terminals of today do not need and would show. */
static void put_plain(struct buf *out, const char *text)
{
	for (const char *delay; text && (delay = strstr(text, "$<"));) {
		const char *end = strchr(delay, '>');
		if (!end)
			break;
		buf_add(out, text, (size_t)(delay - text));
		text = end + 1;
	}
	if (text)
		buf_adds(out, text);
}

static void put_region(int rows, struct buf *out)
{
	const char *region = capability("csr");
	if (region)
		put_plain(out, tparm(region, 0, rows - 1));
}

void screen_draw(struct screen *screen, const struct canvas *canvas, struct buf *out)
{
	follow_size(screen, canvas);
	if (screen->whole) {
		put_region(canvas->rows, out);
		clearok(curscr, TRUE);
		erase();
	}
	put_changes(screen, canvas);
	screen->whole = false;
	wnoutrefresh(stdscr);
	doupdate();
	take(screen, out);
}

static void put_capability(struct buf *out, const char *name)
{
	put_plain(out, capability(name));
}

void screen_enter(const struct screen *screen, int rows, struct buf *out)
{
	put_capability(out, "smcup");
	put_capability(out, "smam");
	put_capability(out, "civis");
	put_capability(out, "sgr0");
	put_region(rows, out);
}

void screen_leave(const struct screen *screen, struct buf *out)
{
	const char *region = capability("csr");
	put_capability(out, "sgr0");
	put_capability(out, "op");
	if (region && tigetnum("lines") > 0)
		buf_adds(out, "\033[r"); /* the whole height, whatever it is by then */
	put_capability(out, "smam");
	put_capability(out, "rmkx");
	put_capability(out, "cnorm");
	if (capability("rmcup"))
		put_capability(out, "rmcup");
	else
		put_capability(out, "clear");
	/* Once more: some terminals (libvterm's, in editors) bring back the cursor's look with its place, as last saved. */
	put_capability(out, "cnorm");
	buf_adds(out, "\r");
}
