/* SPDX-License-Identifier: Apache-2.0
 *
 * Alembic's answers about directives, in our language.  A case is named as in ops.dev.jsonl; what each function says in C is
 * what the case's `python` says there.
 */
#ifndef ATH_TEST_MIGRATE_GOLDEN_OPS_H
#define ATH_TEST_MIGRATE_GOLDEN_OPS_H

#include "op_world.h"

/* On which databases a case does not work, and that is right. */
enum { REFUSES_SQLITE = 1, REFUSES_POSTGRESQL = 2, REFUSES_MYSQL = 4, NOT_LIVE = 8 };

typedef struct golden_op {
    const char *id;
    void (*fn)(ath_ops *op);
    void (*before)(ath_ops *op); /* NULL: the tables of golden_before */
    bool bare;                   /* nothing before but `before` */
    int refuses;
    bool naming;
    /* where our text is another than Alembic's, whose SQL does not work or loses something: NULL: the same; RUNS: not compared */
    const char *sqlite, *postgresql, *mysql, *mariadb;
} golden_op;

typedef struct golden_set {
    const golden_op *cases;
    size_t count;
} golden_set;
extern const golden_set golden_seed, golden_columns, golden_others, golden_batches;
extern const ath_naming golden_naming;
void golden_before(ath_ops *op);

#endif
