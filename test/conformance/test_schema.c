/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables from models: made in the order that foreign keys need, once; dropped in the reverse; with the constraints, indexes
 * and defaults that the model says, kept by the database itself.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"
#include "values.h"

typedef struct Order {
    int64_t id;
    const char *select, *mixed_case, *with_space, *percent;
    ath_opt_i64 group;
} Order;

ATH_MODEL(Order, "order") {
    ath_column(id, .primary_key = true);
    ath_column(select, .type = ATH_STRING(20), .server_default = ath_str(""));
    ath_column(mixed_case, .name = "MixedCase", .type = ATH_STRING(20), .unique = true);
    ath_column(with_space, .name = "with space", .type = ATH_STRING(20), .index = true);
    ath_column(percent, .name = "100%?:x$1", .type = ATH_STRING(20));
    ath_column(group, .nullable = true, .foreign_key = "order.id");
}

ATH_METADATA(Orders, Order);

static ath_engine *db;
static ath_connection *c;

static bool begin(const ath_metadata *metadata) {
    db = suite_open();
    c = suite_tables(db, metadata) ? suite_connect(db) : NULL;
    return c != NULL;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

TEST(made_once) {
    if (begin(&Shop)) {
        suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'top')");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(ath_create_all(db, &Shop), ATH_OK);
        CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 1);
        CHECK_OK(c, ath_commit(c));
        suite_sql(c, "DROP TABLE stock");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(ath_create_all(db, &Shop), ATH_OK); /* what is missing alone */
        CHECK_INT(suite_int(c, "SELECT count(*) FROM stock"), 0);
        CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 1);
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(ath_drop_all(db, &Shop), ATH_OK);
        CHECK_STATUS(c, suite_try(c, "SELECT * FROM shelves"), ATH_PROGRAMMING);
        CHECK_OK(c, ath_rollback(c));
        CHECK_INT(ath_drop_all(db, &Shop), ATH_OK);
    }
    end();
}

TEST(names_that_need_quotes) {
    if (begin(&Orders)) {
        ath_session *s = ath_session_open(db);
        Order *parent = ath_new(s, Order, .select = "s", .mixed_case = "m", .with_space = "w", .percent = "%");
        CHECK_OK(s, ath_commit(s));
        ath_new(s, Order, .mixed_case = "n", .with_space = "w", .percent = "?",
                .group = {.value = parent->id, .has = true});
        CHECK_OK(s, ath_commit(s));
        Order *found =
            ath_one(s, Order,
                    .where = ath_and(ath_eq(ath_col(Order, percent), "?"), ath_eq(ath_col(Order, with_space), "w"),
                                     ath_eq(ath_col(Order, group), parent->id)));
        CHECK_STR(found ? found->mixed_case : "", "n");
        CHECK_STR(found ? found->select : "-", "");
        found->percent = "$1";
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Order, .where = ath_eq(ath_col(Order, percent), "$1")), 1);
        ath_new(s, Order, .mixed_case = "n", .with_space = "", .percent = "");
        CHECK_STATUS(s, ath_commit(s), ATH_INTEGRITY);
        CHECK_INT(ath_error(s)->integrity, ATH_INTEGRITY_UNIQUE);
        CHECK_OK(s, ath_rollback(s));
        ath_session_close(s);
    }
    end();
}

/* Keys that the program sets, and keys that the database numbers, side by side. */
TEST(numbered_keys) {
    if (begin(&Shop)) {
        ath_session *s = ath_session_open(db);
        Shelf *a = ath_new(s, Shelf, .label = "a");
        CHECK_OK(s, ath_commit(s));
        Shelf *far = ath_new(s, Shelf, .id = a->id + 50, .label = "far");
        CHECK_OK(s, ath_commit(s));
        Shelf *b = ath_new(s, Shelf, .label = "b");
        CHECK_OK(s, ath_commit(s));
        CHECK(b->id != a->id && b->id != far->id && b->id > a->id);
        ath_session_close(s);
    }
    end();
}

/* ---- defaults of every type ---- */

static size_t turn;
static ath_model models[128];
static void *slots[128];

/* The default of a column in this turn; NULL for what has no literal, for text longer than any default, and for spans of
 * time that PostgreSQL reads from text by way of doubles. */
static ath_value default_of(size_t column) {
    ath_value value = values_turn(column, turn, test_database_name(test_on));
    bool is_long = (value.kind == ATH_KIND_TEXT && value.as.text.size > 4000) ||
                   (value.kind == ATH_KIND_BYTES && value.as.bytes.size > 4000);
    bool is_vast = value.kind == ATH_KIND_INTERVAL && value.as.interval.us == INT64_MIN;
    if (is_long || is_vast || (value.kind == ATH_KIND_REAL && !isfinite(value.as.d)))
        value.kind = ATH_KIND_NULL;
    return value;
}

static void define(ath_mapper *m, void *blank) {
    (void)blank;
    ath_column_opts id = {.struct_size = sizeof id, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO};
    ath_mapper_column(m, "id", 0, sizeof(int64_t), ATH_C_I64, &id);
    for (size_t i = 0; i < values_columns(); i++) {
        ath_value value = default_of(i);
        const ath_expr literal = {.node = ATH_NODE_LITERAL, .u.value = value};
        ath_column_opts opts = {.struct_size = sizeof opts, .type = values_column_type(i), .nullable = true};
        if (value.kind != ATH_KIND_NULL)
            opts.server_default = &literal;
        values_define(m, i, &opts);
    }
}

static void check_defaults(const ath_model *model) {
    ath_result *r = ath_execute(c, ath_text("INSERT INTO defaults (id) VALUES (1)"));
    if (!r)
        test_failed_(__FILE__, __LINE__, "%s", ath_error(c)->message);
    ath_result_close(r);
    r = ath_execute(c, ath_select(.model = model));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    if (!row)
        test_failed_(__FILE__, __LINE__, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
    for (size_t i = 0; row && i < values_columns(); i++) {
        ath_value want = default_of(i);
        const ath_value *got = ath_row_at(row, i + 1);
        if (!values_same(got, &want))
            test_failed_(__FILE__, __LINE__, "%s: default %s is %s", values_column_name(i), values_print(&want),
                         values_print(got));
    }
    ath_result_close(r);
    CHECK_OK(c, ath_commit(c));
}

TEST(defaults_of_every_type) {
    static size_t used;
    if (begin(&ValueTables))
        for (turn = 0; turn < 40 && used < TEST_COUNT(models) && test_failures_ < 20; turn++, used++) {
            models[used] = (ath_model){.name = "Values",
                                       .table = "defaults",
                                       .size = sizeof(Values),
                                       .align = _Alignof(Values),
                                       .define = define,
                                       .slot = &slots[used]};
            const ath_model *model = &models[used];
            const ath_metadata metadata = {.name = "defaults", .models = &model, .model_count = 1};
            ath_error e;
            test_context("turn %zu", turn);
            if (ath_create_all(db, &metadata, &e) != ATH_OK) {
                test_failed_(__FILE__, __LINE__, "%s", e.message);
                continue;
            }
            check_defaults(model);
            CHECK_INT(ath_drop_all(db, &metadata), ATH_OK);
        }
    values_forget();
    end();
}

static const suite_case cases[] = {
    {"made_once", made_once, 0},
    {"names_that_need_quotes", names_that_need_quotes, 0},
    {"numbered_keys", numbered_keys, 0},
    {"defaults_of_every_type", defaults_of_every_type, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
