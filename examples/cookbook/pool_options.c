/* SPDX-License-Identifier: Apache-2.0
 *
 * How many connections an engine keeps, and how long it waits for one. */
#include "blog.h"

static void show(const char *when, const ath_engine *engine) {
    ath_engine_stats stats = ath_engine_statistics(engine);
    printf("%s: %d in use, %d idle\n", when, (int)stats.checked_out, (int)stats.idle);
}

/* A file where no server was given: a database in memory has one connection, whatever is asked for. */
static const char *pool_url(void) {
    return getenv("COOKBOOK_URL") ? cookbook_url() : "sqlite:///pool_options.db";
}

/* engine = create_async_engine(
 *     DB_URI,
 *     pool_size=10,        # connections kept; default 5
 *     max_overflow=20,     # "the most connections allowed", says the comment there; it is how many more than pool_size
 *     pool_timeout=10,     # seconds
 *     pool_recycle=3600,   # seconds
 *     pool_pre_ping=True,
 * )
 *
 * Times are in milliseconds here. */
static bool as_in_the_guide(void) {
    ath_engine *engine = ath_engine_open(pool_url(), .pool_size = 10, .max_overflow = 20, .pool_timeout_ms = 10 * 1000,
                                         .pool_recycle_ms = 3600 * 1000, .pool_pre_ping = true);
    if (!engine)
        return false;
    show("opened", engine); /* nothing is connected before it is needed */
    ath_connection *connections[12] = {0};
    bool all = true;
    for (int i = 0; i < 12; i++) {
        connections[i] = ath_connect(engine);
        all = all && connections[i];
    }
    show("twelve asked for", engine);
    for (int i = 0; i < 12; i++)
        ath_connection_close(connections[i]);
    show("given back", engine); /* two were beyond pool_size */
    ath_engine_close(engine);
    return all;
}

/* A pool of one, and no more: who asks meanwhile waits, and is told in the end. */
static bool too_small(void) {
    ath_error why = {0};
    ath_engine *engine =
        ath_engine_open(pool_url(), .pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = 20);
    ath_connection *first = engine ? ath_connect(engine, &why) : NULL;
    ath_connection *second = first ? ath_connect(engine, &why) : NULL;

    /* except sqlalchemy.exc.TimeoutError: QueuePool limit of size 1 overflow 0 reached ... */
    printf("the second of one: %s\n", second ? "lent" : ath_status_name(why.status));
    ath_connection_close(first);
    second = engine ? ath_connect(engine, &why) : NULL;
    printf("after the first came back: %s\n", second ? "lent" : ath_status_name(why.status));
    bool lent = second != NULL;
    ath_connection_close(second);
    ath_engine_close(engine);
    return lent;
}

/* engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool) */
static bool null_pool(void) {
    ath_engine *engine = ath_engine_open(pool_url(), .pool_class = ATH_POOL_NULL);
    ath_connection *connection = engine ? ath_connect(engine) : NULL;
    bool lent = connection != NULL;
    ath_connection_close(connection);
    if (engine)
        show("NullPool", engine); /* closed when it came back */
    ath_engine_close(engine);
    return lent;
}

int main(void) {
    bool ok = as_in_the_guide() && too_small() && null_pool();
    remove("pool_options.db");
    return ok ? 0 : 1;
}
