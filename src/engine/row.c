/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 6: reading a row by position and by name.
 */
#include "engine/result.h"

/* What a value of each SQL type is in C. */
static const ath_kind kinds[ATH_SQL_TYPE_COUNT] = {
    [ATH_SQL_BOOLEAN] = ATH_KIND_BOOL,      [ATH_SQL_SMALLINT] = ATH_KIND_INT,
    [ATH_SQL_INTEGER] = ATH_KIND_INT,       [ATH_SQL_BIGINT] = ATH_KIND_INT,
    [ATH_SQL_FLOAT] = ATH_KIND_REAL,        [ATH_SQL_DOUBLE] = ATH_KIND_REAL,
    [ATH_SQL_NUMERIC] = ATH_KIND_DECIMAL,   [ATH_SQL_STRING] = ATH_KIND_TEXT,
    [ATH_SQL_TEXT] = ATH_KIND_TEXT,         [ATH_SQL_BINARY] = ATH_KIND_BYTES,
    [ATH_SQL_DATE] = ATH_KIND_DATE,         [ATH_SQL_TIME] = ATH_KIND_TIME,
    [ATH_SQL_DATETIME] = ATH_KIND_DATETIME, [ATH_SQL_TIMESTAMP] = ATH_KIND_TIMESTAMP,
    [ATH_SQL_INTERVAL] = ATH_KIND_INTERVAL, [ATH_SQL_UUID] = ATH_KIND_UUID,
    [ATH_SQL_JSON] = ATH_KIND_JSON,         [ATH_SQL_ENUM] = ATH_KIND_TEXT,
    [ATH_SQL_ARRAY] = ATH_KIND_TEXT,        [ATH_SQL_NAMED] = ATH_KIND_TEXT,
};

/* The text of anything that is not text itself. */
static size_t format(const ath_value *v, char text[ATH_INTERVAL_TEXT]) {
    if (v->kind == ATH_KIND_INT)
        return (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%lld", (long long)v->as.i);
    if (v->kind == ATH_KIND_UINT)
        return (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%llu", (unsigned long long)v->as.u);
    if (v->kind == ATH_KIND_BOOL)
        return (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%s", v->as.b ? "true" : "false");
    return ath__value_format(v, text);
}

ath_status ath__result_convert(ath_result *r, ath_value *cell, const ath_type *type) {
    ath_kind kind = kinds[type->sql];
    if (kind == ATH_KIND_JSON && (cell->kind == ATH_KIND_INT || cell->kind == ATH_KIND_REAL)) {
        /* a document that is a bare number may come back as one */
        char text[ATH_INTERVAL_TEXT];
        size_t size = format(cell, text);
        const char *copy = ath__arena_strn(&r->row_arena, text, size);
        *cell = (ath_value){.kind = ATH_KIND_JSON, .as.text = {copy, size}};
        return copy ? ATH_OK : ath__fail_memory(&r->error);
    }
    if (cell->kind == kind || (kind == ATH_KIND_INT && cell->kind == ATH_KIND_UINT))
        return ATH_OK;
    ATH_TRY(ath__value_convert(cell, kind, cell, &r->error));
    if (kind == ATH_KIND_DECIMAL && type->precision) /* 12.34 in a NUMERIC(10, 3) is 12.340 */
        (void)ath_decimal_rescale(cell->as.decimal, type->scale, &cell->as.decimal);
    return ATH_OK;
}

/* ---- by position and by name ---- */

const ath_value *ath_row_at(const ath_row *row, size_t i) {
    return row && i < row->count ? &row->values[i] : NULL;
}

/* As the statement says it, which not every database repeats to the letter; for columns that only it knows, its own. */
static const char *present_name(const ath_result *r, size_t i) {
    const ath__compiled *compiled = &r->prepared->compiled;
    if (i < compiled->column_count)
        return compiled->columns[i].name;
    return r->connection->driver->column_name(r->prepared->statement, i);
}

void ath__result_keep_names(ath_result *r) {
    const char **names = ath__arena_zero(&r->arena, (r->columns + 1) * sizeof *names);
    for (size_t i = 0; names && i < r->columns; i++)
        names[i] = ath__arena_str(&r->arena, present_name(r, i));
    r->names = names;
}

const char *ath_result_column_name(const ath_result *r, size_t i) {
    if (!r || i >= r->columns)
        return NULL;
    if (r->prepared)
        return present_name(r, i);
    return r->names && r->names[i] ? r->names[i] : "";
}

const ath_value *ath_row_get(const ath_row *row, const char *name) {
    for (size_t i = 0; row && name && i < row->count; i++)
        if (strcmp(ath_result_column_name(row->result, i), name) == 0)
            return &row->values[i];
    return NULL;
}

bool ath_row_is_null(const ath_row *row, size_t i) {
    return !row || i >= row->count || row->values[i].kind == ATH_KIND_NULL;
}

int64_t ath_row_int(const ath_row *row, size_t i) {
    ath_value v;
    if (!row || i >= row->count)
        return 0;
    if (row->values[i].kind == ATH_KIND_BOOL)
        return row->values[i].as.b;
    if (ath__value_convert(&row->values[i], ATH_KIND_INT, &v, NULL) != ATH_OK || v.kind != ATH_KIND_INT)
        return 0;
    return v.as.i;
}

double ath_row_real(const ath_row *row, size_t i) {
    ath_value v;
    if (!row || i >= row->count)
        return 0;
    if (row->values[i].kind == ATH_KIND_DECIMAL)
        return ath_decimal_to_double(row->values[i].as.decimal);
    if (ath__value_convert(&row->values[i], ATH_KIND_REAL, &v, NULL) != ATH_OK || v.kind != ATH_KIND_REAL)
        return 0;
    return v.as.d;
}

/* Numbers and times are written into the result's memory. */
const char *ath_row_text(const ath_row *row, size_t i) {
    if (!row || i >= row->count || row->values[i].kind == ATH_KIND_NULL || row->values[i].kind == ATH_KIND_BYTES)
        return NULL;
    const ath_value *v = &row->values[i];
    if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON)
        return v->as.text.data;
    char text[ATH_INTERVAL_TEXT];
    size_t size = format(v, text);
    /* A kept row may be read long after the present one: its texts go where it lives. */
    bool present = row == &row->result->row;
    return ath__arena_strn(present ? &row->result->row_arena : &row->result->arena, text, size);
}
