/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects as JSON: fields are read where they lie, relations are followed where they are loaded.
 */
#include "json/json.h"

/* ---- columns ---- */

ath_status ath__json_name_field(ath_error *error, const char *model, const char *field) {
    char why[sizeof error->message];
    memcpy(why, error->message, sizeof why);
    ath__copy_text(error->column, sizeof error->column, field, strlen(field));
    snprintf(error->message, sizeof error->message, "%.64s.%.64s: %.340s", model, field, why);
    return error->status;
}

static ath_status any_column(ath__json_writer *w, const ath__column *c, const void *field) {
    ath_value value;
    ATH_TRY(ath__field_get(c->ctype, c->size, &c->type, field, &value, w->error));
    ath__value_measure(&value);
    bool is_float = ((unsigned)c->ctype & ~(unsigned)ATH_C_OPTIONAL) == ATH_C_F32;
    return ath__json_value(&w->j, &value, &c->type, is_float, w->error);
}

/* What most columns are needs no value between. */
static ath_status plain_column(ath__json_writer *w, const ath__column *c, const void *field) {
    int64_t i64;
    int32_t i32;
    const char *text;
    switch (c->ctype) {
    case ATH_C_I64:
        memcpy(&i64, field, sizeof i64);
        ath__json_int(&w->j, i64);
        return ATH_OK;
    case ATH_C_I32:
        memcpy(&i32, field, sizeof i32);
        ath__json_int(&w->j, i32);
        return ATH_OK;
    case ATH_C_TEXT:
        memcpy(&text, field, sizeof text);
        if (text)
            return ath__json_string(&w->j, text, strlen(text), w->error);
        ath__json_raw(&w->j, "null");
        return ATH_OK;
    default:
        return any_column(w, c, field);
    }
}

ath_status ath__json_column(ath__json_writer *w, const ath_table *t, const ath__column *c, const void *object) {
    const void *field = (const char *)object + c->offset;
    ath_status status = c->type.sql == ATH_SQL_ENUM ? any_column(w, c, field) : plain_column(w, c, field);
    return status == ATH_DATA ? ath__json_name_field(w->error, t->model->name, c->field) : status;
}

static bool is_null(const ath__column *c, const void *object) {
    ath_value value;
    return ath__ctype_nullable(c->ctype) &&
           ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &value, NULL) == ATH_OK &&
           value.kind == ATH_KIND_NULL;
}

static ath_status write_columns(ath__json_writer *w, const ath__json_shape *shape, const ath__mapper *m,
                                const void *object) {
    const uint64_t *missing = m ? ath__missing_columns(m, object) : NULL;
    for (size_t i = 0; i < shape->columns; i++) {
        const ath__json_prop *p = &shape->props[i];
        if (missing && ath__mask_has(missing, p->column->position) &&
            !ath_session_is_loaded(w->s, object, p->column->offset))
            continue;
        if (w->opts->exclude_null && is_null(p->column, object))
            continue;
        ath__json_quoted_key(&w->j, p->quoted, p->quoted_size);
        ATH_TRY(ath__json_column(w, shape->table, p->column, object));
    }
    return ATH_OK;
}

/* ---- relations ---- */

static bool is_being_written(const ath__json_writer *w, const void *object) {
    for (size_t i = 0; i < w->depth; i++)
        if (w->stack[i] == object)
            return true;
    return false;
}

/* What was loaded in part, by a condition, is there as well; and what the program has put there. */
static bool is_there(const ath__mapper *m, const void *object, const ath__relation *r, const void *value) {
    if (value || !m)
        return value != NULL;
    return ath__head_of(object)->state == ATH_STATE_PENDING || ath__is_loaded(m, object, r);
}

static ath_status write_relation(ath__json_writer *w, ath__json_place *place, const ath__json_prop *p, void *value) {
    ath__json_place *below = ath__json_place_below(w, place, p);
    if (!below)
        return w->error->status;
    ath__json_quoted_key(&w->j, p->quoted, p->quoted_size);
    if (ath__relation_is_many(p->relation))
        return ath__json_list(w, below, p->relation->target, value);
    if (value)
        return ath__json_object(w, below, p->relation->target, value);
    ath__json_raw(&w->j, "null");
    return ATH_OK;
}

static ath_status write_relations(ath__json_writer *w, ath__json_place *place, const ath__json_shape *shape,
                                  const ath__mapper *m, const void *object) {
    for (size_t i = shape->columns; i < shape->count; i++) {
        const ath__json_prop *p = &shape->props[i];
        bool many = ath__relation_is_many(p->relation);
        void *value;
        memcpy(&value, (const char *)object + p->relation->offset, sizeof value);
        if (!is_there(m, object, p->relation, value) || (!many && value && is_being_written(w, value)) ||
            (!many && !value && w->opts->exclude_null))
            continue;
        ATH_TRY(write_relation(w, place, p, value));
    }
    return ATH_OK;
}

