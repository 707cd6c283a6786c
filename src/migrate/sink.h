/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the statements of operations go: a run, a script, a test.  Operations are written by op*.c and know nothing of
 * transactions, journals and retries; a sink knows nothing of operations.
 *
 * One operation may become several statements.  All of them are written before the first is run, so that a run that was
 * stopped between two of them can go on with the rest as it was meant: what stands in the database by then is half of it.
 */
#ifndef ATH_MIGRATE_SINK_H
#define ATH_MIGRATE_SINK_H

#include "engine/engine.h"

#include <athanor/op.h>

/* One statement: text, without a semicolon. */
typedef struct ath__op_statement {
    const char *sql;           /* for people, scripts and the journal, values written into it */
    const ath_stmt *statement; /* where there is one, it is run instead of the text, its values bound */
    bool outside;              /* refuses to run inside of a transaction: CREATE INDEX CONCURRENTLY */
    bool rebuilds;             /* part of a table's rebuild: foreign keys are checked before the transaction ends */
    bool data;                 /* may change rows */
} ath__op_statement;

typedef struct ath__op_sink {
    void *context;
    /* Before an operation is written, and before anything is read for it.  *skip: an earlier run has done it, or what was left of
     * it has just been done.  `operation` says what it is; NULL: SQL text of a revision file, as `text`. */
    ath_status (*begin)(void *context, const ath_operation *operation, const char *text, bool *skip, ath_error *error);
    /* Its statements, in order: all of them. */
    ath_status (*run)(void *context, const ath__op_statement *statements, size_t count, ath_error *error);
} ath__op_sink;

#endif
