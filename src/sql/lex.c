/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: SQL text taken apart into words (lex.h).
 */
#include "sql/lex.h"

#include <ctype.h>

void ath__lex_init(ath__lexer *x, const ath_dialect *dialect, const char *text, size_t size) {
    bool backslash = dialect && ath__dialect_can(dialect, ATH__LITERAL_BACKSLASH);
    *x = (ath__lexer){.at = text, .end = text + size, .backslash = backslash, .next_line = 1};
    x->text_quotes = dialect && dialect->quote == '`';
    x->brackets = dialect && ath__dialect_ddl(dialect, ATH__DDL_SQLITE_OPTIONS);
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool sees(const ath__lexer *x, const char *at, const char *text) {
    size_t size = strlen(text);
    return (size_t)(x->end - at) >= size && memcmp(at, text, size) == 0;
}

/* Behind the first `text` from `at` on, or the end. */
static const char *behind(const ath__lexer *x, const char *at, const char *text, size_t size) {
    while ((size_t)(x->end - at) >= size && memcmp(at, text, size) != 0)
        at++;
    return (size_t)(x->end - at) >= size ? at + size : x->end;
}

/* Behind what is quoted, whose quotes are doubled inside; NULL: it is not closed. */
static const char *behind_quoted(const ath__lexer *x, const char *at, char close, bool backslash) {
    for (at++; at < x->end; at++) {
        if (backslash && *at == '\\' && at + 1 < x->end)
            at++;
        else if (*at == close && at + 1 < x->end && at[1] == close && close != ']')
            at++;
        else if (*at == close)
            return at + 1;
    }
    return NULL;
}

static const char *behind_comment(const ath__lexer *x, const char *at) {
    if (sees(x, at, "--") || (x->text_quotes && at < x->end && *at == '#'))
        return behind(x, at, "\n", 1);
    return sees(x, at, "/*") ? behind(x, at + 2, "*/", 2) : NULL;
}

/* $tag$ ... $tag$ */
static const char *behind_dollars(const ath__lexer *x, const char *at) {
    const char *tag = at + 1;
    while (tag < x->end && is_word(*tag) && *tag != '$')
        tag++;
    bool opens = tag < x->end && *tag == '$' && !isdigit((unsigned char)at[1]);
    size_t size = (size_t)(tag + 1 - at);
    return opens ? behind(x, tag + 1, at, size) : NULL;
}

static void take_token(ath__lexer *x, ath__lexeme kind, const char *end) {
    x->kind = kind;
    x->is_open = false;
    x->token = x->at;
    x->size = (size_t)(end - x->at);
    x->line = x->next_line;
    for (const char *c = x->at; c < end; c++)
        x->next_line += *c == '\n';
    x->at = end;
}

static void take_quoted(ath__lexer *x, ath__lexeme kind, const char *end) {
    take_token(x, kind, end ? end : x->end);
    x->is_open = !end;
}

static ath__lexeme quoted(ath__lexer *x) {
    char c = *x->at;
    bool escape = (c == 'e' || c == 'E') && x->at + 1 < x->end && x->at[1] == '\'';
    if (c == '\'' || escape)
        take_quoted(x, ATH__LEX_STRING, behind_quoted(x, x->at + escape, '\'', x->backslash || escape));
    else if (c == '"')
        take_quoted(x, x->text_quotes ? ATH__LEX_STRING : ATH__LEX_NAME, behind_quoted(x, x->at, '"', x->text_quotes));
    else if (c == '`' || (c == '[' && x->brackets))
        take_quoted(x, ATH__LEX_NAME, behind_quoted(x, x->at, c == '[' ? ']' : '`', false));
    else
        return ATH__LEX_END;
    return x->kind;
}

static void plain(ath__lexer *x) {
    const char *end = x->at, *dollars = *end == '$' ? behind_dollars(x, end) : NULL;
    bool number = isdigit((unsigned char)*end);
    while (end < x->end && (is_word(*end) || (number && *end == '.')))
        end++;
    if (dollars)
        take_token(x, ATH__LEX_STRING, dollars);
    else if (end > x->at)
        take_token(x, number ? ATH__LEX_NUMBER : ATH__LEX_WORD, end);
    else
        take_token(x, ATH__LEX_SYMBOL, end + 1);
}

static void skip_blanks(ath__lexer *x) {
    for (; x->at < x->end && (isspace((unsigned char)*x->at) || !*x->at); x->at++)
        x->next_line += *x->at == '\n';
}

ath__lexeme ath__lex_next(ath__lexer *x) {
    const char *comment;
    for (;;) {
        skip_blanks(x);
        comment = behind_comment(x, x->at);
        if (!comment)
            break;
        take_token(x, ATH__LEX_COMMENT, comment);
        if (x->comments)
            return x->kind;
    }
    if (x->at >= x->end)
        take_token(x, ATH__LEX_END, x->end);
    else if (quoted(x) == ATH__LEX_END)
        plain(x);
    return x->kind;
}

bool ath__lex_is(const ath__lexer *x, const char *word) {
    size_t size = strlen(word);
    if ((x->kind != ATH__LEX_WORD && x->kind != ATH__LEX_SYMBOL) || x->size != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (tolower((unsigned char)x->token[i]) != word[i])
            return false;
    return true;
}

bool ath__lex_take(ath__lexer *x, const char *word) {
    if (!ath__lex_is(x, word))
        return false;
    ath__lex_next(x);
    return true;
}

bool ath__lex_take_all(ath__lexer *x, const char *words) {
    ath__lexer before = *x;
    char word[32];
    while (*words) {
        size_t size = strcspn(words, " ");
        ath__copy_text(word, sizeof word, words, size);
        if (!ath__lex_take(x, word)) {
            *x = before;
            return false;
        }
        words += size + (words[size] == ' ');
    }
    return true;
}

char *ath__lex_name(const ath__lexer *x, ath__arena *arena) {
    if (x->kind != ATH__LEX_NAME)
        return ath__arena_strn(arena, x->token, x->size);
    char close = *x->token == '[' ? ']' : *x->token;
    bool closed = x->size > 1 && x->token[x->size - 1] == close;
    char *name = ath__arena_bytes(arena, x->size);
    size_t size = 0;
    for (size_t i = 1; name && i < x->size - closed; i++) {
        name[size++] = x->token[i];
        i += x->token[i] == close;
    }
    if (name)
        name[size] = '\0';
    return name;
}
