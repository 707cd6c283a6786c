/* SPDX-License-Identifier: Apache-2.0
 *
 * athanor.ini: where it is looked for, what goes before it, what its keys do, what is wrong with it.
 */
#include "command_run.h"

static int folder_count;

static void begin(const char *ini) {
    char name[40];
    snprintf(name, sizeof name, "c%d", ++folder_count);
    CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0 && mkdir("migrations", 0777) == 0 &&
          mkdir("migrations/versions", 0777) == 0);
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    if (ini)
        write_text("athanor.ini", ini);
}

static void end(void) {
    CHECK(chdir("..") == 0);
}

#define BASIC "[athanor]\nscript_location = migrations\nrevision_form = sql\nurl = sqlite:///test.db\n"

TEST(where_it_is) {
    begin(BASIC);
    CHECK(mkdir("deep", 0777) == 0 && mkdir("deep/er", 0777) == 0);
    CHECK_INT(run_in("deep/er", "", "revision -m x --rev-id aaa"), 0);
    CHECK(there("migrations/versions/aaa_x.sql"));
    CHECK_INT(run_in("deep/er", "", "upgrade head"), 0);
    CHECK(there("test.db") && !there("deep/er/test.db")); /* relative paths begin where the file is */
    CHECK(rename("athanor.ini", "deep/other.ini") == 0);
    CHECK_RUN(1, "history");
    CHECK_IN(err, "FAILED: No 'script_location' key found in configuration.\nhint: there is no athanor.ini in /");
    CHECK_RUN(1, "-c deep/other.ini history"); /* its script_location is relative to it */
    CHECK_IN(err, "/deep/migrations.  Please use the 'init' command");
    CHECK(rename("deep/other.ini", "other.ini") == 0);
    CHECK_RUN(0, "--config=other.ini history");
    CHECK_INT(run_in("deep", "ATHANOR_CONFIG=../other.ini", "history"), 0);
    CHECK_IN(out, "<base> -> aaa (head), x\n");
    CHECK_INT(run_in(".", "ATHANOR_CONFIG=gone.ini", "history"), 1);
    CHECK_IN(err, "there is no file gone.ini (No such file or directory), which ATHANOR_CONFIG names\n");
    CHECK_RUN(1, "-c gone.ini history");
    CHECK_IN(err, "which was given by --config\n");
    CHECK_RUN(1, "-c other.ini -n nobody history");
    CHECK_IN(err, "has none in its section [nobody]\n");
    end();
}

TEST(which_url) {
    begin("[athanor]\nscript_location = migrations\nsqlalchemy.url = sqlite:///from_ini.db\nrevision_form = sql\n");
    CHECK_RUN(0, "revision -m x --rev-id aaa");
    CHECK_RUN(0, "upgrade");
    CHECK(there("from_ini.db"));
    CHECK_INT(run_in(".", "ATHANOR_URL=sqlite:///from_env.db", "upgrade"), 0);
    CHECK(there("from_env.db"));
    CHECK_INT(run_in(".", "ATHANOR_URL=sqlite:///from_env.db", "--url sqlite:///from_line.db upgrade"), 0);
    CHECK(there("from_line.db"));
    CHECK_RUN(0, "upgrade --url sqlite:///behind.db"); /* behind the command too */
    CHECK(there("behind.db"));
    write_text("athanor.ini", "[athanor]\nscript_location = migrations\n");
    CHECK_RUN(1, "upgrade");
    CHECK_IN(err, "FAILED: No database is named\nhint: write url = ... into /");
    end();
}

/* A percent sign is a character like others; passwords are not shown, whatever happens. */
TEST(passwords) {
    begin("[athanor]\nscript_location = migrations\nurl = "
          "postgresql://me:se%40cret%25@127.0.0.1:1/db?connect_timeout=1\n");
    CHECK_RUN(3, "current -v");
    CHECK_NOT_IN(out, "cret");
    CHECK_NOT_IN(err, "cret");
    CHECK_RUN(3, "--raiseerr --json upgrade head");
    CHECK_NOT_IN(err, "cret");
    CHECK_RUN(1, "--url 'postgresql://me:topsecret@host:port/db' current");
    CHECK_NOT_IN(err, "topsecret");
    end();
}

TEST(names_of_files) {
    begin(BASIC "file_template = %%(year)d/%(month).2d-%(rev)s-%(slug)s\nrecursive_version_locations = true\n"
                "truncate_slug_length = 8\ntimezone = utc\n");
    CHECK_RUN(0, "revision -m 'some long words' --rev-id aaa");
    CHECK_IN(out, "-aaa-some_.sql ...  done\n");
    CHECK_IN(out, "/migrations/versions/20");
    CHECK_RUN(0, "history"); /* found again, in its sub-folder */
    CHECK_STR(out, "<base> -> aaa (head), some long words\n");
    CHECK_RUN(0, "revision -m next --rev-id bbb");
    CHECK_RUN(0, "heads");
    CHECK_STR(out, "bbb (head)\n");
    write_text("athanor.ini", BASIC "timezone = Nowhere/City\n");
    CHECK_RUN(1, "revision -m x --head base --rev-id ccc");
    CHECK_IN(err, "FAILED: Can't locate timezone: Nowhere/City\n");
    end();
}

