/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a tree of relations is loaded: the query's own rows with what is joined to them, then what hangs below.
 */
#include "orm/loading.h"

/* ---- objects of a node ---- */

/* The number of the object in the node, if rows may repeat it. */
static ath_status number_of(ath__loading *l, ath__node *n, const void *object, size_t *number) {
    ath_value key[ATH__KEY_COLUMNS];
    const ath__column *columns[ATH__KEY_COLUMNS];
    const ath_table *t = n->m->table;
    for (size_t i = 0; i < t->key_count && i < ATH__KEY_COLUMNS; i++)
        columns[i] = &t->columns[t->key[i]];
    n->known.allocator = l->s->allocator;
    n->known.width = t->key_count;
    if (!ath__key_of(columns, t->key_count, object, key))
        return ath__fail(&l->s->error, ATH_DATA, "a row of %s has no key", t->name);
    *number = ath__keymap_add(&n->known, key);
    return *number == ATH__NO_KEY ? ath__session_no_memory(l->s) : ATH_OK;
}

ath_status ath__node_add(ath__loading *l, ath__node *n, void *object, uint32_t *number) {
    size_t known = n->objects.count;
    if (n->once)
        ATH_TRY(number_of(l, n, object, &known));
    *number = (uint32_t)known;
    if (known < n->objects.count)
        return ATH_OK;
    return ath__gather(l->s, &n->objects, object) ? ATH_OK : l->s->error.status;
}

/* Of rows of joined-table classes, what their own tables have. */
static ath_status complete(ath__loading *l, ath__node *n) {
    void *const *items = n->objects.count ? n->objects.vector->items : NULL;
    size_t done = n->completed;
    n->completed = n->objects.count;
    if (!l->read_only && n->objects.count > done)
        ATH_TRY(ath__family_complete(l->s, n->m, items + done, n->objects.count - done, l->overwrite));
    for (ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child))
            ATH_TRY(complete(l, child));
    return ATH_OK;
}

static bool no_row(const ath__mapper *m, const ath_value *cells) {
    for (size_t i = 0; i < m->table->key_count; i++)
        if (cells[m->table->key[i]].kind != ATH_KIND_NULL)
            return false;
    return true;
}

/* The object of the row's cells for this node, then those of the relations joined to it. */
static ath_status take_cells(ath__loading *l, ath__node *n, const ath_value *row) {
    const ath_value *cells = row + n->first_cell;
    n->in_row = !(ath__node_is_joined(n) && no_row(n->m, cells));
    if (n->in_row) {
        void *object = l->read_only ? ath__load_read_only(l->s, n->m, cells, n->missing)
                                    : ath__load_part(l->s, n->m, cells, l->overwrite, n->missing);
        if (!object)
            return l->s->error.status;
        ATH_TRY(ath__node_add(l, n, object, &n->row));
        if (ath__node_is_joined(n) && n->parent->in_row)
            ATH_TRY(ath__pair_add(l, n, n->parent->row, n->row));
    }
    for (ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child))
            ATH_TRY(take_cells(l, child, row));
    return ATH_OK;
}

/* ---- one statement ---- */

/* Cells go where they would be if nothing were left out. */
static void spread(const ath__node *n, const ath_value *cells, size_t count, ath_value *row) {
    for (size_t i = 0; i < count; i++)
        row[n->cell_of[i]] = cells[i];
}

static ath_status run_rows(ath__loading *l, ath__node *n, ath__prepared *p, ath_value *cells, size_t count,
                           ath__row_fn also) {
    ath_session *s = l->s;
    ath_value *row = n->cell_of ? cells + count : cells;
    for (;;) {
        switch (ath__run_step(s->connection, p)) {
        case ATH__STEP_DONE:
            return ATH_OK;
        case ATH__STEP_ERROR:
            return ath__session_failed(s);
        default:
            break;
        }
        ATH_TRY(s->connection->driver->row(p->statement, cells, count, &s->error));
        if (n->cell_of)
            spread(n, cells, count, row);
        ATH_TRY(take_cells(l, n, row));
        if (also)
            ATH_TRY(also(l, n, row));
    }
}

static ath_status begin_groups(ath__loading *l, ath__node *n) {
    if (l->read_only)
        return ath__family_untracked(l->s, n->m);
    if (!n->m->links)
        return ATH_OK;
    if (!n->objects.count)
        ATH_TRY(ath__mapper_begin_group(l->s, n->m));
    for (ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child))
            ATH_TRY(begin_groups(l, child));
    return ATH_OK;
}

ath_status ath__load_rows(ath__loading *l, ath__node *n, const ath_select_stmt *stmt, size_t cell_count,
                          ath__row_fn also) {
    ath_session *s = l->s;
    ath_connection *connection = ath__session_connection(s);
    if (!connection)
        return s->error.status;
    ath_value *cells = ath__arena_zero(&l->arena, (cell_count + (n->cell_of ? n->row_cells : 0)) * sizeof *cells);
    if (!cells)
        return ath__session_no_memory(s);
    ATH_TRY(begin_groups(l, n));
    if (!ath__filtered_select(s, &stmt, l->unfiltered))
        return s->error.status;
    ath__prepared *p = ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, stmt});
    if (!p)
        return ath__session_failed(s);
    ath_status status = run_rows(l, n, p, cells, cell_count, also);
    ath__prepared_release(connection, p);
    return status == ATH_OK ? complete(l, n) : status;
}

/* ---- what hangs below ---- */

/* ath_load_rel is refused for objects that have not got the relation. */
static ath_status refuse(ath__loading *l, ath__node *n) {
    for (size_t i = 0; !l->read_only && i < n->parent->objects.count; i++)
        ATH_TRY(ath__mark_refused(l->s, n->parent->m, n->parent->objects.vector->items[i], n->link->relation));
    return ATH_OK;
}

static ath_status load_node(ath__loading *l, ath__node *n) {
    if (!n->parent->objects.count)
        return ATH_OK;
    if (ath__node_is_joined(n) || n->strategy == ATH_LOAD_NONE)
        ATH_TRY(ath__load_attach(l, n));
    else if (n->strategy == ATH_LOAD_RAISE)
        return refuse(l, n);
    else
        ATH_TRY(ath__load_selectin(l, n));
    return ath__load_below(l, n);
}

ath_status ath__load_below(ath__loading *l, ath__node *n) {
    for (ath__node *child = n->first; child; child = child->next)
        ATH_TRY(load_node(l, child));
    return ATH_OK;
}

ath_status ath__load_run(ath__loading *l, ath__node *root, const ath_select_stmt *query) {
    size_t cells = 0;
    const ath_select_stmt *stmt = ath__load_join(l, root, query, NULL, &cells);
    if (!stmt)
        return l->s->error.status;
    root->stmt = query;
    ATH_TRY(ath__load_rows(l, root, stmt, cells, NULL));
    return ath__load_below(l, root);
}
