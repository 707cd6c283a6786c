#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks of a build and prints one table: Athanor beside bare sqlite3 doing the same work.

    run.py BUILD [--turns N] [--n N] [--no-instructions]

Times are medians over the turns, the ratio is the median of each turn's ratio.  Instructions are counted by callgrind,
if it is there, in a smaller run; no noise moves them.  Nothing is asserted."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NAMES = ["insert", "load", "get", "update", "compile"]
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--n", type=int, default=0, help="instead of each benchmark's own")
    parser.add_argument("--no-instructions", action="store_true")
    args = parser.parse_args()

    instructions = Instructions(not args.no_instructions)
    print("SQLite in a file in memory; both sides: no mutex, foreign_keys=on, journal_mode=WAL, synchronous=NORMAL.\n")
    if args.n:
        print(f"With n = {args.n} instead of what the labels say.\n")
    print(COLUMNS.format("", "raw", "ours", "ratio", "goal", "instructions", "ratio"))
    for name in NAMES:
        program = args.build.resolve() / "bench" / name
        for line in measure(program, args):
            show(line, program, instructions)
    print(f"\nMedians of {args.turns} turns, each run a process of its own.  Instructions of ours, for one of the rows,"
          " calls or\nstatements, and beside raw; by callgrind." if instructions.wanted else
          "\nInstructions are not counted: valgrind is not there, or they were not asked for.")


if __name__ == "__main__":
    main()
