# SPDX-License-Identifier: MIT
# Cuts the lines that lessons show out of the crew's sources, so that they are those that run:
#     /* code: NAME... [processes|threads] */ ... /* end of code */
# Writes them as a table in C. In a program to export (NAME.c.in) such a mark stands where the lines go.
BEGIN {
	print "/* Made by cut_code.awk of the sources of the crew. */"
	print "#include \"src/lesson/code.h\"\n"
	print "const struct worker_code worker_codes[] = {"
}

function words_of_mark() {
	words = $0
	gsub(/.*code: | \*\/.*/, "", words)
	names = split(words, name, " ")
	kind = ""
	if (name[names] == "processes" || name[names] == "threads")
		kind = name[names--]
	match($0, /^\t*/)
	indent = RLENGTH
}

# A line as a string of C. Character by character: what gsub makes of a backslash is not the same in every awk.
function quoted(code, i, c, text_of_c) {
	text_of_c = ""
	for (i = 1; i <= length(code); i++) {
		c = substr(code, i, 1)
		if (c == "\\" || c == "\"")
			text_of_c = text_of_c "\\"
		text_of_c = text_of_c (c == "\t" ? "\\t" : c)
	}
	return "\t\t\"" text_of_c "\\n\"\n"
}

# --- programs ---

FILENAME ~ /\.c\.in$/ {
	program = FILENAME
	sub(/.*\//, "", program)
	sub(/\.c\.in$/, "", program)
	if (FNR == 1)
		scenes[++programs] = program
	if (/\/\* code: /) {
		words_of_mark()
		n = split(cut[name[1] " " kind], code_lines, "\n")
		for (i = 1; i < n; i++)
			body[program] = body[program] quoted(code_lines[i] == "" ? "" : substr($0, 1, indent) code_lines[i])
	} else {
		body[program] = body[program] quoted($0)
	}
	next
}

# --- sources ---

/\/\* end of code \*\// {
	for (i = 1; i <= names; i++)
		print "\t{ \"" name[i] "\", \"" kind "\", \"" file "\", " line ",\n" text "\t},"
	for (i = 1; i <= names; i++)
		cut[name[i] " " kind] = plain
	cutting = 0
	next
}

/\/\* code: / {
	file = FILENAME
	sub(/.*\//, "", file)
	line = FNR + 1
	words_of_mark()
	text = plain = ""
	cutting = 1
	next
}

cutting {
	code = $0
	for (i = 0; i < indent; i++)
		sub(/^\t/, "", code)
	plain = plain code "\n"
	text = text quoted(code)
}

END {
	print "};"
	print "const size_t worker_codes_n = sizeof(worker_codes) / sizeof(worker_codes[0]);\n"
	print "const struct lesson_program lesson_programs[] = {"
	for (i = 1; i <= programs; i++)
		print "\t{ \"" scenes[i] "\",\n" body[scenes[i]] "\t},"
	print "};"
	print "const size_t lesson_programs_n = sizeof(lesson_programs) / sizeof(lesson_programs[0]);"
}
