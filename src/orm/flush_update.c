/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, updates: objects that differ from their images become UPDATEs of the columns that differ, and of those alone.
 *
 * Columns are compared by value.  The row is found by the key of the image, so that a changed key works; a row that is
 * not there is stale data.
 *
 * Objects that changed the same columns make a group.  Where the database takes arrays a group is one statement; else each
 * of its rows is, and the group keeps the statement prepared.  Rows of a group keep their order, and so do groups that
 * change keys or unique columns among each other: one row may take what another gives up.  PostgreSQL updates the rows of
 * one statement in an order of its own; a group in which that could matter goes row by row.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256, MASK_WORDS = COLUMN_LIMIT / 64, GROUPS = 8, OLD_VALUES = 2048 };

typedef struct group {
    const ath_table *t;        /* the mapper's, or a part of it: the group's columns are its */
    bool follows;              /* its objects have changed in another part before */
    uint64_t mask[MASK_WORDS]; /* columns that differ, by their places in the mapper's table */
    size_t value_count, column_count, returned_count;
    uint16_t columns[COLUMN_LIMIT]; /* those, and what .onupdate sets */
    const ath_expr *exprs[COLUMN_LIMIT];
    uint16_t returned[COLUMN_LIMIT]; /* what an expression makes, or the database computes */
    bool ordered;                    /* a key or a unique column is among them */
    ath__prepared *one;              /* the statement of one row, while the group lives */
    size_t text_rows;                /* that the statement at hand is for */
    size_t count;
    uint32_t items[ATH__BATCH_ROWS]; /* indexes of objects, in order */
} group;

typedef struct updates {
    ath_session *s;
    ath__mapper *m;
    ath__many many;
    bool can_return;
    size_t group_count;
    group *groups[GROUPS];
    ath__rows values;
} updates;

/* ---- what changed ---- */

static bool find_changes(const ath__mapper *m, char *object, uint64_t *mask) {
    const char *image = ath__image_of(m, object);
    bool any = false;
    memset(mask, 0, MASK_WORDS * sizeof *mask);
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        if (ath__is_given(c) || c->version ||
            ath__field_equal(c->ctype, c->size, object + c->offset, image + c->offset)) {
            /* equal text at another address is the program's: back to the session's own, which stays; so does what the
             * database computes, or counts */
            memcpy(object + c->offset, image + c->offset, c->size);
            continue;
        }
        ath__mask_set(mask, i);
        any = true;
    }
    return any;
}

static bool is_in(const ath__column *c, ath_name_list names) {
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.names[i], c->name) == 0)
            return true;
    return false;
}

/* Whether two rows may not have the same value there (alone, or together with other columns). */
static bool is_unique(const ath_table *t, const ath__column *c) {
    bool unique = c->unique || c->primary_key;
    for (size_t i = 0; i < t->constraint_count; i++)
        unique = unique || (t->constraints[i].kind == ATH__UNIQUE && is_in(c, t->constraints[i].columns));
    for (size_t i = 0; i < t->index_count; i++)
        unique = unique || (t->indexes[i].unique && is_in(c, t->indexes[i].columns));
    return unique;
}

/* ---- groups ---- */

static void plan_group(const ath_table *t, const uint64_t *mask, bool follows, group *g) {
    g->t = t;
    g->follows = follows;
    memcpy(g->mask, mask, sizeof g->mask);
    g->value_count = g->column_count = g->returned_count = g->count = 0;
    g->ordered = false;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *c = &t->columns[i];
        bool set = ath__mask_has(mask, c->mapped);
        if (c->computed || c->read_only)
            g->returned[g->returned_count++] = (uint16_t)i;
        if (ath__is_given(c) || (!set && !c->onupdate))
            continue;
        const ath_expr *expr = !set && c->onupdate->node != ATH_NODE_LITERAL ? c->onupdate : NULL;
        if (expr)
            g->returned[g->returned_count++] = (uint16_t)i;
        g->value_count += expr == NULL;
        g->exprs[g->column_count] = expr;
        g->columns[g->column_count++] = (uint16_t)i;
        g->ordered = g->ordered || (set && is_unique(t, c));
    }
}

