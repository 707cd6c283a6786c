#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# service.sh [BUILD]: the example service under wrk, 64 connections, beside the same endpoints written against bare libpq on
# the same libmicrohttpd (bench/bare/service_bare.c); both on PostgreSQL, one thread, 16 database connections.  Prints requests
# a second, the slowest percent, errors, and how much memory the process has grown since its warm-up.  SECONDS_EACH=60 says
# how long each is driven.  Takes the server of ATHANOR_TEST_POSTGRESQL (make servers), or starts one of its own.
set -u
cd "$(dirname "$0")/.." || exit 2
build=$(realpath "${1:-build}")
each=${SECONDS_EACH:-60}
work=$(mktemp -d)
pid=""
own=""
database=service_bench_$$

finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null
    wait 2>/dev/null
    [ -z "${ATHANOR_TEST_POSTGRESQL:-}" ] ||
        psql -X -q "$ATHANOR_TEST_POSTGRESQL" -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null
    [ -z "$own" ] || tools/servers.sh stop "$work/servers"
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

for program in service bench/service_bare; do
    [ -x "$build/$program" ] || { echo "service.sh: $program was not built (libmicrohttpd, libpq, jansson)"; exit 0; }
done
command -v wrk >/dev/null || { echo "service.sh: wrk is not installed (make deps)"; exit 0; }
[ -n "${ATHANOR_TEST_POSTGRESQL:-}" ] || { [ -f build-servers/env ] && . build-servers/env; }
if [ -z "${ATHANOR_TEST_POSTGRESQL:-}" ]; then
    own=yes
    ATHANOR_SERVERS=postgresql tools/servers.sh start "$work/servers" >/dev/null || exit 1
    . "$work/servers/env"
fi
psql -X -q "$ATHANOR_TEST_POSTGRESQL" -c "CREATE DATABASE $database" || exit 1
url=${ATHANOR_TEST_POSTGRESQL%/*}/$database

# begin COMMAND...: starts a server, and sets pid and base.
begin() {
    LOG=off PORT=0 DATABASE_URL=$url POOL_SIZE=16 POOL_OVERFLOW=0 "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    for _ in $(seq 200); do
        grep -q listening "$work/out" && break
        sleep 0.05
    done
    base=$(sed -n 's/^listening on //p' "$work/out")
    [ -n "$base" ] || { cat "$work/err"; exit 1; }
}

end() {
    kill "$pid" && wait "$pid" 2>/dev/null
    pid=""
}

fill() {
    psql -X -q -v ON_ERROR_STOP=1 "$url" <<'SQL'
INSERT INTO users (username, email, created_at, updated_at)
    SELECT 'user_' || i, 'user_' || i || '@example.org', now(), now() FROM generate_series(1, 500) i;
INSERT INTO posts (author_id, title, slug, content, status, created_at, updated_at)
    SELECT 1 + i % 500, 'Post ' || i, 'post-' || i, repeat('Words of a post. ', 20), 'published', now(), now()
    FROM generate_series(1, 5000) i;
INSERT INTO comments (post_id, author_id, content, created_at)
    SELECT 1 + i % 5000, 1 + i % 499, 'Comment ' || i, now() FROM generate_series(1, 15000) i;
INSERT INTO tags (name) SELECT 'tag_' || i FROM generate_series(1, 50) i;
INSERT INTO post_tags (post_id, tag_id) SELECT i, 1 + (i + j) % 50 FROM generate_series(1, 5000) i, generate_series(0, 2) j;
ANALYZE;
SQL
}

echo 'request = function() return wrk.format("GET", "/posts/" .. math.random(1, 5000)) end' >"$work/one.lua"
echo 'request = function() return wrk.format("GET", "/posts") end' >"$work/list.lua"

rss() { awk '/^VmRSS/ {print $2}' "/proc/$pid/status"; }

# drive NAME SCRIPT WHO: one line of the table.
drive() {
    local before after
    wrk -t2 -c64 -d5s -s "$work/$2.lua" "$base" >/dev/null
    before=$(rss)
    wrk -t2 -c64 -d"${each}s" --latency -s "$work/$2.lua" "$base" >"$work/wrk"
    after=$(rss)
    local rate p99 errors
    rate=$(awk '/^Requests\/sec/ {print $2}' "$work/wrk")
    p99=$(awk '/^ +99%/ {print $2}' "$work/wrk")
    errors=$(awk -F'[ ,:]+' '/Non-2xx/ {n += $NF} /Socket errors/ {for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+$/) n += $i} END {print n + 0}' "$work/wrk")
    printf '%-18s %-12s %10.0f %10s %8s %12s\n' "$1" "$3" "$rate" "$p99" "$errors" "$((after - before)) KB"
}

both() { # WHO
    drive "GET /posts/{id}" one "$1"
    drive "GET /posts" list "$1"
}

echo "The service: wrk, 64 connections, $each s each; PostgreSQL, one thread, 16 database connections"
begin "$build/service"
fill || exit 1
for path in /posts/77 /posts; do
    curl -s "$base$path" >"$work/ours${path//\//_}"
done
printf '%-18s %-12s %10s %10s %8s %12s\n' "" "" "requests/s" "p99" "errors" "memory grown"
both athanor
end
PGTZ=UTC begin "$build/bench/service_bare" "$url" 16
both "bare libpq"
for path in /posts/77 /posts; do
    curl -s "$base$path" >"$work/bare"
    python3 - "$work/ours${path//\//_}" "$work/bare" <<'PY' || echo "the answers to $path differ"
import json, re, sys
ours, bare = (json.loads(re.sub(r"(T\d\d:\d\d:\d\d)(\.\d+)?(\+00:00|Z)", r"\1", open(f).read())) for f in sys.argv[1:])
sys.exit(ours != bare)
PY
done
end
