#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks of a build and prints a table for each database: Athanor beside the bare client library doing the
same work.

    run.py BUILD [--on DATABASE] [--only NAME ...] [--turns N] [--n N] [--no-instructions]

Times are medians over the turns, the ratio is the median of each turn's ratio.  Instructions are counted by callgrind,
if it is there, in a smaller run; no noise moves them.  Nothing is asserted.

PostgreSQL and MariaDB are measured where ATHANOR_TEST_POSTGRESQL and ATHANOR_TEST_MYSQL say that there is a server.
Client and server then share one CPU, if the server runs here and we may say so: on two, each round trip waits for the
other one to wake up, or not, as the scheduler likes, and nothing could be compared."""
import argparse
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import migrations

NAMES = ["insert", "load", "get", "update", "eager", "flush", "json", "pool", "fibers"]
SERVERS = {"postgresql": ("PostgreSQL", "ATHANOR_TEST_POSTGRESQL", 5432), "mysql": ("MariaDB", "ATHANOR_TEST_MYSQL", 3306)}
COLUMNS = "{:<46} {:>10} {:>10} {:>7} {:>6} {:>14} {:>7}"


def measure(program, args):
    command = [str(program), "--tsv", "--turns", str(args.turns)] + (["--n", str(args.n)] if args.n else [])
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    names = ["label", "unit", "base", "own", "ratio", "goal", "base_side", "side", "small_n"]
    return [dict(zip(names, line.split("\t"))) for line in lines]


def count_instructions(program, side, n):
    """Instructions of the timed part."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", "--toggle-collect=bench_timed",
             str(program), "--side", side, "--once", "--n", str(n)],
            capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        print(done.stderr, file=sys.stderr)
        return None
    return int(found[1])


def listener(port):
    """The process that listens on a port of this machine."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError), open(table) as lines:
            for line in lines:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    for folder in pathlib.Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            if any(os.readlink(link) in inodes for link in folder.iterdir()):
                return int(folder.parent.name)
    return None


def threads_of(process):
    """Its threads, and those of its children."""
    found = []
    with contextlib.suppress(OSError):
        for task in pathlib.Path(f"/proc/{process}/task").iterdir():
            found.append(int(task.name))
            for child in (task / "children").read_text().split():
                found += threads_of(int(child))
    return found


@contextlib.contextmanager
def one_cpu(url, port):
    """Puts the server and us on the last CPU; says whether that went well."""
    found = re.search(r":(\d+)(/|$)", url)
    server = listener(int(found[1]) if found else port)
    before, cpu = os.sched_getaffinity(0), max(os.sched_getaffinity(0))
    try:
        for thread in threads_of(server) if server else []:
            os.sched_setaffinity(thread, {cpu})
        if server:
            os.sched_setaffinity(0, {cpu})
        yield server is not None
    except PermissionError:
        yield False
    finally:
        os.sched_setaffinity(0, before)
        for thread in threads_of(server) if server else []:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(thread, before)


class Instructions:
    """Counts each side once."""

    def __init__(self, wanted):
        self.wanted, self.counts = wanted and shutil.which("valgrind") is not None, {}

    def of(self, program, side, n):
        if not self.wanted or not side:
            return None
        key = program, side, n
        if key not in self.counts:
            self.counts[key] = count_instructions(program, side, n)
        return self.counts[key]


def show(line, program, instructions):
    each, memory = line["unit"] == "us each", line["unit"] == "MB"
    small_n = int(line["small_n"])
    own = None if memory else instructions.of(program, line["side"], small_n)
    base = None if memory else instructions.of(program, line["base_side"], small_n)
    counted = f"{own / small_n:,.0f} each" if own is not None else "-"
    unit = {"us each": "us", "MB": "MB", "ms": "ms"}[line["unit"]]
    goal = float(line["goal"])
    print(COLUMNS.format(
        line["label"],
        f"{float(line['base']):.1f} {unit}" if line["base_side"] else "-",
        f"{float(line['own']):.{2 if each else 1}f} {unit}",
        "-" if each else f"{float(line['ratio']):.2f}",
        (f"{goal:.0f} us" if each else f"{goal:.2f}") if goal else "-",
        counted, f"{own / base:.2f}" if own and base else "-"), flush=True)


def run_all(args, names, instructions):
    print(COLUMNS.format("", "raw", "ours", "ratio", "goal", "instructions", "ratio"))
    for name in names:
        program = args.build.resolve() / "bench" / name
        if not program.exists():  # on servers alone
            continue
        for line in measure(program, args):
            show(line, program, instructions)
    print(flush=True)


def wanted(args, name):
    return not args.only or name in args.only


def run_server(args, database, instructions):
    title, variable, port = SERVERS[database]
    url = os.environ.get(variable, "")
    if not url or not (args.build / "bench" / f"{database}_insert").exists():
        print(f"{title} is not measured: {variable} names no server, or its client library is not there.\n")
        return
    with one_cpu(url, port) as pinned:
        print(f"{title}; " + ("client and server on one CPU.\n" if pinned else
                              "client and server on any CPU, so that times jump: the server could not be pinned.\n"))
        names = [f"{database}_{name}" for name in NAMES if wanted(args, name)]
        run_all(args, [name for name in names if (args.build / "bench" / name).exists()], instructions)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--on", choices=["sqlite", *SERVERS], help="this database alone")
    parser.add_argument("--only", nargs="+", choices=[*NAMES, "compile", "migrate"], help="these benchmarks alone")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--n", type=int, default=0, help="instead of each benchmark's own")
    parser.add_argument("--no-instructions", action="store_true")
    args = parser.parse_args()

    instructions = Instructions(not args.no_instructions)
    if args.n:
        print(f"With n = {args.n} instead of what the labels say.\n")
    if args.on in (None, "sqlite"):
        names = [name for name in [*NAMES, "compile"] if wanted(args, name) and (args.build / "bench" / name).exists()]
        if names:
            print("SQLite in a file in memory; both sides: no mutex, foreign_keys=on, journal_mode=WAL, synchronous=NORMAL.\n")
            run_all(args, names, instructions)
        if wanted(args, "migrate"):
            migrations.run(args.build, args.turns, instructions.wanted)
    for database in SERVERS:
        if args.on in (None, database):
            run_server(args, database, instructions)
    print(f"Medians of {args.turns} turns, each run a process of its own.  Instructions of ours (the client's alone), for one"
          " of the rows,\ncalls or statements, and beside raw; by callgrind." if instructions.wanted else
          "Instructions are not counted: valgrind is not there, or they were not asked for.")


if __name__ == "__main__":
    main()
