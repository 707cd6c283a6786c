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

/* ---- what is wrong with a table ---- */

#define A ath_column_def("a", ATH_INTEGER)

TEST(mistakes_of_tables) {
    const struct {
        ath_table *table;
        const char *mistake;
    } rows[] = {
        {ath_table_new("t", A), NULL},
        {ath_table_new("t", ath_check_def(.check = "1 = 1")), "table t: it describes no column"},
        {ath_table_new("t", A, A), "table t: column a is described twice"},
        {ath_table_new("t", ath_column_def("a", (ath_type){0})), "table t: column a has no type"},
        {ath_table_new("t", ath_column_def("a", ATH_INTEGER, .nullable = true, .not_null = true)),
         "table t: column a is said to be both nullable and NOT NULL"},
        {ath_table_new("t", ath_column_def("a", ATH_INTEGER, .nullable = true, .identity = ATH_IDENTITY_ALWAYS)),
         "table t: column a is an identity and cannot be nullable"},
        {ath_table_new("t", ath_column_def("a", ATH_INTEGER, .computed = "1", .server_default = ath_int(1))),
         "table t: column a is computed and cannot have a default or an identity"},
        {ath_table_new("t", A, ath_unique_def(.name = "u")), "table t: unique constraint u names no column"},
        {ath_table_new("t", A, ath_unique_def(.name = "u", .columns = ath_names("b"))),
         "table t: u names column b, which the table does not have"},
        {ath_table_new("t", A, ath_index_def("i", ath_parts(ath_part("b")))),
         "table t: i names column b, which the table does not have"},
        {ath_table_new("t", A, ath_index_def("i", ath_parts(ath_part("a", .text = "a")))),
         "table t: index i has a part that is not one of column, expression and text"},
        {ath_table_new("t", A, ath_index_def("i", ath_parts(ath_part("a", .nulls_first = true, .nulls_last = true)))),
         "table t: index i has NULLs both first and last"},
        {ath_table_new("t", A, ath_exclude_def(.parts = ath_parts(ath_part("a")))),
         "table t: exclude constraint (without a name) needs one operator for each of its parts"},
        {ath_table_new("t", A, ath_primary_key_def(.columns = ath_names("a", "a"))),
         "table t: the primary key names column a, which the table does not have once"},
        {ath_table_new("t", ath_column_def("a", ATH_INTEGER, .foreign_key = "s.t.")),
         "table t: column a: a foreign key is written \"table.column\", not \"s.t.\""},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_error error;
        test_context("row %zu", i);
        CHECK_STR(ath_table_mistake(rows[i].table), rows[i].mistake);
        const ath_metadata md = ath_metadata_of(ath_tables(rows[i].table));
        CHECK_INT(ath_metadata_check(&md, &error), rows[i].mistake ? ATH_ARGUMENT : ATH_OK);
        CHECK_STR(error.message, rows[i].mistake ? rows[i].mistake : "");
        ath_table_free(rows[i].table);
    }
}

/* ---- names ---- */

static const ath_naming every_token = {
    .ix = "%(table_name)s-%(column_0_label)s-%(column_1_key)s-%(column_0N_name)s-100%%",
    .fk = "%(referred_table_name)s.%(referred_column_0_N_name)s.%(column_5_name)s",
    .uq = "uq_%(column_0_N_label)s",
    .ck = "ck_%(constraint_name)s",
};
static const ath_naming wrong_token = {.uq = "%(no_such)s", .ck = "%(table_name", .fk = "50% off"};

/* A constraint's or index's name by a convention, or ! and the message. */
static const char *name_of(const ath_dialect *dialect, const ath_naming *naming, const ath_table *t,
                           const ath__constraint *c, const ath__index *index) {
    static char text[600];
    ath_error error;
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__ddl w = {.dialect = dialect, .naming = naming, .out = &out, .error = &error};
    ath_status status = c ? ath__ddl_constraint_name(&w, t, c, &out) : ath__ddl_index_name(&w, t, index, &out);
    if (status == ATH_OK)
        snprintf(text, sizeof text, "%s", ath__buf_text(&out));
    else
        snprintf(text, sizeof text, "!%s", error.message);
    ath__buf_done(&out);
    return text;
}

