/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of the example, as structs: what a Debian machine knows of its packages.
 */
#ifndef PACKAGES_MODELS_H
#define PACKAGES_MODELS_H

#include <athanor/athanor.h>

/* A mixin: columns that several tables share. */
typedef struct Stamps {
    ath_datetime created_at, updated_at;
} Stamps;
ATH_DECLARE_MIXIN(Stamps);

typedef struct Section {
    int64_t id;
    const char *name;
    Stamps stamps;
} Section;

typedef struct Maintainer {
    int64_t id;
    const char *name, *email;
} Maintainer;

/* Kept in the database by label. */
typedef enum Priority { REQUIRED, IMPORTANT, STANDARD, OPTIONAL, EXTRA } Priority;

typedef struct Package {
    int64_t id;
    const char *name, *version, *architecture;
    int64_t section_id, maintainer_id;
    Priority priority;
    bool essential;
    ath_opt_i64 installed_size; /* KiB; not every package says */
    const char *description;
    const char *homepage; /* may be NULL */
    Stamps stamps;
} Package;

typedef enum Kind { DEPENDS, PRE_DEPENDS, RECOMMENDS } Kind;

/* An association object: that one package wants another, and how. */
typedef struct Dependency {
    int64_t package_id, target_id;
    Kind kind;
    const char *version; /* "(>= 2.36)"; NULL: any */
} Dependency;

typedef struct File {
    int64_t id, package_id;
    const char *path, *directory;
    const char *md5; /* NULL for folders, links and settings */
} File;

ATH_DECLARE(Section);
ATH_DECLARE(Maintainer);
ATH_DECLARE(Package);
ATH_DECLARE(Dependency);
ATH_DECLARE(File);
ATH_DECLARE_METADATA(Packages);

/* The labels of Priority and Kind, in their order. */
extern const char *const priority_names[5];
extern const char *const kind_names[3];

#endif
