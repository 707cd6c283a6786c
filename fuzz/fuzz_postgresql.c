/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells as PostgreSQL sends them, in binary and in text: any bytes under any type become a value or an error, and a value's
 * text is UTF-8 or refused later, never beyond the cell.  The first byte chooses how the cell is read.
 */
#include "fuzz.h"

#if ATH_HAVE_POSTGRESQL

#include "backend/postgresql/postgresql.h"

static void use(const ath_value *value) {
    bool is_text = value->kind == ATH_KIND_TEXT || value->kind == ATH_KIND_JSON || value->kind == ATH_KIND_BYTES;
    if (is_text)
        FUZZ_CHECK(value->as.text.data != NULL && value->as.text.data[value->as.text.size] == '\0');
    for (int kind = ATH_KIND_BOOL; kind <= ATH_KIND_JSON; kind++) {
        ath_value out = {.kind = ATH_KIND_NULL};
        ath_status status = ath__value_convert(value, (ath_kind)kind, &out, NULL);
        FUZZ_CHECK(status == ATH_OK || status == ATH_DATA);
    }
    char text[ATH_INTERVAL_TEXT];
    FUZZ_CHECK(ath__value_format(value, text) < sizeof text);
}

/* A result of one row and column, as libpq would hold it. */
static PGresult *result_of(char *data, size_t size) {
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    static char name[] = "x";
    PGresAttDesc column = {.name = name, .format = 1};
    if (!result || !PQsetResultAttrs(result, 1, &column) || !PQsetvalue(result, 0, 0, data, (int)size))
        exit(1);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    FUZZ_CHECK(ath__libpq_load(NULL) == ATH_OK);
    fuzz_input in = {data, size};
    uint8_t choice = fuzz_byte(&in), cell = choice % (ATH__CELL_JSONB + 1);
    char *bytes = fuzz_rest(&in, false);
    ath__pg connection = {.allocator = ath__malloc_allocator};
    ath__pg_stmt statement = {.connection = &connection,
                              .result = result_of(bytes, in.size),
                              .columns = 1,
                              .cells = &cell,
                              .binary = choice < 128};
    ath_value value = {.kind = ATH_KIND_NULL};
    ath_error error;
    ath__arena_init(&statement.texts, &ath__malloc_allocator);
    if (cell == ATH__CELL_UNKNOWN)
        statement.binary = false;
    if (ath__pg_row(&statement, &value, 1, &error) == ATH_OK)
        use(&value);
    else
        FUZZ_CHECK((error.status == ATH_DATA || error.status == ATH_INTERNAL) && error.message[0] != '\0');
    ath__arena_done(&statement.texts);
    PQclear(statement.result);
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
