/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: sessions.  Plain structs in, plain structs out.
 *
 *     ath_session *s = ath_session_open(db);
 *     User *u = ath_new(s, User, .username = "alice", .email = "a@example.org");
 *     ath_commit(s);                                   // INSERT; u->id is set
 *     User *v = ath_get(s, User, 1);                   // v == u: one row, one struct
 *     v->username = "bob";
 *     ath_commit(s);                                   // UPDATE users SET username=? WHERE users.id = ?
 *     ath_session_close(s);                            // frees all that the session loaded
 *
 * What a session loads or makes belongs to it and lives until it is closed, rollbacks included; objects stay readable
 * after a commit.  Text that the program assigns to a field must live until the next flush, which copies it into the
 * session.  A session and its objects belong to one thread at a time.
 *
 * Errors: calls return a status, or NULL; ath_error(s) has the details.  When a flush fails the transaction is rolled
 * back in the database, and the session refuses work, each call returning the same error, until ath_rollback; so it does
 * when ath_new or ath_add could not take an object in.  A run of changes may therefore be checked once, at the commit.
 */
#ifndef ATHANOR_ORM_H
#define ATHANOR_ORM_H

#include <athanor/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_session ath_session;
typedef struct ath_stream ath_stream;

/* ---- sessions ---------------------------------------------------------------------------------------------------- */

/* What happens when one ath_load_rel of the program's text loads objects one by one (N+1 SELECTs). */
typedef enum ath_repeated_load {
    ATH_REPEATED_LOAD_IGNORED = 0,
    ATH_REPEATED_LOAD_WARNED, /* a warning in the log, with the file and line, once a transaction */
    ATH_REPEATED_LOAD_REFUSED /* ATH_STATE */
} ath_repeated_load;

typedef struct ath_session_opts {
    size_t struct_size;
    bool no_autoflush; /* queries do not write pending changes first */
    ath_repeated_load on_repeated_load;
    unsigned repeated_load_threshold; /* so many SELECTs for a single object are fine, in one transaction; 0: 5 */
    ath_error *error;                 /* receives why NULL was returned */
    const char *file; /* where it is opened, for the reports of who holds a connection: the macro fills them in; */
    int line;         /* the name must live as long as the session */
} ath_session_opts;

/* Opens a session.  It borrows a connection with its first statement and gives it back at commit, rollback and close.
 * NULL when memory ran out. */
#define ath_session_open(...)                                                                                          \
    ATH_SESSION_OPEN_(__VA_ARGS__, .struct_size = sizeof(ath_session_opts), .file = __FILE__, .line = __LINE__)
#define ATH_SESSION_OPEN_(engine, ...) ath_session_open_opts(engine, &(const ath_session_opts){__VA_ARGS__})
ATH_API ath_session *ath_session_open_opts(ath_engine *engine, const ath_session_opts *opts);
/* Rolls back what was not committed (changes that were never written are named in the log), and frees every object,
 * vector and text of the session.  NULL is fine. */
ATH_API void ath_session_close(ath_session *session);
/* The last failure; status ATH_OK when there was none. */
ATH_API const ath_error *ath_session_error(const ath_session *session);

/* Writes pending changes: inserts and updates with referenced tables first, then deletes in the reverse order.
 * Ten new objects and more that set the same columns share statements; fewer take one each. */
ATH_API ath_status ath_session_flush(ath_session *session);
/* Flushes and commits. */
ATH_API ath_status ath_session_commit(ath_session *session);
/* Rolls back, and puts every object back to what it was when the transaction began: assignments are undone, new objects
 * leave the session (their generated keys are cleared), deleted ones are back. */
ATH_API ath_status ath_session_rollback(ath_session *session);
/* Begins a transaction now; without it the first statement does.  ATH_STATE when one is open. */
ATH_API ath_status ath_session_begin(ath_session *session);
/* Runs any statement in the session's transaction, after an autoflush.  As ath_connection_execute. */
ATH_API ath_result *ath_session_execute(ath_session *session, ath_stmt stmt);
ATH_API ath_result *ath_session_execute_opts(ath_session *session, ath_stmt stmt, const ath_execution_opts *opts);

