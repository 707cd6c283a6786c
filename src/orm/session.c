/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a session's life: opening, borrowing a connection, flush, commit, rollback, closing.
 *
 * A failed flush has rolled back in the database; the session then stands still, each call returning the error that
 * stopped it, until the program rolls back as well.  Nothing here knows SQL or a database.
 */
#include <strings.h>

#include "orm/unit.h"

/* ---- errors ---- */

ath_status ath__session_no_memory(ath_session *s) {
    return ath__fail_memory(&s->error);
}

bool ath__session_interrupted(ath_session *s) {
    const ath_error *error = s->connection ? ath_connection_error(s->connection) : NULL;
    s->interrupted = s->interrupted || s->error.retryable || (error && error->retryable);
    return s->interrupted;
}

/* ---- one fiber at a time ---- */

/* The fiber that waits inside of a call on the session; 0: none, or this very one. */
static uintptr_t other_user(ath_session *s) {
    const ath_connection *c = s->connection;
    uintptr_t user = c               ? atomic_load_explicit(&c->guard.user, memory_order_relaxed)
                     : s->connecting ? (uintptr_t)s->connecting | 1
                                     : 0;
    return user == ath__self() ? 0 : user;
}

static void say_who(ath_session *s, uintptr_t other, ath_error *error) {
    const ath__host *h = s->connecting;
    char user[128], self[128];
    if (s->connection) {
        ath__enter_refused(s->connection, other, "another call on its session");
        *error = *ath_connection_error(s->connection);
        return;
    }
    ath__self_print(other, h->file, h->line, user, sizeof user);
    ath__self_print(ath__self(), ath__here->file, ath__here->line, self, sizeof self);
    ath__fail(error, ATH_STATE,
              "one session, opened at %s:%d, is used by two fibers at once: %s waits for a connection, %s used it",
              s->file ? s->file : "?", s->line, user, self);
    ath__log_line(&s->engine->log, ATH_LOG_ERROR, "%s", error->message);
}

/* What two threads do to a session at once shows when both use its connection.  Fibers take turns, so that it can be seen
 * before the second has touched anything. */
ath_status ath__session_alone(ath_session *s) {
    uintptr_t other = ath__here ? other_user(s) : 0;
    if (!other) {
        s->offender = ath__here && s->offender == ath__self() ? 0 : s->offender;
        return ATH_OK;
    }
    if (!s->misuse)
        s->misuse = ath__alloc_zero(s->allocator, 1, sizeof *s->misuse);
    if (s->misuse)
        say_who(s, other, s->misuse);
    s->offender = s->misuse ? ath__self() : 0;
    return ATH_STATE;
}

ath_status ath__session_enter(ath_session *s) {
    if (!s)
        return ATH_ARGUMENT;
    ATH_TRY(ath__session_alone(s));
    if (s->failed)
        return s->error.status;
    ath__session_interrupted(s);
    ath_error_clear(&s->error);
    if (s->loading)
        return ath__fail(&s->error, ATH_STATE, "a hook of ATH_LOADED cannot use the session: it is reading rows");
    return ATH_OK;
}

ath_status ath__session_failed(ath_session *s) {
    const ath_error *error = s->connection ? ath_connection_error(s->connection) : NULL;
    if (error && error->status != ATH_OK)
        s->error = *error;
    else if (s->error.status == ATH_OK)
        ath__fail(&s->error, ATH_INTERNAL, "a call failed without saying why");
    return s->error.status;
}

const ath_error *ath_session_error(const ath_session *s) {
    static const ath_error none = {.status = ATH_ARGUMENT, .message = "there is no session: it could not be opened"};
    return !s ? &none : s->offender && s->offender == ath__self() ? s->misuse : &s->error;
}

/* ---- opening and closing ---- */

enum { REPEATED_LOADS = 5 };

ath_session *ath_session_open_opts(ath_engine *engine, const ath_session_opts *opts) {
    if (!engine) {
        ath__fail(opts->error, ATH_ARGUMENT, "there is no engine: it could not be opened");
        return NULL;
    }
    ath_session *s = ath__alloc_zero(&engine->allocator, 1, sizeof *s);
    if (!s) {
        ath__fail_memory(opts->error);
        return NULL;
    }
    s->engine = engine;
    s->allocator = &engine->allocator;
    s->autoflush = !opts->no_autoflush;
    s->level = 1;
    s->on_repeated_load = opts->on_repeated_load;
    s->repeated_load_threshold = opts->repeated_load_threshold ? opts->repeated_load_threshold : REPEATED_LOADS;
    if (opts->struct_size >= sizeof *opts) {
        s->file = opts->file;
        s->line = opts->line;
    }
    ath__engine_hold(engine);
    ath__arena_init(&s->arena, s->allocator);
    ath__arena_init(&s->journal_arena, s->allocator);
    ath__arena_init(&s->filter_arena, s->allocator);
    if (ath__events_open(s) != ATH_OK) {
        ath__fail_memory(opts->error);
        ath_session_close(s);
        return NULL;
    }
    if (opts->error)
        ath_error_clear(opts->error);
    return s;
}

