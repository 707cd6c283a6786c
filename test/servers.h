/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests that need a server, or run on every database.  The environment says where the servers are
 * (tools/servers.sh): ATHANOR_TEST_POSTGRESQL and ATHANOR_TEST_MYSQL are URLs of a superuser.  A program gets databases of
 * its own, which are dropped when it ends; they are made with psql and mariadb, so that a broken driver cannot hide.
 *
 *     TEST(connects) {
 *         TEST_ON(TEST_POSTGRESQL);                          // skipped when there is no server
 *         ath_engine *db = ath_engine_open(test_url(TEST_POSTGRESQL));
 *
 * Or, to run every case once per database, with the one of the day in test_on:
 *
 *     TEST(connects) { ath_engine *db = ath_engine_open(test_url(test_on)); ... }
 *     int main(int argc, char **argv) { return test_main_on_each(argc, argv, cases, TEST_COUNT(cases)); }
 *
 * Without a server a test is skipped, and fails when ATHANOR_TEST_REQUIRE_SERVERS=1; so does what else is there only
 * beside the servers (TEST_LACKS).
 */
#ifndef ATH_TEST_SERVERS_H
#define ATH_TEST_SERVERS_H

#include "test.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef ATH_HAVE_POSTGRESQL
#define ATH_HAVE_POSTGRESQL 0
#endif
#ifndef ATH_HAVE_MYSQL
#define ATH_HAVE_MYSQL 0
#endif

typedef enum test_database { TEST_SQLITE, TEST_POSTGRESQL, TEST_MYSQL, TEST_DATABASES } test_database;

static test_database test_on; /* the database of the running case, under test_main_on_each */

/* As in URLs. */
static inline const char *test_database_name(test_database database) {
    static const char *const names[] = {"sqlite", "postgresql", "mysql"};
    return names[database];
}

/* A variable that tools/servers.sh sets: for "TLS_DIR", ATHANOR_TEST_TLS_DIR.  NULL: not there. */
static inline const char *test_environment(const char *name) {
    char variable[80];
    snprintf(variable, sizeof variable, "ATHANOR_TEST_%s", name);
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The superuser's URL, or NULL when there is no server. */
static inline const char *test_server(test_database database) {
    return database == TEST_SQLITE ? NULL : test_environment(database == TEST_POSTGRESQL ? "POSTGRESQL" : "MYSQL");
}

/* Why tests on a database cannot run here; NULL: they can. */
static inline const char *test_why_not(test_database database) {
    if ((database == TEST_POSTGRESQL && !ATH_HAVE_POSTGRESQL) || (database == TEST_MYSQL && !ATH_HAVE_MYSQL))
        return "not built in";
    return database == TEST_SQLITE || test_server(database) != NULL ? NULL : "no server";
}

static inline bool test_requires_servers(void) {
    const char *required = test_environment("REQUIRE_SERVERS");
    return required != NULL && strcmp(required, "1") == 0;
}

/* Skips the running test where there is no such server, or fails it where there has to be one. */
#define TEST_ON(database)                                                                                              \
    do {                                                                                                               \
        const char *test_why_ = test_why_not(database);                                                                \
        if (test_why_ != NULL && test_requires_servers())                                                              \
            test_failed_(__FILE__, __LINE__, "%s: %s", test_database_name(database), test_why_);                       \
        if (test_why_ != NULL)                                                                                         \
            TEST_SKIP(test_why_);                                                                                      \
    } while (0)

/* Ends the running test, which something that `make test` has is missing for: skipped, or failed where it has to be. */
#define TEST_LACKS(why)                                                                                                \
    do {                                                                                                               \
        if (test_requires_servers())                                                                                   \
            test_failed_(__FILE__, __LINE__, "%s", why);                                                               \
        TEST_SKIP(why);                                                                                                \
    } while (0)

/* ---- running psql and mariadb ---- */

typedef struct test_place_ {
    char user[64], password[64], host[64], port[16], database[64];
} test_place_;

/* scheme://user:password@host:port/database, as tools/servers.sh writes it. */
static inline bool test_place_of_(const char *url, test_place_ *out) {
    memset(out, 0, sizeof *out);
    int n = sscanf(url, "%*[a-z]://%63[^:@/]:%63[^@/]@%63[^:/]:%15[0-9]/%63[^?]", out->user, out->password, out->host,
                   out->port, out->database);
    return n >= 4;
}

/* Runs the database's own client with one piece of SQL, as the superuser; what it prints goes to `out` (may be NULL), its
 * last newline cut.  False when it fails. */
static inline bool test_client(test_database database, const char *sql, char *out, size_t size) {
    test_place_ place;
    int pipes[2];
    const char *url = test_server(database);
    if (url == NULL || !test_place_of_(url, &place) || pipe(pipes) != 0)
        return false;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], STDOUT_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        if (database == TEST_POSTGRESQL)
            execlp("psql", "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql, (char *)NULL);
        setenv("MYSQL_PWD", place.password, 1);
        execlp("mariadb", "mariadb", "--no-defaults", "--default-character-set=utf8mb4", "-N", "-B", "-u", place.user,
               "-h", place.host, "-P", place.port, "-e", sql, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    size_t used = 0;
    char rest[256];
    for (ssize_t n; (n = read(pipes[0], rest, sizeof rest)) > 0;)
        for (ssize_t i = 0; i < n && out != NULL && used + 1 < size; i++)
            out[used++] = rest[i];
    close(pipes[0]);
    if (out != NULL && size > 0)
        out[used > 0 && out[used - 1] == '\n' ? used - 1 : used] = '\0';
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- databases of the program's own ---- */

enum { TEST_MOST_DATABASES = 64 };
static struct {
    test_database database;
    char name[64];
} test_made_[TEST_MOST_DATABASES];
static size_t test_made_count_;
static pid_t test_maker_; /* the process that drops them: not one forked from it */

static inline void test_drop_all_(void) {
    char sql[160];
    for (size_t i = 0; i < test_made_count_ && getpid() == test_maker_; i++) {
        snprintf(sql, sizeof sql,
                 test_made_[i].database == TEST_POSTGRESQL ? "DROP DATABASE IF EXISTS %s WITH (FORCE)"
                                                           : "DROP DATABASE IF EXISTS %s",
                 test_made_[i].name);
        if (test_made_[i].database != TEST_SQLITE && !test_client(test_made_[i].database, sql, NULL, 0))
            fprintf(stderr, "%s was not dropped\n", test_made_[i].name);
    }
    test_made_count_ = 0;
}

static inline bool test_make_(test_database database, const char *name) {
    char sql[160];
    if (test_made_count_ == TEST_MOST_DATABASES)
        return false;
    snprintf(sql, sizeof sql,
             database == TEST_POSTGRESQL ? "CREATE DATABASE %s TEMPLATE template0"
                                         : "CREATE DATABASE %s CHARACTER SET utf8mb4",
             name);
    if (database != TEST_SQLITE && !test_client(database, sql, NULL, 0))
        return false;
    if (test_maker_ == 0)
        atexit(test_drop_all_);
    test_maker_ = getpid();
    test_made_[test_made_count_].database = database;
    snprintf(test_made_[test_made_count_++].name, sizeof test_made_[0].name, "%s", name);
    return true;
}

/* The URL of a new, empty database, in one of eight turning buffers; "" after a failure, which is recorded.  SQLite's is a
 * file in the folder the program runs in. */
static inline const char *test_fresh_url(test_database database) {
    static char urls[8][320];
    static unsigned turn, number;
    char name[64];
    test_place_ place;
    struct timespec now;
    char *url = urls[turn++ % 8];
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(name, sizeof name, "athanor_%ld_%lx%lx_%u", (long)getpid(), (unsigned long)now.tv_sec,
             (unsigned long)now.tv_nsec, number++);
    url[0] = '\0';
    if (database == TEST_SQLITE)
        snprintf(url, sizeof urls[0], "sqlite:///%s.db", name);
    else if (test_server(database) == NULL || !test_place_of_(test_server(database), &place) ||
             !test_make_(database, name))
        test_failed_(__FILE__, __LINE__, "no database was made on %s", test_database_name(database));
    else
        snprintf(url, sizeof urls[0], "%s://%s:%s@%s:%s/%s", test_database_name(database), place.user, place.password,
                 place.host, place.port, name);
    return url;
}

/* The URL of the program's own database on that server, made at the first use. */
static inline const char *test_url(test_database database) {
    static char urls[TEST_DATABASES][320];
    if (urls[database][0] == '\0')
        snprintf(urls[database], sizeof urls[database], "%s", test_fresh_url(database));
    return urls[database];
}

/* ---- a program for all databases ---- */

static inline void test_no_server_(void) {
    TEST_ON(test_on);
}

/* Whether the arguments (cases' names, databases' names) ask for this case on test_on. */
static inline bool test_is_wanted_(int argc, char **argv, const char *name) {
    bool on_this = true, by_name = true;
    for (int i = 1; i < argc; i++) {
        bool is_database = false;
        for (int d = 0; d < TEST_DATABASES; d++)
            is_database = is_database || strcmp(argv[i], test_database_name((test_database)d)) == 0;
        if (is_database)
            on_this = strcmp(argv[i], test_database_name(test_on)) == 0;
        else
            by_name = strcmp(argv[i], name) == 0;
    }
    return on_this && by_name;
}

/* Runs every case on every database: "ok name on sqlite".  Arguments: a case's name, a database's name, or both. */
static inline int test_main_on_each(int argc, char **argv, const test_case *cases, size_t count) {
    test_sum sum = {0, 0, 0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (test_on = TEST_SQLITE; test_on < TEST_DATABASES; test_on++)
        for (size_t i = 0; i < count; i++) {
            test_case one = {cases[i].name, test_why_not(test_on) != NULL ? test_no_server_ : cases[i].run};
            if (test_is_wanted_(argc, argv, one.name))
                test_run_(&one, test_database_name(test_on), &sum);
        }
    return test_end_(&sum);
}

#endif
