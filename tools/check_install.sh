#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_install.sh BUILD: installs into a fresh place, and builds and runs programs against it as a user would, with the
# shared library and with the static one.
set -eu
cd "${HOUSE_ROOT:-$(dirname "$0")/..}"
build=${1:-build}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
fail() { echo "$1"; [ ! -s "$place/log" ] || cat "$place/log"; exit 1; }

make --no-print-directory install BUILD="$build" PREFIX="$place/usr" >"$place/log" 2>&1 || fail "make install failed"
for header in $(cd include && find athanor -name '*.h'); do
    [ -f "$place/usr/include/$header" ] || fail "$header is not installed"
done
export PKG_CONFIG_PATH="$place/usr/lib/pkgconfig"
version=$(pkg-config --modversion athanor)

cat >"$place/version.c" <<'C'
#include <athanor/base.h>
#include <stdio.h>
#include <string.h>
int main(void) {
    puts(ath_version());
    return strcmp(ath_version(), ATH_VERSION) != 0;
}
C
echo "$version" >"$place/version.out"
programs=version
if [ -f examples/readme.c ]; then
    cp examples/readme.c examples/readme.out "$place" || fail "examples/readme.out is missing"
    programs="version readme"
fi

run() { # PROGRAM: runs it in a folder of its own and compares what it prints
    rm -rf "$place/run" && mkdir "$place/run"
    (cd "$place/run" && "$place/$1") >"$place/got" 2>"$place/log" || fail "$1 ($2) failed"
    diff "$place/$1.out" "$place/got" >"$place/log" || fail "$1 ($2) printed something else"
}
for p in $programs; do
    # shellcheck disable=SC2046
    gcc -std=c11 -Wall -Wextra -Werror -o "$place/$p" "$place/$p.c" $(pkg-config --cflags --libs athanor) \
        >"$place/log" 2>&1 || fail "$p does not build with the shared library"
    ldd "$place/$p" 2>&1 | grep -q libathanor.so.0 || LD_LIBRARY_PATH="$place/usr/lib" ldd "$place/$p" |
        grep -q 'libathanor\.so\.0' || fail "$p does not use libathanor.so.0"
    LD_LIBRARY_PATH="$place/usr/lib" run "$p" shared
done

rm -f "$place"/usr/lib/libathanor.so*
# The archive brings none of the client libraries: they are named beside it, as shared ones.
# shellcheck disable=SC2046
private=$(pkg-config --print-requires-private athanor)
# shellcheck disable=SC2086
clients="$([ -z "$private" ] || pkg-config --libs $private) -lm -pthread"
for p in $programs; do
    # shellcheck disable=SC2046,SC2086
    gcc -std=c11 -Wall -Wextra -Werror -o "$place/$p" "$place/$p.c" $(pkg-config --cflags --libs athanor) $clients \
        >"$place/log" 2>&1 || fail "$p does not build with the static library"
    run "$p" static
done
if [ -d src/cli ] && [ -n "$(find src/cli -name '*.c')" ]; then
    [ -x "$place/usr/bin/athanor" ] || fail "the command athanor is not installed"
fi
echo "installed $version; $programs: shared and static"
