/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB through the engine: connections, URLs, results side by side, transactions as the server sees them.
 */
#include "mysqling.h"

static ath_engine *db;
static ath_connection *c;

static void begin(void) {
    db = my_engine("");
    c = ath_connect(db, &my_error);
    CHECK_STR(c ? "" : my_error.message, "");
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- connecting ---- */

TEST(connects) {
    TEST_ON(TEST_MYSQL);
    begin();
    CHECK_INT(my_int(c, "SELECT 41 + 1"), 42);
    CHECK_STR(c->dialect->title, "MariaDB");
    CHECK(c->dialect->version >= 100500);
    CHECK_INT(my_int(c, "SELECT @@autocommit"), 1);
    CHECK_INT(my_int(c, "SELECT @@time_zone = '+00:00'"), 1);
    CHECK_INT(my_int(c, "SELECT @@sql_mode LIKE '%STRICT_ALL_TABLES%'"), 1);
    CHECK_INT(my_int(c, "SELECT @@character_set_client = 'utf8mb4' AND @@character_set_results = 'utf8mb4'"), 1);
    end();
}

static ath_status status_of(const char *query, char *message, size_t size) {
    ath_error error = {0};
    char url[500];
    snprintf(url, sizeof url, "%s%s", test_url(TEST_MYSQL), query);
    ath_engine *e = ath_engine_open(url, .error = &error);
    ath_connection *one = e ? ath_connect(e, &error) : NULL;
    if (one)
        error.status = my_int(one, "SELECT 1") == 1 ? ATH_OK : ATH_INTERNAL;
    snprintf(message, size, "%s", error.message);
    ath_connection_close(one);
    ath_engine_close(e);
    return error.status;
}

TEST(keys_of_urls) {
    TEST_ON(TEST_MYSQL);
    static const struct {
        const char *query;
        ath_status status;
        const char *says;
    } rows[] = {
        {"?charset=utf8mb4", ATH_OK, ""},
        {"?charset=utf8mb4&use_unicode=1&connect_timeout=5&read_timeout=30&write_timeout=30", ATH_OK, ""},
        {"?collation=utf8mb4_bin&program_name=tests&autocommit=false&local_infile=0&compress=true", ATH_OK, ""},
        {"?ssl_mode=DISABLED", ATH_OK, ""},
        {"?sslmode=prefer", ATH_OK, ""},
        {"?sslmode=require", ATH_OK, ""},
        {"?ssl=true", ATH_OK, ""},
        {"?init_command=SET%20@x%20=%201", ATH_OK, ""},
        {"?init_command=NONSENSE", ATH_PROGRAMMING, "NONSENSE"},
        {"?charset=latin1", ATH_ARGUMENT, "charset=latin1"},
        {"?connect_timeout=soon", ATH_ARGUMENT, "connect_timeout=soon"},
        {"?autocommit=true", ATH_ARGUMENT, "autocommit=true"},
        {"?colour=blue", ATH_ARGUMENT, "'colour'"},
        {"?collation=x;y", ATH_ARGUMENT, "collation="},
        {"?collation=utf8mb4_nowhere", ATH_OPERATIONAL, "utf8mb4_nowhere"},
        {"?sslmode=perhaps", ATH_ARGUMENT, "sslmode=perhaps"},
        {"?local_infile=2", ATH_ARGUMENT, "local_infile=2"},
    };
    char message[512];
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].query);
        CHECK_INT(status_of(rows[i].query, message, sizeof message), rows[i].status);
        if (!strstr(message, rows[i].says))
            CHECK_STR(message, rows[i].says);
    }
    test_context("%s", "");
}

