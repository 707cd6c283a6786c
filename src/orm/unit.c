/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, the unit of work: the steps of a flush (unit.h says what each does).
 */
#include "orm/unit.h"

/* ---- errors ---- */

/* Columns of the table whose values may not repeat, by the name that the database gave: the constraint's, or for one
 * without a name its column's. */
static const char *column_of_constraint(const ath_table *t, const char *constraint) {
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].columns.count == 1 && t->constraints[i].name &&
            strcmp(t->constraints[i].name, constraint) == 0)
            return t->constraints[i].columns.names[0];
    const ath__column *column = ath__table_column_named(t, constraint);
    return column && column->unique ? column->name : NULL;
}

/* Not every database says which table and column an integrity error is about: the unit of work knows the table. */
ath_status ath__unit_place(ath_session *s, const ath__mapper *m, ath_status status) {
    ath_error *e = &s->error;
    if (status != ATH_INTEGRITY)
        return status;
    if (!e->table[0])
        ath__copy_text(e->table, sizeof e->table, m->table->name, strlen(m->table->name));
    const char *column = !e->column[0] && e->constraint[0] ? column_of_constraint(m->table, e->constraint) : NULL;
    if (column)
        ath__copy_text(e->column, sizeof e->column, column, strlen(column));
    return status;
}

bool ath__table_refers_to(const ath_table *t, const ath_table *target) {
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__FOREIGN_KEY && strcmp(t->constraints[i].target, target->name) == 0)
            return true;
    return false;
}

/* ---- the steps ---- */

static bool has_work(const ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->changed.count || s->mappers[i]->pending.count || s->mappers[i]->deleted.count)
            return true;
    return false;
}

static ath_status write(ath__unit *u) {
    ATH_TRY(ath__unit_order(u));
    ATH_TRY(ath__unit_save(u));
    ATH_TRY(ath__between_save(u));
    ATH_TRY(ath__unit_remove(u));
    return ath__unit_settle(u->s);
}

static void forget(ath__mapper *m) {
    for (size_t i = 0; i < m->changed.count; i++)
        ath__unmark(ath__mapper_object(m, m->changed.items[i]), ATH__MARK_CHANGED);
    m->changed.count = 0;
    ath__syncs_forget(m);
    m->switched = false;
}

static ath_status prepare(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        forget(s->mappers[i]);
    ATH_TRY(ath__unit_collect(s));
    if (!has_work(s))
        return ATH_OK;
    ATH_TRY(ath__unit_load_rekeyed(s));
    ATH_TRY(ath__unit_meet(s));
    return ath__unit_cascade(s);
}

/* Hooks may do anything, so that all is looked at again. */
static ath_status run(ath__unit *u) {
    ath_session *s = u->s;
    bool ran = true;
    for (bool first = true; ran; first = false) {
        ATH_TRY(prepare(s));
        ATH_TRY(ath__flush_hooks(s, first, &ran));
    }
    if (!has_work(s))
        return ATH_OK;
    ATH_TRY(ath__validate_all(s));
    ATH_TRY(ath__unit_gather(s));
    ATH_TRY(ath__between_gather(u));
    return write(u);
}

void ath__unit_forget_dropped(ath__mapper *m) {
    for (size_t i = 0; i < m->dropped.count; i++)
        ath__unmark(ath__mapper_object(m, m->dropped.items[i]), ATH__MARK_PARTED);
    m->dropped.count = 0;
}

/* A step that failed may have left marks. */
static void forget_marks(ath__mapper *m) {
    for (uint32_t i = 0; i < m->count; i++)
        ath__unmark(ath__mapper_object(m, i), ATH__MARK_CHANGED | ATH__MARK_MET | ATH__MARK_LEFT);
}

ath_status ath__unit_flush(ath_session *s) {
    ath__unit u = {.s = s};
    ath_status status = run(&u);
    for (size_t i = 0; i < s->mapper_count; i++) {
        forget(s->mappers[i]);
        ath__unit_forget_dropped(s->mappers[i]);
        if (status != ATH_OK)
            forget_marks(s->mappers[i]);
    }
    ath__free(s->allocator, u.order, u.order ? (u.order_room + 1) * sizeof *u.order : 0);
    ath__free(s->allocator, u.pairings, u.pairing_capacity * sizeof *u.pairings);
    return status;
}
