/* SPDX-License-Identifier: Apache-2.0
 *
 * A program that brings its database up to date by itself, before it works with it. */
#include "cookbook.h"

#include <athanor/migrate.h>

/* Base.metadata.create_all(bind=engine)
 *
 * makes what is not there, and never changes what is: a column that the model got later is missing.  Revisions change it. */
ATH_REVISION("add_stars", .down = "notes", .message = "notes have stars");

ATH_UPGRADE(op) {
    ath_op_add_column(op, "notes", ath_op_column("stars", ATH_INTEGER, .not_null = true, .server_default = ath_int(3)));
    ath_op_execute(op, ath_update_of(.table = "notes", .set = ath_set(ath_name_to("stars", 5)),
                                     .where = ath_eq(ath_name("notes", "title"), "first")));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_column(op, "notes", "stars");
}

ATH_REVISIONS(Linked); /* those in C that are linked into this program, from all of its files */

static const ath_revision_text in_sql[] = {{.file = "notes.sql",
                                            .text =
                                                "-- revision: notes\n"
                                                "-- message: notes\n"
                                                "-- +up\n"
                                                "CREATE TABLE notes (id INTEGER PRIMARY KEY, title VARCHAR(50));\n"
                                                "INSERT INTO notes (id, title) VALUES (1, 'first'), (2, 'second');\n"
                                                "-- +down\n"
                                                "DROP TABLE notes;\n"}};

static ath_status print_revision(void *context, const ath_revision *revision, bool is_head) {
    printf("%s: %s%s\n", (const char *)context, revision->id, is_head ? " (head)" : "");
    return ATH_OK;
}

static bool print_notes(ath_engine *engine) {
    ath_connection *connection = ath_connect(engine);
    ath_result *notes = connection ? ath_execute(connection, ath_text("SELECT * FROM notes ORDER BY id")) : NULL;
    for (const ath_row *row; (row = ath_fetch(notes)) != NULL;) {
        const ath_value *stars = ath_row_get(row, "stars");
        printf("%s has %" PRId64 " stars\n", ath_row_text(row, 1), stars ? stars->as.i : 0);
    }
    ath_result_close(notes);
    ath_connection_close(connection);
    return notes != NULL;
}

/* command.upgrade(config, "head"); command.downgrade(config, "-1") */
static bool migrate(ath_engine *engine, const ath_migration *m) {
    char pending[] = "pending", current[] = "current";
    return ath_migrate_pending(engine, m, "head", print_revision, pending) == ATH_OK &&
           ath_migrate_upgrade(engine, m, "head") == ATH_OK &&
           ath_migrate_upgrade(engine, m, "head") == ATH_OK && /* there is nothing more to do */
           ath_migrate_current(engine, m, print_revision, current) == ATH_OK && print_notes(engine) &&
           ath_migrate_downgrade(engine, m, "-1") == ATH_OK &&
           ath_migrate_current(engine, m, print_revision, current) == ATH_OK && print_notes(engine);
}

int main(void) {
    ath_error error = {0};
    const ath_revision_set all = {.first = Linked.first, .end = Linked.end, .texts = in_sql, .text_count = 1};
    ath_migration migration = ath_migration_of(&all, .error = &error);
    ath_engine *engine = ath_engine_open(cookbook_url(), .error = &error);
    bool ok = engine && migrate(engine, &migration);
    if (!ok)
        fprintf(stderr, "%s\n", error.message);
    ath_engine_close(engine);
    return ok ? 0 : 1;
}
