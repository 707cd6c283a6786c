/* SPDX-License-Identifier: Apache-2.0
 *
 * The live schema as operations that would make it: what dump prints and baseline writes down.
 */
#ifndef ATH_CLI_MIGRATE_LIVE_H
#define ATH_CLI_MIGRATE_LIVE_H

#include "cli/migrate/migrate.h"
#include "migrate/compare.h"

typedef struct mig_live {
    ath_connection *connection;
    ath__changes gone; /* what would drop all tables but those that athanor keeps; its arena holds the rest */
    ath__change *up;   /* what would make it all, and views, functions and triggers behind the tables */
    ath__change *down; /* what would empty the database */
    size_t up_count, down_count;
} mig_live;

/* Reads the schemas (none: the default one).  What cannot be said is warned of.  mig_live_close is due in any case. */
ath_status mig_live_open(mig *m, mig_live *live, ath_name_list schemas);
void mig_live_close(mig_live *live);
/* The opposite of nothing: all of it made, or (`back`) all of it dropped; as SQL or C, in the arena. */
ath_status mig_live_render(mig *m, const mig_live *live, bool sql, bool back, const char **out);

#endif
