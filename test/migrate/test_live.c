/* SPDX-License-Identifier: Apache-2.0
 *
 * A database described as a metadata and compared with itself; the seeds' models against the seeds' migration; pairs of
 * schemas made by chance, from one to the other and back.
 */
#include "comparing.h"
#include "schemas.h"

static ath_engine *db;
static ath_connection *c;

static void open_at(const char *url) {
    ath_error error = {0};
    db = ath_engine_open(url);
    CHECK(db != NULL);
    c = db ? ath_connect(db, &error) : NULL;
    CHECK_STR(error.message, "");
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    db = NULL;
    c = NULL;
}

static void begin(void) {
    open_at(test_on == TEST_SQLITE ? "sqlite://" : test_fresh_url(test_on));
}

/* ---- real schemas ---- */

static void same_as_itself(const char *name) {
    char url[600];
    snprintf(url, sizeof url, "%s", test_on == TEST_SQLITE ? "" : test_fresh_url(test_on));
    if (test_on == TEST_SQLITE)
        snprintf(url, sizeof url, "sqlite:///%s.db", name);
    if (!schemas_load(url, name))
        return; /* not for this database */
    ath__live live = {0};
    ath_metadata md;
    ath_error error = {0};
    open_at(url);
    CHECK_INT(ath__live_read(&live, c, &(ath__live_opts){0}, &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK_INT(ath__live_metadata(&live, &md, &error), ATH_OK);
    CHECK(md.table_count > 3);
    const char *said = compared(c, &md, (ath__compare_opts){.allow_drop = true});
    if (*said)
        test_failed_(__FILE__, __LINE__, "%s: %s", name, said);
    ath__live_done(&live);
    end();
}

TEST(schemas_are_the_same_as_themselves) {
    static const char *const names[] = {"chinook", "northwind", "guacamole", "quartz", "springbatch"};
    if (!*schemas_folder())
        TEST_SKIP("no schemas here");
    for (size_t i = 0; i < TEST_COUNT(names); i++)
        same_as_itself(names[i]);
}

/* ---- the seeds ---- */

static const char *const seed[] = {
    "CREATE TABLE categories (id %s, name VARCHAR(100) NOT NULL, description TEXT, PRIMARY KEY (id))",
    "CREATE TABLE posts (id %s, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status "
    "VARCHAR(20) NOT NULL DEFAULT 'draft', created_at %s NOT NULL DEFAULT %s, updated_at %s NOT NULL DEFAULT %s, "
    "PRIMARY "
    "KEY (id), FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL)",
    "CREATE INDEX ix_posts_title ON posts (title)", "CREATE INDEX ix_posts_category_id ON posts (category_id)"};

static void run(const char *sql) {
    CHECK_INT(ath__run_text(c, sql, NULL), ATH_OK);
    CHECK_STR(ath_connection_error(c)->message, "");
}

static void make_seed(void) {
    static const char *const ids[] = {"INTEGER NOT NULL", "SERIAL NOT NULL", "INTEGER NOT NULL AUTO_INCREMENT"};
    const char *id = ids[test_on], *moment = test_on == TEST_POSTGRESQL ? "TIMESTAMP" : "DATETIME";
    const char *now = test_on == TEST_POSTGRESQL ? "now()" : "CURRENT_TIMESTAMP";
    char sql[1000];
    snprintf(sql, sizeof sql, seed[0], id);
    run(sql);
    snprintf(sql, sizeof sql, seed[1], id, moment, now, moment, now);
    run(sql);
    run(seed[2]);
    run(seed[3]);
    ath_commit(c);
}

TEST(seed_models_against_the_seed_migration) {
    begin();
    make_seed();
    const ath_type moment = {.sql = ATH_SQL_DATETIME, .form = ATH_FORM_BARE};
    ath_table *categories =
        ath_table_new("categories", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
                      ath_column_def("name", ATH_STRING(100), .not_null = true, .unique = true),
                      ath_column_def("description", ATH_TEXT));
    ath_table *posts = ath_table_new(
        "posts", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
        ath_column_def("title", ATH_STRING(200), .not_null = true, .index = true),
        ath_column_def("content", ATH_TEXT, .not_null = true),
        ath_column_def("category_id", ATH_INTEGER, .foreign_key = "categories.id", .ondelete = "SET NULL",
                       .index = true),
        ath_column_def("status", ATH_STRING(20), .not_null = true, .default_value = ath_str("draft")),
        ath_column_def("created_at", moment, .not_null = true, .server_default = ath_now()),
        ath_column_def("updated_at", moment, .not_null = true, .server_default = ath_now(), .onupdate = ath_now()));
    const ath_metadata md = ath_metadata_of(ath_tables(categories, posts));
    CHECK_STR(compared(c, &md, (ath__compare_opts){.no_defaults = true}),
              "create_index categories.ix_categories_id; add_constraint unique categories.uq_categories_name; "
              "create_index posts.ix_posts_id");
    CHECK_STR(compared(c, &md, (ath__compare_opts){0}),
              "create_index categories.ix_categories_id; add_constraint unique categories.uq_categories_name; "
              "alter_column posts.status drop_default; create_index posts.ix_posts_id");
    ath_table_free(categories);
    ath_table_free(posts);
    end();
}

/* ---- by chance ---- */

static uint32_t state;

static unsigned dice(unsigned sides) {
    state = state * 1664525U + 1013904223U;
    return (state >> 9) % sides;
}

enum { MOST_ITEMS = 40, MOST_TABLES = 4 };

typedef struct chance {
    ath__arena arena;
    ath_table *tables[MOST_TABLES];
    ath_metadata md;
    size_t count;
} chance;

static const char *const column_names[] = {"a", "b", "c", "d", "e"};

static ath_type some_type(void) {
    static const ath_type types[] = {{.sql = ATH_SQL_INTEGER},
                                     {.sql = ATH_SQL_BIGINT},
                                     {.sql = ATH_SQL_STRING, .length = 20},
                                     {.sql = ATH_SQL_STRING, .length = 60},
                                     {.sql = ATH_SQL_NUMERIC, .precision = 10, .scale = 2},
                                     {.sql = ATH_SQL_BOOLEAN},
                                     {.sql = ATH_SQL_DATE},
                                     {.sql = ATH_SQL_DOUBLE}};
    return types[dice(TEST_COUNT(types))];
}

static const ath_expr *some_default(chance *x, const ath_type *type) {
    ath_expr e = {.node = ATH_NODE_TEXT};
    if (type->sql == ATH_SQL_STRING)
        e.u.text = dice(2) ? "'x'" : "'it''s'";
    else if (type->sql == ATH_SQL_INTEGER || type->sql == ATH_SQL_BIGINT)
        e.u.text = dice(2) ? "1" : "-2";
    else
        return NULL;
    return ath__arena_copy(&x->arena, &e, sizeof e);
}

static ath_table_item some_column(chance *x, const char *name) {
    ath_column_opts o = {.struct_size = sizeof o, .type = some_type()};
    o.not_null = dice(3) == 0;
    o.server_default = dice(3) == 0 ? some_default(x, &o.type) : NULL;
    o.unique = dice(6) == 0;
    o.index = !o.unique && dice(5) == 0;
    o.comment = dice(6) == 0 ? "what it is" : NULL;
    return (ath_table_item){.name = name, .column = ath__arena_copy(&x->arena, &o, sizeof o)};
}

static ath_table_item id_column(chance *x) {
    const ath_column_opts o = {.struct_size = sizeof o, .type = {.sql = ATH_SQL_INTEGER}, .primary_key = true};
    return (ath_table_item){.name = "id", .column = ath__arena_copy(&x->arena, &o, sizeof o)};
}

static ath_table_item parent_column(chance *x, const char *table) {
    ath_column_opts o = {.struct_size = sizeof o, .type = {.sql = ATH_SQL_INTEGER}};
    o.foreign_key = ath__arena_printf(&x->arena, "%s.id", table);
    o.foreign_key_name = dice(2) ? ath__arena_printf(&x->arena, "fk_%u", dice(1000000)) : NULL;
    o.ondelete = dice(2) ? "CASCADE" : NULL;
    o.index = dice(2) == 0;
    return (ath_table_item){.name = ath__arena_printf(&x->arena, "of_%s", table),
                            .column = ath__arena_copy(&x->arena, &o, sizeof o)};
}

static ath_table_item some_check(chance *x) {
    static const char *const checks[] = {"id > 0", "id <> 7 AND id < 100000", "id IN (1, 2, 3) OR id > 5"};
    const ath_constraint_opts o = {.struct_size = sizeof o,
                                   .name = dice(2) ? ath__arena_printf(&x->arena, "ck_%u", dice(1000000)) : NULL,
                                   .check = checks[dice(3)]};
    return (ath_table_item){.kind = ATH_CONSTRAINT_CHECK, .constraint = ath__arena_copy(&x->arena, &o, sizeof o)};
}

static ath_table_item some_index(chance *x, const char *table, const char *a) {
    ath_index_part parts[] = {{.column = a, .desc = dice(2) == 0}, {.column = "id"}};
    const ath_index_opts o = {.struct_size = sizeof o, .unique = dice(3) == 0};
    return (ath_table_item){.kind = ATH_ITEM_INDEX,
                            .name = ath__arena_printf(&x->arena, "ix_%s_%u", table, dice(3)),
                            .parts = {2, ath__arena_copy(&x->arena, parts, sizeof parts)},
                            .index = ath__arena_copy(&x->arena, &o, sizeof o)};
}

static ath_table *some_table(chance *x, const char *name, const char *const *parents, size_t parent_count) {
    ath_table_item items[MOST_ITEMS];
    size_t count = 0;
    const char *last = NULL;
    items[count++] = id_column(x);
    for (size_t i = 0; i < TEST_COUNT(column_names); i++)
        if (dice(3)) {
            last = column_names[i];
            items[count++] = some_column(x, last);
        }
    for (size_t i = 0; i < parent_count; i++)
        if (dice(2))
            items[count++] = parent_column(x, parents[i]);
    if (dice(2))
        items[count++] = some_check(x);
    if (last && dice(2))
        items[count++] = some_index(x, name, last);
    return ath_table_build(name, items, count);
}

static void some_schema(chance *x, uint32_t seed_of_it) {
    static const char *const names[] = {"t1", "t2", "t3", "t4"};
    const char *parents[MOST_TABLES];
    size_t parent_count = 0;
    *x = (chance){0};
    state = seed_of_it;
    ath__arena_init(&x->arena, &ath__malloc_allocator);
    for (size_t i = 0; i < TEST_COUNT(names); i++)
        if (dice(4)) {
            x->tables[x->count++] = some_table(x, names[i], parents, parent_count);
            parents[parent_count++] = names[i];
        }
    x->md = (ath_metadata){.name = "chance", .tables = (const ath_table *const *)x->tables, .table_count = x->count};
}

static void forget(chance *x) {
    for (size_t i = 0; i < x->count; i++)
        ath_table_free(x->tables[i]);
    ath__arena_done(&x->arena);
}

static const ath__compare_opts all = {.allow_drop = true};

static bool is_same(const char *what, uint32_t n, const ath_metadata *md) {
    const char *said = compared(c, md, all);
    if (*said)
        test_failed_(__FILE__, __LINE__, "pair %u, %s: %s", (unsigned)n, what, said);
    return !*said;
}

static void one_pair(uint32_t n) {
    chance from, to;
    ath__changes changes = {0};
    ath__change *inverse;
    ath_error error = {0};
    some_schema(&from, n * 7919 + 1);
    some_schema(&to, n * 104729 + 2);
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &from.md, &error), ATH_OK);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    bool good = is_same("as created", n, &from.md);
    if (good && ath__compare(c, &to.md, &all, &changes, &error) == ATH_OK) {
        good = changes_done(c, NULL, changes.items, changes.count) && is_same("there", n, &to.md) &&
               ath__changes_inverse(changes.items, changes.count, &changes.arena, &inverse, &error) == ATH_OK &&
               changes_done(c, NULL, inverse, changes.count) && is_same("and back", n, &from.md);
        if (!good)
            printf("# pair %u: %s\n", (unsigned)n, changes_words(&changes));
    }
    CHECK_STR(error.message, "");
    CHECK(good);
    ath__changes_done(&changes);
    forget(&from);
    forget(&to);
}

TEST(pairs_by_chance) {
    for (uint32_t n = 1; n <= 12; n++) {
        begin();
        one_pair(n);
        end();
    }
}

static const test_case cases[] = {
    {"schemas_are_the_same_as_themselves", schemas_are_the_same_as_themselves},
    {"seed_models_against_the_seed_migration", seed_models_against_the_seed_migration},
    {"pairs_by_chance", pairs_by_chance},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
