#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that do not end by themselves: deadlines, clients that go away, a pool that is empty; and how the service begins
and ends."""
import contextlib
import json
import os
import signal
import socket
import subprocess
import urllib.parse

from harness import BUILD, SOURCE, Service, Wrong, background, case, case_on, check, main, running, until


def waiting(t, user, *more):
    """A PATCH that waits for somebody else's lock, in the background."""
    before = t.get("/stats")["fibers"]
    held = background(lambda: t.curl("PATCH", f"/users/{user}", *more, data='{"full_name": "waited"}'))
    until(lambda: t.get("/stats")["fibers"] > before, "the request")
    check(not t.log(f"/users/{user}", "PATCH"), "it did not wait")
    return held


@case_on(REQUEST_TIMEOUT_MS=2000)
def a_deadline_ends_a_request(t):
    user = t.user("ann")
    with t.database.locked("users", "id", user):
        answer = t.patch(f"/users/{user}", full_name="late")
        check(answer.status == 503 and answer.error["code"] == "timeout", answer)
        check(answer.headers["retry-after"] == "1", answer.headers)
        until(lambda: t.get("/stats")["checked_out"] == 0, "the connection is back")
    check(t.patch(f"/users/{user}", full_name="in time")["full_name"] == "in time")


@case_on("postgresql", "mysql", POOL_SIZE=1, POOL_OVERFLOW=0, POOL_TIMEOUT_MS=300)
def an_empty_pool_is_told(t):
    user = t.user("ann")
    with t.database.locked("users", "id", user):
        held = waiting(t, user)
        until(lambda: t.get("/stats")["checked_out"] == 1, "the connection")
        answer = t.get("/users")
        check(answer.status == 503 and answer.error["code"] == "timeout", answer)
        check(t.get("/stats")["timeouts"] == 1, t.get("/stats"))
    check(held()["full_name"] == "waited" and t.get("/users").status == 200)


@case
def a_client_that_goes_away_is_cancelled(t):
    user = t.user("ann")
    with t.database.locked("users", "id", user):
        held = waiting(t, user, "--max-time", "2")
        check(held().status == 0, "curl gave up", held())
        until(lambda: t.get("/stats")["checked_out"] == 0, "the connection is back while the lock is still there")
        check(until(lambda: t.log(f"/users/{user}", "PATCH"), "the log")[-1]["status"] == 499)
    check(t.get(f"/users/{user}")["full_name"] is None, "nothing was written")


@case_on(raw=True)
def what_runs_is_finished_at_the_end(database, folder):
    t = Service(database, folder).wait()
    try:
        user = t.user("ann")
        with database.locked("users", "id", user):
            held = waiting(t, user)
            t.process.send_signal(signal.SIGTERM)
            until(lambda: t.get("/health").status == 0, "nobody listens")
            check(t.process.poll() is None, "it waits for what runs")
        answer = held()
        check(answer.status == 200 and answer.headers["connection"].lower() == "close", answer)
    finally:
        t.stop()
    check(database.rows("SELECT full_name FROM users") == [["waited"]])


@case_on(raw=True)
def the_end_does_not_wait_for_ever(database, folder):
    t = Service(database, folder, GRACE_MS=300).wait()
    try:
        user = t.user("ann")
        with database.locked("users", "id", user):
            held = waiting(t, user)
            t.stop(signal.SIGINT)
            check(held().status in (499, 0), held())
    finally:
        t.stop()
    check(database.rows("SELECT count(*) FROM users WHERE full_name IS NOT NULL") == [["0"]])


@case_on(raw=True)
def two_may_start_at_once(database, folder):
    both = [Service(database, folder), Service(database, folder)]
    try:
        for t in both:
            t.wait()
        migrated = [t.log_text().count("Running upgrade") for t in both]
        check(sorted(migrated) == [0, 2], "one migrates, the other waits for it", migrated)
        check(database.rows("SELECT count(*) FROM athanor_history") == [["2"]])
        user = both[0].user("ann")
        check(both[1].get(f"/users/{user}").status == 200)
    finally:
        for t in both:
            t.stop()
    with running(database, folder) as third:
        check("Running upgrade" not in third.log_text() and third.get("/users")["total"] == 1)


@case_on(raw=True)
def the_revisions_make_what_the_models_say(database, folder):
    with running(database, folder):
        pass
    command = [BUILD / "athanor", "-c", SOURCE / "examples/service/migrations/athanor.ini", "--url", database.url]
    environment = {**os.environ, "XDG_CACHE_HOME": folder, "CFLAGS": f"-I{SOURCE}/include"}
    for words in (["check"], ["downgrade", "base"], ["upgrade", "head"], ["check"]):
        done = subprocess.run([*command, *words], env=environment, capture_output=True, text=True)
        check(done.returncode == 0, words, done.stdout + done.stderr)


@case_on("sqlite")
def clients_may_misbehave(t):
    address = urllib.parse.urlsplit(t.base)
    half = b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    for said in (b"", b"\0\1\2\r\n\r\n", b"GET", half, half[:30], b"GET /%ff%00%fe HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET /users?limit=%ff HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /users?q=%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET /users HTTP/1.1\r\n" + b"A: b\r\n" * 20000,
                 b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
                 b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
                 b"GET /users HTTP/1.1\r\nHost: x\r\n\r\n" * 20):
        with contextlib.suppress(OSError), socket.create_connection((address.hostname, address.port), 0.3) as s:
            s.sendall(said)
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536): # until it is closed, or was quiet for a while
                pass
    check(t.get("/health").status == 200)
    lines = [line for line in t.log_text().splitlines() if line.startswith("{")]
    check(all(json.loads(line)["status"] for line in lines if '"status":0' not in line), "the log is JSON")
    until(lambda: t.get("/stats")["checked_out"] == 0, "all connections are back")


def check_refused(database, folder, settings, word):
    service = Service(database, folder, **settings)
    try:
        service.wait()
    except Wrong as wrong:
        check(word in str(wrong) and service.process.wait() != 0, wrong)
    else:
        service.process.kill()
        raise Wrong(f"it started with {settings}")
    finally:
        service.process.stdout.close()


@case_on("sqlite", raw=True)
def a_start_that_cannot_be_says_why(database, folder):
    with running(database, folder) as first:
        taken = {"PORT": first.base.rpartition(":")[2]}
        check_refused(database, folder, taken, "cannot listen")
    for settings, word in (({"PORT": "many"}, "PORT"), ({"LOG": "loud"}, "LOG"), ({"DATABASE_URL": "oracle://x"}, "oracle"),
                           ({"HOST": "203.0.113.1", "DATABASE_URL": database.url}, "203.0.113.1")):
        check_refused(database, folder, settings, word)


@case
def many_clients_share_few_connections(t):
    """Slow ones do not stand in the way of others: all are fibers of one thread."""
    user = t.user("ann")
    with t.database.locked("users", "id", user):
        held = waiting(t, user)
        check(all(t.get(f"/users/{user}").status == 200 for _ in range(10)), "reads go on")
    check(held().status == 200)
    threads = subprocess.run(["ps", "-o", "nlwp=", str(t.process.pid)], capture_output=True, text=True).stdout
    check(int(threads) <= (1 if t.database.kind != "sqlite" else 25) + 3, threads)


main(__name__)