#define ath_flush(session) ath_session_flush(session)
/* These take a session or a connection. */
#define ath_error(handle)                                                                                              \
    _Generic((handle),                                                                                               \
        ath_session *: ath_session_error,                                                                            \
        const ath_session *: ath_session_error,                                                                      \
        ath_connection *: ath_connection_error,                                                                      \
        ath_result *: ath_result_error)(handle)
#define ath_begin(handle)                                                                                              \
    _Generic((handle), ath_session * : ath_session_begin, ath_connection * : ath_connection_begin)(handle)
#define ath_commit(handle)                                                                                             \
    _Generic((handle), ath_session * : ath_session_commit, ath_connection * : ath_connection_commit)(handle)
#define ath_rollback(handle)                                                                                           \
    _Generic((handle), ath_session * : ath_session_rollback, ath_connection * : ath_connection_rollback)(handle)
/* ath_execute(c, statement), or with options behind it: ath_execute(c, statement, .stream_results = true). */
#define ath_execute(handle, ...) ATH_EXECUTE_(handle, __VA_ARGS__, .struct_size = sizeof(ath_execution_opts))
#define ATH_EXECUTE_(handle, statement, ...)                                                                           \
    _Generic((handle), ath_session *                                                                                   \
             : ath_session_execute_opts, ath_connection *                                                              \
             : ath_connection_execute_opts)(handle, ath_stmt_of(statement), &(const ath_execution_opts){__VA_ARGS__})

/* A block that is one transaction: commits at its end, rolls back when it is left early (break, goto, return) or when
 * the commit fails; ath_error(s) tells.  Work that was pending before goes with it.  Blocks do not nest: the end of
 * an inner one commits all. */
#define ATH_TRANSACTION(session)                                                                                       \
    for (ath_transaction_ ath_tx_ __attribute__((cleanup(ath_transaction_end))) = {(session), 0}; ath_tx_.state == 0;  \
         ath_transaction_finish(&ath_tx_))
typedef struct ath_transaction_ {
    ath_session *session;
    int state; /* 0: running, 1: finished */
} ath_transaction_;
ATH_API void ath_transaction_finish(ath_transaction_ *transaction);
ATH_API void ath_transaction_end(ath_transaction_ *transaction);

/* A savepoint: a transaction inside of the transaction.  ath_begin_nested flushes first; the others release the innermost,
 * or go back to it, in the database and in memory: what was assigned, made or deleted since is undone, and nothing else.
 * A flush that fails inside goes back to the savepoint as well, and the session stands still until ath_rollback_nested (or
 * ath_rollback, which undoes all).  ath_commit and ath_rollback end all savepoints.
 *
 *     ath_begin_nested(s);
 *     ath_new(s, Tag, .name = name);
 *     if (ath_commit_nested(s) != ATH_OK) ath_rollback_nested(s);     // it is there already; the rest of our work stays */
#define ath_begin_nested(session) ath_session_begin_nested(session)
#define ath_commit_nested(session) ath_session_commit_nested(session)
#define ath_rollback_nested(session) ath_session_rollback_nested(session)
ATH_API ath_status ath_session_begin_nested(ath_session *session);
ATH_API ath_status ath_session_commit_nested(ath_session *session);
ATH_API ath_status ath_session_rollback_nested(ath_session *session);
/* A block that is one savepoint: released at its end, undone when it is left early or something in it failed. */
#define ATH_NESTED(session)                                                                                            \
    for (ath_transaction_ ath_tx_                                                                                      \
         __attribute__((cleanup(ath_nested_end))) = {(session), ath_session_begin_nested(session)};                    \
         ath_tx_.state == 0; ath_nested_finish(&ath_tx_))
