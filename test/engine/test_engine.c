/* SPDX-License-Identifier: Apache-2.0
 *
 * Engines: options, the log, statistics, the text of statements, and a sweep over every failing allocation.
 */
#include "base/counting.h"
#include "engine/temp.h"

TEST(an_engine_opens_without_touching_the_database) {
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite:////no/such/folder/x.db", .error = &error);
    CHECK(db != NULL);
    CHECK_INT(error.status, ATH_OK);
    CHECK_STR(ath_engine_dialect(db), "sqlite");
    CHECK_INT(ath_engine_statistics(db).connections, 0);
    ath_connection *c = ath_connect(db, &error);
    CHECK(c == NULL);
    CHECK_INT(error.status, ATH_OPERATIONAL);
    CHECK_HAS(error.message, "/no/such/folder/x.db");
    CHECK_INT(ath_engine_statistics(db).checked_out, 0);
    ath_engine_close(db);
    ath_engine_close(NULL);
}

TEST(what_cannot_be_opened) {
    ath_error error;
    CHECK(ath_engine_open("nonsense", .error = &error) == NULL);
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK(ath_engine_open("oracle://scott:tiger@h/d", .error = &error) == NULL);
    CHECK_INT(error.status, ATH_NOT_SUPPORTED);
    CHECK_HAS(error.message, "oracle");
    CHECK(strstr(error.message, "tiger") == NULL);
    CHECK(ath_engine_open(NULL, .error = &error) == NULL);
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK(ath_engine_open("nonsense") == NULL);
}

/* Nobody listens at port 1: no connection is made to find out. */
TEST(wrong_keys_are_found_at_once) {
    static const struct {
        const char *url, *says;
        bool built_in;
    } rows[] = {
        {"sqlite://?colour=red", "'colour'", true},
        {"sqlite://?journal_mode=red", "'red'", true},
        {"sqlite://?timeout=soon", "'soon'", true},
        {"sqlite://host/file.db", "no host", true},
        {"postgresql://u:secret@127.0.0.1:1/d?colour=red", "'colour'", ATH_HAVE_POSTGRESQL},
        {"postgresql://u:secret@127.0.0.1:1/d?connect_timeout=soon", "soon", ATH_HAVE_POSTGRESQL},
        {"mysql://u:secret@127.0.0.1:1/d?colour=red", "'colour'", ATH_HAVE_MYSQL},
        {"mysql://u:secret@127.0.0.1:1/d?read_timeout=soon", "soon", ATH_HAVE_MYSQL},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_error error;
        test_context("%s", rows[i].url);
        ath_engine *db = rows[i].built_in ? ath_engine_open(rows[i].url, .error = &error) : NULL;
        CHECK(db == NULL);
        if (rows[i].built_in) {
            CHECK_INT(error.status, ATH_ARGUMENT);
            CHECK_HAS(error.message, rows[i].says);
            CHECK(strstr(error.message, "secret") == NULL);
        }
        ath_engine_close(db);
    }
    test_context("%s", "");
}

TEST(statistics_count) {
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    CHECK_INT(ath_engine_statistics(db).connections, 1);
    CHECK_INT(ath_engine_statistics(db).checked_out, 1);
    for (int i = 0; i < 3; i++) {
        ath_result *r = ath_execute(c, ath_text("SELECT :x", ath_bind("x", i)));
        CHECK_INT(ath_row_int(ath_result_first(r), 0), i);
        ath_result_close(r);
    }
    ath_engine_stats s = ath_engine_statistics(db);
    CHECK_INT(s.statements, 4); /* BEGIN and three */
    CHECK_INT(s.compiled, 1);
    CHECK_INT(s.prepared, 1);
    ath_connection_close(c);
    CHECK_INT(ath_engine_statistics(db).statements, 5); /* ROLLBACK */
    CHECK_INT(ath_engine_statistics(db).checked_out, 0);
    ath_engine_close(db);
}

TEST(echo_reads_as_sqlalchemys) {
    lines log = {0};
    ath_engine *db = ath_engine_open("sqlite://", .echo = true, .log = lines_add, .log_context = &log);
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < 2; i++)
        ath_result_close(ath_execute(c, ath_text("SELECT :a, :b", ath_bind("a", 7), ath_bind("b", "it's"))));
    ath_commit(c);
    ath_connection_close(c);
    ath_engine_close(db);
    CHECK_HAS(log.text, "BEGIN (implicit)\nSELECT ?, ?\n[generated");
    CHECK_HAS(log.text, "(7, 'it''s')\nSELECT ?, ?\n[cached");
    CHECK_HAS(log.text, "COMMIT\n");
    CHECK(strstr(log.text, "ROLLBACK") == NULL);
}

