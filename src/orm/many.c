/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: arrays of structs become rows, without objects: INSERT and UPDATE of many.
 *
 * The statements are those of the unit of work (compile_unit.c), filled from the caller's structs as they lie.  Row counts
 * are proven.
 */
#include "orm/many.h"

/* ---- beginning and ending ---- */

/* Of a hierarchy: not a class whose rows are in several tables, nor one that has none. */
static bool is_one_table(ath_session *s, const ath__mapper *m) {
    if (ath__table_is_joined(m->table))
        ath__fail(&s->error, ATH_NOT_SUPPORTED, "rows of %s are in several tables: make objects", m->model->name);
    else if (m->family && m->table->lineage->identity.kind == ATH_KIND_NULL)
        ath__fail(&s->error, ATH_ARGUMENT, "%s is abstract: it has no .identity", m->model->name);
    return s->error.status == ATH_OK;
}

bool ath__bulk_begin(ath__bulk *b, ath_session *s, const ath_model *model, const void *rows, size_t count) {
    memset(b, 0, sizeof *b);
    if (ath__session_autoflush(s) != ATH_OK)
        return false;
    b->s = s;
    b->rows = rows;
    b->count = count;
    if (count && !rows)
        return ath__fail(&s->error, ATH_ARGUMENT, "there are no rows: NULL"), false;
    if (!model->table)
        return ath__fail(&s->error, ATH_ARGUMENT, "%s is a projection: its rows have no table", model->name), false;
    b->m = ath__session_mapper(s, model);
    if (!b->m || !is_one_table(s, b->m))
        return false;
    if (b->m->table->column_count > ATH__MANY_COLUMNS)
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has more than %d columns", model->name, ATH__MANY_COLUMNS),
               false;
    ath__journal_aside(s);
    if (count && !ath__session_connection(s))
        return false;
    ath__arena_init(&b->arena, s->allocator);
    return true;
}

int64_t ath__bulk_end(ath__bulk *b, ath_status status) {
    ath__rows_done(b->s, &b->values);
    ath__arena_done(&b->arena);
    if (status == ATH_OK)
        return (int64_t)b->count;
    ath__session_stand_still(b->s);
    return -1;
}

/* ---- columns ---- */

void ath__bulk_mask(const ath__bulk *b, const void *row, uint64_t *mask) {
    memset(mask, 0, sizeof b->mask);
    for (size_t i = 0; i < b->m->table->column_count; i++) {
        const ath__column *c = &b->m->table->columns[i];
        bool of_class = b->m->family && (int)i == ath__discriminator_of(b->m->table); /* its default says it */
        if (!ath__is_given(c) && !c->version && !of_class && !ath__field_is_open(c, row))
            ath__mask_set(mask, i);
    }
}

size_t ath__bulk_run(ath__bulk *b, size_t first) {
    uint64_t mask[ATH__MANY_COLUMNS / 64];
    size_t n = 1;
    ath__bulk_mask(b, ath__bulk_row(b, first), b->mask);
    while (first + n < b->count) {
        ath__bulk_mask(b, ath__bulk_row(b, first + n), mask);
        if (memcmp(mask, b->mask, sizeof mask) != 0)
            break;
        n++;
    }
    b->column_count = b->value_count = 0;
    for (size_t i = 0; i < b->m->table->column_count; i++) {
        const ath__column *c = &b->m->table->columns[i];
        bool set = ath__mask_has(b->mask, i) || c->version;
        if (!set && (ath__is_given(c) || !c->default_value))
            continue;
        bool expr = !set && c->default_value->node != ATH_NODE_LITERAL;
        b->exprs[b->column_count] = expr ? c->default_value : NULL;
        b->columns[b->column_count++] = (uint16_t)i;
        b->value_count += !expr;
    }
    return n;
}

