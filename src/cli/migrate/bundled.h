/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle: a copy of this program with a history of revisions behind its last byte.
 *
 * What stands there is a list of records and, last of all, a tail that says that it is there and how long the list is.  A
 * record is a line "KIND SIZE CHECKSUM NAME" and SIZE bytes:
 *
 *     S  an SQL revision: its file's name, its text
 *     C  a C revision: its id, its file's name; the checksum is the file's
 *     R  the shared object of all C revisions
 *     E  the shared object of env.c
 *     K  a key of the configuration, its value
 */
#ifndef ATH_CLI_MIGRATE_BUNDLED_H
#define ATH_CLI_MIGRATE_BUNDLED_H

#include "cli/migrate/migrate.h"

enum { MIG_TAIL = 32, MIG_TAIL_MARK = 16 }; /* bytes: the mark, then the length in hexadecimal digits */
#define MIG_BUNDLE_MARK "athanor-bundle1\n"

/* Stands once in the program itself; its last character is another in a bundle, so that one that has lost its end knows. */
enum { MIG_SEAL = 32 }; /* bytes */
extern const volatile char mig_seal[MIG_SEAL + 1];

struct mig_bundled {
    ath__arena arena;
    ath_revision_set revisions;
    mig_entry *settings;
    size_t setting_count;
};

/* Looks behind the end of this program.  *there is false for athanor itself; otherwise mig_bundled_close is due. */
ath_status mig_bundled_open(mig_bundled *bundled, bool *there, ath_error *error);
void mig_bundled_close(mig_bundled *bundled);

#endif
