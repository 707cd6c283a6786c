/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema's objects as the library sees them: what a model's body has said, checked and put in order.
 *
 * A table is built once, is immutable afterwards, and owns an arena that holds all that it points to.
 */
#ifndef ATH_SQL_SCHEMA_H
#define ATH_SQL_SCHEMA_H

#include "type/type.h"

#include <athanor/sql.h>

typedef struct ath__column {
    const char *name;  /* in the database */
    const char *field; /* in the struct, with its path: "ts.created_at"; NULL without a struct */
    ath_type type;
    ath_ctype ctype;
    uint32_t offset, size; /* of the field */
    uint16_t position;     /* among the table's columns */
    uint16_t mapped;       /* among those of the model's own table, which a part of it is a part of; see inherit.h */
    const struct ath_table *home; /* joined-table inheritance: the part that has it; NULL: the table itself */
    const ath_model *owner;       /* in a table that several classes share: the class that describes it */
    bool primary_key, unique, index, nullable;
    bool said_not_null;         /* the NOT NULL was asked for, it is not the model's default */
    bool autoincrement;         /* the database numbers this key */
    bool version;               /* counts the row's changes */
    bool read_only;             /* the unit of work never writes it */
    const ath_expr *expression; /* instead of a column of the table; NULL: it is one */
    struct ath__rules *rules;   /* that values are checked by; NULL: none */
    const ath_expr *default_value, *server_default, *onupdate;
    const char *fk_schema, *fk_table, *fk_column, *ondelete, *onupdate_action;
    const char *check, *check_name, *comment;
    const char *computed;
    ath_persisted persisted;
    ath_identity identity;
    ath_count_opts counting;
    const char *conflict_key, *conflict_null, *conflict_unique; /* ON CONFLICT (SQLite) */
    const struct ath__constraint *fk;                           /* what else was said of its foreign key */
} ath__column;

typedef enum ath__constraint_kind {
    ATH__UNIQUE = ATH_CONSTRAINT_UNIQUE,
    ATH__CHECK = ATH_CONSTRAINT_CHECK,
    ATH__FOREIGN_KEY = ATH_CONSTRAINT_FOREIGN_KEY,
    ATH__PRIMARY_KEY = ATH_CONSTRAINT_PRIMARY_KEY,
    ATH__EXCLUDE = ATH_CONSTRAINT_EXCLUDE
} ath__constraint_kind;

typedef struct ath__constraint {
    ath__constraint_kind kind;
    const char *name; /* as given; NULL: a naming convention may make one */
    ath_name_list columns;
    const char *check;
    int16_t of_type; /* a CHECK that the type of this column asks for; -1: none */
    const char *target_schema, *target;
    ath_name_list target_columns;
    const char *ondelete, *onupdate, *match, *initially, *comment;
    ath_deferrable deferrable;
    bool use_alter, nulls_not_distinct, not_valid;
    bool exact_name;         /* no naming convention on top */
    const char *conflict;    /* ON CONFLICT (SQLite) */
    ath_name_list include;   /* PostgreSQL */
    const char *using;       /* EXCLUDE USING; PRIMARY KEY USING on MySQL */
    const char *where;       /* of EXCLUDE */
    ath_part_list parts;     /* of EXCLUDE, with ... */
    ath_name_list operators; /* ... one operator each */
} ath__constraint;

typedef struct ath__index {
    const char *name; /* never NULL in a model; NULL: a naming convention must make one */
    bool generated;   /* the name is ix_<table>_<column>, unless a naming convention says otherwise */
    bool unique;
    ath_name_list columns; /* of its parts, those that are columns */
    ath_part_list parts;
    ath_index_opts opts;
} ath__index;

/* A relation as the model's body says it. */
typedef struct ath__relation {
    const char *field; /* of the struct, with its path */
    uint32_t offset;
    uint16_t position; /* among the table's relations */
    ath_relation_side kind;
    const ath_model *target;
    ath_relation_opts opts;
} ath__relation;

struct ath_table {
    uint64_t serial; /* no other table of the process has it: addresses are used again */
    const char *name;
    const char *comment;
    const ath_model *model;   /* NULL: described without a struct */
    const ath_error *mistake; /* not NULL: what is wrong with it */
    size_t column_count, key_count, constraint_count, index_count, relation_count;
    ath__column *columns;
    uint16_t *key;                /* positions of the primary key's columns */
    ath__constraint *constraints; /* column-level uniques and foreign keys included, in the order of CREATE TABLE */
    ath__constraint *primary;     /* what was said of the primary key; NULL: nothing */
    ath__index *indexes;
    ath__relation *relations;
    struct ath__links **links; /* where what joins the relations is published, when first asked for; see relation.h */
    int autoincrement;         /* position of the column that the database numbers, or -1 */
    bool has_rules;            /* some column has */
    struct ath__rules *rules;  /* all of them, for ath__rules_done */
    struct ath__said *input;   /* what the body says of input from JSON; NULL: nothing; see json/input.h */
    ath_validate_fn validate;  /* the model's own check; NULL: none */
    const ath_expr *filter;    /* the model's default filter; NULL: none */
    int version;               /* position of the column that counts the row's changes, or -1 */
    struct ath__lineage *lineage; /* what it inherits, and who inherits from it; NULL: it stands alone; see inherit.h */
    bool sqlite_autoincrement;
    ath_table_opts opts; /* with comment and sqlite_autoincrement, which stand above */
    ath__arena arena;
};

