/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: rows from arrays of structs: what INSERT, UPDATE and upsert of many share.
 */
#ifndef ATH_ORM_MANY_H
#define ATH_ORM_MANY_H

#include "orm/session.h"

#include <athanor/many.h>

enum { ATH__MANY_COLUMNS = 256 };

typedef struct ath__bulk {
    ath_session *s;
    ath__mapper *m;
    ath__arena arena; /* values that coercion made, of the batch at hand */
    const char *rows;
    size_t count;
    uint64_t mask[ATH__MANY_COLUMNS / 64];    /* columns with a value of the struct */
    uint16_t columns[ATH__MANY_COLUMNS];      /* those, and others that get a value or an expression */
    const ath_expr *exprs[ATH__MANY_COLUMNS]; /* instead of a value */
    size_t column_count, value_count;
    size_t text_rows; /* that the statement at hand is for */
    ath__rows values;
} ath__bulk;

/* Flushes, and makes ready; false, with the session's error, on failure.  What was begun is ended by ath__bulk_end, which
 * makes the session stand still after a failure: the number of rows, or -1. */
bool ath__bulk_begin(ath__bulk *b, ath_session *s, const ath_model *model, const void *rows, size_t count);
int64_t ath__bulk_end(ath__bulk *b, ath_status status);
static inline const void *ath__bulk_row(const ath__bulk *b, size_t i) {
    return b->rows + i * b->m->size;
}
/* The columns that a row sets on INSERT. */
void ath__bulk_mask(const ath__bulk *b, const void *row, uint64_t *mask);
/* From `first` on, the rows that set the same columns as the first; those are noted, with defaults for the others. */
size_t ath__bulk_run(ath__bulk *b, size_t first);
/* The value for column i of those noted: the struct's, checked, or what stands in for it. */
ath_status ath__bulk_value(ath__bulk *b, const void *row, size_t i, ath_value *out);
/* The model's own check. */
ath_status ath__bulk_check(ath__bulk *b, const void *row);
/* The column of that name, or of that field; ATH_ARGUMENT when there is none. */
const ath__column *ath__bulk_column(ath__bulk *b, const char *name);

#endif
