#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each public header compiles alone, and twice, as C11, C17 and GNU C11, with gcc and clang; base.h and type.h also as
# C++17.
set -u
cd "${HOUSE_ROOT:-$(dirname "$0")/..}" || exit 2
wrong=0
count=0
try() { # HEADER COMPILER OPTION...
    header=$1
    shift
    count=$((count + 1))
    if ! printf '#include <%s>\n#include <%s>\ntypedef int not_empty;\n' "$header" "$header" |
        "$@" -Iinclude -Wall -Wextra -Werror -fsyntax-only -; then
        echo "$header: refused by $*"
        wrong=1
    fi
}
for path in $(find include/athanor -name '*.h' | sort); do
    header=${path#include/}
    for compiler in gcc clang; do
        for std in c11 c17 gnu11; do
            try "$header" $compiler -Wpedantic -std=$std -x c
        done
    done
    case $header in
    athanor/base.h | athanor/type.h)
        for compiler in g++ clang++; do try "$header" $compiler -std=c++17 -x c++; done
        ;;
    esac
done
[ $wrong = 0 ] && echo "$count compilations"
exit $wrong
