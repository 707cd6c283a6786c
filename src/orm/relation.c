/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: relations of objects that are there: loaded when asked for.
 */
#include "orm/loading.h"

/* The relation at the offset of a model's struct; NULL, with the session's error, when there is none. */
static const ath__relation *relation_at(ath_session *s, const ath__mapper *m, size_t offset) {
    const ath__relation *r = ath__table_relation_at(m->table, offset);
    if (!r)
        ath__fail(&s->error, ATH_ARGUMENT, "the field of %s at offset %zu is no relation", m->model->name, offset);
    return r;
}

/* The object and its peers, as far as they have not got the relation. */
static ath_status gather_peers(ath__loading *l, ath__node *root, const ath__relation *r, void *object) {
    uint32_t from, to, number;
    const ath__mapper *own = ath__mapper_of(root->m, object), *m;
    for (size_t k = 0; (m = ath__mapper_heir(root->m, k)) != NULL; k++) {
        ath__mapper_group_of(own, ath__head_of(object)->index, m, &from, &to);
        for (uint32_t i = from; i < to; i++) {
            void *peer = ath__mapper_object(m, i);
            if (ath__head_of(peer)->state != ATH_STATE_PERSISTENT || ath__is_loaded(m, peer, r))
                continue;
            ATH_TRY(ath__node_add(l, root, peer, &number));
        }
    }
    return ATH_OK;
}

/* The uppermost class that has the relation: its peers are of all classes below. */
static ath__mapper *describer(ath__mapper *m, const ath__relation *r) {
    const ath_table *t = m->table;
    while (m->family && ath__table_super(t) && r->position < t->lineage->inherited_relations)
        t = ath__table_super(t);
    for (size_t i = 0; m->family && i < m->family->count; i++)
        if (m->family->members[i]->table == t)
            return m->family->members[i];
    return m;
}

/* ---- one by one ---- */

typedef struct calling {
    const char *file; /* NULL: unknown, and not counted */
    int line;
} calling;

/* The counter of a call; another call's is taken when there are more than fit.  NULL when memory ran out. */
static ath__load_site *site_of(ath_session *s, const ath__relation *r, const calling *from) {
    if (!s->load_sites)
        s->load_sites = ath__arena_zero(&s->arena, ATH__LOAD_SITES * sizeof *s->load_sites);
    if (!s->load_sites) {
        ath__session_no_memory(s);
        return NULL;
    }
    ath__load_site *site = &s->load_sites[((unsigned)from->line ^ r->position * 7u) % ATH__LOAD_SITES];
    if (site->file != from->file || site->line != from->line || site->relation != r)
        *site = (ath__load_site){.file = from->file, .line = from->line, .relation = r};
    return site;
}

static ath_status refuse(ath_session *s, const ath__mapper *m, const ath__load_site *site) {
    return ath__fail(
        &s->error, ATH_STATE,
        "%s:%d: relation %s.%s was loaded for %u single objects in this transaction: load it with the query, "
        ".load = ath_load(ath_selectin(%s, %s))",
        site->file, site->line, m->model->name, site->relation->field, site->loads, m->model->name,
        site->relation->field);
}

static void warn(const ath_session *s, const ath__mapper *m, const ath__load_site *site) {
    ath__log_line(&s->engine->log, ATH_LOG_WARNING,
                  "%s:%d: relation %s.%s is loaded for one object after the other; load it with the query, .load = "
                  "ath_load(ath_selectin(%s, %s))",
                  site->file, site->line, m->model->name, site->relation->field, m->model->name, site->relation->field);
}

/* Loads what hangs below the root, whose single object asks from `from`. */
static ath_status load_counted(ath__loading *l, ath__node *root, const ath__relation *r, const calling *from) {
    ath_session *s = l->s;
    if (!s->on_repeated_load || !from->file || root->objects.count > 1)
        return ath__load_below(l, root);
    ath__load_site *site = site_of(s, r, from);
    if (!site)
        return s->error.status;
    if (site->loads >= s->repeated_load_threshold && s->on_repeated_load == ATH_REPEATED_LOAD_REFUSED)
        return refuse(s, root->m, site);
    uint64_t before = ath_session_statements(s);
    ATH_TRY(ath__load_below(l, root));
    if (ath_session_statements(s) > before && site->loads++ == s->repeated_load_threshold)
        warn(s, root->m, site);
    return ATH_OK;
}

