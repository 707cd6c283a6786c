/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: waiting for the server, and no longer than the caller allows.
 *
 * All waits go through the engine's hook.  A call that is overtaken (the deadline, or a hook that gives up) sends the server
 * a cancel request and then reads on for a moment, whatever becomes of the fiber, so that the connection is in step again; only a server
 * that does not answer even then costs the connection.  libpq's PQcancel blocks, so it runs in a thread of its own that
 * nobody has to wait for.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "backend/postgresql/postgresql.h"
#include "base/here.h"

enum { GRACE_MS = 3000, AGAIN_MS = 250 };

/* ---- cancelling ---- */

struct ath__pg_key {
    PGcancel *cancel;
    atomic_int holders;
};

typedef struct request {
    ath__pg_key *key;
    pthread_mutex_t mutex;
    ath__cond came;
    int holders; /* the thread and who waits for it */
    bool done, taken;
    char message[256];
} request;

ath_status ath__pg_key_new(ath__pg *c, ath_error *error) {
    c->key = ath__alloc_zero(&ath__malloc_allocator, 1, sizeof *c->key); /* may outlive the engine */
    if (!c->key || !(c->key->cancel = PQgetCancel(c->conn))) {
        ath__free(&ath__malloc_allocator, c->key, sizeof *c->key);
        c->key = NULL;
        return ath__fail_memory(error);
    }
    atomic_init(&c->key->holders, 1);
    return ATH_OK;
}

void ath__pg_key_done(ath__pg_key *key) {
    if (!key || atomic_fetch_sub(&key->holders, 1) != 1)
        return;
    PQfreeCancel(key->cancel);
    ath__free(&ath__malloc_allocator, key, sizeof *key);
}

static void request_done(request *r) {
    pthread_mutex_lock(&r->mutex);
    bool last = --r->holders == 0;
    pthread_mutex_unlock(&r->mutex);
    if (!last)
        return;
    ath__pg_key_done(r->key);
    ath__cond_done(&r->came);
    pthread_mutex_destroy(&r->mutex);
    ath__free(&ath__malloc_allocator, r, sizeof *r);
}

static void *send_request(void *argument) {
    request *r = argument;
    char message[256] = "";
    bool taken = PQcancel(r->key->cancel, message, sizeof message) != 0;
    pthread_mutex_lock(&r->mutex);
    r->done = true;
    r->taken = taken;
    memcpy(r->message, message, sizeof message);
    ath__cond_wake(&r->came);
    pthread_mutex_unlock(&r->mutex);
    request_done(r);
    return NULL;
}

