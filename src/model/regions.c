/* SPDX-License-Identifier: MIT
 * Says what a mapping is: program, heap, stack of which worker, library, ours. By the kernel's name
 * of it, or by what a worker tells: the kernel has no names for the stacks of threads.
 */
#include "internal.h"

#define DELETED " (deleted)"
#define OWN_EXECUTABLE "taskscope-crew"
#define OWN_BOARD "taskscope-board"
#define OWN_MEMFD "/memfd:taskscope-"
#define ARENA "arena"
#define TOUCH "new pages"

static const char *const class_words[REGION_CLASSES] = {
	[REGION_TEXT] = "text",
	[REGION_DATA] = "data",
	[REGION_HEAP] = "heap",
	[REGION_STACK] = "stack",
	[REGION_GUARD] = "guard",
	[REGION_LIBRARY] = "library",
	[REGION_FILE] = "file",
	[REGION_ANONYMOUS] = "anonymous",
	[REGION_SHARED] = "shared",
	[REGION_BOARD] = "board",
	[REGION_VDSO] = "vdso",
};

const char *region_class_word(enum region_class class)
{
	return (unsigned)class < REGION_CLASSES ? class_words[class] : "unknown";
}

/* --- names of mappings --- */

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* The length without the kernel's mark of a file that has no name any more. */
static size_t path_length(const char *path)
{
	const size_t len = strlen(path), mark = strlen(DELETED);

	return len > mark && strcmp(path + len - mark, DELETED) == 0 ? len - mark : len;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool ends_with(const char *path, const char *end)
{
	const size_t len = path_length(path), n = strlen(end);

	return len >= n && strncmp(path + len - n, end, n) == 0;
}

/* "libc.so.6", "libc-2.31.so", "ld-linux-x86-64.so.2" */
static bool is_library(const char *path)
{
	const char *name = base_name(path), *so = name;

	while ((so = strstr(so, ".so")) != NULL) {
		so += strlen(".so");
		if (*so == '\0' || *so == '.' || strcmp(so, DELETED) == 0)
			return true;
	}
	return false;
}

static bool is_vdso(const char *path)
{
	return starts_with(path, "[vdso") || starts_with(path, "[vvar") ||
	       starts_with(path, "[vsyscall") || starts_with(path, "[vectors");
}

/* Memory that may be shared and has no file that a person would know: memfd, MAP_SHARED |
 * MAP_ANONYMOUS, System V, tmpfs. */
static bool is_shared_memory(const struct mapping_sample *mapping)
{
	static const char *const starts[] = { "/memfd:", "/dev/zero", "/SYSV", "/dev/shm/",
		"[anon_shmem:" };

	if (mapping->perms[3] != 's')
		return false;
	if (mapping->path[0] == '\0')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (starts_with(mapping->path, starts[i]))
			return true;
	return false;
}

/* --- labels --- */

/* "NAME SUFFIX", cut at a whole character of NAME. */
static void set_label(struct region *region, const char *name, size_t len, const char *suffix)
{
	const size_t room = sizeof(region->label) - strlen(suffix);
	const size_t used = safe_text(region->label, room, name, len);

	memcpy(region->label + used, suffix, strlen(suffix) + 1);
}

static void set_plain_label(struct region *region, const char *label)
{
	set_label(region, label, strlen(label), "");
}

/* What a part of an executable or library is for, by what may be done with it. */
static const char *part_of_program(const char *perms)
{
	if (perms[2] == 'x')
		return " text";
	if (perms[1] == 'w')
		return " data";
	return perms[0] == 'r' ? " read-only" : " gap";
}

/* The name between the brackets of "[NAME]", or of "[anon:NAME]". */
static void set_bracket_label(struct region *region, const char *path)
{
	const char *start = path + 1, *colon = strchr(path, ':');
	const size_t len = strlen(path);

	if (starts_with(path, "[anon") && colon)
		start = colon + 1;
	set_label(region, start, (size_t)(path + len - start) - (path[len - 1] == ']'), "");
}

static void set_owner_label(struct region *region, const char *what, size_t more)
{
	char label[sizeof(region->label)];

	if (region->worker >= 0 && more > 0)
		snprintf(label, sizeof(label), "%ss of w%d +%zu", what, region->worker, more);
	else if (region->worker >= 0)
		snprintf(label, sizeof(label), "%s of w%d", what, region->worker);
	else if (region->worker == WORKER_HOST)
		snprintf(label, sizeof(label), "%s of host", what);
	else
		snprintf(label, sizeof(label), "%s", what);
	set_plain_label(region, label);
}

/* --- classes --- */

/* One process while its mappings are looked at. */
struct owner {
	int16_t worker; /* of its main thread */
	const char *program; /* the path of its executable; "" unknown */
	const struct crew_sample *crew; /* that it is of; NULL: none */
};

/* The first worker whose stack ends in this mapping, and how many more do: without guard mappings
 * the kernel merges stacks that touch. */
static const struct worker_sample *find_stack(
	const struct sorter *stacks, const struct mapping_sample *mapping, size_t *ret_more)
{
	const struct sort_entry *at = stacks->entries.at;
	size_t low = 0, high = stacks->entries.n, end;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (at[middle].major <= mapping->start)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < stacks->entries.n && at[end].major <= mapping->end; end++)
		;
	if (end == low)
		return NULL;
	*ret_more = end - low - 1;
	return at[low].item;
}