/* Columns with .onupdate that the program left alone: a literal goes into the struct, an expression into the statement. */
static ath_status apply_onupdate(const updates *u, const group *g, void *object) {
    for (size_t i = 0; i < g->column_count; i++) {
        const ath__column *c = &g->t->columns[g->columns[i]];
        if (g->exprs[i] || ath__mask_has(g->mask, c->mapped))
            continue;
        ath_value value = c->onupdate->u.value;
        ath_status status = ath__value_coerce(&value, &c->type, &u->s->arena, &u->s->error);
        if (status == ATH_OK)
            status = ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, &value, &u->s->arena,
                                    &u->s->error);
        if (status != ATH_OK)
            return ath__name_column(u->s, u->m, c);
    }
    return ATH_OK;
}

/* ---- the statement ---- */

typedef struct shape {
    const updates *u;
    const group *g;
} shape;

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const shape *sh = context;
    const group *g = sh->g;
    return ath__compile_update(connection->dialect, &connection->engine->allocator, g->t, g->columns, g->exprs,
                               g->column_count, g->text_rows, g->returned, sh->u->can_return ? g->returned_count : 0,
                               out, error);
}

static ath__prepared *prepare(const updates *u, group *g, size_t text_rows) {
    uint64_t words[3 + MASK_WORDS] = {ATH__KEY_UPDATE, (uint64_t)(uintptr_t)g->t, text_rows};
    shape sh = {u, g};
    g->text_rows = text_rows;
    memcpy(words + 3, g->mask, u->m->mask_words * sizeof *words);
    return ath__flush_prepare(u->s, words, 3u + u->m->mask_words, compile, &sh);
}

/* The columns, then the key and the version of the image. */
static ath_status row_values(const updates *u, const group *g, void *object, ath_value *out) {
    size_t n = 0;
    for (size_t i = 0; i < g->column_count; i++)
        if (!g->exprs[i])
            ATH_TRY(ath__flush_value(u->s, u->m, object, &g->t->columns[g->columns[i]], &out[n++]));
    const void *image = ath__image_of(u->m, object);
    return g->t->version < 0 ? ath__flush_key(u->s, u->m, image, out + n)
                             : ath__flush_guard(u->s, u->m, image, out + n);
}

static ath_status stale(const updates *u, const group *g, size_t expected, int64_t matched) {
    return ath__fail(&u->s->error, ATH_STALE_DATA,
                     "UPDATE statement on table '%s' expected to update %zu row%s; %lld were matched", g->t->name,
                     expected, expected == 1 ? "" : "s", (long long)matched);
}

/* What expressions made comes back with the number of its row, if there are several. */
static ath_status take_row(const updates *u, const group *g, const ath__prepared *p, const uint32_t *items,
                           size_t count) {
    ath_session *s = u->s;
    ath_value *cells = u->m->cells;
    bool numbered = g->text_rows == ATH__ANY_ROWS;
    ATH_TRY(s->connection->driver->row(p->statement, cells, g->returned_count + numbered, &s->error));
    int64_t number = numbered ? cells[0].as.i : 1;
    if ((numbered && cells[0].kind != ATH_KIND_INT) || number < 1 || number > (int64_t)count)
        return ath__fail(&s->error, ATH_INTERNAL, "UPDATE of %s: a row came back that was not sent", g->t->name);
    return ath__flush_read_back(s, u->m, g->t, ath__mapper_object(u->m, items[number - 1]), g->returned,
                                g->returned_count, cells + numbered);
}

static ath_status run(const updates *u, const group *g, ath__prepared *p, const uint32_t *items, size_t count) {
    ath_connection *connection = u->s->connection;
    int64_t rows = 0;
    ath__step step;
    while ((step = ath__run_step(connection, p)) == ATH__STEP_ROW) {
        ATH_TRY(take_row(u, g, p, items, count));
        rows++;
    }
    if (step == ATH__STEP_ERROR)
        return ath__session_failed(u->s);
    if (!g->returned_count || !u->can_return)
        rows = connection->driver->rows_changed(connection->handle);
    return rows == (int64_t)count ? ATH_OK : stale(u, g, count, rows);
}

