/* SPDX-License-Identifier: Apache-2.0
 *
 * Operations as C: what a person would have written with the directives of op.h.
 */
#include "migrate/render.h"

enum { INDENT = 4, DEEP = 8 };

static const char begin_mark[] = "    /* ### made by athanor from the models: please look it over ### */\n";
static const char end_mark[] = "    /* ### end ### */\n";

static void option(ath__buf *out, const char *name, const char *text) {
    if (!text)
        return;
    ath__c_next(out);
    ath__buf_printf(out, ".%s = ", name);
    ath__c_string(out, text);
}

static void flag(ath__buf *out, const char *name, bool is_set) {
    if (is_set)
        ath__buf_printf(out, ", .%s = true", name);
}

/* ---- what tables are made of ---- */

static void foreign_key(ath__buf *out, const ath_foreign_key_opts *k) {
    ath_foreign_key_opts rest = *k;
    rest.columns = rest.target_columns = (ath_name_list){0};
    rest.target = NULL;
    ath__buf_str(out, "ath_op_foreign_key(");
    ath__c_names(out, k->columns);
    ath__buf_str(out, ", ");
    ath__c_string(out, k->target);
    ath__buf_str(out, ", ");
    ath__c_names(out, k->target_columns);
    ath__c_foreign_key_options(out, &rest);
    flag(out, "exact_name", k->exact_name);
    ath__buf_char(out, ')');
}

static void constraint(ath__buf *out, int kind, const ath_constraint_opts *o) {
    static const char *const macros[] = {[ATH_CONSTRAINT_UNIQUE] = "ath_unique_def",
                                         [ATH_CONSTRAINT_CHECK] = "ath_check_def",
                                         [ATH_CONSTRAINT_PRIMARY_KEY] = "ath_primary_key_def",
                                         [ATH_CONSTRAINT_EXCLUDE] = "ath_exclude_def"};
    ath__buf_printf(out, "%s(", macros[kind]);
    ath__c_constraint_options(out, o);
    flag(out, "exact_name", o->exact_name);
    ath__buf_char(out, ')');
}

static void column(ath__buf *out, const ath_table_item *item) {
    ath__buf_str(out, "ath_op_column(");
    ath__c_string(out, item->name);
    ath__buf_str(out, ", ");
    ath__c_type(out, &item->column->type);
    ath__c_column_options(out, item->column, false);
    ath__buf_char(out, ')');
}

static void item_text(ath__buf *out, const ath_table_item *item) {
    if (item->column) {
        column(out, item);
    } else if (item->foreign_key) {
        foreign_key(out, item->foreign_key);
    } else if (item->constraint) {
        constraint(out, item->kind, item->constraint);
    } else if (item->options) {
        ath__buf_str(out, "ath_options_def(");
        ath__c_table_options(out, item->options);
        ath__buf_char(out, ')');
    }
}

/* ---- directives ---- */

static void strings(ath__buf *out, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ath__buf_str(out, ", ");
        ath__c_string(out, list[i]);
    }
}

static void begin(ath__buf *out, const char *directive, const char *a, const char *b, bool two) {
    const char *const list[] = {a, b};
    ath__buf_printf(out, "%s(op", directive);
    strings(out, list, two ? 2 : 1);
}

static void end(ath__buf *out, const ath_operation *o) {
    option(out, "schema", o->schema);
    ath__buf_str(out, ");");
}

static void said(ath__buf *out, const char *name, ath_said value) {
    if (value)
        ath__buf_printf(out, ", .%s = %s", name, value == ATH_YES ? "ATH_YES" : "ATH_NO");
}

static void expression(ath__buf *out, const char *name, const ath_expr *value) {
    if (!value)
        return;
    ath__buf_printf(out, ", .%s = ", name);
    if (!ath__c_expr(out, value))
        ath__buf_str(out, "NULL");
}

static void type_option(ath__buf *out, const char *name, const ath_type *type) {
    if (type->sql == ATH_SQL_INFER)
        return;
    ath__buf_printf(out, ", .%s = ", name);
    ath__c_type(out, type);
}

/* What can be said of a column's numbers, without the column's other options. */
static void identity(ath__buf *out, const ath_alter_opts *a) {
    const ath_column_opts numbers = {.identity = a->identity, .counting = a->counting};
    if (a->identity)
        ath__c_column_options(out, &numbers, false);
    flag(out, "drop_identity", a->drop_identity);
}

static void computed(ath__buf *out, const ath_alter_opts *a) {
    const ath_column_opts how = {.computed = a->computed, .persisted = a->persisted};
    if (a->computed)
        ath__c_column_options(out, &how, false);
    flag(out, "drop_computed", a->drop_computed);
}

