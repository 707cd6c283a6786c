#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists source files for the build, so that a new file needs no line in meson.build.

    list_sources.py [--strip DIR] [--not PATTERN] [--folders] PATTERN...

Prints the files that match, relative to the repository (or to DIR), sorted, one a line; with --folders, the folders
that hold them.  `--all` lists every file that decides what is built: the Makefile reconfigures when that list changes.
"""
import argparse
import fnmatch
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALL = ["src/**/*.c", "test/**/*.c", "fuzz/**/*.c", "examples/**/*.c", "bench/**/*.c", "include/athanor/**/*.h"]
SEPARATE = ["test/house/*", "test/compile_fail/*"]  # inputs of the checks, not part of the build


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--strip", default="")
    parser.add_argument("--not", dest="without", action="append", default=[])
    parser.add_argument("--folders", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()

    found = set()
    for pattern in ALL if args.all else args.patterns:
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not any(fnmatch.fnmatch(name, w) for w in args.without + SEPARATE):
                found.add(path.parent if args.folders else path)
    for path in sorted(found):
        print(path.relative_to(ROOT / args.strip).as_posix())


if __name__ == "__main__":
    main()