void ath__session_end_streams(ath_session *s) {
    for (ath_stream *stream = s->streams; stream; stream = stream->next) {
        if (!stream->prepared)
            continue;
        ath__prepared_release(s->connection, stream->prepared);
        stream->prepared = NULL;
        stream->status = ATH_STATE; /* its rows were not over */
    }
}

static void give_back(ath_session *s) {
    ath__session_end_streams(s);
    if (s->connection)
        s->statements += s->connection->sent;
    ath_connection_close(s->connection);
    s->connection = NULL;
    if (s->load_sites)
        memset(s->load_sites, 0, ATH__LOAD_SITES * sizeof *s->load_sites);
}

/* What closing would lose silently. */
static void warn_of_loss(ath_session *s) {
    size_t pending = 0, deleted = 0;
    for (size_t i = 0; i < s->mapper_count; i++) {
        pending += s->mappers[i]->pending.count;
        deleted += s->mappers[i]->deleted.count;
    }
    if (pending || deleted || s->journal_count)
        ath__log_line(
            &s->engine->log, ATH_LOG_WARNING,
            "session closed without a commit: %zu new objects, %zu deletions not flushed, %zu changes rolled back",
            pending, deleted, s->journal_count);
}

void ath_session_close(ath_session *s) {
    if (!s || ath__session_alone(s) != ATH_OK) /* who is in it has been told, and closes it */
        return;
    warn_of_loss(s);
    give_back(s);
    while (s->streams)
        ath_stream_close(s->streams);
    for (size_t i = 0; i < s->mapper_count; i++)
        ath__mapper_free(s, s->mappers[i]);
    ath__vectors_free(s);
    ath__events_close(s);
    ath__free(s->allocator, s->mappers, s->mapper_capacity * sizeof *s->mappers);
    ath__free(s->allocator, s->journal, s->journal_capacity * sizeof *s->journal);
    ath__free(s->allocator, s->savepoints, s->savepoint_capacity * sizeof *s->savepoints);
    ath__arena_done(&s->journal_arena);
    ath__arena_done(&s->filter_arena);
    ath__arena_done(&s->arena);
    ath_engine *engine = s->engine;
    ath__free(s->allocator, s->misuse, sizeof *s->misuse);
    ath__free(s->allocator, s, sizeof *s);
    ath__engine_unhold(engine);
}

/* ---- the connection ---- */

ath_connection *ath__session_connection(ath_session *s) {
    if (!s->connection) {
        s->connecting = ath__here;
        s->connection = ath_connection_open_at(s->engine, &s->error, s->file, s->line);
        s->connecting = NULL;
        if (!s->connection)
            return NULL;
        s->statements -= s->connection->sent;
    }
    ath__session_interrupted(s);
    ath_error_clear(&s->connection->error);
    if (ath__ensure_transaction(s->connection) == ATH_OK)
        return s->connection;
    ath__session_failed(s);
    return NULL;
}

uint64_t ath_session_statements(const ath_session *s) {
    return s->statements + (s->connection ? s->connection->sent : 0);
}

/* ---- flush ---- */

/* The database forgets the whole transaction, or what came since the innermost savepoint; memory is put back by the
 * rollback, when the program has looked. */
void ath__session_stand_still(ath_session *s) {
    ath_error error = s->error;
    if (s->connection) {
        ath__session_end_streams(s);
        s->went_back = s->savepoint_count && ath_connection_rollback_to(s->connection) == ATH_OK;
        s->all_lost = s->savepoint_count && !s->went_back;
        if (!s->went_back)
            ath_connection_rollback(s->connection);
    }
    s->error = error;
    s->failed = true;
}

ath_status ath_session_flush(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    if (s->flushing)
        return ath__fail(&s->error, ATH_STATE, "the session is already flushing");
    s->flushing = true;
    ath_status status = ath__flush_begin(s);
    if (status == ATH_OK)
        status = ath__unit_flush(s);
    if (status == ATH_OK)
        status = ath__flush_end(s);
    s->flushing = false;
    if (status != ATH_OK)
        ath__session_stand_still(s);
    return status;
}

ath_status ath__session_autoflush(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    return s->autoflush && !s->flushing ? ath_session_flush(s) : ATH_OK;
}

