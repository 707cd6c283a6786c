/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB through the engine: connections, statements, results, transactions.
 */
#include "mysqling.h"

TEST(connects) {
    TEST_ON(TEST_MYSQL);
    ath_engine *db = my_engine("");
    ath_connection *c = ath_connect(db, &my_error);
    CHECK_STR(c ? "" : my_error.message, "");
    CHECK_INT(my_int(c, "SELECT 41 + 1"), 42);
    my_run(c, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTO_INCREMENT, name VARCHAR(20))");
    my_run(c, "INSERT INTO t (name) VALUES ('a'), ('b')");
    CHECK_INT(my_int(c, "SELECT count(*) FROM t"), 2);
    ath_commit(c);
    ath_connection_close(c);
    ath_engine_close(db);
}

static const test_case cases[] = {{"connects", connects}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
