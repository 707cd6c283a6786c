/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement is and does, read from its text: whether it is a matter of a transaction; and, of one that was begun when a
 * run was killed, whether the database has it.  What may be done twice (MODIFY, SET DEFAULT) is simply not done; what leaves
 * no trace that can be looked for is not known.
 */
#include "migrate/run.h"
#include "sql/alter.h"
#include "sql/lex.h"

#include <strings.h>

enum { NAME = 200 };

/* ---- words ---- */

typedef struct reader {
    ath__lexer x;
    char word[NAME]; /* a word or a name without its quotes; a single character otherwise; empty: the end */
    bool quoted;
} reader;

static void next(reader *r) {
    ath__lexer *x = &r->x;
    ath__lex_next(x);
    r->quoted = x->kind == ATH__LEX_NAME || x->kind == ATH__LEX_STRING;
    if (!r->quoted) {
        ath__copy_text(r->word, sizeof r->word, x->token, x->size);
        return;
    }
    size_t n = 0, stop = x->size - (x->size > 1 && !x->is_open);
    char close = *x->token == '[' ? ']' : *x->token;
    for (size_t i = 1; i < stop && n + 1 < sizeof r->word; i++) {
        r->word[n++] = x->token[i];
        i += x->token[i] == close; /* doubled */
    }
    r->word[n] = '\0';
}

static bool is(const reader *r, const char *word) {
    return !r->quoted && strcasecmp(r->word, word) == 0;
}

/* Steps over the word if it comes. */
static bool take(reader *r, const char *word) {
    if (!is(r, word))
        return false;
    next(r);
    return true;
}

static bool take_any(reader *r, const char *const *words) {
    bool any = false;
    for (; *words; words++)
        any = take(r, *words) || any;
    return any;
}

/* A name that may stand behind its schema. */
static void name(reader *r, char schema[NAME], char out[NAME]) {
    schema[0] = '\0';
    snprintf(out, NAME, "%s", r->word);
    next(r);
    if (r->quoted || strcmp(r->word, ".") != 0)
        return;
    next(r);
    snprintf(schema, NAME, "%s", out);
    snprintf(out, NAME, "%s", r->word);
    next(r);
}

/* ---- what a statement is ---- */

static reader read_sql(const ath_dialect *dialect, const char *sql) {
    reader r = {.quoted = false};
    ath__lex_init(&r.x, dialect, sql, strlen(sql));
    next(&r);
    return r;
}

bool ath__is_data(const char *sql) {
    static const char *const words[] = {"insert", "update", "delete", "replace", "with", "select", "values", "merge"};
    reader r = read_sql(NULL, sql);
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++)
        if (is(&r, words[i]))
            return true;
    return false;
}

bool ath__is_outside(const char *sql) {
    reader r = read_sql(NULL, sql);
    if (is(&r, "vacuum"))
        return true;
    if (!is(&r, "create") && !is(&r, "drop") && !is(&r, "reindex") && !is(&r, "alter"))
        return false;
    for (int i = 0; i < 8 && r.word[0] && strcmp(r.word, "(") != 0; i++, next(&r))
        if (is(&r, "concurrently"))
            return true;
    return false;
}

bool ath__is_transaction(const char *sql) {
    reader r = read_sql(NULL, sql);
    if (is(&r, "start")) {
        next(&r);
        return is(&r, "transaction");
    }
    return is(&r, "begin") || is(&r, "commit") || is(&r, "rollback");
}

/* ---- what it would have done ---- */

typedef enum effect_kind {
    EFFECT_UNKNOWN = 0,
    EFFECT_NONE, /* may be done again */
    EFFECT_RELATION,
    EFFECT_COLUMN,
    EFFECT_KEY, /* a constraint or an index, by name */
    EFFECT_PRIMARY_KEY
} effect_kind;

typedef struct effect {
    effect_kind kind;
    char schema[NAME], table[NAME], name[NAME], old[NAME];
    bool gone; /* `name` is not there afterwards; otherwise it is */
    bool renames;
} effect;

static const char *const if_exists[] = {"if", "not", "exists", NULL};

/* RENAME a TO b, behind the word that says of what. */
static void renamed(reader *r, effect *e, effect_kind kind) {
    char schema[NAME];
    e->kind = kind;
    e->renames = true;
    name(r, schema, e->old);
    if (!take(r, "to") && !take(r, "as"))
        e->kind = EFFECT_UNKNOWN;
    name(r, schema, e->name);
}

static void named(reader *r, effect *e, effect_kind kind, bool gone) {
    char schema[NAME];
    e->gone = gone;
    e->kind = kind;
    if (take_any(r, if_exists))
        e->kind = EFFECT_NONE;
    else
        name(r, schema, e->name);
}

/* Words that begin what is no column. */
static bool takes_key_word(reader *r) {
    static const char *const words[] = {"constraint", "index", "key", "unique", "check", "fulltext", "spatial", NULL};
    if (take(r, "foreign")) {
        take(r, "key");
        return true;
    }
    return take_any(r, words);
}

