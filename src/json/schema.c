/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON Schema (draft 2020-12) of a model or projection, as it goes out or comes in.
 */
#include "json/input.h"
#include "json/json.h"

enum { MODELS = 256 };

typedef struct writing {
    ath__json_writer w;
    const ath_json_schema_opts *opts;
    const ath_model *models[MODELS]; /* that "$defs" must have, in order */
    size_t count;
} writing;

static ath_status write_object(writing *g, ath__json_place *place, const ath_table *t, const ath__link *through);

static void text_member(writing *g, const char *name, const char *text) {
    ath__json_key(&g->w.j, name);
    ath__json_any_string(&g->w.j, text, strlen(text));
}

static void number_member(writing *g, const char *name, uint64_t n) {
    ath__json_key(&g->w.j, name);
    ath__json_uint(&g->w.j, n);
}

static void true_member(writing *g, const char *name) {
    ath__json_key(&g->w.j, name);
    ath__json_raw(&g->w.j, "true");
}

/* ---- types ---- */

static const char *const time_pattern = "^[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?$";
static const char *const datetime_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?$";

/* "string", or with NULL ["string", "null"]; a second type for what may come in as either. */
static void types(writing *g, const char *type, const char *also, bool nullable) {
    ath__json *j = &g->w.j;
    const char *const all[] = {type, also, nullable ? "null" : NULL};
    ath__json_key(j, "type");
    if (!also && !nullable) {
        ath__json_any_string(j, type, strlen(type));
        return;
    }
    ath__json_open(j, '[');
    for (size_t i = 0; i < ATH_COUNT_OF(all); i++)
        if (all[i]) {
            ath__json_item(j);
            ath__json_any_string(j, all[i], strlen(all[i]));
        }
    ath__json_close(j, ']');
}

static void labels(writing *g, const ath_type *type, bool nullable) {
    ath__json *j = &g->w.j;
    ath__json_key(j, "enum");
    ath__json_open(j, '[');
    for (uint32_t i = 0; i < type->name_count; i++) {
        ath__json_item(j);
        ath__json_any_string(j, type->names[i], strlen(type->names[i]));
    }
    if (nullable) {
        ath__json_item(j);
        ath__json_raw(j, "null");
    }
    ath__json_close(j, ']');
}

/* All digits that fit, as they are written in a string. */
static void decimal(writing *g, const ath_type *type, bool nullable) {
    char pattern[96] = "^-?[0-9]+(\\.[0-9]+)?$";
    types(g, "string", g->opts->input ? "number" : NULL, nullable);
    if (type->precision > type->scale && type->scale)
        snprintf(pattern, sizeof pattern, "^-?[0-9]{1,%d}(\\.[0-9]{1,%d})?$", type->precision - type->scale,
                 type->scale);
    else if (type->precision && !type->scale)
        snprintf(pattern, sizeof pattern, "^-?[0-9]{1,%d}$", type->precision);
    text_member(g, "pattern", pattern);
}

static const char *format_name(ath_format format) {
    static const char *const names[] = {
        [ATH_FORMAT_NONE] = NULL,
        [ATH_FORMAT_EMAIL] = "email",
        [ATH_FORMAT_URI] = "uri",
        [ATH_FORMAT_UUID] = "uuid",
        [ATH_FORMAT_DATE] = "date",
        [ATH_FORMAT_TIME] = NULL,
        [ATH_FORMAT_DATE_TIME] = "date-time",
        [ATH_FORMAT_HOSTNAME] = "hostname",
        [ATH_FORMAT_IPV4] = "ipv4",
        [ATH_FORMAT_IPV6] = "ipv6",
    };
    return (size_t)format < ATH_COUNT_OF(names) ? names[format] : NULL;
}

static void text(writing *g, const ath__column *c, const ath_input_field_opts *said, bool nullable) {
    const ath__rules_said rules = ath__rules_of(c);
    uint32_t most = c->type.sql == ATH_SQL_STRING ? c->type.length : 0;
    if (c->ctype == ATH_C_CHARS && (!most || c->size - 1 < most))
        most = c->size - 1;
    if (rules.max_length && (!most || rules.max_length < most))
        most = rules.max_length;
    types(g, "string", NULL, nullable);
    if (rules.min_length)
        number_member(g, "minLength", rules.min_length);
    if (most)
        number_member(g, "maxLength", most);
    if (rules.pattern && !strstr(rules.pattern, "[:"))
        text_member(g, "pattern", rules.pattern);
    if (format_name(said->format))
        text_member(g, "format", format_name(said->format));
}

