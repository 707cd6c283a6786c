/* SPDX-License-Identifier: Apache-2.0
 *
 * DDL of the goldens (SQLAlchemy 2.1 for SQLite, PostgreSQL, MySQL and MariaDB, case names as there) in our language.  The
 * text is SQLAlchemy's with whitespace folded, except where the row says `our_`.  We differ on purpose:
 *   DATETIME(6)   MySQL's DATETIME has no fractions of a second, and would round microseconds away without a word (now(6) too);
 *   intervals     are kept as text where there is no type for them, not as a DATETIME since 1970, which cannot hold months;
 *   mysql_ ...    options are for MariaDB too, which is where SQLAlchemy forgets the prefix lengths and the engine;
 *   NOT NULL      of a computed column is refused for MariaDB, which does not parse it.
 * A text that begins with ! is the error's message.  What the goldens leave open (null) is not compared.
 */
#include "../test.h"

#include <athanor/athanor.h>
#include <ctype.h>

typedef struct golden_row {
    const char *id;
    ath_ddl ddl;
    const char *sqlite, *our_sqlite, *postgresql, *our_postgresql, *mysql, *our_mysql, *mariadb, *our_mariadb;
} golden_row;

/* ---- tables of a test, released at its end ---- */

static ath_table *made[64];
static size_t made_count;

static const ath_table *keep(ath_table *table) {
    CHECK(table != NULL && made_count < TEST_COUNT(made));
    made[made_count++] = table;
    return table;
}
#define T(...) keep(ath_table_new(__VA_ARGS__))

static ath_metadata all;
static const ath_table *all_tables[32];

/* A metadata of tables; each lives as long as the test. */
static ath_metadata metas[16];
static size_t meta_count, meta_tables;
static const ath_metadata *all_of(const ath_table *const *tables, size_t count) {
    ath_metadata *md = &metas[meta_count++];
    *md = all;
    md->name = "golden";
    md->tables = &all_tables[meta_tables];
    md->table_count = count;
    for (size_t i = 0; i < count; i++)
        all_tables[meta_tables++] = tables[i];
    return md;
}
#define ALL(...)                                                                                                       \
    all_of((const ath_table *const[]){__VA_ARGS__}, sizeof((const ath_table *const[]){__VA_ARGS__}) / sizeof(void *))

static void release(void) {
    while (made_count)
        ath_table_free(made[--made_count]);
    meta_count = meta_tables = 0;
}

/* ---- comparing ---- */

static void fold(const char *from, char *to, size_t room) {
    size_t n = strlen(to);
    for (; *from && n + 2 < room; from++) {
        bool space = isspace((unsigned char)*from) != 0;
        if (!space || (n && to[n - 1] != ' '))
            to[n++] = space ? ' ' : *from;
    }
    while (n && to[n - 1] == ' ')
        n--;
    to[n] = 0;
}

/* All statements with "; " between them, or ! and the message. */
static const char *text_of(const char *dialect, ath_ddl ddl) {
    static char text[16384];
    ath_error error;
    ath_ddl_text *ddl_text = ath_ddl_sql(dialect, ddl, &error);
    CHECK_INT(ddl_text == NULL, error.status != ATH_OK);
    snprintf(text, sizeof text, ddl_text ? "" : "!%s", error.message);
    for (size_t i = 0; ddl_text && i < ath_ddl_text_count(ddl_text); i++) {
        if (i)
            snprintf(text + strlen(text), sizeof text - strlen(text), ";|");
        fold(ath_ddl_text_at(ddl_text, i), text, sizeof text);
    }
    for (char *bar = text; (bar = strstr(bar, ";|")) != NULL;)
        bar[1] = ' ';
    ath_ddl_text_free(ddl_text);
    return text;
}

static void check_one(const golden_row *row, const char *dialect, const char *theirs, const char *ours) {
    if (!theirs && !ours)
        return;
    test_context("%s for %s", row->id, dialect);
    CHECK_STR(text_of(dialect, row->ddl), ours ? ours : theirs);
    CHECK(!ours || !theirs || strcmp(ours, theirs) != 0);
}

static void check_ddl(const golden_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const golden_row *r = &rows[i];
        check_one(r, "sqlite", r->sqlite, r->our_sqlite);
        check_one(r, "postgresql", r->postgresql, r->our_postgresql);
        check_one(r, "mysql", r->mysql, r->our_mysql);
        if (r->mariadb || r->our_mariadb)
            check_one(r, "mariadb", r->mariadb, r->our_mariadb);
        else
            check_one(r, "mariadb", r->mysql, r->our_mysql);
    }
    test_context("%s", "");
    release();
}

#define CHECK_DDL(...)                                                                                                 \
    do {                                                                                                               \
        const golden_row golden_rows_[] = {__VA_ARGS__};                                                               \
        check_ddl(golden_rows_, TEST_COUNT(golden_rows_));                                                             \
    } while (0)

/* ---- the tables that several cases share ---- */

static const ath_table *weird(void) {
    return T("Order Details", ath_column_def("Id", ATH_INTEGER, .primary_key = true),
             ath_column_def("select", ATH_STRING(10)), ath_column_def("mixedCase", ATH_INTEGER),
             ath_index_def("My Index", ath_parts(ath_part("select"), ath_part("mixedCase"))));
}

static const ath_table *seed_users(void) {
    return T(
        "users", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
        ath_column_def("username", ATH_STRING(50), .unique = true, .not_null = true),
        ath_column_def("email", ATH_STRING(100), .not_null = true), ath_column_def("name", ATH_STRING(50)),
        ath_column_def("status", ATH_STRING(20)),
        ath_column_def("is_active", ATH_BOOLEAN, .default_value = ath_bool(true)), ath_column_def("balance", ATH_FLOAT),
        ath_column_def("created_at", ATH_DATETIME, .not_null = true, .default_value = ath_now()),
        ath_column_def("updated_at", ATH_DATETIME, .not_null = true, .default_value = ath_now(), .onupdate = ath_now()),
        ath_column_def("deleted_at", ATH_DATETIME));
}

