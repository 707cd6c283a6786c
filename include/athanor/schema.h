/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, the schema: tables, columns, constraints, indexes, and the models that describe a table through a C
 * struct.
 *
 *     typedef struct { int64_t id; const char *name; ath_opt_i32 age; } User;
 *     ATH_DECLARE(User);                                  // in the header
 *     ATH_MODEL(User, "users") {                          // in one .c file
 *         ath_column(id,   .primary_key = true);
 *         ath_column(name, .type = ATH_STRING(50), .unique = true);
 *         ath_column(age,  .nullable = true);
 *     }
 *     ATH_METADATA(Blog, User, Post);
 *
 * The body of ATH_MODEL is a function that the library runs once per process, at the model's first use; the table it
 * builds is shared by all engines and threads and lives as long as the process.  A mistake in it (no primary key, a C
 * type that cannot hold the column ...) is reported by every call that uses the model, with status ATH_ARGUMENT.
 */
#ifndef ATHANOR_SCHEMA_H
#define ATHANOR_SCHEMA_H

#include <athanor/macros.h>
#include <athanor/type.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_expr ath_expr;
typedef struct ath_table ath_table;   /* opaque: a table's description */
typedef struct ath_mapper ath_mapper; /* opaque: collects what a model's body says */

/* A counted list of names; made by ath_names("a", "b"). */
typedef struct ath_name_list {
    size_t count;
    const char *const *names;
} ath_name_list;
#define ath_names(...) ((ath_name_list){.count = ATH_NARGS(__VA_ARGS__), .names = (const char *const[]){__VA_ARGS__}})

/* Whether the database numbers the rows by itself.  AUTO: yes for a primary key of one integer column that is no
 * foreign key and has no default, as SQLAlchemy decides. */
typedef enum ath_autoincrement {
    ATH_AUTOINCREMENT_AUTO = 0,
    ATH_AUTOINCREMENT_YES,
    ATH_AUTOINCREMENT_NO
} ath_autoincrement;

/* What can be said of a column.  Zero fields are the defaults: inferred type, NOT NULL. */
typedef struct ath_column_opts {
    size_t struct_size;
    const char *name; /* the column's name in the database; default: the field's */
    ath_type type;    /* default: what the C type infers */
    bool primary_key; /* several make a composite key, in order of declaration */
    bool unique;      /* a constraint of its own; with `index`, a unique index instead */
    bool index;       /* CREATE INDEX ix_<table>_<column> */
    bool nullable;    /* NULL allowed; the C field must be able to say it, or loading a NULL is a data error */
    ath_autoincrement autoincrement;
    const ath_expr *default_value;  /* the value of new rows that name none: a literal or an SQL expression */
    const ath_expr *server_default; /* DEFAULT in the DDL: a literal (quoted) or ath_text(...) (as it is), ath_now() */
    const ath_expr *onupdate;       /* the value of every UPDATE that names none */
    const char *foreign_key;        /* "table.column" */
    const char *ondelete, *onupdate_action; /* "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION" */
    const char *check;                      /* a CHECK constraint's SQL text */
    const char *comment;
} ath_column_opts;

/* What can be said of an index. */
typedef struct ath_index_opts {
    size_t struct_size;
    bool unique;
} ath_index_opts;

/* A table-level foreign key over several columns. */
typedef struct ath_foreign_key_opts {
    size_t struct_size;
    const char *name; /* the constraint's name; default: none */
    ath_name_list columns, target_columns;
    const char *target; /* the other table's name */
    const char *ondelete, *onupdate;
} ath_foreign_key_opts;

/* ---- models ------------------------------------------------------------------------------------------------------ */

/* Fills the mapper by calling the functions below; `blank` is an instance's address, used for offsets only. */
typedef void (*ath_define_fn)(ath_mapper *mapper, void *blank);

/* A model: made by ATH_MODEL or ATH_PROJECTION, static, immutable.  `slot` keeps the table built from it. */
typedef struct ath_model {
    const char *name;  /* the C type's */
    const char *table; /* the table's name; NULL for a projection */
    size_t size, align;
    ath_define_fn define;
    void **slot;
} ath_model;

#define ATH_DECLARE(M) extern const ath_model ath_model_##M

#define ATH_DEFINE_(M, table_name)                                                                                     \
    ATH_DECLARE(M);                                                                                                    \
    static void ath_define_##M##_(ath_mapper *ath_m, M *ath_self);                                                     \
    static void ath_define_##M(ath_mapper *mapper, void *blank) {                                                      \
        ath_define_##M##_(mapper, (M *)blank);                                                                         \
    }                                                                                                                  \
    static void *ath_slot_##M;                                                                                         \
    const ath_model ath_model_##M = {#M, table_name, sizeof(M), _Alignof(M), ath_define_##M, &ath_slot_##M};           \
    static void ath_define_##M##_(ath_mapper *ath_m, M *ath_self)

/* Opens the body that describes struct M as the table of that name. */
#define ATH_MODEL(M, table_name) ATH_DEFINE_(M, table_name)

/* Opens the body that describes struct M as the shape of a query's rows: fields are matched to result columns by name. */
#define ATH_PROJECTION(M) ATH_DEFINE_(M, NULL)

/* Opens the body of a mixin: columns that several models share by embedding the struct. */
#define ATH_MIXIN(T)                                                                                                   \
    static void ath_mixin_##T##_(ath_mapper *ath_m, T *ath_self);                                                      \
    void ath_mixin_##T(ath_mapper *mapper, void *blank);                                                               \
    void ath_mixin_##T(ath_mapper *mapper, void *blank) {                                                              \
        ath_mixin_##T##_(mapper, (T *)blank);                                                                          \
    }                                                                                                                  \
    static void ath_mixin_##T##_(ath_mapper *ath_m, T *ath_self)
