/* SPDX-License-Identifier: MIT
 * Says in words what a series measures.
 */

#include "internal.h"

char *duel_parameter_text(char *out, size_t size, const struct duel_item *item)
{
	const struct duel_info *duel = &duel_table[method_table[item->method].duel];
	const char *unit = duel->parameter_unit;
	long long value = (long long)item->parameter;
	if (value == 0)
		snprintf(out, size, "%s", "");
	else if (value == 1 && strcmp(unit, "workers") == 0)
		snprintf(out, size, "1 worker");
	else if (strcmp(unit, "bytes") == 0 && value >= 1024 && value % 1024 == 0)
		snprintf(out, size, "%lld kB", value / 1024);
	else
		snprintf(out, size, "%lld %s", value, unit);
	return out;
}

char *duel_item_text(char *out, size_t size, const struct duel_item *item)
{
	char parameter[32];
	duel_parameter_text(parameter, sizeof(parameter), item);
	snprintf(out, size, "%s, %s, %s%s%s", method_table[item->method].name,
		contender_name(item->who), item->cpus > 1 ? "2 CPUs" : "1 CPU",
		parameter[0] ? ", " : "", parameter);
	return out;
}
