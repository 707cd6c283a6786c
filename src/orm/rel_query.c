/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: the objects of one object's relation by a query: ath_rel_query, ath_rel_count.
 *
 * WHERE foreign key = the object's key, and what the program adds; with a table between, a join of it in front of the
 * program's own.
 */
#include "orm/loading.h"

/* The object's relation, after an autoflush; NULL, with the session's error, when it cannot be asked. */
static const ath__link *link_at(ath_session *s, void *object, size_t offset, ath__mapper **m) {
    if (ath__session_enter(s) != ATH_OK)
        return NULL;
    *m = ath__session_owner(s, object);
    const ath__relation *r = *m ? ath__table_relation_at((*m)->table, offset) : NULL;
    if (*m && !r)
        ath__fail(&s->error, ATH_ARGUMENT, "the field of %s at offset %zu is no relation", (*m)->model->name, offset);
    else if (r && !ath__relation_is_many(r))
        ath__fail(&s->error, ATH_ARGUMENT, "relation %s.%s is of one object; use ath_load_rel", (*m)->model->name,
                  r->field);
    if (!*m || !r || s->error.status != ATH_OK || ath__session_autoflush(s) != ATH_OK)
        return NULL;
    if (ath__head_of(object)->state == ATH_STATE_PERSISTENT)
        return &(*m)->links[r->position];
    ath__fail(&s->error, ATH_STATE, "the %s has no row: it was not flushed yet, deleted or rolled back",
              (*m)->model->name);
    return NULL;
}

/* key = value of the object, for each column of the join. */
static const ath_expr *of_object(ath__loading *l, const ath__link *k, const void *object) {
    const ath_model *model = k->secondary ? k->secondary->model : k->target->model;
    const ath_expr *all = NULL;
    for (size_t i = 0; i < k->count; i++) {
        const ath__column *c = k->local[i];
        ath_expr literal = {.node = ATH_NODE_LITERAL};
        if (ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &literal.u.value,
                           &l->s->error) != ATH_OK)
            return NULL;
        const ath_expr *column = ath__load_column(l, model, k->secondary ? k->near[i] : k->remote[i], NULL);
        const ath_expr *equal = ath__load_operation(l, ATH_OP_EQ, column, ath__load_expr(l, literal));
        all = i ? ath__load_operation(l, ATH_OP_AND, all, equal) : equal;
    }
    return all;
}

static bool join_between(ath__loading *l, const ath__link *k, ath_select_stmt *stmt) {
    size_t count = stmt->joins.count;
    ath_join_clause *joins = ath__arena_zero(&l->arena, (count + 1) * sizeof *joins);
    const ath_expr *on =
        ath__load_equal(l, k->target->model, k->remote, NULL, k->secondary->model, k->far, NULL, k->far_count);
    if (!joins || !on)
        return false;
    joins[0] = (ath_join_clause){.source = {.model = k->secondary->model}, .on = on};
    for (size_t i = 0; i < count; i++)
        joins[i + 1] = stmt->joins.items[i];
    stmt->joins = (ath_join_list){count + 1, joins};
    return true;
}

static ath_status narrow(ath__loading *l, const ath__link *k, const void *object, ath_select_stmt *stmt) {
    const ath_expr *const more[] = {k->relation->opts.where_, stmt->where_};
    const ath_expr *where = of_object(l, k, object);
    for (size_t i = 0; i < ATH_COUNT_OF(more); i++)
        if (more[i])
            where = ath__load_operation(l, ATH_OP_AND, where, more[i]);
    stmt->model = k->target->model;
    stmt->where_ = where;
    if (!stmt->order_by.count)
        stmt->order_by = k->relation->opts.order_by;
    if (where && (!k->secondary || join_between(l, k, stmt)))
        return ATH_OK;
    return l->s->error.status != ATH_OK ? l->s->error.status : ath__session_no_memory(l->s);
}

/* The columns that join it, if the object came without them. */
static ath_status complete(ath__loading *l, ath__mapper *m, const ath__link *k, void *object) {
    if (!m->marks)
        return ATH_OK; /* m is the object's own */
    uint64_t *columns = ath__arena_zero(&l->arena, m->mask_words * sizeof *columns);
    if (!columns)
        return ath__session_no_memory(l->s);
    for (size_t i = 0; i < k->count; i++)
        ath__mask_set(columns, k->local[i]->position);
    return ath__load_missing(l->s, m, &object, 1, columns);
}

typedef void (*with_query)(ath_session *s, const ath_select_stmt *query, void *out);

static void ask(ath_session *s, void *object, size_t offset, const ath_select_stmt *query, with_query run, void *out) {
    ath__mapper *m;
    ath__loading l;
    const ath__link *link = link_at(s, object, offset, &m);
    if (!link)
        return;
    ath_select_stmt stmt = *query;
    ath__loading_init(&l, s, query);
    if (complete(&l, m, link, object) == ATH_OK && narrow(&l, link, object, &stmt) == ATH_OK)
        run(s, &stmt, out);
    ath__loading_done(&l, NULL);
}

static void run_all(ath_session *s, const ath_select_stmt *query, void *out) {
    *(void ***)out = ath_session_all(s, query);
}

static void run_count(ath_session *s, const ath_select_stmt *query, void *out) {
    *(int64_t *)out = ath_session_count(s, query);
}

void **ath_session_rel_query(ath_session *s, void *object, size_t offset, const ath_select_stmt *query) {
    void **objects = NULL;
    ask(s, object, offset, query, run_all, &objects);
    return objects;
}

int64_t ath_session_rel_count(ath_session *s, void *object, size_t offset, const ath_select_stmt *query) {
    int64_t count = -1;
    ask(s, object, offset, query, run_count, &count);
    return count;
}