#define ATH_DECLARE_MIXIN(T) void ath_mixin_##T(ath_mapper *mapper, void *blank)

#define ATH_OFFSET_(field) ((size_t)((const char *)&ath_self->field - (const char *)ath_self))

/* In a body: describes a field.  The compiler checks that it exists and that its C type maps to a column. */
#define ath_column(...) ATH_COLUMN_(__VA_ARGS__, .struct_size = sizeof(ath_column_opts))
#define ATH_COLUMN_(field, ...)                                                                                        \
    ath_mapper_column(ath_m, #field, ATH_OFFSET_(field), sizeof ath_self->field, ATH_CTYPE(ath_self->field),           \
                      &(ath_column_opts){__VA_ARGS__})

/* In a body: takes in the columns of an embedded struct of type T. */
#define ath_mixin(field, T)                                                                                            \
    ath_mapper_mixin(ath_m, #field, ATH_OFFSET_(field) + 0 * sizeof(ath_self->field = *(T *)0), ath_mixin_##T,         \
                     &ath_self->field)

/* In a body: ath_index("ix_name", "column", ...) and ath_unique_index. Columns by their names in the database. */
#define ath_index(index_name, ...)                                                                                     \
    ath_mapper_index(ath_m, index_name, ath_names(__VA_ARGS__),                                                        \
                     &(ath_index_opts){.struct_size = sizeof(ath_index_opts)})
#define ath_unique_index(index_name, ...)                                                                              \
    ath_mapper_index(ath_m, index_name, ath_names(__VA_ARGS__),                                                        \
                     &(ath_index_opts){.struct_size = sizeof(ath_index_opts), .unique = true})

/* In a body: UNIQUE and CHECK constraints; a NULL name leaves the naming to the database. */
#define ath_unique_constraint(constraint_name, ...) ath_mapper_unique(ath_m, constraint_name, ath_names(__VA_ARGS__))
#define ath_check_constraint(constraint_name, sql_text) ath_mapper_check(ath_m, constraint_name, sql_text)

/* In a body: ath_foreign_key(.columns = ath_names("a", "b"), .target = "t", .target_columns = ath_names("x", "y")). */
#define ath_foreign_key(...)                                                                                           \
    ath_mapper_foreign_key(ath_m, &(ath_foreign_key_opts){.struct_size = sizeof(ath_foreign_key_opts), __VA_ARGS__})

/* In a body: the table's comment; AUTOINCREMENT on SQLite (keys are never used again). */
#define ath_table_comment(text) ath_mapper_comment(ath_m, text)
#define ath_sqlite_autoincrement() ath_mapper_sqlite_autoincrement(ath_m)

/* What the macros above expand to, for bindings.  Text is copied; mistakes are kept and reported when the model is
 * used.  Only valid inside a define function. */
ATH_API void ath_mapper_column(ath_mapper *mapper, const char *field, size_t offset, size_t size, int ctype,
                               const ath_column_opts *opts);
ATH_API void ath_mapper_mixin(ath_mapper *mapper, const char *field, size_t offset, ath_define_fn define, void *blank);
ATH_API void ath_mapper_index(ath_mapper *mapper, const char *name, ath_name_list columns, const ath_index_opts *opts);
ATH_API void ath_mapper_unique(ath_mapper *mapper, const char *name, ath_name_list columns);
ATH_API void ath_mapper_check(ath_mapper *mapper, const char *name, const char *sql);
ATH_API void ath_mapper_foreign_key(ath_mapper *mapper, const ath_foreign_key_opts *opts);
ATH_API void ath_mapper_comment(ath_mapper *mapper, const char *comment);
ATH_API void ath_mapper_sqlite_autoincrement(ath_mapper *mapper);

/* The table of a model, built at the first call; NULL and *error (may be NULL) when the model is wrong or memory ran
 * out.  Thread-safe.  Lives as long as the process. */
ATH_API const ath_table *ath_model_table(const ath_model *model, ath_error *error);
ATH_API const char *ath_table_name(const ath_table *table);
ATH_API size_t ath_table_column_count(const ath_table *table);
/* The name of column i, NULL beyond the last. */
ATH_API const char *ath_table_column_name(const ath_table *table, size_t i);

/* ---- metadata ---------------------------------------------------------------------------------------------------- */

/* The models that make up a schema: what Base.metadata is. */
typedef struct ath_metadata {
    const char *name;
    const ath_model *const *models;
    size_t model_count;
} ath_metadata;

#define ATH_MODEL_REF_(M) &ath_model_##M
/* Defines `Name`, a schema of up to 64 models, at file scope in one .c file; ATH_DECLARE_METADATA in headers. */
#define ATH_METADATA(Name, ...)                                                                                        \
    const ath_metadata Name = {#Name, (const ath_model *const[]){ATH_FOR_EACH(ATH_MODEL_REF_, __VA_ARGS__)},           \
                               ATH_NARGS(__VA_ARGS__)}
#define ATH_DECLARE_METADATA(Name) extern const ath_metadata Name

/* Checks all models and that every foreign key finds its table and column, with matching types.  ATH_ARGUMENT says
 * what is wrong.  ath_create_all does this first. */
ATH_API ath_status ath_metadata_check(const ath_metadata *metadata, ath_error *error);

#ifdef __cplusplus
}
#endif

#endif
