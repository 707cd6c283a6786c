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

/* When a constraint is checked; zero: nothing is said. */
typedef enum ath_deferrable { ATH_DEFERRABLE_UNSAID = 0, ATH_DEFERRABLE, ATH_NOT_DEFERRABLE } ath_deferrable;

/* How a computed column is kept; zero: as the database does (PostgreSQL: stored). */
typedef enum ath_persisted { ATH_PERSISTED_UNSAID = 0, ATH_STORED, ATH_VIRTUAL } ath_persisted;

/* GENERATED ... AS IDENTITY. */
typedef enum ath_identity { ATH_IDENTITY_NONE = 0, ATH_IDENTITY_BY_DEFAULT, ATH_IDENTITY_ALWAYS } ath_identity;

/* How a sequence counts; also that of an identity column. */
typedef struct ath_count_opts {
    ath_opt_i64 start, increment, minvalue, maxvalue, cache; /* .start = ath_some(100) */
    bool no_minvalue, no_maxvalue, cycle, no_cycle;
} ath_count_opts;

/* What can be said of a column.  Zero fields are the defaults: inferred type, NOT NULL in a model, NULL allowed in a table
 * without a struct.  Options that begin with a database's name are for that database and have no meaning elsewhere. */
typedef struct ath_column_opts {
    size_t struct_size;
    const char *name; /* the column's name in the database; default: the field's */
    ath_type type;    /* default: what the C type infers */
    bool primary_key; /* several make a composite key, in order of declaration */
    bool unique;      /* a constraint of its own; with `index`, a unique index instead */
    bool index;       /* CREATE INDEX ix_<table>_<column> */
    bool nullable;    /* NULL allowed; the C field must be able to say it, or loading a NULL is a data error */
    bool not_null;    /* NOT NULL where nothing would allow it */
    ath_autoincrement autoincrement;
    const ath_expr *default_value;  /* the value of new rows that name none: a literal or an SQL expression */
    const ath_expr *server_default; /* DEFAULT in the DDL: a literal (quoted) or ath_text(...) (as it is), ath_now() */
    const ath_expr *onupdate;       /* the value of every UPDATE that names none */
    const char *foreign_key;        /* "table.column" or "schema.table.column" */
    const char *foreign_key_name;   /* the constraint's name */
    const char *ondelete, *onupdate_action; /* "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION" */
    ath_deferrable deferrable;              /* of the foreign key */
    const char *initially;                  /* of the foreign key: "DEFERRED", "IMMEDIATE" */
    const char *match;                      /* of the foreign key: "FULL", "SIMPLE", "PARTIAL" */
    bool use_alter;                         /* the foreign key is added when all tables stand */
    const char *check;                      /* a CHECK constraint's SQL text */
    const char *check_name;                 /* and its name */
    const char *computed;                   /* GENERATED ALWAYS AS (this SQL text) */
    ath_persisted persisted;                /* STORED or VIRTUAL */
    /* Checked before anything is sent, of values that are not NULL; see ath_validate in hooks.h and docs/orm.md. */
    uint32_t min_length, max_length; /* of text in characters, of bytes in bytes */
    const ath_expr *min, *max;       /* literals: ath_int(0), ath_str("2020-01-01") */
    const char *pattern; /* a POSIX extended regular expression that text must match somewhere: "^[a-z]+$" */
    bool read_only; /* never written by a session: a trigger or a default fills it; read back after INSERT and UPDATE */
    /* No column of the table, but an SQL expression over its columns, which fills the field when a row is loaded; it may
     * also stand in conditions and orders.  A subquery names its own tables in .from, and is correlated by columns of this
     * model; literals are written into the text, so it is no place for input; filters of sessions do not reach into it.
     * Not read back by a flush: ath_refresh does. */
    const volatile void *expression; /* of any family */
    bool version; /* counts the row's changes: 1 when it is inserted, one more with each UPDATE; see docs/orm.md */
    ath_identity identity;           /* a database without identity columns numbers the key in its own way */
    ath_count_opts counting;         /* of the identity */
    const char *collation, *charset; /* the charset on MySQL */
    const char *comment;             /* SQLite keeps none */
    const char *sqlite_on_conflict_primary_key, *sqlite_on_conflict_not_null,
        *sqlite_on_conflict_unique; /* "FAIL" ... */
} ath_column_opts;

