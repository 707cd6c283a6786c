/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: which revisions lie between a database and a target.
 */
#include "migrate/graph_int.h"

/* ---- overlapping ---- */

static ath_status overlap(const ath__ask *ask, uint32_t spot, uint32_t other) {
    return ath__fail(ask->error, ATH_ARGUMENT, "Requested revision %s overlaps with other requested revisions %s",
                     ask->graph->at[spot]->node.id, ask->graph->at[other]->node.id);
}

/* Whether one of them stands on another. */
ath_status ath__check_overlap(const ath__ask *ask, const ath__spots *spots, ath__kin which) {
    for (uint32_t i = 0; spots->count > 1 && i < spots->count; i++) {
        uint64_t *reached = ath__set_new(ask->graph);
        ath__spots one = {1, &spots->at[i]};
        if (!reached)
            return ath__fail_memory(ask->error);
        ath__reach(ask->graph, which, &one, reached);
        for (uint32_t j = 0; j < spots->count; j++)
            if (spots->at[j] != spots->at[i] && ath__in(reached, spots->at[j]))
                return overlap(ask, spots->at[i], spots->at[j]);
    }
    return ATH_OK;
}

/* ---- up ---- */

/* The tips, of what the database has, that are on a branch. */
static ath_status tips_on_branch(const ath__ask *ask, const ath__spots *current, const char *label, ath__spots *out) {
    ath__graph *g = ask->graph;
    uint64_t *has = ath__set_new(g), *inner = ath__set_new(g);
    uint32_t kept = 0;
    if (!has || !inner || !ath__spots_new(g, g->count, out))
        return ath__fail_memory(ask->error);
    ath__reach(g, ATH__NEEDS, current, has);
    for (uint32_t i = 0; i < g->count; i++)
        if (ath__in(has, i))
            out->at[out->count++] = i;
    ATH_TRY(ath__keep_lineage(ask, out, label, false));
    for (uint32_t i = 0; i < out->count; i++)
        for (uint32_t j = 0; j < g->at[out->at[i]]->needs.count; j++)
            ath__put(inner, g->at[out->at[i]]->needs.at[j]);
    for (uint32_t i = 0; i < out->count; i++)
        if (!ath__in(inner, out->at[i]))
            out->at[kept++] = out->at[i];
    out->count = kept;
    return ATH_OK;
}

/* From where "+2" counts: one revision, or before the first. */
static ath_status start_of(const ath__ask *ask, const char *label, uint32_t *out) {
    ath__spots starts;
    if (ask->lower)
        starts = *ask->lower;
    else
        ATH_TRY(ath__find_current(ask, &starts));
    if (label) {
        ath__spots all = starts;
        if (!ath__spots_new(ask->graph, all.count, &starts))
            return ath__fail_memory(ask->error);
        memcpy(starts.at, all.at, all.count * sizeof *all.at);
        starts.count = all.count;
        ATH_TRY(ath__keep_lineage(ask, &starts, label, false));
        if (!starts.count)
            ATH_TRY(tips_on_branch(ask, &all, label, &starts));
    }
    if (starts.count > 1)
        return ath__fail(ask->error, ATH_ARGUMENT,
                         "Ambiguous upgrade from multiple current revisions" ATH__HINT
                         "the database is at %s and %s%s; name a branch: LABEL@+1",
                         ask->graph->at[starts.at[0]]->node.id, ask->graph->at[starts.at[1]]->node.id,
                         starts.count > 2 ? " ..." : "");
    *out = starts.count ? starts.at[0] : ATH__NOWHERE;
    return ATH_OK;
}

static ath_status relative_up(const ath__ask *ask, const char *target, const ath__relative *r, bool far,
                              uint32_t *out) {
    uint32_t start;
    if (!r->symbol) {
        if (r->steps <= 0)
            return ath__say_relative(ask, r->number, r->steps);
        ATH_TRY(start_of(ask, r->label, &start));
        ATH_TRY(ath__walk(ask, start, r->steps, r->label, far, out));
        return *out == ATH__NOWHERE ? ath__say_relative(ask, r->number, r->steps) : ATH_OK;
    }
    const char *symbol = r->symbol;
    if (r->steps <= 0 && r->label && !(symbol = ath__arena_printf(ask->graph->arena, "%s@%s", r->label, r->symbol)))
        return ath__fail_memory(ask->error);
    ATH_TRY(ath__find_one(ask, symbol, &start));
    ATH_TRY(ath__walk(ask, start, r->steps, r->label, far, out));
    return ATH__IS_SPOT(*out) ? ATH_OK : ath__say_too_far(ask, target);
}