/* ---- after it ---- */

/* Relations are settled by themselves, at the end of the flush. */
static void take_columns(const ath__mapper *m, const ath_table *t, char *image, const char *object) {
    if (!m->links && t == m->table) {
        memcpy(image, object, m->size);
        return;
    }
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *c = &t->columns[i];
        memcpy(image + c->offset, object + c->offset, c->size);
    }
}

/* The image follows, and the identity map when the key has changed. */
static ath_status settle(const updates *u, const group *g, void *object) {
    ath__mapper *m = u->m;
    void *image = ath__image_of(m, object);
    ATH_TRY(ath__journal_add(u->s, ATH__UNDO_UPDATE, m, object));
    if (!g->follows)
        ATH_TRY(ath__event_note(u->s, ATH_AFTER_UPDATE, m, object));
    bool key_changed = false;
    for (size_t i = 0; i < m->table->key_count; i++)
        key_changed = key_changed || ath__mask_has(g->mask, m->table->key[i]);
    if (key_changed)
        ath__identity_remove(m, object, image);
    take_columns(m, g->t, image, object);
    return key_changed ? ath__identity_add(u->s, m, object, ath__identity_hash(m, object)) : ATH_OK;
}

/* Where columns of the group's table stand in the mapper's. */
static const uint16_t *mapped(const group *g, const uint16_t *columns, size_t count, uint16_t out[COLUMN_LIMIT]) {
    for (size_t i = 0; i < count; i++)
        out[i] = g->t->columns[columns[i]].mapped;
    return out;
}

/* What could not be returned is selected. */
static ath_status read_rest(const updates *u, const group *g, const uint32_t *items, size_t count) {
    uint16_t columns[COLUMN_LIMIT];
    if (u->can_return)
        return ATH_OK;
    return ath__flush_read(u->s, u->m, items, count, mapped(g, g->returned, g->returned_count, columns),
                           g->returned_count);
}

static ath_status settle_all(const updates *u, const group *g, const uint32_t *items, size_t count) {
    for (size_t i = 0; i < count; i++)
        ATH_TRY(settle(u, g, ath__mapper_object(u->m, items[i])));
    return read_rest(u, g, items, count);
}

/* ---- row by row ---- */

static ath_status send_one(const updates *u, group *g, uint32_t item) {
    ath_value values[COLUMN_LIMIT + 16];
    ath_connection *connection = u->s->connection;
    if (!g->one && !(g->one = prepare(u, g, 1)))
        return u->s->error.status;
    g->text_rows = 1;
    ATH_TRY(row_values(u, g, ath__mapper_object(u->m, item), values));
    ATH_TRY(ath__flush_bind(u->s, g->one, 0, values, g->value_count + ath__guard_count(g->t)));
    ath_status status = run(u, g, g->one, &item, 1);
    connection->driver->reset(g->one->statement);
    g->one->stepped = g->one->echoed = g->one->fresh = false;
    return status == ATH_STALE_DATA ? ath__name_stale(u->s, u->m, &item, 1, NULL, 0) : status;
}

static ath_status send_singly(const updates *u, group *g) {
    for (size_t i = 0; i < g->count; i++) {
        ATH_TRY(send_one(u, g, g->items[i]));
        ATH_TRY(settle(u, g, ath__mapper_object(u->m, g->items[i])));
    }
    return read_rest(u, g, g->items, g->count);
}

/* ---- many rows ---- */

