/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: what a symbol stands for.  Ids, their prefixes, labels, head(s), base, label@id, and walks.
 */
#include "migrate/graph_int.h"

enum { MOST_STEPS = 100000000 };

/* ---- names ---- */

/* The first key that is not before the text, of which `size` bytes count. */
static uint32_t lower_bound(const ath__graph *g, const char *text, size_t size) {
    uint32_t low = 0, high = g->key_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strncmp(g->keys[middle].name, text, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t ath__spot_of(const ath__graph *g, const char *name) {
    uint32_t at = lower_bound(g, name, strlen(name) + 1);
    return at < g->key_count && strcmp(g->keys[at].name, name) == 0 ? g->keys[at].spot : ATH__NOWHERE;
}

/* All that is above or below these, of the versions alone or with dependencies. */
static uint64_t *line_of(const ath__graph *g, const ath__spots *spots, bool dependencies) {
    uint64_t *line = ath__set_new(g), *up = ath__set_new(g);
    if (!line || !up)
        return NULL;
    ath__reach(g, dependencies ? ATH__ALL_DOWN : ATH__DOWN, spots, line);
    ath__reach(g, dependencies ? ATH__ALL_NEXT : ATH__NEXT, spots, up);
    for (size_t i = 0; i < ath__set_words(g); i++)
        line[i] |= up[i];
    return line;
}

/* Names of fewer than four characters are not shortened. */
static bool shortens(const ath__graph_key *key, const char *text, size_t size) {
    return strncmp(key->name, text, size) == 0 && strlen(key->name) > 3;
}

/* An id and a label of one revision are not two. */
static bool holds(const ath__graph_key *keys, uint32_t count, uint32_t spot) {
    for (uint32_t i = 0; i < count; i++)
        if (keys[i].spot == spot)
            return true;
    return false;
}

static ath_status find_prefix(const ath__ask *ask, const char *text, const uint64_t *line, uint32_t *out) {
    const ath__graph *g = ask->graph;
    size_t size = strlen(text);
    uint32_t first = lower_bound(g, text, size), count = 0;
    ath__graph_key *found = ath__arena_alloc(g->arena, (g->key_count - first + 1) * sizeof *found);
    if (!found)
        return ath__fail_memory(ask->error);
    for (uint32_t i = first; i < g->key_count && strncmp(g->keys[i].name, text, size) == 0; i++)
        if (shortens(&g->keys[i], text, size) && (!line || ath__in(line, g->keys[i].spot)) &&
            !holds(found, count, g->keys[i].spot))
            found[count++] = g->keys[i];
    if (count == 1)
        *out = found[0].spot;
    return count == 1 ? ATH_OK
           : count    ? ath__say_ambiguous(ask, text, found, count)
                      : ath__say_unknown(ask, text, NULL);
}

/* A revision by its id, label, or the beginning of one; with a label, on that branch. */
static ath_status find_name(const ath__ask *ask, const char *text, const char *label, uint32_t *out) {
    uint64_t *line = NULL;
    if (label) {
        uint32_t branch;
        ATH_TRY(ath__find_branch(ask, label, &branch));
        ath__spots one = {1, &branch};
        if (!(line = line_of(ask->graph, &one, false)))
            return ath__fail_memory(ask->error);
    }
    if (!*text)
        return ath__fail(ask->error, ATH_ARGUMENT,
                         "Can't locate revision identified by ''" ATH__HINT "name a revision, head, heads or base");
    *out = ath__spot_of(ask->graph, text);
    if (*out == ATH__NOWHERE)
        return find_prefix(ask, text, line, out);
    if (line && !ath__in(line, *out)) {
        char why[300];
        snprintf(why, sizeof why, "it is not a member of branch '%.100s'", label);
        return ath__say_unknown(ask, text, why);
    }
    return ATH_OK;
}

ath_status ath__find_branch(const ath__ask *ask, const char *label, uint32_t *out) {
    return find_name(ask, label, NULL, out);
}

ath_status ath__find_current(const ath__ask *ask, ath__spots *out) {
    if (!ath__spots_new(ask->graph, (uint32_t)ask->current.count, out))
        return ath__fail_memory(ask->error);
    for (size_t i = 0; i < ask->current.count; i++) {
        const ath__node *n = ath__graph_node(ask->graph, ask->current.names[i]);
        if (!n)
            return ath__say_unknown(ask, ask->current.names[i], NULL);
        bool seen = false;
        for (uint32_t j = 0; j < out->count; j++)
            seen = seen || out->at[j] == n->place;
        if (!seen)
            out->at[out->count++] = (uint32_t)n->place;
    }
    return ATH_OK;
}

/* ---- label@symbol ---- */

/* What a symbol says before it is looked up: known revisions, or a name. */
typedef struct meaning {
    const char *label; /* NULL: none */
    const char *name;  /* NULL: `spots` it is, which are none for base */
    ath__spots spots;
} meaning;

static ath_status current_head(const ath__ask *ask, const char *label, const char *symbol, ath__spots *out) {
    const ath__spots *heads = &ask->graph->heads;
    if (!ath__spots_new(ask->graph, heads->count, out))
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < heads->count; i++)
        out->at[out->count++] = heads->at[i];
    if (label && *label)
        ATH_TRY(ath__keep_lineage(ask, out, label, false));
    return out->count > 1 ? ath__say_multiple(ask, symbol, out) : ATH_OK;
}

static ath_status all_heads(const ath__ask *ask, const char *label, ath__spots *out) {
    bool branch = label && *label;
    const ath__spots *heads = branch ? &ask->graph->heads : &ask->graph->real_heads;
    if (!ath__spots_new(ask->graph, heads->count, out))
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < heads->count; i++)
        out->at[out->count++] = heads->at[i];
    return branch ? ath__keep_lineage(ask, out, label, false) : ATH_OK;
}

