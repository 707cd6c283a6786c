/* SPDX-License-Identifier: Apache-2.0
 *
 * An enum type that loses labels, or has them in another order.  No database does that to a type of its own, so another is
 * made beside it, takes the columns over by way of their text, and then the name.  What PostgreSQL ties to the old type
 * goes before and comes back behind: defaults, checks, conditions and expressions of indexes.
 */
#include "migrate/comparing.h"

#include "sql/lex.h"

/* The type as it is, and as it will be until it has the name. */
typedef struct remaking {
    const ath_reflected_enum *e;
    const ath_type *wanted, *before, *made;
    bool loses;
    const char *note; /* said with the first operation */
} remaking;

/* A column of the type, with what the model says of it. */
typedef struct place {
    const ath_table *table; /* the database's */
    ath__column *column;
    const ath__pair *pair; /* NULL: the model does not know the table */
    const ath__column *wanted;
} place;

static ath_status add(ath__comparing *c, remaking *r, ath_operation o) {
    size_t before = c->out->count;
    ATH_TRY(r->loses ? ath__add_held(c, o, r->note) : ath__add_change(c, o));
    if (c->out->count > before)
        r->note = NULL;
    return ATH_OK;
}

/* ---- types ---- */

static const ath_type *enum_type(ath__comparing *c, const remaking *r, const char *name, uint32_t count,
                                 const char *const *labels) {
    const ath_type_details details = {.name = name, .schema = r->wanted->details->schema};
    ath_type type = {.sql = ATH_SQL_ENUM, .names = labels, .name_count = count};
    type.details = ath__arena_copy(c->arena, &details, sizeof details);
    const ath_type *kept = type.details ? ath__arena_copy(c->arena, &type, sizeof type) : NULL;
    if (!kept)
        ath__fail_memory(c->error);
    return kept;
}

/* The column's type with another enum in it: as it is, or as the items of an array. */
static ath_status retyped(ath__comparing *c, const ath_type *type, const ath_type *of, ath_type *out) {
    *out = *of;
    if (type->sql != ATH_SQL_ARRAY)
        return ATH_OK;
    ath_type_details *details = ath__arena_copy(c->arena, type->details, sizeof *details);
    if (!details)
        return ath__fail_memory(c->error);
    details->item = of;
    *out = *type;
    out->details = details;
    return ATH_OK;
}

static ath_status make_types(ath__comparing *c, remaking *r) {
    const char *name = r->wanted->details->name, *other = ath__text_of(c, "%s__new", name);
    if (other && c->dialect->max_name && strlen(other) > c->dialect->max_name)
        other = "athanor__new";
    if (!other)
        return ATH_NO_MEMORY;
    r->before = enum_type(c, r, name, (uint32_t)r->e->labels.count, r->e->labels.names);
    r->made = enum_type(c, r, other, r->wanted->name_count, r->wanted->names);
    return r->before && r->made ? ATH_OK : ATH_NO_MEMORY;
}

/* Which labels go: rows that have one of them have nowhere to go. */
static ath_status find_lost(ath__comparing *c, remaking *r) {
    const ath_name_list kept = {r->wanted->name_count, r->wanted->names};
    const char *list = "";
    for (size_t i = 0; i < r->e->labels.count; i++) {
        const char *label = r->e->labels.names[i];
        if (ath__has_label(kept, label))
            continue;
        list = ath__text_of(c, "%s%s'%s'", list, r->loses ? ", " : "", label);
        if (!list)
            return ATH_NO_MEMORY;
        r->loses = true;
    }
    if (r->loses)
        r->note =
            ath__text_of(c, "enum %s loses %s: rows that have it must have another label first", r->e->name, list);
    return r->loses && !r->note ? ATH_NO_MEMORY : ATH_OK;
}

/* ---- places ---- */

static const ath__pair *pair_of(const ath__comparing *c, const ath__live_table *live) {
    for (size_t i = 0; i < c->pair_count; i++)
        if (c->pairs[i].live == live)
            return &c->pairs[i];
    return NULL;
}

static ath_status gather(ath__comparing *c, const remaking *r, place **out, size_t *count) {
    ath__live *live = &c->out->live;
    size_t room = 1;
    for (size_t i = 0; i < live->count; i++)
        room += live->tables[i].table->column_count;
    place *list = ath__arena_zero(c->arena, room * sizeof *list);
    if (!list)
        return ath__fail_memory(c->error);
    *out = list;
    *count = 0;
    for (size_t i = 0; i < live->count; i++) {
        const ath__pair *pair = pair_of(c, &live->tables[i]);
        for (size_t k = 0; k < live->tables[i].table->column_count; k++) {
            ath__column *column = &live->tables[i].table->columns[k];
            const ath_type *type = ath__enum_of(c, column);
            if (type && ath__live_enum(c, type) == r->e)
                list[(*count)++] = (place){live->tables[i].table, column, pair,
                                           pair ? ath__column_of(c, pair->wanted, column->name) : NULL};
        }
    }
    return ATH_OK;
}

