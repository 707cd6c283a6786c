/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a mapper per model and session, and the slabs its objects live in.
 *
 * Slabs hold a power of two of entries, about 16 KiB, so that an object is found from its index by a shift and a mask and
 * a flush walks memory in order.  Entries are never used twice: a pointer the program kept stays readable until the
 * session closes.
 */
#include "orm/unit.h"

enum { SLAB_BYTES = 16 * 1024 };

static size_t round_up(size_t size, size_t to) {
    return (size + to - 1) / to * to;
}

/* ---- making a mapper ---- */

static ath_status make_steps(ath_session *s, ath__mapper *m) {
    m->steps = ath__arena_zero(&s->arena, m->table->column_count * sizeof *m->steps);
    if (!m->steps)
        return ath__session_no_memory(s);
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        ath__field_init(&m->steps[i], c->offset, c->size, c->ctype, &c->type);
    }
    return ATH_OK;
}

/* Runs that touch are one, but for texts. */
static void add_span(ath__mapper *m, ath__span span) {
    ath__span *last = m->span_count ? &m->spans[m->span_count - 1] : NULL;
    if (last && last->offset + last->size == span.offset && !last->is_text && !span.is_text)
        last->size += span.size;
    else
        m->spans[m->span_count++] = span;
}

static ath_status make_spans(ath_session *s, ath__mapper *m) {
    size_t most = 2 * m->table->column_count + m->table->relation_count;
    m->spans = ath__arena_alloc(&s->arena, most * sizeof *m->spans);
    if (!m->spans)
        return ath__session_no_memory(s);
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        ath__span runs[2];
        size_t count = ath__field_spans(c->ctype, c->size, runs);
        for (size_t k = 0; k < count; k++)
            add_span(m, (ath__span){c->offset + runs[k].offset, runs[k].size, runs[k].is_text});
    }
    for (size_t i = 0; i < m->table->relation_count; i++)
        if (!m->table->relations[i].opts.viewonly)
            add_span(m, (ath__span){m->table->relations[i].offset, sizeof(void *), false});
    return ATH_OK;
}

static void lay_out(ath__mapper *m) {
    m->mask_words = (uint16_t)((m->table->column_count + 63) / 64);
    m->size = m->model->size;
    size_t mask_size = m->mask_words * sizeof(uint64_t);
    m->image_at = round_up(m->size, sizeof(uint64_t));
    m->lead = m->model->align > sizeof(ath__head) ? m->model->align : sizeof(ath__head);
    size_t end = m->image_at + round_up(m->size > mask_size ? m->size : mask_size, sizeof(uint64_t));
    if (m->links) {
        m->loaded_at = end;
        end += sizeof(uint64_t);
    }
    m->stride = round_up(m->lead + end, m->lead);
    while ((2ull << m->slab_shift) * m->stride <= SLAB_BYTES)
        m->slab_shift++;
    m->key_i64 = -1;
    if (m->table->key_count == 1 && m->table->columns[m->table->key[0]].ctype == ATH_C_I64)
        m->key_i64 = (int32_t)m->table->columns[m->table->key[0]].offset;
}

static ath_status take_relations(ath_session *s, ath__mapper *m) {
    const ath_table *t = m->table;
    if (!t->relation_count)
        return ATH_OK;
    if (t->relation_count > 64)
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has more than 64 relations", m->model->name);
    m->links = ath__table_links(t, &s->error);
    if (!m->links)
        return s->error.status;
    for (size_t i = 0; i < t->relation_count; i++) {
        ath_load_strategy load = t->relations[i].opts.load;
        m->loads_by_default = m->loads_by_default || (load != ATH_LOAD_EXPLICIT && load != ATH_LOAD_RAISE);
    }
    return ATH_OK;
}

ath__mapper *ath__mapper_build(ath_session *s, const ath_model *model, size_t number) {
    const ath_table *table = ath_model_table(model, &s->error);
    if (!table)
        return NULL;
    ath__mapper *m = ath__arena_zero(&s->arena, sizeof *m);
    void *probe = ath__arena_zero(&s->arena, model->size), *spare = ath__arena_zero(&s->arena, model->size);
    ath_value *cells = ath__arena_zero(&s->arena, (table->column_count + 1) * sizeof *cells);
    if (!m || !probe || !spare || !cells) {
        ath__session_no_memory(s);
        return NULL;
    }
    m->model = model;
    m->table = table;
    m->probe = probe;
    m->spare = spare;
    m->cells = cells;
    m->number = (uint16_t)number;
    m->row_table = table;
    m->members_to = 1;
    if (take_relations(s, m) != ATH_OK)
        return NULL;
    lay_out(m);
    return make_steps(s, m) == ATH_OK && make_spans(s, m) == ATH_OK ? m : NULL;
}

