#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests and examples of a build, two at a time, each in an empty folder of its own.

    run_programs.py BUILD [--label NAME] [--only TEXT] [--without TEXT,TEXT] [--kinds test,example,packages] [--wrap COMMAND]

The scripts test/ROOM/test_NAME.py are test programs too, where the build has the program that the room is called after.

A test program prints `ok NAME` or `not ok NAME` lines and last `N passed, N failed`; one that crashes, hangs or prints
no such line counts as one failure.  `ok NAME # SKIP why` counts as skipped.  The programs of test/conformance print
`ok NAME on DATABASE`, and are counted per database.  An example must print what its .out file holds; those of the
cookbook that ask for their database (COOKBOOK_URL) run on each server that there is.  Of a program that fails the output
is shown, and BUILD/times.tsv says how long each took.  The last line sums up: `N passed, N failed`; the exit code is 1
when anything failed."""
import argparse
import collections
import concurrent.futures
import difflib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(os.environ.get("HOUSE_ROOT", pathlib.Path(__file__).resolve().parent.parent)).resolve()
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$")
CASE = re.compile(r"^(not )?ok \S+(?: on (\w+))?( # SKIP .*)?$", re.MULTILINE)
SHOWN = 60  # lines of a failing program's output


def programs_of(build):
    """(kind, name, program, expected output) of what meson built for running."""
    found = []
    scripts = {path.parent.name: sorted(path.parent.glob("test_*.py")) for path in (ROOT / "test").glob("*/test_*.py")}
    for target in json.loads((build / "meson-info/intro-targets.json").read_text()):
        if target["type"] != "executable":
            continue
        program = pathlib.Path(target["filename"][0])
        folder = pathlib.Path(target["defined_in"]).parent.resolve().relative_to(ROOT).as_posix()
        if folder == "fuzz" and target["name"].startswith("replay_"):
            found.append(("test", "fuzz/" + target["name"], program, None))
        elif folder == "test":
            found.append(("test", "test/" + target["name"], program, None))
        elif folder.startswith("examples"):
            expected = ROOT / folder / f"{target['name']}.out"
            found.append(("example", f"{folder}/{target['name']}", program, expected))
            if asks_for_database(ROOT / folder / f"{target['name']}.c"):
                found += [("example", f"{folder}/{target['name']} on {server}", program, expected) for server in servers()]
        elif target["name"] == "packages":
            found.append(("packages", "packages --demo --sample", program, None))
        elif folder == "." and target["name"] in scripts:
            found += [("test", f"test/{path.parent.name}_{path.stem[5:]}", path, None) for path in scripts[target["name"]]]
    return sorted(found)


def servers():
    """The servers that there are, by name: their superusers' URLs (tools/servers.sh)."""
    names = {"postgresql": "ATHANOR_TEST_POSTGRESQL", "mysql": "ATHANOR_TEST_MYSQL"}
    return {name: os.environ[variable] for name, variable in names.items() if os.environ.get(variable)}


def asks_for_database(source):
    words = source.read_text() if source.exists() else ""
    return any(call in words for call in ("blog_open(", "cookbook_open(", "cookbook_url("))


class Database:
    """An empty database on a server while the block runs; its URL, or None when there is no server to ask."""

    def __init__(self, server):
        self.server, self.url = server, servers().get(server)
        self.name = f"cookbook_{os.getpid()}_{threading.get_ident() % 100000}"

    def sql(self, text):
        parts = urllib.parse.urlsplit(self.url)
        client = (["psql", "-X", "-q", "-d", self.url, "-c", text] if self.server == "postgresql" else
                  ["mariadb", "--no-defaults", "-u", parts.username, f"-p{parts.password}", "-h", parts.hostname, "-P",
                   str(parts.port), "-e", text])
        subprocess.run(client, check=True, capture_output=True)

    def __enter__(self):
        if not self.url:
            return None
        self.sql(f"CREATE DATABASE {self.name}")
        return urllib.parse.urlsplit(self.url)._replace(path="/" + self.name).geturl()

    def __exit__(self, *why):
        if self.url:
            self.sql(f"DROP DATABASE {self.name}" + (" WITH (FORCE)" if self.server == "postgresql" else ""))


