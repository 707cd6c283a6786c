/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, tables between: rows of many-to-many relations come and go.
 *
 * Each pair counts once, whichever side told of it, in the order in which it was met.  Rows go first, then rows come; the
 * rows of deleted objects go by their key alone, without being read.
 */
#include "orm/loading.h"
#include "orm/unit.h"

enum { PAIRS = 400 }; /* that one DELETE names */

/* ---- gathering ---- */

static ath_status add(ath__unit *u, ath__pairing p) {
    if (u->pairing_count == u->pairing_capacity) {
        size_t capacity = u->pairing_capacity ? u->pairing_capacity * 2 : 32;
        ath__pairing *larger =
            ath__realloc(u->s->allocator, u->pairings, u->pairing_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(u->s);
        u->pairings = larger;
        u->pairing_capacity = capacity;
    }
    p.number = u->pairing_count;
    u->pairings[u->pairing_count++] = p;
    return ATH_OK;
}

/* Told from the side whose columns come first in the table between: both sides' pairs are then equal. */
static ath_status note(ath__unit *u, const ath__link *link, const ath__link *back, void *object, void *other,
                       bool gone) {
    if (ath__head_of(other)->state == ATH_STATE_DELETED && (back || !gone))
        return ATH_OK; /* all its rows go */
    if (back && back->near[0]->position < link->near[0]->position)
        return add(u, (ath__pairing){.near = other, .far = object, .link = back->origin, .gone = gone});
    return add(u, (ath__pairing){.near = object, .far = other, .link = link->origin, .gone = gone});
}

static ath_status check_other(const ath__unit *u, const ath__mapper *m, const ath__link *link,
                              const ath__mapper *target, const void *other) {
    if (ath__session_find_owner_in(target, other) && ath__head_of(other)->state != ATH_STATE_NONE)
        return ATH_OK;
    return ath__fail(&u->s->error, ATH_STATE, "relation %s.%s has an object that is no %s of this session",
                     m->model->name, link->relation->field, target->model->name);
}

/* Whether the row is there, as the other side's vector knows: this side's was not loaded. */
static bool is_paired(const ath__mapper *m, const ath__link *link, void *object, const ath__mapper *target,
                      const ath__link *back, void *other) {
    if (!back || ath__head_of(object)->state != ATH_STATE_PERSISTENT ||
        ath__head_of(other)->state != ATH_STATE_PERSISTENT || ath__is_loaded(m, object, link->relation))
        return false;
    return ath__collection_has(*ath__field_at(ath__image_of(target, other), back->relation), object);
}

static ath_status gather_object(ath__unit *u, ath__mapper *m, const ath__link *link, void *object) {
    ath__difference d;
    ath__mapper *target = ath__link_mapper(u->s, link);
    if (!target)
        return u->s->error.status;
    const ath__link *back = ath__link_inverse(target, link);
    ath_status status = ath__difference_of(u->s, m, object, link->relation, &d);
    for (size_t i = 0; status == ATH_OK && i < d.removed_count; i++)
        if (ath__head_of(d.removed[i])->state != ATH_STATE_NONE)
            status = note(u, link, back, object, d.removed[i], true);
    for (size_t i = 0; status == ATH_OK && i < d.added_count; i++) {
        status = check_other(u, m, link, target, d.added[i]);
        if (status == ATH_OK && !is_paired(m, link, object, target, back, d.added[i]))
            status = note(u, link, back, object, d.added[i], false);
    }
    ath__difference_done(u->s, &d);
    return status;
}

static ath_status gather_link(ath__unit *u, ath__mapper *m, const ath__link *link) {
    for (size_t i = 0; i < m->changed.count; i++) {
        void *object = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT)
            ATH_TRY(gather_object(u, m, link, object));
    }
    for (size_t i = 0; i < m->pending.count; i++)
        ATH_TRY(gather_object(u, m, link, ath__mapper_object(m, m->pending.items[i])));
    return ATH_OK;
}

