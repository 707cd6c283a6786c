#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Proves that each check of tools/ lets right input pass and refuses what it must refuse.  Inputs are made up in a
# scratch folder.  Prints `ok NAME` (not with --quiet) or `not ok NAME` lines and last `N passed, N failed`.
set -u
quiet=${1:-}
top=$(cd "$(dirname "$0")/../.." && pwd)
tools=$top/tools
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

result() { # NAME WHETHER-IT-IS-RIGHT [OUTPUT]
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        [ -n "$quiet" ] || echo "ok $1"
    else
        failed=$((failed + 1))
        echo "not ok $1"
        printf '%s\n' "${3:-}" | head -20 | sed 's/^/   /'
    fi
}

# accepts NAME COMMAND...: the command succeeds.
accepts() {
    local name=$1 said
    shift
    said=$("$@" 2>&1)
    result "$name" $? "$said"
}

# refuses NAME TEXT COMMAND...: the command fails, and says TEXT.
refuses() {
    local name=$1 text=$2 said code
    shift 2
    said=$("$@" 2>&1)
    code=$?
    [ $code != 0 ] && grep -qF -- "$text" <<<"$said"
    result "$name" $? "exit code $code, wanted a failure saying: $text
$said"
}

# tree: a fresh small project, the current folder and HOUSE_ROOT.
tree() {
    rm -rf "$scratch/tree"
    mkdir -p "$scratch/tree"/{src/{base,sql,orm,migrate,engine,cli,backend/{sqlite,mysql}},include/athanor,test,examples,bench}
    cd "$scratch/tree" || exit 2
    cp "$top/.clang-format" "$top/.clang-tidy" .
    export HOUSE_ROOT=$PWD
    printf '#ifndef B\n#define B\nint ath_b(void);\n#endif\n' >src/base/base.h
    printf '#ifndef A\n#define A\nconst char *ath_version(void);\n#define ATH_VERSION "0.1.0"\n#endif\n' >include/athanor/base.h
    printf '#include "base/base.h"\n\nint ath_b(void) {\n    return 1;\n}\n' >src/base/b.c
}

# ---- layers ----
layers=$tools/check_layers.py
tree
printf '#include "base/base.h"\n#include <stdio.h>\n' >src/sql/s.c
printf '#include "../orm/o.h"\n#include <sqlite3.h>\n#include "s.h"\n' >src/backend/sqlite/ok.txt
accepts layers_down $layers
touch src/sql/sql.h src/orm/orm.h src/migrate/m.h src/backend/mysql/m.h
printf '#include "sql/sql.h"\n' >src/base/up.c
refuses layers_up "above base" $layers
rm src/base/up.c
printf '#include "../sql/sql.h"\n' >src/base/beside.c
refuses layers_up_by_dots "above base" $layers
rm src/base/beside.c
printf '#include "migrate/m.h"\n' >src/orm/o.c
refuses layers_one_floor "may not meet" $layers
printf '#include "backend/mysql/m.h"\n' >src/orm/o.c
refuses layers_orm_and_backend "may not meet" $layers
rm src/orm/o.c
printf '#include "backend/mysql/m.h"\n' >src/backend/sqlite/o.c
refuses layers_two_backends "may not meet" $layers
rm src/backend/sqlite/o.c
printf '#include <sqlite3.h>\n' >src/engine/e.c
refuses layers_driver_header "known to backend/sqlite alone" $layers
printf '#include "nowhere.h"\n' >src/engine/e.c
refuses layers_missing "does not exist" $layers
rm src/engine/e.c
printf '#include <athanor/sql.h>\n' >include/athanor/type.h
touch include/athanor/sql.h
refuses layers_public_up "above type" $layers
printf '#include "base/base.h"\n' >include/athanor/type.h
refuses layers_public_to_internal "internal" $layers
rm include/athanor/type.h
mkdir src/attic
touch src/attic/x.c
refuses layers_no_room "belongs to no room" $layers
rm -r src/attic
printf '#include "orm/orm.h"\n#include "migrate/m.h"\n' >src/athanor.c
accepts layers_top_sees_all $layers

