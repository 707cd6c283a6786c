/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: the walk over a document by a schema: objects, lists, what is missing, what nobody asked for.
 */
#include "sql/inherit.h"
#include "json/input.h"

#include <jansson.h>

typedef struct walk {
    ath_input *in;
    const ath__doc *doc;
} walk;

/* Whose an object is. */
typedef struct whose {
    const void *owner;
    const ath__in_field *field;
    size_t index;
} whose;

static void *read_object(const walk *w, const ath__in_at *at, const whose *of, const ath__in_schema *s,
                         const void *tree, bool partial);

static void *no_memory(const walk *w) {
    ath__fail_memory(&w->in->error);
    return NULL;
}

/* ---- structs ---- */

/* Its head, the struct, and the mask of its fields. */
static void *make_struct(const walk *w, const whose *of, const ath__in_schema *s) {
    const ath_model *model = s->table->model;
    size_t align = model->align > _Alignof(max_align_t) ? model->align : _Alignof(max_align_t);
    size_t size = (model->size + 7) / 8 * 8, lead = (sizeof(ath__in_head) + align - 1) / align * align;
    char *room = ath__arena_zero(&w->in->arena, align - 16 + lead + size + (s->count / 64 + 1) * sizeof(uint64_t));
    if (!room)
        return no_memory(w);
    char *object = room + lead;
    object += (align - (uintptr_t)object % align) % align;
    *ath__in_head_of(object) = (ath__in_head){.input = w->in,
                                              .schema = s,
                                              .owner = of->owner,
                                              .field = of->field,
                                              .index = of->index,
                                              .present = (uint64_t *)(void *)(object + size)};
    return object;
}

/* A vector: its length, the items, and a zero behind them. */
static void *make_vector(const walk *w, size_t count, size_t size) {
    size_t *room = ath__arena_zero(&w->in->arena, 2 * sizeof *room + (count + 1) * size);
    if (!room)
        return no_memory(w);
    room[1] = count;
    return room + 2;
}

/* ---- lists ---- */

static bool list_fits(const walk *w, const ath__in_at *at, const ath_input_field_opts *said, size_t count) {
    if (count < said->min_items)
        return ath__in_problem(w->in, at, "too_few", "it must have at least %u item%s", said->min_items,
                               said->min_items == 1 ? "" : "s");
    if (said->max_items && count > said->max_items)
        return ath__in_problem(w->in, at, "too_many", "it must have at most %u item%s", said->max_items,
                               said->max_items == 1 ? "" : "s");
    return true;
}

/* The items are a problem of their own, each. */
static void *read_items(const walk *w, const ath__in_at *at, const whose *list, const ath__in_schema *s,
                        const void *tree, bool partial) {
    size_t count = json_array_size(tree);
    void **vector = make_vector(w, count, sizeof *vector);
    for (size_t i = 0; vector && i < count && !ath__in_stopped(w->in); i++) {
        ath__in_at item = {.up = at, .index = i};
        const whose of = {list->owner, list->field, i};
        vector[i] = read_object(w, &item, &of, s, json_array_get(tree, i), partial);
    }
    return vector;
}

static void *read_values(const walk *w, const ath__in_at *at, const ath_table *t, const ath__in_field *f,
                         const void *tree) {
    size_t count = json_array_size(tree);
    char *vector = make_vector(w, count, f->column->size);
    for (size_t i = 0; vector && i < count && !ath__in_stopped(w->in); i++) {
        ath__in_at item = {.up = at, .index = i};
        ath__node node = ath__node_of(w->doc, json_array_get(tree, i));
        ath__in_value(w->in, &item, t, f->column, f->said, &node, vector + i * f->column->size);
    }
    return vector;
}

/* ---- one field ---- */

static bool list_node(const walk *w, const ath__in_at *at, const ath__in_field *f, const ath__node *node) {
    if (node->kind != ATH__NODE_ARRAY)
        return ath__in_problem(w->in, at, node->kind == ATH__NODE_NULL ? "null" : "type", "it must be a list");
    return list_fits(w, at, f->said, json_array_size(node->tree));
}

static void *read_related(const walk *w, const ath__in_at *at, const whose *of, const ath__node *node) {
    const ath__in_field *f = of->field;
    const ath_table *owner = ath__in_head_of(of->owner)->schema->table;
    const ath__in_schema *s = ath__in_schema_of(w->in, f->relation->target, f->relation, owner);
    if (!s)
        return NULL;
    if (f->kind == ATH__IN_MANY) {
        list_node(w, at, f, node);
        return node->kind == ATH__NODE_ARRAY ? read_items(w, at, of, s, node->tree, false) : NULL;
    }
    if (node->kind == ATH__NODE_NULL && f->said->required != ATH_REQUIRED_YES)
        return NULL;
    return read_object(w, at, of, s, node->tree, false);
}

