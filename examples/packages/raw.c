/* SPDX-License-Identifier: Apache-2.0
 *
 * The load of load.c as it is written by hand: sqlite3 alone, one prepared INSERT a table, one row at a time, the same
 * tables, settings and transactions.
 */
#include "demo.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Raw {
    sqlite3 *db;
    sqlite3_stmt *insert;                       /* of the table being filled */
    int64_t *sections, *maintainers, *packages; /* keys, by position in the catalog */
    bool failed;
} Raw;

static void check(Raw *raw, int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || raw->failed)
        return;
    fprintf(stderr, "packages: sqlite3: %s\n", sqlite3_errmsg(raw->db));
    raw->failed = true;
}

static void run(Raw *raw, const char *sql) {
    check(raw, sqlite3_exec(raw->db, sql, NULL, NULL, NULL));
}

static void prepare(Raw *raw, const char *sql) {
    sqlite3_finalize(raw->insert);
    raw->insert = NULL;
    check(raw, sqlite3_prepare_v2(raw->db, sql, -1, &raw->insert, NULL));
}

static void bind_text(Raw *raw, int at, const char *text) {
    check(raw, sqlite3_bind_text(raw->insert, at, text, -1, SQLITE_STATIC)); /* NULL binds NULL */
}

static void bind_int(Raw *raw, int at, int64_t value) {
    check(raw, sqlite3_bind_int64(raw->insert, at, value));
}

/* Writes the row that was bound; its key. */
static int64_t insert(Raw *raw) {
    check(raw, sqlite3_step(raw->insert));
    check(raw, sqlite3_reset(raw->insert));
    return sqlite3_last_insert_rowid(raw->db);
}

/* ---- table by table ---- */

static void raw_sections(Raw *raw, const Catalog *c) {
    prepare(raw,
            "INSERT INTO sections (name, created_at, updated_at) VALUES (?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
    for (size_t i = 0; i < c->section_count && !raw->failed; i++) {
        bind_text(raw, 1, c->sections[i]);
        raw->sections[i] = insert(raw);
    }
}

static void raw_maintainers(Raw *raw, const Catalog *c) {
    prepare(raw, "INSERT INTO maintainers (name, email) VALUES (?, ?)");
    for (size_t i = 0; i < c->maintainer_count && !raw->failed; i++) {
        bind_text(raw, 1, c->maintainers[i].name);
        bind_text(raw, 2, c->maintainers[i].email);
        raw->maintainers[i] = insert(raw);
    }
}

static void raw_packages(Raw *raw, const Catalog *c) {
    prepare(raw, "INSERT INTO packages (name, version, architecture, section_id, maintainer_id, priority, essential, "
                 "installed_size, description, homepage, created_at, updated_at) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
    for (size_t i = 0; i < c->package_count && !raw->failed; i++) {
        const Record *r = &c->packages[i];
        bind_text(raw, 1, r->name);
        bind_text(raw, 2, r->version);
        bind_text(raw, 3, r->architecture);
        bind_int(raw, 4, raw->sections[r->section]);
        bind_int(raw, 5, raw->maintainers[r->maintainer]);
        bind_text(raw, 6, priority_names[r->priority]);
        bind_int(raw, 7, r->essential);
        if (r->installed_size >= 0)
            bind_int(raw, 8, r->installed_size);
        else
            check(raw, sqlite3_bind_null(raw->insert, 8));
        bind_text(raw, 9, r->description);
        bind_text(raw, 10, r->homepage);
        raw->packages[i] = insert(raw);
    }
}

static void raw_dependencies(Raw *raw, const Catalog *c) {
    prepare(raw, "INSERT INTO dependencies (package_id, target_id, kind, version) VALUES (?, ?, ?, ?)");
    for (size_t i = 0; i < c->link_count && !raw->failed; i++) {
        const Link *link = &c->links[i];
        bind_int(raw, 1, raw->packages[link->package]);
        bind_int(raw, 2, raw->packages[link->target]);
        bind_text(raw, 3, kind_names[link->kind]);
        bind_text(raw, 4, link->version);
        insert(raw);
    }
}

static void raw_files(Raw *raw, const Catalog *c) {
    prepare(raw, "INSERT INTO files (package_id, path, directory, md5) VALUES (?, ?, ?, ?)");
    for (size_t i = 0; i < c->file_count && !raw->failed; i++) {
        const Entry *e = &c->files[i];
        if (i % FILES_PER_COMMIT == 0)
            run(raw, "BEGIN");
        bind_int(raw, 1, raw->packages[e->package]);
        bind_text(raw, 2, e->path);
        bind_text(raw, 3, e->directory);
        bind_text(raw, 4, e->md5);
        insert(raw);
        if (i % FILES_PER_COMMIT == FILES_PER_COMMIT - 1 || i == c->file_count - 1)
            run(raw, "COMMIT");
    }
}

/* ---- the whole ---- */

static void raw_all(Raw *raw, const Catalog *c) {
    /* What Athanor sets on a file; it opens files without a mutex, too. */
    run(raw, "PRAGMA foreign_keys = on; PRAGMA journal_mode = wal; PRAGMA synchronous = normal");
    run(raw, "BEGIN");
    raw_sections(raw, c);
    raw_maintainers(raw, c);
    raw_packages(raw, c);
    raw_dependencies(raw, c);
    run(raw, "COMMIT");
    raw_files(raw, c);
}

bool raw_load(const char *path, const Catalog *c) {
    int64_t *keys = calloc(c->section_count + c->maintainer_count + c->package_count, sizeof *keys);
    Raw raw = {.sections = keys, .failed = !keys};
    if (keys) {
        raw.maintainers = raw.sections + c->section_count;
        raw.packages = raw.maintainers + c->maintainer_count;
        check(&raw, sqlite3_open_v2(path, &raw.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    }
    if (!raw.failed)
        raw_all(&raw, c);
    sqlite3_finalize(raw.insert);
    sqlite3_close(raw.db);
    free(keys);
    return !raw.failed;
}
