/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool on real servers: connections that are killed, statements that are ended, tables that change, forks, and a
 * server of the test's own that is restarted under load.
 */
#include "engine/temp.h"
#include "servers.h"

#include <pthread.h>
#include <sys/wait.h>

typedef struct texts {
    const char *number, *sleep, *kill, *change;
} texts;

static const texts *said(void) {
    static const texts all[TEST_DATABASES] = {
        [TEST_POSTGRESQL] = {"SELECT pg_backend_pid()", "SELECT pg_sleep(20)", "SELECT pg_terminate_backend(%lld)",
                             "ALTER TABLE stale ADD COLUMN b INTEGER DEFAULT 7"},
        /* A sleep that is killed gives 1, and with one row the statement may end well: the next row meets the kill. */
        [TEST_MYSQL] = {"SELECT connection_id()", "SELECT sleep(10) FROM (SELECT 1 UNION ALL SELECT 2) AS two",
                        "KILL CONNECTION %lld", "ALTER TABLE stale ADD COLUMN b INTEGER DEFAULT 7"},
    };
    return &all[test_on];
}

static int64_t number_of(ath_connection *c) {
    return ask_int(c, said()->number);
}

static bool kill_connection(int64_t number) {
    char sql[80];
    const char *at = strchr(said()->kill, '%');
    snprintf(sql, sizeof sql, "%.*s%lld%s", (int)(at - said()->kill), said()->kill, (long long)number, at + 4);
    return test_client(test_on, sql, NULL, 0);
}

static void sleep_ms(int ms) {
    struct timespec pause = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

/* ---- killed ---- */

static void kill_idle(ath_engine *db) {
    ath_connection *out[3];
    int64_t numbers[3];
    for (int i = 0; i < 3; i++) {
        out[i] = ath_connect(db);
        numbers[i] = number_of(out[i]);
    }
    for (int i = 0; i < 3; i++)
        ath_connection_close(out[i]);
    for (int i = 0; i < 3; i++)
        CHECK(kill_connection(numbers[i]));
    for (int i = 0; i < 3; i++) {
        out[i] = ath_connect(db);
        CHECK(out[i] != NULL);
        CHECK_INT(run_sql(out[i], "SELECT 1"), ATH_OK);
        for (int k = 0; k < 3; k++)
            CHECK(number_of(out[i]) != numbers[k]);
    }
    for (int i = 0; i < 3; i++)
        ath_connection_close(out[i]);
    CHECK_INT(ath_engine_statistics(db).invalidated, 3);
    CHECK_INT(ath_engine_statistics(db).connections, 6);
}

TEST(killed_while_idle) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("it has no server");
    for (int ping = 0; ping < 2; ping++) {
        ath_engine *db = ath_engine_open(test_url(test_on), .pool_pre_ping = ping);
        kill_idle(db);
        ath_engine_close(db);
    }
}

TEST(killed_in_use) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("it has no server");
    ath_engine *db = ath_engine_open(test_url(test_on));
    ath_connection *c = ath_connect(db);
    CHECK(kill_connection(number_of(c)));
    sleep_ms(100);
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_DISCONNECT);
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_STATE);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK);
    CHECK(kill_connection(number_of(c)));
    sleep_ms(100);
    ath_connection_close(c); /* finds out */
    c = ath_connect(db);
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- ended ---- */

TEST(statements_are_overtaken) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("it has no server");
    ath_engine *db = ath_engine_open(test_url(test_on), .statement_timeout_ms = 100, .pool_size = 1);
    ath_connection *c = ath_connect(db);
    int64_t number = number_of(c);
    for (int i = 0; i < 5; i++) {
        CHECK_INT(run_sql(c, said()->sleep), ATH_TIMEOUT);
        CHECK_INT(ath_rollback(c), ATH_OK);
        CHECK_INT(number_of(c), number);
    }
    ath_connection_close(c);
    ath_engine_close(db);
}

typedef struct sleeping {
    ath_engine *db;
    _Atomic(ath_connection *) connection;
    _Atomic bool over;
    ath_status status;
    char sqlstate[6];
} sleeping;

static void *go_to_sleep(void *argument) {
    sleeping *s = argument;
    ath_connection *c = ath_connect(s->db);
    s->connection = c;
    s->status = run_sql(c, said()->sleep);
    snprintf(s->sqlstate, sizeof s->sqlstate, "%s", ath_error(c)->sqlstate);
    s->over = true;
    while (s->connection)
        sleep_ms(0);
    ath_connection_close(c);
    return NULL;
}

