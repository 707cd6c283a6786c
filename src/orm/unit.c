/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, the unit of work: in which order the mappers are written, and what all three kinds of writes share.
 *
 * Referenced tables come first for inserts and updates, last for deletes; among the free, in the order in which the
 * session met them, so that the same program always sends the same statements.
 */
#include "orm/session.h"

/* ---- order ---- */

static size_t mapper_of_table(const ath_session *s, const char *table) {
    size_t i = 0;
    while (i < s->mapper_count && !(s->mappers[i]->table->name && strcmp(s->mappers[i]->table->name, table) == 0))
        i++;
    return i;
}

static size_t gather_edges(const ath_session *s, ath__edge *edges) {
    size_t n = 0;
    for (size_t i = 0; i < s->mapper_count; i++) {
        const ath_table *t = s->mappers[i]->table;
        for (size_t k = 0; k < t->constraint_count; k++) {
            if (t->constraints[k].kind != ATH__FOREIGN_KEY)
                continue;
            size_t target = mapper_of_table(s, t->constraints[k].target);
            if (target == s->mapper_count)
                continue;
            if (edges)
                edges[n] = (ath__edge){(uint32_t)target, (uint32_t)i};
            n++;
        }
    }
    return n;
}

ath_status ath__unit_order(ath_session *s, ath__mapper **order) {
    size_t n = s->mapper_count, edge_count = gather_edges(s, NULL);
    if (!edge_count) {
        if (n)
            memcpy(order, s->mappers, n * sizeof *order);
        return ATH_OK;
    }
    ath__edge *edges = ath__alloc(s->allocator, edge_count * sizeof *edges);
    uint32_t *sorted = ath__alloc(s->allocator, n * sizeof *sorted), cycle_from;
    ath_status status = edges && sorted ? ATH_OK : ATH_NO_MEMORY;
    if (status == ATH_OK) {
        gather_edges(s, edges);
        status = ath__topo_sort(s->allocator, (uint32_t)n, edges, edge_count, sorted, &cycle_from);
    }
    for (size_t i = 0; status == ATH_OK && i < n; i++)
        order[i] = s->mappers[sorted[i]];
    ath__free(s->allocator, edges, edge_count * sizeof *edges);
    ath__free(s->allocator, sorted, n * sizeof *sorted);
    return status == ATH_OK ? ATH_OK : ath__session_no_memory(s);
}

/* ---- values ---- */

/* Takes the program's text or bytes into the session: the field then points to the session's copy. */
static ath_status adopt(ath_session *s, void *field, ath_value *v) {
    const void *copy = NULL;
    if (v->kind == ATH_KIND_BYTES)
        copy = v->as.bytes.size ? ath__arena_copy(&s->arena, v->as.bytes.data, v->as.bytes.size) : "";
    else
        copy = ath__arena_strn(&s->arena, v->as.text.data, v->as.text.size);
    if (!copy)
        return ath__session_no_memory(s);
    if (v->kind == ATH_KIND_BYTES)
        v->as.bytes.data = copy;
    else
        v->as.text.data = copy;
    memcpy(field, &copy, sizeof copy);
    return ATH_OK;
}

ath_status ath__flush_value(ath_session *s, const ath__mapper *m, void *object, const ath__column *c, ath_value *out) {
    if (ath__field_take(&m->steps[c->position], object, &s->arena, out))
        return ATH_OK;
    void *field = (char *)object + c->offset;
    ath_status status = ath__field_get(c->ctype, c->size, &c->type, field, out, &s->error);
    bool borrowed = c->ctype == ATH_C_TEXT || c->ctype == ATH_C_JSON || c->ctype == ATH_C_BYTES;
    if (status == ATH_OK && borrowed && out->kind != ATH_KIND_NULL)
        status = adopt(s, field, out);
    if (status == ATH_OK)
        status = ath__value_coerce(out, &c->type, &s->arena, &s->error);
    return status == ATH_OK ? ATH_OK : ath__name_column(s, m, c);
}

/* ---- statements ---- */

ath__prepared *ath__flush_prepare(ath_session *s, const uint64_t *words, size_t count, ath__compile_fn compile,
                                  void *context) {
    ath_connection *connection = ath__session_connection(s);
    if (!connection)
        return NULL;
    ath__prepared *p = ath__prepare(connection, words, count, compile, context);
    if (!p)
        ath__session_failed(s);
    return p;
}

ath_status ath__flush_bind(ath_session *s, ath__prepared *p, size_t first, const ath_value *values, size_t count) {
    ATH_TRY(s->connection->driver->bind(p->statement, first, values, count, false, &s->error));
    ath__remember_values(s->connection, p, first, values, count);
    return ATH_OK;
}

ath_status ath__flush_read_back(ath_session *s, const ath__mapper *m, void *object, const uint16_t *columns,
                                size_t count, const ath_value *cells) {
    for (size_t i = 0; i < count; i++) {
        const ath__column *c = &m->table->columns[columns[i]];
        if (ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, &cells[i], &s->arena, &s->error) !=
            ATH_OK)
            return ath__name_column(s, m, c);
    }
    return ATH_OK;
}
