/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: what is done in its own way when a schema is changed.
 */
#include "backend/sqlite/alter.h"

const ath__alterer ath__sqlite_alterer = {
    .struct_size = sizeof(ath__alterer),
    .alter = ath__sqlite_alter,
    .shadow = ath__sqlite_shadow,
    .mirror = ath__sqlite_mirror,
    .table_size = ath__sqlite_table_size,
    .texts = "SELECT type, name, sql, NULL FROM sqlite_master WHERE type = 'trigger' AND :schema = '' ORDER BY rowid",
    .begin_changes = ath__sqlite_begin_changes,
    .check_changes = ath__sqlite_check_changes,
    .end_changes = ath__sqlite_end_changes,
    .begin_script = "PRAGMA foreign_keys = OFF", /* in a transaction it would mean nothing */
    .try_lock = ath__sqlite_try_lock,
    .unlock = ath__sqlite_unlock,
};
