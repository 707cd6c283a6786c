/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: an input goes into a session: onto an object, or as new ones.
 *
 * Fields meet by their names in the structs.  A value goes through the column it is meant for, so that schema and model may
 * keep it in different C types; text is copied into the session.
 */
#include "json/input.h"
#include "json/json.h"

/* One object's way into one of the session's. */
typedef struct transfer {
    ath_session *session;
    const ath__mapper *mapper;
    const void *from;
    const ath__in_schema *schema;
    void *to; /* a struct of the model */
    uint64_t *mask;
    bool defaults; /* literal defaults of the schema count as said */
} transfer;

static ath_status no_memory(ath_session *s) {
    return ath__session_no_memory(s);
}

/* ---- which field meets which ---- */

/* By the path of its field, or by its own name: one of both may be in an embedded struct. */
static const ath__column *counterpart(const ath__in_schema *schema, const ath__in_field *f, const ath_table *t) {
    char name[ATH__JSON_NAME];
    ath__json_column_name(schema->table, f->column, name);
    for (size_t i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].field, f->field) == 0)
            return &t->columns[i];
    for (size_t i = 0; i < t->column_count; i++)
        if (ath__json_is_named(t, &t->columns[i], name))
            return &t->columns[i];
    return NULL;
}

static bool is_said(const transfer *t, size_t i) {
    const ath__in_field *f = &t->schema->fields[i];
    const ath_expr *fallback = f->column->default_value;
    return (ath__in_head_of(t->from)->present[i / 64] >> (i % 64) & 1) ||
           (t->defaults && fallback && fallback->node == ATH_NODE_LITERAL);
}

static ath_status has_counterpart(const transfer *t, const ath__in_field *f, const ath__column *c) {
    const char *schema = t->schema->table->model->name, *model = t->mapper->model->name;
    if (!c)
        return ath__fail(
            &t->session->error, ATH_ARGUMENT,
            "%s.%s: %s has no such field; ath_input_field(%s, .aside = true) says that the program uses it "
            "by itself",
            schema, f->field, model, f->field);
    if (!f->given && (ath__is_given(c) || c->version))
        return ath__fail(&t->session->error, ATH_ARGUMENT, "%s.%s: %s.%s is not written by programs", schema, f->field,
                         model, f->field);
    return ATH_OK;
}

/* ---- one value ---- */

static ath_status move_value(const transfer *t, const ath__in_field *f, const ath__column *c) {
    ath_session *s = t->session;
    const ath__column *from = f->column;
    ath_value v = {0};
    ath_status status =
        ath__field_get(from->ctype, from->size, &from->type, (const char *)t->from + from->offset, &v, &s->error);
    if (status == ATH_OK && v.kind == ATH_KIND_NULL && !c->nullable)
        status = ath__fail(&s->error, ATH_DATA, "it may not be NULL");
    if (status == ATH_OK)
        status = ath__value_coerce(&v, &c->type, &s->arena, &s->error);
    if (status == ATH_OK)
        status = ath__field_set(c->ctype, c->size, &c->type, (char *)t->to + c->offset, &v, &s->arena, &s->error);
    if (status == ATH_OK)
        ath__mask_set(t->mask, c->position);
    return status == ATH_OK ? ATH_OK : ath__name_column(s, t->mapper, c);
}

static ath_status move_all(const transfer *t) {
    for (size_t i = 0; i < t->schema->count; i++) {
        const ath__in_field *f = &t->schema->fields[i];
        if (f->kind != ATH__IN_COLUMN || f->said->aside)
            continue;
        const ath__column *c = counterpart(t->schema, f, t->mapper->table);
        ATH_TRY(has_counterpart(t, f, c));
        if (!f->given && is_said(t, i))
            ATH_TRY(move_value(t, f, c));
    }
    return ATH_OK;
}

/* A struct to fill, and the mask of what is filled. */
static ath_status begin(ath_session *s, const ath__mapper *m, const void *from, transfer *out) {
    size_t words = m->mask_words * sizeof(uint64_t);
    char *room = ath__alloc_zero(s->allocator, 1, m->size + 8 + words);
    if (!room)
        return no_memory(s);
    *out = (transfer){.session = s, .mapper = m, .from = from, .schema = ath__in_head_of(from)->schema, .to = room};
    out->mask = (uint64_t *)(void *)(room + (m->size + 7) / 8 * 8);
    return ATH_OK;
}

