/* SPDX-License-Identifier: Apache-2.0
 *
 * The models compared with the database: the bodies of a new revision, and `athanor check`.
 */
#ifndef ATH_CLI_MIGRATE_AUTOGENERATE_H
#define ATH_CLI_MIGRATE_AUTOGENERATE_H

#include "cli/migrate/migrate.h"

typedef struct mig_autogenerate_opts {
    bool allow_drop;
    bool keep_unknown;     /* tables that the models do not know stay even so */
    ath_name_list renames; /* "old:new", "table.old:new" */
    bool asks;             /* whether something was renamed, at a terminal */
    bool silent;           /* what differs is not logged */
} mig_autogenerate_opts;

/* Fills the bodies; *nothing: there is nothing to be done. */
ath_status mig_autogenerate(mig *m, const mig_autogenerate_opts *opts, mig_new *revision, bool *nothing);
/* What differs, a line each ("Detected added table 'users'"), and not logged. */
ath_status mig_differences(mig *m, ath__buf *lines);

#endif
