/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: asking the catalogs whether a table, index, sequence or type is there; without a schema: on the search path.
 */
#include "backend/postgresql/postgresql.h"

static const char *relation_kinds(int kind) {
    return kind == ATH__OBJECT_SEQUENCE ? "'S'" : kind == ATH__OBJECT_INDEX ? "'i', 'I'" : "'r', 'p', 'f', 'v', 'm'";
}

ath_status ath__postgresql_exists(const ath_dialect *d, int kind, const char *schema, const char *name, ath__buf *out,
                                  ath_error *error) {
    bool type = kind == ATH__OBJECT_TYPE;
    const ath_value wanted = {.kind = ATH_KIND_TEXT, .as.text = {name, strlen(name)}};
    if (type)
        ath__buf_str(out, "SELECT 1 FROM pg_catalog.pg_type o JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace "
                          "WHERE o.typname = ");
    else
        ath__buf_printf(out,
                        "SELECT 1 FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace "
                        "WHERE o.relkind IN (%s) AND o.relname = ",
                        relation_kinds(kind));
    ATH_TRY(ath__dialect_literal(d, out, &wanted, error));
    if (!schema) {
        ath__buf_printf(out, " AND pg_catalog.%s(o.oid) AND n.nspname <> 'pg_catalog'",
                        type ? "pg_type_is_visible" : "pg_table_is_visible");
        return ATH_OK;
    }
    const ath_value where = {.kind = ATH_KIND_TEXT, .as.text = {schema, strlen(schema)}};
    ath__buf_str(out, " AND n.nspname = ");
    return ath__dialect_literal(d, out, &where, error);
}
