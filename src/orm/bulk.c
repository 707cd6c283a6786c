/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: UPDATE and DELETE by condition, with the session's own objects kept in step.
 *
 * When the session holds objects of the model, the statement also returns the rows it touched; objects among them take
 * the new values, or leave with their rows.  Otherwise nothing is returned and only the count is asked for.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256 };

/* All columns of the model as a list of expressions, for RETURNING. */
typedef struct all_columns {
    ath_expr nodes[COLUMN_LIMIT];
    const ath_expr *items[COLUMN_LIMIT];
} all_columns;

static ath_expr_list list_columns(const ath__mapper *m, all_columns *all) {
    size_t n = m->table->column_count;
    for (size_t i = 0; i < n; i++) {
        all->nodes[i] =
            (ath_expr){.node = ATH_NODE_COLUMN, .u.column = {.model = m->model, .offset = m->table->columns[i].offset}};
        all->items[i] = &all->nodes[i];
    }
    return (ath_expr_list){n, all->items};
}

/* Whether rows must come back to keep objects in step. */
static bool holds_objects(const ath__mapper *m, const ath_connection *connection) {
    return m->identity.used && m->table->column_count <= COLUMN_LIMIT &&
           ath__dialect_can(connection->dialect, ATH__CAN_RETURNING);
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

static ath_status take_delete(ath_session *s, ath__mapper *m) {
    void *known = known_object(s, m);
    if (!known)
        return s->error.status;
    ATH_TRY(ath__journal_add(s, ATH__UNDO_DELETE, m, known));
    ath__identity_remove(m, known, ath__image_of(m, known));
    ath__head_of(known)->state = ATH_STATE_DELETED;
    return ATH_OK;
}

typedef ath_status (*take_fn)(ath_session *s, ath__mapper *m);

static int64_t run(ath_session *s, ath__mapper *m, ath_stmt stmt, bool rows_back, take_fn take) {
    ath_connection *connection = s->connection;
    ath__prepared *p = ath__prepare_stmt(connection, stmt);
    if (!p) {
        ath__session_failed(s);
        return -1;
    }
    int64_t count = 0;
    ath__step step;
    while ((step = ath__run_step(connection, p)) == ATH__STEP_ROW && s->error.status == ATH_OK) {
        count++;
        if (connection->driver->row(p->statement, m->cells, m->table->column_count, &s->error) == ATH_OK)
            take(s, m);
    }
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    else if (!rows_back)
        count = connection->driver->rows_changed(connection->handle);
    ath__prepared_release(connection, p);
    /* Rows are changed, but objects could not follow: only a rollback makes both agree. */
    if (step != ATH__STEP_ERROR && s->error.status != ATH_OK)
        s->failed = true;
    return s->error.status == ATH_OK ? count : -1;
}

static ath__mapper *prepare_change(ath_session *s, const ath_model *model, ath_expr_list returning) {
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    if (returning.count) {
        ath__fail(&s->error, ATH_ARGUMENT, "the session's own UPDATE and DELETE take no .returning; ath_execute does");
        return NULL;
    }
    ath__mapper *m = ath__session_mapper(s, model);
    return m && ath__session_connection(s) ? m : NULL;
}

int64_t ath_session_update(ath_session *s, const ath_update_stmt *update) {
    ath__mapper *m = prepare_change(s, update->model, update->returning);
    if (!m)
        return -1;
    all_columns all;
    ath_update_stmt stmt = *update;
    bool rows_back = holds_objects(m, s->connection);
    if (rows_back)
        stmt.returning = list_columns(m, &all);
    return run(s, m, (ath_stmt){ATH_STMT_UPDATE, &stmt}, rows_back, take_update);
}

int64_t ath_session_delete_where(ath_session *s, const ath_delete_stmt *delete_stmt) {
    ath__mapper *m = prepare_change(s, delete_stmt->model, delete_stmt->returning);
    if (!m)
        return -1;
    all_columns all;
    ath_delete_stmt stmt = *delete_stmt;
    bool rows_back = holds_objects(m, s->connection);
    if (rows_back)
        stmt.returning = list_columns(m, &all);
    return run(s, m, (ath_stmt){ATH_STMT_DELETE, &stmt}, rows_back, take_delete);
}
