/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what is done in its own way when a schema is changed.
 */
#include "engine/alter.h"
#include "backend/postgresql/postgresql.h"

const ath__alterer ath__postgresql_alterer = {
    .struct_size = sizeof(ath__alterer),
    .table_size = ath__pg_table_size,
    .texts = ath__pg_texts,
    .try_lock = ath__pg_try_lock,
    .unlock = ath__pg_unlock,
    .lock_timeout = ath__pg_lock_timeout,
};
