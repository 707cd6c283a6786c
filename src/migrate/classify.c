/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: what a statement changes, told by its words (danger.h).  Not a parser: it looks at the words that matter, skips
 * what is in parentheses, and what it does not know it calls ATH__CHANGE_OTHER_DDL.
 */
#include "migrate/danger.h"

typedef struct classifier {
    ath__lexer x;
    ath__arena *arena;
    ath__made_list *out;
    const char *schema, *table;
    bool if_exists;
    bool no_memory;
} classifier;

static void add(classifier *c, ath__schema_change change, const char *name) {
    ath__made_list *out = c->out;
    ath__made *at = ath__arena_room(c->arena, out->at, out->count, &out->capacity, sizeof *at);
    if (!at) {
        c->no_memory = true;
        return;
    }
    out->at = at;
    at[out->count++] = (ath__made){change, c->table, c->schema, name, c->if_exists};
}

/* ---- words ---- */

static bool is(const classifier *c, const char *word) {
    return ath__lex_is(&c->x, word);
}
static bool take(classifier *c, const char *words) {
    return ath__lex_take_all(&c->x, words);
}
static bool over(const classifier *c) {
    return c->x.kind == ATH__LEX_END || is(c, ";");
}

static char *name(classifier *c) {
    if (c->x.kind != ATH__LEX_WORD && c->x.kind != ATH__LEX_NAME)
        return NULL;
    char *text = ath__lex_name(&c->x, c->arena);
    c->no_memory |= !text;
    ath__lex_next(&c->x);
    return text;
}

/* [schema.]table */
static void table(classifier *c) {
    c->if_exists = take(c, "if exists") || take(c, "if not exists");
    take(c, "only");
    c->schema = NULL;
    c->table = name(c);
    if (ath__lex_take(&c->x, ".")) {
        c->schema = c->table;
        c->table = name(c);
    }
}

/* Behind a pair of parentheses, or behind one token. */
static void skip(classifier *c) {
    int depth = 0;
    do {
        depth += is(c, "(") ? 1 : is(c, ")") ? -1 : 0;
        ath__lex_next(&c->x);
    } while (depth > 0 && c->x.kind != ATH__LEX_END);
}

/* On to the comma or the end that closes the present action of ALTER TABLE. */
static void skip_action(classifier *c) {
    while (!over(c) && !is(c, ","))
        skip(c);
}

/* Whether the words stand in the rest of the action, outside of parentheses. */
static bool says(const classifier *c, const char *words) {
    classifier ahead = *c;
    while (!over(&ahead) && !is(&ahead, ",")) {
        classifier here = ahead;
        if (take(&here, words))
            return true;
        skip(&ahead);
    }
    return false;
}

static bool says_in_statement(const classifier *c, const char *words) {
    classifier ahead = *c;
    while (!over(&ahead)) {
        classifier here = ahead;
        if (take(&here, words))
            return true;
        skip(&ahead);
    }
    return false;
}

/* ---- columns ---- */

static bool is_one_of(const classifier *c, const char *const *words) {
    for (; *words; words++)
        if (is(c, *words))
            return true;
    return false;
}

static ath__schema_change of_default(classifier c) {
    static const char *const moments[] = {"now",       "current_timestamp", "current_date", "current_time",
                                          "localtime", "localtimestamp",    "datetime",     NULL};
    static const char *const constants[] = {"null",  "true",     "false", "cast",      "-",    "+",          "b", "x",
                                            "array", "interval", "date",  "timestamp", "time", "empty_blob", NULL};
    while (!over(&c) && !is(&c, ",") && !ath__lex_take(&c.x, "default"))
        skip(&c);
    while (ath__lex_take(&c.x, "("))
        ;
    if (is_one_of(&c, moments))
        return ATH__CHANGE_ADD_COLUMN_NOW;
    bool constant = c.x.kind == ATH__LEX_STRING || c.x.kind == ATH__LEX_NUMBER || is_one_of(&c, constants);
    return constant ? ATH__CHANGE_ADD_COLUMN_DEFAULT : ATH__CHANGE_ADD_COLUMN_VOLATILE;
}

