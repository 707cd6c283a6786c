#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh [SECONDS] [TARGET...]: runs the libFuzzer targets of fuzz/ one after another, each for so long (default 600), from
# their corpora; finds stay in build-fuzz/finds, new inputs in build-fuzz/corpus.  Put a find that was mended into
# fuzz/corpus/TARGET, where `make test` replays it.
set -u
cd "$(dirname "$0")/.." || exit 2
seconds=${1:-600}
[ $# -eq 0 ] || shift
build='build-fuzz'
CC=clang tools/configure.sh $build -Dfuzz=true -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
    "-Dc_args=-fsanitize=fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer" || exit 1
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(find fuzz -name 'fuzz_*.c' | sed 's/.*fuzz_\(.*\)\.c/\1/' | sort)
failed=0
for name in "$@"; do
    ninja -C $build --quiet "fuzz/fuzz_$name" | { grep -v 'no work to do' || true; }
    mkdir -p "$build/corpus/$name" "$build/finds"
    if nice "$build/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$build/finds/$name-" "$build/corpus/$name" "fuzz/corpus/$name" >"$build/$name.log" 2>&1; then
        echo "ok $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log") inputs"
    else
        failed=1
        echo "not ok $name"
        tail -40 "$build/$name.log"
    fi
done
exit $failed
