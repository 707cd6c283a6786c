#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building and testing needs and what is missing, on Debian and its relatives.  Silent when nothing is.
set -eu
packages="gcc libc6-dev clang clang-format clang-tidy g++ make meson ninja-build pkg-config python3 libsqlite3-dev valgrind \
binutils libclang-rt-dev libpq-dev libmariadb-dev postgresql mariadb-server pgbouncer openssl gzip libjansson-dev libinih-dev libuv1-dev \
libmicrohttpd-dev curl wrk chromium"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for p in $packages; do
        state=$(dpkg-query -W -f='${Status}' "$p" 2>/dev/null || true)
        case $state in *" installed") ;; *) missing="$missing $p" ;; esac
    done
else
    for tool in gcc clang clang-format clang-tidy g++ make meson ninja pkg-config python3 valgrind nm openssl gzip psql mariadb pgbouncer curl wrk chromium; do
        command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
    done
    for library in sqlite3 libpq libmariadb jansson inih libuv libmicrohttpd; do
        pkg-config --exists $library 2>/dev/null || missing="$missing $library-headers"
    done
    [ -z "$missing" ] || { echo "install-deps: no dpkg here; please install:$missing" >&2; exit 1; }
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    run=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run="sudo -n"
elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
    run="sudo"
else
    echo "install-deps: neither root nor sudo; please install:$missing" >&2
    exit 1
fi

echo "install-deps: installing$missing"
log=$(mktemp)
guard=""
# The servers are for tools/servers.sh to start: while packages are installed no service starts.  This is Debian's own guard;
# one that is there already is left alone.
policy=/usr/sbin/policy-rc.d
trap 'rm -f "$log"; [ -z "$guard" ] || $run rm -f $policy' EXIT
if [ ! -e $policy ]; then
    guard=yes
    printf '#!/bin/sh\nexit 101\n' | $run tee $policy >/dev/null
    $run chmod 755 $policy
fi

install() {
    # shellcheck disable=SC2086
    $run env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1
}
install || { $run apt-get update >"$log" 2>&1 && install; } || {
    cat "$log" >&2
    echo "install-deps: could not install:$missing" >&2
    exit 1
}
