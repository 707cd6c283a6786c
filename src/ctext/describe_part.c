/* SPDX-License-Identifier: Apache-2.0
 *
 * What the inspector read, as options: keys, foreign keys, checks and indexes.
 *
 * What a database makes by itself is left to it: names it would give, the index behind a UNIQUE, MySQL's index behind a
 * foreign key.
 */
#include "ctext/ctext.h"

#include "type/type.h"

#include <strings.h>

static bool writes(const ath__description *w, uint64_t bit) {
    return ath__dialect_ddl(w->d->dialect, bit);
}

/* Whether PostgreSQL would have given this name: "users_name_key". */
static bool is_made_name(const ath__description *w, const char *name, ath_name_list columns, const char *end) {
    char made[200];
    size_t size = (size_t)snprintf(made, sizeof made, "%s", w->table->name);
    for (size_t i = 0; i < columns.count && size < sizeof made; i++)
        size += (size_t)snprintf(made + size, sizeof made - size, "_%s", columns.names[i]);
    if (size < sizeof made)
        size += (size_t)snprintf(made + size, sizeof made - size, "_%s", end);
    return name && size < 64 && strcmp(name, made) == 0;
}

static void add_constraint(ath__description *w, ath_constraint_kind kind, ath_constraint_opts opts) {
    ath_table_item *item = ath__describe_item(w);
    if (!item)
        return;
    opts.struct_size = sizeof opts;
    item->kind = (int)kind;
    item->constraint = ath__describe_keep(w, &opts, sizeof opts);
}

/* ---- keys ---- */

/* Whether the key's columns stand as in the table. */
static bool is_in_order(ath__description *w) {
    const ath_reflected_table *t = w->table;
    unsigned place = 1;
    bool ordered = true;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath_reflected_column *c = &t->columns[i];
        ordered = ordered && (!c->primary_key || c->primary_key == place++);
        if (c->primary_key > 1 && ath__describe_numbered(w->d, t, c))
            ath__describe_remark(w, "the database numbers %s, which a table that is made anew has first in its key",
                                 c->name);
    }
    return ordered;
}

static ath_constraint_opts key_options(const ath_reflected_key *k) {
    return (ath_constraint_opts){.name = k->name,
                                 .columns = k->columns,
                                 .deferrable = k->deferrable,
                                 .initially = k->initially,
                                 .nulls_not_distinct = k->nulls_not_distinct,
                                 .comment = k->comment,
                                 .sqlite_on_conflict = k->on_conflict,
                                 .postgresql_include = k->include};
}

static bool is_bare(const ath_reflected_key *k) {
    return !k->include.count && !k->nulls_not_distinct && !k->deferrable && !k->initially && !k->on_conflict &&
           !k->comment;
}

static void primary_key(ath__description *w) {
    const ath_reflected_key *k = &w->table->primary_key;
    ath_constraint_opts o = key_options(k);
    if (!k->columns.count)
        return;
    if (writes(w, ATH__DDL_POSTGRESQL_OPTIONS) && is_made_name(w, k->name, (ath_name_list){0}, "pkey"))
        o.name = NULL;
    bool ordered = is_in_order(w);
    if (ordered)
        o.columns = (ath_name_list){0};
    if (!o.name && ordered && is_bare(k))
        return;
    add_constraint(w, ATH_CONSTRAINT_PRIMARY_KEY, o);
}

/* Whether a UNIQUE of one column can be said by the column: it has no name, or the one that the database would give. */
static bool is_of_column(const ath__description *w, const ath_reflected_key *k) {
    bool made = !k->name || (writes(w, ATH__DDL_MYSQL_OPTIONS) && strcmp(k->name, k->columns.names[0]) == 0) ||
                (writes(w, ATH__DDL_POSTGRESQL_OPTIONS) && is_made_name(w, k->name, k->columns, "key"));
    return k->columns.count == 1 && made && is_bare(k);
}