static void bytes(writing *g, const ath__column *c, bool nullable) {
    const ath__rules_said rules = ath__rules_of(c);
    uint32_t most = rules.max_length ? rules.max_length : c->type.length;
    types(g, "string", NULL, nullable);
    text_member(g, "contentEncoding", "base64");
    if (rules.min_length)
        number_member(g, "minLength", ((uint64_t)rules.min_length + 2) / 3 * 4);
    if (most)
        number_member(g, "maxLength", ((uint64_t)most + 2) / 3 * 4);
}

static ath_status number(writing *g, const ath__column *c, const char *type, bool nullable) {
    const ath__rules_said rules = ath__rules_of(c);
    const ath_value *const bounds[] = {rules.min, rules.max};
    types(g, type, NULL, nullable);
    for (size_t i = 0; i < 2; i++)
        if (bounds[i]) {
            ath__json_key(&g->w.j, i ? "maximum" : "minimum");
            ATH_TRY(ath__json_value(&g->w.j, bounds[i], NULL, false, g->w.error));
        }
    if (!rules.min && type[0] == 'i' && c->type.is_unsigned)
        number_member(g, "minimum", 0);
    return ATH_OK;
}

/* What JSON has where a field of this C type is. */
static ath_status by_ctype(writing *g, const ath__column *c, const ath_input_field_opts *said, bool nullable) {
    static const char *const formats[] = {
        [ATH_C_DATE] = "date", [ATH_C_TIMESTAMP] = "date-time", [ATH_C_INTERVAL] = "duration", [ATH_C_UUID] = "uuid"};
    const unsigned base = (unsigned)c->ctype & ~(unsigned)ATH_C_OPTIONAL;
    switch (base) {
    case ATH_C_BOOL:
        types(g, "boolean", NULL, nullable);
        return ATH_OK;
    case ATH_C_F32:
    case ATH_C_F64:
        return number(g, c, "number", nullable);
    case ATH_C_DECIMAL:
        decimal(g, &c->type, nullable);
        return ATH_OK;
    case ATH_C_TEXT:
    case ATH_C_CHARS:
        text(g, c, said, nullable);
        return ATH_OK;
    case ATH_C_BYTES:
        bytes(g, c, nullable);
        return ATH_OK;
    case ATH_C_JSON: /* anything */
        return ATH_OK;
    case ATH_C_TIME:
    case ATH_C_DATETIME:
        types(g, "string", NULL, nullable);
        text_member(g, "pattern", base == ATH_C_TIME ? time_pattern : datetime_pattern);
        return ATH_OK;
    case ATH_C_DATE:
    case ATH_C_TIMESTAMP:
    case ATH_C_INTERVAL:
    case ATH_C_UUID:
        types(g, "string", NULL, nullable);
        text_member(g, "format", formats[base]);
        return ATH_OK;
    default:
        return number(g, c, "integer", nullable);
    }
}

/* ---- columns ---- */

static ath_status default_member(writing *g, const ath__column *c) {
    const ath_expr *e = c->default_value ? c->default_value : c->server_default;
    if (!e || (e->node != ATH_NODE_LITERAL && e->node != ATH_NODE_CONSTANT))
        return ATH_OK;
    ath_value value = e->u.value;
    ath__value_measure(&value);
    if (value.kind == ATH_KIND_NULL || ath__value_coerce(&value, &c->type, &g->w.arena, NULL) != ATH_OK)
        return ATH_OK;
    ath__json_key(&g->w.j, "default");
    return ath__json_value(&g->w.j, &value, &c->type, false, g->w.error);
}

static ath_status write_column(writing *g, const ath_table *t, const ath__column *c, bool given) {
    ath__json_open(&g->w.j, '{');
    if (c->comment)
        text_member(g, "description", c->comment);
    if (c->type.sql == ATH_SQL_ENUM)
        labels(g, &c->type, c->nullable);
    else
        ATH_TRY(by_ctype(g, c, ath__said_of(t, c->offset), c->nullable));
    if (g->opts->input)
        ATH_TRY(default_member(g, c));
    else if (given || c->autoincrement || c->identity)
        true_member(g, "readOnly");
    ath__json_close(&g->w.j, '}');
    return ATH_OK;
}

