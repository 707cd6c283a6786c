/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what is known of its types by their object ids.
 *
 * The ids of built-in types never change.  Those of a database's own types (enums, domains' bases, extensions) are looked
 * up once per connection, to learn whether their binary form is plain text.
 */
#include "backend/postgresql/postgresql.h"

static const struct {
    uint16_t oid, array;
    uint8_t cell;
} built_in[] = {
    {ATH__OID_BOOL, 1000, ATH__CELL_BOOL},
    {ATH__OID_BYTEA, 1001, ATH__CELL_BYTEA},
    {ATH__OID_NAME, 1003, ATH__CELL_TEXT},
    {ATH__OID_INT8, 1016, ATH__CELL_INT8},
    {ATH__OID_INT2, 1005, ATH__CELL_INT2},
    {ATH__OID_INT4, 1007, ATH__CELL_INT4},
    {ATH__OID_TEXT, 1009, ATH__CELL_TEXT},
    {ATH__OID_OID, 1028, ATH__CELL_OID},
    {ATH__OID_JSON, 199, ATH__CELL_JSON},
    {ATH__OID_XML, 143, ATH__CELL_TEXT},
    {ATH__OID_FLOAT4, 1021, ATH__CELL_FLOAT4},
    {ATH__OID_FLOAT8, 1022, ATH__CELL_FLOAT8},
    {ATH__OID_UNKNOWN, 0, ATH__CELL_TEXT},
    {ATH__OID_BPCHAR, 1014, ATH__CELL_TEXT},
    {ATH__OID_VARCHAR, 1015, ATH__CELL_TEXT},
    {ATH__OID_DATE, 1182, ATH__CELL_DATE},
    {ATH__OID_TIME, 1183, ATH__CELL_TIME},
    {ATH__OID_TIMESTAMP, 1115, ATH__CELL_TIMESTAMP},
    {ATH__OID_TIMESTAMPTZ, 1185, ATH__CELL_TIMESTAMPTZ},
    {ATH__OID_INTERVAL, 1187, ATH__CELL_INTERVAL},
    {ATH__OID_NUMERIC, 1231, ATH__CELL_NUMERIC},
    {ATH__OID_VOID, 0, ATH__CELL_TEXT},
    {ATH__OID_UUID, 2951, ATH__CELL_UUID},
    {ATH__OID_JSONB, 3807, ATH__CELL_JSONB},
};

ath__pg_cell ath__pg_cell_of(Oid oid) {
    for (size_t i = 0; i < ATH_COUNT_OF(built_in); i++)
        if (built_in[i].oid == oid)
            return (ath__pg_cell)built_in[i].cell;
    return ATH__CELL_UNKNOWN;
}

Oid ath__pg_element_of(Oid array) {
    for (size_t i = 0; array && i < ATH_COUNT_OF(built_in); i++)
        if (built_in[i].array == array)
            return built_in[i].oid;
    return 0;
}

Oid ath__pg_array_of(Oid element) {
    for (size_t i = 0; element && i < ATH_COUNT_OF(built_in); i++)
        if (built_in[i].oid == element)
            return built_in[i].array;
    return 0;
}

Oid ath__pg_oid_of_kind(ath_kind kind) {
    static const Oid oids[] = {
        [ATH_KIND_BOOL] = ATH__OID_BOOL,          [ATH_KIND_INT] = ATH__OID_INT8,
        [ATH_KIND_UINT] = ATH__OID_NUMERIC,       [ATH_KIND_REAL] = ATH__OID_FLOAT8,
        [ATH_KIND_DECIMAL] = ATH__OID_NUMERIC,    [ATH_KIND_BYTES] = ATH__OID_BYTEA,
        [ATH_KIND_DATE] = ATH__OID_DATE,          [ATH_KIND_TIME] = ATH__OID_TIME,
        [ATH_KIND_DATETIME] = ATH__OID_TIMESTAMP, [ATH_KIND_TIMESTAMP] = ATH__OID_TIMESTAMPTZ,
        [ATH_KIND_INTERVAL] = ATH__OID_INTERVAL,  [ATH_KIND_UUID] = ATH__OID_UUID,
    };
    return (size_t)kind < ATH_COUNT_OF(oids) ? oids[kind] : 0;
}

