/* SPDX-License-Identifier: Apache-2.0
 *
 * Operations as text: the body of a revision in C, or SQL.
 */
#ifndef ATH_MIGRATE_RENDER_H
#define ATH_MIGRATE_RENDER_H

#include "engine/driver.h"
#include "migrate/compare.h"

/* The body of ATH_UPGRADE(op) or ATH_DOWNGRADE(op), between two comments, each line four columns in.  What is held back is
 * a comment.  The same list gives the same text.  Memory that ran out shows in out->failed. */
void ath__render_c(ath__buf *out, const ath__change *items, size_t count);

/* The same as SQL of one database, each statement ended by a semicolon.  `connection`: the database it will run on, which
 * is read where a change depends on what stands there (SQLite's rebuilds, MySQL's MODIFY), and is not changed; NULL: none,
 * then `backend` says which SQL. */
ath_status ath__render_sql(ath__buf *out, const ath__change *items, size_t count, const ath__backend *backend,
                           ath_connection *connection, const ath_naming *naming, ath_error *error);

/* Whether what is held back belongs to what is held back before it: one comment says why for all of them. */
bool ath__goes_on(const ath__change *items, size_t place);

#endif
