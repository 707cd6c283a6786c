/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads ATH_REVISION("id", .down = "...", ...) out of a C file without compiling it: comments, preprocessor lines, text
 * and character literals are stepped over, adjacent literals are joined.  A value that is no literal cannot be known here
 * and is refused.
 */
#include <ctype.h>

#include "migrate/script.h"

typedef struct scanner {
    const char *at, *end;
    const char *path;
    size_t line;
    ath__arena *arena;
    ath_error *error;
} scanner;

static ath_status refuse(scanner *s, const char *what) {
    return ath__fail(s->error, ATH_ARGUMENT, "%s:%zu: %s", s->path, s->line, what);
}

static void step(scanner *s, size_t n) {
    for (; n > 0 && s->at < s->end; n--)
        s->line += *s->at++ == '\n';
}

static bool starts(const scanner *s, const char *text) {
    size_t n = strlen(text);
    return (size_t)(s->end - s->at) >= n && memcmp(s->at, text, n) == 0;
}

static void skip_line(scanner *s) {
    while (s->at < s->end && *s->at != '\n')
        step(s, *s->at == '\\' ? 2 : 1); /* a backslash at its end goes on in the next */
}

static void skip_block(scanner *s) {
    step(s, 2);
    while (s->at < s->end && !starts(s, "*/"))
        step(s, 1);
    step(s, 2);
}

/* A literal up to its closing quote, as it is. */
static void skip_quoted(scanner *s) {
    char quote = *s->at;
    step(s, 1);
    while (s->at < s->end && *s->at != quote && *s->at != '\n')
        step(s, *s->at == '\\' ? 2 : 1);
    if (s->at < s->end && *s->at == quote)
        step(s, 1);
}