/* One column or expression of an index: ath_part("a", .desc = true), ath_part_of("lower(a)"), ath_part_text("a DESC"). */
typedef struct ath_index_part {
    const char *column;
    const char *expression; /* SQL text; gets the parentheses that the database needs */
    const char *text;       /* SQL text, written as it is */
    bool desc, nulls_first, nulls_last;
    const char *collation;
    const char *postgresql_ops; /* operator class */
    uint32_t mysql_length;      /* prefix in characters */
} ath_index_part;
typedef struct ath_part_list {
    size_t count;
    const ath_index_part *parts;
} ath_part_list;
#define ath_part(...) ((ath_index_part){.column = __VA_ARGS__})
#define ath_part_of(...) ((ath_index_part){.expression = __VA_ARGS__})
#define ath_part_text(...) ((ath_index_part){.text = __VA_ARGS__})
#define ath_parts(...)                                                                                                 \
    ((ath_part_list){.count = sizeof((const ath_index_part[]){__VA_ARGS__}) / sizeof(ath_index_part),                  \
                     .parts = (const ath_index_part[]){__VA_ARGS__}})

/* What can be said of an index. */
typedef struct ath_index_opts {
    size_t struct_size;
    bool unique;
    const char *where;       /* a partial index: SQL text */
    ath_name_list include;   /* columns carried along (covering) */
    bool nulls_not_distinct; /* of a unique index */
    const char *postgresql_using, *postgresql_with, *postgresql_tablespace;
    bool postgresql_concurrently;
    const char *mysql_using, *mysql_prefix, *mysql_with_parser; /* prefix: "FULLTEXT", "SPATIAL" */
    const char *schema;                                         /* of a directive (op.h): where the table is */
    bool if_not_exists;                                         /* of a directive */
} ath_index_opts;

/* What can be said of a constraint over a table. */
typedef struct ath_constraint_opts {
    size_t struct_size;
    const char *name; /* default: none, or what the metadata's naming convention makes */
    ath_name_list columns;
    const char *check; /* of CHECK: SQL text */
    ath_deferrable deferrable;
    const char *initially;   /* "DEFERRED", "IMMEDIATE" */
    bool nulls_not_distinct; /* of UNIQUE */
    const char *comment;     /* PostgreSQL keeps it */
    const char *sqlite_on_conflict;
    const char *mysql_using; /* of PRIMARY KEY */
    bool postgresql_not_valid;
    ath_name_list postgresql_include;
    /* of EXCLUDE (PostgreSQL): what is compared, by which operator */
    const char *using, *where; /* default: gist; no condition */
    ath_part_list parts;
    ath_name_list operators;
    const char *schema; /* of a directive (op.h): where the table is */
    bool exact_name;    /* the name is final: no naming convention on top (Alembic's op.f) */
} ath_constraint_opts;

/* A table-level foreign key over several columns. */
typedef struct ath_foreign_key_opts {
    size_t struct_size;
    const char *name; /* the constraint's name; default: none */
    ath_name_list columns, target_columns;
    const char *target;        /* the other table's name */
    const char *target_schema; /* and its schema */
    const char *ondelete, *onupdate;
    ath_deferrable deferrable;
    const char *initially, *match;
    bool use_alter; /* added when all tables stand */
    const char *comment;
    bool postgresql_not_valid;
    const char *schema; /* of a directive (op.h): where the table is */
    bool exact_name;    /* as in ath_constraint_opts */
} ath_foreign_key_opts;

