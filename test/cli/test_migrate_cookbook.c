/* SPDX-License-Identifier: Apache-2.0
 *
 * The cookbook's revisions, by the command, on each database: what each is for is seen in the rows, there and back; and the
 * commands of everyday use, also those that a guide has wrong, in the meaning its author had.
 */
#include "servers.h"

#include "command_run.h"

static void begin(void) {
    char config[500], here[400], file[500], flags[500];
    const char *source = getenv("ATHANOR_SOURCE");
    CHECK(getcwd(here, sizeof here) != NULL);
    snprintf(config, sizeof config, "%s/examples/cookbook/migrations/athanor.ini", source ? source : ".");
    snprintf(file, sizeof file, "sqlite:///%s/shop.db", here); /* commands work in the folder of athanor.ini */
    snprintf(flags, sizeof flags, "-I%s/include", source ? source : ".");
    setenv("CFLAGS", flags, 1);
    setenv("ATHANOR_CONFIG", config, 1);
    setenv("ATHANOR_URL", test_on == TEST_SQLITE ? file : test_url(test_on), 1);
    setenv("XDG_CACHE_HOME", here, 1); /* each file is compiled once for all databases and tests */
    CHECK_RUN(0, "downgrade base");
}

static void ask(const char *sql) {
    CHECK_RUN(0, "query \"$ATHANOR_URL\" \"%s\"", sql);
}

static void refused(const char *sql) {
    if (run("query \"$ATHANOR_URL\" \"%s\"", sql) == 0)
        test_failed_(__FILE__, __LINE__, "not refused: %s", sql);
}

TEST(columns) {
    begin();
    CHECK_RUN(0, "upgrade r02");
    ask("INSERT INTO users (email) VALUES ('cid@example.org')");
    ask("SELECT email, age, address FROM users WHERE created_at IS NOT NULL ORDER BY id");
    CHECK_STR(out,
              "email\tage\taddress\nann@example.org\t18\tNULL\nbob@example.org\t18\tNULL\ncid@example.org\t18\tNULL\n");
    refused("SELECT old_column FROM users");
    CHECK_RUN(0, "upgrade +1");
    ask("INSERT INTO users (email) VALUES ('dan@example.org')"); /* the default is still there */
    ask("UPDATE users SET column_name = '1234567890123456789012345678901234567890123456789012345678901234567890'");
    refused("UPDATE users SET column_name = NULL"); /* and NOT NULL is */
    ask("SELECT new_name FROM users WHERE email = 'ann@example.org'");
    CHECK_STR(out, "new_name\nAnn\n");
    ask("UPDATE users SET column_name = 'short'");
    CHECK_RUN(0, "downgrade r01");
    ask("SELECT old_name, old_column, column_name FROM users WHERE email = 'ann@example.org'");
    CHECK_STR(out, "old_name\told_column\tcolumn_name\nAnn\tNULL\tshort\n");
    refused("SELECT age FROM users");
}

TEST(conditional_default_and_update) {
    begin();
    CHECK_RUN(0, "upgrade r05");
    ask("UPDATE users SET age = 17 WHERE email = 'ann@example.org'");
    ask("INSERT INTO users (email, age) VALUES ('cid@example.org', 40)");
    ask("SELECT email, status, new_column FROM users ORDER BY id");
    CHECK_STR(out, "email\tstatus\tnew_column\nann@example.org\tminor\tdefault\nbob@example.org\tadult\tdefault\n"
                   "cid@example.org\tadult\tNULL\n");
    CHECK_RUN(0, "downgrade r03");
    refused("SELECT status FROM users");
    refused("SELECT new_column FROM users");
}

