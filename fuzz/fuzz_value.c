/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of any kind on their way into a column and into a field: what a column takes it takes again unchanged; what a field
 * takes it gives back, the same.  Bytes choose the kind, the column's type, the field's C type; the rest is the value.
 */
#include "fuzz.h"

#include "type/type.h"

static const char *const labels[] = {"a", "it's", "\xc3\xa9"};

static ath_type take_type(fuzz_input *in) {
    ath_type type = {.sql = (ath_sql_type)(fuzz_byte(in) % ATH_SQL_TYPE_COUNT)};
    uint8_t a = fuzz_byte(in), b = fuzz_byte(in);
    type.is_unsigned = a & 1;
    if (type.sql == ATH_SQL_STRING || type.sql == ATH_SQL_BINARY)
        type.length = a;
    if (type.sql == ATH_SQL_NUMERIC) {
        type.precision = a % 39;
        type.scale = (uint8_t)(type.precision ? b % (type.precision + 1) : 0);
    }
    if (type.sql == ATH_SQL_ENUM) {
        type.names = labels;
        type.name_count = 3;
    }
    return type;
}

/* Values as drivers make them: any bits, but decimals of 38 digits and text with its length. */
static void take_value(fuzz_input *in, ath_value *v, char **memory) {
    v->kind = (ath_kind)(fuzz_byte(in) % (ATH_KIND_JSON + 1));
    *memory = NULL;
    if (v->kind == ATH_KIND_BOOL) {
        v->as.b = fuzz_byte(in) & 1;
    } else if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON || v->kind == ATH_KIND_BYTES) {
        *memory = fuzz_rest(in, false);
        v->as.text = (ath_str){*memory, in->size};
    } else if (v->kind == ATH_KIND_DECIMAL) {
        *memory = fuzz_rest(in, false);
        if (ath_decimal_parse(*memory, in->size, &v->as.decimal) != ATH_OK)
            v->kind = ATH_KIND_NULL;
    } else {
        fuzz_take(in, &v->as.uuid, sizeof v->as.uuid);
    }
}

static void into_column(const ath_value *value, const ath_type *type, ath__arena *arena) {
    ath_value once = *value, twice;
    ath_error error;
    if (ath__value_coerce(&once, type, arena, &error) != ATH_OK) {
        FUZZ_CHECK(error.status == ATH_DATA && error.message[0] != '\0');
        FUZZ_CHECK(once.kind == value->kind); /* left alone */
        return;
    }
    twice = once;
    FUZZ_CHECK(ath__value_coerce(&twice, type, arena, NULL) == ATH_OK);
    FUZZ_CHECK(once.kind == twice.kind && ath__value_equal(&once, &twice));
    if (once.kind == ATH_KIND_TEXT && type->sql != ATH_SQL_INFER)
        FUZZ_CHECK(ath__utf8_valid(once.as.text.data, once.as.text.size) &&
                   !(once.as.text.size && memchr(once.as.text.data, 0, once.as.text.size)));
}

static void into_field(ath_ctype ctype, size_t size, const ath_value *value, const ath_type *type, ath__arena *arena) {
    union {
        char bytes[64];
        uint64_t aligned[8];
    } field, copy;
    ath_value out;
    ath_error error;
    memset(&field, 0, sizeof field);
    memset(&copy, 0, sizeof copy);
    if (!ath__ctype_holds(ctype, size, type))
        return;
    if (ath__field_set(ctype, size, type, &field, value, arena, &error) != ATH_OK) {
        FUZZ_CHECK(error.status == ATH_DATA && error.message[0] != '\0');
        FUZZ_CHECK(memcmp(&field, &copy, sizeof field) == 0); /* left alone */
        return;
    }
    for (size_t i = size ? size : ath__ctype_size(ctype); i < sizeof field; i++)
        FUZZ_CHECK(field.bytes[i] == 0); /* nothing beyond it */
    if (ath__field_get(ctype, size, type, &field, &out, &error) != ATH_OK)
        return; /* a label no enum has, a time of day beyond the day */
    ath__value_measure(&out);
    if (ath__field_set(ctype, size, type, &copy, &out, arena, NULL) == ATH_OK)
        FUZZ_CHECK(ath__field_equal(ctype, size, &field, &copy));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ath_ctype ctypes[] = {ATH_C_BOOL, ATH_C_I16,  ATH_C_I32,      ATH_C_I64,       ATH_C_U16,
                                       ATH_C_U32,  ATH_C_U64,  ATH_C_F32,      ATH_C_F64,       ATH_C_DECIMAL,
                                       ATH_C_DATE, ATH_C_TIME, ATH_C_DATETIME, ATH_C_TIMESTAMP, ATH_C_INTERVAL,
                                       ATH_C_UUID, ATH_C_TEXT, ATH_C_CHARS,    ATH_C_BYTES,     ATH_C_JSON};
    fuzz_input in = {data, size};
    ath_type type = take_type(&in);
    uint8_t choice = fuzz_byte(&in);
    ath_ctype ctype = ctypes[choice % (sizeof ctypes / sizeof ctypes[0])];
    ath_value value = {.kind = ATH_KIND_NULL};
    char *memory;
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    take_value(&in, &value, &memory);
    into_column(&value, &type, &arena);
    for (int kind = ATH_KIND_NULL; kind <= ATH_KIND_JSON; kind++) {
        ath_value out = {.kind = ATH_KIND_NULL};
        if (ath__value_convert(&value, (ath_kind)kind, &out, NULL) == ATH_OK && out.kind == value.kind)
            FUZZ_CHECK(ath__value_equal(&value, &out));
    }
    size_t field_size = ctype == ATH_C_CHARS ? 16 : ath__ctype_size(ctype);
    into_field(ctype, field_size, &value, &type, &arena);
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__value_print(&buf, &value, 20);
    ath__buf_done(&buf);
    ath__arena_done(&arena);
    free(memory);
    return 0;
}
