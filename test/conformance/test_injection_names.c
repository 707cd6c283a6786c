/* SPDX-License-Identifier: Apache-2.0
 *
 * Hostile text where it cannot be bound: names of tables, columns, indexes and constraints, labels and aliases, and what DDL
 * writes as literals: defaults, comments, labels of enums.  Each is kept as it is, or refused; nothing escapes.
 */
#include "test.h"

#include "canary.h"

typedef struct Named {
    int64_t id;
    const char *v;
    const char *kept;
} Named;

/* The model's body has no context: what it is to say stands here. */
static struct { const char *table, *column, *index, *unique, *default_text, *comment, *label; } say;

static void define(ath_mapper *m, void *blank) {
    Named *self = blank;
    const char *const labels[] = {"plain", say.label};
    const ath_expr text = {.node = ATH_NODE_LITERAL,
                           .u.value = {.kind = ATH_KIND_TEXT,
                                       .as.text = {say.default_text, say.default_text ? strlen(say.default_text) : 0}}};
    ath_column_opts id = {.struct_size = sizeof id, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO},
                    v = {.struct_size = sizeof v, .name = say.column, .type = ATH_STRING(150), .comment = say.comment},
                    kept = {.struct_size = sizeof kept,
                            .type = ATH_STRING(150),
                            .nullable = true,
                            .server_default = say.default_text ? &text : NULL};
    if (say.label)
        v.type = (ath_type){.sql = ATH_SQL_ENUM, .names = labels, .name_count = 2};
    ath_mapper_column(m, "id", offsetof(Named, id), sizeof self->id, ATH_C_I64, &id);
    ath_mapper_column(m, "v", offsetof(Named, v), sizeof self->v, ATH_C_TEXT, &v);
    ath_mapper_column(m, "kept", offsetof(Named, kept), sizeof self->kept, ATH_C_TEXT, &kept);
    if (say.comment)
        ath_mapper_comment(m, say.comment);
    if (say.index)
        ath_mapper_index(m, say.index, ath_names("kept"), &(ath_index_opts){.struct_size = sizeof(ath_index_opts)});
    if (say.unique)
        ath_mapper_unique(m, say.unique, ath_names("id", "kept"));
}

/* Models live as long as the process: so do these. */
static ath_model models[4096];
static void *slots[4096];
static size_t model_count;

static const ath_model *model_of_now(void) {
    ath_model *m = &models[model_count];
    *m = (ath_model){.name = "Named",
                     .table = say.table ? say.table : "named",
                     .size = sizeof(Named),
                     .align = _Alignof(Named),
                     .define = define,
                     .slot = &slots[model_count]};
    model_count++;
    return m;
}

/* Refusing is fine, as long as it is the library's or the server's word about this statement. */
static bool is_refusal(ath_status status) {
    return status == ATH_ARGUMENT || status == ATH_NOT_SUPPORTED || status == ATH_PROGRAMMING || status == ATH_DATA ||
           status == ATH_OPERATIONAL;
}

static ath_status insert(const ath_model *model, const char *value) {
    const ath_expr v = {.node = ATH_NODE_COLUMN, .u.column = {.model = model, .offset = offsetof(Named, v)}},
                   id = {.node = ATH_NODE_COLUMN, .u.column = {.model = model, .offset = offsetof(Named, id)}};
    const ath_assignment set[] = {{&id, ath_int(7)}, {&v, ath_str(value)}};
    ath_result *r = ath_execute(c, ath_insert(.model = model, .set = {2, set}));
    ath_status status = r ? ATH_OK : ath_error(c)->status;
    ath_result_close(r);
    return status;
}

