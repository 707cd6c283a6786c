#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""short.h has every macro of the query language: ath_name(...) as name or name_."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent / "include/athanor"
HEADERS = ("expr.h", "function.h", "statement.h")

language = set()
for header in HEADERS:
    macros = re.findall(r"^#define (ath_[a-z0-9_]+)\(", (root / header).read_text(), re.M)
    language |= {name for name in macros if not name.endswith("_")}
language |= set(re.findall(r"^#define (ath_rel_[a-z0-9_]+)\(", (root / "relation.h").read_text(), re.M))
short = dict(
    (ours, name)
    for name, ours in re.findall(r"^#define ([a-z0-9_]+)\(\.\.\.\) (ath_[a-z0-9_]+)\(__VA_ARGS__\)$", (root / "short.h").read_text(), re.M)
)

faults = [f"short.h lacks {name}" for name in sorted(language - set(short))]
faults += [f"short.h names {name}, which is no macro of the language" for name in sorted(set(short) - language)]
faults += [f"short.h calls {ours} {name}" for ours, name in sorted(short.items()) if name not in (ours[4:], ours[4:] + "_")]
lines = [line for line in (root / "short.h").read_text().splitlines() if line.startswith("#define ") and "(" in line]
if len(lines) != len(short):
    faults.append(f"short.h has {len(lines)} macros, of which {len(short)} could be read")
for fault in faults:
    print(fault)
if faults:
    sys.exit(1)
print(f"{len(short)} macros have a short name")
