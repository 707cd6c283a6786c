/* SPDX-License-Identifier: Apache-2.0
 *
 * C revisions are compiled when they must run, kept by content, and compiled again alone when they were edited; what does not
 * compile is told in the compiler's words; env.c changes the migration.
 */
#include "project.h"

#include "migrate/script.h"

#include <dirent.h>

static const char models_h[] = "#define TABLE \"towns\"\n";
static const char one_c[] =
    "#include <athanor/migrate.h>\n#include \"models.h\"\n"
    "ATH_REVISION(\"a1\", .message = \"one\");\n"
    "ATH_UPGRADE(op) { ath_op_create_table(op, TABLE, ath_op_column(\"id\", ATH_INTEGER, .primary_key = true)); }\n"
    "ATH_DOWNGRADE(op) { ath_op_drop_table(op, TABLE); }\n";
static const char two_c[] = "#include <athanor/migrate.h>\n"
                            "ATH_REVISION(\"b2\", .down = \"a1\");\n"
                            "ATH_UPGRADE(op) { ath_op_execute(op, \"INSERT INTO towns (id) VALUES (1)\"); }\n"
                            "ATH_DOWNGRADE(op) { ath_op_execute(op, \"DELETE FROM towns\"); }\n";

static void files(const char *folder, const char *two) {
    project_folder(folder);
    project_file(folder, "models.h", models_h);
    project_file(folder, "a1_one.c", one_c);
    project_file(folder, "b2_two.c", two);
}

/* Files in the cache with that ending. */
static int kept(const char *folder, const char *ending) {
    DIR *d = opendir(folder);
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        size_t size = strlen(e->d_name), length = strlen(ending);
        n += size > length && strcmp(e->d_name + size - length, ending) == 0;
    }
    if (d)
        closedir(d);
    return n;
}

static void count_compiled(void *context, ath_log_level level, const char *line) {
    (void)level;
    *(int *)context += strncmp(line, "compiling ", 10) == 0;
}

static int compiled;
static ath_migration counted(const char *folder) {
    static const char *names[1];
    names[0] = folder;
    compiled = 0;
    return ath_migration_of(NULL, .directories = {1, names}, .error = &project_error, .cflags = project_cflags(),
                            .cache = "cache_build", .log = count_compiled, .log_context = &compiled);
}

static void up_and_down(const char *folder, int expected) {
    ath_migration m = counted(folder);
    ath_engine *db = ath_engine_open("sqlite://");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_current(db, &m), "b2(head)");
    PROJECT_OK(ath_migrate_downgrade(db, &m, "base"));
    CHECK_INT(compiled, expected);
    ath_engine_close(db);
}

TEST(an_edit_compiles_one_file) {
    test_on = TEST_SQLITE;
    project_folder("cache_build");
    files("built", two_c);
    up_and_down("built", 2);
    CHECK_INT(kept("cache_build", ".o"), 2);
    CHECK_INT(kept("cache_build", ".so"), 1);
    CHECK_INT(kept("cache_build", ".new"), 0);
    up_and_down("built", 0);
    project_file("built", "b2_two.c",
                 "#include <athanor/migrate.h>\n"
                 "ATH_REVISION(\"b2\", .down = \"a1\");\n"
                 "ATH_UPGRADE(op) { ath_op_execute(op, \"INSERT INTO towns (id) VALUES (2)\"); }\n"
                 "ATH_DOWNGRADE(op) { }\n");
    up_and_down("built", 1);
    files("built", two_c); /* as it was: kept still */
    project_file("built", "models.h", "#define TABLE \"towns\"\n/* another */\n");
    up_and_down("built", 1); /* the one that includes it */
    up_and_down("built", 0);
}

TEST(only_what_runs_is_compiled) {
    files("some", "#include <athanor/migrate.h>\nATH_REVISION(\"b2\", .down = \"a1\");\nnonsense nonsense;\n");
    ath_migration m = counted("some");
    ath_engine *db = ath_engine_open("sqlite://");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "a1"));
    CHECK_STR(project_current(db, &m), "a1");
    CHECK(ath_migrate_upgrade(db, &m, "head") == ATH_ARGUMENT);
    CHECK(strstr(project_error.message, "b2_two.c does not compile") != NULL);
    CHECK(strstr(project_error.message, "b2_two.c:3:") != NULL);
    CHECK_STR(project_current(db, &m), "a1");
    ath_engine_close(db);
}

TEST(a_header_that_is_missing) {
    files("header", "#include <athanor/migrate.h>\nATH_REVISION(\"b2\", .down = \"a1\");\n"
                    "ATH_UPGRADE(op) { unheard_of(op); }\n");
    ath_migration m = counted("header");
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK(ath_migrate_upgrade(db, &m, "head") == ATH_ARGUMENT);
    CHECK(strstr(project_error.message, "b2_two.c:3:") != NULL && strstr(project_error.message, "unheard_of") != NULL);
    ath_engine_close(db);
}

