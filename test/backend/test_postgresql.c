/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: statements.  What the server infers about parameters, rows in arrays, streams beside other statements, stale
 * plans, dropped statements, COPY, and poolers.
 */
#include "pging.h"

/* ---- parameters ---- */

typedef struct inference {
    const char *sql;
    ath_value a, b;
    ath_kind kind;
    const char *text;
} inference;

#define INT(n)                                                                                                         \
    { .kind = ATH_KIND_INT, .as.i = (n) }
#define REAL(n)                                                                                                        \
    { .kind = ATH_KIND_REAL, .as.d = (n) }
#define TEXT(t)                                                                                                        \
    {                                                                                                                  \
        .kind = ATH_KIND_TEXT, .as.text = {(t), SIZE_MAX }                                                             \
    }
#define BOOL(t)                                                                                                        \
    { .kind = ATH_KIND_BOOL, .as.b = (t) }
#define NONE                                                                                                           \
    { .kind = ATH_KIND_NULL }
#define DECIMAL(whole, digits)                                                                                         \
    {                                                                                                                  \
        .kind = ATH_KIND_DECIMAL, .as.decimal = {.low = (whole), .scale = (digits) }                                   \
    }

static const inference inferences[] = {
    {"SELECT :a", INT(7), NONE, ATH_KIND_INT, "7"},
    {"SELECT :a", INT(INT64_C(5000000000)), NONE, ATH_KIND_INT, "5000000000"},
    {"SELECT :a", REAL(2.5), NONE, ATH_KIND_REAL, "2.5"},
    {"SELECT :a", TEXT("x"), NONE, ATH_KIND_TEXT, "x"},
    {"SELECT :a", BOOL(true), NONE, ATH_KIND_BOOL, "true"},
    {"SELECT :a", DECIMAL(1250, 2), NONE, ATH_KIND_DECIMAL, "12.50"},
    {"SELECT :a + :b", INT(3), INT(4), ATH_KIND_INT, "7"},
    {"SELECT :a + :b", INT(3), REAL(0.5), ATH_KIND_REAL, "3.5"},
    {"SELECT :a + :b", INT(3), INT(INT64_C(5000000000)), ATH_KIND_INT, "5000000003"},
    {"SELECT substr(:a, :b)", TEXT("hello"), INT(4), ATH_KIND_TEXT, "lo"},
    {"SELECT round(:a, :b)", DECIMAL(12345, 3), INT(1), ATH_KIND_DECIMAL, "12.3"},
    {"SELECT DATE '2024-02-28' + :a", INT(2), NONE, ATH_KIND_DATE, "2024-03-01"},
    {"SELECT CASE WHEN 1 = 1 THEN :a ELSE :b END", INT(1), INT(2), ATH_KIND_INT, "1"},
    {"SELECT coalesce(:a, :b)", NONE, INT(5), ATH_KIND_INT, "5"},
    {"SELECT coalesce(:a, :b)", NONE, TEXT("t"), ATH_KIND_TEXT, "t"},
    {"SELECT small = :a FROM kinds", INT(100000), NONE, ATH_KIND_BOOL, "false"},
    {"SELECT small FROM kinds WHERE small < :a", REAL(7.5), NONE, ATH_KIND_INT, "7"},
    {"SELECT big FROM kinds WHERE big < :a", {.kind = ATH_KIND_UINT, .as.u = UINT64_MAX}, NONE, ATH_KIND_INT, "8"},
    {"SELECT yes FROM kinds WHERE yes = :a", INT(1), NONE, ATH_KIND_BOOL, "true"},
    {"SELECT price FROM kinds WHERE price = :a", REAL(9.75), NONE, ATH_KIND_DECIMAL, "9.75"},
    {"SELECT mood FROM kinds WHERE mood = :a", TEXT("it's ok"), NONE, ATH_KIND_TEXT, "it's ok"},
    {"SELECT note FROM kinds WHERE note = :a", TEXT("abc"), NONE, ATH_KIND_TEXT, "abc"},
    {"SELECT even FROM kinds WHERE even = :a", INT(42), NONE, ATH_KIND_INT, "42"},
    {"SELECT doc -> :a ->> :b FROM kinds", TEXT("list"), INT(1), ATH_KIND_TEXT, "20"},
    {"SELECT host(ip) FROM kinds WHERE ip = :a", TEXT("10.0.0.1"), NONE, ATH_KIND_TEXT, "10.0.0.1"},
    {"SELECT small FROM kinds ORDER BY small LIMIT :a OFFSET :b", INT(1), INT(0), ATH_KIND_INT, "7"},
    {"SELECT '\\x0041'::bytea = :a", {.kind = ATH_KIND_BYTES, .as.bytes = {"\0A", 2}}, NONE, ATH_KIND_BOOL, "true"},
    {"SELECT :a", {.kind = ATH_KIND_DATE, .as.date = {0}}, NONE, ATH_KIND_DATE, "1970-01-01"},
    {"SELECT TIMESTAMP '2000-01-01' - :a",
     {.kind = ATH_KIND_INTERVAL, .as.interval = {0, 1, 0}},
     NONE,
     ATH_KIND_DATETIME,
     "1999-12-31 00:00:00.000000"},
};

