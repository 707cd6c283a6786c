/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`, the way out: objects, rows and nested queries as JSON text, and the JSON Schema of a model.  The way in is
 * in input.h.
 *
 *     char *text = ath_to_json(s, User, user, .exclude = ath_names("password_hash"));
 *     puts(text);                              // {"id":1,"name":"ann","balance":"12.50","created_at":"2024-01-31T12:34:56Z"}
 *     ath_json_free(text);
 *
 * | SQL                       | JSON                                                                                 |
 * |---------------------------|--------------------------------------------------------------------------------------|
 * | NULL                      | null                                                                                 |
 * | BOOLEAN                   | true, false                                                                          |
 * | integers                  | number, all 64 bits                                                                  |
 * | FLOAT, DOUBLE             | number, the shortest that reads back as the same; NaN and infinity: ATH_DATA         |
 * | NUMERIC                   | string, all digits of its scale: "12.50"                                             |
 * | VARCHAR, TEXT             | string, UTF-8; only ", \ and control characters are escaped                          |
 * | enum                      | string, the label; a C enum in an integer column is a number                         |
 * | BLOB                      | string, base64 with padding (RFC 4648)                                               |
 * | DATE                      | "2024-01-31"                                                                         |
 * | TIME                      | "12:34:56", "12:34:56.000001"                                                        |
 * | DATETIME                  | "2024-01-31T12:34:56", with microseconds if there are any                            |
 * | TIMESTAMP WITH TIME ZONE  | "2024-01-31T12:34:56Z" (RFC 3339), with microseconds if there are any                |
 * | INTERVAL                  | "P1M2DT3.500000S" (ISO 8601)                                                         |
 * | UUID                      | "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"                                               |
 * | JSON                      | the document itself, as it is; one that is no JSON: ATH_DATA                          |
 * | arrays, a database's own  | string: their text                                                                   |
 *
 * All calls give text that belongs to the caller, NUL-terminated, to be freed by ath_json_free; and NULL on failure:
 * ath_error(session) says why, and *error if the options have .error.
 */
#ifndef ATHANOR_JSON_H
#define ATHANOR_JSON_H

#include <athanor/orm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what is written --------------------------------------------------------------------------------------------- */

/* A field, and what it is called in JSON. */
typedef struct ath_rename {
    const char *field, *as;
} ath_rename;

typedef struct ath_rename_list {
    size_t count;
    const ath_rename *items;
} ath_rename_list;
/* .rename = ath_renames({"created_at", "createdAt"}, {"author.name", "fullName"}) */
#define ath_renames(...)                                                                                               \
    ((ath_rename_list){.count = ATH_COUNT_(ath_rename, __VA_ARGS__), .items = (const ath_rename[]){__VA_ARGS__}})

/* Names are those of the struct's fields.  A dot reaches into a relation: "author.email", "posts.tags.name".  A field of an
 * embedded struct (ath_mixin) has its own name, "created_at", or "ts.created_at"; in JSON it is "created_at", or
 * "billing_street" where two embedded structs have a field of that name.  What the model says by ath_input_field(.alias)
 * (input.h) goes before that, and .rename before all.  A name that is not there is ATH_ARGUMENT.
 *
 * Of a hierarchy (inherit.h) each object is written with the columns of its real class; names may be of any of its classes.
 *
 * ath_rows_to_json: names are those of the result's columns; an unknown one is ATH_ARGUMENT, too. */
typedef struct ath_json_opts {
    size_t struct_size;
    /* These alone, where any is named.  "author" takes all of the relation, "author.name" of it that field only.  A relation
     * is not loaded by being named. */
    ath_name_list include;
    ath_name_list exclude;  /* all but these; weighs more than .include */
    ath_rename_list rename; /* two fields that end with one name: ATH_ARGUMENT */
    bool exclude_null;      /* fields that are NULL are left out, relations to nothing as well */
    bool no_relations;      /* columns alone */
    unsigned indent;        /* spaces per level, at most 16; 0: all in one line, without spaces */
    bool stream_results;    /* of ath_rows_to_json: as in ath_execution_opts (engine.h), for very many rows */
    ath_error *error;       /* receives why NULL was returned; says ATH_OK when it was not.  May be NULL */
} ath_json_opts;

/* Frees what the calls of this header and of input.h return.  NULL is fine. */
ATH_API void ath_json_free(char *text);

/* ---- objects ----------------------------------------------------------------------------------------------------- */

/* An object: its columns in the order of their declaration, then its relations, in theirs.
 *
 * Columns that were not loaded (.defer, .load_only) are left out.  Of relations, those that are loaded are written, and
 * nothing is ever loaded: a service that forgets .load shows less, it does not run a thousand queries.  To many is an array,
 * in the vector's order; to one an object, or null.  A relation that leads back to an object that is just being written is
 * left out (of an array: that element), so cycles end.
 *
 *     char *text = ath_to_json(s, Post, post, .include = ath_names("id", "title", "author.name"), .indent = 2);
 *
 * Objects of the session, of a stream, read-only or detached ones, and plain structs are all fine, of a model or of a
 * projection.  Without a session it may be NULL.  What a struct that the session does not know has in relations counts as
 * loaded where it is not NULL: a pointer, or a vector that ends with NULL.  No object: "null", unless the session's last call
 * failed, whose error this then passes on: ath_to_json(s, User, ath_get(s, User, id)). */
#define ath_to_json(session, M, ...)                                                                                   \
    ATH_TO_JSON_(ath_session_to_json, const M *, session, M, __VA_ARGS__, .struct_size = sizeof(ath_json_opts))
/* A vector, as ath_all and ath_into give it, or any that ends with NULL: an array.  NULL: "[]", or that failure. */
#define ath_list_to_json(session, M, ...)                                                                              \
    ATH_TO_JSON_(ath_session_list_to_json, M *const *, session, M, __VA_ARGS__, .struct_size = sizeof(ath_json_opts))
#define ATH_TO_JSON_(function, type, session, M, what, ...)                                                            \
    function(session, &ath_model_##M, (const void *)(1 ? (what) : (type)0), &(const ath_json_opts){__VA_ARGS__})
ATH_API char *ath_session_to_json(ath_session *session, const ath_model *model, const void *object,
                                  const ath_json_opts *opts);
ATH_API char *ath_session_list_to_json(ath_session *session, const ath_model *model, const void *vector,
                                       const ath_json_opts *opts);

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* The rows of any statement that gives some, as an array of objects, without structs between:
 *
 *     char *text = ath_rows_to_json(s, ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, name))));
 *     // [{"id":1,"name":"ann"},{"id":2,"name":"bob"}]
 *
 * `handle` is a session (after an autoflush) or a connection.  One statement; each row is written as it is fetched, and none
 * is kept.  The type of a column decides how it is written, where it is known (a model's column, most functions, ath_cast);
 * else the value that the database gives.  Columns that would have the name of one before get a number: "id", "id_1"; see
 * ath_label and .table_labels.  A statement that gives no rows: ATH_STATE. */
#define ath_rows_to_json(handle, ...) ATH_ROWS_TO_JSON_(handle, __VA_ARGS__, .struct_size = sizeof(ath_json_opts))
#define ATH_ROWS_TO_JSON_(handle, statement, ...)                                                                      \
    _Generic((handle), ath_session *                                                                                   \
             : ath_session_rows_to_json, ath_connection *                                                              \
             : ath_connection_rows_to_json)(handle, ath_stmt_of(statement), &(const ath_json_opts){__VA_ARGS__})
ATH_API char *ath_session_rows_to_json(ath_session *session, ath_stmt stmt, const ath_json_opts *opts);
ATH_API char *ath_connection_rows_to_json(ath_connection *connection, ath_stmt stmt, const ath_json_opts *opts);

/* ---- a nested query in one round trip ------------------------------------------------------------------------------ */

/* The text that ath_list_to_json gives of ath_all of this query, byte by byte, but from one statement, whatever is loaded:
 * the database puts the rows of relations into one another, and no object is made.
 *
 *     char *text = ath_query_json(s, User, .where = ath_eq(ath_col(User, active), true), .limit = 20,
 *                                 .load = ath_load(ath_selectin(User, posts, .then = ath_load(ath_selectin(Post, tags)))));
 *
 * It says what the database has: objects of the session are neither looked at nor made (pending changes are flushed before,
 * as by any query).  The strategy of a load says nothing here, but that ath_raise_load leaves the relation out and
 * ath_no_load makes it empty.
 *
 * What cannot be said in one statement is done by ath_all and ath_list_to_json, with the same text: classes that inherit,
 * ath_contains_eager, .lock, .with_ties and .distinct_on, a relation's .where that depends on the session, a model that
 * stands at two places of the tree with something loaded below one of them, listeners to ATH_LOADED, and columns of types
 * that are a database's own.  docs/json.md has the list. */
#define ath_query_json(session, ...) ATH_QUERY_JSON_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_QUERY_JSON_(session, M, ...) ath_session_query_json(session, ATH_QUERY_(M, __VA_ARGS__), NULL)
/* The same with what ath_list_to_json can be told: ath_query_json_with(s, User, ath_json_options(.indent = 2), .where = ...). */
#define ath_query_json_with(session, ...) ATH_QUERY_JSON_WITH_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_QUERY_JSON_WITH_(session, M, options, ...)                                                                 \
    ath_session_query_json(session, ATH_QUERY_(M, __VA_ARGS__), options)
#define ath_json_options(...) (&(const ath_json_opts){.struct_size = sizeof(ath_json_opts), __VA_ARGS__})
ATH_API char *ath_session_query_json(ath_session *session, const ath_select_stmt *query, const ath_json_opts *opts);

/* ---- JSON Schema ------------------------------------------------------------------------------------------------- */

/* The JSON Schema (draft 2020-12) of what ath_to_json writes for a model or projection, or of what ath_from_json (input.h)
 * reads into it:
 *
 *     char *text = ath_json_schema(UserIn, .input = true, .indent = 2);
 *
 * Types, formats (date, date-time, duration, uuid; a time of day and a naive datetime, which have none, are patterns), NULL as
 * a second type, lengths, ranges, patterns and labels as the columns say them, "contentEncoding": "base64" of bytes, "readOnly"
 * of what a program does not write, comments as descriptions, literal defaults of input, and what ath_input_field says.
 * Relations refer to "$defs", which have each model once, or stand in their place when names reach into them; none of them is
 * required, as they may not be loaded.  POSIX patterns with [:classes:], which JSON Schema lacks, are left out, and so are
 * bounds of what is no number in JSON.  Of a hierarchy: the columns of this class. */
typedef struct ath_json_schema_opts {
    size_t struct_size;
    ath_name_list include, exclude; /* as above */
    ath_rename_list rename;
    bool no_relations;
    bool input;   /* what comes in: required is what has no default and may not be NULL; else all columns are */
    bool partial; /* of input: nothing is required */
    unsigned indent;
    ath_error *error; /* receives why NULL was returned */
} ath_json_schema_opts;
#define ath_json_schema(...) ATH_JSON_SCHEMA_(__VA_ARGS__, .struct_size = sizeof(ath_json_schema_opts))
#define ATH_JSON_SCHEMA_(M, ...) ath_model_json_schema(&ath_model_##M, &(const ath_json_schema_opts){__VA_ARGS__})
ATH_API char *ath_model_json_schema(const ath_model *model, const ath_json_schema_opts *opts);

#ifdef __cplusplus
}
#endif

#endif
