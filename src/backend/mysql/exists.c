/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: asking whether a table, index or sequence is there; without a schema: in the connection's database.
 */
#include "backend/mysql/mysql.h"

ath_status ath__mysql_exists(const ath_dialect *d, int kind, const char *schema, const char *name, ath__buf *out,
                             ath_error *error) {
    const ath_value wanted = {.kind = ATH_KIND_TEXT, .as.text = {name, strlen(name)}};
    if (kind == ATH__OBJECT_INDEX)
        ath__buf_str(out, "SELECT 1 FROM information_schema.statistics WHERE index_name = ");
    else if (kind == ATH__OBJECT_SEQUENCE)
        ath__buf_str(out, "SELECT 1 FROM information_schema.tables WHERE table_type = 'SEQUENCE' AND table_name = ");
    else
        ath__buf_str(out, "SELECT 1 FROM information_schema.tables WHERE table_name = ");
    ATH_TRY(ath__dialect_literal(d, out, &wanted, error));
    ath__buf_str(out, " AND table_schema = ");
    if (!schema) {
        ath__buf_str(out, "DATABASE()");
        return ATH_OK;
    }
    const ath_value where = {.kind = ATH_KIND_TEXT, .as.text = {schema, strlen(schema)}};
    return ath__dialect_literal(d, out, &where, error);
}
