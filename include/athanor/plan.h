/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`, foresight: what a migration would do, statement by statement, before it does any of it; and what a careful
 * reader would say about it.
 *
 *     static ath_status show(void *context, const ath_planned *p) { printf("%s  -- %s, %s\n", p->sql, p->lock, p->cost); ... }
 *     ath_migrate_plan(db, &m, ATH_WAY_UP, "head", show, NULL);
 */
#ifndef ATHANOR_PLAN_H
#define ATHANOR_PLAN_H

#include <athanor/migrate.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One change of one statement; an ALTER TABLE may make several.  Valid during the call. */
typedef struct ath_planned {
    size_t struct_size;
    const ath_revision *revision;
    ath_migration_way way;
    size_t statement;    /* within the revision, from 1; 0: it cannot be told before it runs, `note` says why */
    size_t change;       /* within the statement, from 1; 0: it changes nothing that is known */
    const char *sql;     /* NULL: cannot be told */
    const char *table;   /* as the statement names it; NULL: none */
    const char *lock;    /* as the database calls it: "ACCESS EXCLUSIVE"; NULL: none, or not known */
    const char *blocks;  /* whom it keeps waiting: "nobody", "writers", "everybody"; NULL: not known */
    const char *cost;    /* "instant", "scan", "build", "rewrite", "rows"; NULL: not known */
    const char *note;    /* NULL: none */
    int64_t rows, bytes; /* of the table now, as far as the database knows without counting; -1: not known */
} ath_planned;

typedef ath_status (*ath_planned_visit)(void *context, const ath_planned *planned);

/* What ath_migrate_upgrade (ATH_WAY_UP) or _downgrade would run from where the database is.  Reads the database and changes nothing.
 * What a revision does by ath_op_connection is no part of a plan: it is given none.  Statements that depend on what an earlier
 * revision of the same plan makes are told as well as may be. */
ATH_API ath_status ath_migrate_plan(ath_engine *engine, const ath_migration *migration, ath_migration_way way,
                                    const char *target, ath_planned_visit visit, void *context);

typedef enum ath_severity { ATH_SEVERITY_NOTE = 1, ATH_SEVERITY_WARNING, ATH_SEVERITY_DANGER } ath_severity;

/* What the linter says of one change.  Valid during the call. */
typedef struct ath_finding {
    size_t struct_size;
    const ath_revision *revision;
    size_t statement;
    const char *sql;
    const char *rule; /* "drop-column": what `-- nolint: drop-column` in the statement silences */
    ath_severity severity;
    const char *what, *table;
    const char *lock, *note; /* of the database; NULL: none */
    const char *cure;        /* what to do instead; NULL: nothing better is known */
} ath_finding;

typedef ath_status (*ath_finding_visit)(void *context, const ath_finding *finding);

/* Looks at the ways up of the revisions in a range ("base:head", "abc1:head", "head" alone: all) as they would run on that
 * database ("postgresql"), without a connection.  `ignored` are rules that are not told.  Findings are no failure. */
ATH_API ath_status ath_migrate_lint(const char *dialect, const ath_migration *migration, const char *range,
                                    ath_name_list ignored, ath_finding_visit visit, void *context);

#ifdef __cplusplus
}
#endif

#endif
