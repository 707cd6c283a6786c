/* SPDX-License-Identifier: Apache-2.0
 *
 * What plan.c and lint_run.c share: revisions are called for their statements, which nobody runs.
 */
#ifndef ATH_MIGRATE_FORESEE_H
#define ATH_MIGRATE_FORESEE_H

#include "migrate/danger.h"
#include "migrate/run.h"

#include <athanor/plan.h>

/* Receives the statements of a revision in turn; sql NULL: the rest of the revision cannot be told, `why` says why. */
typedef ath_status (*ath__foreseen)(void *context, const ath__source *source, size_t number, const char *sql,
                                    const char *why);

typedef struct ath__foresight {
    ath__run *run;
    const ath_dialect *dialect;
    ath__foreseen tell;
    void *context;
    /* of the step under way */
    const ath__source *source;
    size_t number;
    ath_status ended;       /* by the reader: not ATH_OK */
    ath_connection *mirror; /* statements are run on it: an empty copy of the schema; NULL: they are not run at all */
    ath_engine *mirror_engine;
} ath__foresight;

/* Calls the revisions of a plan.  With `live`, operations read the database; otherwise they write as for a script. */
ath_status ath__foresee(ath__foresight *f, const ath__graph_plan *plan, bool live);

#endif