TEST(posts) {
    begin();
    CHECK_RUN(0, "upgrade r08");
    ask("INSERT INTO categories (id, name) VALUES (1, 'News')");
    ask("INSERT INTO posts (title, content, category_id, author_id, slug) VALUES ('a', 'b', 1, 1, 's'), ('c', 'd', 1, "
        "2, NULL)");
    refused("INSERT INTO posts (title, content, slug) VALUES ('e', 'f', 's')");    /* ix_posts_slug is unique */
    refused("INSERT INTO posts (title, content, author_id) VALUES ('e', 'f', 7)"); /* fk_posts_author */
    ask("DELETE FROM categories");                                                 /* SET NULL */
    ask("DELETE FROM users WHERE id = 2");                                         /* CASCADE */
    ask("SELECT title, status, category_id FROM posts WHERE created_at IS NOT NULL AND updated_at IS NOT NULL");
    CHECK_STR(out, "title\tstatus\tcategory_id\na\tdraft\tNULL\n");
    CHECK_RUN(0, "upgrade r09");
    ask("SELECT title, status FROM posts");
    CHECK_STR(out, "title\tstatus\na\tpublished\n");
    CHECK_RUN(0, "downgrade r06");
    ask("SELECT title, status FROM posts");
    CHECK_STR(out, "title\tstatus\na\tdraft\n");
    refused("SELECT author_id FROM posts");
    CHECK_RUN(0, "downgrade r05");
    refused("SELECT * FROM posts");
}

/* What the database does by itself: the time; what only the program does: is_active. */
TEST(defaults) {
    begin();
    CHECK_RUN(0, "upgrade head");
    refused("INSERT INTO orders (user_id, order_number, status, name, price) VALUES (1, 'a', 'new', 'tea', 2.5)");
    ask("INSERT INTO orders (user_id, order_number, status, name, price, is_active) VALUES (1, 'a', 'new', 'tea', 2.5, "
        "true)");
    ask("SELECT count(*) AS n FROM orders WHERE created_at IS NOT NULL");
    CHECK_STR(out, "n\n1\n");
    ask("SELECT content FROM settings");
    CHECK_STR(out, "content\nhello; -- and welcome\n");
    /* Three things are in the models and in no revision; settings is in no model, and nothing is said of the rest. */
    CHECK_RUN(1, "check");
    CHECK_IN(err, "Detected added index 'ix_categories_id'");
    CHECK_IN(err, "Detected added unique constraint");
    CHECK_IN(err, "Detected added index 'ix_posts_id'");
    CHECK_IN(err, "table 'settings' is in the database and not in the metadata: left alone\n");
    CHECK_IN(err, "New upgrade operations detected: 3\n");
}

TEST(commands) {
    begin();
    CHECK_RUN(0, "current");
    CHECK_STR(out, "");
    CHECK_RUN(0, "upgrade"); /* head */
    CHECK_RUN(0, "current");
    CHECK_STR(out, "r11 (head)\n");
    CHECK_RUN(0, "downgrade"); /* back to the version before */
    CHECK_RUN(0, "current");
    CHECK_STR(out, "r10\n");
    CHECK_RUN(0, "downgrade -1");
    CHECK_RUN(0, "downgrade r07");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "r07\n");
    CHECK_RUN(0, "upgrade r08");
    CHECK_RUN(0, "history -r r09:");
    CHECK_STR(out, "r10 -> r11 (head), settings\nr09 -> r10, orders\nr08 -> r09, old posts are published\n");
    CHECK_RUN(0, "stamp head");
    CHECK_IN(err, "Running stamp_revision r08 -> r11\n");
    CHECK_RUN(0, "stamp r08");
    CHECK(run("downgrade -20") != 0);
    CHECK_IN(err, "Relative revision -20 didn't produce 20 migrations");
    CHECK_RUN(0, "downgrade base");
}

/* In a script, too: what each directive does is known without a database. */
TEST(script) {
    begin();
    CHECK_RUN(0, "upgrade r10 --sql");
    CHECK_IN(out, "UPDATE users SET new_column = 'default' WHERE new_column IS NULL;");
    /* Where a table is made anew, no ON DELETE CASCADE may follow: said before BEGIN, behind which it would mean nothing. */
    CHECK((strncmp(out, "PRAGMA foreign_keys = OFF;\n\nBEGIN;\n", 35) == 0) == (test_on == TEST_SQLITE));
    CHECK((strstr(out, "ADD COLUMN created_at") == NULL) == (test_on == TEST_SQLITE)); /* it may have rows then */
    CHECK_IN(out, test_on == TEST_MYSQL ? "商品名称" : "CREATE INDEX idx_user_status ON orders (user_id, status);");
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"columns", columns},   {"conditional_default_and_update", conditional_default_and_update},
        {"posts", posts},       {"defaults", defaults},
        {"commands", commands}, {"script", script}};
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
