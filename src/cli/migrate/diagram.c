/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor diagram`: the tables of the live database, or the graph of revisions, as Mermaid or SVG.
 */
#include "cli/migrate/diagram.h"

#include <strings.h>

enum { OUTPUT_SVG, REVISIONS, SCHEMA };

static const cli_option options[] = {
    [OUTPUT_SVG] = {"svg", 0, NULL, "a picture in SVG instead of Mermaid"},
    [REVISIONS] = {"revisions", 0, NULL, "the revisions and what stands on what, instead of the tables"},
    [SCHEMA] = {"schema", 's', "NAME", "the tables of this schema"},
};

/* ---- what is asked about tables ---- */

static bool same_name(const char *a, const char *b) {
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* SQLite keeps names as they were written in each place: what is alike but for upper and lower case is found too. */
size_t mig_picture_find(const mig_picture *p, const ath_reflected_foreign_key *key) {
    size_t found = p->count;
    for (size_t i = 0; i < p->count; i++) {
        const ath_reflected_table *t = p->tables[i];
        if (key->referred_schema && !same_name(t->schema, key->referred_schema))
            continue;
        if (strcmp(t->name, key->referred_table) == 0)
            return i;
        if (strcasecmp(t->name, key->referred_table) == 0)
            found = i;
    }
    return found;
}

bool mig_is_foreign_key(const ath_reflected_table *t, const char *column) {
    for (size_t i = 0; i < t->foreign_key_count; i++)
        if (mig_among(t->foreign_keys[i].columns, column))
            return true;
    return false;
}

static bool same_columns(ath_name_list a, ath_name_list b) {
    bool same = a.count == b.count && a.count > 0;
    for (size_t i = 0; same && i < a.count; i++)
        same = mig_among(b, a.names[i]);
    return same;
}

bool mig_is_unique(const ath_reflected_table *t, ath_name_list columns) {
    bool found = same_columns(t->primary_key.columns, columns);
    for (size_t i = 0; !found && i < t->unique_count; i++)
        found = same_columns(t->uniques[i].columns, columns);
    return found;
}

static bool may_be_null(const ath_reflected_table *t, ath_name_list columns) {
    for (size_t i = 0; i < columns.count; i++) {
        const ath_reflected_column *c = ath_reflected_table_column(t, columns.names[i]);
        if (c && c->nullable && !c->primary_key)
            return true;
    }
    return false;
}

/* ---- Mermaid ---- */

/* A word: letters, digits, - and _ (others become _), and no digit first. */
static void add_word(ath__buf *out, const char *text) {
    if (!*text || (*text >= '0' && *text <= '9'))
        ath__buf_char(out, '_');
    for (const char *c = text; *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_';
        ath__buf_char(out, plain ? *c : '_');
    }
}

/* A text between double quotes. */
static void add_quoted(ath__buf *out, const char *text) {
    ath__buf_char(out, '"');
    for (const char *c = text; *c; c++)
        if (*c == '"')
            ath__buf_str(out, "#quot;");
        else
            ath__buf_char(out, *c == '\n' || *c == '\r' ? ' ' : *c);
    ath__buf_char(out, '"');
}

static void draw_column(ath__buf *out, const ath_reflected_table *t, const ath_reflected_column *c) {
    ath_name_list one = {1, &c->name};
    bool key = c->primary_key != 0, foreign = mig_is_foreign_key(t, c->name), unique = !key && mig_is_unique(t, one);
    ath__buf_str(out, "        ");
    add_word(out, c->type_name && strcmp(c->type_name, "NULL") != 0 ? c->type_name : "ANY");
    ath__buf_char(out, ' ');
    add_word(out, c->name);
    if (key || foreign || unique)
        ath__buf_printf(out, " %s%s%s",
                        key      ? "PK"
                        : unique ? "UK"
                                 : "",
                        (key || unique) && foreign ? ", " : "", foreign ? "FK" : "");
    if (!c->nullable && !key)
        ath__buf_str(out, " \"not null\"");
    ath__buf_char(out, '\n');
}

static void draw_relation(ath__buf *out, const mig_picture *p, const ath_reflected_table *t,
                          const ath_reflected_foreign_key *key) {
    size_t to = mig_picture_find(p, key);
    if (to == p->count)
        return;
    ath__buf_str(out, "    ");
    add_word(out, p->tables[to]->name);
    ath__buf_printf(out, " %s--%s ", may_be_null(t, key->columns) ? "|o" : "||",
                    mig_is_unique(t, key->columns) ? "o|" : "o{");
    add_word(out, t->name);
    ath__buf_str(out, " : ");
    add_quoted(out, key->columns.count ? key->columns.names[0] : "");
    ath__buf_char(out, '\n');
}

void mig_draw_mermaid(ath__buf *out, const mig_picture *p) {
    ath__buf_str(out, "erDiagram\n");
    for (size_t i = 0; i < p->count; i++) {
        ath__buf_str(out, "    ");
        add_word(out, p->tables[i]->name);
        ath__buf_str(out, " {\n");
        for (size_t k = 0; k < p->tables[i]->column_count; k++)
            draw_column(out, p->tables[i], &p->tables[i]->columns[k]);
        ath__buf_str(out, "    }\n");
    }
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->tables[i]->foreign_key_count; k++)
            draw_relation(out, p, p->tables[i], &p->tables[i]->foreign_keys[k]);
}

/* ---- the graph of revisions ---- */

static void draw_node(ath__buf *out, const ath__node *n, bool is_current) {
    char label[300];
    snprintf(label, sizeof label, "%.80s%s%.200s", n->id, n->message && *n->message ? ": " : "",
             n->message ? n->message : "");
    ath__buf_printf(out, "    r%zu%s", n->place, n->is_head ? "([" : "[");
    add_quoted(out, label);
    ath__buf_printf(out, "%s%s\n", n->is_head ? "])" : "]", is_current ? ":::current" : "");
}

void mig_draw_graph(ath__buf *out, const ath__graph *graph, ath_name_list rows) {
    ath__buf_str(out, "flowchart BT\n");
    for (size_t i = ath__graph_count(graph); i-- > 0;)
        draw_node(out, ath__graph_at(graph, i), mig_among(rows, ath__graph_at(graph, i)->id));
    for (size_t i = ath__graph_count(graph); i-- > 0;) {
        const ath__node *n = ath__graph_at(graph, i);
        for (size_t k = 0; k < n->down.count; k++)
            ath__buf_printf(out, "    r%zu --> r%zu\n", ath__graph_node(graph, n->down.names[k])->place, n->place);
        for (size_t k = 0; k < n->needs.count; k++)
            if (!mig_among(n->down, n->needs.names[k]))
                ath__buf_printf(out, "    r%zu -.-> r%zu\n", ath__graph_node(graph, n->needs.names[k])->place,
                                n->place);
    }
    if (rows.count)
        ath__buf_str(out, "    classDef current stroke-width:4px\n");
}

static int revisions(mig *m) {
    ath_name_list rows = {0, NULL};
    ath__buf out;
    if (mig_option(m, OUTPUT_SVG))
        return mig_refuse(m, "The graph of revisions is drawn as Mermaid alone" ATH__HINT "leave --svg out");
    if (mig_open_script(m) != ATH_OK)
        return mig_fail(m);
    if (m->url && mig_current(m, &rows) != ATH_OK) /* without a database none is marked */
        rows.count = 0;
    ath__buf_init(&out, &ath__malloc_allocator);
    mig_draw_graph(&out, m->script.graph, rows);
    return mig_print(m, &out);
}

/* ---- the tables ---- */

static bool is_drawn(const mig *m, const ath_reflected_table *t) {
    static const char *const own[] = {"athanor_version", "alembic_version", "athanor_history", "athanor_journal"};
    for (size_t i = 0; i < ATH_COUNT_OF(own); i++)
        if (strcmp(own[i], t->name) == 0)
            return false;
    return t->kind == ATH_RELATION_TABLE &&
           !(m->migration.version_table && strcmp(m->migration.version_table, t->name) == 0);
}

/* Whether all that it refers to is drawn already. */
static bool is_ready(const mig_picture *p, const ath_reflected_table *t) {
    for (size_t i = 0; i < t->foreign_key_count; i++)
        if (strcasecmp(t->foreign_keys[i].referred_table, t->name) != 0 &&
            mig_picture_find(p, &t->foreign_keys[i]) == p->count)
            return false;
    return true;
}

/* What others refer to comes first; of a loop, the first by name. */
static ath_status arrange(mig *m, ath_inspector *there, mig_picture *p) {
    size_t all, left = 0;
    const ath_reflected_table *read = ath_inspector_tables(there, &all);
    const ath_reflected_table **placed = ath__arena_zero(&m->arena, (all + 1) * sizeof *placed);
    const ath_reflected_table **waiting = ath__arena_zero(&m->arena, (all + 1) * sizeof *waiting);
    if (!placed || !waiting)
        return ath__fail_memory(&m->error);
    for (size_t i = 0; i < all; i++)
        if (is_drawn(m, &read[i]))
            waiting[left++] = &read[i];
    *p = (mig_picture){placed, 0};
    while (left) {
        size_t next = 0;
        while (next < left && !is_ready(p, waiting[next]))
            next++;
        next = next < left ? next : 0;
        placed[p->count++] = waiting[next];
        memmove(waiting + next, waiting + next + 1, (--left - next) * sizeof *waiting);
    }
    return ATH_OK;
}

static ath_status draw_tables(mig *m, ath_connection *c, ath__buf *out) {
    mig_picture p = {NULL, 0};
    ath_inspector *there = ath_inspect(c, .schema = mig_option(m, SCHEMA), .no_views = true);
    if (!there) {
        m->error = *ath_connection_error(c);
        return ath__failed(&m->error);
    }
    ath_status status = arrange(m, there, &p);
    if (status == ATH_OK && mig_option(m, OUTPUT_SVG))
        status = mig_draw_svg(out, &p, &m->arena, &m->error);
    else if (status == ATH_OK)
        mig_draw_mermaid(out, &p);
    ath_inspector_free(there);
    return status;
}

static int diagram(mig *m) {
    ath__buf out;
    if (mig_option(m, REVISIONS))
        return revisions(m);
    ath_connection *c = mig_open_engine(m) == ATH_OK ? ath_connect(m->engine, &m->error) : NULL;
    if (!c)
        return mig_fail(m);
    ath__buf_init(&out, &ath__malloc_allocator);
    ath_status status = draw_tables(m, c, &out);
    ath_connection_close(c);
    if (status == ATH_OK)
        return mig_print(m, &out);
    ath__buf_done(&out);
    return mig_fail(m);
}

static int run_diagram(const cli_call *call) {
    return mig_each(call, diagram);
}

const cli_command cli_diagram = {.name = "diagram",
                                 .arguments = "",
                                 .what = "draw the tables of the live database, or the revisions (Mermaid, SVG)",
                                 .run = run_diagram,
                                 .options = options,
                                 .option_count = ATH_COUNT_OF(options),
                                 .of_project = true,
                                 .of_bundle = true,
                                 .of_database = true};
