/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 3 on MySQL and MariaDB: values take the form in which they travel.
 *
 * libmariadb keeps pointers to the values, and the server the types it was told; so as long as the types stay the same, a
 * run costs neither an allocation nor another list of types.  Text and bytes are copied into room that the statement
 * keeps.  What the wire has no type for (decimals, intervals, uuids) travels as text.
 */
#include "backend/mysql/client.h"
#include "type/datetime_int.h"

/* The years 0 to 9999: what a DATE can hold. */
static const int64_t first_day = -719528, last_day = 2932896;

/* ---- one value ---- */

static ath_status no_such_year(ath_error *error) {
    return ath__fail(error, ATH_DATA, "mysql keeps dates of the years 0 to 9999");
}

static ath_status fill_date(int64_t days, MYSQL_TIME *out, ath_error *error) {
    int year, month, day;
    if (days < first_day || days > last_day)
        return no_such_year(error);
    ath_date_parts((ath_date){(int32_t)days}, &year, &month, &day);
    out->year = (unsigned)year;
    out->month = (unsigned)month;
    out->day = (unsigned)day;
    return ATH_OK;
}

static void fill_time(int64_t us, MYSQL_TIME *out) {
    out->hour = (unsigned)(us / US_PER_HOUR);
    out->minute = (unsigned)(us / US_PER_MINUTE % 60);
    out->second = (unsigned)(us / US_PER_SECOND % 60);
    out->second_part = (unsigned long)(us % US_PER_SECOND);
}

static ath_status encode_date(const ath_value *v, MYSQL_BIND *bind, ath__mysql_slot *slot, ath_error *error) {
    MYSQL_TIME *t = &slot->as.time;
    bind->buffer = t;
    *t = (MYSQL_TIME){.time_type = MYSQL_TIMESTAMP_DATETIME};
    if (v->kind == ATH_KIND_DATE) {
        bind->buffer_type = MYSQL_TYPE_DATE;
        t->time_type = MYSQL_TIMESTAMP_DATE;
        return fill_date(v->as.date.days, t, error);
    }
    if (v->kind == ATH_KIND_TIME) {
        bind->buffer_type = MYSQL_TYPE_TIME;
        t->time_type = MYSQL_TIMESTAMP_TIME;
        if (v->as.time.us < 0 || v->as.time.us >= US_PER_DAY)
            return ath__fail(error, ATH_DATA, "a time of day lies outside of the day");
        fill_time(v->as.time.us, t);
        return ATH_OK;
    }
    bind->buffer_type = MYSQL_TYPE_DATETIME;
    int64_t us = v->as.datetime.us, days = us / US_PER_DAY - (us % US_PER_DAY < 0);
    if (days < first_day || days > last_day)
        return no_such_year(error);
    fill_time(us - days * US_PER_DAY, t);
    return fill_date(days, t, error);
}

static void encode_uuid(ath_uuid uuid, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof uuid.bytes; i++) {
        out[2 * i] = digits[uuid.bytes[i] >> 4];
        out[2 * i + 1] = digits[uuid.bytes[i] & 15];
    }
}

/* Text that is written into the slot. */
static void encode_written(const ath_value *v, MYSQL_BIND *bind, ath__mysql_slot *slot) {
    bind->buffer = slot->as.text;
    bind->buffer_type = v->kind == ATH_KIND_DECIMAL ? MYSQL_TYPE_NEWDECIMAL : MYSQL_TYPE_STRING;
    if (v->kind == ATH_KIND_UUID) {
        encode_uuid(v->as.uuid, slot->as.text);
        slot->size = 2 * sizeof v->as.uuid.bytes;
    } else {
        slot->size = ath__value_format(v, slot->as.text);
    }
}

/* A pointer to nothing would be NULL. */
static void encode_bytes(const void *data, size_t size, MYSQL_BIND *bind, ath__mysql_slot *slot) {
    union {
        const void *theirs;
        void *ours; /* libmariadb only reads */
    } pointer = {.theirs = data ? data : slot->as.text};
    bind->buffer = pointer.ours;
    slot->size = size;
}

static void encode_integer(int64_t n, bool is_unsigned, MYSQL_BIND *bind, ath__mysql_slot *slot) {
    slot->as.i = n;
    bind->buffer = &slot->as.i;
    bind->buffer_type = MYSQL_TYPE_LONGLONG;
    bind->is_unsigned = is_unsigned;
}