TEST(drivers_and_names_of_urls) {
    TEST_ON(TEST_MYSQL);
    static const char *const names[] = {"mariadb",        "mysql+pymysql", "mysql+asyncmy",
                                        "mysql+aiomysql", "mysql+mysqldb", "mariadb+mariadbconnector"};
    for (size_t i = 0; i < TEST_COUNT(names); i++) {
        char url[500];
        test_context("%s", names[i]);
        snprintf(url, sizeof url, "%s%s", names[i], strstr(test_url(TEST_MYSQL), "://"));
        ath_engine *e = ath_engine_open(url, .error = &my_error);
        ath_connection *one = ath_connect(e, &my_error);
        CHECK_STR(one ? "" : my_error.message, "");
        CHECK_INT(one ? my_int(one, "SELECT 1") : 0, 1);
        ath_connection_close(one);
        ath_engine_close(e);
    }
    test_context("%s", "");
}

TEST(unix_sockets) {
    TEST_ON(TEST_MYSQL);
    const char *socket = test_environment("MYSQL_SOCKET");
    if (!socket)
        TEST_LACKS("no socket");
    char query[300], message[512];
    snprintf(query, sizeof query, "?unix_socket=%s", socket);
    CHECK_INT(status_of(query, message, sizeof message), ATH_OK);
    CHECK_INT(status_of("?unix_socket=/nowhere.sock", message, sizeof message), ATH_OPERATIONAL);
    CHECK(strstr(message, "/nowhere.sock") != NULL);
}

TEST(refused_connections) {
    TEST_ON(TEST_MYSQL);
    test_place_ place;
    char url[400];
    ath_error error;
    test_place_of_(test_server(TEST_MYSQL), &place);
    const struct {
        const char *password, *port, *database;
        int number;
    } rows[] = {{"wrong", place.port, "", 1045},
                {place.password, "1", "", 2003},
                {place.password, place.port, "nowhere", 1049}};
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%d", rows[i].number);
        snprintf(url, sizeof url, "mysql://%s:%s@%s:%s/%s", place.user, rows[i].password, place.host, rows[i].port,
                 rows[i].database);
        ath_engine *e = ath_engine_open(url);
        CHECK(ath_connect(e, &error) == NULL);
        CHECK_INT(error.status, ATH_OPERATIONAL);
        CHECK_INT(error.native_code, rows[i].number == 2003 ? 2002 : rows[i].number);
        CHECK(strstr(error.message, "wrong") == NULL);
        ath_engine_close(e);
    }
    test_context("%s", "");
}

/* ---- statements ---- */

TEST(statements_and_counts) {
    TEST_ON(TEST_MYSQL);
    begin();
    my_run(c, "CREATE OR REPLACE TABLE t (id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(20))");
    ath_result *r = ath_execute(c, ath_text("INSERT INTO t (name) VALUES (:a)", ath_bind("a", "x")));
    CHECK_INT(ath_result_rowcount(r), 1);
    CHECK_INT(ath_result_inserted_id(r), 1);
    ath_result_close(r);
    r = ath_execute(c, ath_text("INSERT INTO t (name) VALUES ('y'), ('z') RETURNING id, name"));
    const ath_row *row = ath_fetch(r);
    CHECK_INT(ath_row_int(row, 0), 2);
    CHECK_STR(ath_row_text(row, 1), "y");
    CHECK_STR(ath_result_column_name(r, 1), "name");
    row = ath_fetch(r);
    CHECK_INT(ath_row_int(row, 0), 3);
    CHECK(ath_fetch(r) == NULL);
    ath_result_close(r);
    r = ath_execute(c, ath_text("UPDATE t SET name = name")); /* matched, not changed */
    CHECK_INT(ath_result_rowcount(r), 3);
    ath_result_close(r);
    CHECK_INT(my_try(c, "SELECT 1; SELECT 2"), ATH_PROGRAMMING);
    CHECK_INT(my_try(c, ""), ATH_PROGRAMMING);
    CHECK_INT(my_int(c, "SELECT 7;"), 7);
    CHECK(ath_execute(c, ath_text("SELECT ?")) == NULL); /* a placeholder without a value */
    end();
}