ath_status ath__bulk_value(ath__bulk *b, const void *row, size_t i, ath_value *out) {
    ath_session *s = b->s;
    const ath__column *c = &b->m->table->columns[b->columns[i]];
    bool own = ath__mask_has(b->mask, b->columns[i]);
    ath_status status = ATH_OK;
    if (own)
        status = ath__field_get(c->ctype, c->size, &c->type, (const char *)row + c->offset, out, &s->error);
    else
        *out = c->version ? (ath_value){.kind = ATH_KIND_INT, .as.i = 1} : c->default_value->u.value;
    ath__value_measure(out);
    if (status == ATH_OK)
        status = ath__value_coerce(out, &c->type, &b->arena, &s->error);
    if (status != ATH_OK)
        return ath__name_column(s, b->m, c);
    return own ? ath__rules_check(b->m->table, c, out, &s->error) : ATH_OK;
}

ath_status ath__bulk_check(ath__bulk *b, const void *row) {
    return b->m->table->validate ? ath__validate_whole(b->s, b->m, row) : ATH_OK;
}

const ath__column *ath__bulk_column(ath__bulk *b, const char *name) {
    const ath_table *t = b->m->table;
    const ath__column *c = name ? ath__table_column_named(t, name) : NULL;
    for (size_t i = 0; name && !c && i < t->column_count; i++)
        if (strcmp(t->columns[i].field, name) == 0)
            c = &t->columns[i];
    if (!c)
        ath__fail(&b->s->error, ATH_ARGUMENT, "model %s has no column %s", b->m->model->name, name ? name : "NULL");
    return c;
}

/* ---- INSERT ---- */

static ath_status compile_insert(void *context, ath_connection *c, ath__compiled *out, ath_error *error) {
    const ath__bulk *b = context;
    return ath__compile_insert(c->dialect, &c->engine->allocator, b->m->table, b->columns, b->exprs, b->column_count,
                               b->text_rows, NULL, 0, out, error);
}

static ath__prepared *prepare(ath__bulk *b, uint64_t kind, ath__compile_fn compile) {
    uint64_t words[3 + ATH__MANY_COLUMNS / 64] = {kind, (uint64_t)(uintptr_t)b->m->table, b->text_rows};
    memcpy(words + 3, b->mask, b->m->mask_words * sizeof *words);
    return ath__flush_prepare(b->s, words, 3u + b->m->mask_words, compile, b);
}

static ath_status row_values(ath__bulk *b, const void *row, ath_value *out) {
    ATH_TRY(ath__bulk_check(b, row));
    for (size_t i = 0, n = 0; i < b->column_count; i++)
        if (!b->exprs[i])
            ATH_TRY(ath__bulk_value(b, row, i, &out[n++]));
    return ATH_OK;
}

/* Rows of a text that lists its values. */
static size_t listed_rows(const ath__bulk *b, size_t left) {
    static const size_t sizes[] = {ATH__BATCH_ROWS, 100, 10};
    const ath_dialect *d = b->s->connection->dialect;
    for (size_t i = 0; i < ATH_COUNT_OF(sizes) && ath__dialect_can(d, ATH__CAN_MULTI_VALUES); i++)
        if (sizes[i] <= left && b->value_count && (!d->max_binds || sizes[i] * b->value_count <= d->max_binds))
            return sizes[i];
    return 1;
}

/* Gathers rows from `first` on; at most so many. */
static ath_status gather(ath__bulk *b, size_t first, size_t most) {
    b->values.count = b->values.bytes = 0;
    ath__arena_reset(&b->arena);
    while (b->values.count < most && (b->text_rows > 1 || !ath__rows_full(&b->values))) {
        ATH_TRY(row_values(b, ath__bulk_row(b, first + b->values.count), ath__rows_next(&b->values)));
        ath__rows_add(&b->values);
    }
    return ATH_OK;
}

static ath_status run(ath__bulk *b, ath__prepared *p, int64_t *rows) {
    ath_connection *connection = b->s->connection;
    if (ath__run_step(connection, p) == ATH__STEP_ERROR)
        return ath__session_failed(b->s);
    *rows = connection->driver->rows_changed(connection->handle);
    return ATH_OK;
}

