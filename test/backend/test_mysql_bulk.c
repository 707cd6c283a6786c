/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB, the driver: rows in bulk with and without RETURNING, in several packets, beside single runs of the same
 * statement; and every allocation failing in turn.
 */
#include "mysqling.h"

#include "../base/counting.h"

static ath_engine *db;
static ath_connection *c;
static const ath__driver *d;

static void begin(void) {
    db = my_engine("");
    c = ath_connect(db, &my_error);
    CHECK_STR(c ? "" : my_error.message, "");
    d = c->driver;
    my_run(c, "CREATE OR REPLACE TABLE bulk (id INTEGER PRIMARY KEY AUTO_INCREMENT, n BIGINT UNIQUE, name LONGTEXT)");
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

static void *prepared(const char *sql) {
    void *statement = NULL;
    CHECK_INT(d->prepare(c->handle, sql, strlen(sql), NULL, 0, &statement, &my_error), ATH_OK);
    return statement;
}

static const char insert_returning[] = "INSERT INTO bulk (n, name) VALUES (?, ?) RETURNING id, n";
static const char insert_only[] = "INSERT INTO bulk (n, name) VALUES (?, ?)";

static ath_value integer(int64_t n) {
    return (ath_value){.kind = ATH_KIND_INT, .as.i = n};
}

static ath_value text(const char *t, size_t size) {
    return (ath_value){.kind = ATH_KIND_TEXT, .as.text = {t, size}};
}

/* `rows` rows of n and a name of `size` bytes, every seventh NULL; the caller frees. */
static ath_value *make_rows(size_t rows, size_t size, char **name) {
    ath_value *values = calloc(rows * 2, sizeof *values);
    *name = calloc(1, size + 1);
    memset(*name, 'n', size);
    for (size_t r = 0; r < rows; r++) {
        values[2 * r] = integer((int64_t)(rows - r)); /* downwards, so that order can be seen */
        if (r % 7)
            values[2 * r + 1] = text(*name, size);
    }
    return values;
}

static void check_returned(void *s, size_t rows, int64_t first_id) {
    size_t right = 0;
    for (size_t r = 0; r < rows; r++) {
        ath_value cells[2] = {{0}};
        if (d->step(s, &my_error) != ATH__STEP_ROW || d->row(s, cells, 2, &my_error) != ATH_OK)
            break;
        right += cells[0].as.i == first_id + (int64_t)r && cells[1].as.i == (int64_t)(rows - r);
    }
    CHECK_INT((long long)right, (long long)rows);
    CHECK_INT(d->step(s, &my_error), ATH__STEP_DONE);
    CHECK_INT(d->rows_changed(c->handle), (int64_t)rows);
}

TEST(returning_in_order) {
    TEST_ON(TEST_MYSQL);
    char *name;
    begin();
    CHECK(ath__dialect_can(c->dialect, ATH__CAN_ROW_ARRAYS));
    ath_value *values = make_rows(5000, 30, &name);
    void *s = prepared(insert_returning);
    CHECK_INT(d->bind_rows(s, values, 5000, 2, &my_error), ATH_OK);
    check_returned(s, 5000, 1);
    d->reset(s);
    CHECK_INT(my_int(c, "SELECT count(*) FROM bulk WHERE length(name) = 30"), 5000 - 715);
    my_run(c, "DELETE FROM bulk");
    CHECK_INT(d->bind(s, 0, values, 2, true, &my_error), ATH_OK); /* one row, by the same statement */
    CHECK_INT(d->step(s, &my_error), ATH__STEP_ROW);
    d->reset(s);
    my_run(c, "DELETE FROM bulk");
    CHECK_INT(d->bind_rows(s, values, 3, 2, &my_error), ATH_OK);
    CHECK_INT(d->step(s, &my_error), ATH__STEP_ROW);
    d->reset(s); /* before the last row */
    CHECK_INT(my_int(c, "SELECT count(*) FROM bulk"), 3);
    d->finalize(s);
    free(values);
    free(name);
    end();
}

/* More than a packet takes; and other statements run while its rows are walked. */
TEST(several_packets) {
    TEST_ON(TEST_MYSQL);
    enum { ROWS = 120, SIZE = 200000 };
    char *name;
    begin();
    ath_value *values = make_rows(ROWS, SIZE, &name);
    void *s = prepared(insert_returning), *plain = prepared(insert_only);
    CHECK_INT(d->bind_rows(s, values, ROWS, 2, &my_error), ATH_OK);
    CHECK_INT(d->step(s, &my_error), ATH__STEP_ROW);
    CHECK(my_int(c, "SELECT count(*) FROM bulk") < ROWS);
    int rows = 1;
    while (d->step(s, &my_error) == ATH__STEP_ROW)
        rows++;
    CHECK_INT(rows, ROWS);
    CHECK_INT(d->rows_changed(c->handle), ROWS);
    d->reset(s);
    CHECK_INT(my_int(c, "SELECT sum(length(name)) FROM bulk"), (ROWS - 18) * (int64_t)SIZE);
    my_run(c, "DELETE FROM bulk");
    CHECK_INT(d->bind_rows(plain, values, ROWS, 2, &my_error), ATH_OK);
    CHECK_INT(d->step(plain, &my_error), ATH__STEP_DONE);
    CHECK_INT(d->rows_changed(c->handle), ROWS);
    d->finalize(s);
    d->finalize(plain);
    free(values);
    free(name);
    end();
}

TEST(updates_and_deletes) {
    TEST_ON(TEST_MYSQL);
    begin();
    my_run(c, "INSERT INTO bulk (n) SELECT seq FROM seq_1_to_10");
    ath_value values[6] = {text("a", 1), integer(2), text("b", 1), integer(4), text("c", 1), integer(99)};
    void *update = prepared("UPDATE bulk SET name = ? WHERE n = ?"), *delete = prepared("DELETE FROM bulk WHERE n = ?");
    CHECK_INT(d->bind_rows(update, values, 3, 2, &my_error), ATH_OK);
    CHECK_INT(d->step(update, &my_error), ATH__STEP_DONE);
    CHECK_INT(d->rows_changed(c->handle), 2);
    const ath_value keys[3] = {integer(2), integer(3), integer(77)};
    CHECK_INT(d->bind_rows(delete, keys, 3, 1, &my_error), ATH_OK);
    CHECK_INT(d->step(delete, &my_error), ATH__STEP_DONE);
    CHECK_INT(d->rows_changed(c->handle), 2);
    d->finalize(update);
    d->finalize(delete);
    end();
}

/* Kinds that differ in a column meet where nothing is lost, or are refused. */
TEST(kinds_of_a_column) {
    TEST_ON(TEST_MYSQL);
    begin();
    void *s = prepared("INSERT INTO bulk (n) VALUES (?) RETURNING n");
    const ath_value mixed[4] = {{.kind = ATH_KIND_BOOL, .as.b = true},
                                integer(-5),
                                {.kind = ATH_KIND_DECIMAL, .as.decimal = {.low = 70, .scale = 1}},
                                {.kind = ATH_KIND_NULL}};
    CHECK_INT(d->bind_rows(s, mixed, 4, 1, &my_error), ATH_OK);
    static const int64_t expected[] = {1, -5, 7};
    for (int i = 0; i < 4; i++) {
        ath_value cell = {0};
        CHECK_INT(d->step(s, &my_error), ATH__STEP_ROW);
        CHECK_INT(d->row(s, &cell, 1, &my_error), ATH_OK);
        CHECK(i == 3 ? cell.kind == ATH_KIND_NULL : cell.as.i == expected[i]);
    }
    d->reset(s);
    const ath_value apart[2] = {integer(1), text("x", 1)};
    CHECK_INT(d->bind_rows(s, apart, 2, 1, &my_error), ATH_DATA);
    CHECK(strstr(my_error.message, "row 2") != NULL);
    d->reset(s);
    CHECK_INT(d->bind_rows(s, apart, 1, 2, &my_error), ATH_PROGRAMMING);
    d->finalize(s);
    end();
}

TEST(broken_constraints) {
    TEST_ON(TEST_MYSQL);
    begin();
    const ath_value rows[6] = {integer(1), text("a", 1), integer(2), text("b", 1), integer(1), text("c", 1)};
    static const char *const sql[] = {insert_only, insert_returning};
    for (int i = 0; i < 2; i++) {
        void *s = prepared(sql[i]);
        CHECK_INT(d->exec(c->handle, "BEGIN", &my_error), ATH_OK);
        CHECK_INT(d->bind_rows(s, rows, 3, 2, &my_error), ATH_OK);
        ath__step step;
        while ((step = d->step(s, &my_error)) == ATH__STEP_ROW)
            ;
        CHECK_INT(step, ATH__STEP_ERROR);
        CHECK_INT(my_error.integrity, ATH_INTEGRITY_UNIQUE);
        CHECK_STR(my_error.constraint, "n");
        CHECK_STR(my_error.table, "bulk");
        d->reset(s);
        CHECK(d->in_transaction(c->handle));
        CHECK_INT(d->exec(c->handle, "ROLLBACK", &my_error), ATH_OK);
        CHECK_INT(d->bind_rows(s, rows, 2, 2, &my_error), ATH_OK); /* it still works */
        while ((step = d->step(s, &my_error)) == ATH__STEP_ROW)
            ;
        CHECK_INT(step, ATH__STEP_DONE);
        my_run(c, "DELETE FROM bulk");
        ath_commit(c);
        d->finalize(s);
    }
    end();
}

TEST(a_row_too_large) {
    TEST_ON(TEST_MYSQL);
    begin();
    size_t size = (size_t)my_int(c, "SELECT @@max_allowed_packet");
    char *name = calloc(1, size + 1);
    const ath_value rows[2] = {integer(1), text(name, size)};
    void *s = prepared(insert_only);
    CHECK_INT(d->bind_rows(s, rows, 1, 2, &my_error), ATH_OK);
    CHECK_INT(d->step(s, &my_error), ATH__STEP_ERROR);
    CHECK_INT(my_error.status, ATH_DATA);
    CHECK(strstr(my_error.message, "max_allowed_packet") != NULL);
    d->finalize(s);
    CHECK_INT(my_int(c, "SELECT 1"), 1);
    free(name);
    end();
}

/* ---- memory ---- */

static ath_status walk(void *s, int *rows, ath_error *error) {
    ath__step step;
    ath_value cells[2];
    while ((step = d->step(s, error)) == ATH__STEP_ROW) {
        (*rows)++;
        ATH_TRY(d->row(s, cells, 2, error));
    }
    return step == ATH__STEP_DONE ? ATH_OK : error->status;
}

/* Two statements side by side and rows in bulk, on a connection of its own. */
static ath_status use_statements(void *handle, void **statements, ath_error *error) {
    static const char select[] = "SELECT seq, repeat(?, 300) FROM seq_1_to_50";
    const ath_value x = text("x", 1);
    ath_value rows[4] = {integer(1), text("a long enough name", 18), integer(2), {.kind = ATH_KIND_NULL}};
    int count = 0;
    bool exists;
    ATH_TRY(d->exec(handle, "BEGIN", error));
    ATH_TRY(d->has_table(handle, "bulk", &exists, error));
    ATH_TRY(d->prepare(handle, select, strlen(select), NULL, 0, &statements[0], error));
    ATH_TRY(d->prepare(handle, insert_returning, strlen(insert_returning), NULL, 0, &statements[1], error));
    ATH_TRY(d->bind(statements[0], 0, &x, 1, true, error));
    if (d->step(statements[0], error) != ATH__STEP_ROW)
        return error->status;
    ATH_TRY(d->bind_rows(statements[1], rows, 2, 2, error));
    ATH_TRY(walk(statements[1], &count, error));
    ATH_TRY(walk(statements[0], &count, error));
    CHECK_INT(count, 51);
    d->reset(statements[1]);
    ATH_TRY(d->bind(statements[1], 0, rows, 2, true, error));
    return d->exec(handle, "ROLLBACK", error);
}

static ath_status journey(const ath_allocator *a, ath_error *error) {
    void *handle = NULL, *statements[2] = {NULL, NULL};
    const ath__connect how = {.url = db->url, .allocator = a, .wait = &db->wait, .deadline_us = INT64_MAX};
    ATH_TRY(d->connect(&how, &handle, error));
    ath_status status = use_statements(handle, statements, error);
    for (int i = 0; i < 2; i++)
        if (statements[i])
            d->finalize(statements[i]);
    d->disconnect(handle);
    return status;
}

TEST(failing_allocations) {
    TEST_ON(TEST_MYSQL);
    begin();
    ath_status status = ATH_NO_MEMORY;
    for (size_t fail_at = 1; status != ATH_OK && fail_at < 1000; fail_at++) {
        counting memory;
        counting_init(&memory, fail_at);
        test_context("request %zu", fail_at);
        ath_error error = {0};
        status = journey(&memory.allocator, &error);
        CHECK(status == ATH_OK || status == ATH_NO_MEMORY);
        CHECK(status == ATH_OK || error.status == status);
        CHECK_RELEASED(&memory);
        if (status == ATH_OK)
            CHECK(memory.requests < fail_at);
    }
    CHECK_INT(status, ATH_OK);
    test_context("%s", "");
    end();
}

/* A second run of a statement asks for no memory. */
TEST(runs_need_no_memory) {
    TEST_ON(TEST_MYSQL);
    void *handle = NULL, *s = NULL;
    counting memory;
    begin();
    counting_init(&memory, 0);
    const ath__connect how = {
        .url = db->url, .allocator = &memory.allocator, .wait = &db->wait, .deadline_us = INT64_MAX};
    CHECK_INT(d->connect(&how, &handle, &my_error), ATH_OK);
    static const char sql[] = "SELECT ?, repeat(?, 100)";
    CHECK_INT(d->prepare(handle, sql, strlen(sql), NULL, 0, &s, &my_error), ATH_OK);
    size_t after_first = 0;
    for (int i = 0; i < 5; i++) {
        ath_value values[2] = {integer(i), text("x", 1)}, cells[2];
        CHECK_INT(d->bind(s, 0, values, 2, true, &my_error), ATH_OK);
        CHECK_INT(d->step(s, &my_error), ATH__STEP_ROW);
        CHECK_INT(d->row(s, cells, 2, &my_error), ATH_OK);
        CHECK_INT(d->step(s, &my_error), ATH__STEP_DONE);
        d->reset(s);
        after_first = i == 0 ? memory.requests : after_first;
    }
    CHECK_INT((long long)memory.requests, (long long)after_first);
    d->finalize(s);
    d->disconnect(handle);
    CHECK_RELEASED(&memory);
    end();
}

static const test_case cases[] = {
    {"returning_in_order", returning_in_order},   {"several_packets", several_packets},
    {"updates_and_deletes", updates_and_deletes}, {"kinds_of_a_column", kinds_of_a_column},
    {"broken_constraints", broken_constraints},   {"a_row_too_large", a_row_too_large},
    {"failing_allocations", failing_allocations}, {"runs_need_no_memory", runs_need_no_memory},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
