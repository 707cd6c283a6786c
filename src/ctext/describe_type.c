/* SPDX-License-Identifier: Apache-2.0
 *
 * What the inspector read, as options: the types of columns.
 *
 * A general type is enough where this database would write it back as it found it; else the type keeps the spelling that
 * was read.  So nothing is known here of databases but what their dialects say of themselves.
 */
#include "ctext/ctext.h"

#include "type/type.h"

#include <ctype.h>

/* ---- comparing types as text ---- */

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Lower case, no space beside a parenthesis or a comma, without a character set or collation behind it. */
static void fold(ath__buf *out, const char *text) {
    for (const char *at = text; *at; at++) {
        char last = out->size ? out->data[out->size - 1] : '(';
        if (*at == ' ' && (strchr("(, ", last) || strchr("(),", at[1])))
            continue;
        ath__buf_char(out, lower(*at));
    }
    static const char *const ends[] = {" collate ", " character set "};
    for (size_t i = 0; i < ATH_COUNT_OF(ends) && out->size; i++) {
        char *end = strstr(out->data, ends[i]);
        if (!end)
            continue;
        *end = '\0';
        out->size = (size_t)(end - out->data);
    }
}

/* Names for the same, and the widths that MySQL shows where none was said. */
static const char *const synonyms[][2] = {
    {"integer", "int"},
    {"numeric", "decimal"},
    {"bool", "tinyint(1)"},
    {"boolean", "tinyint(1)"},
    {"int(11)", "int"},
    {"int(10) unsigned", "int unsigned"},
    {"smallint(6)", "smallint"},
    {"smallint(5) unsigned", "smallint unsigned"},
    {"bigint(20)", "bigint"},
    {"bigint(20) unsigned", "bigint unsigned"},
    {"double precision", "double"},
    {"decimal(10)", "decimal(10,0)"},
};

/* Replaces the words that a text begins with; false: none of them. */
static bool replace(ath__buf *text, const char *from, const char *to) {
    size_t size = strlen(from);
    if (text->failed || strncmp(ath__buf_text(text), from, size) != 0 || isalpha((unsigned char)text->data[size]))
        return false;
    ath__buf out;
    ath__buf_init(&out, text->allocator);
    ath__buf_str(&out, to);
    ath__buf_str(&out, text->data + size);
    ath__buf_done(text);
    *text = out;
    return true;
}

static void plain_words(ath__buf *text) {
    for (size_t i = 0; i < ATH_COUNT_OF(synonyms); i++)
        replace(text, synonyms[i][0], synonyms[i][1]);
}

bool ath__describe_same_type(const ath__describing *d, const char *read, const char *written) {
    bool aliases = ath__dialect_ddl(d->dialect, ATH__DDL_MYSQL_OPTIONS);
    ath__buf a, b;
    ath__buf_init(&a, d->arena->allocator);
    ath__buf_init(&b, d->arena->allocator);
    fold(&a, read);
    fold(&b, written);
    if (aliases) {
        plain_words(&a);
        plain_words(&b);
    }
    bool same = !a.failed && !b.failed && strcmp(ath__buf_text(&a), ath__buf_text(&b)) == 0;
    ath__buf_done(&a);
    ath__buf_done(&b);
    return same;
}

/* ---- types ---- */

static bool writes(const ath__describing *d, uint64_t bit) {
    return ath__dialect_ddl(d->dialect, bit);
}

/* What is declared, as this database takes it again. */
static const char *said(const ath__describing *d, const ath_reflected_column *c) {
    return writes(d, ATH__DDL_POSTGRESQL_OPTIONS) ? c->type_text : c->declared;
}

/* SQLite's integers have 64 bits and its reals are doubles, whatever they are called. */
static void widen(ath_type *type) {
    if (type->sql == ATH_SQL_SMALLINT || type->sql == ATH_SQL_INTEGER)
        *type = (ath_type){.sql = ATH_SQL_BIGINT, .details = type->details};
    if (type->sql == ATH_SQL_FLOAT)
        *type = (ath_type){.sql = ATH_SQL_DOUBLE, .details = type->details};
}

static ath_status spell(const ath__describing *d, const ath_type *type, const char *spelling, ath_type *out) {
    ath_type_details details = {.spelling = spelling};
    ath_type_details *kept = ath__arena_copy(d->arena, &details, sizeof details);
    if (!kept)
        return ath__fail_memory(d->error);
    *out = (ath_type){.sql = type->sql, .is_unsigned = type->is_unsigned, .details = kept};
    bool counted = type->sql == ATH_SQL_STRING || type->sql == ATH_SQL_NUMERIC;
    if (counted && type->precision <= 38) { /* what a value must fit */
        out->length = type->length;
        out->precision = type->precision;
        out->scale = type->scale;
    }
    return ATH_OK;
}

