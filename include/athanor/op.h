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
    ATH_OPERATION_TABLE_COMMENT,   /* text; NULL takes it away; existing: what it was */
    ATH_OPERATION_CREATE_ENUM,     /* type, a named enum */
    ATH_OPERATION_DROP_ENUM,       /* type_name; type: what it was, where that is known */
    ATH_OPERATION_ADD_ENUM_VALUE,  /* type_name, name: the label; before, after: a label that is there */
    ATH_OPERATION_CREATE_SEQUENCE, /* sequence */
    ATH_OPERATION_DROP_SEQUENCE,   /* name; sequence: what it was, where that is known */
    ATH_OPERATION_CREATE_SCHEMA,   /* name */
    ATH_OPERATION_DROP_SCHEMA,
    ATH_OPERATION_EXECUTE,       /* text: SQL as it is; or statement */
    ATH_OPERATION_BULK_INSERT,   /* insert */
    ATH_OPERATION_RENAME_ENUM,   /* type_name, new_name */
    ATH_OPERATION_TABLE_OPTIONS, /* items: the options to be; behind them, where that is known, those that were */
    ATH_OPERATION_ALTER_SEQUENCE /* sequence; was: what it was, where that is known */
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
    const ath_insert_stmt *insert;
    const ath_type *type;
    const char *type_name;
    const ath_sequence *sequence, *was;
    const char *before, *after; /* where a new column or label stands, where the database keeps an order */
    bool if_exists;             /* or IF NOT EXISTS */
    bool cascade;
    bool concurrently;                          /* an index: PostgreSQL, outside of the transaction */
    bool exact_name;                            /* the name is final: no naming convention on top (Alembic's op.f) */
    bool inline_references, inline_primary_key; /* ADD COLUMN says its foreign key, its key, in the same line */
} ath_operation;

/* Writes the SQL of the database at hand and runs it, or prints it.  What all directives below come down to. */
ATH_API ath_status ath_op_invoke(ath_ops *op, const ath_operation *operation);

#define ATH_OP_(op, what, ...)                                                                                         \
    ath_op_invoke(op, &(const ath_operation){.struct_size = sizeof(ath_operation), .kind = (what), __VA_ARGS__})
#define ATH_OP_ITEM_(...) .items = (const ath_table_item[]){__VA_ARGS__}, .item_count = 1

/* ---- what tables are made of ------------------------------------------------------------------------------------- */

/* ath_op_column("id", ATH_INTEGER, .primary_key = true); further parts: ath_unique_def, ath_check_def,
 * ath_primary_key_def, ath_exclude_def, ath_index_def, ath_options_def of schema.h. */
#define ath_op_column(...) ath_column_def(__VA_ARGS__)
#define ath_op_foreign_key(local_columns, target_table, ...)                                                           \
    ATH_OP_FOREIGN_KEY_(local_columns, target_table, __VA_ARGS__, .struct_size = sizeof(ath_foreign_key_opts))
#define ATH_OP_FOREIGN_KEY_(local_columns, target_table, remote_columns, ...)                                          \
    ((ath_table_item){                                                                                                 \
        .kind = ATH_CONSTRAINT_FOREIGN_KEY,                                                                            \
        .foreign_key = &(ath_foreign_key_opts){                                                                        \
            .columns = local_columns, .target = (target_table), .target_columns = remote_columns, __VA_ARGS__}})

/* ---- tables ------------------------------------------------------------------------------------------------------ */

/* ath_op_create_table(op, "t", ath_op_column(...), ..., ath_options_def(.schema = "s", .if_not_exists = true)).
 * Columns with .index make their CREATE INDEX after it, enums of PostgreSQL their CREATE TYPE before it. */
#define ath_op_create_table(op, table_name, ...)                                                                       \
    ATH_OP_(op, ATH_OPERATION_CREATE_TABLE, .table = (table_name), .items = (const ath_table_item[]){__VA_ARGS__},     \
            .item_count = sizeof((const ath_table_item[]){__VA_ARGS__}) / sizeof(ath_table_item))