static const ath_reflected_index *index_named(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; name && i < t->index_count; i++)
        if (strcmp(t->indexes[i].name, name) == 0)
            return &t->indexes[i];
    return NULL;
}

/* An index that says no more than its columns. */
static bool is_plain(const ath_reflected_index *x) {
    for (size_t i = 0; i < x->parts.count; i++) {
        const ath_index_part *p = &x->parts.parts[i];
        if (!p->column || p->desc || p->nulls_first || p->nulls_last || p->collation || p->postgresql_ops ||
            p->mysql_length)
            return false;
    }
    return !x->include.count && !x->where && !x->method && !x->prefix && !x->with_parser && !x->nulls_not_distinct &&
           !x->option_count;
}

void ath__describe_keys(ath__description *w) {
    const ath_reflected_table *t = w->table;
    primary_key(w);
    for (size_t i = 0; i < t->unique_count && w->status == ATH_OK; i++) {
        const ath_reflected_key *k = &t->uniques[i];
        const ath_reflected_index *same = index_named(t, k->duplicates_index);
        ath_column_opts *column = k->columns.count ? ath__describe_column_named(w, k->columns.names[0]) : NULL;
        if (!column || (same && !is_plain(same)))
            continue;
        if (is_of_column(w, k) && !column->unique && !column->primary_key)
            column->unique = true;
        else
            add_constraint(w, ATH_CONSTRAINT_UNIQUE, key_options(k));
    }
}

/* ---- foreign keys ---- */

/* SQLite reads names in any case. */
static bool same_name(const ath__describing *d, const char *a, const char *b) {
    return strcmp(a, b) == 0 || (ath__dialect_ddl(d->dialect, ATH__DDL_SQLITE_OPTIONS) && strcasecmp(a, b) == 0);
}

static const ath_reflected_column *column_of(const ath__describing *d, const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->column_count; i++)
        if (same_name(d, t->columns[i].name, name))
            return &t->columns[i];
    return NULL;
}

/* Without a schema a table is the one that is found without, or that of the default schema under its full name. */
static const ath_reflected_table *find(const ath__describing *d, const char *schema, const char *name) {
    const ath_reflected_table *found = NULL;
    for (size_t i = 0; i < d->table_count; i++) {
        if (!same_name(d, d->tables[i]->name, name))
            continue;
        if (ath__describe_same(d->tables[i]->schema, schema))
            return d->tables[i];
        if (!schema && ath__describe_same(d->tables[i]->schema, d->default_schema))
            found = d->tables[i];
    }
    return found;
}

static bool go_together(const ath_type *a, const ath_type *b) {
    bool texts =
        (a->sql == ATH_SQL_STRING || a->sql == ATH_SQL_TEXT) && (b->sql == ATH_SQL_STRING || b->sql == ATH_SQL_TEXT);
    return a->sql == b->sql || texts || (ath__sql_is_integer(a->sql) && ath__sql_is_integer(b->sql));
}

const ath_reflected_table *ath__describe_target(const ath__describing *d, const ath_reflected_table *t,
                                                const ath_reflected_foreign_key *key, const char **why) {
    const ath_reflected_table *target = key->referred_table ? find(d, key->referred_schema, key->referred_table) : NULL;
    if (!target) {
        *why = "which is not among these tables";
        return NULL;
    }
    if (key->columns.count != key->referred_columns.count || !key->columns.count) {
        *why = "whose columns are not known";
        return NULL;
    }
    for (size_t i = 0; i < key->columns.count; i++) {
        const ath_reflected_column *from = column_of(d, t, key->columns.names[i]);
        const ath_reflected_column *to = column_of(d, target, key->referred_columns.names[i]);
        ath_type a, b;
        if (!from || !to) {
            *why = "which has no such column";
            return NULL;
        }
        *why = "whose column has another type";
        if (ath__describe_type(d, from, &a) != ATH_OK || ath__describe_type(d, to, &b) != ATH_OK ||
            !go_together(&a, &b))
            return NULL;
    }
    return target;
}