/* Fractions of a second that were not said are none where there is a default of six. */
static void bare(const ath__describing *d, ath_type *type) {
    bool moment = type->sql == ATH_SQL_TIME || type->sql == ATH_SQL_DATETIME || type->sql == ATH_SQL_TIMESTAMP;
    if (moment && !type->precision && writes(d, ATH__DDL_MYSQL_OPTIONS))
        type->form = ATH_FORM_BARE;
}

/* Whether a declared type begins with the word. */
static bool begins(const char *declared, const char *word) {
    size_t i = 0;
    while (word[i] && lower(declared[i]) == word[i])
        i++;
    return !word[i] && !isalpha((unsigned char)declared[i]);
}

static bool holds(const char *declared, const char *part) {
    for (; *declared; declared++) {
        size_t i = 0;
        while (part[i] && lower(declared[i]) == part[i])
            i++;
        if (!part[i])
            return true;
    }
    return false;
}

/* SQLite makes a number of what it does not know; but who declares STRING or UUID does not mean one. */
static bool is_number(const char *declared) {
    static const char *const parts[] = {"num", "dec", "money", "currency", "price"};
    for (size_t i = 0; i < ATH_COUNT_OF(parts); i++)
        if (holds(declared, parts[i]))
            return true;
    return false;
}

/* The families of types that are known by their names alone; ATH_SQL_INFER: not these. */
static ath_type family_of(const ath__describing *d, const ath_type *type, const char *declared) {
    static const char *const shapes[] = {"geometry",   "point",           "linestring",   "polygon",
                                         "multipoint", "multilinestring", "multipolygon", "geometrycollection"};
    if (writes(d, ATH__DDL_SQLITE_OPTIONS) && type->sql == ATH_SQL_NUMERIC && !is_number(declared))
        return (ath_type){.sql = ATH_SQL_NAMED};
    if (!writes(d, ATH__DDL_MYSQL_OPTIONS) || type->sql != ATH_SQL_NAMED)
        return (ath_type){.sql = ATH_SQL_INFER};
    if (begins(declared, "bit")) /* of up to 64 */
        return strcmp(declared, "bit(1)") == 0
                   ? (ath_type){.sql = ATH_SQL_BOOLEAN}
                   : (ath_type){.sql = ATH_SQL_BIGINT, .is_unsigned = strcmp(declared, "bit(64)") == 0};
    for (size_t i = 0; i < ATH_COUNT_OF(shapes); i++)
        if (begins(declared, shapes[i]))
            return (ath_type){.sql = ATH_SQL_BINARY};
    return (ath_type){.sql = ATH_SQL_INFER};
}

/* Keeps collation and character set for the column to say. */
static ath_status without_charset(const ath__describing *d, ath_type *type) {
    const ath_type_details *t = type->details;
    if (!t || (!t->collation && !t->charset))
        return ATH_OK;
    ath_type_details *kept = ath__arena_copy(d->arena, t, sizeof *t);
    if (!kept)
        return ath__fail_memory(d->error);
    kept->collation = kept->charset = NULL;
    bool any = kept->spelling || kept->name || kept->item || kept->fields;
    type->details = any ? kept : NULL;
    return ATH_OK;
}

ath_status ath__describe_type(const ath__describing *d, const ath_reflected_column *c, ath_type *out) {
    ath_type type = c->type;
    ATH_TRY(without_charset(d, &type));
    bare(d, &type);
    bool domain = c->type_name && strcmp(c->type_name, "DOMAIN") == 0;
    bool own = type.sql == ATH_SQL_ENUM || type.sql == ATH_SQL_ARRAY || (type.details && type.details->spelling);
    *out = type;
    ath_type family = family_of(d, &type, c->declared);
    if (family.sql != ATH_SQL_INFER)
        return spell(d, &family, c->declared, out);
    if (own && type.sql != ATH_SQL_ENUM && writes(d, ATH__DDL_MYSQL_OPTIONS)) { /* spelled without its character set */
        bool small = begins(c->declared, "tinyint") || begins(c->declared, "mediumint");
        type.is_unsigned = type.is_unsigned && !small; /* fits either way, and is said in fewer words */
        return spell(d, &type, c->declared, out);
    }
    if (own || domain || type.sql == ATH_SQL_JSON)
        return ATH_OK;
    bool sqlite = writes(d, ATH__DDL_SQLITE_OPTIONS);
    ath__buf text;
    ath__buf_init(&text, d->arena->allocator);
    ath_error ignored;
    bool can = ath__dialect_type(d->dialect, &type, &text, &ignored) == ATH_OK;
    bool same = can && ath__describe_same_type(d, said(d, c), ath__buf_text(&text));
    ath_sql_type before = type.sql;
    if (sqlite)
        widen(&type);
    bool failed = text.failed;
    ath__buf_done(&text);
    if (failed)
        return ath__fail_memory(d->error);
    *out = type;
    if (before == ATH_SQL_FLOAT && same && sqlite) { /* a double says REAL and FLOAT as well */
        *out = c->type;
        return ATH_OK;
    }
    return same && type.sql == before ? ATH_OK : spell(d, &type, c->declared, out);
}
