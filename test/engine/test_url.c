/* SPDX-License-Identifier: Apache-2.0
 *
 * URLs: SQLAlchemy's grammar, what is refused, and that no password is ever printed.
 */
#include "test.h"

#include <athanor/athanor.h>

TEST(parts) {
    static const struct {
        const char *text, *dialect, *driver, *user, *password, *host;
        int port;
        const char *database;
    } rows[] = {
        {"sqlite://", "sqlite", NULL, NULL, NULL, NULL, 0, NULL},
        {"sqlite:///:memory:", "sqlite", NULL, NULL, NULL, NULL, 0, ":memory:"},
        {"sqlite:///./rel.db", "sqlite", NULL, NULL, NULL, NULL, 0, "./rel.db"},
        {"sqlite:////abs/x.db", "sqlite", NULL, NULL, NULL, NULL, 0, "/abs/x.db"},
        {"sqlite+aiosqlite:///a.db?mode=ro", "sqlite", "aiosqlite", NULL, NULL, NULL, 0, "a.db"},
        {"mysql+pymysql://root:123456@localhost:3306/test", "mysql", "pymysql", "root", "123456", "localhost", 3306,
         "test"},
        {"postgresql://u%40x:p%2F%3a%40@[::1]:5432/d%20b", "postgresql", NULL, "u@x", "p/:@", "::1", 5432, "d b"},
        {"postgresql://user@/db", "postgresql", NULL, "user", NULL, NULL, 0, "db"},
        {"mysql://u:p@ss@host/db", "mysql", NULL, "u", "p@ss", "host", 0, "db"},
        {"mysql://u:@host", "mysql", NULL, "u", "", "host", 0, NULL},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].text);
        ath_error error;
        ath_url *url = ath_url_parse(rows[i].text, &error);
        CHECK(url != NULL);
        if (!url)
            continue;
        CHECK_STR(url->dialect, rows[i].dialect);
        CHECK_STR(url->driver, rows[i].driver);
        CHECK_STR(url->user, rows[i].user);
        CHECK_STR(url->password, rows[i].password);
        CHECK_STR(url->host, rows[i].host);
        CHECK_INT(url->port, rows[i].port);
        CHECK_STR(url->database, rows[i].database);
        ath_url_free(url);
    }
    test_context("%s", "");
}

TEST(query_keys) {
    ath_url *url = ath_url_parse("mysql://h/d?charset=utf8mb4&host=a&host=b&empty=&flag&x=1+2%2B3", NULL);
    CHECK(url != NULL && url->query_count == 6);
    CHECK_STR(ath_url_get(url, "charset"), "utf8mb4");
    CHECK_STR(ath_url_get(url, "host"), "a");
    CHECK_STR(ath_url_get(url, "empty"), "");
    CHECK_STR(ath_url_get(url, "flag"), "");
    CHECK_STR(ath_url_get(url, "x"), "1 2+3");
    CHECK_STR(ath_url_get(url, "none"), NULL);
    ath_url_free(url);
    ath_url_free(NULL);
}

TEST(refused) {
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "dialect"},
        {"sqlite", "://"},
        {"sqlite:/x", "://"},
        {"://x", "dialect"},
        {"mysql://user:password@host:port/db", "'port' is no port number"},
        {"mysql://host:70000/db", "65535"},
        {"mysql://host:99999999999999/db", "port"},
        {"mysql://[::1/db", "]"},
        {"mysql://[::1]x/db", "port"},
        {"sqlite:///a%2", "hexadecimal"},
        {"sqlite:///a%zz", "hexadecimal"},
        {"sqlite:///a%00b", "%00"},
        {"my sql://x", "://"},
        {"postgresql:/user:password@host/db", "postgresql:***@host/db"},
        {"postgresql//user:password@host/db", "postgresql//user:***@host/db"},
        {"user:password@host/db", "'user:***@host/db'"},
        {"user:pass://password@host/db", "'user:***@host/db'"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].text);
        ath_error error = {0};
        CHECK(ath_url_parse(rows[i].text, &error) == NULL);
        CHECK_INT(error.status, ATH_ARGUMENT);
        CHECK(strstr(error.message, rows[i].says) != NULL);
        CHECK(strstr(error.message, "password") == NULL);
    }
    test_context("%s", "");
    ath_error error = {0};
    CHECK(ath_url_parse(NULL, &error) == NULL && error.status == ATH_ARGUMENT);
    CHECK(ath_engine_open("oracle://scott:tiger@h/x", .error = &error) == NULL);
    CHECK_INT(error.status, ATH_NOT_SUPPORTED);
    CHECK(strstr(error.message, "oracle") != NULL && strstr(error.message, "tiger") == NULL);
}

TEST(printed_with_the_password_masked) {
    static const struct {
        const char *text, *printed;
    } rows[] = {
        {"mysql+pymysql://root:123456@localhost:3306/test", "mysql+pymysql://root:***@localhost:3306/test"},
        {"postgresql://u%40x:p@[::1]/d%20b?a=b%26c", "postgresql://u%40x:***@[::1]/d%20b?a=b%26c"},
        {"sqlite:////abs/x.db?mode=ro", "sqlite:////abs/x.db?mode=ro"},
        {"sqlite://", "sqlite://"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        char text[200], small[8];
        ath_url *url = ath_url_parse(rows[i].text, NULL);
        CHECK_INT(ath_url_print(url, text, sizeof text), strlen(rows[i].printed));
        CHECK_STR(text, rows[i].printed);
        CHECK_INT(ath_url_print(url, small, sizeof small), strlen(rows[i].printed));
        CHECK_INT(strlen(small), 7);
        ath_url_free(url);
    }
}

static const test_case cases[] = {
    {"parts", parts},
    {"query_keys", query_keys},
    {"refused", refused},
    {"printed_with_the_password_masked", printed_with_the_password_masked},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
