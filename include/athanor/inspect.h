/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`, the inspector: what stands in a database, read from its own catalogs.
 *
 *     ath_inspector *there = ath_inspect(connection);
 *     const ath_reflected_table *t = ath_inspector_table(there, "users");
 *     for (size_t i = 0; t && i < t->column_count; i++)
 *         printf("%s %s\n", t->columns[i].name, t->columns[i].type_text);
 *     ath_inspector_free(there);
 *
 * All tables are read by a handful of queries, however many there are.  What is read is a copy: it neither follows the
 * database nor needs the connection, and lives until the inspector is freed.  It is immutable, so threads may share it.
 *
 * Members that are not there are NULL, 0 or empty; names are as the database keeps them, without quotes; SQL texts
 * (defaults, conditions, definitions) are the database's own words.
 */
#ifndef ATHANOR_INSPECT_H
#define ATHANOR_INSPECT_H

#include <athanor/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ath_relation_kind {
    ATH_RELATION_TABLE = 1, /* partitioned tables, partitions and SQLite's virtual tables too: see the options */
    ATH_RELATION_VIEW,
    ATH_RELATION_MATERIALIZED_VIEW,
    ATH_RELATION_FOREIGN_TABLE
} ath_relation_kind;

typedef struct ath_reflected_column {
    const char *name;
    ath_type type;         /* the nearest general type; .details->spelling is `declared` where there is none nearer */
    const char *type_text; /* as SQLAlchemy prints the type: "VARCHAR(160)", "TIMESTAMP WITHOUT TIME ZONE" */
    const char *type_name; /* the same without its parameters: "VARCHAR", "TIMESTAMP", "ENUM", "DOUBLE_PRECISION" ...;
                              "NULL" where SQLAlchemy knows no such type */
    const char *declared;  /* the type as the database tells it */
    bool nullable;
    unsigned primary_key;      /* the place in the primary key, from 1; 0: not in it */
    const char *default_value; /* SQL text; on MySQL with ON UPDATE behind it, as in SHOW CREATE TABLE */
    const char *on_update;     /* MySQL: what ON UPDATE sets, also part of default_value */
    bool autoincrement; /* AUTO_INCREMENT, SERIAL, identity.  SQLite tells it of no column: see the table's options */
    ath_identity identity;
    ath_count_opts counting; /* of an identity */
    const char *computed;    /* GENERATED ALWAYS AS */
    ath_persisted persisted; /* of a computed column */
    const char *collation;   /* where it is not the type's or the table's */
    const char *check;       /* MariaDB: a CHECK that belongs to the column's definition */
    const char *comment;
    bool invisible; /* left out by SELECT * */
} ath_reflected_column;

/* PRIMARY KEY or UNIQUE. */
typedef struct ath_reflected_key {
    const char *name;      /* SQLite: only if it was given one; MySQL's primary keys have none */
    ath_name_list columns; /* none: there is no primary key */
    ath_name_list include;
    bool nulls_not_distinct;
    ath_deferrable deferrable;
    const char *initially;        /* "DEFERRED" */
    const char *on_conflict;      /* SQLite: "IGNORE" ... */
    const char *duplicates_index; /* MySQL: the index that is the same thing */
    const char *comment;
} ath_reflected_key;

typedef struct ath_reflected_foreign_key {
    const char *name;
    ath_name_list columns;
    const char *referred_schema; /* NULL: the referred table is found without one, as the table itself */
    const char *referred_table;
    ath_name_list referred_columns;
    const char *ondelete,
        *onupdate;     /* "CASCADE", "SET NULL", "SET NULL (a)" ...; NULL: NO ACTION, or MariaDB's RESTRICT,
                                        which is the same there */
    const char *match; /* "FULL"; NULL: simple */
    ath_deferrable deferrable;
    const char *initially; /* "DEFERRED", "IMMEDIATE", where it was said */
    bool not_valid;        /* rows that were there before have not been checked */
    bool in_column;        /* SQLite: written as REFERENCES behind a column */
    const char *comment;
} ath_reflected_foreign_key;

typedef struct ath_reflected_check {
    const char *name;
    const char *sql; /* the condition, without CHECK and the parentheses around it */
    bool not_valid, no_inherit, not_enforced;
    const char *comment;
} ath_reflected_check;

typedef struct ath_reflected_option {
    const char *name, *value;
} ath_reflected_option;

typedef struct ath_reflected_index {
    const char *name;
    bool unique;
    ath_part_list parts; /* columns and expressions; a part has only those members that differ from the defaults */
    ath_name_list include;
    const char *where;
    const char *method; /* "gin", "hash" ...; NULL: the default, a B-tree */
    const char *prefix; /* MySQL: "FULLTEXT", "SPATIAL" */
    const char *with_parser;
    bool nulls_not_distinct;
    const char *duplicates_constraint;   /* PostgreSQL: the constraint that the index serves */
    bool invisible;                      /* MySQL's INVISIBLE, MariaDB's IGNORED: kept up but not used */
    bool invalid;                        /* PostgreSQL: CREATE INDEX CONCURRENTLY did not end well */
    const ath_reflected_option *options; /* storage parameters, tablespace */
    size_t option_count;
    const char *comment;
} ath_reflected_index;

/* EXCLUDE (PostgreSQL). */
typedef struct ath_reflected_exclusion {
    const char *name;
    const char *definition; /* "EXCLUDE USING gist (room WITH =, during WITH &&)" */
    const char *comment;
} ath_reflected_exclusion;

typedef struct ath_reflected_table {
    const char *schema; /* as it was asked for; NULL: the default */
    const char *name;
    ath_relation_kind kind;
    bool temporary;
    const char *comment;
    const ath_reflected_column *columns;
    size_t column_count;
    ath_reflected_key primary_key;
    const ath_reflected_foreign_key *foreign_keys;
    size_t foreign_key_count;
    const ath_reflected_index *indexes; /* by name; without the primary key's */
    size_t index_count;
    const ath_reflected_key *uniques; /* by name, those without one last */
    size_t unique_count;
    const ath_reflected_check *checks; /* by name, those without one last */
    size_t check_count;
    const ath_reflected_exclusion *exclusions;
    size_t exclusion_count;
    /* PostgreSQL: "with", "inherits", "tablespace", "using", "partition by", "partition of" ...; MySQL: "engine",
     * "default charset", "collate", "row_format", "partition by" ...; SQLite: "strict", "without rowid", "autoincrement",
     * "module" (of a virtual table), whose value is "". */
    const ath_reflected_option *options;
    size_t option_count;
    const char *definition; /* of a view: its SELECT; on SQLite the whole CREATE statement, of tables too */
    const char *mistake;    /* why the columns could not be read (a view of a table that is gone), or NULL */
} ath_reflected_table;

typedef struct ath_reflected_sequence {
    const char *schema, *name;
    ath_type type;
    const char *type_text;
    ath_count_opts counting;
    const char *owner_table, *owner_column; /* PostgreSQL: dropped with this column (SERIAL, identity) */
    bool is_identity;
    const char *comment;
} ath_reflected_sequence;

typedef struct ath_reflected_enum {
    const char *schema, *name;
    bool visible; /* found without its schema */
    ath_name_list labels;
    const char *comment;
} ath_reflected_enum;

typedef struct ath_reflected_domain {
    const char *schema, *name;
    bool visible;
    ath_type type; /* what it is made of */
    const char *type_text;
    const char *declared;
    bool nullable;
    const char *default_value;
    const char *collation;
    const ath_reflected_check *checks;
    size_t check_count;
    const char *comment;
} ath_reflected_domain;

typedef struct ath_inspector ath_inspector;

typedef struct ath_inspect_opts {
    size_t struct_size;
    const char *schema;   /* default: what is found without one (PostgreSQL: on the search path) */
    ath_name_list tables; /* only these tables and views: ath_names("a", "b"); default: all */
    bool names_only;      /* names, kinds and comments, nothing of their insides */
    bool no_views;
    bool temporary; /* the session's temporary tables instead of the lasting ones */
    int reserved_;
} ath_inspect_opts;

/* Reads a schema: ath_inspect(c), ath_inspect(c, .schema = "other", .tables = ath_names("users")).  Runs in the
 * connection's transaction.  NULL on failure (ath_connection_error): ATH_ARGUMENT when there is no such schema,
 * ATH_NOT_SUPPORTED when the database does not tell (temporary tables of MariaDB before 11.2).  Tables that were asked
 * for and are not there are simply not in the inspector. */
#define ath_inspect(...) ATH_INSPECT_(__VA_ARGS__, .struct_size = sizeof(ath_inspect_opts))
#define ATH_INSPECT_(connection, ...) ath_connection_inspect(connection, &(const ath_inspect_opts){__VA_ARGS__})
ATH_API ath_inspector *ath_connection_inspect(ath_connection *connection, const ath_inspect_opts *opts);
ATH_API void ath_inspector_free(ath_inspector *inspector); /* NULL is fine */

/* All schemas of the database (SQLite: the attached files), without PostgreSQL's own, by name. */
ATH_API ath_name_list ath_inspector_schema_names(const ath_inspector *inspector);
/* The schema in which things without one are made: "public", the database on MySQL, "main". */
ATH_API const char *ath_inspector_default_schema(const ath_inspector *inspector);
/* The names of one kind, sorted. */
ATH_API ath_name_list ath_inspector_names(const ath_inspector *inspector, ath_relation_kind kind);
#define ath_inspector_table_names(inspector) ath_inspector_names(inspector, ATH_RELATION_TABLE)
#define ath_inspector_view_names(inspector) ath_inspector_names(inspector, ATH_RELATION_VIEW)
/* A table or view of any kind, or NULL.  The name is compared as it is, upper and lower case alike on SQLite only. */
ATH_API const ath_reflected_table *ath_inspector_table(const ath_inspector *inspector, const char *name);
/* All of them, by name. */
ATH_API const ath_reflected_table *ath_inspector_tables(const ath_inspector *inspector, size_t *count);
ATH_API const ath_reflected_column *ath_reflected_table_column(const ath_reflected_table *table, const char *name);
/* Sequences, also those behind SERIAL and identity columns; enums and domains (PostgreSQL): by name. */
ATH_API const ath_reflected_sequence *ath_inspector_sequences(const ath_inspector *inspector, size_t *count);
ATH_API const ath_reflected_enum *ath_inspector_enums(const ath_inspector *inspector, size_t *count);
ATH_API const ath_reflected_domain *ath_inspector_domains(const ath_inspector *inspector, size_t *count);
/* Whether there is a table or view of that name; `schema` may be NULL. */
ATH_API ath_status ath_connection_has_table(ath_connection *connection, const char *schema, const char *name,
                                            bool *exists);

#ifdef __cplusplus
}
#endif

#endif