/* What the server does not prepare is sent as text; there, rows cannot be read. */
TEST(statements_that_cannot_be_prepared) {
    TEST_ON(TEST_MYSQL);
    begin();
    CHECK_INT(my_try(c, "PREPARE p FROM 'SELECT 1'"), ATH_OK);
    CHECK_INT(my_try(c, "EXECUTE p"), ATH_NOT_SUPPORTED);
    CHECK_INT(my_try(c, "DEALLOCATE PREPARE p"), ATH_OK);
    CHECK_INT(my_try(c, "DEALLOCATE PREPARE p"), ATH_OPERATIONAL);
    CHECK_INT(my_int(c, "SELECT 1"), 1);
    end();
}

/* The last column is as long as it wants to be, and both ends of its text are where they should be. */
TEST(long_values) {
    TEST_ON(TEST_MYSQL);
    enum { SIZE = 3 * 1024 * 1024 };
    begin();
    char *text = malloc(SIZE + 1);
    memset(text, 'x', SIZE);
    text[0] = '<';
    text[SIZE - 1] = '>';
    text[SIZE] = '\0';
    ath_result *r = ath_execute(c, ath_text("SELECT :n, :t", ath_bind("n", 5), ath_bind("t", text)));
    const ath_row *row = ath_result_one(r);
    CHECK_INT(ath_row_int(row, 0), 5);
    CHECK_INT((long long)ath_row_at(row, 1)->as.text.size, SIZE);
    CHECK(row && strcmp(ath_row_text(row, 1), text) == 0);
    ath_result_close(r);
    free(text);
    end();
}

TEST(what_the_server_takes_is_asked_first) {
    TEST_ON(TEST_MYSQL);
    begin();
    size_t size = (size_t)my_int(c, "SELECT @@max_allowed_packet");
    char *text = calloc(1, size + 1);
    memset(text, 'x', size);
    CHECK(ath_execute(c, ath_text("SELECT length(:t)", ath_bind("t", text))) == NULL);
    CHECK_INT(ath_connection_error(c)->status, ATH_DATA);
    CHECK(strstr(ath_connection_error(c)->message, "max_allowed_packet") != NULL);
    CHECK_INT(my_int(c, "SELECT 1"), 1); /* the connection has not suffered */
    free(text);
    end();
}

/* ---- results side by side ---- */

TEST(results_side_by_side) {
    TEST_ON(TEST_MYSQL);
    begin();
    ath_result *a = ath_execute(c, ath_text("SELECT seq, concat('a', seq) FROM seq_1_to_2000"));
    const ath_row *row = ath_fetch(a);
    const char *first = ath_row_text(row, 1);
    ath_result *b = ath_execute(c, ath_text("SELECT seq, concat('b', seq), NULL FROM seq_1_to_2000"));
    CHECK_STR(first, "a1"); /* the row stays where it is */
    for (int i = 1; i <= 2000; i++) {
        const ath_row *other = ath_fetch(b);
        char expected[16];
        snprintf(expected, sizeof expected, "b%d", i);
        CHECK_INT(ath_row_int(other, 0), i);
        CHECK_STR(ath_row_text(other, 1), expected);
        CHECK(ath_row_is_null(other, 2));
        expected[0] = 'a';
        CHECK_INT(ath_row_int(row, 0), i);
        CHECK_STR(ath_row_text(row, 1), expected);
        row = ath_fetch(a);
        if (i == 1000)
            CHECK_INT(my_int(c, "SELECT 3"), 3); /* a third one between them */
    }
    CHECK(row == NULL && ath_fetch(b) == NULL);
    ath_result_close(a);
    ath_result_close(b);
    end();
}

/* The same shape twice: the second run gets a prepared statement of its own. */
TEST(one_statement_twice) {
    TEST_ON(TEST_MYSQL);
    begin();
    ath_result *a = ath_execute(c, ath_text("SELECT seq FROM seq_1_to_10"));
    ath_fetch(a);
    ath_result *b = ath_execute(c, ath_text("SELECT seq FROM seq_1_to_10"));
    for (int i = 1; i <= 10; i++)
        CHECK_INT(ath_row_int(ath_fetch(b), 0), i);
    for (int i = 2; i <= 10; i++)
        CHECK_INT(ath_row_int(ath_fetch(a), 0), i);
    ath_result_close(a);
    ath_result_close(b);
    end();
}

