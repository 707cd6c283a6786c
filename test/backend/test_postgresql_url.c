/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what URLs become for libpq.  Needs no server, but for the last.
 */
#include "pging.h"

typedef struct reading {
    const char *url;
    const char *expected; /* "keyword=value" in libpq's order, those that are always there left out */
} reading;

static const reading readings[] = {
    {"postgresql://u:p%40x@h:5433/d", "user=u password=p@x dbname=d host=h port=5433"},
    {"postgres://h", "host=h"},
    {"postgresql://", ""},
    {"postgresql+psycopg2://u@/d", "user=u dbname=d"},
    {"postgresql+asyncpg://u@h/d?ssl=require", "user=u dbname=d sslmode=require host=h"},
    {"postgresql+psycopg://u@h/d?sslmode=verify-full&sslrootcert=/ca.crt",
     "user=u dbname=d sslmode=verify-full sslrootcert=/ca.crt host=h"},
    {"postgresql://h/d?ssl=true", "dbname=d sslmode=require host=h"},
    {"postgresql://h/d?ssl=false", "dbname=d sslmode=disable host=h"},
    {"postgresql://h/d?ssl_ca=/ca.crt", "dbname=d sslrootcert=/ca.crt sslmode=verify-full host=h"},
    {"postgresql://h/d?ssl_ca=/ca.crt&ssl_verify=false", "dbname=d sslrootcert=/ca.crt sslmode=require host=h"},
    {"postgresql://h/d?ssl_ca=/ca.crt&sslmode=verify-ca", "dbname=d sslrootcert=/ca.crt sslmode=verify-ca host=h"},
    {"postgresql://h/d?ssl_cert=/c.crt&ssl_key=/c.key", "dbname=d sslcert=/c.crt sslkey=/c.key host=h"},
    {"postgresql:///d?host=/var/run/x", "dbname=d host=/var/run/x"},
    {"postgresql://u@/d?host=a:5432&host=b:5433", "user=u dbname=d host=a,b port=5432,5433"},
    {"postgresql://u@/d?host=a,b&port=1,2", "user=u dbname=d host=a,b port=1,2"},
    {"postgresql://u@/d?host=a:1,b", "user=u dbname=d host=a,b port=1,"},
    {"postgresql://a,b/d", "dbname=d host=a,b"},
    {"postgresql://[::1]:5/d", "dbname=d host=::1 port=5"},
    {"postgresql:///d?host=[::1]:5&host=::2", "dbname=d host=::1,::2 port=5,"},
    {"postgresql://h:5/d?host=other", "dbname=d host=other port=5"},
    {"postgresql://h/d?application_name=x&options=-c%20a%3Db&target_session_attrs=any",
     "dbname=d application_name=x options=-c a=b target_session_attrs=any host=h"},
    {"postgresql://u:p@h/d?user=v&database=e", "user=v password=p dbname=e host=h"},
    {"postgresql://h?client_encoding=utf8&charset=UTF-8", "host=h"},
    {"postgresql://h?passfile=/x&keepalives_idle=5", "passfile=/x keepalives_idle=5 host=h"},
};

static void written(const ath__pg_options *o, char *out, size_t size) {
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < o->count && at < size; i++) {
        if (strcmp(o->keywords[i], "client_encoding") == 0 || strcmp(o->keywords[i], "fallback_application_name") == 0)
            continue;
        at += (size_t)snprintf(out + at, size - at, "%s%s=%s", at ? " " : "", o->keywords[i], o->values[i]);
    }
}

TEST(what_libpq_is_told) {
    for (size_t i = 0; i < TEST_COUNT(readings); i++) {
        ath__pg_options options;
        char text[400];
        test_context("%s", readings[i].url);
        ath_url *url = ath_url_parse(readings[i].url, &pg_error);
        CHECK_STR(url ? "" : pg_error.message, "");
        if (!url)
            continue;
        CHECK_INT(ath__pg_options_read(url, &ath__malloc_allocator, &options, &pg_error), ATH_OK);
        written(&options, text, sizeof text);
        CHECK_STR(text, readings[i].expected);
        CHECK(options.keywords[options.count] == NULL);
        ath__pg_options_done(&options);
        ath_url_free(url);
    }
}

