/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: which fields an object of a model or projection takes, what they are called, and which must be there.
 *
 * A schema is worked out when the walk first meets its model; it lives with the input.
 */
#include "sql/inherit.h"
#include "json/input.h"
#include "json/json.h"

/* ---- one field ---- */

static bool has_default(const ath__column *c) {
    return c->default_value || c->server_default || c->autoincrement || c->identity;
}

static void decide(ath__in_field *f, bool by_column) {
    f->required = f->said->required == ATH_REQUIRED_YES || (f->said->required == ATH_REQUIRED_DEFAULT && by_column);
}

/* Whether the relation that leads here fills this column. */
static bool is_joined(const ath__link *through, const ath__column *c) {
    for (size_t i = 0;
         through && through->relation->kind != ATH_BELONGS_TO && !through->secondary && i < through->count; i++)
        if (through->remote[i]->position == c->position)
            return true;
    return false;
}

void ath__in_column_field(const ath_table *t, const ath__column *c, const ath__link *through, ath__in_field *out) {
    *out = (ath__in_field){.kind = ATH__IN_COLUMN, .field = c->field, .offset = c->offset, .column = c};
    out->said = ath__said_of(t, c->offset);
    out->given = ath__is_given(c) || c->version || c->identity == ATH_IDENTITY_ALWAYS ||
                 (t->name && ath__discriminator_of(t) == (int)c->position);
    decide(out, !c->nullable && !has_default(c) && !is_joined(through, c));
    out->required = out->required && !out->given;
}

static void relation_field(const ath_table *t, const ath__relation *r, ath__in_field *out) {
    *out = (ath__in_field){.kind = ath__relation_is_many(r) ? ATH__IN_MANY : ATH__IN_ONE,
                           .field = r->field,
                           .offset = r->offset,
                           .relation = r,
                           .hidden = t->name != NULL};
    out->said = ath__said_of(t, r->offset);
    decide(out, false);
}

static void list_field(const ath_table *t, const ath__said_list *l, ath__in_field *out) {
    *out = (ath__in_field){.kind = ATH__IN_LIST, .field = l->field, .offset = l->offset, .column = &l->item};
    out->said = ath__said_of(t, l->offset);
    decide(out, false);
}

/* ---- what fields are called ---- */

static const char *plain_name(ath_input *in, const ath__in_schema *s, const ath__in_field *f) {
    char name[ATH__JSON_NAME];
    if (f->kind != ATH__IN_COLUMN)
        return f->field;
    ath__json_column_name(s->table, f->column, name);
    return ath__arena_str(&in->arena, name);
}

static ath_status check_unique(ath_input *in, const ath__in_schema *s) {
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(s->fields[k].name, s->fields[i].name) == 0)
                return ath__fail(&in->error, ATH_ARGUMENT,
                                 "%s: two fields are called '%s' in JSON: %s and %s; see .alias", s->table->model->name,
                                 s->fields[i].name, s->fields[k].field, s->fields[i].field);
    return ATH_OK;
}

static ath_status name_fields(ath_input *in, ath__in_schema *s) {
    for (size_t i = 0; i < s->count; i++) {
        ath__in_field *f = &s->fields[i];
        f->name = f->said->alias ? f->said->alias : plain_name(in, s, f);
        if (!f->name)
            return ath__fail_memory(&in->error);
    }
    return check_unique(in, s);
}

/* ---- mistakes ---- */

static const ath__in_field *field_at(const ath__in_schema *s, uint32_t offset) {
    for (size_t i = 0; i < s->count; i++)
        if (s->fields[i].offset == offset)
            return &s->fields[i];
    return NULL;
}

static bool is_text(const ath__column *c) {
    unsigned base = c ? (unsigned)c->ctype & ~(unsigned)ATH_C_OPTIONAL : 0;
    return base == ATH_C_TEXT || base == ATH_C_CHARS;
}

static ath_status check_said(ath_input *in, const ath__in_schema *s) {
    const char *model = s->table->model->name;
    for (const ath__said_field *said = s->table->input ? s->table->input->fields : NULL; said; said = said->next) {
        const ath__in_field *f = field_at(s, said->offset);
        const ath_input_field_opts *o = &said->opts;
        if (!f)
            return ath__fail(&in->error, ATH_ARGUMENT, "%s: ath_input_field(%s): it is no column, relation or list",
                             model, said->field);
        if ((o->format || o->strip || o->lower) && !is_text(f->column))
            return ath__fail(&in->error, ATH_ARGUMENT, "%s.%s: .format, .strip and .lower are for text", model,
                             f->field);
        if (o->check && !f->column)
            return ath__fail(&in->error, ATH_ARGUMENT, "%s.%s: a .check of a field is for columns and lists", model,
                             f->field);
        if ((o->min_items || o->max_items) && f->kind != ATH__IN_LIST && f->kind != ATH__IN_MANY)
            return ath__fail(&in->error, ATH_ARGUMENT, "%s.%s: .min_items and .max_items are for lists", model,
                             f->field);
    }
    return ATH_OK;
}

