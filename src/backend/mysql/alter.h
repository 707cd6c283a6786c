/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files alter*.c share.
 */
#ifndef ATH_BACKEND_MYSQL_ALTER_H
#define ATH_BACKEND_MYSQL_ALTER_H

#include "backend/mysql/mysql.h"
#include "engine/alter.h"

/* ---- alter_column.c: as of ath__alterer ---- */

ath_status ath__mysql_column(ath_connection *connection, const char *schema, const char *table, const char *column,
                             ath__arena *arena, ath__live_column *out, ath_error *error);

extern const char ath__mysql_texts[]; /* alter_texts.c */

#endif