TEST(many_are_cancelled) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("it has no server");
    ath_engine *db = ath_engine_open(test_url(test_on), .pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW);
    ath_connection *c = ath_connect(db);
    int64_t number = number_of(c);
    ath_connection_close(c);
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        sleeping s = {.db = db};
        pthread_create(&thread, NULL, go_to_sleep, &s);
        while (!s.over) {
            if (s.connection)
                CHECK_INT(ath_connection_cancel(s.connection, NULL), ATH_OK);
            sleep_ms(1);
        }
        s.connection = NULL;
        pthread_join(thread, NULL);
        CHECK_INT(s.status, ATH_OPERATIONAL);
        CHECK_STR(s.sqlstate, "57014");
        c = ath_connect(db);
        CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK);
        ath_connection_close(c);
    }
    c = ath_connect(db);
    CHECK_INT(number_of(c), number);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- tables change ---- */

static int64_t columns_of(ath_connection *c) {
    ath_result *r = ath_execute(c, ath_text("SELECT * FROM stale WHERE a = :a", ath_bind("a", 1)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    int64_t count = row ? (int64_t)ath_result_column_count(r) : -1;
    ath_result_close(r);
    return count;
}

TEST(tables_change_under_a_statement) {
    ath_engine *db = ath_engine_open(test_url(test_on));
    ath_connection *c = ath_connect(db), *other = ath_connect(db);
    run_sql(c, "CREATE TABLE stale (a INTEGER)");
    run_sql(c, "INSERT INTO stale VALUES (1)");
    CHECK_INT(ath_commit(c), ATH_OK);
    for (int i = 0; i < 3; i++)
        CHECK_INT(columns_of(c), 1);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(
        run_sql(other, test_on == TEST_SQLITE ? "ALTER TABLE stale ADD COLUMN b INTEGER DEFAULT 7" : said()->change),
        ATH_OK);
    CHECK_INT(ath_commit(other), ATH_OK);
    CHECK_INT(columns_of(c), 2);
    CHECK_INT(ath_error(c)->status, ATH_OK);
    ath_connection_close(c);
    ath_connection_close(other);
    ath_engine_close(db);
}

TEST(statements_are_forgotten_by_the_server) {
    if (test_on != TEST_POSTGRESQL)
        TEST_SKIP("PostgreSQL's");
    ath_engine *db = ath_engine_open(test_url(test_on));
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < 3; i++)
        CHECK_INT(ask_int(c, "SELECT 41 + 1"), 42);
    CHECK_INT(run_sql(c, "DEALLOCATE ALL"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT 41 + 1"), 42);
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    ath_engine_close(db);
    db = ath_engine_open(test_url(test_on), .prepare = ATH_NEVER);
    c = ath_connect(db);
    for (int i = 0; i < 3; i++)
        CHECK_INT(ask_int(c, "SELECT 41 + 1"), 42);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM pg_prepared_statements"), 0);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- forks ---- */

static bool child_works(ath_engine *db, int64_t parents) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        ath_connection *c = ath_connect(db);
        int64_t number = c ? number_of(c) : parents;
        ath_connection_close(c);
        ath_engine_close(db);
        _exit(number == parents);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(a_child_leaves_the_server_alone) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("it has no server");
    ath_engine *db = ath_engine_open(test_url(test_on), .pool_size = 1);
    ath_connection *c = ath_connect(db);
    int64_t number = number_of(c);
    ath_connection_close(c);
    for (int i = 0; i < 3; i++)
        CHECK(child_works(db, number));
    c = ath_connect(db);
    CHECK_INT(number_of(c), number); /* alive, and in step */
    for (int i = 0; i < 3; i++)
        CHECK_INT(ask_int(c, "SELECT 41 + 1"), 42);
    ath_connection_close(c);
    CHECK_INT(ath_engine_statistics(db).connections, 1);
    ath_engine_close(db);
}

/* ---- a server of the test's own ---- */

typedef struct load {
    ath_engine *db;
    _Atomic bool over;
    _Atomic int done, failed, twice;
    char example[600];
} load;

static ath_status one_piece(load *l, bool by_session, ath_error *error) {
    ath_status status = ATH_OK;
    if (by_session) {
        ath_session *s = ath_session_open(l->db);
        ath_result *r = ath_execute(s, ath_text("INSERT INTO work VALUES (1)"));
        ath_result_close(r);
        if (!r || ath_commit(s) != ATH_OK)
            *error = *ath_error(s), status = error->status;
        ath_session_close(s);
        return status;
    }
    ath_connection *c = ath_connect(l->db, error);
    if (!c)
        return error->status;
    if (run_sql(c, "SELECT count(*) FROM work") != ATH_OK || ath_commit(c) != ATH_OK)
        *error = *ath_error(c), status = error->status;
    ath_connection_close(c);
    return status;
}

static void *work(void *argument) {
    load *l = argument;
    static _Atomic int turn;
    bool by_session = turn++ % 2;
    for (int in_a_row = 0; !l->over;) {
        ath_error error = {0};
        ath_status status = one_piece(l, by_session, &error);
        in_a_row = status == ATH_OK ? 0 : in_a_row + 1;
        l->done += status == ATH_OK;
        l->failed += status != ATH_OK;
        if (in_a_row == 2 && l->twice++ == 0)
            snprintf(l->example, sizeof l->example, "%s: %s", ath_status_name(status), error.message);
    }
    return NULL;
}

/* In /tmp: the folder of a test is its own user's, whom servers do not run as. */
static bool script(const char *verb, const char *folder) {
    char command[400];
    const char *root = getenv("ATHANOR_SOURCE");
    snprintf(command, sizeof command, "TMPDIR=/tmp ATHANOR_SERVERS=%s '%s/tools/servers.sh' %s '%s' >>servers.log 2>&1",
             test_database_name(test_on), root ? root : ".", verb, folder);
    return system(command) == 0;
}

/* The URL in the script's `env`. */
static bool url_in(const char *folder, char url[300]) {
    char path[240], line[400];
    bool found = false;
    snprintf(path, sizeof path, "%s/env", folder);
    FILE *file = fopen(path, "r");
    while (file && !found && fgets(line, sizeof line, file)) {
        found =
            sscanf(line,
                   test_on == TEST_MYSQL ? "export ATHANOR_TEST_MYSQL=%199s" : "export ATHANOR_TEST_POSTGRESQL=%199s",
                   url) == 1;
    }
    if (file)
        fclose(file);
    return found;
}

static void load_and(load *l, const char *verb, const char *folder) {
    pthread_t threads[16];
    l->over = false;
    for (int i = 0; i < 16; i++)
        pthread_create(&threads[i], NULL, work, l);
    sleep_ms(300);
    int before = l->done;
    CHECK(before > 0);
    CHECK(script(verb, folder));
    for (int i = 0; i < 20000 && l->done < before + 200; i++)
        sleep_ms(1);
    l->over = true;
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    CHECK(l->done >= before + 200);
}

/* MySQL's superuser comes without a database. */
static void make_database(char url[300]) {
    ath_engine *db = ath_engine_open(url);
    ath_connection *c = ath_connect(db);
    CHECK_INT(run_sql(c, "CREATE DATABASE test_of_the_pool"), ATH_OK);
    ath_connection_close(c);
    ath_engine_close(db);
    snprintf(url + strlen(url), 300 - strlen(url), "test_of_the_pool");
}

static void restart_under_load(const char *folder) {
    char url[300];
    static load l;
    l = (load){0};
    CHECK(url_in(folder, url));
    if (test_on == TEST_MYSQL)
        make_database(url);
    l.db = ath_engine_open(url, .reconnect_ms = 30000);
    ath_connection *c = ath_connect(l.db);
    CHECK_INT(run_sql(c, "CREATE TABLE work (n INTEGER)"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    load_and(&l, "restart", folder);
    load_and(&l, "kill", folder);
    if (l.twice)
        printf("# %s\n", l.example);
    CHECK_INT(l.twice, 0);
    CHECK(l.failed <= 2 * 16);
    CHECK(ath_engine_statistics(l.db).invalidated > 0);
    CHECK_INT(ath_engine_statistics(l.db).checked_out, 0);
    ath_engine_close(l.db);
}

TEST(a_server_is_restarted_under_load) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("it has no server");
    char here[200], folder[220];
    if (!getcwd(here, sizeof here))
        TEST_SKIP("the folder has too long a name");
    snprintf(folder, sizeof folder, "%s/own-servers", here);
    bool started = script("start", folder);
    CHECK(started);
    if (started)
        restart_under_load(folder);
    CHECK(script("stop", folder));
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"killed_while_idle", killed_while_idle},
        {"killed_in_use", killed_in_use},
        {"statements_are_overtaken", statements_are_overtaken},
        {"many_are_cancelled", many_are_cancelled},
        {"tables_change_under_a_statement", tables_change_under_a_statement},
        {"statements_are_forgotten_by_the_server", statements_are_forgotten_by_the_server},
        {"a_child_leaves_the_server_alone", a_child_leaves_the_server_alone},
        {"a_server_is_restarted_under_load", a_server_is_restarted_under_load},
    };
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
