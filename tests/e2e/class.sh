#!/bin/sh
# SPDX-License-Identifier: MIT
# `taskscope class merge` on 30 results of four kinds of machine, and on hostile ones: these are left out with a line each,
# the rest is merged, and nobody is named.
: "${TASKSCOPE:?the program, set by meson}"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0
fail() {
	echo "$1"
	failed=1
}

# number, arch, pcid, pti, hypervisor, verdict of claim 4, what was chosen in question 5, its outcome
result() {
	cat >"$folder/student-$1.json" <<END
{"format":"taskscope-quiz","version":1,
"machine":{"arch":"$2","kernel":"6.1.0 $2","cpus":4,"pcid":$3,"pti":$4,"hypervisor":$5},
"card":[{"claim":1,"verdict":"true"},{"claim":4,"verdict":"$6"},{"claim":7,"verdict":"not run"}],
"answers":[
{"question":5,"scene":"same-address","level":1,"claims":[1],"outcome":"$8","choice":"$7","truth":"t","seconds":$1.5,"again":false,"reason":null},
{"question":5,"scene":"same-address","level":1,"claims":[1],"outcome":"wrong","choice":"$7","truth":"t","seconds":1,"again":true,"reason":null},
{"question":9,"scene":"birth","level":2,"claims":[2],"outcome":"skipped","choice":null,"truth":"t","seconds":null,"again":false,"reason":null}],
"scores":[]}
END
}

for i in 10 11 12 13 14 15 16; do
	result $i x86_64 true false true true "the other process sees it" wrong
	result $((i + 10)) x86_64 false true true contradicted "neither sees it" wrong
	result $((i + 20)) aarch64 null false false "cannot be decided here" "another page" right
	result $((i + 30)) x86_64 true true false true "another page" right
done
# Two more: as CSV, which tells no machine, and a tour's lines.
printf 'question,scene,level,claims,outcome,choice,truth,seconds,again,reason\r\n5,"same-address",1,1,"wrong","the other process sees it","t",3.0,0,\r\n7,"birth",2,2,"wrong","say ""no"", or not",,,0,\r\n' >"$folder/student-50.csv"
{
	echo '{"v":1,"scene":"same-address","number":3,"actions":[]}'
	echo '{"v":1,"machine":{"arch":"x86_64","pcid":true,"pti":false,"hypervisor":true},"card":[{"claim":4,"verdict":"true","parts":[]}]}'
} >"$folder/student-51.json"

# --- what is left out ---

mkdir "$folder/hostile"
cp "$folder/student-10.json" "$folder/hostile/twice.json"
head -c 300 "$folder/student-10.json" >"$folder/hostile/cut.json"
sed 's/"version":1/"version":9/' "$folder/student-10.json" >"$folder/hostile/newer.json"
sed 's/"question":5/"question":99999999999999999999999/' "$folder/student-10.json" >"$folder/hostile/huge.json"
sed 's/"question":5/"question":1e9/' "$folder/student-10.json" >"$folder/hostile/real.json"
sed 's/"answers":\[/"answers":[],"answers":[/' "$folder/student-10.json" >"$folder/hostile/keys.json"
: >"$folder/hostile/empty.json"
printf '{"format":"taskscope-quiz\0"}' >"$folder/hostile/nul.json"
printf 'question,scene,level,claims,outcome,choice,truth,seconds,again,reason\r\n5,"same' >"$folder/hostile/cut.csv"
echo '{"measure":1}' >"$folder/hostile/other.json"
head -c 3000000 /dev/zero | tr '\0' '[' >"$folder/hostile/deep.json"
# This one is taken, made safe.
result 60 'x86\u001b[31m' true false true '\u001b[2Jtrue' '=cmd()\u001b]0;owned\u0007' wrong
mv "$folder/student-60.json" "$folder/hostile/escapes.json"

