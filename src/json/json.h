/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`, from the inside: the text that is written.
 *
 * Text grows in one buffer, straight from the values; no tree is made.  The buffer begins with a note of whose memory it is,
 * so that the program can free its text when session and engine are gone.
 */
#ifndef ATH_JSON_JSON_H
#define ATH_JSON_JSON_H

#include "orm/session.h"

#include <athanor/json.h>

/* ---- text.c: the text itself ---- */

enum { ATH__JSON_DEPTH = 64, ATH__JSON_INDENT = 16 };

/* Text that is being written.  Memory that ran out is remembered by the buffer, and said by ath__json_finish. */
typedef struct ath__json {
    ath__buf buf;
    unsigned indent, depth;
    bool some; /* something stands at this level already */
} ath__json;

void ath__json_begin(ath__json *j, const ath_allocator *a, unsigned indent);
/* The caller's text; NULL, with the error, when memory ran out. */
char *ath__json_finish(ath__json *j, ath_error *error);
/* Instead of it, after a failure. */
void ath__json_drop(ath__json *j);

/* How long the text is; and back to a length that it had at the same level. */
size_t ath__json_size(const ath__json *j);
void ath__json_cut(ath__json *j, size_t size);

/* '{' or '[', and their ends. */
void ath__json_open(ath__json *j, char bracket);
void ath__json_close(ath__json *j, char bracket);
/* What stands before an element of an array: a comma, a line. */
void ath__json_item(ath__json *j);
/* The same before a member of an object, and its name. */
void ath__json_key(ath__json *j, const char *name);
/* The name has been quoted before: "\"id\":". */
void ath__json_quoted_key(ath__json *j, const char *quoted, size_t size);

void ath__json_raw(ath__json *j, const char *text);
/* Quoted and escaped.  ATH_DATA when it is no UTF-8; nothing is written then. */
ath_status ath__json_string(ath__json *j, const char *text, size_t size, ath_error *error);
/* The same of text that need not be well-formed: each byte that is no UTF-8 becomes U+FFFD. */
void ath__json_any_string(ath__json *j, const char *text, size_t size);
void ath__json_int(ath__json *j, int64_t i);
void ath__json_uint(ath__json *j, uint64_t u);
void ath__json_base64(ath__json *j, const void *data, size_t size);

/* ---- value.c ---- */

/* Any value as json.h says it.  `type` is what the value stands for (NULL: its kind alone decides), `is_float` that the
 * program keeps it as a float.  ATH_DATA says why it cannot be written. */
ath_status ath__json_value(ath__json *j, const ath_value *value, const ath_type *type, bool is_float, ath_error *error);
/* A double: the shortest number that reads back as the same; ATH_DATA for those that are none. */
ath_status ath__json_real(ath__json *j, double value, bool is_float, ath_error *error);

/* ---- scan.c ---- */

/* Where the JSON value that begins here ends; NULL when it is none, or nested more than 1024 deep. */
const char *ath__json_skip(const char *at, const char *end);
/* Whether the text is one value, and nothing else.  UTF-8 is not looked at. */
bool ath__json_is_document(const char *text, size_t size);

/* ---- name.c: what fields are called ---- */

/* What a column is called in JSON: its field; of an embedded struct the field's own name, or the whole path with
 * underscores when another column of the table ends with the same.  Written into `out`, cut when it does not fit. */
enum { ATH__JSON_NAME = 256 };
void ath__json_column_name(const ath_table *table, const ath__column *column, char out[ATH__JSON_NAME]);
/* The same of a relation: its field, of one that is inherited too. */
const char *ath__json_relation_name(const ath__relation *relation);
/* Whether a name that the program gave is this column's: as above, or by its path. */
bool ath__json_is_named(const ath_table *table, const ath__column *column, const char *name);

/* ---- shape.c: how objects of a class are written at a place of the tree ---- */

typedef struct ath__json_place ath__json_place;

/* A member: a column or a relation. */
typedef struct ath__json_prop {
    const char *quoted; /* its name with quotes and colon */
    size_t quoted_size;
    const ath__column *column;
    const ath__relation *relation; /* instead of a column */
    ath__json_place *below;        /* of a relation; made when it is first needed */
} ath__json_prop;

typedef struct ath__json_shape {
    struct ath__json_shape *next;
    const ath_table *table;
    size_t columns, count; /* the columns come first */
    ath__json_prop *props;
} ath__json_shape;

/* The root, or what is behind a path of relations: "posts.author.". */
struct ath__json_place {
    const char *path;
    bool plain;      /* nobody has named anything here or below */
    bool restricted; /* .include says which members there are */
    ath__json_shape *shapes;
};

typedef struct ath__json_writer {
    ath__json j;
    ath__arena arena; /* places and shapes */
    ath_session *s;   /* NULL: without */
    const ath_json_opts *opts;
    ath_error *error;
    ath__json_place root, all;          /* `all`: every place that is plain */
    const void *stack[ATH__JSON_DEPTH]; /* the objects that are being written */
    size_t depth;
} ath__json_writer;

/* Begins with all that the options say of a model, checked; ath__json_writer_done in any case. */
ath_status ath__json_writer_begin(ath__json_writer *w, ath_session *s, const ath_model *model,
                                  const ath_json_opts *opts, const ath_allocator *a, ath_error *error);
void ath__json_writer_done(ath__json_writer *w);
/* ATH_ARGUMENT when a name is of no field of the model, its relations or its classes. */
ath_status ath__json_check_names(const ath_table *table, const char *option, ath_name_list list, ath_error *error);
ath_status ath__json_check_renames(const ath_table *table, ath_rename_list list, ath_error *error);
/* The shape of a table's objects at a place; NULL, with the error. */
const ath__json_shape *ath__json_shape_of(ath__json_writer *w, ath__json_place *place, const ath_table *table);
/* The place of the objects of a relation; NULL, with the error. */
ath__json_place *ath__json_place_below(ath__json_writer *w, ath__json_place *place, const ath__json_prop *prop);

/* ---- object.c ---- */

/* The value of a column, from the object's field. */
ath_status ath__json_column(ath__json_writer *w, const ath_table *table, const ath__column *column, const void *object);
/* An object of the model, or of a class that inherits from it. */
ath_status ath__json_object(ath__json_writer *w, ath__json_place *place, const ath_model *model, const void *object);
ath_status ath__json_list(ath__json_writer *w, ath__json_place *place, const ath_model *model, void *const *vector);
/* Adds the field's name to the error. */
ath_status ath__json_name_field(ath_error *error, const char *model, const char *field);

/* ---- how a call ends ---- */

/* The memory of the text. */
const ath_allocator *ath__json_allocator(const ath_session *s);
/* Passes the error on to session and options, unless it is `ok`.  The text, or NULL. */
char *ath__json_end(ath_session *s, ath_error *out, const ath_error *error, char *text);

#endif