static ath_status write_list(writing *g, const ath_table *t, const ath__said_list *l) {
    const ath_input_field_opts *said = ath__said_of(t, l->offset);
    ath__json_key(&g->w.j, said->alias ? said->alias : l->field);
    ath__json_open(&g->w.j, '{');
    text_member(g, "type", "array");
    ath__json_key(&g->w.j, "items");
    ATH_TRY(write_column(g, t, &l->item, false));
    if (said->min_items)
        number_member(g, "minItems", said->min_items);
    if (said->max_items)
        number_member(g, "maxItems", said->max_items);
    ath__json_close(&g->w.j, '}');
    return ATH_OK;
}

/* ---- relations ---- */

static ath_status refer(writing *g, const ath_model *model) {
    char where[160];
    size_t i = 0;
    while (i < g->count && g->models[i] != model)
        i++;
    if (i == MODELS)
        return ath__fail(g->w.error, ATH_ARGUMENT, "more than %d models hang together", MODELS);
    g->models[i] = model;
    g->count += i == g->count;
    snprintf(where, sizeof where, "#/$defs/%s", model->name);
    ath__json_open(&g->w.j, '{');
    text_member(g, "$ref", where);
    ath__json_close(&g->w.j, '}');
    return ATH_OK;
}

/* What stands where an object of the relation does. */
static ath_status related(writing *g, ath__json_place *place, const ath_table *owner, const ath__json_prop *p) {
    ath__json_place *below = ath__json_place_below(&g->w, place, p);
    const ath_table *t = below ? ath_model_table(p->relation->target, g->w.error) : NULL;
    const ath__link *links = t && owner->name ? ath__table_links(owner, g->w.error) : NULL;
    if (!t || (owner->name && !links))
        return ath__failed(g->w.error);
    const ath__link *through = links && g->opts->input ? &links[p->relation->position] : NULL;
    return below->plain && !through ? refer(g, p->relation->target) : write_object(g, below, t, through);
}

static ath_status write_relation(writing *g, ath__json_place *place, const ath_table *t, const ath__json_prop *p) {
    const ath_input_field_opts *said = ath__said_of(t, p->relation->offset);
    ath__json *j = &g->w.j;
    const bool many = ath__relation_is_many(p->relation);
    ath__json_open(j, '{');
    if (many)
        text_member(g, "type", "array");
    ath__json_key(j, many ? "items" : "anyOf");
    if (!many) {
        ath__json_open(j, '[');
        ath__json_item(j);
    }
    ATH_TRY(related(g, place, t, p));
    if (!many) {
        ath__json_item(j);
        ath__json_open(j, '{');
        text_member(g, "type", "null");
        ath__json_close(j, '}');
        ath__json_close(j, ']');
    }
    if (said->min_items)
        number_member(g, "minItems", said->min_items);
    if (said->max_items)
        number_member(g, "maxItems", said->max_items);
    ath__json_close(j, '}');
    return ATH_OK;
}

/* ---- objects ---- */

/* Whether a member is there at all; *required. */
static bool has_member(const writing *g, const ath__json_place *place, const ath_table *t, const ath__json_prop *p,
                       const ath__link *through, bool *given, bool *required) {
    ath__in_field field;
    *given = *required = false;
    if (!p->column) /* of a model, those that are named come in */
        return !g->opts->input || !t->name || (!place->plain && place->restricted);
    ath__in_column_field(t, p->column, through, &field);
    *given = field.given;
    *required = g->opts->input ? field.required && !g->opts->partial : true;
    return !g->opts->input || !field.given;
}

static ath_status write_members(writing *g, ath__json_place *place, const ath_table *t, const ath__json_shape *shape,
                                const ath__link *through) {
    bool given, required;
    for (size_t i = 0; i < shape->count; i++) {
        const ath__json_prop *p = &shape->props[i];
        if (!has_member(g, place, t, p, through, &given, &required))
            continue;
        ath__json_quoted_key(&g->w.j, p->quoted, p->quoted_size);
        ATH_TRY(p->column ? write_column(g, t, p->column, given) : write_relation(g, place, t, p));
    }
    for (const ath__said_list *l = g->opts->input && t->input ? t->input->lists : NULL; l; l = l->next)
        ATH_TRY(write_list(g, t, l));
    return ATH_OK;
}

