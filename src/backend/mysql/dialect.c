/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: the facts the compiler asks for.
 */
#include "backend/mysql/mysql.h"

const ath_dialect ath__mysql_dialect = {
    .name = "mysql",
    .title = "MySQL",
    .render_node = ath__mysql_render,
};
