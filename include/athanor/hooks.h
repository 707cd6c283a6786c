/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: what surrounds the unit of work: events, and checks before anything is sent.
 *
 *     static ath_status stamp(const ath_event_info *info, void *context) {
 *         Post *post = info->object;
 *         post->edited_at = ath_datetime_now();         // written by the same flush
 *         return post->title[0] ? ATH_OK : ath_event_refuse(info, ATH_DATA, "a post has a title");
 *     }
 *     ath_on(db, ATH_BEFORE_UPDATE, stamp, .model = ath_model_of(Post));
 */
#ifndef ATHANOR_HOOKS_H
#define ATHANOR_HOOKS_H

#include <athanor/orm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- events ------------------------------------------------------------------------------------------------------ */

/* In the order in which they come at a commit:
 *
 *     BEFORE_COMMIT; then, if there is something to write, the flush: BEFORE_FLUSH; BEFORE_INSERT, BEFORE_UPDATE,
 *     BEFORE_DELETE of each object concerned; the objects' rules; all statements; AFTER_INSERT, AFTER_UPDATE, AFTER_DELETE
 *     in the order in which the rows were written; AFTER_FLUSH; then COMMIT, and AFTER_COMMIT.
 *
 * Within one kind objects come in the order in which they joined the session, model by model. */
typedef enum ath_event {
    ATH_BEFORE_INSERT = 1, /* of an object; it may be changed, and new ones may be made */
    ATH_BEFORE_UPDATE,     /* of an object whose columns have changed */
    ATH_BEFORE_DELETE,
    ATH_AFTER_INSERT, /* its row is there, not committed; keys are set */
    ATH_AFTER_UPDATE,
    ATH_AFTER_DELETE,
    ATH_LOADED,       /* an object was made from a row, or overwritten by it; relations are not loaded yet */
    ATH_BEFORE_FLUSH, /* of the session; objects may be made, changed and deleted */
    ATH_AFTER_FLUSH,
    ATH_BEFORE_COMMIT,
    ATH_AFTER_COMMIT,
    ATH_AFTER_ROLLBACK /* objects are again what they were */
} ath_event;

typedef struct ath_event_info {
    ath_event event;
    ath_session *session;
    const ath_model *model; /* of the object; NULL: the event is the session's */
    void *object;
} ath_event_info;

/* Anything but ATH_OK refuses what is under way: the flush or commit fails with that status and is rolled back as after
 * any failure; of ATH_LOADED, the query fails.  After a commit or rollback nothing can be refused any more: the status is
 * not looked at.
 *
 * Hooks may query, and run statements by ath_execute; inside a flush, queries write nothing first.  They may not flush
 * while a flush is under way, nor commit, roll back or begin (ATH_STATE); an ATH_LOADED hook may not use the session at
 * all.  What a hook of one object changes in another is written, but no hook of that one is called for it.  Objects that
 * an AFTER hook makes are written by the next flush, which a commit does by itself. */
typedef ath_status (*ath_event_fn)(const ath_event_info *info, void *context);

typedef struct ath_hook_opts {
    size_t struct_size;
    const ath_model *model; /* objects of this model alone; NULL: of all */
    void *context;          /* handed to the function; must live as long as the engine, or the session */
} ath_hook_opts;

/* Has a function called: ath_on(engine or session, event, function, .model = ..., .context = ...).  Of an engine: for all
 * sessions that are opened from then on; thread-safe, and so must the function be.  Functions are called in the order in
 * which they were named, the engine's before the session's. */
#define ath_on(handle, ...) ATH_ON_(handle, __VA_ARGS__, .struct_size = sizeof(ath_hook_opts))
#define ATH_ON_(handle, event, fn, ...)                                                                                \
    _Generic((handle), ath_session *                                                                                   \
             : ath_session_on, ath_engine *                                                                            \
             : ath_engine_on)(handle, event, fn, &(const ath_hook_opts){__VA_ARGS__})
ATH_API ath_status ath_session_on(ath_session *session, ath_event event, ath_event_fn fn, const ath_hook_opts *opts);
ATH_API ath_status ath_engine_on(ath_engine *engine, ath_event event, ath_event_fn fn, const ath_hook_opts *opts);

/* For hooks that refuse: leaves the error that the program will see, and returns `status`. */
ATH_API ath_status ath_event_refuse(const ath_event_info *info, ath_status status, const char *why);

/* ---- checks ------------------------------------------------------------------------------------------------------ */

/* Whether an object keeps the rules of its columns (.min_length, .max_length, .min, .max, .pattern) and passes its model's
 * check (.validate): ATH_OK, or ATH_DATA with the first that is broken, columns in their order, then the check; the error
 * names model, field and rule.  A flush does the same for new objects and for what has changed of others, after the
 * BEFORE hooks and before anything is sent.  Rules say nothing of NULL, nor of columns that are left to the database. */
#define ath_validate(session, object) ath_session_validate(session, object)
ATH_API ath_status ath_session_validate(ath_session *session, void *object);

/* ---- filters ------------------------------------------------------------------------------------------------------ */

/* A condition that a model's queries have by themselves: the model's own (ath_default_filter in its body: what is marked as
 * deleted is not there), and one of the session (the rows of this tenant alone):
 *
 *     ath_session_filter(s, Post, ath_eq(ath_col(Post, tenant_id), tenant));
 *
 * Both hold for all that the session is asked for: objects, ath_get (not found, then), counts, projections, streams,
 * relations however they are loaded, joined tables (in ON), subqueries, statements by ath_execute(session, ...), and
 * UPDATE and DELETE by condition.  A query with a RIGHT or FULL join of such a model is refused (ATH_NOT_SUPPORTED).
 *
 * They do not hold for what the unit of work writes (INSERT, and UPDATE and DELETE of an object that the session has),
 * ath_refresh, objects that a pointer of the program or a loaded relation still shows, SQL text, tables that a statement
 * knows by name, and statements on a connection of the program's own.
 *
 * .unfiltered = true lifts them for one query, with its subqueries and the relations it loads. */
#define ath_session_filter(session, M, condition)                                                                      \
    ath_session_filter_model(session, &ath_model_##M, ATH_COND_(condition))
/* The condition is copied, and replaces the session's former one for the model; NULL: none. */
ATH_API ath_status ath_session_filter_model(ath_session *session, const ath_model *model, const ath_expr *condition);
/* Lifts all filters of a model, or of all models (NULL), until it is called with false again. */
ATH_API ath_status ath_session_unfiltered(ath_session *session, const ath_model *model, bool unfiltered);

#ifdef __cplusplus
}
#endif

#endif