static void check_inference(const inference *f) {
    test_context("%s, %d and %d", f->sql, (int)f->a.kind, (int)f->b.kind);
    void *statement = NULL;
    ath_value cell = {0}, values[2] = {f->a, f->b};
    const ath__driver *d = c->driver;
    char sql[200];
    size_t n = 0, count = strstr(f->sql, " :b") ? 2 : 1;
    for (const char *at = f->sql; *at; at++)
        if (*at == ':' && at[1] != ':' && at[-1] != ':')
            n += (size_t)snprintf(sql + n, sizeof sql - n, "$%d", at[1] == 'a' ? 1 : 2), at++;
        else
            sql[n++] = *at;
    sql[n] = '\0';
    ath__bind plan[2] = {{.kind = (uint8_t)f->a.kind}, {.kind = (uint8_t)f->b.kind}};
    for (size_t i = 0; i < count; i++)
        ath__value_measure(&values[i]);
    ath_status status = d->prepare(c->handle, sql, n, plan, count, &statement, &pg_error);
    CHECK_STR(status == ATH_OK ? "" : pg_error.message, "");
    if (status != ATH_OK)
        return;
    for (int run = 0; run < 2; run++) { /* what was learnt serves again */
        status = d->bind(statement, 0, values, count, true, &pg_error);
        CHECK_STR(status == ATH_OK ? "" : pg_error.message, "");
        ath__step step = d->step(statement, &pg_error);
        CHECK_STR(step == ATH__STEP_ROW ? "" : step == ATH__STEP_DONE ? "no row" : pg_error.message, "");
        if (step == ATH__STEP_ROW && d->row(statement, &cell, 1, &pg_error) == ATH_OK) {
            char text[ATH_INTERVAL_TEXT];
            size_t size = 0;
            const char *data = text;
            CHECK_INT(cell.kind, f->kind);
            CHECK(ath__pg_encode_text(&cell, text, &data, &size, NULL) == ATH__CODED_TEXT);
            CHECK(size == strlen(f->text) || f->kind == ATH_KIND_DATETIME);
            CHECK(memcmp(data, f->text, size < strlen(f->text) ? size : strlen(f->text)) == 0);
        }
        d->reset(statement);
    }
    d->finalize(statement);
}

TEST(inferred_parameters) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    pg_run(c, "CREATE TYPE moods AS ENUM ('sad', 'it''s ok')");
    pg_run(c, "CREATE DOMAIN evens AS integer CHECK (value % 2 = 0)");
    pg_run(c, "CREATE TABLE kinds (small smallint, big bigint, yes boolean, price numeric(10, 2), mood moods, note "
              "varchar(9),"
              " even evens, doc json, ip inet)");
    pg_run(c, "INSERT INTO kinds VALUES (7, 8, true, 9.75, 'it''s ok', 'abc', 42, '{\"list\": [10, 20]}', '10.0.0.1')");
    CHECK_INT(ath_commit(c), ATH_OK);
    for (int inside = 0; inside < 2; inside++) /* outside of a transaction, and inside, where a failure would end it */
        for (size_t i = 0; i < TEST_COUNT(inferences); i++) {
            if (inside)
                CHECK_INT(ath_connection_begin(c), ATH_OK);
            check_inference(&inferences[i]);
            if (inside)
                CHECK_INT(ath_commit(c), ATH_OK);
        }
    end();
}

