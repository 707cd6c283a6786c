/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: the driver.
 */
#include "backend/mysql/mysql.h"

static ath_status connect(const ath__connect *how, void **connection, ath_error *error) {
    (void)how;
    (void)connection;
    return ath__fail(error, ATH_NOT_SUPPORTED, "the driver is being built");
}

static const ath__driver driver = {.struct_size = sizeof(ath__driver), .connect = connect};

static const char *const aliases[] = {"mariadb", NULL};

const ath__backend ath__mysql_backend = {
    .name = "mysql", .aliases = aliases, .dialect = &ath__mysql_dialect, .driver = &driver};
