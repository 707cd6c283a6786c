/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: from a URL to libpq's connection parameters.
 *
 * Query keys are libpq's own, the few that the Python drivers' URLs have beside them (ssl, timeout,
 * statement_cache_size ...), and ssl_ca, ssl_cert, ssl_key, ssl_verify, which mean the same on every database here.
 * Several hosts: ?host=a:5432&host=b, ?host=a,b&port=5432,5433.
 */
#include <strings.h>
#include <unistd.h>

#include "backend/postgresql/postgresql.h"

typedef struct reader {
    const ath_url *url;
    ath__pg_options *out;
    ath_error *error;
    bool own_sslmode, has_ca;
} reader;

/* ---- what a URL may say ---- */

/* Passed on as they are. */
static const char *const libpq_keys[] = {
    "user",
    "password",
    "dbname",
    "hostaddr",
    "passfile",
    "channel_binding",
    "options",
    "application_name",
    "fallback_application_name",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "gssencmode",
    "sslmode",
    "sslcompression",
    "sslcert",
    "sslkey",
    "sslpassword",
    "sslrootcert",
    "sslcrl",
    "sslcrldir",
    "sslsni",
    "sslcertmode",
    "requirepeer",
    "require_auth",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "service",
    "target_session_attrs",
    "load_balance_hosts",
};

/* Other names for libpq's. */
static const char *const other_names[][2] = {
    {"database", "dbname"},
    {"ssl_cert", "sslcert"},
    {"ssl_key", "sslkey"},
};

static bool is_one_of(const char *const *words, size_t count, const char *word) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool is_any(const char *value, const char *const *words) {
    for (; *words; words++)
        if (strcasecmp(value, *words) == 0)
            return true;
    return false;
}

static bool says_yes(const char *value) {
    return is_any(value, (const char *const[]){"1", "true", "yes", "on", NULL});
}

static bool says_no(const char *value) {
    return is_any(value, (const char *const[]){"0", "false", "no", "off", NULL});
}

static ath_status no_value(const reader *r, const ath_url_query *query, const char *these) {
    return ath__fail(r->error, ATH_ARGUMENT, "'%.40s' is no value for the URL's %s; these are: %s", query->value,
                     query->key, these);
}

/* ---- telling libpq ---- */

static ath_status put(const reader *r, const char *keyword, const char *value) {
    ath__pg_options *o = r->out;
    if (!value)
        return ath__fail_memory(r->error);
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->keywords[i], keyword) == 0) {
            o->values[i] = value; /* the query has the last word */
            return ATH_OK;
        }
    if (o->count == ATH__PG_OPTIONS)
        return ath__fail(r->error, ATH_ARGUMENT, "the URL has too many keys");
    o->keywords[o->count] = keyword;
    o->values[o->count++] = value;
    return ATH_OK;
}

/* ---- encryption ---- */

static ath_status take_ssl(reader *r, const ath_url_query *query) {
    static const char *const modes[] = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full", NULL};
    r->own_sslmode = true;
    if (says_yes(query->value))
        return put(r, "sslmode", "require");
    if (says_no(query->value))
        return put(r, "sslmode", "disable");
    if (!is_any(query->value, modes))
        return no_value(r, query, "disable allow prefer require verify-ca verify-full true false");
    return put(r, "sslmode", query->value);
}

/* The authorities that the system trusts. */
static const char *system_authorities(void) {
    static const char *const files[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};
    for (size_t i = 0; i < ATH_COUNT_OF(files); i++)
        if (access(files[i], R_OK) == 0)
            return files[i];
    return NULL;
}

/* ssl_ca asks for a server that proves to be the one that was named, unless ssl_verify or sslmode says otherwise. */
static ath_status settle_ssl(reader *r) {
    const char *verify = ath_url_get(r->url, "ssl_verify");
    if (verify && !says_yes(verify) && !says_no(verify))
        return no_value(r, &(ath_url_query){"ssl_verify", verify}, "true false");
    bool wanted = verify ? says_yes(verify) : r->has_ca;
    if (wanted && !r->has_ca && !ath_url_get(r->url, "sslrootcert") && system_authorities())
        ATH_TRY(put(r, "sslrootcert", system_authorities()));
    if (r->own_sslmode || (!verify && !r->has_ca))
        return ATH_OK;
    return put(r, "sslmode", wanted ? "verify-full" : "require");
}

/* ---- hosts ---- */

typedef struct hosts {
    ath__buf names, ports;
    size_t count;
    bool has_port;
} hosts;

/* "name", "name:port", "[v6]:port", "/folder/of/socket"; a bare IPv6 address has no port. */
static void add_host(hosts *h, const char *text, size_t size, int port) {
    const char *end = text + size, *colon = *text == '/' ? NULL : memchr(text, ':', size);
    if (size && *text == '[') {
        const char *close = memchr(text, ']', size);
        end = close ? close : end;
        colon = close && close + 1 < text + size && close[1] == ':' ? close + 1 : NULL;
        text++;
    } else if (colon && memchr(colon + 1, ':', (size_t)(end - colon - 1))) {
        colon = NULL;
    } else if (colon) {
        end = colon;
    }
    ath__buf_str(&h->names, h->count ? "," : "");
    ath__buf_add(&h->names, text, (size_t)(end - text));
    ath__buf_str(&h->ports, h->count ? "," : "");
    if (colon)
        ath__buf_printf(&h->ports, "%.*s", (int)strspn(colon + 1, "0123456789"), colon + 1);
    else if (port)
        ath__buf_printf(&h->ports, "%d", port);
    h->has_port = h->has_port || colon || port;
    h->count++;
}

