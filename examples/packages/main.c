/* SPDX-License-Identifier: Apache-2.0
 *
 * The package database of a Debian machine, loaded into SQLite through plain structs, asked, changed, and timed beside the
 * same load written by hand with sqlite3.
 *
 *     packages --demo [--sample | --root DIR] [--database URL] [--echo]
 */
#include "demo.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DPKG "/var/lib/dpkg"

typedef struct Options {
    bool demo, sample, echo, help;
    const char *root, *database;
} Options;

static const char usage[] = "usage: packages --demo [OPTION]...\n"
                            "Loads what dpkg knows into a database and shows what can be asked of it.\n"
                            "\n"
                            "  --demo           load, ask, change, and compare with bare sqlite3\n"
                            "  --root DIR       read DIR/status and DIR/info/ (default: " DPKG ")\n"
                            "  --sample         read the small sample that comes with the example\n"
                            "  --database URL   load into this (default: sqlite:///build/demo/packages.db);\n"
                            "                   rows of an earlier run are deleted first\n"
                            "  --echo           show the SQL, on standard error\n"
                            "  --help           show this\n";

static bool read_options(int argc, char **argv, Options *o) {
    static const struct option known[] = {{"demo", no_argument, NULL, 'd'},
                                          {"sample", no_argument, NULL, 's'},
                                          {"echo", no_argument, NULL, 'e'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"root", required_argument, NULL, 'r'},
                                          {"database", required_argument, NULL, 'u'},
                                          {NULL, 0, NULL, 0}};
    *o = (Options){.database = "sqlite:///build/demo/packages.db"};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 'd':
            o->demo = true;
            break;
        case 's':
            o->sample = true;
            break;
        case 'e':
            o->echo = true;
            break;
        case 'h':
            o->help = true;
            break;
        case 'r':
            o->root = optarg;
            break;
        case 'u':
            o->database = optarg;
            break;
        default:
            return false;
        }
    }
    return optind == argc && (o->demo || o->help);
}

/* ---- where the data is ---- */

/* Under $ATHANOR_SOURCE, which tests set, or the current directory. */
const char *example_folder(void) {
    static char path[4000];
    const char *source = getenv("ATHANOR_SOURCE");
    snprintf(path, sizeof path, "%s/examples/packages", source ? source : ".");
    return path;
}

static const char *sample_root(void) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/sample", example_folder());
    return path;
}

/* What was asked for; else dpkg's own, if this system has it. */
static const char *choose_root(const Options *o) {
    if (o->sample || o->root)
        return o->sample ? sample_root() : o->root;
    if (access(DPKG "/status", R_OK) == 0)
        return DPKG;
    printf("There is no " DPKG "/status here: this takes the sample instead.\n");
    return sample_root();
}

static bool read_catalog(const Options *o, Catalog *catalog) {
    const char *root = choose_root(o);
    double start = seconds_now();
    if (!catalog_read(catalog, root))
        return false;
    printf("Read %s packages, %s dependencies, %s files from %s in %.2f s.\n",
           thousands((long long)catalog->package_count), thousands((long long)catalog->link_count),
           thousands((long long)catalog->file_count), root, seconds_now() - start);
    return true;
}

/* ---- the steps ---- */

bool report(ath_status status, const char *step, const ath_error *error) {
    if (status == ATH_OK)
        return true;
    fprintf(stderr, "packages: %s: %s: %s\n", step, ath_status_name(status), error->message);
    if (error->statement[0])
        fprintf(stderr, "packages: the statement was: %s\n", error->statement);
    return false;
}

/* What the engine logs, with --echo.  While rows are loaded it is quiet: there would be a line for every thousand. */
static void print_log(void *context, ath_log_level level, const char *line) {
    const bool *quiet = context;
    if (!*quiet || level >= ATH_LOG_WARNING)
        fprintf(stderr, "%s\n", line);
}

static bool load_shown(ath_engine *db, const Options *o, const Catalog *catalog, bool *quiet) {
    ath_error error;
    if (!report(migrate(db, &error), "migrating", &error) || !report(clear(db, &error), "clearing", &error))
        return false;
    *quiet = true;
    size_t rows = catalog_rows(catalog);
    Progress progress = progress_start("loading", rows);
    double start = seconds_now();
    ath_status status = load(db, catalog, &progress, &error);
    progress_end(&progress);
    *quiet = false;
    if (status == ATH_OK)
        printf("Loaded %s rows into %s in %.2f s.\n", thousands((long long)rows), o->database, seconds_now() - start);
    return report(status, "loading", &error);
}

static bool demo(const Options *o, const Catalog *catalog) {
    bool quiet = false;
    ath_error error;
    ath_engine *db = ath_engine_open(o->database, .echo = o->echo, .log = print_log, .log_context = &quiet,
                                     .log_level = ATH_LOG_INFO, .error = &error);
    if (!db)
        return report(error.status, o->database, &error);
    bool fine = load_shown(db, o, catalog, &quiet) && report(ask(db, &error), "asking", &error) &&
                report(change(db, &error), "changing", &error) &&
                report(there_and_back(db, &error), "migrating back", &error);
    ath_engine_close(db);
    return fine && compare(o->database, catalog);
}

int main(int argc, char **argv) {
    Options options;
    if (!read_options(argc, argv, &options)) {
        fputs(usage, stderr);
        return 2;
    }
    if (options.help) {
        fputs(usage, stdout);
        return 0;
    }
    Catalog catalog;
    bool fine = read_catalog(&options, &catalog) && demo(&options, &catalog);
    catalog_free(&catalog);
    return fine ? 0 : 1;
}
