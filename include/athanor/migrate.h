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
 *
 * A run is never alone by luck: it takes a lock first, and others wait for it.  Where the database can, what a revision does and
 * the row that says so are one transaction; where it cannot, each statement is written into a journal before and
 * after, and the next run goes on from there.
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
    const char
        *checksum; /* of the file, where the builder of the program has noted it (athanor bundle); NULL: not known */
} ath_revision;

typedef struct ath_migration ath_migration;
typedef void (*ath_revision_fn)(ath_ops *op);
typedef void (*ath_environment_fn)(ath_migration *env);

/* One thing that a file defines: a revision itself, its way up, its way down; or the environment. */
typedef struct ath_revision_part {
    const ath_revision *revision;
    int way; /* 0: itself; 1: up; -1: down; 2: the environment */
    ath_revision_fn fn;
    ath_environment_fn environment;
} ath_revision_part;

#define ATH_REVISION_PART_(suffix, ...)                                                                                \
    static const ath_revision_part ath_part_##suffix##_ = {__VA_ARGS__};                                               \
    static const ath_revision_part *const ath_part_ref_##suffix##_ __attribute__((used, section("ath_revisions"))) =   \
        &ath_part_##suffix##_

#ifndef ATH_REVISION_CHECKSUM_
#define ATH_REVISION_CHECKSUM_ NULL
#endif

/* First in a revision's file. */
#define ATH_REVISION(...)                                                                                              \
    static const ath_revision ath_revision_here_ = {                                                                   \
        .struct_size = sizeof(ath_revision), .file = __FILE__, .checksum = ATH_REVISION_CHECKSUM_, .id = __VA_ARGS__}; \
    ATH_REVISION_PART_(self, &ath_revision_here_, 0, NULL, NULL)