ATH_API void ath_nested_finish(ath_transaction_ *transaction);
ATH_API void ath_nested_end(ath_transaction_ *transaction);

/* ---- objects ----------------------------------------------------------------------------------------------------- */

/* A new object of model M, pending until the next flush.  A field named is set, whatever its value.  Fields not named
 * get the model's default; without one, a generated key or a column with a server default is left to the database and
 * read back at the flush.  A mixin named whole sets all its columns.  Fields must be named in the call itself, not by
 * position or through a macro (ATH_ARGUMENT).  NULL on failure. */
#define ath_new(session, ...) ATH_NEW_(session, #__VA_ARGS__, __VA_ARGS__, )
#define ATH_NEW_(session, named, M, ...) ((M *)ath_session_new(session, &ath_model_##M, &(const M){__VA_ARGS__}, named))
ATH_API void *ath_session_new(ath_session *session, const ath_model *model, const void *init, const char *named);

/* Puts a copy of a struct into the session as a new object and returns the session's: ath_add(s, User, &user).  Every field counts as set,
 * but for a generated key that is 0 and for NULLs of columns with a default. */
#define ath_add(session, M, ...) ((M *)ath_session_add(session, &ath_model_##M, (1 ? (__VA_ARGS__) : (const M *)0)))
ATH_API void *ath_session_add(ath_session *session, const ath_model *model, const void *object);

/* The object with this primary key, in the order of the key's columns: from the session if it is there (no SQL), else
 * by one SELECT.  NULL with status ATH_OK when there is no such row. */
