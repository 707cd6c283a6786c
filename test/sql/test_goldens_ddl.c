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
#include "ddl_texts.h"

/* ---- the tables that several cases share ---- */

static const ath_table *weird(void) {
    return T("Order Details", C("Id", ATH_INTEGER, .primary_key = true), C("select", ATH_STRING(10)),
             C("mixedCase", ATH_INTEGER),
             ath_index_def("My Index", ath_parts(ath_part("select"), ath_part("mixedCase"))));
}

static const ath_table *seed_users(void) {
    return T("users", C("id", ATH_INTEGER, .primary_key = true, .index = true),
             C("username", ATH_STRING(50), .unique = true, .not_null = true),
             C("email", ATH_STRING(100), .not_null = true), C("name", ATH_STRING(50)), C("status", ATH_STRING(20)),
             C("is_active", ATH_BOOLEAN, .default_value = ath_bool(true)), C("balance", ATH_FLOAT),
             C("created_at", ATH_DATETIME, .not_null = true, .default_value = ath_now()),
             C("updated_at", ATH_DATETIME, .not_null = true, .default_value = ath_now(), .onupdate = ath_now()),
             C("deleted_at", ATH_DATETIME));
}

static const ath_table *seed_categories(void) {
    return T("categories", C("id", ATH_INTEGER, .primary_key = true, .index = true),
             C("name", ATH_STRING(100), .not_null = true, .unique = true), C("description", ATH_TEXT));
}

static const ath_table *seed_posts(void) {
    return T("posts", C("id", ATH_INTEGER, .primary_key = true, .index = true),
             C("user_id", ATH_INTEGER, .foreign_key = "users.id"),
             C("title", ATH_STRING(200), .not_null = true, .index = true),
             C("content", ATH_TEXT, .not_null = true, .default_value = ath_str("")),
             C("category_id", ATH_INTEGER, .foreign_key = "categories.id", .ondelete = "SET NULL", .index = true),
             C("status", ATH_STRING(20), .not_null = true, .default_value = ath_str("draft")),
             C("is_published", ATH_BOOLEAN, .default_value = ath_bool(false)),
             C("created_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
             C("updated_at", ATH_DATETIME, .not_null = true, .server_default = ath_now(), .onupdate = ath_now()));
}

static const ath_table *seed_comments(void) {
    return T("comments", I, C("post_id", ATH_INTEGER, .foreign_key = "posts.id"),
             C("user_id", ATH_INTEGER, .foreign_key = "users.id"), C("content", ATH_TEXT));
}

static const ath_table *seed_products(void) {
    return T("products", I, C("name", ATH_STRING(255), .not_null = true, .comment = "商品名称"),
             C("description", ATH_TEXT), C("price", ATH_FLOAT, .not_null = true),
             C("is_active", ATH_BOOLEAN, .default_value = ath_bool(true), .comment = "是否激活"));
}

static const ath_table *seed_orders(void) {
    return T("orders", I, C("user_id", ATH_INTEGER, .not_null = true, .index = true),
             C("order_number", ATH_STRING(50), .unique = true), C("status", ATH_STRING(20), .index = true),
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
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", I, C("name", ATH_STRING(50), .not_null = true), C("note", ATH_TEXT))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, note TEXT, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, name VARCHAR(50) NOT NULL, note TEXT, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL, note TEXT, PRIMARY "
                  "KEY (id) )"},
        {"ddl_pk_string",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("code", ATH_STRING(8), .primary_key = true))),
         .sqlite = "CREATE TABLE t ( code VARCHAR(8) NOT NULL, PRIMARY KEY (code) )",
         .postgresql = "CREATE TABLE t ( code VARCHAR(8) NOT NULL, PRIMARY KEY (code) )",
         .mysql = "CREATE TABLE t ( code VARCHAR(8) NOT NULL, PRIMARY KEY (code) )"},
        {"ddl_unique_col",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", I, C("email", ATH_STRING(50), .unique = true))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, email VARCHAR(50), PRIMARY KEY (id), UNIQUE (email) )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, email VARCHAR(50), PRIMARY KEY (id), UNIQUE (email) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, email VARCHAR(50), PRIMARY KEY (id), UNIQUE "
                  "(email) )"},
        {"ddl_unique_named",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
                                                     ath_unique_def(.name = "uq_ab", .columns = ath_names("a", "b")))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT uq_ab UNIQUE (a, b) )",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT uq_ab UNIQUE (a, b) )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT uq_ab UNIQUE (a, b) )"},
        {"ddl_unique_nulls_not_distinct",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_INTEGER),
                               ath_unique_def(.name = "uq_a", .columns = ath_names("a"), .nulls_not_distinct = true))),
         .postgresql = "CREATE TABLE t ( a INTEGER, CONSTRAINT uq_a UNIQUE NULLS NOT DISTINCT (a) )"},
        {"ddl_check",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_INTEGER), ath_check_def(.name = "ck_a", .check = "a > 0"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck_a CHECK (a > 0) )",
         .postgresql = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck_a CHECK (a > 0) )",
         .mysql = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck_a CHECK (a > 0) )"},
        {"ddl_fk_cascade",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", I,
                               C("p_id", ATH_INTEGER, .foreign_key = "p.id", .foreign_key_name = "fk_t_p",
                                 .ondelete = "CASCADE", .onupdate_action = "CASCADE"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, p_id INTEGER, PRIMARY KEY (id), CONSTRAINT fk_t_p FOREIGN "
                   "KEY(p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, p_id INTEGER, PRIMARY KEY (id), CONSTRAINT fk_t_p FOREIGN "
                       "KEY(p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, p_id INTEGER, PRIMARY KEY (id), CONSTRAINT "
                  "fk_t_p FOREIGN KEY(p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE )"});
}

