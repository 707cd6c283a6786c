/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: expressions that are written in its own way.
 */
#include "backend/mysql/mysql.h"
#include "sql/compiler.h"

bool ath__mysql_render(ath__compiler *compiler, const ath_expr *node) {
    (void)compiler;
    (void)node;
    return false;
}
