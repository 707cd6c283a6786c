/* SPDX-License-Identifier: Apache-2.0
 *
 * The one file that sees every room: the lists of databases and of pollers that are built in.
 */
#include "adapters/adapters.h"
#include "backend/sqlite/sqlite.h"
#include "fiber/fiber.h"
#if ATH_HAVE_POSTGRESQL
#include "backend/postgresql/postgresql.h"
#endif
#if ATH_HAVE_MYSQL
#include "backend/mysql/mysql.h"
#endif

static const ath__backend *const backends[] = {
    &ath__sqlite_backend,
#if ATH_HAVE_POSTGRESQL
    &ath__postgresql_backend,
#endif
#if ATH_HAVE_MYSQL
    &ath__mysql_backend,
#endif
};

static bool is_called(const ath__backend *backend, const char *name) {
    if (strcmp(backend->name, name) == 0)
        return true;
    for (const char *const *alias = backend->aliases; alias && *alias; alias++)
        if (strcmp(*alias, name) == 0)
            return true;
    return false;
}

const ath__backend *ath__backend_find(const char *name) {
    for (size_t i = 0; i < ATH_COUNT_OF(backends); i++)
        if (is_called(backends[i], name))
            return backends[i];
    return NULL;
}

bool ath__backend_known(const char *name) {
    static const char *const left_out[] = {"postgresql", "postgres", "mysql", "mariadb"};
    for (size_t i = 0; i < ATH_COUNT_OF(left_out); i++)
        if (strcmp(left_out[i], name) == 0)
            return true;
    return ath__backend_find(name) != NULL;
}

/* The first is the default. */
static const ath_poller *const pollers[] = {
#if ATH_HAVE_LIBUV
    &ath__uv_poller,
#endif
    &ath__poll_poller,
};

const ath_poller *ath__poller_find(const char *name) {
    for (size_t i = 0; i < ATH_COUNT_OF(pollers); i++)
        if (!name || strcmp(pollers[i]->name, name) == 0)
            return pollers[i];
    return NULL;
}