static const ath_table *seed_categories(void) {
    return T("categories", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
             ath_column_def("name", ATH_STRING(100), .not_null = true, .unique = true),
             ath_column_def("description", ATH_TEXT));
}

static const ath_table *seed_posts(void) {
    return T("posts", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
             ath_column_def("user_id", ATH_INTEGER, .foreign_key = "users.id"),
             ath_column_def("title", ATH_STRING(200), .not_null = true, .index = true),
             ath_column_def("content", ATH_TEXT, .not_null = true, .default_value = ath_str("")),
             ath_column_def("category_id", ATH_INTEGER, .foreign_key = "categories.id", .ondelete = "SET NULL",
                            .index = true),
             ath_column_def("status", ATH_STRING(20), .not_null = true, .default_value = ath_str("draft")),
             ath_column_def("is_published", ATH_BOOLEAN, .default_value = ath_bool(false)),
             ath_column_def("created_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
             ath_column_def("updated_at", ATH_DATETIME, .not_null = true, .server_default = ath_now(),
                            .onupdate = ath_now()));
}

static const ath_table *seed_comments(void) {
    return T("comments", ath_column_def("id", ATH_INTEGER, .primary_key = true),
             ath_column_def("post_id", ATH_INTEGER, .foreign_key = "posts.id"),
             ath_column_def("user_id", ATH_INTEGER, .foreign_key = "users.id"), ath_column_def("content", ATH_TEXT));
}

static const ath_table *seed_products(void) {
    return T("products", ath_column_def("id", ATH_INTEGER, .primary_key = true),
             ath_column_def("name", ATH_STRING(255), .not_null = true, .comment = "商品名称"),
             ath_column_def("description", ATH_TEXT), ath_column_def("price", ATH_FLOAT, .not_null = true),
             ath_column_def("is_active", ATH_BOOLEAN, .default_value = ath_bool(true), .comment = "是否激活"));
}

static const ath_table *seed_orders(void) {
    return T("orders", ath_column_def("id", ATH_INTEGER, .primary_key = true),
             ath_column_def("user_id", ATH_INTEGER, .not_null = true, .index = true),
             ath_column_def("order_number", ATH_STRING(50), .unique = true),
             ath_column_def("status", ATH_STRING(20), .index = true),
             ath_index_def("idx_user_status", ath_parts(ath_part("user_id"), ath_part("status"))),
             ath_unique_def(.name = "uq_user_order", .columns = ath_names("user_id", "order_number")));
}

/* ---- the goldens ---- */

static const char merged_sqlite[] =
    "CREATE TABLE users ( id INTEGER NOT NULL, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL, name "
    "VARCHAR(50), status VARCHAR(20), is_active BOOLEAN, balance FLOAT, created_at DATETIME NOT NULL, updated_at "
    "DATETIME NOT NULL, deleted_at DATETIME, PRIMARY KEY (id), UNIQUE (username) ); CREATE INDEX ix_users_id ON users "
    "(id); CREATE TABLE categories ( id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, description TEXT, PRIMARY KEY "
    "(id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); CREATE TABLE products ( id INTEGER NOT "
    "NULL, name VARCHAR(255) NOT NULL, description TEXT, price FLOAT NOT NULL, is_active BOOLEAN, PRIMARY KEY (id) ); "
    "CREATE TABLE orders ( id INTEGER NOT NULL, user_id INTEGER NOT NULL, order_number VARCHAR(50), status "
    "VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, order_number), UNIQUE (order_number) ); "
    "CREATE INDEX idx_user_status ON orders (user_id, status); CREATE INDEX ix_orders_status ON orders (status); "
    "CREATE INDEX ix_orders_user_id ON orders (user_id); CREATE TABLE posts ( id INTEGER NOT NULL, user_id INTEGER, "
    "title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status VARCHAR(20) NOT NULL, "
    "is_published BOOLEAN, created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at DATETIME DEFAULT "
    "CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id), FOREIGN "
    "KEY(category_id) REFERENCES categories (id) ON DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts "
    "(category_id); CREATE INDEX ix_posts_id ON posts (id); CREATE INDEX ix_posts_title ON posts (title); CREATE TABLE "
    "comments ( id INTEGER NOT NULL, post_id INTEGER, user_id INTEGER, content TEXT, PRIMARY KEY (id), FOREIGN "
    "KEY(post_id) REFERENCES posts (id), FOREIGN KEY(user_id) REFERENCES users (id) )";

static const char merged_postgresql[] =
    "CREATE TABLE users ( id SERIAL NOT NULL, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT NULL, name "
    "VARCHAR(50), status VARCHAR(20), is_active BOOLEAN, balance FLOAT, created_at TIMESTAMP WITHOUT TIME ZONE NOT "
    "NULL, updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, deleted_at TIMESTAMP WITHOUT TIME ZONE, PRIMARY KEY (id), "
    "UNIQUE (username) ); CREATE INDEX ix_users_id ON users (id); CREATE TABLE categories ( id SERIAL NOT NULL, name "
    "VARCHAR(100) NOT NULL, description TEXT, PRIMARY KEY (id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON "
    "categories (id); CREATE TABLE products ( id SERIAL NOT NULL, name VARCHAR(255) NOT NULL, description TEXT, price "
    "FLOAT NOT NULL, is_active BOOLEAN, PRIMARY KEY (id) ); COMMENT ON COLUMN products.name IS '商品名称'; COMMENT ON "
    "COLUMN products.is_active IS '是否激活'; CREATE TABLE orders ( id SERIAL NOT NULL, user_id INTEGER NOT NULL, "
    "order_number VARCHAR(50), status VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, "
    "order_number), UNIQUE (order_number) ); CREATE INDEX idx_user_status ON orders (user_id, status); CREATE INDEX "
    "ix_orders_status ON orders (status); CREATE INDEX ix_orders_user_id ON orders (user_id); CREATE TABLE posts ( id "
    "SERIAL NOT NULL, user_id INTEGER, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status "
    "VARCHAR(20) NOT NULL, is_published BOOLEAN, created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT now() NOT NULL, "
    "updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT now() NOT NULL, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES "
    "users (id), FOREIGN KEY(category_id) REFERENCES categories (id) ON DELETE SET NULL ); CREATE INDEX "
    "ix_posts_category_id ON posts (category_id); CREATE INDEX ix_posts_id ON posts (id); CREATE INDEX ix_posts_title "
    "ON posts (title); CREATE TABLE comments ( id SERIAL NOT NULL, post_id INTEGER, user_id INTEGER, content TEXT, "
    "PRIMARY KEY (id), FOREIGN KEY(post_id) REFERENCES posts (id), FOREIGN KEY(user_id) REFERENCES users (id) )";

static const char merged_mysql[] =
    "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT "
    "NULL, name VARCHAR(50), status VARCHAR(20), is_active BOOL, balance FLOAT, created_at DATETIME NOT NULL, "
    "updated_at DATETIME NOT NULL, deleted_at DATETIME, PRIMARY KEY (id), UNIQUE (username) ); CREATE INDEX "
    "ix_users_id ON users (id); CREATE TABLE categories ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(100) NOT "
    "NULL, description TEXT, PRIMARY KEY (id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); "
    "CREATE TABLE products ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(255) NOT NULL COMMENT '商品名称', "
    "description TEXT, price FLOAT NOT NULL, is_active BOOL COMMENT '是否激活', PRIMARY KEY (id) ); CREATE TABLE "
    "orders ( id INTEGER NOT NULL AUTO_INCREMENT, user_id INTEGER NOT NULL, order_number VARCHAR(50), status "
    "VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, order_number), UNIQUE (order_number) ); "
    "CREATE INDEX idx_user_status ON orders (user_id, status); CREATE INDEX ix_orders_status ON orders (status); "
    "CREATE INDEX ix_orders_user_id ON orders (user_id); CREATE TABLE posts ( id INTEGER NOT NULL AUTO_INCREMENT, "
    "user_id INTEGER, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status VARCHAR(20) NOT "
    "NULL, is_published BOOL, created_at DATETIME NOT NULL DEFAULT (now()), updated_at DATETIME NOT NULL DEFAULT "
    "(now()), PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id), FOREIGN KEY(category_id) REFERENCES "
    "categories (id) ON DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts (category_id); CREATE INDEX "
    "ix_posts_id ON posts (id); CREATE INDEX ix_posts_title ON posts (title); CREATE TABLE comments ( id INTEGER NOT "
    "NULL AUTO_INCREMENT, post_id INTEGER, user_id INTEGER, content TEXT, PRIMARY KEY (id), FOREIGN KEY(post_id) "
    "REFERENCES posts (id), FOREIGN KEY(user_id) REFERENCES users (id) )";

static const char merged_mysql_ours[] =
    "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT "
    "NULL, name VARCHAR(50), status VARCHAR(20), is_active BOOL, balance FLOAT, created_at DATETIME(6) NOT NULL, "
    "updated_at DATETIME(6) NOT NULL, deleted_at DATETIME(6), PRIMARY KEY (id), UNIQUE (username) ); CREATE INDEX "
    "ix_users_id ON users (id); CREATE TABLE categories ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(100) NOT "
    "NULL, description TEXT, PRIMARY KEY (id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); "
    "CREATE TABLE products ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(255) NOT NULL COMMENT '商品名称', "
    "description TEXT, price FLOAT NOT NULL, is_active BOOL COMMENT '是否激活', PRIMARY KEY (id) ); CREATE TABLE "
    "orders ( id INTEGER NOT NULL AUTO_INCREMENT, user_id INTEGER NOT NULL, order_number VARCHAR(50), status "
    "VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, order_number), UNIQUE (order_number) ); "
    "CREATE INDEX idx_user_status ON orders (user_id, status); CREATE INDEX ix_orders_status ON orders (status); "
    "CREATE INDEX ix_orders_user_id ON orders (user_id); CREATE TABLE posts ( id INTEGER NOT NULL AUTO_INCREMENT, "
    "user_id INTEGER, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status VARCHAR(20) NOT "
    "NULL, is_published BOOL, created_at DATETIME(6) NOT NULL DEFAULT now(6), updated_at DATETIME(6) NOT NULL DEFAULT "
    "now(6), PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id), FOREIGN KEY(category_id) REFERENCES "
    "categories (id) ON DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts (category_id); CREATE INDEX "
    "ix_posts_id ON posts (id); CREATE INDEX ix_posts_title ON posts (title); CREATE TABLE comments ( id INTEGER NOT "
    "NULL AUTO_INCREMENT, post_id INTEGER, user_id INTEGER, content TEXT, PRIMARY KEY (id), FOREIGN KEY(post_id) "
    "REFERENCES posts (id), FOREIGN KEY(user_id) REFERENCES users (id) )";

TEST(tables_1) {
    CHECK_DDL(
        {"ddl_basic",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                                                     ath_column_def("name", ATH_STRING(50), .not_null = true),
                                                     ath_column_def("note", ATH_TEXT))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, note TEXT, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, name VARCHAR(50) NOT NULL, note TEXT, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL, note TEXT, PRIMARY "
                  "KEY (id) )"},
        {"ddl_pk_string",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("code", ATH_STRING(8), .primary_key = true))),
         .sqlite = "CREATE TABLE t ( code VARCHAR(8) NOT NULL, PRIMARY KEY (code) )",
         .postgresql = "CREATE TABLE t ( code VARCHAR(8) NOT NULL, PRIMARY KEY (code) )",
         .mysql = "CREATE TABLE t ( code VARCHAR(8) NOT NULL, PRIMARY KEY (code) )"},
        {"ddl_unique_col",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                                                     ath_column_def("email", ATH_STRING(50), .unique = true))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, email VARCHAR(50), PRIMARY KEY (id), UNIQUE (email) )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, email VARCHAR(50), PRIMARY KEY (id), UNIQUE (email) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, email VARCHAR(50), PRIMARY KEY (id), UNIQUE "
                  "(email) )"},
        {"ddl_unique_named",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_INTEGER), ath_column_def("b", ATH_INTEGER),
                               ath_unique_def(.name = "uq_ab", .columns = ath_names("a", "b")))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT uq_ab UNIQUE (a, b) )",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT uq_ab UNIQUE (a, b) )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT uq_ab UNIQUE (a, b) )"},
        {"ddl_unique_nulls_not_distinct",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_INTEGER),
                               ath_unique_def(.name = "uq_a", .columns = ath_names("a"), .nulls_not_distinct = true))),
         .postgresql = "CREATE TABLE t ( a INTEGER, CONSTRAINT uq_a UNIQUE NULLS NOT DISTINCT (a) )"},
        {"ddl_check",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_INTEGER), ath_check_def(.name = "ck_a", .check = "a > 0"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck_a CHECK (a > 0) )",
         .postgresql = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck_a CHECK (a > 0) )",
         .mysql = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck_a CHECK (a > 0) )"});
}