/* What does not fit is refused before it is sent, or by the server. */
TEST(values_that_do_not_fit) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    static const struct {
        const char *sql;
        ath_value v;
    } rows[] = {
        {"SELECT $1::text", {.kind = ATH_KIND_TEXT, .as.text = {"a\0b", 3}}},
        {"SELECT $1::json", {.kind = ATH_KIND_JSON, .as.text = {"\0", 1}}},
        {"SELECT $1::date", {.kind = ATH_KIND_DATE, .as.date = {INT32_MIN}}},
        {"SELECT $1::date", {.kind = ATH_KIND_DATE, .as.date = {INT32_MAX}}},
        {"SELECT $1::timestamp", {.kind = ATH_KIND_DATETIME, .as.datetime = {INT64_MIN}}},
        {"SELECT $1::timestamptz", {.kind = ATH_KIND_TIMESTAMP, .as.timestamp = {INT64_MIN + 5}}},
        {"SELECT $1::real", {.kind = ATH_KIND_REAL, .as.d = 1e300}},
        {"SELECT $1::date", {.kind = ATH_KIND_TEXT, .as.text = {"tomorrowish", 11}}},
        {"SELECT $1::int2", {.kind = ATH_KIND_TEXT, .as.text = {"70000", 5}}},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s, row %zu", rows[i].sql, i);
        void *statement = pg_prepared(c->handle, rows[i].sql);
        ath_status status = c->driver->bind(statement, 0, &rows[i].v, 1, true, &pg_error);
        if (status == ATH_OK && c->driver->step(statement, &pg_error) == ATH__STEP_ERROR)
            status = pg_error.status;
        CHECK_INT(status, ATH_DATA);
        c->driver->finalize(statement);
    }
    end();
}

/* ---- arrays of rows ---- */

static size_t step_all(void *statement, ath_value *cells, size_t columns, int64_t *sum) {
    size_t rows = 0;
    ath__step step;
    while ((step = c->driver->step(statement, &pg_error)) == ATH__STEP_ROW) {
        CHECK_INT(c->driver->row(statement, cells, columns, &pg_error), ATH_OK);
        if (sum && cells[0].kind == ATH_KIND_INT)
            *sum += cells[0].as.i;
        rows++;
    }
    CHECK_STR(step == ATH__STEP_DONE ? "" : pg_error.message, "");
    return rows;
}

TEST(rows_in_arrays) {
    TEST_ON(TEST_POSTGRESQL);
    enum { ROWS = 5000, COLUMNS = 6 };
    static ath_value values[ROWS * COLUMNS];
    static char texts[ROWS][24];
    begin();
    pg_run(c, "DROP TABLE IF EXISTS loaded");
    pg_run(c, "CREATE TABLE loaded (id serial PRIMARY KEY, n bigint, t text, r double precision, d numeric, b bytea,"
              " at timestamptz)");
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(texts[i], sizeof texts[i], "{\"%zu\\", i);
        ath_value *v = &values[i * COLUMNS];
        v[0] = (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)i};
        v[1] = (ath_value){.kind = i % 3 ? ATH_KIND_TEXT : ATH_KIND_NULL, .as.text = {texts[i], strlen(texts[i])}};
        v[2] = (ath_value){.kind = ATH_KIND_REAL, .as.d = (double)i / 3};
        v[3] = (ath_value){.kind = ATH_KIND_DECIMAL, .as.decimal = {.low = i, .scale = (uint8_t)(i % 38)}};
        v[4] = (ath_value){.kind = ATH_KIND_BYTES, .as.bytes = {texts[i], i % 5}};
        v[5] = (ath_value){.kind = ATH_KIND_TIMESTAMP, .as.timestamp = {(int64_t)i * 1000003}};
    }
    void *statement =
        pg_prepared(c->handle, "INSERT INTO loaded (n, t, r, d, b, at) SELECT u.* FROM unnest($1::bigint[], $2::text[],"
                               " $3::double precision[], $4::numeric[], $5::bytea[], $6::timestamptz[])"
                               " AS u RETURNING n");
    ath_value cells[COLUMNS];
    for (size_t rows = 0; rows <= ROWS; rows = rows ? rows * 5000 : 1) { /* none, one, many */
        int64_t sum = 0;
        CHECK_INT(c->driver->bind_rows(statement, values, rows, COLUMNS, &pg_error), ATH_OK);
        CHECK_INT((int64_t)step_all(statement, cells, 1, &sum), (int64_t)rows);
        CHECK_INT(c->driver->rows_changed(c->handle), (int64_t)rows);
        CHECK_INT(sum, (int64_t)(rows * (rows ? rows - 1 : 0) / 2));
        c->driver->reset(statement);
    }
    c->driver->finalize(statement);
    statement = pg_prepared(c->handle, "SELECT n, t, r, d, b, at FROM loaded WHERE id > 1 ORDER BY id");
    for (size_t i = 0; i < ROWS && c->driver->step(statement, &pg_error) == ATH__STEP_ROW; i++) {
        CHECK_INT(c->driver->row(statement, cells, COLUMNS, &pg_error), ATH_OK);
        for (size_t k = 0; k < COLUMNS; k++) {
            test_context("row %zu, column %zu", i, k);
            CHECK(cells[k].kind == values[i * COLUMNS + k].kind);
            CHECK(ath__value_equal(&cells[k], &values[i * COLUMNS + k]));
        }
    }
    c->driver->finalize(statement);
    end();
}

