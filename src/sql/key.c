/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, first half: one walk over a statement's tree gives its structural key and gathers its values.
 *
 * The key is a run of words that says all that decides the SQL text: node kinds, operators, models and offsets, names by
 * their bytes, the kind of each literal, whether there is a LIMIT.  It leaves out what is bound.  A repeated statement
 * costs this walk and one look-up, so the walk is kept plain: no allocation while the tree is of ordinary size.
 */
#include "sql/compile.h"

#include "sql/relation.h"
#include "sql/schema.h"

enum { DEPTH_LIMIT = 200 };

void ath__key_init(ath__key *key, const ath_allocator *allocator) {
    key->allocator = allocator;
    key->words = key->word_space;
    key->word_count = 0;
    key->word_capacity = ATH_COUNT_OF(key->word_space);
    key->values = key->value_space;
    key->owners = key->owner_space;
    key->value_count = 0;
    key->value_capacity = ATH_COUNT_OF(key->value_space);
    key->no_memory = key->malformed = key->whole_arrays = key->shares = key->written = false;
    key->shared_from = 0;
}

void ath__key_done(ath__key *key) {
    if (key->words != key->word_space)
        ath__free(key->allocator, key->words, key->word_capacity * sizeof *key->words);
    if (key->values != key->value_space)
        ath__free(key->allocator, key->values, key->value_capacity * sizeof *key->values);
    if (key->owners != key->owner_space)
        ath__free(key->allocator, key->owners, key->value_capacity * sizeof *key->owners);
}

static inline bool stopped(const ath__key *key) {
    return key->no_memory || key->malformed;
}

/* ---- growth ---- */

/* Doubles an array that may still lie in the key itself. */
static void *double_array(ath__key *key, void *array, const void *space, size_t count, size_t capacity, size_t size) {
    void *larger = ath__alloc(key->allocator, capacity * 2 * size);
    if (!larger) {
        key->no_memory = true;
        return NULL;
    }
    memcpy(larger, array, count * size);
    if (array != space)
        ath__free(key->allocator, array, capacity * size);
    return larger;
}

static bool more_words(ath__key *key) {
    uint64_t *words =
        double_array(key, key->words, key->word_space, key->word_count, key->word_capacity, sizeof *words);
    if (!words)
        return false;
    key->words = words;
    key->word_capacity *= 2;
    return true;
}

static bool more_values(ath__key *key) {
    size_t capacity = key->value_capacity;
    void *owners = ath__alloc(key->allocator, capacity * 2 * sizeof *key->owners);
    void *values =
        owners ? double_array(key, key->values, key->value_space, key->value_count, capacity, sizeof *key->values)
               : NULL;
    if (!values) {
        ath__free(key->allocator, owners, capacity * 2 * sizeof *key->owners);
        key->no_memory = true;
        return false;
    }
    memcpy(owners, key->owners, key->value_count * sizeof *key->owners);
    if (key->owners != key->owner_space)
        ath__free(key->allocator, key->owners, capacity * sizeof *key->owners);
    key->owners = owners;
    key->values = values;
    key->value_capacity = capacity * 2;
    return true;
}

static inline void word(ath__key *key, uint64_t w) {
    if (__builtin_expect(key->word_count == key->word_capacity, 0) && !more_words(key))
        return;
    key->words[key->word_count++] = w;
}

static inline ath_value *value_slot(ath__key *key, const void *owner) {
    if (key->value_count == key->value_capacity && !more_values(key))
        return NULL;
    key->owners[key->value_count] = owner;
    return &key->values[key->value_count++];
}

/* A name by its bytes, eight a word, its length in the last one's place: a NUL ends it and none can be inside. */
static void text(ath__key *key, const char *s) {
    uint64_t w = 0;
    if (!s) {
        word(key, UINT64_C(1) << 63); /* no name: a byte behind a NUL */
        return;
    }
    size_t size = strlen(s);
    for (; size >= sizeof w; size -= sizeof w, s += sizeof w) {
        memcpy(&w, s, sizeof w);
        word(key, w);
    }
    w = 0;
    for (size_t i = 0; i < size; i++)
        w |= (uint64_t)(unsigned char)s[i] << 8 * i;
    word(key, w); /* with at least one zero byte: no name goes on here */
}

