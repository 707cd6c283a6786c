/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, locks: FOR UPDATE and its kin behind a SELECT.
 *
 * PostgreSQL locks rows of tables alone, and says so only at the run: what has no such rows is refused here, by name.
 */
#include "sql/compiler.h"

static const char *const words[] = {"", " FOR UPDATE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR KEY SHARE"};

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static bool can(const ath__compiler *c, uint64_t ability) {
    return ath__dialect_can(c->dialect, ability);
}

/* ---- what has no rows of tables ---- */

static bool is_aggregate(const ath_expr *e) {
    static const char *const names[] = {"count",     "sum",        "avg",      "min",     "max",       "string_agg",
                                        "array_agg", "bool_or",    "bool_and", "every",   "json_agg",  "jsonb_agg",
                                        "stddev",    "stddev_pop", "variance", "var_pop", "var_samp",  "stddev_samp",
                                        "bit_and",   "bit_or",     "bit_xor",  "corr",    "regr_slope"};
    for (size_t i = 0; e->node == ATH_NODE_FUNCTION && e->u.text && i < ATH_COUNT_OF(names); i++)
        if (strcasecmp(names[i], e->u.text) == 0)
            return true;
    return e->node == ATH_NODE_FILTER || e->node == ATH_NODE_WITHIN;
}

/* What in an expression makes one row of several, or looks at others; subqueries are rows of their own. */
static const char *gathers(const ath_expr *e, int depth) {
    if (!e || depth > ATH__COMPILE_DEPTH || e->node == ATH_NODE_SUBQUERY || e->node == ATH_NODE_ARRAY)
        return NULL;
    if (e->node == ATH_NODE_OVER)
        return "window functions";
    if (is_aggregate(e))
        return "aggregates";
    const char *found = NULL;
    for (uint32_t i = 0; i < e->count && !found; i++)
        found = gathers(e->args[i], depth + 1);
    return found;
}

static const char *gathers_any(ath_expr_list list) {
    const char *found = NULL;
    for (size_t i = 0; i < list.count && !found; i++)
        found = gathers(list.items[i], 0);
    return found;
}

static const char *odd_rows(const ath_select_stmt *s, bool named, int depth);

static const char *odd_source(const ath_source *source, int depth) {
    const char *found = source->select ? odd_rows(source->select, false, depth + 1) : NULL;
    for (size_t i = 0; i < source->join_count && !found && depth < ATH__COMPILE_DEPTH; i++)
        found = odd_source(&source->joins[i].source, depth + 1);
    return found;
}

/* All sources are locked but those that are not named where some are. */
static const char *odd_sources(const ath_select_stmt *s, int depth) {
    const char *found = NULL;
    for (size_t i = 0; i < s->from.count && !found; i++)
        found = odd_source(&s->from.items[i], depth);
    for (size_t i = 0; i < s->joins.count && !found; i++) {
        ath_join_kind kind = s->joins.items[i].kind;
        bool outer = kind == ATH_JOIN_LEFT || kind == ATH_JOIN_RIGHT || kind == ATH_JOIN_FULL;
        found = outer ? "an outer join (name the tables in .of)" : odd_source(&s->joins.items[i].source, depth);
    }
    return found;
}

/* Why the rows of a SELECT cannot be locked; NULL: they can. */
static const char *odd_rows(const ath_select_stmt *s, bool named, int depth) {
    if (depth > ATH__COMPILE_DEPTH)
        return NULL;
    if (s->set)
        return "UNION, INTERSECT or EXCEPT";
    if (s->values.count)
        return "VALUES";
    if (s->distinct || s->distinct_on.count)
        return "DISTINCT";
    if (s->group_by.count)
        return "GROUP BY";
    if (s->having_)
        return "HAVING";
    const char *found = gathers_any(s->columns);
    if (!found)
        found = gathers_any(s->order_by);
    return found || named ? found : odd_sources(s, depth);
}

static bool check_rows(ath__compiler *c, const ath_select_stmt *s) {
    const char *odd = c->dialect->lock_plain_rows ? odd_rows(s, s->lock.of.count != 0, 0) : NULL;
    const char *construct = odd ? ath__arena_printf(c->arena, "%s with %s", words[s->lock.strength] + 1, odd) : NULL;
    if (construct)
        ath__cannot(c, construct);
    c->out.failed = c->out.failed || (odd && !construct);
    return !odd;
}

/* ---- writing ---- */

static void lock_of(ath__compiler *c, ath_source_list of) {
    for (size_t i = 0; i < of.count; i++) {
        ath__from from;
        if (!ath__from_of_source(c, &of.items[i], &from))
            return;
        str(c, i ? ", " : " OF ");
        ath__dialect_name(c->dialect, &c->out, from.name);
    }
}

void ath__render_lock(ath__compiler *c, const ath_select_stmt *s) {
    const ath_lock *l = &s->lock;
    bool plain = l->strength == ATH_LOCK_UPDATE && !l->nowait && !l->skip_locked;
    if (l->strength == ATH_LOCK_NONE || (plain && !can(c, ATH__CAN_FOR_UPDATE)))
        return;
    if (!can(c, ATH__CAN_FOR_UPDATE) || (l->strength == ATH_LOCK_SHARE && !can(c, ATH__CAN_FOR_SHARE)) ||
        (l->strength > ATH_LOCK_SHARE && !can(c, ATH__CAN_FOR_KEY))) {
        ath__cannot(c, words[l->strength] + 1);
        return;
    }
    if (!check_rows(c, s))
        return;
    bool own_share = l->strength == ATH_LOCK_SHARE && c->dialect->share_lock;
    str(c, own_share ? c->dialect->share_lock : words[l->strength]);
    if (can(c, ATH__CAN_LOCK_OF))
        lock_of(c, l->of);
    if (l->nowait && !can(c, ATH__CAN_NOWAIT))
        ath__cannot(c, "NOWAIT");
    if (l->skip_locked && !can(c, ATH__CAN_SKIP_LOCKED))
        ath__cannot(c, "SKIP LOCKED");
    str(c, l->nowait ? " NOWAIT" : l->skip_locked ? " SKIP LOCKED" : "");
}
