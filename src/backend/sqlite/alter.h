/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files alter*.c share: the text of a CREATE TABLE, taken apart so that pieces of it can be changed while
 * everything else stays as it was written, comments included.
 */
#ifndef ATH_BACKEND_SQLITE_ALTER_H
#define ATH_BACKEND_SQLITE_ALTER_H

#include "backend/sqlite/sqlite.h"
#include "engine/alter.h"

/* ---- alter_text.c ---- */

typedef enum ath__clause_kind {
    ATH__CLAUSE_PRIMARY_KEY = 1,
    ATH__CLAUSE_NOT_NULL,
    ATH__CLAUSE_NULL,
    ATH__CLAUSE_UNIQUE,
    ATH__CLAUSE_CHECK,
    ATH__CLAUSE_DEFAULT,
    ATH__CLAUSE_COLLATE,
    ATH__CLAUSE_REFERENCES,
    ATH__CLAUSE_GENERATED,
    ATH__CLAUSE_FOREIGN_KEY /* of a table */
} ath__clause_kind;

/* A constraint, of a column or of the table. */
typedef struct ath__clause {
    ath__clause_kind kind;
    const char *name;      /* CONSTRAINT name, without quotes; NULL: none */
    const char *gap;       /* blanks and comments in front of it; NULL: a blank */
    const char *text;      /* from CONSTRAINT (or the word itself) to its end */
    ath_name_list columns; /* of PRIMARY KEY, UNIQUE and FOREIGN KEY over a table */
    const char *target;    /* of foreign keys */
    ath_name_list target_columns;
    bool removed;
} ath__clause;

/* A column, or a constraint of the table. */
typedef struct ath__part {
    const char *before; /* blanks and comments in front of it */
    const char *column; /* its name, without quotes; NULL: a constraint */
    const char *quoted; /* as it is written */
    const char *gap;    /* between name and type */
    const char *type;   /* "" : none */
    ath__clause *clauses;
    size_t clause_count, clause_capacity;
    const char *behind; /* blanks and comments */
    const char *whole;  /* instead of all of these: text that was added */
    bool removed, added;
} ath__part;

typedef struct ath__create {
    ath__arena *arena;
    ath_error *error;
    ath__part *parts;
    size_t count, capacity;
    const char *tail; /* behind the last parenthesis: STRICT, WITHOUT ROWID */
} ath__create;

/* Reads the text as sqlite_master has it.  ATH_NOT_SUPPORTED for a virtual table. */
ath_status ath__create_read(ath__create *create, const char *sql, ath__arena *arena, ath_error *error);
/* Writes it for a table of that (qualified, quoted) name. */
void ath__create_write(const ath__create *create, const char *name, ath__buf *out);

ath__part *ath__create_column(const ath__create *create, const char *name);
/* A clause of that kind of a column; NULL: none. */
ath__clause *ath__part_clause(const ath__part *part, ath__clause_kind kind);
/* Whether the text has the name as a token, outside of strings. */
bool ath__text_mentions(const char *text, const char *name);
bool ath__same_name(const char *a, const char *b);
/* Behind CONSTRAINT and the name: where the clause itself begins. */
const char *ath__clause_body(const char *text);
/* From ON on, of the text of a CREATE INDEX. */
const char *ath__index_on(const char *sql);
/* The column that is another name for the rowid; NULL: none. */
const ath__part *ath__create_rowid(const ath__create *create);
bool ath__create_has_rowid(const ath__create *create); /* no WITHOUT ROWID */
bool ath__create_autoincrement(const ath__create *create);

/* ---- alter_edit.c ---- */

/* What the constraint clause is called by a naming convention when it has no name; `part` NULL or its column. */
typedef struct ath__edited {
    const ath__edits *edits;
    const ath_dialect *dialect;
    const ath_allocator *allocator;
} ath__edited;

/* Applies an edit to the text.  ATH_ARGUMENT when what it names is not there. */
ath_status ath__create_edit(ath__create *create, const ath__edited *context, const ath__edit *edit);

/* ---- alter_table.c, alter_around.c: as of ath__alterer ---- */

ath_status ath__sqlite_alter(ath_connection *connection, const ath__edits *edits, ath_error *error);
ath_connection *ath__sqlite_shadow(ath_engine **engine, ath_error *error);
ath_status ath__sqlite_mirror(ath_connection *connection, ath_connection *shadow, ath_error *error);
ath_status ath__sqlite_table_size(ath_connection *connection, const char *schema, const char *table, int64_t *rows,
                                  int64_t *bytes);
ath_status ath__sqlite_begin_changes(ath_connection *connection, void **state, ath_error *error);
ath_status ath__sqlite_check_changes(ath_connection *connection, void *state, ath_error *error);
void ath__sqlite_end_changes(ath_connection *connection, void *state);

#endif