TEST(tables_2) {
    CHECK_DDL(
        {"ddl_fk_cascade",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                               ath_column_def("p_id", ATH_INTEGER, .foreign_key = "p.id", .foreign_key_name = "fk_t_p",
                                              .ondelete = "CASCADE", .onupdate_action = "CASCADE"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, p_id INTEGER, PRIMARY KEY (id), CONSTRAINT fk_t_p FOREIGN "
                   "KEY(p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, p_id INTEGER, PRIMARY KEY (id), CONSTRAINT fk_t_p FOREIGN "
                       "KEY(p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, p_id INTEGER, PRIMARY KEY (id), CONSTRAINT "
                  "fk_t_p FOREIGN KEY(p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE )"},
        {"ddl_fk_schema",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_INTEGER, .foreign_key = "other.p.id"))),
         .sqlite = "CREATE TABLE t ( a INTEGER )",
         .postgresql = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES other.p (id) )",
         .mysql = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES other.p (id) )"},
        {"ddl_fk_cycle_auto",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(
                        T("a", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                          ath_column_def("b_id", ATH_INTEGER, .foreign_key = "b.id", .foreign_key_name = "fk_a_b")),
                        T("b", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                          ath_column_def("a_id", ATH_INTEGER, .foreign_key = "a.id", .foreign_key_name = "fk_b_a")))),
         .sqlite = "CREATE TABLE a ( id INTEGER NOT NULL, b_id INTEGER, PRIMARY KEY (id), CONSTRAINT fk_a_b FOREIGN "
                   "KEY(b_id) REFERENCES b (id) ); CREATE TABLE b ( id INTEGER NOT NULL, a_id INTEGER, PRIMARY KEY "
                   "(id), CONSTRAINT fk_b_a FOREIGN KEY(a_id) REFERENCES a (id) )",
         .postgresql =
             "CREATE TABLE a ( id SERIAL NOT NULL, b_id INTEGER, PRIMARY KEY (id) ); CREATE TABLE b ( id SERIAL NOT "
             "NULL, a_id INTEGER, PRIMARY KEY (id) ); ALTER TABLE a ADD CONSTRAINT fk_a_b FOREIGN KEY(b_id) REFERENCES "
             "b (id); ALTER TABLE b ADD CONSTRAINT fk_b_a FOREIGN KEY(a_id) REFERENCES a (id)",
         .mysql = "CREATE TABLE a ( id INTEGER NOT NULL AUTO_INCREMENT, b_id INTEGER, PRIMARY KEY (id) ); CREATE TABLE "
                  "b ( id INTEGER NOT NULL AUTO_INCREMENT, a_id INTEGER, PRIMARY KEY (id) ); ALTER TABLE a ADD "
                  "CONSTRAINT fk_a_b FOREIGN KEY(b_id) REFERENCES b (id); ALTER TABLE b ADD CONSTRAINT fk_b_a FOREIGN "
                  "KEY(a_id) REFERENCES a (id)"},
        {"ddl_default_str",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_STRING(10), .server_default = ath_str("abc")))),
         .sqlite = "CREATE TABLE t ( a VARCHAR(10) DEFAULT 'abc' )",
         .postgresql = "CREATE TABLE t ( a VARCHAR(10) DEFAULT 'abc' )",
         .mysql = "CREATE TABLE t ( a VARCHAR(10) DEFAULT 'abc' )"},
        {"ddl_default_empty",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table =
                        T("t", ath_column_def("a", ATH_STRING(10), .server_default = ath_str(""), .not_null = true))),
         .sqlite = "CREATE TABLE t ( a VARCHAR(10) DEFAULT '' NOT NULL )",
         .postgresql = "CREATE TABLE t ( a VARCHAR(10) DEFAULT '' NOT NULL )",
         .mysql = "CREATE TABLE t ( a VARCHAR(10) NOT NULL DEFAULT '' )"});
}