static void add_hosts(hosts *h, const char *list, int port) {
    for (;; list++) {
        size_t size = strcspn(list, ",");
        add_host(h, list, size, port);
        list += size;
        if (!*list)
            return;
    }
}

static ath_status put_hosts(const reader *r, const hosts *h) {
    const char *ports = ath_url_get(r->url, "port");
    if (h->names.failed || h->ports.failed)
        return ath__fail_memory(r->error);
    if (h->count)
        ATH_TRY(put(r, "host", ath__arena_str(&r->out->arena, ath__buf_text(&h->names))));
    if (h->has_port && h->count)
        return put(r, "port", ath__arena_str(&r->out->arena, ath__buf_text(&h->ports)));
    if (ports)
        return put(r, "port", ports);
    if (r->url->port)
        return put(r, "port", ath__arena_printf(&r->out->arena, "%d", r->url->port));
    return ATH_OK;
}

static ath_status take_hosts(const reader *r) {
    hosts h = {.count = 0};
    ath__buf_init(&h.names, r->out->arena.allocator);
    ath__buf_init(&h.ports, r->out->arena.allocator);
    bool asked = ath_url_get(r->url, "host") != NULL;
    for (size_t i = 0; i < r->url->query_count; i++)
        if (strcmp(r->url->query[i].key, "host") == 0)
            add_hosts(&h, r->url->query[i].value, ath_url_get(r->url, "port") ? 0 : r->url->port);
    if (!asked && r->url->host && strchr(r->url->host, ':')) { /* the URL's own IPv6 address, its brackets gone */
        ath__buf_str(&h.names, r->url->host);
        h.count = 1;
    } else if (!asked && r->url->host) {
        add_hosts(&h, r->url->host, ath_url_get(r->url, "port") ? 0 : r->url->port);
    }
    ath_status status = put_hosts(r, &h);
    ath__buf_done(&h.names);
    ath__buf_done(&h.ports);
    return status;
}

/* ---- keys ---- */

static ath_status take_timeout(const reader *r, const ath_url_query *query) {
    ath_decimal seconds;
    if (ath_decimal_parse(query->value, strlen(query->value), &seconds) != ATH_OK ||
        ath_decimal_to_double(seconds) > 86400)
        return no_value(r, query, "seconds, up to 86400");
    r->out->timeout_us = seconds.negative ? 0 : (int64_t)(ath_decimal_to_double(seconds) * 1e6);
    return ATH_OK;
}

static ath_status take_encoding(const reader *r, const ath_url_query *query) {
    if (is_any(query->value, (const char *const[]){"utf8", "utf-8", "unicode", "utf8mb4", NULL}))
        return ATH_OK;
    return ath__fail(r->error, ATH_ARGUMENT, "text is always UTF-8; the URL's %s cannot be '%.40s'", query->key,
                     query->value);
}

static ath_status take_cache_size(const reader *r, const ath_url_query *query) {
    size_t digits = strspn(query->value, "0123456789");
    if (!digits || query->value[digits])
        return no_value(r, query, "a number; 0: nothing is prepared on the server");
    r->out->never_prepare = strspn(query->value, "0") == digits;
    return ATH_OK;
}

static ath_status take_key(reader *r, const ath_url_query *query) {
    const char *key = query->key;
    if (strcmp(key, "host") == 0 || strcmp(key, "port") == 0 || strcmp(key, "ssl_verify") == 0)
        return ATH_OK; /* read elsewhere */
    if (strcmp(key, "ssl") == 0)
        return take_ssl(r, query);
    if (strcmp(key, "connect_timeout") == 0 || strcmp(key, "timeout") == 0)
        return take_timeout(r, query);
    if (strcmp(key, "client_encoding") == 0 || strcmp(key, "charset") == 0)
        return take_encoding(r, query);
    if (strcmp(key, "statement_cache_size") == 0 || strcmp(key, "prepared_statement_cache_size") == 0)
        return take_cache_size(r, query);
    if (strcmp(key, "timezone") == 0) {
        r->out->time_zone = query->value;
        return ATH_OK;
    }
    if (strcmp(key, "ssl_ca") == 0) {
        r->has_ca = true;
        return put(r, "sslrootcert", query->value);
    }
    for (size_t i = 0; i < ATH_COUNT_OF(other_names); i++)
        if (strcmp(key, other_names[i][0]) == 0)
            return put(r, other_names[i][1], query->value);
    if (!is_one_of(libpq_keys, ATH_COUNT_OF(libpq_keys), key))
        return ath__fail(r->error, ATH_ARGUMENT, "postgresql URLs have no key '%.60s'", key);
    r->own_sslmode = r->own_sslmode || strcmp(key, "sslmode") == 0;
    return put(r, key, query->value);
}

static ath_status take_all(reader *r) {
    const ath_url *url = r->url;
    ATH_TRY(put(r, "client_encoding", "UTF8"));
    ATH_TRY(put(r, "fallback_application_name", "athanor"));
    if (url->user)
        ATH_TRY(put(r, "user", url->user));
    if (url->password)
        ATH_TRY(put(r, "password", url->password));
    if (url->database && url->database[0])
        ATH_TRY(put(r, "dbname", url->database));
    for (size_t i = 0; i < url->query_count; i++)
        ATH_TRY(take_key(r, &url->query[i]));
    ATH_TRY(settle_ssl(r));
    return take_hosts(r);
}

ath_status ath__pg_options_read(const ath_url *url, const ath_allocator *a, ath__pg_options *out, ath_error *error) {
    reader r = {.url = url, .out = out, .error = error};
    memset(out, 0, sizeof *out);
    ath__arena_init(&out->arena, a);
    return take_all(&r);
}

void ath__pg_options_done(ath__pg_options *options) {
    ath__arena_done(&options->arena);
}
