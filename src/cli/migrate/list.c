/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that tell what there is: current, history, heads, branches, show.
 */
#include "cli/migrate/migrate.h"

/* Nodes in one of the forms; `rows` are those that are marked as current. */
static int print_nodes(mig *m, ath__nodes nodes, bool verbose, unsigned what, ath_name_list rows) {
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    if (m->globals->json)
        ath__buf_char(&out, '[');
    for (size_t i = 0; i < nodes.count; i++) {
        bool is_current = mig_among(rows, nodes.at[i]->id);
        if (m->globals->json) {
            ath__buf_str(&out, i ? ",\n " : "");
            mig_entry_json(&out, nodes.at[i], is_current);
        } else if (verbose) {
            mig_entry_text(&out, nodes.at[i], is_current);
        } else {
            mig_line(&out, nodes.at[i], what, is_current);
            ath__buf_char(&out, '\n');
        }
    }
    if (m->globals->json)
        ath__buf_str(&out, "]\n");
    return mig_print(m, &out);
}

/* ---- current ---- */

enum { CURRENT_VERBOSE, CURRENT_CHECK };

static const cli_option current_options[] = {
    [CURRENT_VERBOSE] = {"verbose", 'v', NULL, "more of each revision, and of which database"},
    [CURRENT_CHECK] = {"check-heads", 'c', NULL, "exit with 1 if the database is not on all heads"},
};

/* Those rows that files have, and those that none has. */
static ath_status sort_rows(mig *m, ath_name_list rows, ath_name_list *known, ath_name_list *unknown) {
    const char **a = ath__arena_alloc(&m->arena, (rows.count + 1) * sizeof *a);
    const char **b = ath__arena_alloc(&m->arena, (rows.count + 1) * sizeof *b);
    if (!a || !b)
        return ath__fail_memory(&m->error);
    *known = (ath_name_list){0, a};
    *unknown = (ath_name_list){0, b};
    for (size_t i = 0; i < rows.count; i++)
        if (ath__graph_node(m->script.graph, rows.names[i]))
            a[known->count++] = rows.names[i];
        else
            b[unknown->count++] = rows.names[i];
    return ATH_OK;
}

static ath_status check_heads(mig *m, ath__nodes current, ath_name_list unknown) {
    ath__nodes heads;
    bool all = unknown.count == 0;
    ATH_TRY(ath__graph_heads(m->script.graph, false, &heads, &m->error));
    all = all && heads.count == current.count;
    for (size_t i = 0; all && i < current.count; i++)
        all = current.at[i]->is_head;
    return all ? ATH_OK
               : ath__fail(&m->error, ATH_STATE,
                           "Database is not on all head revisions" ATH__HINT "`athanor upgrade heads` brings it there");
}

/* Where the database is, as JSON; what no file has is there too, without a path. */
static int current_json(mig *m, ath__nodes nodes, ath_name_list rows, ath_name_list unknown) {
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    for (size_t i = 0; i < nodes.count; i++) {
        ath__buf_str(&out, i ? ",\n " : "[");
        mig_entry_json(&out, nodes.at[i], mig_among(rows, nodes.at[i]->id));
    }
    for (size_t i = 0; i < unknown.count; i++) {
        ath__buf_str(&out, i + nodes.count ? ",\n {\"revision\": " : "[{\"revision\": ");
        mig_json_string(&out, unknown.names[i]);
        ath__buf_str(&out, ", \"path\": null, \"is_current\": true}");
    }
    ath__buf_str(&out, rows.count ? "]\n" : "[]\n");
    return mig_print(m, &out);
}

