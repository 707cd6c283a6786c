/* SPDX-License-Identifier: Apache-2.0
 *
 * Creating and dropping all tables of a metadata: order, what exists already, and failures that change nothing.
 */
#include "engine/temp.h"

typedef struct Author {
    int64_t id;
    const char *name;
} Author;
typedef struct Book {
    int64_t id, author_id;
    const char *title;
} Book;
typedef struct Node {
    int64_t id;
    ath_opt_i64 parent_id;
} Node;
typedef struct Hen {
    int64_t id;
    ath_opt_i64 egg_id;
} Hen;
typedef struct Egg {
    int64_t id;
    ath_opt_i64 hen_id;
} Egg;
typedef struct Bad {
    int64_t id;
} Bad;
typedef struct Orphan {
    int64_t id, nowhere_id;
} Orphan;
typedef struct Numbered {
    int64_t id;
} Numbered;

ATH_MODEL(Book, "books") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .foreign_key = "authors.id");
    ath_column(title, .type = ATH_STRING(100), .index = true);
    ath_index("ix_two", "title", "author_id");
}
ATH_MODEL(Author, "authors") {
    ath_column(id, .primary_key = true);
    ath_column(name, .unique = true);
}
ATH_MODEL(Node, "nodes") {
    ath_column(id, .primary_key = true);
    ath_column(parent_id, .nullable = true, .foreign_key = "nodes.id");
}
ATH_MODEL(Hen, "hens") {
    ath_column(id, .primary_key = true);
    ath_column(egg_id, .nullable = true, .foreign_key = "eggs.id");
}
ATH_MODEL(Egg, "eggs") {
    ath_column(id, .primary_key = true);
    ath_column(hen_id, .nullable = true, .foreign_key = "hens.id");
}
ATH_MODEL(Bad, "bad") {
    ath_column(id, .primary_key = true);
    ath_check_constraint(NULL, "no such (syntax");
}
ATH_MODEL(Orphan, "orphans") {
    ath_column(id, .primary_key = true);
    ath_column(nowhere_id, .foreign_key = "nowhere.id");
}
ATH_MODEL(Numbered, "numbered") {
    ath_column(id, .primary_key = true);
    ath_sqlite_autoincrement();
}
ATH_METADATA(Library, Book, Author, Node, Numbered);
ATH_METADATA(Farm, Hen, Egg);
ATH_METADATA(Broken, Author, Bad);
ATH_METADATA(Lonely, Orphan);

static const char tables[] = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
static const char indexes[] = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";

static int64_t ask(ath_engine *db, const char *sql) {
    ath_connection *c = ath_connect(db);
    int64_t answer = ask_int(c, sql);
    ath_connection_close(c);
    return answer;
}

static ath_status run(ath_engine *db, const char *sql) {
    ath_connection *c = ath_connect(db);
    ath_status status = run_sql(c, sql);
    if (status == ATH_OK)
        status = ath_commit(c);
    ath_connection_close(c);
    return status;
}