static const ath_expr *default_of(const ath__itemizer *w, const ath_table *t, const ath__column *column, bool *failed) {
    const ath_table_item *item = column ? ath__item_of_column(w, t, column, false) : NULL;
    *failed = *failed || (column && !item);
    return item ? item->column->server_default : NULL;
}

/* ---- columns ---- */

static ath_status alter(ath__comparing *c, remaking *r, const place *at, ath_alter_opts o, const char *back) {
    o.struct_size = sizeof o;
    o.existing_nullable = at->column->nullable ? ATH_YES : ATH_NO;
    const ath_alter_opts *kept = ath__arena_copy(c->arena, &o, sizeof o);
    if (!kept)
        return ath__fail_memory(c->error);
    ATH_TRY(add(c, r,
                (ath_operation){.kind = ATH_OPERATION_ALTER_COLUMN,
                                .schema = at->table->opts.schema,
                                .table = at->table->name,
                                .name = at->column->name,
                                .alter = kept}));
    if (!c->dry)
        c->out->items[c->out->count - 1].using_back = back;
    return ATH_OK;
}

/* a::TEXT::mood__new */
static ath_status cast(ath__comparing *c, const place *at, const ath_type *to, const char **out) {
    ath__column column = *at->column;
    const char *type;
    ath__buf name;
    column.type = *to;
    ATH_TRY(ath__column_type_text(c, at->table, &column, &type));
    ath__buf_init(&name, c->arena->allocator);
    ath__dialect_name(c->dialect, &name, column.name);
    *out = name.failed
               ? NULL
               : ath__text_of(c, "%s::TEXT%s::%s", ath__buf_text(&name), to->sql == ATH_SQL_ARRAY ? "[]" : "", type);
    ath__buf_done(&name);
    return *out ? ATH_OK : ath__fail_memory(c->error);
}

static ath_status move(ath__comparing *c, remaking *r, const place *at) {
    ath_alter_opts o = {0};
    const char *back;
    ATH_TRY(retyped(c, &at->column->type, r->made, &o.type));
    ATH_TRY(retyped(c, &at->column->type, r->before, &o.existing_type));
    ATH_TRY(cast(c, at, &o.type, &o.postgresql_using));
    ATH_TRY(cast(c, at, &o.existing_type, &back));
    return alter(c, r, at, o, back);
}

static ath_status drop_default(ath__comparing *c, remaking *r, const place *at) {
    bool failed = false;
    ath_alter_opts o = {.drop_server_default = true};
    o.existing_server_default = default_of(&c->found, at->table, at->column, &failed);
    ATH_TRY(retyped(c, &at->column->type, r->before, &o.existing_type));
    return failed ? ath__failed(c->error) : o.existing_server_default ? alter(c, r, at, o, NULL) : ATH_OK;
}

/* What the model says goes before: the old default may be a label that is gone. */
static ath_status set_default(ath__comparing *c, remaking *r, const place *at) {
    bool failed = false, models = at->wanted && !c->opts->no_defaults;
    ath_alter_opts o = {0};
    o.server_default = models ? default_of(&c->model, at->pair->wanted, at->wanted, &failed)
                              : default_of(&c->found, at->table, at->column, &failed);
    ATH_TRY(retyped(c, &at->column->type, r->wanted, &o.existing_type));
    if (failed)
        return ath__failed(c->error);
    if (o.server_default)
        ATH_TRY(alter(c, r, at, o, NULL));
    if (models && !(r->loses && !c->opts->allow_drop))
        at->column->server_default = at->wanted->server_default; /* is no difference any more */
    return ATH_OK;
}

/* ---- checks and indexes ---- */

static bool names(const ath__comparing *c, const char *text, const char *column) {
    ath__lexer x;
    size_t size = strlen(column);
    if (!text)
        return false;
    ath__lex_init(&x, c->dialect, text, strlen(text));
    while (ath__lex_next(&x) != ATH__LEX_END)
        if ((x.kind == ATH__LEX_WORD && x.size == size && memcmp(x.token, column, size) == 0) ||
            (x.kind == ATH__LEX_NAME && x.size == size + 2 && memcmp(x.token + 1, column, size) == 0))
            return true;
    return false;
}

static bool stands_in_the_way(const ath__comparing *c, const ath__piece *part, const char *column) {
    if (!part->index)
        return part->kind == ATH__CHECK && names(c, part->constraint->check, column);
    bool found = names(c, part->index->opts.where, column);
    for (size_t i = 0; !found && i < part->index->parts.count; i++)
        found = names(c, part->index->parts.parts[i].expression, column);
    return found;
}

