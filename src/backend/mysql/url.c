/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: the keys of a URL, in the names that Python's drivers use for them.
 *
 * TLS is off unless a key asks for it; a certificate authority asks for it, and for verification.  libmariadb checks
 * authority and host name together, so verify-ca is as strict as verify-full.
 */
#include <strings.h>

#include "backend/mysql/client.h"

#include <limits.h>

typedef struct reader {
    const ath_url *url;
    ath__arena *arena;
    ath__mysql_target *out;
    ath_error *error;
    int verify; /* -1: nothing was said */
    int wants_tls;
} reader;

/* ---- values ---- */

static ath_status bad_value(const reader *r, const ath_url_query *q, const char *expected) {
    return ath__fail(r->error, ATH_ARGUMENT, "the URL's %.40s=%.40s: %s is expected", q->key, q->value, expected);
}

static ath_status flag(const reader *r, const ath_url_query *q, int *out) {
    static const char *const yes[] = {"true", "1", "yes", "on"}, *const no[] = {"false", "0", "no", "off", "none"};
    for (size_t i = 0; i < ATH_COUNT_OF(yes); i++)
        if (strcasecmp(q->value, yes[i]) == 0) {
            *out = 1;
            return ATH_OK;
        }
    for (size_t i = 0; i < ATH_COUNT_OF(no); i++)
        if (strcasecmp(q->value, no[i]) == 0) {
            *out = 0;
            return ATH_OK;
        }
    return bad_value(r, q, "true or false");
}

static ath_status seconds(const reader *r, const ath_url_query *q, unsigned *out) {
    char *end;
    long n = strtol(q->value, &end, 10);
    if (end == q->value || *end || n < 0 || n > 86400)
        return bad_value(r, q, "a number of seconds, 0 to 86400,");
    *out = (unsigned)n;
    return ATH_OK;
}

static ath_status text(const reader *r, const char *value, const char **out) {
    *out = ath__arena_str(r->arena, value);
    return *out ? ATH_OK : ath__fail_memory(r->error);
}

/* Words that go into SQL as they are. */
static ath_status word(const reader *r, const ath_url_query *q, const char **out) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_,";
    if (!*q->value || q->value[strspn(q->value, plain)])
        return bad_value(r, q, "a name");
    return text(r, q->value, out);
}

/* ---- keys with a meaning of their own ---- */

static ath_status take_charset(reader *r, const ath_url_query *q) {
    return strcasecmp(q->value, "utf8mb4") == 0 || strcasecmp(q->value, "utf8") == 0 ? ATH_OK
                                                                                     : bad_value(r, q, "utf8mb4");
}

static ath_status take_mode(reader *r, const ath_url_query *q) {
    static const struct {
        const char *name;
        ath__mysql_tls tls;
    } modes[] = {
        {"disabled", ATH__MYSQL_TLS_OFF},         {"disable", ATH__MYSQL_TLS_OFF},
        {"allow", ATH__MYSQL_TLS_PREFERRED},      {"prefer", ATH__MYSQL_TLS_PREFERRED},
        {"preferred", ATH__MYSQL_TLS_PREFERRED},  {"require", ATH__MYSQL_TLS_REQUIRED},
        {"required", ATH__MYSQL_TLS_REQUIRED},    {"verify_ca", ATH__MYSQL_TLS_VERIFIED},
        {"verify-ca", ATH__MYSQL_TLS_VERIFIED},   {"verify_identity", ATH__MYSQL_TLS_VERIFIED},
        {"verify-full", ATH__MYSQL_TLS_VERIFIED}, {"verify-identity", ATH__MYSQL_TLS_VERIFIED},
    };
    for (size_t i = 0; i < ATH_COUNT_OF(modes); i++)
        if (strcasecmp(q->value, modes[i].name) == 0) {
            r->out->tls = modes[i].tls;
            if (r->out->tls == ATH__MYSQL_TLS_VERIFIED)
                r->verify = 1;
            r->wants_tls = r->out->tls != ATH__MYSQL_TLS_OFF;
            return ATH_OK;
        }
    return bad_value(r, q, "disabled, preferred, required, verify_ca or verify_identity");
}

static ath_status take_verify(reader *r, const ath_url_query *q) {
    ATH_TRY(flag(r, q, &r->verify));
    r->wants_tls = r->wants_tls == 0 ? 0 : 1;
    return ATH_OK;
}

static ath_status take_ssl(reader *r, const ath_url_query *q) {
    return flag(r, q, &r->wants_tls);
}

static ath_status take_infile(reader *r, const ath_url_query *q) {
    int is_on = 0;
    ATH_TRY(flag(r, q, &is_on));
    r->out->local_infile = is_on;
    return ATH_OK;
}

static ath_status take_compress(reader *r, const ath_url_query *q) {
    int is_on = 0;
    ATH_TRY(flag(r, q, &is_on));
    r->out->compress = is_on;
    return ATH_OK;
}

