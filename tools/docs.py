#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs.py OUT: writes a reference of the public headers in Markdown: each comment with the declarations right below it.

A comment documents what follows it up to the next blank line or comment; what has no comment is not in the reference."""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ.get("HOUSE_ROOT", pathlib.Path(__file__).resolve().parent.parent))
# The rooms in the order a reader meets them; other headers follow by name.
ORDER = ["athanor", "base", "type", "schema", "expr", "statement", "engine", "orm", "short"]
COMMENT = re.compile(r"^/\*(.*?)\*/[ \t]*\n", re.M | re.S)
RULER = re.compile(r"^----\s*(.*?)\s*-+$")
NAME = [
    re.compile(r"^#define (\w+)"),
    re.compile(r"^typedef\b[^;{]*\(\*(\w+)\)"),            # a function pointer type
    re.compile(r"^(?:typedef )?(?:struct|enum|union) (\w+)"),
    re.compile(r"\b(ath_\w+)\("),                          # a function
    re.compile(r"\b(ath_\w+|ATH_\w+);$"),
    re.compile(r"^(ATH_\w+)\("),
]


def prose(comment):
    """The comment's text without its stars."""
    return "\n".join(re.sub(r"^ ?\*? ?", "", line).rstrip() if i else line.strip()
                     for i, line in enumerate(comment.split("\n"))).strip()


def declarations(code):
    """The declarations at the start of `code`, each as text, up to the first blank line or comment outside of one."""
    found, lines, i = [], code.split("\n"), 0
    while i < len(lines) and lines[i].strip() and not lines[i].startswith(("/*", "#if", "#endif", "#else", "}")):
        start = i
        if lines[i].startswith("#"):
            while i + 1 < len(lines) and lines[i].endswith("\\"):
                i += 1
            found.append(macro_head(lines[start]))
        else:
            while i + 1 < len(lines) and not ended(lines[start:i + 1]):
                i += 1
            text = "\n".join(lines[start:i + 1])
            found.append(text.split(" {")[0] + ";" if text.startswith("static inline") else text)
        i += 1
    return found


def ended(lines):
    if any("{" in line for line in lines) and "".join(lines).count("{") > "".join(lines).count("}"):
        return False
    return re.sub(r"\s*/\*.*\*/\s*$", "", lines[-1]).rstrip().endswith((";", "}"))


def macro_head(line):
    """`#define NAME(arguments)`, without what it expands to; constants keep their value."""
    head = re.match(r"#define \w+\([^)]*\)", line)
    return head.group(0) if head else line.rstrip("\\ ")


def name_of(declaration):
    for pattern in NAME:
        match = pattern.search(declaration)
        if match:
            return match.group(1)
    return ""


def page(header):
    text = header.read_text()
    out = [f"## athanor/{header.relative_to(ROOT / 'include/athanor').as_posix()}"]
    for at, match in enumerate(COMMENT.finditer(text)):
        said = prose(match.group(1))
        ruler = RULER.match(said)
        if at == 0:
            out.append(re.sub(r"^SPDX[^\n]*\n*", "", said))
        elif ruler:
            out.append(f"### {ruler.group(1)[:1].upper()}{ruler.group(1)[1:]}")
        else:
            found = declarations(text[match.end():])
            names = [n for n in dict.fromkeys(map(name_of, found)) if n and not n.endswith("_")]
            if names:
                code = "\n".join(found)
                out += ["#### " + ", ".join(f"`{n}`" for n in names), said, f"```c\n{code}\n```"]
    return out


def main():
    headers = sorted((ROOT / "include/athanor").rglob("*.h"),
                     key=lambda h: (ORDER.index(h.stem) if h.stem in ORDER else len(ORDER), h.as_posix()))
    out = ["# Athanor reference", "Made from the comments of the public headers by `make docs`."]
    for header in headers:
        out += page(header)
    target = pathlib.Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n\n".join(out) + "\n")
    print(f"{target}: {sum(line.startswith('#### ') for line in out)} entries")


if __name__ == "__main__":
    main()