static void skip_blank(scanner *s) {
    while (s->at < s->end)
        if (isspace((unsigned char)*s->at))
            step(s, 1);
        else if (starts(s, "//"))
            skip_line(s);
        else if (starts(s, "/*"))
            skip_block(s);
        else
            return;
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static size_t word_size(const scanner *s) {
    size_t n = 0;
    while (s->at + n < s->end && is_word(s->at[n]))
        n++;
    return n;
}

/* Stands behind "ATH_REVISION(" afterwards, or at the end. */
static bool find(scanner *s) {
    while (s->at < s->end) {
        skip_blank(s);
        if (s->at >= s->end)
            return false;
        if (*s->at == '#') {
            skip_line(s);
        } else if (*s->at == '"' || *s->at == '\'') {
            skip_quoted(s);
        } else if (is_word(*s->at)) {
            size_t n = word_size(s);
            bool here = n == 12 && memcmp(s->at, "ATH_REVISION", n) == 0;
            step(s, n);
            skip_blank(s);
            if (here && s->at < s->end && *s->at == '(') {
                step(s, 1);
                return true;
            }
        } else {
            step(s, 1);
        }
    }
    return false;
}

/* ---- literals ---- */

static int digit(char c) {
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : 99;
}

/* Up to `most` digits of that base. */
static uint32_t number(scanner *s, int base, int most) {
    uint32_t n = 0;
    for (int i = 0; i < most && s->at < s->end && digit(*s->at) < base; i++, step(s, 1))
        n = n * (uint32_t)base + (uint32_t)digit(*s->at);
    return n;
}

static void add_rune(ath__buf *out, uint32_t c) {
    if (c < 0x80) {
        ath__buf_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        ath__buf_char(out, (char)(0xC0 | c >> 6));
    } else {
        if (c < 0x10000) {
            ath__buf_char(out, (char)(0xE0 | c >> 12));
        } else {
            ath__buf_char(out, (char)(0xF0 | (c >> 18 & 7)));
            ath__buf_char(out, (char)(0x80 | (c >> 12 & 63)));
        }
        ath__buf_char(out, (char)(0x80 | (c >> 6 & 63)));
    }
    ath__buf_char(out, (char)(0x80 | (c & 63)));
}

static void add_escape(scanner *s, ath__buf *out) {
    static const char letters[] = "abfnrtv", means[] = "\a\b\f\n\r\t\v";
    char c = *s->at;
    const char *known = c ? strchr(letters, c) : NULL;
    if (digit(c) < 8) {
        ath__buf_char(out, (char)number(s, 8, 3));
        return;
    }
    step(s, 1);
    if (known)
        ath__buf_char(out, means[known - letters]);
    else if (c == 'x')
        ath__buf_char(out, (char)number(s, 16, 8));
    else if (c == 'u' || c == 'U')
        add_rune(out, number(s, 16, c == 'u' ? 4 : 8));
    else if (c != '\n')
        ath__buf_char(out, c);
}

static ath_status one_literal(scanner *s, ath__buf *out) {
    step(s, 1);
    while (s->at < s->end && *s->at != '"') {
        if (*s->at == '\n')
            return refuse(s, "the text does not end");
        char c = *s->at;
        if (c != '\\') {
            ath__buf_char(out, c);
            step(s, 1);
        } else {
            step(s, 1);
            if (s->at < s->end)
                add_escape(s, out);
        }
    }
    if (s->at >= s->end)
        return refuse(s, "the text does not end");
    step(s, 1);
    return ATH_OK;
}

/* "a" "b", u8"c", or NULL. */
static ath_status text_value(scanner *s, const char **out) {
    ath__buf text;
    ath_status status = ATH_OK;
    skip_blank(s);
    if (starts(s, "NULL")) {
        step(s, 4);
        *out = NULL;
        return ATH_OK;
    }
    if (starts(s, "u8\""))
        step(s, 2);
    if (s->at >= s->end || *s->at != '"')
        return refuse(s, "what a revision says of itself must be a text between double quotes: it is read without "
                         "compiling the file");
    ath__buf_init(&text, s->arena->allocator);
    while (status == ATH_OK && s->at < s->end && *s->at == '"') {
        status = one_literal(s, &text);
        skip_blank(s);
    }
    if (status == ATH_OK && text.failed)
        status = ath__fail_memory(s->error);
    if (status == ATH_OK && !(*out = ath__arena_strn(s->arena, ath__buf_text(&text), text.size)))
        status = ath__fail_memory(s->error);
    ath__buf_done(&text);
    return status;
}

static ath_status flag_value(scanner *s, bool *out) {
    skip_blank(s);
    size_t n = word_size(s);
    bool yes = (n == 4 && starts(s, "true")) || (n == 1 && starts(s, "1"));
    if (!yes && !(n == 5 && starts(s, "false")) && !(n == 1 && starts(s, "0")))
        return refuse(s, "true or false is expected");
    *out = yes;
    step(s, n);
    return ATH_OK;
}

/* ---- members ---- */

static const char **member(ath_revision *r, const char *name, size_t size) {
    const struct {
        const char *name;
        const char **value;
    } members[] = {{"id", &r->id},
                   {"down", &r->down},
                   {"message", &r->message},
                   {"depends_on", &r->depends_on},
                   {"branch_labels", &r->branch_labels},
                   {"create_date", &r->create_date},
                   {"doc", &r->doc},
                   {"replaces", &r->replaces},
                   {"irreversible", &r->irreversible}};
    for (size_t i = 0; i < ATH_COUNT_OF(members); i++)
        if (strlen(members[i].name) == size && memcmp(members[i].name, name, size) == 0)
            return members[i].value;
    return NULL;
}

static ath_status one_member(scanner *s, ath_revision *out) {
    step(s, 1); /* the point */
    skip_blank(s);
    const char *name = s->at;
    size_t size = word_size(s);
    step(s, size);
    skip_blank(s);
    if (s->at >= s->end || *s->at != '=')
        return refuse(s, "= is expected in ATH_REVISION");
    step(s, 1);
    const char **value = member(out, name, size);
    if (value)
        return text_value(s, value);
    if (size == 14 && memcmp(name, "no_transaction", size) == 0)
        return flag_value(s, &out->no_transaction);
    return ath__fail(s->error, ATH_ARGUMENT, "%s:%zu: ATH_REVISION has no .%.*s", s->path, s->line, (int)size, name);
}

static ath_status members(scanner *s, ath_revision *out) {
    ATH_TRY(text_value(s, &out->id));
    for (;;) {
        skip_blank(s);
        if (s->at < s->end && *s->at == ')')
            return ATH_OK;
        if (s->at >= s->end || *s->at != ',')
            return refuse(s, "a comma or ) is expected in ATH_REVISION");
        step(s, 1);
        skip_blank(s);
        if (s->at < s->end && *s->at == ')')
            return ATH_OK;
        if (s->at >= s->end || *s->at != '.')
            return refuse(s, ".name = value is expected in ATH_REVISION");
        ATH_TRY(one_member(s, out));
    }
}

ath_status ath__scan_c(ath__arena *arena, const char *path, const char *text, size_t size, ath_revision *out,
                       bool *found, ath_error *error) {
    scanner s = {text, text + size, path, 1, arena, error};
    *out = (ath_revision){.struct_size = sizeof *out, .file = path};
    *found = find(&s);
    if (!*found)
        return ATH_OK;
    ATH_TRY(members(&s, out));
    return out->id && out->id[0] ? ATH_OK : refuse(&s, "the revision has no id");
}

bool ath__scan_place(const char *text, size_t size, const char **begin, const char **end) {
    scanner s = {.at = text, .end = text + size, .line = 1};
    int depth = 1;
    if (!find(&s))
        return false;
    for (*begin = s.at;
         **begin != 'A';) /* back over the parenthesis and blanks to the word, whose first letter it is */
        --*begin;
    while (s.at < s.end && depth) {
        skip_blank(&s);
        char c = s.at < s.end ? *s.at : '\0';
        depth += (c == '(') - (c == ')');
        if (c == '"' || c == '\'')
            skip_quoted(&s);
        else
            step(&s, 1);
    }
    skip_blank(&s);
    step(&s, s.at < s.end && *s.at == ';');
    *end = s.at;
    return true;
}
