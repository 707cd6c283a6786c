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

/* Behind the literal or the group (in parentheses or braces) that begins here; else behind this one character. */
static const char *behind(const char *at) {
    size_t depth = 0;
    do {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                at += *at == '\\' && at[1];
        } else {
            depth += *at == '(' || *at == '{';
            depth -= depth && (*at == ')' || *at == '}');
        }
        at += *at != '\0';
    } while (*at && depth);
    return at;
}

/* Text on its way into lines. */
typedef struct lines {
    ath__buf *out;
    size_t column;
} lines;

static void put(lines *l, const char *text, size_t size) {
    ath__buf_add(l->out, text, size);
    l->column += columns_of(text, size);
}

static void new_line(lines *l, size_t indent) {
    ath__buf_printf(l->out, "\n%*s", (int)indent, "");
    l->column = indent;
}

enum { DEEPEST = 16 };

static void put_group(lines *l, const char *text, size_t size, size_t tail, int depth);

/* The longest group of an argument, by where it opens; `end`: there is none. */
static const char *longest_group(const char *text, const char *end) {
    const char *longest = end;
    ptrdiff_t size = 0;
    for (const char *at = text; at < end;) {
        const char *next = behind(at);
        if ((*at == '(' || *at == '{') && next - at > size) {
            longest = at;
            size = next - at;
        }
        at = next;
    }
    return longest;
}

/* One argument, `tail` columns behind it: whole when it fits, else its first group is broken, and it returns true. */
static bool put_argument(lines *l, const char *text, size_t size, size_t tail, int depth) {
    const char *end = text + size, *open = longest_group(text, end);
    if (l->column + columns_of(text, size) + tail <= ATH__C_WIDTH || open >= end || depth == DEEPEST) {
        put(l, text, size);
        return false;
    }
    const char *close = behind(open) - 1;
    put(l, text, (size_t)(open + 1 - text));
    put_group(l, open + 1, (size_t)(close - open - 1), columns_of(close, (size_t)(end - close)) + tail, depth + 1);
    put(l, close, (size_t)(end - close));
    return true;
}

/* The arguments of a group: each stands behind the one before where it fits, else under the first, as does what comes
 * behind one that was broken. */
static void put_group(lines *l, const char *text, size_t size, size_t tail, int depth) {
    const char *end = text + size;
    size_t indent = l->column;
    bool broken = false;
    while (text < end) {
        const char *comma = text;
        while (comma < end && *comma != ',')
            comma = behind(comma);
        size_t all = (size_t)(comma - text), columns = columns_of(text, all) + (comma < end ? 1 : tail);
        if (broken || (l->column > indent && l->column + 1 + columns > ATH__C_WIDTH))
            new_line(l, indent);
        else if (l->column > indent)
            put(l, " ", 1);
        broken = put_argument(l, text, all, comma < end ? 1 : tail, depth);
        if (comma < end)
            put(l, ",", 1);
        text = comma + (comma < end) + (comma + 1 < end && comma[1] == ' ');
    }
}

void ath__c_wrap(ath__buf *out, size_t indent, const char *statement) {
    lines l = {out, indent};
    ath__buf_printf(out, "%*s", (int)indent, "");
    put_argument(&l, statement, strlen(statement), 0, 0);
    ath__buf_char(out, '\n');
}
