#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# servers.sh start|stop|status|env|restart|kill [DIR] [postgresql|mysql]: PostgreSQL and MariaDB for the tests, in a temporary
# folder, on loopback and free ports.  DIR (default build-servers) holds `env`, which a shell reads to learn where they are:
#
#     ATHANOR_TEST_POSTGRESQL, ATHANOR_TEST_MYSQL                    URLs of a superuser
#     ATHANOR_TEST_POSTGRESQL_SOCKET, ATHANOR_TEST_MYSQL_SOCKET      the folder, the file of the unix socket
#     ATHANOR_TEST_TLS_DIR                                           ca.crt, other-ca.crt; client.crt and client.key
#     ATHANOR_TEST_POSTGRESQL_EXPIRED, ATHANOR_TEST_MYSQL_EXPIRED    servers whose certificate is out of date
#
# The certificate is for 127.0.0.1 and localhost; the servers listen on 127.0.0.2 as well, a host that it does not name.
# Their clocks stand in an odd time zone, which no value may feel.  Nothing is kept: data is not synced, and `stop` removes it.  root's servers run as postgres and mysql (or nobody).
# ATHANOR_SERVERS="postgresql mysql" says which to start.  restart and kill (without warning) are for tests of their own DIR.
set -u
cd "$(dirname "$0")/.." || exit 2
verb=${1:-}
dir=${2:-build-servers}
only=${3:-}
wanted=${ATHANOR_SERVERS:-postgresql mysql}

fail() {
    echo "servers: $1" >&2
    [ -z "${2:-}" ] || { [ -f "$2" ] && tail -25 "$2" | sed 's/^/   /' >&2; }
    exit 1
}

# free_ports N: that many, each other than the rest.
free_ports() {
    python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])' "$1"
}

# as USER COMMAND...: root becomes USER, or nobody when there is no such user; everybody else stays who he is.
as() {
    local user=$1
    shift
    if [ "$(id -u)" != 0 ]; then
        "$@"
    else
        id -u "$user" >/dev/null 2>&1 || user=nobody
        HOME=$data LC_ALL=C setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups "$@"
    fi
}

# own USER MODE PATH...
own() {
    local user=$1 mode=$2
    shift 2
    if [ "$(id -u)" = 0 ]; then
        id -u "$user" >/dev/null 2>&1 || user=nobody
        chown -R "$user:$(id -g "$user")" "$@"
    fi
    chmod "$mode" "$@"
}

# The pid of a server of ours, when it runs: the process that was started with this very folder.
pid_of() { # NAME
    local file program
    for file in $(grep -alF "$data/$1/" /proc/[0-9]*/cmdline 2>/dev/null); do
        IFS= read -r -d '' program 2>/dev/null <"$file"
        case $program in
        *postgres | *mariadbd)
            file=${file#/proc/}
            echo "${file%/cmdline}"
            return 0
            ;;
        esac
    done
    return 1
}

# ---- certificates ----

# certificate NAME CA DAYS-FROM DAYS-TO NAMES: a key and a certificate signed by CA.
certificate() {
    local now
    now=$(date +%s)
    openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    mkdir "$1.ca" && : >"$1.ca/index" && printf '%08X' $((RANDOM * 32768 + RANDOM)) >"$1.ca/serial"
    printf '%s\n' "[ca]" "default_ca = it" "[it]" "database = $1.ca/index" "serial = $1.ca/serial" "new_certs_dir = $1.ca" \
        "default_md = sha256" "policy = any" "[any]" "commonName = supplied" >"$1.ca/conf"
    printf '%s\n' "basicConstraints = CA:FALSE" "subjectAltName = $5" >"$1.ca/ext"
    openssl ca -batch -notext -config "$1.ca/conf" -extfile "$1.ca/ext" -cert "$2.crt" -keyfile "$2.key" \
        -startdate "$(date -u -d "@$((now + $3 * 86400))" +%Y%m%d%H%M%SZ)" \
        -enddate "$(date -u -d "@$((now + $4 * 86400))" +%Y%m%d%H%M%SZ)" -in "$1.csr" -out "$1.crt"
    local done=$?
    rm -rf "$1.csr" "$1.ca"
    return $done
}

