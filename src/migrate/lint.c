/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: the linter (danger.h).  The rules are data: which change, how bad, what to say; what a change costs on the
 * database at hand comes from the backend, and raises or lowers it.
 */
#include "migrate/danger.h"

typedef enum heed {
    ALWAYS = 0,   /* whatever the table holds */
    BY_IMPACT,    /* if the database keeps others waiting for long */
    OUTSIDE_ONLY, /* cannot run inside of a transaction */
    IN_USE        /* breaks programs that still run */
} heed;

typedef struct rule {
    ath__schema_change change;
    const char *name;
    heed heed;
    ath__severity severity;
    const char *what;
    const char *cure; /* when the backend has none of its own */
} rule;

#define DESTROYS "what is in it is lost, and downgrade cannot bring it back"
#define TWO_RELEASES "let a release go by that no longer uses it; then drop it"
#define BOTH_NAMES                                                                                                     \
    "programs that run know the old name: add the new one, keep both in step, drop the old one a release later"

static const rule rules[] = {
    {ATH__CHANGE_DROP_TABLE, "drop-table", ALWAYS, ATH__SEVERITY_DANGER, DESTROYS,
     "rename it first, and drop it when nothing has missed it"},
    {ATH__CHANGE_DROP_COLUMN, "drop-column", ALWAYS, ATH__SEVERITY_DANGER, DESTROYS, TWO_RELEASES},
    {ATH__CHANGE_DROP_SCHEMA, "drop-schema", ALWAYS, ATH__SEVERITY_DANGER, DESTROYS, NULL},
    {ATH__CHANGE_TRUNCATE, "truncate", ALWAYS, ATH__SEVERITY_DANGER, DESTROYS, NULL},
    {ATH__CHANGE_ALL_ROWS, "all-rows", ALWAYS, ATH__SEVERITY_WARNING, "every row is changed by one statement", NULL},
    {ATH__CHANGE_RENAME_TABLE, "rename-table", IN_USE, ATH__SEVERITY_WARNING, "running programs know the old name",
     "leave a view with the old name until they are gone"},
    {ATH__CHANGE_RENAME_COLUMN, "rename-column", IN_USE, ATH__SEVERITY_WARNING, "running programs know the old name",
     BOTH_NAMES},
    {ATH__CHANGE_ADD_COLUMN_REQUIRED, "add-required-column", ALWAYS, ATH__SEVERITY_DANGER,
     "a NOT NULL column without a default cannot be given to rows that are there", NULL},
    {ATH__CHANGE_ADD_COLUMN_VOLATILE, "add-column-volatile-default", BY_IMPACT, ATH__SEVERITY_WARNING,
     "each row gets a value of its own", NULL},
    {ATH__CHANGE_ADD_COLUMN_NOW, "add-column-now-default", BY_IMPACT, ATH__SEVERITY_WARNING,
     "the default is no constant", NULL},
    {ATH__CHANGE_ADD_COLUMN_NUMBERED, "add-numbered-column", BY_IMPACT, ATH__SEVERITY_WARNING, "each row gets a number",
     NULL},
    {ATH__CHANGE_ADD_COLUMN_STORED, "add-stored-column", BY_IMPACT, ATH__SEVERITY_WARNING,
     "the generated values are written into each row", NULL},
    {ATH__CHANGE_ADD_COLUMN_CHECK, "add-column-check", BY_IMPACT, ATH__SEVERITY_WARNING, "all rows are checked", NULL},
    {ATH__CHANGE_ADD_COLUMN_UNIQUE, "add-unique-column", BY_IMPACT, ATH__SEVERITY_WARNING, "its index is built", NULL},
    {ATH__CHANGE_ADD_COLUMN_REFERENCES, "add-column-references", BY_IMPACT, ATH__SEVERITY_WARNING,
     "both tables are locked", NULL},
    {ATH__CHANGE_SET_NOT_NULL, "set-not-null", BY_IMPACT, ATH__SEVERITY_WARNING,
     "all rows are looked at, and one NULL makes it fail", NULL},
    {ATH__CHANGE_DROP_NOT_NULL, "drop-not-null", BY_IMPACT, ATH__SEVERITY_WARNING, "programs may meet NULL", NULL},
    {ATH__CHANGE_COLUMN_TYPE, "change-column-type", BY_IMPACT, ATH__SEVERITY_WARNING,
     "the values are converted, and running programs expect the old type", NULL},
    {ATH__CHANGE_COLUMN, "change-column", BY_IMPACT, ATH__SEVERITY_WARNING,
     "the column is said anew, its values may be converted", NULL},
    {ATH__CHANGE_CREATE_INDEX, "create-index", BY_IMPACT, ATH__SEVERITY_WARNING, "an index is built", NULL},
    {ATH__CHANGE_DROP_INDEX, "drop-index", BY_IMPACT, ATH__SEVERITY_NOTE, "queries may need it", NULL},
    {ATH__CHANGE_REINDEX, "reindex", BY_IMPACT, ATH__SEVERITY_WARNING, "an index is built again", NULL},
    {ATH__CHANGE_CREATE_INDEX_CONCURRENTLY, "concurrently-in-transaction", OUTSIDE_ONLY, ATH__SEVERITY_DANGER,
     "cannot run inside of a transaction", "put it between ATH_OP_AUTOCOMMIT(op) { }, or say -- transaction: no"},
    {ATH__CHANGE_DROP_INDEX_CONCURRENTLY, "concurrently-in-transaction", OUTSIDE_ONLY, ATH__SEVERITY_DANGER,
     "cannot run inside of a transaction", "put it between ATH_OP_AUTOCOMMIT(op) { }, or say -- transaction: no"},
    {ATH__CHANGE_REINDEX_CONCURRENTLY, "concurrently-in-transaction", OUTSIDE_ONLY, ATH__SEVERITY_DANGER,
     "cannot run inside of a transaction", "put it between ATH_OP_AUTOCOMMIT(op) { }, or say -- transaction: no"},
    {ATH__CHANGE_ADD_UNIQUE, "add-unique", BY_IMPACT, ATH__SEVERITY_WARNING, "its index is built", NULL},
    {ATH__CHANGE_ADD_PRIMARY_KEY, "add-primary-key", BY_IMPACT, ATH__SEVERITY_WARNING, "its index is built", NULL},
    {ATH__CHANGE_DROP_PRIMARY_KEY, "drop-primary-key", BY_IMPACT, ATH__SEVERITY_WARNING, "rows lose their identity",
     NULL},
    {ATH__CHANGE_ADD_FOREIGN_KEY, "add-foreign-key", BY_IMPACT, ATH__SEVERITY_WARNING, "all rows are checked", NULL},
    {ATH__CHANGE_ADD_CHECK, "add-check", BY_IMPACT, ATH__SEVERITY_WARNING, "all rows are checked", NULL},
    {ATH__CHANGE_ADD_EXCLUDE, "add-exclude", BY_IMPACT, ATH__SEVERITY_WARNING, "its index is built", NULL},
    {ATH__CHANGE_ATTACH_PARTITION, "attach-partition", BY_IMPACT, ATH__SEVERITY_WARNING,
     "the rows of the partition are checked", NULL},
    {ATH__CHANGE_REWRITE, "rewrite", BY_IMPACT, ATH__SEVERITY_DANGER, "the whole table is written again", NULL},
    {ATH__CHANGE_CHARSET, "change-charset", BY_IMPACT, ATH__SEVERITY_WARNING, "all text is converted", NULL},
    {ATH__CHANGE_TABLE_OPTIONS, "table-options", BY_IMPACT, ATH__SEVERITY_NOTE, "the table may be copied", NULL},
    {ATH__CHANGE_TRANSACTION, "transaction", ALWAYS, ATH__SEVERITY_DANGER,
     "the run has a transaction of its own, which this would end", "say -- transaction: no, or .no_transaction = true"},
};