/* A failure that came behind rows which were taken into memory is told behind them. */
TEST(a_failure_behind_rows) {
    TEST_ON(TEST_MYSQL);
    begin();
    static const char sql[] = "SELECT seq, IF(seq < 4000, 1, (SELECT 1 UNION SELECT seq)) FROM seq_1_to_5000";
    ath_result *r = ath_execute(c, ath_text(sql));
    int rows = ath_fetch(r) != NULL;
    CHECK_INT(my_int(c, "SELECT 1"), 1);
    while (ath_fetch(r))
        rows++;
    CHECK(rows > 0 && rows < 5000);
    CHECK_INT(ath_result_error(r)->status, ATH_PROGRAMMING);
    CHECK_INT(ath_result_error(r)->native_code, 1242);
    ath_result_close(r);
    end();
}

/* Closing early ends the query on the server, and what is left of its answer disturbs nobody. */
TEST(results_closed_early) {
    TEST_ON(TEST_MYSQL);
    begin();
    for (int i = 0; i < 3; i++) {
        ath_result *r = ath_execute(c, ath_text("SELECT seq, repeat('x', 100) FROM seq_1_to_100000000"));
        CHECK_INT(ath_row_int(ath_fetch(r), 0), 1);
        ath_result_close(r);
        CHECK_INT(my_int(c, "SELECT 5"), 5);
    }
    CHECK_INT(ath_commit(c), ATH_OK);
    end();
}

TEST(procedures) {
    TEST_ON(TEST_MYSQL);
    begin();
    my_run(c, "CREATE OR REPLACE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b, 3 AS c; END");
    ath_result *r = ath_execute(c, ath_text("CALL two()"));
    CHECK_INT(ath_row_int(ath_fetch(r), 0), 1);
    CHECK(ath_fetch(r) == NULL); /* further results are left out */
    ath_result_close(r);
    CHECK_INT(my_int(c, "SELECT 4"), 4);
    r = ath_execute(c, ath_text("CALL two()"));
    ath_result_close(r);
    CHECK_INT(my_int(c, "SELECT 5"), 5);
    end();
}

/* ---- schemas that change under prepared statements ---- */

TEST(changed_tables) {
    TEST_ON(TEST_MYSQL);
    begin();
    my_run(c, "CREATE OR REPLACE TABLE changing (id INTEGER PRIMARY KEY)");
    my_run(c, "INSERT INTO changing VALUES (1)");
    CHECK_INT(my_int(c, "SELECT * FROM changing"), 1);
    my_run(c, "ALTER TABLE changing ADD COLUMN name VARCHAR(10) FIRST");
    my_run(c, "UPDATE changing SET name = 'n'");
    ath_result *r = ath_execute(c, ath_text("SELECT * FROM changing"));
    CHECK_STR(r ? "" : ath_connection_error(c)->message, "");
    const ath_row *row = ath_fetch(r);
    CHECK_INT((int)ath_result_column_count(r), 2);
    CHECK_STR(ath_row_text(row, 0), "n");
    CHECK_INT(ath_row_int(row, 1), 1);
    ath_result_close(r);
    my_run(c, "ALTER TABLE changing MODIFY id VARCHAR(10)");
    r = ath_execute(c, ath_text("SELECT * FROM changing"));
    CHECK_STR(ath_row_text(ath_fetch(r), 1), "1");
    ath_result_close(r);
    end();
}

/* ---- transactions ---- */