TEST(tables_3) {
    CHECK_DDL(
        {"ddl_default_literal",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_INTEGER, .server_default = ath_int(7)),
                               ath_column_def("b", ATH_STRING(5), .server_default = ath_str("x'y")))),
         .sqlite = "CREATE TABLE t ( a INTEGER DEFAULT 7, b VARCHAR(5) DEFAULT 'x''y' )",
         .postgresql = "CREATE TABLE t ( a INTEGER DEFAULT 7, b VARCHAR(5) DEFAULT 'x''y' )",
         .mysql = "CREATE TABLE t ( a INTEGER DEFAULT 7, b VARCHAR(5) DEFAULT 'x''y' )"},
        {"ddl_computed_persisted",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_INTEGER),
                               ath_column_def("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )"},
        {"ddl_computed_virtual",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("a", ATH_INTEGER),
                                                     ath_column_def("b", ATH_INTEGER, .computed = "a + 1",
                                                                    .persisted = ATH_VIRTUAL, .not_null = true))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER NOT NULL GENERATED ALWAYS AS (a + 1) VIRTUAL )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL NOT NULL )",
         .our_mariadb = "!(in table 't', column 'b'): MariaDB has no NOT NULL for computed columns"},
        {"ddl_mysql_key_len",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("a", ATH_INTEGER, .primary_key = true),
                                                     ath_column_def("id", ATH_INTEGER, .primary_key = true,
                                                                    .autoincrement = ATH_AUTOINCREMENT_YES),
                                                     ath_options_def(.mysql_engine = "InnoDB"))),
         .mysql = "CREATE TABLE t ( a INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id, a) "
                  ")ENGINE=InnoDB",
         .mariadb = "CREATE TABLE t ( a INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id, a) )",
         .our_mariadb = "CREATE TABLE t ( a INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id, a) "
                        ")ENGINE=InnoDB"},
        {"ddl_pg_oncommit",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("id", ATH_INTEGER),
                               ath_options_def(.prefixes = ath_names("TEMPORARY"), .postgresql_on_commit = "DROP"))),
         .postgresql = "CREATE TEMPORARY TABLE t ( id INTEGER ) ON COMMIT DROP"},
        {"ddl_pg_exclude",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table =
                        T("t", ath_column_def("room", ATH_INTEGER), ath_column_def("during", ATH_TYPE_NAMED("TSRANGE")),
                          ath_exclude_def(.name = "ex_room", .using = "gist", .where = "room > 0",
                                          .parts = ath_parts(ath_part("room"), ath_part("during")),
                                          .operators = ath_names("=", "&&")))),
         .postgresql = "CREATE TABLE t ( room INTEGER, during TSRANGE, CONSTRAINT ex_room EXCLUDE USING gist (room "
                       "WITH =, during WITH &&) WHERE (room > 0) )"},
        {"ddl_pg_enum",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(
                        T("t", ath_column_def("mood", ATH_ENUM_TYPE("mood_t", "sad", "it's ok")),
                          ath_column_def("m2", ATH_WITH_DETAILS(ATH_ENUM("a", "b"), .name = "two", .schema = "x"))))),
         .postgresql = "CREATE TYPE mood_t AS ENUM ('sad', 'it''s ok'); CREATE TYPE x.two AS ENUM ('a', 'b'); CREATE "
                       "TABLE t ( mood mood_t, m2 x.two )"});
}

