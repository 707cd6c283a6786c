/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: conversations with the server that block nobody, and their end before time.
 *
 * libmariadb's _start and _cont calls say which event they need; the engine's hook waits for it.  A call cannot be left in
 * the middle: the protocol would be out of step.  So when the deadline passes, or the hook refuses, the query is ended
 * on the server (KILL QUERY, through a second connection), and the call goes on until it has taken in the answer.
 * When even that does not come, the socket is shut, upon which every call ends.
 */
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "backend/mysql/client.h"
#include "engine/engine.h"

enum { GRACE_US = 5000000 };

/* ---- the end before time ---- */

static void give_up(ath__mysql *c) {
    c->lost = true;
    shutdown((int)mysql_get_socket(c->mysql), SHUT_RDWR);
}

/* A hook that refuses may do so for good (its loop is ending): what is left is waited for without it.  In a fiber that is
 * its loop all the same, and shielded. */
static const ath_wait_hook *hook(const ath__mysql *c) {
    return c->cut == ATH_OK || c->cut == ATH_TIMEOUT ? &c->wait : &ath__poll_wait;
}

/* The first time the query is ended on the server, the second time the connection. */
static void interrupt(ath__mysql *c, ath_status status) {
    if (c->cut != ATH_OK || c->connecting) {
        c->cut = c->cut != ATH_OK ? c->cut : status;
        give_up(c);
        return;
    }
    c->cut = status;
    c->grace_us = ath__clock_us() + GRACE_US;
    if (ath__mysql_kill(c, hook(c), NULL) != ATH_OK)
        give_up(c);
}

/* ---- waiting ---- */

static short poll_events(int events) {
    return (short)((events & MYSQL_WAIT_READ ? POLLIN : 0) | (events & MYSQL_WAIT_WRITE ? POLLOUT : 0) |
                   (events & MYSQL_WAIT_EXCEPT ? POLLPRI : 0));
}

