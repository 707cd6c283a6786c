/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of revision graphs: a graph, the rows of the version table, a command; what Alembic makes of them.
 */
#include "golden.h"

#include "migrate/graph.h"

typedef struct asked {
    const json_t *the_case;
    ath__buf *why;
    ath__arena arena;
    ath__graph *graph;
    ath_name_list current;
    ath_error error;
} asked;

/* ---- the graph ---- */

static const char *joined(asked *a, const json_t *value) {
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    golden_list(value, &text);
    const char *copy = ath__arena_str(&a->arena, ath__buf_text(&text));
    ath__buf_done(&text);
    return copy;
}

static ath_name_list names(asked *a, const json_t *value) {
    size_t count = json_is_string(value) ? 1 : json_array_size(value);
    const char **at = ath__arena_alloc(&a->arena, (count + 1) * sizeof *at);
    if (json_is_string(value))
        at[0] = json_string_value(value);
    for (size_t i = 0; i < json_array_size(value); i++)
        at[i] = json_string_value(json_array_get(value, i));
    return (ath_name_list){count, at};
}

/* The cases' revisions stand in the order in which Alembic read their files. */
static ath_status build(asked *a, const ath_revision *more) {
    const json_t *all = json_object_get(a->the_case, "graph");
    size_t count = json_array_size(all);
    if (!(a->graph = ath__graph_new(&a->arena, &a->error)))
        return a->error.status;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(all, i);
        ATH_TRY(ath__graph_add(a->graph,
                               &(ath_revision){.id = golden_text(one, "revision"),
                                               .down = joined(a, json_object_get(one, "down_revision")),
                                               .depends_on = joined(a, json_object_get(one, "depends_on")),
                                               .branch_labels = joined(a, json_object_get(one, "branch_labels"))},
                               NULL, NULL, &a->error));
    }
    if (more)
        ATH_TRY(ath__graph_add(a->graph, more, NULL, NULL, &a->error));
    return ath__graph_finish(a->graph, &a->error);
}

/* ---- comparing ---- */

