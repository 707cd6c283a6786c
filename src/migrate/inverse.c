/* SPDX-License-Identifier: Apache-2.0
 *
 * The way back: each operation's opposite, the last first.
 */
#include "migrate/compare.h"

static ath_status cannot(const ath_operation *o, const char *what, ath_error *error) {
    const char *name = o->name ? o->name : o->table ? o->table : o->type_name ? o->type_name : "";
    return ath__fail(error, ATH_NOT_SUPPORTED, "%s %s has no way back", what, name);
}

static ath_said opposite(ath_said said) {
    return said == ATH_YES ? ATH_NO : said == ATH_NO ? ATH_YES : ATH_UNSAID;
}

/* What the column was; what it has become is what there is from now on. */
static void invert_alter(const ath_alter_opts *a, const ath_column_opts *was, ath_alter_opts *out) {
    *out = (ath_alter_opts){.struct_size = sizeof *out, .schema = a->schema};
    bool typed = a->type.sql != ATH_SQL_INFER;
    out->type = typed ? a->existing_type : out->type;
    out->existing_type = typed ? a->type : a->existing_type;
    out->nullable = a->nullable ? (a->existing_nullable ? a->existing_nullable : opposite(a->nullable)) : ATH_UNSAID;
    out->existing_nullable = a->nullable ? a->nullable : a->existing_nullable;
    bool defaults = a->server_default || a->drop_server_default;
    out->server_default = defaults ? a->existing_server_default : NULL;
    out->drop_server_default = defaults && !a->existing_server_default;
    out->existing_server_default = defaults ? a->server_default : a->existing_server_default;
    bool comments = a->comment || a->drop_comment;
    out->comment = comments ? a->existing_comment : NULL;
    out->drop_comment = comments && !a->existing_comment;
    out->existing_comment = comments ? a->comment : a->existing_comment;
    out->autoincrement = opposite(a->autoincrement);
    out->existing_autoincrement = a->autoincrement ? a->autoincrement : a->existing_autoincrement;
    if (!was)
        return;
    if (a->identity || a->drop_identity) {
        out->identity = was->identity;
        out->counting = was->counting;
        out->drop_identity = !was->identity;
    }
    if (a->computed || a->drop_computed) {
        out->computed = was->computed;
        out->persisted = was->persisted;
    }
    if (a->collation)
        out->collation = was->collation;
}

static ath_status invert_column(const ath_operation *o, ath__arena *arena, ath_operation *out, ath_error *error) {
    const ath_column_opts *was = o->item_count ? o->items[0].column : NULL;
    ath_alter_opts *a = o->alter ? ath__arena_zero(arena, sizeof *a) : NULL;
    ath_column_opts *now = was ? ath__arena_copy(arena, was, sizeof *now) : NULL;
    ath_table_item *item = was ? ath__arena_copy(arena, o->items, sizeof *item) : NULL;
    if (!o->alter)
        return cannot(o, "alter_column of", error);
    if (!a || (was && (!now || !item)))
        return ath__fail_memory(error);
    invert_alter(o->alter, was, a);
    if (o->alter->new_name) {
        out->name = o->alter->new_name;
        a->new_name = o->name;
    }
    if (now) { /* so that it can be taken back in its turn */
        now->type = o->alter->type.sql != ATH_SQL_INFER ? o->alter->type : now->type;
        now->computed = o->alter->computed ? o->alter->computed : now->computed;
        now->identity = o->alter->identity ? o->alter->identity : now->identity;
        item->column = now;
        out->items = item;
    }
    out->alter = a;
    return ATH_OK;
}

static ath_status invert_options(const ath_operation *o, ath__arena *arena, ath_operation *out, ath_error *error) {
    if (o->item_count != 2)
        return cannot(o, "alter_options of", error);
    const ath_table_item turned[] = {o->items[1], o->items[0]};
    out->items = ath__arena_copy(arena, turned, sizeof turned);
    return out->items ? ATH_OK : ath__fail_memory(error);
}

static ath_status swap_names(const ath_operation *o, ath_operation *out) {
    const char *name = o->kind == ATH_OPERATION_RENAME_TABLE ? o->table : o->name;
    if (o->kind == ATH_OPERATION_RENAME_TABLE)
        out->table = o->new_name;
    else
        out->name = o->new_name;
    out->new_name = name;
    return ATH_OK;
}

static ath_status becomes(const ath_operation *o, ath_operation_kind kind, bool knows, const char *what,
                          ath_operation *out, ath_error *error) {
    out->kind = kind;
    out->if_exists = out->cascade = false;
    return knows ? ATH_OK : cannot(o, what, error);
}