static void end(const transfer *t) {
    ath__free(t->session->allocator, t->to, t->mapper->size + 8 + t->mapper->mask_words * sizeof(uint64_t));
}

static ath_status sound(ath_session *s, const ath_input *in, bool list) {
    if (!in)
        return ath__fail(&s->error, ATH_ARGUMENT, "there is no input: NULL");
    if (in->list != list)
        return ath__fail(&s->error, ATH_ARGUMENT, list ? "the input is one object" : "the input is a list");
    if (in->problem_count) {
        const ath_problem *p = &in->problems[0];
        return ath__fail(&s->error, ATH_DATA, "the input has %zu problem%s; %.200s: %.200s", in->problem_count,
                         in->problem_count == 1 ? "" : "s", p->pointer, p->message);
    }
    return ATH_OK;
}

/* ---- onto an object ---- */

/* Whose row it is, is not for a client to say. */
static ath_status same_key(const transfer *t, const void *object) {
    const ath_table *table = t->mapper->table;
    for (size_t i = 0; i < table->key_count; i++) {
        const ath__column *c = &table->columns[table->key[i]];
        const char *now = (const char *)object + c->offset, *then = (const char *)t->to + c->offset;
        if (ath__mask_has(t->mask, c->position) && !ath__field_equal(c->ctype, c->size, now, then)) {
            ath__fail(&t->session->error, ATH_DATA, "input does not change the primary key of an object; assign it");
            return ath__name_column(t->session, t->mapper, c);
        }
    }
    return ATH_OK;
}

static void take_over(const transfer *t, void *object) {
    for (size_t i = 0; i < t->mapper->table->column_count; i++) {
        const ath__column *c = &t->mapper->table->columns[i];
        if (ath__mask_has(t->mask, i))
            memcpy((char *)object + c->offset, (const char *)t->to + c->offset, c->size);
    }
}

static ath_status apply(ath_session *s, void *object, const ath_input *in) {
    transfer t;
    const ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    m = ath__mapper_of(m, object);
    ATH_TRY(begin(s, m, in->root, &t));
    bool pending = ath__head_of(object)->state == ATH_STATE_PENDING;
    ath_status status = move_all(&t);
    if (status == ATH_OK && !pending)
        status = same_key(&t, object);
    if (status == ATH_OK) {
        take_over(&t, object);
        if (pending)
            for (size_t i = 0; i < m->mask_words; i++)
                ((uint64_t *)ath__image_of(m, object))[i] |= t.mask[i];
    }
    end(&t);
    return status;
}

ath_status ath_input_apply(ath_session *s, void *object, const ath_input *in) {
    ATH_TRY(ath__session_enter(s));
    if (!object)
        return ath__fail(&s->error, ATH_NO_RESULT, "there is no object: NULL");
    ATH_TRY(sound(s, in, false));
    return apply(s, object, in);
}

/* ---- new objects ---- */

static void *make(ath_session *s, ath__mapper *m, const void *from, bool partial) {
    transfer t;
    if (begin(s, m, from, &t) != ATH_OK)
        return ath__session_new_of(s, NULL, NULL, NULL);
    t.defaults = !partial;
    void *object = ath__session_new_of(s, m, move_all(&t) == ATH_OK ? t.to : NULL, t.mask);
    end(&t);
    return object;
}

void *ath_input_make(ath_session *s, const ath_model *model, const ath_input *in) {
    ath__mapper *m = ath__session_mapper_of_table(s, model);
    if (m && sound(s, in, false) == ATH_OK)
        return make(s, m, in->root, in->opts.partial);
    return ath__session_new_of(s, NULL, NULL, NULL);
}

void **ath_input_make_all(ath_session *s, const ath_model *model, const ath_input *in) {
    ath__mapper *m = ath__session_mapper_of_table(s, model);
    ath__gathered g = {0};
    if (!m || sound(s, in, true) != ATH_OK)
        return ath__session_new_of(s, NULL, NULL, NULL);
    for (size_t i = 0; in->vector[i]; i++) {
        void *object = make(s, m, in->vector[i], in->opts.partial);
        if (!object || !ath__gather(s, &g, object))
            break;
    }
    void **vector = ath__gathered_finish(s, &g);
    return vector ? vector : ath__session_new_of(s, NULL, NULL, NULL);
}
