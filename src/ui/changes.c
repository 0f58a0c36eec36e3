/* SPDX-License-Identifier: MIT
 * What has just changed: remembers what each cell showed, and marks it for a second of samples when that is something
 * else.
 */

#include "screen.h"

#define CHANGES_MAX 4096 /* a power of two */
#define NEWS (1200 * NSEC_PER_MSEC) /* of the samples' own time */
#define FORGOTTEN (3000 * NSEC_PER_MSEC) /* a cell that was not drawn for so long is new */

struct change {
	uint64_t key, value; /* key 0: free */
	nsec seen_at, changed_at; /* changed_at 0: never */
};

struct changes {
	size_t n;
	struct change at[CHANGES_MAX];
};

static struct change *find(struct changes *changes, uint64_t key)
{
	size_t i = key & (CHANGES_MAX - 1);

	while (changes->at[i].key && changes->at[i].key != key)
		i = (i + 1) & (CHANGES_MAX - 1);
	return &changes->at[i];
}

bool changes_is_news(struct ui *ui, nsec now, uint64_t key, uint64_t value)
{
	struct change *change;

	if (!ui->changes)
		ui->changes = xcalloc(1, sizeof(*ui->changes));
	if (ui->changes->n >= CHANGES_MAX / 2) /* workers came and went: start anew */
		memset(ui->changes, 0, sizeof(*ui->changes));
	key |= 1;
	change = find(ui->changes, key);
	if (!change->key || now < change->seen_at || now - change->seen_at > FORGOTTEN) {
		ui->changes->n += !change->key;
		*change = (struct change) { key, value, now, 0 };
		return false;
	}
	if (change->value != value) {
		if (change->value != CHANGES_UNKNOWN && value != CHANGES_UNKNOWN)
			change->changed_at = now;
		change->value = value;
	}
	change->seen_at = now;
	return change->changed_at && now - change->changed_at < NEWS;
}

void changes_forget(struct ui *ui)
{
	if (ui->changes)
		memset(ui->changes, 0, sizeof(*ui->changes));
}