/* ---- transactions ---- */

ath_status ath_session_begin(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    ATH_TRY(ath__hook_may_not(s, "begin a transaction"));
    if (s->connection && ath_connection_in_transaction(s->connection))
        return ath__fail(&s->error, ATH_STATE, "a transaction is already begun on this session");
    return ath__session_connection(s) ? ATH_OK : s->error.status;
}

static ath_status give_up(ath_session *s, int flushes) {
    ath__fail(&s->error, ATH_STATE, "after %d flushes hooks still make new objects", flushes);
    ath__session_stand_still(s);
    return ATH_STATE;
}

/* Objects that hooks make after a flush are written, too. */
static ath_status flush_for_commit(ath_session *s) {
    enum { MOST = 100 };
    bool more = true;
    for (int i = 0; more; i++) {
        if (i == MOST)
            return give_up(s, MOST);
        ATH_TRY(ath_session_flush(s));
        more = s->events && ath__session_is_dirty(s);
    }
    return ATH_OK;
}

ath_status ath__session_commit(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    if (ath__event(s, ATH_BEFORE_COMMIT, NULL, NULL) != ATH_OK) {
        ath__session_stand_still(s);
        return s->error.status;
    }
    ATH_TRY(flush_for_commit(s));
    if (s->connection) {
        ath__session_end_streams(s);
        if (ath_connection_commit(s->connection) != ATH_OK) {
            ath__session_failed(s);
            ath__session_stand_still(s);
            return s->error.status;
        }
    }
    ath__journal_clear(s);
    s->savepoint_count = 0;
    s->level = 1;
    give_back(s);
    s->interrupted = false;
    (void)ath__event(s, ATH_AFTER_COMMIT, NULL, NULL);
    ath_error_clear(&s->error);
    return ATH_OK;
}

ath_status ath_session_commit(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    ATH_TRY(ath__hook_may_not(s, "commit"));
    if (s->transacted)
        return ath__fail(&s->error, ATH_STATE, "ath_transact commits when its function has returned ATH_OK");
    return ath__session_commit(s);
}

ath_status ath_session_rollback(ath_session *s) {
    ath_status status = ATH_OK;
    if (!s)
        return ATH_ARGUMENT;
    ATH_TRY(ath__session_alone(s));
    ATH_TRY(ath__hook_may_not(s, "roll back"));
    ath_error_clear(&s->error);
    if (s->connection) {
        ath__session_end_streams(s);
        status = ath_connection_rollback(s->connection);
        if (status != ATH_OK)
            ath__session_failed(s);
    }
    ath__journal_undo(s, 0);
    s->savepoint_count = 0;
    s->level = 1;
    s->failed = s->interrupted = s->went_back = s->all_lost = s->wrote_aside = false;
    give_back(s);
    if (ath__event_wanted(s, ATH_AFTER_ROLLBACK)) {
        ath_error error = s->error;
        (void)ath__event_call(s, ATH_AFTER_ROLLBACK, NULL, NULL);
        s->error = error;
    }
    return status;
}

void ath_transaction_finish(ath_transaction_ *t) {
    t->state = 1;
    if (ath_session_commit(t->session) == ATH_OK || !t->session)
        return;
    /* The error must outlive the rollback: it is what the program asks for behind the block. */
    ath_error error = t->session->error;
    ath_session_rollback(t->session);
    t->session->error = error;
}

void ath_transaction_end(ath_transaction_ *t) {
    if (t->state == 0)
        ath_session_rollback(t->session);
    t->state = 1;
}

/* ---- any statement ---- */

ath_result *ath_session_execute(ath_session *s, ath_stmt stmt) {
    return ath_session_execute_opts(s, stmt, NULL);
}

/* A query: any other statement may write, or call what does. */
static bool only_reads(ath_stmt stmt) {
    const ath_expr *e = stmt.kind == ATH_STMT_TEXT ? stmt.of : NULL;
    const char *text = e && e->node == ATH_NODE_TEXT && e->u.text ? e->u.text : "";
    return stmt.kind == ATH_STMT_SELECT || strncasecmp(text + strspn(text, " \t\n("), "SELECT", 6) == 0;
}

ath_result *ath_session_execute_opts(ath_session *s, ath_stmt stmt, const ath_execution_opts *opts) {
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    ath_connection *connection = ath__session_connection(s);
    if (!connection || !ath__filtered(s, &stmt))
        return NULL;
    if (!only_reads(stmt))
        ath__journal_aside(s);
    ath_result *result = ath_connection_execute_opts(connection, stmt, opts);
    if (!result)
        ath__session_failed(s);
    return result;
}
