/* SPDX-License-Identifier: Apache-2.0
 *
 * Folders of revision files: what is read out of C without compiling it and out of SQL comments, how SQL is taken apart, what
 * a checksum sees, how fast a thousand files are listed.
 */
#include "project.h"

#include "migrate/script.h"

/* ---- C ---- */

static ath__arena arena;
static ath_revision seen;
static ath_error error;

static ath_status scan(const char *text, bool *found) {
    *found = false;
    return ath__scan_c(&arena, "x.c", text, strlen(text), &seen, found, &error);
}

static bool scans(const char *text) {
    bool found = false;
    return scan(text, &found) == ATH_OK && found;
}

TEST(c_is_read) {
    ath__arena_init(&arena, &ath__malloc_allocator);
    CHECK(scans("// ATH_REVISION(\"no\")\n/* ATH_REVISION(\"no\") */\n#define X ATH_REVISION(\"no\") \\\n "
                "ATH_REVISION(\"no\")\n"
                "static const char *s = \"ATH_REVISION(\\\"no\\\")\", c = '\"';\n"
                "ATH_REVISION ( \"1975\" \"ea\", /* here */ .down = \"a, b\", .message = \"caf\\u00e9 "
                "\\x41\\101\\n\\\"q\\\"\",\n"
                " .no_transaction = true, .depends_on = NULL, .irreversible = \"gone\",);"));
    CHECK_STR(seen.id, "1975ea");
    CHECK_STR(seen.down, "a, b");
    CHECK_STR(seen.message, "caf\xC3\xA9 AA\n\"q\"");
    CHECK(seen.no_transaction && !seen.depends_on);
    CHECK_STR(seen.irreversible, "gone");
    CHECK(scans("ATH_REVISION(\"\xE4\xBF\xAE\")"));
    CHECK_STR(seen.id, "\xE4\xBF\xAE");
    ath__arena_done(&arena);
}

TEST(c_is_refused) {
    static const struct {
        const char *text, *words;
    } wrong[] = {
        {"\n\nATH_REVISION(ID)", "x.c:3: what a revision says"},
        {"ATH_REVISION(\"a\", .down = parent)", "x.c:1: what a revision says"},
        {"ATH_REVISION(\"a\", .dwon = \"b\")", "ATH_REVISION has no .dwon"},
        {"ATH_REVISION(\"a\" .down = \"b\")", "a comma or )"},
        {"ATH_REVISION(\"a", "does not end"},
        {"ATH_REVISION(\"a\", .no_transaction = maybe)", "true or false"},
        {"ATH_REVISION(\"\")", "no id"},
        {"ATH_REVISION(\"a\"", "a comma or )"},
        {"ATH_REVISION(\"a\", ", ".name = value"},
    };
    bool found;
    ath__arena_init(&arena, &ath__malloc_allocator);
    for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
        test_context("%s", wrong[i].text);
        CHECK_INT(scan(wrong[i].text, &found), ATH_ARGUMENT);
        CHECK(strstr(error.message, wrong[i].words) != NULL);
    }
    test_context("%s", "");
    CHECK_INT(scan("int x;", &found), ATH_OK);
    CHECK(!found);
    ath__arena_done(&arena);
}

/* ---- SQL ---- */

/* The statements joined by "|"; the error's words after "!". */
static const char *pieces(const char *text, ath__way way, const char *dialect) {
    static char out[2000];
    ath__sql_piece *at = NULL;
    size_t count = 0, used = 0;
    bool there = false;
    out[0] = '\0';
    if (ath__sql_pieces(&arena, "x.sql", text, strlen(text), way, dialect, &at, &count, &there, &error) != ATH_OK) {
        snprintf(out, sizeof out, "!%s", error.message);
        return out;
    }
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%zu:%s", i ? "|" : "", at[i].line, at[i].sql);
    return there ? out : "none";
}