/* ---- objects ---- */

/* The mapper of a tracked object's real class; NULL: the session does not know it. */
static const ath__mapper *mapper_of(const ath__json_writer *w, const ath_table *t, const void *object) {
    for (size_t i = 0; w->s && i < w->s->mapper_count; i++)
        if (w->s->mappers[i]->table == t)
            return ath__session_find_owner_in(w->s->mappers[i], object) ? ath__mapper_of(w->s->mappers[i], object)
                                                                        : ath__session_find_owner(w->s, object);
    return w->s ? ath__session_find_owner(w->s, object) : NULL;
}

static const ath_table *table_of(ath__json_writer *w, const ath_model *model, const ath__mapper *m,
                                 const void *object) {
    const ath_table *t = m ? m->table : ath_model_table(model, w->error);
    const ath_model *real = t && !m && t->lineage ? ath__family_class_of(model, object) : NULL;
    return real ? ath_model_table(real, w->error) : t;
}

ath_status ath__json_object(ath__json_writer *w, ath__json_place *place, const ath_model *model, const void *object) {
    if (w->depth == ATH__JSON_DEPTH)
        return ath__fail(w->error, ATH_ARGUMENT, "objects are nested more than %d deep", ATH__JSON_DEPTH);
    const ath_table *t = ath_model_table(model, w->error);
    const ath__mapper *m = t ? mapper_of(w, t, object) : NULL;
    const ath__json_shape *shape = t ? ath__json_shape_of(w, place, table_of(w, model, m, object)) : NULL;
    if (!shape)
        return ath__failed(w->error);
    w->stack[w->depth++] = object;
    ath__json_open(&w->j, '{');
    ATH_TRY(write_columns(w, shape, m, object));
    ATH_TRY(write_relations(w, place, shape, m, object));
    ath__json_close(&w->j, '}');
    w->depth--;
    return ATH_OK;
}

ath_status ath__json_list(ath__json_writer *w, ath__json_place *place, const ath_model *model, void *const *vector) {
    ath__json_open(&w->j, '[');
    for (; vector && *vector; vector++) {
        if (is_being_written(w, *vector))
            continue;
        ath__json_item(&w->j);
        ATH_TRY(ath__json_object(w, place, model, *vector));
    }
    ath__json_close(&w->j, ']');
    return ATH_OK;
}

/* ---- the calls ---- */

const ath_allocator *ath__json_allocator(const ath_session *s) {
    return s ? s->allocator : ath__process_allocator;
}

char *ath__json_end(ath_session *s, ath_error *out, const ath_error *error, char *text) {
    if (s && !text && !s->failed && &s->error != error)
        s->error = *error;
    if (out && text)
        ath_error_clear(out);
    else if (out)
        *out = *error;
    return text;
}

/* Nothing to write is nothing, unless it is why the call before has failed. */
static bool came_from_failure(const ath_session *s, const void *what) {
    return !what && s && s->error.status != ATH_OK;
}

static char *convert(ath_session *s, const ath_model *model, const void *what, bool list, const ath_json_opts *opts) {
    ath_error error = {0};
    ath_error *out = opts ? opts->error : NULL;
    ath__json_writer w;
    if (s && (came_from_failure(s, what) || ath__session_alone(s) != ATH_OK))
        return ath__json_end(NULL, out, ath_session_error(s), NULL);
    if (s && !s->failed)
        ath_error_clear(&s->error);
    ath_status status = ath__json_writer_begin(&w, s, model, opts, ath__json_allocator(s), &error);
    if (status == ATH_OK && !what && !list)
        ath__json_raw(&w.j, "null");
    else if (status == ATH_OK)
        status = list ? ath__json_list(&w, &w.root, model, what) : ath__json_object(&w, &w.root, model, what);
    char *text = status == ATH_OK ? ath__json_finish(&w.j, &error) : NULL;
    if (status != ATH_OK)
        ath__json_drop(&w.j);
    ath__json_writer_done(&w);
    return ath__json_end(s, out, &error, text);
}

char *ath_session_to_json(ath_session *s, const ath_model *model, const void *object, const ath_json_opts *opts) {
    return convert(s, model, object, false, opts);
}

char *ath_session_list_to_json(ath_session *s, const ath_model *model, const void *vector, const ath_json_opts *opts) {
    return convert(s, model, vector, true, opts);
}