static void alter(ath__buf *out, const ath_operation *o) {
    const ath_alter_opts *a = o->alter;
    begin(out, "ath_op_alter_column", o->table, o->name, true);
    option(out, "new_name", a->new_name);
    type_option(out, "type", &a->type);
    option(out, "postgresql_using", a->postgresql_using);
    said(out, "nullable", a->nullable);
    expression(out, "server_default", a->server_default);
    flag(out, "drop_server_default", a->drop_server_default);
    option(out, "comment", a->comment);
    flag(out, "drop_comment", a->drop_comment);
    said(out, "autoincrement", a->autoincrement);
    identity(out, a);
    computed(out, a);
    option(out, "collation", a->collation);
    type_option(out, "existing_type", &a->existing_type);
    said(out, "existing_nullable", a->existing_nullable);
    expression(out, "existing_server_default", a->existing_server_default);
    option(out, "existing_comment", a->existing_comment);
    said(out, "existing_autoincrement", a->existing_autoincrement);
    end(out, o);
}

static void create_index(ath__buf *out, const ath_operation *o) {
    const ath_table_item *item = &o->items[0];
    begin(out, "ath_op_create_index", item->name, o->table, true);
    ath__buf_str(out, ", ");
    if (item->columns.count)
        ath__c_names(out, item->columns);
    else
        ath__c_parts(out, item->parts);
    ath__c_index_options(out, item->index);
    end(out, o);
}

static void add_foreign_key(ath__buf *out, const ath_operation *o) {
    const ath_foreign_key_opts *k = o->items[0].foreign_key;
    const char *const names[] = {k->name, o->table, k->target};
    ath_foreign_key_opts rest = *k;
    rest.name = rest.target = NULL;
    rest.columns = rest.target_columns = (ath_name_list){0};
    ath__buf_str(out, "ath_op_create_foreign_key(op");
    strings(out, names, 3);
    ath__buf_str(out, ", ");
    ath__c_names(out, k->columns);
    ath__buf_str(out, ", ");
    ath__c_names(out, k->target_columns);
    ath__c_foreign_key_options(out, &rest);
    flag(out, "exact_name", k->exact_name);
    end(out, o);
}

static void add_constraint(ath__buf *out, const ath_operation *o) {
    static const char *const directives[] = {[ATH_CONSTRAINT_UNIQUE] = "ath_op_create_unique_constraint",
                                             [ATH_CONSTRAINT_CHECK] = "ath_op_create_check_constraint",
                                             [ATH_CONSTRAINT_PRIMARY_KEY] = "ath_op_create_primary_key",
                                             [ATH_CONSTRAINT_EXCLUDE] = "ath_op_create_exclude_constraint"};
    const ath_table_item *item = &o->items[0];
    if (item->foreign_key) {
        add_foreign_key(out, o);
        return;
    }
    const ath_constraint_opts *k = item->constraint;
    ath_constraint_opts rest = *k;
    rest.name = NULL;
    begin(out, directives[item->kind], k->name, o->table, true);
    ath__buf_str(out, ", ");
    if (item->kind == ATH_CONSTRAINT_CHECK) {
        ath__c_string(out, k->check);
        rest.check = NULL;
    } else if (item->kind == ATH_CONSTRAINT_EXCLUDE) {
        ath__c_parts(out, k->parts);
        ath__buf_str(out, ", ");
        ath__c_names(out, k->operators);
        rest.parts = (ath_part_list){0};
        rest.operators = (ath_name_list){0};
    } else {
        ath__c_names(out, k->columns);
    }
    rest.columns = (ath_name_list){0};
    ath__c_constraint_options(out, &rest);
    flag(out, "exact_name", k->exact_name);
    end(out, o);
}

/* Whether a naming convention would make another name of it. */
static bool is_exact(const ath_operation *o) {
    const ath_table_item *item = o->item_count ? &o->items[0] : NULL;
    return item &&
           ((item->constraint && item->constraint->exact_name) || (item->foreign_key && item->foreign_key->exact_name));
}

static void drop_constraint(ath__buf *out, const ath_operation *o) {
    static const char *const kinds[] = {[ATH_CONSTRAINT_UNIQUE] = "ATH_CONSTRAINT_UNIQUE",
                                        [ATH_CONSTRAINT_CHECK] = "ATH_CONSTRAINT_CHECK",
                                        [ATH_CONSTRAINT_FOREIGN_KEY] = "ATH_CONSTRAINT_FOREIGN_KEY",
                                        [ATH_CONSTRAINT_PRIMARY_KEY] = "ATH_CONSTRAINT_PRIMARY_KEY",
                                        [ATH_CONSTRAINT_EXCLUDE] = "ATH_CONSTRAINT_EXCLUDE"};
    begin(out, "ath_op_drop_constraint", o->name, o->table, true);
    if (o->constraint)
        ath__buf_printf(out, ", .constraint = %s", kinds[o->constraint]);
    flag(out, "exact_name", o->name && is_exact(o));
    if (!o->name && o->item_count) { /* found by what it says */
        ath__buf_str(out, ", .items = (const ath_table_item[]){");
        item_text(out, &o->items[0]);
        ath__buf_str(out, "}, .item_count = 1");
    }
    end(out, o);
}

