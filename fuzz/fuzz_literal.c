/* SPDX-License-Identifier: Apache-2.0
 *
 * Values and names written into SQL text: read back by the rules of each database, here in small, they are the same, and
 * nothing is left over behind them.  The first byte chooses the database, the second what is written.
 */
#include "fuzz.h"

#include "engine/driver.h"

static const char *const names[] = {"sqlite", "postgresql", "mysql"};

/* Reads a literal string at the front of `sql`: its content into `out` (as large as `sql`), the bytes it took returned; 0 when
 * it is none. */
static size_t read_string(const char *sql, size_t size, bool backslash, char *out, size_t *length) {
    size_t at = 0;
    *length = 0;
    if (size > 1 && (sql[0] == 'E' || sql[0] == 'e')) { /* PostgreSQL's, with escapes */
        backslash = true;
        at = 1;
    }
    if (at >= size || sql[at++] != '\'')
        return 0;
    while (at < size) {
        char c = sql[at++];
        if (c == '\'' && (at >= size || sql[at] != '\''))
            return at;
        if (c == '\'')
            at++;
        if (c == '\\' && backslash) {
            if (at >= size)
                return 0;
            c = sql[at++];
            c = c == 'n'   ? '\n'
                : c == 'r' ? '\r'
                : c == 't' ? '\t'
                : c == '0' ? '\0'
                : c == 'Z' ? '\x1a'
                : c == 'b' ? '\b'
                           : c;
        }
        out[(*length)++] = c;
    }
    return 0;
}

static int digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static void check_hex(const char *hex, size_t size, const ath_bytes *want) {
    FUZZ_CHECK(size == 2 * want->size);
    for (size_t i = 0; i < want->size; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        FUZZ_CHECK(high >= 0 && low >= 0 && high * 16 + low == ((const uint8_t *)want->data)[i]);
    }
}

/* X'6162', 0x6162, or PostgreSQL's '\x6162'::bytea. */
static void check_bytes(const char *sql, size_t size, const ath_bytes *want, char *scratch) {
    size_t length, took;
    if (size >= 3 && (sql[0] == 'X' || sql[0] == 'x') && sql[1] == '\'') {
        FUZZ_CHECK(sql[size - 1] == '\'');
        check_hex(sql + 2, size - 3, want);
    } else if (size >= 2 && sql[0] == '0' && sql[1] == 'x') {
        check_hex(sql + 2, size - 2, want);
    } else {
        took = read_string(sql, size, false, scratch, &length);
        FUZZ_CHECK(took > 0 && length >= 2 && scratch[0] == '\\' && scratch[1] == 'x');
        FUZZ_CHECK(took == size || (size - took == 7 && memcmp(sql + took, "::bytea", 7) == 0));
        check_hex(scratch + 2, length - 2, want);
    }
}

static void check_text(const ath_dialect *d, const char *sql, size_t size, ath_str want, char *scratch) {
    size_t length, took = read_string(sql, size, strcmp(d->name, "mysql") == 0, scratch, &length);
    FUZZ_CHECK(took == size);
    FUZZ_CHECK(length == want.size && (length == 0 || memcmp(scratch, want.data, length) == 0));
}

/* Numbers, dates and the rest: only characters that end nothing, and the same value again. */
static void check_plain(const ath_value *value, const char *sql, size_t size) {
    bool quoted = size >= 2 && sql[0] == '\'';
    if (quoted) {
        FUZZ_CHECK(sql[size - 1] == '\'');
        sql++;
        size -= 2;
    }
    for (size_t i = 0; i < size; i++)
        FUZZ_CHECK((sql[i] >= '0' && sql[i] <= '9') || (sql[i] >= 'a' && sql[i] <= 'z') ||
                   (sql[i] >= 'A' && sql[i] <= 'Z') || strchr("+-.: ", sql[i]));
    ath_value text = {.kind = ATH_KIND_TEXT, .as.text = {sql, size}}, again;
    if (quoted || value->kind == ATH_KIND_DECIMAL) {
        FUZZ_CHECK(ath__value_convert(&text, value->kind, &again, NULL) == ATH_OK);
        FUZZ_CHECK(ath__value_equal(value, &again));
    } else if (value->kind == ATH_KIND_INT) {
        FUZZ_CHECK(strtoll(sql, NULL, 10) == value->as.i);
    } else if (value->kind == ATH_KIND_UINT) {
        FUZZ_CHECK(strtoull(sql, NULL, 10) == value->as.u);
    } else if (value->kind == ATH_KIND_REAL) {
        again = (ath_value){.kind = ATH_KIND_REAL, .as.d = strtod(sql, NULL)};
        FUZZ_CHECK(ath__value_equal(value, &again));
    }
}

