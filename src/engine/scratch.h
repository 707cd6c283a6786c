/* SPDX-License-Identifier: Apache-2.0
 *
 * A scratch place: where tables are made for a moment, to see how the database keeps them.  For databases that cannot do
 * so by a temporary table in a transaction that is rolled back; backend/<db>/scratch.c answers.
 */
#ifndef ATH_ENGINE_SCRATCH_H
#define ATH_ENGINE_SCRATCH_H

#include "engine/engine.h"

enum { ATH__SCRATCH_NAME = 64 };

struct ath__scratcher {
    size_t struct_size;
    /* Makes an empty schema with the defaults of the present one, and writes its name.  What processes that are gone have
     * left behind is cleared away.  ATH_NOT_SUPPORTED when this user may not. */
    ath_status (*open)(ath_connection *connection, char name[ATH__SCRATCH_NAME], ath_error *error);
    ath_status (*close)(ath_connection *connection, const char *name, ath_error *error);
};

#endif