/* ---- the schema ---- */

static size_t count_lists(const ath_table *t) {
    size_t count = 0;
    for (const ath__said_list *l = t->input ? t->input->lists : NULL; l; l = l->next)
        count++;
    return count;
}

static void gather(const ath_table *t, const ath__link *through, ath__in_schema *s) {
    for (size_t i = 0; i < t->column_count; i++)
        ath__in_column_field(t, &t->columns[i], through, &s->fields[s->count++]);
    for (size_t i = 0; i < t->relation_count; i++)
        relation_field(t, &t->relations[i], &s->fields[s->count++]);
    for (const ath__said_list *l = t->input ? t->input->lists : NULL; l; l = l->next)
        list_field(t, l, &s->fields[s->count++]);
}

/* Of a model's relation: what joins the two. */
static ath_status find_link(ath_input *in, const ath__relation *through, const ath_table *owner,
                            const ath__link **link) {
    *link = NULL;
    if (!through || !owner->name)
        return ATH_OK;
    const ath__link *links = ath__table_links(owner, &in->error);
    if (!links)
        return ath__failed(&in->error);
    *link = &links[through->position];
    return ATH_OK;
}

static const ath__in_schema *make(ath_input *in, const ath_table *t, const ath__relation *through,
                                  const ath_table *owner) {
    size_t count = t->column_count + t->relation_count + count_lists(t);
    ath__in_schema *s = ath__arena_zero(&in->arena, sizeof *s + count * sizeof s->fields[0]);
    const ath__link *link;
    if (!s) {
        ath__fail_memory(&in->error);
        return NULL;
    }
    if (find_link(in, through, owner, &link) != ATH_OK)
        return NULL;
    s->table = t;
    s->through = through;
    s->unknown = t->input ? t->input->unknown : ATH_UNKNOWN_DEFAULT;
    if (in->opts.unknown)
        s->unknown = in->opts.unknown;
    s->check = t->input ? t->input->check : NULL;
    gather(t, link, s);
    if (name_fields(in, s) != ATH_OK || check_said(in, s) != ATH_OK)
        return NULL;
    s->next = in->schemas;
    return in->schemas = s;
}

const ath__in_schema *ath__in_schema_of(ath_input *in, const ath_model *model, const ath__relation *through,
                                        const ath_table *owner) {
    const ath_table *t = ath_model_table(model, &in->error);
    if (!t) {
        if (in->error.status == ATH_OK)
            ath__fail_memory(&in->error);
        return NULL;
    }
    for (const ath__in_schema *s = in->schemas; s; s = s->next)
        if (s->table == t && s->through == through)
            return s;
    return make(in, t, through, owner);
}

/* ---- .include, .exclude, .rename ---- */

/* Compares the path of a field, its own name last, with a name that has dots: how many of the name's bytes it takes, -1 when
 * they part.  *behind: the path goes on behind the name's end. */
static ptrdiff_t follow(const ath__in_at *at, const char *name, bool *behind) {
    if (!at)
        return 0;
    ptrdiff_t taken = follow(at->up, name, behind);
    if (taken < 0 || !at->field || *behind)
        return taken;
    const char *rest = name + taken;
    size_t size = strlen(at->field);
    if (taken && !*rest) {
        *behind = true;
        return taken;
    }
    rest += taken && *rest == '.';
    if (strncmp(rest, at->field, size) != 0 || (rest[size] && rest[size] != '.'))
        return -1;
    return rest - name + (ptrdiff_t)size;
}

typedef enum fit { APART, WITHIN, EXACT, ABOVE } fit;

/* WITHIN: the name says the field, or what it is a part of, and more; ABOVE: the name is of something inside of it. */
static fit compare(const ath__in_at *at, const char *name) {
    bool behind = false;
    ptrdiff_t taken = follow(at, name, &behind);
    if (taken < 0)
        return APART;
    return behind ? WITHIN : name[taken] ? ABOVE : EXACT;
}