/* Elements whose type is not known here, or whose values have no binary form of it, go as text. */
TEST(arrays_as_text) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    pg_run(c, "DROP TYPE IF EXISTS shades");
    pg_run(c, "CREATE TYPE shades AS ENUM ('a\"b', 'c\\d', '{,}')");
    static const ath_value values[] = {
        TEXT("a\"b"), TEXT("1"), REAL(1.5), {.kind = ATH_KIND_BYTES, .as.bytes = {"\\\0", 2}},
        TEXT("c\\d"), INT(2),    REAL(2),   NONE,
        TEXT("{,}"),  TEXT("3"), NONE,      {.kind = ATH_KIND_BYTES, .as.bytes = {"", 0}}};
    ath_value measured[TEST_COUNT(values)];
    for (size_t i = 0; i < TEST_COUNT(values); i++) {
        measured[i] = values[i];
        ath__value_measure(&measured[i]);
    }
    void *statement =
        pg_prepared(c->handle, "SELECT u.a::text || '|' || u.b || '|' || coalesce(u.c::text, '-') || '|' ||"
                               " coalesce(encode(u.d, 'hex'), '-')"
                               " FROM unnest($1::shades[], $2::int[], $3::numeric[], $4::bytea[]) AS u (a, b, c, d)");
    CHECK_INT(c->driver->bind_rows(statement, measured, 3, 4, &pg_error), ATH_OK);
    static const char *const expected[] = {"a\"b|1|1.5|5c00", "c\\d|2|2|-", "{,}|3|-|"};
    for (size_t i = 0; i < 3; i++) {
        ath_value cell = {0};
        CHECK_INT(c->driver->step(statement, &pg_error), ATH__STEP_ROW);
        CHECK_INT(c->driver->row(statement, &cell, 1, &pg_error), ATH_OK);
        CHECK_STR(cell.as.text.data, expected[i]);
    }
    c->driver->finalize(statement);
    end();
}

/* ---- streams ---- */

TEST(streams_beside_statements) {
    TEST_ON(TEST_POSTGRESQL);
    enum { ROWS = 3000 };
    begin();
    const ath__driver *d = c->driver;
    static const int stops[] = {0, 1, 700, ROWS - 1, ROWS};
    void *statement = pg_prepared(c->handle, "SELECT g, repeat('x', 50) || g FROM generate_series(1, 3000) AS g");
    for (size_t k = 0; k < TEST_COUNT(stops); k++) {
        ath_value cells[2];
        int64_t seen = 0, sum = 0;
        test_context("another statement after row %d", stops[k]);
        d->stream(statement);
        while (d->step(statement, &pg_error) == ATH__STEP_ROW) {
            CHECK_INT(d->row(statement, cells, 2, &pg_error), ATH_OK);
            seen++;
            sum += cells[0].as.i;
            if (seen == stops[k]) {
                CHECK_INT(pg_int(c, "SELECT 41 + 1"), 42);
                CHECK_INT(d->row(statement, cells, 2, &pg_error), ATH_OK); /* the present row stays */
                CHECK_INT(cells[0].as.i, seen);
                CHECK_INT((int64_t)cells[1].as.text.size, 50 + snprintf(NULL, 0, "%d", stops[k]));
            }
        }
        CHECK_INT(seen, ROWS);
        CHECK_INT(sum, (int64_t)ROWS * (ROWS + 1) / 2);
        CHECK_INT(d->step(statement, &pg_error), ATH__STEP_DONE);
        d->reset(statement);
    }
    d->stream(statement); /* given up between rows: the rest is dropped, the transaction goes on */
    CHECK_INT(d->step(statement, &pg_error), ATH__STEP_ROW);
    d->reset(statement);
    CHECK_INT(pg_int(c, "SELECT 43"), 43);
    CHECK_INT(ath_commit(c), ATH_OK);
    d->finalize(statement);
    end();
}

