/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: CREATE TABLE as sqlite_master keeps it, taken apart and put together again.  The text has been accepted by SQLite, so
 * it is read by its grammar, not judged.
 */
#include "backend/sqlite/alter.h"

#include <strings.h>

typedef enum token_kind { END, WORD, QUOTED, STRING, OTHER } token_kind;

typedef struct reader {
    ath__create *create;
    const char *at; /* behind the present token */
    const char *token;
    size_t size;
    token_kind kind;
    const char *behind; /* where the token before this one ended */
} reader;

/* ---- tokens ---- */

static void next(reader *x) {
    x->behind = x->at;
    const char *at = ath__sqlite_skip_blank(x->at);
    x->token = at;
    if (!*at) {
        x->kind = END;
    } else if (*at == '"' || *at == '`' || *at == '[' || *at == '\'') {
        x->kind = *at == '\'' ? STRING : QUOTED;
        at = ath__sqlite_skip_quoted(at);
    } else if (ath__sqlite_is_word(*at)) {
        x->kind = WORD;
        while (ath__sqlite_is_word(*at))
            at++;
    } else {
        x->kind = OTHER;
        at++;
    }
    x->size = (size_t)(at - x->token);
    x->at = at;
}

static bool is(const reader *x, const char *word) {
    return x->kind == WORD && strlen(word) == x->size && strncasecmp(x->token, word, x->size) == 0;
}

static bool is_sign(const reader *x, char c) {
    return x->kind == OTHER && *x->token == c;
}

static bool took(reader *x, const char *word) {
    if (!is(x, word))
        return false;
    next(x);
    return true;
}

/* What the token is as a name, written into `out` of at least its size. */
static void unquote(const reader *x, char *out) {
    size_t size = 0;
    if (x->kind != QUOTED && x->kind != STRING) {
        memcpy(out, x->token, x->size);
        out[x->size] = '\0';
        return;
    }
    for (size_t i = 1; i + 1 < x->size; i++) {
        out[size++] = x->token[i];
        if (*x->token != '[' && x->token[i] == *x->token)
            i++;
    }
    out[size] = '\0';
}

bool ath__same_name(const char *a, const char *b) {
    return a && b && strcasecmp(a, b) == 0;
}

/* Whether the token, its quotes taken off, is that name. */
static bool token_is(const reader *x, const char *name) {
    size_t at = 0, size = strlen(name);
    if (x->kind == WORD)
        return x->size == size && strncasecmp(x->token, name, size) == 0;
    if (x->kind != QUOTED)
        return false;
    for (size_t i = 1; i + 1 < x->size; i++, at++) {
        if (at >= size || strncasecmp(&x->token[i], &name[at], 1) != 0)
            return false;
        if (*x->token != '[' && x->token[i] == *x->token)
            i++;
    }
    return at == size;
}

bool ath__text_mentions(const char *text, const char *name) {
    reader x = {.at = text};
    for (next(&x); x.kind != END; next(&x))
        if (token_is(&x, name))
            return true;
    return false;
}

/* ---- memory: the first failure sticks in the error ---- */

static const char *keep(const ath__create *create, const char *from, const char *end) {
    const char *copy = ath__arena_strn(create->arena, from, (size_t)(end - from));
    if (!copy)
        ath__fail_memory(create->error);
    return copy ? copy : "";
}

static const char *take_name(reader *x) {
    char *name = ath__arena_bytes(x->create->arena, x->size + 1);
    if (name)
        unquote(x, name);
    else
        ath__fail_memory(x->create->error);
    next(x);
    return name ? name : "";
}

static void *larger(const ath__create *create, void *array, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return array;
    size_t wanted = *capacity ? *capacity * 2 : 8;
    void *room = ath__arena_zero(create->arena, wanted * size);
    if (!room) {
        ath__fail_memory(create->error);
        return NULL;
    }
    if (count)
        memcpy(room, array, count * size);
    *capacity = wanted;
    return room;
}

