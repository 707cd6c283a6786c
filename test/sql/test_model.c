/* SPDX-License-Identifier: Apache-2.0
 *
 * From a model's body to a table: every option, mixins, keys, who numbers the rows, every mistake by its message, and
 * the checks and the order over several tables.
 */
#include "../base/counting.h"

#include "compiling.h"

/* ---- every option ---- */

typedef struct Stamps {
    ath_datetime created_at, updated_at;
} Stamps;
typedef struct Audit {
    Stamps ts;
    const char *by;
} Audit;
typedef struct Page {
    int64_t id;
    char code[11];
    ath_opt_i32 size;
    Audit audit;
    int32_t book_id, shelf, state;
} Page;

static int defined; /* how often the body ran */

ATH_MIXIN(Stamps) {
    ath_column(created_at, .default_value = ath_now());
    ath_column(updated_at, .name = "changed", .onupdate = ath_now());
}
ATH_MIXIN(Audit) {
    ath_mixin(ts, Stamps);
    ath_column(by, .type = ATH_STRING(20));
}
ATH_MODEL(Page, "pages") {
    defined++;
    char text[] = "borrowed";
    ath_column(id, .primary_key = true, .comment = "the key");
    ath_column(code, .unique = true, .check = "code <> ''", .server_default = ath_str(text));
    ath_column(size, .nullable = true, .index = true, .default_value = ath_int(7));
    ath_mixin(audit, Audit);
    ath_column(book_id, .name = "book", .foreign_key = "library.books.id", .ondelete = "CASCADE",
               .onupdate_action = "RESTRICT", .index = true, .unique = true);
    ath_column(shelf);
    ath_column(state, .type = ATH_ENUM("new", "old"));
    ath_index("ix_two", "shelf", "book");
    ath_unique_index("ux_one", "code");
    ath_unique_constraint("uq", "shelf", "size");
    ath_check_constraint("ck", "shelf > 0");
    ath_foreign_key(.name = "fk", .columns = ath_names("shelf", "size"), .target = "t",
                    .target_columns = ath_names("a", "b"), .ondelete = "SET NULL", .onupdate = "NO ACTION");
    ath_table_comment("leaves");
    ath_sqlite_autoincrement();
    memset(text, 'x', sizeof text - 1);
}

TEST(columns) {
    const ath_table *t = ath_model_table(&ath_model_Page, NULL);
    CHECK(t != NULL && t->model == &ath_model_Page);
    CHECK_STR(ath_table_name(t), "pages");
    CHECK_STR(t->comment, "leaves");
    CHECK(t->sqlite_autoincrement);
    static const struct {
        const char *name, *field;
        size_t offset, size;
        ath_ctype ctype;
        ath_sql_type sql;
    } rows[] = {
        {"id", "id", offsetof(Page, id), 8, ATH_C_I64, ATH_SQL_BIGINT},
        {"code", "code", offsetof(Page, code), 11, ATH_C_CHARS, ATH_SQL_STRING},
        {"size", "size", offsetof(Page, size), 8, ATH_C_I32 + ATH_C_OPTIONAL, ATH_SQL_INTEGER},
        {"created_at", "audit.ts.created_at", offsetof(Page, audit.ts.created_at), 8, ATH_C_DATETIME, ATH_SQL_DATETIME},
        {"changed", "audit.ts.updated_at", offsetof(Page, audit.ts.updated_at), 8, ATH_C_DATETIME, ATH_SQL_DATETIME},
        {"by", "audit.by", offsetof(Page, audit.by), sizeof(char *), ATH_C_TEXT, ATH_SQL_STRING},
        {"book", "book_id", offsetof(Page, book_id), 4, ATH_C_I32, ATH_SQL_INTEGER},
        {"shelf", "shelf", offsetof(Page, shelf), 4, ATH_C_I32, ATH_SQL_INTEGER},
        {"state", "state", offsetof(Page, state), 4, ATH_C_I32, ATH_SQL_ENUM},
    };
    CHECK_INT(ath_table_column_count(t), TEST_COUNT(rows));
    CHECK(ath_table_column_name(t, TEST_COUNT(rows)) == NULL);
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        const ath__column *c = &t->columns[i];
        test_context("column %s", rows[i].name);
        CHECK_STR(ath_table_column_name(t, i), rows[i].name);
        CHECK_STR(c->field, rows[i].field);
        CHECK_INT(c->position, i);
        CHECK_INT(c->offset, rows[i].offset);
        CHECK_INT(c->size, rows[i].size);
        CHECK_INT(c->ctype, rows[i].ctype);
        CHECK_INT(c->type.sql, rows[i].sql);
        CHECK_INT(c->nullable, i == 2);
        CHECK(ath__table_column_at(t, rows[i].offset) == c);
        CHECK(ath__table_column_named(t, rows[i].name) == c);
    }
    CHECK(ath__table_column_at(t, offsetof(Page, id) + 1) == NULL);
    CHECK(ath__table_column_named(t, "updated_at") == NULL);
}