TEST(sql_is_taken_apart) {
    ath__arena_init(&arena, &ath__malloc_allocator);
    const char *text = "\xEF\xBB\xBF-- revision: a\r\n-- +up\r\nA 1;\r\n-- a; comment\nB ';' /* ; */ \";\" `;`;;\n ; C";
    CHECK_STR(pieces(text, ATH__WAY_UP, "sqlite"), "3:A 1|5:B ';' /* ; */ \";\" `;`|6:C");
    CHECK_STR(pieces(text, ATH__WAY_DOWN, "sqlite"), "none");
    CHECK_STR(
        pieces("-- +up postgresql\nA;\n-- +up\nB;\n-- +up mysql, sqlite\nC;\n-- +down\nD;", ATH__WAY_UP, "postgresql"),
        "2:A|4:B");
    CHECK_STR(
        pieces("-- +up postgresql\nA;\n-- +up\nB;\n-- +up mariadb, sqlite\nC;\n-- +down\nD;", ATH__WAY_UP, "mysql"),
        "4:B|6:C");
    CHECK_STR(pieces("-- +down\nD;\n-- +up\nU;", ATH__WAY_DOWN, "mysql"), "2:D");
    CHECK_STR(pieces("-- +up\nCREATE FUNCTION f() AS $b$ x; $$ y; $b$;\nSELECT $1; S", ATH__WAY_UP, "postgresql"),
              "2:CREATE FUNCTION f() AS $b$ x; $$ y; $b$|3:SELECT $1|3:S");
    CHECK_STR(
        pieces(
            "-- +up\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END;\nX;",
            ATH__WAY_UP, "sqlite"),
        "2:CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END|3:X");
    CHECK_STR(pieces("-- +up\nCREATE PROCEDURE p() BEGIN IF a THEN b; END IF; CASE x WHEN 1 THEN y; END CASE; WHILE a "
                     "DO b; END WHILE; "
                     "END; X",
                     ATH__WAY_UP, "mysql"),
              "2:CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; CASE x WHEN 1 THEN y; END CASE; WHILE a DO b; END "
              "WHILE; END|2:X");
    CHECK_STR(pieces("-- +up\n-- +statement\nA; B;\n-- +end\nC;", ATH__WAY_UP, "sqlite"), "3:A; B|5:C");
    CHECK_STR(pieces("-- +up\nA '\\';' B; C", ATH__WAY_UP, "mysql"), "2:A '\\';' B|2:C");
    CHECK_STR(pieces("-- +up\nA E'\\';' B; C", ATH__WAY_UP, "postgresql"), "2:A E'\\';' B|2:C");
    CHECK_STR(pieces("-- +up\nSELECT 'a''b;'; begin_x; C", ATH__WAY_UP, "postgresql"),
              "2:SELECT 'a''b;'|2:begin_x|2:C");
    CHECK_STR(pieces("-- +up\n\nA 'x", ATH__WAY_UP, "sqlite"), "!x.sql:3: the quote that begins here does not end");
    CHECK(strstr(pieces("-- +up\n-- +statement\nA;", ATH__WAY_UP, "sqlite"), "-- +end is missing") != NULL);
    CHECK(strstr(pieces("-- +up oracle\nA;", ATH__WAY_UP, "sqlite"), "no database is called oracle") != NULL);
    CHECK(strstr(pieces("-- +upp\nA;", ATH__WAY_UP, "sqlite"), "+up, +down") != NULL);
    CHECK_STR(pieces("-- +up\nCREATE TABLE trigger_log (a INT); X", ATH__WAY_UP, "sqlite"),
              "2:CREATE TABLE trigger_log (a INT)|2:X");
    ath__arena_done(&arena);
}