/* What can be said of a table. */
typedef struct ath_table_opts {
    size_t struct_size;
    const char *schema;
    const char *comment;       /* SQLite keeps none */
    ath_name_list prefixes;    /* CREATE <prefixes> TABLE: "TEMPORARY" */
    bool no_primary_key;       /* of a model: the table has none; its rows are read without being tracked */
    bool sqlite_autoincrement; /* keys are never used again */
    bool sqlite_without_rowid, sqlite_strict;
    ath_name_list postgresql_inherits;
    const char *postgresql_partition_by, *postgresql_using, *postgresql_with, *postgresql_on_commit,
        *postgresql_tablespace;
    const char *mysql_engine, *mysql_charset, *mysql_collate, *mysql_row_format, *mysql_auto_increment;
    const char *mysql_partition_by, *mysql_partitions;
    const char *mysql_more; /* other options as they are written: "STATS_PERSISTENT=1" */
    bool if_not_exists;     /* of a directive (op.h) */
} ath_table_opts;

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

/* What can be said of an embedded struct. */
typedef struct ath_mixin_opts {
    size_t struct_size;
    const char *prefix; /* before the names of its columns, so that a struct can be embedded twice: "billing_" */
} ath_mixin_opts;

/* In a body: takes in the columns of an embedded struct of type T: ath_mixin(billing, Address, .prefix = "billing_"). */
#define ath_mixin(...) ATH_EMBED_(__VA_ARGS__, .struct_size = sizeof(ath_mixin_opts))
#define ATH_EMBED_(field, T, ...)                                                                                      \
    ath_mapper_mixin(ath_m, #field, ATH_OFFSET_(field) + 0 * sizeof(ath_self->field = *(T *)0), ath_mixin_##T,         \
                     &ath_self->field, &(const ath_mixin_opts){__VA_ARGS__})

/* In a body: ath_index("ix_name", "column", ...) and ath_unique_index. Columns by their names in the database. */
#define ath_index(index_name, ...)                                                                                     \
    ath_mapper_index(ath_m, index_name, ath_names(__VA_ARGS__),                                                        \
                     &(ath_index_opts){.struct_size = sizeof(ath_index_opts)})
#define ath_unique_index(index_name, ...)                                                                              \
    ath_mapper_index(ath_m, index_name, ath_names(__VA_ARGS__),                                                        \
                     &(ath_index_opts){.struct_size = sizeof(ath_index_opts), .unique = true})

/* In a body: an index of which more is said: ath_index_on("ix", ath_parts(ath_part("a", .desc = true)), .where = "a > 0"). */
#define ath_index_on(...) ATH_INDEX_ON_(__VA_ARGS__, .struct_size = sizeof(ath_index_opts))
#define ATH_INDEX_ON_(index_name, index_parts, ...)                                                                    \
    ath_mapper_index_on(ath_m, index_name, index_parts, &(ath_index_opts){__VA_ARGS__})

/* In a body: UNIQUE and CHECK constraints; a NULL name leaves the naming to the database. */
#define ath_unique_constraint(constraint_name, ...) ath_mapper_unique(ath_m, constraint_name, ath_names(__VA_ARGS__))
#define ath_check_constraint(constraint_name, sql_text) ath_mapper_check(ath_m, constraint_name, sql_text)

/* In a body: constraints of which more is said: ath_unique_on(.columns = ath_names("a"), .nulls_not_distinct = true);
 * ath_primary_key_on(.name = "pk", .columns = ath_names("b", "a")) decides order and name of the key;
 * ath_exclude(.parts = ath_parts(ath_part("room")), .operators = ath_names("=")). */
#define ath_unique_on(...) ATH_CONSTRAINT_(ATH_CONSTRAINT_UNIQUE, __VA_ARGS__)
#define ath_check_on(...) ATH_CONSTRAINT_(ATH_CONSTRAINT_CHECK, __VA_ARGS__)
#define ath_primary_key_on(...) ATH_CONSTRAINT_(ATH_CONSTRAINT_PRIMARY_KEY, __VA_ARGS__)
#define ath_exclude(...) ATH_CONSTRAINT_(ATH_CONSTRAINT_EXCLUDE, __VA_ARGS__)
#define ATH_CONSTRAINT_(kind, ...)                                                                                     \
    ath_mapper_constraint(ath_m, kind, &(ath_constraint_opts){.struct_size = sizeof(ath_constraint_opts), __VA_ARGS__})