ath_status ath__upgrade_targets(const ath__ask *ask, const char *target, bool far, ath__spots *out) {
    ath__relative r;
    bool is;
    ATH_TRY(ath__relative_read(ask, target, &is, &r));
    if (is) {
        if (!ath__spots_new(ask->graph, 1, out))
            return ath__fail_memory(ask->error);
        out->count = 1;
        return relative_up(ask, target, &r, far, out->at);
    }
    ATH_TRY(ath__find_all(ask, target, out));
    for (uint32_t i = 0; i < out->count; i++)
        if (!ATH__IS_SPOT(out->at[i]))
            return ath__say_too_far(ask, target);
    return ATH_OK;
}

ath_status ath__collect_upgrade(const ath__ask *ask, const char *target, uint64_t **todo, ath__spots *heads) {
    ath__graph *g = ask->graph;
    ath__spots current;
    ATH_TRY(ath__upgrade_targets(ask, target, false, heads));
    ATH_TRY(ath__check_overlap(ask, heads, ATH__NEEDS));
    ATH_TRY(ath__find_current(ask, &current));
    ATH_TRY(ath__check_overlap(ask, &current, ATH__NEEDS));
    uint64_t *has = ath__set_new(g), *needs = ath__set_new(g);
    if (!has || !needs)
        return ath__fail_memory(ask->error);
    ath__reach(g, ATH__NEEDS, &current, has);
    ath__reach(g, ATH__NEEDS, heads, needs);
    for (size_t i = 0; i < ath__set_words(g); i++)
        needs[i] &= ~has[i];
    *todo = needs;
    return ATH_OK;
}

/* ---- down ---- */

static ath_status one_of_branch(const ath__ask *ask, const char *label, ath__spots *spots, uint32_t *out) {
    if (spots->count == 1) {
        *out = spots->at[0];
        return ATH_OK;
    }
    if (!spots->count)
        return ath__fail(ask->error, ATH_ARGUMENT,
                         "Not a valid downgrade target from current heads" ATH__HINT
                         "the database has no revision of branch '%s'",
                         label);
    return ath__fail(ask->error, ATH_ARGUMENT,
                     "Ambiguous walk" ATH__HINT "the database has several revisions of branch "
                     "'%s': %s, %s%s",
                     label, ask->graph->at[spots->at[0]]->node.id, ask->graph->at[spots->at[1]]->node.id,
                     spots->count > 2 ? " ..." : "");
}

/* The rows, and the tips of branches that they imply. */
static ath_status all_current(const ath__ask *ask, ath__spots *out) {
    ath__graph *g = ask->graph;
    ath__spots rows;
    uint64_t *has = ath__set_new(g);
    ATH_TRY(ath__find_current(ask, &rows));
    if (!has || !ath__spots_new(g, g->count, out))
        return ath__fail_memory(ask->error);
    ath__reach(g, ATH__NEEDS, &rows, has);
    for (uint32_t i = 0; i < g->count; i++) {
        bool above = false;
        for (uint32_t j = 0; j < g->at[i]->next.count && !above; j++)
            above = ath__in(has, g->at[i]->next.at[j]);
        if (ath__in(has, i) && !above)
            out->at[out->count++] = i;
    }
    return ATH_OK;
}

/* The revision of the database from which "-1" counts, and the branch it is on. */
static ath_status start_down(const ath__ask *ask, const ath__relative *r, const char **label, uint32_t *out) {
    ath__spots rows;
    ATH_TRY(ath__find_current(ask, &rows));
    if (r->label) {
        ATH_TRY(ath__keep_lineage(ask, &rows, r->label, false));
        if (!rows.count) {
            ATH_TRY(all_current(ask, &rows));
            ATH_TRY(ath__keep_lineage(ask, &rows, r->label, false));
        }
        return one_of_branch(ask, r->label, &rows, out);
    }
    if (!rows.count)
        return ath__say_relative(ask, r->number, r->steps);
    *out = rows.at[0];
    *label = ask->graph->at[rows.at[0]]->node.id;
    return ATH_OK;
}