/* The names as they will be found. */
static ath_name_list real_names(ath__description *w, const ath_reflected_table *t, ath_name_list list) {
    const char **names = ath__arena_zero(w->d->arena, (list.count + 1) * sizeof *names);
    for (size_t i = 0; names && i < list.count; i++) {
        const ath_reflected_column *c = column_of(w->d, t, list.names[i]);
        names[i] = c ? c->name : list.names[i];
    }
    if (!names)
        w->status = ath__fail_memory(w->d->error);
    return names ? (ath_name_list){list.count, names} : (ath_name_list){0, NULL};
}

static bool says_in_column(const ath_foreign_key_opts *k, const ath_column_opts *column) {
    return k->columns.count == 1 && k->target_columns.count == 1 && column && !column->foreign_key && !k->comment &&
           !k->postgresql_not_valid && !strchr(k->target, '.') && !strchr(k->target_columns.names[0], '.') &&
           !(k->target_schema && strchr(k->target_schema, '.'));
}

static void in_column(ath__description *w, const ath_foreign_key_opts *k, ath_column_opts *column) {
    column->foreign_key = ath__describe_text(w, "%s%s%s.%s", k->target_schema ? k->target_schema : "",
                                             k->target_schema ? "." : "", k->target, k->target_columns.names[0]);
    column->foreign_key_name = k->name;
    column->ondelete = k->ondelete;
    column->onupdate_action = k->onupdate;
    column->deferrable = k->deferrable;
    column->initially = k->initially;
    column->match = k->match;
}

static void foreign_key(ath__description *w, const ath_reflected_foreign_key *key) {
    const char *why = "";
    const ath_reflected_table *target = ath__describe_target(w->d, w->table, key, &why);
    if (!target) {
        ath__describe_remark(w, "a foreign key of %s refers to %s%s%s, %s: left out",
                             key->columns.count ? key->columns.names[0] : "?",
                             key->referred_schema ? key->referred_schema : "", key->referred_schema ? "." : "",
                             key->referred_table ? key->referred_table : "?", why);
        return;
    }
    ath_foreign_key_opts k = {.struct_size = sizeof k,
                              .name = key->name,
                              .columns = real_names(w, w->table, key->columns),
                              .target = target->name,
                              .target_schema = target->schema,
                              .target_columns = real_names(w, target, key->referred_columns),
                              .ondelete = key->ondelete,
                              .onupdate = key->onupdate,
                              .deferrable = key->deferrable,
                              .initially = key->initially,
                              .match = key->match,
                              .comment = key->comment,
                              .postgresql_not_valid = key->not_valid};
    if (w->status != ATH_OK || !k.columns.count)
        return;
    ath_column_opts *column = ath__describe_column_named(w, k.columns.names[0]);
    if (says_in_column(&k, column)) {
        in_column(w, &k, column);
        return;
    }
    ath_table_item *item = ath__describe_item(w);
    if (!item)
        return;
    item->kind = ATH_CONSTRAINT_FOREIGN_KEY;
    item->foreign_key = ath__describe_keep(w, &k, sizeof k);
}

void ath__describe_foreign_keys(ath__description *w) {
    for (size_t i = 0; i < w->table->foreign_key_count && w->status == ATH_OK; i++)
        foreign_key(w, &w->table->foreign_keys[i]);
}

/* ---- EXCLUDE ---- */

/* Where the text's group, or one character, ends. */
static const char *step(const char *at) {
    int depth = 0;
    do {
        if (*at == '\'' || *at == '"') {
            const char *close = strchr(at + 1, *at);
            at = close ? close : at + strlen(at) - 1;
        }
        depth += (*at == '(') - (*at == ')');
        at++;
    } while (*at && depth > 0);
    return at;
}