certificates() {
    local ca names="IP:127.0.0.1,DNS:localhost"
    mkdir "$data/tls" && cd "$data/tls" || return 1
    for ca in ca other-ca; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=athanor test $ca" -keyout $ca.key -out $ca.crt || return 1
    done
    certificate server ca -1 30 "$names" && certificate expired ca -20 -10 "$names" &&
        certificate client ca -1 30 "DNS:athanor" && chmod 644 ./*.crt && chmod 600 client.key
    local done=$?
    cd - >/dev/null || return 1
    return $done
}

# ---- PostgreSQL ----

postgresql_bin() {
    local found
    found=$(find /usr/lib/postgresql /usr/local/pgsql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -1)
    [ -n "$found" ] || found=$(command -v initdb) || fail "PostgreSQL is not installed: run \`make deps\`"
    dirname "$found"
}

postgresql_make() { # NAME CERTIFICATE
    local bin place=$data/$1
    bin=$(postgresql_bin) || exit 1
    mkdir "$place" && echo athanor >"$place/password" && cp "$data/tls/$2.crt" "$place/server.crt" &&
        cp "$data/tls/$2.key" "$place/server.key" && own postgres 700 "$place" && chmod 600 "$place/server.key" || return 1
    as postgres "$bin/initdb" -D "$place/data" -U athanor --pwfile "$place/password" --auth scram-sha-256 --encoding UTF8 \
        --locale C.UTF-8 --no-sync >"$place.log" 2>&1 || return 1
    mkdir -p "$place.socket" && own postgres 755 "$place.socket"
    cat >>"$place/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1,127.0.0.2'
unix_socket_directories = '$place.socket'
max_connections = 300
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
max_parallel_workers_per_gather = 0
lc_messages = 'C'
timezone = 'Asia/Kathmandu'
ssl = on
ssl_cert_file = '$place/server.crt'
ssl_key_file = '$place/server.key'
CONF
    echo "host all all 127.0.0.2/32 scram-sha-256" >>"$place/data/pg_hba.conf"
}

postgresql_run() { # NAME
    local bin place=$data/$1 port
    bin=$(postgresql_bin) || exit 1
    port=$(cat "$place.port")
    [ -n "$(pid_of "$1")" ] || rm -f "$place/data/postmaster.pid" "$place.socket"/.s.* # of one that was killed
    as postgres "$bin/pg_ctl" -D "$place/data" -l "$place/server.log" -o "-p $port" -w -t 60 start >>"$place.log" 2>&1 ||
        { cat "$place/server.log" >>"$place.log"; return 1; }
}

# ---- MariaDB ----

mysql_make() { # NAME CERTIFICATE
    local place=$data/$1
    command -v mariadbd >/dev/null || PATH=$PATH:/usr/sbin:/usr/local/sbin
    command -v mariadbd >/dev/null || fail "MariaDB is not installed: run \`make deps\`"
    mkdir "$place" "$place/tmp" "$place.socket" && cp "$data/tls/ca.crt" "$place/ca.crt" && cp "$data/tls/$2.crt" "$place/server.crt" &&
        cp "$data/tls/$2.key" "$place/server.key" || return 1
    cat >"$place/my.cnf" <<CONF
[mariadbd]
datadir = $place/data
tmpdir = $place/tmp
socket = $place.socket/mysql.sock
pid-file = $place/data/mysql.pid
bind-address = 127.0.0.1,127.0.0.2
skip-name-resolve
default-time-zone = +05:45
character-set-server = utf8mb4
collation-server = utf8mb4_general_ci
max_connections = 300
max_allowed_packet = 64M
performance_schema = OFF
skip-log-bin
innodb_buffer_pool_size = 128M
innodb_log_file_size = 24M
innodb_flush_log_at_trx_commit = 0
innodb_flush_method = nosync
innodb_doublewrite = OFF
sync_frm = OFF
aria_pagecache_buffer_size = 8M
key_buffer_size = 1M
ssl-ca = $place/ca.crt
ssl-cert = $place/server.crt
ssl-key = $place/server.key
CONF
    cat >"$place/init.sql" <<SQL
CREATE USER athanor@'%' IDENTIFIED BY 'athanor';
GRANT ALL ON *.* TO athanor@'%' WITH GRANT OPTION;
SQL
    own mysql 700 "$place" "$place/tmp" && own mysql 755 "$place.socket" && chmod 600 "$place/server.key" || return 1
    # The installer reads its file's path from the arguments before all others.
    as mysql mariadb-install-db --defaults-file="$place/my.cnf" --datadir="$place/data" --auth-root-authentication-method=normal \
        --skip-test-db >"$place.log" 2>&1
}

mysql_run() { # NAME
    local place=$data/$1 port pid first="" waited=0
    command -v mariadbd >/dev/null || PATH=$PATH:/usr/sbin:/usr/local/sbin
    port=$(cat "$place.port")
    [ -f "$place.ready" ] || first=--init-file=$place/init.sql
    rm -f "$place/data/mysql.pid"
    # shellcheck disable=SC2086
    as mysql setsid -f mariadbd --defaults-file="$place/my.cnf" --port="$port" $first </dev/null >"$place.log" 2>&1
    while [ $waited -lt 600 ]; do
        if [ -s "$place/data/mysql.pid" ] && MYSQL_PWD=athanor mariadb --no-defaults -u athanor -h 127.0.0.1 -P "$port" -e "SELECT 1" >/dev/null 2>&1; then
            : >"$place.ready"
            return 0
        fi
        [ -s "$place/data/mysql.pid" ] || ! grep -q "Aborting" "$place.log" || return 1
        sleep 0.1
        waited=$((waited + 1))
    done
    return 1
}

# ---- all of them ----

# one NAME CERTIFICATE PORT: makes a server and starts it, on another port if that one was taken meanwhile.
one() {
    local kind=${1%-*} try
    "${kind}_make" "$1" "$2" || return 1
    echo "$3" >"$data/$1.port"
    for try in 1 2 3; do
        "${kind}_run" "$1" && return 0
        [ $try = 3 ] || free_ports 1 >"$data/$1.port"
    done
    return 1
}

# stop_one NAME [KILL]: ends a server by its pid; after 30 seconds without mercy.
stop_one() {
    local pid waited=0 signal=${2:-TERM}
    pid=$(pid_of "$1") || return 0
    [ "$signal" = TERM ] && [[ $1 = postgresql* ]] && signal=INT # "fast": does not wait for clients
    kill "-$signal" "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null && [ "$(sed 's/.*) \(.\).*/\1/' "/proc/$pid/stat" 2>/dev/null)" != Z ]; do
        sleep 0.05
        waited=$((waited + 1))
        [ $waited -lt 600 ] || kill -KILL "$pid" 2>/dev/null
    done
}

