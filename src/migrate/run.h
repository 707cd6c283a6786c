/* SPDX-License-Identifier: Apache-2.0
 *
 * A run: what the files share that bring a database from one revision to another.
 *
 * Where DDL rolls back, a transaction holds as many revisions as it may, each with its row in the version table.  What has to
 * run outside of one (and all, where DDL does not roll back) is written into the journal statement by statement: table
 * athanor_journal knows of each whether it is planned, started or done, and the row of the version table and the end of the
 * journal are one transaction again.
 */
#ifndef ATH_MIGRATE_RUN_H
#define ATH_MIGRATE_RUN_H

#include "migrate/ops.h"
#include "migrate/script.h"

enum { ATH__ID = 255 }; /* characters of a revision's id */

/* A statement of the step under way, as the journal has it or would have it. */
typedef struct ath__entry {
    int64_t number, operation; /* from 1 */
    const char *hash;          /* of what the operation is */
    const char *sql;
    ath_journal_state state;
} ath__entry;

typedef struct ath__entries {
    ath__entry *at;
    size_t count, capacity;
} ath__entries;

typedef struct ath__step_run {
    const ath__graph_step *step;
    ath__source *source;       /* NULL: a stamp */
    int64_t operation, number; /* begun so far */
    ath__entries past;         /* what an earlier run has left in the journal, by number */
    ath__entries done;         /* of this run, until they are in the journal */
    bool journaled;            /* the journal knows of it */
    const char *hash;          /* of the operation under way */
    int64_t began_us;
} ath__step_run;

/* A line of the history. */
typedef struct ath__line {
    const char *revision, *message, *checksum;
    int way;
    ath_datetime at;
    int64_t milliseconds;
} ath__line;

typedef struct ath__lines {
    ath__line *at;
    size_t count, capacity;
} ath__lines;

typedef struct ath__run {
    ath_migration migration; /* a copy: of the caller's, changed by env.c */
    ath_engine *engine;
    const ath__backend *backend;
    const ath__alterer *alterer; /* may be NULL */
    ath__script script_;
    ath__script *script; /* its address, once it is open */
    ath__arena arena;
    ath__log log;
    ath_error *error;          /* never NULL */
    ath_connection *c, *lock;  /* the one that migrates; the one that holds the lock, or NULL */
    const char *version_table; /* its name; */
    const char *version;       /* quoted, behind its schema */
    const char *history, *journal;
    bool has_version, has_history, has_journal;
    bool rolls_back; /* DDL does */
    bool outside;    /* of a transaction, at the moment */
    void *changes;   /* the alterer's */
    bool changes_begun;
    ath_name_list heads;
    ath_ops *ops;
    const ath__graph_plan *plan;
    size_t at;   /* the step under way */
    size_t kept; /* steps before this one are committed */
    ath__step_run step;
    ath__lines lines;          /* of the history, to be written before the next commit */
    char user[128], host[128]; /* who runs it, and where; "" until they are asked for */
    unsigned seed;             /* of pauses */
} ath__run;

/* ---- tables.c: the tables that a run keeps ---- */

/* Finds out which are there; takes alembic_version where only that is. */
ath_status ath__tables_find(ath__run *run);
/* Makes those that are missing, in the transaction that is open. */
ath_status ath__tables_make(ath__run *run);
ath_status ath__tables_make_journal(ath__run *run);
/* CREATE TABLE of the version table, without a semicolon, for scripts. */
ath_status ath__tables_version_sql(ath__run *run, const ath_dialect *dialect, ath__buf *out);
/* A name of a table, quoted, behind the schema of the version table; in the arena. */
const char *ath__tables_name(ath__run *run, const ath_dialect *dialect, const char *name);

/* ---- version.c ---- */

ath_status ath__version_read(ath__run *run, ath_name_list *heads);
/* Sees to it that a table which was adopted has room for the step's ids.  Before the transaction of their change. */
ath_status ath__version_widen(ath__run *run, const ath__graph_step *step);
/* Changes the rows as the step says; each must be there. */
ath_status ath__version_change(ath__run *run, const ath__graph_step *step);
/* The same as SQL text, one piece per change. */
ath_status ath__version_sql(ath__run *run, const ath_dialect *dialect, const ath__row_change *change, ath__buf *out);
/* "a, b -> c" of a step. */
void ath__version_text(const ath__graph_step *step, ath__buf *out);

