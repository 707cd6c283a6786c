/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: many rows at once from arrays of structs, without an object each.
 *
 *     Sample samples[10000] = ...;
 *     if (ath_insert_many(s, Sample, samples, 10000) < 0 || ath_commit(s) != ATH_OK) ...
 *
 * The structs are read and left alone; nothing is tracked, no keys come back, hooks are not called.  Columns' rules
 * and the model's check are held.  Pending changes of the session are flushed first.  Rows go in batches of 1,000 (arrays,
 * where the database takes those, so that one statement serves every number of rows); rows one after another that set the
 * same columns share batches.  On failure the transaction is rolled back, as after a failed flush.
 */
#ifndef ATHANOR_MANY_H
#define ATHANOR_MANY_H

#include <athanor/orm.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ATH_ARRAY_OF_(M, rows) (1 ? (rows) : (const M *)0)

/* Inserts them.  Which columns count as set is decided as ath_add does: all, but for a generated key that is 0 and for NULLs
 * of columns with a default.  The number of rows, -1 on failure. */
#define ath_insert_many(session, M, rows, count)                                                                       \
    ath_session_insert_many(session, &ath_model_##M, ATH_ARRAY_OF_(M, rows), count)
ATH_API int64_t ath_session_insert_many(ath_session *session, const ath_model *model, const void *rows, size_t count);

/* Updates rows by their primary keys, which the structs hold, each once: ath_update_many(s, Product, changed, n,
 * ath_names("price", "stock")).  Columns by their names; .onupdate is obeyed; a version column must be what the row has,
 * and is counted.  A row that is not there is stale data.  Objects of the session among them are read again.  The number of rows,
 * -1 on failure. */
#define ath_update_many(session, M, rows, count, columns)                                                              \
    ath_session_update_many(session, &ath_model_##M, ATH_ARRAY_OF_(M, rows), count, columns)
ATH_API int64_t ath_session_update_many(ath_session *session, const ath_model *model, const void *rows, size_t count,
                                        ath_name_list columns);

/* What an upsert does with a row that is there already.  Zero fields are the defaults. */
typedef struct ath_upsert_opts {
    size_t struct_size;
    ath_name_list
        on; /* the columns of the unique key that rows meet in; default: the primary key.  MySQL and MariaDB watch
                         every unique key, whatever is named */
    ath_name_list
        set;   /* what that row takes from the struct; default: all that the struct sets, but for keys.  .onupdate
                          is obeyed, a version is counted */
    bool keep; /* nothing: it stays as it is */
} ath_upsert_opts;

/* INSERT, or UPDATE where the row is there already: ath_upsert_many(s, User, users, n, .on = ath_names("email")).  One
 * statement for up to 100 rows.  PostgreSQL refuses two rows of one batch that meet each other.  Objects of the session are
 * not brought in step (ath_refresh).  `count`, -1 on failure. */
#define ath_upsert_many(session, M, ...)                                                                               \
    ATH_UPSERT_MANY_(session, M, __VA_ARGS__, .struct_size = sizeof(ath_upsert_opts))
#define ATH_UPSERT_MANY_(session, M, rows, count, ...)                                                                 \
    ath_session_upsert_many(session, &ath_model_##M, ATH_ARRAY_OF_(M, rows), count,                                    \
                            &(const ath_upsert_opts){__VA_ARGS__})
ATH_API int64_t ath_session_upsert_many(ath_session *session, const ath_model *model, const void *rows, size_t count,
                                        const ath_upsert_opts *opts);
/* The same for one struct; then the row, as it now is, is read as an object of the session, by the columns of .on (their
 * values must be in the struct).  Two statements.  NULL on failure. */
#define ath_upsert(session, M, ...) ATH_UPSERT_(session, M, __VA_ARGS__, .struct_size = sizeof(ath_upsert_opts))
#define ATH_UPSERT_(session, M, row, ...)                                                                              \
    ((M *)ath_session_upsert(session, &ath_model_##M, ATH_ARRAY_OF_(M, row), &(const ath_upsert_opts){__VA_ARGS__}))
ATH_API void *ath_session_upsert(ath_session *session, const ath_model *model, const void *row,
                                 const ath_upsert_opts *opts);

#ifdef __cplusplus
}
#endif

#endif