TEST(echo_cuts_long_values_and_hides_when_asked) {
    char text[2001];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int hide = 0; hide < 2; hide++) {
        lines log = {0};
        ath_engine *db =
            ath_engine_open("sqlite://", .echo = true, .hide_parameters = hide, .log = lines_add, .log_context = &log);
        ath_connection *c = ath_connect(db);
        ath_result_close(ath_execute(c, ath_text("SELECT :a, 'y', :b", ath_bind("a", text), ath_bind("b", "secret"))));
        ath_connection_close(c);
        ath_engine_close(db);
        CHECK(log.size < 1200);
        CHECK((strstr(log.text, "secret") == NULL) == hide);
        CHECK((strstr(log.text, "xxxxx") == NULL) == hide);
    }
}

TEST(no_echo_is_silent) {
    lines log = {0};
    ath_engine *db = ath_engine_open("sqlite://", .log = lines_add, .log_context = &log);
    ath_connection *c = ath_connect(db);
    CHECK_INT(ask_int(c, "SELECT 1"), 1);
    ath_connection_close(c);
    ath_engine_close(db);
    CHECK_STR(log.text, "");
}

TEST(the_sql_of_a_statement) {
    char sql[64], small[8];
    size_t length;
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite://");
    const ath_expr *text = ath_text("SELECT :x + 1", ath_bind("x", 5));
    CHECK_INT(ath_engine_sql(db, ath_stmt_of(text), sql, sizeof sql, &length, NULL), ATH_OK);
    CHECK_STR(sql, "SELECT ? + 1");
    CHECK_INT(length, 12);
    CHECK_INT(ath_engine_sql(db, ath_stmt_of(text), small, sizeof small, &length, &error), ATH_OK);
    CHECK_STR(small, "SELECT ");
    CHECK_INT(length, 12);
    CHECK_INT(ath_engine_sql(db, ath_stmt_of(text), NULL, 0, &length, &error), ATH_OK);
    const ath_expr *wrong = ath_text("SELECT :x");
    CHECK_INT(ath_engine_sql(db, ath_stmt_of(wrong), sql, sizeof sql, NULL, &error), ATH_ARGUMENT);
    CHECK_HAS(error.message, "x");
    CHECK_INT(ath_engine_statistics(db).connections, 0);
    ath_engine_close(db);
}

/* ---- every allocation fails once ---- */

static ath_status work(ath_connection *c) {
    ath_status status = run_sql(c, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
    for (int i = 0; i < 3 && status == ATH_OK; i++) {
        ath_result *r = ath_execute(c, ath_text("INSERT INTO t (name) VALUES (:n)", ath_bind("n", "one")));
        status = r ? ATH_OK : ath_connection_error(c)->status;
        if (r)
            ath_result_close(r);
    }
    ath_result *r = status == ATH_OK ? ath_execute(c, ath_text("SELECT id, name FROM t")) : NULL;
    if (!r)
        return ath_connection_error(c)->status;
    const ath_row **rows = ath_result_all(r);
    if (rows)
        CHECK_INT(ath_len(rows), 3);
    status = rows ? ATH_OK : ath_result_error(r)->status;
    ath_result_close(r);
    return status == ATH_OK ? ath_commit(c) : status;
}

static ath_status open_work_close(counting *memory) {
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &memory->allocator, .error = &error);
    if (!db)
        return error.status;
    ath_connection *c = ath_connect(db, &error);
    ath_status status = c ? work(c) : error.status;
    ath_connection_close(c);
    ath_engine_close(db);
    return status;
}

TEST(every_failing_allocation_is_a_status) {
    counting memory;
    counting_init(&memory, 0);
    CHECK_INT(open_work_close(&memory), ATH_OK);
    CHECK_RELEASED(&memory);
    size_t requests = memory.requests, failed = 0;
    CHECK(requests > 20);
    for (size_t n = 1; n <= requests; n++) {
        test_context("allocation %zu of %zu", n, requests);
        counting_init(&memory, n);
        ath_status status = open_work_close(&memory);
        failed += status != ATH_OK;
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK); /* OK: the cache can do without */
        CHECK_RELEASED(&memory);
    }
    CHECK(failed * 2 > requests);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"an_engine_opens_without_touching_the_database", an_engine_opens_without_touching_the_database},
        {"what_cannot_be_opened", what_cannot_be_opened},
        {"wrong_keys_are_found_at_once", wrong_keys_are_found_at_once},
        {"statistics_count", statistics_count},
        {"echo_reads_as_sqlalchemys", echo_reads_as_sqlalchemys},
        {"echo_cuts_long_values_and_hides_when_asked", echo_cuts_long_values_and_hides_when_asked},
        {"no_echo_is_silent", no_echo_is_silent},
        {"the_sql_of_a_statement", the_sql_of_a_statement},
        {"every_failing_allocation_is_a_status", every_failing_allocation_is_a_status},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
