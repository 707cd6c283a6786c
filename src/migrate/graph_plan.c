/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: the steps of an upgrade, a downgrade or a stamp, and what each does to the version table's rows.
 *
 * A step changes rows in one of five ways: a row goes (a branch went away, or another row implies what it stood for), a row
 * comes (a new branch), a row moves, rows become one (a merge), one becomes several (the way back of a merge).
 */
#include "migrate/graph_int.h"

/* A plan in the making: the rows as they will be. */
typedef struct making {
    ath__graph *graph;
    ath_error *error;
    ath__spots heads;
    ath__graph_step *steps;
    ath__row_change *rows; /* of the step in work */
    size_t count, row_count;
} making;

static const char *id_of(const making *m, uint32_t spot) {
    return m->graph->at[spot]->node.id;
}

static bool is_head(const making *m, uint32_t spot) {
    for (uint32_t i = 0; i < m->heads.count; i++)
        if (m->heads.at[i] == spot)
            return true;
    return false;
}

static void change(making *m, uint32_t from, uint32_t to) {
    m->rows[m->row_count++] =
        (ath__row_change){from == ATH__NOWHERE ? NULL : id_of(m, from), to == ATH__NOWHERE ? NULL : id_of(m, to)};
    if (from == ATH__NOWHERE) {
        m->heads.at[m->heads.count++] = to;
        return;
    }
    uint32_t i = 0;
    while (m->heads.at[i] != from)
        i++;
    if (to != ATH__NOWHERE) {
        m->heads.at[i] = to;
    } else {
        m->heads.count--;
        memmove(m->heads.at + i, m->heads.at + i + 1, (m->heads.count - i) * sizeof *m->heads.at);
    }
}

/* The rows of a step have room for each row that there is and each parent. */
static ath_status begin_step(making *m, size_t most) {
    m->rows = ath__arena_alloc(m->graph->arena, (most + m->heads.count + 2) * sizeof *m->rows);
    m->row_count = 0;
    return m->rows ? ATH_OK : ath__fail_memory(m->error);
}

static ath_status end_step(making *m, ath__way way, const ath__node *node, ath_name_list from, ath_name_list to) {
    ath__graph_step *s = &m->steps[m->count++];
    *s =
        (ath__graph_step){.way = way, .node = node, .from = from, .to = to, .rows = m->rows, .row_count = m->row_count};
    return ath__names_of(m->graph, &m->heads, &s->heads_after) ? ATH_OK : ath__fail_memory(m->error);
}

static ath_status begin_plan(making *m, ath__graph *g, const ath__spots *rows, size_t most, ath_error *error) {
    *m = (making){.graph = g, .error = error};
    m->steps = ath__arena_alloc(g->arena, (most + 1) * sizeof *m->steps);
    if (!m->steps || !ath__spots_new(g, g->count + rows->count + 1, &m->heads))
        return ath__fail_memory(error);
    if (rows->count)
        memcpy(m->heads.at, rows->at, rows->count * sizeof *rows->at);
    m->heads.count = rows->count;
    return ATH_OK;
}

/* All that the rows stand for, those of `less` left aside. */
static uint64_t *implied(const making *m, const ath__spots *rows, const ath__spots *less) {
    uint64_t *set = ath__set_new(m->graph);
    for (uint32_t i = 0; set && i < rows->count; i++) {
        bool left = false;
        for (uint32_t j = 0; j < less->count; j++)
            left = left || less->at[j] == rows->at[i];
        ath__spots one = {1, &rows->at[i]};
        if (!left)
            ath__reach(m->graph, ATH__NEEDS, &one, set);
    }
    return set;
}

/* ---- up ---- */

/* The parents that are rows and that no other row implies. */
static ath_status rows_below(const making *m, const ath__spots *needs, ath__spots *out) {
    uint64_t *others = implied(m, &m->heads, needs);
    if (!others || !ath__spots_new(m->graph, needs->count, out))
        return ath__fail_memory(m->error);
    for (uint32_t i = 0; i < needs->count; i++)
        if (is_head(m, needs->at[i]) && !ath__in(others, needs->at[i]))
            out->at[out->count++] = needs->at[i];
    return ATH_OK;
}

static uint32_t count_heads(const making *m, const ath__spots *spots, uint32_t *one) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < spots->count; i++)
        if (is_head(m, spots->at[i])) {
            *one = spots->at[i];
            count++;
        }
    return count;
}