/* The schema that the table's name is qualified with, or NULL. */
const char *ath__table_schema(const ath_table *table);
/* Gathers a table; see table_build.c.  A mistake is kept (the first wins). */
struct ath_mapper {
    const ath_model *model; /* NULL: a table without a struct */
    const char *called;     /* "model User" or "table users": how messages begin */
    ath_table *table;
    size_t base;        /* offset of the mixin whose body runs */
    const char *path;   /* the field it is embedded as, with a dot behind; "" outside of mixins */
    const char *prefix; /* of its columns' names; NULL: none */
    size_t column_capacity, constraint_capacity, index_capacity, relation_capacity;
    int depth;
    bool own_only;            /* what the class inherits is left out: for a part, or for a table that classes share */
    bool shared;              /* and its columns may be there already, and may be NULL */
    const ath_table *part_of; /* it is a part of this model's table */
    size_t inherited;         /* the body that runs is that of an ancestor: so many steps up */
    ath_error error;          /* the first mistake */
};

/* An empty table, named, with an arena; NULL when memory ran out. */
ath_table *ath__table_make(const ath_allocator *a, const char *name);
void ath__table_free(ath_table *table);
/* When all is gathered: works out key and numbering, orders the constraints, checks. */
void ath__mapper_finish(ath_mapper *mapper);
/* A column's copy of what was said of it. */
void ath__mapper_fill(ath_mapper *mapper, ath__column *column, const ath_column_opts *opts);
/* Room for one more column, zeroed but for its position; NULL when memory ran out. */
ath__column *ath__mapper_add_column(ath_mapper *mapper);
const char *ath__mapper_keep(ath_mapper *mapper, const char *text);
void ath__mapper_no_memory(ath_mapper *mapper);

/* The database's table i of a metadata: models first, then its tables.  NULL and *error when it is wrong or memory ran out. */
const ath_table *ath__metadata_at(const ath_metadata *metadata, size_t i, ath_error *error);
/* Whether a model's table is that of the class it inherits from, which describes it. */
bool ath__metadata_shares(const ath_metadata *metadata, size_t i);
static inline size_t ath__metadata_count(const ath_metadata *metadata) {
    return metadata->model_count + metadata->table_count;
}
/* The same name in the same schema; NULL is no schema. */
bool ath__same_table(const char *schema, const char *name, const ath_table *table);

/* The column whose field lies at this offset, or NULL. */
const ath__column *ath__table_column_at(const ath_table *table, size_t offset);
/* The column of that name in the database, or NULL. */
const ath__column *ath__table_column_named(const ath_table *table, const char *name);
/* The metadata's table of that name (in no schema), or NULL. */
const ath_table *ath__metadata_table(const ath_metadata *metadata, const char *name);
const ath_table *ath__metadata_find(const ath_metadata *metadata, const char *schema, const char *name);
/* The tables of a metadata so that referenced tables come first: pointers in `order`, which has room for all of them.
 * Tables without open references come first, as they stand, then those that refer to these, and so on; tables of a cycle
 * of foreign keys come last, in the metadata's order. */
ath_status ath__metadata_order(const ath_metadata *metadata, const ath_allocator *a, const ath_table **order,
                               ath_error *error);

/* Whether a column's values are the database's alone to make. */
static inline bool ath__is_given(const ath__column *column) {
    return column->computed || column->read_only || column->expression;
}

/* What UPDATE and DELETE by the unit of work find a row by: its key, and the version that it must still have. */
static inline size_t ath__guard_count(const ath_table *table) {
    return table->key_count + (table->version >= 0);
}
static inline const ath__column *ath__guard_column(const ath_table *table, size_t i) {
    return &table->columns[i < table->key_count ? table->key[i] : (size_t)table->version];
}

/* Which foreign keys count for the order of tables; NULL: all. */
typedef bool (*ath__counts_fn)(void *context, const ath_table *table, const ath__constraint *key);
/* Sorts tables in place as ath__metadata_order says.  Tables of a cycle and those behind it stand last, from *cycle_from
 * (else `count`) on. */
ath_status ath__tables_sort(const ath_allocator *a, const ath_table **tables, size_t count, ath__counts_fn counts,
                            void *context, size_t *cycle_from, ath_error *error);

/* ---- rules.c ---- */

/* What a column's values must be, as its options say it; a mistake is kept.  Patterns are compiled once. */
void ath__rules_make(ath_mapper *mapper, ath__column *column, const ath_column_opts *opts);
void ath__rules_done(ath_table *table);
/* A column's rules, for those who describe them: 0, NULL: none of the kind. */
typedef struct ath__rules_said {
    uint32_t min_length, max_length;
    const ath_value *min, *max;
    const char *pattern;
} ath__rules_said;
ath__rules_said ath__rules_of(const ath__column *column);

/* A rule that a value breaks, by its option's name. */
typedef struct ath__breach {
    const char *rule;       /* "min_length", "max_length", "min", "max", "pattern" */
    size_t length;          /* the value's; of text in characters, */
    bool bytes;             /* or bytes in bytes */
    uint32_t limit;         /* of a length */
    const ath_value *bound; /* min, max */
    const char *pattern;
} ath__breach;
enum { ATH__BREACHES = 3 };
/* All rules of its column that a value breaks.  The value has been coerced to the column's type; text ends with a NUL.  Only
 * ATH_NO_MEMORY can fail. */
ath_status ath__rules_breaches(const ath__column *column, const ath_value *value, ath__breach out[ATH__BREACHES],
                               size_t *count);
/* ATH_DATA and the error (table, column, the rule's name as `constraint`) when a value breaks one of its column's rules: the
 * first. */
ath_status ath__rules_check(const ath_table *table, const ath__column *column, const ath_value *value,
                            ath_error *error);

/* A deep copy of an expression into an arena: literals' text too.  NULL when memory ran out; NULL of NULL is NULL. */
const ath_expr *ath__expr_copy(const ath_expr *expr, ath__arena *arena);

#endif