TEST(options) {
    const ath_table *t = ath_model_table(&ath_model_Page, NULL);
    const ath__column *code = ath__table_column_named(t, "code"), *book = ath__table_column_named(t, "book");
    CHECK_STR(t->columns[0].comment, "the key");
    CHECK(t->columns[0].primary_key && t->columns[0].autoincrement);
    CHECK_INT(code->type.length, 10);
    CHECK(code->unique && !code->index);
    CHECK_STR(code->check, "code <> ''");
    CHECK_STR(code->server_default->u.value.as.text.data, "borrowed"); /* a copy */
    CHECK_INT(ath__table_column_named(t, "size")->default_value->u.value.as.i, 7);
    CHECK_INT(ath__table_column_named(t, "created_at")->default_value->node, ATH_NODE_NOW);
    CHECK(ath__table_column_named(t, "created_at")->onupdate == NULL);
    CHECK_INT(ath__table_column_named(t, "changed")->onupdate->node, ATH_NODE_NOW);
    CHECK_STR(book->fk_schema, "library");
    CHECK_STR(book->fk_table, "books");
    CHECK_STR(book->fk_column, "id");
    CHECK_STR(book->ondelete, "CASCADE");
    CHECK_STR(book->onupdate_action, "RESTRICT");
    const ath__column *state = ath__table_column_named(t, "state");
    CHECK_INT(state->type.name_count, 2);
    CHECK_STR(state->type.names[1], "old");
    CHECK(ath_model_table(&ath_model_Page, NULL) == t);
    CHECK_INT(defined, 1);
}

TEST(constraints_and_indexes) {
    const ath_table *t = ath_model_table(&ath_model_Page, NULL);
    static const struct {
        ath__constraint_kind kind;
        const char *name, *column;
    } rows[] = {{ATH__UNIQUE, "uq", "shelf"},
                {ATH__CHECK, "ck", NULL},
                {ATH__FOREIGN_KEY, "fk", "shelf"},
                {ATH__UNIQUE, NULL, "code"},
                {ATH__FOREIGN_KEY, NULL, "book"}};
    CHECK_INT(t->constraint_count, TEST_COUNT(rows));
    for (size_t i = 0; i < TEST_COUNT(rows) && i < t->constraint_count; i++) {
        const ath__constraint *c = &t->constraints[i];
        test_context("constraint %zu", i);
        CHECK_INT(c->kind, rows[i].kind);
        CHECK_STR(c->name, rows[i].name);
        CHECK_STR(c->columns.count ? c->columns.names[0] : NULL, rows[i].column);
    }
    CHECK_STR(t->constraints[2].target, "t");
    CHECK_STR(t->constraints[2].target_columns.names[1], "b");
    CHECK_STR(t->constraints[2].ondelete, "SET NULL");
    CHECK_STR(t->constraints[2].onupdate, "NO ACTION");
    static const char *const indexes[] = {"ix_two", "ux_one", "ix_pages_size", "ix_pages_book"};
    CHECK_INT(t->index_count, TEST_COUNT(indexes));
    for (size_t i = 0; i < TEST_COUNT(indexes) && i < t->index_count; i++) {
        CHECK_STR(t->indexes[i].name, indexes[i]);
        CHECK_INT(t->indexes[i].unique, i == 1 || i == 3);
    }
    CHECK_STR(t->indexes[0].columns.names[1], "book");
}

/* ---- models in a few words: a body, a table's name, and what comes of it ---- */

typedef struct Any {
    int32_t id, a, b;
    const char *text;
    char ten[10];
    double real;
    ath_opt_i32 maybe;
} Any;