static void check_row(const ath_model *model, const char *value, const char *kept) {
    ath_result *r = ath_execute(c, ath_select(.model = model));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    if (!row)
        test_failed_(__FILE__, __LINE__, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
    CHECK_INT(row ? ath_row_int(row, 0) : -1, 7);
    CHECK_STR(row ? ath_row_text(row, 1) : "", value);
    CHECK_STR(row ? ath_row_text(row, 2) : "", kept);
    CHECK_STR(r ? ath_result_column_name(r, 1) : "", say.column ? say.column : "v");
    ath_result_close(r);
}

/* Makes the table, writes and reads a row, drops it again.  Whether it was made. */
static bool live(const char *value, const char *kept) {
    ath_error e;
    const ath_model *model = model_of_now();
    const ath_metadata metadata = {.name = "names", .models = &model, .model_count = 1};
    ath_status status = ath_create_all(db, &metadata, &e);
    if (status != ATH_OK) {
        if (!is_refusal(status))
            test_failed_(__FILE__, __LINE__, "%s: %s", ath_status_name(status), e.message);
        return false;
    }
    status = insert(model, value);
    if (status == ATH_OK)
        check_row(model, value, kept);
    else if (status != ATH_DATA || is_utf8(value))
        test_failed_(__FILE__, __LINE__, "%s: %s", ath_error(c)->message, ath_error(c)->statement);
    CHECK_OK(c, status == ATH_OK ? ath_commit(c) : ath_rollback(c));
    if (ath_create_all(db, &metadata, &e) != ATH_OK) /* sees that it is there */
        test_failed_(__FILE__, __LINE__, "again: %s", e.message);
    if (ath_drop_all(db, &metadata, &e) != ATH_OK)
        test_failed_(__FILE__, __LINE__, "drop: %s", e.message);
    return status == ATH_OK;
}

/* Names that hold nothing a database could not keep must live. */
static bool must_live(const char *name) {
    for (const char *s = name; *s; s++)
        if ((unsigned char)*s >= 0x80 || (unsigned char)*s < 0x20 || *s == 0x7f)
            return false;
    return name[0] != '\0' && name[strlen(name) - 1] != ' ' && strlen(name) < 60;
}

static void check_lived(bool lived, const char *name) {
    if (!lived && must_live(name))
        test_failed_(__FILE__, __LINE__, "refused");
}

TEST(names_of_tables) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *name = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            memset(&say, 0, sizeof say);
            say.table = name;
            test_context("%zu: %s", i, name);
            bool lived = live("value", NULL);
            if (i < CORPUS_COUNT)
                check_lived(lived, name);
            check_canary();
        }
    canary_end();
}

TEST(names_of_columns) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *name = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            memset(&say, 0, sizeof say);
            say.column = name;
            test_context("%zu: %s", i, name);
            bool lived = live("value", NULL);
            if (i < CORPUS_COUNT)
                check_lived(lived, name);
            check_canary();
        }
    canary_end();
}

TEST(names_of_indexes_and_constraints) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *name = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            test_context("%zu: %s", i, name);
            for (int unique = 0; unique < 2; unique++) {
                memset(&say, 0, sizeof say);
                *(unique ? &say.unique : &say.index) = name;
                bool lived = live("value", NULL);
                if (i < CORPUS_COUNT)
                    check_lived(lived, name);
            }
            check_canary();
        }
    canary_end();
}

/* Longer than a server's names: refused, or kept to the last letter; two that differ in it are two. */
TEST(long_names) {
    static const int sizes[] = {63, 64, 65, 100, 300};
    static char names[TEST_COUNT(sizes)][2][301];
    if (canary_begin())
        for (size_t i = 0; i < TEST_COUNT(sizes); i++) {
            snprintf(names[i][0], sizeof names[i][0], "%0*da", sizes[i] - 1, 0);
            snprintf(names[i][1], sizeof names[i][1], "%0*dz", sizes[i] - 1, 0);
            test_context("%d", sizes[i]);
            memset(&say, 0, sizeof say);
            say.table = names[i][0];
            const ath_model *first = model_of_now();
            ath_metadata metadata = {.name = "long", .models = &first, .model_count = 1};
            bool made = ath_create_all(db, &metadata) == ATH_OK;
            CHECK(made || sizes[i] > 63);
            if (made)
                CHECK_INT(insert(first, "a"), ATH_OK);
            CHECK_OK(c, made ? ath_commit(c) : ath_rollback(c));
            say.table = names[i][1];
            const ath_model *second = model_of_now();
            ath_metadata other = {.name = "long", .models = &second, .model_count = 1};
            if (made && ath_create_all(db, &other) == ATH_OK) {
                CHECK_INT(insert(second, "b"), ATH_OK);
                check_row(second, "b", NULL);
                check_row(first, "a", NULL);
                CHECK_OK(c, ath_commit(c));
                CHECK_INT(ath_drop_all(db, &other), ATH_OK);
                CHECK_INT(ath_drop_all(db, &metadata), ATH_OK);
            } else {
                CHECK(!made);
            }
        }
    canary_end();
}

/* ---- in queries ---- */

TEST(labels) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *name = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            test_context("%zu: %s", i, name);
            ath_result *r = ath_execute(c, ath_select(.columns = ath_cols(ath_label(ath_name("canary", "v"), name)),
                                                      .from = ath_from(ath_table_ref("canary"))));
            const ath_row *row = r ? ath_result_one(r) : NULL;
            if (row) {
                CHECK_STR(ath_result_column_name(r, 0), name);
                CHECK_STR(ath_row_text(row, 0), "alive");
            } else {
                CHECK(is_refusal(r ? ath_result_error(r)->status : ath_error(c)->status));
                CHECK(i >= CORPUS_COUNT || !must_live(name));
            }
            ath_result_close(r);
            CHECK_OK(c, ath_rollback(c));
        }
    check_canary();
    canary_end();
}