static ath_status insert_batch(ath__bulk *b, size_t first, size_t left, size_t *sent) {
    ath__many many = ath__flush_many(b->s->connection);
    bool arrays = many != ATH__MANY_LISTED && b->value_count && left > 1;
    size_t most = arrays ? left : listed_rows(b, left);
    int64_t rows = 0;
    b->text_rows = !arrays ? most : many == ATH__MANY_ARRAYS ? ATH__ANY_ROWS : 1;
    ATH_TRY(gather(b, first, most));
    *sent = b->values.count;
    ath__prepared *p = prepare(b, ATH__KEY_INSERT_MANY, compile_insert);
    if (!p)
        return b->s->error.status;
    ath_status status = arrays ? ath__rows_bind(b->s, p, &b->values)
                               : ath__flush_bind(b->s, p, 0, b->values.values, *sent * b->value_count);
    if (status == ATH_OK)
        status = run(b, p, &rows);
    ath__prepared_release(b->s->connection, p);
    if (status == ATH_OK && rows != (int64_t)*sent)
        return ath__fail(&b->s->error, ATH_INTERNAL, "INSERT into %s: of %zu rows the database took %lld",
                         b->m->table->name, *sent, (long long)rows);
    return status;
}

static ath_status insert_run(ath__bulk *b, size_t first, size_t count) {
    ath_status status = ath__rows_init(b->s, &b->values, b->value_count ? b->value_count : 1, count);
    b->values.columns = b->value_count;
    for (size_t done = 0, sent = 0; status == ATH_OK && done < count; done += sent)
        status = insert_batch(b, first + done, count - done, &sent);
    b->values.columns = b->value_count ? b->value_count : 1;
    ath__rows_done(b->s, &b->values);
    return status;
}

int64_t ath_session_insert_many(ath_session *s, const ath_model *model, const void *rows, size_t count) {
    ath__bulk b;
    if (!ath__bulk_begin(&b, s, model, rows, count))
        return -1;
    ath_status status = ATH_OK;
    for (size_t done = 0, n = 0; status == ATH_OK && done < count; done += n) {
        n = ath__bulk_run(&b, done);
        status = insert_run(&b, done, n);
    }
    return ath__bulk_end(&b, status);
}

/* ---- UPDATE ---- */

static ath_status compile_update(void *context, ath_connection *c, ath__compiled *out, ath_error *error) {
    const ath__bulk *b = context;
    return ath__compile_update(c->dialect, &c->engine->allocator, b->m->table, b->columns, b->exprs, b->column_count,
                               b->text_rows, NULL, 0, out, error);
}

/* The columns that are named, and those that every UPDATE sets. */
static ath_status plan_update(ath__bulk *b, ath_name_list names) {
    const ath_table *t = b->m->table;
    if (!t->key_count)
        return ath__fail(&b->s->error, ATH_ARGUMENT, "ath_update_many(%s): the table has no primary key",
                         b->m->model->name);
    if (!names.count)
        return ath__fail(&b->s->error, ATH_ARGUMENT, "ath_update_many(%s): no columns are named", b->m->model->name);
    for (size_t i = 0; i < names.count; i++) {
        const ath__column *c = ath__bulk_column(b, names.names[i]);
        if (!c)
            return b->s->error.status;
        if (c->primary_key || ath__is_given(c) || c->version)
            return ath__fail(&b->s->error, ATH_ARGUMENT, "ath_update_many(%s): column %s is not the program's to set",
                             b->m->model->name, c->name);
        ath__mask_set(b->mask, c->position);
    }
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *c = &t->columns[i];
        bool set = ath__mask_has(b->mask, i);
        if (ath__is_given(c) || (!set && !c->version && !c->onupdate))
            continue;
        bool expr = !set && !c->version && c->onupdate->node != ATH_NODE_LITERAL;
        b->exprs[b->column_count] = expr ? c->onupdate : NULL;
        b->columns[b->column_count++] = (uint16_t)i;
        b->value_count += !expr;
    }
    return ATH_OK;
}

/* One more than the struct's version, or what .onupdate says. */
static ath_status derived_value(ath__bulk *b, const void *row, const ath__column *c, ath_value *out) {
    if (!c->version) {
        *out = c->onupdate->u.value;
        ath__value_measure(out);
    } else {
        ATH_TRY(ath__field_get(c->ctype, c->size, &c->type, (const char *)row + c->offset, out, &b->s->error));
        out->as.i += out->as.i < INT64_MAX;
    }
    return ath__value_coerce(out, &c->type, &b->arena, &b->s->error) == ATH_OK ? ATH_OK
                                                                               : ath__name_column(b->s, b->m, c);
}

