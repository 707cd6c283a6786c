/* SPDX-License-Identifier: Apache-2.0
 *
 * Encrypted connections to PostgreSQL and MariaDB, against certificates that tools/servers.sh made: the right one, one for
 * another host (127.0.0.2 is no name of it), another authority's, and one that is out of date; with and without verifying.
 */
#include "test.h"

#include "suite.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

typedef struct attempt {
    const char *what;
    const char *server;                /* a variable of tools/servers.sh */
    const char *host;                  /* instead of 127.0.0.1 */
    const char *query[TEST_DATABASES]; /* %s: the folder of the certificates; NULL: not on this database */
    bool connects, encrypted;
    const char *says; /* part of the message, if it does not connect */
} attempt;

/* clang-format off */
static const attempt attempts[] = {
    {"right, verified", "", NULL, {NULL, "sslmode=verify-full&sslrootcert=%s/ca.crt", "ssl_ca=%s/ca.crt&ssl_verify=true"}, true, true, NULL},
    {"right by name, verified", "", "localhost", {NULL, "sslmode=verify-full&sslrootcert=%s/ca.crt", "ssl_ca=%s/ca.crt&ssl_verify=true"}, true, true, NULL},
    {"right, keys of the other database", "", NULL, {NULL, "ssl_ca=%s/ca.crt&ssl_verify=true", "ssl_mode=VERIFY_IDENTITY&ssl_ca=%s/ca.crt"}, true, true, NULL},
    {"right, verified because there is an authority", "", NULL, {NULL, NULL, "ssl_ca=%s/ca.crt"}, true, true, NULL},
    {"right, authority only", "", NULL, {NULL, "sslmode=verify-ca&sslrootcert=%s/ca.crt", NULL}, true, true, NULL},
    {"required, not verified", "", NULL, {NULL, "sslmode=require", "ssl=true"}, true, true, NULL},
    {"disabled", "", NULL, {NULL, "sslmode=disable", "ssl_mode=disabled"}, true, false, NULL},
    {"with a certificate of the client", "", NULL, {NULL, "sslmode=verify-full&sslrootcert=%s/ca.crt&sslcert=%s/client.crt&sslkey=%s/client.key", "ssl_ca=%s/ca.crt&ssl_cert=%s/client.crt&ssl_key=%s/client.key"}, true, true, NULL},

    {"wrong host, verified", "", "127.0.0.2", {NULL, "sslmode=verify-full&sslrootcert=%s/ca.crt", "ssl_ca=%s/ca.crt&ssl_verify=true"}, false, false, "certificate"},
    {"wrong host, authority only", "", "127.0.0.2", {NULL, "sslmode=verify-ca&sslrootcert=%s/ca.crt", NULL}, true, true, NULL},
    {"wrong host, not verified", "", "127.0.0.2", {NULL, "sslmode=require", "ssl=true"}, true, true, NULL},
    {"wrong host, keys of the other database", "", "127.0.0.2", {NULL, "ssl_ca=%s/ca.crt&ssl_verify=true", "ssl_mode=VERIFY_IDENTITY&ssl_ca=%s/ca.crt"}, false, false, "certificate"},
    {"wrong host, verifying turned off", "", "127.0.0.2", {NULL, "ssl_ca=%s/ca.crt&ssl_verify=false", "ssl_ca=%s/ca.crt&ssl_verify=false"}, true, true, NULL},

    {"wrong authority, verified", "", NULL, {NULL, "sslmode=verify-full&sslrootcert=%s/other-ca.crt", "ssl_ca=%s/other-ca.crt&ssl_verify=true"}, false, false, "certificate"},
    {"wrong authority, authority only", "", NULL, {NULL, "sslmode=verify-ca&sslrootcert=%s/other-ca.crt", "ssl_ca=%s/other-ca.crt"}, false, false, "certificate"},
    {"no such authority", "", NULL, {NULL, "sslmode=verify-full&sslrootcert=%s/missing.crt", "ssl_ca=%s/missing.crt&ssl_verify=true"}, false, false, NULL},

    {"expired, verified", "_EXPIRED", NULL, {NULL, "sslmode=verify-full&sslrootcert=%s/ca.crt", "ssl_ca=%s/ca.crt&ssl_verify=true"}, false, false, "certificate"},
    {"expired, authority only", "_EXPIRED", NULL, {NULL, "sslmode=verify-ca&sslrootcert=%s/ca.crt", NULL}, false, false, "certificate"},
    {"expired, not verified", "_EXPIRED", NULL, {NULL, "sslmode=require", "ssl=true"}, true, true, NULL},

    {"a word that is no mode", "", NULL, {NULL, "sslmode=verfy-full", "ssl_mode=verfy"}, false, false, NULL},
};
/* clang-format on */

