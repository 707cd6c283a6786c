/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: rules that values are checked by before they are sent: lengths, ranges, patterns; and what a model says of
 * its objects as a whole.
 *
 * Bounds are coerced to the column's type when the model is built, so that a check compares values of one kind.
 */
#include "sql/copy.h"
#include "sql/inherit.h"
#include "sql/table_build.h"

#include <regex.h>

struct ath__rules {
    struct ath__rules *next; /* of the same table */
    uint32_t min_length, max_length;
    ath_value min, max; /* ATH_KIND_NULL: none */
    const char *pattern;
    regex_t regex;
    bool compiled;
};

/* ---- comparing ---- */

static int order_of(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static double real_of(const ath_value *v) {
    return v->kind == ATH_KIND_REAL ? v->as.d : v->kind == ATH_KIND_UINT ? (double)v->as.u : (double)v->as.i;
}

/* <0, 0, >0; both of one column's type. */
static int compare(const ath_value *a, const ath_value *b) {
    if (a->kind == ATH_KIND_REAL || b->kind == ATH_KIND_REAL)
        return (real_of(a) > real_of(b)) - (real_of(a) < real_of(b));
    if (a->kind != b->kind) /* of INT and UINT, the latter is what does not fit the former */
        return a->kind == ATH_KIND_UINT ? 1 : -1;
    switch (a->kind) {
    case ATH_KIND_UINT:
        return (a->as.u > b->as.u) - (a->as.u < b->as.u);
    case ATH_KIND_DECIMAL:
        return ath_decimal_compare(a->as.decimal, b->as.decimal);
    case ATH_KIND_DATE:
        return order_of(a->as.date.days, b->as.date.days);
    case ATH_KIND_TIME:
        return order_of(a->as.time.us, b->as.time.us);
    case ATH_KIND_DATETIME:
        return order_of(a->as.datetime.us, b->as.datetime.us);
    case ATH_KIND_TIMESTAMP:
        return order_of(a->as.timestamp.us, b->as.timestamp.us);
    default:
        return order_of(a->as.i, b->as.i);
    }
}

static bool has_order(ath_kind kind) {
    switch (kind) {
    case ATH_KIND_INT:
    case ATH_KIND_UINT:
    case ATH_KIND_REAL:
    case ATH_KIND_DECIMAL:
    case ATH_KIND_DATE:
    case ATH_KIND_TIME:
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
        return true;
    default:
        return false;
    }
}

/* ---- making ---- */

static void make_bound(ath_mapper *m, const ath__column *c, const char *rule, const ath_expr *bound, ath_value *out) {
    ath_error error = {0};
    if (!bound)
        return;
    if (bound->node != ATH_NODE_LITERAL) {
        MISTAKE(m, "column %s: .%s is a literal", c->name, rule);
        return;
    }
    *out = bound->u.value;
    ath__value_measure(out);
    if (ath__value_coerce(out, &c->type, &m->table->arena, &error) != ATH_OK)
        MISTAKE(m, "column %s: .%s: %s", c->name, rule, error.message);
    else if (!has_order(out->kind))
        MISTAKE(m, "column %s: .%s is for numbers, dates and times", c->name, rule);
}

static void compile_pattern(ath_mapper *m, const ath__column *c, struct ath__rules *r, const char *pattern) {
    char why[160];
    if (!pattern)
        return;
    r->pattern = ath__mapper_keep(m, pattern);
    int code = regcomp(&r->regex, pattern, REG_EXTENDED | REG_NOSUB);
    r->compiled = code == 0;
    if (code == REG_ESPACE)
        ath__mapper_no_memory(m);
    else if (code) {
        regerror(code, &r->regex, why, sizeof why);
        MISTAKE(m, "column %s: .pattern \"%s\": %s", c->name, pattern, why);
    }
}

static bool is_text(const ath__column *c) {
    return c->ctype == ATH_C_TEXT || c->ctype == ATH_C_CHARS;
}

void ath__rules_make(ath_mapper *m, ath__column *c, const ath_column_opts *o) {
    if (!o->min_length && !o->max_length && !o->min && !o->max && !o->pattern)
        return;
    struct ath__rules *r = m->model ? ath__arena_zero(&m->table->arena, sizeof *r) : NULL;
    if (!m->model)
        MISTAKE(m, "column %s: rules are checked of a model's objects; this table has none", c->name);
    else if (!r)
        ath__mapper_no_memory(m);
    if (!r)
        return;
    c->rules = r;
    r->next = m->table->rules;
    m->table->rules = r;
    m->table->has_rules = true;
    r->min_length = o->min_length;
    r->max_length = o->max_length;
    if ((o->min_length || o->max_length) && !is_text(c) && c->ctype != ATH_C_BYTES)
        MISTAKE(m, "column %s: lengths are of text and bytes", c->name);
    if (o->pattern && !is_text(c))
        MISTAKE(m, "column %s: a pattern is for text", c->name);
    make_bound(m, c, "min", o->min, &r->min);
    make_bound(m, c, "max", o->max, &r->max);
    compile_pattern(m, c, r, o->pattern);
}

void ath__rules_done(ath_table *t) {
    for (struct ath__rules *r = t->rules; r; r = r->next)
        if (r->compiled)
            regfree(&r->regex);
}

ath__rules_said ath__rules_of(const ath__column *c) {
    const struct ath__rules *r = c->rules;
    if (!r)
        return (ath__rules_said){0};
    return (ath__rules_said){.min_length = r->min_length,
                             .max_length = r->max_length,
                             .min = r->min.kind == ATH_KIND_NULL ? NULL : &r->min,
                             .max = r->max.kind == ATH_KIND_NULL ? NULL : &r->max,
                             .pattern = r->pattern};
}

/* ---- checking ---- */

static void find_length(const struct ath__rules *r, const ath_value *v, ath__breach *out, size_t *count) {
    bool bytes = v->kind == ATH_KIND_BYTES;
    if (!bytes && v->kind != ATH_KIND_TEXT)
        return;
    size_t length = bytes ? v->as.bytes.size : ath__utf8_length(v->as.text.data, v->as.text.size);
    bool low = length < r->min_length, high = r->max_length && length > r->max_length;
    if (low || high)
        out[(*count)++] = (ath__breach){.rule = low ? "min_length" : "max_length",
                                        .length = length,
                                        .bytes = bytes,
                                        .limit = low ? r->min_length : r->max_length};
}

static void find_range(const struct ath__rules *r, const ath_value *v, ath__breach *out, size_t *count) {
    bool low = r->min.kind != ATH_KIND_NULL && compare(v, &r->min) < 0;
    bool high = r->max.kind != ATH_KIND_NULL && compare(v, &r->max) > 0;
    if (low || high)
        out[(*count)++] = (ath__breach){.rule = low ? "min" : "max", .bound = low ? &r->min : &r->max};
}

static ath_status find_pattern(const struct ath__rules *r, const ath_value *v, ath__breach *out, size_t *count) {
    if (!r->compiled || v->kind != ATH_KIND_TEXT)
        return ATH_OK;
    int code = regexec(&r->regex, v->as.text.data, 0, NULL, 0);
    if (code == REG_NOMATCH)
        out[(*count)++] = (ath__breach){.rule = "pattern", .pattern = r->pattern};
    return code == 0 || code == REG_NOMATCH ? ATH_OK : ATH_NO_MEMORY;
}

ath_status ath__rules_breaches(const ath__column *c, const ath_value *v, ath__breach out[ATH__BREACHES],
                               size_t *count) {
    *count = 0;
    if (!c->rules || v->kind == ATH_KIND_NULL)
        return ATH_OK;
    find_length(c->rules, v, out, count);
    find_range(c->rules, v, out, count);
    return find_pattern(c->rules, v, out, count);
}

/* ---- saying ---- */

static const char *model_name(const ath_table *t) {
    return t->model ? t->model->name : t->name;
}

static ath_status broken(const ath_table *t, const ath__column *c, const char *rule, ath_error *error) {
    char message[sizeof error->message];
    ath__copy_text(message, sizeof message, error->message, strlen(error->message));
    snprintf(error->message, sizeof error->message, "%.64s.%.64s: %s: %.340s", model_name(t), c->field, rule, message);
    ath__copy_text(error->table, sizeof error->table, t->name ? t->name : "", t->name ? strlen(t->name) : 0);
    ath__copy_text(error->column, sizeof error->column, c->name, strlen(c->name));
    ath__copy_text(error->constraint, sizeof error->constraint, rule, strlen(rule));
    return error->status;
}

static void print(const ath_value *v, char out[ATH_INTERVAL_TEXT]) {
    if (v->kind == ATH_KIND_INT)
        snprintf(out, ATH_INTERVAL_TEXT, "%lld", (long long)v->as.i);
    else if (v->kind == ATH_KIND_UINT)
        snprintf(out, ATH_INTERVAL_TEXT, "%llu", (unsigned long long)v->as.u);
    else
        ath__value_format(v, out);
}

static void say_range(const ath_value *v, const ath__breach *b, ath_error *error) {
    char is[ATH_INTERVAL_TEXT] = "", bound[ATH_INTERVAL_TEXT] = "";
    print(v, is);
    print(b->bound, bound);
    ath__fail(error, ATH_DATA, "%s is %s than %s", is, strcmp(b->rule, "min") == 0 ? "less" : "more", bound);
}

ath_status ath__rules_check(const ath_table *t, const ath__column *c, const ath_value *v, ath_error *error) {
    ath__breach breaches[ATH__BREACHES], *b = breaches;
    size_t count;
    if (ath__rules_breaches(c, v, breaches, &count) != ATH_OK)
        return ath__fail_memory(error);
    if (count == 0)
        return ATH_OK;
    if (b->bound)
        say_range(v, b, error);
    else if (b->pattern)
        ath__fail(error, ATH_DATA, "it does not match \"%.200s\"", b->pattern);
    else
        ath__fail(error, ATH_DATA, "it has %zu %s, not at %s %u", b->length, b->bytes ? "bytes" : "characters",
                  strcmp(b->rule, "min_length") == 0 ? "least" : "most", b->limit);
    return broken(t, c, b->rule, error);
}

/* ---- the model as a whole ---- */

ath_status ath_invalid(ath_error *error, const char *field, const char *why) {
    ath__fail(error, ATH_DATA, "%s", why ? why : "it is not valid");
    if (error && field)
        ath__copy_text(error->column, sizeof error->column, field, strlen(field));
    return ATH_DATA;
}

static bool has_subquery(const ath_expr *e) {
    if (!e)
        return false;
    if (e->node == ATH_NODE_SUBQUERY || e->node == ATH_NODE_ARRAY)
        return true;
    for (uint32_t i = 0; i < e->count; i++)
        if (has_subquery(e->args[i]))
            return true;
    return false;
}

void ath_mapper_model_options(ath_mapper *m, const ath_model_opts *o) {
    if (m->own_only)
        return;
    if (o->validate)
        m->table->validate = o->validate;
    if (!o->filter_)
        return;
    if (has_subquery(o->filter_)) {
        MISTAKE(m, "a default filter cannot hold a subquery or an array%s", "");
        return;
    }
    const ath_table *from = m->inherited && m->table->lineage ? m->table->lineage->parent : NULL;
    m->table->filter = ath__expr_copy_for(o->filter_, &m->table->arena, from, m->model);
    if (!m->table->filter)
        ath__mapper_no_memory(m);
}
