/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a tree of relations is loaded: the query's own rows with what is joined to them, then what hangs below.
 */
#include "orm/loading.h"

/* ---- objects of a node ---- */

/* A tracked object is known by its place. */
static ath_status number_of_tracked(ath__loading *l, ath__node *n, const void *object, size_t *number) {
    uint32_t index = ath__object_code(n->m, object);
    if (index >= n->number_count) {
        size_t count = (size_t)index < n->m->count ? n->m->count + n->m->count / 2 + 16 : (size_t)index + 1;
        uint32_t *larger =
            ath__realloc(l->s->allocator, n->numbers, n->number_count * sizeof *larger, count * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(l->s);
        memset(larger + n->number_count, 0, (count - n->number_count) * sizeof *larger);
        n->numbers = larger;
        n->number_count = count;
    }
    if (!n->numbers[index])
        n->numbers[index] = (uint32_t)n->objects.count + 1;
    *number = n->numbers[index] - 1;
    return ATH_OK;
}

/* One that is not tracked, by its key. */
static ath_status number_of_plain(ath__loading *l, ath__node *n, const void *object, size_t *number) {
    ath_value key[ATH__KEY_COLUMNS];
    const ath__column *columns[ATH__KEY_COLUMNS];
    const ath_table *t = n->m->table;
    if (t->key_count > ATH__KEY_COLUMNS)
        return ath__fail(&l->s->error, ATH_ARGUMENT, "%s has a key of more than %d columns", t->name, ATH__KEY_COLUMNS);
    for (size_t i = 0; i < t->key_count; i++)
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
        ATH_TRY(l->read_only ? number_of_plain(l, n, object, &known) : number_of_tracked(l, n, object, &known));
    *number = (uint32_t)known;
    n->is_new = known == n->objects.count;
    if (!n->is_new)
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

/* Columns `first` and on of the present row, when the row is read piece by piece. */
static ath_status read_cells(ath__loading *l, size_t first, ath_value *cells, size_t count) {
    return l->s->connection->driver->cells(l->unread, first, cells, count, &l->s->error);
}

static bool no_row(const ath__mapper *m, const ath_value *cells) {
    for (size_t i = 0; i < m->table->key_count; i++)
        if (cells[m->table->key[i]].kind != ATH_KIND_NULL)
            return false;
    return true;
}

/* Rows of one parent mostly come together: the object of the row before is known by its key alone. */
static bool is_row_before(ath__node *n, const ath_value *cells) {
    const ath_value *key = n->once && n->m->table->key_count == 1 ? &cells[n->m->table->key[0]] : NULL;
    if (!key || key->kind != ATH_KIND_INT) {
        n->has_row_key = false;
        return false;
    }
    bool same = n->has_row_key && n->row_key == key->as.i;
    n->has_row_key = true;
    n->row_key = key->as.i;
    n->is_new = false;
    return same;
}

static ath_status take_object(ath__loading *l, ath__node *n, const ath_value *cells) {
    if (is_row_before(n, cells))
        return ATH_OK;
    void *object = l->read_only ? ath__load_read_only(l->s, n->m, cells, n->missing, l->memory)
                                : ath__load_part(l->s, n->m, cells, l->overwrite, n->missing);
    return object ? ath__node_add(l, n, object, &n->row) : l->s->error.status;
}

/* Whether the node's object is that of the row before, looking at nothing of this row but its key. */
static ath_status look_at_key(ath__loading *l, ath__node *n, ath_value *cells, bool *same) {
    size_t key = n->m->table->key[0];
    *same = false;
    if (!n->has_row_key)
        return ATH_OK;
    ATH_TRY(read_cells(l, n->first_cell + key, &cells[key], 1));
    *same = cells[key].kind == ATH_KIND_INT && cells[key].as.i == n->row_key;
    return ATH_OK;
}

/* The object of the row's cells for this node; *same: it is that of the row before. */
static ath_status take_own(ath__loading *l, ath__node *n, ath_value *cells, bool *same) {
    *same = false;
    if (l->unread && n->repeats_key)
        ATH_TRY(look_at_key(l, n, cells, same));
    if (*same) {
        n->is_new = false;
        return ATH_OK;
    }
    if (l->unread)
        ATH_TRY(read_cells(l, n->first_cell, cells, n->m->row_table->column_count));
    n->in_row = !(ath__node_is_joined(n) && no_row(n->m, cells));
    if (!n->in_row) {
        n->has_row_key = false;
        return ATH_OK;
    }
    ATH_TRY(take_object(l, n, cells));
    n->sort_key = n->sorts ? cells[n->sort_cell].as.i : 0;
    return ATH_OK;
}

/* And then those of the relations joined to it. */
static ath_status take_cells(ath__loading *l, ath__node *n, ath_value *row) {
    bool same;
    ATH_TRY(take_own(l, n, row + n->first_cell, &same));
    if (n->in_row && ath__node_is_joined(n) && n->parent->in_row)
        ATH_TRY(ath__pair_add(l, n, n->parent->row, n->row));
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

ath__step ath__load_step(ath__loading *l, ath__node *n, ath__prepared *p, ath_value *cells, size_t count,
                         ath__row_fn also) {
    ath_session *s = l->s;
    ath_value *row = n->cell_of ? cells + count : cells;
    ath__step step = l->within ? ath__run_within(s->connection, p) : ath__run_step(s->connection, p);
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    if (step != ATH__STEP_ROW)
        return step;
    bool piecewise = n->repeats && !n->cell_of && !also && s->connection->driver->cells;
    l->unread = piecewise ? p->statement : NULL;
    if (!piecewise && s->connection->driver->row(p->statement, cells, count, &s->error) != ATH_OK)
        return ATH__STEP_ERROR;
    if (n->cell_of)
        spread(n, cells, count, row);
    bool taken = take_cells(l, n, row) == ATH_OK && (!also || also(l, n, row) == ATH_OK);
    return taken ? ATH__STEP_ROW : ATH__STEP_ERROR;
}

ath_value *ath__load_cells(ath__loading *l, const ath__node *n, size_t count) {
    ath_value *cells = ath__arena_zero(&l->arena, (count + (n->cell_of ? n->row_cells : 0)) * sizeof *cells);
    if (!cells)
        ath__session_no_memory(l->s);
    return cells;
}

/* Rows that are one new object each, and nothing else: no relation is joined, none may come twice. */
static bool is_plain(const ath__loading *l, const ath__node *n) {
    for (const ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child))
            return false;
    return !n->once && !n->cell_of && !l->read_only;
}

/* The same as ath__load_step, with nothing to be asked about. */
static ath__step plain_step(ath__loading *l, ath__node *n, ath__prepared *p, ath_value *cells, size_t count,
                            ath__row_fn also) {
    ath_session *s = l->s;
    ath__step step = ath__run_within(s->connection, p);
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    if (step != ATH__STEP_ROW)
        return step;
    if (s->connection->driver->row(p->statement, cells, count, &s->error) != ATH_OK)
        return ATH__STEP_ERROR;
    void *object = ath__load_part(s, n->m, cells, l->overwrite, n->missing);
    n->row = (uint32_t)n->objects.count;
    if (!object || !ath__gather(s, &n->objects, object))
        return ATH__STEP_ERROR;
    n->sort_key = n->sorts ? cells[n->sort_cell].as.i : 0;
    return !also || also(l, n, cells) == ATH_OK ? ATH__STEP_ROW : ATH__STEP_ERROR;
}

static ath__step take_rows(ath__loading *l, ath__node *n, ath__prepared *p, ath_value *cells, size_t count,
                           ath__row_fn also) {
    ath__step step = ATH__STEP_ROW;
    bool plain = is_plain(l, n);
    if (ath__enter(l->s->connection) != ATH_OK) {
        ath__session_failed(l->s);
        return ATH__STEP_ERROR;
    }
    l->within = true;
    while (step == ATH__STEP_ROW)
        step = plain ? plain_step(l, n, p, cells, count, also) : ath__load_step(l, n, p, cells, count, also);
    l->within = false;
    ath__leave(l->s->connection);
    return step;
}

static ath_status begin_groups(ath__loading *l, ath__node *n) {
    if (l->read_only)
        return ath__family_untracked(l->s, n->m, n->parent ? NULL : l->query);
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
    ath_value *cells = ath__load_cells(l, n, cell_count);
    if (!cells)
        return s->error.status;
    ATH_TRY(begin_groups(l, n));
    if (!ath__filtered_select(s, &stmt, l->unfiltered))
        return s->error.status;
    ath__prepared *p = ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, stmt});
    if (!p)
        return ath__session_failed(s);
    ath__step step = take_rows(l, n, p, cells, cell_count, also);
    ath__prepared_release(connection, p);
    return step == ATH__STEP_DONE ? complete(l, n) : s->error.status;
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