def run(program, arguments, wrap, limit, build, server=""):
    """(exit code, standard output, standard error, why it did not end)"""
    with tempfile.TemporaryDirectory(prefix="athanor-") as folder:
        pathlib.Path(folder, "build/demo").mkdir(parents=True)
        environment = {**os.environ, "ATHANOR_SOURCE": str(ROOT), "ATHANOR_BUILD": str(build), "TMPDIR": folder}
        environment.pop("COOKBOOK_URL", None)
        try:
            with Database(server) as url:
                if url:
                    environment["COOKBOOK_URL"] = url
                done = subprocess.run([*wrap, str(program), *arguments], cwd=folder, env=environment, timeout=limit,
                                      stdin=subprocess.DEVNULL, capture_output=True)
        except subprocess.TimeoutExpired as hung:
            return -1, text(hung.stdout), text(hung.stderr), f"ran longer than {limit} s"
        except (OSError, subprocess.CalledProcessError) as missing:
            return -1, "", "", str(missing)
    why = f"ended by signal {-done.returncode}" if done.returncode < 0 else ""
    return done.returncode, text(done.stdout), text(done.stderr), why


def text(data):
    return (data or b"").decode("utf-8", "replace")


def judge_test(code, out, why):
    lines = out.rstrip("\n").split("\n")
    summary = SUMMARY.match(lines[-1])
    if why or not summary:
        return 0, 1, why or f"no summary; exit code {code}"
    passed, failed = int(summary[1]), int(summary[2])
    if code != 0 and failed == 0:
        return passed, 1, f"exit code {code} although none failed"
    if passed + failed == 0 and not any(skip for _, _, skip in CASE.findall(out)):
        return 0, 1, "ran no test"
    return passed, failed, ""


def judge_example(code, out, why, expected):
    if why or code != 0:
        return 0, 1, why or f"exit code {code}"
    if expected is None:
        return 1, 0, ""
    if not expected.exists():
        return 0, 1, f"{expected.relative_to(ROOT)} is missing"
    want = expected.read_text()
    if out == want:
        return 1, 0, ""
    return 0, 1, "\n".join(difflib.unified_diff(want.split("\n"), out.split("\n"), "expected", "printed", lineterm=""))


def run_one(kind, name, program, expected, args):
    start = time.monotonic()
    # The demo writes to build/demo/ under the folder it runs in; so it does here, in a scratch folder.
    arguments = ["--demo", "--sample"] if kind == "packages" else []
    server = name.partition(" on ")[2]
    code, out, err, why = run(program, arguments, shlex.split(args.wrap), args.limit, args.build.resolve(), server)
    if kind == "test":
        passed, failed, why = judge_test(code, out, why)
    else:
        passed, failed, why = judge_example(code, out, why, expected)
    report = []
    if failed:
        lines = (out.rstrip().split("\n") if kind != "example" or code != 0 else []) + err.rstrip().split("\n")
        lines = [line for line in lines if line and not line.startswith("ok ")]
        if len(lines) > SHOWN:
            lines = lines[:SHOWN // 2] + [f"... {len(lines) - SHOWN} lines ..."] + lines[-SHOWN // 2:]
        report = [f"not ok {args.label}{name}: {failed} failed", *why.split("\n"), *lines]
    return passed, failed, time.monotonic() - start, name, [line for line in report if line], cases_of(kind, out)


def cases_of(kind, out):
    """(database, "passed", "failed" or "skipped") of each case that a test printed."""
    cases = CASE.findall(out) if kind == "test" else []
    return [(on, "failed" if bad else "skipped" if skip else "passed") for bad, on, skip in cases]


def summary_of(databases):
    """conformance sqlite: 10 passed; mysql: 0 passed, 10 skipped"""
    parts = [f"{name}: " + ", ".join(f"{counts[what]} {what}" for what in ("passed", "failed", "skipped")
                                     if counts[what] or what == "passed") for name, counts in databases.items()]
    return "conformance " + "; ".join(parts) if parts else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--label", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="\n")
    parser.add_argument("--kinds", default="test,example,packages")
    parser.add_argument("--wrap", default="")
    parser.add_argument("--limit", type=int, default=600)
    args = parser.parse_args()

    chosen = [p for p in programs_of(args.build.resolve())
              if p[0] in args.kinds.split(",") and args.only in p[1] and
              not any(text in p[1] for text in args.without.split(","))]
    passed = failed = skipped = 0
    times = []
    databases = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for ok, bad, seconds, name, report, cases in pool.map(lambda p: run_one(*p, args), chosen):
            passed, failed = passed + ok, failed + bad
            skipped += sum(what == "skipped" for _, what in cases)
            for database, what in cases if name.startswith("test/conformance_") else []:
                databases.setdefault(database, collections.Counter())[what] += 1
            times.append((seconds, name))
            print("\n   ".join(report), end="\n" if report else "", flush=True)
    (args.build / "times.tsv").write_text("".join(f"{seconds:.1f}\t{name}\n" for seconds, name in sorted(times, reverse=True)))
    slow = ", ".join(f"{name} {seconds:.0f} s" for seconds, name in sorted(times, reverse=True)[:3] if seconds >= 5)
    print(f"{len(chosen)} programs" + (f"; slowest: {slow}" if slow else ""))
    if databases:
        print(args.label + summary_of(databases))
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