TEST(tables_2) {
    CHECK_DDL(
        {"ddl_fk_schema",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_INTEGER, .foreign_key = "other.p.id"))),
         .sqlite = "CREATE TABLE t ( a INTEGER )",
         .postgresql = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES other.p (id) )",
         .mysql = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES other.p (id) )"},
        {"ddl_fk_cycle_auto",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata =
                        ALL(T("a", I, C("b_id", ATH_INTEGER, .foreign_key = "b.id", .foreign_key_name = "fk_a_b")),
                            T("b", I, C("a_id", ATH_INTEGER, .foreign_key = "a.id", .foreign_key_name = "fk_b_a")))),
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
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_STRING(10), .server_default = ath_str("abc")))),
         .sqlite = "CREATE TABLE t ( a VARCHAR(10) DEFAULT 'abc' )",
         .postgresql = "CREATE TABLE t ( a VARCHAR(10) DEFAULT 'abc' )",
         .mysql = "CREATE TABLE t ( a VARCHAR(10) DEFAULT 'abc' )"},
        {"ddl_default_empty",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_STRING(10), .server_default = ath_str(""), .not_null = true))),
         .sqlite = "CREATE TABLE t ( a VARCHAR(10) DEFAULT '' NOT NULL )",
         .postgresql = "CREATE TABLE t ( a VARCHAR(10) DEFAULT '' NOT NULL )",
         .mysql = "CREATE TABLE t ( a VARCHAR(10) NOT NULL DEFAULT '' )"},
        {"ddl_default_literal",
         ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_INTEGER, .server_default = ath_int(7)),
                                                     C("b", ATH_STRING(5), .server_default = ath_str("x'y")))),
         .sqlite = "CREATE TABLE t ( a INTEGER DEFAULT 7, b VARCHAR(5) DEFAULT 'x''y' )",
         .postgresql = "CREATE TABLE t ( a INTEGER DEFAULT 7, b VARCHAR(5) DEFAULT 'x''y' )",
         .mysql = "CREATE TABLE t ( a INTEGER DEFAULT 7, b VARCHAR(5) DEFAULT 'x''y' )"},
        {"ddl_computed_persisted",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table =
                        T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )"});
}