TEST(refused_urls) {
    static const char *const rows[][2] = {
        {"postgresql://h/d?sslmod=require", "sslmod"},
        {"postgresql://h/d?ssl=perhaps", "perhaps"},
        {"postgresql://h/d?ssl_verify=perhaps", "ssl_verify"},
        {"postgresql://h/d?client_encoding=latin1", "latin1"},
        {"postgresql://h/d?connect_timeout=soon", "connect_timeout"},
        {"postgresql://h/d?statement_cache_size=all", "statement_cache_size"},
        {"postgresql://h/d?replication=database", "replication"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath__pg_options options;
        test_context("%s", rows[i][0]);
        ath_url *url = ath_url_parse(rows[i][0], &pg_error);
        CHECK_INT(ath__pg_options_read(url, &ath__malloc_allocator, &options, &pg_error), ATH_ARGUMENT);
        CHECK(strstr(pg_error.message, rows[i][1]) != NULL);
        ath__pg_options_done(&options);
        ath_url_free(url);
    }
}

TEST(other_keys) {
    static const struct {
        const char *query;
        int64_t timeout_us;
        const char *zone;
        bool never;
    } rows[] = {
        {"connect_timeout=3", 3000000, NULL, false},
        {"timeout=0.5", 500000, NULL, false},
        {"connect_timeout=0", 0, NULL, false},
        {"connect_timeout=-1", 0, NULL, false},
        {"timezone=Asia/Tokyo", 0, "Asia/Tokyo", false},
        {"statement_cache_size=0", 0, NULL, true},
        {"prepared_statement_cache_size=0", 0, NULL, true},
        {"statement_cache_size=100", 0, NULL, false},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath__pg_options options;
        char text[120];
        snprintf(text, sizeof text, "postgresql://h/d?%s", rows[i].query);
        test_context("%s", text);
        ath_url *url = ath_url_parse(text, &pg_error);
        CHECK_INT(ath__pg_options_read(url, &ath__malloc_allocator, &options, &pg_error), ATH_OK);
        CHECK_INT(options.timeout_us, rows[i].timeout_us);
        CHECK_INT(options.never_prepare, rows[i].never);
        CHECK_STR(options.time_zone ? options.time_zone : "-", rows[i].zone ? rows[i].zone : "-");
        ath__pg_options_done(&options);
        ath_url_free(url);
    }
}

/* Where one host does not answer, the next does; a socket in a folder is a host, too. */
TEST(hosts) {
    TEST_ON(TEST_POSTGRESQL);
    const char *folder = test_environment("POSTGRESQL_SOCKET");
    ath_url *url = ath_url_parse(test_url(TEST_POSTGRESQL), &pg_error);
    char text[500];
    snprintf(text, sizeof text, "postgresql://%s:%s@/%s?host=127.0.0.1:1&host=%s:%d", url->user, url->password,
             url->database, url->host, url->port);
    for (int i = 0; i < (folder ? 2 : 1); i++) {
        if (i)
            snprintf(text, sizeof text, "postgresql+psycopg2://%s:%s@:%d/%s?host=%s", url->user, url->password,
                     url->port, url->database, folder);
        db = ath_engine_open(text, .error = &pg_error);
        c = ath_connect(db, &pg_error);
        CHECK_STR(c ? "" : pg_error.message, "");
        if (c)
            CHECK_INT(pg_int(c, "SELECT count(inet_client_addr())"), i ? 0 : 1);
        ath_connection_close(c);
        ath_engine_close(db);
    }
    ath_url_free(url);
}

static const test_case cases[] = {
    {"what_libpq_is_told", what_libpq_is_told},
    {"refused_urls", refused_urls},
    {"other_keys", other_keys},
    {"hosts", hosts},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
