/* SPDX-License-Identifier: Apache-2.0
 *
 * What the command is measured beside, as a whole process (bench/migrations.py): the same SQL through sqlite3 alone.
 *
 *     migrate_raw run FILE SCRIPT     opens the database as Athanor does, and runs the script
 *     migrate_raw current FILE        prints the rows of the version table
 *     migrate_raw start FILE          does nothing
 *     migrate_raw reflect FILE        asks all that SQLite knows of each table
 *
 * It is linked with sqlite3 and nothing else, as such a program would be.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "migrate_raw: %s\n", what);
        exit(1);
    }
}

static void raw_run(sqlite3 *db, const char *sql) {
    check(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
}

static sqlite3 *raw_open(const char *path) {
    sqlite3 *db = NULL;
    check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) ==
              SQLITE_OK,
          path);
    raw_run(db, "PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
    return db;
}

static sqlite3_stmt *raw_prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    return statement;
}

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    check(file && fseek(file, 0, SEEK_END) == 0, path);
    long size = ftell(file);
    char *text = size >= 0 ? calloc(1, (size_t)size + 1) : NULL;
    rewind(file);
    check(text && fread(text, 1, (size_t)size, file) == (size_t)size, path);
    fclose(file);
    return text;
}

/* Every row of a query, each value as text; `print` or not.  Returns how many values there were. */
static size_t walk(sqlite3 *db, const char *sql, bool print) {
    size_t values = 0;
    sqlite3_stmt *statement = raw_prepare(db, sql);
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *text = (const char *)sqlite3_column_text(statement, i);
            values++;
            if (print)
                puts(text ? text : "NULL");
        }
    sqlite3_finalize(statement);
    return values;
}

static size_t indexes_of(sqlite3 *db, const char *table) {
    char sql[300];
    size_t values = 0;
    snprintf(sql, sizeof sql, "PRAGMA index_list(\"%.100s\")", table);
    sqlite3_stmt *list = raw_prepare(db, sql);
    while (sqlite3_step(list) == SQLITE_ROW) {
        snprintf(sql, sizeof sql, "PRAGMA index_xinfo(\"%.100s\")", (const char *)sqlite3_column_text(list, 1));
        values += walk(db, sql, false);
    }
    sqlite3_finalize(list);
    return values;
}

static size_t reflect(sqlite3 *db) {
    static const char *const pragmas[] = {"table_xinfo", "foreign_key_list"};
    size_t values = 0;
    sqlite3_stmt *tables = raw_prepare(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        for (size_t i = 0; i < 2; i++) {
            char sql[300];
            snprintf(sql, sizeof sql, "PRAGMA %s(\"%.100s\")", pragmas[i], table);
            values += walk(db, sql, false);
        }
        values += indexes_of(db, table);
    }
    sqlite3_finalize(tables);
    return values;
}

int main(int argc, char **argv) {
    check(argc >= 3, "usage: migrate_raw run FILE SCRIPT | current FILE | start FILE | reflect FILE");
    if (strcmp(argv[1], "start") == 0)
        return 0;
    sqlite3 *db = raw_open(argv[2]);
    if (strcmp(argv[1], "run") == 0 && argc == 4) {
        char *script = read_all(argv[3]);
        raw_run(db, script);
        free(script);
    } else if (strcmp(argv[1], "current") == 0) {
        walk(db, "SELECT version_num FROM athanor_version", true);
    } else {
        printf("%zu\n", reflect(db));
    }
    sqlite3_close(db);
    return 0;
}
