#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must not compile does not, and the compiler says why.

Each test/compile_fail/*.c is a correct program with blocks `#ifdef WRONG_n  /* error: regex */ ... #endif`.  Without a
WRONG_n it must compile; with each it must not, and the compiler's message must match the regex.  gcc and clang."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("HOUSE_ROOT", pathlib.Path(__file__).resolve().parent.parent))
BLOCK = re.compile(r"^\s*#\s*if(?:def|\s+defined)\s*\(?\s*(WRONG_\w+)\)?(.*)$", re.M)
REASON = re.compile(r"/\*\s*error:\s*(.+?)\s*\*/")
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def compile_one(compiler, file, define):
    command = [compiler, *FLAGS, f"-I{ROOT / 'include'}", *([f"-D{define}"] if define else []), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    return done.returncode == 0, done.stderr


def try_one(compiler, file, define, reason):
    """What is wrong, or an empty string."""
    compiled, said = compile_one(compiler, file, define)
    where = f"{file.name} {define or '(correct)'} {compiler}"
    if not define:
        return "" if compiled else f"{where}: must compile:\n{said}"
    if compiled:
        return f"{where}: compiled, but must not"
    return "" if re.search(reason, said) else f"{where}: no message matches `{reason}`:\n{said}"


def cases_of(file):
    cases, wrong = [("", "")], []
    for match in BLOCK.finditer(file.read_text()):
        reason = REASON.search(match.group(2))
        if reason is None:
            wrong.append(f"{file.name} {match.group(1)}: no /* error: regex */ on its line")
        elif match.group(1) in [name for name, _ in cases]:
            wrong.append(f"{file.name} {match.group(1)}: twice")
        else:
            cases.append((match.group(1), reason.group(1)))
    if len(cases) == 1 and not wrong:
        wrong.append(f"{file.name}: has no WRONG_n block")
    return cases, wrong


def main():
    wrong, jobs = [], []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file in sorted((ROOT / "test/compile_fail").glob("*.c")):
            cases, bad = cases_of(file)
            wrong += bad
            jobs += [pool.submit(try_one, compiler, file, *case) for case in cases for compiler in ("gcc", "clang")]
        wrong += [job.result() for job in jobs if job.result()]
    print("\n".join(wrong) if wrong else f"{len(jobs)} compilations came out as they must")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
