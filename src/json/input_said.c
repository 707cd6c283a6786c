/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: what a model's body says of input, kept with its table.
 *
 * Said of a part or of a table that classes share it is passed over: objects are read by their own class.
 */
#include "sql/table_build.h"
#include "json/input.h"

static ath__said *said_of(ath_mapper *m) {
    if (!m->table->input)
        m->table->input = ath__arena_zero(&m->table->arena, sizeof *m->table->input);
    if (!m->table->input)
        ath__mapper_no_memory(m);
    return m->table->input;
}

static ath__said_field *field_at(ath_mapper *m, ath__said *said, const char *field, uint32_t offset) {
    for (ath__said_field *f = said->fields; f; f = f->next)
        if (f->offset == offset)
            return f;
    ath__said_field *f = ath__arena_zero(&m->table->arena, sizeof *f);
    const char *name = ath__arena_printf(&m->table->arena, "%s%s", m->path, field);
    if (!f || !name) {
        ath__mapper_no_memory(m);
        return NULL;
    }
    *f = (ath__said_field){.next = said->fields, .field = name, .offset = offset};
    said->fields = f;
    return f;
}

static void take_over(ath_mapper *m, ath_input_field_opts *kept, const ath_input_field_opts *o) {
    kept->required = o->required ? o->required : kept->required;
    kept->format = o->format ? o->format : kept->format;
    kept->alias = o->alias ? ath__mapper_keep(m, o->alias) : kept->alias;
    kept->check = o->check ? o->check : kept->check;
    kept->strip |= o->strip;
    kept->lower |= o->lower;
    kept->aside |= o->aside;
    kept->min_items = o->min_items ? o->min_items : kept->min_items;
    kept->max_items = o->max_items ? o->max_items : kept->max_items;
}

void ath_mapper_input_field(ath_mapper *m, const char *field, size_t offset, const ath_input_field_opts *opts) {
    ath__said *said = m->own_only ? NULL : said_of(m);
    ath__said_field *f = said ? field_at(m, said, field, (uint32_t)(m->base + offset)) : NULL;
    if (f)
        take_over(m, &f->opts, opts);
}

/* The items are checked as a column is that stands nowhere. */
void ath_mapper_input_list(ath_mapper *m, const char *field, size_t offset, size_t size, int ctype,
                           const ath_column_opts *opts) {
    ath__said *said = m->own_only ? NULL : said_of(m);
    ath__said_list *list = said ? ath__arena_zero(&m->table->arena, sizeof *list) : NULL;
    if (!list) {
        if (said)
            ath__mapper_no_memory(m);
        return;
    }
    if (m->table->name)
        MISTAKE(m, "%s: lists of plain values are for projections; a model's fields are columns and relations", field);
    ath__column *c = &list->item;
    list->field = c->field = c->name = ath__arena_printf(&m->table->arena, "%s%s", m->path, field);
    list->offset = (uint32_t)(m->base + offset);
    c->ctype = (ath_ctype)ctype;
    c->size = (uint32_t)size;
    c->nullable = opts->nullable;
    if (!c->field) {
        ath__mapper_no_memory(m);
        return;
    }
    ath__mapper_fill(m, c, opts);
    if (!ath__ctype_holds(c->ctype, c->size, &c->type))
        MISTAKE(m, "%s: %s cannot hold a value of type %s", field, ath__ctype_name(c->ctype),
                ath__sql_type_name(c->type.sql));
    ath__said_list **end = &said->lists;
    while (*end)
        end = &(*end)->next;
    *end = list;
}

void ath_mapper_input_options(ath_mapper *m, const ath_input_model_opts *opts) {
    ath__said *said = m->own_only ? NULL : said_of(m);
    if (!said)
        return;
    said->unknown = opts->unknown ? opts->unknown : said->unknown;
    said->check = opts->check ? opts->check : said->check;
}

const ath_input_field_opts *ath__said_of(const ath_table *t, uint32_t offset) {
    static const ath_input_field_opts nothing = {.struct_size = sizeof nothing};
    for (const ath__said_field *f = t->input ? t->input->fields : NULL; f; f = f->next)
        if (f->offset == offset)
            return &f->opts;
    return &nothing;
}