stop_all() {
    local file
    for file in "$data"/*.port; do
        stop_one "$(basename "$file" .port)" &
    done
    wait
    rm -rf "$data"
}

write_env() {
    local kind port
    for kind in $wanted; do
        port=$(cat "$data/$kind-main.port")
        case $kind in
        postgresql)
            echo "export ATHANOR_TEST_POSTGRESQL=postgresql://athanor:athanor@127.0.0.1:$port/postgres"
            echo "export ATHANOR_TEST_POSTGRESQL_SOCKET=$data/postgresql-main.socket"
            echo "export ATHANOR_TEST_POSTGRESQL_EXPIRED=postgresql://athanor:athanor@127.0.0.1:$(cat "$data/postgresql-old.port")/postgres"
            ;;
        mysql)
            echo "export ATHANOR_TEST_MYSQL=mysql://athanor:athanor@127.0.0.1:$port/"
            echo "export ATHANOR_TEST_MYSQL_SOCKET=$data/mysql-main.socket/mysql.sock"
            echo "export ATHANOR_TEST_MYSQL_EXPIRED=mysql://athanor:athanor@127.0.0.1:$(cat "$data/mysql-old.port")/"
            ;;
        esac
    done
    echo "export ATHANOR_TEST_TLS_DIR=$data/tls"
}

start() {
    local kind name ports
    [ -f "$dir/env" ] && status >/dev/null && { echo "servers: running; . $dir/env"; return 0; }
    stop
    mkdir -p "$dir"
    data=$(mktemp -d "${TMPDIR:-/tmp}/athanor-servers-XXXXXX") && chmod 755 "$data" && echo "$data" >"$dir/place" || fail "no folder"
    trap 'wait; stop_all; rm -f "$dir/place"; exit 1' INT TERM
    certificates >"$data/tls.log" 2>&1 || { tail -5 "$data/tls.log"; stop_all; fail "openssl made no certificates"; }
    mapfile -t ports < <(free_ports 4)
    for kind in $wanted; do
        { one "$kind-main" server "${ports[0]}" || echo "$kind-main" >>"$data/failed"; } &
        { one "$kind-old" expired "${ports[1]}" || echo "$kind-old" >>"$data/failed"; } &
        ports=("${ports[@]:2}")
    done
    wait
    if [ -f "$data/failed" ]; then
        for name in $(cat "$data/failed"); do
            echo "servers: $name did not start" >&2
            tail -25 "$data/$name.log" >&2
        done
        stop_all
        rm -f "$dir/place"
        exit 1
    fi
    trap - INT TERM
    write_env >"$dir/env"
    echo "servers: $wanted; . $dir/env"
}

stop() {
    [ -f "$dir/place" ] && data=$(cat "$dir/place") && [ -d "$data" ] && stop_all
    rm -f "$dir/place" "$dir/env"
    rmdir "$dir" 2>/dev/null
    return 0
}

status() {
    local port name all=0
    [ -f "$dir/place" ] && data=$(cat "$dir/place") && [ -d "$data" ] || { echo "no servers in $dir"; return 1; }
    for port in "$data"/*.port; do
        name=$(basename "$port" .port)
        if pid_of "$name" >/dev/null; then
            echo "$name: pid $(pid_of "$name"), port $(cat "$port")"
        else
            echo "$name: ended"
            all=1
        fi
    done
    return $all
}

# again SIGNAL: ends the server named last (or both) and starts it where it was.
again() {
    local kind
    [ -f "$dir/place" ] && data=$(cat "$dir/place") || fail "no servers in $dir"
    for kind in ${only:-$wanted}; do
        stop_one "$kind-main" "$1"
        "${kind}_run" "$kind-main" || fail "$kind did not start again" "$data/$kind-main.log"
    done
}

case $verb in
start) start ;;
stop) stop ;;
status) status ;;
env) cat "$dir/env" 2>/dev/null || fail "no servers in $dir" ;;
restart) again TERM ;;
kill) again KILL ;;
*)
    sed -n 's/^# //p' "$0" | sed -n '2,4p' >&2
    exit 2
    ;;
esac
