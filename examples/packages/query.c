/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to the database, in the query language: joins, groups, aliases, a recursive common table expression.
 *
 * The rows of a query with columns of its own become structs of a projection: fields are matched to columns by name.
 */
#include "demo.h"
#include "table.h"

#include <stdio.h>

enum { SHOWN = 8 };

/* ---- the largest sections ---- */

typedef struct SectionSize {
    const char *name;
    int64_t packages, size;
} SectionSize;

ATH_PROJECTION(SectionSize) {
    ath_column(name);
    ath_column(packages);
    ath_column(size);
}

static ath_status largest_sections(ath_session *s) {
    SectionSize **rows = ath_into(
        s, SectionSize,
        ath_select(.columns = ath_cols(ath_col(Section, name), ath_label(ath_count(ath_col(Package, id)), "packages"),
                                       ath_label(ath_coalesce(ath_sum(ath_col(Package, installed_size)), 0), "size")),
                   .joins =
                       ath_joins(ath_join(Package, .on = ath_eq(ath_col(Package, section_id), ath_col(Section, id)))),
                   .group_by = ath_by(ath_col(Section, name)),
                   .order_by = ath_by(ath_desc(ath_name(NULL, "size")), ath_col(Section, name)), .limit = SHOWN));
    if (!rows)
        return ath_error(s)->status;
    Table t = table_start("section", "#packages", "#KiB", NULL);
    ath_each(SectionSize, row, rows) {
        table_text(&t, row->name);
        table_number(&t, row->packages);
        table_number(&t, row->size);
    }
    table_print(&t, "The largest sections");
    return ATH_OK;
}

/* ---- maintainers with most packages ---- */

typedef struct Care {
    const char *name;
    int64_t packages;
} Care;

ATH_PROJECTION(Care) {
    ath_column(name);
    ath_column(packages);
}

/* Without .on a join follows the one foreign key between the two tables. */
static ath_status busiest_maintainers(ath_session *s) {
    Care **rows =
        ath_into(s, Care,
                 ath_select(.columns = ath_cols(ath_col(Maintainer, name),
                                                ath_label(ath_count(ath_col(Package, id)), "packages")),
                            .joins = ath_joins(ath_join(Package)),
                            .group_by = ath_by(ath_col(Maintainer, id), ath_col(Maintainer, name)),
                            .having = ath_gt(ath_count(ath_col(Package, id)), 1),
                            .order_by = ath_by(ath_desc(ath_name(NULL, "packages")), ath_col(Maintainer, name)),
                            .limit = SHOWN));
    if (!rows)
        return ath_error(s)->status;
    Table t = table_start("maintainer", "#packages", NULL);
    ath_each(Care, row, rows) {
        table_text(&t, row->name);
        table_number(&t, row->packages);
    }
    table_print(&t, "Maintainers with most packages");
    return ATH_OK;
}

/* ---- who depends on a package ---- */

typedef struct Dependent {
    const char *name, *version;
    Kind kind;
} Dependent;

ATH_PROJECTION(Dependent) {
    ath_column(name);
    ath_column(version, .nullable = true);
    ath_column(kind, .type = ATH_ENUM("depends", "pre-depends", "recommends"));
}

/* The table of packages stands on both ends of a dependency, so the far end gets an alias. */
static ath_status dependents_of(ath_session *s, const char *name) {
    Dependent **rows = ath_into(
        s, Dependent,
        ath_select(.columns = ath_cols(ath_col(Package, name), ath_col(Dependency, kind), ath_col(Dependency, version)),
                   .from = ath_from(ath_model_source(Package)),
                   .joins = ath_joins(
                       ath_join(Dependency, .on = ath_eq(ath_col(Dependency, package_id), ath_col(Package, id))),
                       ath_join_to(ath_model_as(Package, "target"),
                                   .on = ath_eq(ath_col(Dependency, target_id), ath_col_of("target", Package, id)))),
                   .where = ath_and(ath_eq(ath_col_of("target", Package, name), name),
                                    ath_in(ath_col(Dependency, kind), DEPENDS, PRE_DEPENDS)),
                   .order_by = ath_by(ath_desc(ath_col(Package, installed_size)), ath_col(Package, name))));
    if (!rows)
        return ath_error(s)->status;
    Table t = table_start("package", "how", "which version", NULL);
    for (size_t i = 0; i < ath_len(rows) && i < SHOWN; i++) {
        table_text(&t, rows[i]->name);
        table_text(&t, kind_names[rows[i]->kind]);
        table_text(&t, rows[i]->version);
    }
    char heading[200];
    snprintf(heading, sizeof heading, "%s packages depend on %s; the largest", thousands((long long)ath_len(rows)),
             name);
    table_print(&t, heading);
    return ATH_OK;
}

