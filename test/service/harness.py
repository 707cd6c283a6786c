# SPDX-License-Identifier: Apache-2.0
"""What the tests of the example service share: databases of their own, the service as a process, curl as its client.

A test is a script test_NAME.py with functions that are told to be cases:

    @case
    def creates_users(t):
        answer = t.post("/users", username="ann", email="ann@example.org")
        check(answer.status == 201, answer)

    main(__name__)

Each case runs once per database, with a service and an empty database of its own.  They are driven by tools/run_programs.py,
which says in ATHANOR_BUILD where the program is."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

SOURCE = pathlib.Path(os.environ.get("ATHANOR_SOURCE", pathlib.Path(__file__).resolve().parent.parent.parent))
BUILD = pathlib.Path(os.environ.get("ATHANOR_BUILD", SOURCE / "build"))
SERVERS = {"postgresql": "ATHANOR_TEST_POSTGRESQL", "mysql": "ATHANOR_TEST_MYSQL"}
CASES = []
PATIENCE = 60  # seconds, for what is waited for


class Wrong(Exception):
    pass


def check(fine, said="", more=""):
    if not fine:
        raise Wrong(f"{said} {more}".strip())


def until(question, what):
    """Waits until the question's answer is true, and gives it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise Wrong(f"waited in vain: {what}")


def case(function):
    CASES.append((function, ("sqlite", *SERVERS), {}))
    return function


def case_on(*databases, **settings):
    """A case for these databases alone, or with settings of the service's."""
    def take(function):
        CASES.append((function, databases or ("sqlite", *SERVERS), settings))
        return function
    return take


# ---- databases ----

