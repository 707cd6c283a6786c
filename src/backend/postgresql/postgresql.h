/* SPDX-License-Identifier: Apache-2.0
 *
 * The PostgreSQL backend: what src/athanor.c lists, and what its own files share.
 */
#ifndef ATH_BACKEND_POSTGRESQL_POSTGRESQL_H
#define ATH_BACKEND_POSTGRESQL_POSTGRESQL_H

#include "engine/driver.h"

extern const ath__backend ath__postgresql_backend;
extern const ath_dialect ath__postgresql_dialect;

/* The least server version that is supported: 12, the first with GENERATED columns and AS MATERIALIZED. */
enum { ATH__POSTGRESQL_LEAST = 120000 };

/* ---- dialect.c ---- */

/* The dialect of a server of that version (PQserverVersion). */
void ath__postgresql_dialect_for(int version, ath_dialect *out);

/* ---- render.c: nodes that are written in this database's own way ---- */

bool ath__postgresql_render(ath__compiler *compiler, const ath_expr *node);

/* exists.c: see render_exists of the dialect. */
ath_status ath__postgresql_exists(const ath_dialect *dialect, int kind, const char *schema, const char *name,
                                  ath__buf *out, ath_error *error);

#endif
