/* SPDX-License-Identifier: Apache-2.0
 *
 * The library of test/models.h on the database of the day, for programs that run on each (test/servers.h).
 */
#ifndef ATH_TEST_ORM_LIBRARY_H
#define ATH_TEST_ORM_LIBRARY_H

#include "../servers.h"

#include "../models.h"

/* An engine whose tables are empty; NULL after a failure, which is recorded. */
static inline ath_engine *library_fresh(void) {
    ath_error error = {0};
    ath_engine *db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (db && (test_on == TEST_SQLITE || ath_drop_all(db, &Library, &error) == ATH_OK) &&
        ath_create_all(db, &Library, &error) == ATH_OK)
        return db;
    test_failed_(__FILE__, __LINE__, "%s: %s [%s]", test_database_name(test_on), error.message, error.statement);
    ath_engine_close(db);
    return NULL;
}

/* For what only SQLite does, or does so. */
#define SQLITE_ONLY(why)                                                                                               \
    if (test_on != TEST_SQLITE)                                                                                        \
    TEST_SKIP(why)

#endif
