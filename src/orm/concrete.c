/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: queries for a class whose subclasses are concrete: one SELECT for each class, as each has a table and keys
 * of its own.  The objects come class by class, so that what would order, limit or combine rows is refused.
 */
#include "orm/session.h"
#include "sql/copy.h"

bool ath__is_concrete(ath_session *s, const ath_select_stmt *query) {
    const ath_model *model = s && !s->failed && !query->only_class ? query->model : NULL;
    const ath_table *t = model ? ath_model_table(model, NULL) : NULL;
    const ath__hierarchy *h = t && t->lineage ? ath__table_hierarchy(t, NULL) : NULL;
    const ath__class *c = h ? ath__hierarchy_class(h, t) : NULL;
    return c && h->kinship == ATH__CONCRETE_TABLE && h->classes + c->end > c + 1;
}

static ath_status check(ath_session *s, const ath_select_stmt *q) {
    if (!q->order_by.count && !q->limit && !q->offset && !q->joins.count && !q->from.count && !q->group_by.count &&
        !q->having_ && !q->distinct && !q->distinct_on.count && !q->set && !q->with.count && !q->load_only.count &&
        !q->defer.count)
        return ATH_OK;
    return ath__fail(
        &s->error, ATH_NOT_SUPPORTED,
        "the classes of %s have tables of their own: a query for all of them takes .where and .load alone; "
        "say .only_class = true, or query each class",
        q->model->name);
}

/* The query for one of the classes. */
static ath_status narrow(ath_session *s, const ath_select_stmt *query, const ath_table *base, const ath_table *t,
                         ath__arena *arena, ath_select_stmt *out) {
    *out = *query;
    out->model = t->model;
    out->only_class = true;
    out->where_ = ath__expr_copy_for(query->where_, arena, t == base ? NULL : base, t->model);
    return query->where_ && !out->where_ ? ath__session_no_memory(s) : ATH_OK;
}

typedef ath_status (*class_fn)(ath_session *s, const ath_select_stmt *query, void *out);

static ath_status each_class(ath_session *s, const ath_select_stmt *query, class_fn run, void *out) {
    const ath_table *base = ath_model_table(query->model, NULL);
    const ath__hierarchy *h = ath__table_hierarchy(base, NULL);
    const ath__class *c = ath__hierarchy_class(h, base), *end = h->classes + c->end;
    ath__arena arena;
    ATH_TRY(check(s, query));
    ath__arena_init(&arena, s->allocator);
    ath_status status = ATH_OK;
    for (; status == ATH_OK && c < end; c++) {
        ath_select_stmt one;
        status = narrow(s, query, base, c->table, &arena, &one);
        if (status == ATH_OK)
            status = run(s, &one, out);
    }
    ath__arena_done(&arena);
    return status;
}

static ath_status gather(ath_session *s, const ath_select_stmt *query, void *out) {
    void **objects = ath_session_all(s, query);
    for (size_t i = 0; objects && objects[i]; i++)
        if (!ath__gather(s, out, objects[i]))
            return s->error.status;
    return objects ? ATH_OK : s->error.status;
}

void **ath__concrete_all(ath_session *s, const ath_select_stmt *query) {
    ath__gathered g = {0};
    if (ath__session_enter(s) == ATH_OK)
        each_class(s, query, gather, &g);
    return ath__gathered_finish(s, &g);
}

static ath_status count(ath_session *s, const ath_select_stmt *query, void *out) {
    int64_t n = ath_session_count(s, query);
    *(int64_t *)out += n;
    return n < 0 ? s->error.status : ATH_OK;
}

int64_t ath__concrete_count(ath_session *s, const ath_select_stmt *query) {
    int64_t n = 0;
    return ath__session_enter(s) == ATH_OK && each_class(s, query, count, &n) == ATH_OK ? n : -1;
}
