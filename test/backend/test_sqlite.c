/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite itself: settings of a new connection, bad files, locks, what its errors become, exact values, reserved words.
 */
#include "engine/temp.h"

#include <time.h>

#include "backend/sqlite/sqlite.h"

static const char *ask_text(ath_connection *c, const char *sql) {
    static char answer[200];
    ath_result *r = ath_execute(c, ath_text(sql));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    const char *text = row ? ath_row_text(row, 0) : NULL;
    snprintf(answer, sizeof answer, "%s", text ? text : "(none)");
    ath_result_close(r);
    return answer;
}

/* The status of connecting and of one statement; *error is the failure's. */
static ath_status try_url(const char *url, const char *sql, ath_error *error) {
    ath_engine *db = ath_engine_open(url, .error = error, .busy_timeout_ms = 60);
    ath_connection *c = db ? ath_connect(db, error) : NULL;
    ath_status status = c ? run_sql(c, sql) : error->status;
    if (c && status != ATH_OK)
        *error = *ath_connection_error(c);
    ath_connection_close(c);
    ath_engine_close(db);
    return status;
}

/* ---- settings ---- */

TEST(a_file_gets_good_settings) {
    ath_engine *db = ath_engine_open(temp_url("good.db", ""));
    ath_connection *c = ath_connect(db);
    CHECK_STR(ask_text(c, "PRAGMA journal_mode"), "wal");
    CHECK_INT(ask_int(c, "PRAGMA synchronous"), 1);
    CHECK_INT(ask_int(c, "PRAGMA foreign_keys"), 1);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(the_url_overrides_settings) {
    ath_engine *db = ath_engine_open(temp_url("own.db", "?journal_mode=truncate&foreign_keys=off"));
    ath_connection *c = ath_connect(db);
    CHECK_STR(ask_text(c, "PRAGMA journal_mode"), "truncate");
    CHECK_INT(ask_int(c, "PRAGMA synchronous"), 2); /* NORMAL is safe with WAL alone */
    CHECK_INT(ask_int(c, "PRAGMA foreign_keys"), 0);
    ath_connection_close(c);
    ath_engine_close(db);
    db = ath_engine_open(temp_url("own2.db", "?synchronous=full"));
    c = ath_connect(db);
    CHECK_INT(ask_int(c, "PRAGMA synchronous"), 2);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(memory_gets_no_journal_on_disk) {
    ath_engine *db = ath_engine_open("sqlite:///:memory:");
    ath_connection *c = ath_connect(db);
    CHECK_STR(ask_text(c, "PRAGMA journal_mode"), "memory");
    CHECK_INT(ask_int(c, "PRAGMA foreign_keys"), 1);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(wrong_settings_are_refused) {
    static const char *const queries[] = {"?journal_mode=wall",    "?journal_mode=wal;DROP", "?mode=foo",
                                          "?foreign_keys=x y",     "?timeout=soon",          "?jurnal_mode=wal",
                                          "?synchronous=sometimes"};
    for (size_t i = 0; i < TEST_COUNT(queries); i++) {
        ath_error error;
        test_context("%s", queries[i]);
        CHECK_INT(try_url(temp_url("settings.db", queries[i]), "SELECT 1", &error), ATH_ARGUMENT);
    }
}

/* sqlite://file.db names a host, not a file; opening a database in memory instead would lose data silently. */
TEST(a_host_is_refused) {
    ath_error error;
    CHECK_INT(try_url("sqlite://file.db", "SELECT 1", &error), ATH_ARGUMENT);
    CHECK_HAS(error.message, "sqlite:///");
}

/* ---- bad files ---- */

TEST(missing_files) {
    ath_error error;
    CHECK_INT(try_url(temp_url("none.db", "?mode=rw"), "SELECT 1", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "none.db");
    CHECK_HAS(error.message, "no such file");
    CHECK_INT(try_url(temp_url("none.db", "?mode=ro"), "SELECT 1", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "none.db");
    CHECK(access(temp_path("none.db"), F_OK) != 0);
    CHECK_INT(try_url(temp_url("none/x.db", ""), "SELECT 1", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "none/x.db");
}

TEST(a_folder_is_no_database) {
    ath_error error;
    mkdir(temp_path("folder"), 0755);
    CHECK_INT(try_url(temp_url("folder", ""), "SELECT 1", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "folder");
    CHECK_HAS(error.message, "directory");
}

TEST(a_file_that_is_no_database) {
    ath_error error;
    char rubbish[4096];
    memset(rubbish, 'r', sizeof rubbish);
    temp_write("rubbish.db", rubbish, sizeof rubbish);
    CHECK_INT(try_url(temp_url("rubbish.db", ""), "SELECT * FROM sqlite_master", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "rubbish.db");
    CHECK_HAS(error.message, "not a database");
    CHECK_INT(error.native_code, SQLITE_NOTADB);
    CHECK_INT(try_url(temp_url("rubbish.db", "?mode=ro"), "SELECT * FROM sqlite_master", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "rubbish.db");
}

TEST(a_damaged_database) {
    ath_error error;
    CHECK_INT(try_url(temp_url("damaged.db", "?journal_mode=delete"), "CREATE TABLE t (x)", &error), ATH_OK);
    ath_engine *db = ath_engine_open(temp_url("damaged.db", "?journal_mode=delete"));
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (x)");
    ath_commit(c);
    ath_connection_close(c);
    ath_engine_close(db);
    FILE *file = fopen(temp_path("damaged.db"), "r+b");
    CHECK(file != NULL);
    if (!file)
        return;
    fseek(file, 100, SEEK_SET);
    for (int i = 0; i < 3000; i++)
        fputc(0x5a, file);
    fclose(file);
    CHECK_INT(try_url(temp_url("damaged.db", ""), "SELECT * FROM t", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "damaged.db");
    CHECK_HAS(error.message, "malformed");
}

TEST(a_read_only_file) {
    ath_error error;
    ath_engine *db = ath_engine_open(temp_url("readonly.db", "?journal_mode=delete"));
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (x)");
    ath_commit(c);
    ath_connection_close(c);
    ath_engine_close(db);
    static const char *const queries[] = {"?mode=ro", "?immutable=1"};
    for (size_t i = 0; i < TEST_COUNT(queries); i++) {
        test_context("%s", queries[i]);
        CHECK_INT(try_url(temp_url("readonly.db", queries[i]), "SELECT * FROM t", &error), ATH_OK);
        CHECK_INT(try_url(temp_url("readonly.db", queries[i]), "INSERT INTO t VALUES (1)", &error), ATH_OPERATIONAL);
        CHECK_HAS(error.message, "readonly.db");
        CHECK_INT(error.native_code & 0xff, SQLITE_READONLY);
    }
}

TEST(a_full_database) {
    ath_engine *db = ath_engine_open(temp_url("full.db", ""));
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (x)");
    ath_commit(c);
    run_sql(c, "PRAGMA max_page_count = 4");
    CHECK_INT(run_sql(c, "INSERT INTO t VALUES (zeroblob(100000))"), ATH_OPERATIONAL);
    CHECK_INT(ath_error(c)->native_code, SQLITE_FULL);
    CHECK_HAS(ath_error(c)->message, "full.db");
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 0);
    ath_connection_close(c);
    ath_engine_close(db);
}

static int64_t waited;
static ath_status count_wait(void *context, int fd, short events, int64_t deadline_us) {
    const ath_engine_opts *unused = context;
    (void)unused;
    (void)events;
    waited += fd < 0;
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
    (void)deadline_us;
    return ATH_OK;
}

TEST(a_locked_database_waits_through_the_hook) {
    const ath_wait_hook hook = {count_wait, NULL};
    ath_engine *db = ath_engine_open(temp_url("locked.db", ""), .busy_timeout_ms = 80, .wait = &hook);
    ath_connection *a = ath_connect(db), *b = ath_connect(db);
    CHECK_INT(run_sql(a, "CREATE TABLE t (x)"), ATH_OK);
    CHECK_INT(ath_commit(a), ATH_OK);
    CHECK_INT(run_sql(a, "INSERT INTO t VALUES (1)"), ATH_OK);
    waited = 0;
    CHECK_INT(run_sql(b, "INSERT INTO t VALUES (2)"), ATH_OPERATIONAL);
    CHECK(waited > 1);
    CHECK_INT(ath_error(b)->native_code & 0xff, SQLITE_BUSY);
    CHECK_HAS(ath_error(b)->message, "locked.db");
    CHECK_HAS(ath_error(b)->message, "database is locked");
    CHECK_INT(ath_rollback(b), ATH_OK);
    CHECK_INT(ask_int(b, "SELECT count(*) FROM t"), 0); /* readers are not stopped */
    CHECK_INT(ath_rollback(b), ATH_OK);
    CHECK_INT(ath_commit(a), ATH_OK);
    CHECK_INT(run_sql(b, "INSERT INTO t VALUES (2)"), ATH_OK);
    CHECK_INT(ath_commit(b), ATH_OK);
    ath_connection_close(a);
    ath_connection_close(b);
    ath_engine_close(db);
}

/* Somebody holds the whole file while we connect: that is no reason to fail before the first statement. */
TEST(connecting_to_a_locked_file) {
    sqlite3 *other;
    sqlite3_open(temp_path("held.db"), &other);
    sqlite3_exec(other, "CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)", NULL, NULL, NULL);
    ath_error error;
    CHECK_INT(try_url(temp_url("held.db", ""), "SELECT count(*) FROM t", &error), ATH_OK);
    sqlite3_exec(other, "COMMIT; BEGIN EXCLUSIVE", NULL, NULL, NULL);
    CHECK_INT(try_url(temp_url("held.db", ""), "SELECT count(*) FROM t", &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "held.db");
    CHECK_HAS(error.message, "database is locked");
    sqlite3_close(other);
}

/* ---- errors ---- */

typedef struct failure {
    const char *sql;
    ath_status status;
    ath_integrity_kind integrity;
    const char *sqlstate, *constraint, *table, *column;
} failure;

static const failure failures[] = {
    {"INSERT INTO k (id, a, b) VALUES (1, 2, 3)", ATH_INTEGRITY, ATH_INTEGRITY_PRIMARY_KEY, "23505", "", "k", "id"},
    {"INSERT INTO k (a, b) VALUES (1, 3)", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505", "", "k", "a"},
    {"INSERT INTO k (a, b, c) VALUES (8, 1, 7)", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505", "", "k", "b"},
    {"INSERT INTO k (a, b) VALUES (NULL, 3)", ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502", "", "k", "a"},
    {"INSERT INTO k (a, b) VALUES (-1, 3)", ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514", "positive", "", ""},
    {"INSERT INTO k (a, b, r) VALUES (5, 3, 99)", ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503", "", "", ""},
    {"INSERT INTO k (a, b, t) VALUES (6, 3, 'ABC')", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505", "ix_lower", "", ""},
    {"SELECT * FROM missing", ATH_PROGRAMMING, ATH_INTEGRITY_NONE, "42P01", "", "missing", ""},
    {"SELECT missing FROM k", ATH_PROGRAMMING, ATH_INTEGRITY_NONE, "42703", "", "", "missing"},
    {"SELECT k.missing FROM k", ATH_PROGRAMMING, ATH_INTEGRITY_NONE, "42703", "", "k", "missing"},
    {"INSERT INTO k (missing) VALUES (1)", ATH_PROGRAMMING, ATH_INTEGRITY_NONE, "42703", "", "k", "missing"},
    {"SELECT 1 FROM", ATH_PROGRAMMING, ATH_INTEGRITY_NONE, "42601", "", "", ""},
    {"SELECT zeroblob(2000000000)", ATH_DATA, ATH_INTEGRITY_NONE, "", "", "", ""},
    {"INSERT INTO k (id, a, b) VALUES ('text', 1, 1)", ATH_DATA, ATH_INTEGRITY_NONE, "", "", "", ""},
};

TEST(errors_tell_what_was_broken) {
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE k (id INTEGER PRIMARY KEY, a INTEGER NOT NULL UNIQUE, b INTEGER, c INTEGER, t TEXT, "
               "r INTEGER REFERENCES k (id), UNIQUE (b, c), CONSTRAINT positive CHECK (a > 0))");
    run_sql(c, "CREATE UNIQUE INDEX ix_lower ON k (lower(t))");
    CHECK_INT(run_sql(c, "INSERT INTO k (id, a, b, c, t) VALUES (1, 1, 1, 7, 'abc')"), ATH_OK);
    for (size_t i = 0; i < TEST_COUNT(failures); i++) {
        const failure *f = &failures[i];
        test_context("%s", f->sql);
        CHECK_INT(run_sql(c, f->sql), f->status);
        const ath_error *e = ath_error(c);
        CHECK_INT(e->integrity, f->integrity);
        CHECK_STR(e->sqlstate, f->sqlstate);
        CHECK_STR(e->constraint, f->constraint);
        CHECK_STR(e->table, f->table);
        CHECK_STR(e->column, f->column);
        CHECK(e->native_code != 0);
        CHECK_STR(e->statement, f->sql);
    }
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(strict_tables_refuse_by_data) {
    if (sqlite3_libversion_number() < 3037000)
        return;
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE s (i INTEGER) STRICT");
    CHECK_INT(run_sql(c, "INSERT INTO s VALUES ('x')"), ATH_DATA);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- values ---- */

TEST(values_are_exact) {
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    static const char with_nul[] = {'a', 0, 'b'};
    ath_result *r =
        ath_execute(c, ath_text("SELECT :min, :max, :tiny, :empty, :four, :blob, :noblob, :yes, :null, :huge",
                                ath_bind("min", INT64_MIN), ath_bind("max", INT64_MAX), ath_bind("tiny", 4.9e-324),
                                ath_bind("empty", ""), ath_bind("four", "\xF0\x9F\x98\x80"),
                                ath_bind("blob", ((ath_bytes){with_nul, sizeof with_nul})),
                                ath_bind("noblob", ((ath_bytes){"", 0})), ath_bind("yes", ath_bool(true)),
                                ath_bind("null", ath_null()), ath_bind("huge", 1.7976931348623157e308)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    CHECK(row != NULL);
    if (row) {
        CHECK(ath_row_at(row, 0)->as.i == INT64_MIN);
        CHECK(ath_row_at(row, 1)->as.i == INT64_MAX);
        CHECK(ath_row_at(row, 2)->as.d == 4.9e-324);
        CHECK_INT(ath_row_at(row, 3)->kind, ATH_KIND_TEXT);
        CHECK_INT(ath_row_at(row, 3)->as.text.size, 0);
        CHECK_STR(ath_row_text(row, 3), "");
        CHECK_STR(ath_row_text(row, 4), "\xF0\x9F\x98\x80");
        CHECK(ath_row_at(row, 5)->as.bytes.size == 3 && memcmp(ath_row_at(row, 5)->as.bytes.data, with_nul, 3) == 0);
        CHECK_INT(ath_row_at(row, 6)->kind, ATH_KIND_BYTES);
        CHECK(ath_row_at(row, 6)->as.bytes.data != NULL);
        CHECK_INT(ath_row_at(row, 6)->as.bytes.size, 0);
        CHECK_INT(ath_row_int(row, 7), 1);
        CHECK_INT(ath_row_at(row, 8)->kind, ATH_KIND_NULL);
        CHECK(ath_row_real(row, 9) == 1.7976931348623157e308);
    }
    ath_result_close(r);
    CHECK(ath_execute(c, ath_text("SELECT :u", ath_bind("u", UINT64_MAX))) == NULL);
    CHECK_INT(ath_error(c)->status, ATH_DATA);
    CHECK(ath_execute(c, ath_text("SELECT :n", ath_bind("n", (double)NAN))) == NULL);
    CHECK_INT(ath_error(c)->status, ATH_DATA);
    r = ath_execute(c, ath_text("SELECT :i", ath_bind("i", (double)INFINITY)));
    CHECK(r && isinf(ath_row_real(ath_result_first(r), 0)));
    ath_result_close(r);
    ath_connection_close(c);
    ath_engine_close(db);
}

static void check_decimal(ath_connection *c, uint8_t precision, uint8_t scale, const char *text) {
    ath__buf sql;
    ath_decimal decimal;
    ath_type type = ATH_NUMERIC(precision, scale);
    ath__buf_init(&sql, &ath__malloc_allocator);
    ath__buf_str(&sql, "CREATE TABLE d (x ");
    CHECK_INT(ath__dialect_type(&ath__sqlite_dialect, &type, &sql, NULL), ATH_OK);
    ath__buf_str(&sql, ")");
    run_sql(c, "DROP TABLE IF EXISTS d");
    CHECK_INT(run_sql(c, ath__buf_text(&sql)), ATH_OK);
    CHECK_INT(ath_decimal_parse(text, strlen(text), &decimal), ATH_OK);
    ath_result_close(ath_execute(c, ath_text("INSERT INTO d VALUES (:x)", ath_bind("x", decimal))));
    ath_result *r = ath_execute(c, ath_text("SELECT x FROM d"));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    ath_value back;
    CHECK(row && ath__value_convert(ath_row_at(row, 0), ATH_KIND_DECIMAL, &back, NULL) == ATH_OK);
    CHECK(row && ath_decimal_compare(back.as.decimal, decimal) == 0);
    ath_result_close(r);
    ath__buf_done(&sql);
}

TEST(decimals_survive) {
    static const struct {
        uint8_t precision, scale;
        const char *text;
    } rows[] = {
        {15, 2, "9999999999999.99"},
        {15, 15, "0.123456789012345"},
        {10, 2, "-0.01"},
        {38, 10, "1234567890123456789012345678.0123456789"},
        {16, 0, "1234567890123456"},
        {0, 0, "1234567890123456789.01"},
        {38, 0, "99999999999999999999999999999999999999"},
    };
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("NUMERIC(%u, %u) %s", rows[i].precision, rows[i].scale, rows[i].text);
        check_decimal(c, rows[i].precision, rows[i].scale, rows[i].text);
    }
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- names ---- */

/* Every word that SQLite does not take as a bare name is in the list, and the list is sorted. */
TEST(reserved_words_are_quoted) {
    const ath_dialect *d = &ath__sqlite_dialect;
    for (size_t i = 1; i < d->reserved_count; i++) {
        test_context("%s", d->reserved[i]);
        CHECK(strcmp(d->reserved[i - 1], d->reserved[i]) < 0);
    }
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < sqlite3_keyword_count(); i++) {
        const char *word;
        int size;
        char name[40], sql[400];
        sqlite3_keyword_name(i, &word, &size);
        for (int k = 0; k <= size; k++)
            name[k] = k < size ? (char)(word[k] | 0x20) : '\0';
        for (char *at = name; *at; at++)
            if (*at == 0x7f) /* '_' with that bit */
                *at = '_';
        ath__buf quoted;
        ath__buf_init(&quoted, &ath__malloc_allocator);
        ath__dialect_name(d, &quoted, name);
        snprintf(sql, sizeof sql, "CREATE TABLE %s (%s INTEGER, x INTEGER)", ath__buf_text(&quoted),
                 ath__buf_text(&quoted));
        test_context("%s", sql);
        CHECK_INT(run_sql(c, sql), ATH_OK);
        snprintf(sql, sizeof sql, "SELECT a.%s AS %s FROM %s AS a WHERE a.%s = 1 ORDER BY a.%s", ath__buf_text(&quoted),
                 ath__buf_text(&quoted), ath__buf_text(&quoted), ath__buf_text(&quoted), ath__buf_text(&quoted));
        CHECK_INT(run_sql(c, sql), ATH_OK);
        ath_rollback(c);
        ath__buf_done(&quoted);
    }
    ath_connection_close(c);
    ath_engine_close(db);
}

/* A quoted name that does not exist must not turn into a string. */
TEST(a_quoted_name_is_a_name) {
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    CHECK_INT(run_sql(c, "SELECT \"No such column\""), ATH_PROGRAMMING);
    ath_connection_close(c);
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"a_file_gets_good_settings", a_file_gets_good_settings},
        {"the_url_overrides_settings", the_url_overrides_settings},
        {"memory_gets_no_journal_on_disk", memory_gets_no_journal_on_disk},
        {"wrong_settings_are_refused", wrong_settings_are_refused},
        {"a_host_is_refused", a_host_is_refused},
        {"missing_files", missing_files},
        {"a_folder_is_no_database", a_folder_is_no_database},
        {"a_file_that_is_no_database", a_file_that_is_no_database},
        {"a_damaged_database", a_damaged_database},
        {"a_read_only_file", a_read_only_file},
        {"a_full_database", a_full_database},
        {"a_locked_database_waits_through_the_hook", a_locked_database_waits_through_the_hook},
        {"connecting_to_a_locked_file", connecting_to_a_locked_file},
        {"errors_tell_what_was_broken", errors_tell_what_was_broken},
        {"strict_tables_refuse_by_data", strict_tables_refuse_by_data},
        {"values_are_exact", values_are_exact},
        {"decimals_survive", decimals_survive},
        {"reserved_words_are_quoted", reserved_words_are_quoted},
        {"a_quoted_name_is_a_name", a_quoted_name_is_a_name},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