TEST(several_folders) {
    begin(BASIC "version_locations = %(here)s/migrations/versions:%(here)s/more\n");
    CHECK_RUN(1, "revision -m x");
    CHECK_IN(err, "FAILED: Multiple version locations present, please specify --version-path\n");
    CHECK_RUN(0, "revision -m x --rev-id aaa --version-path more");
    CHECK(there("more/aaa_x.sql"));
    CHECK_RUN(0, "revision -m y --rev-id bbb"); /* beside its parent */
    CHECK(there("more/bbb_y.sql"));
    CHECK_RUN(0, "revision -m z --rev-id ccc --head base --version-path $PWD/migrations/versions");
    CHECK(there("migrations/versions/ccc_z.sql"));
    static const char *const forms[] = {"path_separator = newline\nversion_locations = migrations/versions\n  more\n",
                                        "path_separator = space\nversion_locations = migrations/versions more\n",
                                        "path_separator = ;\nversion_locations = migrations/versions;more\n"};
    for (size_t i = 0; i < TEST_COUNT(forms); i++) {
        char ini[400];
        snprintf(ini, sizeof ini, "%s%s", BASIC, forms[i]);
        write_text("athanor.ini", ini);
        test_context("%s", forms[i]);
        CHECK_RUN(0, "heads");
        CHECK_STR(out, "ccc (head)\nbbb (head)\n");
    }
    end();
}

TEST(the_version_table) {
    begin(BASIC "version_table = my_versions\n");
    CHECK_RUN(0, "revision -m x --rev-id aaa");
    CHECK_RUN(0, "upgrade");
    CHECK_RUN(0, "query sqlite:///test.db 'SELECT version_num FROM my_versions'");
    CHECK_STR(out, "version_num\naaa\n");
    end();
}

TEST(several_databases) {
    begin("[athanor]\nscript_location = migrations\nrevision_form = sql\ndatabases = main, archive\n"
          "[main]\nurl = sqlite:///main.db\n[archive]\nurl = sqlite:///archive.db\n");
    CHECK_RUN(0, "--database main revision -m x --rev-id aaa");
    CHECK(there("migrations/versions/main/aaa_x.sql"));
    CHECK_RUN(0, "revision -m both --rev-id bbb --head head");
    CHECK(there("migrations/versions/main/bbb_both.sql") && there("migrations/versions/archive/bbb_both.sql"));
    CHECK_RUN(0, "upgrade head");
    CHECK_IN(err, "INFO  [athanor.migration] Database main\nINFO  [athanor.migration] Running upgrade  -> aaa, x\n");
    CHECK_IN(err,
             "INFO  [athanor.migration] Database archive\nINFO  [athanor.migration] Running upgrade  -> bbb, both\n");
    CHECK_RUN(0, "current --database archive");
    CHECK_STR(out, "bbb (head)\n");
    CHECK_RUN(1, "--database nobody current");
    CHECK_IN(err, "FAILED: No database 'nobody'\n");
    end();
}

TEST(broken_files) {
    char line[600];
    begin("[athanor]\nscript_location = migrations\nno sign here\n");
    CHECK_RUN(1, "history");
    CHECK_IN(err, "/athanor.ini:3: this is neither [section] nor key = value\n");
    snprintf(line, sizeof line, "[athanor]\nscript_location = migrations\nurl = sqlite:///%0300d\n", 0);
    write_text("athanor.ini", line);
    CHECK_RUN(1, "history");
    CHECK_IN(err, "/athanor.ini:3: a line of more than 198 characters\nhint: ");
    write_text("athanor.ini", "");
    CHECK_RUN(1, "history");
    CHECK_IN(err, "FAILED: No 'script_location' key found in configuration.\n");
    end();
}

TEST(wrong_usage) {
    begin(BASIC);
    CHECK_RUN(2, " ");
    CHECK_IN(err, "athanor: too few arguments\nusage: athanor");
    CHECK_RUN(2, "--nonsense history");
    CHECK_RUN(2, "history --nonsense");
    CHECK_IN(err, "athanor: history: no such option: --nonsense\n");
    CHECK_RUN(2, "-x");
    CHECK_RUN(2, "--json=yes history");
    CHECK_RUN(2, "current extra");
    CHECK_RUN(0, "upgrade --help");
    CHECK_IN(out, "usage: athanor upgrade [OPTION]... [REVISION]\n");
    CHECK_RUN(0, "-x a=b -x c history -x d");
    CHECK_RUN(0, "--help");
    CHECK_IN(out, "exit codes: 0 done;");
    end();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"where_it_is", where_it_is},
                                      {"which_url", which_url},
                                      {"passwords", passwords},
                                      {"names_of_files", names_of_files},
                                      {"several_folders", several_folders},
                                      {"the_version_table", the_version_table},
                                      {"several_databases", several_databases},
                                      {"broken_files", broken_files},
                                      {"wrong_usage", wrong_usage}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
