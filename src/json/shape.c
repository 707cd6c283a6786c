/* SPDX-License-Identifier: Apache-2.0
 *
 * Which members an object has in JSON, and what they are called: worked out once per class and place, from the model and
 * from what .include, .exclude and .rename say.  Places are made as the writer comes to them, so that relations that go in
 * circles need none beforehand.
 */
#include "json/input.h"
#include "json/json.h"

static ath_status no_memory(const ath__json_writer *w) {
    return ath__fail_memory(w->error);
}

/* ---- names that the options say ---- */

/* What a name says behind the place's path; NULL: it speaks of another place. */
static const char *rest_of(const ath__json_place *place, const char *name) {
    const size_t size = strlen(place->path);
    return strncmp(name, place->path, size) == 0 ? name + size : NULL;
}

static bool names_column(const ath__json_place *place, ath_name_list list, const ath_table *t, const ath__column *c) {
    for (size_t i = 0; i < list.count; i++) {
        const char *rest = rest_of(place, list.names[i]);
        if (rest && ath__json_is_named(t, c, rest))
            return true;
    }
    return false;
}

/* Whether the list has the relation whole, or with `inside` something of what it leads to. */
static bool names_relation(const ath__json_place *place, ath_name_list list, const char *field, bool inside) {
    const size_t size = strlen(field);
    for (size_t i = 0; i < list.count; i++) {
        const char *rest = rest_of(place, list.names[i]);
        if (rest && strncmp(rest, field, size) == 0 && (rest[size] == '\0' || (inside && rest[size] == '.')))
            return true;
    }
    return false;
}

static bool is_member(const ath__json_writer *w, const ath__json_place *place, const ath_table *t, const ath__column *c,
                      const ath__relation *r) {
    const ath_json_opts *o = w->opts;
    if (place->plain)
        return true;
    if (r)
        return !names_relation(place, o->exclude, ath__json_relation_name(r), false) &&
               (!place->restricted || names_relation(place, o->include, ath__json_relation_name(r), true));
    return !names_column(place, o->exclude, t, c) && (!place->restricted || names_column(place, o->include, t, c));
}

static const char *renamed(const ath__json_writer *w, const ath__json_place *place, const ath_table *t,
                           const ath__column *c, const ath__relation *r) {
    const ath_rename_list *list = &w->opts->rename;
    for (size_t i = 0; !place->plain && i < list->count; i++) {
        const char *rest = rest_of(place, list->items[i].field);
        if (rest && (r ? strcmp(rest, ath__json_relation_name(r)) == 0 : ath__json_is_named(t, c, rest)))
            return list->items[i].as;
    }
    return ath__said_of(t, r ? r->offset : c ? c->offset : 0)->alias;
}

/* ---- shapes ---- */

static ath_status quote(ath__json_writer *w, ath__json_prop *p, const char *name) {
    ath__json q;
    ath__json_begin(&q, w->arena.allocator, 0);
    const size_t head = q.buf.size;
    ath__json_any_string(&q, name, strlen(name));
    ath__json_raw(&q, ":");
    if (!q.buf.failed) {
        p->quoted_size = q.buf.size - head;
        p->quoted = ath__arena_strn(&w->arena, q.buf.data + head, p->quoted_size);
    }
    ath__json_drop(&q);
    return p->quoted ? ATH_OK : no_memory(w);
}

static ath_status add_prop(ath__json_writer *w, const ath__json_place *place, ath__json_shape *shape,
                           const ath__column *c, const ath__relation *r) {
    char own[ATH__JSON_NAME];
    if (!is_member(w, place, shape->table, c, r))
        return ATH_OK;
    ath__json_prop *p = &shape->props[shape->count];
    const char *name = renamed(w, place, shape->table, c, r);
    if (!name && c)
        ath__json_column_name(shape->table, c, own);
    *p = (ath__json_prop){.column = c, .relation = r};
    ATH_TRY(quote(w, p, name ? name : r ? ath__json_relation_name(r) : own));
    for (size_t i = 0; i < shape->count; i++)
        if (shape->props[i].quoted_size == p->quoted_size &&
            memcmp(shape->props[i].quoted, p->quoted, p->quoted_size) == 0)
            return ath__fail(w->error, ATH_ARGUMENT, "two fields of %s would be called %.*s in JSON",
                             shape->table->model->name, (int)p->quoted_size - 1, p->quoted);
    shape->count++;
    return ATH_OK;
}

