#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_format.sh [FOLDER...]: every C file is as clang-format 14 would write it (`make format` does it).
set -u
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- src include test fuzz examples bench
log=$(mktemp)
trap 'rm -f "$log"' EXIT
clang-format --version | grep -q 'version 14\.' || { clang-format --version; echo "version 14 is needed"; exit 1; }
if ! find "$@" -name '*.[ch]' -not -path 'test/house/*' -print0 |
    xargs -0 -r clang-format --style=file --dry-run -Werror >"$log" 2>&1; then
    echo "make format would change:"
    sed -n 's/^\([^ :]*:[0-9]*\):[0-9]*: error: .*/\1/p' "$log" | sort -u | awk -F: '{n[$1]++; if (!at[$1]) at[$1] = $2}
        END {for (f in n) print "  " f ":" at[f] " and " n[f] - 1 " more lines"}' | sort
    exit 1
fi
echo "$(find "$@" -name '*.[ch]' | wc -l) files"
