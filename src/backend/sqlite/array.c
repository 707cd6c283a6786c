/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: a list of any length as one value, a JSON array that json_each takes apart again.  One shape serves all lengths.
 *
 * The elements are written as SQLite keeps them: dates, decimals and uuids are texts.
 */
#include "backend/sqlite/sqlite.h"

#include <math.h>

static void write_text(ath__buf *out, const char *data, size_t size) {
    ath__buf_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char ch = (unsigned char)data[i];
        if (ch < 0x20)
            ath__buf_printf(out, "\\u%04x", ch);
        else if (ch == '"' || ch == '\\')
            ath__buf_printf(out, "\\%c", ch);
        else
            ath__buf_char(out, (char)ch);
    }
    ath__buf_char(out, '"');
}

/* false for what JSON cannot say: NaN, bytes, a text with a NUL inside. */
static bool write_element(ath__buf *out, const ath_value *v) {
    char room[ATH_INTERVAL_TEXT];
    switch (v->kind) {
    case ATH_KIND_NULL:
        ath__buf_str(out, "null");
        return true;
    case ATH_KIND_BOOL:
        ath__buf_str(out, v->as.b ? "1" : "0");
        return true;
    case ATH_KIND_INT:
        ath__buf_printf(out, "%lld", (long long)v->as.i);
        return true;
    case ATH_KIND_REAL:
        ath__buf_printf(out, "%.17g", v->as.d);
        return isfinite(v->as.d);
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        write_text(out, v->as.text.data, v->as.text.size);
        return !memchr(v->as.text.data, '\0', v->as.text.size);
    case ATH_KIND_UUID:
        write_text(out, room, ath__sqlite_uuid(v->as.uuid, room));
        return true;
    case ATH_KIND_UINT:
    case ATH_KIND_BYTES:
    case ATH_KIND_ARRAY:
        return false;
    default:
        write_text(out, room, ath__value_format(v, room));
        return true;
    }
}

int ath__sqlite_bind_array(ath__sqlite_stmt *s, int at, const ath_value *array) {
    ath__buf out;
    bool written = true;
    ath__buf_init(&out, &s->connection->allocator);
    ath__buf_char(&out, '[');
    for (size_t i = 0; i < array->as.array.count && written; i++) {
        if (i)
            ath__buf_char(&out, ',');
        written = write_element(&out, &array->as.array.items[i]);
    }
    ath__buf_char(&out, ']');
    int code = !written ? SQLITE_MISMATCH
               : out.failed
                   ? SQLITE_NOMEM
                   : sqlite3_bind_text64(s->stmt, at, ath__buf_text(&out), out.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    ath__buf_done(&out);
    return code;
}
