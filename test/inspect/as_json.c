/* SPDX-License-Identifier: Apache-2.0
 *
 * What the inspector read, in the shape of SQLAlchemy's.
 */
#include "as_json.h"

#include <stdio.h>
#include <string.h>

static json_t *text(const char *s) {
    return s ? json_string(s) : json_null();
}

static json_t *names(ath_name_list list) {
    json_t *out = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(out, text(list.names[i]));
    return out;
}

static bool is(const char *dialect, const char *name) {
    return strcmp(dialect, name) == 0;
}

/* ---- columns ---- */

static json_t *number(ath_opt_i64 v) {
    return v.has ? json_integer(v.value) : json_null();
}

static json_t *identity(const ath_reflected_column *c) {
    const ath_count_opts *n = &c->counting;
    return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:b}", "always", c->identity == ATH_IDENTITY_ALWAYS, "start",
                     number(n->start), "increment", number(n->increment), "minvalue", number(n->minvalue), "maxvalue",
                     number(n->maxvalue), "cache", number(n->cache), "cycle", n->cycle);
}

static json_t *computed(const ath_reflected_column *c, const ath_reflected_table *t, const char *dialect) {
    json_t *out = json_pack("{s:b}", "persisted", c->persisted == ATH_STORED);
    char inside[2048];
    snprintf(inside, sizeof inside, "(%s)", c->computed);
    json_object_set_new(out, "sqltext",
                        is(dialect, "sqlite")  ? blind_computed(c->name, t->definition)
                        : is(dialect, "mysql") ? json_string(inside)
                                               : json_string(c->computed));
    return out;
}

static bool is_integer(const ath_reflected_column *c) {
    return strstr(c->type_name, "INT") != NULL;
}

static json_t *column(const ath_reflected_column *c, const ath_reflected_table *t, const char *dialect) {
    bool unknown = strcmp(c->type_name, "NULL") == 0;
    json_t *out = json_pack("{s:s, s:b, s:s, s:s, s:o, s:o}", "name", c->name, "nullable", c->nullable, "type",
                            unknown ? "NULL" : c->type_text, "generic", c->type_name, "default", text(c->default_value),
                            "comment", text(c->comment));
    if (c->computed) {
        json_object_set_new(out, "computed", computed(c, t, dialect));
        json_object_del(out, "default");
    }
    if (c->identity)
        json_object_set_new(out, "identity", identity(c));
    if (is(dialect, "sqlite"))
        json_object_set_new(out, "primary_key", json_integer(c->primary_key));
    else if (is(dialect, "postgresql") || c->autoincrement || is_integer(c))
        json_object_set_new(out, "autoincrement", json_boolean(c->autoincrement));
    return out;
}

static json_t *columns(const ath_reflected_table *t, const char *dialect) {
    json_t *out = json_array();
    for (size_t i = 0; i < t->column_count; i++)
        if (!is(dialect, "sqlite") || !t->columns[i].invisible)
            json_array_append_new(out, column(&t->columns[i], t, dialect));
    return out;
}

/* ---- constraints ---- */

static json_t *primary_key(const ath_reflected_table *t, const char *dialect) {
    const ath_reflected_key *k = &t->primary_key;
    json_t *out = json_pack("{s:o, s:o, s:o}", "constrained_columns", names(k->columns), "name", text(k->name),
                            "comment", text(k->comment));
    if (is(dialect, "postgresql") && k->columns.count)
        json_object_set_new(out, "dialect_options", json_pack("{s:o}", "postgresql_include", names(k->include)));
    if (is(dialect, "sqlite"))
        blind_primary_key(out, t->definition);
    return out;
}

static json_t *foreign_key(const ath_reflected_foreign_key *k) {
    json_t *options = json_pack("{s:o, s:o, s:o, s:o}", "ondelete", text(k->ondelete), "onupdate", text(k->onupdate),
                                "match", text(k->match), "initially", text(k->initially));
    if (k->deferrable)
        json_object_set_new(options, "deferrable", json_boolean(k->deferrable == ATH_DEFERRABLE));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", text(k->name), "constrained_columns",
                     names(k->columns), "referred_schema", text(k->referred_schema), "referred_table",
                     text(k->referred_table), "referred_columns", names(k->referred_columns), "options", options,
                     "comment", text(k->comment));
}

static json_t *foreign_keys(const ath_reflected_table *t, const char *dialect) {
    json_t *out = json_array();
    for (size_t i = 0; i < t->foreign_key_count; i++)
        json_array_append_new(out, foreign_key(&t->foreign_keys[i]));
    if (is(dialect, "sqlite"))
        blind_foreign_keys(out, t->definition);
    return out;
}

