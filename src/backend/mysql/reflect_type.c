/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL's reflector: from COLUMN_TYPE ("int(10) unsigned", "enum('a','b')") to a type.
 */
#include "backend/mysql/mysql.h"

#include "backend/mysql/reflect.h"

typedef enum style { PLAIN, NUMBER, FRACTION, LENGTH, STRING, LABELS } style;

typedef struct known {
    const char *declared, *name;
    ath_sql_type sql;
    uint8_t form;
    uint8_t style;
    bool spelled; /* a size of the family that has no type of its own here */
} known;

static const known known_types[] = {
    {"tinyint", "TINYINT", ATH_SQL_SMALLINT, 0, NUMBER, true},
    {"smallint", "SMALLINT", ATH_SQL_SMALLINT, 0, NUMBER, false},
    {"mediumint", "MEDIUMINT", ATH_SQL_INTEGER, 0, NUMBER, true},
    {"int", "INTEGER", ATH_SQL_INTEGER, 0, NUMBER, false},
    {"bigint", "BIGINT", ATH_SQL_BIGINT, 0, NUMBER, false},
    {"decimal", "DECIMAL", ATH_SQL_NUMERIC, ATH_FORM_DECIMAL, NUMBER, false},
    {"float", "FLOAT", ATH_SQL_FLOAT, 0, NUMBER, false},
    {"double", "DOUBLE", ATH_SQL_DOUBLE, 0, NUMBER, false},
    {"year", "YEAR", ATH_SQL_SMALLINT, 0, LENGTH, true},
    {"bit", "BIT", ATH_SQL_NAMED, 0, LENGTH, true},
    {"date", "DATE", ATH_SQL_DATE, 0, PLAIN, false},
    {"time", "TIME", ATH_SQL_TIME, 0, FRACTION, false},
    {"datetime", "DATETIME", ATH_SQL_DATETIME, 0, FRACTION, false},
    {"timestamp", "TIMESTAMP", ATH_SQL_TIMESTAMP, 0, FRACTION, false},
    {"char", "CHAR", ATH_SQL_STRING, ATH_FORM_CHAR, STRING, false},
    {"varchar", "VARCHAR", ATH_SQL_STRING, 0, STRING, false},
    {"tinytext", "TINYTEXT", ATH_SQL_TEXT, 0, STRING, true},
    {"text", "TEXT", ATH_SQL_TEXT, 0, STRING, false},
    {"mediumtext", "MEDIUMTEXT", ATH_SQL_TEXT, 0, STRING, true},
    {"longtext", "LONGTEXT", ATH_SQL_TEXT, 0, STRING, true},
    {"binary", "BINARY", ATH_SQL_BINARY, ATH_FORM_FIXED_BINARY, LENGTH, false},
    {"varbinary", "VARBINARY", ATH_SQL_BINARY, ATH_FORM_VARBINARY, LENGTH, false},
    {"tinyblob", "TINYBLOB", ATH_SQL_BINARY, 0, PLAIN, true},
    {"blob", "BLOB", ATH_SQL_BINARY, 0, PLAIN, false},
    {"mediumblob", "MEDIUMBLOB", ATH_SQL_BINARY, 0, PLAIN, true},
    {"longblob", "LONGBLOB", ATH_SQL_BINARY, 0, PLAIN, true},
    {"enum", "ENUM", ATH_SQL_ENUM, 0, LABELS, false},
    {"set", "SET", ATH_SQL_NAMED, 0, LABELS, true},
    {"json", "JSON", ATH_SQL_JSON, 0, PLAIN, false},
    {"uuid", "UUID", ATH_SQL_UUID, 0, PLAIN, false},
    {"inet4", "INET4", ATH_SQL_NAMED, 0, PLAIN, true},
    {"inet6", "INET6", ATH_SQL_NAMED, 0, PLAIN, true},
};

/* A type taken apart: int ( 10 ) unsigned. */
typedef struct parts {
    const known *known;
    const char *inside; /* of the parentheses */
    size_t inside_size;
    uint32_t numbers[2];
    int number_count;
    bool is_unsigned, zerofill;
} parts;

static const known *find(const char *name, size_t size) {
    for (size_t i = 0; i < ATH_COUNT_OF(known_types); i++)
        if (strlen(known_types[i].declared) == size && memcmp(known_types[i].declared, name, size) == 0)
            return &known_types[i];
    return NULL;
}

/* Where the list that begins here ends: at the parenthesis that is in no quotes. */
static const char *closing(const char *at) {
    bool quoted = false;
    for (; *at && (quoted || *at != ')'); at++)
        if (*at == '\'')
            quoted = !quoted; /* a doubled quote ends and begins */
    return at;
}

static void take_numbers(parts *p) {
    const char *at = p->inside, *end = at + p->inside_size;
    while (at < end && p->number_count < 2 && *at >= '0' && *at <= '9') {
        uint32_t n = 0;
        for (; at < end && *at >= '0' && *at <= '9'; at++)
            n = n > 400000000 ? n : n * 10 + (uint32_t)(*at - '0');
        p->numbers[p->number_count++] = n;
        at += at < end;
    }
}