static ath__part *add_part(ath__create *create) {
    ath__part *parts = larger(create, create->parts, create->count, &create->capacity, sizeof *parts);
    if (!parts)
        return NULL;
    create->parts = parts;
    parts[create->count] = (ath__part){.before = "", .behind = "", .type = ""};
    return &parts[create->count++];
}

static ath__clause *add_clause(const ath__create *create, ath__part *part) {
    ath__clause *clauses = larger(create, part->clauses, part->clause_count, &part->clause_capacity, sizeof *clauses);
    if (!clauses)
        return NULL;
    part->clauses = clauses;
    clauses[part->clause_count] = (ath__clause){.text = ""};
    return &clauses[part->clause_count++];
}

/* ---- clauses ---- */

/* Over what stands between parentheses that open here. */
static void skip_group(reader *x) {
    int depth = 0;
    if (!is_sign(x, '('))
        return;
    do {
        depth += is_sign(x, '(') - is_sign(x, ')');
        next(x);
    } while (x->kind != END && depth > 0);
}

/* (a, b COLLATE nocase DESC): the names. */
static ath_name_list take_names(reader *x) {
    const char **names = NULL;
    size_t count = 0, capacity = 0;
    if (!is_sign(x, '('))
        return (ath_name_list){0};
    next(x);
    while (x->kind != END && !is_sign(x, ')')) {
        names = larger(x->create, names, count, &capacity, sizeof *names);
        if (!names)
            return (ath_name_list){0};
        names[count++] = take_name(x);
        while (x->kind != END && !is_sign(x, ',') && !is_sign(x, ')'))
            next(x);
        if (is_sign(x, ','))
            next(x);
    }
    next(x);
    return (ath_name_list){count, names};
}

static void skip_conflict(reader *x) {
    if (took(x, "on")) {
        next(x);
        next(x);
    }
}

static bool begins_deferrable(const reader *x) {
    reader ahead = *x;
    if (is(x, "deferrable"))
        return true;
    next(&ahead);
    return is(x, "not") && is(&ahead, "deferrable");
}

/* REFERENCES t (a) ON DELETE SET NULL MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED, from the table on. */
static void read_references(reader *x, ath__clause *clause) {
    clause->target = take_name(x);
    clause->target_columns = take_names(x);
    for (;;) {
        if (took(x, "on")) {
            next(x); /* DELETE */
            if (took(x, "set") || took(x, "no")) {
                next(x);
                continue;
            }
            next(x);
        } else if (took(x, "match")) {
            next(x);
        } else if (begins_deferrable(x)) {
            took(x, "not");
            next(x);
            if (took(x, "initially"))
                next(x);
        } else {
            return;
        }
    }
}

static void read_default(reader *x) {
    if (is_sign(x, '(')) {
        skip_group(x);
        return;
    }
    while (is_sign(x, '+') || is_sign(x, '-'))
        next(x);
    do /* 1.5, x'00' */
        next(x);
    while (x->kind != END && x->behind == x->token && (is_sign(x, '.') || x->kind == WORD || x->kind == STRING));
}

static void read_primary_key(reader *x, ath__clause *clause) {
    took(x, "key");
    clause->columns = take_names(x);
    if (is(x, "asc") || is(x, "desc"))
        next(x);
    skip_conflict(x);
    took(x, "autoincrement");
}