static json_t *uniques(const ath_reflected_table *t, const char *dialect) {
    json_t *out = json_array();
    for (size_t i = 0; i < t->unique_count; i++) {
        const ath_reflected_key *k = &t->uniques[i];
        json_t *one = json_pack("{s:o, s:o, s:o, s:o}", "name", text(k->name), "column_names", names(k->columns),
                                "duplicates_index", text(k->duplicates_index), "comment", text(k->comment));
        if (is(dialect, "postgresql"))
            json_object_set_new(one, "dialect_options",
                                json_pack("{s:o, s:b}", "postgresql_include", names(k->include),
                                          "postgresql_nulls_not_distinct", k->nulls_not_distinct));
        json_array_append_new(out, one);
    }
    if (is(dialect, "sqlite"))
        blind_uniques(out, t->definition);
    return out;
}

static json_t *checks(const ath_reflected_table *t) {
    json_t *out = json_array();
    for (size_t i = 0; i < t->check_count; i++) {
        const ath_reflected_check *k = &t->checks[i];
        json_t *one =
            json_pack("{s:o, s:s, s:o}", "name", text(k->name), "sqltext", k->sql, "comment", text(k->comment));
        json_t *options = json_object();
        if (k->not_valid)
            json_object_set_new(options, "not_valid", json_true());
        if (k->no_inherit)
            json_object_set_new(options, "no_inherit", json_true());
        json_object_set_new(one, "dialect_options", options);
        json_array_append_new(out, one);
    }
    return out;
}

/* ---- indexes ---- */

static bool has_expression(const ath_reflected_index *x) {
    for (size_t i = 0; i < x->parts.count; i++)
        if (!x->parts.parts[i].column)
            return true;
    return false;
}

static json_t *part_names(const ath_reflected_index *x) {
    json_t *out = json_array();
    for (size_t i = 0; i < x->parts.count; i++)
        json_array_append_new(out, text(x->parts.parts[i].column));
    return out;
}

static const char *part_key(const ath_index_part *part) {
    return part->column ? part->column : part->expression;
}

static json_t *key_values(const ath_reflected_option *options, size_t count) {
    json_t *out = json_object();
    for (size_t i = 0; i < count; i++)
        json_object_set_new(out, options[i].name, json_string(options[i].value));
    return out;
}

static void set_sorting(json_t *out, const ath_reflected_index *x) {
    json_t *sorting = json_object();
    for (size_t i = 0; i < x->parts.count; i++) {
        const ath_index_part *p = &x->parts.parts[i];
        json_t *one = json_array();
        if (p->desc)
            json_array_append_new(one, json_string("desc"));
        if (p->nulls_last)
            json_array_append_new(one, json_string("nulls_last"));
        if (p->nulls_first)
            json_array_append_new(one, json_string("nulls_first"));
        if (json_array_size(one))
            json_object_set(sorting, part_key(p), one);
        json_decref(one);
    }
    json_object_set_new(out, "column_sorting", sorting);
}

static json_t *postgresql_options(const ath_reflected_index *x) {
    json_t *ops = json_object();
    for (size_t i = 0; i < x->parts.count; i++)
        if (x->parts.parts[i].postgresql_ops)
            json_object_set_new(ops, part_key(&x->parts.parts[i]), json_string(x->parts.parts[i].postgresql_ops));
    json_t *out = json_pack("{s:o, s:o, s:o, s:o, s:o}", "postgresql_include", names(x->include), "postgresql_ops", ops,
                            "postgresql_using", text(x->method), "postgresql_where", text(x->where), "postgresql_with",
                            key_values(x->options, x->option_count));
    if (x->nulls_not_distinct)
        json_object_set_new(out, "postgresql_nulls_not_distinct", json_true());
    return out;
}

static json_t *mysql_options(const ath_reflected_index *x) {
    json_t *lengths = json_object();
    for (size_t i = 0; i < x->parts.count; i++)
        if (x->parts.parts[i].mysql_length)
            json_object_set_new(lengths, x->parts.parts[i].column, json_integer(x->parts.parts[i].mysql_length));
    return json_pack("{s:o, s:o, s:o}", "mariadb_prefix", text(x->prefix), "mariadb_with_parser", text(x->with_parser),
                     "mariadb_length", lengths);
}

