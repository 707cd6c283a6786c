/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: from a URL to a session whose settings are known, and its end.
 *
 * Startup parameters are those that every pooler understands.  The session's settings are read from what the server
 * reports about itself, and set (in one round trip) only where they differ: the time zone is UTC unless the URL says
 * otherwise, so that now() in a column without a zone means the same everywhere.
 */
#include <fcntl.h>
#include <poll.h>
#include <strings.h>
#include <unistd.h>

#include "backend/postgresql/postgresql.h"
#include "base/here.h"

/* ---- connecting ---- */

static void no_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static ath_status too_late(const ath__pg *c, ath_status status, ath_error *error) {
    const char *host = PQhost(c->conn);
    if (status != ATH_TIMEOUT)
        return ath__fail(error, status, "connecting to the server was given up");
    return ath__fail(error, ATH_TIMEOUT, "no connection to %s within the time allowed",
                     host && *host ? host : "the server");
}

static ath_status shake_hands(ath__pg *c, ath_error *error) {
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (PQstatus(c->conn) != CONNECTION_BAD && next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
        short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        ath_status status = c->wait.wait(c->wait.context, PQsocket(c->conn), events, c->deadline_us);
        ath__here_forget(PQsocket(c->conn)); /* libpq may try another host */
        if (status != ATH_OK)
            return too_late(c, status, error);
        next = PQconnectPoll(c->conn);
    }
    if (PQstatus(c->conn) != CONNECTION_OK)
        return ath__pg_connect_failed(c->conn, error);
    return ATH_OK;
}

static ath_status reach(ath__pg *c, const ath__pg_options *options, ath_error *error) {
    c->conn = PQconnectStartParams(options->keywords, options->values, 0);
    if (!c->conn)
        return ath__fail_memory(error);
    PQsetNoticeReceiver(c->conn, no_notice, NULL);
    ATH_TRY(shake_hands(c, error));
    if (PQsetnonblocking(c->conn, 1) != 0)
        return ath__pg_connect_failed(c->conn, error);
    return ath__pg_key_new(c, error);
}

/* ---- settings ---- */

static bool reports(const ath__pg *c, const char *name, const char *value) {
    const char *now = PQparameterStatus(c->conn, name);
    return now && strcmp(now, value) == 0;
}

static bool is_set_up(const ath__pg *c, const char *zone) {
    bool zone_is = reports(c, "TimeZone", zone) || (strcmp(zone, "UTC") == 0 && reports(c, "TimeZone", "Etc/UTC"));
    const char *style = PQparameterStatus(c->conn, "DateStyle");
    return zone_is && style && strncmp(style, "ISO", 3) == 0 && reports(c, "IntervalStyle", "postgres") &&
           reports(c, "standard_conforming_strings", "on") && reports(c, "client_encoding", "UTF8");
}

/* The zone that `options` of the URL have asked the server for is left alone. */
static bool is_asked_for(const ath_url *url) {
    const char *options = ath_url_get(url, "options");
    for (; options && *options; options++)
        if (strncasecmp(options, "timezone", 8) == 0)
            return true;
    return false;
}

static ath_status set_up(ath__pg *c, const ath_url *url, const char *zone, ath_error *error) {
    static const char sql[] = "SELECT pg_catalog.set_config('TimeZone', $1, false),"
                              " pg_catalog.set_config('DateStyle', 'ISO', false),"
                              " pg_catalog.set_config('IntervalStyle', 'postgres', false),"
                              " pg_catalog.set_config('standard_conforming_strings', 'on', false),"
                              " pg_catalog.set_config('client_encoding', 'UTF8', false)";
    const char *now = PQparameterStatus(c->conn, "TimeZone");
    PGresult *result = NULL;
    if (!zone)
        zone = is_asked_for(url) && now ? now : "UTC";
    if (is_set_up(c, zone))
        return ATH_OK;
    ATH_TRY(ath__pg_query(c, sql, 1, &zone, &result, error));
    PQclear(result);
    return ATH_OK;
}

static ath_status check_version(const ath__pg *c, ath_error *error) {
    int version = PQserverVersion(c->conn);
    if (version >= ATH__POSTGRESQL_LEAST)
        return ATH_OK;
    return ath__fail(error, ATH_NOT_SUPPORTED, "the server is PostgreSQL %d; the least that is supported is %d",
                     version / 10000, ATH__POSTGRESQL_LEAST / 10000);
}

static void take_version(ath__pg *c) {
    int version = PQserverVersion(c->conn);
    ath__postgresql_dialect_for(version, &c->dialect);
    snprintf(c->version_text, sizeof c->version_text, "%d.%d", version / 10000, version % 10000);
    c->dialect.version_text = c->version_text;
}

/* ---- the driver's functions ---- */

static ath_status open_session(ath__pg *c, const ath__connect *how, const ath__pg_options *options, ath_error *error) {
    c->deadline_us = how->deadline_us;
    c->tag = (uint32_t)ath__hash_mix(ath__hash_mix((uint64_t)getpid(), (uint64_t)ath__clock_us()), (uintptr_t)c);
    if (options->timeout_us && how->deadline_us - options->timeout_us > ath__clock_us())
        c->deadline_us = ath__clock_us() + options->timeout_us;
    c->never_prepare = how->never_prepare || options->never_prepare;
    ATH_TRY(reach(c, options, error));
    ATH_TRY(check_version(c, error));
    take_version(c);
    ATH_TRY(set_up(c, how->url, options->time_zone, error));
    c->deadline_us = INT64_MAX;
    return ATH_OK;
}

ath_status ath__pg_connect(const ath__connect *how, void **connection, ath_error *error) {
    ath__pg_options options;
    ATH_TRY(ath__libpq_load(error));
    ath__pg *c = ath__alloc_zero(how->allocator, 1, sizeof *c);
    if (!c)
        return ath__fail_memory(error);
    c->allocator = *how->allocator;
    c->wait = *how->wait;
    ath_status status = ath__pg_options_read(how->url, how->allocator, &options, error);
    if (status == ATH_OK)
        status = open_session(c, how, &options, error);
    ath__pg_options_done(&options);
    if (status != ATH_OK) {
        ath__pg_disconnect(c);
        return status;
    }
    *connection = c;
    return ATH_OK;
}

void ath__pg_disconnect(void *connection) {
    ath__pg *c = connection;
    ath_allocator a = c->allocator;
    ath__here_forget(PQsocket(c->conn));
    PQfinish(c->conn);
    ath__pg_key_done(c->key);
    ath__free(&a, c->dropped, c->dropped_capacity * sizeof *c->dropped);
    ath__free(&a, c->types, c->type_capacity * sizeof *c->types);
    ath__free(&a, c, sizeof *c);
}

/* PQfinish says goodbye to the server, which would end the parent's session; so it gets another file to say it to. */
void ath__pg_abandon(void *connection) {
    ath__pg *c = connection;
    int fd = PQsocket(c->conn), nowhere = fd < 0 ? -1 : open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        dup2(nowhere, fd);
        close(nowhere);
    }
    if (fd < 0 || nowhere >= 0)
        ath__pg_disconnect(c); /* otherwise better a leak than a word */
}