static ath_status load_for_peers(ath_session *s, ath__mapper *m, const ath__relation *r, void *object,
                                 const calling *from) {
    m = describer(m, r);
    const ath_select_stmt query = {.struct_size = sizeof query, .model = m->model};
    ath__loading l;
    ath__loading_init(&l, s, &query);
    ath__node *root = ath__load_plan_empty(&l, m);
    ath__node *node = root ? ath__load_node(&l, root, r, ATH_LOAD_SELECTIN) : NULL;
    ath_status status = node ? gather_peers(&l, root, r, object) : s->error.status;
    if (status == ATH_OK)
        status = load_counted(&l, root, r, from);
    ath__loading_done(&l, root);
    return status;
}

ath_status ath__load_relation(ath_session *s, ath__mapper *m, const ath__relation *r, void *object) {
    return load_for_peers(s, m, r, object, &(const calling){NULL, 0});
}

static ath_status gather_listed(ath__loading *l, ath__node *root, const uint32_t *objects, size_t count) {
    uint32_t number;
    for (size_t i = 0; i < count; i++)
        ATH_TRY(ath__node_add(l, root, ath__mapper_object(root->m, objects[i]), &number));
    return ATH_OK;
}

ath_status ath__load_relation_of(ath_session *s, ath__mapper *m, const ath__relation *r, const uint32_t *objects,
                                 size_t count) {
    const ath_select_stmt query = {.struct_size = sizeof query, .model = m->model};
    ath__loading l;
    ath__loading_init(&l, s, &query);
    l.unfiltered = true; /* a cascade must meet them all */
    ath__node *root = ath__load_plan_empty(&l, m);
    ath__node *node = root ? ath__load_node(&l, root, r, ATH_LOAD_SELECTIN) : NULL;
    ath_status status = node ? gather_listed(&l, root, objects, count) : s->error.status;
    if (status == ATH_OK)
        status = ath__load_below(&l, root);
    ath__loading_done(&l, root);
    return status;
}

static ath_status load_relation(ath_session *s, ath__mapper *m, const ath__relation *r, void *object,
                                const calling *from) {
    if (ath__is_loaded(m, object, r) || ath__relation_changed(m, object, r))
        return ATH_OK;
    if (r->opts.load == ATH_LOAD_RAISE || ath__is_refused(m, object, r))
        return ath__fail(&s->error, ATH_STATE,
                         "relation %s.%s is not loaded by itself: %s; load it with the query, .load = "
                         "ath_load(ath_selectin(%s, %s))",
                         m->model->name, r->field,
                         r->opts.load == ATH_LOAD_RAISE ? "its model says ATH_LOAD_RAISE"
                                                        : "the query said ath_raise_load",
                         m->model->name, r->field);
    ATH_TRY(ath__session_autoflush(s));
    return ath__is_loaded(m, object, r) ? ATH_OK : load_for_peers(s, m, r, object, from);
}

ath_status ath_session_load_rel_at(ath_session *s, void *object, size_t offset, const char *file, int line) {
    ATH_TRY(ath__session_enter(s));
    ath__mapper *m = ath__session_owner(s, object);
    const ath__relation *r = m ? relation_at(s, m, offset) : NULL;
    if (!r)
        return s->error.status;
    switch (ath__head_of(object)->state) {
    case ATH_STATE_PENDING:
        return ATH_OK; /* it has what the program gave it */
    case ATH_STATE_PERSISTENT:
        return load_relation(s, m, r, object, &(calling){file, line});
    default:
        return ath__fail(&s->error, ATH_STATE, "the %s has no row: it was deleted or rolled back", m->model->name);
    }
}

ath_status ath_session_load_rel(ath_session *s, void *object, size_t offset) {
    return ath_session_load_rel_at(s, object, offset, NULL, 0);
}

/* ---- what is loaded ---- */

/* What the program has assigned is there, whatever was read. */
static bool column_is_there(const ath__mapper *m, const void *object, const ath__column *c) {
    const uint64_t *missing = ath__missing_columns(m, object);
    const char *field = (const char *)object + c->offset;
    if (!missing || !ath__mask_has(missing, c->position))
        return true;
    for (size_t i = 0; i < c->size; i++)
        if (field[i])
            return true;
    return false;
}

bool ath_session_is_loaded(const ath_session *s, const void *object, size_t offset) {
    const ath__mapper *m = ath__session_find_owner(s, object);
    const ath__relation *r = m ? ath__table_relation_at(m->table, offset) : NULL;
    const ath__column *c = m && !r ? ath__table_column_at(m->table, offset) : NULL;
    if (c)
        return column_is_there(m, object, c);
    return r && (ath__head_of(object)->state == ATH_STATE_PENDING || ath__is_loaded(m, object, r));
}