static ath_status fill(ath__json_writer *w, const ath__json_place *place, ath__json_shape *shape) {
    const ath_table *t = shape->table;
    for (size_t i = 0; i < t->column_count; i++)
        ATH_TRY(add_prop(w, place, shape, &t->columns[i], NULL));
    shape->columns = shape->count;
    for (size_t i = 0; i < t->relation_count && !w->opts->no_relations; i++)
        ATH_TRY(add_prop(w, place, shape, NULL, &t->relations[i]));
    return ATH_OK;
}

const ath__json_shape *ath__json_shape_of(ath__json_writer *w, ath__json_place *place, const ath_table *t) {
    ath__json_shape *shape = place->shapes;
    if (!t || (shape && shape->table == t))
        return t ? shape : NULL;
    while (shape && shape->table != t)
        shape = shape->next;
    if (shape)
        return shape;
    shape = ath__arena_zero(&w->arena, sizeof *shape);
    if (shape)
        shape->props = ath__arena_alloc(&w->arena, (t->column_count + t->relation_count + 1) * sizeof *shape->props);
    if (!shape || !shape->props) {
        no_memory(w);
        return NULL;
    }
    shape->table = t;
    if (fill(w, place, shape) != ATH_OK)
        return NULL;
    shape->next = place->shapes;
    place->shapes = shape;
    return shape;
}

/* ---- places ---- */

static bool any_below(ath_name_list list, const char *path) {
    for (size_t i = 0; i < list.count; i++)
        if (strncmp(list.names[i], path, strlen(path)) == 0)
            return true;
    return false;
}

static bool renames_below(ath_rename_list list, const char *path) {
    for (size_t i = 0; i < list.count; i++)
        if (strncmp(list.items[i].field, path, strlen(path)) == 0)
            return true;
    return false;
}

ath__json_place *ath__json_place_below(ath__json_writer *w, ath__json_place *place, const ath__json_prop *prop) {
    if (place->plain)
        return &w->all;
    if (prop->below)
        return prop->below;
    const ath_json_opts *o = w->opts;
    const char *field = ath__json_relation_name(prop->relation);
    const char *path = ath__arena_printf(&w->arena, "%s%s.", place->path, field);
    ath__json_place *below = path ? ath__arena_zero(&w->arena, sizeof *below) : NULL;
    if (!below) {
        no_memory(w);
        return NULL;
    }
    below->path = path;
    below->restricted = place->restricted && !names_relation(place, o->include, field, false);
    if (!below->restricted && !any_below(o->exclude, path) && !renames_below(o->rename, path))
        below = &w->all;
    ((ath__json_prop *)(uintptr_t)prop)->below = below;
    return below;
}

/* ---- are they there? ---- */

static bool is_known(const ath_table *t, const char *name, int depth);

static bool is_known_of(const ath_table *t, const char *name, int depth) {
    for (size_t i = 0; i < t->column_count; i++)
        if (ath__json_is_named(t, &t->columns[i], name))
            return true;
    for (size_t i = 0; i < t->relation_count; i++) {
        const ath__relation *r = &t->relations[i];
        const char *field = ath__json_relation_name(r);
        const size_t size = strlen(field);
        if (strncmp(name, field, size) != 0)
            continue;
        if (name[size] == '\0' ||
            (name[size] == '.' && is_known(ath_model_table(r->target, NULL), name + size + 1, depth + 1)))
            return true;
    }
    return false;
}

