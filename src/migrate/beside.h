/* SPDX-License-Identifier: Apache-2.0
 *
 * What a database has beside its tables, as SQL text: functions, views, triggers; and of tables what no
 * model says: partitions, UNLOGGED.  No comparison looks at them; a baseline and a dump must not lose them.
 */
#ifndef ATH_MIGRATE_BESIDE_H
#define ATH_MIGRATE_BESIDE_H

#include "engine/engine.h"

typedef struct ath__beside {
    const char *kind; /* "view", "trigger", "function" ... */
    const char *name;
    const char *create; /* one statement; NULL: the database does not give its text */
    const char *drop;   /* NULL: it goes with its table */
} ath__beside;

typedef struct ath__besides {
    ath__beside *items; /* in an order in which they can be made: each behind what its text names */
    size_t count, capacity;
} ath__besides;

/* Appends those of a schema (NULL: the default one).  All of it lives in the arena. */
ath_status ath__beside_read(ath__besides *out, ath_connection *connection, const char *schema, ath__arena *arena,
                            ath_error *error);

#endif
