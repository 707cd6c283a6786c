/* SPDX-License-Identifier: Apache-2.0
 *
 * Real schemas for tests: the folder of shared data, NAME/DIALECT.sql[.gz], loaded into databases by their own clients.
 */
#ifndef ATH_TEST_SCHEMAS_H
#define ATH_TEST_SCHEMAS_H

#include "servers.h"

#include <sqlite3.h>

/* The folder of the schemas; "" when it is not here. */
static inline const char *schemas_folder(void) {
    static char path[1024];
    const char *shared = getenv("ATHANOR_SHARED"), *source = getenv("ATHANOR_SOURCE");
    if (shared)
        snprintf(path, sizeof path, "%s/schemas", shared);
    else
        snprintf(path, sizeof path, "%s/../shared/schemas", source ? source : ".");
    return access(path, R_OK) == 0 ? path : "";
}

static inline bool schemas_run_(const char *command) {
    return system(command) == 0;
}

/* ---- loading ---- */

static inline char *schemas_read(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    for (char part[65536]; file && !feof(file);) {
        size_t n = fread(part, 1, sizeof part, file);
        text = realloc(text, size + n + 1);
        memcpy(text + size, part, n);
        size += n;
    }
    if (text)
        text[size] = '\0';
    if (file)
        fclose(file);
    return text;
}

static inline bool schemas_load_sqlite_(const char *database, const char *path) {
    sqlite3 *db = NULL;
    char *sql = schemas_read(path);
    bool done = sql && sqlite3_open(database, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!done)
        printf("# %s\n", db ? sqlite3_errmsg(db) : "no file");
    sqlite3_close(db);
    free(sql);
    return done;
}

static inline bool schemas_load_file(const char *url, const char *path) {
    char command[3000];
    test_place_ place;
    if (test_on == TEST_SQLITE)
        return schemas_load_sqlite_(url + strlen("sqlite:///"), path);
    if (test_on == TEST_POSTGRESQL) {
        snprintf(command, sizeof command, "psql -X -q -d '%s' -f '%s' >/dev/null 2>psql.log", url, path);
        return schemas_run_(command);
    }
    if (!test_place_of_(url, &place))
        return false;
    setenv("MYSQL_PWD", place.password, 1);
    snprintf(command, sizeof command,
             "mariadb --no-defaults --default-character-set=utf8mb4 -u %s -h %s -P %s %s <'%s' >/dev/null", place.user,
             place.host, place.port, place.database, path);
    return schemas_run_(command);
}

/* Loads NAME/DIALECT.sql, or .sql.gz unpacked; false when there is neither, or it failed. */
static inline bool schemas_load(const char *url, const char *name) {
    char path[1400], command[3000];
    const char *dialect = test_database_name(test_on);
    snprintf(path, sizeof path, "%s/%s/%s.sql", schemas_folder(), name, dialect);
    if (access(path, R_OK) == 0)
        return schemas_load_file(url, path);
    snprintf(command, sizeof command, "gzip -dc '%s/%s/%s.sql.gz' >unpacked.sql", schemas_folder(), name, dialect);
    return schemas_run_(command) && schemas_load_file(url, "unpacked.sql");
}

#endif
