/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: a column as SHOW CREATE TABLE has it, taken apart, so that MODIFY can say again what is not changed.
 * All that the server writes there is kept, also what this file knows nothing of.
 */
#include "backend/mysql/alter.h"

#include <strings.h>

/* ---- tokens ---- */

typedef struct reader {
    const char *at, *token, *end; /* behind, begin and end of the present token */
    const char *behind;           /* where the one before it ended */
} reader;

static const char *skip_quoted(const char *at) {
    char quote = *at++;
    for (; *at; at++) {
        if (*at == '\\' && quote != '`' && at[1])
            at++;
        else if (*at == quote && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return at;
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           c == '.' || (unsigned char)c >= 0x80;
}

static void next(reader *x) {
    x->behind = x->at;
    const char *at = x->at + strspn(x->at, " \t\r\n");
    x->token = at;
    if (*at == '\'' || *at == '"' || *at == '`')
        at = skip_quoted(at);
    else if (is_word(*at))
        while (is_word(*at))
            at++;
    else if (at[0] == '/' && at[1] == '*')
        at = strstr(at, "*/") ? strstr(at, "*/") + 2 : at + strlen(at);
    else if (*at)
        at++;
    x->at = x->end = at;
}

static bool is(const reader *x, const char *word) {
    size_t size = strlen(word);
    return (size_t)(x->end - x->token) == size && strncasecmp(x->token, word, size) == 0;
}

static bool took(reader *x, const char *word) {
    if (!is(x, word))
        return false;
    next(x);
    return true;
}

static bool at_end(const reader *x) {
    return x->token == x->end || is(x, ",") || is(x, ")");
}

/* Over parentheses, or over one token. */
static void skip(reader *x) {
    int depth = 0;
    do {
        depth += is(x, "(") - is(x, ")");
        next(x);
    } while (depth > 0 && x->token != x->end);
}

/* Whether the token is that name in backquotes. */
static bool is_name(const reader *x, const char *name) {
    const char *at = x->token;
    if (*at++ != '`')
        return false;
    for (; *name; name++, at++) {
        if (strncasecmp(at, name, 1) != 0)
            return false;
        at += *name == '`';
    }
    return at + 1 == x->end;
}

/* ---- clauses ---- */

typedef struct reading {
    reader x;
    ath__arena *arena;
    ath__live_column *out;
    bool no_memory;
} reading;

static const char *keep(reading *r, const char *from, const char *end) {
    const char *copy = ath__arena_strn(r->arena, from, (size_t)(end - from));
    r->no_memory = r->no_memory || !copy;
    return copy;
}

/* One more of what is not taken apart. */
static void add(reading *r, const char **list, const char *from) {
    const char *piece = keep(r, from, r->x.behind);
    if (piece && *list)
        piece = ath__arena_printf(r->arena, "%s %s", *list, piece);
    r->no_memory = r->no_memory || !piece;
    *list = piece;
}

static bool begins_clause(const reader *x) {
    static const char *const words[] = {"not",   "null",      "default",    "auto_increment", "comment",
                                        "on",    "character", "collate",    "generated",      "as",
                                        "check", "invisible", "compressed", "without",        "constraint"};
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++)
        if (is(x, words[i]))
            return true;
    return strncmp(x->token, "/*", 2) == 0;
}

/* A value: 'x', -1.5, b'0', current_timestamp(6), (expression), nextval(`s`). */
static const char *take_value(reading *r) {
    const char *from = r->x.token;
    while (is(&r->x, "-") || is(&r->x, "+"))
        next(&r->x);
    skip(&r->x);
    while (r->x.token == r->x.behind && !at_end(&r->x))
        skip(&r->x);
    return keep(r, from, r->x.behind);
}

static void read_clause(reading *r) {
    reader *x = &r->x;
    ath__live_column *out = r->out;
    const char *from = x->token;
    if (took(x, "not")) {
        out->not_null = true;
        next(x);
    } else if (took(x, "null")) {
        return;
    } else if (took(x, "default")) {
        out->default_sql = take_value(r);
    } else if (took(x, "auto_increment")) {
        out->autoincrement = true;
    } else if (took(x, "comment")) {
        out->comment = take_value(r);
    } else if (took(x, "on")) {
        next(x);
        take_value(r);
        add(r, &out->on_update, from);
    } else if (is(x, "character") || is(x, "collate")) {
        if (took(x, "character"))
            next(x);
        else
            next(x);
        next(x);
        add(r, &out->charset, from);
    } else if (is(x, "generated") || is(x, "as")) {
        while (!is(x, "(") && !at_end(x))
            next(x);
        skip(x);
        if (is(x, "stored") || is(x, "virtual") || is(x, "persistent"))
            next(x);
        add(r, &out->computed, from);
    } else {
        do
            skip(x);
        while (!at_end(x) && !begins_clause(x));
        add(r, &out->rest, from);
    }
}

static void read_column(reading *r) {
    const char *from = r->x.token;
    while (!at_end(&r->x) && !begins_clause(&r->x))
        skip(&r->x);
    r->out->type = keep(r, from, r->x.behind);
    while (!at_end(&r->x) && !r->no_memory)
        read_clause(r);
}

/* Finds the column's definition among those of the table. */
static bool find(reading *r, const char *sql, const char *column) {
    reader *x = &r->x;
    *x = (reader){.at = sql};
    for (next(x); !is(x, "(") && x->token != x->end; next(x))
        continue;
    for (next(x); x->token != x->end && !is(x, ")");) {
        bool here = is_name(x, column);
        next(x);
        if (here)
            return true;
        while (!at_end(x))
            skip(x);
        took(x, ",");
    }
    return false;
}

/* ---- reading ---- */

static ath_status failed(ath_connection *c, ath_error *error) {
    *error = c->error;
    return ath__failed(error);
}

static ath_status show(ath_connection *c, const char *schema, const char *table, ath_result **out, ath_error *error) {
    ath__buf sql;
    ath__buf_init(&sql, &c->engine->allocator);
    ath__buf_str(&sql, "SHOW CREATE TABLE ");
    ath__dialect_qualified(c->dialect, &sql, schema, table);
    *out = sql.failed ? NULL : ath_connection_execute(c, ath_stmt_of(ath_text(ath__buf_text(&sql))));
    ath_status status = sql.failed ? ath__fail_memory(error) : *out ? ATH_OK : failed(c, error);
    ath__buf_done(&sql);
    return status;
}

ath_status ath__mysql_column(ath_connection *c, const char *schema, const char *table, const char *column,
                             ath__arena *arena, ath__live_column *out, ath_error *error) {
    ath_result *result;
    reading r = {.arena = arena, .out = out};
    ATH_TRY(show(c, schema, table, &result, error));
    const ath_row *row = ath_result_first(result);
    const char *sql = row ? ath_row_text(row, 1) : NULL;
    *out = (ath__live_column){0};
    bool found = sql && find(&r, sql, column);
    if (found)
        read_column(&r);
    ath_status status = ath_result_error(result)->status;
    if (status != ATH_OK)
        *error = *ath_result_error(result);
    ath_result_close(result);
    if (status == ATH_OK && r.no_memory)
        status = ath__fail_memory(error);
    if (status == ATH_OK && !found)
        status = ath__fail(error, ATH_ARGUMENT, "table %s has no column '%s'", table, column);
    return status;
}
