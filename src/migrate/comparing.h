/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the comparison share.
 */
#ifndef ATH_MIGRATE_COMPARING_H
#define ATH_MIGRATE_COMPARING_H

#include "engine/engine.h"
#include "migrate/compare.h"
#include "migrate/items.h"

/* A table on both sides. */
typedef struct ath__pair {
    const ath_table *wanted;
    const ath__live_table *live;
    const ath_table *found; /* live->table */
    const ath_table *kept;  /* `wanted` as this database keeps it; NULL: not known */
    const ath_table *again; /* `kept` as it keeps that: a text that was printed and read once more; NULL: not known */
    bool suspect;           /* seems to differ */
    /* keys and unique indexes that will go or come, which foreign keys may rest on */
    const ath__change *rests;
    size_t rest_count;
} ath__pair;

typedef struct ath__comparing {
    ath_connection *connection;
    const ath_dialect *dialect;
    const ath_metadata *metadata;
    const ath__compare_opts *opts;
    ath__changes *out;
    ath__arena *arena; /* of `out` */
    ath_error *error;
    ath__itemizer model, found; /* how either side's items and names are made */
    ath__pair *pairs;
    size_t pair_count;
    const ath_table **created; /* tables of the metadata alone, in the order of creation */
    size_t created_count;
    const ath__live_table **dropped; /* of the database alone */
    size_t dropped_count;
    bool again;     /* the scratch place's second round */
    bool is_inside; /* a transaction was open before */
    bool dry;       /* differences are only counted */
    bool lenient;   /* the pair at hand has no `kept`, and will have none */
    size_t differences;
} ath__comparing;

static inline bool ath__compares_ddl(const ath__comparing *c, uint64_t bit) {
    return ath__dialect_ddl(c->dialect, bit);
}
static inline bool ath__same_text(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}
static inline bool ath__same_names(ath_name_list a, ath_name_list b) {
    bool same = a.count == b.count;
    for (size_t i = 0; same && i < a.count; i++)
        same = strcmp(a.names[i], b.names[i]) == 0;
    return same;
}

/* ---- compare_text.c ---- */

/* Whether two SQL texts say the same for certain; `lenient`: as far as one can tell.  Either may be NULL. */
ath_status ath__alike(ath__comparing *c, const char *a, const char *b, bool lenient, bool *same);
/* The same with what the database makes of the first, where that is known: NULL: it is not. */
ath_status ath__alike_kept(ath__comparing *c, const char *wanted, const char *kept, const char *found, bool *same);

/* ---- compare_column.c ---- */

/* What of a column differs: bits. */
enum {
    ATH__DIFFERS_TYPE = 1,
    ATH__DIFFERS_NULL = 2,
    ATH__DIFFERS_DEFAULT = 4,
    ATH__DIFFERS_COMMENT = 8,
    ATH__DIFFERS_NUMBERING = 16,
    ATH__DIFFERS_IDENTITY = 32,
    ATH__DIFFERS_COMPUTED = 64,
    ATH__DIFFERS_COLLATION = 128
};
ath_status ath__column_differs(ath__comparing *c, const ath__pair *pair, const ath__column *wanted,
                               const ath__column *found, unsigned *differs);
/* The column's type as the database writes it. */
ath_status ath__column_type_text(ath__comparing *c, const ath_table *table, const ath__column *column,
                                 const char **text);
/* Columns: added, altered; and those that go, which comes last. */
ath_status ath__compare_columns_new(ath__comparing *c, ath__pair *pair, bool computed); /* or else the others */
ath_status ath__compare_columns(ath__comparing *c, ath__pair *pair);
ath_status ath__compare_columns_gone(ath__comparing *c, ath__pair *pair);
/* Whether values go over from one to the other by themselves. */
bool ath__same_family(const ath_type *a, const ath_type *b);
const ath__column *ath__column_of(const ath__comparing *c, const ath_table *table, const char *name);

/* ---- compare_number.c ---- */

/* Whether columns are numbered by a default that reads a sequence, which is changed by statements of its own. */
bool ath__numbers_by_sequence(const ath__comparing *c);
/* Those statements: the column begins to be numbered, or ceases to be.  `was`: the default that it has; NULL: none. */
ath_status ath__compare_numbering(ath__comparing *c, const ath__pair *pair, const ath__column *wanted, const char *was);

/* ---- compare_computed.c ---- */

/* Computed columns that stand in the way of a change: they go, and are no longer found. */
ath_status ath__withdraw_computed(ath__comparing *c, const ath__pair *pair);

/* ---- compare_part.c ---- */

/* A unique, check or exclude constraint, or an index, of one side. */
typedef struct ath__piece {
    int kind;          /* ath_constraint_kind or ATH_ITEM_INDEX */
    int match;         /* the kind that it is matched as: a unique index may be a constraint, where they are the same */
    const char *name;  /* final; NULL: none */
    const char *label; /* the name that it has in the scratch place */
    unsigned number;   /* its place among its table's */
    const char *text;  /* its definition, without name and table */
    const char *column; /* a check behind a column: which; NULL: none */
    const char *given;  /* and what it would be called as a constraint of the table */
    const ath__constraint *constraint;
    const ath__index *index;
    bool seen;
} ath__piece;