static void read_field(const walk *w, const ath__in_at *at, const ath_table *t, const ath__in_field *f,
                       const void *tree, void *object) {
    char *field = (char *)object + f->offset;
    ath__node node = ath__node_of(w->doc, tree);
    void *pointer = NULL;
    if (f->kind == ATH__IN_COLUMN) {
        ath__in_value(w->in, at, t, f->column, f->said, &node, field);
        return;
    }
    if (f->kind != ATH__IN_LIST) {
        pointer = read_related(w, at, &(const whose){object, f, ATH__IN_ALONE}, &node);
    } else if (node.kind != ATH__NODE_NULL || f->said->required == ATH_REQUIRED_YES) {
        list_node(w, at, f, &node);
        pointer = node.kind == ATH__NODE_ARRAY ? read_values(w, at, t, f, node.tree) : NULL;
    }
    memcpy(field, &pointer, sizeof pointer);
}

/* ---- objects ---- */

static bool is_present(const ath__in_head *head, size_t i) {
    return head->present[i / 64] >> (i % 64) & 1;
}

static const ath__in_field *find_field(const walk *w, const ath__in_at *up, const ath__in_schema *s, const char *name) {
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->fields[i].name, name) == 0)
            return ath__in_admits(w->in, up, &s->fields[i]) ? &s->fields[i] : NULL;
    return NULL;
}

static void read_member(const walk *w, const ath__in_at *up, const ath__in_schema *s, const char *name,
                        const void *tree, void *object) {
    const ath__in_field *f = find_field(w, up, s, name);
    ath__in_at at = {.up = up, .name = name, .size = strlen(name), .field = f ? f->field : NULL};
    if (!f) {
        if (s->unknown != ATH_UNKNOWN_IGNORED)
            ath__in_problem(w->in, &at, "unknown_field", "there is no such field");
        return;
    }
    if (f->given) {
        ath__in_problem(w->in, &at, "read_only", "it may not be set");
        return;
    }
    size_t i = (size_t)(f - s->fields);
    ath__in_head_of(object)->present[i / 64] |= UINT64_C(1) << (i % 64);
    read_field(w, &at, s->table, f, tree, object);
}

static void apply_default(const walk *w, const ath__column *c, void *object) {
    ath_error *e = &w->in->error;
    if (!c->default_value || c->default_value->node != ATH_NODE_LITERAL)
        return;
    ath_value value = c->default_value->u.value;
    ath__value_measure(&value);
    if (ath__value_coerce(&value, &c->type, &w->in->arena, e) == ATH_OK)
        ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, &value, &w->in->arena, e);
}

/* False when the program has kept something out that the struct needs. */
static bool finish_absent(const walk *w, const ath__in_at *up, const ath__in_schema *s, void *object) {
    bool whole = true;
    for (size_t i = 0; i < s->count && !ath__in_stopped(w->in); i++) {
        const ath__in_field *f = &s->fields[i];
        if (is_present(ath__in_head_of(object), i))
            continue;
        ath__in_at at = {.up = up, .name = f->name, .size = strlen(f->name), .field = f->field};
        if (f->required && ath__in_admits(w->in, up, f))
            ath__in_problem(w->in, &at, "missing", "it is required");
        else if (f->kind == ATH__IN_COLUMN)
            apply_default(w, f->column, object);
        whole = whole && !f->required;
    }
    return whole;
}

/* The model's own check, after its parent's; it says which field by its struct's name. */
static void model_check(const walk *w, const ath_table *t, const void *object) {
    ath_error said = {0};
    const ath_table *parent = t->lineage ? t->lineage->parent : NULL;
    if (parent)
        model_check(w, parent, object);
    if (!t->validate || (parent && parent->validate == t->validate) || t->validate(object, &said) == ATH_OK)
        return;
    ath_input_refuse_of(w->in, object, said.column[0] ? said.column : NULL,
                        said.constraint[0] ? said.constraint : "check",
                        said.message[0] ? said.message : "it is not valid");
}

static void *read_object(const walk *w, const ath__in_at *at, const whose *of, const ath__in_schema *s,
                         const void *tree, bool partial) {
    size_t before = w->in->problem_count;
    const char *name;
    json_t *value;
    if (!json_is_object((const json_t *)tree)) {
        ath__in_problem(w->in, at, "type", "it must be an object");
        return NULL;
    }
    void *object = make_struct(w, of, s);
    if (!object)
        return NULL;
    if (!at)
        w->in->root = object;                    /* checks ask for it */
    json_t *members = (json_t *)(uintptr_t)tree; /* iterators of jansson want it so */
    json_object_foreach(members, name, value) {
        if (ath__in_stopped(w->in))
            break;
        read_member(w, at, s, name, value, object);
    }
    bool whole = !partial && finish_absent(w, at, s, object);
    bool sound = w->in->problem_count == before && !ath__in_stopped(w->in);
    if (sound && s->check)
        s->check(w->in, object);
    if (sound && whole)
        model_check(w, s->table, object);
    return object;
}

/* ---- all of it ---- */

void ath__in_walk(ath_input *in, const ath__doc *doc) {
    const walk w = {in, doc};
    const ath__in_schema *s = ath__in_schema_of(in, in->model, NULL, NULL);
    if (!s)
        return;
    const whose nobody = {.index = ATH__IN_ALONE};
    if (!in->list)
        read_object(&w, NULL, &nobody, s, doc->root, in->opts.partial);
    else if (json_is_array((const json_t *)doc->root))
        in->vector = read_items(&w, NULL, &nobody, s, doc->root, in->opts.partial);
    else
        ath__in_problem(in, NULL, "type", "it must be a list");
}
