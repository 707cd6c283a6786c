/* SPDX-License-Identifier: Apache-2.0
 *
 * Client libraries are loaded when a URL names their database, and not before; a machine without them is told what to install.
 * This program's own dlopen stands before the C library's, so that a library can be away.
 */
#include "test.h"

#include <dlfcn.h>
#include <pthread.h>

#include <athanor/athanor.h>

#include "base/library.h"

static const char *away; /* a part of the name of what cannot be loaded; NULL: all is there */
static atomic_int loads; /* of client libraries */

void *dlopen(const char *file, int mode) {
    void *next = dlsym(RTLD_NEXT, "dlopen"), *(*real)(const char *, int) = NULL;
    memcpy(&real, &next, sizeof real);
    if (file && (strstr(file, "libpq") || strstr(file, "libmariadb")))
        atomic_fetch_add(&loads, 1);
    return real(file && away && strstr(file, away) ? "libathanor-is-away.so.0" : file, mode);
}

static bool is_mapped(const char *name) {
    char line[4096];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps != NULL);
    while (maps && fgets(line, sizeof line, maps))
        found = found || strstr(line, name) != NULL;
    if (maps)
        fclose(maps);
    return found;
}

/* Port 1: nobody listens. */
static ath_status connect_to(const char *url, ath_error *error) {
    ath_engine *engine = ath_engine_open(url, .error = error);
    if (!engine)
        return error->status;
    ath_connection *c = ath_connect(engine, error);
    ath_status status = c ? ATH_OK : error->status;
    ath_connection_close(c);
    ath_engine_close(engine);
    return status;
}

static void check_is_away(const char *url, const char *library, const char *package) {
    ath_error error;
    CHECK(!is_mapped(library));
    away = library;
    for (int i = 0; i < 2; i++) { /* it is looked for again */
        CHECK_INT(connect_to(url, &error), ATH_NOT_SUPPORTED);
        CHECK(strstr(error.message, "cannot be loaded") != NULL);
        CHECK(strstr(error.message, "-- hint: install ") != NULL);
        test_context("%s", error.message);
        CHECK(strstr(error.message, package) != NULL);
    }
    away = NULL;
    CHECK(!is_mapped(library));
    CHECK_INT(connect_to(url, &error), ATH_OPERATIONAL);
    CHECK(is_mapped(library));
}

/* The first: nothing was loaded yet. */
TEST(sqlite_needs_no_client) {
    ath_error error;
#if !ATH_LOAD_CLIENTS
    TEST_SKIP("client libraries are linked");
#endif
    CHECK_INT(connect_to("sqlite:///:memory:", &error), ATH_OK);
    CHECK(is_mapped("libsqlite3"));
    CHECK(!is_mapped("libpq"));
    CHECK(!is_mapped("libmariadb"));
    CHECK_INT(atomic_load(&loads), 0);
}

TEST(postgresql_away) {
#if !ATH_LOAD_CLIENTS || !ATH_HAVE_POSTGRESQL
    TEST_SKIP("libpq is not loaded in this build");
#endif
    check_is_away("postgresql://nobody@127.0.0.1:1/nothing", "libpq", "libpq5");
}

static void *connect_once(void *argument) {
    ath_error error;
    (void)argument;
    return connect_to("mysql://nobody@127.0.0.1:1/nothing", &error) == ATH_OPERATIONAL ? argument : NULL;
}

/* Of several threads that come first at once, one loads. */
TEST(mysql_away_then_many) {
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
#if !ATH_LOAD_CLIENTS || !ATH_HAVE_MYSQL
    TEST_SKIP("libmariadb is not loaded in this build");
#endif
    ath_error error;
    away = "libmariadb";
    CHECK_INT(connect_to("mysql://nobody@127.0.0.1:1/nothing", &error), ATH_NOT_SUPPORTED);
    CHECK(strstr(error.message, "libmariadb3") != NULL);
    away = NULL;
    int before = atomic_load(&loads);
    for (size_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, connect_once, &loads) == 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *result = NULL;
        CHECK(pthread_join(threads[i], &result) == 0 && result == &loads);
    }
    CHECK_INT(atomic_load(&loads) - before, 1);
}

/* A library that is older than its header was. */
TEST(function_away) {
    double (*cosine)(double) = NULL, (*nothing)(double) = NULL;
    const ath__library_call calls[] = {{"cos", &cosine}, {"ath_is_not_there", &nothing}};
    ath__library library = {.file = "libm.so.6",
                            .title = "The library of numbers",
                            .hint = "install another",
                            .calls = calls,
                            .count = 2,
                            .mutex = PTHREAD_MUTEX_INITIALIZER};
    ath_error error;
    CHECK_INT(ath__library_load(&library, &error), ATH_NOT_SUPPORTED);
    CHECK(strstr(error.message, "The library of numbers cannot be loaded: ") == error.message);
    CHECK(strstr(error.message, "ath_is_not_there") != NULL);
    CHECK(strstr(error.message, " -- hint: install another") != NULL);
    library.count = 1;
    CHECK_INT(ath__library_load(&library, &error), ATH_OK);
    CHECK(cosine && cosine(0) == 1.0);
}

static const test_case cases[] = {{"sqlite_needs_no_client", sqlite_needs_no_client},
                                  {"postgresql_away", postgresql_away},
                                  {"mysql_away_then_many", mysql_away_then_many},
                                  {"function_away", function_away}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
