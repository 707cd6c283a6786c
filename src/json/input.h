/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`, the way in, from the inside.
 *
 * The text is read by jansson after a pass of our own, which bounds its depth and puts the numbers aside as they are
 * written, so that none loses digits; then one walk over schema and document fills the structs and gathers the problems.
 * A problem of the text is no error: errors are memory and wrong schemas.
 */
#ifndef ATH_JSON_INPUT_H
#define ATH_JSON_INPUT_H

#include "orm/session.h"

#include <athanor/input.h>

/* ---- what bodies say (input_said.c) ---- */

typedef struct ath__said_field {
    struct ath__said_field *next;
    const char *field; /* with its path */
    uint32_t offset;
    ath_input_field_opts opts;
} ath__said_field;

typedef struct ath__said_list {
    struct ath__said_list *next;
    const char *field;
    uint32_t offset;
    ath__column item;
} ath__said_list;

/* A table's `input`. */
typedef struct ath__said {
    ath__said_field *fields;
    ath__said_list *lists; /* in order */
    ath_unknown unknown;
    ath_input_check_fn check;
} ath__said;

/* What was said of the field at this offset; never NULL. */
const ath_input_field_opts *ath__said_of(const ath_table *table, uint32_t offset);

/* ---- the schema of an object (input_schema.c) ---- */

typedef enum ath__in_kind { ATH__IN_COLUMN = 1, ATH__IN_LIST, ATH__IN_ONE, ATH__IN_MANY } ath__in_kind;

typedef struct ath__in_field {
    ath__in_kind kind;
    const char *name;  /* in JSON */
    const char *field; /* in the struct */
    uint32_t offset;
    const ath__column *column; /* of a list: its items' */
    const ath__relation *relation;
    const ath_input_field_opts *said;
    bool required;
    bool given;  /* by the database or the library: it may not come in */
    bool hidden; /* a model's relation: comes in when it is included by name */
} ath__in_field;

typedef struct ath__in_schema {
    struct ath__in_schema *next;
    const ath_table *table;
    const ath__relation *through; /* the relation it belongs to, and whose columns are not asked for; NULL: none */
    size_t count;
    ath_unknown unknown;
    ath_input_check_fn check;
    ath__in_field fields[];
} ath__in_schema;

/* Where the walk is: names and numbers, innermost first.  Of a field its name in the struct is kept for .include. */
typedef struct ath__in_at {
    const struct ath__in_at *up;
    const char *name; /* NULL: an item of a list */
    size_t size;
    const char *field; /* NULL: no field */
    size_t index;
} ath__in_at;

/* In front of each struct of an input. */
typedef struct ath__in_head {
    const ath_input *input;
    const ath__in_schema *schema;
    const void *owner;          /* the struct that it was read for; NULL: none */
    const ath__in_field *field; /* of the owner */
    size_t index;               /* in a list; ATH__IN_ALONE */
    uint64_t *present;          /* mask of the schema's fields */
} ath__in_head;
#define ATH__IN_ALONE SIZE_MAX

struct ath_input {
    const ath_allocator *allocator;
    ath__arena arena;
    const ath_model *model;
    bool list;
    ath_input_opts
        opts;        /* with the defaults put in; .include, .exclude and .rename are the caller's, for the call alone */
    ath_error error; /* what ends the call */
    ath__in_schema *schemas;
    void *root;    /* the struct */
    void **vector; /* of a list */
    ath_problem *problems;
    size_t problem_count, problem_capacity;
    bool more;                  /* problems than are kept */
    const struct ath__doc *doc; /* while it is read */
};

/* A column as a field; `through`: the link that leads to its object, may be NULL. */
void ath__in_column_field(const ath_table *table, const ath__column *column, const struct ath__link *through,
                          ath__in_field *out);
/* The schema of a table's objects, made at its first use; NULL with in->error. */
const ath__in_schema *ath__in_schema_of(ath_input *in, const ath_model *model, const ath__relation *through,
                                        const ath_table *owner);
/* Whether a field that stands under `at` may come in. */
bool ath__in_admits(const ath_input *in, const ath__in_at *at, const ath__in_field *field);
/* Makes the names of .include and .exclude paths of fields, and renames; ATH_ARGUMENT when one is of none. */
ath_status ath__in_check_names(ath_input *in);

static inline ath__in_head *ath__in_head_of(const void *object) {
    return (ath__in_head *)(uintptr_t)((const char *)object - sizeof(ath__in_head));
}

/* ---- problems (input_problem.c) ---- */

/* Adds one; false always, so that a check can end with it.  Memory that ran out is in->error. */
bool ath__in_problem(ath_input *in, const ath__in_at *at, const char *code, const char *format, ...) ATH_PRINTF(4, 5);
/* Too many are a reason to stop. */
static inline bool ath__in_stopped(const ath_input *in) {
    return in->more || in->error.status != ATH_OK;
}
/* ---- text (input_text.c): jansson's tree, and the numbers beside it ---- */

typedef struct ath__doc_number {
    ath_str text; /* as it is written, in the program's text */
    size_t place; /* its offset in what jansson was given */
} ath__doc_number;

typedef struct ath__doc {
    void *root; /* json_t * */
    const char *text;
    ath__doc_number *numbers; /* the tree has their places here instead of their values */
    size_t count, capacity;
} ath__doc;

/* Reads the text into the tree; false when it cannot be read, which is a problem or in->error. */
bool ath__doc_read(ath_input *in, const char *text, size_t size, ath__doc *doc);
void ath__doc_done(ath_input *in, ath__doc *doc);
/* A JSON number: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
bool ath__is_number(const char *text, size_t size);

/* The member whose name ends at this offset (input_place.c); NULL, with in->error, when memory ran out. */
const ath__in_at *ath__doc_place(ath_input *in, const ath__doc *doc, size_t offset);

/* ---- values (input_value.c) ---- */

/* What JSON has where a value belongs. */
typedef enum ath__node_kind {
    ATH__NODE_NULL,
    ATH__NODE_BOOL,
    ATH__NODE_NUMBER, /* .text: as it is written */
    ATH__NODE_STRING,
    ATH__NODE_OBJECT,
    ATH__NODE_ARRAY
} ath__node_kind;
typedef struct ath__node {
    ath__node_kind kind;
    bool yes;
    ath_str text;
    const void *tree; /* const json_t * */
} ath__node;

/* Reads a value into a field of the struct: type, rules, format, check.  False: it is a problem (or in->error). */
bool ath__in_value(ath_input *in, const ath__in_at *at, const ath_table *table, const ath__column *column,
                   const ath_input_field_opts *said, const ath__node *node, void *field);
/* The document under a node as text, for columns of JSON; false as above. */
bool ath__in_document(ath_input *in, const ath__in_at *at, const ath__node *node, ath_str *out);

/* ---- forms of text (input_form.c, input_format.c): pure ---- */

/* NULL: it has the form; else what it should be. */
const char *ath__format_misses(ath_format format, const char *text, size_t size);
bool ath__is_date(const char *text, size_t size, ath_date *out);
bool ath__is_time(const char *text, size_t size, ath_time *out);
bool ath__is_datetime(const char *text, size_t size, ath_datetime *out);
bool ath__is_timestamp(const char *text, size_t size, ath_timestamp *out);
bool ath__is_uuid(const char *text, size_t size, ath_uuid *out);
/* Decodes base64 into `out`, which has room for size / 4 * 3 bytes. */
bool ath__base64_read(const char *text, size_t size, unsigned char *out, size_t *out_size);
/* A JSON number as the nearest double; false when it is too long to be read, or beyond all doubles. */
bool ath__number_real(ath_str number, double *out);
/* As an integer.  ATH__INTEGER_... */
typedef enum ath__integer { ATH__INTEGER_OK = 0, ATH__INTEGER_RANGE, ATH__INTEGER_FRACTION } ath__integer;
ath__integer ath__number_integer(ath_str number, ath_value *out);
/* Digits that matter: without zeros in front of the first and behind the last. */
size_t ath__number_digits(ath_str number);

/* ---- the walk (input_read.c, input_document.c) ---- */

/* Fills in->root or in->vector. */
void ath__in_walk(ath_input *in, const ath__doc *doc);
/* What stands at a node. */
ath__node ath__node_of(const ath__doc *doc, const void *tree);

#endif
