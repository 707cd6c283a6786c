#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The database goes away under load: stopped for a while, then killed and started again.

Writers add posts with slugs of their own and note what they were told: made (201), refused (503: nothing was done), or
unknown (503 with outcome_unknown, or the connection broke).  In the end each made one is there once, no refused one is,
and of each unknown one there is one or none, which sending it again tells (201, or 409: it was there)."""
import collections
import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse

from harness import SOURCE, Database, case_on, check, main, running, until

WRITERS, READERS = 6, 4
SETTINGS = {"REQUEST_TIMEOUT_MS": 4000, "POOL_TIMEOUT_MS": 3000, "RECONNECT_MS": 500, "LOG": "off"}


class Server:
    """A database server of this test's own, which keeps what it has committed when it is killed."""

    def __init__(self, kind, folder):
        self.kind, self.folder = kind, pathlib.Path(folder, "servers")
        self.run("start")
        text = self.run("env")
        name = {"postgresql": "ATHANOR_TEST_POSTGRESQL=", "mysql": "ATHANOR_TEST_MYSQL="}[kind]
        self.url = next(line for line in text.splitlines() if name in line).partition(name)[2]
        self.keep()

    def run(self, verb, *more):
        command = [SOURCE / "tools/servers.sh", verb, self.folder, *more]
        # Servers run as users of their own, who do not come into a folder that is root's alone.
        environment = {**os.environ, "ATHANOR_SERVERS": self.kind, "TMPDIR": "/tmp"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        check(done.returncode == 0, verb, done.stdout + done.stderr)
        return done.stdout

    def keep(self):
        """Commits are written before they are answered; the servers of the tests are in a hurry otherwise."""
        database = Database(self.kind, self.folder, self.url)
        if self.kind == "postgresql":
            database.admin("ALTER SYSTEM SET synchronous_commit = on")
            database.admin("SELECT pg_reload_conf()")
        else:
            database.admin("SET GLOBAL innodb_flush_log_at_trx_commit = 2")

    def processes(self):
        """The server and its children: PostgreSQL has one for each connection."""
        line = next(line for line in self.run("status").splitlines() if line.startswith(self.kind + "-main"))
        found = [int(line.split("pid ")[1].split(",")[0])]
        for process in found:
            for task in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    found += [int(child) for child in task.read_text().split()]
        return list(dict.fromkeys(found))

    def send(self, sign):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, sign)


class Load:
    """Clients that write and read until they are told to end."""

    def __init__(self, service, author):
        self.service, self.author, self.address = service, author, urllib.parse.urlsplit(service.base).netloc
        self.outcomes, self.done, self.errors = {}, collections.Counter(), []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(i,)) for i in range(WRITERS)]
        self.threads += [threading.Thread(target=self.read, args=(i,)) for i in range(READERS)]
        for thread in self.threads:
            thread.start()

    def ask(self, connection, method, path, fields=None):
        """(status, code); status 0: the connection broke."""
        try:
            connection.request(method, path, fields and json.dumps(fields), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = json.loads(answer.read() or b"null")
            code = said["error"]["code"] if answer.status >= 400 else ""
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, "broken"
        if answer.status >= 400:
            self.errors.append((answer.status, code))
        self.done[answer.status] += 1
        return answer.status, code

    def post(self, connection, slug):
        status, code = self.ask(connection, "POST", "/posts",
                                {"author_id": self.author, "title": slug, "slug": slug, "content": "x", "tags": ["a", "b"]})
        return "made" if status == 201 else "unknown" if code in ("outcome_unknown", "broken") else f"refused {status} {code}"

    def write(self, i):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        number = 0
        while not self.over.is_set():
            number += 1
            slug = f"writer-{i}-{number}"
            self.outcomes[slug] = "unknown"
            self.outcomes[slug] = self.post(connection, slug)
            if self.outcomes[slug] != "made":
                time.sleep(0.02)

    def read(self, i):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        while not self.over.is_set():
            status, _ = self.ask(connection, "GET", "/posts?limit=5" if i % 2 else "/tags")
            if status != 200:
                time.sleep(0.02)

    def more(self, count=150):
        """Waits until so many more requests were answered well."""
        wanted = self.done[200] + self.done[201] + count
        until(lambda: self.done[200] + self.done[201] >= wanted, "answers")

    def failures(self):
        """Waits until something has failed: it is away."""
        before = len(self.errors)
        until(lambda: len(self.errors) > before, "errors")

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(60)


def settled(load):
    """It is back: readers and writers get through, again and again, before errors are counted from now on."""
    until(lambda: load.service.get("/health").status == 200, "the database")
    load.more(50)
    until(lambda: quiet(load), "no more errors")


def quiet(load):
    before = len(load.errors)
    load.more(60)
    return len(load.errors) == before


def count(load, database):
    """What is there, and what was said of it."""
    there = collections.Counter(row[0] for row in database.rows("SELECT slug FROM posts"))
    said = collections.Counter(outcome.partition(" ")[0] for outcome in load.outcomes.values())
    check(max(there.values()) == 1, "a post is there twice")
    lost = [slug for slug, outcome in load.outcomes.items() if outcome == "made" and slug not in there]
    ghosts = [(slug, o) for slug, o in load.outcomes.items() if o.startswith("refused") and slug in there]
    check(not lost, f"{len(lost)} were made and are not there:", lost[:5])
    check(not ghosts, f"{len(ghosts)} were refused and are there:", ghosts[:5])
    check(said["made"] > WRITERS and said["refused"] > 0, said)
    check(all(o.startswith("refused 503") for o in load.outcomes.values() if o.startswith("refused")),
          collections.Counter(load.outcomes.values()))
    unknown = [slug for slug, outcome in load.outcomes.items() if outcome == "unknown"]
    connection = http.client.HTTPConnection(load.address, timeout=60)
    for slug in unknown:
        wanted = "refused 409 duplicate" if slug in there else "made"
        check(load.post(connection, slug) == wanted, slug)
    rows = int(database.rows("SELECT count(*) FROM posts")[0][0])
    check(rows == said["made"] + len(unknown), rows, said)
    print(f"# {database.kind}: {dict(said)}; of the unknown {sum(s in there for s in unknown)} were there")


@case_on("postgresql", "mysql", raw=True)
def errors_only_while_it_is_away(shared, _):
    """`shared` is a database of the common servers, which nobody here stops."""
    with tempfile.TemporaryDirectory(prefix="away-") as folder:
        server = Server(shared.kind, folder)
        try:
            with Database(shared.kind, folder, server.url) as database, running(database, folder, **SETTINGS) as t:
                load = Load(t, t.user("ann"))
                try:
                    load.more()
                    check(not load.errors, "before", load.errors[:3])
                    server.send(signal.SIGSTOP)
                    try:
                        load.failures()
                    finally:
                        server.send(signal.SIGCONT)
                    settled(load)
                    before = len(load.errors)
                    load.more()
                    check(len(load.errors) == before, "behind a stop", load.errors[before:][:3])
                    server.run("kill", shared.kind)
                    settled(load)
                    before = len(load.errors)
                    load.more()
                    check(len(load.errors) == before, "behind a kill", load.errors[before:][:3])
                finally:
                    load.end()
                check({status for status, _ in load.errors} <= {503}, collections.Counter(load.errors))
                count(load, database)
                until(lambda: t.get("/stats")["checked_out"] == 0, "all connections are back")
        finally:
            server.run("stop")


main(__name__)