/* What goes wrong far behind is told where it happens, whoever waited for it. */
TEST(streams_that_fail) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    const ath__driver *d = c->driver;
    void *statement = pg_prepared(c->handle, "SELECT 1000 / (500 - g) FROM generate_series(1, 900) AS g");
    for (int beside = 0; beside < 2; beside++) {
        int seen = 0;
        ath__step step;
        d->stream(statement);
        while ((step = d->step(statement, &pg_error)) == ATH__STEP_ROW)
            if (++seen == 5 && beside)
                CHECK_INT(d->ping(c->handle, &pg_error), ATH_OK);
        CHECK_INT(step, ATH__STEP_ERROR);
        CHECK_INT(pg_error.status, ATH_DATA);
        CHECK_STR(pg_error.sqlstate, "22012");
        CHECK_INT(seen, 499);
        d->reset(statement);
    }
    d->finalize(statement);
    end();
}

/* ---- plans and statements on the server ---- */

TEST(stale_plans) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    pg_run(c, "DROP TABLE IF EXISTS changing");
    pg_run(c, "CREATE TABLE changing (a int)");
    pg_run(c, "INSERT INTO changing VALUES (1)");
    CHECK_INT(ath_commit(c), ATH_OK);
    void *statement = pg_prepared(c->handle, "SELECT * FROM changing");
    CHECK_INT(c->driver->step(statement, &pg_error), ATH__STEP_ROW);
    c->driver->reset(statement);
    CHECK_INT(c->driver->exec(c->handle, "ALTER TABLE changing ADD COLUMN b text", &pg_error), ATH_OK);
    CHECK_INT(c->driver->step(statement, &pg_error), ATH__STEP_ERROR);
    CHECK(c->driver->is_stale_plan(&pg_error));
    c->driver->finalize(statement);
    statement = pg_prepared(c->handle, "SELECT * FROM changing");
    CHECK_INT(c->driver->exec(c->handle, "DEALLOCATE ALL", &pg_error), ATH_OK);
    CHECK_INT(c->driver->step(statement, &pg_error), ATH__STEP_ERROR);
    CHECK(c->driver->is_stale_plan(&pg_error));
    c->driver->finalize(statement);
    CHECK_INT(pg_try(c, "SELECT 1 FROM no_such_table"), ATH_PROGRAMMING);
    CHECK(!c->driver->is_stale_plan(ath_connection_error(c)));
    end();
}

/* Dropped statements leave the server in the end, though finalize says nothing to it. */
TEST(dropped_statements) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    void *handle = pg_handle(false);
    const ath__driver *d = c->driver;
    for (int i = 0; i < 200; i++) {
        d->finalize(pg_prepared(handle, "SELECT 1"));
        CHECK_INT(d->exec(handle, "BEGIN", &pg_error), ATH_OK);
        CHECK_INT(d->exec(handle, i == 50 ? "DEALLOCATE ALL" : "SELECT 1", &pg_error), ATH_OK);
        CHECK_INT(d->exec(handle, "COMMIT", &pg_error), ATH_OK);
    }
    void *count = pg_prepared(handle, "SELECT count(*) FROM pg_prepared_statements");
    ath_value cell = {0};
    CHECK_INT(d->step(count, &pg_error), ATH__STEP_ROW);
    CHECK_INT(d->row(count, &cell, 1, &pg_error), ATH_OK);
    CHECK(cell.as.i < 40);
    d->finalize(count);
    d->disconnect(handle);
    end();
}

