/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite's reflector: reading CREATE TABLE and CREATE INDEX as SQLite keeps them, for what no pragma tells.  The text has
 * been accepted by SQLite, so it is read by its grammar, not judged: what is not understood is stepped over.
 */
#include "backend/sqlite/sqlite.h"

#include "backend/sqlite/reflect.h"

typedef enum kind { END, WORD, QUOTED, STRING, OTHER, SIGN } kind;

typedef struct reader {
    ath__reflect *r;
    ath__reflected *t;
    const char *at; /* behind the present token */
    kind kind;
    const char *token;
    size_t size;
    const char *column;     /* whose definition is being read, or NULL */
    const char *constraint; /* the name that CONSTRAINT gave to what follows */
    size_t foreign_keys;    /* read so far */
    bool *taken;            /* unique constraints that found their text */
} reader;

/* ---- tokens ---- */

static void next(reader *x) {
    const char *at = ath__sqlite_skip_blank(x->at);
    x->token = at;
    if (!*at) {
        x->kind = END;
    } else if (*at == '"' || *at == '`' || *at == '[' || *at == '\'') {
        x->kind = *at == '\'' ? STRING : QUOTED;
        at = ath__sqlite_skip_quoted(at);
    } else if (ath__sqlite_is_word(*at)) {
        x->kind = WORD;
        while (ath__sqlite_is_word(*at) ||
               *at == '.') /* numbers have a point; a schema's name before one is never needed */
            at++;
    } else {
        x->kind = *at == '+' || *at == '-' ? SIGN : OTHER;
        at++;
    }
    x->size = (size_t)(at - x->token);
    x->at = at;
}

static bool is(const reader *x, const char *word) {
    if (x->kind != WORD || strlen(word) != x->size)
        return false;
    for (size_t i = 0; i < x->size; i++) {
        char c = x->token[i];
        if ((c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c) != word[i])
            return false;
    }
    return true;
}

static bool is_sign(const reader *x, char c) {
    return x->kind == OTHER && *x->token == c;
}

/* Steps over a word, if that is what stands here. */
static bool took(reader *x, const char *word) {
    if (!is(x, word))
        return false;
    next(x);
    return true;
}

static bool took_sign(reader *x, char c) {
    if (!is_sign(x, c))
        return false;
    next(x);
    return true;
}

/* The present token as a name, its quotes taken off. */
static const char *name_of(reader *x) {
    if (x->kind != QUOTED && x->kind != STRING)
        return ath__reflect_keep(x->r, x->token, x->size);
    char quote = *x->token, *name = ath__arena_bytes(x->r->arena, x->size + 1);
    if (!name || x->r->status != ATH_OK) {
        x->r->status = ath__fail_memory(x->r->error);
        return NULL;
    }
    size_t size = 0;
    for (size_t i = 1; i + 1 < x->size; i++) {
        name[size++] = x->token[i];
        if (quote != '[' && x->token[i] == quote)
            i++;
    }
    name[size] = '\0';
    return name;
}

static const char *take_name(reader *x) {
    const char *name = name_of(x);
    next(x);
    return name;
}

/* What stands between the parentheses that open here, without blanks around it. */
static const char *take_parentheses(reader *x) {
    if (!is_sign(x, '('))
        return NULL;
    const char *from = ath__sqlite_skip_blank(x->at), *end = from;
    int depth = 1;
    for (next(x); x->kind != END && depth > 0; next(x)) {
        depth += is_sign(x, '(') - is_sign(x, ')');
        if (depth == 0)
            break;
        end = x->at;
    }
    next(x);
    return ath__reflect_keep(x->r, from, (size_t)(end > from ? end - from : 0));
}

/* In capitals, with single spaces: "SET NULL". */
static const char *keyword_text(reader *x) {
    char *text = ath__arena_strn(x->r->arena, x->token, x->size);
    if (!text) {
        x->r->status = ath__fail_memory(x->r->error);
        return NULL;
    }
    for (char *at = text; *at; at++)
        *at = *at >= 'a' && *at <= 'z' ? (char)(*at - ('a' - 'A')) : *at;
    next(x);
    return text;
}

/* ---- constraints ---- */

static const char *take_conflict(reader *x) {
    if (!took(x, "ON"))
        return NULL;
    took(x, "CONFLICT");
    return keyword_text(x);
}

static bool same_text(const char *a, const char *b) {
    return a && b && sqlite3_stricmp(a, b) == 0;
}

static bool same_names(ath_name_list a, const ath_name_list *b) {
    if (a.count != b->count)
        return false;
    for (size_t i = 0; i < a.count; i++)
        if (!same_text(a.names[i], b->names[i]))
            return false;
    return true;
}

