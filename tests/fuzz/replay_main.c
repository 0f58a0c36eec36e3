/* SPDX-License-Identifier: MIT
 * Runs a fuzz target without libFuzzer, under any compiler: every file of its corpus, then a bounded
 * number of seeded random mutations of them, the same on every machine.
 *
 *     replay CORPUS-FOLDER MUTATIONS [SEED]
 *     replay FILE                    (one input again, such as a crash that was saved)
 *
 * The input that ends the process is kept in ./crash-input.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

#define INPUTS_MAX 1024
#define INPUT_BYTES_MAX (1u << 20) /* of a file in the corpus */
#define MUTANT_BYTES_MAX (64u << 10)

struct input {
	uint8_t *data;
	size_t size;
};

struct corpus {
	struct input inputs[INPUTS_MAX];
	size_t n;
};

/* For the handler of fatal signals, which is given no context. */
static struct input current;

static void save_current(void)
{
	int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	bool saved = fd >= 0 && write(fd, current.data, current.size) == (ssize_t)current.size;
	const char *line = saved ? "input kept in ./crash-input\n" : "input could not be kept\n";

	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		return;
}

static void on_fatal(int number)
{
	save_current();
	raise(number); /* the handler was for once: now it kills */
}

/* With a sanitizer, its report ends the process without a signal. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void keep_input_on_death(void)
{
	static const int numbers[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action = { .sa_handler = on_fatal,
		.sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };

	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(save_current);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!__sanitizer_set_death_callback || numbers[i] == SIGABRT)
			sigaction(numbers[i], &action, NULL);
	}
}

static _Noreturn void fail(const char *what, const char *name)
{
	fprintf(stderr, "replay: %s: ", name);
	perror(what);
	exit(1);
}

static void *must(void *memory)
{
	if (!memory)
		fail("memory", "out of");
	return memory;
}

/* Runs a copy of exactly this size, so that a read beyond it is one beyond the block. */
static void run(const struct input *input)
{
	uint8_t *copy = must(malloc(input->size ? input->size : 1));

	if (input->size)
		memcpy(copy, input->data, input->size);
	current = (struct input) { copy, input->size };
	LLVMFuzzerTestOneInput(copy, input->size);
	current = (struct input) { 0 };
	free(copy);
}

static struct input read_file(int folder, const char *name)
{
	struct input input = { 0 };
	struct stat info;
	ssize_t n;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &info) < 0)
		fail("open", name);
	if (info.st_size > INPUT_BYTES_MAX) {
		fprintf(stderr, "replay: %s: larger than %u bytes\n", name, INPUT_BYTES_MAX);
		exit(1);
	}
	input.data = must(malloc((size_t)info.st_size + 1));
	while ((n = read(fd, input.data + input.size, (size_t)info.st_size - input.size)) > 0)
		input.size += (size_t)n;
	if (n < 0)
		fail("read", name);
	close(fd);
	return input;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* In the order of the names: the seed alone decides what is run. */
static void read_corpus(const char *path, struct corpus *ret)
{
	struct dirent **names;
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int n = scandir(path, &names, NULL, compare_names);

	if (folder < 0 || n < 0)
		fail("corpus", path);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.' && ret->n < INPUTS_MAX)
			ret->inputs[ret->n++] = read_file(folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	close(folder);
}

/* splitmix64 */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static size_t below(uint64_t *seed, size_t limit)
{
	return limit ? (size_t)(next_random(seed) % limit) : 0;
}

/* What parsers trip over. */
static const char *const tokens[] = { "-1", "0", "18446744073709551616", "9223372036854775808",
	"99999999999999999999999", "\n", "\r\n", "\t", " ", ")", "(", ":", "-", "\"", "\\",
	"\\u0000", "{", "}", "[", "]", "null", "1e999", "kB", "<", ">", "\xFF", "\xE2\x82",
	"\xE2\x80\xAE", "\xCC\x81", "\x1B[2J" };

/* Puts len bytes in the place of `old` bytes at `at`, as far as the mutant has room. */
static void replace(struct input *mutant, size_t at, size_t old, const uint8_t *with, size_t len)
{
	size_t tail = mutant->size - at - old;

	if (mutant->size - old + len > MUTANT_BYTES_MAX)
		return;
	memmove(mutant->data + at + len, mutant->data + at + old, tail);
	if (len)
		memcpy(mutant->data + at, with, len);
	mutant->size = mutant->size - old + len;
}

static void mutate(struct input *mutant, const struct input *other, uint64_t *seed)
{
	uint8_t piece[256];
	size_t at = below(seed, mutant->size + 1), rest = mutant->size - at;
	size_t some = below(seed, rest < sizeof(piece) ? rest + 1 : sizeof(piece));
	const char *token = tokens[below(seed, sizeof(tokens) / sizeof(tokens[0]))];

	switch (below(seed, 8)) {
	case 0: /* a bit */
		if (rest)
			mutant->data[at] ^= (uint8_t)(1u << below(seed, 8));
		break;
	case 1: /* a byte */
		if (rest)
			mutant->data[at] = (uint8_t)next_random(seed);
		break;
	case 2: /* a hole */
		replace(mutant, at, some, NULL, 0);
		break;
	case 3: /* a stammer */
		memcpy(piece, mutant->data + at, some);
		replace(mutant, at, 0, piece, some);
		break;
	case 4: /* cut */
		mutant->size = at;
		break;
	case 5: /* a piece of another file */
		at = below(seed, mutant->size + 1);
		some = below(seed, other->size < sizeof(piece) ? other->size + 1 : sizeof(piece));
		replace(mutant, at, 0, other->data + below(seed, other->size - some + 1), some);
		break;
	case 6: /* a token more */
		replace(mutant, at, 0, (const uint8_t *)token, strlen(token));
		break;
	default: /* a token instead */
		replace(mutant, at, some < 8 ? some : 1, (const uint8_t *)token, strlen(token));
	}
}

static void run_mutants(const struct corpus *corpus, long mutants, uint64_t seed)
{
	struct input mutant = { .data = must(malloc(MUTANT_BYTES_MAX)) };

	for (long i = 0; i < mutants; i++) {
		const struct input *from = &corpus->inputs[below(&seed, corpus->n)];

		mutant.size = from->size < MUTANT_BYTES_MAX ? from->size : MUTANT_BYTES_MAX;
		memcpy(mutant.data, from->data, mutant.size);
		for (size_t n = 1 + below(&seed, 6); n; n--)
			mutate(&mutant, &corpus->inputs[below(&seed, corpus->n)], &seed);
		run(&mutant);
	}
	free(mutant.data);
}

int main(int argc, char **argv)
{
	static struct corpus corpus;
	long mutants = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

	if (argc < 2) {
		fprintf(stderr, "usage: replay CORPUS-FOLDER MUTATIONS [SEED] | replay FILE\n");
		return 2;
	}
	keep_input_on_death();
	if (argc == 2)
		corpus.inputs[corpus.n++] = read_file(AT_FDCWD, argv[1]);
	else
		read_corpus(argv[1], &corpus);
	if (!corpus.n) {
		fprintf(stderr, "replay: %s: no input\n", argv[1]);
		return 1;
	}
	run(&(struct input) { 0 });
	for (size_t i = 0; i < corpus.n; i++)
		run(&corpus.inputs[i]);
	run_mutants(&corpus, mutants, seed);
	printf("%zu inputs, %ld mutations, seed %llu\n", corpus.n, mutants,
		(unsigned long long)seed);
	for (size_t i = 0; i < corpus.n; i++)
		free(corpus.inputs[i].data);
	return 0;
}
