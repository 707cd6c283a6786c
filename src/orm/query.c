/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 1 to 8 for queries: ath_all and its kin.  A SELECT of a model's columns is run and each row becomes an object:
 * tracked, found again in the identity map, or read-only.
 */
#include "orm/loading.h"

typedef struct rows {
    ath_session *s;
    ath__mapper *m;
    ath__prepared *p;
    bool read_only, overwrite;
    bool within; /* we are in the connection until the last row */
} rows;

/* ---- running ---- */

static bool has_model(ath_session *s, const ath_select_stmt *query) {
    if (s && !query->model)
        ath__fail(&s->error, ATH_ARGUMENT, "the query is for another model, names none, or could not be built");
    return s && query->model;
}

/* The mapper of the objects that the query is for, after an autoflush; NULL on failure. */
static ath__mapper *begin_query(ath_session *s, const ath_select_stmt *query) {
    if (ath__session_enter(s) != ATH_OK || !has_model(s, query))
        return NULL;
    if (query->columns.count) {
        ath__fail(&s->error, ATH_ARGUMENT, "a query for objects takes no .columns; ath_into and ath_scalar do");
        return NULL;
    }
    return ath__session_autoflush(s) == ATH_OK ? ath__session_mapper(s, query->model) : NULL;
}

static bool open_rows(ath_session *s, const ath_select_stmt *query, rows *out) {
    *out = (rows){.s = s, .read_only = query->read_only, .overwrite = query->populate_existing};
    out->m = begin_query(s, query);
    ath_connection *connection = out->m ? ath__session_connection(s) : NULL;
    if (!connection)
        return false;
    if (out->m->links && !out->read_only && ath__mapper_begin_group(s, out->m) != ATH_OK)
        return false;
    if (!ath__filtered_select(s, &query, false))
        return false;
    out->p = ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, query});
    if (!out->p)
        ath__session_failed(s);
    return out->p != NULL;
}

/* The next object; NULL at the end and, with the session's error set, on failure. */
static void *next_object(rows *r) {
    ath_connection *connection = r->s->connection;
    switch (r->within ? ath__run_within(connection, r->p) : ath__run_step(connection, r->p)) {
    case ATH__STEP_DONE:
        return NULL;
    case ATH__STEP_ERROR:
        ath__session_failed(r->s);
        return NULL;
    default:
        break;
    }
    if (connection->driver->row(r->p->statement, r->m->cells, r->m->table->column_count, &r->s->error) != ATH_OK)
        return NULL;
    return r->read_only ? ath__load_read_only(r->s, r->m, r->m->cells, NULL, &r->s->arena)
                        : ath__load_object(r->s, r->m, r->m->cells, r->overwrite);
}

static void close_rows(rows *r) {
    ath__prepared_release(r->s->connection, r->p);
}

/* ---- with relations ---- */

static ath_status load_all(ath_session *s, ath__mapper *m, const ath_select_stmt *query, ath__gathered *out) {
    ath__loading l;
    ath__loading_init(&l, s, query);
    ath__node *root = ath__load_plan(&l, m, query);
    ath_status status = root ? ath__load_run(&l, root, query) : s->error.status;
    if (root && status == ATH_OK) {
        *out = root->objects;
        root->objects = (ath__gathered){0};
    }
    ath__loading_done(&l, root);
    return status;
}

static void **all_with_relations(ath_session *s, const ath_select_stmt *query) {
    ath__gathered g = {0};
    ath__mapper *m = begin_query(s, query);
    if (!m || load_all(s, m, query, &g) != ATH_OK)
        return NULL;
    return ath__gathered_finish(s, &g);
}

/* ---- all ---- */

void **ath_session_all(ath_session *s, const ath_select_stmt *query) {
    rows r;
    ath__gathered g = {0};
    if (ath__is_concrete(s, query))
        return ath__concrete_all(s, query);
    if (ath__load_is_asked(s, query))
        return all_with_relations(s, query);
    if (!open_rows(s, query, &r))
        return NULL;
    ath_connection *connection = s->connection;
    r.within = ath__enter(connection) == ATH_OK;
    for (void *object; (object = next_object(&r)) != NULL;)
        if (!ath__gather(s, &g, object))
            break;
    if (r.within)
        ath__leave(connection);
    close_rows(&r);
    return ath__gathered_finish(s, &g);
}

