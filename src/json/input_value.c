/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: one value of JSON becomes a field of a struct, or problems.
 *
 * The type comes first: what is no number has no range.  Then all rules of the column are looked at, then the format, and at
 * last the program's own check, which sees sound values only.  Messages name limits and labels, never the value.
 */
#include "json/input.h"

typedef struct reading {
    ath_input *in;
    const ath__in_at *at;
    const ath_table *table;
    const ath__column *column;
    const ath_input_field_opts *said;
    const ath__node *node;
} reading;

static unsigned base_of(const ath__column *c) {
    return (unsigned)c->ctype & ~(unsigned)ATH_C_OPTIONAL;
}

static bool no_memory(const reading *r) {
    ath__fail_memory(&r->in->error);
    return false;
}

#define PROBLEM(r, code, ...) ath__in_problem((r)->in, (r)->at, code, __VA_ARGS__)

/* ---- numbers ---- */

static bool need_number(const reading *r, const char *what) {
    return r->node->kind == ATH__NODE_NUMBER || PROBLEM(r, "type", "it must be %s", what);
}

/* What the C field and the column's type can both hold. */
static void integer_limits(const ath__column *c, int64_t *low, uint64_t *high) {
    static const struct {
        int64_t low;
        uint64_t high;
    } fields[] = {
        [ATH_C_I16] = {INT16_MIN, INT16_MAX}, [ATH_C_I32] = {INT32_MIN, INT32_MAX},
        [ATH_C_I64] = {INT64_MIN, INT64_MAX}, [ATH_C_U16] = {0, UINT16_MAX},
        [ATH_C_U32] = {0, UINT32_MAX},        [ATH_C_U64] = {0, UINT64_MAX},
    };
    int bits = c->type.sql == ATH_SQL_SMALLINT ? 16 : c->type.sql == ATH_SQL_INTEGER ? 32 : 64;
    unsigned base = base_of(c);
    *low = c->type.is_unsigned ? 0 : INT64_MIN >> (64 - bits);
    *high = c->type.is_unsigned ? UINT64_MAX >> (64 - bits) : (uint64_t)(INT64_MAX >> (64 - bits));
    if (base < ATH_C_I16 || base > ATH_C_U64)
        return;
    *low = *low > fields[base].low ? *low : fields[base].low;
    *high = *high < fields[base].high ? *high : fields[base].high;
}

static bool read_integer(const reading *r, ath_value *out) {
    int64_t low;
    uint64_t high;
    if (!need_number(r, "an integer"))
        return false;
    integer_limits(r->column, &low, &high);
    ath__integer got = ath__number_integer(r->node->text, out);
    if (got == ATH__INTEGER_FRACTION)
        return PROBLEM(r, "fraction", "it must be an integer: a number without a fraction");
    bool fits = got == ATH__INTEGER_OK &&
                (out->kind == ATH_KIND_UINT ? out->as.u <= high
                                            : out->as.i >= low && (out->as.i < 0 || (uint64_t)out->as.i <= high));
    return fits || PROBLEM(r, "out_of_range", "it must be from %lld to %llu", (long long)low, (unsigned long long)high);
}

static bool read_real(const reading *r, ath_value *out) {
    double d;
    if (!need_number(r, "a number"))
        return false;
    bool narrow = base_of(r->column) == ATH_C_F32;
    if (!ath__number_real(r->node->text, &d) || (narrow && !ath__is_float(d)))
        return PROBLEM(r, "out_of_range", "the number is too large or has too many digits");
    *out = (ath_value){.kind = ATH_KIND_REAL, .as.d = d};
    return true;
}

static bool fits_column(const reading *r, ath_value *out) {
    return ath__value_coerce(out, &r->column->type, NULL, NULL) == ATH_OK;
}

static bool read_decimal(const reading *r, ath_value *out) {
    enum { SAFE_DIGITS = 15 }; /* what each JSON library of the world carries */
    const ath__node *n = r->node;
    const ath_type *type = &r->column->type;
    if (n->kind != ATH__NODE_NUMBER && (n->kind != ATH__NODE_STRING || !ath__is_number(n->text.data, n->text.size)))
        return PROBLEM(r, "type", "it must be a decimal: a string of digits with a point, or a number");
    if (n->kind == ATH__NODE_NUMBER && ath__number_digits(n->text) > SAFE_DIGITS)
        return PROBLEM(r, "digits", "a number of more than 15 digits must be sent as a string");
    out->kind = ATH_KIND_DECIMAL;
    if (ath_decimal_parse(n->text.data, n->text.size, &out->as.decimal) != ATH_OK)
        return PROBLEM(r, "digits", "it may have at most 38 digits");
    if (fits_column(r, out))
        return true;
    return PROBLEM(r, "digits", "it may have at most %d digits before the point and %d behind it",
                   type->precision - type->scale, type->scale);
}

/* ---- text and what is written as text ---- */

