/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: what is done in its own way when a schema is changed.
 */
#include "engine/alter.h"
#include "backend/sqlite/sqlite.h"

const ath__alterer ath__sqlite_alterer = {
    .struct_size = sizeof(ath__alterer),
    .try_lock = ath__sqlite_try_lock,
    .unlock = ath__sqlite_unlock,
};