static void add_or_drop(reader *r, effect *e, bool gone) {
    if (take(r, "primary")) {
        e->kind = EFFECT_PRIMARY_KEY;
        e->gone = gone;
    } else if (take(r, "column")) {
        named(r, e, EFFECT_COLUMN, gone);
    } else if (takes_key_word(r)) {
        bool unnamed = !r->quoted && strcmp(r->word, "(") == 0;
        named(r, e, unnamed ? EFFECT_UNKNOWN : EFFECT_KEY, gone);
        if (unnamed)
            e->kind = EFFECT_UNKNOWN;
    } else if (is(r, "partition") || is(r, "(")) {
        e->kind = EFFECT_UNKNOWN;
    } else {
        named(r, e, EFFECT_COLUMN, gone);
    }
}

static void change(reader *r, effect *e) {
    char schema[NAME];
    take(r, "column");
    name(r, schema, e->old);
    name(r, schema, e->name);
    e->renames = strcasecmp(e->old, e->name) != 0;
    e->kind = e->renames ? EFFECT_COLUMN : EFFECT_NONE;
}

static void rename_in_table(reader *r, effect *e) {
    char schema[NAME];
    if (take(r, "column")) {
        renamed(r, e, EFFECT_COLUMN);
    } else if (take(r, "index") || take(r, "key") || take(r, "constraint")) {
        renamed(r, e, EFFECT_KEY);
    } else if (take(r, "to") || take(r, "as")) {
        e->kind = EFFECT_RELATION;
        e->renames = true;
        snprintf(e->old, NAME, "%s", e->table);
        name(r, schema, e->name);
    } else {
        renamed(r, e, EFFECT_COLUMN); /* RENAME a TO b */
    }
}

static void table_action(reader *r, effect *e) {
    if (take(r, "add"))
        add_or_drop(r, e, false);
    else if (take(r, "drop"))
        add_or_drop(r, e, true);
    else if (take(r, "rename"))
        rename_in_table(r, e);
    else if (take(r, "change"))
        change(r, e);
    else
        e->kind = is(r, "exchange") || is(r, "partition") || is(r, "reorganize") ? EFFECT_UNKNOWN : EFFECT_NONE;
}

/* To the next action of the same ALTER TABLE. */
static bool next_action(reader *r) {
    for (int depth = 0; r->word[0]; next(r)) {
        if (r->quoted)
            continue;
        depth += (r->word[0] == '(') - (r->word[0] == ')');
        if (depth <= 0 && strcmp(r->word, ",") == 0) {
            next(r);
            return true;
        }
    }
    return false;
}

/* One of its actions tells of all: the statement is done as a whole or not at all. */
static void alter_table(reader *r, effect *e) {
    take_any(r, if_exists);
    take(r, "only");
    name(r, e->schema, e->table);
    do
        table_action(r, e);
    while (e->kind == EFFECT_NONE && next_action(r));
}

static void index_effect(reader *r, effect *e, bool gone) {
    char schema[NAME];
    take(r, "concurrently");
    take_any(r, if_exists);
    e->kind = EFFECT_KEY;
    e->gone = gone;
    name(r, e->schema, e->name);
    if (take(r, "on")) {
        take(r, "only");
        name(r, schema, e->table);
        snprintf(e->schema, NAME, "%s", schema[0] ? schema : e->schema);
    }
}

static void create_or_drop(reader *r, effect *e, bool gone) {
    static const char *const adjectives[] = {"temporary", "temp",      "unique",       "fulltext", "spatial",
                                             "unlogged",  "recursive", "materialized", NULL};
    bool replaces = take(r, "or") && take(r, "replace");
    take_any(r, adjectives);
    if (take(r, "index")) {
        index_effect(r, e, gone);
    } else if (take(r, "table") || take(r, "view")) {
        e->kind = EFFECT_RELATION;
        e->gone = gone;
        if (take_any(r, if_exists))
            e->kind = EFFECT_NONE;
        name(r, e->schema, e->name);
    } else {
        next(r);
        e->kind = take_any(r, if_exists) ? EFFECT_NONE : EFFECT_UNKNOWN;
    }
    e->kind = replaces ? EFFECT_NONE : e->kind;
}

static void alter_something(reader *r, effect *e) {
    if (take(r, "table"))
        alter_table(r, e);
    else if (is(r, "sequence"))
        e->kind = EFFECT_NONE;
}

static void effect_of(const ath_dialect *dialect, const char *sql, effect *e) {
    static const char *const harmless[] = {"comment", "grant",    "revoke", "set",
                                           "analyze", "optimize", "pragma", "reindex"};
    reader r = read_sql(dialect, sql);
    *e = (effect){.kind = EFFECT_UNKNOWN};
    for (size_t i = 0; i < ATH_COUNT_OF(harmless); i++)
        if (is(&r, harmless[i]))
            e->kind = EFFECT_NONE;
    if (ath__is_data(sql))
        e->kind = EFFECT_NONE; /* it and its row in the journal are one transaction */
    else if (take(&r, "create"))
        create_or_drop(&r, e, false);
    else if (take(&r, "drop"))
        create_or_drop(&r, e, true);
    else if (take(&r, "alter"))
        alter_something(&r, e);
    else if (take(&r, "rename") && take(&r, "table"))
        renamed(&r, e, EFFECT_RELATION);
}