/* (a, b COLLATE x DESC, ...): the names alone. */
static ath_name_list take_columns(reader *x, bool *autoincrement) {
    ath_name_list list = {0};
    ath__grown grown = {0};
    if (!took_sign(x, '('))
        return list;
    while (x->kind != END && !is_sign(x, ')') && x->r->status == ATH_OK) {
        ath__reflect_name(x->r, &grown, &list, take_name(x));
        while (x->kind != END && !is_sign(x, ',') && !is_sign(x, ')')) {
            if (is(x, "AUTOINCREMENT"))
                *autoincrement = true;
            if (is_sign(x, '('))
                take_parentheses(x);
            else
                next(x);
        }
        took_sign(x, ',');
    }
    took_sign(x, ')');
    return list;
}

static void take_primary_key(reader *x) {
    bool autoincrement = false;
    took(x, "KEY");
    if (!x->column)
        take_columns(x, &autoincrement);
    else if (!took(x, "ASC"))
        took(x, "DESC");
    x->t->table.primary_key.name = x->constraint;
    const char *conflict = take_conflict(x);
    x->t->table.primary_key.on_conflict = conflict;
    if (took(x, "AUTOINCREMENT") || autoincrement)
        ath__reflect_option(x->r, &x->t->options, "autoincrement", "");
}

/* The UNIQUE constraint over these columns that has not been found yet gets its name. */
static void take_unique(reader *x) {
    bool ignored = false;
    ath_name_list columns = {.count = 1, .names = &x->column};
    if (!x->column)
        columns = take_columns(x, &ignored);
    const char *conflict = take_conflict(x);
    ath_reflected_key *keys = x->t->uniques.items;
    for (size_t i = 0; i < x->t->uniques.count; i++)
        if (!x->taken[i] && same_names(columns, &keys[i].columns)) {
            x->taken[i] = true;
            keys[i].name = x->constraint;
            keys[i].on_conflict = conflict;
            return;
        }
}

static void take_check(reader *x) {
    const char *sql = take_parentheses(x);
    take_conflict(x);
    ath_reflected_check *check = ath__reflect_grow(x->r, &x->t->checks, sizeof *check);
    if (check)
        *check = (ath_reflected_check){.name = x->constraint, .sql = sql};
}

static void take_deferrable(reader *x, ath_reflected_foreign_key *key) {
    key->deferrable = took(x, "NOT") ? ATH_NOT_DEFERRABLE : ATH_DEFERRABLE;
    took(x, "DEFERRABLE");
    if (took(x, "INITIALLY"))
        key->initially = keyword_text(x);
}

/* Behind REFERENCES. */
static void take_references(reader *x) {
    bool ignored;
    ath_reflected_foreign_key *keys = x->t->foreign_keys.items, unknown = {0};
    const char *table = take_name(x);
    size_t i = x->foreign_keys++;
    ath_reflected_foreign_key *key =
        i < x->t->foreign_keys.count && same_text(keys[i].referred_table, table) ? &keys[i] : &unknown;
    key->name = x->constraint;
    key->in_column = x->column != NULL;
    take_columns(x, &ignored);
    for (;;) {
        if (took(x, "ON")) {
            next(x); /* DELETE, UPDATE; the action is known */
            if (took(x, "SET") || took(x, "NO"))
                next(x);
            else
                next(x);
        } else if (took(x, "MATCH")) {
            key->match = keyword_text(x);
        } else if (is(x, "DEFERRABLE")) {
            take_deferrable(x, key);
        } else if (is(x, "NOT") && strncmp(ath__sqlite_skip_blank(x->at), "DEFERRABLE", 10) == 0) {
            take_deferrable(x, key);
        } else {
            return;
        }
    }
}

/* A constraint, of a column or of the table.  False: none stands here. */
static bool take_constraint(reader *x) {
    bool ignored;
    if (took(x, "CONSTRAINT")) {
        x->constraint = take_name(x);
        return true;
    }
    if (took(x, "PRIMARY"))
        take_primary_key(x);
    else if (took(x, "UNIQUE"))
        take_unique(x);
    else if (took(x, "CHECK"))
        take_check(x);
    else if (took(x, "REFERENCES"))
        take_references(x);
    else if (!x->column && took(x, "FOREIGN")) {
        took(x, "KEY");
        take_columns(x, &ignored);
        if (took(x, "REFERENCES"))
            take_references(x);
    } else {
        return false;
    }
    x->constraint = NULL;
    return true;
}

/* ---- columns ---- */

static void take_default(reader *x) {
    if (is_sign(x, '(')) {
        take_parentheses(x);
        return;
    }
    while (x->kind == SIGN)
        next(x);
    next(x);
}

static void take_generated(reader *x) {
    ath_reflected_column *column = ath__reflect_column(x->r, x->t, x->column);
    const char *sql = take_parentheses(x);
    if (column)
        column->computed = sql;
    if (!took(x, "STORED"))
        took(x, "VIRTUAL");
}