/* The clause whose word stands here; kind 0: it is none. */
static void read_clause(reader *x, ath__clause *clause) {
    if (took(x, "primary")) {
        clause->kind = ATH__CLAUSE_PRIMARY_KEY;
        read_primary_key(x, clause);
    } else if (is(x, "not") || is(x, "null")) {
        clause->kind = took(x, "not") ? ATH__CLAUSE_NOT_NULL : ATH__CLAUSE_NULL;
        next(x);
        skip_conflict(x);
    } else if (took(x, "unique")) {
        clause->kind = ATH__CLAUSE_UNIQUE;
        clause->columns = take_names(x);
        skip_conflict(x);
    } else if (took(x, "check")) {
        clause->kind = ATH__CLAUSE_CHECK;
        skip_group(x);
        skip_conflict(x);
    } else if (took(x, "default")) {
        clause->kind = ATH__CLAUSE_DEFAULT;
        read_default(x);
    } else if (took(x, "collate")) {
        clause->kind = ATH__CLAUSE_COLLATE;
        next(x);
    } else if (took(x, "references")) {
        clause->kind = ATH__CLAUSE_REFERENCES;
        read_references(x, clause);
    } else if (is(x, "generated") || is(x, "as")) {
        clause->kind = ATH__CLAUSE_GENERATED;
        if (took(x, "generated"))
            took(x, "always");
        took(x, "as");
        skip_group(x);
        if (is(x, "stored") || is(x, "virtual"))
            next(x);
    } else if (took(x, "foreign")) {
        clause->kind = ATH__CLAUSE_FOREIGN_KEY;
        took(x, "key");
        clause->columns = take_names(x);
        took(x, "references");
        read_references(x, clause);
    }
}

/* [CONSTRAINT name] and the clause, with its text; false when there is none here. */
static bool take_clause(reader *x, ath__part *part) {
    const char *gap = x->behind, *from = x->token;
    ath__clause clause = {.text = ""};
    if (took(x, "constraint"))
        clause.name = take_name(x);
    read_clause(x, &clause);
    if (!clause.kind && !clause.name)
        return false;
    ath__clause *kept = add_clause(x->create, part);
    if (!kept)
        return false;
    clause.gap = part->column ? keep(x->create, gap, from) : "";
    clause.text = keep(x->create, from, x->behind);
    *kept = clause;
    return true;
}

/* ---- parts ---- */

static bool begins_constraint(const reader *x) {
    static const char *const words[] = {"constraint", "primary", "unique", "check", "foreign"};
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++)
        if (is(x, words[i]))
            return true;
    return false;
}

static bool begins_clause(const reader *x) {
    static const char *const words[] = {"not", "null", "default", "collate", "references", "generated", "as"};
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++)
        if (is(x, words[i]))
            return true;
    return begins_constraint(x);
}

static bool ends_part(const reader *x) {
    return x->kind == END || is_sign(x, ',') || is_sign(x, ')');
}

static void read_column(reader *x, ath__part *part) {
    const char *from = x->token;
    part->column = take_name(x);
    part->quoted = keep(x->create, from, x->behind);
    const char *end = x->token;
    part->gap = keep(x->create, x->behind, end);
    from = end;
    while (!ends_part(x) && !begins_clause(x)) {
        if (is_sign(x, '('))
            skip_group(x);
        else
            next(x);
        end = x->behind;
    }
    part->type = keep(x->create, from, end);
    while (!ends_part(x))
        if (!take_clause(x, part))
            next(x);
}

static void read_part(reader *x) {
    const char *before = x->behind;
    ath__part *part = add_part(x->create);
    if (!part)
        return;
    part->before = keep(x->create, before, x->token);
    if (!begins_constraint(x)) {
        read_column(x, part);
    } else if (!take_clause(x, part)) {
        next(x);
    }
    part->behind = keep(x->create, x->behind, x->token);
}

ath_status ath__create_read(ath__create *create, const char *sql, ath__arena *arena, ath_error *error) {
    reader x = {.create = create, .at = sql};
    *create = (ath__create){.arena = arena, .error = error, .tail = ""};
    next(&x);
    took(&x, "create");
    if (is(&x, "virtual"))
        return ath__fail(error, ATH_NOT_SUPPORTED, "a virtual table cannot be changed");
    while (x.kind != END && !is_sign(&x, '('))
        next(&x);
    next(&x);
    while (x.kind != END && !is_sign(&x, ')') && error->status == ATH_OK) {
        read_part(&x); /* SQLite takes constraints of a table without a comma between */
        if (is_sign(&x, ','))
            next(&x);
    }
    create->tail = keep(create, x.kind == END ? x.token : x.at, x.at + strlen(x.at));
    return error->status;
}