TEST(tables_4) {
    CHECK_DDL(
        {"ddl_sqlite_on_conflict",
         ath_ddl_of(
             ATH_DDL_CREATE_TABLE,
             .table = T(
                 "t", ath_column_def("id", ATH_INTEGER, .primary_key = true, .sqlite_on_conflict_primary_key = "FAIL"),
                 ath_column_def("a", ATH_INTEGER, .not_null = true, .sqlite_on_conflict_not_null = "IGNORE"),
                 ath_column_def("b", ATH_INTEGER, .unique = true, .sqlite_on_conflict_unique = "REPLACE"),
                 ath_unique_def(.columns = ath_names("a", "b"), .sqlite_on_conflict = "ABORT"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, a INTEGER NOT NULL ON CONFLICT IGNORE, b INTEGER, PRIMARY "
                   "KEY (id) ON CONFLICT FAIL, UNIQUE (a, b) ON CONFLICT ABORT, UNIQUE (b) ON CONFLICT REPLACE )"});
}

TEST(types_1) {
    CHECK_DDL(
        {"ddl_pg_types",
         ath_ddl_of(
             ATH_DDL_CREATE_TABLE,
             .table =
                 T("t", ath_column_def("a", ATH_ARRAY_OF(ATH_INTEGER, 1)), ath_column_def("b", ATH_JSONB),
                   ath_column_def("c", ATH_UUID), ath_column_def("d", ATH_TYPE_NAMED("INET")),
                   ath_column_def("e", ATH_TYPE_NAMED("CIDR")), ath_column_def("f", ATH_TYPE_NAMED("MACADDR")),
                   ath_column_def("g", ATH_TYPE_NAMED("HSTORE")), ath_column_def("h", ATH_TYPE_NAMED("TSVECTOR")),
                   ath_column_def("i", ATH_INTERVAL_OF("DAY TO SECOND", 3)), ath_column_def("j", ATH_TIMESTAMP_OF(3)),
                   ath_column_def("k", ATH_TIME_OF(2)), ath_column_def("l", ATH_TYPE_NAMED("BIT(8)")),
                   ath_column_def("m", ATH_TYPE_NAMED("BIT VARYING")), ath_column_def("n", ATH_TYPE_NAMED("INT4RANGE")),
                   ath_column_def("o", ATH_TYPE_NAMED("TSTZRANGE")), ath_column_def("p", ATH_TYPE_NAMED("MONEY")),
                   ath_column_def("q", ATH_TYPE_NAMED("OID")), ath_column_def("r", ATH_BINARY),
                   ath_column_def("s", ATH_DOUBLE_PRECISION), ath_column_def("t", ATH_ARRAY_OF(ATH_STRING(10), 2)),
                   ath_column_def("u", ATH_TYPE_NAMED("CITEXT")), ath_column_def("v", ATH_TYPE_NAMED("NUMRANGE")),
                   ath_column_def("w", ATH_TYPE_NAMED("DATERANGE")), ath_column_def("x", ATH_TYPE_NAMED("REGCLASS")),
                   ath_column_def("y", ATH_CHAR(3)), ath_column_def("z", ATH_REAL))),
         .postgresql =
             "CREATE TABLE t ( a INTEGER[], b JSONB, c UUID, d INET, e CIDR, f MACADDR, g HSTORE, h TSVECTOR, i "
             "INTERVAL DAY TO SECOND (3), j TIMESTAMP(3) WITH TIME ZONE, k TIME(2) WITHOUT TIME ZONE, l BIT(8), m BIT "
             "VARYING, n INT4RANGE, o TSTZRANGE, p MONEY, q OID, r BYTEA, s DOUBLE PRECISION, t VARCHAR(10)[][], u "
             "CITEXT, v NUMRANGE, w DATERANGE, x REGCLASS, y CHAR(3), z REAL )"},
        {"ty_string_my",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("b", ATH_STRING(20)), ath_column_def("c", ATH_CHAR(2)),
                               ath_column_def("d", ATH_STRING(7)), ath_column_def("e", ATH_STRING(9)),
                               ath_column_def("f", ATH_NVARCHAR(4)), ath_column_def("g", ATH_NCHAR(3)))),
         .mysql = "CREATE TABLE t ( b VARCHAR(20), c CHAR(2), d VARCHAR(7), e VARCHAR(9), f NATIONAL VARCHAR(4), g "
                  "NATIONAL CHAR(3) )"},
        {"ty_string_my_nolen", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("a", ATH_STRING(0)))),
         .mysql = "!(in table 't', column 'a'): VARCHAR requires a length on dialect mysql"},
        {"ty_text",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_TEXT), ath_column_def("b", ATH_TEXT))),
         .sqlite = "CREATE TABLE t ( a TEXT, b TEXT )", .postgresql = "CREATE TABLE t ( a TEXT, b TEXT )",
         .mysql = "CREATE TABLE t ( a TEXT, b TEXT )"},
        {"ty_clob", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("c", ATH_CLOB))),
         .sqlite = "CREATE TABLE t ( c CLOB )"},
        {"ty_boolean",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", ath_column_def("a", ATH_BOOLEAN),
                               ath_column_def("b", ATH_BOOLEAN, .not_null = true), ath_column_def("c", ATH_BOOLEAN))),
         .sqlite = "CREATE TABLE t ( a BOOLEAN, b BOOLEAN NOT NULL, c BOOLEAN )",
         .postgresql = "CREATE TABLE t ( a BOOLEAN, b BOOLEAN NOT NULL, c BOOLEAN )",
         .mysql = "CREATE TABLE t ( a BOOL, b BOOL NOT NULL, c BOOL )"});
}

