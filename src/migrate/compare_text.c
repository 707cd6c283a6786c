/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether two SQL texts say the same.
 *
 * Strictly: but for blanks, letter case outside of quotes, parentheses around the whole, a cast of a literal, quotes around
 * a number, and names for the present moment.  What differs beyond that is left to the database.  Leniently, where it
 * cannot be asked: but for parentheses, quotes of names and casts anywhere, so that nothing is reported again and again
 * that only is written in another way.
 */
#include "migrate/comparing.h"

#include <ctype.h>

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* The end of the quoted piece that begins here; doubled quotes belong to it. */
static const char *past_quote(const char *at) {
    char quote = *at++;
    for (; *at; at++) {
        if (*at == '\\' && at[1] && quote == '\'')
            at++;
        else if (*at == quote && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return at;
}

static bool is_quote(char c) {
    return c == '\'' || c == '"' || c == '`';
}

/* ---- folding ---- */

/* ::character varying(20)[] */
static const char *past_cast(const char *at) {
    at += 2;
    if (*at == '"')
        at = past_quote(at);
    while (is_word(*at) || *at == '.')
        at++;
    static const char *const more[] = {" varying", " precision", " without time zone", " with time zone"};
    for (size_t i = 0; i < ATH_COUNT_OF(more); i++)
        if (strncmp(at, more[i], strlen(more[i])) == 0)
            at += strlen(more[i]);
    if (*at == '(')
        at += strcspn(at, ")") + 1;
    for (size_t i = 0; i < ATH_COUNT_OF(more); i++)
        if (strncmp(at, more[i], strlen(more[i])) == 0)
            at += strlen(more[i]);
    while (at[0] == '[' && at[1] == ']')
        at += 2;
    return at;
}

static bool keeps_blank(const ath__buf *out, char next) {
    return out->size && is_word(out->data[out->size - 1]) && is_word(next);
}

/* A quoted piece; lenient: a name loses its quotes. */
static const char *fold_quoted(ath__buf *out, const char *at, bool lenient) {
    const char *end = past_quote(at);
    if (*at == '\'' || !lenient)
        ath__buf_add(out, at, (size_t)(end - at));
    else
        for (const char *c = at + 1; c < end - 1; c++)
            ath__buf_char(out, (char)tolower((unsigned char)*c));
    return end;
}

/* _utf8mb4'x' */
static const char *past_introducer(const char *at) {
    const char *end = at;
    if (*at != '_')
        return at;
    while (is_word(*end))
        end++;
    return *end == '\'' ? end : at;
}

static void fold(ath__buf *out, const char *text, bool lenient) {
    for (const char *at = text; *at;) {
        if (is_quote(*at)) {
            at = fold_quoted(out, at, lenient);
        } else if (isspace((unsigned char)*at)) {
            while (isspace((unsigned char)*at))
                at++;
            if (keeps_blank(out, *at) || (is_quote(*at) && out->size && is_word(out->data[out->size - 1])))
                ath__buf_char(out, ' ');
        } else if (lenient && (*at == '(' || *at == ')')) {
            at++;
            if (keeps_blank(out, *at))
                ath__buf_char(out, ' ');
        } else if (lenient && at[0] == ':' && at[1] == ':') {
            at = past_cast(at);
        } else if (lenient && past_introducer(at) != at) {
            at = past_introducer(at);
        } else if (at[0] == '!' && at[1] == '=') {
            ath__buf_str(out, "<>");
            at += 2;
        } else {
            ath__buf_char(out, (char)tolower((unsigned char)*at++));
        }
    }
}

/* ---- what is the same by itself ---- */

/* Whether the parenthesis that opens the text closes at its end. */
static bool is_enclosed(const char *text, size_t size) {
    int depth = 0;
    if (size < 2 || text[0] != '(')
        return false;
    for (const char *at = text; at < text + size;) {
        if (is_quote(*at)) {
            at = past_quote(at);
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        at++;
        if (depth == 0)
            return at == text + size;
    }
    return false;
}

static void unwrap(ath__buf *text) {
    while (!text->failed && is_enclosed(ath__buf_text(text), text->size)) {
        memmove(text->data, text->data + 1, text->size - 2);
        text->size -= 2;
        text->data[text->size] = '\0';
    }
}

/* 'x'::text, with nothing behind the cast. */
static void uncast(ath__buf *text) {
    const char *at = ath__buf_text(text);
    const char *end = *at == '\'' ? past_quote(at) : at;
    if (text->failed || end == at || strncmp(end, "::", 2) != 0 || *past_cast(end))
        return;
    text->size = (size_t)(end - at);
    text->data[text->size] = '\0';
}

static void unquote_number(ath__buf *text) {
    const char *at = ath__buf_text(text);
    if (text->size < 3 || *at != '\'' || past_quote(at) != at + text->size ||
        strspn(at + 1, "0123456789.-") != text->size - 2)
        return;
    memmove(text->data, text->data + 1, text->size - 2);
    text->size -= 2;
    text->data[text->size] = '\0';
}

static void name_moment(ath__buf *text) {
    static const char *const moments[] = {"current_timestamp()", "now()", "now"};
    for (size_t i = 0; i < ATH_COUNT_OF(moments); i++)
        if (!text->failed && strcmp(ath__buf_text(text), moments[i]) == 0) {
            ath__buf_clear(text);
            ath__buf_str(text, "current_timestamp");
        }
}

static void plain(ath__buf *out, const char *text, bool lenient) {
    fold(out, text, lenient);
    unwrap(out);
    uncast(out);
    unquote_number(out);
    name_moment(out);
}

ath_status ath__alike(ath__comparing *c, const char *a, const char *b, bool lenient, bool *same) {
    *same = ath__same_text(a, b);
    if (*same || !a || !b)
        return ATH_OK;
    ath__buf x, y;
    ath__buf_init(&x, c->arena->allocator);
    ath__buf_init(&y, c->arena->allocator);
    plain(&x, a, lenient);
    plain(&y, b, lenient);
    bool failed = x.failed || y.failed;
    *same = strcmp(ath__buf_text(&x), ath__buf_text(&y)) == 0;
    ath__buf_done(&x);
    ath__buf_done(&y);
    return failed ? ath__fail_memory(c->error) : ATH_OK;
}

ath_status ath__alike_kept(ath__comparing *c, const char *wanted, const char *kept, const char *found, bool *same) {
    if (kept && ath__same_text(kept, found)) {
        *same = true;
        return ATH_OK;
    }
    return ath__alike(c, wanted, found, c->lenient && !kept, same);
}