static ath_status update_values(ath__bulk *b, const void *row, ath_value *out) {
    size_t n = 0;
    ATH_TRY(ath__bulk_check(b, row));
    for (size_t i = 0; i < b->column_count; i++) {
        const ath__column *c = &b->m->table->columns[b->columns[i]];
        if (b->exprs[i])
            continue;
        if (ath__mask_has(b->mask, c->position))
            ATH_TRY(ath__bulk_value(b, row, i, &out[n++]));
        else
            ATH_TRY(derived_value(b, row, c, &out[n++]));
    }
    return ath__flush_guard(b->s, b->m, row, out + n);
}

static ath_status missing(ath__bulk *b, size_t sent, int64_t rows) {
    return ath__fail(&b->s->error, ATH_STALE_DATA,
                     "UPDATE statement on table '%s' expected to update %zu row%s; %lld were matched",
                     b->m->table->name, sent, sent == 1 ? "" : "s", (long long)rows);
}

static ath_status update_batch(ath__bulk *b, size_t first, size_t left, size_t *sent) {
    ath__many many = ath__flush_many(b->s->connection);
    bool arrays = many != ATH__MANY_LISTED && left > 1;
    size_t most = arrays ? left : 1;
    int64_t rows = 0;
    b->values.count = b->values.bytes = 0;
    ath__arena_reset(&b->arena);
    while (b->values.count < most && !ath__rows_full(&b->values)) {
        ATH_TRY(update_values(b, ath__bulk_row(b, first + b->values.count), ath__rows_next(&b->values)));
        ath__rows_add(&b->values);
    }
    *sent = b->values.count;
    b->text_rows = arrays && many == ATH__MANY_ARRAYS ? ATH__ANY_ROWS : 1;
    ath__prepared *p = prepare(b, ATH__KEY_UPDATE_MANY, compile_update);
    if (!p)
        return b->s->error.status;
    ath_status status =
        arrays ? ath__rows_bind(b->s, p, &b->values) : ath__flush_bind(b->s, p, 0, b->values.values, b->values.columns);
    if (status == ATH_OK)
        status = run(b, p, &rows);
    ath__prepared_release(b->s->connection, p);
    return status == ATH_OK && rows != (int64_t)*sent ? missing(b, *sent, rows) : status;
}

/* Objects that the session has of these rows are read again: what was set, and what the database made of it. */
static ath_status read_known(ath__bulk *b) {
    ath__indexes known = {0};
    ath_status status = ATH_OK;
    for (size_t i = 0; status == ATH_OK && b->m->identity.used && i < b->count; i++) {
        const void *row = ath__bulk_row(b, i), *object;
        object = ath__identity_find(b->m, row, ath__identity_hash(b->m, row));
        if (object && ath__head_of(object)->state == ATH_STATE_PERSISTENT)
            status = ath__indexes_add(b->s, &known, ath__head_of(object)->index);
    }
    size_t n = b->column_count;
    for (size_t i = 0; i < b->m->table->column_count; i++)
        if (ath__is_given(&b->m->table->columns[i]))
            b->columns[n++] = (uint16_t)i;
    if (status == ATH_OK)
        status = ath__flush_read(b->s, b->m, known.items, known.count, b->columns, n);
    ath__free(b->s->allocator, known.items, known.capacity * sizeof *known.items);
    return status;
}

static ath_status update_all(ath__bulk *b, ath_name_list columns) {
    ATH_TRY(plan_update(b, columns));
    ATH_TRY(ath__rows_init(b->s, &b->values, b->value_count + ath__guard_count(b->m->table), b->count));
    for (size_t done = 0, sent = 0; done < b->count; done += sent)
        ATH_TRY(update_batch(b, done, b->count - done, &sent));
    return read_known(b);
}

int64_t ath_session_update_many(ath_session *s, const ath_model *model, const void *rows, size_t count,
                                ath_name_list columns) {
    ath__bulk b;
    if (!ath__bulk_begin(&b, s, model, rows, count))
        return -1;
    return ath__bulk_end(&b, count ? update_all(&b, columns) : ATH_OK);
}
