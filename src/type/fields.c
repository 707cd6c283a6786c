/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 7, the hot loop: all cells of a row into the fields of a struct.
 *
 * Each field has a step worked out once; a step that meets the kind it expects stores it on the spot, everything else
 * (NULLs, other kinds, rare types) goes through ath__field_set, which knows all cases and all errors.
 */
#include "type/type.h"

/* What is expected where; PLAIN means: always ask ath__field_set. */
enum {
    PLAIN = 0,
    STORE_I64,
    STORE_I32,
    STORE_BOOL,
    STORE_F64,
    STORE_TEXT,
    STORE_DATETIME,
    STORE_TIMESTAMP,
    STORE_OPT_I64,
    STORE_OPT_I32
};

static uint8_t step_of(ath_ctype ctype, const ath_type *type) {
    if (type->sql == ATH_SQL_ENUM)
        return PLAIN;
    switch ((int)ctype) {
    case ATH_C_I64:
        return STORE_I64;
    case ATH_C_I32:
        return STORE_I32;
    case ATH_C_BOOL:
        return STORE_BOOL;
    case ATH_C_F64:
        return STORE_F64;
    case ATH_C_TEXT:
        return STORE_TEXT;
    case ATH_C_DATETIME:
        return type->sql == ATH_SQL_DATETIME ? STORE_DATETIME : PLAIN;
    case ATH_C_TIMESTAMP:
        return type->sql == ATH_SQL_TIMESTAMP ? STORE_TIMESTAMP : PLAIN;
    case ATH_C_I64 + ATH_C_OPTIONAL:
        return STORE_OPT_I64;
    case ATH_C_I32 + ATH_C_OPTIONAL:
        return STORE_OPT_I32;
    default:
        return PLAIN;
    }
}

/* Whether the column takes all that the field can hold (text: but for its length and encoding). */
static bool is_whole(uint8_t step, const ath_type *type) {
    switch (step) {
    case STORE_I64:
    case STORE_OPT_I64:
        return type->sql == ATH_SQL_BIGINT && !type->is_unsigned;
    case STORE_I32:
    case STORE_OPT_I32:
        return (type->sql == ATH_SQL_BIGINT || type->sql == ATH_SQL_INTEGER) && !type->is_unsigned;
    case STORE_BOOL:
        return type->sql == ATH_SQL_BOOLEAN;
    case STORE_F64:
        return type->sql == ATH_SQL_DOUBLE;
    case STORE_TEXT:
        return type->sql == ATH_SQL_STRING || type->sql == ATH_SQL_TEXT;
    case STORE_DATETIME:
    case STORE_TIMESTAMP:
        return true;
    default:
        return false;
    }
}

void ath__field_init(ath__field *f, uint32_t offset, uint32_t size, ath_ctype ctype, const ath_type *type) {
    *f = (ath__field){.offset = offset, .size = size, .ctype = ctype, .step = step_of(ctype, type), .type = type};
    f->whole = is_whole(f->step, type);
}

/* Copies text that is ASCII without a NUL, which most is; false when it is not, or is to be looked at more closely. */
static inline bool copy_ascii(char *to, const char *from, size_t size) {
    const uint64_t low = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t word, odd = 0;
    size_t at = 0;
    for (; at + sizeof word <= size; at += sizeof word) {
        memcpy(&word, from + at, sizeof word);
        memcpy(to + at, &word, sizeof word);
        odd |= (word | ((word - low) & ~word)) & high;
    }
    if (at < size && size >= sizeof word) { /* the rest, together with what came before it */
        memcpy(&word, from + size - sizeof word, sizeof word);
        memcpy(to + size - sizeof word, &word, sizeof word);
        odd |= (word | ((word - low) & ~word)) & high;
        at = size;
    }
    for (; at < size; at++) {
        to[at] = from[at];
        odd |= from[at] <= 0;
    }
    to[size] = '\0';
    return !odd;
}

static inline bool store_text(void *field, ath_str text, ath__arena *arena) {
    char *copy = ath__arena_bytes(arena, text.size + 1);
    if (!copy || !copy_ascii(copy, text.data, text.size))
        return false;
    memcpy(field, &copy, sizeof copy);
    return true;
}

static inline bool store_i32(void *field, int64_t i) {
    int32_t narrow = (int32_t)i;
    memcpy(field, &narrow, sizeof narrow);
    return narrow == i;
}

