/* SPDX-License-Identifier: Apache-2.0
 *
 * What dpkg knows, read into memory: packages, their sections, maintainers and dependencies, and their files.  Everything
 * refers to everything else by position, so that it can be loaded table by table.
 */
#ifndef PACKAGES_PARSE_H
#define PACKAGES_PARSE_H

#include "models.h"
#include "text.h"

typedef struct Person {
    const char *name, *email;
} Person;

typedef struct Record {
    const char *name, *version, *architecture, *description, *homepage;
    size_t section, maintainer; /* positions */
    Priority priority;
    bool essential;
    long long installed_size;    /* KiB; -1: not given */
    char *wants[3];              /* the texts of Depends, Pre-Depends, Recommends; NULL when there is none */
    const char *section_name;    /* for the reader itself */
    const char *maintainer_text; /* the same */
} Record;

typedef struct Link {
    size_t package, target; /* positions */
    Kind kind;
    const char *version; /* may be NULL */
} Link;

typedef struct Entry {
    size_t package; /* position */
    const char *path, *directory, *md5;
} Entry;

typedef struct Catalog {
    const char **sections;
    Person *maintainers;
    Record *packages; /* sorted by name and architecture */
    Link *links;
    Entry *files;
    size_t section_count, maintainer_count, package_count, link_count, file_count;
    Pool pool; /* every text above */
} Catalog;

/* Reads `root`/status and `root`/info/.  False, with a line on standard error, when there is no status file or nothing in
 * it.  Free it with catalog_free either way. */
bool catalog_read(Catalog *catalog, const char *root);
void catalog_free(Catalog *catalog);

/* All rows that the catalog will make. */
size_t catalog_rows(const Catalog *catalog);

/* files.c: the file lists of all packages. */
void read_files(Catalog *catalog, const char *root);

#endif