TEST(types_2) {
    CHECK_DDL({"ty_interval", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("a", ATH_INTERVAL))),
               .sqlite = "CREATE TABLE t ( a DATETIME )", .our_sqlite = "CREATE TABLE t ( a INTERVAL )",
               .postgresql = "CREATE TABLE t ( a INTERVAL )", .mysql = "CREATE TABLE t ( a DATETIME )",
               .our_mysql = "CREATE TABLE t ( a VARCHAR(80) )"},
              {"ty_binary_std",
               ath_ddl_of(ATH_DDL_CREATE_TABLE,
                          .table = T("t", ath_column_def("a", ATH_FIXED_BINARY(16)),
                                     ath_column_def("b", ATH_VARBINARY(20)), ath_column_def("c", ATH_BINARY))),
               .sqlite = "CREATE TABLE t ( a BINARY(16), b VARBINARY(20), c BLOB )",
               .mysql = "CREATE TABLE t ( a BINARY(16), b VARBINARY(20), c BLOB )"},
              {"ty_enum_drop",
               ath_ddl_of(ATH_DDL_DROP_ALL,
                          .metadata = ALL(T("t", ath_column_def("a", ATH_ENUM_TYPE("color", "red", "green"))))),
               .sqlite = "DROP TABLE t", .postgresql = "DROP TABLE t; DROP TYPE color", .mysql = "DROP TABLE t"},
              {"ty_pickle", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", ath_column_def("a", ATH_BINARY))),
               .sqlite = "CREATE TABLE t ( a BLOB )", .postgresql = "CREATE TABLE t ( a BYTEA )",
               .mysql = "CREATE TABLE t ( a BLOB )"});
}

TEST(indexes) {
    CHECK_DDL({"ix_desc",
               ath_ddl_of(ATH_DDL_CREATE_INDEX,
                          .table = T("t", ath_column_def("a", ATH_INTEGER), ath_column_def("b", ATH_INTEGER),
                                     ath_index_def("ix_d", ath_parts(ath_part("a", .desc = true), ath_part("b")))),
                          .name = "ix_d"),
               .sqlite = "CREATE INDEX ix_d ON t (a DESC, b)", .postgresql = "CREATE INDEX ix_d ON t (a DESC, b)",
               .mysql = "CREATE INDEX ix_d ON t (a DESC, b)"},
              {"ix_text",
               ath_ddl_of(ATH_DDL_CREATE_INDEX,
                          .table = T("t", ath_column_def("a", ATH_INTEGER),
                                     ath_index_def("ix_t", ath_parts(ath_part_text("a DESC")))),
                          .name = "ix_t"),
               .sqlite = "CREATE INDEX ix_t ON t (a DESC)", .postgresql = "CREATE INDEX ix_t ON t (a DESC)",
               .mysql = "CREATE INDEX ix_t ON t (a DESC)"},
              {"ix_pg_include",
               ath_ddl_of(ATH_DDL_CREATE_INDEX,
                          .table = T("t", ath_column_def("a", ATH_INTEGER), ath_column_def("b", ATH_INTEGER),
                                     ath_index_def("ix_i", ath_parts(ath_part("a")), .unique = true,
                                                   .include = ath_names("b"), .nulls_not_distinct = true)),
                          .name = "ix_i"),
               .postgresql = "CREATE UNIQUE INDEX ix_i ON t (a) INCLUDE (b) NULLS NOT DISTINCT"},
              {"ix_my_length",
               ath_ddl_of(ATH_DDL_CREATE_INDEX,
                          .table = T("t", ath_column_def("a", ATH_STRING(50)), ath_column_def("b", ATH_STRING(50)),
                                     ath_index_def("ix_l", ath_parts(ath_part("a", .mysql_length = 10),
                                                                     ath_part("b", .mysql_length = 5)))),
                          .name = "ix_l"),
               .mysql = "CREATE INDEX ix_l ON t (a(10), b(5))", .mariadb = "CREATE INDEX ix_l ON t (a, b)",
               .our_mariadb = "CREATE INDEX ix_l ON t (a(10), b(5))"},
              {"ix_my_using",
               ath_ddl_of(ATH_DDL_CREATE_INDEX,
                          .table = T("t", ath_column_def("a", ATH_STRING(50)),
                                     ath_index_def("ix_h", ath_parts(ath_part("a")), .mysql_using = "hash")),
                          .name = "ix_h"),
               .mysql = "CREATE INDEX ix_h ON t (a) USING hash"},
              {"ix_quoted", ath_ddl_of(ATH_DDL_CREATE_INDEX, .table = weird(), .name = "My Index"),
               .sqlite = "CREATE INDEX \"My Index\" ON \"Order Details\" (\"select\", \"mixedCase\")",
               .postgresql = "CREATE INDEX \"My Index\" ON \"Order Details\" (\"select\", \"mixedCase\")",
               .mysql = "CREATE INDEX `My Index` ON `Order Details` (`select`, `mixedCase`)"});
}

