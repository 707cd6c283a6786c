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

/* ---- options ---- */

/* One argument of a statement. */
typedef struct argument {
    const char *at;
    size_t size, name; /* name: of ".type" in ".type = ATH_TEXT"; 0: it has none */
} argument;

enum { MOST_ARGUMENTS = 64 };

static bool same_argument(argument a, argument b) {
    return a.size == b.size && memcmp(a.at, b.at, a.size) == 0;
}

static bool same_option(argument a, argument b) {
    return a.name && a.name == b.name && memcmp(a.at, b.at, a.name) == 0;
}

/* Where the argument that begins here ends: at its comma, or at the statement's last parenthesis. */
static const char *end_of(const char *at) {
    int depth = 0;
    for (; *at; at++) {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                at += *at == '\\' && at[1];
            if (!*at)
                return at;
        }
        depth += *at == '(' || *at == '{';
        depth -= *at == ')' || *at == '}';
        if (depth < 0 || (depth == 0 && *at == ','))
            return at;
    }
    return at;
}

static size_t arguments_of(const char *text, argument *out) {
    size_t count = 0;
    const char *open = strchr(text, '('), *at = open ? open + 1 : "";
    while (*at && *at != ')' && count < MOST_ARGUMENTS) {
        const char *end = end_of(at);
        size_t name = *at == '.' ? strcspn(at, " ") : 0;
        out[count++] = (argument){at, (size_t)(end - at), name};
        at = end + (*end == ',');
        at += strspn(at, " ");
    }
    return count;
}

static const argument *option_like(const argument *list, size_t count, argument wanted) {
    for (size_t i = 0; i < count; i++)
        if (same_option(list[i], wanted))
            return &list[i];
    return NULL;
}

static bool same_macro(const char *a, const char *b) {
    size_t size = strcspn(a, "(");
    return size == strcspn(b, "(") && memcmp(a, b, size) == 0;
}

/* What is no option must be the same at the same place, but for the field, which is told on its own. */
static bool same_places(const models_part *p, const argument *a, size_t a_count, const argument *b, size_t b_count) {
    size_t i = p->field ? 1 : 0, k = i;
    for (;; i++, k++) {
        while (i < a_count && a[i].name)
            i++;
        while (k < b_count && b[k].name)
            k++;
        if (i >= a_count || k >= b_count)
            return i >= a_count && k >= b_count;
        if (!same_argument(a[i], b[k]))
            return false;
    }
}

/* Option by option, in words. */
static void compare_options(comparing *c, const models_said *m, const models_part *x, const models_part *y) {
    argument a[MOST_ARGUMENTS], b[MOST_ARGUMENTS];
    size_t a_count = arguments_of(x->text, a), b_count = arguments_of(y->text, b);
    if (!same_macro(x->text, y->text) || !same_places(x, a, a_count, b, b_count)) {
        say(c, m, "%s%s%s differs\n    database: %s\n    files:    %s", x->kind, *x->name ? " " : "", x->name, x->text,
            y->text);
        return;
    }
    for (size_t i = 0; i < a_count; i++) {
        const argument *other = a[i].name ? option_like(b, b_count, a[i]) : NULL;
        if (other && !same_argument(a[i], *other))
            say(c, m, "%s%s%s has %.*s in the files, where the database has %.*s", x->kind, *x->name ? " " : "",
                x->name, (int)other->size, other->at, (int)a[i].size, a[i].at);
        else if (a[i].name && !other)
            say(c, m, "%s%s%s lacks %.*s in the files", x->kind, *x->name ? " " : "", x->name, (int)a[i].size, a[i].at);
    }
    for (size_t i = 0; i < b_count; i++)
        if (b[i].name && !option_like(a, a_count, b[i]))
            say(c, m, "%s%s%s has %.*s in the files, not in the database", x->kind, *x->name ? " " : "", x->name,
                (int)b[i].size, b[i].at);
}

static void compare_part(comparing *c, const models_said *m, const models_part *a, const models_part *b) {
    if (a->field && b->field && !same(a->field, b->field))
        say(c, m, "%s %s is field %s in the files, where it would be %s", a->kind, a->name, b->field, a->field);
    compare_options(c, m, a, b);
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
            say(c, a, "%s%s%s is not in the files\n    database: %s", p->kind, *p->name ? " " : "", p->name, p->text);
        }
    }
    for (size_t i = 0; i < b->count; i++)
        if (!is_field(&b->parts[i]) && !b->parts[i].seen)
            say(c, a, "%s%s%s is not in the database\n    files:    %s", b->parts[i].kind, *b->parts[i].name ? " " : "",
                b->parts[i].name, b->parts[i].text);
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
