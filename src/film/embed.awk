# SPDX-License-Identifier: MIT
# Turns files into lists of lines in C: page_css and page_js by their endings, without the blanks that lead a line.
FNR == 1 {
	name = FILENAME
	sub(/.*\./, "", name)
	if (NR > 1)
		print "\t0,\n};"
	print "extern const char *const page_" name "[];\nconst char *const page_" name "[] = {"
}
{
	sub(/^[ \t]+/, "")
	gsub(/\\/, "&&")
	gsub(/"/, "\\\\&")
	print "\t\"" $0 "\\n\","
}
END {
	print "\t0,\n};"
}
