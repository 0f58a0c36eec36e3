/* SPDX-License-Identifier: MIT
 * What the program tells the screen, and who is selected on it.
 */

#include "screen.h"

void ui_message(struct ui *ui, enum style style, const char *format, ...)
{
	char text[sizeof(ui->message)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	safe_text(ui->message, sizeof(ui->message), text, strlen(text));
	ui->message_style = style;
}

void ui_key_echo(struct ui *ui, int key)
{
	ui->echo = key;
}

void ui_set_state(struct ui *ui, const struct ui_state *state)
{
	ui->state = *state;
}

void ui_set_caption(struct ui *ui, const struct caption *caption)
{
	ui->caption = caption;
}

struct selection ui_selection(const struct ui *ui)
{
	const struct worker_half *half = rows_half(ui, ui->side);

	return (struct selection) {
		.side = ui->side,
		.worker = ui->worker[ui->side],
		.pid = half ? half->pid : 0,
		.tid = half ? half->tid : 0,
	};
}

void ui_select(struct ui *ui, enum side side, int worker)
{
	ui->side = side;
	ui->worker[side] = ui->chosen[side] = worker;
}