typedef struct small {
    ath_define_fn define;
    const char *expected;
} small;

#define BODY(body_name)                                                                                                \
    static void body_name##_(ath_mapper *ath_m, Any *ath_self);                                                        \
    static void body_name(ath_mapper *mapper, void *blank) {                                                           \
        body_name##_(mapper, (Any *)blank);                                                                            \
    }                                                                                                                  \
    static void body_name##_(ath_mapper *ath_m, Any *ath_self)
#define KEY ath_column(id, .primary_key = true)

static void drop(void **slot) {
    ath_table *table = *slot;
    if (table) {
        ath__arena_done(&table->arena);
        ath__free(ath__process_allocator, table, sizeof *table);
    }
    *slot = NULL;
}

/* ---- who numbers the rows ---- */

BODY(number_plain) {
    KEY;
    ath_column(a);
}
BODY(number_composite) {
    KEY;
    ath_column(a, .primary_key = true);
}
BODY(number_composite_asked) {
    KEY;
    ath_column(a, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_YES);
}
BODY(number_text) {
    ath_column(text, .primary_key = true);
}
BODY(number_foreign) {
    ath_column(id, .primary_key = true, .foreign_key = "t.id");
}
BODY(number_foreign_asked) {
    ath_column(id, .primary_key = true, .foreign_key = "t.id", .autoincrement = ATH_AUTOINCREMENT_YES);
}
BODY(number_foreign_of_table) {
    KEY;
    ath_foreign_key(.columns = ath_names("id"), .target = "t", .target_columns = ath_names("id"));
}
BODY(number_default) {
    ath_column(id, .primary_key = true, .default_value = ath_int(1));
}
BODY(number_server_default) {
    ath_column(id, .primary_key = true, .server_default = ath_int(1));
}
BODY(number_no) {
    ath_column(id, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO);
}
BODY(number_small) {
    ath_column(a);
    ath_column(id, .primary_key = true, .type = ATH_SMALLINT);
}

TEST(autoincrement) {
    static const struct {
        ath_define_fn define;
        int column;
    } rows[] = {{number_plain, 0},    {number_composite, -1},       {number_composite_asked, 1},
                {number_text, -1},    {number_foreign, -1},         {number_foreign_asked, 0},
                {number_default, -1}, {number_server_default, -1},  {number_no, -1},
                {number_small, 1},    {number_foreign_of_table, -1}};
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        void *slot = NULL;
        ath_error error;
        const ath_model model = {
            .name = "Any", .table = "t", .size = sizeof(Any), .define = rows[i].define, .slot = &slot};
        const ath_table *t = ath_model_table(&model, &error);
        test_context("row %zu %s", i, t ? "" : error.message);
        CHECK(t != NULL);
        CHECK_INT(t ? t->autoincrement : -9, rows[i].column);
        for (size_t k = 0; t && k < t->column_count; k++)
            CHECK_INT(t->columns[k].autoincrement, (int)k == rows[i].column);
        drop(&slot);
    }
}

/* ---- mistakes ---- */

