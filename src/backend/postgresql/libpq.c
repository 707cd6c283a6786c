/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: libpq, loaded when the first connection is made (libpq.h).
 */
#include "backend/postgresql/libpq.h"

#include "base/library.h"

#if ATH_LOAD_CLIENTS

ath__libpq_calls ath__libpq;

static const ath__library_call calls[] = {
#define X(name) {#name, &name},
    ATH__LIBPQ_CALLS(X)
#undef X
};

static ath__library library = {
    .file = ATH_LIBPQ_FILE,
    .title = "PostgreSQL's client library",
    .hint = "install libpq (Debian and Ubuntu: libpq5, Fedora: libpq, Alpine: libpq, Arch: postgresql-libs)",
    .calls = calls,
    .count = ATH_COUNT_OF(calls),
    .mutex = PTHREAD_MUTEX_INITIALIZER,
};

ath_status ath__libpq_load(ath_error *error) {
    return ath__library_load(&library, error);
}

#else

ath_status ath__libpq_load(ath_error *error) {
    (void)error;
    return ATH_OK;
}

#endif