static bool classify_stack(
	struct region *region, const struct owner *owner, const struct sorter *stacks)
{
	const struct mapping_sample *mapping = region->mapping;
	const struct worker_sample *worker;
	size_t more = 0;

	if (starts_with(mapping->path, "[stack")) {
		region->worker = owner->worker;
	} else {
		worker = find_stack(stacks, mapping, &more);
		if (!worker || mapping->perms[1] != 'w')
			return false;
		region->worker = worker->index;
	}
	region->class = REGION_STACK;
	set_owner_label(region, "stack", more);
	return true;
}

/* The memory that a crew has for writing new pages: as nameless as any, but its host says where. */
static bool classify_arena(struct region *region, const struct owner *owner)
{
	const struct mapping_sample *mapping = region->mapping;
	const struct crew_sample *crew = owner->crew;

	if (!crew || mapping->path[0] != '\0')
		return false;
	if (mapping->start >= crew->arena_low && mapping->end <= crew->arena_high)
		set_plain_label(region, ARENA);
	else if (mapping->start >= crew->touch_low && mapping->end <= crew->touch_high)
		set_plain_label(region, TOUCH);
	else
		return false;
	return true;
}

static void classify_bracket(struct region *region)
{
	const char *path = region->mapping->path;

	if (strcmp(path, "[heap]") == 0)
		region->class = REGION_HEAP;
	else if (is_vdso(path))
		region->class = REGION_VDSO;
	set_bracket_label(region, path);
}

static void classify_own_memfd(struct region *region)
{
	const char *path = region->mapping->path;
	const size_t start = strlen(OWN_MEMFD);

	region->class = region->mapping->perms[3] == 's' ? REGION_SHARED : REGION_FILE;
	set_label(region, path + start, path_length(path) - start, "");
}

static void classify_file(struct region *region, const struct owner *owner)
{
	const struct mapping_sample *mapping = region->mapping;
	const char *path = mapping->path, *name = base_name(path);
	const size_t len = path_length(path) - (size_t)(name - path);

	if (ends_with(path, OWN_EXECUTABLE) ||
		(owner->program[0] != '\0' && strcmp(path, owner->program) == 0)) {
		region->class = mapping->perms[2] == 'x' ? REGION_TEXT : REGION_DATA;
		set_label(region, "program", strlen("program"), part_of_program(mapping->perms));
	} else if (is_library(path)) {
		region->class = REGION_LIBRARY;
		set_label(region, name, len, part_of_program(mapping->perms));
	} else {
		region->class = REGION_FILE;
		set_label(region, name, len, "");
	}
}

static void classify(struct region *region, const struct owner *owner, const struct sorter *stacks)
{
	const struct mapping_sample *mapping = region->mapping;
	const char *path = mapping->path;

	if (classify_stack(region, owner, stacks) || classify_arena(region, owner))
		return;
	if (strstr(path, OWN_BOARD)) {
		region->class = REGION_BOARD;
		set_plain_label(region, "board");
	} else if (starts_with(path, OWN_MEMFD)) {
		classify_own_memfd(region);
	} else if (is_shared_memory(mapping)) {
		region->class = REGION_SHARED;
		set_label(region, path[0] == '[' ? "shared" : base_name(path),
			path[0] == '[' || path[0] == '\0' ? 0 : path_length(base_name(path)), "");
		if (region->label[0] == '\0')
			set_plain_label(region, "shared memory");
	} else if (path[0] == '[') {
		classify_bracket(region);
	} else if (path[0] != '\0') {
		classify_file(region, owner);
	} else {
		set_plain_label(region, mapping->perms[0] == '-' ? "reserved" : "anonymous");
	}
}

/* --- what only neighbours tell --- */

static bool touch(const struct region *below, const struct region *above)
{
	return below->mapping->end == above->mapping->start;
}

/* Our own demonstrations are mapped between two guards. */
static bool is_guarded(const struct region *region)
{
	if (region->class == REGION_ANONYMOUS)
		return strcmp(region->label, ARENA) == 0;
	return region->class != REGION_BOARD && starts_with(region->mapping->path, OWN_MEMFD);
}

static bool may_be_guard(const struct region *region)
{
	return region->class == REGION_ANONYMOUS && region->mapping->path[0] == '\0' &&
	       strncmp(region->mapping->perms, "---", 3) == 0;
}