csv=$folder/class.csv svg=$folder/class.svg
"$TASKSCOPE" class merge "$folder"/student-* "$folder"/hostile/* "$folder/missing.json" --csv "$csv" --svg "$svg" \
	>"$folder/out" 2>"$folder/err" || fail "the merge failed"
[ "$(ls "$folder"/student-* | wc -l)" -eq 30 ] || fail "there are not 30 results"

grep -q '^A class: 31 results' "$folder/out" || fail "not 31 results were merged"
[ "$(grep -c ' is left out: ' "$folder/err")" -eq 12 ] || fail "not 12 files were left out"
[ "$(wc -l <"$folder/err")" -eq 12 ] || fail "more than one line of a file"
left_out() {
	grep -q "hostile/$1 is left out: .*$2" "$folder/err" || fail "$1 is not left out for: $2"
}
left_out twice.json "another file holds the same" # or the other way round: one of them
left_out cut.json "not JSON"
left_out newer.json "another version"
left_out huge.json "not JSON"
left_out real.json "not what a quiz writes"
left_out keys.json "not JSON"
left_out empty.json "it is empty"
left_out nul.json "not text"
left_out cut.csv "not what a quiz writes"
left_out other.json "no results"
left_out deep.json "not JSON"

has() {
	grep -qF "$2" "$folder/$1" || fail "no '$2' in $1"
}
row() {
	tr -d '\r' <"$csv" | grep -qxF "$1" || fail "no row: $1"
}
has out "question 5: the other process sees it"
grep -q '^ *8 of 30 .*question 5: the other process sees it' "$folder/out" || fail "the misconception is not counted"
grep -q '^4 A process switch is expensive *true 8/8 *contradicted 7/7 *undecided 7/7 *true 7/7' "$folder/out" ||
	fail "claim 4 is not told"
grep -q '^7 A thread switch is faster *– *– *– *–$' "$folder/out" || fail "what did not run counts as a verdict"
row 'verdict,4,"x86_64, PCID, no PTI, virtual","true",,,8,8'
row 'verdict,4,"x86_64, no PCID, PTI, virtual","contradicted",,,7,7'
row 'verdict,1,"aarch64, no PTI, not virtual","true",,,7,7'
row 'verdict,4,"x86_64, PCID, PTI, not virtual","true",,,7,7'
row 'wrong,,,,5,"the other process sees it",8,30'
row 'wrong,,,,5,"neither sees it",7,30'
has class.csv ",5,\"'=cmd()"
row 'wrong,,,,7,"say ""no"", or not",1,1'
grep -q student "$folder/out" "$csv" "$svg" && fail "somebody is named unasked"
LC_ALL=C grep -q "$(printf '[\033\007]')" "$folder/out" "$csv" "$svg" "$folder/err" && fail "an escape sequence came through"
python3 -c 'import sys, xml.etree.ElementTree as tree; assert "expensive" in " ".join(tree.parse(sys.argv[1]).getroot().itertext())' "$svg" ||
	fail "the picture is none"
"$TASKSCOPE" class merge "$folder"/student-1* --names | grep -q '1 right .*student-10\|0 of 1 .*student-10.json' || fail "nobody is named though asked"

"$TASKSCOPE" class merge "$folder"/student-1* --csv "$csv" >"$folder/out" 2>"$folder/err" && fail "a file was replaced unasked"
[ ! -s "$folder/out" ] || fail "something was printed before the refusal"
"$TASKSCOPE" class merge "$folder/hostile/cut.json" >"$folder/out" 2>"$folder/err" && fail "nothing was merged, and it says nothing"
grep -q "no results could be read" "$folder/err" || fail "does not say that nothing could be read"
"$TASKSCOPE" class marge "$folder/student-10.json" 2>/dev/null
[ $? -eq 2 ] || fail "a wrong word is no wrong usage"
[ $failed -eq 0 ] || { cat "$folder/out" "$folder/err"; }
exit $failed