static ath_status understand(const ath__ask *ask, const char *symbol, meaning *out) {
    const char *at = strchr(symbol, '@'), *name = at ? at + 1 : symbol;
    *out = (meaning){0};
    if (at && !(out->label = ath__arena_strn(ask->graph->arena, symbol, (size_t)(at - symbol))))
        return ath__fail_memory(ask->error);
    if (strcmp(name, "heads") == 0)
        return all_heads(ask, out->label, &out->spots);
    if (strcmp(name, "head") == 0)
        return current_head(ask, out->label, symbol, &out->spots);
    if (strcmp(name, "base") == 0)
        return ATH_OK;
    if (strcmp(name, "current") == 0 && !at && ath__spot_of(ask->graph, name) == ATH__NOWHERE &&
        (ask->asker == ATH__ASK_SHOW || ask->asker == ATH__ASK_RANGE))
        return ath__find_current(ask, &out->spots);
    out->name = name;
    if (out->label && !*out->label)
        out->label = NULL;
    return ATH_OK;
}

ath_status ath__keep_lineage(const ath__ask *ask, ath__spots *spots, const char *check, bool dependencies) {
    meaning m;
    ath__spots tests;
    uint32_t kept = 0;
    ATH_TRY(understand(ask, check, &m));
    if (!spots->count)
        return ATH_OK;
    if (!ath__spots_new(ask->graph, m.spots.count + 2, &tests))
        return ath__fail_memory(ask->error);
    if (m.label && *m.label)
        ATH_TRY(find_name(ask, m.label, NULL, &tests.at[tests.count++]));
    if (m.name)
        ATH_TRY(find_name(ask, m.name, NULL, &tests.at[tests.count++]));
    for (uint32_t i = 0; i < m.spots.count; i++)
        tests.at[tests.count++] = m.spots.at[i];
    if (!tests.count)
        return ATH_OK;
    uint64_t *line = line_of(ask->graph, &tests, dependencies);
    if (!line)
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < spots->count; i++)
        if (ath__in(line, spots->at[i]))
            spots->at[kept++] = spots->at[i];
    spots->count = kept;
    return ATH_OK;
}

/* ---- revisions ---- */

static bool has_label(const ath__vertex *v, const char *label) {
    for (size_t i = 0; i < v->node.all_labels.count; i++)
        if (strcmp(v->node.all_labels.names[i], label) == 0)
            return true;
    return false;
}

/* "-2", "label@-2": from each head downwards. */
static ath_status below_heads(const ath__ask *ask, const meaning *m, long steps, ath__spots *out) {
    const ath__spots *heads = &ask->graph->real_heads;
    if (!ath__spots_new(ask->graph, heads->count, out))
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < heads->count; i++)
        if (!m->label || has_label(ask->graph->at[heads->at[i]], m->label))
            ATH_TRY(ath__walk(ask, heads->at[i], steps, NULL, false, &out->at[out->count++]));
    return ATH_OK;
}

/* The number of "-12"; 0: it is none. */
static long negative(const char *text) {
    char *end;
    if (text[0] != '-' || !text[1] || strspn(text + 1, "0123456789") != strlen(text + 1))
        return 0;
    long n = strtol(text, &end, 10);
    return n < -MOST_STEPS ? -MOST_STEPS : n;
}

ath_status ath__find_all(const ath__ask *ask, const char *symbol, ath__spots *out) {
    meaning m;
    ATH_TRY(understand(ask, symbol, &m));
    if (!m.name) {
        *out = m.spots;
        return ATH_OK;
    }
    if (negative(m.name))
        return below_heads(ask, &m, negative(m.name), out);
    if (!ath__spots_new(ask->graph, 1, out))
        return ath__fail_memory(ask->error);
    out->count = 1;
    return find_name(ask, m.name, m.label, out->at);
}

