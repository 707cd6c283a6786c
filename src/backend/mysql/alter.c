/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: what is done in its own way when a schema is changed.
 */
#include "backend/mysql/alter.h"

const ath__alterer ath__mysql_alterer = {
    .struct_size = sizeof(ath__alterer),
    .column = ath__mysql_column,
    .table_size = ath__mysql_table_size,
    .texts = ath__mysql_texts,
    .try_lock = ath__mysql_try_lock,
    .unlock = ath__mysql_unlock,
    .lock_timeout = ath__mysql_lock_timeout,
};
