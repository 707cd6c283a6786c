/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a revision written in SQL, taken apart into statements: at each semicolon that is not inside of a text, a
 * quoted name, a comment, a dollar-quoted body, or the BEGIN ... END of a trigger or routine.
 *
 *     -- +up                 for every database; `-- +up postgresql, sqlite` for those alone
 *     -- +down
 *     -- +statement          up to `-- +end` is one statement, whatever stands in it
 */
#include <ctype.h>

#include "engine/driver.h"
#include "migrate/script.h"
#include "sql/lex.h"

typedef struct splitter {
    ath__lexer x;
    const char *text; /* where it begins */
    const char *path;
    ath__way way;
    const ath__backend *backend;
    ath__arena *arena;
    ath_error *error;
    bool there, wanted; /* such a part; one that is meant for this database */
    bool whole;         /* between +statement and +end */
    /* the statement under way */
    const char *begin; /* NULL: nothing but blanks and comments so far */
    const char *kept;  /* a comment before it that is meant for the linter; NULL: none */
    size_t begin_line, words;
    bool creates, body; /* it is CREATE ...; of a thing that may have BEGIN ... END */
    int depth;
    bool after_end;
    ath__sql_piece *out;
    size_t count, capacity;
} splitter;

static ath_status refuse(splitter *s, const char *what) {
    return ath__fail(s->error, ATH_ARGUMENT, "%s:%zu: %s", s->path, s->x.line, what);
}

static void fresh(splitter *s) {
    s->begin = s->kept = NULL;
    s->words = 0;
    s->creates = s->body = s->after_end = false;
    s->depth = 0;
}

/* ---- statements ---- */

static ath_status grow(splitter *s) {
    size_t capacity = s->capacity ? 2 * s->capacity : 16;
    ath__sql_piece *more = ath__arena_alloc(s->arena, capacity * sizeof *more);
    if (!more)
        return ath__fail_memory(s->error);
    if (s->count)
        memcpy(more, s->out, s->count * sizeof *more);
    s->out = more;
    s->capacity = capacity;
    return ATH_OK;
}

/* Ends before the present token. */
static ath_status finish(splitter *s) {
    const char *stop = s->x.token;
    if (!s->begin || !s->wanted) {
        fresh(s);
        return ATH_OK;
    }
    while (stop > s->begin && isspace((unsigned char)stop[-1]))
        stop--;
    if (s->whole && stop > s->begin && stop[-1] == ';' && s->depth == 0 && !s->body)
        stop--;
    if (s->count == s->capacity)
        ATH_TRY(grow(s));
    const char *sql = ath__arena_strn(s->arena, s->begin, (size_t)(stop - s->begin));
    if (!sql)
        return ath__fail_memory(s->error);
    s->out[s->count++] = (ath__sql_piece){sql, s->begin_line};
    fresh(s);
    return ATH_OK;
}

static void seen(splitter *s) {
    if (s->begin)
        return;
    s->begin = s->kept ? s->kept : s->x.token;
    s->begin_line = s->x.line;
}

/* ---- markers ---- */