/* The server's URL with another host and a query; every %s is the folder. */
static void url_of(const attempt *a, char *out, size_t size) {
    char variable[40];
    test_place_ place;
    snprintf(variable, sizeof variable, "%s%s", test_on == TEST_POSTGRESQL ? "POSTGRESQL" : "MYSQL", a->server);
    const char *url = test_environment(variable), *tls = test_environment("TLS_DIR");
    out[0] = '\0';
    if (!url || !tls || !test_place_of_(url, &place)) {
        test_failed_(__FILE__, __LINE__, "ATHANOR_TEST_%s or ATHANOR_TEST_TLS_DIR is not set", variable);
        return;
    }
    int used = snprintf(out, size, "%s://%s:%s@%s:%s/%s?", test_database_name(test_on), place.user, place.password,
                        a->host ? a->host : place.host, place.port, place.database);
    for (const char *q = a->query[test_on]; *q && used > 0 && (size_t)used < size - 1; q++) {
        if (q[0] == '%' && q[1] == 's') {
            used += snprintf(out + used, size - (size_t)used, "%s", tls);
            q++;
        } else {
            out[used++] = *q;
            out[used] = '\0';
        }
    }
}

static bool is_encrypted(ath_connection *c) {
    if (test_on == TEST_POSTGRESQL)
        return suite_int(c, "SELECT count(*) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()") == 1;
    return suite_int(c, "SELECT count(*) FROM information_schema.session_status WHERE variable_name = 'SSL_CIPHER' AND "
                        "variable_value <> ''") == 1;
}

static void try_one(const attempt *a) {
    char url[1024];
    ath_error e;
    ath_error_clear(&e);
    url_of(a, url, sizeof url);
    ath_engine *db = ath_engine_open(url, .error = &e);
    ath_connection *c = db ? ath_connect(db, &e) : NULL;
    if (a->connects) {
        if (!c)
            test_failed_(__FILE__, __LINE__, "%s", e.message);
        else
            CHECK_INT(is_encrypted(c), a->encrypted);
    } else {
        CHECK(c == NULL);
        CHECK(e.status == ATH_OPERATIONAL || e.status == ATH_ARGUMENT);
        if (a->says && !strstr(e.message, a->says))
            test_failed_(__FILE__, __LINE__, "the message does not say \"%s\": %s", a->says, e.message);
        CHECK(strstr(e.message, "athanor:athanor") == NULL);
    }
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(certificates) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("no server");
    for (size_t i = 0; i < TEST_COUNT(attempts); i++) {
        test_context("%s", attempts[i].what);
        if (attempts[i].query[test_on])
            try_one(&attempts[i]);
    }
}

/* ---- a server, or somebody in between, that says it knows no TLS ---- */

static int listener;

/* MariaDB's first packet, without the flag for TLS, and its "OK". */
static const char greeting[] = "\x0a"
                               "5.5.5-10.11.19-MariaDB\0"
                               "\x07\0\0\0"
                               "abcdefgh\0"
                               "\xfe\xf7\x2d\x02\0\xff\x81\x15\0\0\0\0\0\0\x1d\0\0\0"
                               "ijklmnopqrst\0"
                               "mysql_native_password";
static const char ok[] = "\x07\0\0\x02\0\0\0\x02\0\0\0";