/* By a class that inherits, too: the objects may be of one. */
static bool is_known(const ath_table *t, const char *name, int depth) {
    if (!t || depth > ATH__JSON_DEPTH)
        return false;
    if (is_known_of(t, name, depth))
        return true;
    const ath__hierarchy *h = t->lineage ? ath__table_hierarchy(t, NULL) : NULL;
    for (size_t i = 0; h && i < h->count; i++)
        if (h->classes[i].table != t && ath_model_inherits(h->classes[i].table->model, t->model) &&
            is_known_of(h->classes[i].table, name, depth))
            return true;
    return false;
}

/* How many characters must change until one is the other; words beyond 40 are not looked at. */
static size_t distance(const char *a, const char *b) {
    size_t row[41], rows = strlen(a), columns = strlen(b);
    if (rows > 40 || columns > 40)
        return SIZE_MAX;
    for (size_t k = 0; k <= columns; k++)
        row[k] = k;
    for (size_t i = 1; i <= rows; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= columns; k++) {
            const size_t above = row[k], change = diagonal + (a[i - 1] != b[k - 1]);
            const size_t least = above < row[k - 1] ? above : row[k - 1];
            row[k] = change < least + 1 ? change : least + 1;
            diagonal = above;
        }
    }
    return row[columns];
}

static ath_status unknown(const ath_table *t, const char *option, const char *name, ath_error *error) {
    char own[ATH__JSON_NAME], best[ATH__JSON_NAME] = "";
    size_t least = 4;
    for (size_t i = 0; i < t->column_count + t->relation_count; i++) {
        if (i < t->column_count)
            ath__json_column_name(t, &t->columns[i], own);
        else
            ath__copy_text(own, sizeof own, ath__json_relation_name(&t->relations[i - t->column_count]),
                           strlen(ath__json_relation_name(&t->relations[i - t->column_count])));
        size_t d = distance(own, name);
        if (d < least) {
            least = d;
            memcpy(best, own, sizeof best);
        }
    }
    return ath__fail(error, ATH_ARGUMENT, "%s: %s has no field '%.80s'%s%.80s%s", option, t->model->name, name,
                     *best ? "; did you mean '" : "", best, *best ? "'?" : "");
}

ath_status ath__json_check_names(const ath_table *t, const char *option, ath_name_list list, ath_error *error) {
    for (size_t i = 0; i < list.count; i++)
        if (!list.names[i] || !is_known(t, list.names[i], 0))
            return unknown(t, option, list.names[i] ? list.names[i] : "(null)", error);
    return ATH_OK;
}

ath_status ath__json_check_renames(const ath_table *t, ath_rename_list list, ath_error *error) {
    for (size_t i = 0; i < list.count; i++) {
        const ath_rename *r = &list.items[i];
        ATH_TRY(ath__json_check_names(t, ".rename", (ath_name_list){1, &r->field}, error));
        if (!r->as)
            return ath__fail(error, ATH_ARGUMENT, ".rename: '%.80s' gets no name", r->field);
    }
    return ATH_OK;
}

/* ---- beginning and end ---- */

ath_status ath__json_writer_begin(ath__json_writer *w, ath_session *s, const ath_model *model,
                                  const ath_json_opts *opts, const ath_allocator *a, ath_error *error) {
    static const ath_json_opts none = {.struct_size = sizeof none};
    *w = (ath__json_writer){.s = s, .opts = opts ? opts : &none, .error = error};
    opts = w->opts;
    w->root = (ath__json_place){.path = "", .restricted = opts->include.count > 0};
    w->root.plain = !opts->include.count && !opts->exclude.count && !opts->rename.count;
    w->all = (ath__json_place){.path = "", .plain = true};
    ath__arena_init(&w->arena, a);
    ath__json_begin(&w->j, a, opts->indent);
    const ath_table *t = model ? ath_model_table(model, error) : NULL;
    if (!t)
        return model ? ath__failed(error) : ath__fail(error, ATH_ARGUMENT, "there is no model: NULL");
    ATH_TRY(ath__json_check_names(t, ".include", opts->include, error));
    ATH_TRY(ath__json_check_names(t, ".exclude", opts->exclude, error));
    return ath__json_check_renames(t, opts->rename, error);
}

void ath__json_writer_done(ath__json_writer *w) {
    ath__arena_done(&w->arena);
}
