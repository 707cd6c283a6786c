/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: UPDATE and DELETE by condition, with the session's own objects kept in step.
 *
 * When the session holds objects of the model, the statement also returns the rows it touched; objects among them take
 * the new values, or leave with their rows.  A database that cannot do that is asked first which rows it will be, and
 * locks them; afterwards their new values are read, or the objects leave.  Without objects only the count is asked for.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256 };

/* All columns of the model as a list of expressions, for RETURNING. */
typedef struct all_columns {
    ath_expr nodes[COLUMN_LIMIT];
    const ath_expr *items[COLUMN_LIMIT];
} all_columns;

static ath_expr_list list_columns(const ath__mapper *m, all_columns *all) {
    const ath_table *t = m->row_table;
    size_t n = t->column_count;
    for (size_t i = 0; i < n; i++) {
        const ath__column *c = &t->columns[i];
        all->nodes[i] = (ath_expr){.node = ATH_NODE_COLUMN,
                                   .u.column = {.model = c->owner ? c->owner : m->model, .offset = c->offset}};
        all->items[i] = &all->nodes[i];
    }
    return (ath_expr_list){n, all->items};
}

/* How objects follow the statement. */
typedef enum follow { FOLLOW_NOTHING, FOLLOW_RETURNING, FOLLOW_SELECT } follow;

static follow how_to_follow(const ath__mapper *m, bool returning) {
    if (!(m->family ? m->family->members[0] : m)->identity.used)
        return FOLLOW_NOTHING;
    return returning && m->row_table->column_count <= COLUMN_LIMIT ? FOLLOW_RETURNING : FOLLOW_SELECT;
}

/* The object of the row at hand, if the session has it. */
static void *known_object(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->table->key_count; i++) {
        const ath__field *step = &m->steps[m->table->key[i]];
        if (ath__field_set(step->ctype, step->size, step->type, (char *)m->probe + step->offset,
                           &m->cells[m->table->key[i]], &s->arena, &s->error) != ATH_OK)
            return NULL;
    }
    return ath__identity_find(m, m->probe, ath__identity_hash(m, m->probe));
}

static ath_status take_update(ath_session *s, ath__mapper *m) {
    void *known = known_object(s, m);
    if (known && !ath__load_object(s, m, m->cells, true))
        return s->error.status;
    return s->error.status;
}

/* The object's row is gone. */
static ath_status leave(ath_session *s, ath__mapper *m, void *object) {
    ATH_TRY(ath__journal_add(s, ATH__UNDO_DELETE, m, object));
    ath__identity_remove(m, object, ath__image_of(m, object));
    ath__head_of(object)->state = ATH_STATE_DELETED;
    return ATH_OK;
}

static ath_status take_delete(ath_session *s, ath__mapper *m) {
    void *known = known_object(s, m);
    return known ? leave(s, m, known) : s->error.status;
}

typedef ath_status (*take_fn)(ath_session *s, ath__mapper *m); /* NULL: the statement gives no rows back */

static int64_t run(ath_session *s, ath__mapper *m, ath_stmt stmt, take_fn take) {
    ath_connection *connection = s->connection;
    bool ready = ath__filtered(s, &stmt);
    ath__prepared *p = ready ? ath__prepare_stmt(connection, stmt) : NULL;
    if (!p) {
        if (ready)
            ath__session_failed(s);
        return -1;
    }
    int64_t count = 0;
    ath__step step;
    while ((step = ath__run_step(connection, p)) == ATH__STEP_ROW && s->error.status == ATH_OK) {
        count++;
        if (take && connection->driver->row(p->statement, m->cells, m->row_table->column_count, &s->error) == ATH_OK)
            take(s, m);
    }
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    else if (!take)
        count = connection->driver->rows_changed(connection->handle);
    ath__prepared_release(connection, p);
    /* Rows are changed, but objects could not follow: only a rollback makes both agree. */
    if (step != ATH__STEP_ERROR && s->error.status != ATH_OK)
        s->failed = true;
    return s->error.status == ATH_OK ? count : -1;
}

/* ---- where nothing is returned ---- */

/* The objects that a statement will touch, by its condition: added to the list of their class. */
static ath_status gather(ath_session *s, ath__mapper *m, const ath_select_stmt *select, ath__indexes *lists) {
    ath_connection *connection = s->connection;
    if (!ath__filtered_select(s, &select, false))
        return s->error.status;
    ath__prepared *p = ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, select});
    if (!p)
        return ath__session_failed(s);
    ath__step step;
    while ((step = ath__run_step(connection, p)) == ATH__STEP_ROW && s->error.status == ATH_OK) {
        if (connection->driver->row(p->statement, m->cells, m->row_table->column_count, &s->error) != ATH_OK)
            break;
        void *known = known_object(s, m);
        if (known)
            ath__indexes_add(s, &lists[ath__mapper_of(m, known)->member - m->member], ath__head_of(known)->index);
    }
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    ath__prepared_release(connection, p);
    return s->error.status;
}

