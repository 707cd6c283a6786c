/* SPDX-License-Identifier: Apache-2.0
 *
 * Skeleton: the driver.  Each function below must do what src/engine/driver.h says of it; those left out are optional.
 */
#include "backend/skeleton/skeleton.h"

typedef struct connection {
    ath_allocator allocator; /* all memory of the driver comes from the engine's allocator */
    ath_wait_hook wait;      /* the only way to wait */
    int64_t deadline_us;
    bool lost;
} connection;

typedef struct statement {
    connection *of;
} statement;

static ath_status not_yet(ath_error *error, const char *what) {
    return ath__fail(error, ATH_NOT_SUPPORTED, "the skeleton backend cannot %s: it shows how to write one", what);
}

/* A key that is not known is ATH_ARGUMENT and named. */
static ath_status check_url(const ath_url *url, const ath_allocator *allocator, ath_error *error) {
    (void)allocator;
    if (url->query_count)
        return ath__fail(error, ATH_ARGUMENT, "skeleton: the URL's key '%s' is not known", url->query[0].key);
    return ATH_OK;
}

static ath_status connect(const ath__connect *how, void **out, ath_error *error) {
    ATH_TRY(check_url(how->url, how->allocator, error));
    connection *c = ath__alloc_zero(how->allocator, 1, sizeof *c);
    if (!c)
        return ath__fail_memory(error);
    c->allocator = *how->allocator;
    c->wait = *how->wait;
    c->deadline_us = how->deadline_us;
    *out = c;
    return ATH_OK;
}

static void disconnect(void *handle) {
    connection *c = handle;
    ath_allocator a = c->allocator;
    ath__free(&a, c, sizeof *c);
}

static ath_status prepare(void *handle, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                          void **out, ath_error *error) {
    (void)handle, (void)sql, (void)size, (void)binds, (void)bind_count, (void)out;
    return not_yet(error, "prepare a statement");
}

static void finalize(void *handle) {
    statement *s = handle;
    ath__free(&s->of->allocator, s, sizeof *s);
}

static size_t statement_bytes(void *handle) {
    (void)handle;
    return sizeof(statement);
}

static size_t column_count(void *handle) {
    (void)handle;
    return 0;
}

static const char *column_name(void *handle, size_t i) {
    (void)handle, (void)i;
    return "";
}

static size_t bind_count(void *handle) {
    (void)handle;
    return 0;
}

static ath_status bind(void *handle, size_t first, const ath_value *values, size_t count, bool copy, ath_error *error) {
    (void)handle, (void)first, (void)values, (void)count, (void)copy;
    return not_yet(error, "bind values");
}

static ath__step step(void *handle, ath_error *error) {
    (void)handle;
    not_yet(error, "run a statement");
    return ATH__STEP_ERROR;
}

static ath_status row(void *handle, ath_value *cells, size_t count, ath_error *error) {
    (void)handle, (void)cells, (void)count;
    return not_yet(error, "read a row");
}

static void reset(void *handle) {
    (void)handle;
}

static int64_t rows_changed(void *handle) {
    (void)handle;
    return -1;
}

static int64_t inserted_id(void *handle) {
    (void)handle;
    return 0;
}

static ath_status exec(void *handle, const char *sql, ath_error *error) {
    (void)handle, (void)sql;
    return not_yet(error, "run SQL");
}

static bool in_transaction(void *handle) {
    (void)handle;
    return false;
}

static ath_status has_table(void *handle, const char *name, bool *exists, ath_error *error) {
    (void)handle, (void)name;
    *exists = false;
    return not_yet(error, "look for a table");
}

static void set_deadline(void *handle, int64_t deadline_us) {
    ((connection *)handle)->deadline_us = deadline_us;
}

static bool is_lost(void *handle) {
    return ((connection *)handle)->lost;
}

const ath__driver ath__skeleton_driver = {
    .struct_size = sizeof(ath__driver),
    .name = "skeleton",
    .check_url = check_url,
    .connect = connect,
    .disconnect = disconnect,
    .prepare = prepare,
    .finalize = finalize,
    .statement_bytes = statement_bytes,
    .column_count = column_count,
    .column_name = column_name,
    .bind_count = bind_count,
    .bind = bind,
    .step = step,
    .row = row,
    .reset = reset,
    .rows_changed = rows_changed,
    .inserted_id = inserted_id,
    .exec = exec,
    .in_transaction = in_transaction,
    .has_table = has_table,
    .set_deadline = set_deadline,
    .is_lost = is_lost,
};

const ath__backend ath__skeleton_backend = {
    .name = "skeleton", .dialect = &ath__skeleton_dialect, .driver = &ath__skeleton_driver};
