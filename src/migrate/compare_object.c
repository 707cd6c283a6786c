/* SPDX-License-Identifier: Apache-2.0
 *
 * Sequences.
 */
#include "migrate/comparing.h"

static bool same_schema(const ath__comparing *c, const char *a, const char *b) {
    const char *usual = c->out->live.default_schema;
    return ath__same_text(a ? a : usual, b ? b : usual);
}

static bool same_sequence(const ath__comparing *c, const ath_sequence *a, const ath_sequence *b) {
    return strcmp(a->name, b->name) == 0 && same_schema(c, a->schema, b->schema);
}

static ath_status change_sequence(ath__comparing *c, const ath_sequence *s, ath_operation_kind kind, const char *what) {
    ath__detected(c, "%s sequence '%s'", what, s->name);
    return ath__add_change(c, (ath_operation){.kind = kind, .schema = s->schema, .name = s->name, .sequence = s});
}

/* ---- counting ---- */

static int64_t or_else(ath_opt_i64 number, int64_t usual) {
    return number.has ? number.value : usual;
}

ath_count_opts ath__all_counting(const ath__comparing *c, const ath_count_opts *o, const ath_type *type) {
    bool narrow = ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS); /* the last number of either end is kept back there */
    int64_t most = type->sql == ATH_SQL_SMALLINT  ? INT16_MAX
                   : type->sql == ATH_SQL_INTEGER ? INT32_MAX
                                                  : INT64_MAX - narrow;
    int64_t least = -most - 1, step = or_else(o->increment, 1);
    int64_t lowest = or_else(o->minvalue, step < 0 ? least : 1), highest = or_else(o->maxvalue, step < 0 ? -1 : most);
    return (ath_count_opts){.increment = ath_some(step),
                            .minvalue = ath_some(lowest),
                            .maxvalue = ath_some(highest),
                            .start = ath_some(or_else(o->start, step < 0 ? highest : lowest)),
                            .cycle = o->cycle,
                            .no_cycle = !o->cycle};
}

static bool same_counting(const ath_count_opts *a, const ath_count_opts *b) {
    return a->increment.value == b->increment.value && a->minvalue.value == b->minvalue.value &&
           a->maxvalue.value == b->maxvalue.value && a->start.value == b->start.value && a->cycle == b->cycle;
}

static ath_status compare_counting(ath__comparing *c, const ath_sequence *s, const ath_reflected_sequence *found) {
    ath_sequence to = {.name = s->name, .schema = s->schema}, from = to;
    const ath_type *type = s->type.sql == ATH_SQL_INFER ? &found->type : &s->type;
    to.counting = ath__all_counting(c, &s->counting, type);
    from.counting = ath__all_counting(c, &found->counting, type);
    bool caches = s->counting.cache.has && s->counting.cache.value != or_else(found->counting.cache, 1);
    if (!caches && same_counting(&to.counting, &from.counting))
        return ATH_OK;
    if (caches) {
        to.counting.cache = s->counting.cache;
        from.counting.cache = found->counting.cache;
        from.counting.cache.has = true;
    }
    const ath_sequence *now = ath__arena_copy(c->arena, &to, sizeof to);
    const ath_sequence *was = ath__arena_copy(c->arena, &from, sizeof from);
    if (!now || !was)
        return ath__fail_memory(c->error);
    ath__detected(c, "counting of sequence '%s'", s->name);
    return ath__add_change(
        c,
        (ath_operation){
            .kind = ATH_OPERATION_ALTER_SEQUENCE, .schema = s->schema, .name = s->name, .sequence = now, .was = was});
}

static const ath_reflected_sequence *find(const ath__comparing *c, const ath_sequence *s) {
    const ath__live *live = &c->out->live;
    for (size_t k = 0; k < live->inspector_count; k++) {
        size_t count;
        const ath_reflected_sequence *list = ath_inspector_sequences(live->inspectors[k], &count);
        for (size_t n = 0; n < count; n++)
            if (strcmp(list[n].name, s->name) == 0 && same_schema(c, list[n].schema, s->schema))
                return &list[n];
    }
    return NULL;
}

ath_status ath__compare_sequences_new(ath__comparing *c) {
    if (!ath__dialect_can(c->dialect, ATH__CAN_SEQUENCES))
        return ATH_OK;
    for (size_t i = 0; i < c->metadata->sequence_count; i++) {
        const ath_sequence *s = &c->metadata->sequences[i];
        const ath_reflected_sequence *found = find(c, s);
        if (!ath__included(c, ATH__COMPARED_SEQUENCE, s->schema, NULL, s->name, found != NULL))
            continue;
        ATH_TRY(found ? compare_counting(c, s, found) : change_sequence(c, s, ATH_OPERATION_CREATE_SEQUENCE, "added"));
    }
    return ATH_OK;
}

ath_status ath__compare_sequences_gone(ath__comparing *c) {
    const ath__live *live = &c->out->live;
    for (size_t i = 0; i < live->sequence_count; i++) {
        const ath_sequence *s = &live->sequences[i];
        bool wanted = !ath__included(c, ATH__COMPARED_SEQUENCE, s->schema, NULL, s->name, true);
        for (size_t k = 0; k < c->metadata->sequence_count; k++)
            wanted = wanted || same_sequence(c, s, &c->metadata->sequences[k]);
        if (wanted)
            continue;
        if (c->opts->allow_drop && !c->opts->keep_unknown)
            ATH_TRY(change_sequence(c, s, ATH_OPERATION_DROP_SEQUENCE, "removed"));
        else
            ATH_TRY(ath__remark(c, "sequence '%s' is in the database and not in the metadata: left alone", s->name));
    }
    return ATH_OK;
}
