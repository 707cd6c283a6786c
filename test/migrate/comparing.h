/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of comparisons share: a metadata compared with the database of the day, what comes of it as one line per
 * operation, and that done to the database.
 */
#ifndef ATH_TEST_MIGRATE_COMPARING_H
#define ATH_TEST_MIGRATE_COMPARING_H

#include "test.h"

#include "migrate/compare.h"

#include <athanor/athanor.h>

/* "create_table t (id, a)", "alter_column t.a type nullable", "drop_index t.ix" ...; "# " before what is held back. */
void change_words(const ath__change *change, char *out, size_t size);
/* The whole list, with "; " between; in one of four turning buffers. */
const char *changes_words(const ath__changes *changes);

/* What the comparison says; "! message" when it fails. */
const char *compared(ath_connection *c, const ath_metadata *md, ath__compare_opts opts);
/* Does a list to the database; false and a "# " line when it fails. */
bool changes_done(ath_connection *c, const ath_naming *naming, const ath__change *items, size_t count);
/* Compares and does it. */
bool apply_changes(ath_connection *c, const ath_metadata *md, ath__compare_opts opts);

#endif