TEST(tables_3) {
    CHECK_DDL(
        {"ddl_computed_virtual",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_INTEGER),
                               C("b", ATH_INTEGER, .computed = "a + 1", .persisted = ATH_VIRTUAL, .not_null = true))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER NOT NULL GENERATED ALWAYS AS (a + 1) VIRTUAL )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL NOT NULL )",
         .our_mariadb = "!(in table 't', column 'b'): MariaDB has no NOT NULL for computed columns"},
        {"ddl_mysql_key_len",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_INTEGER, .primary_key = true),
                               C("id", ATH_INTEGER, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_YES),
                               ath_options_def(.mysql_engine = "InnoDB"))),
         .mysql = "CREATE TABLE t ( a INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id, a) "
                  ")ENGINE=InnoDB",
         .mariadb = "CREATE TABLE t ( a INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id, a) )",
         .our_mariadb = "CREATE TABLE t ( a INTEGER NOT NULL, id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id, a) "
                        ")ENGINE=InnoDB"},
        {"ddl_pg_oncommit",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("id", ATH_INTEGER),
                               ath_options_def(.prefixes = ath_names("TEMPORARY"), .postgresql_on_commit = "DROP"))),
         .postgresql = "CREATE TEMPORARY TABLE t ( id INTEGER ) ON COMMIT DROP"},
        {"ddl_pg_exclude",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("room", ATH_INTEGER), C("during", ATH_TYPE_NAMED("TSRANGE")),
                               ath_exclude_def(.name = "ex_room", .using = "gist", .where = "room > 0",
                                               .parts = ath_parts(ath_part("room"), ath_part("during")),
                                               .operators = ath_names("=", "&&")))),
         .postgresql = "CREATE TABLE t ( room INTEGER, during TSRANGE, CONSTRAINT ex_room EXCLUDE USING gist (room "
                       "WITH =, during WITH &&) WHERE (room > 0) )"},
        {"ddl_pg_enum",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = ALL(T("t", C("mood", ATH_ENUM_TYPE("mood_t", "sad", "it's ok")),
                                      C("m2", ATH_WITH_DETAILS(ATH_ENUM("a", "b"), .name = "two", .schema = "x"))))),
         .postgresql = "CREATE TYPE mood_t AS ENUM ('sad', 'it''s ok'); CREATE TYPE x.two AS ENUM ('a', 'b'); CREATE "
                       "TABLE t ( mood mood_t, m2 x.two )"},
        {"ddl_sqlite_on_conflict",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("id", ATH_INTEGER, .primary_key = true, .sqlite_on_conflict_primary_key = "FAIL"),
                               C("a", ATH_INTEGER, .not_null = true, .sqlite_on_conflict_not_null = "IGNORE"),
                               C("b", ATH_INTEGER, .unique = true, .sqlite_on_conflict_unique = "REPLACE"),
                               ath_unique_def(.columns = ath_names("a", "b"), .sqlite_on_conflict = "ABORT"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, a INTEGER NOT NULL ON CONFLICT IGNORE, b INTEGER, PRIMARY "
                   "KEY (id) ON CONFLICT FAIL, UNIQUE (a, b) ON CONFLICT ABORT, UNIQUE (b) ON CONFLICT REPLACE )"});
}