TEST(without_a_compiler) {
    files("bare", two_c);
    ath_migration m = counted("bare");
    ath_engine *db = ath_engine_open("sqlite://");
    m.cc = "no-such-compiler-here";
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_NOT_SUPPORTED);
    CHECK(strstr(project_error.message, "no-such-compiler-here") != NULL);
    CHECK(strstr(project_error.message, "SQL") != NULL && strstr(project_error.message, "athanor bundle") != NULL);
    m.cc = "false";
    CHECK(ath_migrate_upgrade(db, &m, "head") == ATH_ARGUMENT);
    ath_engine_close(db);
}

TEST(symbols_that_are_not_there) {
    files("loose", "#include <athanor/migrate.h>\nATH_REVISION(\"b2\", .down = \"a1\");\nvoid nowhere(void);\n"
                   "ATH_UPGRADE(op) { nowhere(); }\n");
    ath_migration m = counted("loose");
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_STATE);
    CHECK(strstr(project_error.message, "nowhere") != NULL);
    ath_engine_close(db);
}

TEST(the_environment) {
    files("env", two_c);
    project_file("env", "models.h", models_h);
    project_folder("envs");
    project_file("envs", "env.c",
                 "#include <athanor/migrate.h>\n#include <stdlib.h>\n"
                 "ATH_ENVIRONMENT(env) { env->version_table = \"places\"; env->url = \"sqlite://\"; }\n");
    ath_migration m = counted("env");
    m.environment = "envs/env.c";
    ath_engine *db = ath_engine_open("sqlite://");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    test_on = TEST_SQLITE;
    CHECK_STR(project_ask(db, "SELECT version_num FROM places"), "b2");
    CHECK(m.version_table == NULL); /* the caller's stays as it is */
    ath__script s;
    ath_error error;
    PROJECT_OK(ath__script_open(&s, &m, &project_error));
    CHECK_INT(ath__build_environment(&s, &m, &error), ATH_OK);
    CHECK_STR(m.url, "sqlite://");
    ath__script_close(&s);
    project_file("envs", "env.c", "#include <athanor/migrate.h>\nint nothing;\n");
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_ARGUMENT);
    CHECK(strstr(project_error.message, "ATH_ENVIRONMENT") != NULL);
    ath_engine_close(db);
}

/* What killed compilations have left is gone behind the next; what others may be at work on is not. */
TEST(what_was_left) {
    char mine[100], command[400];
    files("left", two_c);
    project_file("left", "models.h", models_h);
    project_folder("cache_left");
    CHECK_INT(chmod("cache_left", 0700), 0);
    snprintf(mine, sizeof mine, "cache_left/0123.%ld.o", (long)getpid());
    snprintf(command, sizeof command,
             "cd cache_left && touch -d '1 hour ago' 0123.2147483647.o 0123.2147483647.o.mm 0123.so.2147483647.new "
             "0123.o 0123.o.d 2147483647.o ../%s && touch 4567.2147483647.o && touch -d '2 days ago' 89ab.%ld.o",
             mine, (long)getpid());
    CHECK_INT(system(command), 0);
    ath_migration m = counted("left");
    m.cache = "cache_left";
    ath_engine *db = ath_engine_open("sqlite://");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_INT(
        system("cd cache_left && for i in 0123.2147483647.o 0123.2147483647.o.mm 0123.so.2147483647.new 89ab.*; do "
               "[ ! -e $i ] || exit 1; done"),
        0);
    CHECK_INT(system("cd cache_left && ls 0123.o 0123.o.d 2147483647.o 4567.2147483647.o >/dev/null"), 0);
    CHECK_INT(access(mine, F_OK), 0);
    ath_engine_close(db);
}

TEST(a_cache_that_others_may_write) {
    files("open", two_c);
    project_folder("cache_open");
    CHECK_INT(chmod("cache_open", 0777), 0);
    ath_migration m = counted("open");
    ath_engine *db = ath_engine_open("sqlite://");
    m.cache = "cache_open";
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_STATE);
    CHECK(strstr(project_error.message, "cache_open") != NULL);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"an_edit_compiles_one_file", an_edit_compiles_one_file},
    {"only_what_runs_is_compiled", only_what_runs_is_compiled},
    {"a_header_that_is_missing", a_header_that_is_missing},
    {"without_a_compiler", without_a_compiler},
    {"symbols_that_are_not_there", symbols_that_are_not_there},
    {"the_environment", the_environment},
    {"what_was_left", what_was_left},
    {"a_cache_that_others_may_write", a_cache_that_others_may_write},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