/* True when the step's own way was enough. */
static inline bool store_expected(const ath__field *f, void *field, const ath_value *cell, ath__arena *arena) {
    switch (f->step) {
    case STORE_I64:
        memcpy(field, &cell->as.i, sizeof cell->as.i);
        return cell->kind == ATH_KIND_INT;
    case STORE_I32:
        return cell->kind == ATH_KIND_INT && store_i32(field, cell->as.i);
    case STORE_BOOL:
        if (cell->kind == ATH_KIND_BOOL) {
            *(bool *)field = cell->as.b;
            return true;
        }
        *(bool *)field = cell->as.i == 1;
        return cell->kind == ATH_KIND_INT && (cell->as.i & ~INT64_C(1)) == 0;
    case STORE_F64:
        memcpy(field, &cell->as.d, sizeof cell->as.d);
        return cell->kind == ATH_KIND_REAL;
    case STORE_TEXT:
        return cell->kind == ATH_KIND_TEXT && store_text(field, cell->as.text, arena);
    case STORE_DATETIME:
        if (cell->kind == ATH_KIND_TEXT)
            return ath_datetime_parse(cell->as.text.data, cell->as.text.size, field) == ATH_OK;
        memcpy(field, &cell->as.datetime, sizeof cell->as.datetime);
        return cell->kind == ATH_KIND_DATETIME;
    case STORE_TIMESTAMP: /* without a zone: UTC */
        memcpy(field, &cell->as.timestamp, sizeof cell->as.timestamp);
        return cell->kind == ATH_KIND_TIMESTAMP || cell->kind == ATH_KIND_DATETIME;
    case STORE_OPT_I64:
        ((ath_opt_i64 *)field)->has = true;
        ((ath_opt_i64 *)field)->value = cell->as.i;
        return cell->kind == ATH_KIND_INT;
    case STORE_OPT_I32:
        ((ath_opt_i32 *)field)->has = true;
        return cell->kind == ATH_KIND_INT && store_i32(&((ath_opt_i32 *)field)->value, cell->as.i);
    default:
        return false;
    }
}

/* What a step wrote before it found the cell odd is overwritten, or the caller drops the struct. */
size_t ath__fields_set(const ath__field *fields, size_t count, void *object, const ath_value *cells, ath__arena *arena,
                       ath_error *error) {
    for (size_t i = 0; i < count; i++) {
        const ath__field *f = &fields[i];
        void *field = (char *)object + f->offset;
        if (!store_expected(f, field, &cells[i], arena) &&
            ath__field_set(f->ctype, f->size, f->type, field, &cells[i], arena, error) != ATH_OK)
            return i;
    }
    return count;
}

static bool take_text(const ath__field *f, void *field, ath__arena *arena, ath_value *out) {
    const char *text;
    memcpy(&text, field, sizeof text);
    out->kind = text ? ATH_KIND_TEXT : ATH_KIND_NULL;
    if (!text)
        return true;
    size_t size = strlen(text);
    if ((f->type->length && size > f->type->length) || !store_text(field, (ath_str){text, size}, arena))
        return false;
    memcpy(&out->as.text.data, field, sizeof out->as.text.data);
    out->as.text.size = size;
    return true;
}

static inline bool take_integer(ath_value *out, bool has, int64_t i) {
    out->kind = has ? ATH_KIND_INT : ATH_KIND_NULL;
    out->as.i = i;
    return true;
}

bool ath__field_take(const ath__field *f, void *object, ath__arena *arena, ath_value *out) {
    void *field = (char *)object + f->offset;
    if (!f->whole)
        return false;
    switch (f->step) {
    case STORE_I64:
        return take_integer(out, true, *(const int64_t *)field);
    case STORE_I32:
        return take_integer(out, true, *(const int32_t *)field);
    case STORE_OPT_I64:
        return take_integer(out, ((const ath_opt_i64 *)field)->has, ((const ath_opt_i64 *)field)->value);
    case STORE_OPT_I32:
        return take_integer(out, ((const ath_opt_i32 *)field)->has, ((const ath_opt_i32 *)field)->value);
    case STORE_BOOL:
        out->kind = ATH_KIND_BOOL;
        out->as.b = *(const bool *)field;
        return true;
    case STORE_F64:
        out->kind = ATH_KIND_REAL;
        out->as.d = *(const double *)field;
        return true;
    case STORE_DATETIME:
        out->kind = ATH_KIND_DATETIME;
        memcpy(&out->as.datetime, field, sizeof out->as.datetime);
        return true;
    case STORE_TIMESTAMP:
        out->kind = ATH_KIND_TIMESTAMP;
        memcpy(&out->as.timestamp, field, sizeof out->as.timestamp);
        return true;
    default:
        return take_text(f, field, arena, out);
    }
}
