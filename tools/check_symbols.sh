#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_symbols.sh [--write] BUILD: the library exports what tools/symbols.txt lists and nothing else, every global name
# starts with ath_, and no object calls what a library may not: it neither prints nor ends its caller's process.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
write=
[ "${1:-}" != --write ] || { write=1; shift; }
build=${1:-$top/build}
list=${SYMBOLS:-$top/tools/symbols.txt}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

for file in libathanor.so libathanor.a; do
    [ -f "$build/$file" ] || { echo "$build/$file is not built"; exit 1; }
done

nm -D --defined-only "$build/libathanor.so" | awk '{print $NF}' | sort -u >"$work/exported"
if [ -n "$write" ]; then
    cp "$work/exported" "$list"
    echo "$(wc -l <"$list") symbols written"
    exit 0
fi
touch "$work/listed"
[ ! -f "$list" ] || sort -u "$list" >"$work/listed"

refuse() { # MESSAGE; the names on standard input
    names=$(cat)
    [ -n "$names" ] || return 0
    echo "$names" | sed "s/^/$1: /"
    : >"$work/wrong"
}
comm -23 "$work/exported" "$work/listed" | refuse "exported but not in symbols.txt (make symbols)"
comm -13 "$work/exported" "$work/listed" | refuse "in symbols.txt but not exported (make symbols)"
grep -v '^ath_' "$work/exported" | refuse "exported without the prefix ath_"
nm -g --defined-only "$build/libathanor.a" 2>/dev/null | awk 'NF == 3 {print $3}' | grep -v '^ath_' | sort -u |
    refuse "global in the static library without the prefix ath_"
nm -A -u "$build/libathanor.a" 2>/dev/null | sed 's/^[^:]*:\([^:]*\):.* \([^ ]*\)$/\1 calls \2/' |
    grep -E ' calls (abort|exit|_exit|_Exit|quick_exit|__assert_fail|perror)$|calls (__)?v?f?printf(_chk)?$|calls (puts|putchar)$' |
    sort -u | refuse "not allowed in the library"
[ ! -e "$work/wrong" ] || exit 1
echo "$(wc -l <"$work/exported") exported symbols, as listed"