static inline void pointer(ath__key *key, const void *p) {
    word(key, (uint64_t)(uintptr_t)p);
}

static void type(ath__key *key, const ath_type *t);

static void type_details(ath__key *key, const ath_type_details *d) {
    const char *const texts[] = {d->spelling, d->name, d->schema, d->fields, d->collation, d->charset};
    word(key, (uint64_t)d->plain | (uint64_t)d->check << 1 | (uint64_t)(d->item != NULL) << 2 |
                  (uint64_t)d->dimensions << 8);
    for (size_t i = 0; i < ATH_COUNT_OF(texts); i++)
        text(key, texts[i]);
    if (d->item)
        type(key, d->item);
}

static void type(ath__key *key, const ath_type *t) {
    bool nested = t->details && t->details->item && t->details->item->details && t->details->item->details->item;
    word(key, (uint64_t)t->sql | (uint64_t)t->precision << 8 | (uint64_t)t->scale << 16 |
                  (uint64_t)t->is_unsigned << 24 | (uint64_t)(t->details != NULL) << 25 | (uint64_t)t->length << 32);
    word(key, (uint64_t)t->name_count | (uint64_t)t->form << 32);
    for (uint32_t i = 0; i < t->name_count; i++)
        text(key, t->names[i]);
    key->malformed = key->malformed || nested; /* arrays of arrays say .dimensions */
    if (t->details && !nested)
        type_details(key, t->details);
}

/* ---- expressions ---- */

static void select_stmt(ath__key *key, const ath_select_stmt *s, int depth);
static inline void expr(ath__key *key, const ath_expr *e, int depth);

static void list(ath__key *key, ath_expr_list l, int depth) {
    word(key, l.count);
    for (size_t i = 0; i < l.count; i++)
        expr(key, l.items[i], depth);
}

uint32_t ath__array_padded(uint32_t count) {
    uint32_t n = count ? 1 : 0;
    if (count > 16384)
        return count;
    while (n < count)
        n *= 2;
    return n;
}

bool ath__array_element(const ath_expr *e, uint32_t i, ath_value *out) {
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    size_t size = ath__ctype_size((ath_ctype)e->kind);
    if (!size)
        return false;
    const char *field = (const char *)e->u.array + i * size;
    return ath__field_get((ath_ctype)e->kind, size, &plain, field, out, NULL) == ATH_OK;
}

/* ---- values that are equal ---- */

static bool same_array(const ath_expr *a, const ath_expr *b) {
    ath_value x, y;
    if (a->kind != b->kind || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!ath__array_element(a, i, &x) || !ath__array_element(b, i, &y) || !ath__same_value(&x, NULL, &y, NULL))
            return false;
    return true;
}

bool ath__same_value(const ath_value *a, const void *a_owner, const ath_value *b, const void *b_owner) {
    if (a->kind != b->kind)
        return false;
    if (a->kind == ATH_KIND_ARRAY)
        return a_owner && b_owner && same_array(a_owner, b_owner);
    if (a->kind == ATH_KIND_REAL)
        return a->as.u == b->as.u; /* 0.0 is not -0.0, a NaN is itself */
    if (a->kind == ATH_KIND_DECIMAL && a->as.decimal.scale != b->as.decimal.scale)
        return false; /* 1.0 is not 1.00 */
    ath_value x = *a, y = *b;
    ath__value_measure(&x);
    ath__value_measure(&y);
    return ath__value_equal(&x, &y);
}

/* In a SELECT that groups, equal values may get one placeholder, so which are equal decides the text: behind each literal
 * comes the first value of the SELECT that equals it. */
static void equality(ath__key *key) {
    size_t last = key->value_count - 1, at = key->shared_from - 1;
    while (at < last && !ath__same_value(&key->values[at], key->owners[at], &key->values[last], key->owners[last]))
        at++;
    word(key, at);
}

