#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions of at most 70 lines, files of at most 1000.  There is no list of exceptions.

A function's length is counted from the first line of its declaration to its closing brace in column 0."""
import os
import pathlib
import sys

ROOT = pathlib.Path(os.environ.get("HOUSE_ROOT", pathlib.Path(__file__).resolve().parent.parent))
MAX_FUNCTION, MAX_FILE = 70, 1000


def code_only(text):
    """The text with comments and strings blanked and preprocessor lines emptied; lines stay where they are."""
    out, i, n = [], 0, len(text)
    while i < n:
        two = text[i:i + 2]
        if two == "/*":
            end = text.find("*/", i + 2)
            end = n if end < 0 else end + 2
            out.append("".join("\n" if c == "\n" else " " for c in text[i:end]))
            i = end
        elif two == "//":
            end = text.find("\n", i)
            i = n if end < 0 else end
        elif text[i] in "\"'":
            quote, start = text[i], i
            i += 1
            while i < n and text[i] != quote and text[i] != "\n":
                i += 2 if text[i] == "\\" else 1
            i += 1
            out.append(" \n" if "\n" in text[start:i] else " ")
        else:
            out.append(text[i])
            i += 1
    lines, continued = [], False
    for line in "".join(out).split("\n"):
        directive = continued or line.lstrip().startswith("#")
        continued = directive and line.rstrip().endswith("\\")
        lines.append("" if directive else line)
    return lines


def functions(lines):
    """(length, first line, declaration) of every function."""
    first, opened = None, False
    for number, line in enumerate(lines, 1):
        if first is None:
            if not line.strip() or line[0].isspace() or line[0] in "{}" or line.startswith("extern  {"):
                continue
            first, opened, head = number, False, line
            initialiser = "=" in line.partition("{")[0] # of a table, which may end behind its last row: "x"};
        if not opened and "{" in line:
            opened = True
        if line.startswith("}"):
            if line.rstrip() == "}":
                yield number - first + 1, first, head.strip()
            first = None
        elif (not opened and line.rstrip().endswith(";")) or (
                (first == number or initialiser) and line.rstrip().endswith("};")):
            first = None
        elif first == number and opened and line.count("{") == line.count("}"):
            first = None  # all on one line


def main():
    wrong, found = [], []
    for top in ("src", "include", "test", "fuzz", "examples", "bench"):
        for file in sorted((ROOT / top).rglob("*.[ch]")):
            name = file.relative_to(ROOT).as_posix()
            text = file.read_text()
            count = text.count("\n")
            if count > MAX_FILE:
                wrong.append(f"{name}: {count} lines, more than {MAX_FILE}")
            found += [(length, f"{name}:{at}: {head}") for length, at, head in functions(code_only(text))]
    found.sort(reverse=True)
    wrong += [f"{where}: {length} lines, more than {MAX_FUNCTION}" for length, where in found if length > MAX_FUNCTION]
    print("the longest functions:")
    for length, where in found[:5]:
        print(f"  {length:4} {where}")
    longest = found[0][0] if found else 0
    print("\n".join(wrong) if wrong else f"{len(found)} functions; the longest has {longest} lines")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