/* Whether a row of the group takes a value that another one gives up; slots are a set of the old values' hashes. */
static bool takes_over(const updates *u, const group *g, const ath__column *c, uint32_t *slots) {
    memset(slots, 0, OLD_VALUES * sizeof *slots);
    for (size_t i = 0; i < g->count; i++) {
        const void *image = ath__image_of(u->m, ath__mapper_object(u->m, g->items[i]));
        uint32_t hash = ath__field_hash(c, image) | 1, at = hash % OLD_VALUES;
        while (slots[at] && slots[at] != hash)
            at = (at + 1) % OLD_VALUES;
        slots[at] = hash;
    }
    for (size_t i = 0; i < g->count; i++) {
        uint32_t hash = ath__field_hash(c, ath__mapper_object(u->m, g->items[i])) | 1, at = hash % OLD_VALUES;
        while (slots[at] && slots[at] != hash)
            at = (at + 1) % OLD_VALUES;
        if (slots[at])
            return true;
    }
    return false;
}

static bool order_matters(const updates *u, const group *g) {
    uint32_t slots[OLD_VALUES];
    for (size_t i = 0; g->ordered && i < g->column_count; i++) {
        const ath__column *c = &g->t->columns[g->columns[i]];
        if (is_unique(g->t, c) && takes_over(u, g, c, slots))
            return true;
    }
    return false;
}

static ath_status send_many(updates *u, group *g, const uint32_t *items, size_t left, size_t *sent) {
    u->values.columns = g->value_count + ath__guard_count(g->t);
    u->values.count = u->values.bytes = 0;
    while (u->values.count < left && !ath__rows_full(&u->values)) {
        void *object = ath__mapper_object(u->m, items[u->values.count]);
        ATH_TRY(row_values(u, g, object, ath__rows_next(&u->values)));
        ath__rows_add(&u->values);
    }
    *sent = u->values.count;
    ath__prepared *p = prepare(u, g, u->many == ATH__MANY_ARRAYS ? ATH__ANY_ROWS : 1);
    if (!p)
        return u->s->error.status;
    ath_status status = ath__rows_bind(u->s, p, &u->values);
    if (status == ATH_OK)
        status = run(u, g, p, items, *sent);
    ath__prepared_release(u->s->connection, p);
    uint16_t columns[COLUMN_LIMIT];
    if (status == ATH_STALE_DATA)
        return ath__name_stale(u->s, u->m, items, *sent, mapped(g, g->columns, g->column_count, columns),
                               g->column_count);
    return status == ATH_OK ? settle_all(u, g, items, *sent) : status;
}

static ath_status send_arrays(updates *u, group *g) {
    ath_status status = ath__rows_init(u->s, &u->values, g->value_count + ath__guard_count(g->t), g->count);
    for (size_t done = 0, sent = 0; status == ATH_OK && done < g->count; done += sent)
        status = send_many(u, g, g->items + done, g->count - done, &sent);
    ath__rows_done(u->s, &u->values);
    return status;
}

static ath_status send(updates *u, group *g) {
    bool singly = u->many == ATH__MANY_LISTED || g->count <= 1 || (u->many == ATH__MANY_ARRAYS && order_matters(u, g));
    ath_status status = singly ? send_singly(u, g) : send_arrays(u, g);
    g->count = 0;
    return status;
}

/* ---- gathering ---- */

static void release(updates *u, group *g) {
    ath__prepared_release(u->s->connection, g->one);
    g->one = NULL;
}

/* Sends the groups; with `ordered`, those but `keep` in which the order of rows may matter. */
static ath_status send_groups(updates *u, bool ordered, const group *keep) {
    for (size_t i = 0; i < u->group_count; i++) {
        group *g = u->groups[i];
        if (g != keep && g->count && (!ordered || g->ordered))
            ATH_TRY(send(u, g));
    }
    return ATH_OK;
}

/* An empty group: a new one, or the first one emptied when there are as many as may be. */
static group *free_group(updates *u) {
    size_t most = u->many == ATH__MANY_LISTED ? 1 : GROUPS;
    if (u->group_count < most) {
        group *g = ath__alloc(u->s->allocator, sizeof *g);
        if (!g) {
            ath__session_no_memory(u->s);
            return NULL;
        }
        g->one = NULL;
        return u->groups[u->group_count++] = g;
    }
    if (send_groups(u, false, NULL) != ATH_OK)
        return NULL;
    for (size_t i = 0; i < u->group_count; i++)
        release(u, u->groups[i]);
    group *first = u->groups[0]; /* in turn, so that the others may go on */
    memmove(u->groups, u->groups + 1, (u->group_count - 1) * sizeof *u->groups);
    return u->groups[u->group_count - 1] = first;
}