TEST(types_1) {
    CHECK_DDL(
        {"ddl_pg_types",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_ARRAY_OF(ATH_INTEGER, 1)), C("b", ATH_JSONB), C("c", ATH_UUID),
                               C("d", ATH_TYPE_NAMED("INET")), C("e", ATH_TYPE_NAMED("CIDR")),
                               C("f", ATH_TYPE_NAMED("MACADDR")), C("g", ATH_TYPE_NAMED("HSTORE")),
                               C("h", ATH_TYPE_NAMED("TSVECTOR")), C("i", ATH_INTERVAL_OF("DAY TO SECOND", 3)),
                               C("j", ATH_TIMESTAMP_OF(3)), C("k", ATH_TIME_OF(2)), C("l", ATH_TYPE_NAMED("BIT(8)")),
                               C("m", ATH_TYPE_NAMED("BIT VARYING")), C("n", ATH_TYPE_NAMED("INT4RANGE")),
                               C("o", ATH_TYPE_NAMED("TSTZRANGE")), C("p", ATH_TYPE_NAMED("MONEY")),
                               C("q", ATH_TYPE_NAMED("OID")), C("r", ATH_BINARY), C("s", ATH_DOUBLE_PRECISION),
                               C("t", ATH_ARRAY_OF(ATH_STRING(10), 2)), C("u", ATH_TYPE_NAMED("CITEXT")),
                               C("v", ATH_TYPE_NAMED("NUMRANGE")), C("w", ATH_TYPE_NAMED("DATERANGE")),
                               C("x", ATH_TYPE_NAMED("REGCLASS")), C("y", ATH_CHAR(3)), C("z", ATH_REAL))),
         .postgresql =
             "CREATE TABLE t ( a INTEGER[], b JSONB, c UUID, d INET, e CIDR, f MACADDR, g HSTORE, h TSVECTOR, i "
             "INTERVAL DAY TO SECOND (3), j TIMESTAMP(3) WITH TIME ZONE, k TIME(2) WITHOUT TIME ZONE, l BIT(8), m BIT "
             "VARYING, n INT4RANGE, o TSTZRANGE, p MONEY, q OID, r BYTEA, s DOUBLE PRECISION, t VARCHAR(10)[][], u "
             "CITEXT, v NUMRANGE, w DATERANGE, x REGCLASS, y CHAR(3), z REAL )"},
        {"ty_string_my",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("b", ATH_STRING(20)), C("c", ATH_CHAR(2)), C("d", ATH_STRING(7)),
                               C("e", ATH_STRING(9)), C("f", ATH_NVARCHAR(4)), C("g", ATH_NCHAR(3)))),
         .mysql = "CREATE TABLE t ( b VARCHAR(20), c CHAR(2), d VARCHAR(7), e VARCHAR(9), f NATIONAL VARCHAR(4), g "
                  "NATIONAL CHAR(3) )"},
        {"ty_string_my_nolen", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_STRING(0)))),
         .mysql = "!(in table 't', column 'a'): VARCHAR requires a length on dialect mysql"},
        {"ty_text", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_TEXT), C("b", ATH_TEXT))),
         .sqlite = "CREATE TABLE t ( a TEXT, b TEXT )", .postgresql = "CREATE TABLE t ( a TEXT, b TEXT )",
         .mysql = "CREATE TABLE t ( a TEXT, b TEXT )"},
        {"ty_clob", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("c", ATH_CLOB))),
         .sqlite = "CREATE TABLE t ( c CLOB )"},
        {"ty_boolean",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("a", ATH_BOOLEAN), C("b", ATH_BOOLEAN, .not_null = true), C("c", ATH_BOOLEAN))),
         .sqlite = "CREATE TABLE t ( a BOOLEAN, b BOOLEAN NOT NULL, c BOOLEAN )",
         .postgresql = "CREATE TABLE t ( a BOOLEAN, b BOOLEAN NOT NULL, c BOOLEAN )",
         .mysql = "CREATE TABLE t ( a BOOL, b BOOL NOT NULL, c BOOL )"},
        {"ty_interval", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_INTERVAL))),
         .sqlite = "CREATE TABLE t ( a DATETIME )", .our_sqlite = "CREATE TABLE t ( a INTERVAL )",
         .postgresql = "CREATE TABLE t ( a INTERVAL )", .mysql = "CREATE TABLE t ( a DATETIME )",
         .our_mysql = "CREATE TABLE t ( a VARCHAR(80) )"});
}

TEST(types_2) {
    CHECK_DDL({"ty_binary_std",
               ath_ddl_of(ATH_DDL_CREATE_TABLE,
                          .table = T("t", C("a", ATH_FIXED_BINARY(16)), C("b", ATH_VARBINARY(20)), C("c", ATH_BINARY))),
               .sqlite = "CREATE TABLE t ( a BINARY(16), b VARBINARY(20), c BLOB )",
               .mysql = "CREATE TABLE t ( a BINARY(16), b VARBINARY(20), c BLOB )"},
              {"ty_enum_drop",
               ath_ddl_of(ATH_DDL_DROP_ALL, .metadata = ALL(T("t", C("a", ATH_ENUM_TYPE("color", "red", "green"))))),
               .sqlite = "DROP TABLE t", .postgresql = "DROP TABLE t; DROP TYPE color", .mysql = "DROP TABLE t"},
              {"ty_pickle", ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = T("t", C("a", ATH_BINARY))),
               .sqlite = "CREATE TABLE t ( a BLOB )", .postgresql = "CREATE TABLE t ( a BYTEA )",
               .mysql = "CREATE TABLE t ( a BLOB )"});
}