ath_status ath__find_one(const ath__ask *ask, const char *symbol, uint32_t *out) {
    meaning m;
    ATH_TRY(understand(ask, symbol, &m));
    if (m.name)
        return find_name(ask, m.name, m.label, out);
    if (m.spots.count > 1)
        return ath__say_multiple(ask, symbol, &m.spots);
    *out = m.spots.count ? m.spots.at[0] : ATH__NOWHERE;
    if (m.label && *m.label && m.spots.count == 0) {
        uint32_t branch; /* a branch that there is not has no base either */
        return ath__find_branch(ask, m.label, &branch);
    }
    return ATH_OK;
}

/* ---- walks ---- */

ath_status ath__relative_read(const ath__ask *ask, const char *text, bool *is, ath__relative *out) {
    const char *sign = NULL;
    for (const char *c = text; *c; c++)
        if (*c == '+' || *c == '-')
            sign = c;
    *is = false;
    *out = (ath__relative){0};
    if (!sign || !sign[1] || strspn(sign + 1, "0123456789") != strlen(sign + 1))
        return ATH_OK;
    const char *at = memchr(text, '@', (size_t)(sign - text)), *symbol = at ? at + 1 : text;
    size_t size = (size_t)(sign - symbol);
    if (at == text || memchr(symbol, '+', size) || memchr(symbol, '-', size) || memchr(symbol, '@', size))
        return ATH_OK;
    out->label = at ? ath__arena_strn(ask->graph->arena, text, (size_t)(at - text)) : NULL;
    out->symbol = size ? ath__arena_strn(ask->graph->arena, symbol, size) : NULL;
    if ((at && !out->label) || (size && !out->symbol))
        return ath__fail_memory(ask->error);
    long n = strtol(sign + 1, NULL, 10);
    n = n > MOST_STEPS ? MOST_STEPS : n;
    out->steps = *sign == '-' ? -n : n;
    out->number = sign;
    *is = true;
    return ATH_OK;
}

static ath_status ambiguous_walk(const ath__ask *ask, uint32_t from, const ath__spots *ways) {
    const ath__graph *g = ask->graph;
    return ath__fail(ask->error, ATH_ARGUMENT,
                     "Ambiguous walk" ATH__HINT "from %s there is more than one way: %s, %s%s",
                     ATH__IS_SPOT(from) ? g->at[from]->node.id : "base", g->at[ways->at[0]]->node.id,
                     g->at[ways->at[1]]->node.id, ways->count > 2 ? " ..." : "");
}

/* Where one step leads. */
static ath_status step_ways(const ath__ask *ask, uint32_t from, bool up, const char *label, ath__spots *ways) {
    const ath__graph *g = ask->graph;
    const ath__spots none = {0, NULL};
    const ath__spots *links =
        up ? (ATH__IS_SPOT(from) ? &g->at[from]->next : &g->bases) : (ATH__IS_SPOT(from) ? &g->at[from]->down : &none);
    if (!ath__spots_new(g, links->count, ways))
        return ath__fail_memory(ask->error);
    for (uint32_t i = 0; i < links->count; i++)
        ways->at[ways->count++] = links->at[i];
    return up && label ? ath__keep_lineage(ask, ways, label, false) : ATH_OK;
}

ath_status ath__walk(const ath__ask *ask, uint32_t from, long steps, const char *label, bool far, uint32_t *out) {
    bool up = steps > 0;
    *out = from;
    for (long i = 0; i < labs(steps); i++) {
        ath__spots ways;
        ATH_TRY(step_ways(ask, *out, up, label, &ways));
        if (ways.count > 1)
            return ambiguous_walk(ask, *out, &ways);
        if (ways.count) {
            *out = ways.at[0];
        } else if (!up && ATH__IS_SPOT(*out)) {
            *out = ATH__AT_BASE;
        } else {
            *out = far ? *out : ATH__NOWHERE;
            break;
        }
    }
    return ATH_OK;
}

/* ---- for the callers ---- */

ath_status ath__graph_resolve(ath__graph *graph, const char *symbol, ath_name_list current, ath__nodes *out,
                              ath_error *error) {
    ath__ask ask = {.graph = graph, .error = error, .asker = ATH__ASK_SHOW, .current = current};
    ath__spots spots;
    ATH_TRY(ath__find_all(&ask, symbol, &spots));
    for (uint32_t i = 0; i < spots.count; i++)
        if (!ATH__IS_SPOT(spots.at[i]))
            return ath__say_too_far(&ask, symbol);
    return ath__nodes_of(graph, &spots, out, error);
}