static void take_collation(reader *x) {
    ath_reflected_column *column = ath__reflect_column(x->r, x->t, x->column);
    const char *collation = take_name(x);
    if (column)
        column->collation = collation;
}

static void take_column(reader *x) {
    x->column = take_name(x);
    while (x->kind != END && !is_sign(x, ',') && !is_sign(x, ')') && x->r->status == ATH_OK) {
        if (take_constraint(x))
            continue;
        if (took(x, "DEFAULT"))
            take_default(x);
        else if (took(x, "COLLATE"))
            take_collation(x);
        else if (took(x, "AS"))
            take_generated(x);
        else if (took(x, "NOT") || took(x, "NULL")) {
            took(x, "NULL");
            take_conflict(x);
        } else if (is_sign(x, '('))
            take_parentheses(x);
        else
            next(x); /* the type, GENERATED ALWAYS */
        x->constraint = x->kind == END ? NULL : x->constraint;
    }
    x->column = NULL;
    x->constraint = NULL;
}

static bool begins_constraint(const reader *x) {
    return is(x, "CONSTRAINT") || is(x, "PRIMARY") || is(x, "UNIQUE") || is(x, "CHECK") || is(x, "FOREIGN");
}

static void take_options(reader *x) {
    for (; x->kind != END && x->r->status == ATH_OK; next(x)) {
        if (is(x, "STRICT"))
            ath__reflect_option(x->r, &x->t->options, "strict", "");
        if (is(x, "ROWID"))
            ath__reflect_option(x->r, &x->t->options, "without rowid", "");
    }
}

static void take_virtual(reader *x) {
    while (x->kind != END && !took(x, "USING"))
        next(x);
    const char *from = x->token;
    ath__reflect_option(x->r, &x->t->options, "module", ath__reflect_keep(x->r, from, strlen(from)));
}

ath_status ath__sqlite_reflect_table_sql(ath__reflect *r, ath__reflected *t, const char *sql) {
    reader x = {.r = r, .t = t, .at = sql ? sql : ""};
    if (!sql || r->status != ATH_OK)
        return r->status;
    x.taken = ath__arena_zero(r->arena, t->uniques.count + 1);
    if (!x.taken)
        return r->status = ath__fail_memory(r->error);
    next(&x);
    took(&x, "CREATE");
    if (took(&x, "VIRTUAL")) {
        take_virtual(&x);
        return r->status;
    }
    while (x.kind != END && !is_sign(&x, '('))
        next(&x);
    took_sign(&x, '(');
    while (x.kind != END && !is_sign(&x, ')') && r->status == ATH_OK) {
        if (!begins_constraint(&x))
            take_column(&x);
        while (x.kind != END && take_constraint(&x) && r->status == ATH_OK)
            ;
        if (!took_sign(&x, ',') && !is_sign(&x, ')'))
            next(&x);
    }
    next(&x);
    take_options(&x);
    return r->status;
}

/* ---- indexes ---- */

/* The text of a part, up to the comma or parenthesis behind it, without COLLATE at its end, ASC and DESC. */
static const char *take_part(reader *x) {
    const char *from = x->token, *end = from;
    while (x->kind != END && !is_sign(x, ',') && !is_sign(x, ')')) {
        if (is(x, "ASC") || is(x, "DESC")) {
            next(x);
        } else if (is(x, "COLLATE")) {
            next(x);
            next(x);
        } else {
            int depth = 0;
            do {
                depth += is_sign(x, '(') - is_sign(x, ')');
                end = x->at;
                next(x);
            } while (depth > 0 && x->kind != END);
        }
    }
    return ath__reflect_keep(x->r, from, (size_t)(end - from));
}

ath_status ath__sqlite_reflect_index_sql(ath__reflect *r, ath_reflected_index *index, ath_index_part *parts,
                                         const char *sql) {
    reader x = {.r = r, .at = sql ? sql : ""};
    if (!sql || r->status != ATH_OK)
        return r->status;
    next(&x);
    while (x.kind != END && !took(&x, "ON"))
        next(&x);
    next(&x); /* the table */
    took_sign(&x, '(');
    for (size_t i = 0; x.kind != END && !is_sign(&x, ')') && r->status == ATH_OK; i++) {
        const char *text = take_part(&x);
        if (i < index->parts.count && !parts[i].column)
            parts[i].expression = text;
        took_sign(&x, ',');
    }
    took_sign(&x, ')');
    if (took(&x, "WHERE")) {
        size_t size = strlen(x.token);
        while (size && strchr(" \t\r\n;", x.token[size - 1]))
            size--;
        index->where = ath__reflect_keep(r, x.token, size);
    }
    return r->status;
}