/* The model's word for a check of the same name, which may no longer speak of a label that goes. */
static const ath__constraint *models_check(ath__comparing *c, const place *at, const char *name) {
    for (size_t i = 0; at->pair && i < at->pair->wanted->constraint_count; i++) {
        const ath__constraint *k = &at->pair->wanted->constraints[i];
        const char *its;
        if (k->kind == ATH__CHECK && ath__final_name(&c->model, at->pair->wanted, k, &its) == ATH_OK &&
            ath__same_text(its, name))
            return k;
    }
    return NULL;
}

static ath_status change_part(ath__comparing *c, remaking *r, const place *at, const ath__piece *part, bool comes,
                              const ath_table_item *item) {
    static const ath_operation_kind kinds[2][2] = {{ATH_OPERATION_DROP_CONSTRAINT, ATH_OPERATION_DROP_INDEX},
                                                   {ATH_OPERATION_ADD_CONSTRAINT, ATH_OPERATION_CREATE_INDEX}};
    if (!item)
        return ath__failed(c->error);
    return add(c, r,
               (ath_operation){.kind = kinds[comes][part->index != NULL],
                               .schema = at->table->opts.schema,
                               .table = at->table->name,
                               .name = part->name,
                               .constraint = part->index ? (ath_constraint_kind)0 : ATH_CONSTRAINT_CHECK,
                               .items = item,
                               .item_count = 1,
                               .exact_name = true});
}

static ath_status drop_part(ath__comparing *c, remaking *r, const place *at, const ath__piece *part) {
    return change_part(c, r, at, part, false,
                       part->index ? ath__item_of_index(&c->found, at->table, part->index)
                                   : ath__item_of_constraint(&c->found, at->table, part->constraint));
}

static ath_status add_part(ath__comparing *c, remaking *r, const place *at, const ath__piece *part) {
    const ath__constraint *said = part->index ? NULL : models_check(c, at, part->name);
    ath__constraint *mine = said ? &at->pair->live->table->constraints[part->number - 1] : NULL;
    if (mine && mine == part->constraint && !(r->loses && !c->opts->allow_drop))
        mine->check = said->check; /* is no difference any more */
    return change_part(c, r, at, part, true,
                       part->index ? ath__item_of_index(&c->found, at->table, part->index)
                       : said      ? ath__item_of_constraint(&c->model, at->pair->wanted, said)
                                   : ath__item_of_constraint(&c->found, at->table, part->constraint));
}

typedef ath_status (*part_fn)(ath__comparing *c, remaking *r, const place *at, const ath__piece *part);

/* Each once, though it may name two columns of the type. */
static ath_status each_part(ath__comparing *c, remaking *r, const place *list, size_t count, part_fn fn) {
    for (size_t i = 0; i < count; i++) {
        ath__pieces parts;
        ATH_TRY(ath__pieces_of(c, &c->found, list[i].table, &parts));
        for (size_t k = 0; k < parts.count; k++) {
            bool seen = false;
            for (size_t j = 0; j < i; j++)
                seen = seen ||
                       (list[j].table == list[i].table && stands_in_the_way(c, &parts.items[k], list[j].column->name));
            if (!seen && stands_in_the_way(c, &parts.items[k], list[i].column->name))
                ATH_TRY(fn(c, r, &list[i], &parts.items[k]));
        }
    }
    return ATH_OK;
}

/* ---- the whole ---- */

static ath_status swap_types(ath__comparing *c, remaking *r, const place *list, size_t count) {
    const char *schema = r->wanted->details->schema, *name = r->before->details->name, *other = r->made->details->name;
    ATH_TRY(
        add(c, r,
            (ath_operation){.kind = ATH_OPERATION_CREATE_ENUM, .schema = schema, .type_name = other, .type = r->made}));
    for (size_t i = 0; i < count; i++)
        ATH_TRY(move(c, r, &list[i]));
    ATH_TRY(
        add(c, r,
            (ath_operation){.kind = ATH_OPERATION_DROP_ENUM, .schema = schema, .type_name = name, .type = r->before}));
    return add(
        c, r,
        (ath_operation){.kind = ATH_OPERATION_RENAME_ENUM, .schema = schema, .type_name = other, .new_name = name});
}

ath_status ath__remake_enum(ath__comparing *c, const ath_type *wanted, const ath_reflected_enum *e) {
    remaking r = {.e = e, .wanted = wanted};
    place *list = NULL;
    size_t count = 0;
    ATH_TRY(make_types(c, &r));
    ATH_TRY(find_lost(c, &r));
    ATH_TRY(gather(c, &r, &list, &count));
    ATH_TRY(each_part(c, &r, list, count, drop_part));
    for (size_t i = 0; i < count; i++)
        ATH_TRY(drop_default(c, &r, &list[i]));
    ATH_TRY(swap_types(c, &r, list, count));
    for (size_t i = 0; i < count; i++)
        ATH_TRY(set_default(c, &r, &list[i]));
    return each_part(c, &r, list, count, add_part);
}