/* ath_op_drop_table(op, "t", .schema = "s", .if_exists = true, .cascade = true) */
#define ath_op_drop_table(...) ATH_OP_TABLE_(ATH_OPERATION_DROP_TABLE, __VA_ARGS__, .text = NULL)
#define ATH_OP_TABLE_(what, op, table_name, ...) ATH_OP_(op, what, .table = (table_name), __VA_ARGS__)
/* ath_op_rename_table(op, "old", "new", .schema = "s") */
#define ath_op_rename_table(op, ...) ATH_OP_RENAME_TABLE_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_RENAME_TABLE_(op, old_table, new_table, ...)                                                            \
    ATH_OP_(op, ATH_OPERATION_RENAME_TABLE, .table = (old_table), .new_name = (new_table), __VA_ARGS__)
/* ath_op_create_table_comment(op, "t", "what it is for", .schema = "s"); SQLite keeps none, and nothing is done there. */
#define ath_op_create_table_comment(op, ...) ATH_OP_COMMENT_(op, __VA_ARGS__, .name = NULL)
#define ATH_OP_COMMENT_(op, table_name, comment, ...)                                                                  \
    ATH_OP_(op, ATH_OPERATION_TABLE_COMMENT, .table = (table_name), .text = (comment), __VA_ARGS__)
#define ath_op_drop_table_comment(op, ...) ATH_OP_TABLE_(ATH_OPERATION_TABLE_COMMENT, op, __VA_ARGS__, .text = NULL)

/* ath_op_alter_options(op, "t", ath_options_def(.mysql_engine = "InnoDB"), ath_options_def(.mysql_engine = "MyISAM")): the
 * options that change, as they are to be; and as they were, which may be left out, but for .sqlite_strict and
 * .sqlite_without_rowid that go.  Options of other databases do nothing.  The character set of a table is that of columns
 * to come. */
#define ath_op_alter_options(op, table_name, ...)                                                                      \
    ATH_OP_(op, ATH_OPERATION_TABLE_OPTIONS, .table = (table_name), .items = (const ath_table_item[]){__VA_ARGS__},    \
            .item_count = sizeof((const ath_table_item[]){__VA_ARGS__}) / sizeof(ath_table_item))

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* ath_op_add_column(op, "t", ath_op_column("c", ATH_INTEGER, .server_default = ath_str("5"), .not_null = true),
 *                   .schema = "s", .if_exists = true (IF NOT EXISTS), .after = "b").
 * .unique, .index, .foreign_key and .comment of the column are done too. */
#define ath_op_add_column(op, table_name, ...) ATH_OP_ADD_COLUMN_(op, table_name, __VA_ARGS__, .text = NULL)
#define ATH_OP_ADD_COLUMN_(op, table_name, column, ...)                                                                \
    ATH_OP_(op, ATH_OPERATION_ADD_COLUMN, .table = (table_name), ATH_OP_ITEM_(column), __VA_ARGS__)
/* ath_op_drop_column(op, "t", "c", .schema = "s", .if_exists = true, .cascade = true) */
#define ath_op_drop_column(op, ...) ATH_OP_NAMED_(ATH_OPERATION_DROP_COLUMN, op, __VA_ARGS__, .text = NULL)
#define ATH_OP_NAMED_(what, op, table_name, the_name, ...)                                                             \
    ATH_OP_(op, what, .table = (table_name), .name = (the_name), __VA_ARGS__)
/* ath_op_alter_column(op, "t", "c", .type = ATH_STRING(100), .nullable = ATH_NO, .new_name = "d"): see ath_alter_opts.
 * What is not named stays as it is: it is read from the database.  Where there is none (offline), MySQL needs
 * .existing_type and what else is to be kept, and SQLite the table: see ATH_OP_BATCH. */
#define ath_op_alter_column(op, table_name, ...)                                                                       \
    ATH_OP_ALTER_COLUMN_(op, table_name, __VA_ARGS__, .struct_size = sizeof(ath_alter_opts))
#define ATH_OP_ALTER_COLUMN_(op, table_name, column_name, ...)                                                         \
    ATH_OP_(op, ATH_OPERATION_ALTER_COLUMN, .table = (table_name), .name = (column_name),                              \
            .alter = &(const ath_alter_opts){__VA_ARGS__})
