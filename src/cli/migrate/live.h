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
    ath__changes gone;    /* what would empty the database, without the tables that athanor keeps */
    ath__change *created; /* its opposite: what would make it, in gone.arena */
    size_t count;
} mig_live;

/* Reads the schemas (none: the default one).  What cannot be said is warned of.  mig_live_close is due in any case. */
ath_status mig_live_open(mig *m, mig_live *live, ath_name_list schemas);
void mig_live_close(mig_live *live);
/* The opposite of nothing: all of it made, or (`back`) all of it dropped; as SQL or C, in the arena. */
ath_status mig_live_render(mig *m, const mig_live *live, bool sql, bool back, const char **out);

#endif
