/* SPDX-License-Identifier: Apache-2.0
 *
 * The golden runner, build/tools/golden: cases taken from the real tools, one JSON object a line, run against this tree.
 * Each kind of case is a file of its own here and a row of the table in main.c.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#include <athanor/athanor.h>
#include <jansson.h>

typedef struct golden_kind {
    const char *name;
    const char *marks[3]; /* members that a case of this kind has */
    /* Whether the case holds; else `why` says what was found. */
    bool (*run)(const json_t *the_case, ath__buf *why);
} golden_kind;

extern const golden_kind golden_revgraph, golden_cli, golden_autogen;

/* Text of a member; NULL: not there, or null. */
const char *golden_text(const json_t *object, const char *name);
/* A string, an array of strings or null as "a, b". */
void golden_list(const json_t *value, ath__buf *out);
bool golden_differs(ath__buf *why, const char *what, const char *found, const char *expected);

#endif
