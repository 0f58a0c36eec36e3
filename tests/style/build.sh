#!/bin/sh
# SPDX-License-Identifier: MIT
# Who has only what the program needs, as tools/run installs it, can set the build up: what tests alone need is hidden here
# from pkg-config. With -Dtests=enabled, as tools/test says, the same is an error and not a run without tests.
. "$(dirname "$0")/lib.sh"
command -v meson >/dev/null && command -v pkg-config >/dev/null || exit 77

wanted() {
	grep -ohE "dependency\('[^']*'" "$@" | cut -d "'" -f 2 | sort -u
}
without=$(mktemp -d)
trap 'rm -rf "$findings" "$scratch" "$without"' EXIT
mkdir "$without/packages"
pkg-config --variable pc_path pkg-config | tr : '\n' | while read -r folder; do
	[ ! -d "$folder" ] || find "$folder" -name '*.pc' -exec ln -sf {} "$without/packages/" \;
done
wanted meson.build src/*/meson.build >"$scratch"
for name in $(wanted tests/meson.build tests/*/meson.build | grep -vxFf "$scratch"); do
	echo "$name"
	rm -f "$without/packages/$name.pc"
done | grep . >/dev/null || echo "tests/meson.build:1: names no library of its own: what does this check hide?" | found

set_up() {
	PKG_CONFIG_LIBDIR=$without/packages PKG_CONFIG_PATH='' meson setup "$without/$1" . "-Dtests=$1" >"$scratch" 2>&1
}
set_up auto ||
	echo "tests/meson.build:1: the program needs what only tests should: $(grep ERROR "$scratch")" | found
! set_up enabled || echo "tests/meson.build:1: enabled tests can be left out" | found
verdict
