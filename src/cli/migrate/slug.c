/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: a new revision's id, the words of a message as part of a file's name, the name of the file.
 */
#include "cli/migrate/migrate.h"

#include <locale.h>
#include <sys/random.h>
#include <wchar.h>
#include <wctype.h>

/* 48 random bits; the day of a collision is far. */
const char *mig_new_id(mig *m) {
    unsigned char bytes[6];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        ath__fail(&m->error, ATH_OPERATIONAL,
                  "There is no randomness to be had for a new id" ATH__HINT "give --rev-id");
        return NULL;
    }
    char *id = ath__arena_printf(&m->arena, "%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3],
                                 bytes[4], bytes[5]);
    if (!id)
        ath__fail_memory(&m->error);
    return id;
}

/* ---- slugs ---- */

/* Bytes of the character at `text`, which is UTF-8 or not. */
static size_t character(const char *text, wchar_t *out) {
    mbstate_t state = {0};
    size_t size = mbrtowc(out, text, strlen(text), &state);
    if (size != (size_t)-1 && size != (size_t)-2)
        return size;
    *out = L' ';
    return 1;
}

/* Words joined by _, in small letters: the characters of the message that are of words. */
static size_t words_of(const char *message, char *out, size_t size) {
    size_t used = 0;
    bool between = false;
    while (*message) {
        wchar_t c;
        char bytes[16];
        mbstate_t state = {0};
        message += character(message, &c);
        if (!iswalnum((wint_t)c) && c != L'_') {
            between = used > 0;
            continue;
        }
        size_t n = wcrtomb(bytes, (wchar_t)towlower((wint_t)c), &state);
        if (n == (size_t)-1 || used + n + 2 > size)
            break;
        if (between)
            out[used++] = '_';
        between = false;
        memcpy(out + used, bytes, n);
        used += n;
    }
    out[used] = '\0';
    return used;
}

/* Cut behind `longest` characters, at the last _ before. */
static void cut(char *slug, size_t longest) {
    size_t at = 0, characters = 0;
    wchar_t c;
    while (slug[at] && characters < longest) {
        at += character(slug + at, &c);
        characters++;
    }
    if (!slug[at])
        return;
    slug[at] = '\0';
    char *last = strrchr(slug, '_');
    if (last)
        *last = '\0';
    at = strlen(slug);
    slug[at] = '_';
    slug[at + 1] = '\0';
}

const char *mig_slug(ath__arena *arena, const char *message, size_t longest) {
    size_t size = 2 * strlen(message) + 16; /* a small letter may take more bytes */
    char *slug = ath__arena_bytes(arena, size);
    if (!slug)
        return NULL;
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL), before = utf8 ? uselocale(utf8) : NULL;
    words_of(message, slug, size);
    cut(slug, longest);
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    return slug;
}