BODY(wrong_empty) {
    (void)ath_m, (void)ath_self;
}
BODY(wrong_no_key) {
    ath_column(a);
}
BODY(wrong_twice) {
    KEY;
    ath_column(a, .name = "x");
    ath_column(b, .name = "x");
}
BODY(wrong_short) {
    KEY;
    ath_column(ten, .type = ATH_STRING(50));
}
BODY(wrong_type) {
    KEY;
    ath_column(a, .type = ATH_TEXT);
}
BODY(wrong_real) {
    KEY;
    ath_column(real, .type = ATH_INTEGER);
}
BODY(wrong_label) {
    KEY;
    ath_column(ten, .type = ATH_ENUM("short", "much too long"));
}
BODY(wrong_nullable_key) {
    ath_column(id, .primary_key = true, .nullable = true);
}
BODY(wrong_name) {
    KEY;
    ath_column(a, .name = "");
}
BODY(wrong_index) {
    KEY;
    ath_index("ix", "id", "nothing");
}
BODY(wrong_index_name) {
    KEY;
    ath_index(NULL, "id");
}
BODY(wrong_index_empty) {
    (void)ath_self;
    ath_mapper_index(ath_m, "ix", (ath_name_list){0}, &(ath_index_opts){.unique = false});
}
BODY(wrong_unique_empty) {
    (void)ath_self;
    ath_mapper_unique(ath_m, "uq", (ath_name_list){0});
}
BODY(wrong_unique) {
    KEY;
    ath_unique_constraint("uq", "nothing");
}
BODY(wrong_unnamed_unique) {
    KEY;
    ath_unique_constraint(NULL, "nothing");
}
BODY(wrong_foreign_column) {
    KEY;
    ath_foreign_key(.name = "fk", .columns = ath_names("nothing"), .target = "t", .target_columns = ath_names("id"));
}
BODY(wrong_foreign_count) {
    KEY;
    ath_foreign_key(.columns = ath_names("id", "a"), .target = "t", .target_columns = ath_names("id"));
}
BODY(wrong_foreign_target) {
    KEY;
    ath_foreign_key(.columns = ath_names("id"), .target_columns = ath_names("id"));
}
BODY(wrong_key_text) {
    KEY;
    ath_column(a, .foreign_key = "users");
}
BODY(wrong_key_table) {
    KEY;
    ath_column(a, .foreign_key = ".id");
}
BODY(wrong_key_column) {
    KEY;
    ath_column(a, .foreign_key = "users.");
}
BODY(wrong_number) {
    KEY;
    ath_column(a, .autoincrement = ATH_AUTOINCREMENT_YES);
}
BODY(wrong_number_type) {
    ath_column(text, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_YES);
}
BODY(wrong_default) {
    static const ath_select_stmt nothing;
    KEY;
    ath_column(a, .default_value = ath_subquery(&nothing));
}
BODY(wrong_first) { /* the first mistake is the one that is told */
    ath_column(a, .foreign_key = "x");
    ath_column(b, .foreign_key = "y");
}

static void endless(ath_mapper *mapper, void *blank) {
    ath_mapper_mixin(mapper, "m", 0, endless, blank, NULL);
}

static const small mistakes[] = {
    {wrong_empty, "model Any: it describes no column"},
    {wrong_no_key, "model Any: could not find a primary key for table t; mark a column with .primary_key = true"},
    {wrong_twice, "model Any: column x is described twice"},
    {wrong_short, "model Any: field ten (char[], 10 bytes) cannot hold a column of type VARCHAR(50)"},
    {wrong_type, "model Any: field a (int32_t, 4 bytes) cannot hold a column of type TEXT(0)"},
    {wrong_real, "model Any: field real (double, 8 bytes) cannot hold a column of type INTEGER(0)"},
    {wrong_label, "model Any: field ten (char[], 10 bytes) cannot hold a column of type ENUM(0)"},
    {wrong_nullable_key, "model Any: primary key column id cannot be nullable"},
    {wrong_name, "model Any: the column of field a has an empty name"},
    {wrong_index, "model Any: ix names column nothing, which the model does not have"},
    {wrong_index_name, "model Any: an index over id needs a name"},
    {wrong_index_empty, "model Any: index ix names no column"},
    {wrong_unique_empty, "model Any: unique constraint uq names no column"},
    {wrong_unique, "model Any: uq names column nothing, which the model does not have"},
    {wrong_unnamed_unique, "model Any: a constraint names column nothing, which the model does not have"},
    {wrong_foreign_column, "model Any: fk names column nothing, which the model does not have"},
    {wrong_foreign_count, "model Any: a foreign key to t needs as many columns as target columns"},
    {wrong_foreign_target, "model Any: a foreign key to (no table) needs as many columns as target columns"},
    {wrong_key_text, "model Any: column a: a foreign key is written \"table.column\", not \"users\""},
    {wrong_key_table, "model Any: column a: a foreign key is written \"table.column\", not \".id\""},
    {wrong_key_column, "model Any: column a: a foreign key is written \"table.column\", not \"users.\""},
    {wrong_number, "model Any: column a: only an integer column of the primary key can be numbered by the database"},
    {wrong_number_type,
     "model Any: column text: only an integer column of the primary key can be numbered by the database"},
    {wrong_default, "model Any: column a: a default cannot hold a subquery, an array, or more than 64 levels"},
    {wrong_first, "model Any: column a: a foreign key is written \"table.column\", not \"x\""},
    {endless, "model Any: mixins are nested more than 8 deep"},
};

