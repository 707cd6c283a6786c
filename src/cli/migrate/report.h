/* SPDX-License-Identifier: Apache-2.0
 *
 * What a run does, followed while it does it.
 */
#ifndef ATH_CLI_MIGRATE_REPORT_H
#define ATH_CLI_MIGRATE_REPORT_H

#include "cli/migrate/migrate.h"

typedef struct mig_step {
    ath_migration_way way;
    const char *revision; /* NULL: a stamp */
    const char *what;     /* "Running upgrade a -> b, message" */
    int64_t milliseconds;
} mig_step;

typedef struct mig_report {
    mig *m;
    mig_step *steps; /* those done: the first `count` */
    size_t count, room;
    bool failed;                    /* no memory */
    ath_migration_progress_fn next; /* env.c's own; NULL: none */
    void *next_context;
} mig_report;

/* Follows the runs between the two. */
void mig_report_begin(mig *m, mig_report *report);
void mig_report_end(mig_report *report);
/* With --json: what was done; the exit code. */
int mig_report_print(mig *m, const mig_report *report);

#endif