/* ---- one object ---- */

static void *first_of(ath_session *s, const ath_select_stmt *query, int64_t limit, size_t *found) {
    ath_select_stmt limited = *query;
    rows r;
    if (!limited.limit || limited.limit > limit)
        limited.limit = limit;
    *found = 0;
    if (ath__is_concrete(s, query) || ath__load_is_asked(s, query)) {
        void **objects = ath__is_concrete(s, query) ? ath__concrete_all(s, query) : all_with_relations(s, &limited);
        *found = ath_len(objects);
        return objects ? objects[0] : NULL;
    }
    if (!open_rows(s, &limited, &r))
        return NULL;
    void *first = next_object(&r);
    for (void *object = first; object; object = next_object(&r))
        ++*found;
    close_rows(&r);
    return s->error.status == ATH_OK ? first : NULL;
}

void *ath_session_first(ath_session *s, const ath_select_stmt *query) {
    size_t found;
    return first_of(s, query, 1, &found);
}

void *ath_session_one(ath_session *s, const ath_select_stmt *query, bool required) {
    size_t found;
    void *object = first_of(s, query, 2, &found);
    if (!s || s->error.status != ATH_OK || found == 1)
        return object;
    if (found > 1)
        ath__fail(&s->error, ATH_MULTIPLE_RESULTS, "multiple rows were found when %s was required",
                  required ? "exactly one" : "one or none");
    else if (required)
        ath__fail(&s->error, ATH_NO_RESULT, "no row was found when one was required");
    return NULL;
}

/* ---- values ---- */

/* A value that outlives its row. */
static const ath_value *keep_value(ath_session *s, const ath_value *value) {
    ath_value *copy = ath__arena_copy(&s->arena, value, sizeof *value);
    if (copy && (copy->kind == ATH_KIND_TEXT || copy->kind == ATH_KIND_JSON))
        copy->as.text.data = ath__arena_strn(&s->arena, value->as.text.data, value->as.text.size);
    else if (copy && copy->kind == ATH_KIND_BYTES && copy->as.bytes.size)
        copy->as.bytes.data = ath__arena_copy(&s->arena, value->as.bytes.data, value->as.bytes.size);
    else if (copy)
        return copy;
    if (!copy || !copy->as.text.data) {
        ath__session_no_memory(s);
        return NULL;
    }
    return copy;
}

const ath_value *ath_session_scalar(ath_session *s, const ath_select_stmt *query) {
    ath_result *result = ath_session_execute(s, (ath_stmt){ATH_STMT_SELECT, query});
    if (!result)
        return NULL;
    const ath_value *value = ath_result_scalar(result);
    if (value)
        value = keep_value(s, value);
    else if (ath_result_error(result)->status != ATH_OK)
        s->error = *ath_result_error(result);
    ath_result_close(result);
    return value;
}

/* Whether its rows are others than those of its tables that meet the condition: they are counted as a subquery. */
static bool has_rows_of_its_own(const ath_select_stmt *s) {
    return s->limit || s->offset || s->distinct || s->distinct_on.count || s->group_by.count || s->having_ || s->set ||
           s->values.count;
}

int64_t ath_session_count(ath_session *s, const ath_select_stmt *query) {
    static const ath_expr star = {.node = ATH_NODE_STAR};
    static const ath_expr *const star_args[] = {&star};
    static const ath_expr count = {.node = ATH_NODE_FUNCTION, .count = 1, .args = star_args, .u.text = "count"};
    static const ath_expr *const items[] = {&count};
    if (!has_model(s, query))
        return -1;
    if (ath__is_concrete(s, query))
        return ath__concrete_count(s, query);
    ath_select_stmt inner = *query, counted = *query;
    ath_source source = {.select = &inner, .alias = "counted"};
    if (!query->with_ties || !query->limit) /* there the order decides how many they are */
        inner.order_by = counted.order_by = (ath_expr_list){0};
    if (has_rows_of_its_own(query))
        counted = (ath_select_stmt){.struct_size = sizeof counted, .from = {1, &source}};
    counted.columns = (ath_expr_list){1, items};
    const ath_value *value = ath_session_scalar(s, &counted);
    return value && value->kind == ATH_KIND_INT ? value->as.i : -1;
}
