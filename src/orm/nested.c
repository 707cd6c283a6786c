/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: transactions inside of a transaction: savepoints that memory keeps to as well.
 *
 * The journal says how long it was at each savepoint; what comes behind it is undone with the savepoint, or becomes the
 * outer level's when the savepoint is released.
 */
#include "orm/unit.h"

static ath_status remember(ath_session *s) {
    if (s->savepoint_count == s->savepoint_capacity) {
        size_t capacity = s->savepoint_capacity ? s->savepoint_capacity * 2 : 8;
        size_t *larger = ath__realloc(s->allocator, s->savepoints, s->savepoint_capacity * sizeof *larger,
                                      capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(s);
        s->savepoints = larger;
        s->savepoint_capacity = capacity;
    }
    s->savepoints[s->savepoint_count] = s->journal_count;
    return ATH_OK;
}

ath_status ath_session_begin_nested(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    ATH_TRY(ath__hook_may_not(s, "begin a savepoint"));
    if (s->level == UINT8_MAX)
        return ath__fail(&s->error, ATH_ARGUMENT, "savepoints are nested more than %d deep", UINT8_MAX - 1);
    ATH_TRY(ath_session_flush(s));
    if (!ath__session_connection(s))
        return s->error.status;
    ATH_TRY(remember(s));
    if (ath_connection_savepoint(s->connection) != ATH_OK)
        return ath__session_failed(s);
    s->savepoint_count++;
    s->level++;
    return ATH_OK;
}

static ath_status inside(ath_session *s) {
    if (s->savepoint_count)
        return ATH_OK;
    return ath__fail(&s->error, ATH_STATE, "there is no savepoint: ath_begin_nested makes one");
}

static size_t leave(ath_session *s) {
    s->level--;
    return s->savepoints[--s->savepoint_count];
}

ath_status ath_session_commit_nested(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    ATH_TRY(ath__hook_may_not(s, "release a savepoint"));
    ATH_TRY(inside(s));
    ATH_TRY(ath_session_flush(s));
    if (ath_connection_release(s->connection) != ATH_OK)
        return ath__session_failed(s);
    ath__journal_lower(s, leave(s));
    return ATH_OK;
}

/* After a failed flush the database has gone back already, if it could. */
ath_status ath_session_rollback_nested(ath_session *s) {
    if (!s)
        return ATH_ARGUMENT;
    if (s->failed && s->all_lost)
        return s->error.status;
    if (s->failed)
        ath_error_clear(&s->error);
    else
        ATH_TRY(ath__session_enter(s));
    ATH_TRY(ath__hook_may_not(s, "roll back"));
    ATH_TRY(inside(s));
    if (!s->went_back) {
        ath__session_end_streams(s);
        if (!s->connection || ath_connection_rollback_to(s->connection) != ATH_OK) {
            ath__session_failed(s);
            s->failed = s->all_lost = true;
            return s->error.status;
        }
    }
    s->failed = s->went_back = false;
    ath__journal_undo(s, leave(s));
    return ATH_OK;
}

void ath_nested_finish(ath_transaction_ *t) {
    t->state = 1;
    if (!t->session || ath_session_commit_nested(t->session) == ATH_OK)
        return;
    ath_error error = t->session->error; /* it is what the program asks for behind the block */
    ath_session_rollback_nested(t->session);
    t->session->error = error;
}

void ath_nested_end(ath_transaction_ *t) {
    if (t->state == 0)
        ath_session_rollback_nested(t->session);
    t->state = 1;
}