/* Text, enums and JSON are left to the server, who knows which of its types is meant. */
Oid ath__pg_oid_of_type(const ath_type *type) {
    static const Oid oids[ATH_SQL_TYPE_COUNT] = {
        [ATH_SQL_BOOLEAN] = ATH__OID_BOOL,       [ATH_SQL_SMALLINT] = ATH__OID_INT4,
        [ATH_SQL_INTEGER] = ATH__OID_INT4,       [ATH_SQL_BIGINT] = ATH__OID_INT8,
        [ATH_SQL_FLOAT] = ATH__OID_FLOAT8,       [ATH_SQL_DOUBLE] = ATH__OID_FLOAT8,
        [ATH_SQL_NUMERIC] = ATH__OID_NUMERIC,    [ATH_SQL_BINARY] = ATH__OID_BYTEA,
        [ATH_SQL_DATE] = ATH__OID_DATE,          [ATH_SQL_TIME] = ATH__OID_TIME,
        [ATH_SQL_DATETIME] = ATH__OID_TIMESTAMP, [ATH_SQL_TIMESTAMP] = ATH__OID_TIMESTAMPTZ,
        [ATH_SQL_INTERVAL] = ATH__OID_INTERVAL,  [ATH_SQL_UUID] = ATH__OID_UUID,
    };
    if (type->is_unsigned && type->sql == ATH_SQL_INTEGER)
        return ATH__OID_INT8;
    if (type->is_unsigned && type->sql == ATH_SQL_BIGINT)
        return ATH__OID_NUMERIC;
    return oids[type->sql];
}

/* ---- types of the database's own making ---- */

static const ath__pg_type *find(const ath__pg *c, Oid oid) {
    for (size_t i = 0; i < c->type_count; i++)
        if (c->types[i].oid == oid)
            return &c->types[i];
    return NULL;
}

bool ath__pg_is_text(const ath__pg *c, Oid oid) {
    const ath__pg_type *own = oid >= ATH__OID_FIRST_OWN ? find(c, oid) : NULL;
    return own ? own->is_text : ath__pg_cell_of(oid) == ATH__CELL_TEXT;
}

static ath_status remember(ath__pg *c, Oid oid, bool is_text, ath_error *error) {
    if (c->type_count == c->type_capacity) {
        size_t capacity = c->type_capacity ? c->type_capacity * 2 : 16;
        ath__pg_type *larger =
            ath__realloc(&c->allocator, c->types, c->type_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(error);
        c->types = larger;
        c->type_capacity = capacity;
    }
    c->types[c->type_count++] = (ath__pg_type){oid, is_text};
    return ATH_OK;
}

static ath_status ask(ath__pg *c, Oid oid, ath_error *error) {
    static const char sql[] = "SELECT p.prosrc IN ('textsend', 'enum_send', 'varcharsend', 'bpcharsend', 'namesend')"
                              " FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_proc AS p ON p.oid = t.typsend"
                              " WHERE t.oid = $1::pg_catalog.oid";
    char number[16];
    const char *values[] = {number};
    PGresult *result = NULL;
    snprintf(number, sizeof number, "%u", oid);
    ATH_TRY(ath__pg_query(c, sql, 1, values, &result, error));
    bool is_text = PQntuples(result) == 1 && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    return remember(c, oid, is_text, error);
}

ath_status ath__pg_look_up(ath__pg *c, const PGresult *described, ath_error *error) {
    int columns = PQnfields(described);
    for (int i = 0; i < columns; i++) {
        Oid oid = PQftype(described, i);
        if (oid >= ATH__OID_FIRST_OWN && !find(c, oid))
            ATH_TRY(ask(c, oid, error));
    }
    return ATH_OK;
}