static int by_pair(const void *a, const void *b) {
    const ath__pairing *x = a, *y = b;
    uintptr_t keys[2][3] = {{(uintptr_t)x->link, (uintptr_t)x->near, (uintptr_t)x->far},
                            {(uintptr_t)y->link, (uintptr_t)y->near, (uintptr_t)y->far}};
    for (size_t i = 0; i < 3; i++)
        if (keys[0][i] != keys[1][i])
            return keys[0][i] > keys[1][i] ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

static int by_number(const void *a, const void *b) {
    const ath__pairing *x = a, *y = b;
    if (x->link != y->link) /* one table after the other */
        return x->link->secondary != y->link->secondary
                   ? (x->link->secondary->serial > y->link->secondary->serial ? 1 : -1)
               : x->link > y->link ? 1
                                   : -1;
    return (x->number > y->number) - (x->number < y->number);
}

static void drop_repeated(ath__unit *u) {
    ath__pairing *p = u->pairings;
    size_t kept = 0;
    if (!u->pairing_count)
        return;
    qsort(p, u->pairing_count, sizeof *p, by_pair);
    for (size_t i = 0; i < u->pairing_count; i++)
        if (!kept || p[kept - 1].link != p[i].link || p[kept - 1].near != p[i].near || p[kept - 1].far != p[i].far)
            p[kept++] = p[i];
    u->pairing_count = kept;
    qsort(p, kept, sizeof *p, by_number);
}

ath_status ath__between_gather(ath__unit *u) {
    for (size_t i = 0; i < u->s->mapper_count; i++) {
        ath__mapper *m = u->s->mappers[i];
        for (size_t k = 0; m->links && k < m->table->relation_count; k++)
            if (m->links[k].secondary && ath__link_is_written(&m->links[k]))
                ATH_TRY(gather_link(u, m, &m->links[k]));
    }
    drop_repeated(u);
    return ATH_OK;
}

/* ---- keys ---- */

/* The columns of the table between for both sides: near, then far. */
static size_t pair_columns(const ath__link *link, const ath__column **out) {
    for (size_t i = 0; i < link->count; i++)
        out[i] = link->near[i];
    for (size_t i = 0; i < link->far_count; i++)
        out[link->count + i] = link->far[i];
    return link->count + link->far_count;
}

static ath_status side_key(ath_session *s, const ath__column *const *from, const ath__column *const *to, size_t count,
                           const void *object, ath_value *out) {
    for (size_t i = 0; i < count; i++) {
        ATH_TRY(ath__field_get(from[i]->ctype, from[i]->size, &from[i]->type, (const char *)object + from[i]->offset,
                               &out[i], &s->error));
        ATH_TRY(ath__value_coerce(&out[i], &to[i]->type, &s->arena, &s->error));
    }
    return ATH_OK;
}

static ath_status pair_key(ath_session *s, const ath__pairing *p, ath_value *out) {
    const ath__link *k = p->link;
    ATH_TRY(side_key(s, k->local, k->near, k->count, p->near, out));
    return side_key(s, k->remote, k->far, k->far_count, p->far, out + k->count);
}

/* ---- rows that go ---- */

static ath_status run_delete(ath_session *s, const ath_table *table, const ath_expr *where) {
    const ath_delete_stmt stmt = {.struct_size = sizeof stmt, .model = table->model, .where_ = where};
    if (!where)
        return ath__session_no_memory(s);
    ath_connection *connection = ath__session_connection(s);
    ath__prepared *p = connection ? ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_DELETE, &stmt}) : NULL;
    if (!p)
        return connection ? ath__session_failed(s) : s->error.status;
    ath__step step = ath__run_step(connection, p);
    if (step == ATH__STEP_ERROR)
        ath__session_failed(s);
    ath__prepared_release(connection, p);
    return step == ATH__STEP_ERROR ? s->error.status : ATH_OK;
}

/* DELETE of the rows whose columns have one of the keys. */
static ath_status delete_keys(ath_session *s, const ath_table *table, const ath__column *const *columns, size_t width,
                              const ath_value *keys, size_t count) {
    ath__loading l;
    const ath_select_stmt none = {.struct_size = sizeof none};
    ath__loading_init(&l, s, &none);
    ath_status status = run_delete(s, table, ath__load_among(&l, table->model, columns, keys, count, width));
    ath__loading_done(&l, NULL);
    return status;
}

/* The pairs from `first` on that go, of one link: as many as one statement takes. */
static ath_status delete_pairs(ath__unit *u, size_t first, size_t *next) {
    const ath__link *link = u->pairings[first].link;
    const ath__column *columns[2 * ATH__KEY_COLUMNS];
    if (link->count > ATH__KEY_COLUMNS || link->far_count > ATH__KEY_COLUMNS)
        return ath__fail(&u->s->error, ATH_ARGUMENT, "relation %s is joined by more than %d columns",
                         link->relation->field, ATH__KEY_COLUMNS);
    size_t width = pair_columns(link, columns), count = 0, i = first;
    ath_value *keys = ath__alloc(u->s->allocator, PAIRS * width * sizeof *keys);
    ath_status status = keys ? ATH_OK : ath__session_no_memory(u->s);
    for (; status == ATH_OK && i < u->pairing_count && u->pairings[i].link == link && count < PAIRS; i++)
        if (u->pairings[i].gone)
            status = pair_key(u->s, &u->pairings[i], keys + count++ * width);
    *next = i;
    if (status == ATH_OK && count)
        status = delete_keys(u->s, link->secondary, columns, width, keys, count);
    ath__free(u->s->allocator, keys, PAIRS * width * sizeof *keys);
    return status;
}

/* ---- rows that come ---- */

typedef struct rows_of {
    ath_session *s;
    const ath__link *link;
    uint16_t columns[2 * ATH__KEY_COLUMNS];
    size_t width, text_rows;
    ath__rows rows;
} rows_of;

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const rows_of *r = context;
    return ath__compile_insert(connection->dialect, &connection->engine->allocator, r->link->secondary, r->columns,
                               NULL, r->width, r->text_rows, NULL, 0, out, error);
}