/* ---- history.c ---- */

/* A line for the step under way, which has succeeded; written by the next ath__history_write, before the transaction is
 * committed: behind each CREATE the database would read the same INSERT anew. */
ath_status ath__history_add(ath__run *run);
ath_status ath__history_write(ath__run *run);
/* Writes a line for the step under way, which has failed; what was not written yet is no longer true. */
ath_status ath__history_failed(ath__run *run, const ath_error *failure);
ath_status ath__history_walk(ath__run *run, ath_migration_run_visit visit, void *context);
/* Applied revisions whose files are not what was applied. */
ath_status ath__history_edited(ath__run *run, ath_edited_visit visit, void *context, size_t *count);
ath_status ath__history_accept(ath__run *run, ath__source *source);

/* ---- journal.c ---- */

/* Appends to the list. */
ath_status ath__entries_add(ath__run *run, ath__entries *list, ath__entry entry);
/* What the journal has of the step under way. */
ath_status ath__journal_read(ath__run *run);
/* One that is half-way and none of the plan's first step: ATH_STATE, which says so. */
ath_status ath__journal_check(ath__run *run);
ath_status ath__journal_write(ath__run *run, const ath__entry *entry);
ath_status ath__journal_mark(ath__run *run, int64_t number, ath_journal_state state);
/* The revision is finished. */
ath_status ath__journal_forget(ath__run *run);
ath_status ath__journal_walk(ath__run *run, ath_journal_visit visit, void *context);
ath_status ath__journal_repair(ath__run *run, const char *revision, ath_repair what);

/* ---- settle.c ---- */

/* Whether rows are all that a statement changes, so that it is a matter of a transaction. */
bool ath__is_data(const char *sql);
/* Whether it refuses to run inside of a transaction. */
bool ath__is_outside(const char *sql);
/* Whether it begins or ends transactions by itself. */
bool ath__is_transaction(const char *sql);
typedef enum ath__fate { ATH__FATE_UNKNOWN, ATH__FATE_DONE, ATH__FATE_UNDONE } ath__fate;
/* Looks at the live schema for what a statement would have done. */
ath_status ath__settle(ath__run *run, const char *sql, ath__fate *fate);

/* ---- lock.c ---- */

/* Waits until no other runner is at work. */
ath_status ath__lock_take(ath__run *run);
void ath__lock_drop(ath__run *run);
/* Waits, longer each time, before try number `turn` (from 1). */
ath_status ath__pause(ath__run *run, int turn);

/* ---- steps.c: steps are run ---- */

ath_status ath__steps_run(ath__run *run, const ath__graph_plan *plan);

/* ---- sink.c: statements are run ---- */

ath__op_sink ath__run_sink(ath__run *run);
ath_status ath__run_autocommit(void *context, bool on, ath_error *error);
ath_status ath__transaction_begin(ath__run *run);
ath_status ath__transaction_commit(ath__run *run);
void ath__transaction_abandon(ath__run *run);

/* ---- call.c: the step's own function or text ---- */

ath_status ath__step_call(ath__run *run, ath_ops *ops, ath__source *source, ath__way way, const char *dialect);
/* Why a step cannot go that way, before anything is run. */
ath_status ath__step_check(const ath__run *run, const ath__source *source, ath__way way, const char *dialect);

/* ---- run.c ---- */

/* Reads the script, runs the environment, connects, looks at the tables.  On failure nothing is left. */
ath_status ath__run_open(ath__run *run, ath_engine *engine, const ath_migration *migration, ath_error *error);
void ath__run_close(ath__run *run);
/* The same without a database, for scripts. */
ath_status ath__run_open_offline(ath__run *run, const char *dialect, const ath_migration *migration, ath_error *error);

ath_status ath__run_failed(ath__run *run); /* what the connection says, as the run's error */
ath_status ath__run_query(ath__run *run, const ath_expr *text, ath_result **out);
/* Runs text with values that gives no rows; *changed (may be NULL): how many it has changed. */
ath_status ath__run_change(ath__run *run, const ath_expr *text, int64_t *changed);
void ath__run_tell(ath__run *run, ath_migration_moment moment, const char *text, int64_t milliseconds);
/* "upgrade", "downgrade", "stamp". */
const char *ath__way_name(int way);

#endif