/* "room WITH =, during WITH &&": a part and its operator each.  False when it is something else. */
static bool exclude_parts(ath__description *w, const char *at, const char *end, ath_constraint_opts *o) {
    ath_index_part *parts = ath__arena_zero(w->d->arena, (size_t)(end - at + 1) * sizeof *parts);
    const char **operators = ath__arena_zero(w->d->arena, (size_t)(end - at + 1) * sizeof *operators);
    size_t count = 0;
    while (parts && operators && at < end) {
        const char *comma = at, *with = NULL;
        for (; comma < end && strncmp(comma, ", ", 2) != 0; comma = step(comma))
            with = strncmp(comma, " WITH ", 6) == 0 ? comma : with;
        if (!with)
            return false;
        parts[count].text = ath__describe_text(w, "%.*s", (int)(with - at), at);
        operators[count++] = ath__describe_text(w, "%.*s", (int)(comma - with - 6), with + 6);
        at = comma < end ? comma + 2 : end;
    }
    o->parts = (ath_part_list){count, parts};
    o->operators = (ath_name_list){count, operators};
    return count && w->status == ATH_OK;
}

/* "EXCLUDE USING gist (room WITH =) WHERE ((a > 0)) DEFERRABLE INITIALLY DEFERRED" */
static bool read_exclusion(ath__description *w, const char *definition, ath_constraint_opts *o) {
    static const char head[] = "EXCLUDE USING ", where[] = " WHERE (";
    const char *open = strchr(definition, '('), *close = open ? step(open) - 1 : NULL;
    if (strncmp(definition, head, sizeof head - 1) != 0 || !open || open - definition <= (ptrdiff_t)sizeof head)
        return false;
    size_t method = (size_t)(open - definition) - sizeof head;
    if (method != 4 || strncmp(definition + sizeof head - 1, "gist", 4) != 0)
        o->using = ath__describe_text(w, "%.*s", (int)method, definition + sizeof head - 1);
    if (!exclude_parts(w, open + 1, close, o))
        return false;
    const char *rest = close + 1;
    if (strncmp(rest, where, sizeof where - 1) == 0) {
        const char *end = step(rest + sizeof where - 2);
        o->where = ath__describe_text(w, "%.*s", (int)(end - rest - (ptrdiff_t)sizeof where), rest + sizeof where - 1);
        rest = end;
    }
    o->deferrable = strncmp(rest, " DEFERRABLE", 11) == 0 ? ATH_DEFERRABLE : ATH_DEFERRABLE_UNSAID;
    rest += o->deferrable ? 11 : 0;
    o->initially = strcmp(rest, " INITIALLY DEFERRED") == 0 ? "DEFERRED" : NULL;
    return o->initially || !*rest;
}

static void exclusion(ath__description *w, const ath_reflected_exclusion *e) {
    ath_constraint_opts o = {.name = e->name, .comment = e->comment};
    if (read_exclusion(w, e->definition, &o))
        add_constraint(w, ATH_CONSTRAINT_EXCLUDE, o);
    else
        ath__describe_remark(w, "%s %s: left out", e->name ? e->name : "a constraint", e->definition);
}

/* ---- checks ---- */

void ath__describe_checks(ath__description *w) {
    const ath_reflected_table *t = w->table;
    for (size_t i = 0; i < t->check_count && w->status == ATH_OK; i++) {
        const ath_reflected_check *k = &t->checks[i];
        ath_constraint_opts o = {
            .name = k->name, .check = k->sql, .postgresql_not_valid = k->not_valid, .comment = k->comment};
        add_constraint(w, ATH_CONSTRAINT_CHECK, o);
        if (k->no_inherit || k->not_enforced)
            ath__describe_remark(w, "check %s is %s: not said", k->name ? k->name : k->sql,
                                 k->no_inherit ? "NO INHERIT" : "NOT ENFORCED");
    }
    for (size_t i = 0; i < t->exclusion_count && w->status == ATH_OK; i++)
        exclusion(w, &t->exclusions[i]);
}

/* ---- indexes ---- */