TEST(names_by_convention) {
    ath_table *t = ath_table_new(
        "t", A, ath_column_def("b", ATH_INTEGER), ath_check_def(.check = "a > 0"),
        ath_foreign_key_def(.columns = ath_names("a", "b"), .target = "p", .target_columns = ath_names("x", "y")),
        ath_unique_def(.columns = ath_names("a", "b")), ath_unique_def(.name = "given", .columns = ath_names("a")),
        ath_index_def(NULL, ath_parts(ath_part("a"), ath_part("b"))), ath_options_def(.schema = "s"));
    const ath__constraint *ck = &t->constraints[0], *fk = &t->constraints[1], *uq = &t->constraints[2];
#define NAME(rules, c) name_of(&dialect_plain, rules, t, c, NULL)
    CHECK_STR(NAME(NULL, uq), "");
    CHECK_STR(NAME(&every_token, uq), "uq_s_t_a_s_t_b");
    CHECK_STR(NAME(&every_token, &t->constraints[3]), "given");
    CHECK_STR(NAME(&every_token, fk), "p.x_y.");
    CHECK_STR(NAME(&every_token, ck), "!a naming convention with %(constraint_name)s requires that the constraint of "
                                      "table t is explicitly named");
    CHECK_STR(name_of(&dialect_plain, &every_token, t, NULL, &t->indexes[0]), "t-s_t_a-b-ab-100%");
    CHECK_STR(name_of(&dialect_plain, NULL, t, NULL, &t->indexes[0]), "ix_s_t_a");
    CHECK_STR(NAME(&wrong_token, uq), "!a naming convention has no token %(no_such)s here");
    CHECK_STR(NAME(&wrong_token, ck), "!'%(table_name' is no naming convention: % begins a token like %(table_name)s");
    CHECK_STR(NAME(&wrong_token, fk), "!'50% off' is no naming convention: % begins a token like %(table_name)s");
#undef NAME
    ath_table_free(t);
}

/* Made names are cut, by bytes or characters and never inside of one; given ones are refused. */
TEST(long_names) {
    ath_dialect narrow = dialect_plain, characters = dialect_plain;
    narrow.max_name = characters.max_name = 16;
    characters.ddl = ATH__DDL_NAME_CHARACTERS;
    ath_table *t =
        ath_table_new("grüße", ath_column_def("größenordnung", ATH_INTEGER, .index = true),
                      ath_unique_def(.name = "a_name_that_is_too_long", .columns = ath_names("größenordnung")));
    CHECK_STR(name_of(&dialect_plain, NULL, t, NULL, &t->indexes[0]), "ix_grüße_größenordnung");
    CHECK_STR(name_of(&narrow, NULL, t, NULL, &t->indexes[0]), "ix_grü_311d");
    CHECK_STR(name_of(&characters, NULL, t, NULL, &t->indexes[0]), "ix_grüße_311d");
    CHECK_STR(name_of(&narrow, NULL, t, &t->constraints[0], NULL),
              "!identifier 'a_name_that_is_too_long' exceeds the maximum length of 16 characters of plain");
    ath_table_free(t);
}

/* ---- MD5: the examples of RFC 1321 ---- */

TEST(digests) {
    static const char *const rows[][2] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        uint8_t digest[16];
        char text[33];
        ath__md5(rows[i][0], strlen(rows[i][0]), digest);
        for (size_t k = 0; k < 16; k++)
            snprintf(text + 2 * k, 3, "%02x", digest[k]);
        CHECK_STR(text, rows[i][1]);
    }
}

/* ---- memory that runs out ---- */

