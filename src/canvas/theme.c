/* SPDX-License-Identifier: MIT
 * What meanings look like: five themes at 256 colours, one dark and one light form at eight, and one
 * form without any colour in which what must be told apart differs by attribute.
 *
 * The hues of process, thread, shared and private were chosen to stay apart under the three kinds of
 * colour blindness.
 */

#include "canvas.h"

#define NONE (-1) /* the terminal's own colour */

/* No colour: neighbours differ by attribute; voluntary is plain and involuntary bold. */
static const uint8_t mono_attributes[STYLES] = {
	[STYLE_DIM] = LOOK_DIM,
	[STYLE_STRONG] = LOOK_BOLD,
	[STYLE_BORDER] = LOOK_DIM,
	[STYLE_FOCUS] = LOOK_BOLD,
	[STYLE_PROCESS] = LOOK_BOLD,
	[STYLE_THREAD] = LOOK_UNDERLINE,
	[STYLE_SHARED] = LOOK_DIM,
	[STYLE_PRIVATE] = LOOK_BOLD,
	[STYLE_INVOLUNTARY] = LOOK_BOLD,
	[STYLE_RUNNING] = LOOK_BOLD,
	[STYLE_WAITING] = LOOK_UNDERLINE,
	[STYLE_SLEEPING] = LOOK_DIM,
	[STYLE_WARN] = LOOK_UNDERLINE,
	[STYLE_DEAD] = LOOK_BOLD | LOOK_UNDERLINE,
	[STYLE_KEY] = LOOK_BOLD,
};

/* Eight colours: 0 black, 1 red, 2 green, 3 yellow, 4 blue, 5 magenta, 6 cyan, 7 white. Bold is
 * also the brighter half on most terminals of that kind. Blue on black and yellow on white
 * cannot be read, and are not used. */
#define EIGHT_COMMON                                                                               \
	[STYLE_TEXT] = { NONE, NONE, 0 }, [STYLE_DIM] = { NONE, NONE, LOOK_DIM },                  \
	[STYLE_STRONG] = { NONE, NONE, LOOK_BOLD }, [STYLE_BORDER] = { NONE, NONE, LOOK_DIM },     \
	[STYLE_TITLE] = { NONE, NONE, 0 }, [STYLE_FOCUS] = { NONE, NONE, LOOK_BOLD },              \
	[STYLE_PRIVATE] = { 5, NONE, LOOK_BOLD }, [STYLE_VOLUNTARY] = { 2, NONE, 0 },              \
	[STYLE_RUNNING] = { 2, NONE, LOOK_BOLD }, [STYLE_SLEEPING] = { NONE, NONE, LOOK_DIM },     \
	[STYLE_GOOD] = { 2, NONE, LOOK_UNDERLINE }, [STYLE_KEY] = { NONE, NONE, LOOK_BOLD },       \
	[STYLE_STATUS] = { NONE, NONE, 0 }

static const struct look eight_dark[STYLES] = {
	EIGHT_COMMON,
	[STYLE_PROCESS] = { 6, NONE, LOOK_BOLD },
	[STYLE_THREAD] = { 3, NONE, LOOK_BOLD },
	[STYLE_SHARED] = { 7, NONE, LOOK_BOLD },
	[STYLE_INVOLUNTARY] = { 3, NONE, 0 },
	[STYLE_WAITING] = { 5, NONE, 0 },
	[STYLE_WARN] = { 1, NONE, 0 },
	[STYLE_DEAD] = { 1, NONE, LOOK_BOLD },
};

static const struct look eight_light[STYLES] = {
	EIGHT_COMMON,
	[STYLE_PROCESS] = { 4, NONE, LOOK_BOLD },
	[STYLE_THREAD] = { 1, NONE, 0 },
	[STYLE_SHARED] = { 6, NONE, 0 },
	[STYLE_INVOLUNTARY] = { 1, NONE, LOOK_BOLD },
	[STYLE_WAITING] = { 4, NONE, 0 },
	[STYLE_WARN] = { 5, NONE, 0 },
	[STYLE_DEAD] = { 1, NONE, LOOK_BOLD | LOOK_UNDERLINE },
};

