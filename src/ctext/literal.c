/* SPDX-License-Identifier: Apache-2.0
 *
 * C text: string literals, comments, and the breaking of long lines.
 */
#include "ctext/ctext.h"

/* ---- literals ---- */

static void escape(ath__buf *out, const char *at, const char *text) {
    unsigned char c = (unsigned char)*at;
    if (c == '"' || c == '\\')
        ath__buf_printf(out, "\\%c", c);
    else if (c == '\n')
        ath__buf_str(out, "\\n");
    else if (c == '\t')
        ath__buf_str(out, "\\t");
    else if (c < 0x20 || c == 0x7f)
        ath__buf_printf(out, "\\%03o", c);
    else if (c == '?' && at > text && at[-1] == '?') /* no trigraphs */
        ath__buf_str(out, "\\?");
    else
        ath__buf_char(out, (char)c);
}

void ath__c_string(ath__buf *out, const char *text) {
    if (!text) {
        ath__buf_str(out, "NULL");
        return;
    }
    bool utf8 = ath__utf8_valid(text, strlen(text));
    ath__buf_char(out, '"');
    for (const char *at = text; *at; at++)
        if (!utf8 && (unsigned char)*at >= 0x80)
            ath__buf_printf(out, "\\%03o", (unsigned char)*at);
        else
            escape(out, at, text);
    ath__buf_char(out, '"');
}

void ath__c_names(ath__buf *out, ath_name_list list) {
    ath__buf_str(out, "ath_names(");
    for (size_t i = 0; i < list.count; i++) {
        ath__c_next(out);
        ath__c_string(out, list.names[i]);
    }
    ath__buf_char(out, ')');
}

void ath__c_next(ath__buf *out) {
    char last = out->size ? out->data[out->size - 1] : '(';
    if (last != '(' && last != '{')
        ath__buf_str(out, ", ");
}

/* ---- comments ---- */

void ath__c_comment(ath__buf *out, size_t indent, const char *text) {
    size_t column = indent + 2;
    ath__buf_printf(out, "%*s/*", (int)indent, "");
    while (*text) {
        text += strspn(text, " \t\r\n");
        size_t word = strcspn(text, " \t\r\n");
        if (!word)
            break;
        if (column + 1 + word > ATH__C_WIDTH - 3 && column > indent + 3) {
            ath__buf_printf(out, "\n%*s *", (int)indent, "");
            column = indent + 2;
        }
        ath__buf_char(out, ' ');
        for (size_t i = 0; i < word; i++) {
            unsigned char c = (unsigned char)text[i];
            bool borders = i > 0 && ((text[i - 1] == '*' && c == '/') || (text[i - 1] == '/' && c == '*'));
            ath__buf_str(out, borders ? " " : ""); /* neither ends the comment nor seems to begin one */
            ath__buf_char(out, c < 0x20 || c == 0x7f ? '?' : (char)c);
        }
        column += 1 + word;
        text += word;
    }
    ath__buf_str(out, " */\n");
}

/* ---- lines ---- */

/* How many columns the text takes: UTF-8 counts by its characters. */
static size_t columns_of(const char *text, size_t size) {
    size_t columns = 0;
    for (size_t i = 0; i < size; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

enum { DEEPEST = 32 };

/* Where the text that is left may be broken, and what the next line is indented by. */
typedef struct breaking {
    const char *at;       /* behind the last comma that fits; NULL: none does */
    size_t indent;        /* of the line that begins there */
    size_t open[DEEPEST]; /* the columns behind the parentheses that are open */
    size_t depth;
} breaking;

/* Walks a line's text from column `column`; stops when it does not fit. */
static void find_break(const char *text, size_t column, breaking *b) {
    bool quoted = false;
    size_t room = column < ATH__C_WIDTH ? ATH__C_WIDTH - column : 0;
    breaking seen = *b;
    b->at = NULL;
    for (const char *at = text; *at; at++) {
        size_t here = column + columns_of(text, (size_t)(at - text)) + 1;
        if (quoted) {
            at += *at == '\\' && at[1];
            quoted = *at != '"';
            continue;
        }
        quoted = *at == '"';
        if ((*at == '(' || *at == '{') && seen.depth < DEEPEST)
            seen.open[seen.depth++] = here;
        else if ((*at == ')' || *at == '}') && seen.depth)
            seen.depth--;
        bool fits = columns_of(text, (size_t)(at - text) + 1) <= room;
        if (*at != ',' || at[1] != ' ' || (!fits && b->at))
            continue;
        size_t depth = seen.depth;
        memcpy(b->open, seen.open, sizeof b->open);
        b->depth = depth;
        b->at = at + 2;
        b->indent = depth ? seen.open[depth - 1] : 0;
        if (!fits)
            return;
    }
}

void ath__c_wrap(ath__buf *out, size_t indent, const char *statement) {
    breaking b = {.depth = 0};
    size_t column = indent;
    const char *text = statement;
    ath__buf_printf(out, "%*s", (int)indent, "");
    while (column + columns_of(text, strlen(text)) > ATH__C_WIDTH) {
        find_break(text, column, &b);
        if (!b.at)
            break;
        ath__buf_add(out, text, (size_t)(b.at - 1 - text));
        column = b.depth ? b.indent : indent + 4;
        ath__buf_printf(out, "\n%*s", (int)column, "");
        text = b.at;
    }
    ath__buf_printf(out, "%s\n", text);
}
