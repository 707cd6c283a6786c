/* SPDX-License-Identifier: Apache-2.0
 *
 * What one database does in its own way when its schema is changed: migrations ask it, backend/<db>/alter.c answers.
 * Declared here, below both.  A NULL function: the database needs no way of its own.
 */
#ifndef ATH_ENGINE_ALTER_H
#define ATH_ENGINE_ALTER_H

#include "engine/engine.h"

typedef struct ath__alterer {
    size_t struct_size;

    /* ---- the lock that keeps runners apart ---- */

    /* Tries once to take the lock of that name; *taken says whether.  It belongs to this connection's session and ends
     * with it, also when the process is killed.  When it is another's, `holder` (of `size` bytes) says whose, as far as the
     * database tells: "process 4711 on host web1, since 2026-11-21 17:00:03". */
    ath_status (*try_lock)(ath_connection *connection, const char *name, bool *taken, char *holder, size_t size,
                           ath_error *error);
    ath_status (*unlock)(ath_connection *connection, const char *name, ath_error *error);
} ath__alterer;

#endif