/* libmariadb makes the TLS handshake on a blocking socket, whose calls must end in time as well. */
static void bound_blocking(ath__mysql *c) {
    int64_t left = c->deadline_us == INT64_MAX ? 0 : c->deadline_us - ath__clock_us();
    left = c->deadline_us != INT64_MAX && left < 1 ? 1 : left;
    const struct timeval time = {.tv_sec = left / 1000000, .tv_usec = left % 1000000};
    setsockopt((int)mysql_get_socket(c->mysql), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setsockopt((int)mysql_get_socket(c->mysql), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

static ath_status wait_for(const ath__mysql *c, const ath_wait_hook *w, short events, int64_t until) {
    bool over = c->cut != ATH_OK;
    if (over)
        ath__shield();
    ath_status status = w->wait(w->context, (int)mysql_get_socket(c->mysql), events, until);
    if (over)
        ath__unshield();
    return status;
}

int ath__mysql_wait(ath__mysql *c, int events) {
    if (c->connecting)
        bound_blocking(c);
    for (;;) {
        if (c->lost) /* whatever it tries now fails */
            return MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_TIMEOUT;
        int64_t until = c->cut != ATH_OK ? c->grace_us : c->deadline_us;
        bool own = false; /* libmariadb has a time-out of its own: read_timeout and its kin */
        if (events & MYSQL_WAIT_TIMEOUT) {
            int64_t theirs = ath__clock_us() + (int64_t)mysql_get_timeout_value_ms(c->mysql) * 1000;
            own = theirs < until;
            until = own ? theirs : until;
        }
        ath_status status = wait_for(c, hook(c), poll_events(events), until);
        if (status == ATH_OK)
            return events & ~MYSQL_WAIT_TIMEOUT;
        if (status == ATH_TIMEOUT && own && ath__clock_us() >= until)
            return MYSQL_WAIT_TIMEOUT;
        interrupt(c, status);
    }
}

/* ---- conversations ---- */

ath_status ath__mysql_begin(ath__mysql *c, ath_error *error) {
    if (c->lost)
        return ath__fail_lost(error, "the connection to the server is lost");
    if (c->active) {
        ath__mysql_keep_rows(c->active);
        ATH_TRY(ath__mysql_end(c, ATH_OK, error));
    }
    c->running = true;
    return ATH_OK;
}

static int query(ath__mysql *c, const char *sql, size_t size) {
    int failed = 1;
    ATH__MYSQL_RUN(c, mysql_real_query_start(&failed, c->mysql, sql, size),
                   mysql_real_query_cont(&failed, c->mysql, ready));
    return failed;
}

/* An empty query: it takes a KILL QUERY that came too late for the query it was meant for, and its answer says whether a
 * transaction is still open, which errors do not. */
void ath__mysql_settle(ath__mysql *c) {
    static const char nothing[] = "DO 0";
    enum { QUERY_INTERRUPTED = 1317 };
    for (int i = 0; i < 2 && !c->lost; i++) {
        if (!query(c, nothing, strlen(nothing)))
            return;
        if (mysql_errno(c->mysql) != QUERY_INTERRUPTED)
            c->lost = true;
    }
}

/* Whether the server may have rolled back the whole transaction. */
static bool may_have_rolled_back(ath_status status) {
    return status == ATH_OPERATIONAL || status == ATH_TIMEOUT;
}

ath_status ath__mysql_end(ath__mysql *c, ath_status status, ath_error *error) {
    c->running = c->active != NULL;
    if (c->cut == ATH_OK && !(may_have_rolled_back(status) && (c->mysql->server_status & SERVER_STATUS_IN_TRANS)))
        return status;
    if (c->active && c->cut != ATH_OK)
        ath__mysql_drop_rows(c->active);
    if (!c->lost)
        ath__mysql_settle(c);
    c->running = false;
    ath_status cut = c->cut;
    c->cut = ATH_OK;
    if (cut == ATH_OK)
        return status;
    const char *after = c->lost ? "; the connection is lost" : "";
    ath_error local;
    error = error ? error : &local;
    ath_error_clear(error);
    if (cut == ATH_TIMEOUT)
        return ath__fail(error, cut, "the server did not answer in time%s%s", c->lost ? "" : ": its query was ended",
                         after);
    return ath__fail(error, cut, "the wait for the server was broken off%s", after);
}

/* ---- text ---- */

/* The first value of the rows that have come, as a number. */
static ath_status take_rows(ath__mysql *c, uint64_t *out, ath_error *error) {
    MYSQL_RES *rows = NULL;
    ATH__MYSQL_RUN(c, mysql_store_result_start(&rows, c->mysql), mysql_store_result_cont(&rows, c->mysql, ready));
    if (!rows)
        return ath__mysql_failed(c, NULL, error);
    MYSQL_ROW row = out ? mysql_fetch_row(rows) : NULL; /* it is in memory */
    if (row && row[0])
        *out = strtoull(row[0], NULL, 10);
    mysql_free_result(rows);
    return ATH_OK;
}

static ath_status take_results(ath__mysql *c, uint64_t *out, ath_error *error) {
    for (;; out = NULL) {
        if (mysql_field_count(c->mysql))
            ATH_TRY(take_rows(c, out, error));
        if (!mysql_more_results(c->mysql))
            return ATH_OK;
        int more = 0;
        ATH__MYSQL_RUN(c, mysql_next_result_start(&more, c->mysql), mysql_next_result_cont(&more, c->mysql, ready));
        if (more > 0)
            return ath__mysql_failed(c, NULL, error);
    }
}

static ath_status run(ath__mysql *c, const char *sql, size_t size, uint64_t *out, ath_error *error) {
    ATH_TRY(ath__mysql_begin(c, error));
    ath_status status = query(c, sql, size) ? ath__mysql_failed(c, NULL, error) : take_results(c, out, error);
    return ath__mysql_end(c, status, error);
}

ath_status ath__mysql_query(ath__mysql *c, const char *sql, size_t size, ath_error *error) {
    return run(c, sql, size, NULL, error);
}

ath_status ath__mysql_ask(ath__mysql *c, const char *sql, uint64_t *out, ath_error *error) {
    return run(c, sql, strlen(sql), out, error);
}