TEST(transactions) {
    TEST_ON(TEST_MYSQL);
    begin();
    my_run(c, "CREATE OR REPLACE TABLE tx (id INTEGER PRIMARY KEY)");
    CHECK(!ath_connection_in_transaction(c)); /* DDL has committed */
    my_run(c, "INSERT INTO tx VALUES (1)");
    CHECK(ath_connection_in_transaction(c) && c->driver->in_transaction(c->handle));
    CHECK_INT(ath_connection_savepoint(c), ATH_OK);
    my_run(c, "INSERT INTO tx VALUES (2)");
    CHECK_INT(ath_connection_rollback_to(c), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(my_int(c, "SELECT count(*) FROM tx"), 1);
    my_run(c, "INSERT INTO tx VALUES (3)");
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(my_int(c, "SELECT count(*) FROM tx"), 1);
    ath_commit(c);
    end();
}

static void lock_rows(ath_connection *other) {
    my_run(c, "CREATE OR REPLACE TABLE locked (id INTEGER PRIMARY KEY, n INTEGER)");
    my_run(c, "INSERT INTO locked VALUES (1, 0), (2, 0)");
    ath_commit(c);
    my_run(c, "UPDATE locked SET n = 1 WHERE id = 1");
    my_run(other, "UPDATE locked SET n = 2 WHERE id = 2");
}

TEST(lock_waits_end) {
    TEST_ON(TEST_MYSQL);
    begin();
    ath_connection *other = ath_connect(db);
    lock_rows(other);
    my_run(c, "SET innodb_lock_wait_timeout = 1");
    CHECK_INT(my_try(c, "UPDATE locked SET n = 2 WHERE id = 2"), ATH_OPERATIONAL);
    CHECK_INT(ath_connection_error(c)->native_code, 1205);
    CHECK(c->driver->in_transaction(c->handle)); /* only the statement was rolled back */
    ath_connection_close(other);
    end();
}

static void *cross(void *other) {
    static ath_status status;
    status = my_try(other, "UPDATE locked SET n = 3 WHERE id = 1");
    return &status;
}

/* A deadlock rolls the whole transaction back; an error's packet has no flag that would say so. */
TEST(deadlocks_end_transactions) {
    TEST_ON(TEST_MYSQL);
    pthread_t thread;
    void *theirs = NULL;
    begin();
    ath_connection *other = ath_connect(db);
    lock_rows(other);
    CHECK_INT(pthread_create(&thread, NULL, cross, other), 0);
    ath_status ours = my_try(c, "UPDATE locked SET n = 4 WHERE id = 2");
    if (ours == ATH_OK)
        ath_rollback(c);
    pthread_join(thread, &theirs);
    CHECK(ours == ATH_OPERATIONAL || *(ath_status *)theirs == ATH_OPERATIONAL);
    ath_connection *victim = ours == ATH_OPERATIONAL ? c : other;
    CHECK_INT(ath_connection_error(victim)->native_code, 1213);
    CHECK_STR(ath_connection_error(victim)->sqlstate, "40001");
    CHECK(!victim->driver->in_transaction(victim->handle));
    CHECK_INT(my_try(victim, "UPDATE locked SET n = 5"), ATH_STATE);
    ath_rollback(c);
    ath_rollback(other);
    CHECK_INT(my_int(victim, "SELECT 1"), 1);
    ath_connection_close(other);
    end();
}

static const test_case cases[] = {
    {"connects", connects},
    {"keys_of_urls", keys_of_urls},
    {"drivers_and_names_of_urls", drivers_and_names_of_urls},
    {"unix_sockets", unix_sockets},
    {"refused_connections", refused_connections},
    {"statements_and_counts", statements_and_counts},
    {"statements_that_cannot_be_prepared", statements_that_cannot_be_prepared},
    {"long_values", long_values},
    {"what_the_server_takes_is_asked_first", what_the_server_takes_is_asked_first},
    {"results_side_by_side", results_side_by_side},
    {"one_statement_twice", one_statement_twice},
    {"a_failure_behind_rows", a_failure_behind_rows},
    {"results_closed_early", results_closed_early},
    {"procedures", procedures},
    {"changed_tables", changed_tables},
    {"transactions", transactions},
    {"lock_waits_end", lock_waits_end},
    {"deadlocks_end_transactions", deadlocks_end_transactions},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