static ath_table *whole_table(void) {
    return ath_table_new(
        "hens", ath_column_def("id", ATH_INTEGER, .primary_key = true, .comment = "c"),
        ath_column_def("egg", ATH_INTEGER, .foreign_key = "eggs.id", .foreign_key_name = "fk", .index = true),
        ath_column_def("mood", ATH_ENUM_TYPE("mood", "x", "y"), .collation = "C", .server_default = ath_str("x")),
        ath_index_def("ix", ath_parts(ath_part_of("lower(mood)")), .where = "id > 0", .include = ath_names("id")),
        ath_unique_def(.columns = ath_names("egg")), ath_options_def(.comment = "t", .prefixes = ath_names("BIG")));
}

TEST(tables_without_memory) {
    const ath_allocator *before = ath__process_allocator;
    size_t n = 1;
    for (bool built = false; !built && n < 1000; n++) {
        counting a;
        counting_init(&a, n);
        ath__process_allocator = &a.allocator;
        test_context("allocation %zu", n);
        ath_table *t = whole_table();
        built = t != NULL;
        CHECK_INT(built, a.requests < n);
        ath_table_free(t);
        CHECK_RELEASED(&a);
    }
    ath__process_allocator = before;
    CHECK(n > 4 && n < 1000);
}

static const ath_dialect dialect_servers = {.name = "servers",
                                            .can = ATH__CAN_ADD_CONSTRAINT | ATH__CAN_ENUM_TYPES | ATH__CAN_COMMENT_ON |
                                                   ATH__CAN_PARTIAL_INDEX | ATH__CAN_EXPRESSION_INDEX |
                                                   ATH__CAN_INCLUDE,
                                            .max_name = 60};

/* The number of statements, or minus the failure. */
static long written(const ath_metadata *md, bool drop, const ath_allocator *a) {
    ath__ddl_plan plan;
    ath_error error;
    ath__buf out;
    ath__buf_init(&out, a);
    ath__ddl w = {.dialect = &dialect_servers, .naming = md->naming, .out = &out, .error = &error};
    ath_status status = ath__ddl_plan_make(&plan, a, md, &dialect_servers, drop, NULL, NULL, &error);
    for (size_t i = 0; i < plan.count && status == ATH_OK; i++) {
        ath__buf_clear(&out);
        status = ath__ddl_step_write(&w, &plan.steps[i], drop);
    }
    long count = status == ATH_OK ? (long)plan.count : (long)status;
    ath__ddl_plan_done(&plan);
    ath__buf_done(&out);
    return count;
}

TEST(plans_without_memory) {
    ath_table *hens = whole_table();
    ath_table *eggs =
        ath_table_new("eggs", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                      ath_column_def("hen", ATH_INTEGER, .foreign_key = "hens.id", .foreign_key_name = "fk_hen"));
    const ath_metadata md = ath_metadata_of(ath_tables(hens, eggs), .naming = &(ath_naming){.uq = "uq_%(table_name)s"});
    for (int drop = 0; drop < 2; drop++) {
        counting a;
        counting_init(&a, 0);
        CHECK_INT(written(&md, drop, &a.allocator), drop ? 5 : 9);
        CHECK_RELEASED(&a);
        size_t requests = a.requests;
        for (size_t n = 1; n <= requests; n++) {
            test_context("allocation %zu", n);
            counting_init(&a, n);
            CHECK_INT(written(&md, drop, &a.allocator), ATH_NO_MEMORY);
            CHECK_RELEASED(&a);
        }
    }
    ath_table_free(hens);
    ath_table_free(eggs);
}

static const test_case cases[] = {
    {"create_table_with_everything", create_table_with_everything},
    {"ddl_that_is_refused", ddl_that_is_refused},
    {"indexes_and_drop", indexes_and_drop},
    {"every_allocation_fails_once", every_allocation_fails_once},
    {"mistakes_of_tables", mistakes_of_tables},
    {"names_by_convention", names_by_convention},
    {"long_names", long_names},
    {"digests", digests},
    {"tables_without_memory", tables_without_memory},
    {"plans_without_memory", plans_without_memory},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