TEST(creates_what_is_missing_and_drops_what_is_there) {
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK_INT(ath_drop_all(db, &Library, &error), ATH_OK);
    CHECK_INT(ath_create_all(db, &Library, &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK_INT(ask(db, tables), 4);
    CHECK_INT(ask(db, indexes), 2);
    CHECK_INT(run(db, "INSERT INTO authors (name) VALUES ('a')"), ATH_OK);
    CHECK_INT(run(db, "DROP TABLE books"), ATH_OK);
    CHECK_INT(ath_create_all(db, &Library), ATH_OK);
    CHECK_INT(ask(db, "SELECT count(*) FROM authors"), 1); /* left as it was */
    CHECK_INT(run(db, "INSERT INTO books (author_id, title) VALUES (1, 't')"), ATH_OK);
    CHECK_INT(run(db, "INSERT INTO nodes (id, parent_id) VALUES (1, NULL), (2, 1)"), ATH_OK);
    CHECK_INT(ath_drop_all(db, &Library, &error), ATH_OK); /* rows that refer to each other do not matter */
    CHECK_STR(error.message, "");
    CHECK_INT(ask(db, tables), 0);
    ath_engine_close(db);
}

TEST(tables_of_a_cycle) {
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK_INT(ath_create_all(db, &Farm, &error), ATH_OK);
    CHECK_INT(run(db, "INSERT INTO hens (id) VALUES (1)"), ATH_OK);
    CHECK_INT(run(db, "INSERT INTO eggs VALUES (1, 1)"), ATH_OK);
    CHECK_INT(run(db, "UPDATE hens SET egg_id = 1"), ATH_OK);
    CHECK_INT(ath_drop_all(db, &Farm, &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK_INT(ask(db, tables), 0);
    ath_engine_close(db);
}

TEST(a_failure_changes_nothing) {
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK_INT(ath_create_all(db, &Broken, &error), ATH_PROGRAMMING);
    CHECK_HAS(error.message, "syntax");
    CHECK_HAS(error.statement, "CREATE TABLE bad");
    CHECK_INT(ask(db, tables), 0);
    CHECK_INT(ath_create_all(db, &Lonely, &error), ATH_ARGUMENT);
    CHECK_HAS(error.message, "nowhere");
    CHECK_INT(ask(db, tables), 0);
    /* a row elsewhere refers to what is to be dropped */
    CHECK_INT(ath_create_all(db, &Library, &error), ATH_OK);
    CHECK_INT(run(db, "CREATE TABLE mine (a INTEGER REFERENCES authors (id))"), ATH_OK);
    CHECK_INT(run(db, "INSERT INTO authors (name) VALUES ('a')"), ATH_OK);
    CHECK_INT(run(db, "INSERT INTO mine VALUES (1)"), ATH_OK);
    CHECK_INT(ath_drop_all(db, &Library, &error), ATH_INTEGRITY);
    CHECK_INT(ask(db, tables), 5);
    ath_engine_close(db);
}

TEST(the_only_connection_may_be_in_use) {
    ath_error error;
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    CHECK_INT(ath_create_all(db, &Library, &error), ATH_TIMEOUT);
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &Library, &error), ATH_OK);
    ath_engine_close(db);
}

TEST(keys_are_numbered) {
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK_INT(ath_create_all(db, &Library), ATH_OK);
    CHECK_INT(ask(db, "SELECT count(*) FROM sqlite_master WHERE name = 'numbered' AND sql LIKE '%id INTEGER NOT NULL "
                      "PRIMARY KEY AUTOINCREMENT%'"),
              1);
    CHECK_INT(ask(db, "SELECT count(*) FROM sqlite_master WHERE name = 'authors' AND sql LIKE '%id INTEGER NOT NULL%' "
                      "AND sql LIKE '%PRIMARY KEY (id)%'"),
              1);
    CHECK_INT(run(db, "INSERT INTO numbered DEFAULT VALUES"), ATH_OK);
    CHECK_INT(run(db, "DELETE FROM numbered"), ATH_OK);
    CHECK_INT(run(db, "INSERT INTO numbered DEFAULT VALUES"), ATH_OK);
    CHECK_INT(ask(db, "SELECT id FROM numbered"), 2); /* never used again */
    ath_engine_close(db);
}

TEST(a_read_only_database) {
    ath_error error;
    ath_engine *db = ath_engine_open(temp_url("ro.db", ""));
    CHECK_INT(ath_create_all(db, &Farm), ATH_OK);
    ath_engine_close(db);
    db = ath_engine_open(temp_url("ro.db", "?mode=ro"));
    CHECK_INT(ath_create_all(db, &Farm, &error), ATH_OK); /* all is there */
    CHECK_INT(ath_create_all(db, &Library, &error), ATH_OPERATIONAL);
    CHECK_HAS(error.message, "ro.db");
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"creates_what_is_missing_and_drops_what_is_there", creates_what_is_missing_and_drops_what_is_there},
        {"tables_of_a_cycle", tables_of_a_cycle},
        {"a_failure_changes_nothing", a_failure_changes_nothing},
        {"the_only_connection_may_be_in_use", the_only_connection_may_be_in_use},
        {"keys_are_numbered", keys_are_numbered},
        {"a_read_only_database", a_read_only_database},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
