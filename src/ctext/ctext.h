/* SPDX-License-Identifier: Apache-2.0
 *
 * A schema as C text: what the inspector read becomes the options that a model or a revision would say, and options
 * become the C that says them.
 *
 * Both halves serve whoever writes C: `athanor models` (models from a database) and the revisions of a migration.  The
 * options are those of the public headers (ath_column_opts, ath_table_item ...), so what was read can as well be built
 * into a table by ath_table_build, to be compared.
 */
#ifndef ATH_CTEXT_CTEXT_H
#define ATH_CTEXT_CTEXT_H

#include "sql/dialect.h"

#include <athanor/inspect.h>

/* ---- literal.c ---- */

/* A string literal with its quotes; NULL is the word NULL. */
void ath__c_string(ath__buf *out, const char *text);
/* ath_names("a", "b") */
void ath__c_names(ath__buf *out, ath_name_list list);
/* Begins one more argument: a comma behind what is there, unless a parenthesis or a brace has just been opened. */
void ath__c_next(ath__buf *out);
/* Appends a statement that stands in one line, `indent` columns in, broken as clang-format breaks it: behind commas, each
 * line under the first argument of the parenthesis that it continues, ATH__C_WIDTH columns at most where that can be. */
enum { ATH__C_WIDTH = 120 };
void ath__c_wrap(ath__buf *out, size_t indent, const char *statement);
/* A comment of one or more lines, whatever the text holds. */
void ath__c_comment(ath__buf *out, size_t indent, const char *text);

/* ---- type.c ---- */

/* ATH_STRING(50) and its kin; a compound literal where no macro says it. */
void ath__c_type(ath__buf *out, const ath_type *type);
/* The C type of a field that holds the column: "int64_t", "ath_opt_i32", "const char *". */
const char *ath__c_field(const ath_type *type, bool nullable);
/* Whether a field of that C type infers this very type, so that it need not be said. */
bool ath__c_infers(const ath_type *type, bool nullable);

/* ---- option.c ---- */

/* Each appends ", .name = value" for every option that is not zero, as the macros of schema.h take them.  `type` says
 * whether the column's type is among them. */
void ath__c_column_options(ath__buf *out, const ath_column_opts *opts, bool type);
void ath__c_constraint_options(ath__buf *out, const ath_constraint_opts *opts);
void ath__c_foreign_key_options(ath__buf *out, const ath_foreign_key_opts *opts);
void ath__c_index_options(ath__buf *out, const ath_index_opts *opts);
void ath__c_table_options(ath__buf *out, const ath_table_opts *opts);
/* ath_parts(ath_part("a", .desc = true)) */
void ath__c_parts(ath__buf *out, ath_part_list parts);
/* {.name = "s", .counting = {.start = ath_some(100)}} */
void ath__c_sequence(ath__buf *out, const ath_sequence *sequence);
/* An SQL expression: ath_text("..."), a literal, ath_now().  False when it is none of these. */
bool ath__c_expr(ath__buf *out, const ath_expr *expr);

/* ---- describe.c, describe_type.c, describe_part.c ---- */

/* What tables are described with. */
typedef struct ath__describing {
    const ath_dialect *dialect;               /* the connection's: which options are its own, how it writes a type */
    const ath_reflected_table *const *tables; /* all that are described together: others cannot be referred to */
    size_t table_count;
    const ath_reflected_sequence *const *sequences;
    size_t sequence_count;
    const char *default_schema; /* which MySQL's defaults name, and which is another one elsewhere; may be NULL */
    ath__arena *arena;          /* of all that is made */
    ath_error *error;
} ath__describing;

/* A table as it would be said: columns in their order, then constraints, indexes, options.  Foreign keys of one column,
 * UNIQUE and indexes that have no name of their own are said by their column. */
typedef struct ath__described {
    const ath_reflected_table *table;
    const ath_table_item *items;
    size_t count;
    ath_name_list remarks; /* what could not be said, in words */
} ath__described;

ath_status ath__describe(const ath__describing *d, const ath_reflected_table *table, ath__described *out);
/* Of a column: its type as this database would write it again, and as a C field can hold what the database may keep. */
ath_status ath__describe_type(const ath__describing *d, const ath_reflected_column *column, ath_type *out);
/* Whether two types, as a database tells or takes them, are the same: names for one type, widths that are only shown. */
bool ath__describe_same_type(const ath__describing *d, const char *read, const char *written);
/* Whether the database numbers the column by itself. */
bool ath__describe_numbered(const ath__describing *d, const ath_reflected_table *t, const ath_reflected_column *c);
/* The table that a foreign key refers to, when it is among those described and the key can be said of it; else NULL and
 * *why. */
const ath_reflected_table *ath__describe_target(const ath__describing *d, const ath_reflected_table *t,
                                                const ath_reflected_foreign_key *key, const char **why);

/* ---- what describe*.c share ---- */

typedef struct ath__description {
    const ath__describing *d;
    const ath_reflected_table *table;
    ath_table_item *items;
    const char **remarks;
    size_t count, capacity, remark_count, remark_capacity;
    ath_status status;
} ath__description;

/* One more item of zeros; NULL when memory ran out. */
ath_table_item *ath__describe_item(ath__description *w);
void *ath__describe_keep(ath__description *w, const void *opts, size_t size);
const char *ath__describe_text(ath__description *w, const char *format, ...) ATH_PRINTF(2, 3);
void ath__describe_remark(ath__description *w, const char *format, ...) ATH_PRINTF(2, 3);
/* The item's column of that name, still open to change. */
ath_column_opts *ath__describe_column_named(const ath__description *w, const char *name);
bool ath__describe_same(const char *a, const char *b); /* texts, NULL equal to NULL alone */

void ath__describe_keys(ath__description *w); /* PRIMARY KEY, UNIQUE */
void ath__describe_foreign_keys(ath__description *w);
void ath__describe_checks(ath__description *w); /* CHECK, EXCLUDE */
void ath__describe_indexes(ath__description *w);

#endif
