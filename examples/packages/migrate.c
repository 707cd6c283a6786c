/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables, made and kept by the revisions in migrations/: those in C are linked into this program, that in SQL is read from
 * its file.  The command does the same from the files alone: athanor -c examples/packages/migrations/athanor.ini upgrade
 */
#include "demo.h"
#include "table.h"

#include <athanor/migrate.h>
#include <stdio.h>
#include <string.h>

ATH_REVISIONS(Linked);

#define BEFORE_SECTIONS "e27a41c6f8d5" /* sections are a column of packages */

static const char sql_name[] = "16fc2e7b904a_index_of_priorities.sql";

static bool read_revision(char *text, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/migrations/versions/%s", example_folder(), sql_name);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, size - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
    if (!length)
        fprintf(stderr, "packages: %s cannot be read\n", path);
    return length > 0;
}

typedef ath_status (*Walk)(ath_engine *db, const ath_migration *migration, const char *target);

static ath_status run(Walk walk, ath_engine *db, const char *target, ath_error *error) {
    char text[4096];
    *error = (ath_error){.status = ATH_ARGUMENT, .message = "a revision is missing"};
    if (!read_revision(text, sizeof text))
        return ATH_ARGUMENT;
    const ath_revision_text texts[] = {{.file = sql_name, .text = text}};
    const ath_revision_set revisions = {.first = Linked.first, .end = Linked.end, .texts = texts, .text_count = 1};
    *error = (ath_error){0};
    const ath_migration migration = ath_migration_of(&revisions, .metadata = &Packages, .error = error);
    return walk(db, &migration, target);
}

ath_status migrate(ath_engine *db, ath_error *error) {
    return run(ath_migrate_upgrade, db, "head", error);
}

ath_status clear(ath_engine *db, ath_error *error) {
    ath_session *s = ath_session_open(db, .error = error);
    if (!s)
        return error->status;
    bool fine =
        ath_delete_where(s, File, .all_rows = true) >= 0 && ath_delete_where(s, Dependency, .all_rows = true) >= 0 &&
        ath_delete_where(s, Package, .all_rows = true) >= 0 && ath_delete_where(s, Maintainer, .all_rows = true) >= 0 &&
        ath_delete_where(s, Section, .all_rows = true) >= 0 && ath_commit(s) == ATH_OK;
    *error = *ath_error(s);
    ath_session_close(s);
    return fine ? ATH_OK : error->status;
}

/* ---- a data migration, down and up again ---- */

static bool show(Table *t, ath_engine *db, const char *moment, const char *sections, double seconds, ath_error *error) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*), count(DISTINCT %s) FROM packages", sections);
    ath_connection *c = ath_connect(db, error);
    ath_result *result = c ? ath_execute(c, ath_text(sql)) : NULL;
    const ath_row *row = result ? ath_fetch(result) : NULL;
    if (row) {
        table_text(t, moment);
        table_text(t, sections);
        table_number(t, ath_row_int(row, 0));
        table_number(t, ath_row_int(row, 1));
        table_number(t, (long long)(seconds * 1000));
    } else if (c) {
        *error = *ath_error(c);
    }
    ath_result_close(result);
    ath_connection_close(c);
    return row != NULL;
}

ath_status there_and_back(ath_engine *db, ath_error *error) {
    Table t = table_start("when", "column", "#packages", "#sections", "#ms", NULL);
    bool fine = show(&t, db, "at head", "section_id", 0, error);
    double start = seconds_now();
    fine = fine && run(ath_migrate_downgrade, db, BEFORE_SECTIONS, error) == ATH_OK &&
           show(&t, db, "down to " BEFORE_SECTIONS, "section", seconds_now() - start, error);
    start = seconds_now();
    fine = fine && migrate(db, error) == ATH_OK && show(&t, db, "up again", "section_id", seconds_now() - start, error);
    table_print(&t, "A data migration: sections go back into the packages, and out of them again");
    return fine ? ATH_OK : error->status;
}