/* Where the database takes a list as one value, all lengths are one shape; the elements are fetched when it is bound. */
static void whole_array(ath__key *key, const ath_expr *e) {
    ath_value *slot = value_slot(key, e);
    word(key, e->kind);
    if (slot)
        *slot = (ath_value){.kind = ATH_KIND_ARRAY, .as.array = {NULL, e->count}};
    if (slot && key->shared_from)
        equality(key);
}

static void array(ath__key *key, const ath_expr *e) {
    uint32_t n = ath__array_padded(e->count);
    word(key, n);
    for (uint32_t i = 0; i < n; i++) {
        ath_value *slot = value_slot(key, e);
        if (!slot)
            return;
        if (!ath__array_element(e, i < e->count ? i : e->count - 1, slot)) {
            key->malformed = true;
            return;
        }
    }
}

/* What is written into the SQL is part of its shape. */
static void constant(ath__key *key, const ath_value *v) {
    word(key, (uint64_t)v->kind);
    if (v->kind == ATH_KIND_BOOL || v->kind == ATH_KIND_INT || v->kind == ATH_KIND_REAL)
        word(key, v->kind == ATH_KIND_BOOL ? (uint64_t)v->as.b : v->as.u);
    else if (v->kind == ATH_KIND_TEXT)
        text(key, v->as.text.data);
    else if (v->kind != ATH_KIND_NULL)
        key->malformed = true;
}

static inline void literal(ath__key *key, const ath_expr *e) {
    if (key->written) {
        constant(key, &e->u.value);
        return;
    }
    ath_value *slot = value_slot(key, e);
    if (!slot)
        return;
    *slot = e->u.value;
    word(key, (uint64_t)e->u.value.kind);
    if (key->shared_from)
        equality(key);
}

/* A bound of a frame.  It is bound where the database lets it, and written elsewhere. */
static void bound(ath__key *key, const int64_t *at) {
    bool open = *at == ATH_UNBOUNDED_PRECEDING || *at == ATH_UNBOUNDED_FOLLOWING;
    word(key, (uint64_t)*at);
    ath_value *slot = *at && !open ? value_slot(key, at) : NULL;
    if (slot)
        *slot = (ath_value){.kind = ATH_KIND_INT, .as.i = *at < 0 ? -*at : *at};
}

static void window(ath__key *key, const ath_window *w, int depth) {
    if (!w) {
        key->malformed = true;
        return;
    }
    list(key, w->partition_by, depth);
    list(key, w->order_by, depth);
    word(key, (uint64_t)w->frame);
    if (!w->frame)
        return;
    bound(key, &w->start);
    bound(key, &w->end);
    text(key, w->exclude);
}

/* A relation's own condition has values too; so has the object that is asked for. */
static void relation(ath__key *key, const ath_expr *e, int depth) {
    pointer(key, e->u.relation.model);
    word(key, e->u.relation.offset);
    text(key, e->u.relation.alias);
    word(key, e->u.relation.object != NULL);
    const ath__link *link = ath__link_of(e, NULL); /* what is wrong with it, the compiler says */
    if (link)
        expr(key, link->relation->opts.where_, depth + 1);
    size_t count = link && e->u.relation.object ? ath__link_object_columns(link, e) : 0;
    for (size_t i = 0; i < count; i++) {
        const ath__column *c = ath__link_object_column(link, e, i);
        ath_value *slot = value_slot(key, e);
        if (!slot)
            return;
        if (ath__field_get(c->ctype, c->size, &c->type, (const char *)e->u.relation.object + c->offset, slot, NULL) !=
            ATH_OK)
            key->malformed = true;
        word(key, (uint64_t)slot->kind);
        if (key->shared_from)
            equality(key);
    }
}