static int current(mig *m) {
    ath_name_list rows, known, unknown, none = {0, NULL};
    ath__nodes nodes;
    char url[1024];
    if (mig_current(m, &rows) != ATH_OK || sort_rows(m, rows, &known, &unknown) != ATH_OK ||
        ath__graph_current(m->script.graph, known, &nodes, &m->error) != ATH_OK)
        return mig_fail(m);
    bool verbose = mig_option(m, CURRENT_VERBOSE) != NULL;
    ath_url *parsed = verbose && !m->globals->json ? ath_url_parse(m->url, &m->error) : NULL;
    if (parsed) {
        ath_url_print(parsed, url, sizeof url);
        printf("Current revision(s) for %s:\n", url);
        ath_url_free(parsed);
    }
    if (mig_option(m, CURRENT_CHECK) && check_heads(m, nodes, unknown) != ATH_OK)
        return mig_fail(m);
    if (m->globals->json)
        return current_json(m, nodes, rows, unknown);
    for (size_t i = 0; i < unknown.count; i++)
        printf("%s (no file has it)\n", unknown.names[i]);
    return print_nodes(m, nodes, verbose, MIG_TREE, none);
}

static int run_current(const cli_call *call) {
    return mig_each(call, current);
}

const cli_command cli_current = {.name = "current",
                                 .arguments = "",
                                 .what = "where the database is",
                                 .run = run_current,
                                 .options = current_options,
                                 .option_count = ATH_COUNT_OF(current_options),
                                 .of_project = true,
                                 .of_bundle = true};

/* ---- history ---- */

enum { HISTORY_RANGE, HISTORY_VERBOSE, HISTORY_CURRENT, HISTORY_APPLIED, HISTORY_GRAPH };

static const cli_option history_options[] = {
    [HISTORY_RANGE] = {"rev-range", 'r', "FROM:TO", "a part of it: base:abc, -2:, :+2, current:"},
    [HISTORY_VERBOSE] = {"verbose", 'v', NULL, "more of each revision"},
    [HISTORY_CURRENT] = {"indicate-current", 'i', NULL, "mark where the database is"},
    [HISTORY_APPLIED] = {"applied", 0, NULL, "what was run on the database, when and by whom"},
    [HISTORY_GRAPH] = {"graph", 'g', NULL, "draw the branches"},
};

typedef struct run_list {
    mig *m;
    ath__buf out;
    size_t count;
} run_list;

static void run_json(run_list *l, const ath_migration_run *r) {
    static const char *const ways[] = {"down", "stamp", "up"};
    const struct {
        const char *name, *text;
    } texts[] = {{"revision", r->revision}, {"message", r->message}, {"applied_at", r->applied_at},
                 {"user", r->user},         {"host", r->host},       {"failure", r->failure}};
    ath__buf_printf(&l->out, "%s{\"id\": %lld, \"way\": \"%s\", \"milliseconds\": %lld, \"success\": %s",
                    l->count ? ",\n " : "", (long long)r->id, ways[r->way + 1], (long long)r->milliseconds,
                    r->success ? "true" : "false");
    for (size_t i = 0; i < ATH_COUNT_OF(texts); i++) {
        ath__buf_printf(&l->out, ", \"%s\": ", texts[i].name);
        mig_json_string(&l->out, texts[i].text);
    }
    ath__buf_char(&l->out, '}');
}

static ath_status add_run(void *context, const ath_migration_run *r) {
    static const char *const ways[] = {"downgrade", "stamp", "upgrade"};
    run_list *l = context;
    if (l->m->globals->json)
        run_json(l, r);
    else
        ath__buf_printf(&l->out, "%s  %-9s %s%s%s%s%s  (%lld ms%s%s)%s%s\n", r->applied_at ? r->applied_at : "",
                        ways[r->way + 1], r->revision ? r->revision : "", r->message && *r->message ? ", " : "",
                        r->message ? r->message : "", "", "", (long long)r->milliseconds, r->user ? ", " : "",
                        r->user ? r->user : "",
                        r->success ? "" : "  FAILED: ", r->success || !r->failure ? "" : r->failure);
    l->count++;
    return ATH_OK;
}

static int applied(mig *m) {
    run_list l = {.m = m};
    if (mig_open_engine(m) != ATH_OK)
        return mig_fail(m);
    ath__buf_init(&l.out, &ath__malloc_allocator);
    if (m->globals->json)
        ath__buf_char(&l.out, '[');
    if (ath_migrate_history(m->engine, &m->migration, add_run, &l) != ATH_OK) {
        ath__buf_done(&l.out);
        return mig_fail(m);
    }
    if (m->globals->json)
        ath__buf_str(&l.out, "]\n");
    return mig_print(m, &l.out);
}

