/* SPDX-License-Identifier: Apache-2.0
 *
 * libuv, loaded when the first loop over it is made (libuv.h).
 */
#include "adapters/libuv.h"

#include "base/library.h"

#if ATH_LOAD_CLIENTS

ath__libuv_calls ath__libuv;

static const ath__library_call calls[] = {
#define X(name) {#name, &name},
    ATH__LIBUV_CALLS(X)
#undef X
};

static ath__library library = {
    .file = ATH_LIBUV_FILE,
    .title = "libuv",
    .hint = "install libuv (Debian and Ubuntu: libuv1, elsewhere: libuv), or choose .poller = \"poll\"",
    .calls = calls,
    .count = ATH_COUNT_OF(calls),
    .mutex = PTHREAD_MUTEX_INITIALIZER,
};

ath_status ath__libuv_load(ath_error *error) {
    return ath__library_load(&library, error);
}

#else

ath_status ath__libuv_load(ath_error *error) {
    (void)error;
    return ATH_OK;
}

#endif
