/* SPDX-License-Identifier: Apache-2.0
 *
 * The service: reads its settings, migrates its database, serves until it is told to end (SIGTERM, SIGINT).  All of it is
 * fibers on one thread; only what SQLite does runs on others.
 *
 *     DATABASE_URL=postgresql://blog@localhost/blog PORT=8080 build/service
 */
#include "service.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* ---- a request ---- */

/* In a session and a transaction of its own, which ath_transact commits when this gives ATH_OK.  It starts over when
 * another transaction was in the way, or the connection was lost before the commit. */
static ath_status run_handler(ath_session *session, void *arg) {
    Request *r = arg;
    answer_clear(r);
    r->session = session;
    r->attempts++;
    r->route->handler(r);
    if (r->status < 400 && ath_flush(session) != ATH_OK) /* what the commit would refuse is refused here */
        refuse_failure(r);
    r->statements += ath_session_statements(session);
    r->session = NULL;
    if (r->status < 400)
        return ATH_OK;
    ath_status status = ath_error(session)->status;
    return status != ATH_OK ? status : ATH_ARGUMENT; /* the handler refused: rolled back */
}

void request_run(Request *r) {
    ath_error error = {0};
    if (r->route->bare) {
        r->attempts = 1;
        r->route->handler(r);
        return;
    }
    ath_status status = ath_transact(r->service->engine, run_handler, r, .retries = 12, .error = &error);
    if (status == ATH_OK)
        return;
    if (r->status == 0) /* it was never run */
        refuse_error(r, &error);
    else if (r->status < 400)
        refuse_commit(r, &error);
    else if (r->status >= 500 && ath_loop_check() != ATH_OK) /* whatever it waited for when its time was over */
        refuse_error(r, &(const ath_error){.status = ath_loop_check()});
}

/* ---- from start to end ---- */

static void wait_for_signal(int signals) {
    struct signalfd_siginfo info;
    while (ath_loop_wait(signals, POLLIN, -1) == ATH_OK)
        if (read(signals, &info, sizeof info) == (ssize_t)sizeof info)
            return;
}

typedef struct Start {
    Service service;
    int signals;
    int code;
} Start;

static ath_status serve(void *arg) {
    Start *start = arg;
    ath_error error = {0};
    start->service.loop = ath_loop_here();
    start->service.engine = database_open(&start->service.settings, &error);
    if (!start->service.engine) {
        fprintf(stderr, "service: %s\n", error.message);
        return error.status;
    }
    Http *http = http_start(&start->service);
    if (http) {
        printf("listening on http://%s:%d\n", start->service.settings.host, http_port(http));
        fflush(stdout);
        wait_for_signal(start->signals);
        http_stop(http);
        start->code = 0;
    }
    ath_engine_close(start->service.engine);
    return ATH_OK;
}

/* Signals become something that a fiber can wait for.  Before there is any thread, so that all of them block the signals. */
static int open_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    return sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC) : -1;
}

int main(void) {
    Start start = {.signals = open_signals(), .code = 1};
    if (start.signals < 0 || !settings_read(&start.service.settings))
        return 2;
    ath_status status = ath_loop_main(serve, &start);
    close(start.signals);
    return status == ATH_OK ? start.code : 1;
}