static group *group_of(updates *u, const ath_table *t, const uint64_t *mask, bool follows) {
    for (size_t i = 0; i < u->group_count; i++)
        if (u->groups[i]->t == t && u->groups[i]->follows == follows &&
            memcmp(u->groups[i]->mask, mask, sizeof u->groups[i]->mask) == 0)
            return u->groups[i];
    group *g = free_group(u);
    if (g)
        plan_group(t, mask, follows, g);
    return g;
}

/* With the first change: what the database can. */
static ath_status begin(updates *u) {
    const ath_connection *connection = ath__session_connection(u->s);
    if (!connection)
        return u->s->error.status;
    u->many = ath__flush_many(connection);
    u->can_return = u->many != ATH__MANY_BULK && ath__dialect_can(connection->dialect, ATH__CAN_UPDATE_RETURNING);
    return ATH_OK;
}

static ath_status update_part(updates *u, void *object, const ath_table *t, const uint64_t *mask, bool follows) {
    group *g = group_of(u, t, mask, follows);
    if (!g)
        return u->s->error.status;
    ATH_TRY(apply_onupdate(u, g, object));
    if (g->ordered)
        ATH_TRY(send_groups(u, true, g));
    g->items[g->count++] = ath__head_of(object)->index;
    return u->many == ATH__MANY_LISTED || g->count == ATH__BATCH_ROWS ? send(u, g) : ATH_OK;
}

/* The changed columns that live in a table; false: none. */
static bool changes_in(const ath__mapper *m, const ath_table *home, const uint64_t *mask, uint64_t *out) {
    bool any = false;
    memset(out, 0, MASK_WORDS * sizeof *out);
    for (size_t i = 0; i < m->table->column_count; i++)
        if (ath__mask_has(mask, i) && m->table->columns[i].home == home) {
            ath__mask_set(out, i);
            any = true;
        }
    return any;
}

/* Of a joined-table class: those of its tables whose columns have changed. */
static ath_status update_parts(updates *u, void *object, const uint64_t *mask) {
    const ath_table *parts[ATH__PARTS], *t = u->m->table;
    uint64_t changed[MASK_WORDS];
    size_t count = ath__table_parts(t, parts);
    bool follows = false;
    for (size_t i = 0; i < t->key_count; i++)
        if (ath__mask_has(mask, t->key[i]))
            return ath__fail(&u->s->error, ATH_NOT_SUPPORTED,
                             "the primary key of a %s cannot be changed: its row is in several tables",
                             u->m->model->name);
    for (size_t i = 0; i < count; i++) {
        if (!changes_in(u->m, parts[i], mask, changed))
            continue;
        ATH_TRY(update_part(u, object, parts[i], changed, follows));
        follows = true;
    }
    return ATH_OK;
}

static ath_status update_object(updates *u, void *object) {
    uint64_t mask[MASK_WORDS];
    if (!find_changes(u->m, object, mask))
        return ATH_OK;
    ATH_TRY(ath__version_next(u->s, u->m, object, mask));
    if (!u->group_count)
        ATH_TRY(begin(u));
    if (ath__table_is_joined(u->m->table))
        return update_parts(u, object, mask);
    return update_part(u, object, u->m->table, mask, false);
}

static ath_status update_objects(updates *u, const uint32_t *objects, size_t count) {
    for (size_t i = 0; i < count; i++)
        ATH_TRY(update_object(u, ath__mapper_object(u->m, objects[i])));
    return send_groups(u, false, NULL);
}

ath_status ath__flush_updates(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count) {
    updates u = {.s = s, .m = m};
    if (!count)
        return ATH_OK;
    ath_status status = update_objects(&u, objects, count);
    for (size_t i = 0; i < u.group_count; i++) {
        release(&u, u.groups[i]);
        ath__free(s->allocator, u.groups[i], sizeof *u.groups[i]);
    }
    return status;
}