static bool keeps_waiting(const ath__impact *impact) {
    return !impact || (impact->blocks != ATH__BLOCKS_NOTHING && impact->cost != ATH__COST_INSTANT) ||
           impact->cost == ATH__COST_REWRITE || impact->cost == ATH__COST_REFUSED;
}

static bool is_in(ath_name_list names, const char *name) {
    for (size_t i = 0; name && i < names.count; i++)
        if (strcmp(names.names[i], name) == 0)
            return true;
    return false;
}

/* ---- what is silenced ---- */

/* -- nolint, -- nolint: rule, rule */
static bool comment_silences(const char *comment, size_t size, const char *name) {
    const char *end = comment + size, *at = comment;
    size_t length = strlen(name), word = sizeof "nolint" - 1;
    while ((size_t)(end - at) >= word && memcmp(at, "nolint", word) != 0)
        at++;
    if ((size_t)(end - at) < word)
        return false;
    at += word;
    if (at == end || *at != ':')
        return true;
    while (at < end) {
        at += *at == ':' || *at == ',';
        while (at < end && *at == ' ')
            at++;
        const char *from = at;
        while (at < end && *at != ',' && *at != ' ' && *at != '\n' && *at != '*')
            at++;
        if ((size_t)(at - from) == length && memcmp(from, name, length) == 0)
            return true;
        while (at < end && *at != ',')
            at++;
    }
    return false;
}

