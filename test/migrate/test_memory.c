/* SPDX-License-Identifier: Apache-2.0
 *
 * Every allocation of a run fails in turn: the run says so or succeeds, nothing leaks, nothing is half-way, and the next run
 * completes.
 */
#include "project.h"

typedef struct meter {
    long count, fail_at; /* 0: never */
    long held;
} meter;

static void *allocate(void *context, size_t size) {
    meter *m = context;
    if (++m->count == m->fail_at)
        return NULL;
    void *memory = malloc(size);
    m->held += memory ? (long)size : 0;
    return memory;
}

static void *reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    meter *m = context;
    if (++m->count == m->fail_at)
        return NULL;
    void *larger = realloc(memory, new_size);
    m->held += larger ? (long)new_size - (long)old_size : 0;
    return larger;
}

static void release(void *context, void *memory, size_t size) {
    ((meter *)context)->held -= (long)size;
    free(memory);
}

static ath_allocator allocator_of(meter *m) {
    return (ath_allocator){allocate, reallocate, release, m};
}

static void files(void) {
    project_folder("memory");
    project_file(
        "memory", "a1.sql",
        "-- revision: a1\n-- message: one\n-- +up\nCREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER);\n"
        "INSERT INTO t (id, a) VALUES (1, 1);\n-- +down\nDROP TABLE t;\n");
    project_file("memory", "b2.c",
                 "#include <athanor/migrate.h>\nATH_REVISION(\"b2\", .down = \"a1\");\n"
                 "ATH_UPGRADE(op) { ath_op_add_column(op, \"t\", ath_op_column(\"b\", ATH_STRING(9))); }\n"
                 "ATH_DOWNGRADE(op) { ath_op_drop_column(op, \"t\", \"b\"); }\n");
    project_file("memory", "c3.sql",
                 "-- revision: c3\n-- down: b2\n-- transaction: no\n-- +up\nUPDATE t SET a = 2;\n"
                 "-- +down\nUPDATE t SET a = 1;\n");
}

static void run_failing(long at, bool *ended) {
    meter mine = {.fail_at = at};
    ath_allocator allocator = allocator_of(&mine);
    const char *url = "sqlite:///memory.db";
    remove("memory.db");
    remove("memory.db-wal");
    remove("memory.db-shm");
    ath_engine *db = ath_engine_open(url);
    ath_migration m = project_migration("memory", .allocator = &allocator);
    ath_status status = ath_migrate_upgrade(db, &m, "head");
    *ended = mine.count < at;
    CHECK(status == ATH_OK || status == ATH_NO_MEMORY);
    CHECK_INT(mine.held, 0);
    m.allocator = NULL;
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_ask(db, "SELECT id, a, b FROM t"), "1,2,NULL");
    CHECK_STR(project_ask(db, "SELECT count(*) FROM athanor_journal"), "0");
    ath_engine_close(db);
}

TEST(each_allocation_fails) {
    bool ended = false;
    long at = 1;
    test_on = TEST_SQLITE;
    files();
    for (; !ended && test_failures_ == 0 && at < 5000; at++) {
        test_context("allocation %ld", at);
        run_failing(at, &ended);
    }
    CHECK(ended);
    CHECK(at > 20);
}

static ath_status swallow(void *context, const char *text, size_t size) {
    (void)context;
    (void)text;
    (void)size;
    return ATH_OK;
}

TEST(scripts_fail_cleanly) {
    bool ended = false;
    files();
    for (long at = 1; !ended && test_failures_ == 0 && at < 5000; at++) {
        meter mine = {.fail_at = at};
        ath_allocator allocator = allocator_of(&mine);
        ath_migration m = project_migration("memory", .allocator = &allocator);
        test_context("allocation %ld", at);
        ath_status status = ath_migrate_upgrade_script("postgresql", &m, "head", swallow, NULL);
        ended = mine.count < at;
        CHECK(status == ATH_OK || status == ATH_NO_MEMORY);
        CHECK_INT(mine.held, 0);
    }
    CHECK(ended);
}

static const test_case cases[] = {
    {"each_allocation_fails", each_allocation_fails},
    {"scripts_fail_cleanly", scripts_fail_cleanly},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