TEST(aliases) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *name = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            test_context("%zu: %s", i, name);
            ath_result *r = ath_execute(
                c, ath_select(.columns = ath_cols(ath_name(name, "v")), .from = ath_from(ath_table_as("canary", name)),
                              .where = ath_eq(ath_name(name, "v"), "alive"), .order_by = ath_by(ath_name(name, "v"))));
            const ath_row *row = r ? ath_result_one(r) : NULL;
            if (row) {
                CHECK_STR(ath_row_text(row, 0), "alive");
            } else {
                CHECK(is_refusal(r ? ath_result_error(r)->status : ath_error(c)->status));
                CHECK(i >= CORPUS_COUNT || !must_live(name));
            }
            ath_result_close(r);
            CHECK_OK(c, ath_rollback(c));
        }
    check_canary();
    canary_end();
}

/* Names that nobody made: an error, never another table. */
TEST(names_of_nothing) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *name = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            test_context("%zu: %s", i, name);
            ath_result *r = ath_execute(c, ath_delete_of(.table = name, .all_rows = true));
            CHECK(r == NULL && is_refusal(ath_error(c)->status));
            ath_result_close(r);
            CHECK_OK(c, ath_rollback(c));
            r = ath_execute(
                c, ath_update_of(.table = "canary", .set = ath_set(ath_name_to(name, "dead")), .all_rows = true));
            CHECK(r == NULL && is_refusal(ath_error(c)->status));
            ath_result_close(r);
            CHECK_OK(c, ath_rollback(c));
            check_canary();
        }
    canary_end();
}

/* ---- literals in DDL ---- */

TEST(defaults) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT + BROKEN_COUNT; i++) {
            const char *text = i < CORPUS_COUNT ? corpus[i] : broken[i - CORPUS_COUNT];
            memset(&say, 0, sizeof say);
            say.default_text = text;
            test_context("%zu: %s", i, text);
            bool lived = live("value", text);
            CHECK(lived || !is_utf8(text));
            CHECK(!lived || is_utf8(text));
            check_canary();
        }
    canary_end();
}

TEST(labels_of_enums) {
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            memset(&say, 0, sizeof say);
            say.label = corpus[i];
            test_context("%zu: %s", i, corpus[i]);
            bool lived = live(corpus[i], NULL);
            CHECK(lived || !is_utf8(corpus[i]) || corpus[i][strlen(corpus[i]) - 1] == ' ');
            check_canary();
        }
    canary_end();
}

static void check_comment(const char *sql, const char *comment) {
    ath_result *r = ath_execute(c, ath_text(sql));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    if (!row)
        test_failed_(__FILE__, __LINE__, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
    CHECK_STR(row ? ath_row_text(row, 0) : "", comment);
    ath_result_close(r);
}

/* Whether a character beyond U+FFFF is in the text. */
static bool has_wide(const char *text) {
    while (*text && (unsigned char)*text < 0xF0)
        text++;
    return *text != '\0';
}

TEST(comments) {
    static const char *const pg[] = {"SELECT obj_description('named'::regclass)",
                                     "SELECT col_description('named'::regclass, 2)"},
                             *const my[] = {"SELECT table_comment FROM information_schema.tables WHERE table_schema = "
                                            "database() AND table_name = 'named'",
                                            "SELECT column_comment FROM information_schema.columns WHERE table_schema "
                                            "= database() AND table_name = 'named' AND column_name = 'v'"};
    if (canary_begin())
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            memset(&say, 0, sizeof say);
            say.comment = corpus[i];
            test_context("%zu: %s", i, corpus[i]);
            const ath_model *model = model_of_now();
            const ath_metadata metadata = {.name = "comments", .models = &model, .model_count = 1};
            ath_error e;
            ath_status status = ath_create_all(db, &metadata, &e);
            if (status != ATH_OK)
                CHECK(is_refusal(status) &&
                      (!is_utf8(corpus[i]) || (test_on == TEST_MYSQL && has_wide(corpus[i])))); /* utf8mb3 */
            for (int which = 0; status == ATH_OK && which < 2; which++)
                check_comment(test_on == TEST_MYSQL ? my[which] : pg[which], corpus[i]);
            CHECK_OK(c, ath_commit(c));
            CHECK_INT(ath_drop_all(db, &metadata), ATH_OK);
            check_canary();
        }
    canary_end();
}

static const suite_case cases[] = {
    {"names_of_tables", names_of_tables, 0},
    {"names_of_columns", names_of_columns, 0},
    {"names_of_indexes_and_constraints", names_of_indexes_and_constraints, 0},
    {"long_names", long_names, 0},
    {"labels", labels, 0},
    {"aliases", aliases, 0},
    {"names_of_nothing", names_of_nothing, 0},
    {"defaults", defaults, 0},
    {"labels_of_enums", labels_of_enums, 0},
    {"comments", comments, NEEDS_COMMENTS},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