/* Its signals go to the program's threads, not to this one. */
static bool start_thread(request *r) {
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &attributes, send_request, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static request *request_new(ath__pg_key *key) {
    request *r = ath__alloc_zero(&ath__malloc_allocator, 1, sizeof *r);
    if (!r)
        return NULL;
    pthread_mutex_init(&r->mutex, NULL);
    ath__cond_init(&r->came);
    atomic_fetch_add(&key->holders, 1);
    r->key = key;
    r->holders = 2;
    return r;
}

static ath_status await_request(request *r, ath_error *error) {
    int64_t until = ath__clock_us() + (int64_t)GRACE_MS * 1000;
    ath_status status = ATH_OK;
    pthread_mutex_lock(&r->mutex);
    ath__shield();
    while (!r->done && status == ATH_OK)
        status = ath__cond_wait(&r->came, &r->mutex, until);
    ath__unshield();
    status = ATH_OK;
    if (!r->done)
        status = ath__fail(error, ATH_TIMEOUT, "the server did not take a cancel request in time");
    else if (!r->taken)
        status = ath__fail(error, ATH_OPERATIONAL, "the query could not be cancelled: %.*s",
                           (int)strcspn(r->message, "\n"), r->message);
    pthread_mutex_unlock(&r->mutex);
    return status;
}

ath_status ath__pg_cancel(void *connection, ath_error *error) {
    ath__pg *c = connection;
    request *r = request_new(c->key);
    if (!r)
        return ath__fail_memory(error);
    ath_status status;
    if (start_thread(r)) {
        status = await_request(r, error);
    } else {
        r->holders = 1;
        status = ath__fail(error, ATH_OPERATIONAL, "no thread could be started to cancel the query");
    }
    request_done(r);
    return status;
}

/* ---- waiting ---- */

/* A cancel request finds nothing to cancel when it overtakes its query on the way to the server, so it is sent again. */
static ath_status wait_in_grace(ath__pg *c, short events) {
    for (;;) {
        int64_t now = ath__clock_us(), again = now + (int64_t)AGAIN_MS * 1000;
        if (now >= c->cut_until_us)
            return ATH_TIMEOUT;
        ath__shield();
        ath_status status =
            ath__here_wait(PQsocket(c->conn), events, again < c->cut_until_us ? again : c->cut_until_us);
        ath__unshield();
        if (status != ATH_TIMEOUT)
            return status;
        ath__pg_cancel(c, NULL);
    }
}

static ath_status give_up(ath__pg *c, ath_error *error) {
    c->lost = true;
    return ath__fail(error, c->cut, "%s, and the server did not end the query; the connection is closed",
                     c->cut == ATH_TIMEOUT ? "the deadline passed" : "the wait was broken off");
}

static ath_status wait(ath__pg *c, short events, ath_error *error) {
    if (c->cut != ATH_OK)
        return wait_in_grace(c, events) == ATH_OK ? ATH_OK : give_up(c, error);
    ath_status status = c->wait.wait(c->wait.context, PQsocket(c->conn), events, c->deadline_us);
    if (status == ATH_OK)
        return ATH_OK;
    c->cut = status;
    c->cut_until_us = ath__clock_us() + (int64_t)GRACE_MS * 1000;
    return ath__pg_cancel(c, error) == ATH_OK ? ATH_OK : give_up(c, error);
}

/* A TLS record may be longer than what libpq takes at once, and poll(2) does not see the rest. */
static bool consume(const ath__pg *c) {
    int rounds = PQsslInUse(c->conn) ? 3 : 1;
    for (int i = 0; i < rounds; i++)
        if (!PQconsumeInput(c->conn))
            return false;
        else if (!PQisBusy(c->conn))
            return true;
    return true;
}

ath_status ath__pg_next(ath__pg *c, PGresult **result, ath_error *error) {
    int unsent = PQflush(c->conn);
    while (PQsocket(c->conn) >= 0 && PQisBusy(c->conn)) {
        ATH_TRY(wait(c, unsent == 1 ? POLLIN | POLLOUT : POLLIN, error));
        if (!consume(c))
            break; /* PQgetResult says why */
        if (unsent == 1)
            unsent = PQflush(c->conn);
    }
    *result = PQgetResult(c->conn);
    return ATH_OK;
}

/* ---- a whole answer ---- */

static ath_status refuse_input(ath__pg *c, ath_error *error) {
    int code;
    while ((code = PQputCopyEnd(c->conn, "COPY is not possible here")) == 0)
        ATH_TRY(wait(c, POLLOUT, error));
    return code == 1 ? ATH_OK : ath__pg_failed(c, NULL, error);
}

static ath_status discard_output(ath__pg *c, ath_error *error) {
    char *line;
    for (int code; (code = PQgetCopyData(c->conn, &line, 1)) != -1;) {
        if (code > 0) {
            PQfreemem(line);
        } else if (code == -2) {
            return ath__pg_failed(c, NULL, error);
        } else {
            ATH_TRY(wait(c, POLLIN, error));
            if (!PQconsumeInput(c->conn))
                return ath__pg_failed(c, NULL, error);
        }
    }
    return ATH_OK;
}

/* A COPY is ended, so that the connection is in step again. */
static ath_status leave_copy(ath__pg *c, ExecStatusType status, ath_error *error) {
    if (status == PGRES_COPY_IN)
        return refuse_input(c, error);
    if (status == PGRES_COPY_OUT)
        return discard_output(c, error);
    c->lost = true;
    return ath__fail(error, ATH_NOT_SUPPORTED, "the connection has left the protocol of queries");
}

static bool is_failure(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_COPY_IN ||
           status == PGRES_COPY_OUT || status == PGRES_PIPELINE_ABORTED;
}

static ath_status take_all(ath__pg *c, PGresult **kept, ath_error *error) {
    for (PGresult *next = NULL;;) {
        ATH_TRY(ath__pg_next(c, &next, error));
        if (!next)
            return ATH_OK;
        ExecStatusType status = PQresultStatus(next);
        bool is_copy = status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
        if (*kept && is_failure(*kept)) {
            PQclear(next);
        } else {
            PQclear(*kept);
            *kept = next;
        }
        if (is_copy)
            ATH_TRY(leave_copy(c, status, error));
    }
}

ath_status ath__pg_finish(ath__pg *c, PGresult **result, ath_error *error) {
    PGresult *kept = NULL;
    ath_status status = take_all(c, &kept, error);
    if (result && status == ATH_OK) {
        *result = kept;
        return ATH_OK;
    }
    PQclear(kept);
    return status;
}

/* ---- the beginning of a call ---- */

ath_status ath__pg_begin(ath__pg *c, ath_error *error) {
    c->cut = ATH_OK;
    if (c->lost || PQstatus(c->conn) != CONNECTION_OK)
        return ath__fail_lost(error, "the connection to the server is lost");
    if (c->deadline_us != INT64_MAX && ath__clock_us() >= c->deadline_us)
        return ath__fail(error, ATH_TIMEOUT, "the deadline passed before the statement was sent");
    return c->streaming ? ath__pg_settle(c->streaming, error) : ATH_OK;
}

ath_status ath__pg_not_sent(ath__pg *c, ath_error *error) {
    return ath__pg_failed(c, NULL, error);
}