static void table_comment(ath__buf *out, const ath_operation *o) {
    begin(out, o->text ? "ath_op_create_table_comment" : "ath_op_drop_table_comment", o->table, o->text,
          o->text != NULL);
    option(out, "existing", o->existing);
    end(out, o);
}

static void enumeration(ath__buf *out, const ath_operation *o) {
    const ath_type_details *details = o->type ? o->type->details : NULL;
    const char *name = o->type_name ? o->type_name : details ? details->name : "";
    if (o->kind == ATH_OPERATION_CREATE_ENUM) {
        ath__buf_str(out, "ath_op_create_enum(op, ");
        ath__c_type(out, o->type);
    } else if (o->kind == ATH_OPERATION_DROP_ENUM) {
        begin(out, "ath_op_drop_enum", name, NULL, false);
    } else if (o->kind == ATH_OPERATION_RENAME_ENUM) {
        begin(out, "ath_op_rename_enum", name, o->new_name, true);
    } else {
        begin(out, "ath_op_add_enum_value", name, o->name, true);
        option(out, "before", o->before);
        option(out, "after", o->after);
        flag(out, "if_exists", o->if_exists);
    }
    end(out, o);
}

static void options(ath__buf *out, const ath_operation *o) {
    begin(out, "ath_op_alter_options", o->table, NULL, false);
    for (size_t i = 0; i < o->item_count; i++) {
        ath__buf_str(out, ", ");
        item_text(out, &o->items[i]);
    }
    ath__buf_str(out, ");");
}

static void sequence(ath__buf *out, const ath_operation *o) {
    if (o->kind == ATH_OPERATION_DROP_SEQUENCE) {
        begin(out, "ath_op_drop_sequence", o->name ? o->name : o->sequence->name, NULL, false);
        end(out, o);
        return;
    }
    ath__buf text;
    ath__buf_init(&text, out->allocator);
    ath__c_sequence(&text, o->sequence); /* {.name = "s", ...} */
    const char *rest = strchr(ath__buf_text(&text), ',');
    begin(out, o->kind == ATH_OPERATION_ALTER_SEQUENCE ? "ath_op_alter_sequence" : "ath_op_create_sequence",
          o->sequence->name, NULL, false);
    if (rest && text.size) {
        ath__buf_add(out, rest, strlen(rest) - 1);
        out->failed = out->failed || text.failed;
    }
    ath__buf_str(out, ");");
    ath__buf_done(&text);
}

static void named(ath__buf *out, const char *directive, const ath_operation *o, const char *a, const char *b) {
    begin(out, directive, a, b, b != NULL);
    end(out, o);
}

static void drop_index(ath__buf *out, const ath_operation *o) {
    begin(out, "ath_op_drop_index", o->name, NULL, false);
    option(out, "table", o->table);
    flag(out, "concurrently", o->concurrently);
    end(out, o);
}

static void renaming(ath__buf *out, const ath_operation *o) {
    if (o->kind == ATH_OPERATION_RENAME_TABLE) {
        named(out, "ath_op_rename_table", o, o->table, o->new_name);
    } else if (o->kind == ATH_OPERATION_RENAME_INDEX) {
        begin(out, "ath_op_rename_index", o->name, o->new_name, true);
        option(out, "table", o->table);
        end(out, o);
    } else {
        const char *const names[] = {o->table, o->name, o->new_name};
        ath__buf_str(out, "ath_op_rename_constraint(op");
        strings(out, names, 3);
        end(out, o);
    }
}

static void add_column(ath__buf *out, const ath_operation *o) {
    begin(out, "ath_op_add_column", o->table, NULL, false);
    ath__buf_str(out, ", ");
    column(out, &o->items[0]);
    end(out, o);
}

static void execute(ath__buf *out, const ath_operation *o) {
    begin(out, "ath_op_execute", o->text ? o->text : "", NULL, false);
    ath__buf_str(out, ");");
}

