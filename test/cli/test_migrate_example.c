/* SPDX-License-Identifier: Apache-2.0
 *
 * The migrations of the packages example, by the command, on each database: they make what its models say, move the data
 * there is, and go all the way back.
 */
#include "servers.h"

#include "command_run.h"

#define BEFORE_SECTIONS "e27a41c6f8d5"

static void begin(void) {
    char config[500], here[400], file[500], flags[500];
    const char *source = getenv("ATHANOR_SOURCE");
    CHECK(getcwd(here, sizeof here) != NULL);
    snprintf(config, sizeof config, "%s/examples/packages/migrations/athanor.ini", source ? source : ".");
    snprintf(file, sizeof file, "sqlite:///%s/example.db", here); /* commands work in the folder of athanor.ini */
    snprintf(flags, sizeof flags, "-I%s/include", source ? source : ".");
    setenv("CFLAGS", flags, 1);
    setenv("ATHANOR_CONFIG", config, 1);
    setenv("ATHANOR_URL", test_on == TEST_SQLITE ? file : test_url(test_on), 1);
    setenv("XDG_CACHE_HOME", here, 1); /* each file is compiled once for all databases */
}

static void ask(const char *sql) {
    CHECK_RUN(0, "query \"$ATHANOR_URL\" \"%s\"", sql);
}

static void fill(void) {
    ask("INSERT INTO maintainers (name, email) VALUES ('Ann', 'ann@example.org')");
    ask("INSERT INTO packages (name, version, architecture, section, maintainer_id, priority, essential, description, "
        "created_at, updated_at) VALUES "
        "('sh', '1', 'all', 'shells', 1, 'required', true, 'd', '2026-11-01 10:00:00', '2026-11-01 10:00:00'), "
        "('tar', '2', 'all', 'utils', 1, 'required', true, 'd', '2026-11-01 10:00:00', '2026-11-01 10:00:00'), "
        "('gzip', '3', 'all', 'utils', 1, 'required', true, 'd', '2026-11-01 10:00:00', '2026-11-01 10:00:00')");
    ask("INSERT INTO files (package_id, path, directory) VALUES (2, '/bin/tar', '/bin')");
}

TEST(the_example) {
    begin();
    CHECK_RUN(0, "upgrade " BEFORE_SECTIONS);
    fill();
    CHECK_RUN(0, "upgrade head");
    CHECK_IN(err, "Running upgrade " BEFORE_SECTIONS " -> b5087d93ac12, sections have a table of their own\n");
    CHECK_RUN(0, "check");
    CHECK_STR(out, "No new upgrade operations detected.\n");
    ask("SELECT p.name, s.name FROM packages p JOIN sections s ON s.id = p.section_id ORDER BY p.name");
    CHECK_IN(out, "\ngzip\tutils\nsh\tshells\ntar\tutils\n");
    ask("SELECT count(*) FROM sections");
    CHECK_IN(out, "\n2\n");
    CHECK_RUN(0, "downgrade " BEFORE_SECTIONS);
    ask("SELECT p.name, p.section, f.path FROM packages p LEFT JOIN files f ON f.package_id = p.id ORDER BY p.name");
    CHECK_IN(out, "\ngzip\tutils\tNULL\nsh\tshells\tNULL\ntar\tutils\t/bin/tar\n");
    CHECK(run("query \"$ATHANOR_URL\" 'SELECT * FROM sections'") != 0);
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(0, "check");
    CHECK_RUN(0, "downgrade base");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "");
    CHECK(run("query \"$ATHANOR_URL\" 'SELECT * FROM packages'") != 0);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"the_example", the_example}};
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