static json_t *index_(const ath_reflected_index *x, const char *dialect) {
    json_t *out = json_pack("{s:s, s:o, s:o}", "name", x->name, "column_names", part_names(x), "unique",
                            is(dialect, "sqlite") ? json_integer(x->unique) : json_boolean(x->unique));
    if (is(dialect, "sqlite")) {
        char line[1024];
        snprintf(line, sizeof line, "%.*s", x->where ? (int)strcspn(x->where, "\n") : 0, x->where ? x->where : "");
        json_object_set_new(out, "dialect_options", json_pack("{s:o}", "sqlite_where", text(x->where ? line : NULL)));
    } else if (is(dialect, "mysql")) {
        json_object_set_new(out, "dialect_options", mysql_options(x));
    } else {
        json_object_set_new(out, "dialect_options", postgresql_options(x));
        json_object_set_new(out, "duplicates_constraint", text(x->duplicates_constraint));
        set_sorting(out, x);
        json_t *expressions = json_array();
        for (size_t i = 0; has_expression(x) && i < x->parts.count; i++)
            json_array_append_new(expressions, text(part_key(&x->parts.parts[i])));
        json_object_set_new(out, "expressions", expressions);
    }
    return out;
}

static json_t *indexes(const ath_reflected_table *t, const char *dialect) {
    json_t *out = json_array();
    for (size_t i = 0; i < t->index_count; i++)
        if (!is(dialect, "sqlite") || !has_expression(&t->indexes[i]))
            json_array_append_new(out, index_(&t->indexes[i], dialect));
    return out;
}

/* ---- tables ---- */

/* "fillfactor=70, autovacuum_enabled=false" */
static json_t *storage(const char *with) {
    json_t *out = json_object();
    char list[1024], *rest = list;
    snprintf(list, sizeof list, "%s", with);
    for (char *one; (one = strsep(&rest, ",")) != NULL;) {
        char *name = one + strspn(one, " "), *equals = strchr(name, '=');
        if (equals)
            *equals = '\0';
        json_object_set_new(out, name, json_string(equals ? equals + 1 : ""));
    }
    return out;
}

static json_t *options(const ath_reflected_table *t, const char *dialect) {
    static const char *const told[] = {"using", "with", "inherits", "tablespace"};
    json_t *out = json_object();
    char name[128];
    for (size_t i = 0; i < t->option_count; i++) {
        const ath_reflected_option *o = &t->options[i];
        snprintf(name, sizeof name, "%s_%s", is(dialect, "mysql") ? "mariadb" : dialect, o->name);
        bool known = is(dialect, "mysql");
        for (size_t j = 0; j < 4; j++)
            known = known || strcmp(told[j], o->name) == 0;
        if (strcmp(o->name, "inherits") == 0 || strcmp(o->name, "partition of") == 0)
            json_object_set_new(out, "postgresql_inherits", json_pack("[s]", o->value));
        else if (strcmp(o->name, "with") == 0 && !is(dialect, "mysql"))
            json_object_set_new(out, name, storage(o->value));
        else if (known)
            json_object_set_new(out, name, json_string(o->value));
    }
    if (is(dialect, "mysql") && t->comment)
        json_object_set_new(out, "mariadb_comment", json_string(t->comment));
    return is(dialect, "sqlite") ? (json_decref(out), json_null()) : out;
}

static json_t *table(const ath_reflected_table *t, const char *dialect) {
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "columns", columns(t, dialect), "pk",
                     primary_key(t, dialect), "foreign_keys", foreign_keys(t, dialect), "indexes", indexes(t, dialect),
                     "uniques", uniques(t, dialect), "checks", checks(t), "comment", text(t->comment), "options",
                     options(t, dialect));
}

static json_t *view(const ath_reflected_table *t) {
    json_t *out = json_array();
    for (size_t i = 0; i < t->column_count; i++)
        json_array_append_new(out, json_string(t->columns[i].name));
    return json_pack("{s:o}", "columns", out);
}

json_t *as_json(const ath_inspector *inspector, const char *dialect) {
    json_t *out = json_object();
    size_t count;
    const ath_reflected_table *tables = ath_inspector_tables(inspector, &count);
    for (size_t i = 0; i < count; i++) {
        char name[256];
        snprintf(name, sizeof name, "view:%s", tables[i].name);
        if (tables[i].kind == ATH_RELATION_TABLE)
            json_object_set_new(out, tables[i].name, table(&tables[i], dialect));
        else if (tables[i].kind == ATH_RELATION_VIEW)
            json_object_set_new(out, name, view(&tables[i]));
    }
    return out;
}
