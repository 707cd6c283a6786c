/* SPDX-License-Identifier: Apache-2.0
 *
 * Operations at work: what a run gives (a dialect, a connection or none, a sink for statements) and what comes of it.
 *
 * The runner makes one ath_ops for a whole run and hands it to each revision's function in turn; ath__ops_finish behind each.
 * The sink is given the statements of one operation together, but for what is changed by rebuilds (engine/alter.h):
 * these are run one by one, because each is written from what the one before has left.
 */
#ifndef ATH_MIGRATE_OPS_H
#define ATH_MIGRATE_OPS_H

#include "engine/alter.h"
#include "migrate/sink.h"
#include "sql/alter.h"

/* -x name=value, as on the command line. */
typedef struct ath__x_list {
    size_t count;
    const char *const *arguments; /* "name=value" or "name" */
} ath__x_list;

typedef struct ath__ops_opts {
    const ath_allocator *allocator;
    const ath__backend *backend;
    const ath_dialect *dialect; /* NULL: the connection's, or the backend's */
    const ath_naming *naming;   /* of the target metadata; NULL: names as they are given */
    ath_connection *connection; /* NULL: offline */
    bool looks_only;            /* the connection is for operations to read: revisions get none */
    ath__x_list x;
    ath__op_sink sink;
    /* Leaves the transaction (true), comes back to one (false); NULL: there is none. */
    ath_status (*autocommit)(void *context, bool on, ath_error *error); /* context: the sink's */
} ath__ops_opts;

/* NULL: memory ran out. */
ath_ops *ath__ops_new(const ath__ops_opts *opts, ath_error *error);
void ath__ops_free(ath_ops *op); /* NULL is fine */
/* After a revision's function: an open block is an error.  The first failure of the revision; the next begins without. */
ath_status ath__ops_finish(ath_ops *op, ath_error *error);
/* The name that messages give to what runs: a revision's id and file; NULL: none.  Borrowed. */
void ath__ops_called(ath_ops *op, const char *called);

/* Runs a statement on a connection as a sink should: bound, or as text. */
ath_status ath__op_statement_run(ath_connection *connection, const ath__op_statement *statement, ath_error *error);

#endif