# ---- size ----
size=$tools/check_size.py
function_of() { # LINES: a function of that length, after a struct and a table that do not count
    printf 'struct s {\n    int a;\n};\n\nstatic int table[] = {\n%s\n};\n\n' "$(yes '    1,' | head -90)"
    printf '/* a comment { */\nint f(int a,\n      int b) {\n'
    yes '    a++; /* } */' | head -$(($1 - 4))
    printf '    return b;\n}\n'
}
tree
function_of 70 >src/base/f.c
accepts size_70 $size
function_of 71 >src/base/f.c
refuses size_71 "f.c:99: int f(int a,: 71 lines" $size
rm src/base/f.c
{ echo 'int g(void);'; function_of 71; } >test/f.c
refuses size_tests_too "71 lines" $size
rm test/f.c
yes '/* line */' | head -1000 >bench/long.c
accepts size_file_1000 $size
yes '/* line */' | head -1001 >bench/long.c
refuses size_file_1001 "1001 lines" $size

# ---- format ----
tree
accepts format_right "$tools/check_format.sh" "$PWD/src"
printf 'int  ath_c(void){return 1;}\n' >src/base/c.c
refuses format_wrong "c.c:1" "$tools/check_format.sh" "$PWD/src"

# ---- headers ----
headers=$tools/check_headers.sh
tree
accepts headers_right "$headers"
printf 'typedef struct twice { int a; } twice;\n' >include/athanor/engine.h
refuses headers_no_guard "engine.h: refused by gcc" "$headers"
printf '#ifndef E\n#define E\nsize_t ath_n(void);\n#endif\n' >include/athanor/engine.h
refuses headers_not_alone "size_t" "$headers"
printf '#ifndef E\n#define E\nstatic inline int ath_n(void) { return ({ 1; }); }\n#endif\n' >include/athanor/engine.h
refuses headers_extension "-Wpedantic" "$headers"
rm include/athanor/engine.h
printf '#ifndef A\n#define A\nint ath_f(int class);\n#endif\n' >include/athanor/base.h
refuses headers_cpp "refused by g++" "$headers"

# ---- symbols ----
tree
refuses symbols_not_built "is not built" "$tools/check_symbols.sh" "$PWD/lib"
library() { # C CODE: a build folder with both libraries made of it
    mkdir -p lib
    printf '%s\n' "$1" >lib/x.c
    gcc -fPIC -fvisibility=hidden -c -o lib/x.o lib/x.c && gcc -shared -o lib/libathanor.so lib/x.o &&
        rm -f lib/libathanor.a && ar rc lib/libathanor.a lib/x.o
}
api='__attribute__((visibility("default")))'
symbols() { SYMBOLS=$PWD/list "$tools/check_symbols.sh" "$PWD/lib"; }
echo ath_one >list
library "$api int ath_one(void) { return 1; } int ath__two(void) { return 2; }"
accepts symbols_right symbols
library "$api int ath_one(void) { return 1; } $api int ath_more(void) { return 2; }"
refuses symbols_new "exported but not in symbols.txt (make symbols): ath_more" symbols
library "int ath_one(void) { return 1; }"
refuses symbols_gone "not exported (make symbols): ath_one" symbols
library "$api int ath_one(void) { return 1; } int helper(void) { return 2; }"
refuses symbols_static "without the prefix ath_: helper" symbols
printf 'ath_one\nother\n' >list
library "$api int ath_one(void) { return 1; } $api int other(void) { return 2; }"
refuses symbols_prefix "exported without the prefix ath_: other" symbols
echo ath_one >list
for call in 'abort()' 'exit(1)' 'printf("%d", 1)' 'puts("a")' 'fprintf(stderr, "%d", 1)' 'perror("a")' 'assert(a)'; do
    library "#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
$api int ath_one(int a); int ath_one(int a) { $call; return a; }"
    refuses "symbols_${call%%(*}" "not allowed in the library" symbols
