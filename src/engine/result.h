/* SPDX-License-Identifier: Apache-2.0
 *
 * A result from the inside, for result.c and row.c.
 */
#ifndef ATH_ENGINE_RESULT_H
#define ATH_ENGINE_RESULT_H

#include "engine/engine.h"

struct ath_result {
    ath_error error;
    const ath_allocator *allocator;
    ath_connection *connection; /* NULL: given back while the result was open */
    ath__prepared *prepared;    /* NULL: the rows are over */
    ath_value *cells;
    size_t columns;
    ath_row row;
    const char **names; /* kept when the statement is given back; NULL before */
    int64_t rowcount, inserted_id;
    bool numbers_key; /* the database gives the one row inserted its key */
    bool first_waits; /* the first row was stepped to when the statement was executed */
    bool done;
    bool cut_off;         /* its transaction ended before its rows did */
    ath__arena arena;     /* what lives as long as the result */
    ath__arena row_arena; /* what lives as long as the row */
    ath_result *next;     /* of the connection's open results */
};

/* Copies the columns' names out of the statement. */
void ath__result_keep_names(ath_result *result);
/* Turns a cell into the kind that a type stands for. */
ath_status ath__result_convert(ath_result *result, ath_value *cell, const ath_type *type);

#endif
