/* SPDX-License-Identifier: Apache-2.0
 *
 * A row that the database has nested, an array of arrays, becomes an object with names.  Whole numbers and text, which are
 * most of it, are passed on; other values take the way of any row: into the field of a struct, and from there into JSON.
 */
#include "json/nest.h"

#include <ctype.h>

/* Reads along one row. */
typedef struct reader {
    ath__json_writer *w;
    ath__arena *scratch;
    const char *at, *end;
    bool broken;
} reader;

static ath_status write_row(reader *r, const ath__nest *n);

/* ---- tokens ---- */

static void skip_space(reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

static bool take(reader *r, char c) {
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static ath_status broken(reader *r) {
    r->broken = true;
    return ath__fail(r->w->error, ATH_DATA, "the database gave no whole JSON document");
}

/* The next value, as it is written; empty when there is none. */
static ath_str take_token(reader *r) {
    skip_space(r);
    const char *from = r->at, *behind = ath__json_skip(from, r->end);
    if (!behind)
        return (ath_str){from, 0};
    r->at = behind;
    return (ath_str){from, (size_t)(behind - from)};
}

static bool is_null(ath_str t) {
    return t.size == 4 && memcmp(t.data, "null", 4) == 0;
}

/* ---- strings ---- */

static unsigned hex_value(char c) {
    return c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 32U) - 'a' + 10U;
}

static uint32_t unit_at(const char *text) {
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit << 4 | hex_value(text[i]);
    return unit;
}

static size_t put_utf8(char *out, uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf0U << (4 - size) & 0xffU) | c);
    return size;
}

/* \uXXXX, with its second half if it is a pair; how much was read behind the u. */
static size_t take_unit(const char *at, const char *end, char *out, size_t *written) {
    uint32_t c = unit_at(at);
    const bool paired = c >= 0xd800 && c < 0xdc00 && end - at >= 10 && at[4] == '\\' && at[5] == 'u';
    if (paired)
        c = 0x10000 + ((c - 0xd800) << 10) + (unit_at(at + 6) - 0xdc00);
    *written = put_utf8(out, c);
    return paired ? 10 : 4;
}

/* A string token without its quotes and escapes; data NULL when memory ran out. */
static ath_str unquote(const reader *r, ath_str t) {
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    const char *at = t.data + 1, *end = t.data + t.size - 1;
    if (!memchr(at, '\\', (size_t)(end - at)))
        return (ath_str){at, (size_t)(end - at)};
    char *out = ath__arena_bytes(r->scratch, (size_t)(end - at) + 1);
    size_t size = 0, written;
    while (out && at < end) {
        if (*at != '\\') {
            out[size++] = *at++;
            continue;
        }
        const char *letter = strchr(letters, at[1]);
        if (at[1] == 'u') {
            at += 2 + take_unit(at + 2, end, out + size, &written);
            size += written;
        } else {
            out[size++] = letter ? meant[letter - letters] : at[1];
            at += 2;
        }
    }
    return (ath_str){out, size};
}

/* ---- cells ---- */

static bool is_digits(ath_str text) {
    size_t i = 0;
    while (i < text.size && isxdigit((unsigned char)text.data[i]))
        i++;
    return i == text.size && text.size % 2 == 0;
}

/* Digits of bytes: 00ff, or X'00FF' as SQLite quotes them. */
static ath_status take_bytes(reader *r, ath_str text, ath_value *out) {
    if (text.size >= 3 && (*text.data == 'X' || *text.data == 'x'))
        text = (ath_str){text.data + 2, text.size - 3};
    if (!is_digits(text)) /* SQLite keeps any kind of value in any column, and quotes it as what it is */
        return broken(r);
    unsigned char *bytes = ath__arena_alloc(r->scratch, text.size / 2 + 1);
    for (size_t i = 0; bytes && i + 1 < text.size; i += 2)
        bytes[i / 2] = (unsigned char)(hex_value(text.data[i]) << 4 | hex_value(text.data[i + 1]));
    *out = (ath_value){.kind = ATH_KIND_BYTES, .as.bytes = {bytes, text.size / 2}};
    return bytes ? ATH_OK : ath__fail_memory(r->w->error);
}