bool ath__session_keep_mappers(ath_session *s, ath__mapper *const *mappers, size_t count) {
    if (s->mapper_count + count > s->mapper_capacity) {
        size_t capacity = s->mapper_capacity ? s->mapper_capacity * 2 : 8;
        while (capacity < s->mapper_count + count)
            capacity *= 2;
        ath__mapper **larger =
            ath__realloc(s->allocator, s->mappers, s->mapper_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger) {
            ath__session_no_memory(s);
            return false;
        }
        s->mappers = larger;
        s->mapper_capacity = capacity;
    }
    for (size_t i = 0; i < count; i++)
        s->mappers[s->mapper_count++] = mappers[i];
    return true;
}

ath__mapper *ath__session_mapper(ath_session *s, const ath_model *model) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->model == model)
            return s->mappers[i];
    const ath_table *table = ath_model_table(model, &s->error);
    if (!table || table->lineage)
        return table ? ath__family_join(s, model, table) : NULL;
    ath__mapper *m = ath__mapper_build(s, model, s->mapper_count);
    return m && ath__session_keep_mappers(s, &m, 1) ? m : NULL;
}

void ath__mapper_free(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->slab_count; i++)
        ath__free(s->allocator, m->slabs[i], m->stride << m->slab_shift);
    ath__free(s->allocator, m->slabs, m->slab_capacity * sizeof *m->slabs);
    ath__free(s->allocator, m->by_address, m->slab_capacity * sizeof *m->by_address);
    ath__free(s->allocator, m->identity.slots, m->identity.slot_count * sizeof *m->identity.slots);
    ath__free(s->allocator, m->pending.items, m->pending.capacity * sizeof *m->pending.items);
    ath__free(s->allocator, m->deleted.items, m->deleted.capacity * sizeof *m->deleted.items);
    ath__free(s->allocator, m->changed.items, m->changed.capacity * sizeof *m->changed.items);
    ath__free(s->allocator, m->syncs, m->sync_capacity * sizeof *m->syncs);
    ath__free(s->allocator, m->sync_slots, m->sync_slot_count * sizeof *m->sync_slots);
    ath__free(s->allocator, m->dropped.items, m->dropped.capacity * sizeof *m->dropped.items);
    ath__free(s->allocator, m->marks, m->marked * (1 + 2 * (size_t)m->mask_words) * sizeof *m->marks);
    ath__free(s->allocator, m->groups.items, m->groups.capacity * sizeof *m->groups.items);
}

/* ---- entries ---- */

static bool grow_slabs(ath_session *s, ath__mapper *m) {
    size_t capacity = m->slab_capacity ? m->slab_capacity * 2 : 8;
    uint32_t *order = ath__alloc(s->allocator, capacity * sizeof *order);
    char **slabs =
        order ? ath__realloc(s->allocator, m->slabs, m->slab_capacity * sizeof *slabs, capacity * sizeof *slabs) : NULL;
    if (!slabs) {
        ath__free(s->allocator, order, capacity * sizeof *order);
        return false;
    }
    for (size_t i = 0; i < m->slab_count; i++)
        order[i] = m->by_address[i];
    ath__free(s->allocator, m->by_address, m->slab_capacity * sizeof *m->by_address);
    m->by_address = order;
    m->slabs = slabs;
    m->slab_capacity = capacity;
    return true;
}

