#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# format.sh: formats every C file in place.  (tools/check_format.sh refuses files that are not.)
set -eu
cd "$(dirname "$0")/.."
find src include test fuzz examples bench -name '*.[ch]' -not -path 'test/house/*' -print0 |
    xargs -0 -r clang-format --style=file -i