TEST(indexes) {
    CHECK_DDL(
        {"ix_desc",
         ath_ddl_of(ATH_DDL_CREATE_INDEX,
                    .table = T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
                               ath_index_def("ix_d", ath_parts(ath_part("a", .desc = true), ath_part("b")))),
                    .name = "ix_d"),
         .sqlite = "CREATE INDEX ix_d ON t (a DESC, b)", .postgresql = "CREATE INDEX ix_d ON t (a DESC, b)",
         .mysql = "CREATE INDEX ix_d ON t (a DESC, b)"},
        {"ix_text",
         ath_ddl_of(ATH_DDL_CREATE_INDEX,
                    .table = T("t", C("a", ATH_INTEGER), ath_index_def("ix_t", ath_parts(ath_part_text("a DESC")))),
                    .name = "ix_t"),
         .sqlite = "CREATE INDEX ix_t ON t (a DESC)", .postgresql = "CREATE INDEX ix_t ON t (a DESC)",
         .mysql = "CREATE INDEX ix_t ON t (a DESC)"},
        {"ix_pg_include",
         ath_ddl_of(ATH_DDL_CREATE_INDEX,
                    .table = T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
                               ath_index_def("ix_i", ath_parts(ath_part("a")), .unique = true,
                                             .include = ath_names("b"), .nulls_not_distinct = true)),
                    .name = "ix_i"),
         .postgresql = "CREATE UNIQUE INDEX ix_i ON t (a) INCLUDE (b) NULLS NOT DISTINCT"},
        {"ix_my_length",
         ath_ddl_of(ATH_DDL_CREATE_INDEX,
                    .table = T("t", C("a", ATH_STRING(50)), C("b", ATH_STRING(50)),
                               ath_index_def("ix_l", ath_parts(ath_part("a", .mysql_length = 10),
                                                               ath_part("b", .mysql_length = 5)))),
                    .name = "ix_l"),
         .mysql = "CREATE INDEX ix_l ON t (a(10), b(5))", .mariadb = "CREATE INDEX ix_l ON t (a, b)",
         .our_mariadb = "CREATE INDEX ix_l ON t (a(10), b(5))"},
        {"ix_my_using",
         ath_ddl_of(ATH_DDL_CREATE_INDEX,
                    .table = T("t", C("a", ATH_STRING(50)),
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
                    .table = T("t", C("a", ATH_INTEGER),
                               ath_foreign_key_def(.name = "fk_a", .columns = ath_names("a"), .target = "p",
                                                   .target_columns = ath_names("id"), .ondelete = "CASCADE")),
                    .name = "fk_a"),
         .postgresql = "ALTER TABLE t ADD CONSTRAINT fk_a FOREIGN KEY(a) REFERENCES p (id) ON DELETE CASCADE",
         .mysql = "ALTER TABLE t ADD CONSTRAINT fk_a FOREIGN KEY(a) REFERENCES p (id) ON DELETE CASCADE"},
        {"dm_add_check",
         ath_ddl_of(ATH_DDL_ADD_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER), ath_check_def(.name = "ck_a", .check = "a > 5")),
                    .name = "ck_a"),
         .postgresql = "ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 5)",
         .mysql = "ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 5)"},
        {"dm_drop_unique",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER), ath_unique_def(.name = "uq_a", .columns = ath_names("a"))),
                    .name = "uq_a"),
         .postgresql = "ALTER TABLE t DROP CONSTRAINT uq_a", .mysql = "ALTER TABLE t DROP INDEX uq_a"},
        {"dm_drop_fk",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER),
                               ath_foreign_key_def(.name = "fk_a", .columns = ath_names("a"), .target = "p",
                                                   .target_columns = ath_names("id"))),
                    .name = "fk_a"),
         .postgresql = "ALTER TABLE t DROP CONSTRAINT fk_a", .mysql = "ALTER TABLE t DROP FOREIGN KEY fk_a"},
        {"dm_comment_drop",
         ath_ddl_of(ATH_DDL_DROP_TABLE_COMMENT, .table = T("t", C("a", ATH_INTEGER), ath_options_def(.comment = "x"))),
         .postgresql = "COMMENT ON TABLE t IS NULL", .mysql = "ALTER TABLE t COMMENT ''"},
        {"dm_create_column",
         ath_ddl_of(ATH_DDL_COLUMN,
                    .table = T("t", C("a", ATH_STRING(5), .not_null = true, .server_default = ath_str("x"))),
                    .name = "a"),
         .sqlite = "a VARCHAR(5) DEFAULT 'x' NOT NULL", .postgresql = "a VARCHAR(5) DEFAULT 'x' NOT NULL",
         .mysql = "a VARCHAR(5) NOT NULL DEFAULT 'x'"});
}

