/* SPDX-License-Identifier: Apache-2.0
 *
 * What SQLAlchemy's patterns find in a CREATE TABLE of SQLite.  They know double quotes and bare words only, take named
 * constraints from those behind the columns alone, and see UNIQUE behind a column only if its type is bare words.
 */
#include "as_json.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S "[[:space:]]"

enum { MOST = 20 };

typedef struct search {
    regex_t regex;
    regmatch_t match[MOST];
    const char *from, *at;
} search;

static search *begin(const char *pattern, const char *text) {
    search *s = calloc(1, sizeof *s);
    if (regcomp(&s->regex, pattern, REG_EXTENDED | REG_ICASE) != 0)
        abort();
    s->at = text ? text : "";
    return s;
}

static bool next(search *s) {
    if (!*s->at || regexec(&s->regex, s->at, MOST, s->match, 0) != 0)
        return false;
    s->from = s->at;
    s->at += s->match[0].rm_eo > 0 ? s->match[0].rm_eo : 1;
    return true;
}

static void end(search *s) {
    regfree(&s->regex);
    free(s);
}

/* The text of a group, to be freed; NULL when it matched nothing. */
static char *group(const search *s, int i) {
    return s->match[i].rm_so < 0
               ? NULL
               : strndup(s->from + s->match[i].rm_so, (size_t)(s->match[i].rm_eo - s->match[i].rm_so));
}

/* The first of two groups that matched. */
static json_t *either(const search *s, int a, int b) {
    char *text = group(s, a), *other = group(s, b);
    const char *found = text ? text : other;
    json_t *out = found ? json_string(found) : json_null();
    free(text);
    free(other);
    return out;
}

static json_t *columns_in(const char *list) {
    json_t *out = json_array();
    search *s = begin("\"([^\"]+)\"|([a-z0-9_]+)", list);
    while (next(s))
        json_array_append_new(out, either(s, 1, 2));
    end(s);
    return out;
}

void blind_primary_key(json_t *pk, const char *sql) {
    search *s = begin("CONSTRAINT" S "+(\"([^\"]+)\"|([a-z0-9_]+))" S "+PRIMARY" S "+KEY", sql);
    json_object_set_new(pk, "name", next(s) ? either(s, 2, 3) : json_null());
    end(s);
}

json_t *blind_computed(const char *column, const char *sql) {
    char pattern[512];
    snprintf(pattern, sizeof pattern, "%s[^,]*" S "GENERATED" S "+ALWAYS" S "+AS" S "+\\(([^\n]*)\\)", column);
    const char *from = sql ? strchr(sql, '(') : NULL, *to = from ? strrchr(from, ')') : NULL;
    char *body = to ? strndup(from + 1, (size_t)(to - from - 1)) : strdup("");
    search *s = begin(pattern, body);
    char *text = next(s) ? group(s, 1) : NULL;
    json_t *out = json_string(text ? text : "");
    free(text);
    free(body);
    end(s);
    return out;
}

/* ---- UNIQUE ---- */

/* Moves the constraint over those columns from one list to the other. */
static void found_unique(json_t *from, json_t *to, json_t *columns, json_t *name) {
    for (size_t i = 0; i < json_array_size(from); i++) {
        json_t *one = json_array_get(from, i);
        if (!json_equal(json_object_get(one, "column_names"), columns))
            continue;
        json_object_set(one, "name", name);
        json_array_append(to, one);
        json_array_remove(from, i);
        break;
    }
    json_decref(columns);
    json_decref(name);
}

void blind_uniques(json_t *uniques, const char *sql) {
    json_t *found = json_array();
    search *s = begin("(CONSTRAINT" S "+(\"([^\"]+)\"|([a-z0-9_]+))" S "+)?UNIQUE" S "*\\(([^)]+)\\)", sql);
    while (next(s)) {
        char *list = group(s, 5);
        found_unique(uniques, found, columns_in(list), either(s, 3, 4));
        free(list);
    }
    end(s);
    s = begin("(\"[^\"]+\"|[[`]?[a-z0-9_]+[]`]?)[\t ]+[a-z0-9_]+([\t ]+[a-z0-9_]+)*[\t ]+UNIQUE", sql);
    while (next(s)) {
        char *name = group(s, 1);
        found_unique(uniques, found, columns_in(name), json_null());
        free(name);
    }
    end(s);
    json_array_clear(uniques);
    json_array_extend(uniques, found);
    json_decref(found);
}

/* ---- FOREIGN KEY ---- */

static bool same(json_t *a, json_t *b) {
    bool equal = json_equal(a, b);
    json_decref(b);
    return equal;
}

static bool is_meant(json_t *key, const search *s) {
    char *columns = group(s, 5), *referred = group(s, 9);
    bool meant = same(json_object_get(key, "constrained_columns"), columns_in(columns)) &&
                 same(json_object_get(key, "referred_columns"), columns_in(referred)) &&
                 same(json_object_get(key, "referred_table"), either(s, 7, 8));
    free(columns);
    free(referred);
    return meant;
}

/* A match that gives `key` its name and options; without one it has neither. */
static bool is_found(json_t *key, const char *sql) {
    search *s = begin("(CONSTRAINT" S "+(\"([^\"]+)\"|([a-z0-9_]+))" S "+)?FOREIGN" S "+KEY" S "*\\(" S "*([^)]+)" S
                      "*\\)" S "+REFERENCES" S "+(\"([^\"]+)\"|([a-z0-9_]+))" S "*\\(" S "*(((\"[^\"]+\"|[a-z0-9_]+)" S
                      "*(," S "*)?)+)\\)",
                      sql);
    bool found = false;
    while (!found && next(s)) {
        found = is_meant(key, s);
        if (found)
            json_object_set_new(key, "name", either(s, 3, 4));
    }
    end(s);
    return found;
}

/* Of two keys over the same columns it sees one. */
static bool is_repeated(json_t *keys, size_t i) {
    static const char *const parts[] = {"constrained_columns", "referred_table", "referred_columns"};
    for (size_t j = 0; j < i; j++) {
        bool equal = true;
        for (size_t k = 0; k < 3; k++)
            equal = equal && json_equal(json_object_get(json_array_get(keys, i), parts[k]),
                                        json_object_get(json_array_get(keys, j), parts[k]));
        if (equal)
            return true;
    }
    return false;
}

void blind_foreign_keys(json_t *keys, const char *sql) {
    size_t i;
    json_t *key;
    for (i = json_array_size(keys); i-- > 0;)
        if (is_repeated(keys, i))
            json_array_remove(keys, i);
    json_array_foreach(keys, i, key) {
        if (is_found(key, sql))
            continue;
        json_object_del(key, "name");
        json_object_del(key, "options");
    }
}
