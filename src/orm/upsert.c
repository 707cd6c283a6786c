/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: structs are inserted, or update the rows that they meet.
 *
 * Each batch is an INSERT ... ON CONFLICT as ath_insert says it, built from the model: what databases call it, the compiler
 * knows.
 */
#include "orm/many.h"

typedef struct upsert {
    ath__bulk b;
    const ath_upsert_opts *opts;
    ath__arena plan; /* the parts that all batches of a run share */
    ath_name_list names, on;
    ath_assignment_list set;
} upsert;

static void *no_memory(const upsert *u) {
    ath__session_no_memory(u->b.s);
    return NULL;
}

static const ath_expr *keep(upsert *u, ath__arena *arena, ath_expr e) {
    const ath_expr *copy = ath__arena_copy(arena, &e, sizeof e);
    return copy ? copy : no_memory(u);
}

static bool is_named(ath_name_list names, const ath__column *c) {
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.names[i], c->name) == 0 || strcmp(names.names[i], c->field) == 0)
            return true;
    return false;
}

/* ---- what the statements share ---- */

static const ath_expr *column_expr(upsert *u, const ath__column *c) {
    return keep(u, &u->plan,
                (ath_expr){.node = ATH_NODE_COLUMN, .u.column = {.model = u->b.m->model, .offset = c->offset}});
}

static const ath_expr *with_operands(upsert *u, ath_expr e, const ath_expr *a, const ath_expr *b) {
    const ath_expr *const args[] = {a, b};
    e.count = b ? 2 : 1;
    e.args = a ? ath__arena_copy(&u->plan, args, sizeof args) : NULL;
    return e.args ? keep(u, &u->plan, e) : a ? no_memory(u) : NULL;
}

/* What the column of a row that is there becomes; NULL: it stays. */
static const ath_expr *new_value(upsert *u, const ath__column *c) {
    bool set = ath__mask_has(u->b.mask, c->position) && !c->primary_key;
    const ath_expr *column = column_expr(u, c);
    if (c->version) {
        const ath_expr one = {.node = ATH_NODE_LITERAL, .u.value = {.kind = ATH_KIND_INT, .as.i = 1}};
        return with_operands(u, (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_ADD}, column,
                             keep(u, &u->plan, one));
    }
    set = u->opts->set.count ? is_named(u->opts->set, c) : set && !is_named(u->on, c);
    if (set)
        return with_operands(u, (ath_expr){.node = ATH_NODE_EXCLUDED}, column, NULL);
    return c->onupdate;
}

static ath_status plan_set(upsert *u) {
    const ath_table *t = u->b.m->table;
    ath_assignment *items = ath__arena_alloc(&u->plan, t->column_count * sizeof *items);
    size_t n = 0;
    if (!items)
        return ath__session_no_memory(u->b.s);
    for (size_t i = 0; i < t->column_count && !u->opts->keep; i++) {
        const ath__column *c = &t->columns[i];
        const ath_expr *value = ath__is_given(c) ? NULL : new_value(u, c);
        if (value)
            items[n++] = (ath_assignment){column_expr(u, c), value};
    }
    u->set = (ath_assignment_list){n, items};
    return u->b.s->error.status;
}

static ath_status plan_names(upsert *u) {
    const ath_table *t = u->b.m->table;
    const char **names = ath__arena_alloc(&u->plan, (u->b.column_count + 1) * sizeof *names);
    const char **on = ath__arena_alloc(&u->plan, (u->opts->on.count + t->key_count) * sizeof *on);
    if (!names || !on)
        return ath__session_no_memory(u->b.s);
    for (size_t i = 0; i < u->b.column_count; i++)
        names[i] = t->columns[u->b.columns[i]].name;
    size_t count = u->opts->on.count ? u->opts->on.count : t->key_count;
    if (!count)
        return ath__fail(&u->b.s->error, ATH_ARGUMENT,
                         "ath_upsert(%s): the table has no primary key; name columns in .on", u->b.m->model->name);
    for (size_t i = 0; i < count; i++) {
        const ath__column *c =
            u->opts->on.count ? ath__bulk_column(&u->b, u->opts->on.names[i]) : &t->columns[t->key[i]];
        if (!c)
            return u->b.s->error.status;
        on[i] = c->name;
    }
    u->names = (ath_name_list){u->b.column_count, names};
    u->on = (ath_name_list){count, on};
    for (size_t i = 0; i < u->opts->set.count; i++)
        if (!ath__bulk_column(&u->b, u->opts->set.names[i]))
            return u->b.s->error.status;
    return plan_set(u);
}

/* ---- one statement ---- */

static ath_status row_of(upsert *u, const void *row, ath_expr_list *out) {
    ath__bulk *b = &u->b;
    const ath_expr **items = ath__arena_alloc(&b->arena, (b->column_count + 1) * sizeof *items);
    if (!items)
        return ath__session_no_memory(b->s);
    ATH_TRY(ath__bulk_check(b, row));
    for (size_t i = 0; i < b->column_count; i++) {
        ath_expr literal = {.node = ATH_NODE_LITERAL};
        items[i] = b->exprs[i];
        if (items[i])
            continue;
        ATH_TRY(ath__bulk_value(b, row, i, &literal.u.value));
        if (!(items[i] = keep(u, &b->arena, literal)))
            return ATH_NO_MEMORY;
    }
    *out = (ath_expr_list){b->column_count, items};
    return ATH_OK;
}