static bool is_silenced(const ath__lint *lint, const char *sql, size_t size, const char *name) {
    if (is_in(lint->ignored, name) || is_in(lint->ignored, "all"))
        return true;
    ath__lexer x;
    ath__lex_init(&x, lint->dialect, sql, size);
    x.comments = true;
    while (ath__lex_next(&x) != ATH__LEX_END)
        if (x.kind == ATH__LEX_COMMENT && comment_silences(x.token, x.size, name))
            return true;
    return false;
}

/* ---- looking ---- */

static bool applies(const ath__lint *lint, const rule *r, const ath__made *made, const ath__impact *impact) {
    if (r->change == ATH__CHANGE_TRANSACTION || r->heed == OUTSIDE_ONLY)
        return lint->in_transaction;
    if (is_in(lint->created, made->table))
        return false; /* it is new, and empty */
    return r->heed != BY_IMPACT || keeps_waiting(impact);
}

static ath_status report(ath__lint *lint, const rule *r, const ath__made *made, const ath__impact *impact,
                         ath_error *error) {
    ath__findings *f = &lint->findings;
    ath__finding *at = ath__arena_room(lint->arena, f->at, f->count, &f->capacity, sizeof *at);
    if (!at)
        return ath__fail_memory(error);
    const char *cure = impact && impact->cure ? impact->cure : r->cure;
    f->at = at;
    at[f->count++] = (ath__finding){r->name, r->severity, r->what, cure, *made, impact};
    return ATH_OK;
}

static ath_status remember_table(ath__lint *lint, const char *table, ath_error *error) {
    ath_name_list *created = &lint->created;
    const char **at = ath__arena_room(lint->arena, created->names, created->count, &lint->created_capacity, sizeof *at);
    if (!at)
        return ath__fail_memory(error);
    at[created->count++] = table;
    created->names = at;
    return ATH_OK;
}

static ath_status look_at(ath__lint *lint, const ath__made *made, const char *sql, size_t size, ath_error *error) {
    const ath__impact *impact = ath__impact_of(lint->impacts, lint->dialect, made->change);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].change == made->change && applies(lint, &rules[i], made, impact) &&
            !is_silenced(lint, sql, size, rules[i].name))
            ATH_TRY(report(lint, &rules[i], made, impact, error));
    if (made->change == ATH__CHANGE_CREATE_TABLE && made->table)
        return remember_table(lint, made->table, error);
    return ATH_OK;
}

ath_status ath__lint_statement(ath__lint *lint, const char *sql, size_t size, ath_error *error) {
    ath__made_list changes;
    ATH_TRY(ath__classify(lint->arena, lint->dialect, sql, size, &changes, error));
    for (size_t i = 0; i < changes.count; i++)
        ATH_TRY(look_at(lint, &changes.at[i], sql, size, error));
    return ATH_OK;
}
