/* SPDX-License-Identifier: Apache-2.0
 *
 * DDL: a table's text in made-up dialects, what is refused, names, order, and memory that runs out.
 */
#include "../base/counting.h"
#include "compiling.h"

#include "sql/ddl.h"

typedef struct Article {
    int32_t id;
    const char *title;
    ath_opt_decimal price;
    bool shown;
    int32_t author, shelf, room;
    ath_datetime at;
    const char *slug, *kind;
} Article;

ATH_DECLARE(Article);
ATH_MODEL(Article, "articles") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(50), .unique = true, .server_default = ath_str("it's"));
    ath_column(price, .type = ATH_NUMERIC(10, 2), .nullable = true, .check = "price > 0");
    ath_column(shown, .server_default = ath_bool(true));
    ath_column(author, .foreign_key = "users.id", .ondelete = "SET NULL", .onupdate_action = "CASCADE");
    ath_column(shelf, .index = true);
    ath_column(room, .server_default = ath_text("6 * 7"));
    ath_column(at, .server_default = ath_now());
    ath_column(slug, .type = ATH_STRING(20), .index = true, .unique = true,
               .server_default = ath_lower(ath_str("A'b")));
    ath_column(kind, .name = "Kind", .type = ATH_ENUM("a", "bcd"));
    ath_unique_constraint("uq_place", "shelf", "room");
    ath_unique_constraint(NULL, "Kind", "room");
    ath_check_constraint("ck_room", "room <> shelf");
    ath_foreign_key(.name = "fk_place", .columns = ath_names("shelf", "room"), .target = "Places",
                    .target_columns = ath_names("s", "order"), .ondelete = "RESTRICT");
    ath_index("ix_place", "room", "Kind");
    ath_unique_index("Ix", "shelf");
}

typedef struct Bad {
    int32_t id, other;
} Bad;
ATH_DECLARE(Bad);
ATH_MODEL(Bad, "bads") {
    ath_column(id, .primary_key = true);
    ath_column(other, .foreign_key = "t.id", .ondelete = "CASCADE; DROP TABLE t");
}

typedef struct BadDefault {
    int32_t id;
    double d;
} BadDefault;
ATH_DECLARE(BadDefault);
ATH_MODEL(BadDefault, "baddefaults") {
    ath_column(id, .primary_key = true);
    ath_column(d, .server_default = ath_real(NAN));
}

static char ddl_text[4000];

static ath_status create_table(const ath_dialect *dialect, const ath_model *model, const ath_allocator *a) {
    ath_error error;
    ath__buf out;
    ath_error_clear(&error);
    ath__buf_init(&out, a);
    ath__ddl w = {.dialect = dialect, .out = &out, .error = &error};
    ath_status status = ath__ddl_create_table(&w, ath_model_table(model, NULL), NULL, false);
    CHECK_INT(error.status, status);
    snprintf(ddl_text, sizeof ddl_text, "%s", status == ATH_OK ? ath__buf_text(&out) : error.message);
    ath__buf_done(&out);
    return status;
}

