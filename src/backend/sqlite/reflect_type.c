/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite's reflector: from the text that a column was declared with to a type.  Names that are known say the type; others
 * say it by SQLite's rules of affinity, as in SQLAlchemy.
 */
#include "backend/sqlite/sqlite.h"

#include "backend/sqlite/reflect.h"

typedef enum arguments { NOTHING, LENGTH, PRECISION } arguments;

typedef struct known {
    const char *declared, *name;
    ath_sql_type sql;
    uint8_t form;
    uint8_t takes; /* arguments */
} known;

static const known names[] = {
    {"BIGINT", "BIGINT", ATH_SQL_BIGINT, 0, NOTHING},
    {"BLOB", "BLOB", ATH_SQL_BINARY, 0, NOTHING},
    {"BOOL", "BOOLEAN", ATH_SQL_BOOLEAN, 0, NOTHING},
    {"BOOLEAN", "BOOLEAN", ATH_SQL_BOOLEAN, 0, NOTHING},
    {"CHAR", "CHAR", ATH_SQL_STRING, ATH_FORM_CHAR, LENGTH},
    {"DATE", "DATE", ATH_SQL_DATE, 0, NOTHING},
    {"DATE_CHAR", "DATE", ATH_SQL_DATE, 0, NOTHING},
    {"DATETIME", "DATETIME", ATH_SQL_DATETIME, 0, NOTHING},
    {"DATETIME_CHAR", "DATETIME", ATH_SQL_DATETIME, 0, NOTHING},
    {"DECIMAL", "DECIMAL", ATH_SQL_NUMERIC, ATH_FORM_DECIMAL, PRECISION},
    {"DOUBLE", "DOUBLE", ATH_SQL_DOUBLE, 0, NOTHING},
    {"FLOAT", "FLOAT", ATH_SQL_FLOAT, 0, NOTHING},
    {"INT", "INTEGER", ATH_SQL_INTEGER, 0, NOTHING},
    {"INTEGER", "INTEGER", ATH_SQL_INTEGER, 0, NOTHING},
    {"JSON", "JSON", ATH_SQL_JSON, 0, NOTHING},
    {"JSONB", "JSONB", ATH_SQL_JSON, ATH_FORM_JSONB, NOTHING},
    {"NCHAR", "NCHAR", ATH_SQL_STRING, ATH_FORM_NCHAR, LENGTH},
    {"NUMERIC", "NUMERIC", ATH_SQL_NUMERIC, 0, PRECISION},
    {"NVARCHAR", "NVARCHAR", ATH_SQL_STRING, ATH_FORM_NVARCHAR, LENGTH},
    {"REAL", "REAL", ATH_SQL_FLOAT, ATH_FORM_REAL, NOTHING},
    {"SMALLINT", "SMALLINT", ATH_SQL_SMALLINT, 0, NOTHING},
    {"TEXT", "TEXT", ATH_SQL_TEXT, 0, LENGTH},
    {"TIME", "TIME", ATH_SQL_TIME, 0, NOTHING},
    {"TIME_CHAR", "TIME", ATH_SQL_TIME, 0, NOTHING},
    {"TIMESTAMP", "TIMESTAMP", ATH_SQL_TIMESTAMP, 0, NOTHING},
    {"VARCHAR", "VARCHAR", ATH_SQL_STRING, 0, LENGTH},
};

static const known by_affinity[] = {
    {"INT", "INTEGER", ATH_SQL_INTEGER, 0, NOTHING}, {"CHAR", "TEXT", ATH_SQL_TEXT, 0, LENGTH},
    {"CLOB", "TEXT", ATH_SQL_TEXT, 0, LENGTH},       {"TEXT", "TEXT", ATH_SQL_TEXT, 0, LENGTH},
    {"BLOB", "NULL", ATH_SQL_BINARY, 0, NOTHING},    {"REAL", "REAL", ATH_SQL_FLOAT, ATH_FORM_REAL, NOTHING},
    {"FLOA", "REAL", ATH_SQL_DOUBLE, 0, NOTHING},    {"DOUB", "REAL", ATH_SQL_DOUBLE, 0, NOTHING},
};
static const known unsaid = {"", "NULL", ATH_SQL_NAMED, 0, NOTHING};
static const known numeric = {"NUMERIC", "NUMERIC", ATH_SQL_NUMERIC, 0, PRECISION};