static void payload(ath__key *key, const ath_expr *e, int depth) {
    switch (e->node) {
    case ATH_NODE_RELATION:
        relation(key, e, depth);
        break;
    case ATH_NODE_COLUMN:
        pointer(key, e->u.column.model);
        word(key, e->u.column.offset);
        if (e->u.column.alias)
            text(key, e->u.column.alias);
        break;
    case ATH_NODE_STAR:
        pointer(key, e->u.column.model);
        text(key, e->u.column.alias);
        break;
    case ATH_NODE_NAME:
        text(key, e->u.name.table);
        text(key, e->u.name.name);
        break;
    case ATH_NODE_LITERAL:
        literal(key, e);
        break;
    case ATH_NODE_FUNCTION:
    case ATH_NODE_LABEL:
    case ATH_NODE_TEXT:
    case ATH_NODE_BIND:
    case ATH_NODE_COLLATE:
    case ATH_NODE_EXTRACT:
    case ATH_NODE_GROUPING:
        text(key, e->u.text);
        break;
    case ATH_NODE_CONSTANT:
        constant(key, &e->u.value);
        break;
    case ATH_NODE_CAST:
    case ATH_NODE_TYPED:
    case ATH_NODE_JSON:
        type(key, &e->u.type);
        break;
    case ATH_NODE_OVER:
    case ATH_NODE_WITHIN:
        window(key, e->u.window, depth + 1);
        break;
    case ATH_NODE_ARRAY:
        if (key->whole_arrays)
            whole_array(key, e);
        else
            array(key, e);
        break;
    case ATH_NODE_SUBQUERY:
        select_stmt(key, e->u.select, depth + 1);
        break;
    default:
        break;
    }
}

/* One word for what a node is.  A column with an alias differs from one without by the `distinct` bit's neighbour. */
static inline uint64_t head(const ath_expr *e) {
    bool aliased = e->node == ATH_NODE_COLUMN && e->u.column.alias;
    uint32_t count = e->node == ATH_NODE_ARRAY ? 0 : e->count;
    return (uint64_t)e->node | (uint64_t)e->op << 8 | (uint64_t)e->distinct << 16 | (uint64_t)aliased << 17 |
           (uint64_t)count << 32;
}

/* Columns and literals are most of a tree: they are written here, without a call of their own. */
static inline bool leaf(ath__key *key, const ath_expr *e) {
    if (key->word_capacity - key->word_count < 3 || key->value_count == key->value_capacity)
        return false;
    uint64_t *at = key->words + key->word_count;
    if (e->node == ATH_NODE_COLUMN && !e->u.column.alias) {
        at[0] = ATH_NODE_COLUMN;
        at[1] = (uint64_t)(uintptr_t)e->u.column.model;
        at[2] = e->u.column.offset;
        key->word_count += 3;
        return true;
    }
    if (e->node != ATH_NODE_LITERAL || key->written || key->shared_from)
        return false;
    at[0] = ATH_NODE_LITERAL;
    at[1] = (uint64_t)e->u.value.kind;
    key->word_count += 2;
    key->owners[key->value_count] = e;
    key->values[key->value_count++] = e->u.value;
    return true;
}

static void branch(ath__key *key, const ath_expr *e, int depth) {
    if (stopped(key))
        return;
    if (depth > DEPTH_LIMIT) {
        key->malformed = true;
        return;
    }
    word(key, head(e));
    if (e->node != ATH_NODE_OPERATOR)
        payload(key, e, depth);
    else if (e->op == ATH_OP_CUSTOM || e->op == ATH_OP_REGEXP || e->op == ATH_OP_NOT_REGEXP ||
             (e->op >= ATH_OP_LIKE && e->op <= ATH_OP_NOT_ILIKE))
        text(key, e->u.text);
    if (e->node == ATH_NODE_ARRAY)
        return;
    for (uint32_t i = 0; i < e->count; i++)
        expr(key, e->args[i], depth + 1);
}

static inline void expr(ath__key *key, const ath_expr *e, int depth) {
    if (!e)
        word(key, UINT64_MAX - 1);
    else if (!leaf(key, e))
        branch(key, e, depth);
}

/* ---- statements ---- */

static void number(ath__key *key, const int64_t *n) {
    word(key, *n != 0);
    ath_value *slot = *n ? value_slot(key, n) : NULL;
    if (slot)
        *slot = (ath_value){.kind = ATH_KIND_INT, .as.i = *n};
}

static void names(ath__key *key, ath_name_list l) {
    word(key, l.count);
    for (size_t i = 0; i < l.count; i++)
        text(key, l.names[i]);
}

static void joins(ath__key *key, const ath_join_clause *items, size_t count, int depth);
static void walk(ath__key *key, ath_stmt stmt, int depth);