#define CREATED(dialect, model)                                                                                        \
    (create_table(&dialect_##dialect, ath_model_of(model), &ath__malloc_allocator), (const char *)ddl_text)

TEST(create_table_with_everything) {
    CHECK_STR(CREATED(plain, Article), "CREATE TABLE articles (\n"
                                       "\tid INTEGER NOT NULL, \n"
                                       "\ttitle VARCHAR(50) DEFAULT 'it''s' NOT NULL, \n"
                                       "\tprice NUMERIC(10, 2) CHECK (price > 0), \n"
                                       "\tshown BOOLEAN DEFAULT 1 NOT NULL, \n"
                                       "\tauthor INTEGER NOT NULL, \n"
                                       "\tshelf INTEGER NOT NULL, \n"
                                       "\troom INTEGER DEFAULT 6 * 7 NOT NULL, \n"
                                       "\tat DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, \n"
                                       "\tslug VARCHAR(20) DEFAULT lower('A''b') NOT NULL, \n"
                                       "\t\"Kind\" VARCHAR(3) NOT NULL, \n"
                                       "\tPRIMARY KEY (id), \n"
                                       "\tCONSTRAINT uq_place UNIQUE (shelf, room), \n"
                                       "\tUNIQUE (\"Kind\", room), \n"
                                       "\tCONSTRAINT ck_room CHECK (room <> shelf), \n"
                                       "\tCONSTRAINT fk_place FOREIGN KEY(shelf, room) REFERENCES \"Places\" (s, "
                                       "\"order\") ON DELETE RESTRICT, \n"
                                       "\tUNIQUE (title), \n"
                                       "\tFOREIGN KEY(author) REFERENCES users (id) ON DELETE SET NULL ON UPDATE "
                                       "CASCADE\n)");
    const char *rich = CREATED(rich, Article);
    CHECK(strstr(rich, "\tid INT4 SERIAL NOT NULL, \n\ttitle NVARCHAR(50)") != NULL);
    CHECK(strstr(rich, "shown BOOLEAN DEFAULT true NOT NULL") != NULL);
    CHECK(strstr(rich, "DEFAULT sysdate() NOT NULL") != NULL);
    CHECK(strstr(rich, "`Kind` VARCHAR(3)") != NULL);
    CHECK(strstr(CREATED(plain, Item), "PRIMARY KEY (order_id, product_id)") != NULL);
}

TEST(ddl_that_is_refused) {
    CHECK_STR(CREATED(plain, Bad), "'CASCADE; DROP TABLE t' is no action for ON DELETE");
    CHECK_STR(CREATED(plain, BadDefault), "(in table 'baddefaults', column 'd'): NaN and infinity have no literal");
}

TEST(indexes_and_drop) {
    static const char *const expected[] = {"CREATE INDEX ix_place ON articles (room, \"Kind\")",
                                           "CREATE UNIQUE INDEX \"Ix\" ON articles (shelf)",
                                           "CREATE INDEX ix_articles_shelf ON articles (shelf)",
                                           "CREATE UNIQUE INDEX ix_articles_slug ON articles (slug)"};
    const ath_table *t = ath_model_table(ath_model_of(Article), NULL);
    ath_error error;
    ath__buf out;
    ath__ddl w = {.dialect = &dialect_plain, .out = &out, .error = &error};
    ath__buf_init(&out, &ath__malloc_allocator);
    CHECK_INT(t->index_count, TEST_COUNT(expected));
    for (size_t i = 0; i < t->index_count && i < TEST_COUNT(expected); i++) {
        ath__buf_clear(&out);
        CHECK_INT(ath__ddl_create_index(&w, t, &t->indexes[i], false), ATH_OK);
        CHECK_STR(ath__buf_text(&out), expected[i]);
    }
    ath__buf_clear(&out);
    CHECK_INT(ath__ddl_drop_table(&w, ath_model_table(ath_model_of(Weird), NULL), false, false), ATH_OK);
    CHECK_STR(ath__buf_text(&out), "DROP TABLE \"Order Details\"");
    ath__buf_done(&out);
}

TEST(every_allocation_fails_once) {
    counting a;
    counting_init(&a, 0);
    CHECK_INT(create_table(&dialect_plain, ath_model_of(Article), &a.allocator), ATH_OK);
    size_t requests = a.requests;
    CHECK(requests >= 4);
    for (size_t n = 1; n <= requests; n++) {
        test_context("allocation %zu", n);
        counting_init(&a, n);
        CHECK_INT(create_table(&dialect_plain, ath_model_of(Article), &a.allocator), ATH_NO_MEMORY);
        CHECK_RELEASED(&a);
    }
}

static const test_case cases[] = {
    {"create_table_with_everything", create_table_with_everything},
    {"ddl_that_is_refused", ddl_that_is_refused},
    {"indexes_and_drop", indexes_and_drop},
    {"every_allocation_fails_once", every_allocation_fails_once},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
