/* SPDX-License-Identifier: MIT
 * Finds the names of functions in ELF files. A file is mapped when it is first asked for, and kept: a
 * lab has the worker's program and libc. Any file may come, so every offset in it is checked against its length.
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "peek.h"

#define FILES_MAX 16
#define FILE_BYTES_MAX (64u << 20)

struct elf_file {
	char path[sizeof(((struct mapping_sample *)0)->path)];
	const uint8_t *bytes; /* NULL: it has no names for us */
	size_t size;
	const ElfW(Shdr) * symbols, *strings; /* of .symtab, or of .dynsym */
};

struct symbols {
	struct elf_file file[FILES_MAX];
	size_t n;
};

struct symbols *symbols_create(void)
{
	return xcalloc(1, sizeof(struct symbols));
}

static const void *part(const struct elf_file *file, uint64_t offset, uint64_t size)
{
	if (offset > file->size || size > file->size - offset || offset % sizeof(void *) != 0)
		return NULL;
	return file->bytes + offset;
}

static const ElfW(Ehdr) * header_of(const struct elf_file *file)
{
	const ElfW(Ehdr) *header = part(file, 0, sizeof(*header));

	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
		header->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
		return NULL;
	return header;
}

/* The full table of the program's own functions if it is not stripped, else that of exported ones. */
static void find_tables(struct elf_file *file)
{
	const ElfW(Ehdr) *header = header_of(file);
	const ElfW(Shdr) *sections =
		header && header->e_shentsize == sizeof(*sections)
			? part(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof(*sections))
			: NULL;

	for (unsigned i = 0; sections && i < header->e_shnum; i++) {
		const ElfW(Shdr) *section = &sections[i];

		if ((section->sh_type != SHT_SYMTAB &&
			    (section->sh_type != SHT_DYNSYM || file->symbols)) ||
			section->sh_link >= header->e_shnum ||
			section->sh_entsize != sizeof(ElfW(Sym)) ||
			!part(file, section->sh_offset, section->sh_size) ||
			sections[section->sh_link].sh_offset > file->size ||
			sections[section->sh_link].sh_size >
				file->size - sections[section->sh_link].sh_offset)
			continue;
		file->symbols = section;
		file->strings = &sections[section->sh_link];
	}
}

static void load(struct elf_file *file)
{
	struct stat st;
	int fd = io_open(IO_SYMBOLS, AT_FDCWD, O_RDONLY | O_NONBLOCK, "%s", file->path);
	void *bytes = MAP_FAILED;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
		st.st_size <= (off_t)FILE_BYTES_MAX && !io_fails(IO_SYMBOLS, IO_CALL))
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return;
	file->bytes = bytes;
	file->size = (size_t)st.st_size;
	find_tables(file);
}

static struct elf_file *find_file(struct symbols *symbols, const char *path)
{
	struct elf_file *file;

	for (size_t i = 0; i < symbols->n; i++)
		if (strcmp(symbols->file[i].path, path) == 0)
			return &symbols->file[i];
	if (symbols->n == FILES_MAX)
		return NULL;
	file = &symbols->file[symbols->n++];
	strncpy(file->path, path, sizeof(file->path) - 1);
	load(file);
	return file;
}

/* The address, as the file's symbols have it, of what stands at an offset of the file. */
static bool address_of(const struct elf_file *file, uint64_t offset, uint64_t *ret)
{
	const ElfW(Ehdr) *header = header_of(file);
	const ElfW(Phdr) *segments =
		header && header->e_phentsize == sizeof(*segments)
			? part(file, header->e_phoff, (uint64_t)header->e_phnum * sizeof(*segments))
			: NULL;

	for (unsigned i = 0; segments && i < header->e_phnum; i++)
		if (segments[i].p_type == PT_LOAD && offset >= segments[i].p_offset &&
			offset - segments[i].p_offset < segments[i].p_filesz) {
			*ret = offset - segments[i].p_offset + segments[i].p_vaddr;
			return true;
		}
	return false;
}

static const ElfW(Sym) * find_symbol(const struct elf_file *file, uint64_t address)
{
	const ElfW(Sym) *table = part(file, file->symbols->sh_offset, file->symbols->sh_size);
	size_t n = file->symbols->sh_size / sizeof(*table);

	for (size_t i = 0; i < n; i++)
		if (ELF64_ST_TYPE(table[i].st_info) == STT_FUNC && table[i].st_shndx != SHN_UNDEF &&
			address >= table[i].st_value &&
			address - table[i].st_value < table[i].st_size &&
			table[i].st_name < file->strings->sh_size)
			return &table[i];
	return NULL;
}

bool symbols_name(
	struct symbols *symbols, const char *path, uint64_t offset, char *out, size_t size)
{
	const struct elf_file *file = find_file(symbols, path);
	const ElfW(Sym) * symbol;
	char safe[44];
	uint64_t address;

	if (!file || !file->symbols || !address_of(file, offset, &address))
		return false;
	symbol = find_symbol(file, address);
	if (!symbol)
		return false;
	const char *name = (const char *)file->bytes + file->strings->sh_offset + symbol->st_name;
	sample_text(safe, name, strnlen(name, file->strings->sh_size - symbol->st_name));
	snprintf(out, size, "%s+0x%llx", safe, (unsigned long long)(address - symbol->st_value));
	return *safe != '\0';
}