/* ---- the graph, drawn ---- */

/* The lanes of a drawing: in each, the revision that comes next. */
typedef struct lanes {
    const char **at;
    size_t count;
} lanes;

static size_t lane_of(lanes *l, const char *id) {
    size_t i = 0;
    while (i < l->count && strcmp(l->at[i], id) != 0)
        i++;
    if (i == l->count)
        l->at[l->count++] = id;
    return i;
}

static void draw_lanes(ath__buf *out, const lanes *l, size_t marked) {
    for (size_t i = 0; i < l->count; i++)
        ath__buf_str(out, i == marked ? "* " : "| ");
}

/* Below a revision: its lane goes on to its first parent, others begin lanes; lanes with the same end are one. */
static void move_lanes(lanes *l, size_t lane, const ath__node *n, ath__buf *out) {
    size_t before = l->count, gone = l->count;
    if (n->down.count) {
        l->at[lane] = n->down.names[0];
        for (size_t i = 1; i < n->down.count; i++)
            lane_of(l, n->down.names[i]);
        for (size_t i = 0; i < l->count && gone == before; i++)
            if (i != lane && strcmp(l->at[i], l->at[lane]) == 0)
                gone = i > lane ? i : lane;
    } else {
        gone = lane;
    }
    if (l->count > before) {
        for (size_t i = 0; i < before; i++)
            ath__buf_str(out, i == lane ? "|\\" : "| ");
        ath__buf_char(out, '\n');
    }
    if (gone < before) {
        for (size_t i = 0; n->down.count && i < before; i++)
            ath__buf_str(out, i == gone ? "/ " : i + 1 == gone ? "|" : "| ");
        ath__buf_str(out, n->down.count ? "\n" : "");
        memmove(l->at + gone, l->at + gone + 1, (l->count - gone - 1) * sizeof *l->at);
        l->count--;
    }
}

static int draw(mig *m, ath__nodes nodes, ath_name_list rows) {
    lanes l = {ath__arena_alloc(&m->arena, (2 * ath__graph_count(m->script.graph) + 2) * sizeof *l.at), 0};
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    for (size_t i = 0; l.at && i < nodes.count; i++) {
        size_t lane = lane_of(&l, nodes.at[i]->id);
        draw_lanes(&out, &l, lane);
        mig_line(&out, nodes.at[i], MIG_LABELS | MIG_DOC | MIG_TREE, mig_among(rows, nodes.at[i]->id));
        ath__buf_char(&out, '\n');
        move_lanes(&l, lane, nodes.at[i], &out);
    }
    return mig_print(m, &out);
}

static bool wants_database(const char *range) {
    const char *at = range ? strstr(range, "current") : NULL;
    return at && ((at == range && at[7] == ':') || (at > range && at[-1] == ':' && !at[7]));
}

static int history(mig *m) {
    const char *range = mig_option(m, HISTORY_RANGE);
    ath_name_list rows = {0, NULL}, known = {0, NULL}, unknown, none = {0, NULL};
    ath__nodes nodes;
    bool mark = mig_option(m, HISTORY_CURRENT) != NULL;
    if (mig_option(m, HISTORY_APPLIED))
        return applied(m);
    if (mig_open_script(m) != ATH_OK)
        return mig_fail(m);
    if ((mark || wants_database(range)) &&
        (mig_current(m, &rows) != ATH_OK || sort_rows(m, rows, &known, &unknown) != ATH_OK))
        return mig_fail(m);
    if (ath__graph_range(m->script.graph, range, known, &nodes, &m->error) != ATH_OK)
        return mig_fail(m);
    if (mig_option(m, HISTORY_GRAPH) && !m->globals->json)
        return draw(m, nodes, mark ? known : none);
    return print_nodes(m, nodes, mig_option(m, HISTORY_VERBOSE) != NULL, MIG_PARENTS | MIG_LABELS | MIG_DOC | MIG_TREE,
                       mark ? known : none);
}

static int run_history(const cli_call *call) {
    return mig_each(call, history);
}

