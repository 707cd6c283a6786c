/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models`: the plan as C text, NAME.h and NAME.c.
 */
#include "cli/models/models.h"

enum { MOST_IN_MACRO = 64 }; /* models that ATH_METADATA takes */

static bool is_pointer(const char *ctype) {
    size_t size = strlen(ctype);
    return size && ctype[size - 1] == '*';
}

/* ---- the header ---- */

static void declare_field(ath__buf *out, const char *ctype, const char *name) {
    ath__buf_printf(out, "    %s%s%s;\n", ctype, is_pointer(ctype) ? "" : " ", name);
}

static void declare_relations(ath__buf *out, const models_model *m) {
    if (m->relation_count)
        ath__buf_char(out, '\n');
    for (size_t i = 0; i < m->relation_count; i++) {
        const models_relation *r = &m->relations[i];
        ath__buf_printf(out, "    %s %s%s;\n", r->target->name, r->side == ATH_HAS_MANY ? "**" : "*", r->field);
    }
}

static void title(models_plan *plan, ath__buf *out, const models_model *m) {
    const ath_reflected_table *t = m->table;
    const char *comment = t->comment ? t->comment : "";
    ath__c_comment(out, 0,
                   models_text(plan, "%s %s%s%s%s%s%s", m->is_view ? "View" : "Table", t->schema ? t->schema : "",
                               t->schema ? "." : "", t->name, *comment ? ": " : "", comment,
                               m->is_association ? " (joins two others)" : ""));
}

static void declare_struct(models_plan *plan, ath__buf *out, const models_model *m) {
    title(plan, out, m);
    ath__buf_printf(out, "struct %s {\n", m->name);
    for (size_t i = 0; i < m->field_count; i++)
        declare_field(out, m->fields[i].ctype, m->fields[i].name);
    declare_relations(out, m);
    ath__buf_str(out, "};\n\n");
}

static void guard(models_plan *plan, ath__buf *out, const char *before, const char *behind) {
    const char *snake = models_snake(plan, plan->choice->name);
    ath__buf_printf(out, "%s%s", before, *snake >= '0' && *snake <= '9' ? "N" : "");
    for (const char *at = snake; *at; at++)
        ath__buf_char(out, *at >= 'a' && *at <= 'z' ? (char)(*at - ('a' - 'A')) : *at);
    ath__buf_printf(out, "_H%s", behind);
}

void models_write_header(models_plan *plan, ath__buf *out) {
    ath__c_comment(out, 0,
                   models_text(plan, "%s.h: the tables of a database as structs, written by `athanor models`.",
                               plan->choice->name));
    guard(plan, out, "#ifndef ", "\n");
    guard(plan, out, "#define ", "\n\n#include <athanor/athanor.h>\n\n");
    for (size_t i = 0; i < plan->count; i++)
        ath__buf_printf(out, "typedef struct %s %s;\n", plan->models[i].name, plan->models[i].name);
    ath__buf_char(out, '\n');
    for (size_t i = 0; i < plan->count; i++)
        declare_struct(plan, out, &plan->models[i]);
    for (size_t i = 0; i < plan->count; i++)
        ath__buf_printf(out, "ATH_DECLARE(%s);\n", plan->models[i].name);
    ath__buf_printf(out, "ATH_DECLARE_METADATA(%s);\n\n#endif\n", plan->metadata);
}

/* ---- the bodies ---- */

/* What most columns of a SQLite database would say, under a shorter name. */
static const char sqlite_integer[] = "ATH_SPELLED(ATH_SQL_BIGINT, \"INTEGER\")";
static const char sqlite_short[] = "SQLITE_INTEGER";

static bool says_sqlite_integer(const models_plan *plan) {
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; k < plan->models[i].field_count; k++) {
            const ath_type *type = &plan->models[i].fields[k].item->column->type;
            if (type->sql == ATH_SQL_BIGINT && type->details && type->details->spelling &&
                strcmp(type->details->spelling, "INTEGER") == 0)
                return true;
        }
    return false;
}

static void shorten(ath__buf *line) {
    char *at = line->size && !line->failed ? strstr(line->data, sqlite_integer) : NULL;
    if (!at)
        return;
    char *behind = at + sizeof sqlite_integer - 1;
    memcpy(at, sqlite_short, sizeof sqlite_short - 1);
    memmove(at + sizeof sqlite_short - 1, behind, strlen(behind) + 1);
    line->size -= sizeof sqlite_integer - sizeof sqlite_short;
}

/* One statement of a body, written by `line` and then broken. */
static void statement(models_plan *plan, ath__buf *out, ath__buf *line, size_t indent) {
    if (line->failed)
        models_no_memory(plan);
    shorten(line);
    if (!line->failed)
        ath__c_wrap(out, indent, ath__buf_text(line));
    ath__buf_clear(line);
}

static void column(ath__buf *line, const models_field *f) {
    const ath_column_opts *o = f->item->column;
    ath__buf_printf(line, "ath_column(%s", f->name);
    if (strcmp(f->name, f->item->name) != 0) {
        ath__buf_str(line, ", .name = ");
        ath__c_string(line, f->item->name);
    }
    ath__c_column_options(line, o, !ath__c_infers(&o->type, f->nullable));
    ath__buf_str(line, ");");
}

static bool is_plain_index(const ath_table_item *item) {
    const ath_index_opts *o = item->index;
    for (size_t i = 0; i < item->parts.count; i++) {
        const ath_index_part *p = &item->parts.parts[i];
        if (!p->column || p->desc || p->nulls_first || p->nulls_last || p->collation || p->postgresql_ops ||
            p->mysql_length)
            return false;
    }
    return !o->where && !o->include.count && !o->nulls_not_distinct && !o->postgresql_using && !o->postgresql_with &&
           !o->postgresql_tablespace && !o->mysql_using && !o->mysql_prefix && !o->mysql_with_parser;
}

static void index_item(ath__buf *line, const ath_table_item *item) {
    if (is_plain_index(item)) {
        ath__buf_str(line, item->index->unique ? "ath_unique_index(" : "ath_index(");
        ath__c_string(line, item->name);
        for (size_t i = 0; i < item->parts.count; i++) {
            ath__c_next(line);
            ath__c_string(line, item->parts.parts[i].column);
        }
    } else {
        ath__buf_str(line, "ath_index_on(");
        ath__c_string(line, item->name);
        ath__c_next(line);
        ath__c_parts(line, item->parts);
        ath__c_index_options(line, item->index);
    }
    ath__buf_str(line, ");");
}

static bool says_only_columns(const ath_constraint_opts *o) {
    return o->columns.count && !o->deferrable && !o->initially && !o->nulls_not_distinct && !o->comment &&
           !o->sqlite_on_conflict && !o->postgresql_include.count;
}

static void unique_item(ath__buf *line, const ath_constraint_opts *o) {
    if (!says_only_columns(o)) {
        ath__buf_str(line, "ath_unique_on(");
        ath__c_constraint_options(line, o);
    } else {
        ath__buf_str(line, "ath_unique_constraint(");
        ath__c_string(line, o->name);
        for (size_t i = 0; i < o->columns.count; i++) {
            ath__c_next(line);
            ath__c_string(line, o->columns.names[i]);
        }
    }
    ath__buf_str(line, ");");
}

static void check_item(ath__buf *line, const ath_constraint_opts *o) {
    if (o->postgresql_not_valid || o->comment) {
        ath__buf_str(line, "ath_check_on(");
        ath__c_constraint_options(line, o);
    } else {
        ath__buf_str(line, "ath_check_constraint(");
        ath__c_string(line, o->name);
        ath__c_next(line);
        ath__c_string(line, o->check);
    }
    ath__buf_str(line, ");");
}

static void other_item(ath__buf *line, const ath_table_item *item) {
    switch (item->kind) {
    case ATH_CONSTRAINT_UNIQUE:
        unique_item(line, item->constraint);
        return;
    case ATH_CONSTRAINT_CHECK:
        check_item(line, item->constraint);
        return;
    case ATH_ITEM_INDEX:
        index_item(line, item);
        return;
    case ATH_CONSTRAINT_PRIMARY_KEY:
        ath__buf_str(line, "ath_primary_key_on(");
        ath__c_constraint_options(line, item->constraint);
        break;
    case ATH_CONSTRAINT_EXCLUDE:
        ath__buf_str(line, "ath_exclude(");
        ath__c_constraint_options(line, item->constraint);
        break;
    case ATH_CONSTRAINT_FOREIGN_KEY:
        ath__buf_str(line, "ath_foreign_key(");
        ath__c_foreign_key_options(line, item->foreign_key);
        break;
    default:
        ath__buf_str(line, "ath_table_options(");
        ath__c_table_options(line, item->options);
        break;
    }
    ath__buf_str(line, ");");
}

/* ---- relations ---- */

static void names_option(ath__buf *line, const char *option, ath_name_list names) {
    if (!names.count)
        return;
    ath__buf_printf(line, ", .%s = ", option);
    ath__c_names(line, names);
}

/* What the database does when a row is deleted, the session leaves to it. */
static void cascades(ath__buf *line, const models_relation *r) {
    if (!r->ondelete)
        return;
    bool cascade = strcmp(r->ondelete, "CASCADE") == 0;
    if (cascade)
        ath__buf_str(line, ", .cascade = ATH_CASCADE_ALL");
    if (cascade || strncmp(r->ondelete, "SET ", 4) == 0)
        ath__buf_str(line, ", .passive_deletes = ATH_PASSIVE_DELETES");
}

static void relation(ath__buf *line, const models_relation *r) {
    static const char *const words[] = {
        [ATH_HAS_MANY] = "ath_has_many", [ATH_HAS_ONE] = "ath_has_one", [ATH_BELONGS_TO] = "ath_belongs_to"};
    ath__buf_printf(line, "%s(%s, %s", words[r->side], r->field, r->target->name);
    if (r->secondary)
        ath__buf_printf(line, ", .secondary = ath_model_of(%s)", r->secondary->name);
    names_option(line, "foreign_key", r->foreign_key);
    names_option(line, "references", r->references);
    names_option(line, "target_key", r->target_key);
    if (r->back)
        ath__buf_printf(line, ", .back_populates = \"%s\"", r->back);
    cascades(line, r);
    ath__buf_str(line, ");");
}

/* ---- the source ---- */

static void remark(models_plan *plan, ath__buf *out, const models_model *m) {
    if (!m->is_view && !m->table->primary_key.columns.count)
        ath__c_comment(out, 4,
                       models_text(plan,
                                   "The table has no primary key: ath_all(s, %s, .read_only = true) reads its "
                                   "rows, ath_insert adds some; a session does not track them.",
                                   m->name));
    for (size_t i = 0; i < m->described.remarks.count; i++)
        ath__c_comment(out, 4, m->described.remarks.names[i]);
}

static void model(models_plan *plan, ath__buf *out, ath__buf *line, const models_model *m) {
    ath__buf_printf(out, m->is_view ? "ATH_PROJECTION(%s" : "ATH_MODEL(%s, ", m->name);
    if (!m->is_view)
        ath__c_string(out, m->table->name);
    ath__buf_str(out, ") {\n");
    remark(plan, out, m);
    for (size_t i = 0; i < m->field_count; i++) {
        column(line, &m->fields[i]);
        statement(plan, out, line, 4);
    }
    for (size_t i = 0; i < m->described.count && !m->is_view; i++)
        if (!m->described.items[i].column) {
            other_item(line, &m->described.items[i]);
            statement(plan, out, line, 4);
        }
    for (size_t i = 0; i < m->relation_count; i++) {
        relation(line, &m->relations[i]);
        statement(plan, out, line, 4);
    }
    ath__buf_str(out, "}\n\n");
}

static size_t model_count(const models_plan *plan) {
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        count += !plan->models[i].is_view;
    return count;
}

static void list_models(const models_plan *plan, ath__buf *line) {
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->models[i].is_view) {
            ath__c_next(line);
            ath__buf_str(line, plan->models[i].name);
        }
}

static void list_sequences(const models_plan *plan, ath__buf *line) {
    if (!plan->sequence_count)
        return;
    ath__buf_str(line, ", ath_sequences(");
    for (size_t i = 0; i < plan->sequence_count; i++) {
        if (i)
            ath__buf_str(line, ", ");
        ath__c_sequence(line, &plan->sequences[i]);
    }
    ath__buf_char(line, ')');
}

static void metadata(models_plan *plan, ath__buf *out, ath__buf *line) {
    size_t count = model_count(plan);
    if (!count) {
        ath__buf_printf(out, "const ath_metadata %s = {.name = \"%s\"};\n", plan->metadata, plan->metadata);
        return;
    }
    if (count > MOST_IN_MACRO) {
        ath__buf_str(out, "static const ath_model *const models[] = {\n");
        for (size_t i = 0; i < plan->count; i++)
            if (!plan->models[i].is_view)
                ath__buf_printf(out, "    &ath_model_%s,\n", plan->models[i].name);
        ath__buf_str(out, "};\n");
        ath__buf_printf(line, "ATH_METADATA_WITH(%s, .models = models, .model_count = sizeof models / sizeof *models",
                        plan->metadata);
    } else if (plan->sequence_count) {
        ath__buf_printf(line, "ATH_METADATA_WITH(%s, ATH_MODELS(", plan->metadata);
        list_models(plan, line);
        ath__buf_char(line, ')');
    } else {
        ath__buf_printf(line, "ATH_METADATA(%s", plan->metadata);
        list_models(plan, line);
    }
    list_sequences(plan, line);
    ath__buf_str(line, ");");
    statement(plan, out, line, 0);
}

static void say_left_out(models_plan *plan, ath__buf *out) {
    if (!plan->left_out_count)
        return;
    const char *text = models_text(plan, "Left out: %s", plan->left_out[0]);
    for (size_t i = 1; i < plan->left_out_count; i++)
        text = models_text(plan, "%s, %s", text, plan->left_out[i]);
    ath__c_comment(out, 0, models_text(plan, "%s.", text));
}

void models_write_source(models_plan *plan, ath__buf *out) {
    ath__buf line;
    ath__buf_init(&line, plan->arena.allocator);
    ath__c_comment(out, 0,
                   models_text(plan, "%s.c: the tables of a database as models, written by `athanor models`.",
                               plan->choice->name));
    say_left_out(plan, out);
    ath__buf_printf(out, "#include \"%s.h\"\n\n", plan->choice->name);
    if (says_sqlite_integer(plan))
        ath__buf_printf(out, "/* INTEGER has 64 bits in SQLite. */\n#define %s %s\n\n", sqlite_short, sqlite_integer);
    for (size_t i = 0; i < plan->count; i++)
        model(plan, out, &line, &plan->models[i]);
    metadata(plan, out, &line);
    if (line.failed)
        models_no_memory(plan);
    ath__buf_done(&line);
}
