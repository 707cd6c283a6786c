/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB over TLS: the right certificate, one for another host, by another authority, out of date; and none at all.
 */
#include "mysqling.h"

#include <unistd.h>

/* What becomes of a connection to `host` on the server of that URL, whose query holds %s for the folder of
 * certificates.  "" for a connection without TLS, its protocol for one with. */
static ath_status try_tls(const char *server, const char *host, const char *query, char *protocol, size_t size) {
    test_place_ place;
    char url[900], filled[600];
    ath_error error = {0};
    const char *folder = test_environment("TLS_DIR");
    protocol[0] = '\0';
    test_place_of_(server, &place);
    snprintf(filled, sizeof filled, "%s", query);
    for (char *at; (at = strstr(filled, "DIR")) != NULL;) {
        char rest[600];
        snprintf(rest, sizeof rest, "%s", at + 3);
        snprintf(at, sizeof filled - (size_t)(at - filled), "%s%s", folder, rest);
    }
    snprintf(url, sizeof url, "mysql://%s:%s@%s:%s/%s", place.user, place.password, host, place.port, filled);
    ath_engine *e = ath_engine_open(url, .error = &error);
    ath_connection *c = e ? ath_connect(e, &error) : NULL;
    if (c) {
        ath_result *r = ath_execute(c, ath_text("SHOW STATUS LIKE 'Ssl_version'"));
        const ath_row *row = ath_result_first(r);
        snprintf(protocol, size, "%s", row ? ath_row_text(row, 1) : "?");
        ath_result_close(r);
    } else {
        snprintf(protocol, size, "%s", error.message);
    }
    ath_connection_close(c);
    ath_engine_close(e);
    return error.status;
}

static const struct {
    const char *what;
    bool expired;
    const char *host, *query;
    ath_status status;
    bool encrypted;
} rows[] = {
    {"nothing said", false, "127.0.0.1", "", ATH_OK, false},
    {"not wanted", false, "127.0.0.1", "?ssl_mode=DISABLED", ATH_OK, false},
    {"preferred", false, "127.0.0.1", "?sslmode=prefer", ATH_OK, true},
    {"required", false, "127.0.0.1", "?sslmode=require", ATH_OK, true},
    {"required of whoever", false, "127.0.0.2", "?ssl_mode=REQUIRED", ATH_OK, true},
    {"the right certificate", false, "127.0.0.1", "?ssl_ca=DIR/ca.crt", ATH_OK, true},
    {"the right one by name", false, "localhost", "?ssl_ca=DIR/ca.crt&ssl_mode=VERIFY_IDENTITY", ATH_OK, true},
    {"the right one for a client", false, "127.0.0.1",
     "?ssl_ca=DIR/ca.crt&ssl_cert=DIR/client.crt&ssl_key=DIR/client.key", ATH_OK, true},
    {"another host", false, "127.0.0.2", "?ssl_ca=DIR/ca.crt", ATH_OPERATIONAL, false},
    {"another host, verified", false, "127.0.0.2", "?sslmode=verify-full&ssl_ca=DIR/ca.crt", ATH_OPERATIONAL, false},
    {"another host, unverified", false, "127.0.0.2", "?ssl_ca=DIR/ca.crt&ssl_verify_cert=false", ATH_OK, true},
    {"another authority", false, "127.0.0.1", "?ssl_ca=DIR/other-ca.crt", ATH_OPERATIONAL, false},
    {"another authority by name", false, "localhost", "?ssl_ca=DIR/other-ca.crt&ssl_verify=true", ATH_OPERATIONAL,
     false},
    {"nobody's authority", false, "127.0.0.1", "?sslmode=verify-full", ATH_OPERATIONAL, false},
    {"out of date", true, "127.0.0.1", "?ssl_ca=DIR/ca.crt", ATH_OPERATIONAL, false},
    {"out of date, unverified", true, "127.0.0.1", "?sslmode=require", ATH_OK, true},
    {"no such file", false, "127.0.0.1", "?ssl_ca=DIR/nowhere.crt", ATH_OPERATIONAL, false},
};

TEST(certificates) {
    TEST_ON(TEST_MYSQL);
    char protocol[600];
    if (!test_environment("TLS_DIR") || !test_environment("MYSQL_EXPIRED"))
        TEST_LACKS("no certificates");
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        const char *server = rows[i].expired ? test_environment("MYSQL_EXPIRED") : test_server(TEST_MYSQL);
        test_context("%s", rows[i].what);
        CHECK_INT(try_tls(server, rows[i].host, rows[i].query, protocol, sizeof protocol), rows[i].status);
        if (rows[i].status == ATH_OK)
            CHECK_INT(strncmp(protocol, "TLS", 3) == 0, rows[i].encrypted);
        else
            CHECK(strstr(protocol, "TLS") || strstr(protocol, "SSL") || strstr(protocol, "ertificate"));
    }
    test_context("%s", "");
}

/* Queries are ended over TLS as well. */
TEST(deadlines_over_tls) {
    TEST_ON(TEST_MYSQL);
    ath_engine *db = my_engine("?sslmode=require");
    ath_connection *c = ath_connect(db, &my_error);
    CHECK_INT(my_int(c, "SELECT 1"), 1);
    c->driver->set_deadline(c->handle, ath__clock_us() + 50000);
    CHECK_INT(my_try(c, "SELECT sleep(30)"), ATH_TIMEOUT);
    c->driver->set_deadline(c->handle, INT64_MAX);
    CHECK(!c->driver->is_lost(c->handle));
    CHECK_INT(my_int(c, "SELECT sum(length(repeat('x', 1000))) FROM seq_1_to_20000"), 20000000);
    ath_connection_close(c);
    ath_engine_close(db);
}

static const test_case cases[] = {{"certificates", certificates}, {"deadlines_over_tls", deadlines_over_tls}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