static ath_status send(upsert *u, size_t first, size_t count) {
    ath__bulk *b = &u->b;
    ath__arena_reset(&b->arena);
    ath_expr_list *rows = ath__arena_alloc(&b->arena, count * sizeof *rows);
    if (!rows)
        return ath__session_no_memory(b->s);
    for (size_t i = 0; i < count; i++)
        ATH_TRY(row_of(u, ath__bulk_row(b, first + i), &rows[i]));
    const ath_insert_stmt stmt = {.struct_size = sizeof stmt,
                                  .model = b->m->model,
                                  .columns = u->names,
                                  .values = {count, rows},
                                  .on_conflict = {.is_set = true, .columns = u->on, .set = u->set}};
    ath__journal_aside(b->s);
    if (!ath__session_connection(b->s))
        return b->s->error.status;
    ath_result *result = ath_connection_execute(b->s->connection, (ath_stmt){ATH_STMT_INSERT, &stmt});
    ath_result_close(result);
    return result ? ATH_OK : ath__session_failed(b->s);
}

/* Few lengths, so that there are few texts. */
static size_t batch_rows(const upsert *u, size_t left) {
    static const size_t sizes[] = {100, 10};
    const ath_dialect *d = u->b.s->connection->dialect;
    for (size_t i = 0; i < ATH_COUNT_OF(sizes) && ath__dialect_can(d, ATH__CAN_MULTI_VALUES); i++)
        if (sizes[i] <= left && (!d->max_binds || sizes[i] * u->b.value_count <= d->max_binds))
            return sizes[i];
    return 1;
}

static ath_status upsert_run(upsert *u, size_t first, size_t count) {
    ath__arena_reset(&u->plan);
    ATH_TRY(plan_names(u));
    for (size_t done = 0, n = 0; done < count; done += n) {
        n = batch_rows(u, count - done);
        ATH_TRY(send(u, first + done, n));
    }
    return ATH_OK;
}

int64_t ath_session_upsert_many(ath_session *s, const ath_model *model, const void *rows, size_t count,
                                const ath_upsert_opts *opts) {
    upsert u = {.opts = opts};
    if (!ath__bulk_begin(&u.b, s, model, rows, count))
        return -1;
    ath__arena_init(&u.plan, s->allocator);
    ath_status status = ATH_OK;
    for (size_t done = 0, n = 0; status == ATH_OK && done < count; done += n) {
        n = ath__bulk_run(&u.b, done);
        status = upsert_run(&u, done, n);
    }
    ath__arena_done(&u.plan);
    return ath__bulk_end(&u.b, status);
}

/* ---- one object ---- */

/* The row by the columns that it was met in. */
static void *read_row(upsert *u, const void *row) {
    enum { KEY_LIMIT = 16 };
    ath_expr literals[KEY_LIMIT];
    const ath_expr *conditions[KEY_LIMIT];
    ath__bulk *b = &u->b;
    if (!u->on.count || u->on.count > KEY_LIMIT)
        return ath__fail(&b->s->error, ATH_ARGUMENT, "ath_upsert: a key has 1 to %d columns", KEY_LIMIT), NULL;
    for (size_t i = 0; i < u->on.count; i++) {
        const ath__column *c = ath__bulk_column(b, u->on.names[i]);
        literals[i] = (ath_expr){.node = ATH_NODE_LITERAL};
        if (!c || ath__field_get(c->ctype, c->size, &c->type, (const char *)row + c->offset, &literals[i].u.value,
                                 &b->s->error) != ATH_OK)
            return NULL;
        conditions[i] =
            with_operands(u, (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_EQ}, column_expr(u, c), &literals[i]);
        if (!conditions[i])
            return NULL;
    }
    const ath_expr all = {
        .node = ATH_NODE_OPERATOR, .op = ATH_OP_AND, .count = (uint32_t)u->on.count, .args = conditions};
    const ath_select_stmt query = {.struct_size = sizeof query,
                                   .model = b->m->model,
                                   .where_ = u->on.count == 1 ? conditions[0] : &all,
                                   .unfiltered = true,
                                   .populate_existing = true};
    return ath_session_one(b->s, &query, true);
}

void *ath_session_upsert(ath_session *s, const ath_model *model, const void *row, const ath_upsert_opts *opts) {
    upsert u = {.opts = opts};
    if (!row && s && ath__session_enter(s) == ATH_OK)
        ath__fail(&s->error, ATH_ARGUMENT, "there is no object: NULL");
    if (!row || !ath__bulk_begin(&u.b, s, model, row, 1))
        return NULL;
    ath__arena_init(&u.plan, s->allocator);
    ath__bulk_run(&u.b, 0);
    ath_status status = upsert_run(&u, 0, 1);
    void *object = status == ATH_OK ? read_row(&u, row) : NULL;
    ath__arena_done(&u.plan);
    ath__bulk_end(&u.b, status == ATH_OK && !object ? s->error.status : status);
    return object;
}