const cli_command cli_history = {.name = "history",
                                 .arguments = "",
                                 .what = "the revisions, newest first",
                                 .run = run_history,
                                 .options = history_options,
                                 .option_count = ATH_COUNT_OF(history_options),
                                 .of_project = true,
                                 .of_bundle = true};

/* ---- heads ---- */

enum { HEADS_VERBOSE, HEADS_RESOLVE };

static const cli_option heads_options[] = {
    [HEADS_VERBOSE] = {"verbose", 'v', NULL, "more of each revision"},
    [HEADS_RESOLVE] = {"resolve-dependencies", 0, NULL, "leave out what other revisions depend on"},
};

static int heads(mig *m) {
    ath__nodes nodes;
    if (mig_open_script(m) != ATH_OK ||
        ath__graph_heads(m->script.graph, mig_option(m, HEADS_RESOLVE) != NULL, &nodes, &m->error) != ATH_OK)
        return mig_fail(m);
    return print_nodes(m, nodes, mig_option(m, HEADS_VERBOSE) != NULL, MIG_LABELS, (ath_name_list){0, NULL});
}

static int run_heads(const cli_call *call) {
    return mig_each(call, heads);
}

const cli_command cli_heads = {.name = "heads",
                               .arguments = "",
                               .what = "the revisions that no other stands on",
                               .run = run_heads,
                               .options = heads_options,
                               .option_count = ATH_COUNT_OF(heads_options),
                               .of_project = true,
                               .of_bundle = true};

/* ---- branches ---- */

static void print_branch(mig *m, const ath__node *n, bool verbose, ath__buf *out) {
    if (verbose)
        mig_entry_text(out, n, false);
    else
        mig_line(out, n, MIG_LABELS | MIG_TREE, false);
    ath__buf_str(out, verbose ? "" : "\n");
    for (size_t i = 0; i < n->next.count; i++) {
        ath__buf_printf(out, "%*s -> ", (int)strlen(n->id), "");
        mig_line(out, ath__graph_node(m->script.graph, n->next.names[i]),
                 MIG_LABELS | MIG_TREE | (verbose ? MIG_DOC : 0), false);
        ath__buf_char(out, '\n');
    }
    ath__buf_char(out, '\n');
}

static int branches(mig *m) {
    ath__buf out;
    size_t found = 0;
    if (mig_open_script(m) != ATH_OK)
        return mig_fail(m);
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__buf_str(&out, m->globals->json ? "[" : "");
    for (size_t i = 0; i < ath__graph_count(m->script.graph); i++) {
        const ath__node *n = ath__graph_at(m->script.graph, i);
        if (n->is_branch_point && !m->globals->json)
            print_branch(m, n, mig_option(m, HEADS_VERBOSE) != NULL, &out);
        else if (n->is_branch_point) {
            ath__buf_str(&out, found++ ? ",\n " : "");
            mig_entry_json(&out, n, false);
        }
    }
    ath__buf_str(&out, m->globals->json ? "]\n" : "");
    return mig_print(m, &out);
}

static int run_branches(const cli_call *call) {
    return mig_each(call, branches);
}

const cli_command cli_branches = {.name = "branches",
                                  .arguments = "",
                                  .what = "where the history parts, and into what",
                                  .run = run_branches,
                                  .options = heads_options,
                                  .option_count = 1,
                                  .of_project = true,
                                  .of_bundle = true};

/* ---- show ---- */

static int show(mig *m) {
    const char *symbol = m->call->operands[0];
    ath_name_list rows = {0, NULL};
    ath__nodes nodes;
    if ((strcmp(symbol, "current") == 0 && mig_current(m, &rows) != ATH_OK) || mig_open_script(m) != ATH_OK ||
        ath__graph_resolve(m->script.graph, symbol, rows, &nodes, &m->error) != ATH_OK)
        return mig_fail(m);
    return print_nodes(m, nodes, true, 0, (ath_name_list){0, NULL});
}

static int run_show(const cli_call *call) {
    return mig_each(call, show);
}

const cli_command cli_show = {.name = "show",
                              .arguments = "REVISION",
                              .what = "all that is known of a revision",
                              .least = 1,
                              .most = 1,
                              .run = run_show,
                              .of_project = true,
                              .of_bundle = true};
