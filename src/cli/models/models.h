/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models`: from what the inspector read to models in C.
 *
 * Four steps, a file or two each: which tables and how they are called (plan.c, words.c), what relates them (relate.c),
 * the text (write.c), and what differs from text that is there (parse.c, compare.c).
 */
#ifndef ATH_CLI_MODELS_MODELS_H
#define ATH_CLI_MODELS_MODELS_H

#include "ctext/ctext.h"

#include <athanor/athanor.h>

typedef struct models_field {
    const char *name;  /* in C */
    const char *ctype; /* "int64_t" */
    const ath_table_item *item;
    bool nullable;
} models_field;

typedef struct models_model models_model;

typedef struct models_relation {
    const char *field, *back; /* `back` NULL: the other side has none */
    ath_relation_side side;
    models_model *target, *secondary;
    ath_name_list foreign_key, references, target_key; /* empty: there is no other */
    const char *ondelete;                              /* of the foreign key, on the side that has */
} models_relation;

struct models_model {
    const ath_reflected_table *table;
    const char *name; /* of the struct */
    bool is_view;
    bool is_association; /* two foreign keys and nothing else */
    ath__described described;
    models_field *fields;
    size_t field_count;
    models_relation *relations;
    size_t relation_count, relation_capacity;
};

/* Which tables. */
typedef struct models_choice {
    const char *name; /* of the files */
    ath_name_list schemas, tables;
    bool views; /* as projections */
    bool no_relations;
} models_choice;

typedef struct models_plan {
    ath__arena arena; /* of all that is made */
    ath_error error;
    const models_choice *choice;
    const char *metadata; /* its name in C */
    ath__describing d;
    models_model *models; /* by schema and name; views last */
    size_t count;
    const ath_sequence *sequences;
    size_t sequence_count;
    const char **left_out; /* "view v", "virtual table t" */
    size_t left_out_count;
    ath_inspector **inspectors;
    size_t inspector_count;
} models_plan;

/* ---- words.c: names ---- */

/* Texts live in the arena; "" when memory ran out (plan->error tells). */
const char *models_text(models_plan *plan, const char *format, ...) ATH_PRINTF(2, 3);
/* "OrderDetails" -> "order_details": letters, digits and underscores alone; may begin with a digit or be empty. */
const char *models_snake(models_plan *plan, const char *name);
/* The last word of a snake_case name in the singular or the plural. */
const char *models_singular(models_plan *plan, const char *snake);
const char *models_plural(models_plan *plan, const char *snake);
/* "order_detail" -> "OrderDetail" */
const char *models_camel(models_plan *plan, const char *snake);
/* A name that C (and C++) takes for a field: no keyword, no macro of the usual headers, no digit in front. */
const char *models_safe(models_plan *plan, const char *snake, const char *when_empty);
bool models_is_reserved(const char *name);

/* ---- plan.c ---- */

/* Reads the database and decides all names.  models_plan_done is to be called in any case. */
ath_status models_plan_make(models_plan *plan, ath_connection *connection, const models_choice *choice);
void models_plan_done(models_plan *plan);
ath_status models_no_memory(models_plan *plan);
/* The model of a table, or NULL. */
models_model *models_of(const models_plan *plan, const ath_reflected_table *table);
/* Whether a field or relation of the model is called so. */
bool models_has_field(const models_model *model, const char *name);
const char *models_field_of(const models_model *model, const char *column);

/* ---- relate.c ---- */

ath_status models_relate(models_plan *plan);

/* ---- write.c ---- */

void models_write_header(models_plan *plan, ath__buf *out);
void models_write_source(models_plan *plan, ath__buf *out);

/* ---- parse.c: models as C text tells them ---- */

typedef struct models_part {
    const char *kind;  /* "column", "relation", "index" ...: what it is called in a report */
    const char *name;  /* of a column: in the database; of others: what tells them apart */
    const char *field; /* in C, or NULL */
    const char *text;  /* the statement, in one line with single spaces; without .name for a column */
    const char *ctype; /* of a field that a struct declares: "const char *" */
    bool seen;
} models_part;

typedef struct models_said {
    const char *model, *table, *schema;
    models_part *parts;
    size_t count, capacity;
    bool seen;
} models_said;

typedef struct models_text_read {
    ath__arena *arena;
    models_said *models;
    size_t count, capacity;
    bool any_struct, any_body;
    bool failed; /* memory ran out */
} models_text_read;

/* Adds what a file says. */
void models_parse(models_text_read *read, const char *text);

/* ---- compare.c ---- */

/* Says in words what differs between the models that the database wants and those of the files.  Returns how many
 * differences there are. */
size_t models_compare(models_text_read *wanted, models_text_read *found, ath__buf *out);

#endif
