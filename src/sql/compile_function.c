/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, functions: calls, CASE and CAST, windows, and what aggregates take besides arguments.
 *
 * A function of the language that a database calls otherwise is renamed by its dialect's table; one that needs another
 * shape is written by the dialect's render_node.
 */
#include "sql/compiler.h"

static const ath_type unknown = {.sql = ATH_SQL_INFER};
static const ath_type any_text = {.sql = ATH_SQL_TEXT};

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static bool can(const ath__compiler *c, uint64_t ability) {
    return ath__dialect_can(c->dialect, ability);
}

/* ---- calls ---- */

static bool is_function_name(const char *text) {
    if (!text || !*text)
        return false;
    for (const char *at = text; *at; at++)
        if (!(*at == '_' || *at == '.' || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
              (*at >= '0' && *at <= '9' && at > text)))
            return false;
    return true;
}

/* What the dialect calls it; NULL, with an error, when it has no such function. */
static const char *name_here(ath__compiler *c, const char *name) {
    for (size_t i = 0; i < c->dialect->function_count; i++) {
        const ath__function_name *f = &c->dialect->functions[i];
        if (strcmp(f->ours, name) != 0)
            continue;
        if (!f->theirs)
            ath__cannot(c, name);
        return f->theirs;
    }
    return name;
}

