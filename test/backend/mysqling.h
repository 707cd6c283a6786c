/* SPDX-License-Identifier: Apache-2.0
 *
 * Help for the tests of MySQL and MariaDB: an engine on a database of the program's own, and the driver below it.
 */
#ifndef ATH_TEST_MYSQLING_H
#define ATH_TEST_MYSQLING_H

#include "servers.h"

#include "backend/mysql/client.h"
#include "engine/engine.h"

#include <athanor/athanor.h>

static ath_error my_error;

/* An engine on the program's database, with what is put behind its URL ("?sslmode=require"). */
static inline ath_engine *my_engine(const char *query) {
    char url[400];
    snprintf(url, sizeof url, "%s%s", test_url(TEST_MYSQL), query);
    return ath_engine_open(url, .error = &my_error);
}

/* Runs SQL text that must succeed. */
static inline void my_run(ath_connection *c, const char *sql) {
    ath_result *r = ath_connection_execute(c, ath_stmt_of(ath_text(sql)));
    CHECK_STR(r ? "" : ath_connection_error(c)->message, "");
    while (ath_fetch(r))
        ;
    ath_result_close(r);
}

/* The status of SQL text; the error is the connection's. */
static inline ath_status my_try(ath_connection *c, const char *sql) {
    ath_result *r = ath_connection_execute(c, ath_stmt_of(ath_text(sql)));
    while (ath_fetch(r))
        ;
    ath_status status = r ? ath_result_error(r)->status : ath_connection_error(c)->status;
    ath_result_close(r);
    return status;
}

/* The first number of the first row; INT64_MIN when there is none. */
static inline int64_t my_int(ath_connection *c, const char *sql) {
    ath_result *r = ath_connection_execute(c, ath_stmt_of(ath_text(sql)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    int64_t n = row ? ath_row_int(row, 0) : INT64_MIN;
    CHECK_STR(r ? "" : ath_connection_error(c)->message, "");
    ath_result_close(r);
    return n;
}

#endif