/* ath_op_rename_column(op, "t", "old", "new", .schema = "s"): alter_column with a new name and no more. */
#define ath_op_rename_column(op, table_name, old_name, ...)                                                            \
    ath_op_alter_column(op, table_name, old_name, .new_name = __VA_ARGS__)

/* ---- indexes ----------------------------------------------------------------------------------------------------- */

/* ath_op_create_index(op, "ix", "t", ath_names("a", "b"), .unique = true): options are those of ath_index_opts, with
 * .schema and .if_not_exists.  Instead of names: ath_parts(ath_part("a", .desc = true), ath_part_of("lower(b)")).  A NULL
 * name is made by the naming convention.  .postgresql_concurrently runs outside of the transaction. */
#define ath_op_create_index(op, index_name, table_name, ...)                                                           \
    ATH_OP_CREATE_INDEX_(op, index_name, table_name, __VA_ARGS__, .struct_size = sizeof(ath_index_opts))
#define ATH_OP_CREATE_INDEX_(op, index_name, table_name, over, ...)                                                    \
    ATH_OP_(op, ATH_OPERATION_CREATE_INDEX, .table = (table_name),                                                     \
            ATH_OP_ITEM_({.kind = ATH_ITEM_INDEX,                                                                      \
                          .name = (index_name),                                                                        \
                          .columns = _Generic((over), ath_name_list                                                    \
                                              : (over), default                                                        \
                                              : ath_no_names_()),                                                      \
                          .parts = _Generic((over), ath_part_list                                                      \
                                            : (over), default                                                          \
                                            : ath_no_parts_()),                                                        \
                          .index = &(const ath_index_opts){__VA_ARGS__}}))
static inline ath_name_list ath_no_names_(void) {
    return (ath_name_list){0, NULL};
}
static inline ath_part_list ath_no_parts_(void) {
    return (ath_part_list){0, NULL};
}
/* ath_op_drop_index(op, "ix", .table = "t", .schema = "s", .if_exists = true, .concurrently = true).  MySQL needs the
 * table; online it is found. */
#define ath_op_drop_index(op, ...) ATH_OP_DROP_INDEX_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_DROP_INDEX_(op, index_name, ...) ATH_OP_(op, ATH_OPERATION_DROP_INDEX, .name = (index_name), __VA_ARGS__)
/* ath_op_rename_index(op, "old", "new", .table = "t", .schema = "s") */
#define ath_op_rename_index(op, ...) ATH_OP_RENAME_INDEX_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_RENAME_INDEX_(op, old_name, name_after, ...)                                                            \
    ATH_OP_(op, ATH_OPERATION_RENAME_INDEX, .name = (old_name), .new_name = (name_after), __VA_ARGS__)

/* ---- constraints ------------------------------------------------------------------------------------------------- */

/* Options are those of ath_constraint_opts (ath_foreign_key_opts), with .schema.  A NULL name is made by the naming
 * convention, or else by the database. */
#define ath_op_create_unique_constraint(op, the_name, table_name, ...)                                                 \
    ATH_OP_CONSTRAINT_(op, ATH_CONSTRAINT_UNIQUE, the_name, table_name, .columns = __VA_ARGS__)
#define ath_op_create_primary_key(op, the_name, table_name, ...)                                                       \
    ATH_OP_CONSTRAINT_(op, ATH_CONSTRAINT_PRIMARY_KEY, the_name, table_name, .columns = __VA_ARGS__)
#define ath_op_create_check_constraint(op, the_name, table_name, ...)                                                  \
    ATH_OP_CONSTRAINT_(op, ATH_CONSTRAINT_CHECK, the_name, table_name, .check = __VA_ARGS__)
/* ath_op_create_exclude_constraint(op, "ex", "t", ath_parts(ath_part("room")), ath_names("="), .using = "gist") */
#define ath_op_create_exclude_constraint(op, the_name, table_name, the_parts, ...)                                     \
    ATH_OP_CONSTRAINT_(op, ATH_CONSTRAINT_EXCLUDE, the_name, table_name, .parts = the_parts, .operators = __VA_ARGS__)
