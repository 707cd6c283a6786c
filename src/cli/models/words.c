/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models`: names.  Words of tables and columns in snake_case, in the singular and the plural of English, and
 * kept away from what C gives another meaning to.
 */
#include "cli/models/models.h"

#include <stdarg.h>

const char *models_text(models_plan *plan, const char *format, ...) {
    ath__buf text;
    va_list args;
    ath__buf_init(&text, plan->arena.allocator);
    va_start(args, format);
    ath__buf_vprintf(&text, format, args);
    va_end(args);
    const char *kept = text.failed ? NULL : ath__arena_str(&plan->arena, ath__buf_text(&text));
    ath__buf_done(&text);
    if (!kept)
        models_no_memory(plan);
    return kept ? kept : "";
}

/* ---- letters ---- */

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
static char lower(char c) {
    return is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

/* The code point at *at, which moves behind it; a byte that is no UTF-8 counts for itself. */
static uint32_t code_point(const char **at) {
    const unsigned char *s = (const unsigned char *)*at;
    int more = s[0] >= 0xF0 ? 3 : s[0] >= 0xE0 ? 2 : s[0] >= 0xC0 ? 1 : 0;
    uint32_t c = more == 3 ? s[0] & 7u : more == 2 ? s[0] & 15u : more == 1 ? s[0] & 31u : s[0];
    int i = 1;
    for (; i <= more && (s[i] & 0xC0) == 0x80; i++)
        c = c << 6 | (s[i] & 63u);
    *at += i;
    return c;
}

/* Latin letters without their accents, from U+00C0 and from U+0100 on; '.' for what is no letter. */
static const char latin_1[] = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
static const char latin_a[] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllnnnnnnnnnooooooooorrrrrr"
    "sssssssstttttuuuuuuuuuuuuwwyyyzzzzzzs";

static void foreign_letter(ath__buf *out, uint32_t c) {
    char letter = c >= 0xC0 && c < 0xC0 + sizeof latin_1 - 1     ? latin_1[c - 0xC0]
                  : c >= 0x100 && c < 0x100 + sizeof latin_a - 1 ? latin_a[c - 0x100]
                                                                 : '.';
    if (letter != '.')
        ath__buf_char(out, letter);
    else if (c > 0xBF)
        ath__buf_printf(out, "u%x", c);
    else
        ath__buf_char(out, '_');
}

/* A word begins with an upper-case letter behind a lower-case one or a digit (orderId), or with the last of several
 * upper-case ones before a lower-case one (HTTPServer). */
static bool begins_word(const char *name, const char *at) {
    if (at == name || !is_upper(*at))
        return false;
    return is_lower(at[-1]) || is_digit(at[-1]) || (is_upper(at[-1]) && is_lower(at[1]) && at[1] != 's') ||
           (is_upper(at[-1]) && at[1] == 's' && at[2] && is_lower(at[2]));
}

static void add_underscore(ath__buf *out) {
    if (out->size && out->data[out->size - 1] != '_')
        ath__buf_char(out, '_');
}

const char *models_snake(models_plan *plan, const char *name) {
    ath__buf out;
    ath__buf_init(&out, plan->arena.allocator);
    for (const char *at = name; *at;) {
        if ((unsigned char)*at >= 0x80) {
            foreign_letter(&out, code_point(&at));
            continue;
        }
        if (begins_word(name, at))
            add_underscore(&out);
        if (is_upper(*at) || is_lower(*at) || is_digit(*at))
            ath__buf_char(&out, lower(*at));
        else
            add_underscore(&out);
        at++;
    }
    while (out.size && out.data[out.size - 1] == '_')
        out.data[--out.size] = '\0';
    const char *kept = models_text(plan, "%s", out.failed ? "" : ath__buf_text(&out));
    if (out.failed)
        models_no_memory(plan);
    ath__buf_done(&out);
    return kept;
}

const char *models_camel(models_plan *plan, const char *snake) {
    char *out = ath__arena_str(&plan->arena, snake);
    if (!out) {
        models_no_memory(plan);
        return "";
    }
    size_t size = 0;
    for (const char *at = snake; *at; at++) {
        bool first = at == snake || at[-1] == '_';
        if (*at != '_')
            out[size++] = first && is_lower(*at) ? (char)(*at - ('a' - 'A')) : *at;
    }
    out[size] = '\0';
    return out;
}

/* ---- singular and plural ---- */

static const char *const irregular[][2] = {
    {"person", "people"},
    {"child", "children"},
    {"man", "men"},
    {"woman", "women"},
    {"mouse", "mice"},
    {"foot", "feet"},
    {"tooth", "teeth"},
    {"goose", "geese"},
    {"index", "indices"},
    {"vertex", "vertices"},
    {"matrix", "matrices"},
    {"analysis", "analyses"},
    {"crisis", "crises"},
    {"diagnosis", "diagnoses"},
    {"thesis", "theses"},
    {"basis", "bases"},
    {"hypothesis", "hypotheses"},
    {"criterion", "criteria"},
    {"phenomenon", "phenomena"},
    {"quiz", "quizzes"},
    {"movie", "movies"},
    {"cookie", "cookies"},
    {"calorie", "calories"},
    {"selfie", "selfies"},
    {"zombie", "zombies"},
    {"tie", "ties"},
    {"cache", "caches"},
    {"niche", "niches"},
    {"status", "statuses"},
    {"bus", "buses"},
    {"virus", "viruses"},
    {"bonus", "bonuses"},
    {"campus", "campuses"},
    {"census", "censuses"},
    {"alias", "aliases"},
    {"bias", "biases"},
    {"canvas", "canvases"},
    {"atlas", "atlases"},
    {"gas", "gases"},
    {"lens", "lenses"},
    {"hero", "heroes"},
    {"potato", "potatoes"},
    {"tomato", "tomatoes"},
    {"echo", "echoes"},
    {"veto", "vetoes"},
    {"leaf", "leaves"},
    {"shelf", "shelves"},
    {"half", "halves"},
    {"wolf", "wolves"},
    {"knife", "knives"},
    {"wife", "wives"},
    {"life", "lives"},
    {"self", "selves"},
    {"thief", "thieves"},
    {"loaf", "loaves"},
    {"calf", "calves"},
};
static const char *const unchanging[] = {
    "data", "media", "news",  "series", "species", "metadata", "information", "staff", "equipment", "sms",        "dns",
    "gps",  "https", "sales", "os",     "chassis", "settings", "statistics",  "stats", "goods",     "mathematics"};

static bool is_unchanging(const char *word) {
    for (size_t i = 0; i < ATH_COUNT_OF(unchanging); i++)
        if (strcmp(unchanging[i], word) == 0)
            return true;
    return false;
}

static bool ends(const char *word, const char *end) {
    size_t size = strlen(word), tail = strlen(end);
    return size > tail && strcmp(word + size - tail, end) == 0;
}

static bool is_vowel(char c) {
    return c != '\0' && strchr("aeiou", c) != NULL;
}

static const char *last_word(const char *snake) {
    const char *underscore = strrchr(snake, '_');
    return underscore ? underscore + 1 : snake;
}

static const char *other_number(models_plan *plan, const char *snake, const char *word, int to) {
    for (size_t i = 0; i < ATH_COUNT_OF(irregular); i++)
        if (strcmp(irregular[i][1 - to], word) == 0)
            return models_text(plan, "%.*s%s", (int)(word - snake), snake, irregular[i][to]);
    return NULL;
}

const char *models_singular(models_plan *plan, const char *snake) {
    const char *word = last_word(snake), *known = other_number(plan, snake, word, 0);
    int size = (int)strlen(snake);
    if (known || is_unchanging(word) || strlen(word) < 4)
        return known ? known : snake;
    if (ends(word, "ss") || ends(word, "us") || ends(word, "is") || !ends(word, "s"))
        return snake;
    if (ends(word, "ies"))
        return models_text(plan, "%.*sy", size - 3, snake);
    if (ends(word, "sses") || ends(word, "shes") || ends(word, "ches") || ends(word, "xes") || ends(word, "zzes"))
        return models_text(plan, "%.*s", size - 2, snake);
    return models_text(plan, "%.*s", size - 1, snake);
}

const char *models_plural(models_plan *plan, const char *snake) {
    const char *one = models_singular(plan, snake), *word = last_word(one), *known = other_number(plan, one, word, 1);
    size_t size = strlen(word);
    if (known || is_unchanging(word) || !size)
        return known ? known : one;
    if (ends(word, "y") && !is_vowel(word[size - 2]))
        return models_text(plan, "%.*sies", (int)strlen(one) - 1, one);
    if (ends(word, "s") || ends(word, "x") || ends(word, "z") || ends(word, "ch") || ends(word, "sh"))
        return models_text(plan, "%ses", one);
    return models_text(plan, "%ss", one);
}

/* ---- what C keeps for itself ---- */

/* Keywords of C and C++, and words that are macros in the usual headers or under gnu11.  Sorted. */
static const char *const reserved[] = {
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "i386",
    "if",
    "imaginary",
    "inline",
    "int",
    "linux",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "noreturn",
    "not",
    "not_eq",
    "nullptr",
    "offsetof",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
};

bool models_is_reserved(const char *name) {
    size_t low = 0, high = ATH_COUNT_OF(reserved);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, reserved[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return strncmp(name, "ath_", 4) == 0; /* the library's own: ath_self, ath_m */
}

const char *models_safe(models_plan *plan, const char *snake, const char *when_empty) {
    if (!*snake)
        return when_empty;
    if (is_digit(*snake))
        return models_text(plan, "n%s", snake);
    return models_is_reserved(snake) ? models_text(plan, "%s_", snake) : snake;
}
