/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: taking revisions in, and tying them together.
 */
#include "migrate/graph_int.h"

ath__graph *ath__graph_new(ath__arena *arena, ath_error *error) {
    ath__graph *g = ath__arena_zero(arena, sizeof *g);
    if (!g) {
        ath__fail_memory(error);
        return NULL;
    }
    g->arena = arena;
    return g;
}

/* ---- one revision ---- */

static bool among(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* "a, b" -> a list without doubles. */
static bool split(ath__arena *arena, const char *text, ath_name_list *out) {
    *out = (ath_name_list){0, NULL};
    if (!text || !*text)
        return true;
    const char **names = ath__arena_alloc(arena, (strlen(text) / 2 + 1) * sizeof *names);
    size_t count = 0;
    if (!names)
        return false;
    while (*text) {
        text += strspn(text, ", \t");
        size_t size = strcspn(text, ", \t");
        const char *name = size ? ath__arena_strn(arena, text, size) : NULL;
        if (size && !name)
            return false;
        if (size && !among(names, count, name))
            names[count++] = name;
        text += size;
    }
    *out = (ath_name_list){count, names};
    return true;
}

/* Characters that symbols are made of. */
static ath_status check_id(const char *id, const char *path, ath_error *error) {
    char wrong[32] = "";
    size_t used = 0;
    for (const char *c = "+-:@"; *c; c++)
        if (strchr(id, *c))
            used += (size_t)snprintf(wrong + used, sizeof wrong - used, "%s%c", used ? ", " : "", *c);
    if (!used && id[strcspn(id, ", \t\r\n")])
        snprintf(wrong, sizeof wrong, "%s", strchr(id, ',') ? "," : " ");
    if (wrong[0])
        return ath__fail(error, ATH_ARGUMENT, "Character(s) '%s' not allowed in revision identifier '%s'%s%s%s", wrong,
                         id, path ? " (" : "", path ? path : "", path ? ")" : "");
    if (!*id || strlen(id) > 255)
        return ath__fail(error, ATH_ARGUMENT, "A revision identifier has 1 to 255 characters: '%.40s'%s%s", id,
                         path ? " in " : "", path ? path : "");
    return ATH_OK;
}

static ath_status check_loops(const ath__node *n, ath_error *error) {
    if (among(n->down.names, n->down.count, n->id))
        return ath__fail(error, ATH_ARGUMENT, "Self-loop is detected in revisions (%s)%s%s", n->id, n->path ? ": " : "",
                         n->path ? n->path : "");
    if (among(n->depends_on.names, n->depends_on.count, n->id))
        return ath__fail(error, ATH_ARGUMENT, "Dependency self-loop is detected in revisions (%s)%s%s", n->id,
                         n->path ? ": " : "", n->path ? n->path : "");
    return ATH_OK;
}

static bool copy_text(ath__arena *arena, const char *text, const char **out) {
    *out = text ? ath__arena_str(arena, text) : NULL;
    return !text || *out;
}

static bool copy(ath__arena *arena, const ath_revision *r, const char *path, ath__node *n) {
    return copy_text(arena, r->id, &n->id) && copy_text(arena, r->message, &n->message) &&
           copy_text(arena, r->doc, &n->doc) && copy_text(arena, r->create_date, &n->create_date) &&
           copy_text(arena, path, &n->path) && split(arena, r->down, &n->down) &&
           split(arena, r->depends_on, &n->depends_on) && split(arena, r->branch_labels, &n->labels) &&
           split(arena, r->replaces, &n->replaces);
}

static bool make_room(ath__graph *g) {
    if (g->count < g->room)
        return true;
    uint32_t room = g->room ? g->room * 2 : 32;
    ath__vertex **at = ath__arena_alloc(g->arena, room * sizeof(ath__vertex *));
    if (!at)
        return false;
    if (g->count)
        memcpy(at, g->at, g->count * sizeof *at);
    g->at = at;
    g->room = room;
    return true;
}

ath_status ath__graph_add(ath__graph *g, const ath_revision *revision, const char *path, void *owner,
                          ath_error *error) {
    if (!revision->id)
        return ath__fail(error, ATH_ARGUMENT, "A revision without an identifier%s%s", path ? " in " : "",
                         path ? path : "");
    ATH_TRY(check_id(revision->id, path, error));
    ath__vertex *v = ath__arena_zero(g->arena, sizeof *v);
    if (!v || !make_room(g) || !copy(g->arena, revision, path, &v->node))
        return ath__fail_memory(error);
    ATH_TRY(check_loops(&v->node, error));
    v->node.owner = owner;
    v->node.place = g->count;
    g->at[g->count++] = v;
    return ATH_OK;
}

/* ---- links ---- */

static ath_status missing(const ath__vertex *v, const char *name, ath_error *error) {
    const char *path = v->node.path;
    return ath__fail(error, ATH_ARGUMENT,
                     "Revision %s referenced from %s%s%s%s is not present" ATH__HINT
                     "no file has it: get the file back, or correct what %s names",
                     name, v->node.id, path ? " (" : "", path ? path : "", path ? ")" : "", v->node.id);
}

static bool holds(const ath__spots *spots, uint32_t spot) {
    for (uint32_t i = 0; i < spots->count; i++)
        if (spots->at[i] == spot)
            return true;
    return false;
}

/* Names to places.  A parent is an id; a dependency may be a label. */
static ath_status tie(ath__graph *g, ath__vertex *v, const ath_name_list *names, bool labels, ath__spots *out,
                      ath_error *error) {
    if (!ath__spots_new(g, (uint32_t)names->count, out))
        return ath__fail_memory(error);
    for (size_t i = 0; i < names->count; i++) {
        uint32_t spot = ath__spot_of(g, names->names[i]);
        if (spot == ATH__NOWHERE || (!labels && strcmp(g->at[spot]->node.id, names->names[i]) != 0))
            return missing(v, names->names[i], error);
        if (!holds(out, spot))
            out->at[out->count++] = spot;
    }
    return ATH_OK;
}

static bool join(ath__graph *g, const ath__spots *a, const ath__spots *b, ath__spots *out) {
    if (!ath__spots_new(g, a->count + b->count, out))
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        out->at[out->count++] = a->at[i];
    for (uint32_t i = 0; i < b->count; i++)
        if (!holds(a, b->at[i]))
            out->at[out->count++] = b->at[i];
    return true;
}

static ath_status tie_down(ath__graph *g, ath_error *error) {
    for (uint32_t i = 0; i < g->count; i++) {
        ath__vertex *v = g->at[i];
        ATH_TRY(tie(g, v, &v->node.down, false, &v->down, error));
        ATH_TRY(tie(g, v, &v->node.depends_on, true, &v->deps, error));
        if (!join(g, &v->down, &v->deps, &v->all_down))
            return ath__fail_memory(error);
    }
    return ATH_OK;
}

/* The other direction: count, make room, fill. */
static bool tie_up(ath__graph *g, bool all) {
    for (uint32_t i = 0; i < g->count; i++) {
        const ath__spots *down = all ? &g->at[i]->all_down : &g->at[i]->down;
        for (uint32_t j = 0; j < down->count; j++) {
            ath__vertex *parent = g->at[down->at[j]];
            (all ? &parent->all_next : &parent->next)->count++;
        }
    }
    for (uint32_t i = 0; i < g->count; i++) {
        ath__spots *up = all ? &g->at[i]->all_next : &g->at[i]->next;
        if (!ath__spots_new(g, up->count, up))
            return false;
    }
    for (uint32_t i = 0; i < g->count; i++) {
        const ath__spots *down = all ? &g->at[i]->all_down : &g->at[i]->down;
        for (uint32_t j = 0; j < down->count; j++) {
            ath__vertex *parent = g->at[down->at[j]];
            ath__spots *up = all ? &parent->all_next : &parent->next;
            up->at[up->count++] = i;
        }
    }
    return true;
}

/* A dependency that an ancestor has too says nothing new. */
static ath_status normalise(ath__graph *g, ath_error *error) {
    uint64_t *above = ath__set_new(g);
    if (!above)
        return ath__fail_memory(error);
    for (uint32_t i = 0; i < g->count; i++) {
        ath__vertex *v = g->at[i];
        ath__spots kept = {0, NULL};
        if (v->deps.count) {
            memset(above, 0, ath__set_words(g) * sizeof *above);
            ath__reach(g, ATH__DOWN, &v->down, above);
            if (!ath__spots_new(g, v->deps.count, &kept))
                return ath__fail_memory(error);
        }
        for (uint32_t j = 0; j < v->deps.count; j++) {
            bool known = false;
            const ath__spots *others = &g->at[v->deps.at[j]]->all_next; /* who else depends on it? */
            for (uint32_t k = 0; k < others->count && !known; k++)
                known = ath__in(above, others->at[k]) && holds(&g->at[others->at[k]]->deps, v->deps.at[j]);
            if (!known)
                kept.at[kept.count++] = v->deps.at[j];
        }
        if (!join(g, &v->down, &kept, &v->needs))
            return ath__fail_memory(error);
    }
    return ATH_OK;
}

/* ---- heads, bases, labels ---- */

static bool gather(ath__graph *g) {
    if (!ath__spots_new(g, g->count, &g->heads) || !ath__spots_new(g, g->count, &g->real_heads) ||
        !ath__spots_new(g, g->count, &g->bases))
        return false;
    for (uint32_t i = 0; i < g->count; i++) {
        ath__vertex *v = g->at[i];
        v->node.is_head = !v->next.count;
        v->node.is_effective_head = !v->all_next.count;
        v->node.is_base = !v->down.count;
        v->node.is_branch_point = v->next.count > 1;
        v->node.is_merge_point = v->down.count > 1;
        if (v->node.is_head)
            g->heads.at[g->heads.count++] = i;
        if (v->node.is_effective_head)
            g->real_heads.at[g->real_heads.count++] = i;
        if (v->node.is_base)
            g->bases.at[g->bases.count++] = i;
    }
    return true;
}

static bool splits(const ath__vertex *v) {
    return v->all_next.count > 1 || v->down.count > 1;
}

static bool add_labels(ath__graph *g, ath__vertex *v, const ath_name_list *labels) {
    const char **names = ath__arena_alloc(g->arena, (v->node.all_labels.count + labels->count) * sizeof *names);
    size_t count = v->node.all_labels.count;
    if (!names)
        return false;
    if (count)
        memcpy(names, v->node.all_labels.names, count * sizeof *names);
    for (size_t i = 0; i < labels->count; i++)
        if (!among(names, count, labels->names[i]))
            names[count++] = labels->names[i];
    v->node.all_labels = (ath_name_list){count, names};
    return true;
}

/* A label is of all descendants; and, on a line that splits nowhere above, of the ancestors down to the next point where
 * branches meet. */
static bool spread(ath__graph *g, uint32_t from, uint64_t *set) {
    ath__vertex *v = g->at[from], *top = v;
    ath__spots one = {1, &from};
    memset(set, 0, ath__set_words(g) * sizeof *set);
    ath__reach(g, ATH__NEXT, &one, set);
    while (!splits(top) && top->next.count == 1)
        top = g->at[top->next.at[0]];
    for (ath__vertex *down = v; !splits(top) && !splits(down); down = g->at[down->down.at[0]]) {
        ath__put(set, (uint32_t)down->node.place);
        if (!down->down.count)
            break;
    }
    for (uint32_t i = 0; i < g->count; i++)
        if (ath__in(set, i) && !add_labels(g, g->at[i], &v->node.labels))
            return false;
    return true;
}

static bool spread_labels(ath__graph *g) {
    uint64_t *set = ath__set_new(g);
    if (!set)
        return false;
    for (uint32_t i = 0; i < g->count; i++)
        if (g->at[i]->node.labels.count && !spread(g, i, set))
            return false;
    return true;
}

static bool name_links(ath__graph *g) {
    for (uint32_t i = 0; i < g->count; i++) {
        ath__vertex *v = g->at[i];
        if (!ath__names_of(g, &v->next, &v->node.next) || !ath__names_of(g, &v->needs, &v->node.needs))
            return false;
    }
    return true;
}

static ath_status sort_all(ath__graph *g, ath_error *error) {
    uint64_t *todo = ath__set_new(g);
    if (!todo)
        return ath__fail_memory(error);
    for (uint32_t i = 0; i < g->count; i++)
        ath__put(todo, i);
    return ath__walk_order(g, todo, &g->real_heads, &g->order, error);
}

ath_status ath__graph_finish(ath__graph *g, ath_error *error) {
    g->stack = ath__arena_alloc(g->arena, (g->count + 1) * sizeof *g->stack);
    if (!g->stack)
        return ath__fail_memory(error);
    ATH_TRY(ath__graph_check_keys(g, error));
    ATH_TRY(ath__graph_check_replaced(g, error));
    ATH_TRY(tie_down(g, error));
    if (!tie_up(g, false) || !tie_up(g, true) || !gather(g))
        return ath__fail_memory(error);
    ATH_TRY(ath__graph_check_cycles(g, error));
    ATH_TRY(normalise(g, error));
    if (!spread_labels(g) || !name_links(g))
        return ath__fail_memory(error);
    return sort_all(g, error);
}

/* ---- reading ---- */

size_t ath__graph_count(const ath__graph *g) {
    return g->count;
}

const ath__node *ath__graph_at(const ath__graph *g, size_t i) {
    return &g->at[g->order.at[i]]->node;
}

const ath__node *ath__graph_node(const ath__graph *g, const char *id) {
    uint32_t spot = ath__spot_of(g, id);
    return spot != ATH__NOWHERE && strcmp(g->at[spot]->node.id, id) == 0 ? &g->at[spot]->node : NULL;
}

const ath__node *ath__graph_replacing(const ath__graph *g, const char *id) {
    for (uint32_t i = 0; i < g->count; i++)
        if (among(g->at[i]->node.replaces.names, g->at[i]->node.replaces.count, id))
            return &g->at[i]->node;
    return NULL;
}

ath_status ath__graph_heads(ath__graph *g, bool effective, ath__nodes *out, ath_error *error) {
    return ath__nodes_of(g, effective ? &g->real_heads : &g->heads, out, error);
}

ath_status ath__graph_bases(ath__graph *g, ath__nodes *out, ath_error *error) {
    return ath__nodes_of(g, &g->bases, out, error);
}