#define ATH_OP_CONSTRAINT_(op, what, the_name, table_name, ...)                                                        \
    ATH_OP_(op, ATH_OPERATION_ADD_CONSTRAINT, .table = (table_name),                                                   \
            ATH_OP_ITEM_({.kind = (what),                                                                              \
                          .constraint = &(const ath_constraint_opts){                                                  \
                              .struct_size = sizeof(ath_constraint_opts), .name = (the_name), __VA_ARGS__}}))
/* ath_op_create_foreign_key(op, "fk", "posts", "users", ath_names("author_id"), ath_names("id"), .ondelete = "CASCADE",
 *                           .schema = "s", .target_schema = "s") */
#define ath_op_create_foreign_key(op, the_name, source_table, target_table, local_columns, ...)                        \
    ATH_OP_(op, ATH_OPERATION_ADD_CONSTRAINT, .table = (source_table),                                                 \
            ATH_OP_ITEM_({.kind = ATH_CONSTRAINT_FOREIGN_KEY,                                                          \
                          .foreign_key = &(const ath_foreign_key_opts){.struct_size = sizeof(ath_foreign_key_opts),    \
                                                                       .name = (the_name),                             \
                                                                       .target = (target_table),                       \
                                                                       .columns = local_columns,                       \
                                                                       .target_columns = __VA_ARGS__}}))
/* ath_op_drop_constraint(op, "uq", "t", .constraint = ATH_CONSTRAINT_UNIQUE, .schema = "s", .if_exists = true).  The kind
 * need not be said where the database knows it. */
#define ath_op_drop_constraint(op, ...) ATH_OP_DROP_CONSTRAINT_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_DROP_CONSTRAINT_(op, the_name, table_name, ...)                                                         \
    ATH_OP_(op, ATH_OPERATION_DROP_CONSTRAINT, .name = (the_name), .table = (table_name), __VA_ARGS__)
/* ath_op_rename_constraint(op, "t", "old", "new", .schema = "s") */
#define ath_op_rename_constraint(op, ...) ATH_OP_RENAME_CONSTRAINT_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_RENAME_CONSTRAINT_(op, table_name, old_name, name_after, ...)                                           \
    ATH_OP_(op, ATH_OPERATION_RENAME_CONSTRAINT, .table = (table_name), .name = (old_name), .new_name = (name_after),  \
            __VA_ARGS__)

/* ---- enum types, sequences, schemas ------------------------------------------------------------------------------ */

/* ath_op_create_enum(op, an enum type with a name, .if_exists = true): a database that has no such types does nothing. */
#define ath_op_create_enum(op, ...) ATH_OP_CREATE_ENUM_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_CREATE_ENUM_(op, enum_type, ...)                                                                        \
    ATH_OP_(op, ATH_OPERATION_CREATE_ENUM, .type = (const ath_type[]){enum_type}, __VA_ARGS__)
/* ath_op_drop_enum(op, "mood", .schema = "s", .if_exists = true, .cascade = true) */
#define ath_op_drop_enum(op, ...) ATH_OP_DROP_ENUM_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_DROP_ENUM_(op, enum_name, ...)                                                                          \
    ATH_OP_(op, ATH_OPERATION_DROP_ENUM, .type_name = (enum_name), __VA_ARGS__)
/* ath_op_add_enum_value(op, "mood", "ok", .before = "happy", .if_exists = true) */
#define ath_op_add_enum_value(op, ...) ATH_OP_ADD_ENUM_VALUE_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_ADD_ENUM_VALUE_(op, enum_name, label, ...)                                                              \
    ATH_OP_(op, ATH_OPERATION_ADD_ENUM_VALUE, .type_name = (enum_name), .name = (label), __VA_ARGS__)
/* ath_op_rename_enum(op, "mood_new", "mood", .schema = "s").  A type loses labels, or gets them in another order, by one with
 * another name that takes its columns over and then its name: that is what autogenerate writes. */
