/* SPDX-License-Identifier: Apache-2.0
 *
 * An engine and its options. */
#include <athanor/athanor.h>
#include <stdio.h>

/* Without a function of its own, .echo writes to standard error. */
static void print_line(void *context, ath_log_level level, const char *line) {
    (void)context;
    (void)level;
    printf("  %s\n", line);
}

int main(void) {
    ath_error why;

    /* engine = create_engine(DATABASE_URL)
     *
     * No connection is made before the first is needed.  A wrong URL is told here: */
    if (!ath_engine_open("sqlite3:///app.db", .error = &why))
        printf("%s: %s\n", ath_status_name(why.status), why.message);

    /* engine = create_async_engine(
     *     DB_URI,
     *     echo=True,          # log the SQL
     *     pool_size=10,       # max_overflow, pool_timeout, pool_recycle, pool_pre_ping: for servers;
     * )                       # a file needs none of them
     *
     * What is not named keeps its default.  Keys of the URL go to the database. */
    ath_engine *engine = ath_engine_open("sqlite:///open_engine.db?journal_mode=wal", .echo = true, .log = print_line,
                                         .hide_parameters = true, .busy_timeout_ms = 1000, .error = &why);
    if (!engine) {
        fprintf(stderr, "%s\n", why.message);
        return 1;
    }
    printf("%s\n", ath_engine_dialect(engine));

    /* with engine.connect() as connection: connection.execute(text("SELECT 1 + :n"), {"n": 1}) */
    ath_connection *connection = ath_connect(engine, &why);
    if (connection) {
        ath_result *result = ath_execute(connection, ath_text("SELECT 1 + :n", ath_bind("n", 1)));
        const ath_value *two = ath_result_scalar(result);
        if (two)
            printf("%d\n", (int)two->as.i);
        ath_result_close(result);
        ath_connection_close(connection);
    }
    ath_engine_close(engine); /* engine.dispose() */
    remove("open_engine.db");
    return connection ? 0 : 1;
}