#define ath_get(session, M, ...)                                                                                       \
    ((M *)ath_session_get(session, &ath_model_##M, (const ath_expr_list[]){ath_cols(__VA_ARGS__)}))
ATH_API void *ath_session_get(ath_session *session, const ath_model *model, const ath_expr_list *key);
/* The same by a query, with what can be said of one; it is always asked for:
 *     ath_get_with(s, User, ath_cols(7), .load = ath_load(ath_selectin(User, posts)), .lock = ath_for_update()) */
#define ath_get_with(session, M, key, ...)                                                                             \
    ((M *)ath_session_get_with(session, &ath_model_##M, (const ath_expr_list[]){key},                                  \
                               &(const ath_select_stmt){__VA_ARGS__, ATH_SIZED_}))
ATH_API void *ath_session_get_with(ath_session *session, const ath_model *model, const ath_expr_list *key,
                                   const ath_select_stmt *like);

/* Marks an object: the next flush deletes its row.  One that was never written just leaves the session. */
#define ath_delete(session, object) ath_session_delete(session, object)
ATH_API ath_status ath_session_delete(ath_session *session, void *object);
/* Overwrites an object with its row, after an autoflush.  ATH_NO_RESULT when the row is gone.  The row can be locked with
 * it, until the transaction ends: ath_refresh(s, account, .lock = ath_for_update()).
 *
 * Relations with ATH_CASCADE_REFRESH are gone on to: one that is loaded is read again, by one SELECT, its objects are
 * overwritten with their rows, and so on from them.  Other relations stay as they are; a pointer whose foreign key has
 * changed is no longer loaded.  A related object whose row is gone stays as it is. */
typedef struct ath_refresh_opts {
    size_t struct_size;
    ath_lock lock;
} ath_refresh_opts;
#define ath_refresh(session, ...) ATH_REFRESH_(session, __VA_ARGS__, .struct_size = sizeof(ath_refresh_opts))
#define ATH_REFRESH_(session, object, ...)                                                                             \
    ath_session_refresh_opts(session, object, &(const ath_refresh_opts){__VA_ARGS__})
ATH_API ath_status ath_session_refresh(ath_session *session, void *object);
ATH_API ath_status ath_session_refresh_opts(ath_session *session, void *object, const ath_refresh_opts *opts);
/* Forgets what is known of an object: unwritten changes and its relations.  Its fields stay readable, as they were; the
 * next query that meets its row, and ath_get and ath_load_columns, read it anew.  Goes on to related objects by
 * ATH_CASCADE_REFRESH. */
#define ath_expire(session, object) ath_session_expire(session, object)
ATH_API ath_status ath_session_expire(ath_session *session, void *object);

/* Takes an object out of the session: it stays readable, unwritten changes are never written, and its row is found anew.
 * Goes on to related objects by ATH_CASCADE_EXPUNGE. */
#define ath_expunge(session, object) ath_session_expunge(session, object)
ATH_API ath_status ath_session_expunge(ath_session *session, void *object);
/* A copy of an object that outlives the session, with its texts; relations are NULL in it.  Columns that the query left
 * out (or that are expired) are read first, as by ath_undefer.  The caller frees it with ath_detached_free.  NULL on
 * failure. */
#define ath_detach(session, object) ((__typeof__(&*(object)))ath_session_detach(session, object))
ATH_API void *ath_session_detach(ath_session *session, const void *object);
ATH_API void ath_detached_free(void *object); /* NULL is fine */
/* The session's object with the key of a plain struct (a detached copy, say), read if need be, with the fields of the
 * struct assigned to it; without such a row, or without a key, a new one as by ath_add.  ATH_STALE_DATA when the model
 * counts versions and the struct has another one.
 *
 * Goes on by ATH_CASCADE_MERGE, which relations have unless they say otherwise: what a relation's field of the struct refers
 * to is merged, too, and the object's relation becomes the same.  So such a field must be NULL, which says nothing, or lead to
 * structs that are there: a pointer, or a vector that ends with NULL.  Each struct becomes one object, however often it is
 * referred to; an object of this session stands for itself.  Nothing is flushed between.  After a failure some may have
 * been merged: roll back. */
#define ath_merge(session, M, ...) ((M *)ath_session_merge(session, &ath_model_##M, (1 ? (__VA_ARGS__) : (const M *)0)))
ATH_API void *ath_session_merge(ath_session *session, const ath_model *model, const void *object);

/* Where an object stands.  For objects of the session only. */
typedef enum ath_object_state {
    ATH_STATE_NONE = 0,   /* not of this session, rolled back, or its row was deleted */
    ATH_STATE_PENDING,    /* new, not written */
    ATH_STATE_PERSISTENT, /* has a row */
    ATH_STATE_DELETED     /* marked, or deleted in this transaction */
} ath_object_state;
ATH_API ath_object_state ath_session_state(const ath_session *session, const void *object);

/* An object of a hierarchy as one of class M, if it is one, or of a class that inherits from it; else NULL.  For objects of
 * the session, and for those that a stream or a read-only query made, which say it by their discriminator. */
#define ath_as(session, M, object) ((M *)ath_session_as(session, &ath_model_##M, object))
ATH_API void *ath_session_as(const ath_session *session, const ath_model *model, void *object);
/* The model of an object's real class: == ath_model_of(Manager); NULL when it is not of the session. */
#define ath_class_of(session, object) ath_session_class(session, object)
ATH_API const ath_model *ath_session_class(const ath_session *session, const void *object);

/* ---- queries ----------------------------------------------------------------------------------------------------- */

/* Keyword arguments are the members of ath_select_stmt: .where, .order_by, .joins, .limit ... */
#define ATH_QUERY_(M, ...) (&(const ath_select_stmt){.model = &ath_model_##M, __VA_ARGS__})
#define ATH_SIZED_ .struct_size = sizeof(ath_select_stmt)

/* All objects that match, as a vector: NULL-terminated, ath_len(v) of them; NULL on failure. */
#define ath_all(session, ...) ATH_ALL_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_ALL_(session, M, ...) ((M **)ath_session_all(session, ATH_QUERY_(M, __VA_ARGS__)))
ATH_API void **ath_session_all(ath_session *session, const ath_select_stmt *query);
/* The first that matches, or NULL (status ATH_OK) when none does. */
#define ath_first(session, ...) ATH_FIRST_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_FIRST_(session, M, ...) ((M *)ath_session_first(session, ATH_QUERY_(M, __VA_ARGS__)))
ATH_API void *ath_session_first(ath_session *session, const ath_select_stmt *query);
/* The only one that matches.  NULL with ATH_NO_RESULT when none does, with ATH_MULTIPLE_RESULTS when several do;
 * ath_one_or_none is content with none: NULL and ATH_OK. */
#define ath_one(session, ...) ATH_ONE_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_ONE_(session, M, ...) ((M *)ath_session_one(session, ATH_QUERY_(M, __VA_ARGS__), true))
#define ath_one_or_none(session, ...) ATH_ONE_OR_NONE_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_ONE_OR_NONE_(session, M, ...) ((M *)ath_session_one(session, ATH_QUERY_(M, __VA_ARGS__), false))
ATH_API void *ath_session_one(ath_session *session, const ath_select_stmt *query, bool required);
/* The first value of the first row of any SELECT: ath_scalar(s, ath_select(...)); NULL when there is no row, or on
 * failure.  Lives as long as the session. */
#define ath_scalar(session, query) ath_session_scalar(session, query)
ATH_API const ath_value *ath_session_scalar(ath_session *session, const ath_select_stmt *query);
/* With one argument the SQL function count; with a session and a model the number of rows: ath_count(s, User, .where =
 * ...), -1 on failure.  With .limit, .offset, .distinct, .group_by or .having: of the rows that the query gives. */
#undef ath_count
#define ath_count(...) ATH_CAT(ATH_COUNT_, ATH_ONE_OR_MANY_(__VA_ARGS__))(__VA_ARGS__)
#define ATH_COUNT_ONE(a) ATH_COUNT_OF_(a)
#define ATH_COUNT_MANY(...) ATH_COUNT_ROWS_(__VA_ARGS__, ATH_SIZED_)
#define ATH_COUNT_ROWS_(session, M, ...) ath_session_count(session, ATH_QUERY_(M, __VA_ARGS__))
ATH_API int64_t ath_session_count(ath_session *session, const ath_select_stmt *query);

/* The same for a query built step by step (query.h); it must be one for model M, or name none. */
#define ath_query_all(session, M, query) ((M **)ath_session_all(session, ATH_BUILT_(M, query)))
#define ath_query_first(session, M, query) ((M *)ath_session_first(session, ATH_BUILT_(M, query)))
#define ath_query_one(session, M, query) ((M *)ath_session_one(session, ATH_BUILT_(M, query), true))
#define ath_query_one_or_none(session, M, query) ((M *)ath_session_one(session, ATH_BUILT_(M, query), false))
#define ath_query_count(session, M, query) ath_session_count(session, ATH_BUILT_(M, query))
#define ATH_BUILT_(M, query) ath_query_for(query, &ath_model_##M, &(ath_select_stmt){0})
/* The query's SELECT for a model, written into *out; with another model in it, or after a failure, one that fails. */
ATH_API const ath_select_stmt *ath_query_for(const ath_query *query, const ath_model *model, ath_select_stmt *out);

/* Rows of any SELECT as structs of a projection, fields matched to columns by name; a vector as ath_all gives it.  They
 * are plain data: not tracked. */
#define ath_into(session, P, query) ((P **)ath_session_into(session, &ath_model_##P, query))
ATH_API void **ath_session_into(ath_session *session, const ath_model *projection, const ath_select_stmt *query);

/* Walks a result in constant memory: each object is untracked, and valid until the next call.
 *     ath_stream *rows = ath_stream_open(s, User, .where = ...);
 *     for (User *u; (u = ath_stream_next(rows));) ...
 *     if (ath_stream_close(rows) != ATH_OK) ...
 * ath_stream_open gives NULL on failure; ath_stream_close tells whether the walk ended well.  The session may be used
 * meanwhile, but a commit or rollback ends the stream (ath_stream_close then gives ATH_STATE, unless all rows were
 * read).  Close it before the session.
 *
 * With .load (or relations that the model loads by itself) 1,000 rows are read at a time, their relations are loaded by
 * one SELECT each, and the objects are given one by one; no more than a chunk is held.  What several chunks refer to is
 * read for each of them.  Relations of many cannot be joined here: ath_selectin. */
#define ath_stream_open(session, ...) ATH_STREAM_OPEN_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_STREAM_OPEN_(session, M, ...) ath_session_stream(session, ATH_QUERY_(M, __VA_ARGS__))
ATH_API ath_stream *ath_session_stream(ath_session *session, const ath_select_stmt *query);
ATH_API void *ath_stream_next(ath_stream *stream);
ATH_API ath_status ath_stream_close(ath_stream *stream); /* NULL is fine: ATH_OK */

/* ---- relations ---------------------------------------------------------------------------------------------------- */

#define ATH_FIELD_OF_(object, field) offsetof(__typeof__(*(object)), field)

/* Loads a relation of an object, and of all objects that came with it from the same query, in one SELECT:
 *     Post **posts = ath_all(s, Post);
 *     ath_each(Post, post, posts) { if (ath_load_rel(s, post, author) != ATH_OK) ...; puts(post->author->name); }
 * takes two SELECTs, whatever the number of posts.  What is loaded already is not read again.  ATH_STATE when the model
 * says .load = ATH_LOAD_RAISE or the query said ath_raise_load, and when the session refuses repeated loads. */
#define ath_load_rel(session, object, field)                                                                           \
    ath_session_load_rel_at(session, object, ATH_FIELD_OF_(object, field), __FILE__, __LINE__)
ATH_API ath_status ath_session_load_rel(ath_session *session, void *object, size_t offset);
/* From where it is called: for the session's .on_repeated_load. */
ATH_API ath_status ath_session_load_rel_at(ath_session *session, void *object, size_t offset, const char *file,
                                           int line);
/* Reads columns that the query left out (.load_only, .defer), for this object and all that came with it, in one SELECT:
 * ath_load_columns(s, user, photo, about); ath_undefer: all of them.  What the program has assigned is kept.
 * ATH_NO_RESULT when the row is gone. */
#define ath_load_columns(session, object, ...)                                                                         \
    ath_session_load_columns(session, object, ATH_NARGS(__VA_ARGS__),                                                  \
                             (const size_t[]){ATH_FOR_EACH_OF(ATH_FIELD_OF_, object, __VA_ARGS__)})
#define ath_undefer(session, object) ath_session_load_columns(session, object, 0, NULL)
ATH_API ath_status ath_session_load_columns(ath_session *session, void *object, size_t count, const size_t *offsets);
/* Whether a relation of an object is loaded, whole, or a column; always so for a new object. */
#define ath_is_loaded(session, object, field) ath_session_is_loaded(session, object, ATH_FIELD_OF_(object, field))
ATH_API bool ath_session_is_loaded(const ath_session *session, const void *object, size_t offset);

/* Objects are related:
 *
 *     ath_append(s, user, posts, post);        // to many
 *     ath_remove(s, user, posts, post);        // ATH_ARGUMENT when it is not in it
 *     ath_set_rel(s, post, author, user);      // to one; NULL: none
 *
 * Both sides follow (.back_populates): after either of the first and the last, post->author == user, and post is in
 * user->posts if that is loaded.  The foreign key follows at the next flush, and so it does when the program assigns the
 * pointer of a to-one relation itself.  A foreign key that the program sets by hand wins over a pointer that was left
 * alone; the flush then brings the pointer, and the vectors that are loaded, in step.  A pointer that was not loaded says
 * nothing when NULL is assigned to it: ath_set_rel does.  Appending needs no vector to be loaded.  ath_remove reads the vector, and
 * ath_set_rel the object that is replaced, when the session does not know them.  An object that was marked for deletion
 * is kept when it is given to a parent.  A vector that changes is another vector: pointers to the former stay valid. */
#define ath_append(session, object, field, other)                                                                      \
    ath_session_append(session, object, ATH_FIELD_OF_(object, field), (0 ? *(object)->field : (other)))
#define ath_remove(session, object, field, other)                                                                      \
    ath_session_remove(session, object, ATH_FIELD_OF_(object, field), (0 ? *(object)->field : (other)))
#define ath_set_rel(session, object, field, other)                                                                     \
    ath_session_set_rel(session, object, ATH_FIELD_OF_(object, field), (0 ? (object)->field : (other)))
ATH_API ath_status ath_session_append(ath_session *session, void *object, size_t offset, void *other);
ATH_API ath_status ath_session_remove(ath_session *session, void *object, size_t offset, void *other);
ATH_API ath_status ath_session_set_rel(ath_session *session, void *object, size_t offset, void *other);

/* The objects of a relation of many, by a query: nothing of the vector is loaded, and all keyword arguments of ath_all can
 * be given; the place of SQLAlchemy's lazy="dynamic".
 *     Post **latest = ath_rel_query(s, user, posts, .order_by = ath_by(ath_desc(ath_col(Post, id))), .limit = 10);
 *     int64_t drafts = ath_rel_count(s, user, posts, .where = ath_eq(ath_col(Post, status), "draft"));
 * The relation's own condition counts, and its order where the query gives none; the table between (many to many) is
 * joined by its own name.  The object must have a row: ATH_STATE. */
#define ath_rel_query(session, object, ...) ATH_REL_QUERY_(session, object, __VA_ARGS__, ATH_SIZED_)
#define ATH_REL_QUERY_(session, object, field, ...)                                                                    \
    ((__typeof__(&*(object)->field))ath_session_rel_query(session, object, ATH_FIELD_OF_(object, field),               \
                                                          &(const ath_select_stmt){__VA_ARGS__}))
ATH_API void **ath_session_rel_query(ath_session *session, void *object, size_t offset, const ath_select_stmt *query);
#define ath_rel_count(session, object, ...) ATH_REL_COUNT_(session, object, __VA_ARGS__, ATH_SIZED_)
#define ATH_REL_COUNT_(session, object, field, ...)                                                                    \
    ath_session_rel_count(session, object, ATH_FIELD_OF_(object, field), &(const ath_select_stmt){__VA_ARGS__})
ATH_API int64_t ath_session_rel_count(ath_session *session, void *object, size_t offset, const ath_select_stmt *query);

/* How many statements the session has sent so far, BEGIN, COMMIT and ROLLBACK not counted. */
ATH_API uint64_t ath_session_statements(const ath_session *session);

/* ---- changes by condition ---------------------------------------------------------------------------------------- */

/* UPDATE and DELETE of all rows that match, by one statement, after an autoflush; the number of rows, -1 on failure.
 * Objects of the model that the session holds are brought in step; while there are some, an UPDATE that sets the primary
 * key is refused (ATH_NOT_SUPPORTED).  Without .where they are refused unless .all_rows = true. */
#define ath_update(session, ...) ATH_UPDATE_(session, __VA_ARGS__, .struct_size = sizeof(ath_update_stmt))
#define ATH_UPDATE_(session, M, ...)                                                                                   \
    ath_session_update(session, &(const ath_update_stmt){.model = &ath_model_##M, __VA_ARGS__})
ATH_API int64_t ath_session_update(ath_session *session, const ath_update_stmt *update);
#define ath_delete_where(session, ...) ATH_DELETE_WHERE_(session, __VA_ARGS__, .struct_size = sizeof(ath_delete_stmt))
#define ATH_DELETE_WHERE_(session, M, ...)                                                                             \
    ath_session_delete_where(session, &(const ath_delete_stmt){.model = &ath_model_##M, __VA_ARGS__})
ATH_API int64_t ath_session_delete_where(ath_session *session, const ath_delete_stmt *stmt);

#ifdef __cplusplus
}
#endif

#endif