static const known *find(const char *name) {
    for (size_t i = 0; i < ATH_COUNT_OF(names); i++)
        if (strcmp(names[i].declared, name) == 0)
            return &names[i];
    for (size_t i = 0; i < ATH_COUNT_OF(by_affinity); i++)
        if (strstr(name, by_affinity[i].declared))
            return &by_affinity[i];
    return *name ? &numeric : &unsaid;
}

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static bool is_word(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ' || (unsigned char)c >= 0x80;
}

/* Takes a word out, wherever it stands. */
static void drop(char *text, const char *word) {
    for (char *at; (at = strstr(text, word)) != NULL;)
        memmove(at, at + strlen(word), strlen(at + strlen(word)) + 1);
}

static void trim(char *text) {
    size_t size = strlen(text), lead = strspn(text, " \t\r\n");
    while (size > lead && strchr(" \t\r\n", text[size - 1]))
        size--;
    memmove(text, text + lead, size - lead);
    text[size - lead] = '\0';
}

/* The numbers between the parentheses; how many there are. */
static size_t numbers_of(const char *at, uint32_t *numbers, size_t most) {
    size_t count = 0;
    while (*at && *at != ')' && count < most) {
        if (*at < '0' || *at > '9') {
            at++;
            continue;
        }
        uint32_t n = 0;
        for (; *at >= '0' && *at <= '9'; at++)
            n = n > 400000000 ? n : n * 10 + (uint32_t)(*at - '0');
        numbers[count++] = n;
    }
    return count;
}

static void with_arguments(ath__reflect *r, ath_reflected_column *column, const known *k, const uint32_t *n,
                           size_t count) {
    column->type_text = k->name;
    if (k->takes == LENGTH && count) {
        column->type.length = column->type.sql == ATH_SQL_STRING ? n[0] : 0;
        column->type_text = ath__reflect_printf(r, "%s(%u)", k->name, n[0]);
    } else if (k->takes == PRECISION && count) {
        column->type.precision = (uint8_t)(n[0] > 255 ? 255 : n[0]);
        column->type.scale = (uint8_t)(count > 1 ? n[1] > 255 ? 255 : n[1] : 0);
        if (count == 1)
            column->type.form = column->type.form ? column->type.form : (uint8_t)ATH_FORM_BARE;
        column->type_text = count > 1 ? ath__reflect_printf(r, "%s(%u, %u)", k->name, n[0], n[1])
                                      : ath__reflect_printf(r, "%s(%u)", k->name, n[0]);
    }
}

/* The names that this library declares where SQLite's own would lose something. */
static void own_type(ath_reflected_column *column, const char *name, const uint32_t *n, size_t count) {
    if (strcmp(name, "DECIMAL_TEXT") == 0)
        column->type = (ath_type){
            .sql = ATH_SQL_NUMERIC, .precision = (uint8_t)(count ? n[0] : 0), .scale = (uint8_t)(count > 1 ? n[1] : 0)};
    else if (strcmp(name, "INTERVAL") == 0)
        column->type = (ath_type){.sql = ATH_SQL_INTERVAL};
}

void ath__sqlite_reflect_type(ath__reflect *r, const char *declared, ath_reflected_column *column) {
    char text[256];
    uint32_t n[3];
    size_t size = declared ? strlen(declared) : 0;
    size = size < sizeof text ? size : sizeof text - 1;
    for (size_t i = 0; i < size; i++)
        text[i] = upper(declared[i]);
    text[size] = '\0';
    if (column->persisted) {
        drop(text, "GENERATED");
        drop(text, "ALWAYS");
        trim(text);
    }
    size_t word = 0;
    while (is_word(text[word]))
        word++;
    size_t count = text[word] == '(' && word ? numbers_of(text + word, n, ATH_COUNT_OF(n)) : 0;
    text[word] = '\0';
    const known *k = find(text);
    column->declared = declared ? declared : "";
    column->type = (ath_type){.sql = k->sql, .form = k->form};
    column->type_name = k->name;
    with_arguments(r, column, k, n, count);
    own_type(column, text, n, count);
    if (k->sql == ATH_SQL_NAMED)
        ath__reflect_named_type(r, &column->type, column->declared);
}
