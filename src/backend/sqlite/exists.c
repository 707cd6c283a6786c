/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: asking whether a table or an index is there, in the file itself or in an attached one.
 */
#include "backend/sqlite/sqlite.h"

ath_status ath__sqlite_exists(const ath_dialect *d, int kind, const char *schema, const char *name, ath__buf *out,
                              ath_error *error) {
    const ath_value text = {.kind = ATH_KIND_TEXT, .as.text = {name, strlen(name)}};
    ath__buf_str(out, "SELECT 1 FROM ");
    ath__dialect_qualified(d, out, schema, "sqlite_master");
    ath__buf_str(out, kind == ATH__OBJECT_INDEX ? " WHERE type = 'index' AND name = "
                                                : " WHERE type IN ('table', 'view') AND name = ");
    ATH_TRY(ath__dialect_literal(d, out, &text, error));
    ath__buf_str(out, " COLLATE NOCASE");
    return ATH_OK;
}