/* In a body: ath_foreign_key(.columns = ath_names("a", "b"), .target = "t", .target_columns = ath_names("x", "y")). */
#define ath_foreign_key(...)                                                                                           \
    ath_mapper_foreign_key(ath_m, &(ath_foreign_key_opts){.struct_size = sizeof(ath_foreign_key_opts), __VA_ARGS__})

/* In a body: the table's comment; AUTOINCREMENT on SQLite (keys are never used again). */
#define ath_table_comment(text) ath_mapper_comment(ath_m, text)
#define ath_sqlite_autoincrement() ath_mapper_sqlite_autoincrement(ath_m)

/* In a body: ath_table_options(.schema = "other", .mysql_engine = "InnoDB"). */
#define ath_table_options(...)                                                                                         \
    ath_mapper_table_options(ath_m, &(ath_table_opts){.struct_size = sizeof(ath_table_opts), __VA_ARGS__})

typedef enum ath_constraint_kind {
    ATH_CONSTRAINT_UNIQUE = 1,
    ATH_CONSTRAINT_CHECK,
    ATH_CONSTRAINT_FOREIGN_KEY,
    ATH_CONSTRAINT_PRIMARY_KEY,
    ATH_CONSTRAINT_EXCLUDE
} ath_constraint_kind;

/* What the macros above expand to, for bindings.  Text is copied; mistakes are kept and reported when the model is
 * used.  Only valid inside a define function. */
ATH_API void ath_mapper_column(ath_mapper *mapper, const char *field, size_t offset, size_t size, int ctype,
                               const ath_column_opts *opts);
ATH_API void ath_mapper_mixin(ath_mapper *mapper, const char *field, size_t offset, ath_define_fn define, void *blank,
                              const ath_mixin_opts *opts); /* opts may be NULL */
ATH_API void ath_mapper_index(ath_mapper *mapper, const char *name, ath_name_list columns, const ath_index_opts *opts);
ATH_API void ath_mapper_unique(ath_mapper *mapper, const char *name, ath_name_list columns);
ATH_API void ath_mapper_check(ath_mapper *mapper, const char *name, const char *sql);
ATH_API void ath_mapper_index_on(ath_mapper *mapper, const char *name, ath_part_list parts, const ath_index_opts *opts);
ATH_API void ath_mapper_constraint(ath_mapper *mapper, ath_constraint_kind kind, const ath_constraint_opts *opts);
ATH_API void ath_mapper_table_options(ath_mapper *mapper, const ath_table_opts *opts);
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

/* ---- tables without a struct ------------------------------------------------------------------------------------- */

/* One thing that a table is made of; see the macros. */
typedef struct ath_table_item {
    int kind; /* 0: a column; an ath_constraint_kind; ATH_ITEM_INDEX, ATH_ITEM_OPTIONS */
    const char *name;
    const ath_column_opts *column;
    const ath_constraint_opts *constraint;
    const ath_foreign_key_opts *foreign_key;
    const ath_index_opts *index;
    ath_part_list parts;
    const ath_table_opts *options;
    ath_name_list columns; /* of an index: instead of parts */
} ath_table_item;
enum { ATH_ITEM_INDEX = 100, ATH_ITEM_OPTIONS };

/* A table described here and now, as Table("t", metadata, Column(...)) is:
 *
 *     ath_table *t = ath_table_new("t", ath_column_def("id", ATH_INTEGER, .primary_key = true),
 *                                  ath_column_def("a", ATH_STRING(50), .not_null = true),
 *                                  ath_unique_def(.name = "uq_a", .columns = ath_names("a")),
 *                                  ath_index_def("ix_a", ath_parts(ath_part("a"))));
 *
 * Columns allow NULL unless they say .not_null or .primary_key.  All is copied.  NULL when memory ran out; a table with a
 * mistake in it is made all the same, and every call that uses it reports the mistake.  Released by ath_table_free;
 * immutable, so it may be shared by threads. */
#define ath_table_new(table_name, ...)                                                                                 \
    ath_table_build(table_name, (const ath_table_item[]){__VA_ARGS__},                                                 \
                    sizeof((const ath_table_item[]){__VA_ARGS__}) / sizeof(ath_table_item))