#define ath_op_rename_enum(op, ...) ATH_OP_RENAME_ENUM_(op, __VA_ARGS__, .text = NULL)
#define ATH_OP_RENAME_ENUM_(op, enum_name, name_after, ...)                                                            \
    ATH_OP_(op, ATH_OPERATION_RENAME_ENUM, .type_name = (enum_name), .new_name = (name_after), __VA_ARGS__)
/* ath_op_create_sequence(op, "s", .schema = "other", .counting = {.start = ath_some(100)}, .if_not_exists = true) */
#define ath_op_create_sequence(op, ...)                                                                                \
    ATH_OP_(op, ATH_OPERATION_CREATE_SEQUENCE, .sequence = &(const ath_sequence){.name = __VA_ARGS__})
/* ath_op_alter_sequence(op, "s", .schema = "other", .counting = {.increment = ath_some(2)}): what is not said stays. */
#define ath_op_alter_sequence(op, ...)                                                                                 \
    ATH_OP_(op, ATH_OPERATION_ALTER_SEQUENCE, .sequence = &(const ath_sequence){.name = __VA_ARGS__})
/* ath_op_drop_sequence(op, "s", .schema = "other", .if_exists = true, .cascade = true) */
#define ath_op_drop_sequence(op, ...) ATH_OP_ONE_(ATH_OPERATION_DROP_SEQUENCE, op, __VA_ARGS__, .text = NULL)
/* ath_op_create_schema(op, "s", .if_exists = true) (IF NOT EXISTS), ath_op_drop_schema(op, "s", .cascade = true) */
#define ath_op_create_schema(op, ...) ATH_OP_ONE_(ATH_OPERATION_CREATE_SCHEMA, op, __VA_ARGS__, .text = NULL)
#define ath_op_drop_schema(op, ...) ATH_OP_ONE_(ATH_OPERATION_DROP_SCHEMA, op, __VA_ARGS__, .text = NULL)
#define ATH_OP_ONE_(what, op, the_name, ...) ATH_OP_(op, what, .name = (the_name), __VA_ARGS__)

/* ---- data -------------------------------------------------------------------------------------------------------- */

/* ath_op_execute(op, "UPDATE t SET a = ':b'"): SQL as it is, no character of it means anything here; or a statement of the
 * query language: ath_op_execute(op, ath_update_of(.table = "posts", .set = ath_set(ath_name_to("status", "live")), ...)).
 * Offline, values are written into the text. */
#define ath_op_execute(op, what)                                                                                       \
    _Generic((what),                                                                                                   \
        char *: ath_op_execute_text,                                                                                   \
        const char *: ath_op_execute_text,                                                                             \
        const ath_select_stmt *: ath_op_execute_select,                                                                \
        const ath_insert_stmt *: ath_op_execute_insert,                                                                \
        const ath_update_stmt *: ath_op_execute_update,                                                                \
        const ath_delete_stmt *: ath_op_execute_delete)(op, what)
ATH_API ath_status ath_op_execute_text(ath_ops *op, const char *sql);
ATH_API ath_status ath_op_execute_select(ath_ops *op, const ath_select_stmt *statement);
ATH_API ath_status ath_op_execute_insert(ath_ops *op, const ath_insert_stmt *statement);
ATH_API ath_status ath_op_execute_update(ath_ops *op, const ath_update_stmt *statement);
ATH_API ath_status ath_op_execute_delete(ath_ops *op, const ath_delete_stmt *statement);
/* ath_op_bulk_insert(op, "accounts", ath_names("id", "name"), ath_rows(ath_vals(1, "a"), ath_vals(2, "b")),
 *                    .schema = "s"): one INSERT a row in a script, as many rows at once as the database takes when it runs.
 * .described = table says the columns' types. */
#define ath_op_bulk_insert(op, table_name, names, ...)                                                                 \
    ATH_OP_(                                                                                                           \
        op, ATH_OPERATION_BULK_INSERT, .table = (table_name),                                                          \
        .insert = &(const ath_insert_stmt){                                                                            \
            .struct_size = sizeof(ath_insert_stmt), .table = (table_name), .columns = names, .values = __VA_ARGS__})