TEST(statements_that_are_not_kept) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    void *handle = pg_handle(true);
    const ath__driver *d = c->driver;
    void *a = pg_prepared(handle, "SELECT $1 + 1"), *b = pg_prepared(handle, "SELECT $1 || 'x'");
    for (int64_t i = 0; i < 3; i++) {
        ath_value number = {.kind = ATH_KIND_INT, .as.i = i}, text = {.kind = ATH_KIND_TEXT, .as.text = {"t", 1}},
                  cell = {0};
        CHECK_INT(d->bind(a, 0, &number, 1, true, &pg_error), ATH_OK);
        CHECK_INT(d->bind(b, 0, &text, 1, true, &pg_error), ATH_OK);
        CHECK_INT(d->step(a, &pg_error), ATH__STEP_ROW);
        CHECK_INT(d->step(b, &pg_error), ATH__STEP_ROW);
        CHECK_INT(d->row(a, &cell, 1, &pg_error), ATH_OK);
        CHECK_INT(cell.as.i, i + 1);
        CHECK_INT(d->row(b, &cell, 1, &pg_error), ATH_OK);
        CHECK_STR(cell.as.text.data, "tx");
        d->reset(a);
        d->reset(b);
        CHECK_INT(d->exec(handle, "DISCARD ALL", &pg_error), ATH_OK); /* another server, as a pooler has it */
    }
    d->finalize(a);
    d->finalize(b);
    d->disconnect(handle);
    end();
}

/* ---- what is no query ---- */

TEST(copies_and_empty_texts) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    const ath__driver *d = c->driver;
    pg_run(c, "DROP TABLE IF EXISTS copied");
    pg_run(c, "CREATE TABLE copied (a int)");
    pg_run(c, "INSERT INTO copied SELECT * FROM generate_series(1, 20000)");
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(d->exec(c->handle, "COPY copied TO STDOUT", &pg_error), ATH_NOT_SUPPORTED);
    CHECK_INT(pg_int(c, "SELECT count(*) FROM copied"), 20000);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(d->exec(c->handle, "COPY copied FROM STDIN", &pg_error), ATH_NOT_SUPPORTED);
    CHECK_INT(pg_int(c, "SELECT count(*) FROM copied"), 20000);
    CHECK_INT(pg_try(c, "COPY copied TO STDOUT"), ATH_NOT_SUPPORTED);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(pg_try(c, ""), ATH_PROGRAMMING);
    CHECK_INT(pg_try(c, "SELECT 1; SELECT 2"), ATH_PROGRAMMING);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(d->exec(c->handle, "SELECT 1; SELECT 2", &pg_error), ATH_OK);
    CHECK_INT(d->exec(c->handle, "SELECT 1; SELECT nothing; SELECT 2", &pg_error), ATH_PROGRAMMING);
    CHECK_INT(pg_int(c, "SELECT 3"), 3);
    end();
}

/* COMMIT of a failed transaction answers ROLLBACK, which nobody may take for success. */
TEST(commits_that_roll_back) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    const ath__driver *d = c->driver;
    CHECK_INT(d->exec(c->handle, "BEGIN", &pg_error), ATH_OK);
    CHECK_INT(d->exec(c->handle, "SELECT 1 / 0", &pg_error), ATH_DATA);
    CHECK(d->in_transaction(c->handle));
    CHECK_INT(d->exec(c->handle, "SELECT 1", &pg_error), ATH_STATE);
    CHECK_INT(d->exec(c->handle, "COMMIT", &pg_error), ATH_OPERATIONAL);
    CHECK(!d->in_transaction(c->handle));
    CHECK_INT(d->exec(c->handle, "BEGIN", &pg_error), ATH_OK);
    CHECK_INT(d->exec(c->handle, "COMMIT", &pg_error), ATH_OK);
    CHECK_INT(d->exec(c->handle, "ROLLBACK", &pg_error), ATH_OK);
    end();
}

static const test_case cases[] = {
    {"inferred_parameters", inferred_parameters},
    {"values_that_do_not_fit", values_that_do_not_fit},
    {"rows_in_arrays", rows_in_arrays},
    {"arrays_as_text", arrays_as_text},
    {"streams_beside_statements", streams_beside_statements},
    {"streams_that_fail", streams_that_fail},
    {"stale_plans", stale_plans},
    {"dropped_statements", dropped_statements},
    {"statements_that_are_not_kept", statements_that_are_not_kept},
    {"copies_and_empty_texts", copies_and_empty_texts},
    {"commits_that_roll_back", commits_that_roll_back},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