/* To one caller: PostgreSQL's "N", or that greeting and then "OK"; counts the messages that come after. */
static void *no_tls_here(void *received) {
    char buffer[4096] = "";
    int messages = 0, caller = accept(listener, NULL, NULL);
    if (caller < 0)
        return NULL;
    struct timeval limit = {2, 0};
    setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    bool said = false;
    if (test_on == TEST_POSTGRESQL) {
        said = read(caller, buffer, 8) == 8 && write(caller, "N", 1) == 1;
    } else {
        buffer[0] = (char)sizeof greeting;
        memcpy(buffer + 4, greeting, sizeof greeting);
        said = write(caller, buffer, sizeof greeting + 4) > 0;
    }
    while (said && read(caller, buffer, sizeof buffer) > 0) {
        messages++;
        said = test_on == TEST_POSTGRESQL || write(caller, ok, sizeof ok - 1) > 0;
    }
    close(caller);
    *(int *)received = messages;
    return NULL;
}

typedef struct stripped {
    const char *query[TEST_DATABASES];
    int messages; /* that may come: libmariadb says who it is (no password in the clear) before it looks, unless it verifies */
} stripped;

static const stripped strippings[] = {
    {{NULL, "sslmode=require", NULL}, 0},
    {{NULL, "sslmode=verify-full&sslrootcert=/nowhere/ca.crt", "ssl_mode=verify_identity"}, 0},
    {{NULL, NULL, "ssl=true"}, 2}, /* ... and goodbye */
};

static void strip(const stripped *it) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    pthread_t thread;
    int received = 0;
    char url[200];
    ath_error e;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(listener, 1) == 0);
    CHECK_INT(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    snprintf(url, sizeof url, "%s://someone:topsecret@127.0.0.1:%d/x?%s", test_database_name(test_on),
             ntohs(at.sin_port), it->query[test_on]);
    CHECK_INT(pthread_create(&thread, NULL, no_tls_here, &received), 0);
    ath_engine *db = ath_engine_open(url, .error = &e);
    ath_connection *c = db ? ath_connect(db, &e) : NULL;
    CHECK(c == NULL);
    ath_connection_close(c);
    ath_engine_close(db);
    shutdown(listener, SHUT_RDWR); /* wakes the thread when nobody called */
    pthread_join(thread, NULL);
    close(listener);
    test_context("%s: %s", it->query[test_on], e.message);
    CHECK_INT(e.status, ATH_OPERATIONAL);
    CHECK(received <= it->messages);
}

/* Who asks for TLS does not go on without it. */
TEST(without_tls_nothing_is_said) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("no server");
    for (size_t i = 0; i < TEST_COUNT(strippings); i++)
        if (strippings[i].query[test_on])
            strip(&strippings[i]);
}

/* Through the unix socket as well. */
TEST(unix_sockets) {
    char url[600];
    test_place_ place;
    if (test_on == TEST_SQLITE)
        TEST_SKIP("no server");
    const char *socket_path = test_environment(test_on == TEST_POSTGRESQL ? "POSTGRESQL_SOCKET" : "MYSQL_SOCKET");
    if (!socket_path || !test_place_of_(test_server(test_on), &place))
        TEST_SKIP("no socket");
    if (test_on == TEST_POSTGRESQL)
        snprintf(url, sizeof url, "postgresql://%s:%s@:%s/postgres?host=%s", place.user, place.password, place.port,
                 socket_path);
    else
        snprintf(url, sizeof url, "mysql://%s:%s@localhost/?unix_socket=%s", place.user, place.password, socket_path);
    ath_error e;
    ath_error_clear(&e);
    ath_engine *db = ath_engine_open(url, .error = &e);
    ath_connection *c = db ? ath_connect(db, &e) : NULL;
    if (!c)
        test_failed_(__FILE__, __LINE__, "%s", e.message);
    else
        CHECK_INT(
            suite_int(c,
                      test_on == TEST_POSTGRESQL
                          ? "SELECT count(*) FROM pg_stat_activity WHERE pid = pg_backend_pid() AND client_addr IS NULL"
                          : "SELECT count(*) FROM information_schema.processlist WHERE id = connection_id() AND host = "
                            "'localhost'"),
            1);
    ath_connection_close(c);
    ath_engine_close(db);
}

static const suite_case cases[] = {
    {"certificates", certificates, 0},
    {"without_tls_nothing_is_said", without_tls_nothing_is_said, 0},
    {"unix_sockets", unix_sockets, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