/* ---- what a package pulls in ---- */

/* The package that wants most others. */
static Package *neediest_package(ath_session *s) {
    return ath_first(
        s, Package,
        .order_by =
            ath_by(ath_desc(ath_subquery(
                       ath_select(.columns = ath_cols(ath_count_all()), .from = ath_from(ath_model_source(Dependency)),
                                  .where = ath_eq(ath_col(Dependency, package_id), ath_col(Package, id))))),
                   ath_col(Package, name)));
}

/* WITH RECURSIVE needed: first what the package itself wants, then what that wants, until nothing new comes. */
static Package **needed_by(ath_session *s, const Package *package) {
    const ath_expr *firmly = ath_ne(ath_col(Dependency, kind), RECOMMENDS);
    return ath_all(
        s, Package,
        .with = ath_with("needed", ath_names("id"),
                         ath_select(.columns = ath_cols(ath_col(Dependency, target_id)),
                                    .where = ath_and(ath_eq(ath_col(Dependency, package_id), package->id), firmly)),
                         .recursive = ath_select(.columns = ath_cols(ath_col(Dependency, target_id)),
                                                 .from = ath_from(ath_table_ref("needed")),
                                                 .joins = ath_joins(
                                                     ath_join(Dependency, .on = ath_eq(ath_col(Dependency, package_id),
                                                                                       ath_name("needed", "id")))),
                                                 .where = firmly)),
        .joins = ath_joins(
            ath_join_to(ath_table_ref("needed"), .on = ath_eq(ath_col(Package, id), ath_name("needed", "id")))),
        .order_by = ath_by(ath_desc(ath_col(Package, installed_size)), ath_col(Package, name)));
}

static ath_status pulled_in(ath_session *s) {
    Package *package = neediest_package(s), **needed = package ? needed_by(s, package) : NULL;
    if (!needed)
        return ath_error(s)->status;
    Table t = table_start("package", "version", "#KiB", NULL);
    long long total = 0;
    for (size_t i = 0; i < ath_len(needed); i++) {
        total += needed[i]->installed_size.value;
        if (i >= SHOWN)
            continue;
        table_text(&t, needed[i]->name);
        table_text(&t, needed[i]->version);
        table_number(&t, needed[i]->installed_size.value);
    }
    char heading[200];
    snprintf(heading, sizeof heading, "%s pulls in %s packages, %s KiB; the largest", package->name,
             thousands((long long)ath_len(needed)), thousands(total));
    table_print(&t, heading);
    return ATH_OK;
}

/* ---- full folders ---- */

typedef struct Folder {
    const char *directory;
    int64_t files, packages;
} Folder;

ATH_PROJECTION(Folder) {
    ath_column(directory);
    ath_column(files);
    ath_column(packages);
}

/* Only files have a checksum, folders have none. */
static ath_status fullest_folders(ath_session *s) {
    Folder **rows = ath_into(
        s, Folder,
        ath_select(.columns = ath_cols(ath_col(File, directory), ath_label(ath_count_all(), "files"),
                                       ath_label(ath_count_distinct(ath_col(File, package_id)), "packages")),
                   .where = ath_is_not_null(ath_col(File, md5)), .group_by = ath_by(ath_col(File, directory)),
                   .order_by = ath_by(ath_desc(ath_name(NULL, "files")), ath_col(File, directory)), .limit = SHOWN));
    if (!rows)
        return ath_error(s)->status;
    Table t = table_start("folder", "#files", "#of packages", NULL);
    ath_each(Folder, row, rows) {
        table_text(&t, row->directory);
        table_number(&t, row->files);
        table_number(&t, row->packages);
    }
    table_print(&t, "Folders with most files");
    return ATH_OK;
}

/* ---- the whole ---- */

static ath_status ask_all(ath_session *s) {
    ath_status status = largest_sections(s);
    if (status == ATH_OK)
        status = busiest_maintainers(s);
    if (status == ATH_OK)
        status = dependents_of(s, "libc6");
    if (status == ATH_OK)
        status = pulled_in(s);
    return status == ATH_OK ? fullest_folders(s) : status;
}

ath_status ask(ath_engine *db, ath_error *error) {
    ath_session *s = ath_session_open(db, .error = error);
    if (!s)
        return error->status;
    ath_status status = ask_all(s);
    *error = *ath_error(s);
    ath_session_close(s);
    return status;
}
