/* SPDX-License-Identifier: MIT
 * What stands for each character where there is only ASCII. Two blocks of Unicode are drawn from
 * most and are whole here; the rest is listed one by one.
 */

#include "canvas.h"

/* U+2500 .. U+257F, box drawing: lines are lines, whatever their weight, and all that joins is a
 * plus. */
static const char box[] = "-=||-=||-=||++++" /* 2500 ─ ━ │ ┃ ┄ ┅ ┆ ┇ ┈ ┉ ┊ ┋ ┌ ┍ ┎ ┏ */
			  "++++++++++++++++" /* 2510 */
			  "++++++++++++++++" /* 2520 */
			  "++++++++++++++++" /* 2530 */
			  "++++++++++++-=||" /* 2540 ... ╌ ╍ ╎ ╏ */
			  "=|++++++++++++++" /* 2550 ═ ║ ╒ ... */
			  "++++++++++++++++" /* 2560 ... ╭ ╮ ╯ */
			  "+/\\X-|-|-|-|-|-|"; /* 2570 ╰ ╱ ╲ ╳ ╴ ╵ ╶ ╷ ╸ ╹ ╺ ╻ ╼ ╽ ╾ ╿ */

/* U+2580 .. U+259F, block elements: more ink for a higher step, and the hanging ones at the top
 * of their cell. */
static const char blocks[] = "\"_-=+o*%#" /* 2580 ▀ ▁ ▂ ▃ ▄ ▅ ▆ ▇ █ */
			     "##==--||" /* 2589 ▉ ▊ ▋ ▌ ▍ ▎ ▏ ▐ */
			     ",:%'|" /* 2591 ░ ▒ ▓ ▔ ▕ */
			     "..'#\\##'/#"; /* 2596 ▖ ▗ ▘ ▙ ▚ ▛ ▜ ▝ ▞ ▟ */

_Static_assert(sizeof(box) == 0x80 + 1, "one stand-in for each character of box drawing");
_Static_assert(sizeof(blocks) == 0x20 + 1, "one stand-in for each block element");

/* The rest, by what stands for it. */
static const struct {
	char ascii;
	const char *for_these;
} others[] = {
	{ '-', "–—−‐‑⎯" },
	{ '~', "…≈∼" },
	{ '.', "·․∙" },
	{ '*', "•●◆■★" },
	{ 'o', "○◇□◦°☆" },
	{ 'u', "µμ" },
	{ 'x', "×✗✘✕" },
	{ '/', "÷⁄" },
	{ '+', "±✓✔⊕" },
	{ '>', "→▶▸►›»⇒≥⟩" },
	{ '<', "←◀◂◄‹«⇐≤⟨" },
	{ '^', "↑▲△▴⇡" },
	{ 'v', "↓▼▽▾⇣" },
	{ '=', "↔⇄⇆⇔⏸" },
	{ '&', "≡" },
	{ '!', "⚠≠¡" },
	{ 'S', "Σ∑§" },
	{ 'd', "Δ∆" },
	{ '\'', "‘’′´" },
	{ '"', "“”″" },
	{ '1', "¹" },
	{ '2', "²" },
	{ '3', "³" },
	{ '@', "⟳↻↺" },
	{ '8', "∞" },
	{ ' ', "\xC2\xA0\xE2\x80\xAF\xE2\x80\x89" },
	{ 'a', "àáâãäåāă" },
	{ 'A', "ÀÁÂÃÄÅ" },
	{ 'c', "çćč" },
	{ 'C', "ÇĆČ" },
	{ 'e', "èéêëēě" },
	{ 'E', "ÈÉÊË" },
	{ 'i', "ìíîï" },
	{ 'I', "ÌÍÎÏ" },
	{ 'n', "ñń" },
	{ 'N', "Ñ" },
	{ 'o', "òóôõöø" },
	{ 'O', "ÒÓÔÕÖØ" },
	{ 's', "ßšś" },
	{ 'u', "ùúûü" },
	{ 'U', "ÙÚÛÜ" },
	{ 'y', "ýÿ" },
	{ 'z', "žźż" },
};

static char other(const char *text)
{
	size_t bytes;

	text_char_width(text, strlen(text), &bytes);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		/* no character of UTF-8 begins within another, so a plain search is right */
		if (memmem(others[i].for_these, strlen(others[i].for_these), text, bytes))
			return others[i].ascii;
	}
	return '?';
}

static char stand_in(const char *text)
{
	int32_t code = 0xFFFD;

	text_decode(text, strlen(text), &code);
	if (code < 0x80)
		return (char)code;
	if (code >= 0x2500 && code < 0x2580)
		return box[code - 0x2500];
	if (code >= 0x2580 && code < 0x25A0)
		return blocks[code - 0x2580];
	/* Braille patterns by their dots: they draw fine curves, of which ASCII can only say how
	 * much is there. */
	if (code >= 0x2800 && code < 0x2900)
		return " ..::=*##"[__builtin_popcount(code & 0xFF)];
	return other(text);
}

void canvas_to_ascii(struct canvas *canvas)
{
	for (int i = 0; i < canvas->rows * canvas->cols; i++) {
		struct cell *cell = &canvas->cells[i];
		char ascii;

		if (cell->width == 0) { /* of a wide character, which became one '?' */
			cell->width = 1;
			continue;
		}
		if (!cell->text[0])
			continue;
		ascii = cell->width == 2 ? '?' : stand_in(cell->text);
		memset(cell->text, 0, sizeof(cell->text));
		cell->text[0] = ascii == ' ' ? '\0' : ascii;
		cell->width = 1;
	}
}