TEST(sql_heads_are_read) {
    bool found = false;
    const char *text =
        "-- revision: a1\n-- down: b, c\n-- message: a: b\n-- the reason:\n--   why\n-- transaction: no\n"
        "-- irreversible: it deletes\n\n-- +up\n-- message: not here\n";
    ath__arena_init(&arena, &ath__malloc_allocator);
    CHECK_INT(ath__scan_sql(&arena, "x.sql", text, strlen(text), &seen, &found, &error), ATH_OK);
    CHECK(found && seen.no_transaction);
    CHECK_STR(seen.id, "a1");
    CHECK_STR(seen.down, "b, c");
    CHECK_STR(seen.message, "a: b");
    CHECK_STR(seen.doc, "the reason:\nwhy");
    CHECK_STR(seen.irreversible, "it deletes");
    text = "-- revision: a\n-- revision: b\n";
    CHECK_INT(ath__scan_sql(&arena, "x.sql", text, strlen(text), &seen, &found, &error), ATH_ARGUMENT);
    CHECK(strstr(error.message, "x.sql:2") != NULL);
    ath__arena_done(&arena);
}

TEST(checksums_see_no_line_ends) {
    char a[ATH__CHECKSUM], b[ATH__CHECKSUM];
    CHECK_INT(ath__checksum(&ath__malloc_allocator, "x\ny\n", 4, a, &error), ATH_OK);
    CHECK_INT(ath__checksum(&ath__malloc_allocator, "\xEF\xBB\xBFx\r\ny\r", 8, b, &error), ATH_OK);
    CHECK_STR(a, b);
    CHECK_INT(ath__checksum(&ath__malloc_allocator, "x\nz\n", 4, b, &error), ATH_OK);
    CHECK(strcmp(a, b) != 0);
}

/* ---- folders ---- */

TEST(folders_are_refused) {
    ath__script s;
    project_folder("wrong");
    ath_migration m = project_migration("wrong/not_there");
    CHECK_INT(ath__script_open(&s, &m, &error), ATH_ARGUMENT);
    CHECK(strstr(error.message, "Path doesn't exist: wrong/not_there") != NULL);
    project_file("wrong", "ff_bad.c", "int x;\n");
    m = project_migration("wrong");
    CHECK_INT(ath__script_open(&s, &m, &error), ATH_ARGUMENT);
    CHECK(strstr(error.message, "Could not determine revision id from filename ff_bad.c") != NULL);
    project_folder("wrong");
    project_file("wrong", "a.sql", "-- revision: a\n");
    project_file("wrong", "b.c", "ATH_REVISION(\"a\");\n");
    CHECK_INT(ath__script_open(&s, &m, &error), ATH_ARGUMENT);
    CHECK(strstr(error.message, "a.sql") != NULL && strstr(error.message, "b.c") != NULL);
}

TEST(a_thousand_files) {
    char name[64], text[200];
    ath__script s;
    project_folder("many");
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "%04d_r.%s", i, i % 2 ? "c" : "sql");
        snprintf(text, sizeof text,
                 i % 2 ? "#include <athanor/migrate.h>\nATH_REVISION(\"r%d\", .down = \"r%d\");\nATH_UPGRADE(op) {\n}\n"
                       : "-- revision: r%d\n-- down: r%d\n-- +up\n",
                 i, i - 1);
        if (i == 0)
            snprintf(text, sizeof text, "-- revision: r0\n-- +up\n");
        project_file("many", name, text);
    }
    ath_migration m = project_migration("many");
    PROJECT_OK(ath__script_open(&s, &m, &project_error));
    CHECK_INT(s.count, 1000);
    CHECK_STR(ath__graph_at(s.graph, 0)->id, "r999");
    CHECK_STR(s.sources[1]->revision.down, "r0");
    ath__script_close(&s);
}

static const test_case cases[] = {
    {"c_is_read", c_is_read},
    {"c_is_refused", c_is_refused},
    {"sql_is_taken_apart", sql_is_taken_apart},
    {"sql_heads_are_read", sql_heads_are_read},
    {"checksums_see_no_line_ends", checksums_see_no_line_ends},
    {"folders_are_refused", folders_are_refused},
    {"a_thousand_files", a_thousand_files},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
