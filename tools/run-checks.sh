#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run-checks.sh [BUILD]: every check of the house, two at a time; the last line is `N passed, N failed`.
set -u
cd "$(dirname "$0")/.."
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check_install goes first and alone, as it configures the build folder that others read; then one check a line, the long
# ones first.
echo "tools/check_install.sh $build" >"$work/first"
cat >"$work/list" <<EOF
tools/check_tidy.sh $build
tools/check_headers.sh
tools/check_compile_fail.py
tools/check_layers.py
tools/check_size.py
tools/check_format.sh
tools/check_symbols.sh $build
tools/check_words.sh
tools/check_readme.py
tools/check_short.py
EOF

for list in first list; do
    # shellcheck disable=SC2016
    xargs -P "$(nproc)" -I LINE sh -c '
    set -- LINE
    name=$(basename "${1%.*}")
    if "$@" >"$0/$name.log" 2>&1; then
        echo "ok $name: $(tail -1 "$0/$name.log")"
        echo >"$0/$name.passed"
    else
        { echo "not ok $name"; head -80 "$0/$name.log" | sed "s/^/   /"; } >"$0/$name.report"
        cat "$0/$name.report"
        echo >"$0/$name.failed"
    fi' "$work" <"$work/$list"
done

passed=$(find "$work" -name '*.passed' | wc -l)
failed=$(find "$work" -name '*.failed' | wc -l)
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" = 0 ]
