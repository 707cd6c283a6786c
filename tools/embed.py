#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed.py FILE NAME OUT: writes a C header that holds a text file as `static const char NAME[]`."""
import pathlib
import sys

source, name, out = sys.argv[1:]
lines = pathlib.Path(source).read_text().splitlines()
quoted = [line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?") for line in lines]
body = "\n".join(f'    "{line}\\n"' for line in quoted)
pathlib.Path(out).write_text(f"/* Made of {pathlib.Path(source).name}. */\nstatic const char {name}[] =\n{body};\n")
