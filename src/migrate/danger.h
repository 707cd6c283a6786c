/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement does to a schema, what that costs, and what a careful reader would say about it: the ground of `plan` and `lint`.
 *
 * A statement is told by its SQL text alone, so that operations, SQL revisions and ath_op_execute are all seen alike.
 */
#ifndef ATH_MIGRATE_DANGER_H
#define ATH_MIGRATE_DANGER_H

#include "engine/change.h"
#include "sql/lex.h"

/* One change that a statement makes; an ALTER TABLE may make many. */
typedef struct ath__made {
    ath__schema_change change;
    const char *table;  /* as it is written, without quotes; NULL: none */
    const char *schema; /* NULL: none was written */
    const char *name;   /* of the column, constraint or index; NULL: none */
    bool if_exists;     /* it says IF [NOT] EXISTS */
} ath__made;

typedef struct ath__made_list {
    size_t count, capacity;
    ath__made *at;
} ath__made_list;

/* What the statement changes, in its order; names go to the arena. */
ath_status ath__classify(ath__arena *arena, const ath_dialect *dialect, const char *sql, size_t size,
                         ath__made_list *out, ath_error *error);

/* What the database says of a change; NULL: nothing is known. */
const ath__impact *ath__impact_of(const ath__impacts *impacts, const ath_dialect *dialect, ath__schema_change change);

/* ---- lint.c ---- */

typedef enum ath__severity { ATH__SEVERITY_NOTE = 1, ATH__SEVERITY_WARNING, ATH__SEVERITY_DANGER } ath__severity;

typedef struct ath__finding {
    const char *rule; /* "drop-column"; what `-- nolint: drop-column` and --ignore name */
    ath__severity severity;
    const char *what; /* one sentence */
    const char *cure; /* what to do instead; NULL: nothing better is known */
    ath__made made;
    const ath__impact *impact; /* NULL: not known */
} ath__finding;

typedef struct ath__findings {
    size_t count, capacity;
    ath__finding *at;
} ath__findings;

/* How the statements of one revision are looked at, one after the other. */
typedef struct ath__lint {
    ath__arena *arena;
    const ath_dialect *dialect;
    const ath__impacts *impacts; /* NULL: unknown */
    ath_name_list ignored;       /* rules, or "all" */
    bool in_transaction;         /* statements run inside of one */
    ath_name_list created;       /* tables made by this revision: empty, so nothing is dangerous there */
    size_t created_capacity;
    ath__findings findings;
} ath__lint;

/* Looks at a statement; what it finds is added.  A comment in it, `-- nolint` or `-- nolint: rule, rule`, silences it. */
ath_status ath__lint_statement(ath__lint *lint, const char *sql, size_t size, ath_error *error);

#endif
