/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: how large a table is, by what the planner knows of it.
 */
#include "backend/postgresql/postgresql.h"
#include "engine/alter.h"

ath_status ath__pg_table_size(ath_connection *c, const char *schema, const char *table, int64_t *rows, int64_t *bytes) {
    ath_result *r = ath_connection_execute(
        c, ath_stmt_of(ath_text("SELECT CAST(c.reltuples AS bigint), pg_total_relation_size(c.oid) FROM pg_class c "
                                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = CAST(:name AS text) "
                                "AND c.relkind IN ('r', 'p', 'm') AND CASE WHEN CAST(:schema AS text) = '' "
                                "THEN pg_table_is_visible(c.oid) ELSE n.nspname = CAST(:schema AS text) END",
                                ath_bind("name", table), ath_bind("schema", schema ? schema : ""))));
    const ath_row *row = r ? ath_result_one_or_none(r) : NULL;
    if (row) {
        *rows = ath_row_int(row, 0);
        *bytes = ath_row_int(row, 1);
    }
    ath_result_close(r);
    return r ? ATH_OK : c->error.status;
}
