/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that read a live schema: dump, baseline, diagram and drift.
 */
#include "command_run.h"

#define SCHEMA                                                                                                         \
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL DEFAULT 'no one', email VARCHAR(80) "       \
    "UNIQUE);"                                                                                                         \
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, "    \
    "score NUMERIC(6, 2) CHECK (score >= 0), title TEXT DEFAULT 'a|CREATE b');"                                        \
    "CREATE INDEX ix_posts_title ON posts (title, score DESC);"                                                        \
    "CREATE VIEW a_top AS SELECT * FROM best;"                                                                         \
    "CREATE VIEW best AS SELECT title FROM posts WHERE score > 5;"

static void begin(const char *name, const char *form) {
    char ini[400];
    CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0 && mkdir("m", 0777) == 0 && mkdir("m/versions", 0777) == 0);
    compile_here();
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    snprintf(ini, sizeof ini, "[athanor]\nscript_location = m\nurl = sqlite:///old.db\nrevision_form = %s\n", form);
    write_text("athanor.ini", ini);
    write_text("schema.txt", SCHEMA);
    CHECK_INT(system("tr ';' '\\n' < schema.txt > lines"), 0);
    FILE *lines = fopen("lines", "r");
    char line[600];
    while (lines && fgets(line, sizeof line, lines)) {
        line[strcspn(line, "\n")] = '\0';
        if (strchr(line, '|')) /* a text with what could end a statement */
            memcpy(strchr(line, '|'), "\n", 1);
        if (line[0])
            CHECK_RUN(0, "query sqlite:///old.db \"%s\"", line);
    }
    if (lines)
        fclose(lines);
}

static void end(void) {
    CHECK(chdir("..") == 0);
}

TEST(dump) {
    static char first[16000];
    begin("dump", "sql");
    CHECK_RUN(0, "dump");
    CHECK_IN(out, "-- The schema of a database (sqlite).\n\nCREATE TABLE users (");
    CHECK_IN(out, ");\n\nCREATE TABLE posts (");
    CHECK_IN(out, "CREATE INDEX ix_posts_title ON posts (title, score DESC);\n");
    CHECK(strstr(out, "CREATE VIEW best") && strstr(out, "CREATE VIEW best") < strstr(out, "CREATE VIEW a_top"));
    snprintf(first, sizeof first, "%s", out);
    CHECK_RUN(0, "dump -o schema.sql");
    read_into("schema.sql", out, sizeof out);
    CHECK_STR(out, first);
    CHECK_RUN(0, "stamp base"); /* makes the version table, which is left out */
    CHECK_RUN(0, "dump");
    CHECK_STR(out, first);
    CHECK(mkdir("elsewhere", 0777) == 0 && chdir("elsewhere") == 0);
    CHECK_INT(system("rm ../athanor.ini"), 0);
    CHECK_RUN(0, "dump --url sqlite:///../old.db"); /* no project */
    CHECK_STR(out, first);
    CHECK_RUN(1, "dump -o no/folder/x --url sqlite:///../old.db");
    CHECK_IN(err, "FAILED: no/folder/x cannot be written: ");
    CHECK(chdir("..") == 0);
    end();
}

/* What the first revision makes elsewhere is what was there. */
static void baseline_in(const char *form) {
    static char before[16000];
    begin(form, form);
    CHECK_RUN(0, "dump");
    char *tables = strstr(out, "CREATE");
    snprintf(before, sizeof before, "%s", tables ? tables : "");
    CHECK_RUN(0, "baseline -m start --rev-id aaa");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "aaa (head)\n");
    CHECK_RUN(0, "upgrade head"); /* nothing to do */
    CHECK_STR(err, "");
    CHECK_RUN(0, "--url sqlite:///new.db upgrade head");
    CHECK_RUN(0, "--url sqlite:///new.db dump");
    tables = strstr(out, "CREATE");
    CHECK_STR(tables ? tables : "", before);
    CHECK_IN(out, "-- The schema of a database (sqlite), at revision aaa.\n");
    CHECK_RUN(0, "--url sqlite:///new.db downgrade base");
    CHECK_RUN(0, "--url sqlite:///new.db dump");
    CHECK_NOT_IN(out, "CREATE");
    CHECK_RUN(1, "baseline");
    CHECK_IN(err, "FAILED: There are revisions already: aaa\nhint: ");
    end();
}

TEST(baseline_in_c) {
    baseline_in("c");
}

TEST(baseline_in_sql) {
    baseline_in("sql");
}

/* The models that are written with it are what the database has. */
TEST(baseline_with_models) {
    begin("models", "c");
    CHECK_RUN(0, "baseline --models shop --rev-id aaa");
    CHECK(there("shop.h") && there("shop.c") && there("m/versions/aaa_baseline.c"));
    write_text("m/env.c", "#include <athanor/migrate.h>\n#include \"../shop.c\"\n"
                          "ATH_ENVIRONMENT(env) { env->metadata = &Shop; }\n");
    CHECK_RUN(0, "check");
    CHECK_STR(out, "No new upgrade operations detected.\n");
    CHECK_RUN(0, "query sqlite:///old.db 'CREATE TABLE strangers (id INTEGER)'");
    CHECK_RUN(0, "check"); /* what the models do not know is not theirs */
    CHECK_STR(out, "No new upgrade operations detected.\n");
    CHECK_IN(err, "table 'strangers' is in the database and not in the metadata: left alone\n");
    CHECK_RUN(0, "--json check");
    CHECK_STR(out, "{\"operations\": 0, \"found\": [], \"remarks\": [\"table 'strangers' is in the database and not in "
                   "the metadata: left alone\"]}\n");
    CHECK_RUN(0, "query sqlite:///old.db 'ALTER TABLE users ADD COLUMN more TEXT'");
    CHECK_RUN(1, "check");
    end();
}

