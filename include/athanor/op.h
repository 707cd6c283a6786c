/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`, operations: what a revision does to a database, as Alembic's op.* directives.
 *
 *     ATH_UPGRADE(op) {
 *         ath_op_create_table(op, "posts",
 *             ath_op_column("id",        ATH_INTEGER,     .primary_key = true),
 *             ath_op_column("title",     ATH_STRING(200), .not_null = true),
 *             ath_op_column("author_id", ATH_INTEGER),
 *             ath_op_foreign_key(ath_names("author_id"), "users", ath_names("id"), .ondelete = "CASCADE"));
 *         ath_op_create_index(op, "ix_posts_title", "posts", ath_names("title"));
 *     }
 *
 * An operation is a value (ath_operation): directives make one on the caller's stack and hand it to ath_op_invoke, which writes
 * the SQL of the database at hand and runs it, or prints it (offline).  Autogenerate makes lists of the same values.
 *
 * Each directive returns a status; after a failure all that follow in the same run do nothing and return the same
 * status, so that a revision need not look: the run reports the first failure.
 */
#ifndef ATHANOR_OP_H
#define ATHANOR_OP_H

#include <athanor/inspect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where directives go: one run of one revision, up or down.  Belongs to the run; valid while its function runs. */
typedef struct ath_ops ath_ops;

typedef enum ath_operation_kind {
    ATH_OPERATION_NOTHING = 0,
    ATH_OPERATION_CREATE_TABLE,    /* items: all that it is made of */
    ATH_OPERATION_DROP_TABLE,      /* items: what it was made of, where that is known: its inverse needs them */
    ATH_OPERATION_RENAME_TABLE,    /* new_name */
    ATH_OPERATION_ADD_COLUMN,      /* items: one column */
    ATH_OPERATION_DROP_COLUMN,     /* name; items: the column as it was, where that is known */
    ATH_OPERATION_ALTER_COLUMN,    /* name, alter */
    ATH_OPERATION_CREATE_INDEX,    /* items: one index */
    ATH_OPERATION_DROP_INDEX,      /* name; items: the index as it was, where that is known */
    ATH_OPERATION_RENAME_INDEX,    /* name, new_name */
    ATH_OPERATION_ADD_CONSTRAINT,  /* items: one constraint */
    ATH_OPERATION_DROP_CONSTRAINT, /* name, constraint; items: as it was, where that is known */
    ATH_OPERATION_RENAME_CONSTRAINT,
    ATH_OPERATION_TABLE_COMMENT, /* text; NULL takes it away; existing: what it was */
    ATH_OPERATION_CREATE_ENUM,   /* type, a named enum */
    ATH_OPERATION_DROP_ENUM,
    ATH_OPERATION_ADD_ENUM_VALUE, /* type (its name), name: the label, new_name: the label before which it stands, or NULL */
    ATH_OPERATION_CREATE_SEQUENCE, /* sequence */
    ATH_OPERATION_DROP_SEQUENCE,
    ATH_OPERATION_CREATE_SCHEMA, /* name */
    ATH_OPERATION_DROP_SCHEMA,
    ATH_OPERATION_EXECUTE,    /* text: SQL as it is; or statement */
    ATH_OPERATION_BULK_INSERT /* statement */
} ath_operation_kind;

/* Said or not: for changes where "no" is as much of an answer as "yes". */
typedef enum ath_said { ATH_UNSAID = 0, ATH_YES, ATH_NO } ath_said;

/* What alter_column changes; what is not said stays as it is, on every database. */
typedef struct ath_alter_opts {
    size_t struct_size;
    const char *schema;
    const char *new_name;
    ath_type type;                  /* zero: stays */
    const char *postgresql_using;   /* how old values become the new type */
    ath_said nullable;              /* ATH_YES, ATH_NO */
    const ath_expr *server_default; /* ath_str("x"), ath_text("now()") */
    bool drop_server_default;
    const char *comment;
    bool drop_comment;
    ath_said autoincrement;
    ath_identity identity; /* GENERATED ... AS IDENTITY */
    ath_count_opts counting;
    bool drop_identity;
    const char *computed; /* another expression of a generated column */
    ath_persisted persisted;
    bool drop_computed; /* an ordinary column of it, with the values it has */
    const char *collation;
    /* What the column is now.  Never needed online, where it is read from the database; for scripts and for inverses. */
    ath_type existing_type;
    ath_said existing_nullable;
    const ath_expr *existing_server_default;
    const char *existing_comment;
    ath_said existing_autoincrement;
} ath_alter_opts;

/* One operation.  Pointers are the caller's; ath_op_invoke copies what must outlive the call. */
typedef struct ath_operation {
    size_t struct_size;
    ath_operation_kind kind;
    const char *schema, *table;
    const char *name, *new_name;
    const ath_table_item *items;
    size_t item_count;
    const ath_alter_opts *alter;
    ath_constraint_kind constraint; /* of a constraint that goes; zero: found in the database */
    const char *text, *existing;
    const ath_stmt *statement;
    const ath_type *type;
    const ath_sequence *sequence;
    bool if_exists; /* or IF NOT EXISTS */
    bool cascade;
    bool concurrently; /* an index: PostgreSQL, outside of the transaction */
    bool exact_name;   /* the name is final: no naming convention on top (Alembic's op.f) */
} ath_operation;

#define ath_op_column(...) ath_column_def(__VA_ARGS__)
#define ath_op_foreign_key(local_columns, target_table, remote_columns, ...)                                           \
    ((ath_table_item){.kind = ATH_CONSTRAINT_FOREIGN_KEY,                                                              \
                      .foreign_key = &(ath_foreign_key_opts){.struct_size = sizeof(ath_foreign_key_opts),              \
                                                             .columns = local_columns,                                 \
                                                             .target = target_table,                                   \
                                                             .target_columns = remote_columns,                         \
                                                             __VA_ARGS__}})

#ifdef __cplusplus
}
#endif

#endif
