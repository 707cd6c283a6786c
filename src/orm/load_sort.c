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

/* ---- sorting ---- */

static bool before(const ath__node *n, const ath__pair *a, const ath__pair *b) {
    return n->sorts_down ? b->key < a->key : a->key < b->key;
}

/* Neighbours of one parent in order are enough: rows of one parent that do not lie together are taken for disorder. */
static bool in_order(const ath__node *n) {
    for (size_t i = 1; i < n->pair_count; i++) {
        const ath__pair *a = &n->pairs[i - 1], *b = &n->pairs[i];
        if (b->parent < a->parent || (b->parent == a->parent && before(n, b, a)))
            return false;
    }
    return true;
}

static void merge(const ath__node *n, const ath__pair *from, size_t left, size_t count, ath__pair *to) {
    size_t a = 0, b = left;
    for (size_t i = 0; i < count; i++) {
        bool second = a == left || (b < count && before(n, &from[b], &from[a]));
        to[i] = from[second ? b++ : a++];
    }
}

/* Stable, from runs of one upwards; the result lies in *pairs again. */
static void sort(const ath__node *n, ath__pair *pairs, ath__pair *other) {
    size_t count = n->pair_count;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t rest = count - at, whole = rest < 2 * run ? rest : 2 * run;
            merge(n, pairs + at, run < whole ? run : whole, whole, other + at);
        }
        memcpy(pairs, other, count * sizeof *pairs);
    }
}

ath_status ath__load_sort(ath__loading *l, ath__node *n) {
    if (!n->sorts || in_order(n))
        return ATH_OK;
    size_t size = n->pair_count * sizeof *n->pairs;
    ath__pair *other = ath__alloc(l->s->allocator, size);
    if (!other)
        return ath__session_no_memory(l->s);
    sort(n, n->pairs, other);
    ath__free(l->s->allocator, other, size);
    return ATH_OK;
}