bool ath__in_admits(const ath_input *in, const ath__in_at *up, const ath__in_field *field) {
    const ath__in_at at = {.up = up, .name = field->name, .field = field->field};
    bool named = in->opts.include.count == 0 && !field->hidden;
    for (size_t i = 0; i < in->opts.include.count && !named; i++) {
        fit f = compare(&at, in->opts.include.names[i]);
        named = f == EXACT || f == ABOVE || (f == WITHIN && !field->hidden);
    }
    for (size_t i = 0; i < in->opts.exclude.count && named; i++) {
        fit f = compare(&at, in->opts.exclude.names[i]);
        named = f != EXACT && f != WITHIN;
    }
    return named;
}

/* The field that the first part of a dotted name, or all of it, says: by its path, or a column by its name in JSON. */
static const ath__in_field *field_named(const ath__in_schema *s, const char *name, size_t *size) {
    for (size_t i = 0; i < s->count; i++) {
        *size = strlen(s->fields[i].field);
        if (strncmp(name, s->fields[i].field, *size) == 0 && (!name[*size] || name[*size] == '.'))
            return &s->fields[i];
    }
    *size = strlen(name);
    for (size_t i = 0; i < s->count; i++)
        if (s->fields[i].kind == ATH__IN_COLUMN && ath__json_is_named(s->table, s->fields[i].column, name))
            return &s->fields[i];
    return NULL;
}

/* Where a dotted name leads: its field, of *schema, and where in the name its last part begins.  NULL when it leads nowhere
 * (or memory ran out: in->error). */
static const ath__in_field *follow_name(ath_input *in, const ath__in_schema **schema, const char *name,
                                        const char **last) {
    size_t size;
    for (*last = name; *schema && **last; *last += size + 1) {
        const ath__in_field *f = field_named(*schema, *last, &size);
        if (!f || !(*last)[size])
            return f;
        if (!f->relation)
            return NULL;
        *schema = ath__in_schema_of(in, f->relation->target, f->relation, (*schema)->table);
    }
    return NULL;
}

/* By the paths of its fields. */
static const char *full_name(ath_input *in, const ath__in_schema *s, const char *name) {
    const char *last, *whole = NULL;
    const ath__in_field *f = follow_name(in, &s, name, &last);
    if (f)
        whole = ath__arena_printf(&in->arena, "%.*s%s", (int)(last - name), name, f->field);
    if (f && !whole)
        ath__fail_memory(&in->error);
    return whole;
}

static ath_status no_field(ath_input *in, const char *option, const char *name) {
    if (in->error.status == ATH_OK)
        ath__fail(&in->error, ATH_ARGUMENT, ".%s: %s has no field '%s'", option, in->model->name, name);
    return in->error.status;
}

static ath_status check_list(ath_input *in, const ath__in_schema *s, const char *option, ath_name_list *list) {
    const char **names = list->count ? ath__arena_alloc(&in->arena, list->count * sizeof *names) : NULL;
    if (list->count && !names)
        return ath__fail_memory(&in->error);
    for (size_t i = 0; i < list->count; i++) {
        names[i] = full_name(in, s, list->names[i]);
        if (!names[i])
            return no_field(in, option, list->names[i]);
    }
    list->names = names;
    return ATH_OK;
}

/* The schema is this input's own: its fields get the names of this call. */
static ath_status rename_fields(ath_input *in, const ath__in_schema *root) {
    for (size_t i = 0; i < in->opts.rename.count; i++) {
        const ath_rename *r = &in->opts.rename.items[i];
        const ath__in_schema *s = root;
        const char *last, *as = ath__arena_str(&in->arena, r->as);
        const ath__in_field *f = follow_name(in, &s, r->field, &last);
        if (!f)
            return no_field(in, "rename", r->field);
        if (!as)
            return ath__fail_memory(&in->error);
        ((ath__in_field *)(uintptr_t)f)->name = as;
    }
    for (const ath__in_schema *s = in->opts.rename.count ? in->schemas : NULL; s; s = s->next)
        ATH_TRY(check_unique(in, s));
    return ATH_OK;
}

ath_status ath__in_check_names(ath_input *in) {
    const ath__in_schema *s = ath__in_schema_of(in, in->model, NULL, NULL);
    if (!s)
        return ath__failed(&in->error);
    ATH_TRY(check_list(in, s, "include", &in->opts.include));
    ATH_TRY(check_list(in, s, "exclude", &in->opts.exclude));
    return rename_fields(in, s);
}