/* A value whose members are those of its type, as a program would send it. */
static bool take_value(fuzz_input *in, ath_value *v, char **memory) {
    v->kind = (ath_kind)(fuzz_byte(in) % (ATH_KIND_JSON + 1));
    *memory = NULL;
    switch (v->kind) {
    case ATH_KIND_BOOL:
        v->as.b = fuzz_byte(in) & 1;
        return true;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        *memory = fuzz_rest(in, false);
        v->as.text = (ath_str){*memory, in->size};
        return true;
    case ATH_KIND_BYTES:
        *memory = fuzz_rest(in, false);
        v->as.bytes = (ath_bytes){*memory, in->size};
        return true;
    case ATH_KIND_DECIMAL:
        *memory = fuzz_rest(in, false);
        return ath_decimal_parse(*memory, in->size, &v->as.decimal) == ATH_OK;
    case ATH_KIND_TIME:
        fuzz_take(in, &v->as.time.us, sizeof v->as.time.us);
        v->as.time.us = (int64_t)((uint64_t)v->as.time.us % UINT64_C(86400000000));
        return true;
    default:
        fuzz_take(in, &v->as.uuid, sizeof v->as.uuid);
        return true;
    }
}

static void check_value(const ath_dialect *d, const ath_value *v, ath__buf *out) {
    const char *sql = ath__buf_text(out);
    char *scratch = malloc(out->size + 1);
    if (!scratch)
        exit(1);
    if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON)
        check_text(d, sql, out->size, v->as.text, scratch);
    else if (v->kind == ATH_KIND_BYTES)
        check_bytes(sql, out->size, &v->as.bytes, scratch);
    else if (v->kind == ATH_KIND_BOOL)
        FUZZ_CHECK(strcmp(sql, v->as.b ? "true" : "false") == 0 || strcmp(sql, v->as.b ? "1" : "0") == 0);
    else if (v->kind == ATH_KIND_NULL)
        FUZZ_CHECK(strcmp(sql, "NULL") == 0);
    else
        check_plain(v, sql, out->size);
    free(scratch);
}

static void write_value(const ath_dialect *d, fuzz_input *in) {
    ath_value value = {.kind = ATH_KIND_NULL};
    char *memory;
    ath_error error;
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    if (take_value(in, &value, &memory)) {
        if (ath__dialect_literal(d, &out, &value, &error) == ATH_OK)
            check_value(d, &value, &out);
        else
            FUZZ_CHECK(error.message[0] != '\0');
    }
    ath__buf_done(&out);
    free(memory);
}

static void write_name(const ath_dialect *d, const fuzz_input *in) {
    char *name = fuzz_rest(in, true), quote = d->quote ? d->quote : '"';
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__dialect_name(d, &out, name);
    const char *sql = ath__buf_text(&out);
    if (sql[0] == quote) {
        size_t at = 1, n = 0;
        for (; sql[at] && !(sql[at] == quote && sql[at + 1] != quote); at++, n++) {
            FUZZ_CHECK(sql[at] == name[n]);
            at += sql[at] == quote;
        }
        FUZZ_CHECK(sql[at] == quote && at + 1 == out.size && name[n] == '\0');
    } else {
        FUZZ_CHECK(strcmp(sql, name) == 0 && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_$")] == '\0');
    }
    ath__buf_done(&out);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in = {data, size};
    uint8_t first = fuzz_byte(&in);
    const ath__backend *backend = ath__backend_find(names[first % 3]);
    if (!backend)
        return 0;
    if (first / 3 % 4 == 0)
        write_name(backend->dialect, &in);
    else
        write_value(backend->dialect, &in);
    return 0;
}