ath_status ath__mysql_encode(const ath_value *v, ath__mysql_slot *slot, MYSQL_BIND *bind, ath_error *error) {
    slot->is_null = v->kind == ATH_KIND_NULL;
    slot->size = 0;
    switch (v->kind) {
    case ATH_KIND_NULL:
        return ATH_OK;
    case ATH_KIND_BOOL:
        encode_integer(v->as.b, false, bind, slot);
        return ATH_OK;
    case ATH_KIND_INT:
        encode_integer(v->as.i, false, bind, slot);
        return ATH_OK;
    case ATH_KIND_UINT:
        encode_integer((int64_t)v->as.u, true, bind, slot);
        return ATH_OK;
    case ATH_KIND_REAL:
        if (v->as.d - v->as.d != 0) /* also true of NaN, which is unequal to everything */
            return ath__fail(error, ATH_DATA, "mysql has neither NaN nor infinity");
        slot->as.d = v->as.d;
        bind->buffer = &slot->as.d;
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        return ATH_OK;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        bind->buffer_type = MYSQL_TYPE_STRING;
        encode_bytes(v->as.text.data, v->as.text.size, bind, slot);
        return ATH_OK;
    case ATH_KIND_BYTES:
        bind->buffer_type = MYSQL_TYPE_BLOB;
        encode_bytes(v->as.bytes.data, v->as.bytes.size, bind, slot);
        slot->is_null = v->as.bytes.data == NULL;
        return ATH_OK;
    case ATH_KIND_DATE:
    case ATH_KIND_TIME:
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
        return encode_date(v, bind, slot, error);
    default:
        encode_written(v, bind, slot);
        return ATH_OK;
    }
}

/* ---- copies ---- */

static bool is_borrowed(const ath_value *v) {
    return v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON || v->kind == ATH_KIND_BYTES;
}

/* Room for `size` more bytes; what was copied before may move, and its binds with it. */
static ath_status reserve(ath__mysql_stmt *s, size_t size, ath_error *error) {
    size_t needed = s->copies_used + size, larger = needed * 2 + 64;
    if (needed <= s->copies_size)
        return ATH_OK;
    char *copies = ath__alloc(&s->connection->allocator, larger);
    if (!copies)
        return ath__fail_memory(error);
    for (size_t i = 0; s->copies && i < s->bind_count; i++) {
        char *at = s->binds[i].buffer;
        if (at >= s->copies && at < s->copies + s->copies_used)
            s->binds[i].buffer = copies + (at - s->copies);
    }
    if (s->copies && s->copies_used)
        memcpy(copies, s->copies, s->copies_used);
    ath__free(&s->connection->allocator, s->copies, s->copies_size);
    s->copies = copies;
    s->copies_size = larger;
    return ATH_OK;
}

static void take_copy(ath__mysql_stmt *s, size_t i) {
    size_t size = s->slots[i].size;
    if (!size)
        return;
    char *copy = s->copies + s->copies_used;
    memcpy(copy, s->binds[i].buffer, size);
    s->binds[i].buffer = copy;
    s->copies_used += size;
}

/* ---- binding ---- */

ath_status ath__mysql_bind(void *statement, size_t first, const ath_value *values, size_t count, bool copy,
                           ath_error *error) {
    ath__mysql_stmt *s = statement;
    size_t borrowed = 0;
    if (first > s->bind_count || count > s->bind_count - first)
        return ath__fail(error, ATH_PROGRAMMING, "the statement has %zu placeholders", s->bind_count);
    for (size_t i = 0; i < count; i++)
        if (is_borrowed(&values[i]))
            borrowed += values[i].kind == ATH_KIND_BYTES ? values[i].as.bytes.size : values[i].as.text.size;
    if (copy && borrowed)
        ATH_TRY(reserve(s, borrowed, error));
    s->text_bytes += borrowed;
    for (size_t i = 0; i < count; i++) {
        MYSQL_BIND *bind = &s->binds[first + i];
        enum enum_field_types type = bind->buffer_type;
        my_bool is_unsigned = bind->is_unsigned;
        ATH_TRY(ath__mysql_encode(&values[i], &s->slots[first + i], bind, error));
        s->types_changed |= bind->buffer_type != type || bind->is_unsigned != is_unsigned;
        if (copy && is_borrowed(&values[i]))
            take_copy(s, first + i);
    }
    return ATH_OK;
}

ath_status ath__mysql_send_values(ath__mysql_stmt *s, ath_error *error) {
    if (s->was_bulk) {
        unsigned none = 0;
        mysql_stmt_attr_set(s->stmt, STMT_ATTR_ARRAY_SIZE, &none);
        mysql_stmt_attr_set(s->stmt, STMT_ATTR_CB_PARAM, NULL);
        s->was_bulk = false;
    }
    if (s->types_changed && s->bind_count) {
        if (mysql_stmt_bind_param(s->stmt, s->binds))
            return ath__mysql_failed(s->connection, s->stmt, error);
        s->types_changed = false;
    }
    for (size_t i = 0; i < s->bind_count; i++)
        s->stmt->params[i].buffer = s->binds[i].buffer;
    return ATH_OK;
}