TEST(mistakes_are_named) {
    for (size_t i = 0; i < TEST_COUNT(mistakes); i++) {
        void *slot = NULL;
        ath_error error;
        const ath_model model = {
            .name = "Any", .table = "t", .size = sizeof(Any), .define = mistakes[i].define, .slot = &slot};
        test_context("row %zu", i);
        CHECK(ath_model_table(&model, NULL) == NULL);
        for (int again = 0; again < 2; again++) { /* every use says it */
            ath_error_clear(&error);
            CHECK(ath_model_table(&model, &error) == NULL);
            CHECK_INT(error.status, ATH_ARGUMENT);
            CHECK_STR(error.message, mistakes[i].expected);
        }
        drop(&slot);
    }
}

/* ---- allocations that fail ---- */

TEST(every_allocation_fails_once) {
    counting a;
    ath_error error;
    const ath_allocator *before = ath__process_allocator;
    size_t n = 1;
    for (bool built = false; !built && n < 1000; n++) {
        void *slot = NULL;
        ath_model model = ath_model_Page;
        model.slot = &slot;
        counting_init(&a, n);
        ath__process_allocator = &a.allocator;
        ath_error_clear(&error);
        test_context("allocation %zu", n);
        built = ath_model_table(&model, &error) != NULL;
        CHECK_INT(built, a.requests < n);
        CHECK_INT(error.status, built ? ATH_OK : ATH_NO_MEMORY);
        CHECK(built || slot == NULL);
        drop(&slot);
        CHECK_RELEASED(&a);
    }
    ath__process_allocator = before;
    CHECK(n > 4 && n < 1000);
}

/* ---- metadata ---- */

#define TABLE_BODY(body_name, ...)                                                                                     \
    BODY(body_name) {                                                                                                  \
        KEY;                                                                                                           \
        __VA_ARGS__;                                                                                                   \
    }
TABLE_BODY(body_a, (void)0)
TABLE_BODY(body_b, ath_column(a, .foreign_key = "a.id"))
TABLE_BODY(body_c, ath_column(a, .foreign_key = "a.id"))
TABLE_BODY(body_d, ath_column(a, .foreign_key = "b.id"); ath_column(b, .foreign_key = "c.id"))
TABLE_BODY(body_self, ath_column(a, .foreign_key = "self.id"))
TABLE_BODY(body_x, ath_column(a, .foreign_key = "y.id"))
TABLE_BODY(body_y, ath_column(a, .foreign_key = "x.id"))
TABLE_BODY(body_lost, ath_column(a, .foreign_key = "nowhere.id"))
TABLE_BODY(body_column, ath_column(a, .foreign_key = "a.nothing"))
TABLE_BODY(body_types, ath_column(text, .foreign_key = "a.id"))
TABLE_BODY(body_wide, ath_column(maybe, .type = ATH_BIGINT, .nullable = true, .foreign_key = "a.id"))
TABLE_BODY(body_pair, ath_column(a); ath_column(text);
           ath_foreign_key(.columns = ath_names("a", "text"), .target = "a", .target_columns = ath_names("id", "id")))

static void *slots[16];
#define MODEL(n, table_name)                                                                                           \
    static const ath_model model_##n = {                                                                               \
        .name = #n, .table = table_name, .size = sizeof(Any), .define = body_##n, .slot = &slots[__COUNTER__]}
MODEL(a, "a");
MODEL(b, "b");
MODEL(c, "c");
MODEL(d, "d");
MODEL(self, "self");
MODEL(x, "x");
MODEL(y, "y");
MODEL(lost, "lost");
MODEL(column, "column");
MODEL(types, "types");
MODEL(wide, "wide");
MODEL(pair, "pair");
static const ath_model model_again = {
    .name = "again", .table = "a", .size = sizeof(Any), .define = body_a, .slot = &slots[14]};
static const ath_model model_shape = {.name = "shape", .size = sizeof(Any), .define = body_a, .slot = &slots[15]};
static const ath_model model_wrong = {
    .name = "wrong", .table = "wrong", .size = sizeof(Any), .define = wrong_no_key, .slot = &slots[13]};

#define METADATA(...)                                                                                                  \
    {                                                                                                                  \
        .name = "M", .models = (const ath_model *const[]){__VA_ARGS__},                                                \
        .model_count = sizeof((const ath_model *const[]){__VA_ARGS__}) / sizeof(void *)                                \
    }

