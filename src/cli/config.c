/* SPDX-License-Identifier: MIT
 * Reads the configuration file: defaults for options, with the same checks. What was typed wins.
 */
#include "internal.h"

#include "document.h"

#define CONFIG_FILE_MAX (64 << 10)

/* Values as they are written, in the order of the keys. */
enum { THEME, INTERVAL, JOB, MOUSE, COLOR, ASCII, SAFE, VALUES };
enum { PROCESSES, THREADS, CREW_VALUES };
struct config {
	char *values[VALUES];
	char *(*crews)[CREW_VALUES];
};

static bool check_truth(void *context, const char *text, char *why, size_t size)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return true;
	snprintf(why, size, "'%s' is not true or false", text);
	return false;
}

#define VALUE(key, i, ...)                                                                         \
	{                                                                                          \
		key, DOCUMENT_TEXT, .offset = (i) * sizeof(char *), __VA_ARGS__                    \
	}

static const struct document_key crew_keys[] = { VALUE("processes", PROCESSES),
	VALUE("threads", THREADS) };
static const struct document_mapping crews = { sizeof(char *[CREW_VALUES]), crew_keys,
	CREW_VALUES };

static const struct document_key keys[] = { VALUE("theme", THEME), VALUE("interval", INTERVAL),
	VALUE("job", JOB), VALUE("mouse", MOUSE, .check = check_truth), VALUE("color", COLOR),
	VALUE("ascii", ASCII, .check = check_truth), VALUE("safe", SAFE, .check = check_truth),
	{ "crews", DOCUMENT_MAPPING, .offset = offsetof(struct config, crews), .of = &crews } };
static const struct document_mapping file = { sizeof(struct config), keys, ARRAY_LEN(keys) };

bool cli_config_path(char *path, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int len = 0;
	/* A relative folder is to be ignored, says the XDG specification. */
	if (config && *config == '/')
		len = snprintf(path, size, "%s/taskscope/config.yaml", config);
	else if (home && *home == '/')
		len = snprintf(path, size, "%s/.config/taskscope/config.yaml", home);
	return len > 0 && (size_t)len < size;
}

static size_t index_of(const char *option)
{
	size_t i = 0;
	while (strcmp(option_table[i].name, option) != 0)
		i++;
	return i;
}

/* One value of the file; where it has no meaning, or another was typed, it is only checked. */
static void take(struct cli *cli, struct document *document, char *const *value, const char *option)
{
	const size_t i = index_of(option);
	const struct option_info *info = &option_table[i];
	const bool flag = !info->argument;
	const char *sets = strncmp(option, "no-", 3) == 0 ? "false" : "true";
	char why[200] = "";
	const struct complaint complaint = { why, sizeof(why) };
	struct cli other = *cli;
	bool wanted = (info->verbs & 1u << cli->verb) && !cli->given[i];

	if (!*value || (flag && strcmp(*value, sets) != 0))
		return;
	if (cli_set_option(wanted ? cli : &other, info, flag ? NULL : *value, &complaint) != 0)
		document_tell(document, value, "%s", strncmp(why, "--", 2) == 0 ? why + 2 : why);
}

/* A key has the name of its option. */
static void take_all(struct cli *cli, struct document *document, struct config *config)
{
	for (int i = 0; i < VALUES; i++)
		take(cli, document, &config->values[i], i == MOUSE ? "no-mouse" : keys[i].name);
	for (int i = 0; config->crews && i < CREW_VALUES; i++)
		take(cli, document, &(*config->crews)[i], crew_keys[i].name);
}

/* Blank lines and comments alone: a file in which nothing is set yet. */
static bool is_blank(const struct buf *text)
{
	for (size_t at = 0; at < text->len; at++) {
		at += strspn(text->text + at, " \t\r\n");
		if (at < text->len && text->text[at] != '#')
			return false;
		at += strcspn(text->text + at, "\n");
	}
	return true;
}

static void read_text(
	struct cli *cli, const char *shown, const struct buf *text, struct buf *errors)
{
	struct document document = { .file = shown, .errors = errors };
	void *config = NULL;

	if (is_blank(text))
		return;
	if (document_read(&document, &file, text->text, text->len, NULL, &config))
		take_all(cli, &document, config);
	document_destroy(config, &file);
	document_finish(&document);
}

int cli_read_config(struct cli *cli, const char *path, char *why, size_t why_size)
{
	struct buf text = { 0 }, errors = { 0 };
	char shown[256];
	int error = document_load(path, CONFIG_FILE_MAX, &text);

	safe_text(shown, sizeof(shown), path, strlen(path));
	if (error == -ENOENT || error == -ENOTDIR) {
		buf_finish(&text);
		return -ENOENT;
	}
	if (error)
		buf_addf(&errors, "%s: cannot be read: %s\n", shown, document_why(error));
	else
		read_text(cli, shown, &text, &errors);
	/* The first mistake is enough to begin with. */
	if (errors.len)
		snprintf(why, why_size, "%.*s", (int)strcspn(errors.text, "\n"), errors.text);
	error = errors.len ? -EINVAL : 0;
	buf_finish(&text);
	buf_finish(&errors);
	return error;
}
