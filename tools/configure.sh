#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# configure.sh DIR [MESON OPTION...]: sets DIR up for building, or brings it up to date when a source file came or went.
set -eu
cd "$(dirname "$0")/.."
dir=$1
shift
for tool in meson ninja python3; do
    command -v $tool >/dev/null 2>&1 || { echo "$tool is missing: run \`make deps\`" >&2; exit 1; }
done
list=$(tools/list_sources.py --all)
if [ ! -f "$dir/build.ninja" ]; then
    rm -rf "$dir/meson-private"
    mkdir -p "$dir"
    meson setup "$dir" "$@" >"$dir/configure.log" 2>&1 || { cat "$dir/configure.log"; exit 1; }
elif [ "$list" != "$(cat "$dir/sources.list")" ]; then
    meson setup --reconfigure "$dir" "$@" >"$dir/configure.log" 2>&1 || { cat "$dir/configure.log"; exit 1; }
else
    exit 0
fi
printf '%s\n' "$list" >"$dir/sources.list"
