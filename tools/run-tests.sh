#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run-tests.sh: all there is (`make test`).  gcc and clang builds that allow no warning, every test and example with each,
# every test under ASan + UBSan, the thread tests under TSan, the demo under valgrind, then the checks of the house.
# Starts the database servers that the tests need, and stops them whatever happens.
# The last lines sum up: the conformance suite per database and build, and `N passed, N failed`.
set -u
cd "$(dirname "$0")/.."
dir=${TEST_BUILD:-build-test}
mkdir -p "$dir"
passed=0
failed=0
skipped=0
: >"$dir/conformance.log"
started=$SECONDS

heading() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }

pass() { passed=$((passed + 1)); }

miss() { # NAME [LOG]
    failed=$((failed + 1))
    echo "not ok $1"
    [ -z "${2:-}" ] || sed "/^FAILED: /{n;d}" "$2" | tail -60 | sed 's/^/   /'
}

# build NAME [MESON OPTION...]: one pass or one failure; the programs of a build that failed are not run.
build() {
    local name=$1 log=$dir/$1.log
    shift
    if tools/configure.sh "$dir/$name" -Dwerror=true "$@" >"$log" 2>&1 && ninja -C "$dir/$name" --quiet >>"$log" 2>&1; then
        echo "ok build $name"
        pass
    else
        miss "build $name" "$log"
        return 1
    fi
}

# part COMMAND...: runs it and adds its last line, `N passed, N failed`, to the sum.
part() {
    local log=$dir/part.log last
    "$@" 2>&1 | tee "$log"
    last=$(tail -1 "$log")
    grep '^[a-z ]*conformance ' "$log" >>"$dir/conformance.log"
    skipped=$((skipped + $(sed -n 's/^\([0-9]*\) skipped$/\1/p' "$log" | head -1 | grep . || echo 0)))
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        miss "$1 ended without a summary"
    fi
}

trap 'tools/servers.sh stop "$dir/servers"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
heading "servers"
export ATHANOR_TEST_REQUIRE_SERVERS=1
if tools/servers.sh start "$dir/servers" >"$dir/servers.log" 2>&1; then
    # shellcheck source=/dev/null
    . "$dir/servers/env"
    tools/servers.sh status "$dir/servers"
else
    miss servers "$dir/servers.log"
fi

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

heading "gcc -Werror"
CC=gcc build gcc && part tools/run_programs.py "$dir/gcc" --label "gcc "

# What is slow and tells the compilers least apart is left to gcc and the sanitizers.
heading "clang -Werror, client libraries linked"
CC=clang build clang -Dclient_libraries=link &&
    part tools/run_programs.py "$dir/clang" --label "clang " --kinds test \
        --without test/fault,test/service,test/models,test/async_sessions,test/migrate_kill,test/migrate_live

# gcc's sanitizers make some warnings wrong, so these builds allow them.
heading "address and undefined-behaviour sanitizers"
CC=gcc build asan -Dwerror=false -Doptimization=1 -Db_ndebug=false -Db_sanitize=address,undefined -Db_lundef=false \
    "-Dc_args=-fno-sanitize-recover=all -fno-omit-frame-pointer" &&
    part tools/run_programs.py "$dir/asan" --label "asan "

heading "thread sanitizer"
if [ -n "$(find test -name 'test_*thread*.c' -not -path 'test/house/*')" ]; then
    calm=""
    # Wide address randomisation, which some kernels use, is more than this sanitizer understands.
    setarch -R true 2>"$dir/setarch.log" && calm="setarch -R"
    CC=gcc build tsan -Dwerror=false -Db_sanitize=thread -Db_lundef=false &&
        part tools/run_programs.py "$dir/tsan" --label "tsan " --kinds test --only thread --wrap "$calm"
else
    echo "no thread tests"
fi

heading "valgrind"
if [ -x "$dir/gcc/packages" ]; then
    part tools/run_programs.py "$dir/gcc" --label "valgrind " --kinds packages \
        --wrap "valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible --error-exitcode=99"
else
    echo "no demo"
fi

heading "checks"
part tools/run-checks.sh "$dir/gcc"

heading "checks of the checks"
part test/house/run.sh --quiet

printf '\n== %d s\n' $((SECONDS - started))
cat "$dir/conformance.log"
[ $skipped = 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