static ath_status take_real(reader *r, ath_str text, ath_value *out) {
    if (!text.size || *text.data == '\'' || *text.data == 'X')
        return broken(r);
    const char *copy = ath__arena_strn(r->scratch, text.data, text.size);
    *out = (ath_value){.kind = ATH_KIND_REAL, .as.d = copy ? strtod(copy, NULL) : 0};
    return copy ? ATH_OK : ath__fail_memory(r->w->error);
}

static bool is_real(const ath__column *c) {
    return c->type.sql == ATH_SQL_FLOAT || c->type.sql == ATH_SQL_DOUBLE;
}

static ath_status take_string(reader *r, const ath__column *c, ath_str t, ath_value *out) {
    const ath_str text = unquote(r, t);
    if (!text.data)
        return ath__fail_memory(r->w->error);
    const bool quoted_null = text.size == 4 && memcmp(text.data, "NULL", 4) == 0;
    *out = (ath_value){.kind = c->type.sql == ATH_SQL_JSON ? ATH_KIND_JSON : ATH_KIND_TEXT, .as.text = text};
    if (quoted_null && (c->type.sql == ATH_SQL_BINARY || is_real(c)))
        *out = (ath_value){.kind = ATH_KIND_NULL};
    else if (c->type.sql == ATH_SQL_BINARY)
        return take_bytes(r, text, out);
    else if (is_real(c))
        return take_real(r, text, out);
    return ATH_OK;
}

/* A number as the driver would give it. */
static ath_status take_number(reader *r, const ath__column *c, ath_str t, ath_value *out) {
    const bool whole = !memchr(t.data, '.', t.size) && !memchr(t.data, 'e', t.size) && !memchr(t.data, 'E', t.size);
    *out = (ath_value){.kind = c->type.sql == ATH_SQL_JSON ? ATH_KIND_JSON : ATH_KIND_TEXT, .as.text = t};
    if (c->type.sql == ATH_SQL_JSON || c->type.sql == ATH_SQL_NUMERIC)
        return ATH_OK;
    if (!whole || is_real(c))
        return take_real(r, t, out);
    const char *copy = ath__arena_strn(r->scratch, t.data, t.size);
    if (!copy)
        return ath__fail_memory(r->w->error);
    if (*copy == '-' || t.size < 19)
        *out = (ath_value){.kind = ATH_KIND_INT, .as.i = strtoll(copy, NULL, 10)};
    else
        *out = (ath_value){.kind = ATH_KIND_UINT, .as.u = strtoull(copy, NULL, 10)};
    if (out->kind == ATH_KIND_UINT && out->as.u <= INT64_MAX)
        *out = (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)out->as.u};
    return ATH_OK;
}

static ath_status take_value(reader *r, const ath__column *c, ath_str t, ath_value *out) {
    *out = (ath_value){.kind = ATH_KIND_NULL};
    if (is_null(t))
        return ATH_OK;
    if (*t.data == '"')
        return take_string(r, c, t, out);
    if (*t.data != 't' && *t.data != 'f')
        return take_number(r, c, t, out);
    *out = (ath_value){.kind = ATH_KIND_BOOL, .as.b = *t.data == 't'};
    return ATH_OK;
}

/* What needs no more than to be passed on. */
static bool is_plain(const ath__column *c, ath_str t) {
    if (c->type.sql == ATH_SQL_ENUM)
        return false;
    if (c->ctype == ATH_C_I64 && ath__sql_is_integer(c->type.sql))
        return *t.data != '"' && *t.data != 'n' && *t.data != 't' && *t.data != 'f' && !memchr(t.data, '.', t.size) &&
               !memchr(t.data, 'e', t.size);
    return c->ctype == ATH_C_TEXT && *t.data == '"' && !memchr(t.data, '\\', t.size) &&
           (c->type.sql == ATH_SQL_STRING || c->type.sql == ATH_SQL_TEXT) && ath__utf8_valid(t.data + 1, t.size - 2);
}

static ath_status read_cell(reader *r, const ath__nest *n, const ath__column *c, ath_str t, bool *present) {
    ath_value value;
    ATH_TRY(take_value(r, c, t, &value));
    *present = value.kind != ATH_KIND_NULL || !r->w->opts->exclude_null;
    ath_status status =
        ath__field_set(c->ctype, c->size, &c->type, (char *)n->probe + c->offset, &value, r->scratch, r->w->error);
    return status == ATH_DATA ? broken(r) : status; /* what is wrong, or only has no such text, objects tell */
}