#define ath_column_def(...) ATH_COLUMN_DEF_(__VA_ARGS__, .struct_size = sizeof(ath_column_opts))
#define ATH_COLUMN_DEF_(column_name, column_type, ...)                                                                 \
    ((ath_table_item){.name = (column_name), .column = &(ath_column_opts){.type = (column_type), __VA_ARGS__}})
#define ath_unique_def(...) ATH_CONSTRAINT_DEF_(ATH_CONSTRAINT_UNIQUE, __VA_ARGS__)
#define ath_check_def(...) ATH_CONSTRAINT_DEF_(ATH_CONSTRAINT_CHECK, __VA_ARGS__)
#define ath_primary_key_def(...) ATH_CONSTRAINT_DEF_(ATH_CONSTRAINT_PRIMARY_KEY, __VA_ARGS__)
#define ath_exclude_def(...) ATH_CONSTRAINT_DEF_(ATH_CONSTRAINT_EXCLUDE, __VA_ARGS__)
#define ATH_CONSTRAINT_DEF_(which, ...)                                                                                \
    ((ath_table_item){.kind = (which),                                                                                 \
                      .constraint = &(ath_constraint_opts){.struct_size = sizeof(ath_constraint_opts), __VA_ARGS__}})
#define ath_foreign_key_def(...)                                                                                       \
    ((ath_table_item){.kind = ATH_CONSTRAINT_FOREIGN_KEY,                                                              \
                      .foreign_key =                                                                                   \
                          &(ath_foreign_key_opts){.struct_size = sizeof(ath_foreign_key_opts), __VA_ARGS__}})
#define ath_index_def(...) ATH_INDEX_DEF_(__VA_ARGS__, .struct_size = sizeof(ath_index_opts))
#define ATH_INDEX_DEF_(index_name, index_parts, ...)                                                                   \
    ((ath_table_item){.kind = ATH_ITEM_INDEX,                                                                          \
                      .name = (index_name),                                                                            \
                      .parts = (index_parts),                                                                          \
                      .index = &(ath_index_opts){__VA_ARGS__}})
#define ath_options_def(...)                                                                                           \
    ((ath_table_item){.kind = ATH_ITEM_OPTIONS,                                                                        \
                      .options = &(ath_table_opts){.struct_size = sizeof(ath_table_opts), __VA_ARGS__}})

ATH_API ath_table *ath_table_build(const char *name, const ath_table_item *items, size_t count);
ATH_API void ath_table_free(ath_table *table);
/* What is wrong with a table, or NULL. */
ATH_API const char *ath_table_mistake(const ath_table *table);

/* ---- metadata ---------------------------------------------------------------------------------------------------- */

/* How constraints without a name of their own are called, by SQLAlchemy's tokens: "uq_%(table_name)s_%(column_0_name)s".
 * Tokens: table_name, constraint_name, referred_table_name, column_<i>_name, column_<i>_label, column_<i>_key,
 * column_<i>N_name (all columns, joined), column_<i>_N_name (joined by _), referred_column_<i>_name.  NULL: no name, but
 * "ix_%(column_0_label)s" for indexes.  A template with constraint_name applies to named constraints too. */
typedef struct ath_naming {
    const char *ix, *uq, *ck, *fk, *pk;
} ath_naming;

/* A sequence that belongs to a metadata; used by .server_default = ath_text("nextval('name')"). */
typedef struct ath_sequence {
    const char *name, *schema;
    ath_type type; /* AS type; default: the database's */
    ath_count_opts counting;
    bool if_not_exists; /* of a directive (op.h) */
} ath_sequence;

/* The models and tables that make up a schema: what Base.metadata is. */
typedef struct ath_metadata {
    const char *name;
    const ath_model *const *models;
    size_t model_count;
    const ath_table *const *tables; /* tables without a struct; they stand behind the models */
    size_t table_count;
    const ath_naming *naming;
    const ath_sequence *sequences;
    size_t sequence_count;
} ath_metadata;

