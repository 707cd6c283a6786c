/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: database URLs, in SQLAlchemy's grammar.
 *
 * A parsed URL is one block: the struct, its query table and all texts in one arena.  No message ever holds a password:
 * errors quote the text with what lies between the first ':' behind "://" and the '@' masked, and without its query;
 * where no "://" follows the dialect, from the first ':' of all.
 */
#include "engine/engine.h"

typedef struct parsed {
    ath_url url;
    ath__arena arena;
} parsed;

typedef struct reader {
    parsed *out;
    ath_error *error;
    const char *text; /* the whole, for messages */
} reader;

/* ---- messages ---- */

static void masked(const char *text, char *out, size_t size) {
    const char *first = text + strcspn(text, ":"); /* another one than that of :// is the user's */
    const char *from = strncmp(first, "://", 3) == 0 ? first + 3 : text, *at = strrchr(from, '@');
    const char *colon = at ? memchr(from, ':', (size_t)(at - from)) : NULL;
    if (colon)
        snprintf(out, size, "%.*s:***%.*s", (int)(colon - text), text, (int)strcspn(at, "?"), at);
    else
        snprintf(out, size, "%.*s", (int)strcspn(text, "?"), text);
}

static ath_status malformed(const reader *r, const char *why) {
    char shown[200];
    masked(r->text, shown, sizeof shown);
    return ath__fail(r->error, ATH_ARGUMENT, "could not parse the database URL '%s': %s", shown, why);
}

/* ---- pieces ---- */

static int hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A percent-decoded copy; `plus` turns + into a space, as in queries. */
static ath_status decode(reader *r, const char *text, size_t size, bool plus, const char **out) {
    char *copy = ath__arena_bytes(&r->out->arena, size + 1), *to = copy;
    if (!copy)
        return ath__fail_memory(r->error);
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '%') {
            *to++ = plus && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        int high = i + 2 < size ? hex(text[i + 1]) : -1;
        int low = high >= 0 ? hex(text[i + 2]) : -1;
        if (low < 0)
            return malformed(r, "a % must be followed by two hexadecimal digits");
        if (high == 0 && low == 0)
            return malformed(r, "%00 cannot be part of it");
        *to++ = (char)(high * 16 + low);
        i += 2;
    }
    *to = '\0';
    *out = copy;
    return ATH_OK;
}

static ath_status read_port(reader *r, const char *text, size_t size) {
    int port = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || port > 65535) {
            char why[80];
            snprintf(why, sizeof why, "'%.*s' is no port number", size > 20 ? 20 : (int)size, text);
            return malformed(r, why);
        }
        port = port * 10 + (text[i] - '0');
    }
    if (port > 65535)
        return malformed(r, "a port is at most 65535");
    r->out->url.port = port;
    return ATH_OK;
}

static ath_status read_host(reader *r, const char *text, size_t size) {
    const char *end = text + size, *colon;
    if (size && *text == '[') {
        const char *close = memchr(text, ']', size);
        if (!close)
            return malformed(r, "an IPv6 address needs a closing ]");
        if (close == text + 1)
            return malformed(r, "there is no address between [ and ]");
        ATH_TRY(decode(r, text + 1, (size_t)(close - text - 1), false, &r->out->url.host));
        colon = close + 1;
        if (colon < end && *colon != ':')
            return malformed(r, "only a port may follow an IPv6 address");
    } else {
        colon = memchr(text, ':', size);
        size_t host_size = colon ? (size_t)(colon - text) : size;
        if (host_size)
            ATH_TRY(decode(r, text, host_size, false, &r->out->url.host));
    }
    if (colon && colon < end)
        return read_port(r, colon + 1, (size_t)(end - colon - 1));
    return ATH_OK;
}

static ath_status read_user(reader *r, const char *text, size_t size) {
    const char *colon = memchr(text, ':', size);
    ATH_TRY(decode(r, text, colon ? (size_t)(colon - text) : size, false, &r->out->url.user));
    if (!colon)
        return ATH_OK;
    return decode(r, colon + 1, (size_t)(text + size - colon - 1), false, &r->out->url.password);
}

static ath_status read_query(reader *r, const char *text) {
    size_t count = 1, n = 0;
    for (const char *c = text; *c; c++)
        count += *c == '&';
    ath_url_query *query = ath__arena_zero(&r->out->arena, count * sizeof *query);
    if (!query)
        return ath__fail_memory(r->error);
    while (*text) {
        size_t size = strcspn(text, "&");
        const char *equals = memchr(text, '=', size);
        size_t key_size = equals ? (size_t)(equals - text) : size;
        if (key_size) {
            ATH_TRY(decode(r, text, key_size, true, &query[n].key));
            query[n].value = "";
            if (equals)
                ATH_TRY(decode(r, equals + 1, size - key_size - 1, true, &query[n].value));
            n++;
        }
        text += size + (text[size] == '&');
    }
    r->out->url.query = query;
    r->out->url.query_count = n;
    return ATH_OK;
}

/* ---- the whole ---- */