static int by_index(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* A joined table may have named a row more than once. */
static void drop_repeated(ath__indexes *list) {
    size_t kept = 0;
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, by_index);
    for (size_t i = 0; i < list->count; i++)
        if (!kept || list->items[i] != list->items[kept - 1])
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static ath_status read_again(ath_session *s, ath__mapper *m, const ath__indexes *list) {
    uint16_t columns[COLUMN_LIMIT];
    size_t n = 0;
    for (size_t i = 0; i < m->table->column_count && n < COLUMN_LIMIT; i++)
        if (!m->table->columns[i].primary_key)
            columns[n++] = (uint16_t)i;
    return ath__flush_read(s, m, list->items, list->count, columns, n);
}

static ath_status let_go(ath_session *s, ath__mapper *m, const ath__indexes *list) {
    for (size_t i = 0; i < list->count; i++)
        ATH_TRY(leave(s, m, ath__mapper_object(m, list->items[i])));
    return ATH_OK;
}

typedef ath_status (*follow_fn)(ath_session *s, ath__mapper *m, const ath__indexes *list);

static ath_status follow_classes(ath_session *s, ath__mapper *m, ath__indexes *lists, follow_fn after) {
    ath__mapper *real;
    for (size_t i = 0; (real = ath__mapper_heir(m, i)) != NULL; i++) {
        drop_repeated(&lists[i]);
        ATH_TRY(after(s, real, &lists[i]));
    }
    return ATH_OK;
}

/* The rows selected and locked, the statement, and what it did to the objects. */
static int64_t run_selected(ath_session *s, ath__mapper *m, const ath_select_stmt *like, ath_stmt stmt,
                            follow_fn after) {
    all_columns all;
    size_t classes = m->family ? (size_t)(m->members_to - m->member) : 1;
    ath__indexes *lists = ath__alloc_zero(s->allocator, classes, sizeof *lists);
    ath_select_stmt select = *like;
    select.struct_size = sizeof select;
    select.model = m->model;
    int64_t count = -1;
    if (!lists)
        return ath__session_no_memory(s), -1;
    if (m->row_table->column_count > COLUMN_LIMIT) {
        ath__fail(&s->error, ATH_ARGUMENT, "model %s has more than %d columns", m->model->name, COLUMN_LIMIT);
    } else {
        select.columns = list_columns(m, &all);
        select.lock = ath_for_update();
        if (gather(s, m, &select, lists) == ATH_OK)
            count = run(s, m, stmt, NULL);
    }
    if (count >= 0 && follow_classes(s, m, lists, after) != ATH_OK) {
        s->failed = true; /* rows are changed, but objects could not follow */
        count = -1;
    }
    for (size_t i = 0; i < classes; i++)
        ath__free(s->allocator, lists[i].items, lists[i].capacity * sizeof *lists[i].items);
    ath__free(s->allocator, lists, classes * sizeof *lists);
    return count;
}

static const ath__column *column_set(const ath__mapper *m, const ath_assignment *set) {
    const ath_expr *to = set->column;
    return !to                           ? NULL
           : to->node == ATH_NODE_COLUMN ? ath__table_column_at(m->table, to->u.column.offset)
           : to->node == ATH_NODE_NAME   ? ath__table_column_named(m->table, to->u.name.name)
                                         : NULL;
}

/* Objects are found again by their keys: a statement that changes those would lose them. */
static bool sets_key(const ath__mapper *m, const ath_update_stmt *update) {
    for (size_t i = 0; i < update->set.count; i++) {
        const ath__column *c = column_set(m, &update->set.items[i]);
        if (c && c->primary_key)
            return true;
    }
    return false;
}

static int64_t refuse_key(ath_session *s, const ath__mapper *m) {
    ath__fail(&s->error, ATH_NOT_SUPPORTED,
              "nothing says which objects an UPDATE that sets the key of %s has touched: change the objects",
              m->table->name);
    return -1;
}

/* What is set, and behind it version = version + 1. */
typedef struct counted {
    ath_assignment items[COLUMN_LIMIT];
    ath_expr column, one, sum;
    const ath_expr *args[2];
} counted;

/* Rows that are changed by condition have a new version, too. */
static void count_version(const ath__mapper *m, ath_update_stmt *stmt, counted *c) {
    if (m->table->version < 0 || !stmt->set.count || stmt->set.count >= COLUMN_LIMIT)
        return;
    const ath__column *version = &m->table->columns[m->table->version];
    for (size_t i = 0; i < stmt->set.count; i++)
        if (column_set(m, &stmt->set.items[i]) == version)
            return;
    c->column = (ath_expr){.node = ATH_NODE_COLUMN, .u.column = {.model = m->model, .offset = version->offset}};
    c->one = (ath_expr){.node = ATH_NODE_LITERAL, .u.value = {.kind = ATH_KIND_INT, .as.i = 1}};
    c->args[0] = &c->column;
    c->args[1] = &c->one;
    c->sum = (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_ADD, .count = 2, .args = c->args};
    memcpy(c->items, stmt->set.items, stmt->set.count * sizeof *c->items);
    c->items[stmt->set.count] = (ath_assignment){&c->column, &c->sum};
    stmt->set = (ath_assignment_list){stmt->set.count + 1, c->items};
}

static ath__mapper *prepare_change(ath_session *s, const ath_model *model, ath_expr_list returning) {
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    if (returning.count) {
        ath__fail(&s->error, ATH_ARGUMENT, "the session's own UPDATE and DELETE take no .returning; ath_execute does");
        return NULL;
    }
    ath__mapper *m = ath__session_mapper(s, model);
    ath__journal_aside(s);
    return m && ath__session_connection(s) ? m : NULL;
}

static int64_t update_selected(ath_session *s, ath__mapper *m, const ath_update_stmt *u) {
    const ath_select_stmt like = {.with = u->with,
                                  .from = u->from,
                                  .where = u->where_,
                                  .order_by = u->order_by,
                                  .limit = u->limit,
                                  .unfiltered = u->unfiltered};
    return run_selected(s, m, &like, (ath_stmt){ATH_STMT_UPDATE, u}, read_again);
}

int64_t ath_session_update(ath_session *s, const ath_update_stmt *update) {
    ath__mapper *m = prepare_change(s, update->model, update->returning);
    if (!m)
        return -1;
    all_columns all;
    counted with_version;
    ath_update_stmt stmt = *update;
    count_version(m, &stmt, &with_version);
    follow how = how_to_follow(m, ath__dialect_can(s->connection->dialect, ATH__CAN_UPDATE_RETURNING));
    if (how != FOLLOW_NOTHING && sets_key(m, &stmt))
        return refuse_key(s, m);
    if (how == FOLLOW_SELECT)
        return update_selected(s, m, &stmt);
    if (how == FOLLOW_RETURNING)
        stmt.returning = list_columns(m, &all);
    return run(s, m, (ath_stmt){ATH_STMT_UPDATE, &stmt}, how == FOLLOW_RETURNING ? take_update : NULL);
}

/* A row of a joined-table class is a row in several tables. */
static ath_status refuse_parts(ath_session *s, const ath__mapper *m) {
    if (!m->family || m->family->hierarchy->kinship != ATH__JOINED_TABLE)
        return ATH_OK;
    return ath__fail(&s->error, ATH_NOT_SUPPORTED, "rows of %s are in several tables: delete its objects",
                     m->model->name);
}

int64_t ath_session_delete_where(ath_session *s, const ath_delete_stmt *delete_stmt) {
    ath__mapper *m = prepare_change(s, delete_stmt->model, delete_stmt->returning);
    if (!m || refuse_parts(s, m) != ATH_OK)
        return -1;
    all_columns all;
    ath_delete_stmt stmt = *delete_stmt;
    const ath_dialect *d = s->connection->dialect;
    /* MariaDB returns rows from a DELETE of one table alone */
    bool returning = ath__dialect_can(d, ATH__CAN_DELETE_RETURNING) &&
                     (!stmt.from.count || ath__dialect_can(d, ATH__CAN_DELETE_USING));
    follow how = how_to_follow(m, returning);
    if (how == FOLLOW_SELECT) {
        const ath_select_stmt like = {.with = stmt.with,
                                      .from = stmt.from,
                                      .where = stmt.where_,
                                      .order_by = stmt.order_by,
                                      .limit = stmt.limit,
                                      .unfiltered = stmt.unfiltered};
        return run_selected(s, m, &like, (ath_stmt){ATH_STMT_DELETE, &stmt}, let_go);
    }
    if (how == FOLLOW_RETURNING)
        stmt.returning = list_columns(m, &all);
    return run(s, m, (ath_stmt){ATH_STMT_DELETE, &stmt}, how == FOLLOW_RETURNING ? take_delete : NULL);
}