done
library "#include <stdio.h>
$api int ath_one(char *a); int ath_one(char *a) { return snprintf(a, 3, \"%p\", (void *)a); }"
accepts symbols_snprintf symbols

# ---- compile_fail ----
fails=$tools/check_compile_fail.py
tree
mkdir test/compile_fail
wrong_block() { # REGEX-COMMENT CODE
    printf 'int main(void) {\n#ifdef WRONG_1 %s\n    %s\n#endif\n    return 0;\n}\n' "$1" "$2" >test/compile_fail/t.c
}
wrong_block '/* error: undeclared */' 'return nothing;'
accepts compile_fail_right $fails
wrong_block '/* error: undeclared */' 'return 0;'
refuses compile_fail_compiles "compiled, but must not" $fails
wrong_block '/* error: incompatible */' 'return nothing;'
refuses compile_fail_other_message "no message matches" $fails
wrong_block '' 'return nothing;'
refuses compile_fail_no_reason "no /* error: regex */" $fails
printf 'int main(void) { return nothing; }\n#ifdef WRONG_1 /* error: nothing */\n#endif\n' >test/compile_fail/t.c
refuses compile_fail_not_correct "must compile" $fails
printf 'int main(void) { return 0; }\n' >test/compile_fail/t.c
refuses compile_fail_empty "has no WRONG_n" $fails

# ---- words ----
words=$tools/check_words.sh
tree
printf 'call snprintf(a, b) in "%s/work"; docs/root/x; https://semver.org\n' '$(BUILD)' >notes.md
accepts words_right "$words"
for mark in 'TO''DO' 'FIX''ME' 'XX''X' 'HA''CK'; do
    printf '/* %s: later */\n' "$mark" >src/base/w.c
    refuses "words_$mark" "unfinished" "$words"
done
for call in sprintf strcpy strcat strtok atoi gets alloca sscanf; do
    printf 'int f(void) { %s (x); }\n' "$call" >src/base/w.c
    refuses "words_$call" "unbounded call" "$words"
done
rm src/base/w.c
for host in 'registry''.npmjs''.org' 'deb''.debian''.org' 'pypi''.org' 'crates''.io'; do
    printf 'from %s\n' "$host" >notes.md
    refuses "words_host_${host%%.*}" "registry host" "$words"
done
for path in '/wo''rk/main' '/ro''ot/x' '/ho''me/ann/x'; do
    printf 'see %s/file\n' "$path" >notes.md
    refuses "words_path_${path//\//_}" "path of one machine" "$words"
done

# ---- tidy ----
tree
tidy() { # FILE
    printf '[{"directory":"%s","file":"%s","command":"gcc -std=c11 -I%s/include -I%s/src -c %s"}]' \
        "$PWD" "$PWD/$1" "$top" "$top" "$PWD/$1" >compile_commands.json
    "$tools/check_tidy.sh" "$PWD" "$PWD/$1"
}
printf 'int ath_t(int *p);\nint ath_t(int *p) {\n    return *p;\n}\n' >src/base/t.c
accepts tidy_right tidy src/base/t.c
printf 'int ath_t(int *p);\nint ath_t(int *p) {\n    p = 0;\n    return *p;\n}\n' >src/base/t.c
refuses tidy_null "NullDereference" tidy src/base/t.c
printf '#include <string.h>\nint ath_t(char *p);\nint ath_t(char *p) {\n    return memcmp(p, p, 0) == 1;\n}\n' >src/base/t.c
refuses tidy_bugprone "bugprone-" tidy src/base/t.c
printf '[]\n' >compile_commands.json
refuses tidy_not_read "Compile command not found" "$tools/check_tidy.sh" "$PWD" "$PWD/src/base/t.c"

# ---- install ----
tree
mkdir lib src/none
printf 'const char *ath_version(void);\nconst char *ath_version(void) { return V; }\n' >lib/v.c
cat >Makefile <<'M'
V = 0.1.0
install:
	mkdir -p $(PREFIX)/lib/pkgconfig $(PREFIX)/include $(PREFIX)/bin && cp -r include/athanor $(PREFIX)/include
	gcc -DV='"$(V)"' -fPIC -c -o lib/v.o lib/v.c && ar rc $(PREFIX)/lib/libathanor.a lib/v.o
	gcc -shared -Wl,-soname,libathanor.so.0 -o $(PREFIX)/lib/libathanor.so.0 lib/v.o
	ln -sf libathanor.so.0 $(PREFIX)/lib/libathanor.so
	printf 'Name: athanor\nDescription: x\nVersion: 0.1.0\nLibs: -L%s/lib -lathanor\nCflags: -I%s/include\n' \
		$(PREFIX) $(PREFIX) >$(PREFIX)/lib/pkgconfig/athanor.pc
M
install=$tools/check_install.sh
accepts install_right "$install" b
printf '#include <athanor/base.h>\n#include <stdio.h>\nint main(void) {\n    puts(ath_version());\n}\n' >examples/readme.c
echo 0.1.0 >examples/readme.out
accepts install_readme "$install" b
echo 0.2.0 >examples/readme.out
refuses install_readme_output "readme (shared) printed something else" "$install" b
rm examples/readme.out
refuses install_readme_no_output "readme.out is missing" "$install" b
rm examples/readme.c
sed -i 's/^V = .*/V = 0.0.9/' Makefile
refuses install_other_version "version (shared) failed" "$install" b
sed -i 's/^V = .*/V = 0.1.0/; s/cp -r include.athanor/: /' Makefile
refuses install_no_header "is not installed" "$install" b
printf 'install:\n\tfalse\n' >Makefile
refuses install_fails "make install failed" "$install" b

# ---- the runner of tests and examples ----
tree
mkdir -p b/meson-info examples/cookbook
program() { # FOLDER NAME SCRIPT: a build whose only program is this script
    printf '#!/bin/sh\n%s\n' "$3" >"b/$2"
    chmod +x "b/$2"
    printf '[{"type":"executable","name":"%s","filename":["%s"],"defined_in":"%s/meson.build"}]' \
        "$2" "$PWD/b/$2" "$PWD/$1" >b/meson-info/intro-targets.json
}
runs=("$tools/run_programs.py" b --limit 2)
program test t 'echo "ok a"; echo "ok b"; echo "2 passed, 0 failed"'
accepts run_right "${runs[@]}"
program test t 'echo "not ok a"; echo "1 passed, 3 failed"; exit 1'
refuses run_failures "1 passed, 3 failed" "${runs[@]}"
program test t 'echo "ok a"; kill -SEGV $$'
refuses run_crash "ended by signal 11" "${runs[@]}"
program test t 'echo "1 passed, 0 failed"; exit 99'
refuses run_exit_code "exit code 99 although none failed" "${runs[@]}"
program test t 'echo "ok a"'
refuses run_no_summary "no summary" "${runs[@]}"
program test t 'echo "0 passed, 0 failed"'
refuses run_nothing "ran no test" "${runs[@]}"
program test t 'echo "ok a # SKIP no server"; echo "1 skipped"; echo "0 passed, 0 failed"'
accepts run_skips "${runs[@]}"
refuses run_skips_are_shown "1 skipped" sh -c '"$@"; exit 1' sh "${runs[@]}"
program test conformance_t 'echo "ok a on sqlite"; echo "not ok a on mysql"; echo "1 passed, 1 failed"; exit 1'
refuses run_counts_per_database "conformance sqlite: 1 passed; mysql: 0 passed, 1 failed" "${runs[@]}"
program test t 'exec sleep 9'
refuses run_hangs "ran longer than 2 s" "${runs[@]}"
program examples/cookbook e 'echo one'
refuses run_no_expectation "e.out is missing" "${runs[@]}"
echo one >examples/cookbook/e.out
accepts run_example "${runs[@]}"
echo two >examples/cookbook/e.out
refuses run_example_output "-two" "${runs[@]}"
echo one >examples/cookbook/e.out
program examples/cookbook e 'echo one; exit 1'
refuses run_example_exit "exit code 1" "${runs[@]}"
program . service ''
mkdir -p test/service
script() { # SCRIPT: a test that is a script, of the program's room
    printf '#!/bin/sh\n%s\n' "$1" >test/service/test_s.py
    chmod +x test/service/test_s.py
}
script 'test -x "$ATHANOR_BUILD/service" && echo "ok a" && echo "1 passed, 0 failed"'
accepts run_script "${runs[@]}"
refuses run_script_is_run "1 passed, 0 failed" sh -c '"$@"; exit 1' sh "${runs[@]}"
script 'echo "not ok a"; echo "0 passed, 1 failed"; exit 1'
refuses run_script_fails "not ok test/service_s: 1 failed" "${runs[@]}"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