static bool is_numbered(const classifier *c) {
    static const char *const words[] = {"serial", "bigserial", "smallserial", "auto_increment", "as identity", NULL};
    for (const char *const *w = words; *w; w++)
        if (says(c, *w))
            return true;
    return false;
}

static bool is_generated(const classifier *c) {
    classifier ahead = *c;
    while (!over(&ahead) && !is(&ahead, ",")) {
        classifier here = ahead;
        if (ath__lex_take(&here.x, "as") && is(&here, "("))
            return true;
        skip(&ahead);
    }
    return false;
}

static ath__schema_change of_new_column(const classifier *c) {
    if (is_numbered(c))
        return ATH__CHANGE_ADD_COLUMN_NUMBERED;
    if (is_generated(c))
        return says(c, "virtual") || !(says(c, "stored") || says(c, "persistent")) ? ATH__CHANGE_ADD_COLUMN_VIRTUAL
                                                                                   : ATH__CHANGE_ADD_COLUMN_STORED;
    if (says(c, "unique") || says(c, "primary key"))
        return ATH__CHANGE_ADD_COLUMN_UNIQUE;
    bool has_default = says(c, "default");
    if (has_default && of_default(*c) != ATH__CHANGE_ADD_COLUMN_DEFAULT)
        return of_default(*c);
    if (!has_default && says(c, "not null"))
        return ATH__CHANGE_ADD_COLUMN_REQUIRED;
    if (says(c, "references"))
        return ATH__CHANGE_ADD_COLUMN_REFERENCES;
    if (says(c, "check"))
        return ATH__CHANGE_ADD_COLUMN_CHECK;
    return has_default ? ATH__CHANGE_ADD_COLUMN_DEFAULT : ATH__CHANGE_ADD_COLUMN;
}

static void add_column(classifier *c) {
    c->if_exists = take(c, "if not exists");
    const char *column = name(c);
    add(c, of_new_column(c), column);
}

/* ---- ALTER TABLE ---- */

static ath__schema_change of_constraint(const classifier *c) {
    if (says(c, "using index") && (is(c, "unique") || is(c, "primary")))
        return ATH__CHANGE_ADD_BY_INDEX;
    if ((is(c, "foreign") || is(c, "check")) && says(c, "not valid"))
        return ATH__CHANGE_ADD_NOT_VALID;
    return is(c, "unique")    ? ATH__CHANGE_ADD_UNIQUE
           : is(c, "primary") ? ATH__CHANGE_ADD_PRIMARY_KEY
           : is(c, "foreign") ? ATH__CHANGE_ADD_FOREIGN_KEY
           : is(c, "check")   ? ATH__CHANGE_ADD_CHECK
           : is(c, "exclude") ? ATH__CHANGE_ADD_EXCLUDE
                              : ATH__CHANGE_NONE;
}

static void add_something(classifier *c) {
    static const char *const indexes[] = {"index", "key", "fulltext", "spatial", NULL};
    const char *called = NULL;
    if (take(c, "constraint")) {
        c->if_exists = take(c, "if not exists");
        called = of_constraint(c) ? NULL : name(c);
    }
    ath__schema_change change = of_constraint(c);
    if (change)
        add(c, change, called);
    else if (is_one_of(c, indexes))
        add(c, ATH__CHANGE_CREATE_INDEX, NULL);
    else {
        take(c, "column");
        add_column(c);
    }
}

static void drop_something(classifier *c) {
    static const struct {
        const char *words;
        ath__schema_change change;
    } kinds[] = {{"primary key", ATH__CHANGE_DROP_PRIMARY_KEY},
                 {"foreign key", ATH__CHANGE_DROP_FOREIGN_KEY},
                 {"constraint", ATH__CHANGE_DROP_CONSTRAINT},
                 {"check", ATH__CHANGE_DROP_CONSTRAINT},
                 {"index", ATH__CHANGE_DROP_INDEX},
                 {"key", ATH__CHANGE_DROP_INDEX},
                 {"column", ATH__CHANGE_DROP_COLUMN}};
    ath__schema_change change = ATH__CHANGE_DROP_COLUMN;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (take(c, kinds[i].words)) {
            change = kinds[i].change;
            break;
        }
    c->if_exists = take(c, "if exists");
    add(c, change, name(c));
}

