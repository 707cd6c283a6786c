/* SPDX-License-Identifier: Apache-2.0
 *
 * Enums that are types of their own: those that come, grow and go.
 */
#include "migrate/comparing.h"

typedef struct enums {
    const ath_type **types; /* those that the metadata names, once each */
    size_t count;
} enums;

static bool same_schema(const ath__comparing *c, const char *a, const char *b) {
    const char *usual = c->out->live.default_schema;
    return ath__same_text(a ? a : usual, b ? b : usual);
}

static bool same_enum(const ath__comparing *c, const ath_type *a, const ath_type *b) {
    return strcmp(a->details->name, b->details->name) == 0 && same_schema(c, a->details->schema, b->details->schema);
}

const ath_type *ath__enum_of(const ath__comparing *c, const ath__column *column) {
    const ath_type *type = &column->type;
    if (type->sql == ATH_SQL_ARRAY && type->details && type->details->item)
        type = type->details->item;
    return !column->expression && ath__dialect_enum_type(c->dialect, type) ? type : NULL;
}

static ath_status gather(ath__comparing *c, enums *out) {
    size_t all = ath__metadata_count(c->metadata), room = 1;
    for (size_t i = 0; i < all; i++) {
        const ath_table *t = ath__metadata_at(c->metadata, i, c->error);
        room += t ? t->column_count : 0;
    }
    out->types = ath__arena_zero(c->arena, room * sizeof *out->types);
    if (!out->types)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < all; i++) {
        const ath_table *t = ath__metadata_at(c->metadata, i, c->error);
        for (size_t k = 0; t && k < t->column_count; k++) {
            const ath_type *type = ath__enum_of(c, &t->columns[k]);
            size_t at = 0;
            while (type && at < out->count && !same_enum(c, out->types[at], type))
                at++;
            if (type && at == out->count)
                out->types[out->count++] = type;
        }
    }
    return ATH_OK;
}

const ath_reflected_enum *ath__live_enum(const ath__comparing *c, const ath_type *type) {
    for (size_t i = 0; i < c->out->live.enum_count; i++) {
        const ath_reflected_enum *e = c->out->live.enums[i];
        bool same = type->details->schema ? same_schema(c, e->schema, type->details->schema)
                                          : e->visible || same_schema(c, e->schema, NULL);
        if (same && strcmp(e->name, type->details->name) == 0)
            return e;
    }
    return NULL;
}

bool ath__has_label(ath_name_list labels, const char *label) {
    for (size_t i = 0; i < labels.count; i++)
        if (strcmp(labels.names[i], label) == 0)
            return true;
    return false;
}

/* Whether the labels that are there stand among those wanted, in the same order. */
static bool only_grows(const ath_type *type, const ath_reflected_enum *e) {
    size_t at = 0;
    for (size_t i = 0; i < type->name_count && at < e->labels.count; i++)
        at += strcmp(type->names[i], e->labels.names[at]) == 0;
    return at == e->labels.count;
}

static ath_status grow(ath__comparing *c, const ath_type *type, const ath_reflected_enum *e) {
    for (uint32_t i = 0; i < type->name_count; i++) {
        if (ath__has_label(e->labels, type->names[i]))
            continue;
        const char *before = NULL;
        for (uint32_t k = i + 1; k < type->name_count && !before; k++)
            before = ath__has_label(e->labels, type->names[k]) ? type->names[k] : NULL;
        ath__detected(c, "added value '%s' of enum '%s'", type->names[i], e->name);
        ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_ADD_ENUM_VALUE,
                                                   .schema = type->details->schema,
                                                   .type = type,
                                                   .type_name = type->details->name,
                                                   .name = type->names[i],
                                                   .before = before,
                                                   /* the way back leaves it, so that it may be there already */
                                                   .if_exists = true}));
    }
    return ATH_OK;
}

static ath_status compare_enum(ath__comparing *c, const ath_type *type) {
    const ath_reflected_enum *e = ath__live_enum(c, type);
    if (!ath__included(c, ATH__COMPARED_ENUM, type->details->schema, NULL, type->details->name, e != NULL))
        return ATH_OK;
    if (!e) {
        ath__detected(c, "added enum '%s'", type->details->name);
        return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_CREATE_ENUM,
                                                  .schema = type->details->schema,
                                                  .type_name = type->details->name,
                                                  .type = type});
    }
    if (only_grows(type, e))
        return grow(c, type, e);
    ath__detected(c, "labels of enum '%s'", e->name);
    return ath__remake_enum(c, type, e);
}

ath_status ath__compare_enums_new(ath__comparing *c) {
    enums wanted = {0};
    ATH_TRY(gather(c, &wanted));
    for (size_t i = 0; i < wanted.count; i++)
        ATH_TRY(compare_enum(c, wanted.types[i]));
    return ATH_OK;
}

/* Whether a table that stays still has a column of it. */
static bool is_used(const ath__comparing *c, const ath_reflected_enum *e) {
    const ath__live *live = &c->out->live;
    for (size_t i = 0; i < live->count; i++)
        for (size_t k = 0; k < live->tables[i].table->column_count; k++) {
            const ath_type *type = ath__enum_of(c, &live->tables[i].table->columns[k]);
            if (type && ath__live_enum(c, type) == e &&
                !ath__goes(c, live->tables[i].table->opts.schema, live->tables[i].read->name))
                return true;
        }
    return false;
}

static ath_status drop_enum(ath__comparing *c, const ath_reflected_enum *e) {
    ath_type_details details = {.name = e->name, .schema = e->visible ? NULL : e->schema};
    ath_type type = {.sql = ATH_SQL_ENUM, .names = e->labels.names, .name_count = (uint32_t)e->labels.count};
    type.details = ath__arena_copy(c->arena, &details, sizeof details);
    const ath_type *kept = type.details ? ath__arena_copy(c->arena, &type, sizeof type) : NULL;
    if (!kept)
        return ath__fail_memory(c->error);
    ath__detected(c, "removed enum '%s'", e->name);
    return ath__add_change(
        c,
        (ath_operation){.kind = ATH_OPERATION_DROP_ENUM, .schema = details.schema, .type_name = e->name, .type = kept});
}

ath_status ath__compare_enums_gone(ath__comparing *c) {
    const ath__live *live = &c->out->live;
    enums wanted = {0};
    ATH_TRY(gather(c, &wanted));
    for (size_t i = 0; i < live->enum_count; i++) {
        const ath_reflected_enum *e = live->enums[i];
        bool keep = false;
        for (size_t k = 0; k < wanted.count; k++)
            keep = keep || ath__live_enum(c, wanted.types[k]) == e;
        if (keep || !ath__included(c, ATH__COMPARED_ENUM, e->schema, NULL, e->name, true))
            continue;
        if (c->opts->allow_drop && !c->opts->keep_unknown && !is_used(c, e))
            ATH_TRY(drop_enum(c, e));
        else
            ATH_TRY(ath__remark(c, "enum '%s' is in the database and not in the metadata: left alone", e->name));
    }
    return ATH_OK;
}
