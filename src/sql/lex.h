/* SPDX-License-Identifier: Apache-2.0
 *
 * SQL text taken apart into words: for texts that the library did not write, whose meaning it must know in part.
 */
#ifndef ATH_SQL_LEX_H
#define ATH_SQL_LEX_H

#include "sql/dialect.h"

typedef enum ath__lexeme {
    ATH__LEX_END = 0,
    ATH__LEX_WORD,   /* a key word or a bare name */
    ATH__LEX_NAME,   /* a quoted name, with its quotes */
    ATH__LEX_STRING, /* '...', E'...', $tag$...$tag$, with their quotes */
    ATH__LEX_NUMBER,
    ATH__LEX_SYMBOL, /* one character */
    ATH__LEX_COMMENT /* only when asked for */
} ath__lexeme;

/* A place in a text; the present token is `size` bytes at `token`. */
typedef struct ath__lexer {
    const char *at, *end;
    bool backslash;   /* escapes inside '...' */
    bool text_quotes; /* "..." is a string, # begins a comment (MySQL) */
    bool brackets;    /* [...] is a name (SQLite) */
    bool comments;    /* comments are tokens, too */
    bool is_open;     /* the present token is quoted and not closed */
    ath__lexeme kind;
    const char *token;
    size_t size;
    size_t line; /* of the token's first byte, from 1 */
    size_t next_line;
} ath__lexer;

/* Before the first token.  `dialect` NULL: standard SQL. */
void ath__lex_init(ath__lexer *x, const ath_dialect *dialect, const char *text, size_t size);
/* On to the next token; its kind.  What is not closed goes on to the end. */
ath__lexeme ath__lex_next(ath__lexer *x);
/* Whether the present token is that key word (given in lower case), or that symbol. */
bool ath__lex_is(const ath__lexer *x, const char *word);
/* The same, and on to the next. */
bool ath__lex_take(ath__lexer *x, const char *word);
/* All of the words, separated by blanks, or none: "if not exists". */
bool ath__lex_take_all(ath__lexer *x, const char *words);
/* The present token as a name without its quotes, in the arena; NULL when memory ran out. */
char *ath__lex_name(const ath__lexer *x, ath__arena *arena);

#endif
