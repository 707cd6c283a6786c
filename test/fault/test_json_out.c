/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON of objects, rows and a nested query with every allocation failing in turn: text or ATH_NO_MEMORY, nothing leaked.
 */
#include "test.h"

#include "../failing.h"

#include <athanor/athanor.h>

typedef struct Ship Ship;
typedef struct Sailor {
    int64_t id, ship_id;
    const char *name;
    ath_bytes badge;
    Ship *ship;
} Sailor;

struct Ship {
    int64_t id;
    const char *name;
    ath_decimal price;
    ath_opt_f64 length;
    Sailor **crew;
};

ATH_DECLARE(Sailor);
ATH_DECLARE(Ship);

ATH_MODEL(Ship, "ships") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
    ath_column(price, .type = ATH_NUMERIC(10, 2));
    ath_column(length, .nullable = true);
    ath_has_many(crew, Sailor, .back_populates = "ship", .order_by = ath_by(ath_col(Sailor, id)));
}

ATH_MODEL(Sailor, "sailors") {
    ath_column(id, .primary_key = true);
    ath_column(ship_id, .foreign_key = "ships.id");
    ath_column(name, .type = ATH_STRING(40));
    ath_column(badge, .nullable = true);
    ath_belongs_to(ship, Ship, .back_populates = "crew");
}

ATH_METADATA(Harbour, Ship, Sailor);

static bool fill(ath_session *s) {
    Ship *ship = ath_new(s, Ship, .name = "\"Swan\"\n", .price = {.low = 1250, .scale = 2}, .length = ath_some(0.1));
    for (int i = 0; ship && i < 20; i++) {
        Sailor *sailor = ath_new(s, Sailor, .name = "a sailor whose name fills some space", .badge = {"\x01\xff", 2});
        if (!sailor || ath_set_rel(s, sailor, ship, ship) != ATH_OK)
            return false;
    }
    return ship && ath_commit(s) == ATH_OK;
}

/* Text that has been given is whole. */
static bool is_text(char *text) {
    const bool given = text != NULL;
    CHECK(!given || strlen(text) > 20);
    ath_json_free(text);
    return given;
}

static ath_status write_all(ath_session *s) {
    const ath_load_list crew = ath_load(ath_selectin(Ship, crew));
    Ship **ships = ath_all(s, Ship, .load = crew);
    if (!ships ||
        !is_text(
            ath_list_to_json(s, Ship, ships, .include = ath_names("name", "crew.name", "crew.badge"), .indent = 2)) ||
        !is_text(ath_to_json(s, Ship, ships[0], .rename = ath_renames({"name", "called"}))) ||
        !is_text(ath_rows_to_json(s, ath_select(.model = ath_model_of(Sailor)), .exclude = ath_names("id"))) ||
        !is_text(ath_query_json(s, Ship, .load = crew)))
        return ath_error(s)->status;
    return ATH_OK;
}

static ath_status journey(failing *f) {
    ath_allocator allocator = FAILING(f);
    ath_error error = {0};
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &allocator, .error = &error);
    if (!db)
        return error.status;
    ath_session *s = ath_create_all(db, &Harbour, &error) == ATH_OK ? ath_session_open(db, .error = &error) : NULL;
    ath_status status = s ? ATH_OK : error.status;
    if (s && !fill(s))
        status = ath_error(s)->status;
    if (s && status == ATH_OK)
        status = write_all(s);
    ath_session_close(s);
    ath_engine_close(db);
    return status;
}

TEST(every_allocation_fails_in_turn) {
    failing count = {0};
    CHECK_INT(journey(&count), ATH_OK);
    CHECK_INT(count.held, 0);
    CHECK(count.requests > 50);
    for (long n = 1; n <= count.requests; n++) {
        failing f = {.fail_at = n};
        test_context("allocation %ld of %ld", n, count.requests);
        ath_status status = journey(&f);
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK);
        CHECK_INT(f.held, 0);
    }
    test_context("%s", "");
}

/* The text of a session may outlive all that it came from. */
TEST(text_outlives_the_engine) {
    failing f = {0};
    ath_allocator allocator = FAILING(&f);
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &allocator);
    ath_session *s = ath_session_open(db);
    char *text = ath_rows_to_json(s, ath_text("SELECT 1 AS one"));
    ath_session_close(s);
    ath_engine_close(db);
    CHECK_STR(text, "[{\"one\":1}]");
    CHECK(f.held > 0);
    ath_json_free(text);
    CHECK_INT(f.held, 0);
}

/* No tree, and nothing per row: one buffer that doubles. */
TEST(rows_take_few_allocations) {
    failing f = {0};
    ath_allocator allocator = FAILING(&f);
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &allocator);
    ath_connection *c = ath_connect(db);
    const ath_expr *query = ath_text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
                                     "SELECT i, 'row ' || i AS name, i * 0.5 AS half FROM n");
    ath_json_free(ath_rows_to_json(c, query));
    const long before = f.requests;
    ath_json_free(ath_rows_to_json(c, query));
    CHECK(f.requests - before < 60);
    ath_connection_close(c);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"every_allocation_fails_in_turn", every_allocation_fails_in_turn},
    {"text_outlives_the_engine", text_outlives_the_engine},
    {"rows_take_few_allocations", rows_take_few_allocations},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