/* ---- diagrams ---- */

TEST(mermaid) {
    begin("mermaid", "sql");
    CHECK_RUN(0,
              "query sqlite:///old.db 'CREATE TABLE \"odd name\" (\"1 x\" INTEGER PRIMARY KEY REFERENCES USERS (id))'");
    CHECK_RUN(0, "stamp base");
    CHECK_RUN(0, "diagram");
    CHECK_STR(out,
              "erDiagram\n"
              "    users {\n        INTEGER id PK\n        VARCHAR name \"not null\"\n        VARCHAR email UK\n    }\n"
              "    odd_name {\n        INTEGER _1_x PK, FK\n    }\n"
              "    posts {\n        INTEGER id PK\n        INTEGER author FK \"not null\"\n"
              "        NUMERIC score\n        TEXT title\n    }\n"
              "    users ||--o| odd_name : \"1 x\"\n"
              "    users ||--o{ posts : \"author\"\n");
    end();
}

TEST(svg) {
    begin("svg", "sql");
    CHECK_RUN(0,
              "query sqlite:///old.db 'CREATE TABLE \"a<b\" (id INTEGER PRIMARY KEY, up INTEGER REFERENCES \"a<b\")'");
    CHECK_RUN(0, "diagram --svg");
    CHECK_IN(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    CHECK_IN(out, "class=\"name\">a&lt;b</text>");
    CHECK_IN(out, "class=\"must\">author</text>");
    size_t paths = 0, boxes = 0;
    for (const char *at = out; (at = strstr(at, "  <path ")) != NULL; at++)
        paths++;
    for (const char *at = out; (at = strstr(at, "  <rect ")) != NULL; at++)
        boxes++;
    CHECK_INT(paths, 2);
    CHECK_INT(boxes, 3);
    CHECK_STR(out + strlen(out) - 7, "</svg>\n");
    end();
}

TEST(graph_of_revisions) {
    begin("graph", "sql");
    CHECK_RUN(0, "revision -m 'one \"quoted\"' --rev-id aaa");
    CHECK_RUN(0, "revision -m two --rev-id bbb");
    CHECK_RUN(0, "revision -m three --rev-id ccc --head aaa --splice --depends-on bbb");
    CHECK_RUN(0, "stamp aaa");
    CHECK_RUN(0, "diagram --revisions");
    CHECK_STR(out, "flowchart BT\n"
                   "    r0[\"aaa: one #quot;quoted#quot;\"]:::current\n"
                   "    r1([\"bbb: two\"])\n"
                   "    r2([\"ccc: three\"])\n"
                   "    r0 --> r1\n    r0 --> r2\n    r1 -.-> r2\n"
                   "    classDef current stroke-width:4px\n");
    CHECK_RUN(1, "diagram --revisions --svg");
    end();
}

/* ---- drift ---- */

TEST(drift) {
    begin("drift", "c");
    CHECK_RUN(0, "baseline --models shop --rev-id aaa --sql");
    write_text("m/env.c", "#include <athanor/migrate.h>\n#include \"../shop.c\"\n"
                          "ATH_ENVIRONMENT(env) { env->metadata = &Shop; }\n");
    CHECK_RUN(0, "drift");
    CHECK_STR(out, "The database is what the models and the revisions say.\n");
    CHECK_RUN(0, "--json drift");
    CHECK_STR(out, "[]\n");
    CHECK_RUN(0, "query sqlite:///old.db 'CREATE TABLE strangers (id INTEGER PRIMARY KEY)'");
    CHECK_RUN(0, "query sqlite:///old.db 'DROP INDEX ix_posts_title'");
    CHECK_RUN(0, "query sqlite:///old.db 'ALTER TABLE users ADD COLUMN age INTEGER'");
    CHECK_RUN(0, "revision --sql -m more --rev-id bbb");
    CHECK_RUN(0, "upgrade");
    CHECK_INT(system("echo '-- later' >> m/versions/bbb_more.sql"), 0);
    CHECK_RUN(1, "drift");
    CHECK_STR(err, "");
    CHECK_IN(out, "only in the database: table 'strangers'\n");
    CHECK_IN(out, "only in the database: column 'users.age'\n");
    CHECK_IN(out, "not in the database: index 'ix_posts_title'");
    CHECK_IN(out, "edited revision: bbb was applied with checksum ");
    CHECK_RUN(1, "--json drift");
    CHECK_IN(out, "{\"kind\": \"unknown\", \"what\": \"table 'strangers'\"}");
    end();
}

TEST(refusals) {
    begin("refusals", "sql");
    CHECK_RUN(1, "--url sqlite:///empty.db baseline");
    CHECK_IN(err, "FAILED: The database has no tables\nhint: ");
    write_text("m/versions/x.sql", "-- revision: xxx\n-- +up\n-- +down\n");
    CHECK_RUN(0, "stamp head");
    CHECK_INT(system("rm m/versions/x.sql"), 0);
    CHECK_RUN(1, "baseline");
    CHECK_IN(err, "FAILED: The database is at revision xxx, which no file has\nhint: ");
    CHECK_RUN(0, "stamp --purge base");
    CHECK_RUN(0, "--json baseline --no-stamp --rev-id bbb");
    CHECK_IN(out, "{\"revision\": \"bbb\", \"path\": \"/");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "");
    end();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"dump", dump},
                                      {"baseline_in_c", baseline_in_c},
                                      {"baseline_in_sql", baseline_in_sql},
                                      {"baseline_with_models", baseline_with_models},
                                      {"mermaid", mermaid},
                                      {"svg", svg},
                                      {"graph_of_revisions", graph_of_revisions},
                                      {"drift", drift},
                                      {"refusals", refusals}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