/* Said by Python's drivers, and always so here. */
static ath_status take_true(reader *r, const ath_url_query *q) {
    int is_on = 0;
    ATH_TRY(flag(r, q, &is_on));
    return is_on ? ATH_OK : bad_value(r, q, "true");
}

/* Transactions begin and end when told. */
static ath_status take_false(reader *r, const ath_url_query *q) {
    int is_on = 0;
    ATH_TRY(flag(r, q, &is_on));
    return is_on ? bad_value(r, q, "false") : ATH_OK;
}

/* ---- all keys ---- */

typedef ath_status (*take_fn)(reader *r, const ath_url_query *q);

typedef enum form { TEXT, WORD, SECONDS, TLS_FILE, SPECIAL } form;

#define FIELD(member) offsetof(ath__mysql_target, member)

static const struct {
    const char *name;
    form form;
    size_t offset;
    take_fn take;
} keys[] = {
    {"autocommit", SPECIAL, 0, take_false},
    {"charset", SPECIAL, 0, take_charset},
    {"collation", WORD, FIELD(collation), NULL},
    {"compress", SPECIAL, 0, take_compress},
    {"connect_timeout", SECONDS, FIELD(connect_timeout), NULL},
    {"init_command", TEXT, FIELD(init), NULL},
    {"local_infile", SPECIAL, 0, take_infile},
    {"program_name", TEXT, FIELD(program), NULL},
    {"read_timeout", SECONDS, FIELD(read_timeout), NULL},
    {"sql_mode", WORD, FIELD(sql_mode), NULL},
    {"ssl", SPECIAL, 0, take_ssl},
    {"ssl_ca", TLS_FILE, FIELD(ca), NULL},
    {"ssl_capath", TLS_FILE, FIELD(ca_path), NULL},
    {"ssl_cert", TLS_FILE, FIELD(certificate), NULL},
    {"ssl_check_hostname", SPECIAL, 0, take_verify},
    {"ssl_cipher", TLS_FILE, FIELD(cipher), NULL},
    {"ssl_key", TLS_FILE, FIELD(key), NULL},
    {"ssl_mode", SPECIAL, 0, take_mode},
    {"ssl_verify", SPECIAL, 0, take_verify},
    {"ssl_verify_cert", SPECIAL, 0, take_verify},
    {"ssl_verify_identity", SPECIAL, 0, take_verify},
    {"sslmode", SPECIAL, 0, take_mode},
    {"tls_version", TLS_FILE, FIELD(tls_version), NULL},
    {"unix_socket", TEXT, FIELD(socket), NULL},
    {"use_unicode", SPECIAL, 0, take_true},
    {"write_timeout", SECONDS, FIELD(write_timeout), NULL},
};

static ath_status take_key(reader *r, const ath_url_query *q) {
    for (size_t i = 0; i < ATH_COUNT_OF(keys); i++) {
        if (strcmp(q->key, keys[i].name) != 0)
            continue;
        char *field = (char *)r->out + keys[i].offset;
        switch (keys[i].form) {
        case SPECIAL:
            return keys[i].take(r, q);
        case SECONDS:
            return seconds(r, q, (unsigned *)(void *)field);
        case WORD:
            return word(r, q, (const char **)(void *)field);
        case TLS_FILE:
            r->wants_tls = r->wants_tls == 0 ? 0 : 1;
            return text(r, q->value, (const char **)(void *)field);
        default:
            return text(r, q->value, (const char **)(void *)field);
        }
    }
    return ath__fail(r->error, ATH_ARGUMENT, "the URL's key '%.60s' is not known for mysql", q->key);
}

static ath_status take_place(reader *r) {
    ath__mysql_target *t = r->out;
    const ath_url *u = r->url;
    if (u->port > 65535)
        return ath__fail(r->error, ATH_ARGUMENT, "%d is no port", u->port);
    t->port = u->port ? (unsigned)u->port : 3306;
    if (u->user)
        ATH_TRY(text(r, u->user, &t->user));
    if (u->password)
        ATH_TRY(text(r, u->password, &t->password));
    if (u->host && *u->host)
        ATH_TRY(text(r, u->host, &t->host));
    if (u->database && *u->database)
        ATH_TRY(text(r, u->database, &t->database));
    return ATH_OK;
}

ath_status ath__mysql_target_of(const ath_url *url, ath__arena *arena, ath__mysql_target *out, ath_error *error) {
    reader r = {.url = url, .arena = arena, .out = out, .error = error, .verify = -1, .wants_tls = -1};
    memset(out, 0, sizeof *out);
    ATH_TRY(take_place(&r));
    for (size_t i = 0; i < url->query_count; i++)
        ATH_TRY(take_key(&r, &url->query[i]));
    if (r.wants_tls != 1) {
        out->tls = ATH__MYSQL_TLS_OFF;
    } else if (out->tls != ATH__MYSQL_TLS_PREFERRED) {
        bool verify = r.verify == 1 || (r.verify == -1 && (out->ca || out->ca_path));
        out->tls = verify ? ATH__MYSQL_TLS_VERIFIED : ATH__MYSQL_TLS_REQUIRED;
    }
    return ATH_OK;
}
