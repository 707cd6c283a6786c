#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the floors of tools/layers.txt: an include goes down or stays in its room.  There is no list of exceptions."""
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path(os.environ.get("HOUSE_ROOT", HERE.parent))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def read_layers():
    rooms, only = [], {}  # (path prefix, floor, room); header -> room
    for line in (HERE / "layers.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "room":
            rooms += [(path, int(words[1]), words[2]) for path in words[3:]]
        elif words[0] == "only":
            only[words[1]] = words[2]
        else:
            sys.exit(f"layers.txt: what is this? {line}")
    return sorted(rooms, key=lambda r: -len(r[0])), only


def room_of(name, rooms):
    for path, floor, room in rooms:
        if name == path or (path.endswith("/") and name.startswith(path)):
            return floor, room
    return None


def target_of(file, kind, include):
    """The file of this tree that an include means, or None for the system's."""
    if include.startswith("athanor/"):
        return "include/" + include
    if kind == "<":
        return None
    beside = (file.parent / include).resolve()
    if beside.exists():
        return beside.relative_to(ROOT.resolve()).as_posix()
    return "src/" + include


def check(file, rooms, only):
    name = file.relative_to(ROOT).as_posix()
    own = room_of(name, rooms)
    if own is None:
        return [f"{name}: belongs to no room of layers.txt"]
    wrong = []
    for match in INCLUDE.finditer(file.read_text()):
        include = match.group(2)
        target = target_of(file, match.group(1), include)
        if target is None:
            if only.get(include, own[1]) != own[1]:
                wrong.append(f"{name}: <{include}> is known to {only[include]} alone")
            continue
        if not (ROOT / target).exists():
            wrong.append(f"{name}: {include} does not exist")
            continue
        other = room_of(target, rooms)
        if other is None:
            wrong.append(f"{name}: {include} belongs to no room")
        elif other[1] != own[1] and other[0] == own[0]:
            wrong.append(f"{name}: {own[1]} and {other[1]} ({include}) are on one floor and may not meet")
        elif other[0] > own[0]:
            wrong.append(f"{name}: {include} is {other[1]}, above {own[1]}")
        elif name.startswith("include/") and not target.startswith("include/"):
            wrong.append(f"{name}: a public header includes the internal {include}")
    return wrong


def main():
    rooms, only = read_layers()
    files = sorted(p for top in ("src", "include") for p in (ROOT / top).rglob("*.[ch]"))
    wrong = [w for f in files for w in check(f, rooms, only)]
    print("\n".join(wrong) if wrong else f"{len(files)} files keep to their floors")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
