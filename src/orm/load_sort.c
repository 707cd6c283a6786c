/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: children that are ordered by one whole number are sorted here, not by the database.
 *
 * Rows mostly come in that order already (it is the key, mostly), and then a look at them is all; the database would sort
 * wide joined rows.  The numbers are those of the rows, whatever the program has made of its objects meanwhile.
 */
#include "orm/loading.h"

static bool is_whole_number(const ath__column *c) {
    return !c->nullable && !c->computed && (c->ctype == ATH_C_I16 || c->ctype == ATH_C_I32 || c->ctype == ATH_C_I64);
}

bool ath__load_sorts(ath__node *n, ath_expr_list order) {
    const ath_expr *e = order.count == 1 ? order.items[0] : NULL;
    bool down = e && e->node == ATH_NODE_OPERATOR && e->op == ATH_OP_DESC;
    if (down || (e && e->node == ATH_NODE_OPERATOR && e->op == ATH_OP_ASC))
        e = e->args[0];
    bool own = e && e->node == ATH_NODE_COLUMN && e->u.column.model == n->m->model && !e->u.column.alias;
    const ath__column *c = own ? ath__table_column_at(n->m->table, e->u.column.offset) : NULL;
    if (!c || !is_whole_number(c) || (n->missing && ath__mask_has(n->missing, ath__cell_at(n->m, c->position))))
        return false;
    n->sorts = true;
    n->sorts_down = down;
    n->sort_cell = ath__cell_at(n->m, c->position);
    return true;
}

/* ---- in which order they come ---- */

static bool grow_keys(ath__loading *l, ath__node *n) {
    size_t capacity = n->sort_capacity ? n->sort_capacity * 2 : 64;
    int64_t *larger =
        ath__realloc(l->s->allocator, n->sort_keys, n->sort_capacity * sizeof *larger, capacity * sizeof *larger);
    if (!larger)
        return false;
    n->sort_keys = larger;
    n->sort_capacity = capacity;
    return true;
}

bool ath__load_sort_note(ath__loading *l, ath__node *n, uint32_t parent) {
    const ath__pair *last = n->pair_count ? &n->pairs[n->pair_count - 1] : NULL;
    if (n->paired == n->sort_capacity && !grow_keys(l, n))
        return false;
    if (last && parent == last->parent) {
        int64_t before = n->sort_keys[n->paired - 1];
        n->disordered |= n->sorts_down ? before < n->sort_key : n->sort_key < before;
    } else if (last && parent < last->parent) { /* rows of one parent that do not lie together, maybe */
        n->disordered = true;
    }
    n->sort_keys[n->paired] = n->sort_key;
    return true;
}

/* ---- sorting ---- */

typedef struct child {
    int64_t key;
    uint32_t parent, number;
} child;

static bool before(const ath__node *n, const child *a, const child *b) {
    return n->sorts_down ? b->key < a->key : a->key < b->key;
}

static void merge(const ath__node *n, const child *from, size_t left, size_t count, child *to) {
    size_t a = 0, b = left;
    for (size_t i = 0; i < count; i++) {
        bool second = a == left || (b < count && before(n, &from[b], &from[a]));
        to[i] = from[second ? b++ : a++];
    }
}

/* Stable, from runs of one upwards; the result lies in *all again. */
static void sort(const ath__node *n, child *all, child *other) {
    size_t count = n->paired;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t rest = count - at, whole = rest < 2 * run ? rest : 2 * run;
            merge(n, all + at, run < whole ? run : whole, whole, other + at);
        }
        memcpy(all, other, count * sizeof *all);
    }
}

static void take_apart(const ath__node *n, child *all) {
    size_t at = 0;
    for (size_t i = 0; i < n->pair_count; i++)
        for (uint32_t k = 0; k < n->pairs[i].count; k++, at++)
            all[at] = (child){n->sort_keys[at], n->pairs[i].parent, n->pairs[i].child + k};
}

static void pair_again(ath__loading *l, ath__node *n, const child *all, ath__pair *pairs) {
    for (size_t i = 0; i < n->paired; i++)
        pairs[i] = (ath__pair){all[i].parent, all[i].number, 1};
    ath__free(l->s->allocator, n->pairs, n->pair_capacity * sizeof *pairs);
    n->pairs = pairs;
    n->pair_count = n->pair_capacity = n->paired;
}

ath_status ath__load_sort(ath__loading *l, ath__node *n) {
    const ath_allocator *a = l->s->allocator;
    if (!n->disordered)
        return ATH_OK;
    size_t size = 2 * n->paired * sizeof(child);
    child *all = ath__alloc(a, size);
    ath__pair *pairs = all ? ath__alloc(a, n->paired * sizeof *pairs) : NULL;
    if (pairs) {
        take_apart(n, all);
        sort(n, all, all + n->paired);
        pair_again(l, n, all, pairs);
        n->disordered = false;
    }
    ath__free(a, all, size);
    return pairs ? ATH_OK : ath__session_no_memory(l->s);
}