static void write_required(writing *g, const ath__json_place *place, const ath_table *t, const ath__json_shape *shape,
                           const ath__link *through) {
    ath__json *j = &g->w.j;
    bool given, required, some = false;
    for (size_t i = 0; i < shape->count; i++) {
        const ath__json_prop *p = &shape->props[i];
        if (!has_member(g, place, t, p, through, &given, &required))
            continue;
        if (p->relation && g->opts->input)
            required = !g->opts->partial && ath__said_of(t, p->relation->offset)->required == ATH_REQUIRED_YES;
        if (!required)
            continue;
        if (!some) {
            ath__json_key(j, "required");
            ath__json_open(j, '[');
        }
        some = true;
        ath__json_item(j);
        ath__buf_add(&j->buf, p->quoted, p->quoted_size - 1);
    }
    if (some)
        ath__json_close(j, ']');
}

/* The members of an object's schema, without the brackets. */
static ath_status write_body(writing *g, ath__json_place *place, const ath_table *t, const ath__link *through) {
    const ath__json_shape *shape = ath__json_shape_of(&g->w, place, t);
    ath__json *j = &g->w.j;
    if (!shape)
        return ath__failed(g->w.error);
    text_member(g, "title", t->model->name);
    if (t->comment)
        text_member(g, "description", t->comment);
    text_member(g, "type", "object");
    ath__json_key(j, "properties");
    ath__json_open(j, '{');
    ATH_TRY(write_members(g, place, t, shape, through));
    ath__json_close(j, '}');
    write_required(g, place, t, shape, through);
    if (g->opts->input && !(t->input && t->input->unknown == ATH_UNKNOWN_IGNORED)) {
        ath__json_key(j, "additionalProperties");
        ath__json_raw(j, "false");
    }
    return ATH_OK;
}

static ath_status write_object(writing *g, ath__json_place *place, const ath_table *t, const ath__link *through) {
    ath__json_open(&g->w.j, '{');
    ATH_TRY(write_body(g, place, t, through));
    ath__json_close(&g->w.j, '}');
    return ATH_OK;
}

/* Models that come up on the way are appended, and met in their turn. */
static ath_status write_defs(writing *g) {
    if (!g->count)
        return ATH_OK;
    ath__json_key(&g->w.j, "$defs");
    ath__json_open(&g->w.j, '{');
    for (size_t i = 0; i < g->count; i++) {
        const ath_table *t = ath_model_table(g->models[i], g->w.error);
        if (!t)
            return ath__failed(g->w.error);
        ath__json_key(&g->w.j, g->models[i]->name);
        ATH_TRY(write_object(g, &g->w.all, t, NULL));
    }
    ath__json_close(&g->w.j, '}');
    return ATH_OK;
}

static ath_status write_document(writing *g, const ath_model *model) {
    const ath_table *t = ath_model_table(model, g->w.error);
    if (!t)
        return ath__failed(g->w.error);
    ath__json_open(&g->w.j, '{');
    text_member(g, "$schema", "https://json-schema.org/draft/2020-12/schema");
    ATH_TRY(write_body(g, &g->w.root, t, NULL));
    ATH_TRY(write_defs(g));
    ath__json_close(&g->w.j, '}');
    return ATH_OK;
}

char *ath_model_json_schema(const ath_model *model, const ath_json_schema_opts *opts) {
    static const ath_json_schema_opts none = {.struct_size = sizeof none};
    ath_error error = {0};
    opts = opts ? opts : &none;
    const ath_json_opts selected = {.struct_size = sizeof selected,
                                    .include = opts->include,
                                    .exclude = opts->exclude,
                                    .rename = opts->rename,
                                    .no_relations = opts->no_relations,
                                    .indent = opts->indent};
    writing *g = ath__alloc_zero(ath__process_allocator, 1, sizeof *g);
    if (!g) {
        ath__fail_memory(opts->error);
        return NULL;
    }
    g->opts = opts;
    ath_status status = ath__json_writer_begin(&g->w, NULL, model, &selected, ath__process_allocator, &error);
    if (status == ATH_OK)
        status = write_document(g, model);
    char *schema = status == ATH_OK ? ath__json_finish(&g->w.j, &error) : NULL;
    if (status != ATH_OK)
        ath__json_drop(&g->w.j);
    ath__json_writer_done(&g->w);
    ath__free(ath__process_allocator, g, sizeof *g);
    return ath__json_end(NULL, opts->error, &error, schema);
}