/* How many slabs lie at or below the address. */
static size_t slabs_up_to(const ath__mapper *m, uintptr_t address) {
    size_t low = 0, high = m->slab_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((uintptr_t)m->slabs[m->by_address[middle]] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool add_slab(ath_session *s, ath__mapper *m) {
    if (m->slab_count == m->slab_capacity && !grow_slabs(s, m))
        return false;
    char *slab = ath__alloc(s->allocator, m->stride << m->slab_shift);
    if (!slab)
        return false;
    size_t at = slabs_up_to(m, (uintptr_t)slab);
    memmove(m->by_address + at + 1, m->by_address + at, (m->slab_count - at) * sizeof *m->by_address);
    m->by_address[at] = (uint32_t)m->slab_count;
    m->slabs[m->slab_count++] = slab;
    return true;
}

void *ath__mapper_make(ath_session *s, ath__mapper *m) {
    if (m->count >> m->slab_shift == m->slab_count && !add_slab(s, m)) {
        ath__session_no_memory(s);
        return NULL;
    }
    void *object = ath__mapper_object(m, m->count);
    *ath__head_of(object) = (ath__head){.index = m->count, .mapper = m->number};
    memset(object, 0, m->size);
    if (m->loaded_at)
        memset((char *)object + m->loaded_at, 0, sizeof(uint64_t));
    if (m->marks)
        ath__marks_clear(m, m->count);
    m->count++;
    return object;
}

void ath__mapper_unmake(ath__mapper *m) {
    m->count--;
}

static bool owns(const ath__mapper *m, const void *object) {
    uintptr_t at = (uintptr_t)object;
    size_t below = slabs_up_to(m, at);
    if (!object || !below)
        return false;
    size_t number = m->by_address[below - 1];
    uintptr_t slab = (uintptr_t)m->slabs[number];
    if (at < slab + m->lead || at >= slab + (m->stride << m->slab_shift))
        return false;
    size_t entry = (at - slab - m->lead) / m->stride;
    return (at - slab - m->lead) % m->stride == 0 && (number << m->slab_shift) + entry < m->count;
}

bool ath__session_find_owner_in(const ath__mapper *m, const void *object) {
    const ath__mapper *heir;
    for (size_t i = 0; (heir = ath__mapper_heir(m, i)) != NULL; i++)
        if (owns(heir, object))
            return true;
    return false;
}

ath__mapper *ath__session_find_owner(const ath_session *s, const void *object) {
    for (size_t i = 0; s && object && i < s->mapper_count; i++)
        if (owns(s->mappers[i], object))
            return s->mappers[i];
    return NULL;
}

ath__mapper *ath__session_owner(ath_session *s, const void *object) {
    ath__mapper *m = ath__session_find_owner(s, object);
    if (!m)
        ath__fail(&s->error, ATH_ARGUMENT, "%s",
                  object ? "the object is not of this session" : "there is no object: NULL");
    return m;
}

/* ---- lists of indexes ---- */

ath_status ath__indexes_add(ath_session *s, ath__indexes *list, uint32_t index) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        uint32_t *larger =
            ath__realloc(s->allocator, list->items, list->capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(s);
        list->items = larger;
        list->capacity = capacity;
    }
    list->items[list->count++] = index;
    return ATH_OK;
}

void ath__indexes_remove(ath__indexes *list, uint32_t index) {
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i] == index) {
            memmove(list->items + i, list->items + i + 1, (list->count - i - 1) * sizeof *list->items);
            list->count--;
            return;
        }
}

/* ---- relations ---- */

static uint64_t *loaded_mask(const ath__mapper *m, const void *object) {
    m = ath__mapper_of(m, object);
    return (uint64_t *)((uintptr_t)object + m->loaded_at);
}

bool ath__is_loaded(const ath__mapper *m, const void *object, const ath__relation *r) {
    return *loaded_mask(m, object) >> r->position & 1;
}

void ath__set_loaded(const ath__mapper *m, void *object, const ath__relation *r, bool loaded) {
    uint64_t bit = 1ull << r->position;
    if (loaded)
        *loaded_mask(m, object) |= bit;
    else
        *loaded_mask(m, object) &= ~bit;
}

bool ath__relation_changed(const ath__mapper *m, void *object, const ath__relation *r) {
    return memcmp((char *)object + r->offset, (char *)ath__image_of(m, object) + r->offset, sizeof(void *)) != 0;
}

/* ---- groups ---- */

static bool has_just_begun(const ath__mapper *m) {
    return m->groups.count && m->groups.items[m->groups.count - 1] == m->count;
}

/* All classes of a family begin the same groups: they are known by their numbers. */
static ath_status begin_family_group(ath_session *s, const ath__family *f) {
    bool begun = true;
    for (size_t i = 0; i < f->count; i++)
        begun = begun && has_just_begun(f->members[i]);
    for (size_t i = 0; !begun && i < f->count; i++)
        ATH_TRY(ath__indexes_add(s, &f->members[i]->groups, f->members[i]->count));
    return ATH_OK;
}

ath_status ath__mapper_begin_group(ath_session *s, ath__mapper *m) {
    if (m->family)
        return begin_family_group(s, m->family);
    return has_just_begun(m) ? ATH_OK : ath__indexes_add(s, &m->groups, m->count);
}

/* The number of the group, 0: before the first. */
static size_t group_at(const ath__mapper *m, uint32_t index) {
    size_t low = 0, high = m->groups.count; /* the first group that begins behind the index */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->groups.items[middle] <= index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ath__mapper_group(const ath__mapper *m, uint32_t index, uint32_t *from, uint32_t *to) {
    ath__mapper_group_of(m, index, m, from, to);
}

void ath__mapper_group_of(const ath__mapper *m, uint32_t index, const ath__mapper *other, uint32_t *from,
                          uint32_t *to) {
    size_t group = group_at(m, index);
    *from = group ? other->groups.items[group - 1] : 0;
    *to = group < other->groups.count ? other->groups.items[group] : other->count;
}
