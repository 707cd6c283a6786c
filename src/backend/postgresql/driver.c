/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: the driver.
 */
#include "backend/postgresql/postgresql.h"

static ath_status connect(const ath__connect *how, void **connection, ath_error *error) {
    (void)how;
    (void)connection;
    return ath__fail(error, ATH_NOT_SUPPORTED, "the driver is being built");
}

static const ath__driver driver = {.struct_size = sizeof(ath__driver), .connect = connect};

const ath__backend ath__postgresql_backend = {
    .name = "postgresql", .dialect = &ath__postgresql_dialect, .driver = &driver};
