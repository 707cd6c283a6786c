/* SPDX-License-Identifier: Apache-2.0
 *
 * A server that does what a test says: a driver behind the engine, with faults that a real server has too seldom.
 *
 *     fake_reset();
 *     ath_engine *db = fake_engine(.pool_size = 2);
 *     fake.connect_fails = 1;                       // the next connect fails
 *     fake_kill_all();                              // what is open now is dead; new connections work
 *
 * Any SELECT gives one row with the number of its connection (from 1); SELECT with "sleep" runs until it is cancelled or
 * overtaken.  An error spoils the transaction, as PostgreSQL's do.  fake_log tells what was said to the server.
 */
#ifndef ATH_TEST_FAKE_H
#define ATH_TEST_FAKE_H

#include "engine/temp.h"
#include "test.h"

#include "engine/engine.h"

typedef struct fake_server {
    _Atomic int connect_fails; /* how many of the next connects fail */
    ath_status connect_status; /* and how */
    const char *connect_sqlstate;
    _Atomic int connect_ms;                   /* how long a connect takes */
    _Atomic int down;                         /* nobody listens */
    _Atomic int life;                         /* raised by fake_kill_all */
    _Atomic int schema;                       /* raised when tables change: what was prepared before is stale */
    _Atomic int statement_limit;              /* per connection; 0: none */
    _Atomic int cancels_prepare;              /* how many of the next prepares are cancelled */
    _Atomic int connects, connected, most;    /* tries; open now; at most at once */
    _Atomic int disconnects, abandons, pings; /* calls */
    _Atomic int statements;                   /* prepared now, on all connections */
    _Atomic int sleeping;                     /* statements that run until they are ended */
    _Atomic int late_cancel; /* after how many ms a cancellation strikes, whatever runs by then; 0: at once */
    _Atomic int struck;      /* statements and pings that it struck */
    _Atomic int never_prepare;
    _Atomic int64_t connect_deadline;
} fake_server;

extern fake_server fake;

void fake_reset(void);
void fake_kill_all(void);
/* What the connections were told since the last fake_log_clear, joined by "; ".  One thread at a time. */
const char *fake_log(void);
void fake_log_clear(void);

ath_engine *fake_engine_opts(const ath_engine_opts *opts);
#define fake_engine(...) fake_engine_opts(&(const ath_engine_opts){.url = "sqlite:///fake.db", __VA_ARGS__})
/* The number of the server's connection. */
static inline int64_t fake_ask(ath_connection *c) {
    return ask_int(c, "SELECT 1");
}

static inline void sleep_ms(int ms) {
    struct timespec pause = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

/* Waits until it holds, ten seconds at most. */
#define WAIT_UNTIL(condition)                                                                                          \
    do {                                                                                                               \
        for (int waited_ = 0; waited_ < 10000 && !(condition); waited_++)                                              \
            sleep_ms(1);                                                                                               \
        CHECK(condition);                                                                                              \
    } while (0)

#endif