/* ---- the run ----------------------------------------------------------------------------------------------------- */

/* The connection of the run, inside its transaction, for queries; NULL offline.  Belongs to the run. */
ATH_API ath_connection *ath_op_connection(ath_ops *op);
ATH_API bool ath_op_is_offline(const ath_ops *op);
/* "sqlite", "postgresql", "mysql"; with ath_op_is_mariadb where that matters. */
ATH_API const char *ath_op_dialect(const ath_ops *op);
ATH_API bool ath_op_is_mariadb(const ath_ops *op);
/* What the command line said by -x name=value; NULL: nothing; "" for -x name. */
ATH_API const char *ath_op_get_x(const ath_ops *op, const char *name);
/* How the run stands; ATH_OK while all is well. */
ATH_API ath_status ath_op_status(const ath_ops *op);
ATH_API const ath_error *ath_op_error(const ath_ops *op);
/* Ends the run with a message of the revision's own; returns ATH_STATE, or what had failed before. */
ATH_API ath_status ath_op_fail(ath_ops *op, const char *format, ...) ATH_PRINTF(2, 3);
/* In ATH_DOWNGRADE: there is no way back, and why: fails with these words. */
ATH_API ath_status ath_op_irreversible(ath_ops *op, const char *why);

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

/* How a batch is run. */
typedef struct ath_batch_opts {
    size_t struct_size;
    const char *schema;
    const char *recreate;            /* "auto" (default), "always", "never"; means something on SQLite alone */
    const ath_table_item *copy_from; /* offline on SQLite: what the table is made of now */
    size_t copy_from_count;
    int reserved_;
} ath_batch_opts;

/* Several changes of one table: on SQLite one rebuild does them all; elsewhere they run one after the other.  Directives
 * inside name the table as always.  The block must not be left by break, goto or return.
 *
 *     ATH_OP_BATCH(op, "t") {
 *         ath_op_alter_column(op, "t", "x", .type = ATH_TEXT);
 *         ath_op_drop_column(op, "t", "y");
 *     }
 *
 * A script for SQLite (offline) needs to know the table: from operations before it in the same script, or from
 * ATH_OP_BATCH(op, "t", ath_copy_from(ath_op_column("id", ATH_INTEGER, .primary_key = true), ...)). */
#define ATH_OP_BATCH(op, ...) ATH_OP_BATCH_(op, __VA_ARGS__, .struct_size = sizeof(ath_batch_opts))
#define ATH_OP_BATCH_(op, table_name, ...)                                                                             \
    for (bool ATH_CAT(ath_batch_, __LINE__) =                                                                          \
             ath_op_batch_begin(op, table_name, &(const ath_batch_opts){__VA_ARGS__});                                 \
         ATH_CAT(ath_batch_, __LINE__); ATH_CAT(ath_batch_, __LINE__) = ath_op_batch_end(op))
#define ath_copy_from(...)                                                                                             \
    .copy_from = (const ath_table_item[]){__VA_ARGS__},                                                                \
    .copy_from_count = sizeof((const ath_table_item[]){__VA_ARGS__}) / sizeof(ath_table_item)
ATH_API bool ath_op_batch_begin(ath_ops *op, const char *table, const ath_batch_opts *opts); /* false: failed */
ATH_API bool ath_op_batch_end(ath_ops *op);                                                  /* always false */

/* What cannot run inside a transaction (PostgreSQL: CONCURRENTLY, VACUUM, ALTER TYPE ... ADD VALUE that is used at once):
 * the run's transaction is committed before the block and another one begun after it. */
#define ATH_OP_AUTOCOMMIT(op)                                                                                          \
    for (bool ATH_CAT(ath_autocommit_, __LINE__) = ath_op_autocommit_begin(op); ATH_CAT(ath_autocommit_, __LINE__);    \
         ATH_CAT(ath_autocommit_, __LINE__) = ath_op_autocommit_end(op))
ATH_API bool ath_op_autocommit_begin(ath_ops *op); /* false: failed */
ATH_API bool ath_op_autocommit_end(ath_ops *op);   /* always false */

#ifdef __cplusplus
}
#endif

#endif
