/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of directives: a run that keeps the statements it was given, offline for any dialect, or on a database.
 */
#ifndef ATH_TEST_MIGRATE_OP_WORLD_H
#define ATH_TEST_MIGRATE_OP_WORLD_H

#include "servers.h"

#include "migrate/ops.h"

#include <athanor/athanor.h>
#include <athanor/migrate.h>

enum { WORLD_STATEMENTS = 128 };

typedef struct world {
    ath_engine *db; /* NULL: offline */
    ath_connection *c;
    ath_ops *op;
    char *statements[WORLD_STATEMENTS];
    size_t count;
    bool outside[WORLD_STATEMENTS];
    void *changes;  /* the alterer's */
    size_t fail_at; /* the statement from 1 on that is refused; 0: none */
    ath_error error;
} world;

/* "sqlite", "postgresql", "mysql", "mariadb". */
void world_offline(world *w, const char *dialect, const ath_naming *naming);
/* A database of its own, empty; a transaction is open. */
void world_online(world *w, test_database database, const ath_naming *naming);
void world_online_with(world *w, test_database database, const ath_naming *naming, const ath_allocator *allocator);
/* Another run on the same database: commits, forgets the statements. */
void world_again(world *w);
/* Ends what ran: the status of the revision; in w->error what went wrong.  On a database: checks, commits or rolls back. */
ath_status world_finish(world *w);
void world_close(world *w);
/* Runs SQL by itself; fails the test when that fails. */
void world_sql(world *w, const char *sql);
/* The first row's columns, joined by |, rows joined by ;.  To be freed. */
char *world_rows(world *w, const char *sql);
/* Whitespace folded to one blank, none beside parentheses; to be freed. */
char *world_fold(const char *sql);
/* All statements folded, with "; " between; to be freed. */
char *world_text(const world *w);

#endif
