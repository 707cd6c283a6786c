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

ath_status ath__compare_sequences_new(ath__comparing *c) {
    const ath__live *live = &c->out->live;
    if (!ath__dialect_can(c->dialect, ATH__CAN_SEQUENCES))
        return ATH_OK;
    for (size_t i = 0; i < c->metadata->sequence_count; i++) {
        const ath_sequence *s = &c->metadata->sequences[i];
        bool there = false;
        for (size_t k = 0; k < live->inspector_count && !there; k++) {
            size_t count;
            const ath_reflected_sequence *list = ath_inspector_sequences(live->inspectors[k], &count);
            for (size_t n = 0; n < count && !there; n++)
                there = strcmp(list[n].name, s->name) == 0 && same_schema(c, list[n].schema, s->schema);
        }
        if (!there && ath__included(c, ATH__COMPARED_SEQUENCE, s->schema, NULL, s->name, false))
            ATH_TRY(change_sequence(c, s, ATH_OPERATION_CREATE_SEQUENCE, "added"));
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
        if (c->opts->allow_drop)
            ATH_TRY(change_sequence(c, s, ATH_OPERATION_DROP_SEQUENCE, "removed"));
        else
            ATH_TRY(ath__remark(c, "sequence '%s' is in the database and not in the metadata: left alone", s->name));
    }
    return ATH_OK;
}
