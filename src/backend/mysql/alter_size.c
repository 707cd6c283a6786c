/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL: how large a table is, by InnoDB's estimate.
 */
#include "backend/mysql/mysql.h"
#include "engine/alter.h"

ath_status ath__mysql_table_size(ath_connection *c, const char *schema, const char *table, int64_t *rows,
                                 int64_t *bytes) {
    ath_result *r = ath_connection_execute(
        c, ath_stmt_of(ath_text("SELECT table_rows, data_length + index_length FROM information_schema.tables "
                                "WHERE table_name = :name AND table_schema = "
                                "CASE WHEN :schema = '' THEN database() ELSE :schema END",
                                ath_bind("name", table), ath_bind("schema", schema ? schema : ""))));
    const ath_row *row = r ? ath_result_one_or_none(r) : NULL;
    if (row && !ath_row_is_null(row, 0)) {
        *rows = ath_row_int(row, 0);
        *bytes = ath_row_int(row, 1);
    }
    ath_result_close(r);
    return r ? ATH_OK : c->error.status;
}