static ath_status invert_object(const ath_operation *o, ath_operation *out, ath_error *error) {
    switch (o->kind) {
    case ATH_OPERATION_CREATE_ENUM:
        return becomes(o, ATH_OPERATION_DROP_ENUM, true, "", out, error);
    case ATH_OPERATION_DROP_ENUM:
        return becomes(o, ATH_OPERATION_CREATE_ENUM, o->type != NULL, "drop_enum of", out, error);
    case ATH_OPERATION_ADD_ENUM_VALUE: /* no database takes a label away; one too many does no harm */
        return becomes(o, ATH_OPERATION_NOTHING, true, "", out, error);
    case ATH_OPERATION_RENAME_ENUM:
        out->type_name = o->new_name;
        out->new_name = o->type_name;
        return ATH_OK;
    case ATH_OPERATION_ALTER_SEQUENCE:
        out->sequence = o->was;
        out->was = o->sequence;
        return o->was ? ATH_OK : cannot(o, "alter_sequence of", error);
    case ATH_OPERATION_CREATE_SEQUENCE:
        return becomes(o, ATH_OPERATION_DROP_SEQUENCE, true, "", out, error);
    case ATH_OPERATION_DROP_SEQUENCE:
        return becomes(o, ATH_OPERATION_CREATE_SEQUENCE, o->sequence != NULL, "drop_sequence of", out, error);
    case ATH_OPERATION_CREATE_SCHEMA:
        return becomes(o, ATH_OPERATION_DROP_SCHEMA, true, "", out, error);
    case ATH_OPERATION_DROP_SCHEMA:
        return becomes(o, ATH_OPERATION_CREATE_SCHEMA, true, "", out, error);
    case ATH_OPERATION_NOTHING:
        return ATH_OK;
    default:
        return cannot(o, "SQL text", error);
    }
}

static ath_status invert(const ath_operation *o, ath__arena *arena, ath_operation *out, ath_error *error) {
    *out = *o;
    switch (o->kind) {
    case ATH_OPERATION_CREATE_TABLE:
        return becomes(o, ATH_OPERATION_DROP_TABLE, true, "", out, error);
    case ATH_OPERATION_DROP_TABLE:
        return becomes(o, ATH_OPERATION_CREATE_TABLE, o->item_count != 0, "drop_table of", out, error);
    case ATH_OPERATION_ADD_COLUMN:
        out->name = o->item_count ? o->items[0].name : o->name;
        return becomes(o, ATH_OPERATION_DROP_COLUMN, true, "", out, error);
    case ATH_OPERATION_DROP_COLUMN:
        return becomes(o, ATH_OPERATION_ADD_COLUMN, o->item_count != 0, "drop_column of", out, error);
    case ATH_OPERATION_CREATE_INDEX:
        out->name = o->item_count ? o->items[0].name : o->name;
        return becomes(o, ATH_OPERATION_DROP_INDEX, true, "", out, error);
    case ATH_OPERATION_DROP_INDEX:
        return becomes(o, ATH_OPERATION_CREATE_INDEX, o->item_count != 0, "drop_index of", out, error);
    case ATH_OPERATION_ADD_CONSTRAINT:
        return becomes(o, ATH_OPERATION_DROP_CONSTRAINT, true, "", out, error);
    case ATH_OPERATION_DROP_CONSTRAINT:
        return becomes(o, ATH_OPERATION_ADD_CONSTRAINT, o->item_count != 0, "drop_constraint of", out, error);
    case ATH_OPERATION_ALTER_COLUMN:
        return invert_column(o, arena, out, error);
    case ATH_OPERATION_RENAME_TABLE:
    case ATH_OPERATION_RENAME_INDEX:
    case ATH_OPERATION_RENAME_CONSTRAINT:
        return swap_names(o, out);
    case ATH_OPERATION_TABLE_OPTIONS:
        return invert_options(o, arena, out, error);
    case ATH_OPERATION_TABLE_COMMENT:
        out->text = o->existing;
        out->existing = o->text;
        return ATH_OK;
    default:
        return invert_object(o, out, error);
    }
}

static ath_status invert_text(const ath__change *from, ath__change *out) {
    out->operation = from->operation;
    out->operation.text = from->text_back;
    out->operation.kind = *from->text_back ? ATH_OPERATION_EXECUTE : ATH_OPERATION_NOTHING;
    out->text_back = from->operation.text;
    return ATH_OK;
}

ath_status ath__changes_inverse(const ath__change *items, size_t count, ath__arena *arena, ath__change **out,
                                ath_error *error) {
    ath_error ignored;
    error = error ? error : &ignored;
    ath__change *list = ath__arena_zero(arena, (count + 1) * sizeof *list);
    *out = list;
    if (!list)
        return ath__fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const ath__change *from = &items[count - 1 - i];
        ATH_TRY(from->text_back ? invert_text(from, &list[i])
                                : invert(&from->operation, arena, &list[i].operation, error));
        list[i].held = from->held;
        if (from->way_back)
            list[i].operation.kind = from->way_back;
        if (!from->using_back || !list[i].operation.alter)
            continue;
        ath_alter_opts *alter = ath__arena_copy(arena, list[i].operation.alter, sizeof *alter);
        if (!alter)
            return ath__fail_memory(error);
        alter->postgresql_using = from->using_back;
        list[i].operation.alter = alter;
        list[i].using_back = from->operation.alter->postgresql_using;
    }
    return ATH_OK;
}
