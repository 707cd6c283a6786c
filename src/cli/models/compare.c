/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models --check`: what differs, in words.
 *
 * Models are matched by their tables, columns by their names in the database, other statements by what they name; so a
 * struct or a field that was given another name is told as that, and not as one gone and one come.
 */
#include "cli/models/models.h"

typedef struct comparing {
    models_text_read *wanted, *found;
    ath__buf *out;
    size_t count;
} comparing;

static bool same(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

static void say(comparing *c, const models_said *m, const char *format, ...) ATH_PRINTF(3, 4);
static void say(comparing *c, const models_said *m, const char *format, ...) {
    va_list args;
    if (m)
        ath__buf_printf(c->out, "table %s%s%s: ", m->schema ? m->schema : "", m->schema ? "." : "",
                        m->table ? m->table : m->model);
    va_start(args, format);
    ath__buf_vprintf(c->out, format, args);
    va_end(args);
    ath__buf_char(c->out, '\n');
    c->count++;
}

/* ---- statements ---- */

static bool is_field(const models_part *p) {
    return p->ctype != NULL;
}

static const char *what(const models_part *p) {
    return *p->name ? p->name : "";
}

static models_part *counterpart(models_said *m, const models_part *p) {
    for (size_t i = 0; i < m->count; i++)
        if (!m->parts[i].seen && strcmp(m->parts[i].kind, p->kind) == 0 && strcmp(m->parts[i].name, p->name) == 0)
            return &m->parts[i];
    return NULL;
}

static const models_part *field_named(const models_said *m, const char *field) {
    for (size_t i = 0; i < m->count; i++)
        if (is_field(&m->parts[i]) && same(m->parts[i].field, field))
            return &m->parts[i];
    return NULL;
}

/* The text of a statement behind its field, which may be called otherwise. */
static const char *behind_field(const models_part *p) {
    size_t size = p->field ? strlen(p->field) : 0;
    const char *open = strchr(p->text, '(');
    return size && open && strncmp(open + 1, p->field, size) == 0 ? open + 1 + size : p->text;
}

static void compare_part(comparing *c, const models_said *m, const models_part *a, const models_part *b) {
    bool renamed = a->field && b->field && !same(a->field, b->field);
    if (renamed)
        say(c, m, "%s %s is field %s in the files, where it would be %s", a->kind, what(a), b->field, a->field);
    bool alike = renamed ? same(behind_field(a), behind_field(b)) : same(a->text, b->text);
    if (!alike)
        say(c, m, "%s%s%s differs\n    database: %s\n    files:    %s", a->kind, *a->name ? " " : "", what(a), a->text,
            b->text);
}

static void compare_fields(comparing *c, const models_said *a, const models_said *b) {
    for (size_t i = 0; i < a->count; i++) {
        const models_part *p = &a->parts[i];
        if (p->ctype || (strcmp(p->kind, "column") != 0 && strcmp(p->kind, "relation") != 0))
            continue;
        const models_part *x = field_named(a, p->field), *other = NULL;
        for (size_t k = 0; k < b->count && !other; k++)
            if (!b->parts[k].ctype && same(b->parts[k].kind, p->kind) && same(b->parts[k].name, p->name))
                other = &b->parts[k];
        const models_part *y = field_named(b, other ? other->field : p->field);
        if (x && y && !same(x->ctype, y->ctype))
            say(c, a, "%s %s is %s in the struct, where it would be %s", p->kind, p->name, y->ctype, x->ctype);
        else if (x && !y && other)
            say(c, a, "%s %s: the struct has no field %s", p->kind, p->name, other->field);
    }
}

static void compare_parts(comparing *c, models_said *a, models_said *b) {
    for (size_t i = 0; i < a->count; i++) {
        models_part *p = &a->parts[i], *other = is_field(p) ? NULL : counterpart(b, p);
        if (other) {
            other->seen = true;
            compare_part(c, a, p, other);
        } else if (!is_field(p)) {
            say(c, a, "%s%s%s is not in the files\n    database: %s", p->kind, *p->name ? " " : "", what(p), p->text);
        }
    }
    for (size_t i = 0; i < b->count; i++)
        if (!is_field(&b->parts[i]) && !b->parts[i].seen)
            say(c, a, "%s%s%s is not in the database\n    files:    %s", b->parts[i].kind, *b->parts[i].name ? " " : "",
                what(&b->parts[i]), b->parts[i].text);
}

/* ---- models ---- */

static models_said *of_table(models_text_read *r, const models_said *m) {
    for (size_t i = 0; i < r->count; i++)
        if (r->models[i].table && same(r->models[i].table, m->table) && same(r->models[i].schema, m->schema))
            return &r->models[i];
    return NULL;
}

static models_said *of_name(models_text_read *r, const char *model) {
    for (size_t i = 0; i < r->count; i++)
        if (same(r->models[i].model, model))
            return &r->models[i];
    return NULL;
}

/* Only a header was given: structs are all there is to compare. */
static void compare_structs(comparing *c, const models_said *a, const models_said *b) {
    for (size_t i = 0; i < a->count; i++) {
        const models_part *x = &a->parts[i], *y = is_field(x) ? field_named(b, x->field) : NULL;
        if (is_field(x) && !y)
            say(c, a, "field %s is not in the struct", x->field);
        else if (y && !same(x->ctype, y->ctype))
            say(c, a, "field %s is %s, where it would be %s", x->field, y->ctype, x->ctype);
    }
    for (size_t i = 0; i < b->count; i++)
        if (is_field(&b->parts[i]) && !field_named(a, b->parts[i].field))
            say(c, a, "field %s of the struct is not in the database", b->parts[i].field);
}

static void compare_model(comparing *c, models_said *a) {
    bool bodies = c->found->any_body;
    models_said *b = bodies ? of_table(c->found, a) : of_name(c->found, a->model);
    if (!b) {
        say(c, a, "is not in the files (model %s)", a->model);
        return;
    }
    b->seen = true;
    if (!same(a->model, b->model))
        say(c, a, "is model %s in the files, where it would be %s", b->model, a->model);
    if (!bodies)
        compare_structs(c, a, b);
    else
        compare_parts(c, a, b);
    if (bodies && c->found->any_struct)
        compare_fields(c, a, b);
}

size_t models_compare(models_text_read *wanted, models_text_read *found, ath__buf *out) {
    comparing c = {wanted, found, out, 0};
    for (size_t i = 0; i < wanted->count; i++)
        compare_model(&c, &wanted->models[i]);
    for (size_t i = 0; i < found->count; i++)
        if (found->any_body && found->models[i].table && !found->models[i].seen)
            say(&c, &found->models[i], "is not in the database (model %s)", found->models[i].model);
    return c.count;
}
