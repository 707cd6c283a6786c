/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: revisions and their runs.  A revision is a C file that reads like Alembic's
 *
 *     #include <athanor/migrate.h>
 *
 *     ATH_REVISION("1975ea83b712", .down = "ae1027a6acfa", .message = "add posts");
 *
 *     ATH_UPGRADE(op) { ath_op_create_table(op, "posts", ath_op_column("id", ATH_INTEGER, .primary_key = true)); }
 *     ATH_DOWNGRADE(op) { ath_op_drop_table(op, "posts"); }
 *
 * or an SQL file with the same things said in comments (docs/migrations.md).  `athanor` compiles C files when they are
 * needed; a program that links them runs them by itself:
 *
 *     ATH_REVISIONS(Migrations);      // in one file: every revision that is linked into this program
 *
 *     ath_migration m = ath_migration_of(&Migrations, .error = &error);
 *     if (ath_migrate_upgrade(db, &m, "head") != ATH_OK) ...
 */
#ifndef ATHANOR_MIGRATE_H
#define ATHANOR_MIGRATE_H

#include <athanor/op.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a revision says of itself.  Lists are written with commas: .down = "cccc, dddd" is a merge. */
typedef struct ath_revision {
    size_t struct_size;
    const char *id;            /* no @ - + : , and no blanks; up to 255 characters */
    const char *down;          /* its parents; NULL: a base */
    const char *message;       /* one line, shown by history */
    const char *depends_on;    /* revisions (or labels) of other branches that must be there first */
    const char *branch_labels; /* names of the branch that begins here */
    const char *create_date;   /* "2026-11-21 17:00:00" */
    const char *doc;           /* more words, shown by show and history -v */
    const char *replaces;      /* squashed: the revisions that this one stands for */
    const char *irreversible;  /* why there is no way back; downgrade refuses with these words */
    bool no_transaction;       /* not inside of one, even where DDL could be */
    const char *file;
} ath_revision;

typedef void (*ath_revision_fn)(ath_ops *op);

/* One thing that a revision's file defines: itself, its way up, its way down. */
typedef struct ath_revision_part {
    const ath_revision *revision;
    int way; /* 0: itself; 1: up; -1: down */
    ath_revision_fn fn;
} ath_revision_part;

#define ATH_REVISION_PART_(suffix, which, function)                                                                    \
    static const ath_revision_part ath_part_##suffix##_ = {&ath_revision_here_, which, function};                      \
    static const ath_revision_part *const ath_part_ref_##suffix##_ __attribute__((used, section("ath_revisions"))) =   \
        &ath_part_##suffix##_

/* First in a revision's file. */
#define ATH_REVISION(...)                                                                                              \
    static const ath_revision ath_revision_here_ = {                                                                   \
        .struct_size = sizeof(ath_revision), .file = __FILE__, .id = __VA_ARGS__};                                     \
    ATH_REVISION_PART_(self, 0, NULL)
#define ATH_UPGRADE(op) ATH_REVISION_FUNCTION_(upgrade, 1, op)
#define ATH_DOWNGRADE(op) ATH_REVISION_FUNCTION_(downgrade, -1, op)
#define ATH_REVISION_FUNCTION_(name, which, op)                                                                        \
    static void ath_revision_##name##_(ath_ops *op);                                                                   \
    ATH_REVISION_PART_(name, which, ath_revision_##name##_);                                                           \
    static void ath_revision_##name##_(__attribute__((unused)) ath_ops *op)

/* A revision written in SQL, carried by a program (`athanor bundle` writes these). */
typedef struct ath_revision_text {
    const char *file;
    const char *text;
    const char *checksum; /* of the file it was made from; NULL: of the text */
} ath_revision_text;

/* The revisions that are linked into a program. */
typedef struct ath_revision_set {
    const ath_revision_part *const *first, *const *end;
    const ath_revision_text *texts;
    size_t text_count;
} ath_revision_set;

#define ATH_REVISIONS(Name)                                                                                            \
    extern const ath_revision_part *const __start_ath_revisions[] __attribute__((visibility("hidden"), weak));         \
    extern const ath_revision_part *const __stop_ath_revisions[] __attribute__((visibility("hidden"), weak));          \
    const ath_revision_set Name = {__start_ath_revisions, __stop_ath_revisions, NULL, 0}

#ifdef __cplusplus
}
#endif

#endif