static ath_status write_cell(reader *r, const ath__nest *n, const ath__json_prop *p) {
    const ath_str t = take_token(r);
    bool present = true;
    if (!t.size)
        return broken(r);
    if (is_plain(p->column, t)) {
        ath__json_quoted_key(&r->w->j, p->quoted, p->quoted_size);
        ath__buf_add(&r->w->j.buf, t.data, t.size);
        return ATH_OK;
    }
    ATH_TRY(read_cell(r, n, p->column, t, &present));
    if (!present)
        return ATH_OK;
    ath__json_quoted_key(&r->w->j, p->quoted, p->quoted_size);
    return ath__json_column(r->w, n->table, p->column, n->probe);
}

/* ---- relations ---- */

static ath_status write_rows(reader *r, const ath__nest *n) {
    ath__json *j = &r->w->j;
    ath__json_open(j, '[');
    for (bool more = false; !take(r, ']'); more = true) {
        if (more && !take(r, ','))
            return broken(r);
        ath__json_item(j);
        ATH_TRY(write_row(r, n));
    }
    ath__json_close(j, ']');
    return ATH_OK;
}

/* Some databases make text of a part that is JSON. */
static ath_status write_quoted(reader *r, const ath__nest_member *m) {
    const ath_str inner = unquote(r, take_token(r));
    reader within = *r;
    if (!inner.data)
        return ath__fail_memory(r->w->error);
    within.at = inner.data;
    within.end = inner.data + inner.size;
    ath_status status =
        m->how == ATH__NEST_MANY && take(&within, '[') ? write_rows(&within, m->below) : write_row(&within, m->below);
    r->broken = within.broken;
    return status;
}

static ath_status write_relation(reader *r, const ath__nest_member *m) {
    ath__json *j = &r->w->j;
    skip_space(r);
    const bool none = r->end - r->at >= 4 && memcmp(r->at, "null", 4) == 0;
    if (none)
        r->at += 4;
    if (none && m->how != ATH__NEST_MANY && (m->how == ATH__NEST_MAYBE || r->w->opts->exclude_null))
        return ATH_OK;
    ath__json_quoted_key(j, m->prop->quoted, m->prop->quoted_size);
    if (none) {
        ath__json_raw(j, m->how == ATH__NEST_MANY ? "[]" : "null");
        return ATH_OK;
    }
    if (r->at < r->end && *r->at == '"')
        return ath__json_skip(r->at, r->end) ? write_quoted(r, m) : broken(r);
    if (m->how == ATH__NEST_MANY)
        return take(r, '[') ? write_rows(r, m->below) : broken(r);
    return write_row(r, m->below);
}

/* ---- rows ---- */

static ath_status write_row(reader *r, const ath__nest *n) {
    ath__json *j = &r->w->j;
    bool more = false;
    if (!take(r, '['))
        return broken(r);
    ath__json_open(j, '{');
    for (size_t i = 0; i < n->count; i++) {
        const ath__nest_member *m = &n->members[i];
        if (m->how == ATH__NEST_EMPTY) {
            ath__json_quoted_key(j, m->prop->quoted, m->prop->quoted_size);
            ath__json_raw(j, "[]");
            continue;
        }
        if (more && !take(r, ','))
            return broken(r);
        more = true;
        ATH_TRY(m->how == ATH__NEST_COLUMN ? write_cell(r, n, m->prop) : write_relation(r, m));
    }
    ath__json_close(j, '}');
    return take(r, ']') ? ATH_OK : broken(r);
}

ath_status ath__nest_row(ath__json_writer *w, const ath__nest *n, const char *text, size_t size, ath__arena *scratch,
                         bool *is_broken) {
    reader r = {.w = w, .scratch = scratch, .at = text, .end = text + size};
    ath_status status = write_row(&r, n);
    if (status == ATH_OK && (skip_space(&r), r.at != r.end))
        status = broken(&r);
    *is_broken = r.broken;
    return status;
}
