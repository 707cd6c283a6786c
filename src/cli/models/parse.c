/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models --check`: models as C text tells them.
 *
 * The text is read as tokens, so that layout and comments do not matter.  Of it, structs are kept with their fields, and
 * bodies of ATH_MODEL and ATH_PROJECTION with their statements; whatever else a file holds is passed over.
 */
#include "cli/models/models.h"

/* ---- tokens ---- */

typedef struct token {
    const char *at;
    size_t size;
} token;

static bool is_word_char(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Behind spaces, comments and lines of the preprocessor. */
static const char *skip(const char *at) {
    for (;;) {
        at += strspn(at, " \t\r\n\\");
        if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            at = end ? end + 2 : at + strlen(at);
        } else if (at[0] == '/' && at[1] == '/') {
            at += strcspn(at, "\n");
        } else if (at[0] == '#') {
            while (*at && *at != '\n')
                at += at[0] == '\\' && at[1] ? 2 : 1;
        } else {
            return at;
        }
    }
}

static size_t quoted_size(const char *at) {
    size_t size = 1;
    while (at[size] && at[size] != at[0])
        size += at[size] == '\\' && at[size + 1] ? 2 : 1;
    return size + (at[size] != '\0');
}

/* The next token; one of size 0 at the end. */
static token next(const char **at) {
    token t = {skip(*at), 0};
    if (*t.at == '"' || *t.at == '\'')
        t.size = quoted_size(t.at);
    else if (is_word_char(*t.at))
        while (is_word_char(t.at[t.size]))
            t.size++;
    else
        t.size = *t.at != '\0';
    *at = t.at + t.size;
    return t;
}

static bool is(token t, const char *text) {
    return strlen(text) == t.size && memcmp(t.at, text, t.size) == 0;
}

static bool is_name(token t) {
    return t.size && is_word_char(*t.at) && !(*t.at >= '0' && *t.at <= '9');
}

static token peek(const char *at) {
    return next(&at);
}

/* ---- what is kept ---- */

static const char *keep(models_text_read *r, const char *text, size_t size) {
    const char *kept = ath__arena_strn(r->arena, text, size);
    r->failed = r->failed || !kept;
    return kept ? kept : "";
}

static void *grow(models_text_read *r, void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *larger = ath__arena_zero(r->arena, wanted * size);
    if (!larger) {
        r->failed = true;
        return NULL;
    }
    if (count)
        memcpy(larger, items, count * size);
    *capacity = wanted;
    return larger;
}

static models_said *model_named(models_text_read *r, const char *name) {
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->models[i].model, name) == 0)
            return &r->models[i];
    models_said *larger = grow(r, r->models, r->count, &r->capacity, sizeof *larger);
    if (!larger)
        return NULL;
    r->models = larger;
    r->models[r->count] = (models_said){.model = name};
    return &r->models[r->count++];
}

static models_part *add_part(models_text_read *r, models_said *m, const char *kind) {
    models_part *larger = grow(r, m->parts, m->count, &m->capacity, sizeof *larger);
    if (!larger)
        return NULL;
    m->parts = larger;
    m->parts[m->count] = (models_part){.kind = kind};
    return &m->parts[m->count++];
}

/* A string literal, and those that stand beside it, without quotes; escapes stay as they are written. */
static const char *literal(models_text_read *r, const char **at) {
    ath__buf text;
    ath__buf_init(&text, r->arena->allocator);
    while (*peek(*at).at == '"') {
        token t = next(at);
        ath__buf_add(&text, t.at + 1, t.size > 1 ? t.size - 2 : 0);
    }
    const char *kept = keep(r, ath__buf_text(&text), text.size);
    r->failed = r->failed || text.failed;
    ath__buf_done(&text);
    return kept;
}

/* ---- structs ---- */

/* "const char *name;": all but the last word is the type. */
static void take_field(models_text_read *r, models_said *m, const char **at) {
    ath__buf type;
    token last = {"", 0}, t;
    ath__buf_init(&type, r->arena->allocator);
    while ((t = next(at)).size && !is(t, ";") && !is(t, "}")) {
        if (is(t, "[")) /* char name[50] */
            break;
        if (last.size) {
            ath__buf_str(&type, type.size && type.data[type.size - 1] != '*' ? " " : "");
            ath__buf_add(&type, last.at, last.size);
        }
        last = t;
    }
    if (is(t, "[")) {
        const char *from = t.at;
        while ((t = next(at)).size && !is(t, ";"))
            ;
        ath__buf_add(&type, from, (size_t)(t.at - from));
    }
    models_part *part = is_name(last) && type.size ? add_part(r, m, "field") : NULL;
    if (part) {
        part->field = part->name = keep(r, last.at, last.size);
        part->ctype = part->text = keep(r, ath__buf_text(&type), type.size);
    }
    r->failed = r->failed || type.failed;
    ath__buf_done(&type);
}

static void take_struct(models_text_read *r, const char **at) {
    token name = peek(*at);
    if (!is_name(name))
        return;
    next(at);
    if (!is(peek(*at), "{"))
        return;
    next(at);
    models_said *m = model_named(r, keep(r, name.at, name.size));
    r->any_struct = true;
    while (m && peek(*at).size && !is(peek(*at), "}"))
        take_field(r, m, at);
}

/* ---- bodies ---- */

static const struct {
    const char *macro, *kind;
    bool by_field; /* told apart by the field; else by the first text */
} statements[] = {
    {"ath_column", "column", true},
    {"ath_mixin", "mixin", true},
    {"ath_has_many", "relation", true},
    {"ath_has_one", "relation", true},
    {"ath_belongs_to", "relation", true},
    {"ath_index", "index", false},
    {"ath_unique_index", "index", false},
    {"ath_index_on", "index", false},
    {"ath_unique_constraint", "unique constraint", false},
    {"ath_unique_on", "unique constraint", false},
    {"ath_check_constraint", "check", false},
    {"ath_check_on", "check", false},
    {"ath_foreign_key", "foreign key", false},
    {"ath_primary_key_on", "primary key", false},
    {"ath_table_options", "table options", false},
    {"ath_table_comment", "table options", false},
    {"ath_exclude", "exclusion", false},
};

/* Adds a token as the house would write it: a space behind commas and between words, around "=". */
static void add_token(ath__buf *out, token t) {
    char last = out->size ? out->data[out->size - 1] : '(';
    bool words = is_word_char(last) && is_word_char(*t.at);
    bool spaced = last == ',' || last == '=' || *t.at == '=' || words;
    ath__buf_str(out, spaced ? " " : "");
    ath__buf_add(out, t.at, t.size);
}

/* The value of ".name = " in a statement, cut out of it; NULL: there is none. */
static const char *cut_name(models_text_read *r, char *text) {
    char *at = strstr(text, ", .name = \"");
    if (!at)
        return NULL;
    size_t lead = strlen(", .name = "), size = quoted_size(at + lead);
    const char *name = keep(r, at + lead + 1, size - 2);
    memmove(at, at + lead + size, strlen(at + lead + size) + 1);
    return name;
}

/* The first text of a statement; of one without, the columns it names: "". */
static const char *first_text(models_text_read *r, const char *text) {
    const char *named = strstr(text, ".name = \""), *quote = named ? strchr(named, '"') : strchr(text, '"');
    if (strstr(text, "(NULL"))
        return keep(r, text, strlen(text));
    return quote ? keep(r, quote + 1, quoted_size(quote) - 2) : "";
}

static void keep_statement(models_text_read *r, models_said *m, size_t which, char *text, token field) {
    bool by_field = statements[which].by_field;
    models_part *part = add_part(r, m, statements[which].kind);
    if (!part)
        return;
    if (by_field)
        part->field = keep(r, field.at, field.size);
    const char *named = strcmp(part->kind, "column") == 0 ? cut_name(r, text) : NULL;
    part->text = text;
    part->name = named ? named : by_field ? part->field : first_text(r, text);
    if (strcmp(part->kind, "table options") == 0 || strcmp(part->kind, "primary key") == 0)
        part->name = "";
    const char *schema = strstr(text, ".schema = \"");
    if (strcmp(part->kind, "table options") == 0 && schema) {
        schema += strlen(".schema = ");
        m->schema = keep(r, schema + 1, quoted_size(schema) - 2);
    }
}

/* One statement, to its semicolon. */
static void take_statement(models_text_read *r, models_said *m, const char **at) {
    ath__buf text;
    token first = next(at), t = first, field = {"", 0};
    size_t which = 0, words = 0;
    ath__buf_init(&text, r->arena->allocator);
    while (which < ATH_COUNT_OF(statements) && !is(first, statements[which].macro))
        which++;
    for (int depth = 0; t.size; t = next(at)) {
        depth += is(t, "{") - is(t, "}");
        if (depth < 0) { /* the body's end, in the middle of something */
            *at = t.at;
            break;
        }
        if (is(t, ";") && depth == 0)
            break;
        if (words++ == 2)
            field = t;
        add_token(&text, t);
        while (*t.at == '"' && *peek(*at).at == '"') { /* "a" "b" is "ab" */
            t = next(at);
            text.size -= text.size && !text.failed;
            ath__buf_add(&text, t.at + 1, t.size - 1);
        }
    }
    char *kept = ath__arena_strn(r->arena, ath__buf_text(&text), text.size);
    r->failed = r->failed || text.failed || !kept;
    ath__buf_done(&text);
    if (which < ATH_COUNT_OF(statements) && kept)
        keep_statement(r, m, which, kept, field);
}

/* ATH_MODEL(User, "users") { ... } */
static void take_model(models_text_read *r, const char **at, bool projection) {
    if (!is(next(at), "("))
        return;
    token name = next(at);
    models_said *m = is_name(name) ? model_named(r, keep(r, name.at, name.size)) : NULL;
    if (!m || (!projection && !is(next(at), ",")))
        return;
    m->table = projection ? m->model : literal(r, at);
    if (!is(next(at), ")") || !is(next(at), "{"))
        return;
    r->any_body = true;
    while (peek(*at).size && !is(peek(*at), "}"))
        take_statement(r, m, at);
}

void models_parse(models_text_read *r, const char *text) {
    for (token t; (t = next(&text)).size && !r->failed;) {
        if (is(t, "struct"))
            take_struct(r, &text);
        else if (is(t, "ATH_MODEL") || is(t, "ATH_PROJECTION"))
            take_model(r, &text, is(t, "ATH_PROJECTION"));
    }
}
