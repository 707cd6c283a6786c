/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: stamping.  Rows are set without running anything; only those of the branches meant are touched.
 */
#include "migrate/graph_int.h"

typedef struct stamping {
    ath__ask ask;
    ath__spots rows;    /* as they become */
    ath__spots touched; /* the rows of the branches that are meant, as they were */
    ath__spots targets;
    ath__graph_step *steps;
    size_t count;
} stamping;

static bool among(const ath__spots *spots, uint32_t spot) {
    for (uint32_t i = 0; i < spots->count; i++)
        if (spots->at[i] == spot)
            return true;
    return false;
}

static const char *id_of(const stamping *s, uint32_t spot) {
    return s->ask.graph->at[spot]->node.id;
}

/* What is left to be replaced: not what an earlier step took.  (A row that is a target itself goes too, as in Alembic:
 * with rows a1 and b1, `stamp a2 b1` leaves a2 alone.  --purge says all that shall be there.) */
static ath_status still_there(const stamping *s, ath__spots *out) {
    if (!ath__spots_new(s->ask.graph, s->touched.count, out))
        return ath__fail_memory(s->ask.error);
    for (uint32_t i = 0; i < s->touched.count; i++)
        if (among(&s->rows, s->touched.at[i]))
            out->at[out->count++] = s->touched.at[i];
    return ATH_OK;
}

static void change(stamping *s, ath__row_change *row, uint32_t from, uint32_t to) {
    uint32_t kept = 0;
    *row = (ath__row_change){from == ATH__NOWHERE ? NULL : id_of(s, from), to == ATH__NOWHERE ? NULL : id_of(s, to)};
    for (uint32_t i = 0; i < s->rows.count; i++)
        if (s->rows.at[i] != from)
            s->rows.at[kept++] = s->rows.at[i];
    if (to != ATH__NOWHERE)
        s->rows.at[kept++] = to;
    s->rows.count = kept;
}

/* One step: `from` become `to`; none: `to` comes; `to` nowhere: they go. */
static ath_status step(stamping *s, const ath__spots *from, uint32_t to) {
    ath__graph *g = s->ask.graph;
    ath__graph_step *out = &s->steps[s->count];
    ath__row_change *rows = ath__arena_alloc(g->arena, (from->count + 1) * sizeof *rows);
    ath__spots target = {ATH__IS_SPOT(to), &to};
    if (!rows)
        return ath__fail_memory(s->ask.error);
    *out = (ath__graph_step){.way = ATH__WAY_STAMP, .rows = rows};
    for (uint32_t i = 0; i < from->count; i++)
        change(s, &rows[out->row_count++], from->at[i], i + 1 == from->count ? to : ATH__NOWHERE);
    if (!from->count)
        change(s, &rows[out->row_count++], ATH__NOWHERE, to);
    s->count++;
    return ath__names_of(g, from, &out->from) && ath__names_of(g, &target, &out->to) &&
                   ath__names_of(g, &s->rows, &out->heads_after)
               ? ATH_OK
               : ath__fail_memory(s->ask.error);
}

static ath_status stamp_base(stamping *s) {
    for (uint32_t i = 0; i < s->touched.count; i++) {
        ath__spots one = {1, &s->touched.at[i]};
        if (among(&s->rows, one.at[0]))
            ATH_TRY(step(s, &one, ATH__NOWHERE));
    }
    return ATH_OK;
}

static ath_status stamp_one(stamping *s, uint32_t target) {
    ath__graph *g = s->ask.graph;
    ath__spots one = {1, &target}, from = {0, NULL};
    uint64_t *above = ath__set_new(g), *below = ath__set_new(g);
    bool any_above = false, any_below = false;
    if (!above || !below)
        return ath__fail_memory(s->ask.error);
    if (among(&s->touched, target) || among(&s->rows, target))
        return ATH_OK; /* there already */
    ath__reach(g, ATH__ALL_NEXT, &one, above);
    ath__reach(g, ATH__NEEDS, &one, below);
    for (uint32_t i = 0; i < s->touched.count; i++) {
        any_above = any_above || ath__in(above, s->touched.at[i]);
        any_below = any_below || ath__in(below, s->touched.at[i]);
    }
    if (any_above && any_below)
        return ath__fail(s->ask.error, ATH_ARGUMENT,
                         "Revision %s is above one row of the version table and below another" ATH__HINT
                         "say all that shall be there: `athanor stamp --purge REVISION...`",
                         id_of(s, target));
    if (any_above || any_below)
        ATH_TRY(still_there(s, &from));
    return step(s, &from, target);
}

/* The rows that are on the branches of the targets, in the order of the targets. */
static ath_status touch(stamping *s, ath_name_list targets, const ath__spots *rows) {
    ath__graph *g = s->ask.graph;
    if (!ath__spots_new(g, rows->count, &s->touched))
        return ath__fail_memory(s->ask.error);
    for (size_t i = 0; i < targets.count; i++) {
        ath__spots line;
        if (!ath__spots_new(g, rows->count, &line))
            return ath__fail_memory(s->ask.error);
        for (uint32_t j = 0; j < rows->count; j++)
            line.at[line.count++] = rows->at[j];
        ATH_TRY(ath__keep_lineage(&s->ask, &line, targets.names[i], true));
        for (uint32_t j = 0; j < line.count; j++)
            if (!among(&s->touched, line.at[j]))
                s->touched.at[s->touched.count++] = line.at[j];
    }
    return ATH_OK;
}

static ath_status find_targets(stamping *s, ath_name_list targets) {
    uint32_t room = (uint32_t)(s->ask.graph->count * (targets.count + 1));
    if (!ath__spots_new(s->ask.graph, room, &s->targets))
        return ath__fail_memory(s->ask.error);
    for (size_t i = 0; i < targets.count; i++) {
        ath__spots found;
        ATH_TRY(ath__find_all(&s->ask, targets.names[i], &found));
        for (uint32_t j = 0; j < found.count; j++) {
            if (!ATH__IS_SPOT(found.at[j]))
                return ath__say_too_far(&s->ask, targets.names[i]);
            if (!among(&s->targets, found.at[j]))
                s->targets.at[s->targets.count++] = found.at[j];
        }
    }
    return ATH_OK;
}

ath_status ath__graph_stamp(ath__graph *graph, ath_name_list current, ath_name_list targets, ath__graph_plan *plan,
                            ath_error *error) {
    stamping s = {.ask = {.graph = graph, .error = error, .asker = ATH__ASK_STAMP, .current = current}};
    ath__spots rows;
    if (!targets.count)
        targets = (ath_name_list){1, (const char *const[]){"base"}};
    ATH_TRY(ath__find_current(&s.ask, &rows));
    ATH_TRY(touch(&s, targets, &rows));
    ATH_TRY(find_targets(&s, targets));
    s.steps = ath__arena_alloc(graph->arena, (rows.count + s.targets.count + 1) * sizeof *s.steps);
    if (!s.steps || !ath__spots_new(graph, rows.count + s.targets.count + 1, &s.rows))
        return ath__fail_memory(error);
    for (uint32_t i = 0; i < rows.count; i++)
        s.rows.at[s.rows.count++] = rows.at[i];
    if (!s.targets.count)
        ATH_TRY(stamp_base(&s));
    for (uint32_t i = 0; i < s.targets.count; i++)
        ATH_TRY(stamp_one(&s, s.targets.at[i]));
    *plan = (ath__graph_plan){s.count, s.steps};
    return ATH_OK;
}
