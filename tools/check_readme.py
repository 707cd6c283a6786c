#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The README's first C block is examples/readme.c, which the tests build and run, word for word."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
program = (root / "examples/readme.c").read_text()
block = re.search(r"```c\n(.*?)```", (root / "README.md").read_text(), re.S)
if not block:
    sys.exit("README.md has no C block")
if block.group(1).strip() != program.strip():
    sys.exit("the README's example differs from examples/readme.c")
print("the README's example is examples/readme.c")
