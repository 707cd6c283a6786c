/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 7 for projections: rows of any SELECT become plain structs, fields matched to result columns by name.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256 };

/* For each field of the projection, which result column fills it. */
static ath_status match(ath_session *s, const ath__mapper *m, const ath__prepared *p, uint16_t *from, size_t columns) {
    const ath__driver *driver = s->connection->driver;
    for (size_t i = 0; i < m->table->column_count; i++) {
        size_t k = 0;
        while (k < columns && strcmp(driver->column_name(p->statement, k), m->table->columns[i].name) != 0)
            k++;
        if (k == columns)
            return ath__fail(&s->error, ATH_ARGUMENT,
                             "projection %s: the query has no column '%s'; ath_label names one", m->model->name,
                             m->table->columns[i].name);
        from[i] = (uint16_t)k;
    }
    return ATH_OK;
}

static void *load(ath_session *s, const ath__mapper *m, const ath__prepared *p, const uint16_t *from, size_t columns) {
    ath_value cells[COLUMN_LIMIT];
    if (s->connection->driver->row(p->statement, cells, columns, &s->error) != ATH_OK)
        return NULL;
    for (size_t i = 0; i < m->table->column_count; i++)
        m->cells[i] = cells[from[i]];
    void *object = ath__arena_zero(&s->arena, m->size);
    if (!object) {
        ath__session_no_memory(s);
        return NULL;
    }
    return ath__load_row(s, m, object, m->cells, &s->arena) == ATH_OK ? object : NULL;
}

static void **collect(ath_session *s, const ath__mapper *m, ath__prepared *p, const uint16_t *from, size_t columns) {
    ath__gathered g = {0};
    ath__step step;
    while ((step = ath__run_step(s->connection, p)) == ATH__STEP_ROW) {
        void *object = load(s, m, p, from, columns);
        if (!object || !ath__gather(s, &g, object))
            break;
    }
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    return ath__gathered_finish(s, &g);
}

void **ath_session_into(ath_session *s, const ath_model *projection, const ath_select_stmt *query) {
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    ath__mapper *m = ath__session_mapper(s, projection);
    ath_connection *connection = m ? ath__session_connection(s) : NULL;
    bool ready = connection && ath__filtered_select(s, &query, false);
    ath__prepared *p = ready ? ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, query}) : NULL;
    if (!p) {
        if (ready)
            ath__session_failed(s);
        return NULL;
    }
    uint16_t from[COLUMN_LIMIT] = {0};
    size_t columns = connection->driver->column_count(p->statement);
    void **vector = NULL;
    if (columns > COLUMN_LIMIT || m->table->column_count > COLUMN_LIMIT)
        ath__fail(&s->error, ATH_ARGUMENT, "a projection takes at most %d columns", COLUMN_LIMIT);
    else if (match(s, m, p, from, columns) == ATH_OK)
        vector = collect(s, m, p, from, columns);
    ath__prepared_release(connection, p);
    return vector;
}