/* Of all themes with 256 colours: what is strong is lit when it is focused, and who sleeps is dim. */
#define GREYS(text, paper, dim, strong, border, title)                                             \
	[STYLE_TEXT] = { text, paper, 0 }, [STYLE_DIM] = { dim, NONE, 0 },                         \
	[STYLE_STRONG] = { strong, NONE, LOOK_BOLD }, [STYLE_BORDER] = { border, NONE, 0 },        \
	[STYLE_TITLE] = { title, NONE, 0 }, [STYLE_FOCUS] = { strong, NONE, LOOK_BOLD },           \
	[STYLE_SLEEPING] = { dim, NONE, 0 }

/* What dark and projector-dark have in common; the projector's wash out greys, so there those
 * are stronger. No two meanings have one colour. */
#define DARK_HUES                                                                                  \
	[STYLE_PROCESS] = { 75, NONE, 0 }, [STYLE_THREAD] = { 214, NONE, 0 },                      \
	[STYLE_SHARED] = { 195, NONE, 0 }, [STYLE_PRIVATE] = { 211, NONE, 0 },                     \
	[STYLE_VOLUNTARY] = { 114, NONE, 0 }, [STYLE_INVOLUNTARY] = { 180, NONE, 0 },              \
	[STYLE_RUNNING] = { 120, NONE, LOOK_BOLD }, [STYLE_WAITING] = { 186, NONE, 0 },            \
	[STYLE_GOOD] = { 84, NONE, 0 }, [STYLE_WARN] = { 227, NONE, LOOK_BOLD },                   \
	[STYLE_DEAD] = { 210, NONE, LOOK_BOLD }

/* Of both light themes; the projector's light takes from colours, so its own are darker. */
#define LIGHT_HUES(process, private, dead)                                                         \
	[STYLE_PROCESS] = { process, NONE, 0 }, [STYLE_THREAD] = { 94, NONE, 0 },                  \
	[STYLE_SHARED] = { 23, NONE, 0 }, [STYLE_PRIVATE] = { private, NONE, 0 },                  \
	[STYLE_VOLUNTARY] = { 22, NONE, 0 }, [STYLE_INVOLUNTARY] = { 58, NONE, 0 },                \
	[STYLE_RUNNING] = { 28, NONE, LOOK_BOLD }, [STYLE_WAITING] = { 95, NONE, 0 },              \
	[STYLE_GOOD] = { 29, NONE, LOOK_BOLD }, [STYLE_WARN] = { 125, NONE, LOOK_BOLD },           \
	[STYLE_DEAD] = { dead, NONE, LOOK_BOLD }

const struct theme theme_table[] = {
	{
		.name = "dark",
		.help = "for a terminal with a dark background",
		.ink = 252,
		.paper = 234,
		.selected = 237,
		.look = {
			GREYS(NONE, NONE, 247, 231, 243, 250),
			DARK_HUES,
			[STYLE_KEY] = { 231, 239, LOOK_BOLD },
			[STYLE_STATUS] = { 252, 236, 0 },
		},
	},
	{
		.name = "light",
		.help = "for a terminal with a light background",
		.ink = 235,
		.paper = 231,
		.selected = 254,
		.look = {
			GREYS(NONE, NONE, 240, 16, 245, 238),
			LIGHT_HUES(26, 127, 160),
			[STYLE_KEY] = { 16, 252, LOOK_BOLD },
			[STYLE_STATUS] = { 236, 253, 0 },
		},
	},
	{
		.name = "projector-dark",
		.help = "a lecture hall: black background, strong contrast",
		.own_background = true,
		.ink = 231,
		.paper = 16,
		.selected = 238,
		.look = {
			GREYS(231, 16, 251, 231, 247, 255),
			DARK_HUES,
			[STYLE_KEY] = { 16, 253, LOOK_BOLD },
			[STYLE_STATUS] = { 231, 237, LOOK_BOLD },
		},
	},
	{
		.name = "projector-light",
		.help = "a bright room: white background, strong contrast",
		.own_background = true,
		.ink = 16,
		.paper = 231,
		.selected = 254,
		.look = {
			GREYS(16, 231, 237, 16, 243, 234),
			LIGHT_HUES(19, 90, 124),
			[STYLE_KEY] = { 231, 236, LOOK_BOLD },
			[STYLE_STATUS] = { 16, 253, LOOK_BOLD },
		},
	},
	{
		.name = "mono",
		.help = "no colour at all: bold, dim, underline and reverse",
		.ink = 252,
		.paper = 234,
		.selected = NONE,
	},
};
const size_t theme_count = ARRAY_LEN(theme_table);

