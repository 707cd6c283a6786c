/* SPDX-License-Identifier: Apache-2.0
 *
 * The one file that sees every room: the list of databases that are built in.
 */
#include "backend/sqlite/sqlite.h"

static const ath__backend *const backends[] = {
    &ath__sqlite_backend,
};

const ath__backend *ath__backend_find(const char *name) {
    for (size_t i = 0; i < ATH_COUNT_OF(backends); i++)
        if (strcmp(backends[i]->name, name) == 0)
            return backends[i];
    return NULL;
}
