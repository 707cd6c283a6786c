/* SPDX-License-Identifier: Apache-2.0
 *
 * What recipes with models of their own share: where they work, and how they end.
 */
#ifndef COOKBOOK_H
#define COOKBOOK_H

#include <athanor/athanor.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Where the recipes work: a database in memory, or any other by its URL in COOKBOOK_URL (an empty one). */
static inline const char *cookbook_url(void) {
    const char *url = getenv("COOKBOOK_URL");
    return url ? url : "sqlite://";
}

/* An engine on a database that has the tables; a failure is printed, and shows again at the first query. */
static inline ath_engine *cookbook_open(const ath_metadata *tables) {
    ath_error error = {0};
    ath_engine *engine = ath_engine_open(cookbook_url(), .error = &error);
    if (!engine || ath_create_all(engine, tables, &error) != ATH_OK)
        fprintf(stderr, "%s\n", error.message);
    return engine;
}

/* Closes both, says what the session's last error was if the work failed, and gives main's exit code. */
static inline int cookbook_close(ath_engine *engine, ath_session *session, bool ok) {
    if (!ok)
        fprintf(stderr, "%s\n", ath_error(session)->message);
    ath_session_close(session);
    ath_engine_close(engine);
    return ok ? 0 : 1;
}

#endif