static void alter_column(classifier *c) {
    take(c, "column");
    const char *column = name(c);
    ath__schema_change change = is(c, "type") || take(c, "set data type")           ? ATH__CHANGE_COLUMN_TYPE
                                : take(c, "set not null")                           ? ATH__CHANGE_SET_NOT_NULL
                                : take(c, "drop not null")                          ? ATH__CHANGE_DROP_NOT_NULL
                                : take(c, "set default") || take(c, "drop default") ? ATH__CHANGE_SET_DEFAULT
                                                                                    : ATH__CHANGE_OTHER_DDL;
    add(c, change, column);
}

static void rename_something(classifier *c) {
    if (take(c, "to") || take(c, "as")) {
        add(c, ATH__CHANGE_RENAME_TABLE, name(c));
    } else if (take(c, "index") || take(c, "key")) {
        add(c, ATH__CHANGE_RENAME_INDEX, name(c));
    } else if (take(c, "constraint")) {
        add(c, ATH__CHANGE_OTHER_DDL, name(c));
    } else {
        take(c, "column");
        add(c, ATH__CHANGE_RENAME_COLUMN, name(c));
    }
}

static void other_action(classifier *c) {
    ath__schema_change change = take(c, "convert to")         ? ATH__CHANGE_CHARSET
                                : is(c, "comment")            ? ATH__CHANGE_COMMENT
                                : take(c, "attach partition") ? ATH__CHANGE_ATTACH_PARTITION
                                : is(c, "force") || take(c, "set tablespace") || take(c, "set logged") ||
                                        take(c, "set unlogged") || is(c, "cluster")
                                    ? ATH__CHANGE_REWRITE
                                    : ATH__CHANGE_TABLE_OPTIONS;
    add(c, change, NULL);
}

static void alter_action(classifier *c) {
    c->if_exists = false;
    if (take(c, "add"))
        add_something(c);
    else if (take(c, "drop"))
        drop_something(c);
    else if (take(c, "alter"))
        alter_column(c);
    else if (take(c, "rename"))
        rename_something(c);
    else if (take(c, "validate constraint"))
        add(c, ATH__CHANGE_VALIDATE, name(c));
    else if (take(c, "modify") || take(c, "change")) {
        take(c, "column");
        add(c, ATH__CHANGE_COLUMN, name(c));
    } else
        other_action(c);
}

static void alter_table(classifier *c) {
    table(c);
    while (!over(c) && c->table && !c->no_memory) {
        alter_action(c);
        skip_action(c);
        ath__lex_take(&c->x, ",");
    }
}

/* ---- other statements ---- */

static void create_index(classifier *c) {
    bool concurrently = take(c, "concurrently");
    bool if_exists = take(c, "if not exists");
    const char *index = is(c, "on") ? NULL : name(c);
    if (ath__lex_take(&c->x, "."))
        index = name(c);
    if (take(c, "on"))
        table(c);
    c->if_exists = if_exists;
    add(c, concurrently ? ATH__CHANGE_CREATE_INDEX_CONCURRENTLY : ATH__CHANGE_CREATE_INDEX, index);
}

static void create(classifier *c) {
    take(c, "or replace");
    take(c, "temporary");
    take(c, "temp");
    take(c, "unlogged");
    if (take(c, "table")) {
        table(c);
        add(c, ATH__CHANGE_CREATE_TABLE, NULL);
    } else if (take(c, "unique index") || take(c, "index") || take(c, "fulltext index") || take(c, "spatial index")) {
        create_index(c);
    } else {
        add(c, is(c, "trigger") ? ATH__CHANGE_TRIGGER : ATH__CHANGE_OTHER_DDL, NULL);
    }
}