TEST(metadata_check) {
    const struct {
        ath_metadata md;
        const char *expected;
    } rows[] = {
        {METADATA(&model_a, &model_b, &model_c, &model_d), NULL},
        {METADATA(&model_self), NULL},
        {METADATA(&model_x, &model_y), NULL},
        {METADATA(&model_wide, &model_a), NULL}, /* integers of any width match */
        {METADATA(&model_a, &model_again), "metadata M: table a is described twice, by a and again"},
        {METADATA(&model_a, &model_shape), "metadata M: shape is a projection, not a model"},
        {METADATA(&model_a, &model_wrong),
         "model wrong: could not find a primary key for table wrong; mark a column with .primary_key = true"},
        {METADATA(&model_lost), "foreign key of lost.a could not find table 'nowhere' with which to generate a foreign "
                                "key to target column 'id'"},
        {METADATA(&model_a, &model_column), "foreign key of column.a: table a has no column 'nothing'"},
        {METADATA(&model_a, &model_types), "foreign key types.text -> a.id joins VARCHAR with INTEGER"},
        {METADATA(&model_pair, &model_a), "foreign key pair.text -> a.id joins VARCHAR with INTEGER"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_error error;
        test_context("row %zu", i);
        CHECK_INT(ath_metadata_check(&rows[i].md, &error), rows[i].expected ? ATH_ARGUMENT : ATH_OK);
        CHECK_STR(error.message, rows[i].expected ? rows[i].expected : "");
        CHECK_INT(ath_metadata_check(&rows[i].md, NULL), rows[i].expected ? ATH_ARGUMENT : ATH_OK);
    }
    CHECK(ath__metadata_table(&rows[0].md, "c") == ath_model_table(&model_c, NULL));
    CHECK(ath__metadata_table(&rows[0].md, "z") == NULL);
    CHECK(ath__metadata_table(&rows[5].md, "shape") == NULL);
}

TEST(metadata_order) {
    const struct {
        ath_metadata md;
        const char *expected;
    } rows[] = {
        {METADATA(&model_b, &model_a), "a b "},
        {METADATA(&model_d, &model_c, &model_b, &model_a), "a c b d "},
        {METADATA(&model_a, &model_b, &model_c, &model_d), "a b c d "},
        {METADATA(&model_self, &model_a), "self a "},
        {METADATA(&model_y, &model_x, &model_b, &model_a), "a b y x "}, /* cycles last, as they stand */
        {METADATA(&model_lost, &model_a), "lost a "},
        {METADATA(&model_b, &model_shape, &model_a), NULL}, /* no crash at a projection */
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        const ath_table *order[8];
        char text[100] = "";
        ath_error error;
        test_context("row %zu", i);
        CHECK_INT(ath__metadata_order(&rows[i].md, &ath__malloc_allocator, order, &error), ATH_OK);
        for (size_t k = 0; rows[i].expected && k < rows[i].md.model_count; k++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", order[k]->name);
        if (rows[i].expected)
            CHECK_STR(text, rows[i].expected);
    }
}

TEST(metadata_order_without_memory) {
    const ath_metadata md = METADATA(&model_d, &model_c, &model_b, &model_a);
    const ath_table *order[4];
    counting a;
    ath_error error;
    counting_init(&a, 0);
    CHECK_INT(ath__metadata_order(&md, &a.allocator, order, &error), ATH_OK);
    size_t requests = a.requests;
    CHECK(requests >= 1);
    for (size_t n = 1; n <= requests; n++) {
        counting_init(&a, n);
        test_context("allocation %zu", n);
        CHECK_INT(ath__metadata_order(&md, &a.allocator, order, &error), ATH_NO_MEMORY);
        CHECK_INT(error.status, ATH_NO_MEMORY);
        CHECK_RELEASED(&a);
    }
}

static const test_case cases[] = {
    {"columns", columns},
    {"options", options},
    {"constraints_and_indexes", constraints_and_indexes},
    {"autoincrement", autoincrement},
    {"mistakes_are_named", mistakes_are_named},
    {"every_allocation_fails_once", every_allocation_fails_once},
    {"metadata_check", metadata_check},
    {"metadata_order", metadata_order},
    {"metadata_order_without_memory", metadata_order_without_memory},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
