/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells as MySQL's wire has them: any bytes of any type become a value or an error, and the value's text lies inside of
 * them.  The first bytes choose the type, the second says unsigned and binary; the rest is the cell.
 */
#include "fuzz.h"

#if ATH_HAVE_MYSQL

#include "backend/mysql/client.h"

/* The types that are, and how many bytes the protocol gives them; -1: a length says. */
static const struct {
    uint8_t type;
    int8_t width;
} types[] = {{MYSQL_TYPE_TINY, 1},  {MYSQL_TYPE_SHORT, 2},       {MYSQL_TYPE_YEAR, 2},      {MYSQL_TYPE_LONG, 4},
             {MYSQL_TYPE_INT24, 4}, {MYSQL_TYPE_FLOAT, 4},       {MYSQL_TYPE_LONGLONG, 8},  {MYSQL_TYPE_DOUBLE, 8},
             {MYSQL_TYPE_BIT, -1},  {MYSQL_TYPE_DATE, -1},       {MYSQL_TYPE_DATETIME, -1}, {MYSQL_TYPE_TIMESTAMP, -1},
             {MYSQL_TYPE_TIME, -1}, {MYSQL_TYPE_NEWDECIMAL, -1}, {MYSQL_TYPE_JSON, -1},     {MYSQL_TYPE_STRING, -1},
             {MYSQL_TYPE_BLOB, -1}, {MYSQL_TYPE_GEOMETRY, -1}};

static void use(const ath_value *value, const char *cell, size_t size) {
    bool is_text = value->kind == ATH_KIND_TEXT || value->kind == ATH_KIND_JSON || value->kind == ATH_KIND_BYTES;
    if (is_text)
        FUZZ_CHECK(value->as.text.data >= cell && value->as.text.data + value->as.text.size <= cell + size);
    for (int kind = ATH_KIND_BOOL; kind <= ATH_KIND_JSON; kind++) {
        ath_value out = {.kind = ATH_KIND_NULL};
        if (ath__value_convert(value, (ath_kind)kind, &out, NULL) == ATH_OK)
            FUZZ_CHECK(out.kind == (ath_kind)kind || (kind == ATH_KIND_INT && out.kind == ATH_KIND_UINT) ||
                       (kind == ATH_KIND_UINT && out.kind == ATH_KIND_INT));
    }
    char text[ATH_INTERVAL_TEXT];
    FUZZ_CHECK(ath__value_format(value, text) < sizeof text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in = {data, size};
    uint8_t type = fuzz_byte(&in) % (sizeof types / sizeof types[0]), flags = fuzz_byte(&in);
    ath__mysql_column column = {.name = "x",
                                .type = types[type].type,
                                .is_unsigned = flags & 1,
                                .is_binary = flags & 2,
                                .width = types[type].width};
    if (column.width >= 0) {
        if (in.size < (size_t)column.width)
            return 0;
        in.size = (size_t)column.width;
    }
    char *bytes = fuzz_rest(&in, true);
    ath_value cell = {.kind = ATH__MYSQL_LATE, .as.bytes = {bytes, in.size}};
    ath__mysql_stmt statement = {.column_count = 1, .columns = &column, .cells = &cell};
    ath_value value = {.kind = ATH_KIND_NULL};
    ath_error error;
    if (ath__mysql_row(&statement, &value, 1, &error) == ATH_OK)
        use(&value, bytes, in.size);
    else
        FUZZ_CHECK(error.status == ATH_DATA && error.message[0] != '\0');
    free(bytes);
    return 0;
}

#else

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    (void)data;
    (void)size;
    return 0;
}

#endif
