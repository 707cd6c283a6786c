/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes: an assignment and a delete in one transaction, and a transaction that is given up.
 */
#include "demo.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

static void show(Table *t, ath_session *s, const char *moment, const Section *section) {
    table_text(t, moment);
    table_text(t, section->name);
    table_number(t, ath_count(s, Package));
    table_number(t, ath_count(s, Dependency));
    table_number(t, ath_count(s, File));
}

/* The package with most files. */
static Package *fullest_package(ath_session *s) {
    const ath_value *id = ath_scalar(s, ath_select(.columns = ath_cols(ath_col(File, package_id)),
                                                   .group_by = ath_by(ath_col(File, package_id)),
                                                   .order_by = ath_by(ath_desc(ath_count_all())), .limit = 1));
    return id ? ath_get(s, Package, id->as.i) : NULL;
}

/* Rows that refer to the package go with it: ON DELETE CASCADE. */
static ath_status rename_and_delete(ath_session *s, Section *section, Package *package, Table *t) {
    char name[80];
    snprintf(name, sizeof name, "%.60s, renamed", section->name);
    show(t, s, "before", section);
    ATH_TRANSACTION(s) {
        section->name = name; /* lives until the flush, which copies it */
        ath_delete(s, package);
    }
    if (ath_error(s)->status == ATH_OK)
        show(t, s, "renamed and deleted", section);
    return ath_error(s)->status;
}

/* Leaving the block early rolls back: in the database, and in the structs. */
static ath_status give_up(ath_session *s, Section *section, Table *t) {
    ATH_TRANSACTION(s) {
        section->name = "nonsense";
        if (ath_delete_where(s, File, .all_rows = true) < 0)
            return ath_error(s)->status;
        show(t, s, "in the transaction", section);
        break;
    }
    show(t, s, "rolled back", section);
    return ath_error(s)->status;
}

static ath_status change_in(ath_session *s) {
    Section *section = ath_first(s, Section, .order_by = ath_by(ath_col(Section, name)));
    Package *package = section ? fullest_package(s) : NULL;
    if (!package)
        return ath_error(s)->status;
    char heading[200];
    snprintf(heading, sizeof heading, "Section %.60s gets another name, package %.60s is deleted", section->name,
             package->name);
    Table t = table_start("when", "section", "#packages", "#dependencies", "#files", NULL);
    ath_status status = rename_and_delete(s, section, package, &t);
    if (status == ATH_OK)
        status = give_up(s, section, &t);
    table_print(&t, heading);
    return status;
}

ath_status change(ath_engine *db, ath_error *error) {
    ath_session *s = ath_session_open(db, .error = error);
    if (!s)
        return error->status;
    ath_status status = change_in(s);
    *error = *ath_error(s);
    ath_session_close(s);
    return status;
}