static void drop(classifier *c) {
    if (take(c, "table")) {
        table(c);
        add(c, ATH__CHANGE_DROP_TABLE, NULL);
    } else if (take(c, "index")) {
        bool concurrently = take(c, "concurrently");
        c->if_exists = take(c, "if exists");
        const char *index = name(c);
        if (take(c, "on"))
            c->table = name(c);
        add(c, concurrently ? ATH__CHANGE_DROP_INDEX_CONCURRENTLY : ATH__CHANGE_DROP_INDEX, index);
    } else if (take(c, "schema") || take(c, "database")) {
        c->if_exists = take(c, "if exists");
        add(c, ATH__CHANGE_DROP_SCHEMA, name(c));
    } else {
        add(c, ATH__CHANGE_OTHER_DDL, NULL);
    }
}

static void alter(classifier *c) {
    if (take(c, "table"))
        alter_table(c);
    else if (take(c, "type"))
        add(c, says_in_statement(c, "add value") ? ATH__CHANGE_ENUM_VALUE : ATH__CHANGE_OTHER_DDL, NULL);
    else if (take(c, "index"))
        add(c, says_in_statement(c, "rename to") ? ATH__CHANGE_RENAME_INDEX : ATH__CHANGE_OTHER_DDL, NULL);
    else
        add(c, ATH__CHANGE_OTHER_DDL, NULL);
}

static void rows(classifier *c) {
    table(c);
    add(c, says_in_statement(c, "where") ? ATH__CHANGE_ROWS : ATH__CHANGE_ALL_ROWS, NULL);
}

static void reindex(classifier *c) {
    add(c, says_in_statement(c, "concurrently") ? ATH__CHANGE_REINDEX_CONCURRENTLY : ATH__CHANGE_REINDEX, NULL);
}

static void insert(classifier *c) {
    take(c, "into");
    table(c);
    add(c, ATH__CHANGE_ROWS, NULL);
}

/* WITH x AS (...) UPDATE ...: what is done stands behind the parentheses. */
static void with(classifier *c) {
    while (!over(c) && !is(c, "update") && !is(c, "delete") && !is(c, "insert"))
        skip(c);
}

static void statement(classifier *c) {
    if (take(c, "with"))
        with(c);
    if (take(c, "create"))
        create(c);
    else if (take(c, "alter"))
        alter(c);
    else if (take(c, "drop"))
        drop(c);
    else if (take(c, "update") || take(c, "delete from"))
        rows(c);
    else if (take(c, "insert") || take(c, "replace"))
        insert(c);
    else if (take(c, "truncate")) {
        take(c, "table");
        table(c);
        add(c, ATH__CHANGE_TRUNCATE, NULL);
    } else if (take(c, "comment on"))
        add(c, ATH__CHANGE_COMMENT, NULL);
    else if (take(c, "rename table")) {
        table(c);
        add(c, ATH__CHANGE_RENAME_TABLE, NULL);
    } else if (take(c, "reindex"))
        reindex(c);
    else if (take(c, "vacuum") || take(c, "cluster") || take(c, "optimize"))
        add(c, ATH__CHANGE_REWRITE, NULL);
    else if (is(c, "begin") || is(c, "commit") || is(c, "rollback") || take(c, "start transaction"))
        add(c, ATH__CHANGE_TRANSACTION, NULL);
}

ath_status ath__classify(ath__arena *arena, const ath_dialect *dialect, const char *sql, size_t size,
                         ath__made_list *out, ath_error *error) {
    classifier c = {.arena = arena, .out = out};
    *out = (ath__made_list){0};
    ath__lex_init(&c.x, dialect, sql, size);
    ath__lex_next(&c.x);
    statement(&c);
    return c.no_memory ? ath__fail_memory(error) : ATH_OK;
}

const ath__impact *ath__impact_of(const ath__impacts *impacts, const ath_dialect *dialect, ath__schema_change change) {
    for (size_t i = 0; impacts && i < impacts->count; i++) {
        const ath__impact *at = &impacts->at[i];
        bool fits = (!at->since || dialect->version >= at->since) && (!at->before || dialect->version < at->before);
        if (at->change == change && fits)
            return at;
    }
    return NULL;
}