/* A stack grows down: its guard is right below it, never above. */
static void find_guard(struct region *regions, size_t n, size_t i)
{
	struct region *region = &regions[i];
	const struct region *below = i > 0 ? &regions[i - 1] : NULL;
	const struct region *above = i + 1 < n ? &regions[i + 1] : NULL;
	const struct region *of = NULL;

	if (!may_be_guard(region))
		return;
	if (above && touch(region, above) && (above->class == REGION_STACK || is_guarded(above)))
		of = above;
	else if (below && touch(below, region) && is_guarded(below))
		of = below;
	if (!of)
		return;
	region->class = REGION_GUARD;
	region->worker = of->worker;
	if (of->class == REGION_STACK)
		set_owner_label(region, "guard", 0);
	else
		set_label(region, of->label, strlen(of->label), " guard");
}

/* Nameless writable memory right above the program's data is its bss: zeroes that the file has no
 * room for. */
static void find_bss(struct region *regions, size_t i)
{
	struct region *region = &regions[i];

	if (i == 0 || region->class != REGION_ANONYMOUS || region->mapping->path[0] != '\0' ||
		region->mapping->perms[1] != 'w')
		return;
	if (regions[i - 1].class != REGION_DATA || regions[i - 1].mapping->perms[1] != 'w' ||
		!touch(&regions[i - 1], region))
		return;
	region->class = REGION_DATA;
	set_plain_label(region, "program bss");
}

/* --- groups --- */

/* The program is what is mapped lowest, but for what has no file. */
static const char *find_program(const struct mapping_sample *mapping, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mapping[i].path[0] != '\0' && mapping[i].path[0] != '[')
			return mapping[i].path;
	return "";
}

static struct owner find_owner(
	const struct model *model, int32_t pid, const struct mapping_sample *mappings, size_t n)
{
	const struct track *track = model_track(model, pid);
	const struct process_sample *process = model_process(model, pid);
	struct owner owner = { .worker = WORKER_NONE, .program = find_program(mappings, n) };
	int side = -1;

	if (track) {
		owner.worker = track->now.worker;
		side = track->now.side;
	} else if (process) {
		owner.worker = process->worker;
		side = process->side;
	}
	/* A number of a group's task says nothing to anybody. */
	if (side_is_valid(side) && model_side(model, (enum side)side)->group)
		owner.worker = WORKER_NONE;
	if (owner.worker != WORKER_NONE && side_is_valid(side))
		owner.crew = model_side(model, (enum side)side)->crew;
	return owner;
}

static void find_stacks(struct sorter *stacks, const struct sample *sample, int32_t pid)
{
	const struct worker_sample *worker;

	vec_clear(&stacks->entries);
	vec_each (worker, &sample->workers)
		if (worker->pid == pid && worker->phase != WORKER_ENDED && worker->stack_high != 0)
			sorter_push(stacks, worker->stack_high, (uint64_t)worker->index, worker);
	sorter_run(stacks);
}

static void find_regions(
	const struct model *model, struct regions *regions, struct region_group *group)
{
	const struct mapping_sample *mappings = model->sample.mappings.at + group->first;
	struct region *at = regions->regions.at + group->first;
	const struct owner owner = find_owner(model, group->pid, mappings, group->n);

	find_stacks(&regions->stacks, &model->sample, group->pid);
	for (size_t i = 0; i < group->n; i++) {
		at[i] = (struct region) {
			.mapping = &mappings[i], .class = REGION_ANONYMOUS, .worker = WORKER_NONE
		};
		classify(&at[i], &owner, &regions->stacks);
	}
	for (size_t i = 0; i < group->n; i++) {
		find_guard(at, group->n, i);
		find_bss(at, i);
	}
	group->done = true;
}

static void index_groups(const struct sample *sample, struct regions *regions)
{
	const struct mapping_sample *mapping;
	struct region_group *group = NULL;

	vec_clear(&regions->regions);
	vec_clear(&regions->groups);
	id_map_reset(&regions->by_pid, sample->mappings.n);
	vec_each (mapping, &sample->mappings) {
		vec_push(&regions->regions);
		if (!group || group->pid != mapping->pid) {
			uint32_t *at = id_map_at(&regions->by_pid, (uint32_t)mapping->pid);

			group = vec_push(&regions->groups);
			*group = (struct region_group) { .pid = mapping->pid,
				.first = (uint32_t)regions->regions.n - 1 };
			if (*at == INDEX_NONE)
				*at = (uint32_t)regions->groups.n - 1;
		}
		group->n++;
	}
	regions->indexed = true;
}

const struct region *model_regions(const struct model *model, int32_t pid, size_t *ret_n)
{
	struct regions *regions = model->regions;

	if (!regions->indexed)
		index_groups(&model->sample, regions);
	uint32_t at = id_map_get(&regions->by_pid, (uint32_t)pid);
	if (at == INDEX_NONE) {
		*ret_n = 0;
		return NULL;
	}
	struct region_group *group = &regions->groups.at[at];
	if (!group->done)
		find_regions(model, regions, group);
	*ret_n = group->n;
	return regions->regions.at + group->first;
}

void regions_forget(struct regions *regions)
{
	regions->indexed = false;
}

void regions_finish(struct regions *regions)
{
	vec_finish(&regions->regions);
	vec_finish(&regions->groups);
	vec_finish(&regions->stacks.entries);
	id_map_finish(&regions->by_pid);
}
