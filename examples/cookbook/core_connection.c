/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections, without sessions: execute, commit, roll back. */
#include "blog.h"

/* A statement whose result is of no interest. */
static bool done(ath_result *result) {
    ath_result_close(result);
    return result != NULL;
}

static int64_t rows(ath_connection *connection) {
    ath_result *result = ath_execute(connection, ath_text("SELECT count(*) FROM notes"));
    const ath_value *count = ath_result_scalar(result);
    int64_t n = count ? count->as.i : -1;
    ath_result_close(result);
    return n;
}

/* with engine.connect() as connection:
 *     connection.execute(text("CREATE TABLE notes (x INTEGER, y INTEGER)"))
 *     connection.execute(text("INSERT INTO notes (x, y) VALUES (:x, :y)"), {"x": 1, "y": 2})
 *     connection.commit() */
static bool commit_as_you_go(ath_engine *engine, ath_error *error) {
    ath_connection *connection = ath_connect(engine, error);
    bool ok = connection && done(ath_execute(connection, ath_text("CREATE TABLE notes (x INTEGER, y INTEGER)"))) &&
              done(ath_execute(connection, ath_text("INSERT INTO notes (x, y) VALUES (:x, :y)", ath_bind("x", 1),
                                                    ath_bind("y", 2)))) &&
              ath_commit(connection) == ATH_OK;

    /* Without a commit() the block's end rolls back: so does the close. */
    ok = ok && done(ath_execute(connection, ath_text("INSERT INTO notes (x, y) VALUES (3, 4)")));
    if (connection && !ok)
        *error = *ath_error(connection);
    ath_connection_close(connection);
    return ok;
}

/* with engine.begin() as connection:
 *     connection.execute(text("INSERT INTO notes (x, y) VALUES (:x, :y)"), [{"x": 6, "y": 8}, {"x": 9, "y": 10}])
 *
 * Many rows are one statement with many VALUES.  When anything fails, nothing of it happened. */
static bool begin_once(ath_engine *engine, ath_error *error) {
    ath_connection *connection = ath_connect(engine, error);
    bool ok = connection && ath_begin(connection) == ATH_OK &&
              done(ath_execute(connection, ath_insert(.table = "notes", .columns = ath_names("x", "y"),
                                                      .values = ath_rows(ath_vals(6, 8), ath_vals(9, 10))))) &&
              ath_commit(connection) == ATH_OK;
    if (connection && !ok)
        *error = *ath_error(connection);
    ath_connection_close(connection);
    return ok;
}

static bool savepoint(ath_connection *connection) {
    /* with connection.begin_nested(): ... raise */
    bool ok =
        ath_connection_savepoint(connection) == ATH_OK && done(ath_execute(connection, ath_text("DELETE FROM notes")));
    printf("inside: %" PRId64 "\n", rows(connection));
    ok = ok && ath_connection_rollback_to(connection) == ATH_OK;
    printf("back at the savepoint: %" PRId64 "\n", rows(connection));
    return ok;
}

int main(void) {
    ath_error error = {0};
    ath_engine *engine = ath_engine_open(cookbook_url(), .error = &error);
    ath_connection *connection = NULL;
    bool ok = engine && commit_as_you_go(engine, &error) && begin_once(engine, &error) &&
              (connection = ath_connect(engine, &error)) != NULL;
    if (ok) {
        /* for row in connection.execute(text("SELECT x, y FROM notes WHERE y > :y"), {"y": 2}): print(row.x, row.y) */
        ath_result *result =
            ath_execute(connection, ath_text("SELECT x, y FROM notes WHERE y > :y ORDER BY x", ath_bind("y", 2)));
        for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
            printf("x %" PRId64 ", y %" PRId64 "\n", ath_row_get(row, "x")->as.i, ath_row_int(row, 1));
        ath_result_close(result);
        ok = savepoint(connection) && ath_rollback(connection) == ATH_OK;
        ok = ok && done(ath_execute(connection, ath_text("DROP TABLE notes"))) && ath_commit(connection) == ATH_OK;
        if (!ok)
            error = *ath_error(connection);
    }
    ath_connection_close(connection);
    ath_engine_close(engine);
    if (!ok)
        fprintf(stderr, "%s\n", error.message);
    return ok ? 0 : 1;
}
