/* SPDX-License-Identifier: Apache-2.0
 *
 * From the catalog to rows: a plain struct for each, made in a session; a flush writes many with one statement and puts
 * the keys that the database gave into the structs.
 */
#include "demo.h"

#include <stdlib.h>

/* The structs of the rows that others refer to, by their position in the catalog. */
typedef struct Made {
    Section **sections;
    Maintainer **maintainers;
    Package **packages;
} Made;

/* ---- table by table ---- */

/* ath_new gives NULL when memory has run out; ath_error(s) then says so.  A row that the database refuses is found by the
 * flush. */
static bool new_sections(ath_session *s, const Catalog *c, Made *made, Progress *progress) {
    for (size_t i = 0; i < c->section_count; i++) {
        made->sections[i] = ath_new(s, Section, .name = c->sections[i]);
        if (!made->sections[i])
            return false;
        progress_step(progress);
    }
    return true;
}

static bool new_maintainers(ath_session *s, const Catalog *c, Made *made, Progress *progress) {
    for (size_t i = 0; i < c->maintainer_count; i++) {
        const Person *person = &c->maintainers[i];
        made->maintainers[i] = ath_new(s, Maintainer, .name = person->name, .email = person->email);
        if (!made->maintainers[i])
            return false;
        progress_step(progress);
    }
    return true;
}

static bool new_packages(ath_session *s, const Catalog *c, Made *made, Progress *progress) {
    for (size_t i = 0; i < c->package_count; i++) {
        const Record *r = &c->packages[i];
        made->packages[i] =
            ath_new(s, Package, .name = r->name, .version = r->version, .architecture = r->architecture,
                    .section_id = made->sections[r->section]->id, .maintainer_id = made->maintainers[r->maintainer]->id,
                    .priority = r->priority, .essential = r->essential,
                    .installed_size = {.value = r->installed_size, .has = r->installed_size >= 0},
                    .description = r->description, .homepage = r->homepage);
        if (!made->packages[i])
            return false;
        progress_step(progress);
    }
    return true;
}

static bool new_dependencies(ath_session *s, const Catalog *c, const Made *made, Progress *progress) {
    for (size_t i = 0; i < c->link_count; i++) {
        const Link *link = &c->links[i];
        if (!ath_new(s, Dependency, .package_id = made->packages[link->package]->id,
                     .target_id = made->packages[link->target]->id, .kind = link->kind, .version = link->version))
            return false;
        progress_step(progress);
    }
    return true;
}

/* One transaction for all that is not a file.  The flushes are there for the keys; ids[i] receives package i's. */
static ath_status load_packages(ath_session *s, const Catalog *c, Made *made, int64_t *ids, Progress *progress) {
    if (!new_sections(s, c, made, progress) || !new_maintainers(s, c, made, progress) || ath_flush(s) != ATH_OK ||
        !new_packages(s, c, made, progress) || ath_flush(s) != ATH_OK || !new_dependencies(s, c, made, progress) ||
        ath_commit(s) != ATH_OK)
        return ath_error(s)->status;
    for (size_t i = 0; i < c->package_count; i++)
        ids[i] = made->packages[i]->id;
    return ATH_OK;
}

/* ---- files: the many ---- */

static ath_status load_files(ath_session *s, const Catalog *c, size_t from, size_t to, const int64_t *ids,
                             Progress *progress) {
    for (size_t i = from; i < to; i++) {
        const Entry *e = &c->files[i];
        if (!ath_new(s, File, .package_id = ids[e->package], .path = e->path, .directory = e->directory, .md5 = e->md5))
            return ath_error(s)->status;
        progress_step(progress);
    }
    return ath_commit(s);
}

/* A session keeps every object until it is closed, so that each batch gets one of its own: memory stays bounded however
 * many files there are. */
static ath_status load_all_files(ath_engine *db, const Catalog *c, const int64_t *ids, Progress *progress,
                                 ath_error *error) {
    ath_status status = ATH_OK;
    for (size_t from = 0; from < c->file_count && status == ATH_OK; from += FILES_PER_COMMIT) {
        size_t to = from + FILES_PER_COMMIT < c->file_count ? from + FILES_PER_COMMIT : c->file_count;
        ath_session *s = ath_session_open(db, .error = error);
        if (!s)
            return error->status;
        status = load_files(s, c, from, to, ids, progress);
        *error = *ath_error(s);
        ath_session_close(s);
    }
    return status;
}

/* ---- the whole ---- */

static ath_status load_in(ath_engine *db, const Catalog *c, Made *made, int64_t *ids, Progress *progress,
                          ath_error *error) {
    ath_session *s = ath_session_open(db, .error = error);
    if (!s)
        return error->status;
    ath_status status = load_packages(s, c, made, ids, progress);
    *error = *ath_error(s);
    ath_session_close(s);
    return status == ATH_OK ? load_all_files(db, c, ids, progress, error) : status;
}

ath_status load(ath_engine *db, const Catalog *c, Progress *progress, ath_error *error) {
    Made made = {.sections = calloc(c->section_count, sizeof *made.sections),
                 .maintainers = calloc(c->maintainer_count, sizeof *made.maintainers),
                 .packages = calloc(c->package_count, sizeof *made.packages)};
    int64_t *ids = calloc(c->package_count, sizeof *ids);
    ath_status status = ATH_NO_MEMORY;
    *error = (ath_error){.status = ATH_NO_MEMORY, .message = "out of memory"};
    if (made.sections && made.maintainers && made.packages && ids)
        status = load_in(db, c, &made, ids, progress, error);
    free(made.sections);
    free(made.maintainers);
    free(made.packages);
    free(ids);
    return status;
}
