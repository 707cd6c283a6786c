/* SPDX-License-Identifier: Apache-2.0
 *
 * A nested query as JSON, by one statement where that can say it, else by objects.
 */
#include "json/nest.h"

typedef struct asking {
    ath_session *s;
    const ath_select_stmt *query;
    ath__json_writer w;
    ath__loading l;
    ath__node *root;
    ath__nest *nest;
    bool refused; /* it must be done by objects */
} asking;

static bool has_joined(const ath__node *n) {
    for (const ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child) || has_joined(child))
            return true;
    return false;
}

/* Whether the rows of the query are what the objects of ath_all are, one for one, whatever stands in its columns. */
static bool is_simple(const asking *a) {
    const ath_select_stmt *q = a->query;
    return !q->columns.count && !q->distinct && !q->distinct_on.count && !q->group_by.count && !q->having_ && !q->set &&
           !q->values.count && !q->lock.strength && !q->with_ties && !ath__event_wanted(a->s, ATH_LOADED) &&
           !ath__is_concrete(a->s, q);
}

/* The tree, and what of it is written; `refused` where one statement cannot say it. */
static ath_status plan(asking *a, const ath__nesting *how) {
    ath__mapper *m = ath__session_mapper(a->s, a->query->model);
    a->root = m ? ath__load_plan(&a->l, m, a->query) : NULL;
    if (!a->root)
        return a->s->error.status;
    if (a->query->joins.count && has_joined(a->root)) { /* its rows are told apart by their keys there */
        a->refused = true;
        return ATH_OK;
    }
    ATH_TRY(ath__nest_plan(&a->w, &a->w.root, a->root, &a->nest));
    a->refused = !a->nest || !ath__nest_fits(how, a->nest);
    return ATH_OK;
}

static ath_status write_rows(asking *a, ath_result *result) {
    ath__arena scratch;
    ath_status status = ATH_OK;
    bool broken = false;
    ath__arena_init(&scratch, a->s->allocator);
    ath__json_open(&a->w.j, '[');
    for (const ath_row *row; status == ATH_OK && (row = ath_fetch(result)) != NULL;) {
        const ath_value *v = ath_row_at(row, 0);
        const bool text = v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON;
        ath__json_item(&a->w.j);
        broken = !text;
        status = text ? ath__nest_row(&a->w, a->nest, v->as.text.data, v->as.text.size, &scratch, &broken) : ATH_DATA;
        ath__arena_reset(&scratch);
    }
    ath__json_close(&a->w.j, ']');
    ath__arena_done(&scratch);
    a->refused = broken; /* larger than it can give: in smaller pieces it may be had */
    if (status == ATH_OK && ath_result_error(result)->status != ATH_OK) {
        *a->w.error = *ath_result_error(result);
        status = a->w.error->status;
    }
    return status;
}

/* ATH_OK with `refused`: by objects, please. */
static ath_status ask(asking *a) {
    ath_session *s = a->s;
    ATH_TRY(ath__session_autoflush(s));
    ath_connection *c = ath__session_connection(s);
    if (!c)
        return s->error.status;
    const ath__nesting *how = c->dialect->nesting;
    a->refused = !how || !is_simple(a);
    if (!a->refused)
        ATH_TRY(plan(a, how));
    if (a->refused)
        return ATH_OK;
    const ath_select_stmt *stmt = ath__nest_statement(&a->l, how, a->nest, a->query);
    if (!stmt)
        return ath__session_no_memory(s);
    ath_result *result = ath_session_execute(s, (ath_stmt){ATH_STMT_SELECT, stmt});
    if (!result)
        return s->error.status;
    ath_status status = write_rows(a, result);
    ath_result_close(result);
    return a->refused ? ATH_OK : status;
}

static char *by_objects(ath_session *s, const ath_select_stmt *query, const ath_json_opts *opts) {
    void **all = ath_session_all(s, query);
    return ath_session_list_to_json(s, query->model, all, opts);
}

char *ath_session_query_json(ath_session *s, const ath_select_stmt *query, const ath_json_opts *opts) {
    ath_error error = {0};
    ath_error *out = opts ? opts->error : NULL;
    asking a = {.s = s, .query = query};
    ath_status status = s ? ath__session_enter(s) : ath__fail(&error, ATH_ARGUMENT, "there is no session: NULL");
    if (status != ATH_OK)
        return ath__json_end(NULL, out, s ? ath_session_error(s) : &error, NULL);
    if (!query->model) {
        ath__fail(&error, ATH_ARGUMENT, "the query is for another model, names none, or could not be built");
        return ath__json_end(s, out, &error, NULL);
    }
    ath__loading_init(&a.l, s, query);
    status = ath__json_writer_begin(&a.w, s, query->model, opts, s->allocator, &error);
    if (status == ATH_OK)
        status = ask(&a);
    char *text = status == ATH_OK && !a.refused ? ath__json_finish(&a.w.j, &error) : NULL;
    if (!text && a.w.j.buf.data)
        ath__json_drop(&a.w.j);
    ath__json_writer_done(&a.w);
    ath__loading_done(&a.l, a.root);
    if (status == ATH_OK && a.refused)
        return by_objects(s, query, opts);
    return ath__json_end(s, out, error.status != ATH_OK ? &error : ath_session_error(s), text);
}
