/* SPDX-License-Identifier: Apache-2.0
 *
 * The MySQL and MariaDB backend: what src/athanor.c lists, and what its own files share.
 */
#ifndef ATH_BACKEND_MYSQL_MYSQL_H
#define ATH_BACKEND_MYSQL_MYSQL_H

#include "engine/driver.h"

extern const ath__backend ath__mysql_backend;
extern const ath_dialect ath__mysql_dialect;

/* ---- render.c: nodes that are written in this database's own way ---- */

bool ath__mysql_render(ath__compiler *compiler, const ath_expr *node);

#endif