static ath_status step_up(making *m, uint32_t spot) {
    const ath__vertex *v = m->graph->at[spot];
    uint32_t parent = ATH__NOWHERE, parents = count_heads(m, &v->needs, &parent);
    ath__spots from;
    ATH_TRY(begin_step(m, v->needs.count));
    if (parents > 1) {
        ATH_TRY(rows_below(m, &v->needs, &from));
        for (uint32_t i = 0; i + 1 < from.count; i++)
            change(m, from.at[i], ATH__NOWHERE);
        parent = from.count ? from.at[from.count - 1] : ATH__NOWHERE;
    }
    change(m, parent, spot);
    ath_name_list to = {1, ath__arena_copy(m->graph->arena, &(const char *){v->node.id}, sizeof v->node.id)};
    return to.names ? end_step(m, ATH__WAY_UP, &v->node, v->node.down, to) : ath__fail_memory(m->error);
}

/* ---- down ---- */

/* The parents that become rows: those that neither another row nor another parent implies.  (Alembic forgets the other
 * parents where there are other rows, and leaves a table from which it can not upgrade.) */
static ath_status rows_after(const making *m, uint32_t spot, ath__spots *out) {
    const ath__spots *needs = &m->graph->at[spot]->needs, self = {1, &spot};
    uint64_t *known = implied(m, &m->heads, &self);
    if (!known || !ath__spots_new(m->graph, needs->count, out))
        return ath__fail_memory(m->error);
    for (uint32_t i = 0; i < needs->count; i++)
        ath__reach(m->graph, ATH__NEEDS, &m->graph->at[needs->at[i]]->needs, known);
    for (uint32_t i = 0; i < needs->count; i++)
        if (!ath__in(known, needs->at[i]))
            out->at[out->count++] = needs->at[i];
    return ATH_OK;
}

static ath_status step_down(making *m, uint32_t spot) {
    const ath__vertex *v = m->graph->at[spot];
    ath__spots to;
    if (!is_head(m, spot))
        return ath__fail(m->error, ATH_ARGUMENT, "Revision %s cannot be undone: the version table has no row for it",
                         v->node.id);
    ATH_TRY(begin_step(m, v->needs.count));
    ATH_TRY(rows_after(m, spot, &to));
    for (uint32_t i = 0; i + 1 < to.count; i++)
        change(m, ATH__NOWHERE, to.at[i]);
    change(m, spot, to.count ? to.at[to.count - 1] : ATH__NOWHERE);
    ath_name_list from = {1, ath__arena_copy(m->graph->arena, &(const char *){v->node.id}, sizeof v->node.id)};
    return from.names ? end_step(m, ATH__WAY_DOWN, &v->node, from, v->node.down) : ath__fail_memory(m->error);
}

/* ---- both ---- */

static ath_status run(ath__ask *ask, const char *target, bool up, ath__graph_plan *plan) {
    uint64_t *todo = NULL;
    ath__spots heads, order, rows;
    making m;
    if (strchr(target, ':'))
        return ath__fail(ask->error, ATH_ARGUMENT, "Range revision not allowed" ATH__HINT "a:b goes with --sql");
    ask->end = target;
    ATH_TRY(up ? ath__collect_upgrade(ask, target, &todo, &heads) : ath__collect_downgrade(ask, target, &todo, &heads));
    ATH_TRY(ath__walk_order(ask->graph, todo, &heads, &order, ask->error));
    ATH_TRY(ath__find_current(ask, &rows));
    ATH_TRY(begin_plan(&m, ask->graph, &rows, order.count, ask->error));
    for (uint32_t i = 0; i < order.count; i++)
        ATH_TRY(up ? step_up(&m, order.at[order.count - 1 - i]) : step_down(&m, order.at[i]));
    *plan = (ath__graph_plan){m.count, m.steps};
    return ATH_OK;
}

ath_status ath__graph_upgrade(ath__graph *graph, ath_name_list current, const char *target, ath__graph_plan *plan,
                              ath_error *error) {
    ath__ask ask = {.graph = graph, .error = error, .asker = ATH__ASK_UPGRADE, .current = current};
    return run(&ask, target, true, plan);
}

ath_status ath__graph_downgrade(ath__graph *graph, ath_name_list current, const char *target, ath__graph_plan *plan,
                                ath_error *error) {
    ath__ask ask = {.graph = graph, .error = error, .asker = ATH__ASK_DOWNGRADE, .current = current};
    return run(&ask, target, false, plan);
}
