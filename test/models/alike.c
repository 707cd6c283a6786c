/* SPDX-License-Identifier: Apache-2.0
 *
 * Two databases compared, table by table.  Everything that the inspector tells is rendered as lines of text, "column a:
 * VARCHAR(5) NOT NULL", which are compared as sets; so nothing depends on an order that means nothing.
 */
#include "test.h"

#include "alike.h"

enum { MOST_LINES = 600, LINE = 1200 };

typedef struct lines {
    char text[MOST_LINES][LINE];
    size_t count;
} lines;

__attribute__((format(printf, 2, 3))) static void add(lines *l, const char *format, ...) {
    va_list args;
    if (l->count == MOST_LINES)
        return;
    va_start(args, format);
    vsnprintf(l->text[l->count++], LINE, format, args);
    va_end(args);
}

static const char *text(const char *s) {
    return s ? s : "-";
}

/* In one of eight turning buffers. */
static const char *names(ath_name_list list) {
    static char out[8][LINE];
    static unsigned turn;
    char *to = out[turn++ % 8];
    size_t size = 0;
    to[0] = '\0';
    for (size_t i = 0; i < list.count && size < LINE; i++)
        size += (size_t)snprintf(to + size, LINE - size, "%s%s", i ? ", " : "", list.names[i]);
    return to;
}

/* ---- lines ---- */

static long long number(ath_opt_i64 v) {
    return v.has ? (long long)v.value : -1;
}

/* SQLite's keys cannot be said to allow NULL. */
static void columns(lines *l, const ath_reflected_table *t) {
    for (size_t i = 0; i < t->column_count; i++) {
        const ath_reflected_column *c = &t->columns[i];
        add(l,
            "column %zu %s: %s %s default %s computed %s %d identity %d (%lld %lld) auto %d collation %s check %s "
            "comment %s",
            i, c->name, text(c->type_text), c->nullable && !c->primary_key ? "NULL" : "NOT NULL",
            text(c->default_value), text(c->computed), (int)c->persisted, (int)c->identity, number(c->counting.start),
            number(c->counting.increment), c->autoincrement, text(c->collation), text(c->check), text(c->comment));
    }
}

static void key(lines *l, const char *what, const ath_reflected_key *k) {
    add(l, "%s %s (%s) include (%s) %d %d %s conflict %s comment %s", what, text(k->name), names(k->columns),
        names(k->include), k->nulls_not_distinct, (int)k->deferrable, text(k->initially), text(k->on_conflict),
        text(k->comment));
}

static void foreign_keys(lines *l, const ath_reflected_table *t) {
    for (size_t i = 0; i < t->foreign_key_count; i++) {
        const ath_reflected_foreign_key *k = &t->foreign_keys[i];
        add(l, "foreign key %s (%s) -> %s.%s (%s) delete %s update %s match %s %d %s comment %s", text(k->name),
            names(k->columns), text(k->referred_schema), k->referred_table, names(k->referred_columns),
            text(k->ondelete), text(k->onupdate), text(k->match), (int)k->deferrable, text(k->initially),
            text(k->comment));
    }
}

static void parts(char *out, size_t size, const ath_reflected_index *x) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < x->parts.count && used < size; i++) {
        const ath_index_part *p = &x->parts.parts[i];
        used += (size_t)snprintf(out + used, size - used, "%s%s %d%d%d %s %s %u", i ? ", " : "",
                                 p->column ? p->column : text(p->expression), p->desc, p->nulls_first, p->nulls_last,
                                 text(p->collation), text(p->postgresql_ops), p->mysql_length);
    }
}

static void indexes(lines *l, const ath_reflected_table *t) {
    char list[LINE / 2];
    for (size_t i = 0; i < t->index_count; i++) {
        const ath_reflected_index *x = &t->indexes[i];
        parts(list, sizeof list, x);
        add(l, "%sindex %s (%s) include (%s) where %s using %s %s", x->unique ? "unique " : "", x->name, list,
            names(x->include), text(x->where), text(x->method), text(x->prefix));
        for (size_t k = 0; k < x->option_count; k++)
            add(l, "index %s: %s=%s", x->name, x->options[k].name, x->options[k].value);
    }
}

static void render(lines *l, const ath_reflected_table *t) {
    l->count = 0;
    add(l, "comment %s", text(t->comment));
    columns(l, t);
    key(l, "primary key", &t->primary_key);
    for (size_t i = 0; i < t->unique_count; i++)
        key(l, "unique", &t->uniques[i]);
    foreign_keys(l, t);
    for (size_t i = 0; i < t->check_count; i++)
        add(l, "check %s: %s not valid %d comment %s", text(t->checks[i].name), t->checks[i].sql,
            t->checks[i].not_valid, text(t->checks[i].comment));
    indexes(l, t);
    for (size_t i = 0; i < t->option_count; i++)
        add(l, "option %s=%s", t->options[i].name, t->options[i].value);
}

/* ---- comparing ---- */

static int missing(const char *table, const char *where, const lines *some, const lines *all) {
    int count = 0;
    for (size_t i = 0; i < some->count; i++) {
        size_t k = 0;
        while (k < all->count && strcmp(some->text[i], all->text[k]) != 0)
            k++;
        if (k < all->count)
            continue;
        printf("# %s: only in the %s: %s\n", table, where, some->text[i]);
        count++;
    }
    return count;
}

static const char *option(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->option_count; i++)
        if (strcmp(t->options[i].name, name) == 0)
            return t->options[i].value;
    return NULL;
}

/* Whether the table belongs to a virtual one of this database. */
static bool is_shadow(const ath_inspector *there, const char *name) {
    size_t count;
    const ath_reflected_table *tables = ath_inspector_tables(there, &count);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(tables[i].name);
        if (option(&tables[i], "module") && strncmp(tables[i].name, name, size) == 0 && name[size] == '_')
            return true;
    }
    return false;
}

int differences(const ath_inspector *original, const ath_inspector *made) {
    static lines a, b;
    size_t count, made_count;
    int wrong = 0;
    const ath_reflected_table *tables = ath_inspector_tables(original, &count);
    ath_name_list of_made = ath_inspector_table_names(made);
    size_t expected = 0;
    ath_inspector_tables(made, &made_count);
    for (size_t i = 0; i < count; i++) {
        const ath_reflected_table *t = &tables[i], *other = ath_inspector_table(made, t->name);
        if (t->kind != ATH_RELATION_TABLE || option(t, "module") || option(t, "partition of") ||
            is_shadow(original, t->name))
            continue;
        expected++;
        if (!other) {
            printf("# table %s was not made\n", t->name);
            wrong++;
            continue;
        }
        render(&a, t);
        render(&b, other);
        wrong += missing(t->name, "original", &a, &b) + missing(t->name, "copy", &b, &a);
    }
    if (of_made.count != expected)
        printf("# %zu tables were made, not %zu\n", of_made.count, expected);
    return wrong + (of_made.count != expected);
}
