/* SPDX-License-Identifier: Apache-2.0
 *
 * What one database does in its own way when its schema is changed: migrations ask it, backend/<db>/alter.c answers.
 * Declared here, below both.  A NULL function: the database needs no way of its own.
 */
#ifndef ATH_ENGINE_ALTER_H
#define ATH_ENGINE_ALTER_H

#include "engine/engine.h"

/* One change of a table, as pieces of SQL of the database at hand. */
typedef enum ath__edit_kind {
    ATH__EDIT_ADD_COLUMN = 1,  /* name, sql: its line, before, after */
    ATH__EDIT_DROP_COLUMN,     /* name */
    ATH__EDIT_ALTER_COLUMN,    /* name, and what changes */
    ATH__EDIT_RENAME_COLUMN,   /* name, new_name */
    ATH__EDIT_ADD_CONSTRAINT,  /* sql: CONSTRAINT x UNIQUE (a); constraint */
    ATH__EDIT_DROP_CONSTRAINT, /* name, constraint (0: any kind); without a name: what `item` says */
    ATH__EDIT_RENAME_CONSTRAINT,
    ATH__EDIT_RENAME_INDEX, /* name, new_name */
    ATH__EDIT_OPTIONS,      /* strict, without_rowid */
    ATH__EDIT_STATEMENT     /* sql: runs as it is, in its turn (indexes) */
} ath__edit_kind;

typedef struct ath__edit {
    ath__edit_kind kind;
    const char *name, *new_name;
    const char *sql;
    const char *before, *after;
    ath_constraint_kind constraint;
    const ath_table_item *item; /* of a constraint that has no name: what it says */
    bool if_exists;             /* nothing to drop, or there already: nothing is done */
    /* of a column; NULL: stays */
    const char *type, *default_sql, *collation, *computed;
    bool drop_default, drop_computed;
    bool null, not_null;
    ath_persisted persisted;
    bool strict, no_strict, without_rowid, with_rowid; /* neither: as it is */
    const char *using; /* what the old values become; NULL: CAST where the kind of value changes */
} ath__edit;

/* The table and where statements go. */
typedef struct ath__edits {
    const char *schema, *table;
    const ath__edit *items;
    size_t count;
    const ath_naming *naming; /* constraints without a name answer to what it would call them; NULL: none */
    const char *recreate;     /* "auto", "always", "never"; NULL: auto */
    bool is_script;           /* the connection is a shadow, which knows what the script has made and no more */
    ath_status (*emit)(void *context, const char *sql, ath_error *error); /* runs it before it returns */
    void *context;
} ath__edits;

/* A column as it is, read from the database for a change that must say all of it again (MySQL's MODIFY). */
typedef struct ath__live_column {
    const char *type;     /* "varchar(50)" */
    const char *charset;  /* CHARACTER SET latin1 COLLATE latin1_bin, where it is not the table's */
    const char *computed; /* AS (...) STORED, as it is written; NULL: none */
    const char *default_sql;
    const char *on_update;
    const char *comment; /* a literal: 'it''s' */
    const char *rest;    /* what else: INVISIBLE, CHECK (...) */
    bool not_null, autoincrement;
} ath__live_column;

struct ath__alterer {
    size_t struct_size;

    /* ---- changes of tables ---- */

    /* Where ALTER TABLE cannot do all: applies the edits, in order, in as few rebuilds as possible, losing nothing.
     * Reads the table from the connection, and hands each statement to `emit`. */
    ath_status (*alter)(ath_connection *connection, const ath__edits *edits, ath_error *error);
    /* An empty database in memory, for scripts: what they create is created in it too, so that `alter` finds it.  Close
     * the connection, then its engine. */
    ath_connection *(*shadow)(ath_engine **engine, ath_error *error);
    /* Makes the schema of a database, without its rows, in a shadow: what a plan is tried on. */
    ath_status (*mirror)(ath_connection *connection, ath_connection *shadow, ath_error *error);
    /* Where a changed column must be told whole: reads it.  Text lives in the arena. */
    ath_status (*column)(ath_connection *connection, const char *schema, const char *table, const char *column,
                         ath__arena *arena, ath__live_column *out, ath_error *error);

    /* How large a table is, as far as that is known without counting; -1: not. */
    ath_status (*table_size)(ath_connection *connection, const char *schema, const char *table, int64_t *rows,
                             int64_t *bytes);

    /* A query for what a schema (:schema; '' is the default one) has beside tables, types, sequences and views: what it is
     * ("function", "trigger" ...), its name, what makes it (NULL: not told), what drops it (NULL: it goes with its table),
     * in an order in which they can be made. */
    const char *texts;

    /* ---- around a run that changes tables ----
     * Outside of its transaction `begin_changes` puts the connection into a state in which tables can be rebuilt (SQLite:
     * foreign_keys off), `end_changes` puts it back.  Before COMMIT `check_changes` fails when the run has broken what was
     * whole (SQLite: foreign_key_check, new violations alone).  *state is the alterer's own. */
    ath_status (*begin_changes)(ath_connection *connection, void **state, ath_error *error);
    ath_status (*check_changes)(ath_connection *connection, void *state, ath_error *error);
    void (*end_changes)(ath_connection *connection, void *state);
    /* What stands for begin_changes in a script, before its first BEGIN; NULL: nothing. */
    const char *begin_script;

    /* ---- the lock that keeps runners apart ---- */

    /* Tries once to take the lock of that name; *taken says whether.  It belongs to this connection's session and ends
     * with it, also when the process is killed.  When it is another's, `holder` (of `size` bytes) says whose, as far as the
     * database tells: "process 4711 on host web1, since 2026-11-21 17:00:03". */
    ath_status (*try_lock)(ath_connection *connection, const char *name, bool *taken, char *holder, size_t size,
                           ath_error *error);
    ath_status (*unlock)(ath_connection *connection, const char *name, ath_error *error);

    /* From now on no statement of this session waits longer for what others have locked. */
    ath_status (*lock_timeout)(ath_connection *connection, int milliseconds, ath_error *error);
};

#endif