static bool same_word(const char *at, size_t size, const char *word) {
    if (strlen(word) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (tolower((unsigned char)at[i]) != word[i])
            return false;
    return true;
}

static size_t word_size(const char *at, const char *end) {
    const char *from = at;
    while (at < end && (isalnum((unsigned char)*at) || *at == '_'))
        at++;
    return (size_t)(at - from);
}

/* The databases behind +up; none: all. */
static ath_status databases(splitter *s, const char *at, const char *end, bool *wanted) {
    char name[32];
    bool any = false;
    *wanted = false;
    for (size_t n; at < end; at += n ? n : 1) {
        n = word_size(at, end);
        if (!n)
            continue;
        ath__copy_text(name, sizeof name, at, n);
        const ath__backend *named = ath__backend_find(name);
        if (!ath__backend_known(name))
            return ath__fail(s->error, ATH_ARGUMENT, "%s:%zu: no database is called %s", s->path, s->x.line, name);
        any = true;
        *wanted = *wanted || (s->backend && named == s->backend);
    }
    *wanted = *wanted || !any;
    return ATH_OK;
}

static ath_status part(splitter *s, ath__way way, const char *at, const char *end) {
    ATH_TRY(finish(s));
    s->wanted = false;
    if (way != s->way)
        return ATH_OK;
    s->there = true;
    return databases(s, at, end, &s->wanted);
}

/* A line "-- +word ...".  *known: it is a marker of ours. */
static ath_status marker(splitter *s, bool *known) {
    const char *at = s->x.token + 2, *end = s->x.token + s->x.size;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    *known = at < end && *at == '+';
    if (!*known)
        return ATH_OK;
    size_t n = word_size(++at, end);
    if (s->whole && !same_word(at, n, "end"))
        return refuse(s, "-- +end is missing behind -- +statement");
    if (same_word(at, n, "up")) {
        ATH_TRY(part(s, ATH__WAY_UP, at + n, end));
    } else if (same_word(at, n, "down")) {
        ATH_TRY(part(s, ATH__WAY_DOWN, at + n, end));
    } else if (same_word(at, n, "statement") || same_word(at, n, "end")) {
        ATH_TRY(finish(s));
        s->whole = same_word(at, n, "statement");
    } else {
        return refuse(s, "+up, +down, +statement or +end is expected");
    }
    return ATH_OK;
}

static bool line_begins(const splitter *s) {
    const char *at = s->x.token;
    while (at > s->text && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == s->text || at[-1] == '\n';
}

/* ---- tokens ---- */

static void word(splitter *s) {
    const char *at = s->x.token;
    size_t n = s->x.size;
    bool after_end = s->after_end;
    s->after_end = false;
    if (s->words++ == 0)
        s->creates = same_word(at, n, "create");
    if (s->creates && s->words < 12 && !s->body && s->depth == 0)
        s->body = same_word(at, n, "trigger") || same_word(at, n, "procedure") || same_word(at, n, "function") ||
                  same_word(at, n, "event");
    if (!s->body)
        return;
    bool opens = same_word(at, n, "begin") || same_word(at, n, "case");
    if (opens && !after_end)
        s->depth++;
    if (after_end &&
        (same_word(at, n, "if") || same_word(at, n, "loop") || same_word(at, n, "while") || same_word(at, n, "repeat")))
        s->depth++; /* END IF closed what was not counted */
    if (same_word(at, n, "end")) {
        s->depth -= s->depth > 0;
        s->after_end = true;
    }
}

/* A line of its own may be a marker; one that says nolint belongs to the statement behind it. */
static ath_status comment(splitter *s) {
    const char *at = s->x.token, *lint = "nolint";
    bool known = false;
    if (*at == '/') {
        if (s->x.size > 2 && at[2] == '!') /* MySQL runs what stands in it */
            seen(s);
        return ATH_OK;
    }
    if (*at != '-' || !line_begins(s))
        return ATH_OK;
    ATH_TRY(marker(s, &known));
    if (!known && !s->kept && memmem(at, s->x.size, lint, strlen(lint)))
        s->kept = at;
    return ATH_OK;
}

static ath_status token(splitter *s) {
    if (s->x.kind == ATH__LEX_COMMENT)
        return comment(s);
    if (ath__lex_is(&s->x, ";") && !s->whole && s->depth == 0)
        return finish(s);
    seen(s);
    if (s->x.is_open)
        return refuse(s, "the quote that begins here does not end");
    if (s->x.kind == ATH__LEX_WORD || s->x.kind == ATH__LEX_NUMBER)
        word(s);
    else if (s->x.kind == ATH__LEX_SYMBOL)
        s->after_end = false;
    return ATH_OK;
}

ath_status ath__sql_pieces(ath__arena *arena, const char *path, const char *text, size_t size, ath__way way,
                           const char *dialect, ath__sql_piece **out, size_t *count, bool *there, ath_error *error) {
    size_t mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    splitter s = {.text = text + mark, .path = path, .way = way, .arena = arena, .error = error};
    s.backend = dialect ? ath__backend_find(dialect) : NULL;
    ath__lex_init(&s.x, s.backend ? s.backend->dialect : NULL, s.text, size - mark);
    s.x.comments = true;
    while (ath__lex_next(&s.x) != ATH__LEX_END)
        ATH_TRY(token(&s));
    if (s.whole)
        return refuse(&s, "-- +end is missing behind -- +statement");
    ATH_TRY(finish(&s));
    *out = s.out;
    *count = s.count;
    *there = s.there;
    return ATH_OK;
}
