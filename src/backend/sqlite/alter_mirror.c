/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: a schema without its rows, copied into another database; how large a table is.
 */
#include "backend/sqlite/alter.h"

static ath_status failed(ath_connection *c, ath_error *error) {
    if (error)
        *error = c->error;
    return c->error.status;
}

/* Tables first, then what stands on them, in the order of their making.  What SQLite makes by itself has no text or a name of its
 * own. */
ath_status ath__sqlite_mirror(ath_connection *c, ath_connection *shadow, ath_error *error) {
    ath_result *r = ath_connection_execute(
        c, ath_stmt_of(ath_text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
                                "ESCAPE '\\' ORDER BY type <> 'table', rowid")));
    const ath_row *row;
    if (!r)
        return failed(c, error);
    ath_status status = ATH_OK;
    while (status == ATH_OK && (row = ath_fetch(r)))
        if (ath__run_text(shadow, ath_row_text(row, 0), NULL) != ATH_OK)
            status = failed(shadow, error);
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK)
        status = failed(c, error);
    ath_result_close(r);
    return status;
}

/* The greatest rowid is a good guess, and costs one look; an exact count would read the whole table. */
ath_status ath__sqlite_table_size(ath_connection *c, const char *schema, const char *table, int64_t *rows,
                                  int64_t *bytes) {
    ath__buf sql;
    ath__buf_init(&sql, &c->engine->allocator);
    ath__buf_str(&sql, "SELECT coalesce(max(rowid), 0) FROM ");
    ath__dialect_qualified(c->dialect, &sql, schema, table);
    ath_result *r = sql.failed ? NULL : ath_connection_execute(c, ath_stmt_of(ath_text(ath__buf_text(&sql))));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    if (row)
        *rows = ath_row_int(row, 0);
    *bytes = -1;
    ath_result_close(r);
    ath__buf_done(&sql);
    return row ? ATH_OK : c->error.status;
}