static ath_status insert_batch(rows_of *r, const ath_value *values, size_t count) {
    ath_session *s = r->s;
    uint64_t words[3 + 2 * ATH__KEY_COLUMNS] = {ATH__KEY_BETWEEN, (uint64_t)(uintptr_t)r->link->secondary,
                                                r->text_rows};
    for (size_t i = 0; i < r->width; i++)
        words[3 + i] = r->columns[i];
    ath__prepared *p = ath__flush_prepare(s, words, 3 + r->width, compile, r);
    if (!p)
        return s->error.status;
    const ath__rows some = {.columns = r->width, .values = r->rows.values + (values - r->rows.values), .count = count};
    bool arrays = r->text_rows == ATH__ANY_ROWS || count > r->text_rows;
    ath_status status = arrays ? ath__rows_bind(s, p, &some) : ath__flush_bind(s, p, 0, values, count * r->width);
    if (status == ATH_OK && ath__run_step(s->connection, p) == ATH__STEP_ERROR)
        status = ath__session_failed(s);
    ath__prepared_release(s->connection, p);
    return status;
}

/* How many of the rows that are left go into one statement. */
static size_t plan_batch(rows_of *r, size_t left) {
    static const size_t sizes[] = {ATH__BATCH_ROWS, 100, 10};
    const ath_dialect *d = r->s->connection->dialect;
    switch (ath__flush_many(r->s->connection)) {
    case ATH__MANY_ARRAYS:
        r->text_rows = left > 1 ? ATH__ANY_ROWS : 1;
        return left;
    case ATH__MANY_BULK:
        r->text_rows = 1;
        return left;
    default:
        break;
    }
    r->text_rows = 1;
    for (size_t i = 0; i < ATH_COUNT_OF(sizes) && r->text_rows == 1; i++)
        if (sizes[i] <= left && (!d->max_binds || sizes[i] * r->width <= d->max_binds) &&
            ath__dialect_can(d, ATH__CAN_MULTI_VALUES))
            r->text_rows = sizes[i];
    return r->text_rows;
}

static ath_status insert_rows(rows_of *r) {
    if (!ath__session_connection(r->s))
        return r->s->error.status;
    for (size_t done = 0, count = 0; done < r->rows.count; done += count) {
        count = plan_batch(r, r->rows.count - done);
        ATH_TRY(insert_batch(r, r->rows.values + done * r->width, count));
    }
    r->rows.count = r->rows.bytes = 0;
    return ATH_OK;
}

static ath_status insert_pairs(ath__unit *u, size_t first, size_t *next) {
    rows_of r = {.s = u->s, .link = u->pairings[first].link};
    const ath__column *columns[2 * ATH__KEY_COLUMNS];
    r.width = pair_columns(r.link, columns);
    for (size_t i = 0; i < r.width; i++)
        r.columns[i] = columns[i]->position;
    ATH_TRY(ath__rows_init(u->s, &r.rows, r.width, u->pairing_count - first));
    ath_status status = ATH_OK;
    size_t i = first;
    for (; status == ATH_OK && i < u->pairing_count && u->pairings[i].link == r.link; i++) {
        if (u->pairings[i].gone)
            continue;
        status = pair_key(u->s, &u->pairings[i], ath__rows_next(&r.rows));
        ath__rows_add(&r.rows);
        if (status == ATH_OK && ath__rows_full(&r.rows))
            status = insert_rows(&r);
    }
    *next = i;
    if (status == ATH_OK && r.rows.count)
        status = insert_rows(&r);
    ath__rows_done(u->s, &r.rows);
    return status;
}

ath_status ath__between_save(ath__unit *u) {
    for (size_t i = 0; i < u->pairing_count;)
        ATH_TRY(delete_pairs(u, i, &i));
    for (size_t i = 0; i < u->pairing_count;)
        ATH_TRY(insert_pairs(u, i, &i));
    return ATH_OK;
}

/* ---- rows of deleted objects ---- */

static ath_status clear_rows(ath_session *s, ath__mapper *m, const ath__link *link, const uint32_t *objects,
                             size_t object_count) {
    size_t count = 0;
    ath_value *keys = ath__alloc(s->allocator, PAIRS * link->count * sizeof *keys);
    ath_status status = keys ? ATH_OK : ath__session_no_memory(s);
    for (size_t i = 0; status == ATH_OK && i < object_count; i++) {
        void *object = ath__mapper_object(m, objects[i]);
        status =
            side_key(s, link->local, link->near, link->count, ath__image_of(m, object), keys + count++ * link->count);
        if (status == ATH_OK && (count == PAIRS || i + 1 == object_count)) {
            status = delete_keys(s, link->secondary, link->near, link->count, keys, count);
            count = 0;
        }
    }
    ath__free(s->allocator, keys, PAIRS * link->count * sizeof *keys);
    return status;
}

ath_status ath__between_clear(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count) {
    for (size_t k = 0; count && m->links && k < m->table->relation_count; k++) {
        const ath__link *link = &m->links[k];
        if (link->secondary && ath__link_is_written(link) &&
            link->relation->opts.passive_deletes != ATH_PASSIVE_DELETES_ALL)
            ATH_TRY(clear_rows(s, m, link, objects, count));
    }
    return ATH_OK;
}
