/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: where a new revision stands.
 */
#include "migrate/graph_int.h"

static ath_status check_new_id(const ath__ask *ask, const char *id) {
    ath__graph *trial = ath__graph_new(ask->graph->arena, ask->error);
    const ath__node *there = ath__graph_node(ask->graph, id);
    if (!trial)
        return ath__failed(ask->error);
    ATH_TRY(ath__graph_add(trial, &(ath_revision){.id = id}, NULL, NULL, ask->error));
    if (there)
        return ath__fail(ask->error, ATH_ARGUMENT, "Revision %s is present more than once: in %s and in the new one",
                         id, there->path ? there->path : there->id);
    if (ath__spot_of(ask->graph, id) != ATH__NOWHERE)
        return ath__fail(ask->error, ATH_ARGUMENT, "Branch name '%s' in revision %s already used by revision %s", id,
                         ask->graph->at[ath__spot_of(ask->graph, id)]->node.id, id);
    return ATH_OK;
}

static ath_status check_labels(const ath__ask *ask, const ath__graph_request *r) {
    for (size_t i = 0; i < r->labels.count; i++) {
        const char *label = r->labels.names[i];
        uint32_t spot = ath__spot_of(ask->graph, label);
        if (spot != ATH__NOWHERE || strcmp(label, r->id) == 0)
            return ath__fail(ask->error, ATH_ARGUMENT, "Branch name '%s' in revision %s already used by revision %s",
                             label, r->id, spot != ATH__NOWHERE ? ask->graph->at[spot]->node.id : r->id);
        if (!*label || label[strcspn(label, "@+:, \t\r\n")])
            return ath__fail(ask->error, ATH_ARGUMENT,
                             "Branch name '%s' has a character that is not allowed: one of @ + : , "
                             "or a blank",
                             label);
    }
    return ATH_OK;
}

static ath_status find_heads(const ath__ask *ask, const ath__graph_request *r, ath__spots *out) {
    ath_name_list symbols = r->heads.count ? r->heads : (ath_name_list){1, (const char *const[]){"head"}};
    if (!ath__spots_new(ask->graph, (uint32_t)(ask->graph->count * symbols.count) + 1, out))
        return ath__fail_memory(ask->error);
    for (size_t i = 0; i < symbols.count; i++) {
        ath__spots found;
        ATH_TRY(ath__find_all(ask, symbols.names[i], &found));
        for (uint32_t j = 0; j < found.count; j++) {
            if (!ATH__IS_SPOT(found.at[j]))
                return ath__say_too_far(ask, symbols.names[i]);
            for (uint32_t k = 0; k < out->count; k++)
                if (out->at[k] == found.at[j])
                    return ath__fail(ask->error, ATH_ARGUMENT, "Duplicate head revisions specified");
            out->at[out->count++] = found.at[j];
        }
    }
    return ATH_OK;
}

static ath_status check_heads(const ath__ask *ask, const ath__spots *heads) {
    for (uint32_t i = 0; i < heads->count; i++)
        if (!ask->graph->at[heads->at[i]]->node.is_head)
            return ath__fail(ask->error, ATH_ARGUMENT,
                             "Revision %s is not a head revision; please specify --splice to create a new branch from "
                             "this revision",
                             ask->graph->at[heads->at[i]]->node.id);
    return ATH_OK;
}

/* Shortened ids are written out; a label stays one. */
static ath_status find_dependencies(const ath__ask *ask, const ath_name_list *asked, ath_name_list *out) {
    const char **names = ath__arena_alloc(ask->graph->arena, (asked->count + 1) * sizeof *names);
    if (!names)
        return ath__fail_memory(ask->error);
    for (size_t i = 0; i < asked->count; i++) {
        uint32_t spot;
        ATH_TRY(ath__find_one(ask, asked->names[i], &spot));
        if (!ATH__IS_SPOT(spot))
            return ath__fail(ask->error, ATH_ARGUMENT, "Can't depend on '%s': it is no revision", asked->names[i]);
        const ath_name_list *labels = &ask->graph->at[spot]->node.labels;
        names[i] = ask->graph->at[spot]->node.id;
        for (size_t j = 0; j < labels->count; j++)
            if (strcmp(labels->names[j], asked->names[i]) == 0)
                names[i] = labels->names[j];
    }
    *out = (ath_name_list){asked->count, names};
    return ATH_OK;
}

ath_status ath__graph_place_new(ath__graph *graph, const ath__graph_request *request, ath__graph_place *out,
                                ath_error *error) {
    ath__ask ask = {.graph = graph, .error = error, .asker = ATH__ASK_NEW};
    ath__spots heads;
    ATH_TRY(check_new_id(&ask, request->id));
    ATH_TRY(find_heads(&ask, request, &heads));
    if (!request->splice)
        ATH_TRY(check_heads(&ask, &heads));
    ATH_TRY(find_dependencies(&ask, &request->depends_on, &out->depends_on));
    ATH_TRY(check_labels(&ask, request));
    return ath__nodes_of(graph, &heads, &out->down, error);
}