/* By a name that no text can have, and its number. */
static void described(ath__key *key, const ath_table *table) {
    word(key, UINT64_MAX - 2);
    word(key, table->serial);
}

static void source(ath__key *key, const ath_source *s, int depth) {
    bool odd = s->function || s->sample || s->joins || s->columns.count || s->schema;
    pointer(key, s->model);
    if (s->described)
        described(key, s->described);
    else if (!s->model)
        text(key, s->table);
    text(key, s->alias);
    word(key, (uint64_t)(s->select != NULL) | (uint64_t)s->lateral << 1 | (uint64_t)odd << 2);
    if (s->select)
        select_stmt(key, s->select, depth + 1);
    if (!odd)
        return;
    text(key, s->schema);
    names(key, s->columns);
    expr(key, s->function, depth);
    expr(key, s->sample, depth);
    expr(key, s->seed, depth);
    if (depth < DEPTH_LIMIT)
        joins(key, s->joins, s->join_count, depth + 1);
    else
        key->malformed = true;
}

static void joins(ath__key *key, const ath_join_clause *items, size_t count, int depth) {
    word(key, count);
    key->malformed = key->malformed || (count && !items);
    for (size_t i = 0; items && i < count; i++) {
        source(key, &items[i].source, depth);
        word(key, (uint64_t)items[i].kind);
        expr(key, items[i].on_, depth);
        expr(key, items[i].filter_, depth);
    }
}

static void sources(ath__key *key, ath_source_list l, int depth) {
    word(key, l.count);
    for (size_t i = 0; i < l.count; i++)
        source(key, &l.items[i], depth);
}

static void with(ath__key *key, ath_cte_list l, int depth) {
    word(key, l.count);
    for (size_t i = 0; i < l.count; i++) {
        text(key, l.items[i].name);
        names(key, l.items[i].columns);
        word(key, (uint64_t)l.items[i].union_all | (uint64_t)(l.items[i].recursive != NULL) << 1 |
                      (uint64_t)l.items[i].materialized << 2 | (uint64_t)l.items[i].statement.kind << 4);
        if (l.items[i].statement.of)
            walk(key, l.items[i].statement, depth + 1);
        else
            select_stmt(key, l.items[i].query, depth + 1);
        if (l.items[i].recursive)
            select_stmt(key, l.items[i].recursive, depth + 1);
    }
}

static void rows(ath__key *key, ath_row_list l, int depth) {
    word(key, l.count);
    for (size_t i = 0; i < l.count; i++)
        list(key, l.items[i], depth);
}

/* What few SELECTs have. */
static void odd_parts(ath__key *key, const ath_select_stmt *s, int depth) {
    word(key, (uint64_t)s->set | (uint64_t)s->lock.strength << 8 | (uint64_t)s->lock.nowait << 16 |
                  (uint64_t)s->lock.skip_locked << 17 | (uint64_t)s->member_count << 32);
    for (size_t i = 0; i < s->member_count; i++)
        select_stmt(key, s->members[i], depth + 1);
    rows(key, s->values, depth);
    list(key, s->distinct_on, depth);
    sources(key, s->lock.of, depth);
    text(key, s->prefix);
    text(key, s->suffix);
}

static void select_stmt(ath__key *key, const ath_select_stmt *s, int depth) {
    if (stopped(key))
        return;
    if (!s || depth > DEPTH_LIMIT) {
        key->malformed = true;
        return;
    }
    size_t outside = key->shared_from, inside = outside;
    if (!inside && key->shares && (s->distinct || s->group_by.count || s->distinct_on.count))
        inside = key->value_count + 1;
    bool odd = s->set || s->values.count || s->distinct_on.count || s->lock.strength || s->prefix || s->suffix;
    word(key, ATH_STMT_SELECT | (uint64_t)s->distinct << 8 | (uint64_t)odd << 9 | (uint64_t)s->with_ties << 10 |
                  (uint64_t)s->table_labels << 11);
    pointer(key, s->model);
    with(key, s->with, depth);
    key->shared_from = inside;
    list(key, s->columns, depth);
    key->shared_from = outside;
    sources(key, s->from, depth);
    joins(key, s->joins.items, s->joins.count, depth);
    expr(key, s->where_, depth);
    key->shared_from = inside;
    list(key, s->group_by, depth);
    expr(key, s->having_, depth);
    list(key, s->order_by, depth);
    number(key, &s->limit);
    number(key, &s->offset);
    if (odd)
        odd_parts(key, s, depth);
    key->shared_from = outside;
}