TEST(others) {
    CHECK_DDL(
        {"dm_add_fk",
         ath_ddl_of(ATH_DDL_ADD_CONSTRAINT,
                    .table = T("t", ath_column_def("a", ATH_INTEGER),
                               ath_foreign_key_def(.name = "fk_a", .columns = ath_names("a"), .target = "p",
                                                   .target_columns = ath_names("id"), .ondelete = "CASCADE")),
                    .name = "fk_a"),
         .postgresql = "ALTER TABLE t ADD CONSTRAINT fk_a FOREIGN KEY(a) REFERENCES p (id) ON DELETE CASCADE",
         .mysql = "ALTER TABLE t ADD CONSTRAINT fk_a FOREIGN KEY(a) REFERENCES p (id) ON DELETE CASCADE"},
        {"dm_add_check",
         ath_ddl_of(ATH_DDL_ADD_CONSTRAINT,
                    .table = T("t", ath_column_def("a", ATH_INTEGER), ath_check_def(.name = "ck_a", .check = "a > 5")),
                    .name = "ck_a"),
         .postgresql = "ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 5)",
         .mysql = "ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 5)"},
        {"dm_drop_unique",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table = T("t", ath_column_def("a", ATH_INTEGER),
                               ath_unique_def(.name = "uq_a", .columns = ath_names("a"))),
                    .name = "uq_a"),
         .postgresql = "ALTER TABLE t DROP CONSTRAINT uq_a", .mysql = "ALTER TABLE t DROP INDEX uq_a"},
        {"dm_drop_fk",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table = T("t", ath_column_def("a", ATH_INTEGER),
                               ath_foreign_key_def(.name = "fk_a", .columns = ath_names("a"), .target = "p",
                                                   .target_columns = ath_names("id"))),
                    .name = "fk_a"),
         .postgresql = "ALTER TABLE t DROP CONSTRAINT fk_a", .mysql = "ALTER TABLE t DROP FOREIGN KEY fk_a"},
        {"dm_comment_drop",
         ath_ddl_of(ATH_DDL_DROP_TABLE_COMMENT,
                    .table = T("t", ath_column_def("a", ATH_INTEGER), ath_options_def(.comment = "x"))),
         .postgresql = "COMMENT ON TABLE t IS NULL", .mysql = "ALTER TABLE t COMMENT ''"},
        {"dm_create_column",
         ath_ddl_of(ATH_DDL_COLUMN,
                    .table =
                        T("t", ath_column_def("a", ATH_STRING(5), .not_null = true, .server_default = ath_str("x"))),
                    .name = "a"),
         .sqlite = "a VARCHAR(5) DEFAULT 'x' NOT NULL", .postgresql = "a VARCHAR(5) DEFAULT 'x' NOT NULL",
         .mysql = "a VARCHAR(5) NOT NULL DEFAULT 'x'"});
}

TEST(seeds_1) {
    CHECK_DDL(
        {"seed_create_all_merged",
         ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = ALL(seed_users(), seed_categories(), seed_posts(), seed_comments(),
                                                        seed_products(), seed_orders())),
         .sqlite = merged_sqlite, .postgresql = merged_postgresql, .mysql = merged_mysql,
         .our_mysql = merged_mysql_ours},
        {"seed_model_000_user",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(T("users", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
                                      ath_column_def("email", ATH_STRING(255), .unique = true),
                                      ath_column_def("name", ATH_STRING(50))))),
         .sqlite = "CREATE TABLE users ( id INTEGER NOT NULL, email VARCHAR(255), name VARCHAR(50), PRIMARY KEY (id), "
                   "UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
         .postgresql = "CREATE TABLE users ( id SERIAL NOT NULL, email VARCHAR(255), name VARCHAR(50), PRIMARY KEY "
                       "(id), UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
         .mysql = "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, email VARCHAR(255), name VARCHAR(50), "
                  "PRIMARY KEY (id), UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)"},
        {"seed_model_000_user_nolen",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(T("users", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
                                      ath_column_def("email", ATH_STRING(0), .unique = true),
                                      ath_column_def("name", ATH_STRING(50))))),
         .sqlite = "CREATE TABLE users ( id INTEGER NOT NULL, email VARCHAR, name VARCHAR(50), PRIMARY KEY (id), "
                   "UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
         .postgresql = "CREATE TABLE users ( id SERIAL NOT NULL, email VARCHAR, name VARCHAR(50), PRIMARY KEY (id), "
                       "UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
         .mysql = "!(in table 'users', column 'email'): VARCHAR requires a length on dialect mysql"});
}