static ath_status relative_down(const ath__ask *ask, const char *target, const ath__relative *r, bool far,
                                const char **label, uint32_t *spot) {
    uint32_t start = ATH__NOWHERE;
    if (r->steps >= 0) {
        if (!r->symbol)
            return ath__say_relative(ask, r->number, r->steps);
        ATH_TRY(ath__find_one(ask, r->symbol, &start));
        ATH_TRY(ath__walk(ask, start, r->steps, r->label, far, spot));
        return *spot == ATH__NOWHERE ? ath__say_too_far(ask, target) : ATH_OK;
    }
    if (r->symbol) {
        const char *symbol = r->symbol;
        if (r->label && !(symbol = ath__arena_printf(ask->graph->arena, "%s@%s", r->label, r->symbol)))
            return ath__fail_memory(ask->error);
        ATH_TRY(ath__find_one(ask, symbol, &start));
    } else {
        ATH_TRY(start_down(ask, r, label, &start));
    }
    ATH_TRY(ath__walk(ask, start, r->steps, NULL, far, spot));
    if (*spot == ATH__NOWHERE)
        return r->symbol ? ath__say_too_far(ask, target) : ath__say_relative(ask, r->number, r->steps);
    return ATH_OK;
}

ath_status ath__downgrade_target(const ath__ask *ask, const char *target, bool far, const char **label,
                                 uint32_t *spot) {
    ath__relative r;
    bool is;
    *label = NULL;
    ATH_TRY(ath__relative_read(ask, target, &is, &r));
    if (is) {
        *label = r.label;
        return relative_down(ask, target, &r, far, label, spot);
    }
    const char *at = strrchr(target, '@');
    if (at && at != target && !(*label = ath__arena_strn(ask->graph->arena, target, (size_t)(at - target))))
        return ath__fail_memory(ask->error);
    return ath__find_one(ask, at ? at + 1 : target, spot);
}

/* What goes first from above the target: its children, or all bases. */
static ath_status roots_above(const ath__ask *ask, const char *label, uint32_t target, ath__spots *out) {
    ath__graph *g = ask->graph;
    const ath__spots *roots = ATH__IS_SPOT(target) ? &g->at[target]->next : &g->bases;
    uint32_t branch;
    if (!label || roots->count < 2) {
        *out = *roots;
        return ATH_OK;
    }
    uint64_t *below = ath__set_new(g);
    ATH_TRY(ath__find_branch(ask, label, &branch));
    ath__spots one = {1, &branch};
    if (!below || !ath__spots_new(g, roots->count, out))
        return ath__fail_memory(ask->error);
    ath__reach(g, ATH__DOWN, &one, below);
    for (uint32_t i = 0; i < roots->count; i++)
        if (ath__in(below, roots->at[i]))
            out->at[out->count++] = roots->at[i];
    return out->count ? ATH_OK
                      : ath__fail(ask->error, ATH_ARGUMENT,
                                  "Not a valid downgrade target from current heads" ATH__HINT
                                  "branch '%s' does not begin above the target",
                                  label);
}

ath_status ath__collect_downgrade(const ath__ask *ask, const char *target, uint64_t **todo, ath__spots *heads) {
    ath__graph *g = ask->graph;
    const char *label;
    uint32_t spot = ATH__NOWHERE;
    ath__spots roots;
    bool some = false, there = false;
    ATH_TRY(ath__downgrade_target(ask, target, false, &label, &spot));
    ATH_TRY(roots_above(ask, label, spot, &roots));
    ATH_TRY(ath__find_current(ask, heads));
    uint64_t *has = ath__set_new(g), *above = ath__set_new(g);
    if (!has || !above)
        return ath__fail_memory(ask->error);
    ath__reach(g, ATH__ALL_NEXT, &roots, above);
    ath__reach(g, ATH__NEEDS, heads, has);
    for (size_t i = 0; i < ath__set_words(g); i++)
        some = (above[i] &= has[i]) != 0 || some;
    for (uint32_t i = 0; i < heads->count; i++)
        there = there || heads->at[i] == spot;
    if (ATH__IS_SPOT(spot) && !some && !there)
        return ath__say_not_on_the_way(ask);
    *todo = above;
    return ATH_OK;
}

ath_status ath__graph_current(ath__graph *graph, ath_name_list current, ath__nodes *out, ath_error *error) {
    ath__ask ask = {.graph = graph, .error = error, .asker = ATH__ASK_SHOW, .current = current};
    ath__spots spots;
    ATH_TRY(all_current(&ask, &spots));
    return ath__nodes_of(graph, &spots, out, error);
}
