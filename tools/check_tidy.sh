#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_tidy.sh BUILD [FILE...]: clang-tidy (.clang-tidy) over the library and the command, with BUILD's compile commands.
set -u
cd "$(dirname "$0")/.."
build=${1:-build}
[ $# = 0 ] || shift
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(find src -name '*.c')
[ $# -gt 0 ] || { echo "nothing to read"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One file a run (version 14 carries false va_list findings from one file to the next), the largest first, so that the
# cores end together.  error.c and session.c define what tidy.h redefines.
# shellcheck disable=SC2012,SC2016
ls -S "$@" | xargs -P "$(nproc)" -I FILE sh -c '
    hint="--extra-arg=-include --extra-arg=$PWD/tools/tidy.h"
    case $2 in src/base/error.c | src/orm/session.c) hint= ;; esac
    log=$(mktemp -p "$0")
    clang-tidy -p "$1" --quiet --warnings-as-errors="*" $hint "$2" >"$log" 2>&1 || : >"$0/wrong"
    ! grep "^Skipping" "$log" || : >"$0/wrong"
    grep -E "(error|warning): " "$log"' "$work" "$build" FILE
[ ! -e "$work/wrong" ] || exit 1
echo "$# files"
