/* SPDX-License-Identifier: Apache-2.0
 *
 * Help for tests of runs: a folder of revision files, a migration of it, the database asked beside the library.
 */
#ifndef ATH_TEST_MIGRATE_PROJECT_H
#define ATH_TEST_MIGRATE_PROJECT_H

#include "../servers.h"

#include <athanor/athanor.h>
#include <athanor/migrate.h>

#include <sys/stat.h>

static ath_error project_error;

static inline void project_write(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    if (!file)
        return;
    fputs(text, file);
    fclose(file);
}

/* An empty folder, made anew; the tests' folder is theirs alone. */
static inline void project_folder(const char *folder) {
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s' && mkdir -p '%s'", folder, folder);
    CHECK_INT(system(command), 0);
}

static inline void project_file(const char *folder, const char *name, const char *text) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    project_write(path, text);
}

static inline const char *project_cflags(void) {
    static char flags[400];
    snprintf(flags, sizeof flags, "-I%s/include", getenv("ATHANOR_SOURCE") ? getenv("ATHANOR_SOURCE") : "../..");
    return flags;
}

/* Of one folder.  The cache is the test's own, for all its cases. */
#define project_migration(...)                                                                                         \
    PROJECT_MIGRATION_(__VA_ARGS__, .error = &project_error, .cflags = project_cflags(), .cache = "cache")
#define PROJECT_MIGRATION_(folder, ...) ath_migration_of(NULL, .directories = ath_names(folder), __VA_ARGS__)

static inline ath_engine *project_engine(void) {
    ath_engine *db = ath_engine_open(test_fresh_url(test_on), .error = &project_error);
    if (!db)
        test_failed_(__FILE__, __LINE__, "%s", project_error.message);
    return db;
}

static inline void project_ok_(ath_status status, int line, const char *file) {
    if (status != ATH_OK)
        test_failed_(file, line, "%s: %s | %s", ath_status_name(status), project_error.message,
                     project_error.statement);
}
#define PROJECT_OK(call) project_ok_((call), __LINE__, __FILE__)

/* What a query gives, rows joined by ";" and columns by ",", in one of four turning buffers; "!" and the error when it
 * fails. */
static inline const char *project_ask(ath_engine *db, const char *sql) {
    static char out[4][2000];
    static int turn;
    char *to = out[turn++ % 4];
    size_t used = 0;
    to[0] = '\0';
    ath_connection *c = ath_connect(db);
    ath_result *r = ath_execute(c, ath_text(sql));
    for (const ath_row *row; (row = ath_fetch(r)) != NULL;) {
        for (size_t i = 0; i < ath_result_column_count(r) && used < 1900; i++) {
            const ath_value *v = ath_row_at(row, i);
            const char *text = ath_row_text(row, i);
            if (v->kind == ATH_KIND_INT || v->kind == ATH_KIND_BOOL)
                used += (size_t)snprintf(to + used, 2000 - used, "%s%lld",
                                         i      ? ","
                                         : used ? ";"
                                                : "",
                                         (long long)ath_row_int(row, i));
            else
                used += (size_t)snprintf(to + used, 2000 - used, "%s%.200s",
                                         i      ? ","
                                         : used ? ";"
                                                : "",
                                         text ? text : "NULL");
        }
    }
    if (ath_connection_error(c)->status != ATH_OK)
        snprintf(to, 2000, "!%s", ath_connection_error(c)->message);
    ath_result_close(r);
    ath_connection_close(c);
    return to;
}

static inline ath_status project_heads_(void *context, const ath_revision *revision, bool is_head) {
    char *to = context;
    size_t used = strlen(to);
    snprintf(to + used, 200 - used, "%s%s%s", used ? " " : "", revision->id, is_head ? "(head)" : "");
    return ATH_OK;
}

/* "a b(head)" */
static inline const char *project_current(ath_engine *db, const ath_migration *m) {
    static char out[200];
    out[0] = '\0';
    PROJECT_OK(ath_migrate_current(db, m, project_heads_, out));
    return out;
}

#endif