static void target(ath__key *key, ath_stmt_kind kind, const ath_model *model, const ath_table *table_of,
                   const char *table, const char *schema) {
    word(key, kind);
    pointer(key, model);
    if (table_of)
        described(key, table_of);
    if (model || table_of)
        return;
    text(key, table);
    text(key, schema);
}

static void assignments(ath__key *key, ath_assignment_list l, int depth) {
    word(key, l.count);
    for (size_t i = 0; i < l.count; i++) {
        expr(key, l.items[i].column, depth);
        expr(key, l.items[i].value, depth);
    }
}

static void conflict(ath__key *key, const ath_conflict *c, int depth) {
    word(key, c->is_set);
    if (!c->is_set)
        return;
    names(key, c->columns);
    text(key, c->constraint);
    key->written = true;
    expr(key, c->where_, depth);
    key->written = false;
    assignments(key, c->set, depth);
    expr(key, c->update_where_, depth);
}

static void insert_stmt(ath__key *key, const ath_insert_stmt *s, int depth) {
    target(key, ATH_STMT_INSERT, s->model, s->described, s->table, s->schema);
    with(key, s->with, depth);
    text(key, s->prefix);
    assignments(key, s->set, depth);
    names(key, s->columns);
    rows(key, s->values, depth);
    word(key, s->select != NULL);
    if (s->select)
        select_stmt(key, s->select, depth + 1);
    conflict(key, &s->on_conflict, depth);
    list(key, s->returning, depth);
}

static void update_stmt(ath__key *key, const ath_update_stmt *s, int depth) {
    target(key, ATH_STMT_UPDATE, s->model, s->described, s->table, s->schema);
    with(key, s->with, depth);
    word(key, s->all_rows);
    assignments(key, s->set, depth);
    sources(key, s->from, depth);
    expr(key, s->where_, depth);
    list(key, s->order_by, depth);
    number(key, &s->limit);
    list(key, s->returning, depth);
}

static void delete_stmt(ath__key *key, const ath_delete_stmt *s, int depth) {
    target(key, ATH_STMT_DELETE, s->model, s->described, s->table, s->schema);
    with(key, s->with, depth);
    word(key, s->all_rows);
    sources(key, s->from, depth);
    expr(key, s->where_, depth);
    list(key, s->order_by, depth);
    number(key, &s->limit);
    list(key, s->returning, depth);
}

static void walk(ath__key *key, ath_stmt stmt, int depth) {
    if (!stmt.of || depth > DEPTH_LIMIT) {
        key->malformed = true;
        return;
    }
    switch (stmt.kind) {
    case ATH_STMT_SELECT:
        select_stmt(key, stmt.of, depth);
        break;
    case ATH_STMT_INSERT:
        insert_stmt(key, stmt.of, depth);
        break;
    case ATH_STMT_UPDATE:
        update_stmt(key, stmt.of, depth);
        break;
    case ATH_STMT_DELETE:
        delete_stmt(key, stmt.of, depth);
        break;
    default:
        word(key, ATH_STMT_TEXT);
        expr(key, stmt.of, depth);
        break;
    }
}

bool ath__key_expr(ath__key *key, const ath_expr *e) {
    expr(key, e, 0);
    return !stopped(key);
}

ath_status ath__key_stmt(ath__key *key, ath_stmt stmt, ath_error *error) {
    if (!stmt.of)
        return ath__fail(error, ATH_ARGUMENT, "there is no statement");
    walk(key, stmt, 0);
    if (!stopped(key))
        return ATH_OK;
    if (key->no_memory)
        return ath__fail_memory(error);
    return ath__fail(error, ATH_ARGUMENT,
                     "the statement could not be read: a subquery is missing, an array has elements of no known type, "
                     "or it is nested more than %d deep",
                     DEPTH_LIMIT);
}