static int by_text(const void *x, const void *y) {
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void write_sorted(asked *a, ath_name_list list, bool sort, ath__buf *out) {
    const char **at = ath__arena_alloc(&a->arena, (list.count + 1) * sizeof *at);
    for (size_t i = 0; i < list.count; i++)
        at[i] = list.names[i];
    if (sort)
        qsort(at, list.count, sizeof *at, by_text);
    for (size_t i = 0; i < list.count; i++)
        ath__buf_printf(out, "%s%s", i ? " " : "", at[i]);
}

static bool lists_differ(asked *a, const char *what, ath_name_list found, const json_t *expected, bool sort) {
    ath__buf mine, theirs;
    ath__buf_init(&mine, &ath__malloc_allocator);
    ath__buf_init(&theirs, &ath__malloc_allocator);
    write_sorted(a, found, sort, &mine);
    write_sorted(a, names(a, expected), sort, &theirs);
    bool differ = golden_differs(a->why, what, ath__buf_text(&mine), ath__buf_text(&theirs));
    ath__buf_done(&mine);
    ath__buf_done(&theirs);
    return differ;
}

static ath_name_list ids_of(asked *a, ath__nodes nodes) {
    const char **at = ath__arena_alloc(&a->arena, (nodes.count + 1) * sizeof *at);
    for (size_t i = 0; i < nodes.count; i++)
        at[i] = nodes.at[i]->id;
    return (ath_name_list){nodes.count, at};
}

/* ---- refusals ---- */

static bool fits_error(const json_t *error, const char *found) {
    const char *kind = golden_text(error, "class"), *text = golden_text(error, "text");
    bool crash = kind && (strcmp(kind, "KeyError") == 0 || strcmp(kind, "AssertionError") == 0);
    const char *tuple = text ? strstr(text, ":(") : NULL; /* Python's way of writing rows */
    return error &&
           (crash || !text || strstr(found, text) || (tuple && strncmp(found, text, (size_t)(tuple - text)) == 0) ||
            (text && strncmp(text, "Requested range (", 17) == 0 && strncmp(found, text, 16) == 0));
}

/* A refusal fits when one was expected, here or in `also`. */
static bool refused(asked *a) {
    const json_t *error = json_object_get(a->the_case, "error"), *also = json_object_get(a->the_case, "also");
    bool fits = a->error.message[0] &&
                (fits_error(error, a->error.message) || json_object_get(a->the_case, "upstream_limitation"));
    for (size_t i = 0; i < json_array_size(also); i++)
        fits = fits || fits_error(json_object_get(json_array_get(also, i), "error"), a->error.message);
    if (!fits)
        ath__buf_printf(a->why, "refused: %s; expected %s", a->error.message,
                        error ? golden_text(error, "text") : "an answer");
    return fits;
}

/* An answer where a refusal was expected. */
static bool not_refused(asked *a) {
    const json_t *error = json_object_get(a->the_case, "error");
    if (!error)
        return false;
    ath__buf_printf(a->why, "not refused; expected %s", golden_text(error, "text"));
    return true;
}

/* ---- plans ---- */

static void write_row(const ath__row_change *row, ath__buf *out) {
    if (!row->from)
        ath__buf_printf(out, "INSERT INTO alembic_version (version_num) VALUES ('%s')\n", row->to);
    else if (!row->to)
        ath__buf_printf(out, "DELETE FROM alembic_version WHERE alembic_version.version_num = '%s'\n", row->from);
    else
        ath__buf_printf(out, "UPDATE alembic_version SET version_num='%s' WHERE alembic_version.version_num = '%s'\n",
                        row->to, row->from);
}

static bool rows_differ(asked *a, const ath__graph_plan *plan) {
    const json_t *sql = json_object_get(a->the_case, "version_sql");
    ath__buf mine, theirs;
    ath__buf_init(&mine, &ath__malloc_allocator);
    ath__buf_init(&theirs, &ath__malloc_allocator);
    for (size_t i = 0; i < plan->count; i++)
        for (size_t j = 0; j < plan->steps[i].row_count; j++)
            write_row(&plan->steps[i].rows[j], &mine);
    for (size_t i = 0; i < json_array_size(sql); i++)
        ath__buf_printf(&theirs, "%s\n", json_string_value(json_array_get(sql, i)));
    bool differ = golden_differs(a->why, "rows", ath__buf_text(&mine), ath__buf_text(&theirs));
    ath__buf_done(&mine);
    ath__buf_done(&theirs);
    return differ;
}

static bool step_differs(asked *a, const ath__graph_step *s, const json_t *expected) {
    static const char *const ways[] = {"down", "stamp", "up"};
    const char *revision = golden_text(expected, "revision");
    ath_name_list from = s->way == ATH__WAY_UP ? s->node->needs : s->from;
    ath_name_list to = s->way == ATH__WAY_DOWN ? s->node->needs : s->to;
    return golden_differs(a->why, "direction", ways[s->way + 1], golden_text(expected, "direction")) ||
           golden_differs(a->why, "revision", s->node ? s->node->id : "", revision ? revision : "") ||
           lists_differ(a, "from", from, json_object_get(expected, "from"), true) ||
           lists_differ(a, "to", to, json_object_get(expected, "to"), true) ||
           lists_differ(a, "heads after a step", s->heads_after, json_object_get(expected, "heads_after"), true);
}

static const ath__graph_step *step_of(const ath__graph_plan *plan, const char *id, size_t *at) {
    for (*at = 0; *at < plan->count; (*at)++)
        if (plan->steps[*at].node && strcmp(plan->steps[*at].node->id, id) == 0)
            return &plan->steps[*at];
    return NULL;
}

/* Where chance rules Alembic's order: the same revisions, each on the right side of what it needs. */
static bool order_wrong(asked *a, const ath__graph_plan *plan, const json_t *expected) {
    for (size_t i = 0; i < json_array_size(expected); i++) {
        size_t at, other;
        const char *id = golden_text(json_array_get(expected, i), "revision");
        const ath__graph_step *s = id ? step_of(plan, id, &at) : NULL;
        if (id && !s) {
            ath__buf_printf(a->why, "%s is not run", id);
            return true;
        }
        for (size_t j = 0; s && j < s->node->needs.count; j++)
            if (step_of(plan, s->node->needs.names[j], &other) && (other < at) != (s->way == ATH__WAY_UP)) {
                ath__buf_printf(a->why, "%s and %s are in the wrong order", id, s->node->needs.names[j]);
                return true;
            }
    }
    return false;
}

static bool plan_fits(asked *a, const ath__graph_plan *plan) {
    const json_t *steps = json_object_get(a->the_case, "steps");
    ath_name_list after = plan->count ? plan->steps[plan->count - 1].heads_after : a->current;
    char found[30], expected[30];
    snprintf(found, sizeof found, "%zu", plan->count);
    snprintf(expected, sizeof expected, "%zu", json_array_size(steps));
    if (not_refused(a) || golden_differs(a->why, "steps", found, expected) ||
        lists_differ(a, "heads after", after, json_object_get(a->the_case, "heads_after"), true))
        return false;
    if (json_is_true(json_object_get(a->the_case, "order_varies")))
        return !order_wrong(a, plan, steps);
    for (size_t i = 0; i < plan->count; i++)
        if (step_differs(a, &plan->steps[i], json_array_get(steps, i)))
            return false;
    return !rows_differ(a, plan);
}

static bool run_plan(asked *a, const char *command) {
    const char *target = golden_text(a->the_case, "target");
    const json_t *many = json_object_get(json_object_get(a->the_case, "args"), "many");
    ath_name_list one = {1, &target};
    ath__graph_plan plan;
    ath_status status;
    if (strcmp(command, "upgrade") == 0)
        status = ath__graph_upgrade(a->graph, a->current, target, &plan, &a->error);
    else if (strcmp(command, "downgrade") == 0)
        status = ath__graph_downgrade(a->graph, a->current, target, &plan, &a->error);
    else
        status = ath__graph_stamp(a->graph, a->current, many ? names(a, many) : one, &plan, &a->error);
    return status == ATH_OK ? plan_fits(a, &plan) : refused(a);
}

/* ---- listing ---- */

static ath_status list(asked *a, const char *command, ath__nodes *out) {
    const char *target = golden_text(a->the_case, "target");
    if (strcmp(command, "heads") == 0)
        return ath__graph_heads(a->graph, false, out, &a->error);
    if (strcmp(command, "bases") == 0)
        return ath__graph_bases(a->graph, out, &a->error);
    if (strcmp(command, "history") == 0)
        return ath__graph_range(a->graph, target, a->current, out, &a->error);
    return ath__graph_resolve(a->graph, target, a->current, out, &a->error);
}

static bool run_list(asked *a, const char *command) {
    ath__nodes nodes;
    if (list(a, command, &nodes) != ATH_OK)
        return refused(a);
    bool sort = strcmp(command, "heads") == 0 || strcmp(command, "bases") == 0 ||
                json_is_true(json_object_get(a->the_case, "order_varies"));
    return !not_refused(a) &&
           !lists_differ(a, "revisions", ids_of(a, nodes), json_object_get(a->the_case, "revisions"), sort);
}

static bool run_branches(asked *a) {
    const json_t *labels = json_object_get(a->the_case, "labels");
    size_t count = ath__graph_count(a->graph), forks = 0, merges = 0;
    const char **fork = ath__arena_alloc(&a->arena, 2 * (count + 1) * sizeof *fork), **merge = fork + count;
    for (size_t i = 0; i < count; i++) {
        const ath__node *n = ath__graph_at(a->graph, i);
        if (n->is_branch_point)
            fork[forks++] = n->id;
        if (n->is_merge_point)
            merge[merges++] = n->id;
        if (lists_differ(a, n->id, n->all_labels, json_object_get(labels, n->id), true))
            return false;
    }
    return !lists_differ(a, "branch points", (ath_name_list){forks, fork},
                         json_object_get(a->the_case, "branch_points"), true) &&
           !lists_differ(a, "merge points", (ath_name_list){merges, merge},
                         json_object_get(a->the_case, "merge_points"), true);
}

/* ---- new revisions ---- */

static bool new_differs(asked *a, const ath__graph_request *request, const ath__graph_place *place) {
    ath__nodes heads;
    ath__buf down, deps, labels;
    ath__buf_init(&down, &ath__malloc_allocator);
    ath__buf_init(&deps, &ath__malloc_allocator);
    ath__buf_init(&labels, &ath__malloc_allocator);
    write_sorted(a, ids_of(a, place->down), false, &down);
    write_sorted(a, place->depends_on, false, &deps);
    write_sorted(a, request->labels, false, &labels);
    bool differs =
        lists_differ(a, "down", ids_of(a, place->down), json_object_get(a->the_case, "down_revision"), false) ||
        lists_differ(a, "dependencies", place->depends_on, json_object_get(a->the_case, "dependencies"), false);
    if (!differs && build(a, &(ath_revision){.id = request->id,
                                             .down = ath__buf_text(&down),
                                             .depends_on = ath__buf_text(&deps),
                                             .branch_labels = ath__buf_text(&labels)}) != ATH_OK) {
        ath__buf_printf(a->why, "the graph with the new one: %s", a->error.message);
        differs = true;
    }
    differs = differs || ath__graph_heads(a->graph, false, &heads, &a->error) != ATH_OK ||
              lists_differ(a, "heads after", ids_of(a, heads), json_object_get(a->the_case, "heads_after"), true);
    ath__buf_done(&down);
    ath__buf_done(&deps);
    ath__buf_done(&labels);
    return differs;
}

static bool run_new(asked *a, bool merge) {
    const json_t *args = json_object_get(a->the_case, "args");
    const char *id = golden_text(args, "rev_id");
    ath__graph_place place;
    ath__graph_request request = {.id = id      ? id
                                        : merge ? "merge0000001"
                                                : "newrev000001",
                                  .heads = names(a, json_object_get(args, merge ? "revisions" : "head")),
                                  .splice = json_is_true(json_object_get(args, "splice")),
                                  .depends_on = names(a, json_object_get(args, "depends_on")),
                                  .labels = names(a, json_object_get(args, "branch_label"))};
    if (ath__graph_place_new(a->graph, &request, &place, &a->error) != ATH_OK)
        return refused(a);
    return !not_refused(a) && !new_differs(a, &request, &place);
}

/* ---- a case ---- */

static bool dispatch(asked *a) {
    const char *command = golden_text(a->the_case, "command");
    if (build(a, NULL) != ATH_OK)
        return refused(a);
    if (strcmp(command, "upgrade") == 0 || strcmp(command, "downgrade") == 0 || strcmp(command, "stamp") == 0)
        return run_plan(a, command);
    if (strcmp(command, "branches") == 0)
        return run_branches(a);
    if (strcmp(command, "revision") == 0 || strcmp(command, "merge") == 0)
        return run_new(a, command[0] == 'm');
    return run_list(a, command);
}

static bool run(const json_t *the_case, ath__buf *why) {
    asked a = {.the_case = the_case, .why = why};
    ath__arena_init(&a.arena, &ath__malloc_allocator);
    a.current = names(&a, json_object_get(the_case, "current"));
    bool fits = dispatch(&a);
    ath__arena_done(&a.arena);
    return fits;
}

const golden_kind golden_revgraph = {"revgraph", {"graph", "command"}, run};