TEST(seeds_1) {
    CHECK_DDL({"seed_create_all_merged",
               ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = ALL(seed_users(), seed_categories(), seed_posts(),
                                                              seed_comments(), seed_products(), seed_orders())),
               .sqlite = merged_sqlite, .postgresql = merged_postgresql, .mysql = merged_mysql,
               .our_mysql = merged_mysql_ours},
              {"seed_model_000_user",
               ath_ddl_of(ATH_DDL_CREATE_ALL,
                          .metadata = ALL(T("users", C("id", ATH_INTEGER, .primary_key = true, .index = true),
                                            C("email", ATH_STRING(255), .unique = true), C("name", ATH_STRING(50))))),
               .sqlite = "CREATE TABLE users ( id INTEGER NOT NULL, email VARCHAR(255), name VARCHAR(50), PRIMARY KEY "
                         "(id), UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
               .postgresql = "CREATE TABLE users ( id SERIAL NOT NULL, email VARCHAR(255), name VARCHAR(50), PRIMARY "
                             "KEY (id), UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
               .mysql = "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, email VARCHAR(255), name "
                        "VARCHAR(50), PRIMARY KEY (id), UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)"},
              {"seed_model_000_user_nolen",
               ath_ddl_of(ATH_DDL_CREATE_ALL,
                          .metadata = ALL(T("users", C("id", ATH_INTEGER, .primary_key = true, .index = true),
                                            C("email", ATH_STRING(0), .unique = true), C("name", ATH_STRING(50))))),
               .sqlite = "CREATE TABLE users ( id INTEGER NOT NULL, email VARCHAR, name VARCHAR(50), PRIMARY KEY (id), "
                         "UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
               .postgresql = "CREATE TABLE users ( id SERIAL NOT NULL, email VARCHAR, name VARCHAR(50), PRIMARY KEY "
                             "(id), UNIQUE (email) ); CREATE INDEX ix_users_id ON users (id)",
               .mysql = "!(in table 'users', column 'email'): VARCHAR requires a length on dialect mysql"});
}

TEST(seeds_2) {
    CHECK_DDL(
        {"seed_model_002_post",
         ath_ddl_of(
             ATH_DDL_CREATE_ALL,
             .metadata = ALL(
                 T("posts", C("id", ATH_INTEGER, .primary_key = true, .index = true),
                   C("title", ATH_STRING(200), .not_null = true, .index = true),
                   C("content", ATH_TEXT, .not_null = true),
                   C("category_id", ATH_INTEGER, .foreign_key = "categories.id", .ondelete = "SET NULL", .index = true),
                   C("status", ATH_STRING(20), .not_null = true, .default_value = ath_str("draft")),
                   C("created_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
                   C("updated_at", ATH_DATETIME, .not_null = true, .server_default = ath_now(), .onupdate = ath_now())),
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
                    .metadata = ALL(T("users", I, C("username", ATH_STRING(50), .unique = true, .not_null = true),
                                      C("email", ATH_STRING(100), .not_null = true),
                                      C("created_at", ATH_DATETIME, .not_null = true, .default_value = ath_now())))),
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
        {"tables_1", tables_1}, {"tables_2", tables_2}, {"tables_3", tables_3}, {"types_1", types_1},
        {"types_2", types_2},   {"indexes", indexes},   {"others", others},     {"seeds_1", seeds_1},
        {"seeds_2", seeds_2},   {"seeds_3", seeds_3},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
