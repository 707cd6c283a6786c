/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: the range "a:b" of a history, newest first.
 */
#include "migrate/graph_int.h"

/* "a:b" taken apart; an empty side says nothing. */
static ath_status take_apart(ath__ask *ask, const char *range) {
    const char *colon = range ? strchr(range, ':') : NULL;
    ask->start = "base";
    ask->end = "heads";
    if (!range)
        return ATH_OK;
    if (!colon || strchr(colon + 1, ':'))
        return ath__fail(ask->error, ATH_ARGUMENT, "History range requires [start]:[end], [start]:, or :[end]");
    if (colon > range && !(ask->start = ath__arena_strn(ask->graph->arena, range, (size_t)(colon - range))))
        return ath__fail_memory(ask->error);
    if (colon[1])
        ask->end = colon + 1;
    return ATH_OK;
}

/* The lower end.  A walk that leaves the history ends before its first revision. */
static ath_status find_lower(const ath__ask *ask, ath__spots *out) {
    ath__spots found;
    ATH_TRY(ath__find_all(ask, ask->start, &found));
    if (!ath__spots_new(ask->graph, found.count, out))
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < found.count; i++)
        if (ATH__IS_SPOT(found.at[i]))
            out->at[out->count++] = found.at[i];
    return ATH_OK;
}

/* "label@...:" keeps the targets that are of that branch. */
static ath_status keep_branch(const ath__ask *ask, ath__spots *targets) {
    const char *at = strchr(ask->start, '@'), *label;
    uint32_t branch, kept = 0;
    if (!at || at == ask->start)
        return ATH_OK;
    if (!(label = ath__arena_strn(ask->graph->arena, ask->start, (size_t)(at - ask->start))))
        return ath__fail_memory(ask->error);
    ATH_TRY(ath__find_branch(ask, label, &branch));
    const ath__node *n = &ask->graph->at[branch]->node;
    if (strcmp(n->id, label) == 0) { /* a revision stands for the branch it is on */
        if (n->all_labels.count != 1)
            return ath__keep_lineage(ask, targets, label, false);
        label = n->all_labels.names[0];
    }
    for (uint32_t i = 0; i < targets->count; i++) {
        const ath_name_list *labels = &ask->graph->at[targets->at[i]]->node.all_labels;
        bool is = false;
        for (size_t j = 0; j < labels->count; j++)
            is = is || strcmp(labels->names[j], label) == 0;
        if (is)
            targets->at[kept++] = targets->at[i];
    }
    targets->count = kept;
    return ATH_OK;
}

/* What the targets need, down to the lower end, which is part of it. */
static ath_status between(const ath__ask *ask, const ath__spots *lower, const ath__spots *targets, uint64_t **todo) {
    ath__graph *g = ask->graph;
    uint64_t *needs = ath__set_new(g), *has = ath__set_new(g), *line = ath__set_new(g);
    if (!needs || !has || !line)
        return ath__fail_memory(ask->error);
    ath__reach(g, ATH__NEEDS, targets, needs);
    for (uint32_t i = 0; i < lower->count; i++)
        if (!ath__in(needs, lower->at[i]))
            return ath__say_not_on_the_way(ask);
    ath__reach(g, ATH__NEEDS, lower, has);
    ath__reach(g, ATH__NEXT, lower, line);
    for (uint32_t i = 0; i < lower->count; i++)
        ath__take(has, lower->at[i]);
    for (size_t i = 0; i < ath__set_words(g); i++)
        needs[i] &= ~has[i] & (lower->count ? line[i] : UINT64_MAX);
    *todo = needs;
    return ATH_OK;
}

/* A copy, so that the graph's own lists stay as they are. */
static ath_status find_targets(const ath__ask *ask, ath__spots *out) {
    ath__spots found;
    if (strcmp(ask->end, "current") == 0 && ath__spot_of(ask->graph, "current") == ATH__NOWHERE)
        ATH_TRY(ath__find_current(ask, &found));
    else
        ATH_TRY(ath__upgrade_targets(ask, ask->end, true, &found));
    if (!ath__spots_new(ask->graph, found.count, out))
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < found.count; i++)
        out->at[out->count++] = found.at[i];
    return ATH_OK;
}

/* Both ends.  The upper comes first, as its mistakes are told first; but "+2" counts from the lower. */
static ath_status find_ends(ath__ask *ask, ath__spots *lower, ath__spots *targets) {
    ath__relative r;
    bool is;
    ATH_TRY(ath__relative_read(ask, ask->end, &is, &r));
    if (!is || r.symbol) {
        ATH_TRY(find_targets(ask, targets));
        return find_lower(ask, lower);
    }
    ATH_TRY(find_lower(ask, lower));
    ask->lower = lower;
    return find_targets(ask, targets);
}

ath_status ath__graph_range(ath__graph *graph, const char *range, ath_name_list current, ath__nodes *out,
                            ath_error *error) {
    ath__ask ask = {.graph = graph, .error = error, .asker = ATH__ASK_RANGE, .current = current};
    ath__spots lower, targets, found;
    uint64_t *todo = NULL;
    ATH_TRY(take_apart(&ask, range));
    ATH_TRY(find_ends(&ask, &lower, &targets));
    ATH_TRY(keep_branch(&ask, &targets));
    ATH_TRY(ath__check_overlap(&ask, &targets, ATH__NEEDS));
    ATH_TRY(between(&ask, &lower, &targets, &todo));
    ATH_TRY(ath__check_overlap(&ask, &lower, ATH__NEEDS));
    ATH_TRY(ath__walk_order(graph, todo, &targets, &found, error));
    return ath__nodes_of(graph, &found, out, error);
}