TEST(seeds_2) {
    CHECK_DDL(
        {"seed_model_002_post",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(
                        T("posts", ath_column_def("id", ATH_INTEGER, .primary_key = true, .index = true),
                          ath_column_def("title", ATH_STRING(200), .not_null = true, .index = true),
                          ath_column_def("content", ATH_TEXT, .not_null = true),
                          ath_column_def("category_id", ATH_INTEGER, .foreign_key = "categories.id",
                                         .ondelete = "SET NULL", .index = true),
                          ath_column_def("status", ATH_STRING(20), .not_null = true, .default_value = ath_str("draft")),
                          ath_column_def("created_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
                          ath_column_def("updated_at", ATH_DATETIME, .not_null = true, .server_default = ath_now(),
                                         .onupdate = ath_now())),
                        seed_categories())),
         .sqlite =
             "CREATE TABLE categories ( id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, description TEXT, PRIMARY KEY "
             "(id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); CREATE TABLE posts ( id INTEGER "
             "NOT NULL, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status VARCHAR(20) "
             "NOT NULL, created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at DATETIME DEFAULT "
             "CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (id), FOREIGN KEY(category_id) REFERENCES categories (id) ON "
             "DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts (category_id); CREATE INDEX ix_posts_id ON "
             "posts (id); CREATE INDEX ix_posts_title ON posts (title)",
         .postgresql =
             "CREATE TABLE categories ( id SERIAL NOT NULL, name VARCHAR(100) NOT NULL, description TEXT, PRIMARY KEY "
             "(id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); CREATE TABLE posts ( id SERIAL "
             "NOT NULL, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, category_id INTEGER, status VARCHAR(20) "
             "NOT NULL, created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT now() NOT NULL, updated_at TIMESTAMP WITHOUT "
             "TIME ZONE DEFAULT now() NOT NULL, PRIMARY KEY (id), FOREIGN KEY(category_id) REFERENCES categories (id) "
             "ON DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts (category_id); CREATE INDEX ix_posts_id "
             "ON posts (id); CREATE INDEX ix_posts_title ON posts (title)",
         .mysql =
             "CREATE TABLE categories ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(100) NOT NULL, description "
             "TEXT, PRIMARY KEY (id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); CREATE TABLE "
             "posts ( id INTEGER NOT NULL AUTO_INCREMENT, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, "
             "category_id INTEGER, status VARCHAR(20) NOT NULL, created_at DATETIME NOT NULL DEFAULT (now()), "
             "updated_at DATETIME NOT NULL DEFAULT (now()), PRIMARY KEY (id), FOREIGN KEY(category_id) REFERENCES "
             "categories (id) ON DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts (category_id); CREATE "
             "INDEX ix_posts_id ON posts (id); CREATE INDEX ix_posts_title ON posts (title)",
         .our_mysql =
             "CREATE TABLE categories ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(100) NOT NULL, description "
             "TEXT, PRIMARY KEY (id), UNIQUE (name) ); CREATE INDEX ix_categories_id ON categories (id); CREATE TABLE "
             "posts ( id INTEGER NOT NULL AUTO_INCREMENT, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, "
             "category_id INTEGER, status VARCHAR(20) NOT NULL, created_at DATETIME(6) NOT NULL DEFAULT now(6), "
             "updated_at DATETIME(6) NOT NULL DEFAULT now(6), PRIMARY KEY (id), FOREIGN KEY(category_id) REFERENCES "
             "categories (id) ON DELETE SET NULL ); CREATE INDEX ix_posts_category_id ON posts (category_id); CREATE "
             "INDEX ix_posts_id ON posts (id); CREATE INDEX ix_posts_title ON posts (title)"});
}

TEST(seeds_3) {
    CHECK_DDL(
        {"seed_model_004_user",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(
                        T("users", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                          ath_column_def("username", ATH_STRING(50), .unique = true, .not_null = true),
                          ath_column_def("email", ATH_STRING(100), .not_null = true),
                          ath_column_def("created_at", ATH_DATETIME, .not_null = true, .default_value = ath_now())))),
         .sqlite = "CREATE TABLE users ( id INTEGER NOT NULL, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT "
                   "NULL, created_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (username) )",
         .postgresql = "CREATE TABLE users ( id SERIAL NOT NULL, username VARCHAR(50) NOT NULL, email VARCHAR(100) NOT "
                       "NULL, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id), UNIQUE (username) )",
         .mysql = "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, username VARCHAR(50) NOT NULL, email "
                  "VARCHAR(100) NOT NULL, created_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (username) )",
         .our_mysql = "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, username VARCHAR(50) NOT NULL, email "
                      "VARCHAR(100) NOT NULL, created_at DATETIME(6) NOT NULL, PRIMARY KEY (id), UNIQUE (username) )"},
        {"seed_model_004_product", ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = ALL(seed_products())),
         .sqlite = "CREATE TABLE products ( id INTEGER NOT NULL, name VARCHAR(255) NOT NULL, description TEXT, price "
                   "FLOAT NOT NULL, is_active BOOLEAN, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE products ( id SERIAL NOT NULL, name VARCHAR(255) NOT NULL, description TEXT, "
                       "price FLOAT NOT NULL, is_active BOOLEAN, PRIMARY KEY (id) ); COMMENT ON COLUMN products.name "
                       "IS '商品名称'; COMMENT ON COLUMN products.is_active IS '是否激活'",
         .mysql = "CREATE TABLE products ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(255) NOT NULL COMMENT "
                  "'商品名称', description TEXT, price FLOAT NOT NULL, is_active BOOL COMMENT '是否激活', PRIMARY KEY "
                  "(id) )"},
        {"seed_model_004_order", ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = ALL(seed_orders())),
         .sqlite = "CREATE TABLE orders ( id INTEGER NOT NULL, user_id INTEGER NOT NULL, order_number VARCHAR(50), "
                   "status VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, order_number), "
                   "UNIQUE (order_number) ); CREATE INDEX idx_user_status ON orders (user_id, status); CREATE INDEX "
                   "ix_orders_status ON orders (status); CREATE INDEX ix_orders_user_id ON orders (user_id)",
         .postgresql = "CREATE TABLE orders ( id SERIAL NOT NULL, user_id INTEGER NOT NULL, order_number VARCHAR(50), "
                       "status VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, order_number), "
                       "UNIQUE (order_number) ); CREATE INDEX idx_user_status ON orders (user_id, status); CREATE "
                       "INDEX ix_orders_status ON orders (status); CREATE INDEX ix_orders_user_id ON orders (user_id)",
         .mysql =
             "CREATE TABLE orders ( id INTEGER NOT NULL AUTO_INCREMENT, user_id INTEGER NOT NULL, order_number "
             "VARCHAR(50), status VARCHAR(20), PRIMARY KEY (id), CONSTRAINT uq_user_order UNIQUE (user_id, "
             "order_number), UNIQUE (order_number) ); CREATE INDEX idx_user_status ON orders (user_id, status); CREATE "
             "INDEX ix_orders_status ON orders (status); CREATE INDEX ix_orders_user_id ON orders (user_id)"});
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"tables_1", tables_1}, {"tables_2", tables_2}, {"tables_3", tables_3}, {"tables_4", tables_4},
        {"types_1", types_1},   {"types_2", types_2},   {"indexes", indexes},   {"others", others},
        {"seeds_1", seeds_1},   {"seeds_2", seeds_2},   {"seeds_3", seeds_3},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
