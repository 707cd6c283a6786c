/* SPDX-License-Identifier: Apache-2.0
 *
 * The skeleton backend: its facts and its one override make SQL without a server, its driver has every function that is
 * not optional, and what it cannot do it says.
 */
#include "test.h"

#include "backend/skeleton/skeleton.h"

#include <athanor/athanor.h>

static const char *sql_of(ath_stmt stmt) {
    static char text[1024];
    ath__key key;
    ath__compiled compiled;
    ath_error error = {0};
    ath__key_init(&key, &ath__malloc_allocator);
    ath_status status = ath__key_stmt(&key, stmt, &error);
    if (status == ATH_OK)
        status = ath__compile(&ath__skeleton_dialect, &ath__malloc_allocator, stmt, &key, &compiled, &error);
    ath__key_done(&key);
    snprintf(text, sizeof text, "%s", status == ATH_OK ? compiled.sql : error.message);
    if (status == ATH_OK)
        ath__compiled_done(&compiled);
    return text;
}

TEST(its_facts_make_sql) {
    CHECK_STR(sql_of(ath_stmt_of(ath_select(.columns = ath_cols(ath_name("user", "id")),
                                            .where = ath_eq(ath_func("lower", ath_name("user", "name")), "a")))),
              "SELECT \"user\".id FROM \"user\" WHERE LOWERCASE \"user\".name = ?");
    CHECK_STR(sql_of(ath_stmt_of(ath_intersect(ath_queries(ath_select(.columns = ath_cols(ath_name("t", "a"))))))),
              "Skeleton 1.0 has no INTERSECT and EXCEPT");
}

TEST(its_driver_refuses) {
    const ath__driver *d = &ath__skeleton_driver;
    ath_error error = {0};
    ath_url *url = ath_url_parse("skeleton://host/db", &error);
    ath__connect how = {.url = url, .allocator = &ath__malloc_allocator, .wait = &(ath_wait_hook){NULL, NULL}};
    void *c = NULL, *statement = NULL;
    CHECK_INT(d->connect(&how, &c, &error), ATH_OK);
    CHECK(!d->is_lost(c) && !d->in_transaction(c));
    CHECK_INT(d->prepare(c, "SELECT 1", 8, NULL, 0, &statement, &error), ATH_NOT_SUPPORTED);
    CHECK(strstr(error.message, "the skeleton backend cannot prepare a statement") == error.message);
    CHECK_INT(d->exec(c, "BEGIN", &error), ATH_NOT_SUPPORTED);
    d->disconnect(c);
    ath_url_free(url);
    url = ath_url_parse("skeleton://host/db?colour=red", &error);
    how.url = url;
    CHECK_INT(d->connect(&how, &c, &error), ATH_ARGUMENT);
    CHECK(strstr(error.message, "'colour'") != NULL);
    ath_url_free(url);
}

static const test_case cases[] = {{"its_facts_make_sql", its_facts_make_sql},
                                  {"its_driver_refuses", its_driver_refuses}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
