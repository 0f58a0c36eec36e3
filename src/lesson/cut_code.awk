# SPDX-License-Identifier: MIT
# Cuts the lines that lessons show out of the crew's sources, so that they are those that run:
#     /* code: NAME... [processes|threads] */ ... /* end of code */
# Writes them as a table in C.
BEGIN {
	print "/* Made by cut_code.awk of the sources of the crew. */"
	print "#include \"src/lesson/code.h\"\n"
	print "const struct worker_code worker_codes[] = {"
}

/\/\* end of code \*\// {
	for (i = 1; i <= names; i++)
		print "\t{ \"" name[i] "\", \"" kind "\", \"" file "\", " line ",\n" text "\t},"
	cutting = 0
	next
}

/\/\* code: / {
	file = FILENAME
	sub(/.*\//, "", file)
	line = FNR + 1
	words = $0
	gsub(/.*code: | \*\/.*/, "", words)
	names = split(words, name, " ")
	kind = ""
	if (name[names] == "processes" || name[names] == "threads")
		kind = name[names--]
	match($0, /^\t*/)
	indent = RLENGTH
	text = ""
	cutting = 1
	next
}

cutting {
	code = $0
	for (i = 0; i < indent; i++)
		sub(/^\t/, "", code)
	gsub(/\\/, "\\\\", code)
	gsub(/"/, "\\\"", code)
	gsub(/\t/, "\\t", code)
	text = text "\t\t\"" code "\\n\"\n"
}

END {
	print "};"
	print "const size_t worker_codes_n = sizeof(worker_codes) / sizeof(worker_codes[0]);"
}