static bool name_char(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static ath_status read_scheme(reader *r, const char **rest) {
    const char *at = r->text;
    while (name_char(*at))
        at++;
    if (at == r->text)
        return malformed(r, "it begins with the name of a dialect, as sqlite:///file.db does");
    ATH_TRY(decode(r, r->text, (size_t)(at - r->text), false, &r->out->url.dialect));
    if (*at == '+') {
        const char *driver = ++at;
        while (name_char(*at))
            at++;
        ATH_TRY(decode(r, driver, (size_t)(at - driver), false, &r->out->url.driver));
    }
    if (strncmp(at, "://", 3) != 0)
        return malformed(r, "the dialect is followed by ://");
    *rest = at + 3;
    return ATH_OK;
}

/* A password may hold / and ?, as SQLAlchemy allows; then an @ comes behind them and what follows the : is no port. */
static size_t authority_size(const char *rest) {
    size_t size = strcspn(rest, "/?");
    const char *colon = memchr(rest, ':', size), *at = strchr(rest + size, '@');
    if (!colon || !at || *rest == '[' || memchr(rest, '@', size))
        return size;
    if (colon + 1 + strspn(colon + 1, "0123456789") == rest + size)
        return size;
    return (size_t)(at - rest) + strcspn(at, "/?");
}

static ath_status read_url(reader *r) {
    const char *rest = r->text;
    ATH_TRY(read_scheme(r, &rest));
    size_t authority = authority_size(rest);
    size_t end = authority + strcspn(rest + authority, "?");
    const char *at = NULL;
    for (size_t i = 0; i < authority; i++)
        if (rest[i] == '@')
            at = rest + i;
    const char *host = at ? at + 1 : rest;
    if (at)
        ATH_TRY(read_user(r, rest, (size_t)(at - rest)));
    ATH_TRY(read_host(r, host, (size_t)(rest + authority - host)));
    if (authority < end && authority + 1 < end)
        ATH_TRY(decode(r, rest + authority + 1, end - authority - 1, false, &r->out->url.database));
    return rest[end] == '?' ? read_query(r, rest + end + 1) : ATH_OK;
}

ath_url *ath_url_parse(const char *text, ath_error *error) {
    ath_error local;
    reader r = {NULL, error ? error : &local, text};
    ath_error_clear(r.error);
    if (!text) {
        ath__fail(r.error, ATH_ARGUMENT, "there is no database URL: NULL");
        return NULL;
    }
    r.out = ath__alloc_zero(&ath__malloc_allocator, 1, sizeof *r.out);
    if (!r.out) {
        ath__fail_memory(r.error);
        return NULL;
    }
    ath__arena_init(&r.out->arena, &ath__malloc_allocator);
    if (read_url(&r) == ATH_OK)
        return &r.out->url;
    ath_url_free(&r.out->url);
    return NULL;
}

void ath_url_free(ath_url *url) {
    if (!url)
        return;
    parsed *p = (parsed *)(void *)url; /* its first member */
    ath__arena_done(&p->arena);
    ath__free(&ath__malloc_allocator, p, sizeof *p);
}

const char *ath_url_get(const ath_url *url, const char *key) {
    for (size_t i = 0; url && i < url->query_count; i++)
        if (strcmp(url->query[i].key, key) == 0)
            return url->query[i].value;
    return NULL;
}

/* ---- printing ---- */

static void encoded(ath__buf *out, const char *text, const char *keep) {
    for (; *text; text++)
        if (name_char(*text) || strchr(keep, *text))
            ath__buf_char(out, *text);
        else
            ath__buf_printf(out, "%%%02X", (unsigned char)*text);
}

static void print_authority(const ath_url *url, ath__buf *out) {
    if (url->user) {
        encoded(out, url->user, "-.~");
        if (url->password)
            ath__buf_str(out, ":***");
        ath__buf_char(out, '@');
    }
    bool brackets = url->host && strchr(url->host, ':');
    if (brackets)
        ath__buf_char(out, '[');
    if (url->host)
        encoded(out, url->host, brackets ? "-.~:" : "-.~");
    if (brackets)
        ath__buf_char(out, ']');
    if (url->port)
        ath__buf_printf(out, ":%d", url->port);
}

/* password, sslpassword, passwd, auth_token ... */
static bool is_secret(const char *key) {
    static const char *const parts[] = {"passw", "secret", "token"};
    for (size_t i = 0; i < ATH_COUNT_OF(parts); i++)
        if (strstr(key, parts[i]))
            return true;
    return false;
}

size_t ath_url_print(const ath_url *url, char *out, size_t size) {
    ath__buf buf;
    if (!url) {
        if (size)
            out[0] = '\0';
        return 0;
    }
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__buf_str(&buf, url->dialect);
    if (url->driver)
        ath__buf_printf(&buf, "+%s", url->driver);
    ath__buf_str(&buf, "://");
    print_authority(url, &buf);
    if (url->database) {
        ath__buf_char(&buf, '/');
        encoded(&buf, url->database, "-.~/:");
    }
    for (size_t i = 0; i < url->query_count; i++) {
        ath__buf_char(&buf, i ? '&' : '?');
        encoded(&buf, url->query[i].key, "-.~/:");
        ath__buf_char(&buf, '=');
        if (is_secret(url->query[i].key))
            ath__buf_str(&buf, "***");
        else
            encoded(&buf, url->query[i].value, "-.~/:");
    }
    size_t length = buf.size;
    if (size)
        ath__copy_text(out, size, ath__buf_text(&buf), buf.size);
    ath__buf_done(&buf);
    return length;
}