static void take_apart(const char *type, parts *p) {
    size_t word = strcspn(type, " (");
    *p = (parts){.known = find(type, word)};
    const char *behind = type + word;
    if (*behind == '(') {
        p->inside = behind + 1;
        behind = closing(p->inside);
        p->inside_size = (size_t)(behind - p->inside);
        take_numbers(p);
    }
    p->is_unsigned = strstr(behind, " unsigned") != NULL;
    p->zerofill = strstr(behind, " zerofill") != NULL;
}

/* ---- as text ---- */

static const char *type_text(ath__reflect *r, const parts *p, const char *charset, const char *collation) {
    const known *k = p->known;
    char numbers[48] = "";
    if (k->style == FRACTION ? p->number_count && p->numbers[0] : p->number_count == 1 || k->style == STRING)
        snprintf(numbers, sizeof numbers, p->number_count ? "(%u)" : "%.0u", p->numbers[0]);
    else if (p->number_count == 2)
        snprintf(numbers, sizeof numbers, "(%u, %u)", p->numbers[0], p->numbers[1]);
    switch (k->style) {
    case PLAIN:
        return k->name;
    case NUMBER:
        return ath__reflect_printf(r, "%s%s%s%s", k->name, numbers, p->is_unsigned ? " UNSIGNED" : "",
                                   p->zerofill ? " ZEROFILL" : "");
    case STRING:
    case LABELS:
        return ath__reflect_printf(r, "%s%s%.*s%s%s%s%s%s", k->name, k->style == LABELS ? "(" : numbers,
                                   k->style == LABELS ? (int)p->inside_size : 0, p->inside ? p->inside : "",
                                   k->style == LABELS ? ")" : "", charset ? " CHARACTER SET " : "",
                                   charset ? charset : "", collation ? " COLLATE " : "", collation ? collation : "");
    default:
        return ath__reflect_printf(r, "%s%s", k->name, numbers);
    }
}

/* ---- as a type ---- */

/* The character at hand, in a label as COLUMN_TYPE writes it: quotes are doubled, and these have a backslash. */
static char unescaped(const char **at, const char *end) {
    char c = *(*at)++;
    if (c == '\'' || (c == '\\' && *at < end)) {
        char next = *(*at)++;
        return c == '\'' ? c : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
    }
    return c;
}

static void take_labels(ath__reflect *r, const parts *p, ath_type *type) {
    ath__grown grown = {0};
    ath_name_list list = {0};
    const char *at = p->inside, *end = at + p->inside_size;
    while (at < end && *at == '\'' && r->status == ATH_OK) {
        char *label = ath__arena_bytes(r->arena, (size_t)(end - at) + 1);
        size_t size = 0;
        if (!label) {
            r->status = ath__fail_memory(r->error);
            return;
        }
        for (at++; at < end && (*at != '\'' || (at + 1 < end && at[1] == '\''));)
            label[size++] = unescaped(&at, end);
        label[size] = '\0';
        ath__reflect_name(r, &grown, &list, label);
        at += 1;
        at += at < end && *at == ',';
    }
    type->names = list.names;
    type->name_count = (uint32_t)list.count;
}

static bool is_boolean(const parts *p) {
    return strcmp(p->known->declared, "tinyint") == 0 && p->number_count && p->numbers[0] == 1 && !p->is_unsigned &&
           !p->zerofill;
}

static void set_parameters(ath__reflect *r, const parts *p, ath_type *type) {
    uint32_t first = p->number_count ? p->numbers[0] : 0;
    type->is_unsigned = p->is_unsigned;
    if (type->sql == ATH_SQL_STRING || p->known->form == ATH_FORM_FIXED_BINARY || p->known->form == ATH_FORM_VARBINARY)
        type->length = first;
    if (type->sql == ATH_SQL_NUMERIC || p->known->style == FRACTION)
        type->precision = (uint8_t)(first > 255 ? 255 : first);
    if (type->sql == ATH_SQL_NUMERIC && p->number_count == 2)
        type->scale = (uint8_t)p->numbers[1];
    if (type->sql == ATH_SQL_ENUM)
        take_labels(r, p, type);
}

void ath__mysql_reflect_type(ath__reflect *r, const char *column_type, const char *charset, const char *collation,
                             ath_reflected_column *column) {
    parts p;
    column->declared = column_type;
    column->type_name = "NULL";
    column->type_text = column_type;
    if (!column_type || r->status != ATH_OK)
        return;
    take_apart(column_type, &p);
    if (!p.known) {
        ath__reflect_named_type(r, &column->type, column_type);
        return;
    }
    bool text = p.known->style == STRING || p.known->style == LABELS;
    column->type_name = p.known->name;
    column->type_text = type_text(r, &p, text ? charset : NULL, text ? collation : NULL);
    column->type = (ath_type){.sql = is_boolean(&p) ? ATH_SQL_BOOLEAN : p.known->sql, .form = p.known->form};
    set_parameters(r, &p, &column->type);
    ath_type_details details = {.charset = text ? charset : NULL, .collation = text ? collation : NULL};
    if ((p.known->spelled && column->type.sql != ATH_SQL_BOOLEAN) || p.zerofill)
        details.spelling = column->type_text;
    if (details.spelling || details.charset || details.collation)
        column->type.details = ath__reflect_details(r, details);
}