/* ---- writing ---- */

/* What is left of a comment to the end of the line would swallow what follows. */
static void end_line(ath__buf *out, const char *text) {
    const char *last = strrchr(text, '\n');
    if (strstr(last ? last : text, "--"))
        ath__buf_char(out, '\n');
}

static void write_part(const ath__part *part, ath__buf *out) {
    if (part->whole) {
        ath__buf_str(out, part->whole);
        return;
    }
    if (part->column) {
        bool apart = part->gap && *part->gap;
        ath__buf_printf(out, "%s%s%s", part->quoted, !*part->type ? "" : apart ? part->gap : " ", part->type);
    }
    for (size_t i = 0, written = part->column ? 1 : 0; i < part->clause_count; i++) {
        const ath__clause *clause = &part->clauses[i];
        bool apart = clause->gap && *clause->gap;
        if (!clause->removed)
            ath__buf_printf(out, "%s%s", !written++ ? "" : apart ? clause->gap : " ", clause->text);
    }
}

void ath__create_write(const ath__create *create, const char *name, ath__buf *out) {
    size_t written = 0;
    ath__buf_printf(out, "CREATE TABLE %s (", name);
    for (size_t i = 0; i < create->count; i++) {
        const ath__part *part = &create->parts[i];
        if (part->removed)
            continue;
        ath__buf_str(out, written++ ? "," : "");
        ath__buf_str(out, part->before);
        write_part(part, out);
        ath__buf_str(out, part->behind);
        end_line(out, part->behind);
    }
    ath__buf_printf(out, ")%s", create->tail);
}

/* ---- questions ---- */

const char *ath__clause_body(const char *text) {
    reader x = {.at = text};
    next(&x);
    if (!took(&x, "constraint"))
        return text;
    next(&x);
    return x.token;
}

ath__part *ath__create_column(const ath__create *create, const char *name) {
    for (size_t i = 0; i < create->count; i++)
        if (!create->parts[i].removed && ath__same_name(create->parts[i].column, name))
            return &create->parts[i];
    return NULL;
}

ath__clause *ath__part_clause(const ath__part *part, ath__clause_kind kind) {
    for (size_t i = 0; i < part->clause_count; i++)
        if (part->clauses[i].kind == kind && !part->clauses[i].removed)
            return &part->clauses[i];
    return NULL;
}

const char *ath__index_on(const char *sql) {
    reader x = {.at = sql};
    for (next(&x); x.kind != END && !is(&x, "on"); next(&x))
        continue;
    return x.token;
}

bool ath__create_has_rowid(const ath__create *create) {
    return !ath__text_mentions(create->tail, "without");
}

/* INTEGER PRIMARY KEY, but for the old slip of DESC in the column, which SQLite keeps. */
const ath__part *ath__create_rowid(const ath__create *create) {
    for (size_t i = 0; i < create->count; i++) {
        const ath__part *part = &create->parts[i];
        const ath__clause *key = part->removed ? NULL : ath__part_clause(part, ATH__CLAUSE_PRIMARY_KEY);
        if (!key || !ath__create_has_rowid(create))
            continue;
        const ath__part *column = part;
        if (!part->column)
            column = key->columns.count == 1 ? ath__create_column(create, key->columns.names[0]) : NULL;
        bool slip = part->column && ath__text_mentions(key->text, "desc");
        return column && !slip && ath__same_name(column->type, "integer") ? column : NULL;
    }
    return NULL;
}

bool ath__create_autoincrement(const ath__create *create) {
    for (size_t i = 0; i < create->count; i++) {
        const ath__clause *key =
            create->parts[i].removed ? NULL : ath__part_clause(&create->parts[i], ATH__CLAUSE_PRIMARY_KEY);
        if (key && ath__text_mentions(key->text, "autoincrement"))
            return true;
    }
    return false;
}
