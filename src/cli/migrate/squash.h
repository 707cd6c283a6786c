/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of `athanor squash` share.
 */
#ifndef ATH_CLI_MIGRATE_SQUASH_H
#define ATH_CLI_MIGRATE_SQUASH_H

#include "cli/migrate/migrate.h"

typedef struct squashing {
    mig *m;
    const ath__node *from, *to; /* what it stands on, or NULL; the last */
    const ath__node **chain;    /* the first of it first */
    size_t count;
    bool has_down;
    const char *irreversible, *message;
} squashing;

/* Revisions in C: one file that has the text of each, whose functions are called in turn. */
ath_status mig_squash_c(squashing *s, ath__buf *out);
/* Whether the file that was written can be read, and compiled. */
ath_status mig_squash_try(squashing *s);

#endif