class Database:
    """An empty database; .url is for the service, .rows(sql) asks it, .locked(sql) holds what the statement locks."""

    def __init__(self, kind, folder, server=None):
        self.kind, self.name = kind, f"service_{os.getpid()}_{time.monotonic_ns() % 10**9}"
        self.server = server or os.environ.get(SERVERS.get(kind, ""), "")
        if kind == "sqlite":
            self.path = pathlib.Path(folder, self.name + ".db")
            self.url = f"sqlite:///{self.path}?journal_mode=wal"
        else:
            self.url = urllib.parse.urlsplit(self.server)._replace(path="/" + self.name).geturl()

    def client(self, *more, database=None):
        if self.kind == "postgresql":
            url = urllib.parse.urlsplit(self.server)
            url = url._replace(path="/" + database) if database else url
            return ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url.geturl(), *more]
        url = urllib.parse.urlsplit(self.server)
        return ["mariadb", "--no-defaults", "-N", "-B", "-u", url.username, f"-p{url.password}", "-h", url.hostname, "-P",
                str(url.port), *([database] if database else []), *more]

    def admin(self, sql):
        option = "-c" if self.kind == "postgresql" else "-e"
        subprocess.run(self.client(option, sql), check=True, capture_output=True)

    def rows(self, sql):
        """Rows as lists of texts."""
        if self.kind == "sqlite":
            with contextlib.closing(sqlite3.connect(self.path, timeout=30)) as c:
                return [[str(value) for value in row] for row in c.execute(sql)]
        option = "-c" if self.kind == "postgresql" else "-e"
        done = subprocess.run(self.client(option, sql, database=self.name), check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    @contextlib.contextmanager
    def locked(self, table, key, key_value):
        """While the block runs somebody else has written this row, and not committed; on SQLite, holds the database."""
        write = f"UPDATE {table} SET {key} = {key} WHERE {key} = {key_value}"
        if self.kind == "sqlite":
            with contextlib.closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as c:
                c.execute("BEGIN IMMEDIATE")
                c.execute(write)
                yield
                c.execute("ROLLBACK")
            return
        client = subprocess.Popen(self.client(database=self.name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        client.stdin.write(f"BEGIN;\n{write};\nSELECT 'held';\n")
        client.stdin.flush()
        if self.kind == "mysql":  # it buffers what it says; the lock shows elsewhere
            until(lambda: self.rows("SELECT 1 FROM information_schema.innodb_trx WHERE trx_rows_modified > 0 OR "
                                    "trx_rows_locked > 0"), "a lock")
        else:
            check("held" in client.stdout.readline(), "no lock")
        try:
            yield
        finally:
            client.kill()  # its transaction goes with it
            client.communicate()

    def __enter__(self):
        if self.kind != "sqlite":
            self.admin(f"CREATE DATABASE {self.name}")
        return self

    def __exit__(self, *why):
        if self.kind != "sqlite":
            with contextlib.suppress(subprocess.CalledProcessError):
                self.admin(f"DROP DATABASE {self.name}" + (" WITH (FORCE)" if self.kind == "postgresql" else ""))


# ---- the service ----

class Answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        self.json = None
        with contextlib.suppress(ValueError):
            self.json = json.loads(text)
        self.error = self.json.get("error", {}) if isinstance(self.json, dict) else {}

    def __repr__(self):
        return f"{self.status} {self.text[:600]}"

    def __getitem__(self, name):
        return self.json[name]


class Service:
    def __init__(self, database, folder, **settings):
        self.database, self.folder = database, folder
        self.log_path = pathlib.Path(folder, f"log-{time.monotonic_ns()}")
        environment = {**os.environ, "DATABASE_URL": database.url, "PORT": "0", **{k: str(v) for k, v in settings.items()}}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([BUILD / "service"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)

    def wait(self):
        """Until it listens."""
        line = self.process.stdout.readline()
        check(line.startswith("listening on "), f"it did not start: {line}", self.log_text())
        self.base = line.split()[2]
        return self

    def log_text(self):
        return self.log_path.read_text(errors="replace")

    def log(self, path, method=None):
        """The lines of the request log about a path, newest last; they come when the answer has been sent."""
        lines = [json.loads(line) for line in self.log_text().splitlines() if line.startswith("{") and line.endswith("}")]
        return [line for line in lines if line["path"] == path and method in (None, line["method"])]

    def statements(self, path, method="GET"):
        return until(lambda: self.log(path, method), "a line of the log")[-1]["statements"]

    def stop(self, sign=signal.SIGTERM):
        """Ends it, and looks at how it ended."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Wrong("it does not end") from None
        finally:
            self.process.stdout.close()
        check(code == 0, f"exit code {code}:", self.log_text()[-3000:])

    # ---- curl ----

    def curl(self, method, path, *options, data=None):
        command = ["curl", "-sS", "-i", "--globoff", "--max-time", str(PATIENCE), "-X", method, *options]
        if data is not None:
            command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
        done = subprocess.run([*command, self.base + path], input=(data or "").encode(), capture_output=True)
        if done.returncode != 0:
            return Answer(0, {}, f"curl: {done.stderr.decode().strip()}")
        text = done.stdout.decode()
        while text.startswith("HTTP/1.1 100"):
            text = text.partition("\r\n\r\n")[2]
        head, _, body = text.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return Answer(int(first.split()[1]), headers, body)

    def get(self, path):
        return self.curl("GET", path)

    def post(self, path, **fields):
        return self.curl("POST", path, data=json.dumps(fields))

    def put(self, path, **fields):
        return self.curl("PUT", path, data=json.dumps(fields))

    def patch(self, path, **fields):
        return self.curl("PATCH", path, data=json.dumps(fields))

    def delete(self, path):
        return self.curl("DELETE", path)

    # ---- what many cases begin with ----

    def user(self, name, balance=None):
        answer = self.post("/users", username=name, email=f"{name}@example.org")
        check(answer.status == 201, answer)
        if balance:
            said = self.post(f"/accounts/{answer['id']}/deposits", amount=balance)
            check(said.status == 201, said)
        return answer["id"]

    def new_post(self, author, title, **more):
        answer = self.post("/posts", author_id=author, title=title, content=more.pop("content", "words"), **more)
        check(answer.status == 201, answer)
        return answer["id"]


def background(function):
    """Runs it in a thread; calling the result waits for its value."""
    box = []
    thread = threading.Thread(target=lambda: box.append(function()))
    thread.start()

    def value():
        thread.join(PATIENCE)
        check(box, "it did not end, or failed")
        return box[0]
    return value


@contextlib.contextmanager
def running(database, folder, **settings):
    service = Service(database, folder, **settings)
    try:
        yield service.wait()
    except BaseException:
        service.process.kill()
        service.process.wait()
        sys.stderr.write(service.log_text()[-2000:])
        raise
    service.stop()


# ---- running cases ----

def run_case(function, kind, settings):
    with tempfile.TemporaryDirectory(prefix="service-") as folder, Database(kind, folder) as database:
        if settings.get("raw"):
            function(database, folder)
            return
        with running(database, folder, **settings) as service:
            function(service)


def why_not(kind):
    return "" if kind == "sqlite" or os.environ.get(SERVERS[kind]) else "no server"


def main(name):
    if name != "__main__":
        return
    passed = failed = 0
    only = sys.argv[1:]
    for function, databases, settings in CASES:
        for kind in databases:
            label = f"{function.__name__} on {kind}"
            if only and not any(word in label for word in only):
                continue
            skip = why_not(kind)
            if skip and os.environ.get("ATHANOR_TEST_REQUIRE_SERVERS") != "1":
                print(f"ok {label} # SKIP {skip}")
                continue
            try:
                check(not skip, skip)
                run_case(function, kind, settings)
                print(f"ok {label}", flush=True)
                passed += 1
            except Exception as wrong:  # pylint: disable=broad-except
                failed += 1
                where = traceback.extract_tb(wrong.__traceback__)
                lines = ", ".join(f"{pathlib.Path(f.filename).name}:{f.lineno}" for f in where[-4:])
                print(f"not ok {label}\n   {lines}: {type(wrong).__name__}: {wrong}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)