const struct theme *theme_find(const char *name)
{
	for (size_t i = 0; i < theme_count; i++) {
		if (!strcmp(theme_table[i].name, name))
			return &theme_table[i];
	}
	return NULL;
}

uint32_t palette_rgb(int index)
{
	static const uint32_t system[16] = {
		0x000000,
		0xCD0000,
		0x00CD00,
		0xCDCD00,
		0x0000EE,
		0xCD00CD,
		0x00CDCD,
		0xE5E5E5,
		0x7F7F7F,
		0xFF0000,
		0x00FF00,
		0xFFFF00,
		0x5C5CFF,
		0xFF00FF,
		0x00FFFF,
		0xFFFFFF,
	};
	static const uint32_t level[6] = { 0, 95, 135, 175, 215, 255 };

	if (index < 0 || index > 255)
		return 0;
	if (index < 16)
		return system[index];
	if (index < 232) {
		index -= 16;
		return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
	}
	return (uint32_t)(8 + 10 * (index - 232)) * 0x010101;
}

/* By the weights of Rec. 601, which need no powers. */
bool rgb_is_light(uint32_t rgb)
{
	return 299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF) >=
	       1000 * 128;
}

bool theme_is_light(const struct theme *theme)
{
	return rgb_is_light(palette_rgb(theme->paper));
}

/* A theme that names no colours: the one without. */
static bool is_mono(const struct theme *theme)
{
	return theme->look[STYLE_PROCESS].fg == theme->look[STYLE_THREAD].fg;
}

/* The style alone, before the flags. */
static struct look base_look(const struct theme *theme, enum depth depth, enum style style)
{
	struct look look;

	if (depth == DEPTH_MONO || is_mono(theme))
		return (struct look) { NONE, NONE, mono_attributes[style] };
	if (depth == DEPTH_256) {
		look = theme->look[style];
		if (look.bg == NONE)
			look.bg = theme->own_background ? theme->paper : NONE;
		return look;
	}
	look = theme_is_light(theme) ? eight_light[style] : eight_dark[style];
	if (theme->own_background) {
		const int paper = theme_is_light(theme) ? 7 : 0;

		look.bg = paper;
		if (look.fg == NONE)
			look.fg = 7 - paper;
	}
	return look;
}

/* Behind an overlay, or stale: grey where there are greys, never bold. */
static struct look faded(struct look look, const struct theme *theme, enum depth depth)
{
	look.attributes &= (uint8_t)~LOOK_BOLD;
	if (depth == DEPTH_256 && !is_mono(theme)) {
		look.fg = theme_is_light(theme) ? 244 : 245;
		look.bg = theme->own_background ? theme->paper : NONE;
	} else {
		look.attributes |= LOOK_DIM;
	}
	return look;
}

/* A row of many colours stays readable on one background. Reversed, it would be a patchwork: there
 * it gives up its colours and becomes one, but for the bars of memory: those would show their
 * opposite. */
static struct look selected(
	struct look look, const struct theme *theme, enum depth depth, enum style style, bool faded)
{
	struct look bar = base_look(theme, depth, STYLE_TEXT);

	if (depth == DEPTH_256 && theme->selected != NONE) {
		look.bg = theme->selected;
		/* greys were chosen for the theme's paper, a key's ink for its cap */
		if ((look.fg >= 232 || style == STYLE_KEY) && !faded)
			look.fg = theme->ink;
		return look;
	}
	if (style == STYLE_SHARED || style == STYLE_PRIVATE) {
		look.attributes |= LOOK_UNDERLINE;
		return look;
	}
	/* dim and reverse together cannot be read on many terminals */
	bar.attributes = (uint8_t)((look.attributes & ~LOOK_DIM) | LOOK_REVERSE);
	return bar;
}

struct look theme_look(const struct theme *theme, enum depth depth, enum style style, uint8_t flags)
{
	struct look look = base_look(theme, depth, style);

	if (flags & CELL_BOLD)
		look.attributes |= LOOK_BOLD;
	if (flags & CELL_FADED)
		look = faded(look, theme, depth);
	if (flags & CELL_MARKED)
		look.attributes |= LOOK_BOLD | LOOK_UNDERLINE;
	if (flags & CELL_STRUCK)
		look.attributes |= LOOK_STRUCK;
	if (flags & CELL_SELECTED)
		look = selected(look, theme, depth, style, flags & CELL_FADED);
	return look;
}
