/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: libmariadb, loaded when the first connection is made (libmariadb.h).
 */
#include "backend/mysql/libmariadb.h"

#include "base/library.h"

#if ATH_LOAD_CLIENTS

ath__libmariadb_calls ath__libmariadb;

static const ath__library_call calls[] = {
#define X(name) {#name, &name},
    ATH__LIBMARIADB_CALLS(X)
#undef X
};

static ath__library library = {
    .file = ATH_LIBMARIADB_FILE,
    .title = "MariaDB's client library",
    .hint = "install libmariadb (Debian and Ubuntu: libmariadb3, Fedora: mariadb-connector-c, Alpine: "
            "mariadb-connector-c, Arch: mariadb-libs)",
    .calls = calls,
    .count = ATH_COUNT_OF(calls),
    .mutex = PTHREAD_MUTEX_INITIALIZER,
};

ath_status ath__libmariadb_load(ath_error *error) {
    return ath__library_load(&library, error);
}

#else

ath_status ath__libmariadb_load(ath_error *error) {
    (void)error;
    return ATH_OK;
}

#endif