static void directive(ath__buf *out, const ath_operation *o) {
    switch (o->kind) {
    case ATH_OPERATION_DROP_TABLE:
        named(out, "ath_op_drop_table", o, o->table, NULL);
        break;
    case ATH_OPERATION_ADD_COLUMN:
        add_column(out, o);
        break;
    case ATH_OPERATION_DROP_COLUMN:
        named(out, "ath_op_drop_column", o, o->table, o->name);
        break;
    case ATH_OPERATION_ALTER_COLUMN:
        alter(out, o);
        break;
    case ATH_OPERATION_CREATE_INDEX:
        create_index(out, o);
        break;
    case ATH_OPERATION_DROP_INDEX:
        drop_index(out, o);
        break;
    case ATH_OPERATION_ADD_CONSTRAINT:
        add_constraint(out, o);
        break;
    case ATH_OPERATION_DROP_CONSTRAINT:
        drop_constraint(out, o);
        break;
    case ATH_OPERATION_TABLE_OPTIONS:
        options(out, o);
        break;
    case ATH_OPERATION_TABLE_COMMENT:
        table_comment(out, o);
        break;
    case ATH_OPERATION_CREATE_ENUM:
    case ATH_OPERATION_DROP_ENUM:
    case ATH_OPERATION_ADD_ENUM_VALUE:
    case ATH_OPERATION_RENAME_ENUM:
        enumeration(out, o);
        break;
    case ATH_OPERATION_CREATE_SEQUENCE:
    case ATH_OPERATION_DROP_SEQUENCE:
    case ATH_OPERATION_ALTER_SEQUENCE:
        sequence(out, o);
        break;
    case ATH_OPERATION_CREATE_SCHEMA:
        named(out, "ath_op_create_schema", o, o->name, NULL);
        break;
    case ATH_OPERATION_DROP_SCHEMA:
        named(out, "ath_op_drop_schema", o, o->name, NULL);
        break;
    case ATH_OPERATION_EXECUTE:
        execute(out, o);
        break;
    default:
        renaming(out, o);
    }
}

/* ---- the body ---- */

static void end_line(ath__buf *out) {
    if (out->size && out->data[out->size - 1] != '\n')
        ath__buf_char(out, '\n');
}

/* Each item on lines of its own. */
static void create_table(ath__buf *out, const ath_operation *o) {
    ath__buf line;
    ath__buf_init(&line, out->allocator);
    ath__buf_str(out, "    ath_op_create_table(op, ");
    ath__c_string(out, o->table);
    ath__buf_str(out, ",\n");
    for (size_t i = 0; i < o->item_count; i++) {
        ath__buf_clear(&line);
        item_text(&line, &o->items[i]);
        ath__buf_str(&line, i + 1 < o->item_count ? "," : ");");
        ath__c_wrap(out, DEEP, ath__buf_text(&line));
        end_line(out);
        out->failed = out->failed || line.failed;
    }
    ath__buf_done(&line);
}

static void one_operation(ath__buf *out, const ath_operation *o) {
    if (o->kind == ATH_OPERATION_CREATE_TABLE) {
        create_table(out, o);
        return;
    }
    ath__buf line;
    ath__buf_init(&line, out->allocator);
    directive(&line, o);
    ath__c_wrap(out, INDENT, ath__buf_text(&line));
    end_line(out);
    out->failed = out->failed || line.failed;
    ath__buf_done(&line);
}

bool ath__goes_on(const ath__change *items, size_t place) {
    return place && items[place].held && items[place - 1].held && !items[place].note;
}

/* Its lines are comments each, so that an editor brings them back. */
static void held_operation(ath__buf *out, const ath__change *change, bool goes_on) {
    ath__buf line, text;
    ath__buf_init(&line, out->allocator);
    ath__buf_init(&text, out->allocator);
    ath__buf_printf(&line, "Held back, as it loses data%s%s", change->note ? ": " : "",
                    change->note ? change->note : "");
    if (!goes_on)
        ath__c_comment(out, INDENT, ath__buf_text(&line));
    end_line(out);
    ath__buf_clear(&line);
    directive(&line, &change->operation);
    ath__c_wrap(&text, 0, ath__buf_text(&line));
    for (const char *at = ath__buf_text(&text); *at;) {
        size_t size = strcspn(at, "\n");
        ath__buf_printf(out, "    // %.*s\n", (int)size, at);
        at += size + (at[size] == '\n');
    }
    out->failed = out->failed || line.failed || text.failed;
    ath__buf_done(&line);
    ath__buf_done(&text);
}

void ath__render_c(ath__buf *out, const ath__change *items, size_t count) {
    ath__buf_str(out, begin_mark);
    for (size_t i = 0; i < count; i++) {
        if (items[i].operation.kind == ATH_OPERATION_NOTHING)
            continue;
        if (items[i].held) {
            held_operation(out, &items[i], ath__goes_on(items, i));
            continue;
        }
        if (items[i].note)
            ath__c_comment(out, INDENT, items[i].note);
        one_operation(out, &items[i].operation);
    }
    ath__buf_str(out, end_mark);
}