typedef struct ath__pieces {
    ath__piece *items;
    size_t count;
} ath__pieces;

ath_status ath__pieces_of(ath__comparing *c, const ath__itemizer *w, const ath_table *table, ath__pieces *out);
/* Indexes and uniques; then checks and exclusions. */
ath_status ath__compare_indexes(ath__comparing *c, ath__pair *pair);
ath_status ath__compare_checks(ath__comparing *c, ath__pair *pair);

/* ---- compare_key.c ---- */

ath_status ath__compare_key(ath__comparing *c, ath__pair *pair);
/* Foreign keys that go and come.  Those that stand in the way of what comes before are dropped `early`. */
ath_status ath__compare_foreign_keys(ath__comparing *c, ath__pair *pair);
ath_status ath__drop_foreign_keys_early(ath__comparing *c, ath__pair *pair);
/* Looks ahead at what foreign keys may rest on: each pair's `rests`. */
ath_status ath__foresee_rests(ath__comparing *c);
/* Whether a key of the table is over columns whose type is about to change, on either side, or rests on a key that goes or
 * comes, so that it must not stand meanwhile.  `pair` NULL: the table is new. */
ath_status ath__key_is_unsettled(ath__comparing *c, const ath__pair *pair, const ath__constraint *key, bool *is);
ath_status ath__untie_keys(ath__comparing *c); /* before the changes: those that stay are dropped */
ath_status ath__tie_keys(ath__comparing *c);   /* behind them: those come back, and new ones come */
bool ath__goes(const ath__comparing *c, const char *schema, const char *name); /* a table of the database */
/* Whether an index of the database is there for a foreign key's sake. */
bool ath__index_serves_key(const ath__comparing *c, const ath__pair *pair, const ath__index *index);

/* ---- compare_table.c ---- */

ath_status ath__compare_table(ath__comparing *c, ath__pair *pair);
ath_status ath__create_tables(ath__comparing *c);
ath_status ath__drop_tables(ath__comparing *c);
/* Foreign keys of new tables that had to wait for the other tables. */
ath_status ath__create_late_keys(ath__comparing *c);

/* ---- compare_enum.c, compare_labels.c: enums that are types of their own ---- */

ath_status ath__compare_enums_new(ath__comparing *c); /* what comes before the tables */
ath_status ath__compare_enums_gone(ath__comparing *c);
/* The column's type, or that of its items, where it is an enum with a type of its own; NULL: it is not. */
const ath_type *ath__enum_of(const ath__comparing *c, const ath__column *column);
/* The database's type of that name; NULL: there is none. */
const ath_reflected_enum *ath__live_enum(const ath__comparing *c, const ath_type *type);
bool ath__has_label(ath_name_list labels, const char *label);
/* A type that loses labels, or has them in another order, is made anew beside the old one. */
ath_status ath__remake_enum(ath__comparing *c, const ath_type *wanted, const ath_reflected_enum *e);

/* ---- compare_object.c: sequences ---- */

/* All of how numbers are counted, in numbers: what is not said is what the database takes. */
ath_count_opts ath__all_counting(const ath__comparing *c, const ath_count_opts *counting, const ath_type *type);
ath_status ath__compare_sequences_new(ath__comparing *c);
ath_status ath__compare_sequences_gone(ath__comparing *c);

/* ---- compare_rename.c ---- */

/* Gives what is said to be renamed its new name in `live`, so that the rest is compared under it. */
ath_status ath__rename_tables(ath__comparing *c);
ath_status ath__rename_columns(ath__comparing *c, ath__pair *pair);

/* ---- scratch.c ---- */

/* Fills in `kept` (or, `again`, that) of the pairs that seem to differ, as far as this database lets. */
ath_status ath__keep_suspects(ath__comparing *c, bool again);

/* ---- changes.c ---- */

/* Adds an operation (whose struct_size is filled in), or counts it in a dry run. */
ath_status ath__add_change(ath__comparing *c, ath_operation operation);
/* SQL text and what takes it back, "": nothing need. */
ath_status ath__add_text(ath__comparing *c, const char *text, const char *back);
/* SQL text, and what takes it back; "": nothing need.  NULL for either: memory ran out. */
ath_status ath__add_text(ath__comparing *c, const char *text, const char *back);
/* An operation that loses data: held back unless that was allowed. */
ath_status ath__add_held(ath__comparing *c, ath_operation operation, const char *note);
void ath__detected(ath__comparing *c, const char *format, ...) ATH_PRINTF(2, 3);
ath_status ath__remark(ath__comparing *c, const char *format, ...) ATH_PRINTF(2, 3);
const char *ath__text_of(ath__comparing *c, const char *format, ...) ATH_PRINTF(2, 3); /* NULL: memory ran out */
bool ath__included(const ath__comparing *c, ath__compared what, const char *schema, const char *table, const char *name,
                   bool in_database);

#endif
