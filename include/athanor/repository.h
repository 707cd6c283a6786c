/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a generic repository: what the BaseCRUD classes of many programs do, for any model.  Each call is one
 * transaction; inside of ath_transact it is part of that one.
 *
 *     User *user = ath_repository_create(s, User, .username = "alice", .email = "a@example.org");
 *     user = ath_repository_get(s, User, 1);
 *     User **page = ath_repository_get_multi(s, User, 20, 10);                    // skip 20, at most 10
 *     ath_repository_update(s, User, user, .email = "new@example.org");           // that column alone
 *     ath_repository_soft_delete(s, user, deleted_at);
 *     ath_repository_delete(s, user);
 *
 * It is a thin layer: objects are the session's, and may be changed by assignment as ever.  What failed has been rolled back,
 * so that the session can go on at once; ath_error(s) says why until the next call.
 */
#ifndef ATHANOR_REPOSITORY_H
#define ATHANOR_REPOSITORY_H

#include <athanor/orm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The object with this key; NULL and ATH_OK when there is none. */
#define ath_repository_get(session, M, ...) ath_get(session, M, __VA_ARGS__)

/* A page: all but the first `skip`, at most `limit` of them (0: all), in the order of the primary key unless .order_by says
 * another; further keywords are those of ath_all (.where, .load ...).  A vector; NULL on failure. */
#define ath_repository_get_multi(session, M, ...) ATH_REPOSITORY_MULTI_(session, M, __VA_ARGS__, ATH_SIZED_)
#define ATH_REPOSITORY_MULTI_(session, M, skip, limit, ...)                                                            \
    ((M **)ath_repository_page(session, ATH_QUERY_(M, __VA_ARGS__), skip, limit))
ATH_API void **ath_repository_page(ath_session *session, const ath_select_stmt *query, int64_t skip, int64_t limit);

/* How many there are: ath_repository_count(s, User), or with .where; -1 on failure. */
#define ath_repository_count(session, ...) ATH_REPOSITORY_COUNT_(session, __VA_ARGS__, ATH_SIZED_)
#define ATH_REPOSITORY_COUNT_(session, M, ...) ath_session_count(session, ATH_QUERY_(M, __VA_ARGS__))

/* A new row of the fields that are named, as ath_new, committed; what the database made up is read back.  NULL on failure. */
#define ath_repository_create(session, ...) ATH_REPOSITORY_CREATE_(session, #__VA_ARGS__, __VA_ARGS__, )
#define ATH_REPOSITORY_CREATE_(session, named, M, ...)                                                                 \
    ((M *)ath_repository_new(session, &ath_model_##M, &(const M){__VA_ARGS__}, named))
ATH_API void *ath_repository_new(ath_session *session, const ath_model *model, const void *init, const char *named);

/* Gives an object the fields that are named, whatever their values, and no others, and commits.  Fields are named as for
 * ath_new.  ATH_NO_RESULT when the object is NULL (was not found). */
#define ath_repository_update(session, M, object, ...)                                                                 \
    ATH_REPOSITORY_UPDATE_(session, object, #M ", " #__VA_ARGS__, M, __VA_ARGS__)
#define ATH_REPOSITORY_UPDATE_(session, object, named, M, ...)                                                         \
    ath_repository_assign(session, &ath_model_##M, (1 ? (object) : (M *)0), &(const M){__VA_ARGS__}, named)
ATH_API ath_status ath_repository_assign(ath_session *session, const ath_model *model, void *object, const void *values,
                                         const char *named);

/* Deletes an object's row, and commits.  ATH_NO_RESULT when the object is NULL. */
#define ath_repository_delete(session, object) ath_repository_delete_object(session, object)
ATH_API ath_status ath_repository_delete_object(ath_session *session, void *object);

/* Marks a row as deleted instead, and commits: the field becomes the present moment (an ath_opt_datetime or
 * ath_opt_timestamp, UTC), or true (a bool).  With ath_default_filter in the model's body it is then not found any more.
 * Restoring empties the field. */
#define ath_repository_soft_delete(session, object, field)                                                             \
    ath_repository_mark(session, object, ATH_FIELD_OF_(object, field), true)
#define ath_repository_restore(session, object, field)                                                                 \
    ath_repository_mark(session, object, ATH_FIELD_OF_(object, field), false)
ATH_API ath_status ath_repository_mark(ath_session *session, void *object, size_t offset, bool deleted);

#ifdef __cplusplus
}
#endif

#endif
