/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: the order of tables by their foreign keys (and by what they inherit from), in SQLAlchemy's way: whole levels at a time, each in the order
 * in which its tables stand.
 */
#include "sql/schema.h"

#include <string.h>

typedef struct sorting {
    const ath_table **tables;
    size_t count;
    ath__edge *edges;
    size_t edge_count;
    uint32_t *open; /* of each table: references to tables that are not placed yet */
    ath__counts_fn counts;
    void *context;
} sorting;

static size_t place_of(const sorting *s, const char *schema, const char *name) {
    for (size_t i = 0; i < s->count; i++)
        if (ath__same_table(schema, name, s->tables[i]))
            return i;
    return s->count;
}

static bool counts(const sorting *s, const ath_table *t, const ath__constraint *c) {
    return c->kind == ATH__FOREIGN_KEY && !c->use_alter && (!s->counts || s->counts(s->context, t, c));
}

static void add_edge(sorting *s, size_t target, size_t i) {
    if (target == s->count || target == i)
        return;
    s->edges[s->edge_count++] = (ath__edge){(uint32_t)target, (uint32_t)i};
    s->open[i]++;
}

/* A table that inherits comes behind those it inherits from. */
static void gather_parents(sorting *s, size_t i) {
    const ath_table_opts *o = &s->tables[i]->opts;
    for (size_t k = 0; k < o->postgresql_inherits.count; k++)
        add_edge(s, place_of(s, o->schema, o->postgresql_inherits.names[k]), i);
}

static void gather_edges(sorting *s) {
    for (size_t i = 0; i < s->count; i++) {
        gather_parents(s, i);
        for (size_t k = 0; k < s->tables[i]->constraint_count; k++) {
            const ath__constraint *c = &s->tables[i]->constraints[k];
            add_edge(s, counts(s, s->tables[i], c) ? place_of(s, c->target_schema, c->target) : s->count, i);
        }
    }
}

/* Places a level: all tables that are not placed and have no open reference when it begins. */
static size_t place_level(sorting *s, const ath_table **order, size_t placed, bool *done, bool *level) {
    size_t begin = placed;
    for (size_t i = 0; i < s->count; i++)
        level[i] = !done[i] && s->open[i] == 0;
    for (size_t i = 0; i < s->count; i++)
        if (level[i]) {
            order[placed++] = s->tables[i];
            done[i] = true;
        }
    for (size_t e = 0; e < s->edge_count && placed > begin; e++)
        if (level[s->edges[e].before])
            s->open[s->edges[e].after]--;
    return placed;
}

static size_t sort(sorting *s, const ath_table **order, bool *done, bool *level) {
    size_t placed = 0, before;
    gather_edges(s);
    do {
        before = placed;
        placed = place_level(s, order, placed, done, level);
    } while (placed > before);
    size_t cycle_from = placed;
    for (size_t i = 0; i < s->count; i++)
        if (!done[i])
            order[placed++] = s->tables[i];
    memcpy(s->tables, order, s->count * sizeof *order);
    return cycle_from;
}

ath_status ath__tables_sort(const ath_allocator *a, const ath_table **tables, size_t count, ath__counts_fn counts_fn,
                            void *context, size_t *cycle_from, ath_error *error) {
    sorting s = {.tables = tables, .count = count, .counts = counts_fn, .context = context};
    size_t edges = 1;
    for (size_t i = 0; i < count; i++)
        edges += tables[i]->constraint_count + tables[i]->opts.postgresql_inherits.count;
    ath__arena arena;
    ath__arena_init(&arena, a);
    s.edges = ath__arena_alloc(&arena, edges * sizeof *s.edges);
    s.open = ath__arena_zero(&arena, (count + 1) * sizeof *s.open);
    const ath_table **order = ath__arena_alloc(&arena, (count + 1) * sizeof *order);
    bool *done = ath__arena_zero(&arena, count + 1), *level = ath__arena_zero(&arena, count + 1);
    bool fits = s.edges && s.open && order && done && level;
    if (fits)
        *cycle_from = sort(&s, order, done, level);
    ath__arena_done(&arena);
    return fits ? ATH_OK : ath__fail_memory(error);
}
