/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, ALTER: changes of what stands, as statements of one database.  One statement each, without a semicolon, appended
 * to `out`, as all of ddl.h.
 */
#ifndef ATH_SQL_ALTER_H
#define ATH_SQL_ALTER_H

#include "sql/ddl.h"

/* ALTER TABLE s.t */
void ath__alter_table(ath__ddl *w, const char *schema, const char *table);
/* RENAME TO new */
ath_status ath__alter_rename_table(ath__ddl *w, const char *schema, const char *table, const char *new_name);

/* How a column is added besides its line. */
typedef struct ath__add_column {
    bool if_not_exists;
    const char *after;                 /* a column; "": first */
    const ath__constraint *references; /* the column's foreign key, in the same line; NULL: none */
    bool primary_key;                  /* PRIMARY KEY in the same line */
} ath__add_column;
ath_status ath__alter_add_column(ath__ddl *w, const ath_table *table, const ath__column *column,
                                 const ath__add_column *how);
/* What stands behind ADD COLUMN. */
ath_status ath__alter_column_line(ath__ddl *w, const ath_table *table, const ath__column *column,
                                  const ath__add_column *how);
ath_status ath__alter_drop_column(ath__ddl *w, const char *schema, const char *table, const char *name, bool if_exists,
                                  bool cascade);
ath_status ath__alter_rename_column(ath__ddl *w, const char *schema, const char *table, const char *name,
                                    const char *new_name);
ath_status ath__alter_rename_index(ath__ddl *w, const char *schema, const char *table, const char *name,
                                   const char *new_name);
ath_status ath__alter_rename_constraint(ath__ddl *w, const char *schema, const char *table, const char *name,
                                        const char *new_name);
/* `kind` 0: the database finds it out.  ATH_ARGUMENT where it must be said. */
ath_status ath__alter_drop_constraint(ath__ddl *w, const char *schema, const char *table, const char *name,
                                      ath_constraint_kind kind, bool if_exists, bool cascade);
ath_status ath__alter_drop_index(ath__ddl *w, const char *schema, const char *table, const char *name, bool if_exists,
                                 bool concurrently);
ath_status ath__alter_table_comment(ath__ddl *w, const char *schema, const char *table, const char *comment);
ath_status ath__alter_add_enum_value(ath__ddl *w, const char *schema, const char *type, const char *label,
                                     const char *before, const char *after, bool if_not_exists);

/* Those of a table's options that can be changed by ALTER TABLE (MySQL); *any is false when none of them is said. */
ath_status ath__alter_options(ath__ddl *w, const char *schema, const char *table, const ath_table_opts *options,
                              bool *any);
ath_status ath__alter_sequence(ath__ddl *w, const ath_sequence *sequence);
/* A type of its own: RENAME TO new. */
ath_status ath__alter_rename_type(ath__ddl *w, const char *schema, const char *type, const char *new_name);

/* ---- compile_alter_column.c ---- */

/* What becomes of a column; what is not said stays. */
typedef struct ath__column_change {
    const char *new_name;
    const ath_type *type; /* NULL: stays */
    const char *using;    /* how old values become the new type */
    const char *collation;
    bool null, not_null;
    const ath_expr *server_default;
    bool drop_default;
    const char *comment;
    bool drop_comment;
    bool autoincrement, no_autoincrement;
    ath_identity identity;
    ath_count_opts counting;
    bool was_identity, drop_identity;
    const char *computed;
    ath_persisted persisted;
    bool drop_computed;
    const ath_type *known_type; /* that it has, for the literal of a default; NULL: not known */
} ath__column_change;

/* What is known of a column besides what is changed, as pieces of SQL. */
typedef struct ath__known_column {
    const char *type;
    const char *charset;     /* CHARACTER SET x COLLATE y, which a new type of text keeps */
    const char *default_sql; /* NULL: none, or not known */
    const char *comment;     /* a literal */
    const char *computed;    /* GENERATED ALWAYS AS ... as it is written */
    const char *on_update;   /* ON UPDATE current_timestamp() */
    const char *rest;        /* CHECK (...), INVISIBLE */
    bool not_null, autoincrement;
} ath__known_column;

/* Whether nothing but the name changes, or nothing at all. */
bool ath__alter_is_rename(const ath__column_change *a);
/* What stands behind DEFAULT for the changed column. */
ath_status ath__alter_default(ath__ddl *w, const ath__column_change *a);
/* One step of a change where each is a statement of its own (PostgreSQL): type, nullability, default ...; *any is
 * false when there is none of that number, from 0 to ATH__ALTER_STEPS - 1. */
enum { ATH__ALTER_STEPS = 8 };
ath_status ath__alter_column_step(ath__ddl *w, const char *schema, const char *table, const char *column,
                                  const ath__column_change *a, int step, bool *any);
/* ALTER COLUMN c SET DEFAULT x. */
ath_status ath__alter_column_default(ath__ddl *w, const char *schema, const char *table, const char *column,
                                     const ath__column_change *a);
/* The whole change as MODIFY or CHANGE. */
ath_status ath__alter_column_whole(ath__ddl *w, const char *schema, const char *table, const char *column,
                                   const ath__column_change *a, const ath__known_column *known);

#endif