/* Whether the index is there without being asked for: it serves a constraint. */
static bool is_implied(const ath__description *w, const ath_reflected_index *x) {
    const ath_reflected_table *t = w->table;
    const char *why;
    if (x->duplicates_constraint)
        return true;
    for (size_t i = 0; i < t->unique_count; i++)
        if (t->uniques[i].duplicates_index && strcmp(t->uniques[i].duplicates_index, x->name) == 0 && is_plain(x))
            return true;
    for (size_t i = 0; writes(w, ATH__DDL_MYSQL_OPTIONS) && i < t->foreign_key_count; i++) {
        const ath_reflected_foreign_key *k = &t->foreign_keys[i];
        bool same = k->name && strcmp(k->name, x->name) == 0 && k->columns.count == x->parts.count;
        for (size_t c = 0; same && c < k->columns.count; c++)
            same = x->parts.parts[c].column && strcmp(x->parts.parts[c].column, k->columns.names[c]) == 0;
        if (same && is_plain(x) && ath__describe_target(w->d, t, k, &why))
            return true;
    }
    return false;
}

/* "fillfactor=70, fastupdate=off" */
static const char *storage(ath__description *w, const ath_reflected_index *x) {
    const char *text = NULL;
    for (size_t i = 0; i < x->option_count; i++)
        if (strcmp(x->options[i].name, "tablespace") != 0)
            text = ath__describe_text(w, "%s%s%s=%s", text ? text : "", text ? ", " : "", x->options[i].name,
                                      x->options[i].value);
    return text;
}

static const char *tablespace(const ath_reflected_index *x) {
    for (size_t i = 0; i < x->option_count; i++)
        if (strcmp(x->options[i].name, "tablespace") == 0)
            return x->options[i].value;
    return NULL;
}

static ath_index_opts index_options(ath__description *w, const ath_reflected_index *x) {
    bool mysql = writes(w, ATH__DDL_MYSQL_OPTIONS);
    return (ath_index_opts){.struct_size = sizeof(ath_index_opts),
                            .unique = x->unique,
                            .where = x->where,
                            .include = x->include,
                            .nulls_not_distinct = x->nulls_not_distinct,
                            .postgresql_using = mysql ? NULL : x->method,
                            .postgresql_with = storage(w, x),
                            .postgresql_tablespace = tablespace(x),
                            .mysql_using = mysql ? x->method : NULL,
                            .mysql_prefix = x->prefix,
                            .mysql_with_parser = x->with_parser};
}

/* An index named as .index = true would name it. */
static bool is_columns_index(const ath__description *w, const ath_reflected_index *x, ath_column_opts **column) {
    char made[200];
    const char *schema = w->table->schema;
    if (x->parts.count != 1 || !is_plain(x) || x->unique)
        return false;
    const char *name = x->parts.parts[0].column;
    int size =
        snprintf(made, sizeof made, "ix_%s%s%s_%s", schema ? schema : "", schema ? "_" : "", w->table->name, name);
    *column = ath__describe_column_named(w, name);
    return *column && size < (int)sizeof made && strcmp(made, x->name) == 0 && !(*column)->unique;
}

void ath__describe_indexes(ath__description *w) {
    const ath_reflected_table *t = w->table;
    for (size_t i = 0; i < t->index_count && w->status == ATH_OK; i++) {
        const ath_reflected_index *x = &t->indexes[i];
        ath_column_opts *column;
        if (is_implied(w, x) || !x->parts.count)
            continue;
        if (x->invisible || x->invalid || x->comment)
            ath__describe_remark(w, "index %s %s: not said", x->name,
                                 x->invalid     ? "is invalid"
                                 : x->invisible ? "is invisible"
                                                : "has a comment");
        if (is_columns_index(w, x, &column)) {
            column->index = true;
            continue;
        }
        ath_index_opts o = index_options(w, x);
        ath_table_item *item = ath__describe_item(w);
        if (!item)
            return;
        item->kind = ATH_ITEM_INDEX;
        item->name = x->name;
        item->parts = x->parts;
        item->index = ath__describe_keep(w, &o, sizeof o);
    }
}
