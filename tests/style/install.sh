#!/bin/sh
# SPDX-License-Identifier: MIT
# An installed tree works where it was not built for: the prefix is moved after the build, and scenes, crew, man page and
# completions are found there. A build folder outside of the source tree finds its scenes too.
. "$(dirname "$0")/lib.sh"
command -v meson >/dev/null || exit 77
: "${BUILD_ROOT:?the build folder, set by meson}"

place=$(mktemp -d)
trap 'rm -rf "$findings" "$scratch" "$place"' EXIT
DESTDIR=$place/staged meson install -C "$BUILD_ROOT" --no-rebuild >"$scratch" 2>&1 ||
	sed 's|^|meson.build:1: |' "$scratch" | found
binary=$(find "$place/staged" -type f -name taskscope -path '*/bin/*')
[ -n "$binary" ] || { echo "meson.build:1: installs no taskscope" | found; verdict; }
mv "${binary%/bin/taskscope}" "$place/moved"

export XDG_DATA_HOME=$place/nothing
for program in "$place/moved/bin/taskscope" "$BUILD_ROOT/taskscope"; do
	(cd / && "$program" list scenes) >"$scratch" 2>&1 && grep -q same-address "$scratch" ||
		echo "meson.build:1: ${program#"$place"/}: no scenes: $(head -n 1 "$scratch")" | found
	(cd / && "$program" doctor) 2>&1 | grep -q 'not found beside' &&
		echo "meson.build:1: ${program#"$place"/}: no crew" | found
done
for part in share/man/man1/taskscope.1 share/bash-completion/completions/taskscope share/applications/taskscope.desktop; do
	[ -s "$place/moved/$part" ] || echo "meson.build:1: $part is not installed" | found
done
verdict