/* ---- what is there ---- */

static bool same(const char *a, const char *b) {
    return a && b && strcasecmp(a, b) == 0;
}

static bool has_column(const ath_reflected_table *t, const char *which) {
    for (size_t i = 0; i < t->column_count; i++)
        if (same(t->columns[i].name, which))
            return true;
    return false;
}

static bool has_key(const ath_reflected_table *t, const char *which, bool *invalid) {
    for (size_t i = 0; i < t->index_count; i++)
        if (same(t->indexes[i].name, which)) {
            *invalid = t->indexes[i].invalid;
            return true;
        }
    for (size_t i = 0; i < t->unique_count; i++)
        if (same(t->uniques[i].name, which))
            return true;
    for (size_t i = 0; i < t->foreign_key_count; i++)
        if (same(t->foreign_keys[i].name, which))
            return true;
    for (size_t i = 0; i < t->check_count; i++)
        if (same(t->checks[i].name, which))
            return true;
    return same(t->primary_key.name, which);
}

typedef struct found {
    bool table; /* it could be looked at */
    bool name, old;
    bool invalid; /* an index whose making was broken off */
} found;

static void look_into(const ath_reflected_table *t, const effect *e, found *out) {
    bool ignored = false;
    out->table = true;
    if (e->kind == EFFECT_COLUMN) {
        out->name = out->name || has_column(t, e->name);
        out->old = out->old || has_column(t, e->old);
    } else if (e->kind == EFFECT_KEY) {
        out->name = out->name || has_key(t, e->name, &out->invalid);
        out->old = out->old || (e->old[0] && has_key(t, e->old, &ignored));
    } else if (e->kind == EFFECT_PRIMARY_KEY) {
        out->name = t->primary_key.columns.count > 0;
    } else {
        out->name = out->name || same(t->name, e->name);
        out->old = out->old || same(t->name, e->old);
    }
}

static ath_status look(ath__run *run, const effect *e, found *out) {
    ath_inspect_opts opts = {.struct_size = sizeof opts, .schema = e->schema[0] ? e->schema : NULL};
    const char *only[] = {e->table};
    if (e->kind == EFFECT_RELATION)
        opts.names_only = true;
    else if (e->table[0])
        opts.tables = (ath_name_list){1, only};
    ath_inspector *live = ath_connection_inspect(run->c, &opts);
    size_t count = 0;
    *out = (found){.table = e->kind == EFFECT_RELATION};
    if (!live)
        return ath__run_failed(run);
    const ath_reflected_table *tables = ath_inspector_tables(live, &count);
    for (size_t i = 0; i < count; i++)
        if (e->kind == EFFECT_RELATION || !e->table[0] || same(tables[i].name, e->table))
            look_into(&tables[i], e, out);
    ath_inspector_free(live);
    return ATH_OK;
}

/* What a broken CREATE INDEX CONCURRENTLY leaves is in the way of the next. */
static ath_status clear_invalid(ath__run *run, const effect *e) {
    ath__buf sql;
    ath__buf_init(&sql, run->arena.allocator);
    ath__ddl w = {.dialect = run->c->dialect, .out = &sql, .error = run->error};
    ath_status status = ath__alter_drop_index(&w, e->schema[0] ? e->schema : NULL, NULL, e->name, true, true);
    if (status == ATH_OK && ath__run_text(run->c, ath__buf_text(&sql), NULL) != ATH_OK)
        status = ath__run_failed(run);
    ath__buf_done(&sql);
    return status;
}

ath_status ath__settle(ath__run *run, const char *sql, ath__fate *fate) {
    effect e;
    found f;
    effect_of(run->c->dialect, sql, &e);
    *fate = e.kind == EFFECT_NONE ? ATH__FATE_UNDONE : ATH__FATE_UNKNOWN;
    if (e.kind == EFFECT_NONE || e.kind == EFFECT_UNKNOWN)
        return ATH_OK;
    ATH_TRY(look(run, &e, &f));
    if (ath_connection_rollback(run->c) != ATH_OK) /* reading had begun a transaction */
        return ath__run_failed(run);
    if (f.invalid && !e.gone) {
        *fate = ATH__FATE_UNDONE;
        return clear_invalid(run, &e);
    }
    if (!f.table) /* it is gone, or never was: running the statement will tell */
        *fate = ATH__FATE_UNDONE;
    else if (e.renames)
        *fate = f.name && !f.old ? ATH__FATE_DONE : f.old && !f.name ? ATH__FATE_UNDONE : ATH__FATE_UNKNOWN;
    else
        *fate = f.name != e.gone ? ATH__FATE_DONE : ATH__FATE_UNDONE;
    return ATH_OK;
}
