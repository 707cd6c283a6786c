/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: objects are checked against the rules of their models before anything is sent.
 *
 * Of a new object every column counts that it sets; of a changed one, what has changed: a row that is older than a rule can
 * still be changed elsewhere.  The model's own check sees each object that would be written.
 */
#include "orm/session.h"

bool ath__column_changed(const ath__mapper *m, const void *object, const ath__column *c) {
    const char *image = (const char *)object + m->image_at;
    return !ath__is_given(c) && !c->version &&
           !ath__field_equal(c->ctype, c->size, (const char *)object + c->offset, image + c->offset);
}

bool ath__object_changed(const ath__mapper *m, const void *object) {
    const char *now = object, *then = now + m->image_at;
    bool same = true;
    for (size_t i = 0; same && i < m->span_count; i++) {
        const ath__span *at = &m->spans[i];
        same = (at->is_text ? strncmp(now + at->offset, then + at->offset, at->size)
                            : memcmp(now + at->offset, then + at->offset, at->size)) == 0;
    }
    for (size_t i = 0; !same && i < m->table->column_count; i++)
        if (ath__column_changed(m, object, &m->table->columns[i]))
            return true;
    return false;
}

/* ---- one object ---- */

static ath_status check_column(ath_session *s, const ath__mapper *m, const void *object, const ath__column *c) {
    ath_value v = {0};
    const void *field = (const char *)object + c->offset;
    if (ath__field_get(c->ctype, c->size, &c->type, field, &v, &s->error) != ATH_OK ||
        ath__value_coerce(&v, &c->type, &s->arena, &s->error) != ATH_OK)
        return ath__name_column(s, m, c);
    return ath__rules_check(m->table, c, &v, &s->error);
}

static ath_status check_columns(ath_session *s, const ath__mapper *m, const void *object, bool all) {
    bool pending = ath__head_of(object)->state == ATH_STATE_PENDING;
    for (size_t i = 0; m->table->has_rules && i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        bool counts = pending ? !ath__flush_leaves(m, object, c) : all || ath__column_changed(m, object, c);
        if (c->rules && counts)
            ATH_TRY(check_column(s, m, object, c));
    }
    return ATH_OK;
}

/* The error says of which model it is, whatever the model's check has said. */
static ath_status run_checks(const ath_table *t, const void *object, ath_error *said) {
    const ath_table *parent = t->lineage ? t->lineage->parent : NULL;
    if (parent) /* whose check a class has, unless it says its own: then both count */
        ATH_TRY(run_checks(parent, object, said));
    return t->validate && !(parent && parent->validate == t->validate) ? t->validate(object, said) : ATH_OK;
}

ath_status ath__validate_whole(ath_session *s, const ath__mapper *m, const void *object) {
    ath_error said = {0};
    ath_status status = run_checks(m->table, object, &said);
    if (status == ATH_OK)
        return ATH_OK;
    const char *why = said.message[0] ? said.message : "refused by its check";
    ath__fail(&s->error, status, "%.64s%s%.64s: validate: %.340s", m->model->name, said.column[0] ? "." : "",
              said.column, why);
    ath__copy_text(s->error.table, sizeof s->error.table, m->table->name, strlen(m->table->name));
    ath__copy_text(s->error.column, sizeof s->error.column, said.column, strlen(said.column));
    ath__copy_text(s->error.constraint, sizeof s->error.constraint, "validate", strlen("validate"));
    return status;
}

/* The library says which class an object is of. */
static ath_status check_class(ath_session *s, const ath__mapper *m, const void *object) {
    const ath__column *c = &m->table->columns[ath__discriminator_of(m->table)];
    ath_value v = {0};
    ATH_TRY(ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &v, &s->error));
    ath__value_measure(&v);
    if (ath__value_equal(&v, &m->table->lineage->identity))
        return ATH_OK;
    ath__fail(&s->error, ATH_ARGUMENT, "%s.%s says which class a row is of; the library sets it: make a new object",
              m->model->name, c->field);
    return ath__name_column(s, m, c);
}

static ath_status check(ath_session *s, const ath__mapper *m, const void *object, bool all) {
    if (m->family)
        ATH_TRY(check_class(s, m, object));
    ATH_TRY(check_columns(s, m, object, all));
    return ath__validate_whole(s, m, object);
}

ath_status ath_session_validate(ath_session *s, void *object) {
    ATH_TRY(ath__session_enter(s));
    const ath__mapper *m = ath__session_owner(s, object);
    return m && m->table->name ? check(s, m, object, true) : s->error.status;
}

/* ---- all that a flush would write ---- */

static ath_status check_mapper(ath_session *s, const ath__mapper *m) {
    for (size_t i = 0; i < m->pending.count; i++)
        ATH_TRY(check(s, m, ath__mapper_object(m, m->pending.items[i]), false));
    for (size_t i = 0; i < m->changed.count; i++) {
        const void *object = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT && ath__object_changed(m, object))
            ATH_TRY(check(s, m, object, false));
    }
    return ATH_OK;
}

ath_status ath__validate_all(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->table->has_rules || s->mappers[i]->table->validate || s->mappers[i]->family)
            ATH_TRY(check_mapper(s, s->mappers[i]));
    return ATH_OK;
}
