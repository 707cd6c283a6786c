/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: queries built step by step, run for a model.
 */
#include "orm/session.h"

const ath_select_stmt *ath_query_for(const ath_query *query, const ath_model *model, ath_select_stmt *out) {
    const ath_select_stmt *built = ath_query_stmt(query);
    if (!built || (built->model && built->model != model)) {
        out->model = NULL; /* refused where it is run */
        return out;
    }
    *out = *built;
    out->model = model;
    return out;
}