static bool need_text(const reading *r, const char *what) {
    if (r->node->kind != ATH__NODE_STRING)
        return PROBLEM(r, "type", "it must be %s", what);
    if (r->node->text.size && memchr(r->node->text.data, '\0', r->node->text.size))
        return PROBLEM(r, "nul", "it may not hold a NUL character");
    return true;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool read_text(const reading *r, ath_value *out) {
    if (!need_text(r, "a string"))
        return false;
    const char *at = r->node->text.data, *end = at + r->node->text.size;
    while (r->said->strip && at < end && is_space(*at))
        at++;
    while (r->said->strip && at < end && is_space(end[-1]))
        end--;
    char *copy = ath__arena_strn(&r->in->arena, at, (size_t)(end - at));
    if (!copy)
        return no_memory(r);
    for (char *c = copy; r->said->lower && *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + ('a' - 'A') : *c);
    *out = (ath_value){.kind = ATH_KIND_TEXT, .as.text = {copy, (size_t)(end - at)}};
    return true;
}

static bool read_label(const reading *r, ath_value *out) {
    const ath_type *type = &r->column->type;
    char labels[400] = "";
    size_t size = 0;
    if (!read_text(r, out))
        return false;
    if (!type->name_count || fits_column(r, out))
        return true;
    for (uint32_t i = 0; i < type->name_count && size < sizeof labels; i++)
        size += (size_t)snprintf(labels + size, sizeof labels - size, "%s%.100s", i ? ", " : "", type->names[i]);
    return PROBLEM(r, "enum", "it must be one of: %s%s", labels, size < sizeof labels ? "" : " ...");
}

static bool read_bytes(const reading *r, ath_value *out) {
    if (!need_text(r, "a string of base64"))
        return false;
    size_t size;
    unsigned char *data = ath__arena_alloc(&r->in->arena, r->node->text.size / 4 * 3 + 1);
    if (!data)
        return no_memory(r);
    if (!ath__base64_read(r->node->text.data, r->node->text.size, data, &size))
        return PROBLEM(r, "format", "it must be base64 with padding (RFC 4648)");
    *out = (ath_value){.kind = ATH_KIND_BYTES, .as.bytes = {data, size}};
    return true;
}

/* Dates, times, intervals, uuids. */
static bool read_parsed(const reading *r, ath_kind kind, const char *what, ath_value *out) {
    if (!need_text(r, what))
        return false;
    const char *text = r->node->text.data;
    size_t size = r->node->text.size;
    bool fine;
    out->kind = kind;
    switch (kind) {
    case ATH_KIND_DATE:
        fine = ath__is_date(text, size, &out->as.date);
        break;
    case ATH_KIND_TIME:
        fine = ath__is_time(text, size, &out->as.time);
        break;
    case ATH_KIND_DATETIME:
        fine = ath__is_datetime(text, size, &out->as.datetime);
        break;
    case ATH_KIND_TIMESTAMP:
        fine = ath__is_timestamp(text, size, &out->as.timestamp);
        break;
    case ATH_KIND_INTERVAL:
        fine = ath_interval_parse(text, size, &out->as.interval) == ATH_OK;
        break;
    default:
        fine = ath__is_uuid(text, size, &out->as.uuid);
    }
    return fine || PROBLEM(r, "format", "it must be %s", what);
}

static bool read_bool(const reading *r, ath_value *out) {
    *out = (ath_value){.kind = ATH_KIND_BOOL, .as.b = r->node->yes};
    return r->node->kind == ATH__NODE_BOOL || PROBLEM(r, "type", "it must be true or false");
}

static bool read_document(const reading *r, ath_value *out) {
    *out = (ath_value){.kind = ATH_KIND_JSON};
    return ath__in_document(r->in, r->at, r->node, &out->as.text);
}

static bool read_kind(const reading *r, ath_value *out) {
    const ath_type *type = &r->column->type;
    if (base_of(r->column) == ATH_C_BOOL)
        return read_bool(r, out);
    switch (type->sql) {
    case ATH_SQL_BOOLEAN:
        return read_bool(r, out);
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
        return read_integer(r, out);
    case ATH_SQL_FLOAT:
    case ATH_SQL_DOUBLE:
        return read_real(r, out);
    case ATH_SQL_NUMERIC:
        return read_decimal(r, out);
    case ATH_SQL_BINARY:
        return read_bytes(r, out);
    case ATH_SQL_DATE:
        return read_parsed(r, ATH_KIND_DATE, "a date, as 2024-01-31", out);
    case ATH_SQL_TIME:
        return read_parsed(r, ATH_KIND_TIME, "a time of day, as 12:34:56", out);
    case ATH_SQL_DATETIME:
        return read_parsed(r, ATH_KIND_DATETIME, "a date and time without a zone, as 2024-01-31T12:34:56", out);
    case ATH_SQL_TIMESTAMP:
        return read_parsed(r, ATH_KIND_TIMESTAMP, "a moment, as 2024-01-31T12:34:56Z", out);
    case ATH_SQL_INTERVAL:
        return read_parsed(r, ATH_KIND_INTERVAL, "a span of time, as P1DT12H", out);
    case ATH_SQL_UUID:
        return read_parsed(r, ATH_KIND_UUID, "a UUID, as 123e4567-e89b-12d3-a456-426614174000", out);
    case ATH_SQL_JSON:
        return read_document(r, out);
    case ATH_SQL_ENUM:
        return read_label(r, out);
    default:
        return read_text(r, out);
    }
}

/* ---- rules ---- */

static void print_bound(const ath_value *v, char out[ATH_INTERVAL_TEXT]) {
    if (v->kind == ATH_KIND_INT)
        snprintf(out, ATH_INTERVAL_TEXT, "%lld", (long long)v->as.i);
    else if (v->kind == ATH_KIND_UINT)
        snprintf(out, ATH_INTERVAL_TEXT, "%llu", (unsigned long long)v->as.u);
    else
        ath__value_format(v, out);
}

static void say_breach(const reading *r, const ath__breach *b) {
    char bound[ATH_INTERVAL_TEXT] = "";
    bool low = strncmp(b->rule, "min", 3) == 0;
    const char *unit = b->bytes ? "byte" : "character";
    if (b->pattern) {
        PROBLEM(r, "pattern", "it must match %.200s", b->pattern);
    } else if (b->bound) {
        print_bound(b->bound, bound);
        PROBLEM(r, low ? "too_small" : "too_big", "it must be at %s %s", low ? "least" : "most", bound);
    } else {
        PROBLEM(r, low ? "too_short" : "too_long", "it must have at %s %u %s%s", low ? "least" : "most", b->limit, unit,
                b->limit == 1 ? "" : "s");
    }
}

/* The length of the type is a rule, too, unless .max_length is a stricter one. */
static bool check_length(const reading *r, const ath_value *v, bool said) {
    const ath_type *type = &r->column->type;
    bool text = v->kind == ATH_KIND_TEXT && type->sql == ATH_SQL_STRING;
    bool bytes = v->kind == ATH_KIND_BYTES;
    if (said || !type->length || (!text && !bytes))
        return true;
    size_t length = bytes ? v->as.bytes.size : ath__utf8_length(v->as.text.data, v->as.text.size);
    return length <= type->length || PROBLEM(r, "too_long", "it must have at most %u %s%s", type->length,
                                             bytes ? "byte" : "character", type->length == 1 ? "" : "s");
}

static bool check_rules(const reading *r, const ath_value *v) {
    ath__breach breaches[ATH__BREACHES];
    size_t count;
    bool too_long = false;
    if (ath__rules_breaches(r->column, v, breaches, &count) != ATH_OK)
        return no_memory(r);
    for (size_t i = 0; i < count; i++) {
        too_long = too_long || strcmp(breaches[i].rule, "max_length") == 0;
        say_breach(r, &breaches[i]);
    }
    bool fits = check_length(r, v, too_long);
    const char *form = r->said->format && v->kind == ATH_KIND_TEXT
                           ? ath__format_misses(r->said->format, v->as.text.data, v->as.text.size)
                           : NULL;
    if (form)
        PROBLEM(r, "format", "it must be %s", form);
    return fits && count == 0 && !form;
}

static bool store(const reading *r, const ath_value *v, void *field) {
    const ath__column *c = r->column;
    ath_error error = {0};
    ath_status status = ath__field_set(c->ctype, c->size, &c->type, field, v, &r->in->arena, &error);
    if (status == ATH_NO_MEMORY)
        return no_memory(r);
    if (status == ATH_OK)
        return true;
    if (base_of(c) == ATH_C_CHARS)
        return PROBLEM(r, "too_long", "it must have at most %u bytes", c->size - 1);
    return PROBLEM(r, "out_of_range", "it does not fit");
}

static bool own_check(const reading *r, const void *field) {
    ath_error said = {0};
    if (!r->said->check || r->said->check(field, &said) == ATH_OK)
        return true;
    return PROBLEM(r, said.constraint[0] ? said.constraint : "check", "%s",
                   said.message[0] ? said.message : "it is not valid");
}

static bool read_null(const reading *r, void *field) {
    const ath__column *c = r->column;
    ath_value null = {.kind = ATH_KIND_NULL};
    bool may = c->nullable && ath__field_set(c->ctype, c->size, &c->type, field, &null, &r->in->arena, NULL) == ATH_OK;
    return may || PROBLEM(r, "null", "it may not be null");
}

bool ath__in_value(ath_input *in, const ath__in_at *at, const ath_table *table, const ath__column *column,
                   const ath_input_field_opts *said, const ath__node *node, void *field) {
    reading r = {in, at, table, column, said, node};
    ath_value v = {0};
    if (node->kind == ATH__NODE_NULL)
        return read_null(&r, field);
    if (!read_kind(&r, &v))
        return false;
    ath_value coerced = v;
    bool rules = check_rules(&r, fits_column(&r, &coerced) ? &coerced : &v);
    return rules && store(&r, &coerced, field) && own_check(&r, field);
}