static bool is_one_of(const char *name, const char *const *names) {
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* What a literal argument is, where the others tell. */
static ath_type argument_hint(ath__compiler *c, const ath_expr *e) {
    static const char *const alike[] = {"coalesce", "nullif", "greatest", "least", NULL};
    static const char *const texts[] = {"replace", "regexp_replace", "string_agg", NULL};
    if (is_one_of(e->u.text, texts))
        return any_text;
    if (!e->count || !is_one_of(e->u.text, alike))
        return unknown;
    return ath__value_hint(c, ath__common_type(c, e->args, e->count), e->args, e->count);
}

void ath__render_function(ath__compiler *c, const ath_expr *e) {
    static const char *const sums[] = {"sum", "avg", NULL}, *const extremes[] = {"min", "max", NULL};
    if (!is_function_name(e->u.text)) {
        if (c->error->status == ATH_OK)
            ath__fail(c->error, ATH_ARGUMENT, "'%.60s' is not a function's name", e->u.text ? e->u.text : "");
        return;
    }
    if (e->count && is_one_of(e->u.text, sums))
        ath__check_sum(c, e->args[0]);
    if (e->count && is_one_of(e->u.text, extremes))
        ath__check_order(c, e->args[0]);
    const char *name = name_here(c, e->u.text);
    if (!name)
        return;
    ath__buf_printf(&c->out, "%s(%s", name, e->distinct ? "DISTINCT " : "");
    ath_type hint = argument_hint(c, e);
    for (uint32_t i = 0; i < e->count; i++) {
        str(c, i ? ", " : "");
        ath__render_value(c, e->args[i], hint.sql != ATH_SQL_INFER ? &hint : NULL);
    }
    str(c, ")");
}

/* ---- CASE, CAST ---- */

void ath__render_case(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    ath_type own = ath__expr_type(c, e), compared = unknown;
    uint32_t i = 0;
    own =
        hint && hint->sql != ATH_SQL_INFER ? ath__computed_type(c, *hint) : ath__value_hint(c, own, e->args, e->count);
    hint = &own;
    str(c, "CASE");
    if (e->node == ATH_NODE_CASE_OF) {
        str(c, " ");
        ath__render(c, e->args[i++], NULL);
        compared = ath__comparison_type(c, e->args[0]);
    }
    for (; i + 1 < e->count; i += 2) {
        bool simple = e->node == ATH_NODE_CASE_OF;
        bool bare = e->args[i] && e->args[i]->node == ATH_NODE_COLUMN;
        str(c, simple || bare ? " WHEN " : " WHEN (");
        if (simple || bare)
            ath__render(c, e->args[i], &compared);
        else
            ath__render_condition(c, e->args[i]);
        str(c, simple || bare ? " THEN " : ") THEN ");
        ath__render_value(c, e->args[i + 1], hint);
    }
    if (i < e->count) {
        str(c, " ELSE ");
        ath__render_value(c, e->args[i], hint);
    }
    str(c, " END");
}

void ath__render_cast(ath__compiler *c, const ath_expr *e) {
    str(c, "CAST(");
    ath__render(c, e->args[0], NULL);
    str(c, " AS ");
    if (c->error->status == ATH_OK && c->dialect->render_cast_type)
        c->dialect->render_cast_type(c->dialect, &e->u.type, &c->out, c->error);
    else if (c->error->status == ATH_OK)
        ath__dialect_type(c->dialect, &e->u.type, &c->out, c->error);
    str(c, ")");
}

/* ---- dates ---- */

void ath__render_extract(ath__compiler *c, const ath_expr *e) {
    if (!is_function_name(e->u.text)) {
        fail(c, ATH_ARGUMENT, "ath_extract: there is no such part of a date");
        return;
    }
    ath__buf_printf(&c->out, "EXTRACT(%s FROM ", e->u.text);
    ath__render(c, e->args[0], NULL);
    str(c, ")");
}

/* ---- aggregates ---- */

void ath__render_ordered(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    ath__render(c, e->args[0], hint);
    str(c, " ORDER BY ");
    ath__render_list(c, (ath_expr_list){e->count - 1, e->args + 1}, ", ");
}

/* agg(x) over the rows that meet c is agg(CASE WHEN c THEN x END): what is left out is NULL, which aggregates skip. */
static void filter_by_case(ath__compiler *c, const ath_expr *call, const ath_expr *condition) {
    if (call->node != ATH_NODE_FUNCTION || call->count != 1) {
        ath__cannot(c, "FILTER on this aggregate");
        return;
    }
    bool star = call->args[0]->node == ATH_NODE_STAR;
    const char *name = is_function_name(call->u.text) ? name_here(c, call->u.text) : NULL;
    ath__buf_printf(&c->out, "%s(%sCASE WHEN (", name ? name : "", call->distinct ? "DISTINCT " : "");
    ath__render_condition(c, condition);
    str(c, ") THEN ");
    if (star)
        str(c, "1");
    else
        ath__render(c, call->args[0], NULL);
    str(c, " END)");
}

void ath__render_filter(ath__compiler *c, const ath_expr *e) {
    if (!can(c, ATH__CAN_FILTER)) {
        filter_by_case(c, e->args[0], e->args[1]);
        return;
    }
    ath__render(c, e->args[0], NULL);
    str(c, " FILTER (WHERE ");
    ath__render_condition(c, e->args[1]);
    str(c, ")");
}

/* ---- windows ---- */

static void bound(ath__compiler *c, const int64_t *at) {
    static const ath_type number = {.sql = ATH_SQL_BIGINT};
    if (*at == 0) {
        str(c, "CURRENT ROW");
        return;
    }
    if (*at == ATH_UNBOUNDED_PRECEDING || *at == ATH_UNBOUNDED_FOLLOWING)
        str(c, "UNBOUNDED");
    else if (c->dialect->frame_written || !c->key)
        ath__buf_printf(&c->out, "%llu", (unsigned long long)(*at < 0 ? 0 - (uint64_t)*at : (uint64_t)*at));
    else
        ath__render_bind(c, ath__value_of(c, at), &number, ATH__BIND_AS_IS);
    str(c, *at < 0 ? " PRECEDING" : " FOLLOWING");
}

/* Some databases fail over such a frame at the run, others find no rows in it without a word. */
static bool ends_before_it_begins(const ath_window *w) {
    return w->start > w->end || w->start == ATH_UNBOUNDED_FOLLOWING || w->end == ATH_UNBOUNDED_PRECEDING;
}

static void frame(ath__compiler *c, const ath_window *w) {
    static const char *const units[] = {"", "ROWS", "RANGE", "GROUPS"};
    if (ends_before_it_begins(w)) {
        fail(c, ATH_ARGUMENT, "a window's frame ends before it begins");
        return;
    }
    if ((w->frame == ATH_FRAME_GROUPS || w->exclude) && !can(c, ATH__CAN_FRAME_GROUPS)) {
        ath__cannot(c, w->exclude ? "EXCLUDE in window frames" : "window frames in GROUPS");
        return;
    }
    ath__buf_printf(&c->out, "%s BETWEEN ", units[w->frame]);
    bound(c, &w->start);
    str(c, " AND ");
    bound(c, &w->end);
    if (w->exclude)
        ath__buf_printf(&c->out, " EXCLUDE %s", w->exclude);
}

void ath__render_over(ath__compiler *c, const ath_expr *e) {
    const ath_window *w = e->u.window;
    ath__render(c, e->args[0], NULL);
    str(c, " OVER (");
    if (w->partition_by.count)
        str(c, "PARTITION BY ");
    ath__render_list(c, w->partition_by, ", ");
    if (w->order_by.count)
        str(c, w->partition_by.count ? " ORDER BY " : "ORDER BY ");
    ath__render_list(c, w->order_by, ", ");
    if (w->frame) {
        str(c, w->partition_by.count || w->order_by.count ? " " : "");
        frame(c, w);
    }
    str(c, ")");
}

void ath__render_within(ath__compiler *c, const ath_expr *e) {
    if (!can(c, ATH__CAN_WITHIN_GROUP)) {
        ath__cannot(c, "WITHIN GROUP");
        return;
    }
    ath__render(c, e->args[0], NULL);
    str(c, " WITHIN GROUP (ORDER BY ");
    ath__render_list(c, e->u.window->order_by, ", ");
    str(c, ")");
}

/* ---- grouping sets ---- */

void ath__render_grouping(ath__compiler *c, const ath_expr *e) {
    bool rollup = strcmp(e->u.text, "ROLLUP") == 0;
    if (!can(c, ATH__CAN_GROUPING_SETS) && !(rollup && can(c, ATH__CAN_WITH_ROLLUP))) {
        ath__cannot(c, e->u.text);
        return;
    }
    bool trailing = !can(c, ATH__CAN_GROUPING_SETS);
    if (!trailing)
        ath__buf_printf(&c->out, "%s(", e->u.text);
    ath__render_list(c, (ath_expr_list){e->count, e->args}, ", ");
    str(c, trailing ? " WITH ROLLUP" : ")");
}