#define ATH_UPGRADE(op) ATH_REVISION_FUNCTION_(upgrade, 1, op)
#define ATH_DOWNGRADE(op) ATH_REVISION_FUNCTION_(downgrade, -1, op)
#define ATH_REVISION_FUNCTION_(name, which, op)                                                                        \
    static void ath_revision_##name##_(ath_ops *op);                                                                   \
    ATH_REVISION_PART_(name, &ath_revision_here_, which, ath_revision_##name##_, NULL);                                \
    static void ath_revision_##name##_(__attribute__((unused)) ath_ops *op)

/* In env.c, which stands beside the folder of revisions: says what a run cannot know by itself, by changing what
 * it was given.  Texts that it sets must last (static ones).
 *
 *     #include <athanor/migrate.h>
 *     #include "../models.h"
 *
 *     ATH_ENVIRONMENT(env) {
 *         env->metadata = &Blog;                                        // what autogenerate compares with
 *         if (getenv("BLOG_DATABASE")) env->url = getenv("BLOG_DATABASE");
 *     }
 */
#define ATH_ENVIRONMENT(env)                                                                                           \
    static void ath_environment_here_(ath_migration *env);                                                             \
    ATH_REVISION_PART_(environment, NULL, 2, NULL, ath_environment_here_);                                             \
    static void ath_environment_here_(__attribute__((unused)) ath_migration *env)

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

/* ---- runs -------------------------------------------------------------------------------------------------------- */

typedef enum ath_migration_way { ATH_WAY_STAMP = 0, ATH_WAY_UP = 1, ATH_WAY_DOWN = -1 } ath_migration_way;

/* What a run is doing, told before it is done. */
typedef enum ath_migration_moment {
    ATH_MOMENT_WAITING = 1, /* for another runner: `text` says whom */
    ATH_MOMENT_STEP,        /* a revision begins: `revision`, `step` of `steps` */
    ATH_MOMENT_STATEMENT,   /* a statement begins: `text`, `statement` (from 1, within the step) */
    ATH_MOMENT_RETRY,       /* a lock was not to be had in time, and is asked for again: `text` says what failed */
    ATH_MOMENT_RESUMED,     /* statements that an earlier run has done are not done again: `text` */
    ATH_MOMENT_DONE         /* a revision is there, with its row in the version table: `milliseconds` */
} ath_migration_moment;

typedef struct ath_migration_progress {
    size_t struct_size;
    ath_migration_moment moment;
    ath_migration_way way;
    const ath_revision *revision; /* NULL: none (waiting, stamps) */
    size_t step, steps;           /* from 1 */
    size_t statement;
    const char *text;
    int64_t milliseconds;
} ath_migration_progress;

typedef void (*ath_migration_progress_fn)(void *context, const ath_migration_progress *progress);

/* What there is to migrate, and how.  Zero fields are the defaults.  Nothing of it is kept beyond a call, nothing is
 * global, nothing is printed. */
struct ath_migration {
    const ath_revision_set *revisions; /* linked into the program; NULL: none.  First, for ath_migration_of */
    size_t struct_size;
    ath_name_list directories; /* folders of revision files, .c and .sql */
    const char *environment;   /* path of env.c; NULL: there is none, but for one that is linked */
    const char *url; /* where an engine will be opened, for env.c to see and to change (the command does so) */
    const ath_metadata *metadata; /* the models, for autogenerate and check */
    const char *version_table;    /* default "athanor_version", or "alembic_version" where only that is there */
    const char *version_table_schema;
    bool transaction_per_migration; /* otherwise the whole run is one transaction, where the database can */
    ath_said transactional_ddl;     /* whether DDL rolls back, for a script; default: what the database does */
    bool no_lock;                   /* does not keep other runners out */
    bool purge;                     /* stamp: forgets first what the version table says */
    bool verify;                    /* refuses to run when the file of an applied revision has changed since */
    bool dry_run;                   /* runs it all and rolls back; ATH_NOT_SUPPORTED where DDL does not roll back */
    int lock_wait_ms; /* how long another runner is waited for; default 60,000; negative: not at all; INT_MAX: for ever */
    int lock_timeout_ms; /* how long a statement waits for a table that others use; default 4,000; negative: as the server */
    int lock_retries; /* how often such a statement is tried again, after a growing pause; default 10; negative: never */
    int statement_timeout_ms; /* default: none */
    ath_name_list x;          /* what the user gave with -x: "name=value"; for env.c and revisions (ath_op_get_x) */
    const char *user;         /* who runs it, for the history; default: the user of the process */
    ath_log_fn log;           /* "Running upgrade a -> b, message" ... */
    void *log_context;
    ath_migration_progress_fn progress;
    void *progress_context;
    ath_error *error; /* receives why a call failed */
    const ath_allocator *allocator;
    /* How C files are compiled; NULL: the environment's CC and CFLAGS, or cc; the headers where this library was installed. */
    const char *cc, *cflags;
    const char
        *cache; /* a folder; default $XDG_CACHE_HOME/athanor, or ~/.cache/athanor, or .cache beside the revisions */
    /* Called in each transaction that changes the version table, after the change; another status than ATH_OK fails the run. */
    ath_status (*on_version)(void *context, ath_connection *connection, const ath_revision *revision,
                             ath_migration_way way);
    void *on_version_context;
};

#define ath_migration_of(...) ATH_MIGRATION_OF_(__VA_ARGS__, .struct_size = sizeof(ath_migration))
#define ATH_MIGRATION_OF_(...) ((ath_migration){.revisions = __VA_ARGS__})

/* The value of -x name=value, "" for a bare name; NULL: not given. */
ATH_API const char *ath_migration_x(const ath_migration *migration, const char *name);

/* Up or down to a revision: an id or its beginning, head, heads, label@head, +2, -1, base ... (docs/migrations.md).
 * ATH_TIMEOUT: another runner holds the lock; the message says which.  When a revision fails, nothing of it has happened, or
 * the journal says what has; ath_migration.error says which revision and statement, and why. */
ATH_API ath_status ath_migrate_upgrade(ath_engine *engine, const ath_migration *migration, const char *target);
ATH_API ath_status ath_migrate_downgrade(ath_engine *engine, const ath_migration *migration, const char *target);
/* Writes the version table and runs nothing.  Several targets stand between commas. */
ATH_API ath_status ath_migrate_stamp(ath_engine *engine, const ath_migration *migration, const char *targets);
/* Makes the version table if it is not there. */
ATH_API ath_status ath_migrate_ensure_version(ath_engine *engine, const ath_migration *migration);

/* Receives revisions one by one; what it gets is valid during the call.  Another status than ATH_OK ends the walk. */
typedef ath_status (*ath_revision_visit)(void *context, const ath_revision *revision, bool is_head);
/* Where the database is.  A stored id that no file has is passed with its .id alone. */
ATH_API ath_status ath_migrate_current(ath_engine *engine, const ath_migration *migration, ath_revision_visit visit,
                                       void *context);
/* What ath_migrate_upgrade would run, in order. */
ATH_API ath_status ath_migrate_pending(ath_engine *engine, const ath_migration *migration, const char *target,
                                       ath_revision_visit visit, void *context);

/* ---- scripts ----------------------------------------------------------------------------------------------------- */

/* Receives a script piece by piece.  Another status than ATH_OK ends it. */
typedef ath_status (*ath_script_write)(void *context, const char *text, size_t size);

/* The SQL of a run as text for that database ("postgresql"), without a connection.  The range is "to", from base; or
 * "from:to"; downgrades need the latter. */
ATH_API ath_status ath_migrate_upgrade_script(const char *dialect, const ath_migration *migration, const char *range,
                                              ath_script_write write, void *context);
ATH_API ath_status ath_migrate_downgrade_script(const char *dialect, const ath_migration *migration, const char *range,
                                                ath_script_write write, void *context);
ATH_API ath_status ath_migrate_stamp_script(const char *dialect, const ath_migration *migration, const char *range,
                                            ath_script_write write, void *context);
/* The statement that makes the version table. */
ATH_API ath_status ath_migrate_ensure_version_script(const char *dialect, const ath_migration *migration,
                                                     ath_script_write write, void *context);

/* ---- what was run ------------------------------------------------------------------------------------------------ */

/* A line of the history: table athanor_history. */
typedef struct ath_migration_run {
    size_t struct_size;
    int64_t id;
    const char *revision, *message;
    ath_migration_way way;
    const char *checksum;   /* NULL: not known */
    const char *applied_at; /* UTC: "2026-11-21 17:00:00" */
    int64_t milliseconds;
    const char *user, *host, *version; /* of the tool */
    bool success;
    const char *failure; /* NULL: it succeeded */
} ath_migration_run;

typedef ath_status (*ath_migration_run_visit)(void *context, const ath_migration_run *run);
/* Oldest first. */
ATH_API ath_status ath_migrate_history(ath_engine *engine, const ath_migration *migration,
                                       ath_migration_run_visit visit, void *context);

/* Whether the files of the applied revisions are what was applied.  Each that is not is passed with both checksums
 * (`now` is NULL when the file is gone); then ATH_STATE. */
typedef ath_status (*ath_edited_visit)(void *context, const ath_revision *revision, const char *applied,
                                       const char *now);
ATH_API ath_status ath_migrate_verify(ath_engine *engine, const ath_migration *migration, ath_edited_visit visit,
                                      void *context);

/* A revision that stopped half-way, where DDL does not roll back: table athanor_journal. */
typedef enum ath_journal_state {
    ATH_JOURNAL_PLANNED = 1, /* not begun */
    ATH_JOURNAL_STARTED,     /* begun; whether it was done is not known */
    ATH_JOURNAL_DONE,
    ATH_JOURNAL_FAILED /* the database has refused it: not done */
} ath_journal_state;

typedef struct ath_journal_line {
    size_t struct_size;
    const char *revision;
    ath_migration_way way;
    int64_t number; /* of the statement, from 1 */
    ath_journal_state state;
    const char *statement;
} ath_journal_line;

typedef ath_status (*ath_journal_visit)(void *context, const ath_journal_line *line);
/* What is left to be finished; nothing: no revision is half-way. */
ATH_API ath_status ath_migrate_journal(ath_engine *engine, const ath_migration *migration, ath_journal_visit visit,
                                       void *context);

typedef enum ath_repair {
    ATH_REPAIR_DONE = 1, /* the statement whose fate is not known was done */
    ATH_REPAIR_UNDONE,   /* it was not */
    ATH_REPAIR_FORGET,   /* forgets the journal of the revision: it starts from its first statement */
    ATH_REPAIR_CHECKSUM  /* the file of the applied revision is right as it is now */
} ath_repair;
/* Settles by hand what a run could not.  `revision` NULL: the one that is half-way. */
ATH_API ath_status ath_migrate_repair(ath_engine *engine, const ath_migration *migration, const char *revision,
                                      ath_repair what);

#ifdef __cplusplus
}
#endif

#endif
