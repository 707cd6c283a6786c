/* SPDX-License-Identifier: Apache-2.0
 *
 * The load by sessions beside the same load by bare sqlite3, by turns, each into a fresh file beside the database.
 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 3 };

static void remove_database(const char *path) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[4200];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

/* A file beside the database, for the loads that are compared; false when the database is no SQLite file. */
static bool path_beside(const char *url, char *path, size_t size) {
    ath_url *parts = ath_url_parse(url, NULL);
    bool file = parts && strcmp(parts->dialect, "sqlite") == 0 && parts->database && parts->database[0] &&
                parts->database[0] != ':';
    if (file)
        snprintf(path, size, "%s-compared", parts->database);
    ath_url_free(parts);
    return file;
}

/* A fresh file with the tables, which the migrations make for both.  NULL when that fails. */
static ath_engine *fresh_tables(const char *path) {
    char url[4200];
    ath_error error;
    remove_database(path);
    snprintf(url, sizeof url, "sqlite:///%s", path);
    ath_engine *db = ath_engine_open(url, .error = &error);
    if (report(db ? migrate(db, &error) : error.status, path, &error))
        return db;
    ath_engine_close(db);
    return NULL;
}

static bool load_ours(const char *path, const Catalog *catalog, double *seconds) {
    ath_error error;
    ath_engine *db = fresh_tables(path);
    if (!db)
        return false;
    double start = seconds_now();
    bool fine = report(load(db, catalog, NULL, &error), "loading", &error);
    *seconds = seconds_now() - start;
    ath_engine_close(db);
    return fine;
}

static bool load_bare(const char *path, const Catalog *catalog, double *seconds) {
    ath_engine *db = fresh_tables(path);
    if (!db)
        return false;
    ath_engine_close(db);
    double start = seconds_now();
    bool fine = raw_load(path, catalog);
    *seconds = seconds_now() - start;
    return fine;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values) {
    qsort(values, ROUNDS, sizeof *values, by_value);
    return values[ROUNDS / 2];
}

static void print_speed(const char *who, size_t rows, double seconds) {
    printf("  %-14s %9s rows/s  (%.3f s)\n", who, thousands((long long)((double)rows / seconds)), seconds);
}

static void print_comparison(size_t rows, double *ours, double *bare) {
    double ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        ratios[i] = ours[i] / bare[i];
    printf("\nThe load of %s rows, median of %d turns\n", thousands((long long)rows), ROUNDS);
    print_speed("Athanor", rows, median(ours));
    print_speed("bare sqlite3", rows, median(bare));
    printf("  Athanor takes %.2f of the time of a loop of prepared inserts.\n", median(ratios));
}

bool compare(const char *url, const Catalog *catalog) {
    char path[4096];
    double ours[ROUNDS], bare[ROUNDS];
    if (!path_beside(url, path, sizeof path)) {
        printf("\nNo comparison: %s is no SQLite file.\n", url);
        return true;
    }
    bool fine = true;
    for (int i = 0; i < ROUNDS && fine; i++)
        fine = load_ours(path, catalog, &ours[i]) && load_bare(path, catalog, &bare[i]);
    remove_database(path);
    if (fine)
        print_comparison(catalog_rows(catalog), ours, bare);
    return fine;
}