#define ATH_MODEL_REF_(M) &ath_model_##M
/* Defines `Name`, a schema of up to 64 models, at file scope in one .c file; ATH_DECLARE_METADATA in headers. */
#define ATH_METADATA(Name, ...) const ath_metadata Name = {.name = #Name, ATH_MODELS(__VA_ARGS__)}
/* The same with more said: ATH_METADATA_WITH(Name, ATH_MODELS(User, Post), .naming = &names). */
#define ATH_METADATA_WITH(Name, ...) const ath_metadata Name = {.name = #Name, __VA_ARGS__}
#define ATH_MODELS(...)                                                                                                \
    .models = (const ath_model *const[]){ATH_FOR_EACH(ATH_MODEL_REF_, __VA_ARGS__)},                                   \
    .model_count = ATH_NARGS(__VA_ARGS__)
#define ATH_DECLARE_METADATA(Name) extern const ath_metadata Name
/* A metadata of tables, here and now: ath_metadata_of(ath_tables(p, t), .naming = &names). */
#define ath_metadata_of(...) ((ath_metadata){.name = "tables", __VA_ARGS__})
#define ath_tables(...) .tables = (const ath_table *const[]){__VA_ARGS__}, .table_count = ATH_NARGS(__VA_ARGS__)
#define ath_sequences(...)                                                                                             \
    .sequences = (const ath_sequence[]){__VA_ARGS__},                                                                  \
    .sequence_count = sizeof((const ath_sequence[]){__VA_ARGS__}) / sizeof(ath_sequence)

/* Checks all models and that every foreign key finds its table and column, with matching types.  ATH_ARGUMENT says
 * what is wrong.  ath_create_all does this first. */
ATH_API ath_status ath_metadata_check(const ath_metadata *metadata, ath_error *error);

/* ---- DDL by itself ------------------------------------------------------------------------------------------------ */

typedef enum ath_ddl_kind {
    ATH_DDL_CREATE_ALL = 1, /* metadata: types, sequences, tables, indexes, comments, keys of cycles */
    ATH_DDL_DROP_ALL,       /* metadata */
    ATH_DDL_CREATE_TABLE,   /* table: CREATE TABLE alone */
    ATH_DDL_DROP_TABLE,
    ATH_DDL_CREATE_INDEX, /* table and the index's name */
    ATH_DDL_DROP_INDEX,
    ATH_DDL_ADD_CONSTRAINT, /* table and the constraint's name */
    ATH_DDL_DROP_CONSTRAINT,
    ATH_DDL_SET_TABLE_COMMENT, /* table */
    ATH_DDL_DROP_TABLE_COMMENT,
    ATH_DDL_SET_COLUMN_COMMENT, /* table and the column's name */
    ATH_DDL_DROP_COLUMN_COMMENT,
    ATH_DDL_SET_CONSTRAINT_COMMENT, /* table and the constraint's name */
    ATH_DDL_DROP_CONSTRAINT_COMMENT,
    ATH_DDL_COLUMN,          /* table and the column's name: the line of CREATE TABLE */
    ATH_DDL_CREATE_SEQUENCE, /* sequence */
    ATH_DDL_DROP_SEQUENCE,
    ATH_DDL_CREATE_TYPE, /* type: an enum with a name */
    ATH_DDL_DROP_TYPE,
    ATH_DDL_CREATE_SCHEMA, /* name */
    ATH_DDL_DROP_SCHEMA
} ath_ddl_kind;

/* What DDL is asked for: ath_ddl_of(ATH_DDL_CREATE_INDEX, .table = t, .name = "ix_a", .if_exists = true). */
typedef struct ath_ddl {
    ath_ddl_kind kind;
    const ath_metadata
        *metadata; /* for CREATE_ALL and DROP_ALL; elsewhere its naming convention counts, if it is given */
    const ath_table *table;
    const char *name;
    const ath_sequence *sequence;
    const ath_type *type;
    bool if_exists; /* IF NOT EXISTS, IF EXISTS */
    bool cascade;   /* DROP ... CASCADE */
    int reserved_;
} ath_ddl;
#define ath_ddl_of(...) ATH_DDL_OF_(__VA_ARGS__, .reserved_ = 0)
#define ATH_DDL_OF_(ddl_kind, ...) ((ath_ddl){.kind = (ddl_kind), __VA_ARGS__})

#ifdef __cplusplus
}
#endif

#endif
