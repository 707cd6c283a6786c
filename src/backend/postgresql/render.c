/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: expressions that are written in its own way.
 */
#include "backend/postgresql/postgresql.h"
#include "sql/compiler.h"

bool ath__postgresql_render(ath__compiler *compiler, const ath_expr *node) {
    (void)compiler;
    (void)node;
    return false;
}
